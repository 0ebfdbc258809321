"""What a family is, and what it draws with: arrays of any shape, size and layout."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

SHAPES = [(1,), (2,), (3,), (5,), (12,), (1, 4), (4, 3), (3, 5), (2, 10), (5, 1), (2, 3, 4),
          (1, 2, 5), (3, 2, 2), (2, 1, 3, 2), (1, 2, 2, 3)]  # fmt: skip


class Function(NamedTuple):
    """f(x) -> y, its right vjp(x, dp) -> dx, and where they are asked."""

    f: Callable
    vjp: Callable
    x: np.ndarray


FAMILIES: dict[str, Callable[..., Function]] = {}


def family(name: str) -> Callable:
    """Enter what draws a Function under its name."""

    def enter(draw: Callable) -> Callable:
        FAMILIES[name] = draw
        return draw

    return enter


def size(rng, low: float, high: float) -> float:
    """Draw a size, 10 to a power between the two."""
    return 10 ** rng.uniform(low, high)


def normal(rng, dtype, *shape: int, scale=1) -> np.ndarray:
    """Draw an array; scale may be one of its own for each entry."""
    return (scale * rng.standard_normal(shape)).astype(dtype)


def pick(rng, *things):
    """Draw one of them."""
    return things[rng.integers(len(things))]


def numbers(rng, dtype, low: float = -2, high: float = 2) -> np.ndarray:
    """Draw an array of any shape and size, one time in four away from 0."""
    x = normal(rng, dtype, *pick(rng, *SHAPES), scale=size(rng, low, high))
    return x + x.dtype.type(rng.normal() * size(rng, 0, high) if rng.random() < 0.25 else 0)


def positive(rng, dtype, low: float = -3, high: float = 3) -> np.ndarray:
    """Draw an array of numbers above 0."""
    x = size(rng, low, high) * np.exp(rng.standard_normal(pick(rng, *SHAPES)))
    return x.astype(dtype)


def along(axis: int, f: Callable, vjp: Callable, x: np.ndarray) -> Function:
    """Turn what works on the last axis to another one."""

    def to(a):
        return np.moveaxis(a, axis, -1)

    def back(a):
        return np.moveaxis(a, -1, axis)

    return Function(lambda x: back(f(to(x))), lambda x, dp: back(vjp(to(x), to(dp))), back(x))


def laid_out(rng, x: np.ndarray) -> np.ndarray:
    """Lay x out in memory as it came, one time in four in another way, at times read-only."""
    kind = rng.integers(12) if x.ndim else 3
    if kind == 0:
        x = np.asfortranarray(x)
    elif kind == 1:
        x = np.repeat(x, 2, axis=-1)[..., ::2]
    elif kind == 2:
        x = x[..., ::-1].copy()[..., ::-1]
    x.setflags(write=kind != 3)
    return x
