"""Softmax and its backward a few rows at a time, in place: the same numbers from fewer passes.

    p_i = exp(x_i) / sum_k exp(x_k)        dx = dp J = p * (dp - <p, dp>)

x, p, dp, dx have shape (..., D), seen here as rows, (N, D). The readable forms take each step for
the whole batch before the next one: a batch larger than the processor's cache then comes from
memory at every step. Here a block of b rows goes through all the steps while it is in the cache,
each step written over the last, in the answer's own memory, which can be the caller's. Along a row
nothing changes: no row is cut, since that was measured to gain nothing. The covariance is that of
covariance.py, with the same care. Measured in notebook 04c.
"""

from typing import NamedTuple

import numpy as np

from .._inputs import (
    Array,
    ArrayLike,
    answer,
    entries,
    finite,
    finite_rows,
    logits,
    pair,
    remembered,
    row_max,
    untouched,
    within_range,
)
from .._refusals import speaks
from ._block_rows import apart, blocks, room
from .covariance import ROUGH, expected, safe_constant

__all__ = ["BlockedCache", "blocked_backward", "blocked_forward"]


class BlockedCache(NamedTuple):
    """What the backward pass needs to remember: as `SoftmaxCache`, and each row's likeliest class.

    p is read-only, and in the precision it was computed in (float32 for float16 logits). top was
    found on the way to the maximum; without it the way back would look for it again.

    Attributes
    ----------
    p : (..., D) ndarray
        Probabilities.
    dtype : dtype
        That of the logits, and of the answer.
    top : (..., 1) ndarray of int
        Where in its row each largest probability stands.
    """

    p: Array           # (..., D)
    dtype: np.dtype
    top: Array         # (..., 1)  an index


@speaks
def blocked_forward(x: ArrayLike, *, out: Array | None = None) -> tuple[Array, BlockedCache]:
    """Compute what `softmax_forward` computes, a block of rows at a time.

    Parameters
    ----------
    x : (..., D) array_like
        Logits, as for `softmax`.
    out : (..., D) ndarray, optional
        Where to write p: C-contiguous, in the precision of x. It may be x itself, which is then
        overwritten. It stays yours, and the cache looks into it: whatever you write there before
        the backward pass is taken for p.

    Returns
    -------
    p : (..., D) ndarray
        Probabilities. Read-only, since the cache holds the same array.
    cache : BlockedCache
        For `blocked_backward`.

    Raises
    ------
    TypeError, ValueError
        As `softmax`, and if out will not do. What out holds then is of no use.

    Examples
    --------
    >>> p, cache = blocked_forward([0.0, np.log(3.0)])
    >>> p
    array([0.25, 0.75])
    """
    given, (x, dtype) = x, logits(x)
    p = room(out, x.shape, dtype).view()                              # (..., D)
    apart(p, "x", given, x, or_same=True)
    kept = p if x.dtype == dtype else x                               # (..., D)  float16: a copy
    top = np.empty((*x.shape[:-1], 1), np.intp)                       # (..., 1)
    with np.errstate(over="ignore", under="ignore"):
        for part in blocks(x, kept, top):
            _softmax(x, *part)
        if kept is not p:
            p[...] = kept
    kept.flags.writeable = p.flags.writeable = top.flags.writeable = False
    return p, BlockedCache(kept, dtype, top)


def _softmax(whole: Array, x: Array, p: Array, top: Array) -> None:
    """Write the softmax of b rows x of the `whole` batch into p, and where their maxima are."""
    x.argmax(axis=-1, keepdims=True, out=top)         # (b, 1)
    m = entries(x, top)                               # (b, 1)
    if not finite(m):
        row_max(whole)             # says which row, and what is wrong with it
    np.subtract(x, m, out=p)                          # (b, D)  max is 0: exp cannot overflow
    np.exp(p, out=p)                                  # (b, D)
    np.divide(p, p.sum(axis=-1, keepdims=True), out=p)   # (b, D)  the sum is at least 1


@speaks
def blocked_backward(dp: ArrayLike, cache: BlockedCache, *, out: Array | None = None) -> Array:
    """Compute what `softmax_backward` computes, a block of rows at a time.

    Parameters
    ----------
    dp : (..., D) array_like
        Upstream gradient: one number per probability. Finite.
    cache : BlockedCache
        From `blocked_forward`.
    out : (..., D) ndarray, optional
        Where to write dx: C-contiguous, in the precision of x. It may be dp itself, which is then
        overwritten; it may not be the memory of cache.p.

    Returns
    -------
    dx : (..., D) ndarray
        One number per logit; each row sums to 0. In the precision of x: the cache holds no more.

    Raises
    ------
    TypeError, ValueError
        As `softmax_backward`, and if out will not do. What out holds then is of no use,
        dp included if it was out.

    Examples
    --------
    >>> p, cache = blocked_forward([0.0, np.log(3.0)])
    >>> blocked_backward([0.0, 16.0], cache)
    array([-3.,  3.])
    """
    remembered("dp", cache, BlockedCache, blocked_forward)
    untouched(cache, blocked_forward)
    given, (p, dp, _) = dp, pair(cache.p, cache.dtype, "dp", dp)
    dx = room(out, p.shape, cache.dtype)                              # (..., D)
    apart(dx, "dp", given, dp, or_same=True)
    apart(dx, "cache.p", cache.p)
    kept = dx if p.dtype == cache.dtype else np.empty_like(p)         # (..., D)  mixed: apart
    with within_range("dp", dp):
        for part in blocks(p, dp, cache.top, kept):
            _covariance(dp, *part)
    if kept is not dx:
        dx[...] = answer(kept, cache.dtype)
    return dx


def _covariance(whole: Array, p: Array, v: Array, top: Array, g: Array) -> None:
    """Write p * (v - <p, v>) for b rows v of the `whole` upstream into g; see covariance.py."""
    mean = finite_rows("dp", whole, expected(p, v, ROUGH))                       # (b, 1)
    np.subtract(v, safe_constant(p, v, top, mean), out=g)   # (b, D)  same covariance
    np.subtract(g, expected(p, g), out=g)                   # (b, D)
    np.multiply(p, g, out=g)                                # (b, D)
