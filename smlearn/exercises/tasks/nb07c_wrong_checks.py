"""What a gradient check is tried on: right and wrong backward passes; and the seed's check."""

import numpy as np

from ...checking.differences import numerical_vjp
from ...formulas.backward import softmax_vjp
from ...formulas.forward import softmax
from ...mistakes.catalogue import MISTAKES
from ...penguins import four_birds
from ..task import rows

__all__ = ["CASES", "at_one_output", "own_upstream", "seeds_check", "without_dp"]

X, DP = four_birds(), rows(73, 4, 3)


def one_entry_off(k, by):
    """Return a backward that is right but for entry k."""
    def vjp(x, dp):
        dx = softmax_vjp(x, dp)
        dx[k] += by
        return dx
    return vjp


def same_index(f, x):
    """Measure how each output moves with the logit of the same index, and nothing else."""
    measured, h = np.empty(x.shape), 2.0**-16
    for k in np.ndindex(x.shape):
        ahead, behind = x.copy(), x.copy()
        ahead[k] += h
        behind[k] -= h
        measured[k] = (f(ahead)[k] - f(behind)[k]) / (2 * h)
    return measured


def at_one_output(f, vjp, x, dp):
    """Check each entry at the output with the same index."""
    return np.allclose(vjp(x, dp), dp * same_index(f, x), rtol=0, atol=1e-7)


def seeds_check(f, vjp, x, dp):
    """Check as the seed does: that output, and a dp of ones."""
    return at_one_output(f, vjp, x, np.ones_like(dp))


def without_dp(f, vjp, x, dp):
    """Check the backward of dp as the seed does, who had no dp."""
    return np.allclose(vjp(x, dp), same_index(f, x), rtol=0, atol=1e-7)


def own_upstream(f, vjp, x, dp):
    """Check with another dp than the one that is given."""
    dp = rows(75, *x.shape)
    return np.allclose(vjp(x, dp), numerical_vjp(f, x, dp), rtol=0, atol=1e-7)


def times(factor):
    """Return a backward that is off by a factor."""
    return lambda x, dp: factor * softmax_vjp(x, dp)


CASES = {    # f, vjp, x, dp
    "a right backward": (softmax, softmax_vjp, X, DP),
    "one entry 3e-8 too large": (softmax, one_entry_off((0, 1), 3e-8), X, DP),
    "the seed's backward": (softmax, MISTAKES["seed_sum_backward"].vjp, X, DP),
    "p (1 - p), whatever the dp": (
        softmax, lambda x, dp: softmax(x) * (1 - softmax(x)), X, DP),
    "zeros": (softmax, times(0), X, DP),
    "a backward twice too large": (softmax, times(2), X, DP),
    "half of a right backward": (softmax, times(0.5), X, DP),
    "one entry 3e-7 too large": (softmax, one_entry_off((0, 0), 3e-7), X, DP),
    "one entry too large": (softmax, one_entry_off((1, 1), 0.002), X, DP),
    "one entry too small": (softmax, one_entry_off((-1, -1), -0.002), X, DP),
    "another entry too small": (softmax, one_entry_off((2, 0), -0.002), X, DP),
    "a sum that agrees": (softmax, times(-1), X, DP),
    "ones that agree": (softmax, lambda x, dp: softmax_vjp(x, dp) + 0.1 * (dp - dp[:, :1]), X, DP),
    "dp cut off at 10": (softmax, lambda x, dp: softmax_vjp(x, dp.clip(-10, 10)), X, 20 * DP),
    "a right backward, sure birds": (softmax, softmax_vjp, 40 * X, DP),
    "sin and its derivative": (np.sin, lambda x, dp: dp * np.cos(x), X, DP),
    "sin and the gradient of softmax": (np.sin, softmax_vjp, X, DP),
}
