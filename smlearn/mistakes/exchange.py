"""A function with something else in its code: how a mistake is written in the fewest words.

    changed(f, "sum => mean")         that piece exchanged
    changed(f, "p * dp")              that returned in place of what its last line returns
"""

import ast
import copy
import inspect
import textwrap
from collections.abc import Callable, Iterator
from functools import cache, partial

__all__ = ["begun", "changed", "code_of", "compiled", "like", "places", "written"]


@cache
def code_of(function: Callable) -> str:
    """Return the code of a function, without decorators and docstring."""
    source = textwrap.dedent(inspect.getsource(function))
    found = ast.parse(source).body[0]
    lines = source.splitlines()
    if ast.get_docstring(found) is not None:
        del lines[found.body[0].lineno - 1:found.body[0].end_lineno]
    return "\n".join(lines[found.lineno - 1:])


def changed(reference: Callable, change: str) -> Callable:
    """Return the reference with something exchanged in its code.

    `change` is a piece that stands once in the code, and what is written there: "sum => mean";
    several, with "; " between them; or what is returned at the end: "p * dp". Nothing is read or
    compiled before the first call, or before `made()` is asked for.
    """
    made = cache(lambda: compiled(_exchanged(reference, change), reference))

    def form(*args):
        return made()(*args)
    form.made = made
    return form


def _exchanged(reference: Callable, change: str) -> ast.Module:
    code = code_of(reference)
    if "=>" not in change:
        code = f"{code[:code.rindex('return ')]}return {change}"
    for piece, other in (map(str.strip, each.split("=>"))
                         for each in change.split("; ") if "=>" in change):
        if (often := code.count(piece)) != 1:
            todo = "write more of its line" if often else "copy it from there"
            raise ValueError(f"{reference.__name__}: a piece that stands once in its code is "
                             f"wanted, but {piece!r} stands there {often} times; {todo}")
        code = code.replace(piece, other)
    try:
        return ast.parse(code)
    except SyntaxError as error:
        raise ValueError(f"{reference.__name__}: {change!r} must leave Python, but got "
                         f"{(error.text or '').strip()!r}, {error.msg}; mend that") from None


def compiled(tree: ast.Module, reference: Callable) -> Callable:
    """Compile the function of a tree where the reference stands, with its names in reach."""
    made = {}
    exec(compile(tree, f"a slip of {reference.__name__}", "exec"),
         reference.__globals__, made)
    return made[reference.__name__]


def places(tree: ast.AST) -> Iterator[tuple[ast.AST, Callable]]:
    """Yield every node of a tree, and what puts another into its place."""
    for parent in ast.walk(tree):
        for field, value in ast.iter_fields(parent):
            if isinstance(value, ast.AST):
                yield value, partial(setattr, parent, field)
            elif type(value) is list:
                nodes = [at for at, each in enumerate(value) if isinstance(each, ast.AST)]
                yield from ((value[at], partial(value.__setitem__, at)) for at in nodes)


def written(code: str, node: ast.AST) -> ast.AST:
    """Return the tree of an expression in which _ stands for a node: "_.ravel()"."""
    class Put(ast.NodeTransformer):
        def visit_Name(self, name):
            return copy.deepcopy(node) if name.id == "_" else name

    return Put().visit(ast.parse(code, mode="eval").body)


def begun(node: ast.FunctionDef, line: str) -> ast.FunctionDef:
    """Return a function's tree with a line in front of its body."""
    return like(node, body=[*ast.parse(line).body, *node.body])


def like(node: ast.AST, **fields) -> ast.AST:
    """Return a node with other fields."""
    return type(node)(**dict(ast.iter_fields(node)) | fields)
