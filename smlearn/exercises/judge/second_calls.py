"""Ask a second time: the same arguments, the same answer; other numbers, another answer."""

from collections.abc import Callable
from functools import cache

import numpy as np

from ..sandbox.call import Run, call, call_all, entry_of, same_content
from ..sandbox.clock import Patience
from ..task import Function
from .form import Finding, raised
from .known_mistakes import targets_of
from .values import as_array, close, tolerance

__all__ = ["remembered", "second_answer"]

KEEPS = "Does it keep something from call to call, or draw at random?"


def second_answer(seen, f: Callable) -> Finding | None:
    """Run the first case once more: the same arguments must give the same answer."""
    name, args = next(iter(seen.part.cases.items()))
    again = call(seen.f, args, seen.patience)
    if again.failed:
        finding = raised(seen.part, f, f"{name}, in a second call", again)
        return finding._replace(key="state", todo=KEEPS, args=args)
    if same_content(again.value, seen.runs[name].value):
        return None
    return Finding("state", "The same arguments gave two answers.", f"With {name}, called twice.",
                   KEEPS, args)


def remembered(seen) -> Finding | None:
    """Try each case with other numbers of the same shapes: is the answer that of before?"""
    others = _others(seen.part)
    for name, again in call_all(seen.f, others, seen.patience).items():
        if not again.failed and same_content(again.value, seen.runs[name].value):
            return Finding("remembered", "It gave the answer of an earlier call.",
                           f"With {name}, and then with other numbers of the same shapes.",
                           "What does it keep from call to call, and may it?", others[name])
    return None


@cache
def _others(part: Function) -> dict[str, tuple]:
    """Change the numbers of each case, where that changes the answer."""
    others = {name: _other_numbers(args) for name, args in part.cases.items()}
    rights = call_all(entry_of(part.reference, part.entry), others, Patience())
    return {name: others[name] for name, right in rights.items()
            if not right.failed and not _fits(part, name, right)}


def _other_numbers(args):
    """Move every array of numbers on by one place, along its last axis."""
    if isinstance(args, tuple | list):
        return type(args)(map(_other_numbers, args))
    if isinstance(args, dict):
        return {name: _other_numbers(value) for name, value in args.items()}
    if isinstance(args, np.ndarray) and args.dtype.kind == "f" and args.ndim:
        return np.roll(args, 1, axis=-1)
    return args


def _fits(part: Function, name: str, right: Run) -> bool:
    a, b = as_array(right.value), as_array(targets_of(part)[name].value)
    return a is None or close(a, b, tolerance(a, b, part.cases[name], part.tol, part.relative))
