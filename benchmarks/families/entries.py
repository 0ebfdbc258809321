"""What works entry by entry: tame, steep, of sizes far apart, and with noise hidden inside."""

import math
from collections.abc import Callable

import numpy as np

from .drawing import SHAPES, Function, family, normal, numbers, pick, positive, size


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


ENTRIES = {  # f, its slope, and how x is drawn
    "softplus": (lambda x: np.logaddexp(0, x), sigmoid, numbers),
    "sigmoid": (sigmoid, lambda x: sigmoid(x) * (1 - sigmoid(x)), numbers),
    "tanh": (np.tanh, lambda x: 1 - np.tanh(x) ** 2, numbers),
    "abs": (np.abs, np.sign, numbers),
    "relu": (lambda x: np.maximum(x, 0), lambda x: x > 0, numbers),
    "sqrt": (np.sqrt, lambda x: 0.5 / np.sqrt(x), positive),
    "log": (np.log, lambda x: 1 / x, positive),
    "1 / x": (lambda x: 1 / x, lambda x: -1 / x**2, positive),
    "cube": (lambda x: x**3, lambda x: 3 * x**2, numbers),
    "exp": (np.exp, np.exp, lambda rng, dtype: numbers(rng, dtype, -3, 0.8)),
    "swish": (lambda x: x * sigmoid(x), lambda x: swish_slope(x, sigmoid(x)), numbers),
    "softsign": (lambda x: x / (1 + abs(x)), lambda x: 1 / (1 + abs(x)) ** 2, numbers),
    "log1p of x^2": (lambda x: np.log1p(x**2), lambda x: 2 * x / (1 + x**2), numbers),
    "gelu": (
        lambda x: 0.5 * x * (1 + np.tanh(bent(x))),
        lambda x: gelu_slope(x, np.tanh(bent(x))),
        numbers,
    ),
}


def swish_slope(x, s):
    return s + x * s * (1 - s)


def bent(x):
    return 0.7978845608028654 * (x + 0.044715 * x**3)


def gelu_slope(x, t):
    return 0.5 * (1 + t) + 0.5 * x * (1 - t**2) * 0.7978845608028654 * (1 + 0.134145 * x**2)


def entrywise(f: Callable, slope: Callable, x: np.ndarray) -> Function:
    return Function(f, lambda x, dp: dp * slope(x), x)


for name, (f, slope, place) in ENTRIES.items():
    family(name)(
        lambda rng, dtype, f=f, slope=slope, place=place: entrywise(f, slope, place(rng, dtype))
    )


@family("a single number")
def _(rng, dtype):
    f, slope, place = pick(rng, *ENTRIES.values())
    return entrywise(f, slope, np.array(place(rng, dtype).ravel()[0]))


@family("sin, fast")
def _(rng, dtype):
    w = size(rng, 0, 2)
    return entrywise(lambda x: np.sin(w * x), lambda x: w * np.cos(w * x), numbers(rng, dtype))


@family("noise hidden inside")
def _(rng, dtype):
    c = size(rng, 0, 8 if dtype == "float64" else 4)
    x = numbers(rng, dtype, -1, 1)
    kinds = [
        entrywise(lambda x: (c + np.sin(x)) - c, np.cos, x),
        entrywise(lambda x: (c - x**2) - c, lambda x: -2 * x, x),
        entrywise(lambda x: (x + c) ** 2 - c**2 - 2 * c * x, lambda x: 2 * x, x),
        entrywise(
            lambda x: np.sqrt(c + x**2) - math.sqrt(c), lambda x: x / np.sqrt(c + x**2), x
        ),
        Function(
            lambda x: (c + np.sin(x).sum()) - c, lambda x, d: d * np.cos(x), x
        ),
    ]  # fmt: skip
    return pick(rng, *kinds)


@family("sizes apart, of y")
def _(rng, dtype):
    x = numbers(rng, dtype, -1, 1)
    s = (10 ** rng.uniform(-6, 6, x.shape)).astype(dtype)
    return entrywise(lambda x: s * np.tanh(x), lambda x: s * (1 - np.tanh(x) ** 2), x)


@family("sizes apart, of x")
def _(rng, dtype):
    shape = pick(rng, *SHAPES)
    x = normal(rng, dtype, *shape, scale=10 ** rng.uniform(-3, 3, shape))
    kinds = [
        Function(lambda x: (x**2).sum(axis=-1), lambda x, d: 2 * d[..., None] * x, x),
        entrywise(lambda x: x**2, lambda x: 2 * x, x),
        entrywise(np.arctan, lambda x: 1 / (1 + x**2), x),
    ]
    return pick(rng, *kinds)


def narrow(x):
    return x.astype(np.float32) if x.dtype == np.float64 else x


@family("float32 inside f")
def _(rng, _):
    """As by way of a framework whose default that is; its backward pass has all digits."""
    x, w = numbers(rng, "float64", -1, 1), np.float32(rng.normal())
    kinds = [
        entrywise(lambda x: np.tanh(w * narrow(x)), lambda x: w * (1 - np.tanh(w * x) ** 2), x),
        entrywise(lambda x: np.sin(narrow(x)).astype(x.dtype), np.cos, x),
        Function(
            lambda x: (narrow(x) ** 2).mean(axis=-1),
            lambda x, d: 2 * x * d[..., None] / x.shape[-1],
            x,
        ),
    ]
    return pick(rng, *kinds)
