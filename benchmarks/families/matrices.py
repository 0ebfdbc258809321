"""Maps, small nets and least squares."""

import numpy as np

from .drawing import Function, family, normal, pick, size


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


@family("two-layer net")
def _(rng, dtype):
    x = normal(rng, dtype, *rng.integers(1, 5, size=2), scale=size(rng, -1, 1))
    W, V = normal(rng, dtype, x.shape[-1], 3), normal(rng, dtype, 3, 2, scale=size(rng, -2, 3))
    return Function(
        lambda x: np.tanh(x @ W) @ V, lambda x, dp: (dp @ V.T * (1 - np.tanh(x @ W) ** 2)) @ W.T, x
    )


@family("recurrent net")
def _(rng, dtype):
    """Its weights, over a few steps."""
    T, d = rng.integers(1, 8), rng.integers(1, 4)
    steps, W = normal(rng, dtype, T, d), normal(rng, dtype, d, d, scale=size(rng, -1, 0.5))

    def states(W):
        held = [np.zeros(d, W.dtype)]
        for x in steps:
            held.append(np.tanh(W @ held[-1] + x))
        return held

    def vjp(W, dp):
        held, dW, dh = states(W), np.zeros_like(W), dp
        for before, after in zip(held[-2::-1], held[:0:-1], strict=True):
            dz = dh * (1 - after**2)
            dW = dW + np.outer(dz, before)
            dh = W.T @ dz
        return dW

    return Function(lambda W: states(W)[-1], vjp, W)


@family("x A x")
def _(rng, dtype):
    x = normal(rng, dtype, rng.integers(1, 6), scale=size(rng, -3, 3))
    A = normal(rng, dtype, len(x), len(x), scale=size(rng, -3, 3))
    return Function(lambda x: x @ A @ x, lambda x, d: d * (A + A.T) @ x, x)


@family("products of rows")
def _(rng, dtype):
    x = normal(rng, dtype, *rng.integers(1, 5, size=2), scale=size(rng, -2, 3))
    return Function(lambda x: x @ x.T, lambda x, dp: (dp + dp.T) @ x, x)


@family("inverse")
def _(rng, dtype):
    """Of a 2 x 2 matrix, by its formula."""

    def inverse(x):
        (a, b), (c, d) = x
        return np.array([[d, -b], [-c, a]]) / (a * d - b * c)

    x = normal(rng, dtype, 2, 2, scale=size(rng, -1, 2))
    return Function(inverse, lambda x, dp: -inverse(x).T @ dp @ inverse(x).T, x)


@family("polynomial fit")
def _(rng, dtype):
    """Least squares whose features are powers: the noise of large terms that cancel."""
    t, y = rng.uniform(0, size(rng, 0, 1.5), 6), normal(rng, dtype, 6)
    A = (t[:, None] ** np.arange(rng.integers(2, 5))).astype(dtype)
    w = normal(rng, dtype, A.shape[-1])
    return Function(
        lambda w: ((A @ w - y) ** 2).mean(), lambda w, d: d * 2 * A.T @ (A @ w - y) / 6, w
    )
