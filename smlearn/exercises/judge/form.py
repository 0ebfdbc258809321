"""What can be wrong with an answer before its numbers are looked at.

It raised, it does not take these arguments, it changed one, it is no array of numbers, it has
another shape or dtype, it is not finite: in this order, over all cases.
"""

import inspect
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from ..._inputs import Array
from ..number_tables import entry, number
from ..sandbox.call import Run, learner_line
from ..sandbox.clock import SECONDS, TimeUp
from ..sandbox.function_behind import function_behind
from ..sandbox.plain_data import name_of
from ..task import Function
from .advice import advice, shorter
from .values import as_array
from .wrong_kinds import about_shapes, no_numbers

__all__ = ["Finding", "form_finding", "raised"]


class Finding(NamedTuple):
    """One thing that was found: its name, what it is, how it shows, and what to do."""

    key: str
    what: str
    evidence: str
    todo: str
    args: tuple = ()
    yours: Array | None = None
    target: Array | None = None
    error: BaseException | None = None
    question: str = ""
    kind: str = ""     # the key of a known mistake that is often behind it

    @property
    def symptom(self) -> str:
        """What it is and how it shows, in one line."""
        case = self.evidence.partition(":")[0]
        return f"{case.rstrip('.')}: {self.what[0].lower()}{self.what[1:]}"


def form_finding(part: Function, f: Callable, runs: dict[str, Run], targets: dict[str, Run]
                 ) -> Finding | None:
    """Return the most basic thing that is wrong with the form of the answers, or None."""
    for look in (_raised, _changed, _overwritten, _no_numbers, _shape, _dtype, _not_finite):
        for name, run in runs.items():
            if finding := look(part, f, name, run, targets[name]):
                return finding._replace(args=part.cases[name])
    return None


def _raised(part, f, name, run, target):
    return raised(part, f, name, run) if run.failed else None


def raised(part: Function, f: Callable, name: str, run: Run) -> Finding:
    """Say what a call raised, and in which line of the learner's."""
    line = learner_line(run.error, f)
    at = "The call itself fails." if line is None else f"Line {line[0]}"
    at += f": {line[1]}" if line and line[1] else ""
    if type(run.error) is TimeUp:
        return Finding("endless", f"It did not come to an end within {SECONDS:.0f} seconds.",
                       f"It was stopped with {name}. {at}",
                       "Which of its loops has no end? Print what should change in each turn.",
                       error=run.error)
    said = f"{name_of(type(run.error))}: {shorter(run.said)}".removesuffix(": ")
    if line is None and not _takes(part, f):
        return Finding("signature", f"It is called as {part.call}, and takes other arguments.",
                       said, "Give the def line these parameters, in this order.",
                       error=run.error)
    shapes = _shapes(part, next(args for case, args in part.cases.items()
                                if name.startswith(case)))
    return Finding("raises", at, f"{said} (with {name}{shapes})", advice(run, f), error=run.error)


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


def _changed(part, f, name, run, target):
    if not run.changed:
        return None
    which = part.parameters[run.changed[0]]
    finding = Finding("changed", f"It changed its argument {which} in place.",
                      f"With {name}: {which} is not what it was before the call.",
                      f"Make a new array: not {which} -= ... or {which}[...] = ..., and copy "
                      "first.", kind=f"{which}_in_place")
    return finding._replace(
        what=f"It changed {which} in place, and back again, but not to the last bit.",
        evidence=f"With {name}: a sum is rounded, and so is the difference that takes it back."
    ) if run.nearly_back else finding


def _overwritten(part, f, name, run, target):
    if not run.overwritten:
        return None
    return Finding("overwritten", "A later call overwrote the array that it had returned.",
                   f"With {name}: the result changed when the function was called again.",
                   "Make a new array in each call.", kind="shared_buffer")


def _no_numbers(part, f, name, run, target):
    if as_array(run.value) is not None:
        return None
    shape = np.shape(target.value)
    parts = run.value if isinstance(run.value, tuple | list) else ()
    if any(np.shape(p) == shape for p in parts if isinstance(p, np.ndarray)):
        return Finding("type", f"It returned {len(parts)} things where one is wanted.",
                       f"With {name}: one of them has the right shape, {shape}.",
                       "Return that one alone.")
    if part.entry and isinstance(run.value, dict):
        return Finding("no_entry", f"The dictionary that it returned has no entry {part.entry!r}.",
                       f"With {name}: {len(run.value)} entries have other names.",
                       f"Put the result there: g[{part.entry!r}] = ...")
    truth = as_array(target.value).dtype.kind == "b"
    what, todo = no_numbers(run.value, truth)
    return Finding("none" if run.value is None else "type", what, f"That was with {name}.", todo)


def _shape(part, f, name, run, target):
    yours, right = as_array(run.value).shape, np.shape(target.value)
    if yours == right:
        return None
    if isinstance(run.value, tuple) and any(np.shape(p) == right for p in run.value):
        return Finding("shape", f"It returned {len(run.value)} things where one is wanted.",
                       f"With {name}: one of them has the right shape, {right}.",
                       "Return that one alone.")
    what, todo = about_shapes(yours, right, as_array(target.value).dtype.kind == "b")
    return Finding("shape", what, f"With {name}{_shapes(part, part.cases[name])}.", todo)


def _dtype(part, f, name, run, target):
    yours, right = as_array(run.value), as_array(target.value)
    kind, wanted = yours.dtype.kind, right.dtype.kind
    if kind == wanted and not (kind == "f" and yours.dtype.itemsize < 4):
        return None
    if kind in "biuf" and np.array_equal(yours, right):    # a whole number that is right
        return None
    todo = {"i": "Everything behind the point is cut off: make the array with dtype=float.",
            "u": "Everything behind the point is cut off: make the array with dtype=float.",
            "b": "Is a comparison left in the last line?",
            "c": "Take .real where the result is, or .imag where you stepped along i.",
            "f": "Half precision holds three digits: stay in float64."}[kind]
    whole = any(a.dtype.kind in "iu" for a in part.cases[name] if isinstance(a, np.ndarray))
    if wanted == "b":
        todo = "Return True or False: a comparison, or its .all()."
    return Finding("dtype", f"The result holds {yours.dtype}, and {right.dtype} is wanted.",
                   f"With {name}{_shapes(part, part.cases[name])}.", todo,
                   kind="integer_buffer" if kind in "iu" and whole else "")


def _not_finite(part, f, name, run, target):
    yours, right = as_array(run.value), as_array(target.value)
    bad = np.argwhere(~np.isfinite(yours) & np.isfinite(right))
    if not len(bad):
        return None
    at = tuple(map(int, bad[0]))
    where = f" at {entry(at)}" if at else ""
    return Finding("not_finite", f"The result is {number(yours[at])}{where}.",
                   f"With {name}: right is {number(right[at])}.",
                   "Print each step for these arguments: which is the first inf, or 0 / 0?",
                   yours=yours, target=right)
