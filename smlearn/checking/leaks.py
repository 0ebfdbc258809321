"""Do parts that are strangers in f meet in its backward pass, or calls that are?

Rows are strangers if J is 0 from each to any other. Then neither the upstream of one row nor its x
may move the gradient of another; and likewise for columns, or along any axis.
"""

import numpy as np

from .._inputs import Array
from .backward_pair import BackwardFailed
from .columns import Columns
from .reading import other_points

__all__ = ["leaks", "remembered", "strangers"]


def _parts(a: Array, axis: int) -> Array:
    """Number the entries of a by their place along an axis, flat."""
    return np.indices(a.shape)[axis].ravel()


def strangers(c: Columns, axis: int) -> bool:
    """Say whether J is 0 from any place along the axis to any other."""
    if not c.x.shape[axis] == c.y.shape[axis] > 1:
        return False
    apart = _parts(c.y, axis)[:, None] != _parts(c.x, axis)             # (M, N)
    return bool((np.abs(c.J[apart]) <= c.tol.max()).all())


def leaks(c: Columns, axis: int) -> bool:
    """Say whether an upstream at one place, or x there, moves the gradient at another.

    What dx holds without any upstream came from no other place.
    """
    dp, of_x, of_y = c.case.upstreams[0], np.indices(c.x.shape)[axis], np.indices(c.y.shape)[axis]
    mine, others = c.dx[0].reshape(c.x.shape), np.roll(c.x, 1, axis=axis)
    for k in range(c.y.shape[axis]):
        try:
            with np.errstate(all="ignore"):
                alone, none = (c.case.dx(np.where(at, dp, dp.dtype.type(0)))
                               for at in (of_y == k, False))
                beside = c.case.pair.dx(np.where(of_x == k, c.x, others), dp)
        except BackwardFailed:
            return False
        elsewhere, moved = (alone - none)[of_x != k], (beside - mine)[of_x == k]
        if max(np.abs(elsewhere).max(), np.abs(moved).max()) > 4 * c.tol.max():
            return True
    return False


def remembered(c: Columns) -> bool:
    """Say whether dx, asked for once more, is another one; perhaps after f has met another x."""
    for x in (c.x, *other_points(c.x)):
        try:
            with np.errstate(all="ignore"):
                c.case.pair.dx(x, c.case.upstreams[0])
                again = c.case.dx(c.case.upstreams[0])
        except ValueError:    # f need not be defined there
            continue
        if np.abs(again.ravel() - c.dx[0]).max() > 4 * c.tol[0, 0]:
            return True
    return False
