"""What every backward pass must keep to before a number of it is measured, most basic first.

    law(f, x, dp) -> "" where it holds, else a sentence about where it does not

f(x, dp) -> dx gives a new array each time and leaves x and dp, of one shape and floating point, as
they are; whatever it raises comes out. A row runs along an axis, the last one if none is given.
That the form is right is asked of a Case: LAWS begin with it. Those of SOFTMAX_LAWS hold because
rows of J sum to 0, constants shift nothing, and rows are strangers: notebooks 01 to 03. None of
them needs the right answer, and all together do not replace it: -2 times the right answer keeps
them all, and so does any other factor, whose rounding is let through with it.
"""

from collections.abc import Callable

import numpy as np

from .._inputs import Array
from .._snapshot import snapshot
from .backward_pair import Case
from .reading import call_elsewhere
from .tolerance import coarsest
from .turned import called, row

__all__ = ["LAWS", "SOFTMAX_LAWS", "blind", "far", "linear", "not_asked", "nothing", "rounding",
           "row_sums", "shift", "strangers", "sums"]


def _form(case: Case) -> str:
    for dp in case.upstreams:
        case.dx(dp)    # raises BackwardFailed, with the sentence
    return ""


def _finite(case: Case) -> str:
    bad = [at for dp in case.upstreams for at in np.argwhere(~np.isfinite(case.dx(dp)))]
    return f"dx is not finite at {tuple(map(int, bad[0]))}" if bad else ""


def _untouched(case: Case) -> str:
    x, dp = case.logits.copy(), case.upstreams[0].copy()
    spoilt = case.pair.spoils_cache(x, dp)
    for name, changed in [("x", snapshot(x) != snapshot(case.logits)),
                          ("dp", snapshot(dp) != snapshot(case.upstreams[0])),
                          ("the cache", spoilt)]:
        if changed:
            return f"{name} was changed in place; return a new array"
    return ""


def _repeatable(case: Case) -> str:
    dp = case.upstreams[0]
    first = case.pair.pull(case.x, dp)    # which leaves both as they were: asked before
    kept = first.copy()
    case.dx(2 * dp)    # -dp would take back what is added up
    if not np.array_equal(first, kept):
        return "the next call overwrote the array that the last one returned"
    if not np.array_equal(case.dx(dp), kept):
        return "the same input gave two answers; does it draw at random, or keep a state?"
    if case.pair.keeps and call_elsewhere(case.pair, case.x):
        if not np.array_equal(case.dx(dp), kept):
            return ("the same input gave another answer once f had met another x; is what an "
                    "earlier forward kept still in use?")
    return ""


def rounding(dx: Array, x: Array, dp: Array) -> float:
    """Return the rounding of dx for a dp of 1: as much more as dx, if wrong, is larger than dp."""
    return coarsest(dx, x, dp) * float(max(1.0, np.abs(dx).max() / (np.abs(dp).max() or 1.0)))


def nothing(f: Callable, x: Array, dp: Array) -> str:
    """Nothing upstream, nothing downstream."""
    return "dx must be 0 for an upstream of 0" if f(x, np.zeros_like(dp)).any() else ""


def linear(f: Callable, x: Array, dp: Array, rng: "np.random.Generator",
           value: Callable | None = None) -> str:
    """2 a - b gives 2 dx(a) - dx(b), for a = dp and another upstream b as large.

    What was added up on the way may be larger than dx, and round more. One of its sizes is that of
    dp times value(x), which is f(x); how far dx moves with the last digits of the upstream shows
    the others.
    """
    b = rng.standard_normal(dp.shape).astype(dp.dtype) * np.abs(dp).max()
    left, da, db = f(x, 2 * dp - b), f(x, dp), f(x, b)
    size = sum(np.abs(v).max() for v in (da, db, dp, b))    # dx is in it, however large
    error = np.abs(left - (2 * da - db)).max()              # NaN is not within any room
    unit = (64 + 4 * x.size) * coarsest(da, x, dp)
    if unit * size < error < np.inf:
        products = [np.abs(a * value(x)).max() for a in (dp, b) if value]
        digits = [64 * _last_digits(f, x, a, rng) / unit for a in (dp, b)]
        size = max(size, sum(products), *digits)
    if error <= unit * size:
        return ""
    return f"dx of 2 a - b is {error:.2g} away from 2 dx(a) - dx(b)"


def _last_digits(f: Callable, x: Array, dp: Array, rng: "np.random.Generator") -> float:
    """Return how far apart dx comes, at most, when each entry of dp is off in its last digit."""
    eps = np.finfo(dp.dtype).eps
    moved = [f(x, dp * (1 + eps * rng.choice([-1, 1], dp.shape)).astype(dp.dtype))
             for _ in range(4)]
    return float(np.ptp(moved, axis=0).max())


