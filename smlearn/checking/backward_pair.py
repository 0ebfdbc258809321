"""A function and its backward pass, in whichever of the two forms the field writes them.

    f(x) -> y,          vjp(x, dp) -> dx
    f(x) -> (y, cache), vjp(dp, cache) -> dx

A learner's pair is used as it stands; evaluations of f are counted.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from .._contents import snapshot
from .._inputs import Array, real
from .._refusals import refusal

__all__ = ["BackwardFailed", "Case", "Pair", "upstreams_for"]


class BackwardFailed(ValueError):
    """The backward pass under test raised, or returned what is no gradient; says so in a line."""


class Pair:
    """Both forms in one: value(x) for the output, and dx(x, dp) for the gradient."""

    def __init__(self, f: Callable, vjp: Callable):
        self.f, self.vjp, self.n_evals = f, vjp, 0
        self._cached = None            # not asked yet

    def _forward(self, x: Array) -> tuple[Array, object, bool]:
        self.n_evals += 1
        y = self.f(x)
        cached = isinstance(y, tuple) and len(y) == 2
        return (*y, True) if cached else (y, None, False)

    def value(self, x: Array) -> Array:
        """Return f(x), without the cache."""
        return self._forward(x)[0]

    def call(self, x: Array, dp: Array):
        """Return what the backward pass returns. Nothing is copied: it may leave traces."""
        return self.vjp(dp, self._forward(x)[1]) if self.cached(x) else self.vjp(x, dp)

    def cached(self, x: Array) -> bool:
        """Say whether f returns a cache; asked of f once."""
        if self._cached is None:
            self._cached = self._forward(x)[2]
        return self._cached

    def pull(self, x: Array, dp: Array):
        """Call the backward pass on the arrays themselves.

        Raises
        ------
        BackwardFailed
            In place of whatever it raises.
        """
        return self._guarded(lambda: self.call(x, dp))

    def dx(self, x: Array, dp: Array) -> Array:
        """Pull with copies, so that x and dp stay as they are; what comes back is a gradient, new.

        Raises
        ------
        BackwardFailed
            As `pull`; if what comes back is not an array of numbers in the shape of x.
        """
        dx = self.pull(x.copy(), dp.copy())
        if dx is None:
            raise BackwardFailed("vjp returned None; is there a return?")
        if not isinstance(dx, np.ndarray | np.generic):
            raise BackwardFailed(f"vjp returned a {type(dx).__name__}; return an array")
        if dx.shape != x.shape:
            raise BackwardFailed(f"dx must have the shape of x, {x.shape}, but has {dx.shape}")
        if dx.dtype.kind != "f" or dx.dtype.itemsize < x.dtype.itemsize:
            raise BackwardFailed(f"dx must hold at least {x.dtype}, but holds {dx.dtype}")
        return np.array(dx)    # its own: the next call may write into the one that came back

    def caches(self, x: Array, dp: Array) -> tuple[dict, dict]:
        """Pull, and return what the cache held before and what it holds after."""
        if not self.cached(x):
            self.pull(x, dp)
            return {}, {}
        _, cache, _ = self._forward(x)
        before = snapshot(cache)
        self._guarded(lambda: self.vjp(dp, cache))
        return before, snapshot(cache)

    def _guarded(self, backward: Callable):
        try:
            return backward()
        except Exception as error:    # a learner's code may raise anything, and that is a finding
            raise BackwardFailed(f"vjp raised {type(error).__name__}: {error}") from error


class Case(NamedTuple):
    """What every check of one gradcheck looks at."""

    pair: Pair
    x: Array
    upstreams: list[Array]
    rng: "np.random.Generator"
    h: float
    is_softmax: bool

    def dx(self, dp: Array) -> Array:
        """Pull dp back at x."""
        return self.pair.dx(self.x, dp)


def upstreams_for(y: Array, dp: Array | None, rng: "np.random.Generator") -> list[Array]:
    """Return the upstreams to use: the one given, or two random ones and a one-hot per row.

    Raises
    ------
    TypeError
        If the one given does not hold real numbers.
    ValueError
        If y is empty; if the one given has another shape, is not finite, or is too large to be
        squared twice.
    """
    if not y.size:
        raise refusal(ValueError, f"f must return at least one number, but got shape {y.shape}; "
                      "there is nothing to pull back")
    if dp is not None:
        dp = real("dp", dp).astype(y.dtype)
        if dp.shape != y.shape:
            raise refusal(ValueError, f"dp must have the shape of f(x), {y.shape}, "
                          f"but got {dp.shape}; give it one number per output, or leave it out")
        if not np.isfinite(dp).all():
            raise refusal(ValueError, f"dp must be finite, but got {dp[~np.isfinite(dp)][0]}; "
                          "find the step that made it, or leave it out")
        if np.abs(dp).max() > (most := float(np.finfo(y.dtype).max) ** 0.25):
            raise refusal(ValueError, f"dp must stay below {most:.0e}, but got "
                          f"{np.abs(dp).max():.3g}; scale it down, since dx is linear in dp")
        return [dp]
    upstreams = [rng.standard_normal(y.shape).astype(y.dtype) for _ in range(2)]
    if y.ndim:
        k = rng.integers(y.shape[-1], size=(*y.shape[:-1], 1))
        one_hot = np.zeros(y.shape, y.dtype)
        np.put_along_axis(one_hot, k, 1, axis=-1)
        upstreams.append(one_hot)
    return upstreams
