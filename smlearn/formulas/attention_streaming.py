"""Attention in one pass over the keys, without ever storing a (T, S) array.

    for each block of keys:    x = q k_block^T / sqrt(d)
        a new largest score:   its key leads, the old leader joins the sums, turned to m' = max x:
                               r = (r + 1) exp(m - m')     a = (a + v_lead) exp(m - m')     m = m'
        all keys but leaders:  r = r + sum exp(x - m)      a = a + exp(x - m) v_block
    at the end                 s = 1 + r    o = (v_lead + a) / s    o - v_lead = (a - r v_lead) / s

Softmax does not mind which number is subtracted from a row (notebook 01), so the sums of all
blocks so far can be turned to a new maximum by one factor: the same sums, to rounding. The key
that has the largest score so far leads, and stays out of the sums: its term is exactly 1.

Backward, each block of p = exp(x - m) / s is computed again; and what no block can know, the mean
of its whole row, is known before the first:

    <p, dp> = sum_j p_j <do, v_j> = <do, o>          dp_lead - <p, dp> = -<do, o - v_lead>

Where the leader is nearly sure, o rounds to its value, and dp_lead - <do, o> has no correct digit;
o - v_lead, which was summed over the others, has all of them. This is the twin of covariance.py in
one pass: the leader's value is the constant, and the second mean was collected on the way there.
A constant of all values has no covariance either: off each column of v comes the number nearest to
0 within its range, so that no value grows, and values that are all alike become 0. If any is not
0, both sums are carried: it may come from a future that must not move o, not by a bit. One corner
is left: other keys with the leader's value. Rounding leaves about u <|do|, |v|> of what they
weigh, which must be small beside what the rest of the keys add.

Shapes as in attention.py; m, s and the mean (..., T, 1). Nothing grows with T times S: the largest
arrays are (..., T, block), and q, k, v and their gradients. Derived in notebook 11.
"""

import operator
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from .._inputs import Array, answer, entries
from .._refusals import refusal, speaks
from .attention_inputs import finite, gradients, hides_future, root, scores, three_inputs, upstream

__all__ = ["StreamingCache", "streaming_backward", "streaming_forward"]


class StreamingCache(NamedTuple):
    """What the backward pass needs to remember: all of it grows with T or S, nothing with both.

    The arrays are read-only, and in the precision computed in.
    """

    q: Array
    k: Array
    v: Array
    m: Array        # (..., T, 1)  the largest score of each query
    s: Array        # (..., T, 1)  the sum of exp(score - m)
    lead: Array     # (..., T, 1)  the first key that has the largest score
    apart: Array    # (..., T, e)  o less that key's value
    causal: bool
    block: int
    dtype: np.dtype


@np.errstate(over="ignore", under="ignore", invalid="ignore")      # what is not finite is found
@speaks
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
    q, k, v, dtype = three_inputs(q, k, v)
    block, both = _at_least_one(block), _beside_centred(v)         # (..., S, e or 2 e)
    m, r = np.full(q.shape[:-1], -np.inf, q.dtype), np.zeros(q.shape[:-1], q.dtype)    # (..., T)
    a, lead = np.zeros((*m.shape, both.shape[-1]), q.dtype), np.zeros(m.shape, int)    # no key
    for keys, x in _blocks(q, k, causal, block):
        leaders = _new_leaders(x, keys.start, both, m, r, a, lead)
        w = np.exp(x - m[..., None])                               # (..., T, block)
        w[leaders] = 0                                             # their 1 stays out
        r += w.sum(axis=-1)                                        # (..., T)
        a += w @ both[..., keys, :]                                # (..., T, e or 2 e)
    m, s, lead, e = m[..., None], 1 + r[..., None], lead[..., None], v.shape[-1]
    own = np.take_along_axis(both, lead, axis=-2)                  # (..., T, e or 2 e)
    o = finite("o", (own + a)[..., :e] / s, "scale v down")    # (..., T, e)
    apart = (a / s - r[..., None] / s * own)[..., -e:]           # (..., T, e)  o - v_lead
    for kept in (m, s, lead, apart):
        kept.flags.writeable = False
    return answer(o, dtype), StreamingCache(q, k, v, m, s, lead, apart, causal, block, dtype)


