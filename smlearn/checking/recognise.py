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
from .turned import called, each

__all__ = ["recognise"]

Verdict = tuple[int | None, tuple[str, ...]]    # the axis, -1 if it is the last; and remarks


def recognise(pair: Pair, x: Array, y: Array, rng: "np.random.Generator") -> Verdict:
    """Say along which axis f is softmax, or None; and, if nearly, what it is."""
    if not x.ndim:
        return None, ()
    near = x + rng.random((2, *x.shape)).astype(x.dtype)
    values = _look(pair, y, *near)
    if not values:
        return None, ()
    points = [pair.put(point) for point in (x, *near)]
    last = [-1] if x.shape[-1] > 1 or _with_another_class(pair, x) else []
    others = [axis for axis, n in enumerate(x.shape[:-1]) if n > 1]    # of one, any f of ones is
    for axis in (*last, *others):
        p = [over(point, (axis,)) for point in points]
        if all(map(_like, values, p)):
            return _far_off(pair, x, axis)
    flat = x / (1 + np.abs(x))    # here no exponential makes up the whole sum
    values += _look(pair, y, flat)[1:]
    return None, tuple(filter(None, [nearly([*points, pair.put(flat)], values)]))


def _with_another_class(pair: Pair, x: Array) -> bool:
    """Say whether f, which is 1 of one class, as many functions are, is softmax of two."""
    two = np.concatenate([x, x + 1], axis=-1)
    values = _look(Pair(pair.f, pair.vjp), np.ones_like(two), two)
    return len(values) == 2 and _like(values[1], over(two, (-1,)))


def _look(pair: Pair, y: Array, *points: Array) -> list[Array]:
    """Evaluate f at other points too, unless its value y at x tells that it is none."""
    if y.shape != points[0].shape or (y < 0).any():
        return []
    try:
        with np.errstate(all="ignore"):
            values = [y, *(evaluate(pair.value, point) for point in points)]
    except ValueError:
        return []
    return values if len({value.shape for value in values}) == 1 else []


def _like(y: Array, p: Array) -> bool:
    return not _off(y, p).any()


def _off(y: Array, p: Array) -> Array:
    """Say where y is not p, to rounding; NaN is not."""
    return ~(np.abs(y - p) <= 32 * np.finfo(p.dtype).eps)


def _far_off(pair: Pair, x: Array, axis: int) -> Verdict:
    """Look at f with its first row far above the others."""
    point, this = x.copy(), each(axis, x.ndim)
    _first(point, axis)[...] += 2 * (far(x) + np.abs(x).max())
    y, defined = _value(pair, point)
    runs = ": a row runs along it" if x.ndim > 2 else ", along axis 0"
    notes = () if axis == -1 else (f"f is the softmax {this}{runs}",)
    if np.shape(y) != x.shape:    # f raised: it does not take such numbers
        return axis, notes
    off = _off(y, over(pair.put(point), (axis,)))
    if not off.any():
        return axis, notes
    above = _first(off, axis).any()
    where = "for large logits" if above else "far below another"
    if defined:
        return None, (f"f is not the softmax {this}: {where} it gives other numbers",)
    if above:
        return axis, (*notes, f"f gives no numbers {where}: it is a softmax in need of a shift")
    lost = f"a {called(axis, x.ndim)} comes out as nan; is one maximum taken off all?"
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
        return as_array(pair.returned), False
