"""Say what f is, where it is nearly a softmax, from its values at a few points.

    c exp(a x) / (k + sum exp(a x))      softmax: a = c = 1, k = 0, the sum along one axis

The axes of the sum are tried in turn; a, then k or c, are fitted at one point. Only what all
points agree on, to rounding, is told.
"""

from collections.abc import Callable, Iterator
from itertools import combinations

import numpy as np

from .._inputs import Array
from .shares import digits
from .turned import each

__all__ = ["nearly", "over"]

BASES = {float(np.log(base)): base for base in (2, 10)}
Fit = tuple[Callable[[Array], Array], str]    # a function of x, and what it is


@np.errstate(all="ignore")
def over(x: Array, axes: tuple[int, ...]) -> Array:
    """Compute softmax along several axes together."""
    e = np.exp(x - x.max(axis=axes, keepdims=True))
    return e / e.sum(axis=axes, keepdims=True)


@np.errstate(all="ignore")
def nearly(points: list[Array], values: list[Array]) -> str:
    """Say which other function f is, or "" if nothing of this kind."""
    x, y = points[1], values[1]
    ndim, many = x.ndim, (1, *range(x.ndim, 1, -1))
    for axes in [(-1,), *(axes for n in many for axes in combinations(range(ndim), n))]:
        for p, words in _fitted(x, y, axes):
            if all(map(_close, values, map(p, points))):
                this = each(axes[0] if len(axes) == 1 else -1, ndim)
                return f"f is not the softmax {this}: {words}" if words else ""
    return ""


def _close(y: Array, p: Array) -> bool:
    return bool((np.abs(y - p) <= 256 * np.finfo(p.dtype).eps * y.max()).all())


def _fitted(x: Array, y: Array, axes: tuple[int, ...]) -> Iterator[Fit]:
    """Fit a, c and k to y along some axes; first with an a that one would write."""
    dx, dl = (_centred(v, y > 0, axes) for v in (x, np.log(y)))
    if dx.any():    # else one entry in each sum
        for a in (1.0, *BASES, float(np.vdot(dx, dl) / np.vdot(dx, dx))):
            yield from _of(a, x, y, axes)


def _of(a: float, x: Array, y: Array, axes: tuple[int, ...]) -> Iterator[Fit]:
    if abs(a) > 1e-3:    # else a constant
        yield (lambda z: over(a * z, axes)), _words(axes, x.ndim, a)
        for shift in (np.zeros_like, lambda z: z.max(axis=axes, keepdims=True), np.max):
            yield from _more_below(x, y, axes, a, shift)
        c = float(y.sum(dtype=float) / over(x, axes).sum(dtype=float))
        times = f"it is {digits(c)} times that"
        yield (lambda z: c * over(a * z, axes)), _words(axes, x.ndim, a, times)


def _centred(a: Array, there: Array, axes: tuple[int, ...]) -> Array:
    """Take the largest off, which holds an offset, then the mean; what is not there is as it."""
    z = np.where(there, a - a.max(axis=axes, keepdims=True), 0)
    return z - z.mean(axis=axes, keepdims=True, dtype=float)


def _more_below(x: Array, y: Array, axes: tuple[int, ...], a: float, shift: Callable
                ) -> Iterator[Fit]:
    """Fit k, which may stand beside the exponentials or, after a shift, beside smaller ones."""
    def parts(z):
        e = np.exp(a * (z - shift(z)))
        return e, e.sum(axis=axes, keepdims=True)

    e, s = parts(x)
    at = np.where(y > 0, s, np.inf).argmin()    # here k matters most
    k = float((e / y - s).flat[at])
    if 0 < k < 10:
        digits_of_k = 1 if k < 1e5 * np.finfo(x.dtype).eps else 3
        more = f"{k:.{digits_of_k}g} more stands in the denominator"
        yield (lambda z: parts(z)[0] / (k + parts(z)[1])), _words(axes, x.ndim, a, more)


def _words(axes: tuple[int, ...], ndim: int, a: float, more: str = "") -> str:
    together = ("for the whole array" if len(axes) == ndim else
                f"along axes {', '.join(map(str, axes[:-1]))} and {axes[-1]} together")
    return ", and ".join(filter(None, (
        f"it divides by one sum {together}" if len(axes) > 1 else "",
        f"it is that of {digits(a)} x{_meaning(a)}" if a != 1 else "", more)))


def _meaning(a: float) -> str:
    if a in BASES:
        return f", with {BASES[a]} in place of e"
    return f", a temperature of {digits(1 / a)}" if a > 0 else ""
