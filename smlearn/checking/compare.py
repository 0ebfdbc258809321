"""The numbers of a gradient check: central differences of f beside the backward pass under test.

A column of J is measured at a time and meets every upstream, so J itself is never held. For
softmax the tolerance is derived; for any other f it is estimated from the steps h and h / 2, and
where the two do not settle nothing can be decided. Derived in notebooks 06 and 07.
"""

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from .._inputs import Array
from ..formulas.forward import softmax
from .backward_pair import Case
from .differences import evaluate, slopes
from .tolerance import estimated_tolerance, settles, softmax_tolerance

__all__ = ["Measured", "bends_smoothly", "measure", "sweep"]


class Measured(NamedTuple):
    """One upstream, the gradient both ways, and the entry that is furthest off in tolerances."""

    dp: Array
    analytic: Array
    numeric: Array
    tol: Array
    settled: bool
    worst: tuple[int, ...]
    beside: tuple["Measured", ...] = ()    # one for each upstream, where it was chosen of several

    @property
    def over(self) -> float:
        """The worst error in tolerances: above 1 is wrong."""
        return float(np.abs(self.analytic - self.numeric)[self.worst] / self.tol[self.worst])


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
    judged = [_judge(case, y, *each) for each in zip(case.upstreams, full, half, strict=True)]
    return max(judged, key=lambda measured: measured.over)._replace(beside=tuple(judged))


def _gradients(case: Case, y: Array, h: float) -> list[Array]:
    """Measure dp J for several dp at once, a column of J at a time."""
    upstreams, shape = [_centred(case, y, dp) for dp in case.upstreams], y.shape
    columns = [[(dp * slope).sum(dtype=float) for dp in upstreams]
               for slope in slopes(case.pair.value, case.x, "central", h, shape)]
    return list(np.transpose(columns).reshape(-1, *case.x.shape))


def _centred(case: Case, p: Array, dp: Array) -> Array:
    """Take <p, dp> off dp where f is softmax: J is blind to it, and the noise is not.

    All probabilities of a row share the rounding of their sum, which <p, dp> would amplify.
    """
    if not case.is_softmax:
        return dp
    return dp - (p * dp).sum(axis=-1, keepdims=True)


def _judge(case: Case, y: Array, dp: Array, full: Array, half: Array) -> Measured:
    u = np.finfo(case.x.dtype).eps / 2
    size = float(np.abs(dp).max())
    if case.is_softmax:
        noise = 4 * size * np.abs(y - softmax(case.logits)).sum(axis=-1, keepdims=True) / case.h
        tol, settled = softmax_tolerance(case.x, dp, case.h) + noise, True
    else:
        terms = float(np.sum(np.abs(dp * y)) + size * np.abs(case.x).max())    # y may cancel x
        noise = 16 * u * terms / case.h
        tol = estimated_tolerance(full, half, noise, u, size)
        settled = settles(full, half, noise)
    analytic = case.dx(dp)
    worst = np.unravel_index(np.argmax(np.abs(analytic - half) / tol), tol.shape)
    return Measured(dp, analytic, half, tol, settled, tuple(map(int, worst)))


def bends_smoothly(case: Case, measured: Measured) -> bool:
    """Say whether f is smooth along the worst entry: near a kink a difference proves nothing.

    The two one-sided slopes differ by h f'' where f is smooth, so the gap halves with h. At a kink
    it stays; near one it ends as soon as the steps no longer reach it, and until then the
    measurement is off by at most half of it.
    """
    t = np.zeros_like(case.x)
    t[measured.worst] = 1
    y = evaluate(case.pair.value, case.x)
    error = np.abs(measured.analytic - measured.numeric)[measured.worst]
    noise = 32 * np.finfo(case.x.dtype).eps * float(np.sum(np.abs(measured.dp * y))) / case.h
    gaps = [_gap(case, measured.dp, y, t, case.h / 2**k) for k in range(4)]
    slack = 8 * noise    # of the narrowest step
    for wide, narrow in pairwise(gaps):
        ends = narrow < 0.25 * wide - slack and error <= gaps[1]
        if ends or narrow > 0.75 * wide + slack:
            return False
    return True


def _gap(case: Case, dp: Array, y: Array, t: Array, h: float) -> float:
    """Measure how far apart the slopes ahead and behind are, along t."""
    ahead, behind = (evaluate(case.pair.value, case.x + case.x.dtype.type(s) * t)
                     for s in (h, -h))
    return abs(float(np.sum(dp * (ahead - 2 * y + behind)))) / h


def sweep(case: Case, measured: Measured) -> tuple[Array, Array]:
    """Measure the worst entry again with every step from 2^-40 to 1.

    Returns
    -------
    steps, errors : (41,) ndarray
        How far each measurement is from the backward pass; NaN where it cannot be taken.
    """
    t = np.zeros_like(case.x)
    t[measured.worst] = 1
    steps = 2.0 ** np.arange(-40, 1)
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
