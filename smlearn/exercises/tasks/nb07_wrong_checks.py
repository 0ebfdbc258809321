"""Known wrong gradient checks, as an exercise knows them, and backward passes to try them on.

A check is a function (f, vjp, x, dp) that says True or False: is vjp(x, dp) the gradient?
"""

import numpy as np

from ...checking.differences import numerical_vjp
from ...formulas.backward import softmax_vjp
from ...formulas.forward import softmax
from ...mistakes.catalogue import MISTAKES
from ...penguins import four_birds
from ..task import Mistake as Wrong
from ..task import rows

__all__ = ["CASES", "WRONGS"]

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


def _close(a, b, atol=1e-7):
    return np.shape(a) == np.shape(b) and bool(np.allclose(a, b, rtol=0, atol=atol))


def _asks(question):
    """Make a check of a question about the result of vjp and the measured gradient."""
    return lambda f, vjp, x, dp: bool(question(vjp(x, dp), numerical_vjp(f, x, dp)))


def _one_output(f, vjp, x, dp, h=2.0**-16):
    """Measure each entry at the output with the same index, as the seed's check does."""
    measured = np.empty(x.shape)
    for k in np.ndindex(x.shape):
        ahead, behind = x.copy(), x.copy()
        ahead[k] += h
        behind[k] -= h
        measured[k] = (f(ahead)[k] - f(behind)[k]) / (2 * h)
    return _close(vjp(x, dp), dp * measured)


def _one_sided(f, vjp, x, dp, h=1e-3):
    """Measure with a forward difference and a long step."""
    measured = np.empty(x.shape)
    for k in np.ndindex(x.shape):
        ahead = x.copy()
        ahead[k] += h
        measured[k] = (dp * (f(ahead) - f(x))).sum() / h
    return _close(vjp(x, dp), measured)


def _relative(dx, measured):
    return (abs(dx - measured) / np.maximum(1e-8, abs(dx) + abs(measured))).max() < 1e-7


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
WRONGS = (
    Wrong("always", "You say that everything agrees.",
          "What is compared, and how close must it be?", (lambda f, vjp, x, dp: True,)),
    Wrong("never", "You say that nothing agrees.",
          "How close can a measurement come: to the last bit, or to some 1e-10?",
          (lambda f, vjp, x, dp: False, _asks(np.array_equal))),
    Wrong("turned_round", "You say True where the two differ, and False where they agree.",
          "What should it return for the right backward?",
          (_asks(lambda dx, measured: not _close(dx, measured)),)),
    Wrong("loose", "An error of 3e-7 in one entry passes: your tolerance is wider than 1e-7.",
          "What does np.allclose add to atol by itself, and what does a mean hide?",
          (_asks(lambda dx, measured: _close(dx, measured, 1e-5)), _asks(np.allclose),
           _asks(lambda dx, measured: abs(dx - measured).mean() < 1e-7))),
    Wrong("signed", "You took the differences with their signs, not their sizes.",
          "Is an entry that is too small less wrong than one that is too large?",
          (_asks(lambda dx, measured: (dx - measured).max() < 1e-7),
           _asks(lambda dx, measured: (measured - dx).max() < 1e-7),
           _asks(lambda dx, measured: (dx - measured).mean() < 1e-7))),
    Wrong("sums_only", "You compared sums: entries may be wrong and cancel.",
          "Which entry would have to be wrong for your check to see it?",
          (_asks(lambda dx, measured: np.isclose(dx.sum(), measured.sum(), atol=1e-7)),)),
    Wrong("any_for_all", "One entry that agrees is enough for you: any stands for all.",
          "How many entries of a right gradient agree?",
          (_asks(lambda dx, measured: (abs(dx - measured) < 1e-7).any()),)),
    Wrong("first_row", "You compared the first row only.", "Who looks at the other rows?",
          (_asks(lambda dx, measured: _close(dx[0], measured[0])),)),
    Wrong("relative", "You took a relative error: it blames a small right entry for the noise.",
          "How large is the noise of a measurement, beside an entry of 1e-9?",
          (_asks(_relative),)),
    Wrong("formula", "You compared with the formula of softmax: nothing is measured.",
          "What if the formula is wrong, or f is another function?",
          (lambda f, vjp, x, dp: _close(vjp(x, dp), softmax_vjp(x, dp)),)),
    Wrong("ones", "You measured with a dp of ones: the seed's mistake, in a check.",
          "What is the right gradient of softmax for a dp of ones, and for its negative?",
          (lambda f, vjp, x, dp: _close(vjp(x, np.ones_like(dp)),
                                        numerical_vjp(f, x, np.ones_like(dp))),)),
    Wrong("one_output", "You measured what is right for sin, where a logit moves one output.",
          "Does dp belong to the outputs that move, or to the logit that is nudged?",
          (_one_output,)),
    Wrong("coarse", "You stop the right backward: your own measurement is coarser than 1e-7.",
          "How long is your step, how far off is its slope, and would both sides help?",
          (_one_sided,)),
    Wrong("diagonal", "You compared with p (1 - p): that is what the seed's check does.",
          "Does the loss depend on one probability, or on all?",
          (lambda f, vjp, x, dp: _close(vjp(x, np.ones_like(dp)),
                                        softmax(x) * (1 - softmax(x))),)),
)
