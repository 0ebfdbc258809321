"""How many digits of softmax's gradient, and of log-softmax, are right: notebook 09 asks.

Of us, PyTorch and JAX alike: 40 random rows of 8 classes, their logits times a scale, compared
with 80 digits. What is kept is the worst relative error of any entry that is a normal number.
"""

from collections.abc import Callable
from functools import cache

import numpy as np

from .._inputs import Array
from ..formulas.exact import exact_log_softmax, exact_vjp, worst_error
from .recorded import question

__all__ = ["PRECISIONS", "SCALES", "digit_rows", "jax_digits", "torch_digits", "worst_errors"]

SCALES = (1, 7, 10, 20, 40, 100)
PRECISIONS = ("float64", "float32")


def digit_rows(scale: float, precision: str = "float64") -> tuple[Array, Array]:
    """Return the rows that are asked about: logits of a scale, and upstream gradients.

    Parameters
    ----------
    scale : float
        How large the logits are.
    precision : str
        The name of a dtype.

    Returns
    -------
    x, dp : (40, 8) ndarray
        Normal random numbers, the same at every scale; x is `scale` times as large.

    Examples
    --------
    >>> x, dp = digit_rows(100, "float32")
    >>> x.shape, dp.dtype
    ((40, 8), dtype('float32'))
    """
    x, dp = np.random.default_rng(0).standard_normal((2, 40, 8))
    return (scale * x).astype(precision), dp.astype(precision)


def worst_errors(vjp: Callable[[Array, Array], Array], log_softmax: Callable[[Array], Array]
                 ) -> dict[str, dict[str, list[float]]]:
    """Return, for each precision, the worst errors of a backward and a log-softmax, by scale.

    Parameters
    ----------
    vjp : callable
        (x, dp) -> dx, arrays of one precision.
    log_softmax : callable
        From logits x to log p.

    Returns
    -------
    errors : dict of dict of list of float
        By precision, then by what was asked, one number a scale.
    """
    found = {}
    for precision in PRECISIONS:
        asked = [(*digit_rows(scale, precision), *_exact(scale, precision)) for scale in SCALES]
        found[precision] = {
            "backward": [worst_error(vjp(x, dp), dx) for x, dp, dx, _ in asked],
            "log_softmax": [worst_error(log_softmax(x), logp) for x, _, _, logp in asked]}
    return found


@cache
def _exact(scale: float, precision: str) -> tuple[Array, Array]:
    """Return dx and log p of `digit_rows` as Decimals; the logs take a while."""
    x, dp = digit_rows(scale, precision)
    return exact_vjp(x, dp), exact_log_softmax(x)


@question("torch")
def torch_digits() -> dict:
    """Ask PyTorch: the gradient of torch.softmax by autograd, and torch.log_softmax."""
    import torch

    def vjp(x, dp):
        logits = torch.tensor(x, requires_grad=True)
        return torch.autograd.grad(torch.softmax(logits, -1), logits, torch.tensor(dp))[0].numpy()

    return worst_errors(vjp, lambda x: torch.log_softmax(torch.tensor(x), -1).numpy())


@question("jax")
def jax_digits() -> dict:
    """Ask JAX: the gradient of jax.nn.softmax by jax.vjp, and jax.nn.log_softmax."""
    import jax

    def vjp(x, dp):
        return np.asarray(jax.vjp(jax.nn.softmax, x)[1](dp)[0])

    with jax.enable_x64(True):
        return worst_errors(vjp, lambda x: np.asarray(jax.nn.log_softmax(x)))
