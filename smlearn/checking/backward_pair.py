"""A function and its backward pass, in whichever of the forms the field writes them.

    f(x) -> y,            vjp(x, dp) -> dx
    f(x) -> (y, cache),   vjp(dp, cache) -> dx
    f(x) -> y,            vjp(dp) -> dx, which lives on what the last f(x) kept
    f(x) -> (loss, dx)    alone

A learner's pair is used as it stands; evaluations of f are counted. Which form it is is found in
reading.py, how a backward pass is called in calling.py.
"""

from collections.abc import Callable
from functools import cached_property
from typing import NamedTuple

import numpy as np

from .._inputs import Array, real
from .._inputs import masked as is_masked
from .._misfits import a_thing, is_function, takes_one
from .._refusals import refusal
from .._snapshot import snapshot
from .calling import ALONE, WAYS, left_behind, places
from .turned import called

__all__ = ["BackwardFailed", "Case", "Pair", "generator", "one_hot", "upstreams_for"]


class BackwardFailed(ValueError):
    """The backward pass under test raised, or returned what is no gradient; says so in a line."""


OUTPUTS = ("output", "outputs", "out", "y")                          # where layers leave things
ANSWERS = ("dinputs", "dinput", "dx", "dX", "grad_input", "grad")


class Pair:
    """All forms in one: value(x) for the output, and dx(x, dp) for the gradient.

    `way` is how vjp is called. Where `keeps` holds it lives on the last forward, and f(x) is
    called before it. `masked` is True where x is -inf, whatever stands there; `returned` is the
    value as f returned it last.
    """

    def __init__(self, f: Callable, vjp: Callable | None, masked: Array | None = None):
        takes_one("f", f)
        is_function("vjp", f if vjp is None else vjp)
        self.f, self.vjp, self.masked, self.n_evals = f, vjp, masked, 0
        self._name = "f, for its gradient," if vjp is None else "vjp"
        self.way = None                # not asked yet
        self.keeps, self.second = False, None    # second: what came beside the value of f
        self.left_out = None           # outputs that are -inf, where x is

    @cached_property
    def places(self) -> range:
        """With how many arguments vjp can be called."""
        return places(self.vjp)

    def put(self, x: Array) -> Array:
        """Return x with its -inf."""
        return x if self.masked is None else np.where(self.masked, x.dtype.type(-np.inf), x)

    def _forward(self, x: Array) -> Array:
        self.n_evals, self.returned = self.n_evals + 1, None
        y = left_behind(lambda: self.f(x), (self.f,), OUTPUTS, None)
        paired = isinstance(y, tuple) and len(y) == 2
        self.way = self.way or self._usual_way(paired)
        self.returned, self.second = y if paired else (y, None)
        return self.returned

    def _usual_way(self, paired: bool) -> str:
        if self.vjp is None:
            return ALONE
        two = "vjp(dp, cache)" if paired else "vjp(x, dp)"
        return ("vjp()", "vjp(dp)", two)[self.places[-1]]

    def value(self, x: Array) -> Array:
        """Return f(x), without the cache; 0 where x and f(x) are -inf, which is left out."""
        y = self._forward(self.put(x))
        if self.masked is None or np.shape(y) != x.shape:
            return y
        self.left_out = self.masked & np.isneginf(y)
        return np.where(self.left_out, 0, y)

    def cached(self, x: Array) -> bool:
        """Say whether f returns what the gradient is made from; asked of f once."""
        if self.way is None:
            self.value(x)
        return self.way in ("vjp(dp, cache)", ALONE)

    def call(self, x: Array, dp: Array):
        """Return what the backward pass returns. Nothing is copied: it may leave traces."""
        if self.cached(x) or self.keeps:
            self._forward(x)
        return self.back(x, dp)

    def back(self, x: Array, dp: Array):
        """Call the backward pass, after whatever f was called with last."""
        owners = (self.vjp, self.f, self.second)
        return left_behind(lambda: WAYS[self.way](self.vjp, x, dp, self.second), owners,
                           ANSWERS, x.shape)

    def pull(self, x: Array, dp: Array):
        """Call the backward pass on the arrays themselves.

        Raises
        ------
        BackwardFailed
            In place of whatever it raises.
        """
        x = self.put(x)
        if self.left_out is not None:
            dp = np.where(self.left_out, dp.dtype.type(0), dp)
        try:
            return self._guarded(lambda: self.call(x, dp))
        except BackwardFailed as error:    # it may keep something for each x that f met: not this
            try:
                self._forward(x)
            except Exception:    # f is not defined there either
                raise error from None
            return self._guarded(lambda: self.back(x, dp))

    def dx(self, x: Array, dp: Array) -> Array:
        """Pull with copies, so that x and dp stay as they are; what comes back is a gradient, new.

        Raises
        ------
        BackwardFailed
            As `pull`; if what comes back is not an array of numbers in the shape of x, or not 0
            where x is -inf.
        """
        dx = self.pull(x.copy(), dp.copy())
        if dx is None:
            raise BackwardFailed(f"{self._name} returned None; is there a return?")
        if not isinstance(dx, np.ndarray | np.generic):
            more = ", one gradient at a time" * (isinstance(dx, tuple) and len(dx) > 1)
            raise BackwardFailed(f"{self._name} returned {a_thing(dx)}; return an array{more}")
        if is_masked(dx):
            raise BackwardFailed(f"{self._name} returned a masked array; return a plain one")
        if dx.shape != x.shape:
            raise BackwardFailed(f"dx must have the shape of x, {x.shape}, but has {dx.shape}")
        if dx.dtype.kind != "f" or dx.dtype.itemsize < x.dtype.itemsize:
            raise BackwardFailed(f"dx must hold at least {x.dtype}, but holds {dx.dtype}")
        if self.masked is not None and (bad := np.argwhere(self.masked & (dx != 0))).size:
            at = tuple(map(int, bad[0]))
            raise BackwardFailed(f"dx must be 0 where x is -inf, but is {dx[at]:.3g} at {at}")
        return np.array(dx)    # its own: the next call may write into the one that came back

    def spoils_cache(self, x: Array, dp: Array) -> bool:
        """Pull on the arrays themselves, and say whether anything in the cache was changed.

        A name that was added is not: a layer that is its own cache may store its answer. Nor is
        what f, called again, leaves as it is: it may store the next one, and count. And it may use
        up what its next forward makes anew.
        """
        if not self.cached(x):
            self._guarded(lambda: self.call(x, dp))
            return False
        self._forward(x)
        cache = self.second
        before = snapshot(cache)
        self._guarded(lambda: self.back(x, dp))
        after = snapshot(cache)
        changed = [way for way, held in before.items() if not _kept(held, after.get(way))]
        if changed:
            self._forward(x)
        if self.second is cache:
            changed = [way for way in changed if not _used_up(before[way], after.get(way))]
        again = snapshot(self.second)
        return any(again.get(way) == before[way] for way in changed)

    def _guarded(self, backward: Callable):
        try:
            return backward()
        except Exception as error:    # a learner's code may raise anything, and that is a finding
            raise BackwardFailed(f"{self._name} raised {type(error).__name__}: {error}") from error


