"""Scaled dot-product attention, forward and backward.

    x = q k^T / sqrt(d)      p = softmax(x)      o = p v

    dv = p^T do              dp = do v^T         dx = p * (dp - <p, dp>)
    dq = dx k / sqrt(d)      dk = dx^T q / sqrt(d)

Each of T queries weighs S keys and takes the mean of their values. q (..., T, d), k (..., S, d),
v (..., S, c); x and p (..., T, S), a row of softmax per query; o and do (..., T, c). Batches and
heads lead. Derived in notebook 11; attention_streaming.py does it without a (T, S) array.

A query from which every key is hidden has no weights. Its o is 0, the empty sum, by decision; its
gradients are 0, since o is. NaN would be no safer: through p^T do and dx^T q it would reach every
key and value, also those of queries that see something.
"""

from typing import NamedTuple

import numpy as np

from .._inputs import Array, ArrayLike, answer, masked
from .._refusals import refusal, speaks
from .attention_inputs import finite, gradients, hides_future, root, scores, three_inputs, upstream
from .covariance import class_covariance
from .forward import probabilities

__all__ = ["AttentionCache", "attention_backward", "attention_forward"]


class AttentionCache(NamedTuple):
    """What the backward pass needs to remember: copies, read-only, in the precision computed in.

    p has T times S entries per head, all others together (T + 2 S) times some width.
    """

    q: Array
    k: Array
    v: Array
    p: Array
    dtype: np.dtype


@np.errstate(over="ignore", under="ignore", invalid="ignore")      # what is not finite is found
@speaks
def attention_forward(q: ArrayLike, k: ArrayLike, v: ArrayLike, *, causal: bool = False,
                      mask: ArrayLike | None = None) -> tuple[Array, AttentionCache]:
    """Let each query take the mean of the values, weighted by softmax of its scores.

    Parameters
    ----------
    q : (..., T, d) array_like
        What each query looks for.
    k : (..., S, d) array_like
        What each key offers.
    v : (..., S, c) array_like
        What each key hands over.
    causal : bool
        Hide from each query all keys after its own place; T and S must be equal.
    mask : (T, S) or (..., T, S) array_like of bool, optional
        True where a query may see a key, as in PyTorch's scaled_dot_product_attention (its
        MultiheadAttention means the opposite). With causal, both must allow it.

    Returns
    -------
    o : (..., T, c) ndarray
        In the widest precision of the three; 0 for a query that sees no key.
    cache : AttentionCache
        For `attention_backward`.

    Raises
    ------
    TypeError
        If q, k or v holds anything but real numbers, or mask anything but truth values; if mask is
        a masked array, or causal is not True or False.
    ValueError
        If shapes do not fit, something is not finite, or a score or a mean overflows; if causal is
        asked for and there are not as many keys as queries.

    References
    ----------
    Vaswani et al. (2017), Attention Is All You Need, eq. (1).

    Examples
    --------
    >>> o, cache = attention_forward([[np.log(3.0)]], [[0.0], [1.0]], [[0.0], [8.0]])
    >>> print(cache.p, o)
    [[0.25 0.75]] [[6.]]
    """
    q, k, v, dtype = three_inputs(q, k, v)
    x = scores(q, k)                                               # (..., T, S)
    seen = _seen(causal, mask, x.shape)                            # (T, S) or (..., T, S)
    blind = ~seen.any(axis=-1, keepdims=True)                      # (..., T, 1)  sees nothing
    x = np.where(seen | blind, x, -np.inf)                         # (..., T, S)  before softmax
    p, _ = probabilities(x)                                        # (..., T, S)
    p = np.where(seen, p, 0)                                       # (..., T, S)  blind: no weights
    p.flags.writeable = False
    o = finite("o", p @ v, "scale v down")                         # (..., T, c)
    return answer(o, dtype), AttentionCache(q, k, v, p, dtype)


@np.errstate(over="ignore", under="ignore", invalid="ignore")
@speaks
def attention_backward(do: ArrayLike, cache: AttentionCache) -> tuple[Array, Array, Array]:
    """Pull the gradient of o back to queries, keys and values.

    Parameters
    ----------
    do : (..., T, c) array_like
        Upstream gradient: one number per entry of o. Finite.
    cache : AttentionCache
        From `attention_forward`.

    Returns
    -------
    dq, dk, dv : (..., T, d), (..., S, d), (..., S, c) ndarray
        In the precision of o.

    Raises
    ------
    TypeError
        If the cache is not an `AttentionCache`; if do does not hold real numbers.
    ValueError
        If do has another shape than o, is not finite, or a gradient overflows.

    References
    ----------
    Dao et al. (2022), FlashAttention, appendix B.2: dq, dk and dv from dx, which is that of
    `softmax_vjp`, a row a query.

    Examples
    --------
    >>> o, cache = attention_forward([[np.log(3.0)]], [[0.0], [1.0]], [[0.0], [8.0]])
    >>> dq, dk, dv = attention_backward([[1.0]], cache)
    >>> print(dq, dv.ravel())
    [[1.5]] [0.25 0.75]
    """
    do = upstream(do, cache, AttentionCache, attention_forward)    # (..., T, c)
    q, k, v, p, dtype = cache
    dv = p.mT @ do                                                 # (..., S, c)
    dp = finite("do v^T", do @ v.mT, "scale do or v down")         # (..., T, S)
    dx = class_covariance("do v^T", p, dp, p.dtype)                # (..., T, S)
    dq = dx @ k / root(q)                                          # (..., T, d)  x was divided
    dk = dx.mT @ q / root(q)                                       # (..., S, d)
    return gradients(dq, dk, dv, dtype)


def _seen(causal: bool, mask, shape: tuple[int, ...]) -> Array:
    """Return what each query may see, as booleans: (T, S), or (..., T, S) with such a mask."""
    T, S = shape[-2:]
    seen = np.tri(T, S, dtype=bool) if hides_future(causal, T, S) else np.ones((T, S), bool)
    if mask is None:
        return seen
    if masked(mask):
        raise refusal(TypeError, "mask must be a plain array, but got a masked one, whose own "
                      "mask would be lost; decide yourself what stands in the masked places")
    mask = np.asarray(mask)
    if mask.dtype != bool:
        raise refusal(TypeError, f"mask must hold truth values, but got dtype {mask.dtype}; "
                      "write True where a query may see a key")
    if mask.shape not in ((T, S), shape):
        raise refusal(ValueError, f"mask must have shape {(T, S)} or {shape}, "
                      f"but got {mask.shape}; one truth value per query and key")
    return seen & mask
