"""Wrong backward passes made from a right one, each with an error of about a given size.

    KINDS[name](spoilt) -> vjp(x, dp)

Some are right at this x, or for some upstreams: what counts is measured, not meant.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np


class Spoilt(NamedTuple):
    """The right one, where it is asked, how large an error should be, and for what dx."""

    vjp: Callable
    x: np.ndarray
    y: np.ndarray
    size: float
    rng: np.random.Generator

    @property
    def usual(self) -> float:
        """How large dx is for an upstream of the usual size."""
        dp = np.random.default_rng(0).standard_normal(self.y.shape).astype(self.y.dtype)
        return float(np.abs(self.vjp(self.x, dp)).max()) or 1.0

    @property
    def share(self) -> float:
        """Which share of dx has that size."""
        return self.size / self.usual

    def some(self) -> np.ndarray:
        """Return a mask with one entry of x."""
        return (np.arange(self.x.size) == self.rng.integers(self.x.size)).reshape(self.x.shape)


def nothing(s: Spoilt) -> Callable:
    return s.vjp


def one_entry(s: Spoilt) -> Callable:
    """Another upstream leaks into it."""
    mask, weights = s.some(), s.rng.standard_normal(s.y.shape) * s.size
    return lambda x, dp: s.vjp(x, dp) + (mask * (weights * dp).sum()).astype(x.dtype)


def one_entry_scaled(s: Spoilt) -> Callable:
    c = np.where(s.some(), 1 + s.share, 1).astype(s.x.dtype)
    return lambda x, dp: c * s.vjp(x, dp)


def one_sign_turned(s: Spoilt) -> Callable:
    c = np.where(s.some(), -1, 1).astype(s.x.dtype)
    return lambda x, dp: c * s.vjp(x, dp)


def two_exchanged(s: Spoilt) -> Callable:
    order, pair = np.arange(s.x.size), s.rng.integers(s.x.size, size=2)
    order[pair] = order[pair[::-1]]
    return lambda x, dp: s.vjp(x, dp).reshape(-1)[order].reshape(x.shape)


def row_forgotten(s: Spoilt) -> Callable:
    row = s.rng.integers(len(s.x))
    kept = (np.arange(len(s.x)) != row).reshape(-1, *[1] * (s.x.ndim - 1))
    return lambda x, dp: kept * s.vjp(x, dp)


def rows_leak(s: Spoilt) -> Callable:
    c = s.x.dtype.type(s.share)

    def vjp(x, dp):
        dx = s.vjp(x, dp)
        return dx + c * np.roll(dx, 1, axis=0)

    return vjp


def factor(s: Spoilt) -> Callable:
    c = 1 + s.share
    return lambda x, dp: c * s.vjp(x, dp)


def divided_by_n(s: Spoilt) -> Callable:
    n = s.x.shape[s.rng.integers(s.x.ndim)]
    return lambda x, dp: s.vjp(x, dp) / n


def constant_added(s: Spoilt) -> Callable:
    c = s.x.dtype.type(s.size)
    return lambda x, dp: s.vjp(x, dp) + c


def squares_of_dp(s: Spoilt) -> Callable:
    c = s.x.dtype.type(s.size)
    return lambda x, dp: s.vjp(x, dp) + c * (dp * np.abs(dp)).mean().astype(x.dtype)


def clipped(s: Spoilt) -> Callable:
    most = max(s.usual - s.size, s.usual / 8)
    return lambda x, dp: np.clip(s.vjp(x, dp), -most, most)


def one_hots_alone(s: Spoilt) -> Callable:
    """Wrong only for an upstream without zeros."""
    c = 1 + s.share
    return lambda x, dp: (c if (dp != 0).all() else 1) * s.vjp(x, dp)


def one_hots_not(s: Spoilt) -> Callable:
    """Wrong only for an upstream with zeros."""
    c = 1 + s.share
    return lambda x, dp: (1 if (dp != 0).all() else c) * s.vjp(x, dp)


def at_ties(s: Spoilt) -> Callable:
    """Wrong where another entry of the row is equal."""
    c = s.x.dtype.type(s.share)

    def vjp(x, dp):
        tied = (x[..., None] == x[..., None, :]).sum(axis=-1) > 1
        return (1 + c * tied) * s.vjp(x, dp)

    return vjp


def at_the_largest(s: Spoilt) -> Callable:
    """Wrong at each row's largest entry."""
    c = s.x.dtype.type(s.share)
    return lambda x, dp: (1 + c * (x == x.max(axis=-1, keepdims=True))) * s.vjp(x, dp)


def at_whole_numbers(s: Spoilt) -> Callable:
    c = s.x.dtype.type(s.share)
    return lambda x, dp: (1 + c * (x == np.round(x))) * s.vjp(x, dp)


def far_off(s: Spoilt) -> Callable:
    """Wrong beyond some size, which this x may reach or not."""
    c = s.x.dtype.type(s.share)
    far = float(np.abs(s.x[np.isfinite(s.x)]).max()) * s.rng.uniform(0.5, 2)
    return lambda x, dp: (1 + c * (np.abs(x) > far)) * s.vjp(x, dp)


def near_zero(s: Spoilt) -> Callable:
    """Wrong close to 0, which this x may reach or not."""
    c = s.x.dtype.type(s.share)
    near = float(np.abs(s.x).min()) * s.rng.uniform(0.5, 2)
    return lambda x, dp: (1 + c * (np.abs(x) < near)) * s.vjp(x, dp)


def stale(s: Spoilt) -> Callable:
    """The gradient at another x, near by."""
    away = s.rng.standard_normal(s.x.shape) * 10 ** s.rng.uniform(-8, 0)
    away = away.astype(s.x.dtype)
    return lambda x, dp: s.vjp(x + away, dp)


def narrow_inside(s: Spoilt) -> Callable:
    """dx goes through half of the digits."""
    narrow = np.float32 if s.x.dtype == np.float64 else np.float16
    return lambda x, dp: s.vjp(x, dp).astype(narrow).astype(x.dtype)


def dp_rounded(s: Spoilt) -> Callable:
    """To so many binary places."""
    grid = 2.0 ** np.floor(np.log2(s.share))
    return lambda x, dp: s.vjp(x, (np.round(dp / grid) * grid).astype(dp.dtype))


KINDS = {
    kind.__name__.replace("_", " "): kind
    for kind in (nothing, one_entry, one_entry_scaled, one_sign_turned, two_exchanged,
                 row_forgotten, rows_leak, factor, divided_by_n, constant_added, squares_of_dp,
                 clipped, one_hots_alone, one_hots_not, at_ties, at_the_largest,
                 at_whole_numbers, far_off, near_zero, stale, narrow_inside, dp_rounded)
}  # fmt: skip
