"""Every product with the Jacobian of softmax is a covariance.

    (J v)_i = (v J)_i = p_i (v_i - <p, v>) = Cov(o_i, v_class)        o one-hot, drawn from p

J is symmetric, so forward (v a tangent) and backward (v the upstream gradient) share this line.
p and v have shape (..., D); <p, v> sums the last axis. Derived in notebook 02.

A constant has no covariance, so any number c may be subtracted from a row of v first, and the
choice decides how many digits are left. Where one class is nearly sure, <p, v> rounds to that
class's own entry, and v_i - <p, v> has no correct digit there. So where a class is more likely
than not, c is its entry; in any other row c is <p, v> itself, and the second mean collects what
rounding left over from the first. This is to the way back what subtracting the maximum is to the
way forward; notebook 09 measures it. One corner is left: several classes share the certainty, none
above 1/2, and the same entry of v. Rounding leaves about u^2 times that entry, which must be small
beside what the other classes add. Probabilities below the smallest normal number (2e-308 in
float64) have fewer digits, and so have their products.
"""

import numpy as np

from .._door import Array, answer, entries, finite_rows, within_range

__all__ = ["class_covariance", "expected"]

# Beyond 10,000 terms BLAS shares a sum out among threads, which then wait for each other on a
# machine that is busy; pieces of this length stay in one.
PIECE = 8192


def class_covariance(where: str, name: str, p: Array, v: Array, dtype: np.dtype) -> Array:
    """Compute p * (v - <p, v>) on behalf of the function `where`, whose argument `name` is v.

    Parameters
    ----------
    p, v : (..., D) ndarray
        Probabilities and a direction, of one precision.
    dtype : dtype
        Of the answer.

    Returns
    -------
    covariance : (..., D) ndarray
        Each row sums to 0, to rounding.

    Raises
    ------
    ValueError
        If v is not finite, or so large that a step overflows.
    """
    with within_range(where, name, v):
        top = p.argmax(axis=-1)                                      # (...)  the likeliest class
        first = finite_rows(where, name, v, expected(p, v))          # (...)  <p, v>
        c = np.where(entries(p, top) > 0.5, entries(v, top), first)  # (...)
        g = v - c[..., None]                                         # (..., D)  same covariance
        g -= expected(p, g)[..., None]                               # (..., D)  less <p, g>
        g *= p                                                       # (..., D)  in place
        return answer(g, dtype)


def expected(p: Array, v: Array) -> Array:
    """Compute <p, v>, the mean of each row of v by the weights p: (...), without an array more."""
    if p.shape[-1] <= PIECE:
        return np.vecdot(p, v)
    pieces = range(0, p.shape[-1], PIECE)
    return sum(np.vecdot(p[..., k:k + PIECE], v[..., k:k + PIECE]) for k in pieces)
