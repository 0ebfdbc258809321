"""The power of a check: which known mistakes could this x and this dp not have exposed?"""

from collections.abc import Callable

import numpy as np

from ._checks import Array
from .backward import softmax_vjp
from .mistakes import MISTAKES

__all__ = ["blind_spots", "softmax_tolerance"]

SIDE_EFFECTS = {"dp_in_place", "x_in_place", "shared_buffer"}    # have checks of their own


def softmax_tolerance(x: Array, dp: Array, h: float) -> Array:
    """Bound the error of a central difference of <dp, softmax(x)>, and of the analytic side.

    Along one coordinate softmax is a logistic curve, whose third derivative is at most 1/8:

        tol = ptp(dp) h^2 / 48  +  4 u max|dp| / h  +  (D + 8) u max|dp|        per row

    Returns
    -------
    tol : ndarray of the shape of x
        Derived in notebook 06.
    """
    u = np.finfo(x.dtype).eps / 2
    spread = np.ptp(dp, axis=-1, keepdims=True).astype(float)
    size = np.abs(dp).max(axis=-1, keepdims=True).astype(float)
    tol = spread * h**2 / 48 + 4 * u * size / h + (x.shape[-1] + 8) * u * size
    return np.broadcast_to(tol + np.finfo(float).tiny, x.shape)


def blind_spots(x: Array, upstreams: list[Array],
                h: float) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Run the known mistakes on the same x and dp: which could this check not have exposed?"""
    blind = []
    for key, mistake in MISTAKES.items():
        if key not in SIDE_EFFECTS and all(_unseen(mistake.vjp, x, dp, h) for dp in upstreams):
            blind.append(key)
    advice = []
    rows = x.reshape(-1, x.shape[-1])
    if all((np.ptp(dp, axis=-1) == 0).all() for dp in upstreams):
        advice.append("dp is the same for every class, and J cannot see constants: use random dp.")
    if len(rows) == 1:
        advice.append("There is one row: use at least two, of different logits.")
    elif (rows == rows[0]).all():
        advice.append("All rows are equal: let them differ.")
    if x.shape[-1] == 1:
        advice.append("There is one class, and its probability is 1: use at least two.")
    elif len(rows) == x.shape[-1]:
        advice.append("There are as many rows as classes: let the two numbers differ.")
    if (np.ptp(rows, axis=-1) == 0).all() and x.shape[-1] > 1:
        advice.append("All logits of a row are equal: use random ones.")
    return tuple(blind), tuple(advice)


def _unseen(vjp: Callable, x: Array, dp: Array, h: float) -> bool:
    try:
        with np.errstate(all="ignore"):
            wrong = np.asarray(vjp(x.copy(), dp.copy()))
    except Exception:    # a mistake that raises is seen
        return False
    exact = softmax_vjp(x, dp)
    return wrong.shape == exact.shape and bool(
        (np.abs(wrong - exact) <= softmax_tolerance(x, dp, h)).all())
