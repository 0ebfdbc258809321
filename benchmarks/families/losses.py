"""One number, or one a row, as a loss is."""

import numpy as np

from .drawing import Function, family, normal, numbers, size
from .entries import sigmoid
from .softmaxes import labels, log_softmax, logits, softmax, softmax_vjp


@family("mean squared error")
def _(rng, dtype):
    x = numbers(rng, dtype, -2, 4)
    y = normal(rng, dtype, *x.shape, scale=size(rng, -2, 4))
    return Function(lambda x: ((x - y) ** 2).mean(), lambda x, d: d * 2 * (x - y) / x.size, x)


@family("binary cross-entropy")
def _(rng, dtype):
    x = numbers(rng, dtype)
    y = rng.integers(2, size=x.shape).astype(dtype)
    return Function(
        lambda x: (np.maximum(x, 0) - x * y + np.log1p(np.exp(-np.abs(x)))).mean(),
        lambda x, d: d * (sigmoid(x) - y) / x.size,
        x,
    )


@family("logistic regression")
def _(rng, dtype):
    """Its weights, with features as they come, up to 1e5."""
    N, d = rng.integers(2, 9), rng.integers(1, 6)
    sizes = 10 ** rng.uniform(0, 5, d)
    A, y = normal(rng, dtype, N, d, scale=sizes), rng.integers(2, size=N).astype(dtype)
    w = normal(rng, dtype, d, scale=size(rng, -1, 0.5) / sizes)
    return Function(
        lambda w: (np.logaddexp(0, A @ w) - y * (A @ w)).mean(),
        lambda w, d: d * A.T @ (sigmoid(A @ w) - y) / N,
        w,
    )


@family("hinge")
def _(rng, dtype):
    x = numbers(rng, dtype, 0, 3)
    y = rng.choice([-1.0, 1.0], x.shape).astype(dtype)
    return Function(
        lambda x: np.maximum(1 - y * x, 0).sum(axis=-1),
        lambda x, d: -y * (y * x < 1) * d[..., None],
        x,
    )


@family("huber")
def _(rng, dtype):
    x = numbers(rng, dtype, -1, 3)
    return Function(
        lambda x: np.where(np.abs(x) < 1, x**2 / 2, np.abs(x) - 0.5).mean(),
        lambda x, d: d * np.clip(x, -1, 1) / x.size,
        x,
    )


@family("gaussian likelihood")
def _(rng, dtype):
    """Of mean and log of the deviation, for data of any size."""
    y = normal(rng, dtype, 7, scale=size(rng, -1, 2))
    m, s = normal(rng, dtype, 2)

    def vjp(x, d):
        z = (y - x[0]) * np.exp(-x[1])
        return d * np.stack([-(z * np.exp(-x[1])).mean(), 1 - (z**2).mean()])

    return Function(
        lambda x: (((y - x[0]) * np.exp(-x[1])) ** 2 / 2).mean() + x[1],
        vjp,
        np.array([m, s + np.log(y.std())], dtype),
    )


@family("log(softmax + 1e-9)")
def _(rng, dtype):
    x = logits(rng, dtype)
    y = labels(rng, x)
    return Function(
        lambda x: -(y * np.log(softmax(x) + 1e-9)).sum(axis=-1),
        lambda x, d: softmax_vjp(x, -y * d[..., None] / (softmax(x) + 1e-9)),
        x,
    )


@family("focal loss")
def _(rng, dtype):
    x = logits(rng, dtype)
    y = labels(rng, x)

    def vjp(x, d):
        p, logp = softmax(x), log_softmax(x)
        return (
            softmax_vjp(x, y * (2 * (1 - p) * logp * d[..., None]))
            - (y * (1 - p) ** 2 - p * (y * (1 - p) ** 2).sum(axis=-1, keepdims=True))
            * d[..., None]
        )

    return Function(lambda x: -(y * (1 - softmax(x)) ** 2 * log_softmax(x)).sum(axis=-1), vjp, x)


@family("masked by -1e9")
def _(rng, dtype):
    x = logits(rng, dtype)
    hidden = (rng.random(x.shape) < 0.3) * x.dtype.type(-1e9)
    hidden[..., 0] = 0
    return Function(lambda x: softmax(x + hidden), lambda x, dp: softmax_vjp(x + hidden, dp), x)


@family("divergence of q from p")
def _(rng, dtype):
    x = logits(rng, dtype)
    q = softmax(normal(rng, dtype, *x.shape))
    return Function(
        lambda x: (q * (np.log(q) - log_softmax(x))).sum(axis=-1),
        lambda x, d: d[..., None] * (softmax(x) - q),
        x,
    )
