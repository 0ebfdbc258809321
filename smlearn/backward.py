"""Softmax, backward: from the gradient of the probabilities to the gradient of the logits.

    p_i = exp(x_i) / sum_k exp(x_k)        dx = dp J = p * (dp - <p, dp>)

x, p, dp, dx have shape (..., D); <p, dp> sums the last axis. Derived in notebook 02.

J annihilates constants, so a number subtracted from a row of dp changes nothing. Subtracting the
entry of the likeliest class is to the way back what subtracting the maximum is to the way forward:
without it, <p, dp> rounds to that entry in a row that is nearly sure, and the difference has no
correct digit left.
"""

from typing import NamedTuple

import numpy as np

from ._checks import Array, finite_rows, logits, matching
from .forward import probabilities

__all__ = ["SoftmaxCache", "softmax_backward", "softmax_forward", "softmax_vjp"]


class SoftmaxCache(NamedTuple):
    """What the backward pass needs to remember of the forward pass: the probabilities."""

    p: Array


def softmax_vjp(x: Array, dp: Array) -> Array:
    """Pull the upstream gradient back through softmax: dp @ J, without building J.

    Parameters
    ----------
    x : (..., D) array_like
        Logits, as for `softmax`.
    dp : (..., D) array_like
        Upstream gradient (the cotangent): one number per probability. Finite.

    Returns
    -------
    dx : (..., D) ndarray
        One number per logit; each row sums to 0. In the wider precision of x and dp.

    Raises
    ------
    TypeError, ValueError
        As `softmax`; and if dp has another shape than x, or is not finite.

    References
    ----------
    Griewank & Walther (2008), Evaluating Derivatives, section 3.2 (reverse mode). The shift of
    dp is derived in notebook 09 of this course.

    Examples
    --------
    >>> softmax_vjp([0.0, np.log(3.0)], [0.0, 16.0])
    array([-3.,  3.])
    """
    p, dtype = probabilities("softmax_vjp", x)
    return _pull_back("softmax_vjp", p, dp, dtype)


def softmax_forward(x: Array) -> tuple[Array, SoftmaxCache]:
    """Compute softmax and keep what its backward pass will need.

    Parameters
    ----------
    x : (..., D) array_like
        Logits, as for `softmax`.

    Returns
    -------
    p : (..., D) ndarray
        Probabilities. Read-only, since the cache holds the same array: to change it, copy it.
    cache : SoftmaxCache
        For `softmax_backward`.

    Raises
    ------
    TypeError, ValueError
        As `softmax`.

    Examples
    --------
    >>> p, cache = softmax_forward([0.0, np.log(3.0)])
    >>> p
    array([0.25, 0.75])
    """
    p, dtype = probabilities("softmax_forward", x)
    p = p.astype(dtype, copy=False)
    p.flags.writeable = False
    return p, SoftmaxCache(p)


def softmax_backward(dp: Array, cache: SoftmaxCache) -> Array:
    """Pull the upstream gradient back with what `softmax_forward` kept; see `softmax_vjp`.

    Parameters
    ----------
    dp : (..., D) array_like
        Upstream gradient: one number per probability. Finite.
    cache : SoftmaxCache
        From `softmax_forward`.

    Returns
    -------
    dx : (..., D) ndarray
        One number per logit; each row sums to 0.

    Raises
    ------
    TypeError
        If the cache is not a `SoftmaxCache` (the order is dp, then cache); as `softmax_vjp`.
    ValueError
        As `softmax_vjp`.

    Examples
    --------
    >>> p, cache = softmax_forward([0.0, np.log(3.0)])
    >>> softmax_backward([0.0, 16.0], cache)
    array([-3.,  3.])
    """
    if not isinstance(cache, SoftmaxCache):
        raise TypeError("softmax_backward: cache must be the SoftmaxCache of softmax_forward, but "
                        f"got {type(cache).__name__}; call softmax_backward(dp, cache)")
    p, dtype = logits("softmax_backward", cache.p)
    return _pull_back("softmax_backward", p, dp, dtype)


@np.errstate(under="ignore")                                    # a tiny product may round to 0
def _pull_back(where: str, p: Array, dp: Array, dtype: np.dtype) -> Array:
    """Compute p * (dp - <p, dp>), dp shifted first by its entry at the likeliest class."""
    dp, dtype = matching(where, "dp", dp, p, dtype)
    with np.errstate(over="ignore", invalid="ignore"):         # finite_rows speaks instead
        top = p.argmax(axis=-1, keepdims=True)                 # (..., 1)
        g = dp - np.take_along_axis(dp, top, axis=-1)          # (..., D)  dp - c: same gradient
        mean = (p * g).sum(axis=-1, keepdims=True)             # (..., 1)  <p, g>
    finite_rows(where, "dp", dp, mean)
    return (p * (g - mean)).astype(dtype, copy=False)          # (..., D)
