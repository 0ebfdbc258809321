"""The columns of J, measured at x, beside what a backward pass gave for each upstream.

    J is (M, N), for M outputs and N entries of x;  dp is (K, M) and dx (K, N), a row each

What measures dp J (compare.py) forgets the columns; here they are held, and so only where they
are few.
"""

from typing import NamedTuple

import numpy as np

from .._inputs import Array
from .backward_pair import Case
from .differences import evaluate, slopes
from .tolerance import estimated_tolerance

__all__ = ["LARGEST", "Columns", "jacobian", "look_at"]

LARGEST = 2**20    # numbers of J that are held


class Columns(NamedTuple):
    """J, measured at x, beside what came back for each upstream."""

    case: Case
    x: Array      # (...) as f takes it
    y: Array      # (...) as f gives it
    J: Array      # (M, N)
    dp: Array     # (K, M)
    dx: Array     # (K, N)
    near: Array   # (K, N)  how far off each entry of a right dx may be

    @property
    def tol(self) -> Array:
        """The widest of these for each upstream, (K, 1)."""
        return self.near.max(axis=1, keepdims=True)

    @property
    def right(self) -> Array:
        """What dx should be, (K, N)."""
        return self.dp @ self.J

    @property
    def square(self) -> bool:
        """Whether x and y have one shape, so that dp and dx do."""
        return self.x.shape == self.y.shape

    def fits(self, dx: Array) -> bool:
        """Say whether yours is this for every upstream, and this is not what is right."""
        room = 4 * self.tol
        return bool((np.abs(self.dx - dx) <= room).all()
                    and (np.abs(self.right - dx) > room).any())


def look_at(case: Case) -> Columns:
    """Measure J at h and h / 2, and pull back every upstream; one alone gets company.

    Raises
    ------
    ValueError
        If f gives no finite numbers at a nudged point: see `numerical_jacobian`.
    BackwardFailed
        If the backward pass raises.
    """
    y = evaluate(case.pair.value, case.x)
    more = np.random.default_rng(0).standard_normal(y.shape).astype(y.dtype)
    upstreams = case.upstreams if len(case.upstreams) > 1 else [*case.upstreams, more]
    dx = np.array([case.dx(dp).ravel() for dp in upstreams], dtype=float)
    dp = np.array([dp.ravel() for dp in upstreams], dtype=float)
    coarse, fine = jacobian(case, case.x, y, case.h), jacobian(case, case.x, y, case.h / 2)
    near = [_tolerance(case, y, d, d @ coarse, d @ fine) for d in dp]
    return Columns(case, case.x, y, fine, dp, dx, np.array(near))


def jacobian(case: Case, x: Array, y: Array, h: float) -> Array:
    """Measure J of f at any x, where f gives the shape of y: (M, N)."""
    columns = slopes(case.pair.value, x, "central", h, y.shape)
    return np.array([column.ravel() for column in columns], dtype=float).T


def _tolerance(case: Case, y: Array, dp: Array, coarse: Array, fine: Array) -> Array:
    u, size = np.finfo(case.x.dtype).eps / 2, np.abs(dp).max()
    terms = np.sum(np.abs(dp * y.ravel())) + size * np.abs(case.x).max()
    return estimated_tolerance(coarse, fine, float(16 * u * terms / case.h), u, float(size))
