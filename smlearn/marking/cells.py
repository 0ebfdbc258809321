"""What the cells of a copy say, read and not run: which exercises they open and check.

`ex = exercise("key")` in one cell, `ex.check(a, b)` in it or in a later one. What is odd is told,
too: a cell that became text, a name by which one looks into the checker.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

__all__ = ["Step", "asked", "plan"]

OPENED = re.compile(r"""\bexercise\(\s*["'](\w+)["']""")
# Names by which code reaches what the checker knows, or what it is made of.
INSIDE = {".task", ".reference", ".TASKS", "TASKS", "._last", "_remembered", "._remembered"}
ODD = {"ctypes", "gc", "_getframe", "_current_frames", "get_objects", "get_referrers"}
MARKING = "smlearn.marking"
APART = 3    # cells that are shown before one that checks what another has opened


@dataclass
class Step:
    """A code cell: its number from 1, its source, and what stands in it."""

    number: int
    source: str
    shown: str = ""                                     # with the cells since it was opened
    checks: list[str] = field(default_factory=list)     # keys of exercises
    opened: list[str] = field(default_factory=list)
    error: str = ""                                     # where it is no Python
    inside: list[str] = field(default_factory=list)     # names that look into the checker
    odd: list[str] = field(default_factory=list)        # names that few pages need
    solved: list[str] = field(default_factory=list)     # keys whose solution it opens


def plan(cells: list[tuple[str, str]]) -> list[Step]:
    """Return the code cells, in order, with what stands in each."""
    from IPython.core.inputtransformer2 import TransformerManager

    steps, names = [], {}
    for number, (kind, source) in enumerate(cells, 1):
        if kind != "code" or not source.strip():
            continue
        step = Step(number, source, opened=OPENED.findall(source))
        try:
            tree = ast.parse(TransformerManager().transform_cell(source))
            _read(tree, step, names)
        except SyntaxError as error:
            step.error = f"SyntaxError: {error.msg} (line {error.lineno})"
        except (ValueError, RecursionError, MemoryError) as error:
            step.error = type(error).__name__
        steps.append(step)
        step.shown = _shown(steps)
    return steps


def _shown(steps: list[Step]) -> str:
    """Return the last cell, and before it what a learner has put into cells of their own."""
    *before, last = steps[-1 - APART:]
    apart, shown = set(last.checks) - set(last.opened), [last]
    while apart and before:
        shown.insert(0, before.pop())
        apart -= set(shown[0].opened)
    return "\n\n".join(step.source.strip("\n") for step in shown)


def asked(cells: list[tuple[str, str]]) -> dict[str, str]:
    """Return the keys of the exercises that stand in cells which are no code, with their kind."""
    return {key: kind for kind, source in cells if kind != "code"
            for key in OPENED.findall(source)}


def _read(tree: ast.Module, step: Step, names: dict[str, str]) -> None:
    """Note what the tree of a cell holds; `names` are those of the exercises that are open."""
    for node in _in_order(tree):
        match node:
            case ast.Assign(targets, value) if key := _key(value, {}):
                names.update({each.id: key for each in targets if isinstance(each, ast.Name)})
            case ast.Call(ast.Attribute(home, "check")) if key := _key(home, names):
                step.checks.append(key)
            case ast.Call(ast.Attribute(home, "solution")) if key := _key(home, names):
                step.solved.append(key)
        word = _word(node)
        step.inside += [word] if word in INSIDE or word.startswith("smlearn.exercises.") else []
        step.odd += [word] if word.lstrip(".") in ODD or word.startswith(MARKING) else []


def _in_order(tree: ast.AST) -> Iterator[ast.AST]:
    """Walk depth first, in the order of the text: an exercise is opened before it is checked."""
    yield tree
    for child in ast.iter_child_nodes(tree):
        yield from _in_order(child)


def _key(node: ast.AST, names: dict[str, str]) -> str:
    """Return the key of the exercise that an expression is, "" if it is none."""
    match node:
        case ast.Name(name):
            return names.get(name, "")
        case ast.Call(ast.Name("exercise") | ast.Attribute(_, "exercise"),
                      [ast.Constant(str(key)), *_]):
            return key
    return ""


def _word(node: ast.AST) -> str:
    match node:
        case ast.Name(word) | ast.alias(word):
            return word
        case ast.Attribute(_, word):
            return f".{word}"
        case ast.ImportFrom(str(module)):
            return module
    return ""
