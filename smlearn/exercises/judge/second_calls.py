"""Ask a second time: the same arguments, the same answer; other numbers, another answer."""

from dataclasses import replace
from functools import cache

import numpy as np

from ..._snapshot import same_content
from ...mistakes.finding import Finding
from ...mistakes.trying import close, try_on
from ..sandbox.call import try_all
from ..task import Function
from .before_numbers import raised
from .observed import Seen, entry_of, judged, room_for, targets_of

__all__ = ["remembered", "second_answer"]

KEEPS = "Does it keep something from call to call, or draw at random?"


def second_answer(seen: Seen) -> Finding | None:
    """Run the first case once more: the same arguments must give the same answer."""
    name, args = next(iter(seen.part.cases.items()))
    again = seen.again(args)
    if again.failed:
        finding = raised(seen, name, again, ", in a second call")
        return replace(finding, key="state", todo=KEEPS, args=args)
    if same_content(again.value, seen.runs[name].value):
        return None
    return Finding("state", "The same arguments gave two answers.", f"With {name}, called twice.",
                   KEEPS, args=args)


def remembered(seen: Seen) -> Finding | None:
    """Try each case with other numbers of the same shapes: is the answer that of before?"""
    others = _others(seen.part) if seen.right else {}
    for name, again in try_all(seen.f, others, seen.patience).items():
        if same_content(again.value, seen.runs[name].value):    # None, if it raised
            return Finding("remembered", "It gave the answer of an earlier call.",
                           f"With {name}, and then with other numbers of the same shapes.",
                           "What does it keep from call to call, and may it?", args=others[name])
    return None


@cache
def _others(part: Function) -> dict[str, tuple]:
    """Change the numbers of each case, where that changes the answer."""
    others = {name: _other_numbers(args) for name, args in part.cases.items()}
    rights, room = try_on(judged(part.reference, entry_of(part)), others), room_for(part)

    def stays(name: str, a: np.ndarray | None) -> bool:    # None, if it raised
        b = targets_of(part)[name].array
        return a is None or close(a, b, room(a, b, part.cases[name]))
    return {name: others[name] for name, right in rights.items()
            if not stays(name, right.array)}


def _other_numbers(args):
    """Move every array of numbers on by one place, along its last axis."""
    if isinstance(args, tuple | list):
        return type(args)(map(_other_numbers, args))
    if isinstance(args, dict):
        return {name: _other_numbers(value) for name, value in args.items()}
    if isinstance(args, np.ndarray) and args.ndim:
        return np.roll(args, 1, axis=-1)
    return args
