"""Attention in one pass over the keys, without ever storing a (T, S) array.

    for each block of keys:    x = q k_block^T / sqrt(d)
        a new largest score:   its key leads; a value that leads no longer joins the others:
                               r = r + n     a = a + n v_lead     n = 0
                               if it is beyond m + 1, it is m', and n, r, a are turned to it:
                               each times exp(m - m')
        the leader's value:    n = n + sum exp(x - m)     over all keys that have it
        other values:          r = r + sum exp(x - m)     a = a + sum exp(x - m) v
    at the end:  s = n + r     o = (n v_lead + a) / s     o - v_lead = (a - r v_lead) / s

Softmax does not mind which number is subtracted from a row (notebook 01), so the sums of all
blocks so far can be turned to a new one by one factor: the same sums, to rounding. Scores that
rise a little at every key would round them every time; m may be 1 below the largest.

Backward, each block of p = exp(x - m) / s is computed again; and what no block can know, the mean
of its whole row, is known before the first:

    <p, dp> = sum_j p_j <do, v_j> = <do, o>

Where a value is nearly sure, o rounds to it, and dp_j - <do, o> has no correct digit for the keys
that have it; it is -<do, o - v_lead>, which was summed over the others and has all of them. This
is the twin of covariance.py in one pass: the leader's value is the constant, and the second mean
was collected on the way there. A constant of all values has no covariance either: off each column
of v comes the number nearest to 0 within its range, so that no value grows, and o gets it back.
Under a causal mask it may come from a future that must not move o, not by a bit: there a sum of v
itself is carried beside that of the differences, if any constant is not 0.

What is subtracted in a - r v_lead are sums over other values. One key among them may have the
leader's: it came while another value led, and weighed no more than that leader did, who is among
them, too. So each such key adds a rounding of u times a term that is in the true sum. That dq and
dk are then within u times the condition (exact_attention.py) is measured, at all scales, with
words said again, ties, and leaders that change. Two corners are left. A value that is nearly the
leader's, by a share h, is not the leader's, and loses a share u / h, as in the plain form: so do
values about a constant, if one of them, even a hidden one, lies across 0. And if one value holds
nearly all of a row, by ten keys and more, while another leads, its <do, v_j - o> rounds at
u <|do|, |v|>.

Shapes as in attention.py; m, s and the mean (..., T, 1). Nothing grows with T times S: the largest
arrays are (..., T, block), and q, k, v and their gradients. Derived in 11b and 11c.
"""

import math
import operator
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from .._inputs import Array, ArrayLike, answer, entries
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
    m: Array        # (..., T, 1)  the largest score of each query, or up to 1 less
    s: Array        # (..., T, 1)  the sum of exp(score - m)
    same: Array     # (..., S)     the first key that has the same value
    lead: Array     # (..., T, 1)  the first that has the value of the key with the largest score
    apart: Array    # (..., T, c)  o less that value
    o: Array        # (..., T, c)  that of v less the constant of each column
    causal: bool
    block: int
    dtype: np.dtype


