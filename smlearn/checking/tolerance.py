"""How far a right gradient may lie from its measurement.

For softmax this is derived. Along one coordinate softmax is a logistic curve, whose third
derivative is at most 1/8, and the loss <dp, p> stretches it by at most ptp(dp): so a central
difference at step h is off by at most ptp(dp) h^2 / 48. Rounding adds the other two terms, whose
constants are tested, not proved, and hold once <p, dp> is taken off dp, which changes no gradient
(compare.py does; u is the unit roundoff):

    tol = ptp(dp) h^2 / 48  +  4 u max|dp| / h  +  (D + 8) u max|dp|                   per row

For any other f it is estimated: the measurements at h and h / 2 differ by three times what is
left at h / 2, plus noise, and the noise of one entry is judged by that of all. Derived in
notebook 06, tried term by term in 06b.
"""

import numpy as np

from .._inputs import Array

__all__ = ["coarsest", "estimated_tolerance", "settles", "softmax_tolerance"]


def coarsest(*arrays: Array) -> float:
    """Return the machine epsilon of the coarsest precision among arrays of floats."""
    return float(max(np.finfo(a.dtype).eps for a in arrays))


def softmax_tolerance(x: Array, dp: Array, h: float) -> Array:
    """Bound the error of a central difference of <dp, softmax(x)>, and of the analytic side.

    Measured with <p, dp> taken off dp: else wide rows exceed it.

    Parameters
    ----------
    x, dp : (..., D) ndarray
        Logits, whose precision counts, and the upstream.
    h : float
        The step.

    Returns
    -------
    tol : (..., D) ndarray
        Above 0, in float64.

    Raises
    ------
    ValueError
        If x is not floating point.

    References
    ----------
    Derived in notebook 06 and tried term by term in 06b: ptp(dp) h^2 / 48 + 4 u max|dp| / h +
    (D + 8) u max|dp|, where u is the unit roundoff of x.

    Examples
    --------
    >>> x, dp = np.zeros(3), np.array([1.0, 0.0, 0.0])
    >>> print(f"{softmax_tolerance(x, dp, 2.0**-16)[0]:.1e}")
    3.4e-11
    """
    u = np.finfo(x.dtype).eps / 2
    spread = np.ptp(dp, axis=-1, keepdims=True).astype(float)            # (..., 1)
    size = np.abs(dp).max(axis=-1, keepdims=True).astype(float)          # (..., 1)
    truncation = spread * h**2 / 48
    rounding = 4 * u * size / h + (x.shape[-1] + 8) * u * size
    return np.broadcast_to(truncation + rounding + np.finfo(float).tiny, x.shape)


def estimated_tolerance(full: Array, half: Array, noise: float, u: float,
                        size: float) -> Array:
    """Bound the error of `half`, measured at step h / 2, by how far it is from that at step h.

    Parameters
    ----------
    full, half : (...) ndarray
        Central differences at h and at h / 2.
    noise : float
        What the rounding of f's values alone may do to `half`.
    u : float
        Unit roundoff of the precision computed in.
    size : float
        The largest entry of the upstream: the analytic side may cancel from there.

    Returns
    -------
    tol : (...) ndarray
        Above 0. The change of each entry, four times the usual change, and rounding.
    """
    change = np.abs(full - half)
    usual = np.sqrt(np.mean(change**2))                      # no entry is trusted for being lucky
    rounding = 64 * u * (np.abs(half).max() + size)
    return change + 4 * usual + noise + rounding + np.finfo(float).tiny


def settles(full: Array, half: Array, noise: float) -> bool:
    """Say whether halving the step left the measurement where it was, but for rounding."""
    return bool(np.abs(full - half).max() <= 0.01 * np.abs(half).max() + noise)
