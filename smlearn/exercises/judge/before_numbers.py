"""What can be wrong with an answer before its numbers are looked at.

It raised, it does not take these arguments, it changed one, it is no array of numbers, it has
another shape or dtype, it is not finite: in this order, each over all cases.
"""

import inspect
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from ...mistakes.finding import CRASHED, Finding
from ...mistakes.trying import Run
from ..number_tables import entry, number
from ..sandbox.call import learner_line
from ..sandbox.clock import SECONDS, TimeUp
from ..sandbox.function_behind import function_behind
from ..sandbox.plain_data import name_of
from ..task import Function
from .advice import advice, shorter
from .observed import Seen
from .wrong_kinds import about_shapes, no_numbers

__all__ = ["FORM", "raised"]


def _raised(seen, name):
    run = seen.runs[name]
    return raised(seen, name, run) if run.failed else None


def raised(seen: Seen, name: str, run: Run, when: str = "") -> Finding:
    """Say what a call with a case raised, and in which line of the learner's."""
    part, f = seen.part, seen.given
    line = learner_line(run.error, f)
    at = "The call itself fails." if line is None else f"Line {line[0]}"
    at += f": {line[1]}" if line and line[1] else ""
    if type(run.error) is TimeUp:
        return Finding("endless", f"It did not come to an end within {SECONDS:.0f} seconds.",
                       f"It was stopped with {name}{when}. {at}",
                       "Which of its loops has no end? Print what should change in each turn.",
                       CRASHED, error=run.error)
    said = f"{name_of(type(run.error))}: {shorter(run.said)}".removesuffix(": ")
    if line is None and not _takes(part, f):
        return Finding("signature", f"It is called as {part.call}, and takes other arguments.",
                       said, "Give the def line these parameters, in this order.",
                       CRASHED, error=run.error)
    shapes = _shapes(part, part.cases[name])
    return Finding("raises", at, f"{said} (with {name}{when}{shapes})", advice(run, f), CRASHED,
                   error=run.error)


def _takes(part: Function, f: Callable) -> bool:
    written = function_behind(f)
    if written is not f:    # an object answers for itself, and may answer anything
        return True
    try:
        inspect.signature(f).bind(*part.parameters)
    except TypeError:
        return False
    except ValueError:    # wrapped in itself
        pass
    return True


def _shapes(part: Function, args: tuple) -> str:
    known = [f"{parameter} {a.shape}" for parameter, a in zip(part.parameters, args, strict=True)
             if isinstance(a, np.ndarray)]
    return f": {', '.join(known)}" if known else ""


def _changed(seen, name):
    run = seen.runs[name]
    if not run.changed:
        return None
    which = seen.part.parameters[run.changed[0]]
    what = f"It changed its argument {which} in place."
    evidence = f"With {name}: {which} is not what it was before the call."
    if run.nearly_back:
        what = f"It changed {which} in place, and back again, but not to the last bit."
        evidence = (f"With {name}: a sum is rounded, and so is the difference that takes it "
                    "back.")
    return Finding("changed", what, evidence, f"Make a new array: not {which} -= ... or "
                   f"{which}[...] = ..., and copy first.", often=f"{which}_in_place")


def _overwritten(seen, name):
    if not seen.runs[name].overwritten:
        return None
    return Finding("overwritten", "A later call overwrote the array that it had returned.",
                   f"With {name}: the result changed when the function was called again.",
                   "Make a new array in each call.", often="shared_buffer")


def _no_numbers(seen, name):
    value, right = seen.runs[name].value, seen.targets[name].array
    if seen.runs[name].array is not None:
        return None
    parts = value if isinstance(value, tuple | list) else ()
    if any(np.shape(part) == right.shape for part in parts if isinstance(part, np.ndarray)):
        return _several("type", name, parts, right.shape)
    if seen.entry and isinstance(value, dict):
        return Finding("no_entry", f"The dictionary that it returned has no entry {seen.entry!r}.",
                       f"With {name}: {len(value)} entries have other names.",
                       f"Put the result there: g[{seen.entry!r}] = ...")
    what, todo = no_numbers(value, right.dtype.kind == "b")
    return Finding("none" if value is None else "type", what, f"That was with {name}.", todo)


