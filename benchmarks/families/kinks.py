"""What has kinks, where it has none, near them and at them: there no slope is the right one."""

import numpy as np

from .drawing import Function, family, normal, numbers, pick, size


def sort_vjp(x, dp):
    dx = np.empty_like(dp)
    np.put_along_axis(dx, np.argsort(x, axis=-1, kind="stable"), dp, axis=-1)
    return dx


def largest_vjp(x, d):
    dx = np.zeros(x.shape, d.dtype)
    np.put_along_axis(dx, x.argmax(axis=-1)[..., None], d[..., None], axis=-1)
    return dx


def median_vjp(x, d):
    middle = np.argsort(x, axis=-1, kind="stable")[..., x.shape[-1] // 2]
    dx = np.zeros(x.shape, d.dtype)
    np.put_along_axis(dx, middle[..., None], d[..., None], axis=-1)
    return dx


def median(x):
    return np.sort(x, axis=-1)[..., x.shape[-1] // 2]


ENTRYWISE = [
    (np.abs, lambda x, dp: np.sign(x) * dp),
    (lambda x: np.maximum(x, 0), lambda x, dp: (x > 0) * dp),
    (lambda x: np.where(x > 0, x, 0.125 * x), lambda x, dp: np.where(x > 0, dp, 0.125 * dp)),
    (lambda x: np.abs(x).sum(axis=-1), lambda x, d: np.sign(x) * d[..., None]),
    (lambda x: np.clip(x, 0, 40), lambda x, dp: ((x > 0) & (x < 40)) * dp),
    (lambda x: np.maximum(x, 0) ** 2, lambda x, dp: 2 * np.maximum(x, 0) * dp),
    (
        lambda x: np.where(x > 0, x, np.exp(np.minimum(x, 0)) - 1),
        lambda x, dp: dp * np.where(x > 0, 1, np.exp(np.minimum(x, 0))),
    ),
]
ORDERED = [
    (lambda x: np.sort(x, axis=-1), sort_vjp),
    (lambda x: x.max(axis=-1), largest_vjp),
    (median, median_vjp),
]
STEPS = [np.round, np.floor, np.sign, lambda x: (x > 0).astype(x.dtype)]


@family("ordered")
def _(rng, dtype):
    return Function(*pick(rng, *ORDERED), numbers(rng, dtype, -1, 3))


@family("ordered, nearly tied")
def _(rng, dtype):
    x = numbers(rng, dtype, 0, 3)
    near = size(rng, -8, 0) * (1 if dtype == "float64" else np.abs(x).max())
    x[..., -1] = x[..., 0] + x.dtype.type(near)
    return Function(*pick(rng, *ORDERED), x)


@family("ordered, tied")
def _(rng, dtype):
    """There no slope is right; within a tie of a sort both those along one entry are 0."""
    x = rng.integers(3, size=pick(rng, (5,), (2, 4), (12,))).astype(dtype)
    return Function(*pick(rng, *ORDERED), x)


@family("a kink near by")
def _(rng, dtype):
    large = size(rng, 0, 7.7 if dtype == "float64" else 3)
    near = rng.choice([-1, 1]) * size(rng, -8, 0) * (rng.random() < 0.95)
    x = np.full(rng.integers(2, 12), large)
    x[rng.integers(len(x))] = near
    return Function(*pick(rng, *ENTRYWISE), x.astype(dtype))


@family("kinks in all sizes")
def _(rng, dtype):
    shape = pick(rng, (1,), (3,), (5,), (2, 2))
    x = normal(rng, dtype, *shape, scale=10 ** rng.uniform(-8, 3, shape))
    return Function(*pick(rng, *ENTRYWISE), x)


@family("steps")
def _(rng, dtype):
    f = pick(rng, *STEPS)
    return Function(f, lambda x, dp: np.zeros_like(x) * dp, numbers(rng, dtype, 0, 3))


@family("relu of a map")
def _(rng, dtype):
    x = normal(rng, dtype, *rng.integers(1, 5, size=2), scale=size(rng, -1, 2))
    W = normal(rng, dtype, x.shape[-1], rng.integers(1, 5))
    return Function(lambda x: np.maximum(x @ W, 0), lambda x, dp: ((x @ W > 0) * dp) @ W.T, x)
