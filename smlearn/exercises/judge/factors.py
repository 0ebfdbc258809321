"""Name a factor by what it is in every case: -1, 2, the number of rows B, 1 / B, 1 / D ..."""

import numpy as np

from ...mistakes.trying import Run, factors
from ..task import Function
from .observed import room_for

__all__ = ["SIZES", "Factor", "name_factor"]

# How a factor is written, what it is with B rows of D classes, and a question about it, in which
# {0} and {1} stand for rows and classes, or what else a task has along its axes.
SIZES = {
    "-1": (lambda B, D: -1, "Which difference is the wrong way round?"),
    "2": (lambda B, D: 2, "Is something counted twice: added to itself, a square differentiated?"),
    "1/2": (lambda B, D: 0.5, "Where did a half come in: a mean of two, a step taken twice?"),
    "-2": (lambda B, D: -2, "Which sign is turned round, and what is counted twice?"),
    "B": (lambda B, D: B, "Is a sum over the {0} taken where each should stay alone?"),
    "1/B": (lambda B, D: 1 / B, "Who takes the mean over the B {0}: this step, or the loss?"),
    "-1/B": (lambda B, D: -1 / B, "Who takes the mean over the B {0}, and which sign is turned?"),
    "D": (lambda B, D: D, "Is a sum over the D {1} taken once too often?"),
    "1/D": (lambda B, D: 1 / D, "Where did a mean over the D {1} come in, in place of a sum?"),
    "1/(B D)": (lambda B, D: 1 / (B * D), "Did you write mean where sum belongs?"),
}
OTHER = "Which constant did you forget, or use twice?"


class Factor(str):
    """The name of a factor, with the question about it and what its letters count."""

    axes: tuple[str, str]

    @property
    def ponder(self) -> str:
        return SIZES[self][1].format(*self.axes) if self in SIZES else OTHER

    @property
    def letters(self) -> str:
        return " (B {}, D {})".format(*self.axes) if {"B", "D"} & set(self) else ""


def name_factor(part: Function, runs: dict[str, Run], others: dict[str, Run]) -> Factor | None:
    """Name c if the runs are c times the others in every case; "0" if they are 0 throughout."""
    found = factors(runs, others, part.cases, room_for(part))
    factor = _name(found, part.cases, max(1e-6, 10 * part.tol))
    if factor is not None:
        factor.axes = part.axes
    return factor


def _name(found: dict[str, float], cases: dict[str, tuple], rtol: float) -> Factor | None:
    values = list(found.values())
    if np.allclose(values, 1):    # or there is none
        return None
    if np.allclose(values, 0):
        return Factor("0")
    sizes = [_rows_and_classes(cases[name]) for name in found]
    for name, (size, _) in SIZES.items():
        if np.allclose(values, [size(B, D) for B, D in sizes], rtol=rtol):
            return Factor(name)
    return Factor(f"{values[0]:.6g}") if np.allclose(values, values[0]) else None


def _rows_and_classes(args: tuple) -> tuple[int, int]:
    first = next((a for a in args if isinstance(a, np.ndarray) and a.ndim), np.zeros(1))
    return (first.shape[0] if first.ndim > 1 else 1), first.shape[-1]
