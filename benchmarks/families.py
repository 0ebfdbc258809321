"""Functions with their right backward passes, of many families, drawn at random.

    FAMILIES[name](rng, dtype) -> Function(f, vjp, x)

All of them are written as people write them, in the precision of x and in the textbook's form, so
that their rounding is that of honest code. With x and dp in a wider precision the same vjp says
what is true. x is where f is asked: often tame, at times far off, tiny, saturated or near a kink.
"""

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

import smlearn

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


# Softmax and what is built on it.


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


# Entry by entry.


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
}


def entrywise(f: Callable, slope: Callable, x: np.ndarray) -> Function:
    return Function(f, lambda x, dp: dp * slope(x), x)


for name, (f, slope, place) in ENTRIES.items():
    family(name)(
        lambda rng, dtype, f=f, slope=slope, place=place: entrywise(f, slope, place(rng, dtype))
    )


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


# With kinks, and near them.


def sort_vjp(x, dp):
    dx = np.empty_like(dp)
    np.put_along_axis(dx, np.argsort(x, axis=-1, kind="stable"), dp, axis=-1)
    return dx


def largest_vjp(x, d):
    dx = np.zeros(x.shape, d.dtype)
    np.put_along_axis(dx, x.argmax(axis=-1)[..., None], d[..., None], axis=-1)
    return dx


KINKED = [
    (np.abs, lambda x, dp: np.sign(x) * dp),
    (lambda x: np.maximum(x, 0), lambda x, dp: (x > 0) * dp),
    (lambda x: np.where(x > 0, x, 0.125 * x), lambda x, dp: np.where(x > 0, dp, 0.125 * dp)),
    (lambda x: np.abs(x).sum(axis=-1), lambda x, d: np.sign(x) * d[..., None]),
    (lambda x: np.clip(x, 0, 40), lambda x, dp: ((x > 0) & (x < 40)) * dp),
    (lambda x: np.sort(x, axis=-1), sort_vjp),
    (lambda x: x.max(axis=-1), largest_vjp),
    (lambda x: np.maximum(x, 0) ** 2, lambda x, dp: 2 * np.maximum(x, 0) * dp),
]


@family("sort")
def _(rng, dtype):
    return Function(lambda x: np.sort(x, axis=-1), sort_vjp, numbers(rng, dtype, -1, 3))


@family("largest of a row")
def _(rng, dtype):
    return Function(lambda x: x.max(axis=-1), largest_vjp, numbers(rng, dtype, -1, 3))


@family("a kink near by")
def _(rng, dtype):
    large = size(rng, 0, 7.7 if dtype == "float64" else 3)
    near = rng.choice([-1, 1]) * size(rng, -8, 0) * (rng.random() < 0.95)
    x = np.full(rng.integers(2, 12), large)
    x[rng.integers(len(x))] = near
    return Function(*pick(rng, *KINKED), x.astype(dtype))


@family("relu of a map")
def _(rng, dtype):
    x = normal(rng, dtype, *rng.integers(1, 5, size=2), scale=size(rng, -1, 2))
    W = normal(rng, dtype, x.shape[-1], rng.integers(1, 5))
    return Function(lambda x: np.maximum(x @ W, 0), lambda x, dp: ((x @ W > 0) * dp) @ W.T, x)


# Means, sums and products of a row.


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


# Matrices.


@family("matmul")
def _(rng, dtype):
    T, d, e = rng.integers(1, 6, size=3)
    if rng.random() < 0.1:
        T, d = 1, rng.integers(200, 600)
    x = normal(rng, dtype, T, d, scale=size(rng, -2, 2))
    W = normal(rng, dtype, d, e, scale=size(rng, -3, 3))
    right = Function(lambda x: x @ W, lambda x, dp: dp @ W.T, x)
    left = Function(lambda x: W.T @ x, lambda x, dp: W @ dp, np.ascontiguousarray(x.T))
    return pick(rng, left, right)


@family("weights in float64")
def _(rng, dtype):
    x, V = normal(rng, dtype, *rng.integers(1, 5, size=2)), rng.standard_normal((3, 2))
    W = rng.standard_normal((x.shape[-1], 3)) * size(rng, -1, 1)
    return Function(
        lambda x: np.tanh(x @ W) @ V, lambda x, dp: (dp @ V.T * (1 - np.tanh(x @ W) ** 2)) @ W.T, x
    )


@family("least squares")
def _(rng, dtype):
    N, d = rng.integers(2, 9), rng.integers(1, 6)
    sizes = 10 ** rng.uniform(0, 5, d)
    A, y = normal(rng, dtype, N, d, scale=sizes), normal(rng, dtype, N)
    w = normal(rng, dtype, d, scale=pick(rng, 1, 1 / sizes))
    return Function(
        lambda w: ((A @ w - y) ** 2).mean(), lambda w, d: d * 2 * A.T @ (A @ w - y) / N, w
    )


@family("convolution")
def _(rng, dtype):
    kernel = normal(rng, dtype, 3, scale=size(rng, -2, 2))
    return Function(
        lambda x: np.convolve(x, kernel, "same"),
        lambda x, dp: np.convolve(dp, kernel[::-1], "same"),
        normal(rng, dtype, rng.integers(3, 12), scale=size(rng, -2, 2)),
    )
