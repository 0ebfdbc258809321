"""Attention's gradients to 80 digits, and what their condition lets a formula lose.

    dx_ij = p_ij sum_k p_ik <do_i, v_j - v_k>       dq = dx k / sqrt(d)      dk = dx^T q / sqrt(d)

Shapes as in attention.py, without heads: q (T, d), k (S, d), v (S, c), do (T, c); (T, S) for dx.
The yardstick is that of notebook 09b. If each stored number moves by a share u of itself, a score
moves by up to 2 g_i u with g_i = max_j <|q_i|, |k_j|> / sqrt(d), and p by a share of twice that:
4 g stands where the gap stood. So p may be off by a share of (4 g + 8) u, in front of the sum and
in it, and

    (4 g_i + 8) u (|dx_ij| + p_ij sum_k p_ik <|do_i|, |v_j - v_k|>)

is allowed for dx_ij; that times |k| / sqrt(d), summed, for dq, likewise for dk; and for dv
(4 g + 8) u p^T |do|. Derived in notebook 11c.
"""

from decimal import Decimal

import numpy as np

from .._inputs import Array
from .._refusals import speaks
from .exact import DIGITS, SPARE, arithmetic, decimals

__all__ = ["attention_errors", "exact_attention"]


@speaks
def exact_attention(q: Array, k: Array, v: Array, do: Array, *, causal: bool = False
                    ) -> tuple[tuple[Array, Array, Array], tuple[Array, Array, Array]]:
    """Pull the gradient of o back to queries, keys and values with 80 digits.

    Parameters
    ----------
    q, k, v, do : (T, d), (S, d), (S, c), (T, c) ndarray
        Finite, scores within 1e8 of 0; T = S with causal.
    causal : bool
        Hide from each query all keys after its own place.

    Returns
    -------
    gradients : tuple of ndarray of Decimal
        Those of q, k and v: dq (T, d), dk (S, d), dv (S, c).
    allowed : tuple of ndarray of Decimal
        Of the same shapes: in units of u, what the condition lets any formula lose.

    Raises
    ------
    TypeError, ValueError
        As `exact_softmax`, for q, k, v and do.

    References
    ----------
    Gradients as `attention_backward`; the yardstick `allowed` is derived in notebook 11c.

    Examples
    --------
    >>> one = np.array([[1.0]])
    >>> (_, dk, _), _ = exact_attention(one, np.array([[0.0], [-40.0]]),
    ...                                 np.array([[1.0], [0.25]]), one)
    >>> print(f"{dk[0, 0]:.5e}")
    3.18627e-18
    """
    q, k, v, do = (decimals(name, a)
                   for name, a in (("q", q), ("k", k), ("v", v), ("do", do)))
    with arithmetic(DIGITS + SPARE):
        root, seen = Decimal(q.shape[1]).sqrt(), np.ones((len(q), len(k)), bool)
        x = q @ k.T / root                                                 # (T, S)
        e = np.vectorize(Decimal.exp, otypes=[object])(x) * (np.tril(seen) if causal else seen)
        p = e / e.sum(axis=1, keepdims=True)                               # (T, S)
        apart = v[:, None] - v                                             # (S, S, c)  v_j - v_k
        dx = p * np.einsum("ik,ic,jkc->ij", p, do, apart)                  # (T, S)
        most = p * np.einsum("ik,ic,jkc->ij", p, abs(do), abs(apart))      # (T, S)  no sum cancels
        share = 4 * (abs(q) @ abs(k).T * (p > 0)).max(axis=1, keepdims=True) / root + 8    # (T, 1)
        allowed = share * (abs(dx) + most)                                 # (T, S)
        return ((dx @ k / root, dx.T @ q / root, p.T @ do),
                (allowed @ abs(k) / root, allowed.T @ abs(q) / root, (share * p).T @ abs(do)))


@speaks
def attention_errors(backward, q: Array, k: Array, v: Array, do: Array, *, causal: bool = False
                     ) -> list[float]:
    """Return the worst errors of dq, dk and dv, in shares of what is allowed: below 1 is well.

    Parameters
    ----------
    backward : callable
        (q, k, v, do, causal) -> (dq, dk, dv), in the precision of q.
    q, k, v, do : (T, d), (S, d), (S, c), (T, c) ndarray
        As for `exact_attention`.
    causal : bool
        As for `exact_attention`.

    Returns
    -------
    errors : list of float
        Of dq, dk and dv.

    Raises
    ------
    TypeError, ValueError
        As `exact_attention`; if a gradient is not finite.

    Notes
    -----
    Where nothing is allowed, 0 must be 0: any other number is off by inf. Exact values below the
    normal numbers of the precision are left out, as by `worst_error`.
    """
    asked, worst = np.finfo(q.dtype), []
    for got, exact, allowed in zip(backward(q, k, v, do, causal),
                                   *exact_attention(q, k, v, do, causal=causal), strict=True):
        with arithmetic(DIGITS):
            off = abs(decimals("gradient", got) - exact)
            normal = (abs(exact) >= Decimal(float(asked.tiny))) | (allowed == 0)
            share = [a / b if b else a * Decimal("inf") if a else a
                     for a, b in zip(off[normal], allowed[normal], strict=True)]
            worst.append(float(max(share, default=0)) / float(asked.eps / 2))
    return worst
