"""Name a mistake: a known one that looks the same in every case, a constant factor, a slip.

Known wrong functions run beside the learner's. A factor is named by what it is in every case: -1,
2, the number of rows B, 1 / B, the number of classes D, 1 / D ... Ordinary slips are made from the
reference when nothing else has a name; most of them are told apart in the first case already.
"""

from collections.abc import Callable
from functools import cache

import numpy as np

from ..._inputs import Array
from ...mistakes.ordinary import ordinary_mistakes
from ..sandbox.call import Run, call_all, entry_of
from ..sandbox.clock import Patience
from ..task import Function, Mistake
from .values import alike, as_array, close, tolerance

__all__ = ["Factor", "known_mistake", "name_factor", "ordinary_slip", "scaled_mistake",
           "targets_of"]

# How a factor is written, what it is with B rows of D classes, and a question about it.
SIZES = {
    "-1": (lambda B, D: -1, "Which difference is the wrong way round?"),
    "2": (lambda B, D: 2, "Is something counted twice: added to itself, a square differentiated?"),
    "1/2": (lambda B, D: 0.5, "Where did a half come in: a mean of two, a step taken twice?"),
    "-2": (lambda B, D: -2, "Which sign is turned round, and what is counted twice?"),
    "B": (lambda B, D: B, "Is a sum over the rows taken where each row should stay alone?"),
    "1/B": (lambda B, D: 1 / B, "Who takes the mean over the B rows: this step, or the loss?"),
    "-1/B": (lambda B, D: -1 / B, "Who takes the mean over the B rows, and which sign is turned?"),
    "D": (lambda B, D: D, "Is a sum over the D classes taken once too often?"),
    "1/D": (lambda B, D: 1 / D, "Where did a mean over the D classes come in, in place of a sum?"),
    "1/(B D)": (lambda B, D: 1 / (B * D), "Did you write mean where sum belongs?"),
}
OTHER = "Which constant did you forget, or use twice?"


class Factor(str):
    """The name of a factor, with the question about it."""

    @property
    def ponder(self) -> str:
        return SIZES[self][1] if self in SIZES else OTHER


@cache
def targets_of(part: Function) -> dict[str, Run]:
    """Run the reference on every case. What it raises comes out: a broken reference is ours."""
    runs = call_all(entry_of(part.reference, part.entry), part.cases, Patience())
    for run in runs.values():
        if run.failed:
            raise run.error
        if isinstance(run.value, np.ndarray):
            run.value.flags.writeable = False
    return runs


@cache
def _runs_of(part: Function, wrong: Mistake) -> tuple[dict[str, Run], ...]:
    return tuple(_runs(part, form) for form in wrong.forms)


def known_mistake(part: Function, runs: dict[str, Run], cases: dict[str, tuple]) -> Mistake | None:
    """Return the known mistake that these runs look like, in all of these cases."""
    return next((wrong for wrong in part.wrongs for theirs in _runs_of(part, wrong)
                 if alike(runs, theirs, cases, part.tol, part.relative)), None)


def ordinary_slip(part: Function, runs: dict[str, Run], *, same_words: bool = False
                  ) -> Mistake | None:
    """Return the ordinary slip that these runs look like, in all cases; one that runs in some.

    With same_words an error must say the same as the slip's, too: to be of its kind is too little.
    """
    name, args = next(iter(part.cases.items()))
    for slip, form, at_first in _slips_of(part):
        begins = at_first.failed if runs[name].failed else alike(
            runs, {name: at_first}, {name: args}, part.tol, part.relative)
        theirs = _runs(part, form) if begins else {}
        says = not same_words or all(_words(runs[case]) == _words(run)
                                     for case, run in theirs.items())
        if says and not all(run.failed for run in theirs.values()) and alike(
                runs, theirs, part.cases, part.tol, part.relative):
            return slip
    return None


def _words(run: Run) -> list[str]:
    """Return what an error says in any order: of (4,) and (4, 3), either may come first."""
    return sorted(run.said.split())


@cache
def _slips_of(part: Function) -> list[tuple[Mistake, Callable, Run]]:
    """Run each ordinary slip on the first case."""
    name, args = next(iter(part.cases.items()))
    return [(slip, form, _runs(part, form, {name: args})[name])
            for slip in ordinary_mistakes(part.reference) for form in slip.forms]


@np.errstate(all="ignore")
def _runs(part: Function, form: Callable, cases: dict[str, tuple] | None = None
          ) -> dict[str, Run]:
    return call_all(entry_of(form, part.entry), cases or part.cases, Patience())


def scaled_mistake(part: Function, runs: dict[str, Run]) -> tuple[Mistake, str] | None:
    """Return the known mistake that these runs are a named multiple of, and the factor."""
    if name_factor(part, runs, targets_of(part)):
        return None    # the right answer, but for a factor
    found = ((wrong, name_factor(part, runs, theirs))
             for wrong in part.wrongs for theirs in _runs_of(part, wrong))
    return next(((wrong, factor) for wrong, factor in found if factor in SIZES), None)


def name_factor(part: Function, runs: dict[str, Run], others: dict[str, Run]) -> Factor | None:
    """Name c if the runs are c times the others in every case; "0" if they are 0 throughout."""
    found = {}
    for name, args in part.cases.items():
        y, t = (None if run.failed or run.changed else as_array(run.value)
                for run in (runs[name], others[name]))
        if y is None or t is None or y.shape != t.shape or not _finite(y, t):
            return None
        size = float(np.vdot(t, t))
        c = float(np.vdot(t, y)) / size if size else 0.0
        if not close(y, c * t, tolerance(y, t, args, part.tol, part.relative)):
            return None
        if size:
            found[name] = c
    return _name(found, part.cases, max(1e-6, 10 * part.tol))


def _finite(*arrays: Array) -> bool:
    return all(a.dtype.kind in "iuf" and np.isfinite(a).all() for a in arrays)


def _name(found: dict[str, float], cases: dict[str, tuple], rtol: float) -> Factor | None:
    values = np.array(list(found.values()))
    if not values.size or np.allclose(values, 1, rtol=1e-6):
        return None
    if np.allclose(values, 0, atol=1e-9):
        return Factor("0")
    sizes = [_rows_and_classes(cases[name]) for name in found]
    for name, (size, _) in SIZES.items():
        if np.allclose(values, [size(B, D) for B, D in sizes], rtol=rtol):
            return Factor(name)
    return Factor(f"{values[0]:.4g}") if np.allclose(values, values[0], rtol=1e-6) else None


def _rows_and_classes(args: tuple) -> tuple[int, int]:
    first = next((a for a in args if isinstance(a, np.ndarray) and a.ndim), np.zeros(1))
    return (first.shape[0] if first.ndim > 1 else 1), first.shape[-1]
