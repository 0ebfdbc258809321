"""Softmax, backward: from the gradient of the probabilities to the gradient of the logits.

    p_i = exp(x_i) / sum_k exp(x_k)        dx = dp J = p * (dp - <p, dp>)

x, p, dp, dx have shape (..., D); <p, dp> sums the last axis. Derived in notebook 02. The line
itself, with the care it needs in floating point, is in covariance.py.
"""

from typing import NamedTuple

import numpy as np

from .._inputs import Array, ArrayLike, answer, logits, pair, remembered, untouched
from .._refusals import speaks
from .covariance import class_covariance
from .forward import probabilities

__all__ = ["SoftmaxCache", "softmax_backward", "softmax_forward", "softmax_vjp"]


class SoftmaxCache(NamedTuple):
    """What the backward pass needs to remember: the probabilities, and the dtype of the logits.

    p is read-only, and in the precision it was computed in (float32 for float16 logits).

    Attributes
    ----------
    p : (..., D) ndarray
        Probabilities.
    dtype : dtype
        That of the logits, and of the answer.
    """

    p: Array
    dtype: np.dtype


@speaks
def softmax_vjp(x: ArrayLike, dp: ArrayLike) -> Array:
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
        As `softmax`; and if dp has another shape than x, is not finite, or is so large that a
        step overflows.

    References
    ----------
    Griewank & Walther (2008), Evaluating Derivatives, section 3.2 (reverse mode).

    Examples
    --------
    >>> softmax_vjp([0.0, np.log(3.0)], [0.0, 16.0])
    array([-3.,  3.])
    """
    x, dtype = logits(x)
    x, dp, dtype = pair(x, dtype, "dp", dp)
    p, _ = probabilities(x)                                      # (..., D)
    return class_covariance("dp", p, dp, dtype)                  # (..., D)  p * (dp - <p, dp>)


@speaks
def softmax_forward(x: ArrayLike) -> tuple[Array, SoftmaxCache]:
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
    kept, dtype = probabilities(x)                               # (..., D)
    p = answer(kept, dtype)                                      # (..., D)  the same, or float16
    kept.flags.writeable = p.flags.writeable = False
    return p, SoftmaxCache(kept, dtype)


@speaks
def softmax_backward(dp: ArrayLike, cache: SoftmaxCache) -> Array:
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
        One number per logit; each row sums to 0. In the precision of x: the cache holds no more.

    Raises
    ------
    TypeError
        If the cache is not a `SoftmaxCache` (the order is dp, then cache); as `softmax_vjp`.
    ValueError
        As `softmax_vjp`; if cache.p can be written to, so that nobody knows what it holds.

    Examples
    --------
    >>> p, cache = softmax_forward([0.0, np.log(3.0)])
    >>> softmax_backward([0.0, 16.0], cache)
    array([-3.,  3.])
    """
    remembered("dp", cache, SoftmaxCache, softmax_forward)
    untouched(cache, softmax_forward)
    p, dp, _ = pair(cache.p, cache.dtype, "dp", dp)
    return class_covariance("dp", p, dp, cache.dtype)
