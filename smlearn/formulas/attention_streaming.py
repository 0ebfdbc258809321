"""Attention in one pass over the keys, without ever storing a (T, S) array.

    for each block of keys:    x = q k_block^T / sqrt(d)        top = max(m, max(x))
        s = s exp(m - top) + sum exp(x - top)                   m = top, after both lines
        a = a exp(m - top) + exp(x - top) v_block               at the end o = a / s

Softmax does not mind which number is subtracted from a row (notebook 01), so the sums of all
blocks so far can be turned to a new maximum by one factor: the same sum, to rounding. Backward,
each block of p = exp(x - m) / s is computed again; and what no block can know, the mean of its
whole row, is known before the first:

    <p, dp> = sum_j p_j <do, v_j> = <do, o>

Shapes as in attention.py; m, s and the mean (..., T, 1). Nothing grows with T times S: the largest
arrays are (..., T, block), and q, k, v and their gradients. Derived in notebook 11.
"""

import operator
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from .._inputs import Array
from .attention_inputs import finite, gradients, hides_future, root, scores, three_inputs, upstream

__all__ = ["StreamingCache", "streaming_backward", "streaming_forward"]


class StreamingCache(NamedTuple):
    """What the backward pass needs to remember: all of it grows with T or S, nothing with both.

    The arrays are read-only, and in the precision computed in.
    """

    q: Array
    k: Array
    v: Array
    o: Array
    m: Array    # (..., T, 1)  the largest score of each query
    s: Array    # (..., T, 1)  the sum of exp(score - m)
    causal: bool
    block: int
    dtype: np.dtype


@np.errstate(over="ignore", under="ignore", invalid="ignore")      # what is not finite is found
def streaming_forward(q: Array, k: Array, v: Array, *, causal: bool = False, block: int = 32
                      ) -> tuple[Array, StreamingCache]:
    """Compute attention block by block of keys; see `attention_forward`.

    Parameters
    ----------
    q, k, v : (..., T, d), (..., S, d), (..., S, e) array_like
        Queries, keys, values, as for `attention_forward`.
    causal : bool
        Hide from each query all keys after its own place; T and S must be equal.
    block : int
        How many keys at a time.

    Returns
    -------
    o : (..., T, e) ndarray
        As from `attention_forward`, to rounding.
    cache : StreamingCache
        For `streaming_backward`.

    Raises
    ------
    TypeError, ValueError
        As `attention_forward`; if block is not an integer of at least 1. A row's weighted sum of
        values is divided last: if it overflows, o is refused here, and may be there in the other.

    References
    ----------
    Milakov & Gimelshein (2018), Online normalizer calculation for softmax, algorithm 3.
    Rabe & Staats (2021), Self-attention does not need O(n^2) memory, section 2.

    Examples
    --------
    >>> o, cache = streaming_forward([[np.log(3.0)]], [[0.0], [1.0]], [[0.0], [8.0]], block=1)
    >>> print(f"{o.item():.6f}")
    6.000000
    """
    q, k, v, dtype = three_inputs("streaming_forward", q, k, v)
    block = _at_least_one(block)
    m, s, a = q.dtype.type(-np.inf), 0, 0                          # maximum and sums of no keys
    for keys, x in _blocks("streaming_forward", q, k, causal, block):
        top = np.maximum(m, x.max(axis=-1, keepdims=True))         # (..., T, 1)  running maximum
        turn = np.exp(m - top)                                     # (..., T, 1)  0 at the first
        w = np.exp(x - top)                                        # (..., T, block)
        s = s * turn + w.sum(axis=-1, keepdims=True)               # (..., T, 1)  running sum
        a = a * turn + w @ v[..., keys, :]                         # (..., T, e)  the same, with v
        m = top
    o = finite("streaming_forward", "o", a / s, "scale v down")    # (..., T, e)
    o.flags.writeable = m.flags.writeable = s.flags.writeable = False
    return np.array(o, dtype), StreamingCache(q, k, v, o, m, s, causal, block, dtype)


@np.errstate(over="ignore", under="ignore", invalid="ignore")
def streaming_backward(do: Array, cache: StreamingCache) -> tuple[Array, Array, Array]:
    """Pull the gradient of o back, block by block of keys; see `attention_backward`.

    As exact as p * (dp - <p, dp>) taken literally: in rows that are nearly sure,
    `attention_backward` keeps digits that are lost here.

    Parameters
    ----------
    do : (..., T, e) array_like
        Upstream gradient: one number per entry of o. Finite.
    cache : StreamingCache
        From `streaming_forward`.

    Returns
    -------
    dq, dk, dv : (..., T, d), (..., S, d), (..., S, e) ndarray
        In the precision of o.

    Raises
    ------
    TypeError, ValueError
        As `attention_backward`.

    References
    ----------
    Dao et al. (2022), FlashAttention, appendix B.2: the backward pass, with D_i = <do_i, o_i>.

    Examples
    --------
    >>> o, cache = streaming_forward([[np.log(3.0)]], [[0.0], [1.0]], [[0.0], [8.0]], block=1)
    >>> dq, dk, dv = streaming_backward([[1.0]], cache)
    >>> print(f"{dq.item():.6f}")
    1.500000
    """
    where = "streaming_backward"
    do = upstream(where, do, cache, StreamingCache)                # (..., T, e)
    q, k, v, o, m, s, causal, block, dtype = cache
    mean = (do * o).sum(axis=-1, keepdims=True)                    # (..., T, 1)  <p, dp>
    dq, dk, dv = (np.zeros(a.shape, a.dtype) for a in (q, k, v))
    for keys, x in _blocks(where, q, k, causal, block):
        p = np.exp(x - m) / s                                      # (..., T, block)  again
        dv[..., keys, :] = p.mT @ do                               # (..., block, e)
        dp = finite(where, "do v^T", do @ v[..., keys, :].mT, "scale do or v down")
        dx = p * (dp - mean)                                       # (..., T, block), as dp
        dq += dx @ k[..., keys, :] / root(q)                       # (..., T, d)  from every block
        dk[..., keys, :] = dx.mT @ q / root(q)                     # (..., block, d)
    return gradients(where, dq, dk, dv, dtype)


def _blocks(where: str, q: Array, k: Array, causal: bool, block: int
            ) -> Iterator[tuple[slice, Array]]:
    """Yield the keys of each block, as a slice, and their scores, (..., T, block or fewer)."""
    T, S = q.shape[-2], k.shape[-2]
    causal = hides_future(where, causal, T, S)
    for first in range(0, S, block):
        keys = slice(first, min(first + block, S))
        x = scores(where, q, k[..., keys, :])
        if causal:
            x[..., np.arange(T)[:, None] < np.arange(first, keys.stop)] = -np.inf
        yield keys, x


def _at_least_one(block) -> int:
    try:
        block = operator.index(block)
    except TypeError:
        raise TypeError("streaming_forward: block must be an integer, but got "
                        f"{type(block).__name__}; say how many keys to take at a time") from None
    if block < 1:
        raise ValueError(f"streaming_forward: block must be at least 1, but got {block}; "
                         "say how many keys to take at a time")
    return block