@np.errstate(over="ignore", under="ignore", invalid="ignore")      # what is not finite is found
@speaks
def streaming_forward(q: ArrayLike, k: ArrayLike, v: ArrayLike, *, causal: bool = False,
                      block: int = 32) -> tuple[Array, StreamingCache]:
    """Compute attention block by block of keys; see `attention_forward`.

    Parameters
    ----------
    q, k, v : (..., T, d), (..., S, d), (..., S, c) array_like
        Queries, keys, values, as for `attention_forward`.
    causal : bool
        Hide from each query all keys after its own place; T and S must be equal.
    block : int
        How many keys at a time.

    Returns
    -------
    o : (..., T, c) ndarray
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
    block, same, shared = _at_least_one(block), _first_alike(v), _constant(v)
    z = _less(v, shared)                                           # (..., S, c)
    top, m = np.full((2, *q.shape[:-1]), -np.inf, q.dtype)         # (..., T) each: no key
    n, r, lead = *np.zeros((2, *m.shape), q.dtype), np.zeros(m.shape, np.int32)
    sums = [(each, np.zeros((*m.shape, v.shape[-1]), q.dtype))     # (..., S, c), (..., T, c)
            for each in ([v, z] if causal and z is not v else [z])]
    for keys, x in _blocks(q, k, causal, block):
        _new_leaders(x, keys.start, same, top, m, lead, n, r, sums)
        w, alike = np.exp(x - m[..., None]), lead[..., None] == same[..., None, keys]
        n += np.vecdot(w, alike)                                   # (..., T)
        w[alike] = 0
        r += w.sum(axis=-1)                                        # (..., T)
        for each, a in sums:
            a += w @ each[..., keys, :]                            # (..., T, c)
    m, lead, n, r = (each[..., None] for each in (m, lead, n, r))
    s, a, b = n + r, sums[0][1] if causal else sums[0][1] + r * shared, sums[-1][1]
    o, centred = ((n * np.take_along_axis(each, lead, axis=-2) + rest) / s
                  for each, rest in ((v, a), (z, b)))              # (..., T, c)
    apart = b / s - r / s * np.take_along_axis(z, lead, axis=-2)   # (..., T, c)  o - v_lead
    for kept in (m, s, same, lead, apart, centred):
        kept.flags.writeable = False
    return answer(finite("o", o, "scale v down"), dtype), StreamingCache(
        q, k, v, m, s, same, lead, apart, centred, causal, block, dtype)


@np.errstate(over="ignore", under="ignore", invalid="ignore")
@speaks
def streaming_backward(do: ArrayLike, cache: StreamingCache) -> tuple[Array, Array, Array]:
    """Pull the gradient of o back, block by block of keys; see `attention_backward`.

    Rows that are nearly sure keep their digits, as in `attention_backward`; and where values are
    equal, or have a constant in common, more than there.

    Parameters
    ----------
    do : (..., T, c) array_like
        Upstream gradient: one number per entry of o. Finite.
    cache : StreamingCache
        From `streaming_forward`.

    Returns
    -------
    dq, dk, dv : (..., T, d), (..., S, d), (..., S, c) ndarray
        In the precision of o.

    Raises
    ------
    TypeError, ValueError
        As `attention_backward`.

    References
    ----------
    Dao et al. (2022), FlashAttention, appendix B.2: the backward pass, with D_i = <do_i, o_i>; the
    leader's value as the constant is from notebook 11c.

    Examples
    --------
    >>> o, cache = streaming_forward([[np.log(3.0)]], [[0.0], [1.0]], [[0.0], [8.0]], block=1)
    >>> dq, dk, dv = streaming_backward([[1.0]], cache)
    >>> print(f"{dq.item():.6f}")
    1.500000
    """
    do = upstream(do, cache, StreamingCache, streaming_forward)    # (..., T, c)
    q, k, v, m, s, same, lead, apart, o, causal, block, dtype = cache
    shared = _constant(v)                                          # (..., 1, c)
    finite("do v^T", do @ shared.mT, "scale do or v down")  # refused, as in the plain form
    z = _less(v, shared)                                           # (..., S, c)  gives the same dx
    mean = (do * o).sum(axis=-1, keepdims=True)                    # (..., T, 1)  <p, dp>
    rest = -(do * apart).sum(axis=-1, keepdims=True)               # (..., T, 1)  where v = v_lead
    dq, dk, dv = (np.zeros(a.shape, a.dtype) for a in (q, k, v))
    for keys, x in _blocks(q, k, causal, block):
        p = np.exp(x - m) / s                                      # (..., T, block)  again
        dv[..., keys, :] = p.mT @ do                               # (..., block, c)
        gap = finite("do v^T", do @ z[..., keys, :].mT, "scale do or v down") - mean
        np.copyto(gap, rest, where=lead == same[..., None, keys])  # where it has cancelled
        dx = p * gap                                               # (..., T, block)  all three
        dq += dx @ k[..., keys, :] / root(q)                       # (..., T, d)  from every block
        dk[..., keys, :] = dx.mT @ q / root(q)                     # (..., block, d)
    return gradients(dq, dk, dv, dtype)


def _constant(v: Array) -> Array:
    """Return of each column of v the number nearest to 0 within its range: (..., 1, c)."""
    low, high = v.min(axis=-2, keepdims=True), v.max(axis=-2, keepdims=True)    # (..., 1, c)
    return np.clip(v.dtype.type(0), low, high)


def _less(v: Array, shared: Array) -> Array:
    """Return v - shared, or v itself if that is the same."""
    return v - shared if shared.any() else v


def _first_alike(v: Array) -> Array:
    """Return for each key the first of its head with the same value: (..., S)."""
    *heads, S, width = v.shape
    if np.unique(v[..., :1]).size == math.prod((*heads, S)):       # no two begin alike
        return np.broadcast_to(np.arange(S, dtype=np.int32), (*heads, S))
    rows = (v + 0.0).reshape(math.prod((*heads, S)), width)        # -0.0 is 0.0
    seen: dict[tuple[int, bytes], int] = {}
    found = [seen.setdefault((i // S, row.tobytes()), i % S) for i, row in enumerate(rows)]
    return np.array(found, np.int32).reshape(*heads, S)


def _new_leaders(x: Array, first: int, same: Array, top: Array, m: Array, lead: Array, n: Array,
                 r: Array, sums: list[tuple[Array, Array]]) -> None:
    """Let the largest scores of a block lead, where they are their row's largest so far.

    The block's first key is number `first`; what is known of the rows is changed in place.
    """
    best = x.argmax(axis=-1)                                       # (..., T)
    at = np.nonzero(entries(x, best) > top)                        # some queries
    heads, old, score = at[:-1], lead[at], x[*at, best[at]]
    new = same[*heads, first + best[at]]
    joins = np.where(old == new, 0, n[at])
    to = np.where(score > m[at] + 1, score, m[at])
    turn = np.exp(m[at] - to)                                      # 0 at the first, often 1
    n[at], r[at] = (n[at] - joins) * turn, (r[at] + joins) * turn
    for each, a in sums:
        a[at] = (a[at] + joins[:, None] * each[*heads, old]) * turn[:, None]
    top[at], m[at], lead[at] = score, to, new


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
