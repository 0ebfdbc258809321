"""The numbers of a gradient check: central differences of f beside the backward pass under test.

A column of J is measured at a time and meets every upstream, so J itself is never held. For
softmax the tolerance is derived; for any other f it is estimated from the steps h and h / 2, and
where the two do not settle nothing can be decided (doubts.py). Derived in notebooks 06 and 07.
"""

from typing import NamedTuple

import numpy as np

from .._inputs import Array
from ..formulas.forward import softmax
from .backward_pair import Case
from .differences import evaluate, slopes
from .noise import noise_of_values, room_for
from .tolerance import coarsest, estimated_tolerance, settles, softmax_tolerance
from .turned import turned

__all__ = ["Measured", "measure", "sweep", "unit"]


class Measured(NamedTuple):
    """One upstream, the gradient both ways, and the entry that is furthest off in tolerances."""

    dp: Array
    analytic: Array
    numeric: Array
    change: Array                          # of the measurement, when the step was halved
    tol: Array
    settled: bool
    worst: tuple[int, ...]
    noise: float = 0.0                     # of <dp, f>, as measured; 0 for softmax, in tol already
    hidden: float = 0.0                    # what noise and kinks may have moved the measurement
    beside: tuple["Measured", ...] = ()    # one for each upstream, where it was chosen of several

    @property
    def over(self) -> float:
        """The worst error in tolerances: above 1 is wrong."""
        return float(np.abs(self.analytic - self.numeric)[self.worst] / self.tol[self.worst])

    @property
    def told(self) -> "Measured":
        """This; but where all passes, the largest entry, with the first upstream.

        Which entry is off by most is then a matter of rounding, and so of the processor.
        """
        if self.over > 1:
            return self
        first = (self.beside or (self,))[0]
        size = np.abs(first.analytic)
        at = np.unravel_index(np.argmax(size >= 0.999 * size.max()), size.shape)   # not of a tie
        return first._replace(worst=tuple(map(int, at)))

    @property
    def sure(self) -> float:
        """What no error is above that passes, in any entry and with any upstream.

        Between a right gradient and its measurement lie a tolerance and what is hidden; a wrong
        one passes within a tolerance of the measurement.
        """
        return max(float(2 * each.tol.max()) + each.hidden for each in self.beside or (self,))


def measure(case: Case) -> Measured:
    """Measure dp J for every upstream and return the one that fits worst.

    Raises
    ------
    ValueError
        If f raises or returns no finite numbers at a nudged point: see `numerical_jacobian`.
    BackwardFailed
        If the backward pass raises.
    """
    y = evaluate(case.pair.value, case.x)
    full = _gradients(case, y, case.h)
    half = full if case.is_softmax else _gradients(case, y, case.h / 2)
    noise = [0.0] * len(full) if case.is_softmax else noise_of_values(case)
    judged = [_judge(case, y, *each)
              for each in zip(case.upstreams, full, half, noise, strict=True)]
    worst = max(judged, key=lambda measured: measured.over)
    return worst._replace(beside=tuple(judged), settled=all(m.settled for m in judged))


class _Gradient(NamedTuple):
    """dp J; how far its slopes ahead and behind are apart; the largest sum of |dp f| met."""

    dx: Array
    gaps: Array | None = None
    terms: float = 0.0


def _gradients(case: Case, y: Array, h: float) -> list[_Gradient]:
    """Measure dp J for several dp at once, a column of J at a time."""
    shape = (len(case.upstreams), *case.x.shape)
    if case.is_softmax:
        upstreams = [_centred(case, y, dp) for dp in case.upstreams]
        columns = [[(dp * slope).sum(dtype=float) for dp in upstreams]
                   for slope in slopes(case.pair.value, case.x, "central", h, y.shape)]
        return [_Gradient(dx) for dx in np.transpose(columns).reshape(shape)]
    ends, columns, gaps, terms = [], [], [], []

    def value(x: Array) -> Array:
        ends.append(np.array(case.pair.value(x)))    # its own: f may use one array for all
        return ends[-1]

    rows = np.array([np.ravel(dp) for dp in case.upstreams], float)
    for slope in slopes(value, case.x, "central", h, y.shape):
        ahead, behind = ends
        columns.append([(dp * slope).sum(dtype=float) for dp in case.upstreams])
        gaps.append(np.abs(rows @ np.ravel(ahead - 2 * y + behind)) / h)
        terms.append(np.abs(rows) @ np.ravel(np.maximum(np.abs(ahead), np.abs(behind))))
        ends.clear()
    return list(map(_Gradient, np.transpose(columns).reshape(shape),
                    np.transpose(gaps).reshape(shape), np.max(terms, axis=0).tolist()))


def _centred(case: Case, p: Array, dp: Array) -> Array:
    """Take <p, dp> off dp, where f is softmax: J is blind to it, and the noise is not.

    All probabilities of a row share the rounding of their sum, which <p, dp> would amplify.
    """
    return dp - (p * dp).sum(axis=case.axis, keepdims=True)


def _judge(case: Case, y: Array, dp: Array, full: _Gradient, half: _Gradient, noise: float
           ) -> Measured:
    u = coarsest(case.x, y) / 2
    size = float(np.abs(dp).max())
    if case.is_softmax:
        off = np.abs(y - turned(softmax, case.axis, -1)(case.logits))
        off = 4 * size * off.sum(axis=case.axis, keepdims=True) / case.h
        bound = turned(lambda x, dp: softmax_tolerance(x, dp, case.h), case.axis, -1)
        tol, settled, hidden = bound(case.x, dp) + off, True, 0.0
    else:
        terms = half.terms + size * float(np.abs(case.x).max())    # y may cancel x
        off = 16 * u * terms / case.h
        tol = estimated_tolerance(full.dx, half.dx, off, u, size)
        settled = settles(full.dx, half.dx, off)
        stays = half.gaps > 0.6 * full.gaps + off    # as at a kink: off by half of it at most
        hidden = room_for(noise, case.h) + float(half.gaps.max(where=stays, initial=0)) / 2
    analytic = case.dx(dp)
    worst = np.unravel_index(np.argmax(np.abs(analytic - half.dx) / tol), tol.shape)
    return Measured(dp, analytic, half.dx, full.dx - half.dx, tol, settled,
                    tuple(map(int, worst)), noise, hidden)


def unit(x: Array, at: tuple[int, ...]) -> Array:
    """Return the direction of one entry of x."""
    t = np.zeros_like(x)
    t[at] = 1
    return t


def sweep(case: Case, measured: Measured) -> tuple[Array, Array]:
    """Measure the worst entry again with every step from 2^-40 to 1.

    Returns
    -------
    steps, errors : (41,) ndarray
        How far each measurement is from the backward pass; NaN where it cannot be taken.
    """
    t, steps = unit(case.x, measured.worst), 2.0 ** np.arange(-40, 1)
    return steps, np.array([_error(case, measured, t, step) for step in steps])


def _error(case: Case, measured: Measured, t: Array, step: float) -> float:
    ahead, behind = (case.x + case.x.dtype.type(sign * step) * t for sign in (1, -1))
    taken = float((ahead - behind)[measured.worst])
    try:
        after, before = (evaluate(case.pair.value, x) for x in (ahead, behind))
    except ValueError:    # the step leaves the region where f is defined
        return np.nan
    change = np.sum(measured.dp * (after - before), dtype=float)
    return abs(change / taken - measured.analytic[measured.worst]) if taken else np.nan
