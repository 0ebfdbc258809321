"""Right backward passes, written in all the ways that people write them."""

import numpy as np

from smlearn import (
    softmax,
    softmax_backward,
    softmax_forward,
    softmax_jacobian_einsum,
    softmax_jacobian_loop,
    softmax_vjp,
    staged_backward,
    staged_forward,
)


def textbook(x, dp):
    p = softmax(x)
    return p * (dp - (p * dp).sum(axis=-1, keepdims=True))


def by_einsum(x, dp):
    rows, upstream = x.reshape(-1, x.shape[-1]), dp.reshape(-1, x.shape[-1])
    return np.einsum("bj,bjk->bk", upstream, softmax_jacobian_einsum(rows)).reshape(x.shape)


def by_loop(x, dp):
    pages = softmax_jacobian_loop(x.reshape(-1, x.shape[-1]))
    rows = [row @ J for row, J in zip(dp.reshape(-1, x.shape[-1]), pages, strict=True)]
    return np.reshape(rows, x.shape).astype(x.dtype)


FORMS = {
    "closed form": (softmax, softmax_vjp),
    "textbook": (softmax, textbook),
    "einsum": (softmax, by_einsum),
    "loop": (softmax, by_loop),
    "cached pair": (softmax_forward, softmax_backward),
    "staged pair": (staged_forward, staged_backward),
}

VJPS = {  # the same as functions of x and dp
    **{name: vjp for name, (f, vjp) in FORMS.items() if f is softmax},
    "cached pair": lambda x, dp: softmax_backward(dp, softmax_forward(x)[1]),
    "staged pair": lambda x, dp: staged_backward(dp, staged_forward(x)[1]),
}
