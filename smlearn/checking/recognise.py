"""Is f a softmax, and along which axis? Its values say so; its name plays no part.

It is one if its values are those of softmax at x, at two points near by, and with one row far
above the others. There, where exp overflows, an f that gives no numbers is a softmax all the same,
in need of a shift; one that gives others (it clips its logits, say) is something else.
"""

import numpy as np

from .._inputs import Array
from ..mistakes.trying import as_array
from .backward_pair import Pair
from .differences import evaluate
from .laws import far
from .nearly import nearly, over
from .turned import each, told

__all__ = ["recognise"]

Verdict = tuple[int | None, tuple[str, ...]]    # the axis, -1 if it is the last; and remarks


def recognise(pair: Pair, x: Array, y: Array, rng: "np.random.Generator") -> Verdict:
    """Say along which axis f is softmax, or None; and, if nearly, what it is."""
    if not x.ndim:
        return None, ()
    points = [x, *(x + rng.random((2, *x.shape)).astype(x.dtype))]
    values = _look(pair, points, y)
    if not values:
        return None, ()
    points = [pair.put(point) for point in points]
    others = [axis for axis, n in enumerate(x.shape[:-1]) if n > 1]    # of one, any f of ones is
    for axis in (-1, *others):
        if all(_like(y, over(point, (axis,))).all()
               for point, y in zip(points, values, strict=True)):
            return _far_off(pair, x, axis)
    flat = x / (1 + np.abs(x))    # where sums are no longer those of their largest term
    values += _look(pair, [x, flat], y)[1:]
    points += [pair.put(flat)][:len(values) - len(points)]
    return None, tuple(filter(None, [nearly(points, values)]))


def _look(pair: Pair, points: list[Array], y: Array) -> list[Array]:
    """Evaluate f near by too, unless its value at x tells that it is none."""
    if y.shape != points[0].shape or (y < 0).any():
        return []
    try:
        with np.errstate(all="ignore"):
            return [y, *(evaluate(pair.value, point) for point in points[1:])]
    except ValueError:
        return []


def _like(y: Array, p: Array) -> Array:
    """Say where y is p, to rounding; NaN is not."""
    if y.shape != p.shape:
        return np.zeros(1, bool)
    return np.abs(y - p) <= 32 * np.finfo(p.dtype).eps


def _far_off(pair: Pair, x: Array, axis: int) -> Verdict:
    """Look at f with its first row far above the others."""
    this, point = each(axis, x.ndim), x.copy()
    _first(point, axis)[...] += 2 * (far(x) + np.abs(x).max())
    y, defined = _value(pair, point)
    off = ~_like(y, over(pair.put(point), (axis,)))
    above = off.shape == x.shape and _first(off, axis).any()
    where = "for large logits" if above else "far below another"
    if defined and off.any():
        return None, (f"f is not the softmax {this}: {where} it gives other numbers",)
    runs = ": a row is what runs along it" if x.ndim > 2 else ""
    notes = () if axis < 0 else (f"f is the softmax {this}{runs}",)
    if off.shape != x.shape or not off.any():
        return axis, notes
    if above:
        return axis, (*notes, f"f gives no numbers {where}: it is a softmax in need of a shift")
    lost = told("a row comes out as nan; is one maximum taken off all?", axis, x.ndim)
    return axis, (f"f is not the softmax {this}: {where}, {lost}",)


def _first(a: Array, axis: int) -> Array:
    """Return the first row."""
    return np.moveaxis(a, axis, -1)[(0,) * (a.ndim - 1)]


def _value(pair: Pair, x: Array) -> tuple[Array, bool]:
    """Return f(x), perhaps NaN, and whether it is what f may return."""
    try:
        with np.errstate(all="ignore"):
            return evaluate(pair.value, x), True
    except ValueError:
        y = as_array(pair.returned)    # None if f raised
        return (np.array(np.nan) if y is None else y), False