def _several(key: str, name: str, parts: tuple | list, shape: tuple) -> Finding:
    fits = f"has the right shape, {shape}" if shape else "is a number, as is wanted"
    return Finding(key, f"It returned {len(parts)} things where one is wanted.",
                   f"With {name}: one of them {fits}.",
                   "Return that one alone.")


def _shape(seen, name):
    value, (yours, right) = seen.runs[name].value, seen.pair(name)
    if yours.shape == right.shape:
        return None
    if isinstance(value, tuple) and any(np.shape(part) == right.shape for part in value):
        return _several("shape", name, value, right.shape)
    what, todo = about_shapes(yours.shape, right.shape, right.dtype.kind == "b")
    shapes = _shapes(seen.part, seen.part.cases[name])
    return Finding("shape", what, f"With {name}{shapes}.", todo)


def _dtype(seen, name):
    yours, right = seen.pair(name)
    kind, wanted = yours.dtype.kind, right.dtype.kind
    if kind == wanted and not (kind == "f" and yours.dtype.itemsize < 4):
        return None
    if kind in "biuf" and np.array_equal(yours, right):    # a whole number that is right
        return None
    if wanted in "iu" and kind == "f" and np.array_equal(yours, np.rint(yours)):
        return None
    if kind in "iu" and not all(map(seen.fits, _of_kind(seen, wanted))):
        return None    # in ordinary cases its numbers are wrong, and that says more
    whole = ("Whole numbers hold nothing behind the point: was the array made without "
             "dtype=float, or are these places, or counts?")
    todo = {"i": whole, "u": whole,
            "b": "Is a comparison left in the last line?",
            "c": "Take .real where the result is, or .imag where you stepped along i.",
            "f": "Half precision holds three digits: stay in float64."}[kind]
    if kind in "iu" and not yours.ndim:
        todo = "Was it cut off behind the point: by int, by round, or by //?"
    args = seen.part.cases[name]
    integers = any(a.dtype.kind in "iu" for a in args if isinstance(a, np.ndarray))
    if wanted == "b":
        todo = "Return True or False: a comparison, or its .all()."
    if wanted in "iu" and kind == "f":
        todo = "Whole numbers are wanted: what did you divide by, or multiply with?"
    return Finding("dtype", f"The result holds {yours.dtype}, and {right.dtype} is wanted.",
                   f"With {name}{_shapes(seen.part, args)}.", todo,
                   often="integer_buffer" if kind in "iu" and integers else "")


def _of_kind(seen, kind: str) -> list[str]:
    """Return the cases whose result is of the kind that is wanted."""
    return [name for name, run in seen.runs.items() if run.array.dtype.kind == kind]


def _not_finite(seen, name):
    yours, right = seen.pair(name)
    bad = np.argwhere(~np.isfinite(yours) & np.isfinite(right))
    if not len(bad):
        return None
    at = tuple(map(int, bad[0]))
    where = f" at {entry(at)}" if at else ""
    return Finding("not_finite", f"The result is {number(yours[at])}{where}.",
                   f"With {name}: right is {number(right[at])}.",
                   "Print each step for these arguments: which is the first inf, 0 / 0, or gap?",
                   yours=yours, target=right)


def _over_all_cases(look: Callable) -> Callable:
    """Turn a look at one case into one at all: the first case in which something is found."""
    def at_all(seen: Seen) -> Finding | None:
        found = ((look(seen, name), args) for name, args in seen.part.cases.items())
        return next((replace(finding, args=args) for finding, args in found if finding), None)
    return at_all


FORM = tuple(map(_over_all_cases, (_raised, _changed, _overwritten, _no_numbers, _shape, _dtype,
                                   _not_finite)))
