"""Questions to other calls: J at another x, dx at another x, f and dx one after the other."""

from itertools import combinations

import numpy as np

from .._inputs import Array
from .backward_pair import BackwardFailed
from .columns import Columns, jacobian
from .leaks import leaks, remembered, strangers
from .questions import Answers, asks, flat
from .reading import other_points
from .shares import axis_names

__all__ = ["elsewhere", "leak", "remembers", "wrong_axis", "x_not_used"]

FEW = 512    # columns that are measured elsewhere as well
EARLIER = "the x of an earlier call of f"


@asks("You took f along another axis: axes {} are exchanged.",
      "Which axis does f sum over, and which one does backward?")
def wrong_axis(c: Columns) -> Answers:
    for axes in combinations(range(c.x.ndim), 2) if c.square else ():
        x, y = np.swapaxes(c.x, *axes), np.swapaxes(c.y, *axes)
        dp = np.array([np.swapaxes(d.reshape(c.y.shape), *axes) for d in c.dp])
        J = _elsewhere(c, x, y)
        if J is not None:
            dx = (flat(dp) @ J).reshape(-1, *x.shape)
            yield flat(np.array([np.swapaxes(d, *axes) for d in dx])), "{} and {}".format(*axes)


@asks("You took J at {}.", "Does backward get x or f(x), and what does it do with it first?")
def elsewhere(c: Columns) -> Answers:
    points = [("y in place of x", c.y)] if c.square else []
    points += [("-x, as where a sign or a comparison is the other way round", -c.x)]
    points += [(EARLIER, x) for x in other_points(c.x)]
    for axis in range(c.x.ndim - 1):
        for words, by in [("before", 1), ("after", -1)]:
            at = f"what stands one {words} along axis {axis} of x: a cache of another row"
            points.append((at, np.roll(c.x, by, axis=axis)))
    for words, x in points:
        J = _elsewhere(c, x, c.y)
        if J is not None and (words != EARLIER or _keeps(c)):
            yield c.dp @ J, words


def _keeps(c: Columns) -> bool:
    """Say whether backward is at an earlier x whichever it gets, or at another when it is late."""
    there = [_at(c, x) for x in other_points(c.x)]
    return all(np.array_equal(dx, c.dx[0]) for dx in there if dx is not None) or remembered(c)


def _elsewhere(c: Columns, x: Array, y: Array) -> Array | None:
    """Measure J at another x, where f may not be defined; not where x is large."""
    if c.x.size > FEW:
        return None
    try:
        with np.errstate(all="ignore"):
            return jacobian(c.case, x.astype(c.x.dtype), y, c.case.h / 2)
    except ValueError:
        return None


@asks("Your dx is the same at another x, where J is another.",
      "Which x does backward see, and which call of forward kept it?")
def x_not_used(c: Columns) -> Answers:
    if "(x" in c.case.pair.way:    # it is handed over: a factor is missing that depends on it
        return
    for x in other_points(c.x):
        J = _elsewhere(c, x, c.y)
        if J is not None and (np.abs(c.dp[0] @ (J - c.J)) > 4 * c.tol[0]).any():
            if np.array_equal(_at(c, x), c.dx[0]):
                yield c.dx, ""
            return


def _at(c: Columns, x: Array) -> Array | None:
    try:
        return c.case.pair.dx(x, c.case.upstreams[0]).ravel()
    except BackwardFailed:
        return None


@asks("Your dx is another one for the same x and dp once f has met another x: "
      "something that it keeps is of an earlier call.",
      "What does backward keep, and which call of forward made it?")
def remembers(c: Columns) -> Answers:
    if remembered(c):
        yield c.dx, ""


@asks("In f the {} are strangers to one another; in your dx they leak.",
      "Which sum, or which index, reaches across?")
def leak(c: Columns) -> Answers:
    for axis in range(min(c.x.ndim, c.y.ndim)):
        if strangers(c, axis) and leaks(c, axis):
            yield c.dx, axis_names(c.x.ndim)[axis]
