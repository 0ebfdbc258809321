"""What every backward pass must keep to before a number of it is measured, most basic first.

Each law takes a Case and returns "" where it holds, else a sentence about where it does not. Those
of SOFTMAX_LAWS hold because rows of J sum to 0, constants shift nothing, and rows are strangers:
notebooks 01 to 03. None of them needs the right answer, and all together do not replace it: -2
times the right answer keeps them all.
"""

import numpy as np

from .._contents import snapshot
from .._inputs import Array
from .backward_pair import Case

__all__ = ["LAWS", "SOFTMAX_LAWS", "far"]


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


def _linear(case: Case) -> str:
    a = case.upstreams[0]
    if case.dx(np.zeros_like(a)).any():
        return "dx must be 0 for an upstream of 0"
    b = case.rng.standard_normal(a.shape).astype(a.dtype) * np.abs(a).max()
    left, da, db = case.dx(2 * a - b), case.dx(a), case.dx(b)
    size = sum(np.abs(v).max() for v in (da, db, a, b))
    error = np.abs(left - (2 * da - db)).max()
    if error > (64 + 4 * case.x.size) * np.finfo(case.x.dtype).eps * size:
        return f"dx of 2 a - b is {error:.2g} away from 2 dx(a) - dx(b)"
    return ""


def _row_sums(case: Case) -> str:
    rounding = (4 * case.x.shape[-1] + 32) * np.finfo(case.x.dtype).eps
    for dp in case.upstreams:
        total = np.ravel(case.dx(dp).sum(axis=-1))                       # one a row
        over = np.abs(total) - rounding * np.ravel(np.abs(dp).max(axis=-1))
        if (over > 0).any():
            row = int(over.argmax())
            return f"the entries of row {row} add up to {total[row]:.3g}, not 0"
    return ""


def _blind(case: Case) -> str:
    dp, c = case.upstreams[0], 8
    error = np.abs(case.dx(dp + dp.dtype.type(c)) - case.dx(dp)).max()
    rounding = (4 * case.x.shape[-1] + 32) * np.finfo(case.x.dtype).eps
    if error > rounding * (c + np.abs(dp).max()):
        return f"with {c} added to every upstream, dx changes by {error:.3g}"
    return ""


def far(x: Array) -> np.floating:
    """Return a number c for which exp(c) overflows."""
    return x.dtype.type(800 if x.dtype.itemsize > 4 else 96)


def _shift(case: Case) -> str:
    c = far(case.x)
    dp = case.upstreams[0]
    with np.errstate(all="ignore"):
        error = np.abs(case.pair.dx(case.x + c, dp) - case.dx(dp)).max()
    moved = np.finfo(case.x.dtype).eps * (c + np.abs(case.x).max())      # x + c is rounded
    if not error <= 8 * moved * np.abs(dp).max():                        # NaN is not
        return f"with {c:g} added to all logits, dx changes by {error:.3g}"
    return ""


def _strangers(case: Case) -> str:
    if case.x.ndim == 1:
        return ""    # a single row has nobody beside it
    mine = case.dx(case.upstreams[0])
    for b in (0, len(case.x) - 1):    # a leak may run downward or upward
        other, dp = case.rng.standard_normal((2, *case.x.shape)).astype(case.x.dtype)
        other[b], dp[b] = case.x[b], case.upstreams[0][b]
        error = np.abs(case.pair.dx(other, dp)[b] - mine[b]).max()
        if error > 8 * np.finfo(case.x.dtype).eps * np.abs(dp[b]).max():
            return f"with other rows beside it, row {b} changes by {error:.3g}"
    return ""


LAWS = {
    "shape and dtype": _form,
    "finite": _finite,
    "arguments and cache left as they were": _untouched,
    "same answer twice": _repeatable,
    "linear in dp": _linear,
}
SOFTMAX_LAWS = {
    "rows of dx add up to 0": _row_sums,
    "blind to a constant in dp": _blind,
    "unchanged under x + c": _shift,
    "rows are strangers": _strangers,
}
