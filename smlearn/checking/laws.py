"""What every backward pass must keep to before a number of it is measured, most basic first.

    law(f, x, dp) -> "" where it holds, else a sentence about where it does not

f(x, dp) -> dx gives a new array each time and leaves x and dp, (..., D) and floating point, as
they are; whatever it raises comes out. That the form is right is asked of a Case: LAWS begin with
it. Those of SOFTMAX_LAWS hold because rows of J sum to 0, constants shift nothing, and rows are
strangers: notebooks 01 to 03. None of them needs the right answer, and all together do not replace
it: -2 times the right answer keeps them all, and so does any other factor, whose rounding is let
through with it.
"""

from collections.abc import Callable

import numpy as np

from .._contents import snapshot
from .._door import Array
from .backward_pair import Case

__all__ = ["LAWS", "SOFTMAX_LAWS", "blind", "far", "linear", "nothing", "rounding", "row_sums",
           "shift", "strangers", "sums"]

Backward = Callable[[Array, Array], Array]


def _form(case: Case) -> str:
    for dp in case.upstreams:
        case.dx(dp)    # raises BackwardFailed, with the sentence
    return ""


def _finite(case: Case) -> str:
    for dp in case.upstreams:
        bad = np.argwhere(~np.isfinite(case.dx(dp)))
        if len(bad):
            return f"dx is not finite at {tuple(map(int, bad[0]))}"
    return ""


def _untouched(case: Case) -> str:
    x, dp = case.x.copy(), case.upstreams[0].copy()
    before, after = case.pair.caches(x, dp)
    for name, now, then in [("x", snapshot(x), snapshot(case.x)),
                            ("dp", snapshot(dp), snapshot(case.upstreams[0])),
                            ("the cache", after, before)]:
        if now != then:
            return f"{name} was changed in place; return a new array"
    return ""


def _repeatable(case: Case) -> str:
    dp = case.upstreams[0]
    first = case.pair.pull(case.x, dp)    # which leaves both as they were: asked before
    kept = first.copy()
    case.dx(-dp)
    if not np.array_equal(first, kept):
        return "the next call overwrote the array that the last one returned"
    if not np.array_equal(case.dx(dp), kept):
        return "the same input gave two answers; does it draw at random, or keep a state?"
    return ""


def _eps(*arrays: Array) -> float:
    return float(max(np.finfo(a.dtype).eps for a in arrays))    # of the coarsest


def _largest(a: Array) -> float:
    return float(np.abs(a).max())


def rounding(dx: Array, x: Array, dp: Array) -> float:
    """Return the rounding of dx for a dp of 1: as much more as dx, if wrong, is larger than dp."""
    return _eps(dx, x) * max(1.0, _largest(dx) / (_largest(dp) or 1.0))


def nothing(f: Backward, x: Array, dp: Array) -> str:
    """Nothing upstream, nothing downstream."""
    return "dx must be 0 for an upstream of 0" if f(x, np.zeros_like(dp)).any() else ""


def linear(f: Backward, x: Array, dp: Array, rng: "np.random.Generator") -> str:
    """2 a - b gives 2 dx(a) - dx(b), for a = dp and another upstream b as large; 0 gives 0."""
    if said := nothing(f, x, dp):
        return said
    b = rng.standard_normal(dp.shape).astype(dp.dtype) * np.abs(dp).max()
    left, da, db = f(x, 2 * dp - b), f(x, dp), f(x, b)
    size = sum(map(_largest, (da, db, dp, b)))
    error = _largest(left - (2 * da - db))
    if not error <= (64 + 4 * x.size) * _eps(left, x) * size:    # NaN is not
        return f"dx of 2 a - b is {error:.2g} away from 2 dx(a) - dx(b)"
    return ""


def row_sums(f: Backward, x: Array, dp: Array) -> str:
    """The entries of each row of dx add up to 0."""
    dx = f(x, dp)
    return sums(dx, 0, rounding(dx, x, dp) * np.abs(dp).max(axis=-1))


def sums(rows: Array, wanted: float, room: Array | float) -> str:
    """Say which row adds up to something else; room is the rounding of an entry, one for each."""
    total = rows.sum(axis=-1)                                            # one a row
    over = np.ravel(np.abs(total - wanted) - (4 * rows.shape[-1] + 32) * room)
    if not (over <= 0).all():
        row = int(over.argmax())
        seen = np.ravel(total)[row]
        told = f"{seen:.3g}" if f"{seen:.3g}" != f"{wanted}" else f"{seen:.17g}"
        return f"the entries of row {row} add up to {told}, not {wanted}"
    return ""


def blind(f: Backward, x: Array, dp: Array) -> str:
    """A constant in dp changes nothing."""
    c = 8
    dx, moved = f(x, dp), f(x, dp + dp.dtype.type(c))
    error, both = _largest(moved - dx), np.minimum(np.abs(moved), np.abs(dx))
    if not error <= (4 * x.shape[-1] + 32) * rounding(both, x, dp) * (c + _largest(dp)):
        return f"with {c} added to every upstream, dx changes by {error:.3g}"
    return ""


def far(x: Array) -> np.floating:
    """Return a number c for which exp(c) overflows."""
    return x.dtype.type(800 if x.dtype.itemsize > 4 else 96)


def shift(f: Backward, x: Array, dp: Array, c: float | None = None) -> str:
    """A number c added to all logits changes nothing; default one for which exp(c) overflows."""
    c, dx = far(x) if c is None else x.dtype.type(c), f(x, dp)
    with np.errstate(all="ignore"):
        error = _largest(f(x + c, dp) - dx)
    moved = c + _largest(x)                                              # x + c is rounded
    if not error <= 8 * rounding(dx, x, dp) * moved * _largest(dp):
        return f"with {c:g} added to all logits, dx changes by {error:.3g}"
    return ""


def strangers(f: Backward, x: Array, dp: Array, rng: "np.random.Generator") -> str:
    """Other rows beside it change no row: neither the first nor the last."""
    if x.ndim == 1:
        return ""    # a single row has nobody beside it
    dx = f(x, dp)
    for b in (0, len(x) - 1):    # a leak may run downward or upward
        other, upstream = rng.standard_normal((2, *x.shape)).astype(x.dtype)
        other[b], upstream[b] = x[b], dp[b]
        error = _largest(f(other, upstream)[b] - dx[b])
        if not error <= 8 * rounding(dx[b], x, dp[b]) * _largest(dp[b]):
            return f"with other rows beside it, row {b} changes by {error:.3g}"
    return ""


def _of(case: Case) -> tuple[Backward, Array, Array]:
    return case.pair.dx, case.x, case.upstreams[0]


def _each_row_sums(case: Case) -> str:
    said = (row_sums(case.pair.dx, case.x, dp) for dp in case.upstreams)
    return next(filter(None, said), "")


LAWS = {
    "shape and dtype": _form,
    "finite": _finite,
    "arguments and cache left as they were": _untouched,
    "same answer twice": _repeatable,
    "linear in dp": lambda case: linear(*_of(case), case.rng),
}
SOFTMAX_LAWS = {
    "rows of dx add up to 0": _each_row_sums,
    "blind to a constant in dp": lambda case: blind(*_of(case)),
    "unchanged under x + c": lambda case: shift(*_of(case)),
    "rows are strangers": lambda case: strangers(*_of(case), case.rng),
}
