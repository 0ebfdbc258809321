"""The same rows and the same upstream through PyTorch, JAX, HIPS autograd and 80 digits.

Notebooks 08 to 08c ask for the backward passes of softmax and log-softmax, and for cross-entropy
with its gradient: three ways to other people's numbers, and one that decides where they differ.
"""

from typing import NamedTuple

import numpy as np

from .._inputs import Array
from ..penguins import FOUR_COSTS, four_birds
from .recorded import question

__all__ = ["LOSSES", "ROUTES", "ROWS", "Rows", "autograd_routes", "exact_routes", "jax_routes",
           "torch_routes"]

IGNORED = -100
LOSSES = {    # name: label smoothing, the rows that are ignored
    "mean": (0.0, ()),
    "smoothed": (0.25, ()),
    "ignored": (0.0, (1,)),
    "both": (0.25, (1,)),
}


class Rows(NamedTuple):
    """What is asked about; none of the arrays can be written to."""

    x: Array         # (B, D)  logits
    dp: Array        # (B, D)  upstream, of the probabilities or of their logarithms
    labels: Array    # (B,)


def _rows(x: Array, dp: Array, labels: list[int]) -> Rows:
    rows = Rows(np.array(x, float), np.array(dp, float), np.array(labels))
    for array in rows:
        array.flags.writeable = False
    return rows


ROWS = {
    "seed": _rows([[1, 2], [2, 5]], [[1, 3], [2, 4]], [0, 1]),
    "birds": _rows(four_birds(), FOUR_COSTS, [0, 1, 2, 2]),
    "sure birds": _rows(40 * four_birds(), np.add(FOUR_COSTS, 1), [0, 1, 2, 2]),
}


def labels_of(rows: Rows, ignored: tuple[int, ...]) -> Array:
    """Return the labels, with IGNORED where a row does not count."""
    labels = rows.labels.copy()
    labels[list(ignored)] = IGNORED
    return labels


def targets(rows: Rows, a: float, ignored: tuple[int, ...]) -> Array:
    """Return y of shape (B, D), smoothed and divided by the number of rows that count."""
    D = rows.x.shape[-1]
    y = (1 - a) * np.eye(D)[rows.labels] + a / D               # (B, D)
    y[list(ignored)] = 0
    return y / (len(y) - len(ignored))


def _asked(softmax_vjp, log_softmax_vjp, loss_and_gradient) -> dict:
    """Ask one framework about all the rows."""
    return {name: {
        "softmax": softmax_vjp(rows.x, rows.dp),
        "log-softmax": log_softmax_vjp(rows.x, rows.dp),
        "loss": {key: loss_and_gradient(rows, *how)[0] for key, how in LOSSES.items()},
        "gradient": {key: loss_and_gradient(rows, *how)[1] for key, how in LOSSES.items()},
    } for name, rows in ROWS.items()}


@question("torch")
def torch_routes() -> dict:
    """Ask PyTorch, in float64: softmax, log_softmax and cross_entropy of torch.nn.functional."""
    import torch
    from torch.nn import functional as F

    def pulled(f, x, dp):
        x = torch.tensor(x, requires_grad=True)
        return torch.autograd.grad(f(x), x, torch.tensor(dp))[0].tolist()

    def loss_and_gradient(rows, a, ignored):
        x = torch.tensor(rows.x, requires_grad=True)
        loss = F.cross_entropy(x, torch.tensor(labels_of(rows, ignored)), label_smoothing=a,
                               ignore_index=IGNORED)
        return loss.item(), torch.autograd.grad(loss, x)[0].tolist()

    return _asked(lambda x, dp: pulled(lambda x: F.softmax(x, dim=-1), x, dp),
                  lambda x, dp: pulled(lambda x: F.log_softmax(x, dim=-1), x, dp),
                  loss_and_gradient)


