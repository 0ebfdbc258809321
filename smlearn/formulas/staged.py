"""Softmax in five small steps, forward with a cache, and back through them one at a time.

    z = x - max(x)    e = exp(z)    s = sum(e)    r = 1 / s    p = e * r
       shift             exps         sexps        divexps     product

    dr = sum(dp * e)    ds = -dr r^2    de = dp * r + ds    dx = de * e

e is used twice, so its two gradients add: dexps_0 = dp * r by way of the product, and
dexps_1 = ds by way of the sum, which broadcasts. x, z, e, p have shape (..., D); s, r (..., 1).
Written apart from forward.py and covariance.py, so that each checks the other. Derived in
notebook 05; the names are those of the notes the course grew from.
"""

from typing import NamedTuple

import numpy as np

from .._inputs import (
    Array,
    ArrayLike,
    answer,
    finite_rows,
    logits,
    pair,
    remembered,
    row_max,
    within_range,
)
from .._refusals import speaks

__all__ = ["StagedCache", "StagedGradients", "staged_backward", "staged_forward",
           "staged_gradients"]


class StagedCache(NamedTuple):
    """What the stages leave behind for the way back. The arrays are read-only."""

    exps: Array       # (..., D)
    sexps: Array      # (..., 1)
    divexps: Array    # (..., 1)
    dtype: np.dtype


class StagedGradients(NamedTuple):
    """The gradient of the loss with respect to each stage, in the order of the walk back."""

    dexps_0: Array    # (..., D)  by way of the product
    ddivexps: Array   # (..., 1)
    dsexps: Array     # (..., 1)
    dexps_1: Array    # (..., D)  by way of the sum
    dexps: Array      # (..., D)  both together
    dx: Array         # (..., D)


@np.errstate(over="ignore", under="ignore")
@speaks
def staged_forward(x: ArrayLike) -> tuple[Array, StagedCache]:
    """Compute softmax stage by stage, and keep the stages.

    Parameters
    ----------
    x : (..., D) array_like
        Logits, as for `softmax`.

    Returns
    -------
    p : (..., D) ndarray
        Probabilities.
    cache : StagedCache
        For `staged_backward`.

    Raises
    ------
    TypeError, ValueError
        As `softmax`.

    Examples
    --------
    >>> p, cache = staged_forward([0.0, np.log(3.0)])
    >>> p
    array([0.25, 0.75])
    >>> float(cache.divexps[0])
    0.75
    """
    x, dtype = logits(x)
    z = x - row_max(x)                        # (..., D)  shift
    e = np.exp(z)                             # (..., D)  exps
    s = e.sum(axis=-1, keepdims=True)         # (..., 1)  sexps
    r = 1 / s                                 # (..., 1)  divexps
    for kept in (e, s, r):
        kept.flags.writeable = False
    return answer(e * r, dtype), StagedCache(e, s, r, dtype)


@speaks
def staged_gradients(dp: ArrayLike, cache: StagedCache) -> StagedGradients:
    """Walk back through the stages and keep every gradient on the way.

    Parameters
    ----------
    dp : (..., D) array_like
        Upstream gradient: one number per probability. Finite.
    cache : StagedCache
        From `staged_forward`.

    Returns
    -------
    gradients : StagedGradients
        In the precision computed in; d<name> has the shape of <name>.

    Raises
    ------
    TypeError
        If the cache is not a `StagedCache`; if dp does not hold real numbers.
    ValueError
        If dp has another shape than x, is not finite, or is so large that a step overflows.

    Examples
    --------
    >>> p, cache = staged_forward([0.0, 0.0])
    >>> staged_gradients([1.0, 0.0], cache).dexps_1
    array([-0.25, -0.25])
    """
    return _walk_back(dp, cache)


@speaks
def staged_backward(dp: ArrayLike, cache: StagedCache) -> Array:
    """Walk back through the stages; see `staged_gradients` for what is met on the way.

    Parameters
    ----------
    dp : (..., D) array_like
        Upstream gradient: one number per probability. Finite.
    cache : StagedCache
        From `staged_forward`.

    Returns
    -------
    dx : (..., D) ndarray
        One number per logit, in the precision of x. As exact as the formula is when taken
        literally: in rows that are nearly sure, and where a row of dp has a large part in common,
        `softmax_backward` keeps digits that are lost here.

    Raises
    ------
    TypeError, ValueError
        As `staged_gradients`.

    Examples
    --------
    >>> p, cache = staged_forward([0.0, np.log(3.0)])
    >>> staged_backward([0.0, 16.0], cache)
    array([-3.,  3.])
    """
    return answer(_walk_back(dp, cache).dx, cache.dtype)


def _walk_back(dp: ArrayLike, cache: StagedCache) -> StagedGradients:
    remembered("dp", cache, StagedCache, staged_forward)
    e, dp, _ = pair(cache.exps, cache.dtype, "dp", dp)
    s, r = cache.sexps, cache.divexps
    with within_range("dp", dp):
        dr = (dp * e).sum(axis=-1, keepdims=True)    # (..., 1)  r was broadcast, so sum
        finite_rows("dp", dp, dr)
        ds = -dr / s**2                              # (..., 1)  r = 1 / s
        de_0 = dp * r                                # (..., D)  p = e * r
        de_1 = np.broadcast_to(ds, e.shape)          # (..., D)  s = sum(e), so broadcast
        de = de_0 + de_1                             # (..., D)  e is used twice, so add
        dx = de * e                                  # (..., D)  exp is its own derivative
    return StagedGradients(de_0, dr, ds, de_1, de, dx)    # the shift adds 0
