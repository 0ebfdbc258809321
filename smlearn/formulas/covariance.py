"""Every product with the Jacobian of softmax is a covariance.

    (J v)_i = (v J)_i = p_i (v_i - <p, v>) = Cov(o_i, v_class)        o one-hot, drawn from p

J is symmetric, so forward (v a tangent) and backward (v the upstream gradient) share this line.
p and v have shape (..., D); <p, v> sums the last axis. Derived in notebook 02.

A constant has no covariance, so any number c may be subtracted from a row of v first, and the
choice decides how many digits are left. Where one class is nearly sure, <p, v> rounds to that
class's own entry, and v_i - <p, v> has no correct digit there. So where a class is more likely
than not, c is its entry; in any other row c is <p, v> itself, and the second mean collects what
rounding left over from the first. This is to the way back what subtracting the maximum is to the
way forward; notebooks 09 and 09b measure it. One corner is left: several classes share the
certainty, none above 1/2, and the same entry of v. Rounding leaves about u^2 times that entry,
which must be small beside what the other classes add. Probabilities below the smallest
normal number (2e-308 in float64) have fewer digits, and so have their products.
"""

import numpy as np

from .._inputs import Array, answer, entries, finite_rows, within_range

__all__ = ["class_covariance", "expected", "safe_constant"]

# BLAS adds up a row in a few running sums, where a large term costs each later term of its sum a
# rounding. A row of two pieces or more is cut, and the pieces are added up pairwise. ROUGH is for
# a mean that need not be right to the last digit: it only keeps BLAS from starting threads, which
# it does beyond 10,000 terms, and which wait for each other on a machine that is busy.
PIECE, ROUGH = 128, 4096


def class_covariance(name: str, p: Array, v: Array, dtype: np.dtype) -> Array:
    """Compute p * (v - <p, v>), (..., D), where v is an argument of that `name`, in that dtype."""
    with within_range(name, v):
        mean = finite_rows(name, v, expected(p, v, ROUGH))           # (..., 1)
        top = p.argmax(axis=-1, keepdims=True)                       # (..., 1)  likeliest class
        v = v - safe_constant(p, v, top, mean)                       # (..., D)  same covariance
        return answer(p * (v - expected(p, v)), dtype)               # (..., D)


def safe_constant(p: Array, v: Array, top: Array, mean: Array) -> Array:
    """Choose what to subtract from each row of v so that its digits are left: (..., 1).

    v at the likeliest class `top`, (..., 1), where that has more than half; else about the mean.
    """
    return np.where(entries(p, top) > 0.5, entries(v, top), mean)


def expected(p: Array, v: Array, piece: int = PIECE) -> Array:
    """Compute <p, v>, the mean of each row of v by the weights p: (..., 1)."""
    n = p.shape[-1] // piece
    if n < 2:
        return np.vecdot(p, v, keepdims=True)
    cut, end = (*p.shape[:-1], n, piece), n * piece
    pieces = np.vecdot(p[..., :end].reshape(cut), v[..., :end].reshape(cut))    # (..., n)
    last = np.vecdot(p[..., end:], v[..., end:], keepdims=True)                 # (..., 1)
    return pieces.sum(axis=-1, keepdims=True) + last
