"""What a gradient check is tried on: right and wrong backward passes; and the seed's check."""

import numpy as np

from ...formulas.backward import softmax_vjp
from ...formulas.forward import softmax
from ...mistakes.catalogue import MISTAKES
from ...penguins import four_birds
from ..task import rows

__all__ = ["CASES", "at_one_output"]

X, DP = four_birds(), rows(73, 4, 3)


def right_backward(x, dp):
    """Return the right gradient."""
    return softmax_vjp(x, dp)


def seed_backward(x, dp):
    """Return the seed notes' gradient, which its own check accepts."""
    return MISTAKES["seed_sum_backward"].vjp(x, dp)


def one_entry_off(x, dp):
    """Return the right gradient but for one entry, by 3e-7."""
    dx = softmax_vjp(x, dp)
    dx[0, 0] += 3e-7
    return dx


def one_entry_long(x, dp):
    """Return the right gradient but for one entry, which is too large."""
    dx = softmax_vjp(x, dp)
    dx[1, 1] += 0.001
    return dx


def one_entry_short(x, dp):
    """Return the right gradient but for one entry, which is too small."""
    dx = softmax_vjp(x, dp)
    dx[-1, -1] -= 0.001
    return dx


def sums_agree(x, dp):
    """Return a wrong gradient whose entries add up to the right sum."""
    return -softmax_vjp(x, dp)


def right_for_ones(x, dp):
    """Return something that is right where dp is the same for every class."""
    return softmax_vjp(x, dp) + 0.1 * (dp - dp[:, :1])


def sine_backward(x, dp):
    """Return the right gradient of sin."""
    return dp * np.cos(x)


def at_one_output(f, vjp, x, dp, h=2.0**-16):
    """Check each entry at the output with the same index, as the seed's check does."""
    measured = np.empty(x.shape)
    for k in np.ndindex(x.shape):
        ahead, behind = x.copy(), x.copy()
        ahead[k] += h
        behind[k] -= h
        measured[k] = (f(ahead)[k] - f(behind)[k]) / (2 * h)
    return np.allclose(vjp(x, dp), dp * measured, rtol=0, atol=1e-7)

CASES = {    # f, vjp, x, dp
    "a right backward": (softmax, right_backward, X, DP),
    "the seed's": (softmax, seed_backward, X, DP),
    "one entry 3e-7 too large": (softmax, one_entry_off, X, DP),
    "one entry too large": (softmax, one_entry_long, X, DP),
    "one entry too small": (softmax, one_entry_short, X, DP),
    "a sum that agrees": (softmax, sums_agree, X, DP),
    "ones agree": (softmax, right_for_ones, X, DP),
    "a right backward, sure birds": (softmax, right_backward, 40 * X, DP),
    "sin, right": (np.sin, sine_backward, X, DP),
    "sin, with the gradient of softmax": (np.sin, right_backward, X, DP),
}
