"""What a gradient check is tried on: right and wrong backward passes; and the seed's check."""

import numpy as np

from ...formulas.backward import softmax_vjp
from ...formulas.forward import softmax
from ...mistakes.catalogue import MISTAKES
from ...penguins import four_birds
from ..task import rows

__all__ = ["CASES", "at_one_output"]

X, DP = four_birds(), rows(73, 4, 3)


def one_entry_off(k, by):
    """Return a backward that is right but for entry k."""
    def vjp(x, dp):
        dx = softmax_vjp(x, dp)
        dx[k] += by
        return dx
    return vjp


def at_one_output(f, vjp, x, dp):
    """Check each entry at the output with the same index, as the seed's check does."""
    measured, h = np.empty(x.shape), 2.0**-16
    for k in np.ndindex(x.shape):
        ahead, behind = x.copy(), x.copy()
        ahead[k] += h
        behind[k] -= h
        measured[k] = (f(ahead)[k] - f(behind)[k]) / (2 * h)
    return np.allclose(vjp(x, dp), dp * measured, rtol=0, atol=1e-7)


CASES = {    # f, vjp, x, dp
    "a right backward": (softmax, softmax_vjp, X, DP),
    "the seed's": (softmax, MISTAKES["seed_sum_backward"].vjp, X, DP),
    "one entry 3e-7 too large": (softmax, one_entry_off((0, 0), 3e-7), X, DP),
    "one entry too large": (softmax, one_entry_off((1, 1), 0.001), X, DP),
    "one entry too small": (softmax, one_entry_off((-1, -1), -0.001), X, DP),
    "a sum that agrees": (softmax, lambda x, dp: -softmax_vjp(x, dp), X, DP),
    "ones agree": (softmax, lambda x, dp: softmax_vjp(x, dp) + 0.1 * (dp - dp[:, :1]), X, DP),
    "a right backward, sure birds": (softmax, softmax_vjp, 40 * X, DP),
    "sin, right": (np.sin, lambda x, dp: dp * np.cos(x), X, DP),
    "sin, with the gradient of softmax": (np.sin, softmax_vjp, X, DP),
}
