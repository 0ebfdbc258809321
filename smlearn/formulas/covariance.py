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

# BLAS adds up a long row in a few running sums, where a large term costs each later term of its
# sum a rounding. A row of two pieces or more is cut, and the pieces are added up pairwise.
PIECE = 128


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
        top = p.argmax(axis=-1, keepdims=True)                       # (..., 1)  likeliest class
        first = finite_rows(where, name, v, expected(p, v))          # (..., 1)  <p, v>
        c = np.where(entries(p, top) > 0.5, entries(v, top), first)  # (..., 1)
        g = v - c                                                    # (..., D)  same covariance
        g -= expected(p, g)                                          # (..., D)  less <p, g>
        g *= p                                                       # (..., D)  in place
        return answer(g, dtype)


def expected(p: Array, v: Array) -> Array:
    """Compute <p, v>, the mean of each row of v by the weights p, (..., 1), in no array of terms."""
    n = p.shape[-1] // PIECE
    if n < 2:
        return np.vecdot(p, v, keepdims=True)
    cut, end = (*p.shape[:-1], n, PIECE), n * PIECE
    pieces = np.vecdot(p[..., :end].reshape(cut), v[..., :end].reshape(cut))    # (..., n)
    last = np.vecdot(p[..., end:], v[..., end:], keepdims=True)                 # (..., 1)
    return pieces.sum(axis=-1, keepdims=True) + last
