"""Do parts that are strangers in f meet in its backward pass, or calls that are?

Rows are strangers if J is 0 from each to any other. Then neither the upstream of one row nor its x
may move the gradient of another; and likewise for columns, or along any axis.
"""

from collections.abc import Iterator

import numpy as np

from .._inputs import Array
from .backward_pair import BackwardFailed
from .columns import Columns
from .differences import evaluate
from .reading import other_points
from .tolerance import coarsest

__all__ = ["leaks", "remembered", "strangers"]


def _exchanged(c: Columns, axis: int) -> Iterator[tuple[Array, Array, Array]]:
    """Yield x with all places along the axis exchanged but one, and where that is in x and y."""
    of_x, of_y = np.indices(c.x.shape)[axis], np.indices(c.y.shape)[axis]
    for k in range(c.y.shape[axis]):
        yield np.where(of_x == k, c.x, np.roll(c.x, 1, axis=axis)), of_x == k, of_y == k


def strangers(c: Columns, axis: int) -> bool:
    """Say whether no place along the axis moves another in f: not in J, and not by more."""
    if not c.x.shape[axis] == c.y.shape[axis] > 1:
        return False
    rounding = 16 * coarsest(c.x, c.y) * np.abs(c.y).max()    # of an entry; c.tol is that of a sum
    of_x, of_y = (np.indices(a.shape)[axis].ravel() for a in (c.x, c.y))
    if (np.abs(c.J[of_y[:, None] != of_x]) > rounding / c.case.h).any():
        return False
    try:
        with np.errstate(all="ignore"):
            moved = [(evaluate(c.case.pair.value, x) - c.y)[mine]
                     for x, _, mine in _exchanged(c, axis)]
    except ValueError:    # f is not defined there
        return False
    return bool((np.abs(moved) <= rounding).all())


def leaks(c: Columns, axis: int) -> bool:
    """Say whether an upstream at one place, or x there, moves the gradient at another.

    What is there without an upstream leaks from nowhere.
    """
    dp, dx = c.case.upstreams[0], c.dx[0].reshape(c.x.shape)
    for x, in_x, in_y in _exchanged(c, axis):
        try:
            with np.errstate(all="ignore"):
                alone = c.case.dx(np.where(in_y, dp, 0 * dp)) - c.case.dx(0 * dp)
                beside = c.case.pair.dx(x, dp) - dx
        except BackwardFailed:
            return False
        if any((np.abs(moved) > 4 * c.tol.max()).any() for moved in (alone[~in_x], beside[in_x])):
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