def row_sums(f: Callable, x: Array, dp: Array, axis: int = -1) -> str:
    """The entries of each row of dx add up to 0."""
    dx = f(x, dp)
    return sums(dx, 0, rounding(dx, x, dp) * np.abs(dp).max(axis=axis), axis)


def sums(rows: Array, wanted: int, room: Array | float, axis: int = -1) -> str:
    """Say which row adds up to something else; room is the rounding of an entry, one for each."""
    total = np.asarray(rows.sum(axis=axis))                              # one a row
    over = np.abs(total - wanted) - (4 * rows.shape[axis] + 32) * room
    at = np.unravel_index(over.argmax(), over.shape)
    said = f"{total[at]:.3g}" if f"{total[at]:.3g}" != f"{wanted}" else f"{total[at]:.17g}"
    return "" if (over <= 0).all() else (
        f"the entries of {row(at, axis, rows.ndim)} add up to {said}, not {wanted}")


def blind(f: Callable, x: Array, dp: Array, axis: int = -1) -> str:
    """A constant in dp changes nothing."""
    c = 8
    dx, moved = f(x, dp), f(x, dp + dp.dtype.type(c))
    error, both = np.abs(moved - dx).max(), np.minimum(np.abs(moved), np.abs(dx))    # what stays
    room = (4 * x.shape[axis] + 32) * rounding(both, x, dp) * (c + np.abs(dp).max())
    return "" if error <= room else f"with {c} added to every upstream, dx changes by {error:.3g}"


def far(x: Array) -> np.floating:
    """Return a number c for which exp(c) overflows."""
    return x.dtype.type(800 if x.dtype.itemsize > 4 else 96)


def shift(f: Callable, x: Array, dp: Array, c: float | None = None) -> str:
    """A number c added to all logits changes nothing; default one for which exp(c) overflows."""
    c, dx = far(x) if c is None else x.dtype.type(c), f(x, dp)
    with np.errstate(all="ignore"):
        error = np.abs(f(x + c, dp) - dx).max()
    room = 8 * rounding(dx, x, dp) * (c + np.abs(x).max()) * np.abs(dp).max()    # x + c is rounded
    return "" if error <= room else f"with {c:g} added to all logits, dx changes by {error:.3g}"


def strangers(f: Callable, x: Array, dp: Array, rng: "np.random.Generator",
              axis: int = -1) -> str:
    """Other rows beside it change no row: neither the first nor the last."""
    dx, batch = f(x, dp), np.moveaxis(x, axis, -1).shape[:-1]
    for end in (0, -1) if batch else ():    # a leak may run downward or upward
        at = [end % n for n in batch]
        mine = (*at[:axis % x.ndim], slice(None), *at[axis % x.ndim:])
        other, upstream = rng.standard_normal((2, *x.shape)).astype(x.dtype)
        other[mine], upstream[mine] = x[mine], dp[mine]
        error = np.abs(f(other, upstream)[mine] - dx[mine]).max()
        if not error <= 8 * rounding(dx[mine], x, dp[mine]) * np.abs(dp[mine]).max():
            return (f"with other {called(axis, x.ndim)}s beside it, {row(at, axis, x.ndim)} "
                    f"changes by {error:.3g}")
    return ""


def not_asked(case: Case) -> tuple[str, ...]:
    """Return the laws that say nothing of this f, or of this x."""
    if not case.is_softmax:
        return tuple(SOFTMAX_LAWS)
    return ("rows are strangers",) if case.x.size == case.x.shape[case.axis] else ()


def _asked(law: Callable, case: Case, *more) -> str:
    return law(case.pair.dx, case.x, case.upstreams[0], *more)


LAWS = {
    "shape and dtype": _form,
    "finite": _finite,
    "arguments and cache left as they were": _untouched,
    "same answer twice": _repeatable,
    "linear in dp": lambda case: _asked(nothing, case) or linear(
        case.pair.dx, case.x, case.upstreams[0], case.rng, case.pair.value),
}
SOFTMAX_LAWS = {
    "rows of dx add up to 0": lambda case: next(filter(None, (
        row_sums(case.pair.dx, case.x, dp, case.axis) for dp in case.upstreams)), ""),
    "blind to a constant in dp": lambda case: _asked(blind, case, case.axis),
    "unchanged under x + c": lambda case: _asked(shift, case),
    "rows are strangers": lambda case: _asked(strangers, case, case.rng, case.axis),
}
