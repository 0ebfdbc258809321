"""What a gradient check is tried on: right and wrong backward passes; and the seed's check."""

import numpy as np

from ...checking.differences import numerical_vjp
from ...formulas.backward import softmax_vjp
from ...formulas.forward import softmax
from ...mistakes.catalogue import MISTAKES
from ...penguins import four_birds
from ..task import rows

__all__ = ["CASES", "at_one_output", "last_turn", "seeds_own"]

X, DP = four_birds(), rows(73, 4, 3)
NEAR, WHOLE = 0.3 * X, np.arange(6.0).reshape(2, 3)    # no p is small; differences are exact
LABELS = np.eye(3)[[0, 1, 2, 2]]


def one_entry_off(k, by):
    """Return a backward that is right but for entry k."""
    def vjp(x, dp):
        dx = softmax_vjp(x, dp)
        dx[k] += by
        return dx
    return vjp


def _of_its_own_logit(f, x):
    """Measure how fast each output moves with the entry of x that has its index."""
    measured, h = np.empty(x.shape), 2.0**-16
    for k in np.ndindex(x.shape):
        ahead, behind = x.copy(), x.copy()
        ahead[k] += h
        behind[k] -= h
        measured[k] = (f(ahead)[k] - f(behind)[k]) / (2 * h)
    return measured


def at_one_output(f, vjp, x, dp):
    """Check each entry at the output with the same index."""
    return np.allclose(vjp(x, dp), dp * _of_its_own_logit(f, x), rtol=0, atol=1e-7)


def seeds_own(f, vjp, x, dp):
    """Check as the seed does: each entry at its own output, and with ones for dp."""
    return np.allclose(vjp(x, np.ones_like(dp)), _of_its_own_logit(f, x), rtol=0, atol=1e-7)


def last_turn(f, vjp, x, dp):
    """Let each turn of a loop overwrite what the turns before have found."""
    measured, dx, fits = numerical_vjp(f, x, dp), vjp(x, dp), True
    for k in np.ndindex(x.shape):
        fits = bool(abs(dx[k] - measured[k]) < 1e-7)
    return fits


def double(x):
    """Return 2 x."""
    return 2 * x


CASES = {    # f, vjp, x, dp
    "a right backward": (softmax, softmax_vjp, X, DP),
    "the seed's": (softmax, MISTAKES["seed_sum_backward"].vjp, X, DP),
    "one entry 3e-7 too large": (softmax, one_entry_off((0, 0), 3e-7), X, DP),
    "one entry too large": (softmax, one_entry_off((1, 1), 0.002), X, DP),
    "one entry too small": (softmax, one_entry_off((-1, -1), -0.002), X, DP),
    "the first entry too small": (softmax, one_entry_off((0, 0), -0.002), X, DP),
    "the last entry too large": (softmax, one_entry_off((-1, -1), 0.002), X, DP),
    "an entry of the last row too large": (softmax, one_entry_off((-1, 0), 0.002), X, DP),
    "an entry of the last class too large": (softmax, one_entry_off((0, -1), 0.002), X, DP),
    "twice the right one": (softmax, lambda x, dp: 2 * softmax_vjp(x, dp), X, DP),
    "zeros": (softmax, lambda x, dp: 0 * dp, X, DP),
    "a sum that agrees": (softmax, lambda x, dp: -softmax_vjp(x, dp), X, DP),
    "ones agree": (softmax, lambda x, dp: softmax_vjp(x, dp) + 0.1 * (dp - dp[:, :1]), X, DP),
    "a right backward, sure birds": (softmax, softmax_vjp, 40 * X, DP),
    "sin, right": (np.sin, lambda x, dp: dp * np.cos(x), X, DP),
    "sin, with the gradient of softmax": (np.sin, softmax_vjp, X, DP),
    "2 x, right": (double, lambda x, dp: 2 * dp, WHOLE, 3 - WHOLE),
    "right for this dp, and for few others": (
        softmax, MISTAKES["cross_entropy_mean"].vjp, NEAR, -LABELS / softmax(NEAR)),
}
