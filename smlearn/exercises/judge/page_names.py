"""What a function takes from the page it stands on, and was not handed."""

import dis
import types
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from ...mistakes.finding import Finding
from ..sandbox.function_behind import function_behind
from .observed import Seen

__all__ = ["names_the_page", "stands_alone"]


def _steps(code: types.CodeType) -> Iterator[dis.Instruction]:
    """Go through a function and the functions that are written inside of it."""
    yield from dis.get_instructions(code)
    for inner in code.co_consts:
        if isinstance(inner, types.CodeType):
            yield from _steps(inner)


def _names(f: Callable, *operations: str) -> list[str]:
    written = function_behind(f)
    return [] if written is None else list(dict.fromkeys(
        step.argval for step in _steps(written.__code__) if step.opname in operations))


def _read(f: Callable, *kinds: type) -> list[str]:
    """Return the names of what f reads of the page, if it is of one of these kinds."""
    home = getattr(function_behind(f), "__globals__", {})
    return [name for name in _names(f, "LOAD_GLOBAL") if isinstance(home.get(name), kinds)]


def names_the_page(seen: Seen, finding: Finding) -> Finding:
    """Say that it reads something of the page, where nothing better is known."""
    names = _read(seen.given, np.ndarray, int, float)
    if not names or finding.question:    # a known mistake has a question of its own
        return finding
    ponder = f"It reads {names[0]}, which stands on the page and not in its def line: meant so?"
    return replace(finding, key="reads_the_page", todo=ponder, question=ponder)


def stands_alone(seen: Seen) -> Finding | None:
    """Look whether it does without the arrays of the page, where its numbers are right."""
    if not seen.right:
        return None
    f = seen.given
    for key, verb, names in (("writes_the_page", "writes", _names(f, "STORE_GLOBAL")),
                             ("reads_the_page", "reads", _read(f, np.ndarray))):
        if names:
            return Finding(key, f"The numbers are right, and it {verb} {names[0]} of the page.",
                           "Run in another order, the cells would change each other's results.",
                           f"What does it need {names[0]} for, that it does not make itself?")
    return None
