"""Do parts that are strangers in f meet in its backward pass, or calls that are?

Rows are strangers if J is 0 from each to any other. Then neither the upstream of one row nor its x
may move the gradient of another; and likewise for columns, or along any axis.
"""

import numpy as np

from .._inputs import Array
from .backward_pair import BackwardFailed
from .columns import Columns
from .reading import other_points
from .tolerance import coarsest

__all__ = ["leaks", "remembered", "strangers"]


def _parts(a: Array, axis: int) -> Array:
    """Number the entries of a by their place along an axis, flat."""
    return np.indices(a.shape)[axis].ravel()


def strangers(c: Columns, axis: int) -> bool:
    """Say whether J is 0 from any place along the axis to any other, to the rounding of f."""
    if not c.x.shape[axis] == c.y.shape[axis] > 1:
        return False
    apart = _parts(c.y, axis)[:, None] != _parts(c.x, axis)             # (M, N)
    room = 16 * coarsest(c.x, c.y) * np.abs(c.y).max() / c.case.h       # c.tol is that of a sum
    return bool((np.abs(c.J[apart]) <= room).all())


def leaks(c: Columns, axis: int) -> bool:
    """Say whether an upstream at one place, or x there, moves the gradient at another.

    What is there without an upstream leaks from nowhere.
    """
    dp, of_x, of_y = c.case.upstreams[0], np.indices(c.x.shape)[axis], np.indices(c.y.shape)[axis]
    mine, others = c.dx[0].reshape(c.x.shape), np.roll(c.x, 1, axis=axis)
    for k in range(c.y.shape[axis]):
        try:
            with np.errstate(all="ignore"):
                nothing = c.case.dx(np.zeros_like(dp))
                alone = c.case.dx(np.where(of_y == k, dp, dp.dtype.type(0))) - nothing
                beside = c.case.pair.dx(np.where(of_x == k, c.x, others), dp) - mine
        except BackwardFailed:
            return False
        if any((np.abs(moved) > 4 * c.tol.max()).any()
               for moved in (alone[of_x != k], beside[of_x == k])):
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
