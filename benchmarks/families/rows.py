"""Means, norms, sums and products of a row, and a choice of its entries."""

import numpy as np

from .drawing import SHAPES, Function, along, family, normal, numbers, pick, size
from .entries import entrywise


@family("variance in one pass")
def _(rng, dtype):
    x = normal(rng, dtype, *pick(rng, *SHAPES), scale=size(rng, -1, 1))
    x = x + x.dtype.type(rng.normal() * size(rng, 0, 6 if dtype == "float64" else 3))
    return Function(
        lambda x: (x**2).mean(axis=-1) - x.mean(axis=-1) ** 2,
        lambda x, d: 2 * d[..., None] * (x - x.mean(axis=-1, keepdims=True)) / x.shape[-1],
        x,
    )


def layer_norm(x):
    return (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + 1e-5)


def layer_norm_vjp(x, dp):
    y, sd = layer_norm(x), np.sqrt(x.var(-1, keepdims=True) + 1e-5)
    return (dp - dp.mean(-1, keepdims=True) - y * (dp * y).mean(-1, keepdims=True)) / sd


@family("layer norm")
def _(rng, dtype):
    return Function(layer_norm, layer_norm_vjp, numbers(rng, dtype, -3, 3))


@family("batch norm")
def _(rng, dtype):
    return along(0, layer_norm, layer_norm_vjp, numbers(rng, dtype, -2, 2))


def unit(x):
    return x / np.sqrt((x**2).sum(axis=-1, keepdims=True))


def unit_vjp(x, dp):
    y, length = unit(x), np.sqrt((x**2).sum(axis=-1, keepdims=True))
    return (dp - y * (dp * y).sum(axis=-1, keepdims=True)) / length


@family("rows of length 1")
def _(rng, dtype):
    return Function(unit, unit_vjp, numbers(rng, dtype, -1, 3))


@family("cumulative sum")
def _(rng, dtype):
    return Function(
        lambda x: x.cumsum(axis=-1),
        lambda x, dp: dp[..., ::-1].cumsum(axis=-1)[..., ::-1],
        numbers(rng, dtype),
    )


@family("product of a row")
def _(rng, dtype):
    x = numbers(rng, dtype, -1, 1)
    return Function(
        lambda x: x.prod(axis=-1), lambda x, d: (d * x.prod(axis=-1))[..., None] / x, x
    )


@family("some entries")
def _(rng, dtype):
    x = numbers(rng, dtype)
    at = rng.integers(x.shape[-1], size=rng.integers(1, 5))

    def vjp(x, dp):
        dx = np.zeros(x.shape, dp.dtype)
        np.add.at(dx, (..., at), dp)
        return dx

    return Function(lambda x: x[..., at], vjp, x)


@family("a constant")
def _(rng, dtype):
    return entrywise(lambda x: np.ones_like(x), np.zeros_like, numbers(rng, dtype))


@family("standard deviation")
def _(rng, dtype):
    x = numbers(rng, dtype, -2, 2)
    x[..., :1] += x.dtype.type(1)  # a row of one has none
    x = np.concatenate([x, -x[..., :1]], axis=-1)
    return Function(
        lambda x: x.std(axis=-1),
        lambda x, d: (
            (d / x.std(axis=-1) / x.shape[-1])[..., None] * (x - x.mean(axis=-1, keepdims=True))
        ),
        x,
    )


@family("moved about")
def _(rng, dtype):
    """Views: f hands back x itself, or another look at it; so does its backward pass."""
    kinds = [
        (lambda x: x, lambda x, dp: dp),
        (lambda x: x.T, lambda x, dp: dp.T),
        (lambda x: x.reshape(-1), lambda x, dp: dp.reshape(x.shape)),
        (lambda x: x[::-1], lambda x, dp: dp[::-1]),
        (lambda x: x.sum(axis=0), lambda x, dp: np.broadcast_to(dp, x.shape)),
        (lambda x: np.broadcast_to(x, (3, *x.shape)), lambda x, dp: dp.sum(axis=0)),
        (lambda x: np.concatenate([x, 2 * x]), lambda x, dp: dp[: len(x)] + 2 * dp[len(x) :]),
        (lambda x: -x, lambda x, dp: -dp),
    ]
    return Function(*pick(rng, *kinds), numbers(rng, dtype, -3, 4))


@family("dropout, fixed")
def _(rng, dtype):
    x = numbers(rng, dtype)
    kept = (rng.random(x.shape) < 0.7) / x.dtype.type(0.7)
    return entrywise(lambda x: kept * x, lambda x: kept, x)


@family("distances")
def _(rng, dtype):
    x = normal(rng, dtype, 3, rng.integers(1, 5), scale=size(rng, -1, 2))
    c = normal(rng, dtype, 2, x.shape[-1], scale=size(rng, -1, 2))

    def vjp(x, dp):
        gap = x[:, None] - c
        return (dp[..., None] * gap / np.sqrt((gap**2).sum(axis=-1, keepdims=True))).sum(axis=1)

    return Function(lambda x: np.sqrt(((x[:, None] - c) ** 2).sum(axis=-1)), vjp, x)


@family("cosine of rows")
def _(rng, dtype):
    x = numbers(rng, dtype, -1, 2)
    c = normal(rng, dtype, x.shape[-1])
    c /= np.sqrt((c**2).sum())
    return Function(lambda x: unit(x) @ c, lambda x, d: unit_vjp(x, d[..., None] * c), x)