@question("jax")
def jax_routes() -> dict:
    """Ask JAX, in float64 for this once: jax.nn.softmax and jax.nn.log_softmax.

    Its loss is ours, -sum y log p: `targets` are handed to it, smoothed and divided already.
    """
    import jax

    def pulled(f, x, dp):
        return jax.vjp(lambda x: f(x, axis=-1), x)[1](jax.numpy.asarray(dp))[0].tolist()

    def loss_and_gradient(rows, a, ignored):
        y = targets(rows, a, ignored)
        both = jax.value_and_grad(lambda x: -(y * jax.nn.log_softmax(x, axis=-1)).sum())
        loss, dx = both(rows.x)
        return float(loss), dx.tolist()

    with jax.enable_x64(True):    # everybody else keeps JAX's float32
        return _asked(lambda x, dp: pulled(jax.nn.softmax, x, dp),
                      lambda x, dp: pulled(jax.nn.log_softmax, x, dp), loss_and_gradient)


@question("autograd")
def autograd_routes() -> dict:
    """Ask HIPS autograd, which has no softmax: it differentiates the definition written out.

    The definition is the shifted one, and in the loss y is handed to it, as to JAX: a second
    opinion on derivatives, and none on smoothing, ignored rows or the mean.
    """
    import autograd
    from autograd import numpy as anp
    from autograd.differential_operators import make_vjp

    def log_softmax(x):
        z = x - anp.max(x, axis=-1, keepdims=True)
        return z - anp.log(anp.sum(anp.exp(z), axis=-1, keepdims=True))

    def softmax(x):
        e = anp.exp(x - anp.max(x, axis=-1, keepdims=True))
        return e / anp.sum(e, axis=-1, keepdims=True)

    def loss_and_gradient(rows, a, ignored):
        y = targets(rows, a, ignored)

        def loss(x):
            return -anp.sum(y * log_softmax(x))

        return float(loss(rows.x)), autograd.grad(loss)(rows.x).tolist()

    return _asked(lambda x, dp: make_vjp(softmax)(x)[0](dp).tolist(),
                  lambda x, dp: make_vjp(log_softmax)(x)[0](dp).tolist(), loss_and_gradient)


@question("mpmath")
def exact_routes() -> dict:
    """Compute everything with 80 digits, as sums over pairs, which never form 1 - p.

    Each number is rounded once, at the end, to a double.
    """
    import mpmath
    from mpmath import fsum, mpf

    def rows_of(x, *others):
        for row, *rest in zip(x, *others, strict=True):
            e = [mpmath.exp(mpf(v) - mpf(max(row))) for v in row]
            yield [v / fsum(e) for v in e], mpmath.log1p(fsum(sorted(e)[:-1])), row, *rest

    def softmax_vjp(x, dp):    # p_i sum_k p_k (dp_i - dp_k)
        return [[float(a * fsum(b * (mpf(u) - mpf(v)) for b, v in zip(p, up, strict=True)))
                 for a, u in zip(p, up, strict=True)] for p, _, _, up in rows_of(x, dp)]

    def log_softmax_vjp(x, dp):    # sum_k (p_k dp_i - p_i dp_k)
        return [[float(fsum(p[k] * mpf(up[i]) - p[i] * mpf(up[k])
                            for k in range(len(p)) if k != i))
                 for i in range(len(p))] for p, _, _, up in rows_of(x, dp)]

    def loss_and_gradient(rows, a, ignored):
        y = targets(rows, mpf(a), ignored)
        loss = fsum(w * (mpf(max(row)) + rest - mpf(v)) for _, rest, row, weights
                    in rows_of(rows.x, y) for w, v in zip(weights, row, strict=True))
        return float(loss), log_softmax_vjp(rows.x, -y)

    with mpmath.workdps(80):
        return _asked(softmax_vjp, log_softmax_vjp, loss_and_gradient)


ROUTES = {"PyTorch": torch_routes, "JAX": jax_routes, "autograd": autograd_routes}