@np.errstate(over="ignore", under="ignore", invalid="ignore")
@speaks
def streaming_backward(do: Array, cache: StreamingCache) -> tuple[Array, Array, Array]:
    """Pull the gradient of o back, block by block of keys; see `attention_backward`.

    Rows that are nearly sure keep their digits, as in `attention_backward`; and where values have
    a constant in common, more than there.

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
    Dao et al. (2022), FlashAttention, appendix B.2: the backward pass, with D_i = <do_i, o_i>; the
    leader's value as the constant is from notebook 11.

    Examples
    --------
    >>> o, cache = streaming_forward([[np.log(3.0)]], [[0.0], [1.0]], [[0.0], [8.0]], block=1)
    >>> dq, dk, dv = streaming_backward([[1.0]], cache)
    >>> print(f"{dq.item():.6f}")
    1.500000
    """
    do = upstream(do, cache, StreamingCache, streaming_forward)    # (..., T, e)
    q, k, v, m, s, lead, apart, causal, block, dtype = cache
    c = _constant(v)                                               # (..., 1, e)
    finite("do v^T", do @ c.mT, "scale do or v down")       # refused, as in the plain form
    z = v - c                                                      # (..., S, e)  gives the same dx
    rest = -(do * apart).sum(axis=-1, keepdims=True)               # (..., T, 1)  dp_lead - <p, dp>
    mean = (do * np.take_along_axis(z, lead, axis=-2)).sum(axis=-1, keepdims=True) - rest
    dq, dk, dv = (np.zeros(a.shape, a.dtype) for a in (q, k, v))
    for keys, x in _blocks(q, k, causal, block):
        p = np.exp(x - m) / s                                      # (..., T, block)  again
        dv[..., keys, :] = p.mT @ do                               # (..., block, e)
        dp = finite("do v^T", do @ z[..., keys, :].mT, "scale do or v down")
        dx = p * (dp - mean)                                       # (..., T, block), as dp
        *at, _ = np.nonzero((keys.start <= lead) & (lead < keys.stop))
        here = *at, lead[*at, 0] - keys.start                      # where dp - mean cancels
        dx[here] = p[here] * rest[*at, 0]
        dq += dx @ k[..., keys, :] / root(q)                       # (..., T, d)  from every block
        dk[..., keys, :] = dx.mT @ q / root(q)                     # (..., block, d)
    return gradients(dq, dk, dv, dtype)


def _constant(v: Array) -> Array:
    """Return of each column of v the number nearest to 0 within its range: (..., 1, e)."""
    low, high = v.min(axis=-2, keepdims=True), v.max(axis=-2, keepdims=True)    # (..., 1, e)
    return np.clip(v.dtype.type(0), low, high)


def _beside_centred(v: Array) -> Array:
    """Put v less its constant beside v, (..., S, 2 e), or return v if that is 0."""
    c = _constant(v)                                               # (..., 1, e)
    return np.concatenate([v, v - c], axis=-1) if c.any() else v


def _new_leaders(x: Array, first: int, v: Array, m: Array, r: Array, a: Array, lead: Array
                 ) -> tuple[Array, ...]:
    """Find the scores of a block, from key `first` on, that are their row's largest so far.

    Their keys lead: m, r, a and lead of those queries are turned to them, in place.
    """
    best = x.argmax(axis=-1)                                       # (..., T)
    at = np.nonzero(entries(x, best) > m)                          # n queries
    new = (*at, best[at])                                          # n scores
    turn = np.exp(m[at] - x[new])                                  # (n,)  0 at the first
    r[at] = (r[at] + 1) * turn                                     # (n,)
    a[at] = (a[at] + v[*at[:-1], lead[at]]) * turn[:, None]        # (n, e or 2 e)
    m[at], lead[at] = x[new], first + best[at]
    return new


def _blocks(q: Array, k: Array, causal: bool, block: int) -> Iterator[tuple[slice, Array]]:
    """Yield the keys of each block, as a slice, and their scores, (..., T, block or fewer)."""
    T, S = q.shape[-2], k.shape[-2]
    causal = hides_future(causal, T, S)
    for first in range(0, S, block):
        keys = slice(first, min(first + block, S))
        x = scores(q, k[..., keys, :])
        if causal:
            x[..., np.arange(T)[:, None] < np.arange(first, keys.stop)] = -np.inf
        yield keys, x


def _at_least_one(block) -> int:
    try:
        block = operator.index(block)
    except TypeError:
        raise refusal(TypeError, f"block must be an integer, but got {type(block).__name__}; "
                      "say how many keys to take at a time") from None
    if block < 1:
        raise refusal(ValueError, f"block must be at least 1, but got {block}; "
                      "say how many keys to take at a time")
    return block
