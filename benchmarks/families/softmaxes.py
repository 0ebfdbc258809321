"""Softmax and what is built on it, each with its backward pass in the textbook's form."""

import math
from collections.abc import Callable

import numpy as np

import smlearn

from .drawing import SHAPES, Function, along, family, normal, numbers, pick, size


def softmax(x):
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def softmax_vjp(x, dp):
    p = softmax(x)
    return p * (dp - (p * dp).sum(axis=-1, keepdims=True))


def logsumexp(x):
    top = x.max(axis=-1, keepdims=True)
    return (top + np.log(np.exp(x - top).sum(axis=-1, keepdims=True)))[..., 0]


def log_softmax(x):
    return x - logsumexp(x)[..., None]


def log_softmax_vjp(x, dp):
    return dp - softmax(x) * dp.sum(axis=-1, keepdims=True)


def logits(rng, dtype) -> np.ndarray:
    """Draw logits of any scale, offset, rank and number of classes."""
    wide = rng.random() < 0.03
    shape = pick(rng, (300,), (1, 200), (2, 100)) if wide else pick(rng, *SHAPES)
    offset = rng.normal() * size(rng, 0, 6 if dtype == "float64" else 4)
    x = normal(rng, dtype, *shape, scale=size(rng, -3, 3))
    return x + x.dtype.type(offset if rng.random() < 0.3 else 0)


def labels(rng, x) -> np.ndarray:
    """Draw a one-hot row for each row of x."""
    return np.eye(x.shape[-1], dtype=x.dtype)[rng.integers(x.shape[-1], size=x.shape[:-1])]


@family("softmax")
def _(rng, dtype):
    forms = [(softmax, softmax_vjp), (smlearn.softmax, smlearn.softmax_vjp)]
    x = logits(rng, dtype)
    return along(rng.integers(x.ndim), *pick(rng, *forms), x)


@family("softmax with -inf")
def _(rng, dtype):
    x = logits(rng, dtype)
    hidden = rng.random(x.shape) < 0.3
    hidden[..., 0] = False
    return Function(softmax, softmax_vjp, np.where(hidden, x.dtype.type(-np.inf), x))


@family("log-softmax")
def _(rng, dtype):
    forms = [(log_softmax, log_softmax_vjp), (smlearn.log_softmax, smlearn.log_softmax_vjp)]
    x = logits(rng, dtype)
    return along(rng.integers(x.ndim), *pick(rng, *forms), x)


@family("logsumexp")
def _(rng, dtype):
    return Function(logsumexp, lambda x, d: d[..., None] * softmax(x), logits(rng, dtype))


@family("cross-entropy, fused")
def _(rng, dtype):
    x = logits(rng, dtype)
    y = labels(rng, x)
    rows = Function(
        lambda x: -(y * log_softmax(x)).sum(axis=-1),
        lambda x, d: d[..., None] * (softmax(x) - y),
        x,
    )
    n = math.prod(x.shape[:-1])
    mean = Function(lambda x: rows.f(x).sum() / n, lambda x, d: d * (softmax(x) - y) / n, x)
    return pick(rng, rows, mean)


@family("cross-entropy of p")
def _(rng, dtype):
    p = rng.dirichlet(np.ones(rng.integers(2, 8)), rng.integers(1, 5))
    if rng.random() < 0.3:
        p[:, 0] *= size(rng, -6, 0)
    y = labels(rng, p.astype(dtype))
    return Function(
        lambda p: -(y * np.log(p)).sum(axis=-1),
        lambda p, d: -d[..., None] * y / p,
        p.astype(dtype),
    )


def attention(q, k, v):
    return softmax(q @ k.T / math.sqrt(q.shape[-1])) @ v


def attention_vjp(do, q, k, v):
    x = q @ k.T / math.sqrt(q.shape[-1])
    dx = softmax_vjp(x, do @ v.T) / math.sqrt(q.shape[-1])
    return dx @ k, dx.T @ q, softmax(x).T @ do


def streaming(do, *qkv, **options):
    return smlearn.streaming_backward(do, smlearn.streaming_forward(*qkv, **options)[1])


def queries_keys_values(rng, dtype) -> list[np.ndarray]:
    """Draw three arrays, the values at times large and all on one side."""
    T, S, d, e = rng.integers(1, 6, size=4)
    scale, large = size(rng, -2, 1), size(rng, -1, 3)
    v = normal(rng, dtype, S, e, scale=large) + np.dtype(dtype).type(large * rng.integers(3))
    return [normal(rng, dtype, T, d, scale=scale), normal(rng, dtype, S, d), v]


def in_one(part: int, forward: Callable, backward: Callable, qkv: list) -> Function:
    """Make it a function of one of the three."""

    def put(x):
        return [x if i == part else each for i, each in enumerate(qkv)]

    return Function(
        lambda x: forward(*put(x)), lambda x, do: backward(do, *put(x))[part], qkv[part]
    )


for part, letter in enumerate("qkv"):
    family(f"attention in {letter}")(
        lambda rng, dtype, part=part: in_one(
            part, attention, attention_vjp, queries_keys_values(rng, dtype)
        )
    )


@family("self-attention")
def _(rng, dtype):
    x = normal(rng, dtype, *rng.integers(1, 6, size=2), scale=size(rng, -2, 0.7))
    return Function(lambda x: attention(x, x, x), lambda x, do: sum(attention_vjp(do, x, x, x)), x)


@family("streaming_backward")
def _(rng, dtype):
    qkv, block = queries_keys_values(rng, dtype), int(rng.integers(1, 4))
    causal = bool(rng.random() < 0.3) and len(qkv[0]) == len(qkv[1])
    return in_one(
        rng.integers(3),
        lambda *qkv: smlearn.streaming_forward(*qkv, causal=causal, block=block)[0],
        lambda do, *qkv: streaming(do, *qkv, causal=causal, block=block),
        qkv,
    )


@family("softmax(x) @ v, large v")
def _(rng, dtype):
    x = numbers(rng, dtype, -2, 1)
    v = normal(rng, dtype, x.shape[-1], rng.integers(1, 4), scale=size(rng, 0, 6))
    return Function(lambda x: softmax(x) @ v, lambda x, dp: softmax_vjp(x, dp @ v.T), x)