def _kept(before, after) -> bool:
    """Say whether what was written down is still there, perhaps with more names beside it."""
    if isinstance(before, frozenset) and isinstance(after, frozenset):
        return before <= after and all(isinstance(name, str) for name in after - before)
    return before == after


def _used_up(before, after) -> bool:
    """Say whether what was written down went, and nothing came in its place."""
    return after in (None, "None") or (isinstance(after, frozenset) and after <= before)


class Case(NamedTuple):
    """What every check of one gradcheck looks at."""

    pair: Pair
    x: Array
    upstreams: list[Array]
    rng: "np.random.Generator"
    h: float
    is_softmax: bool
    notes: tuple[str, ...] = ()    # how f and its backward pass were read
    axis: int = -1                 # along which f is softmax

    @property
    def row(self) -> str:
        """The word for what softmax runs along."""
        return called(self.axis, self.x.ndim)

    @property
    def logits(self) -> Array:
        """x, with its -inf."""
        return self.pair.put(self.x)

    def dx(self, dp: Array) -> Array:
        """Pull dp back at x."""
        return self.pair.dx(self.x, dp)


def generator(rng) -> "np.random.Generator":
    """Return `rng`, or one with a fixed seed for None."""
    if rng is None:
        return np.random.default_rng(0)
    if not isinstance(rng, np.random.Generator):
        raise refusal(TypeError, f"rng must be a NumPy Generator, but got {type(rng).__name__}; "
                      "pass np.random.default_rng(0), or leave it out")
    return rng


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
        dp = real("dp", dp).astype(y.dtype, order="C")
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
    return [*upstreams, one_hot(y, -1, rng)] if y.ndim else upstreams


def one_hot(y: Array, axis: int, rng: "np.random.Generator") -> Array:
    """Return an upstream with a single 1 along an axis, at random."""
    k = rng.integers(y.shape[axis], size=y.take([0], axis).shape)
    dp = np.zeros(y.shape, y.dtype)
    np.put_along_axis(dp, k, 1, axis=axis)
    return dp
