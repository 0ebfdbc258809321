"""Backward passes that are wrong, as people really write them.

Each is a function (x, dp) -> dx that claims to be dp @ J, with what was done, a question to think
about, why it survives weak checks, and a public source where there is one. J is the Jacobian of
softmax; of softmax(x W^T) for one mistake that the symmetric J of softmax alone would hide. All
are written here from the formula; the list comes from 228 public implementations (notebook 07b
says how they were found) and from the two sets of notes that the course grew from.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from textwrap import fill

import numpy as np

from .._inputs import Array
from ..formulas.forward import softmax

__all__ = ["MISTAKES", "SOFTMAX_MISTAKES", "Mistake", "softmax_of_map"]


@dataclass(frozen=True, eq=False)
class Mistake:
    """A mistake that people make in a function, and what there is to say about it.

    Attributes
    ----------
    key : str
        Its name.
    did : str
        What was done, said to whoever did it.
    ponder : str
        A question to ask yourself.
    forms : tuple of callable
        How it is written: one or more, which behave differently.
    survives : str
        Why a weak check lets it through.
    source : str
        A public thread on it, or "".
    f : callable
        The function whose backward pass it claims to be.
    """

    key: str
    did: str         # what you did
    ponder: str      # a question to ask yourself
    forms: tuple[Callable, ...]    # how it is written: one or more, which behave differently
    survives: str = ""             # why a weak check lets it through
    source: str = ""               # a public thread, or ""
    # Whose backward pass it claims to be; as a plain default, softmax would be a method here.
    f: Callable[[Array], Array] = field(default_factory=lambda: softmax)

    @property
    def vjp(self) -> Callable[[Array, Array], Array]:
        """The first of its forms, where it is a backward pass."""
        return self.forms[0]

    def __str__(self) -> str:
        """Its name and what was done; 74 characters fit into a narrow window, and onto A4."""
        return fill(f"{self.key:27s}{self.did}", 74, subsequent_indent=" " * 27,
                    break_on_hyphens=False)


MISTAKES: dict[str, Mistake] = {}


def _mistake(did: str, ponder: str, survives: str, source: str = "", f: Callable = softmax):
    def register(vjp: Callable) -> Callable:
        MISTAKES[vjp.__name__] = Mistake(vjp.__name__, did, ponder, (vjp,), survives, source, f)
        return vjp
    return register


def _mean(p: Array, dp: Array) -> Array:
    return (p * dp).sum(axis=-1, keepdims=True)


@_mistake("You kept only the diagonal of J, p (1 - p), as if each class had a sigmoid of its own.",
          "When one logit rises, what happens to the probabilities of the other classes?",
          "A check that nudges x[i] and looks only at p[i] sees only the diagonal.",
          "deeplearning4j/libnd4j#440")
def diagonal_only(x, dp):
    p = softmax(x)
    return dp * p * (1 - p)


@_mistake("You dropped the sum term: p * dp, without the expected upstream.",
          "If every class has the same upstream, what should come back?",
          "On wide flat rows the missing term is smaller than a loose tolerance.",
          "HomericIntelligence/Odyssey#2134")
def sum_term_missing(x, dp):
    return softmax(x) * dp


@_mistake("You kept only the sum term, -p <p, dp>, and not p * dp.",
          "Two terms make dx: is each of them still there at the end?",
          "A check of shapes and types alone passes; any number compared shows it.")
def product_branch_overwritten(x, dp):
    p = softmax(x)
    return -p * _mean(p, dp)


@_mistake("You added the expected upstream instead of subtracting it.",
          "If every class has the same upstream, what should come back?",
          "If the expected upstream happens to be 0, both signs agree.")
def plus_sign(x, dp):
    p = softmax(x)
    return p * (dp + _mean(p, dp))


@_mistake("You subtracted the plain mean of dp, where every class counts the same.",
          "Should a class that is hardly ever drawn weigh as much as a likely one?",
          "At equal probabilities, as for x = 0, the plain mean is the right one.")
def plain_mean(x, dp):
    return softmax(x) * (dp - dp.mean(axis=-1, keepdims=True))


@_mistake("You took the mean of p * dp over the classes instead of its sum.",
          "The probabilities already add up to 1. What does dividing by D once more do?",
          "With one class the two are equal; on wide flat rows the difference is small.")
def mean_for_sum(x, dp):
    p = softmax(x)
    return p * (dp - (p * dp).mean(axis=-1, keepdims=True))


@_mistake("You subtracted one sum over the whole batch from every row.",
          "May the upstream of one row move the gradient of another?",
          "With a single row it is right.",
          "oreilly-japan/deep-learning-from-scratch#85")
def batch_sum(x, dp):
    p = softmax(x)
    return p * (dp - (p * dp).sum())


@_mistake("Your sum lost its axis: without keepdims, row means line up with classes.",
          "What shape has the sum over the classes, and how does NumPy line it up with dp?",
          "With one row it is right; with as many rows as classes it is wrong without an error.")
def keepdims_missing(x, dp):
    p = softmax(x)
    return p * (dp - (p * dp).sum(axis=-1))


@_mistake("You added p, the correction that only cross-entropy's upstream needs.",
          "For which upstream is <p, dp> equal to -1, and was any other tried?",
          "For dp = -y / p, the upstream of cross-entropy, it is right.")
def cross_entropy_mean(x, dp):
    p = softmax(x)
    return dp * p + p


@_mistake("You subtracted p times the sum of dp: that is the backward of log-softmax.",
          "Is dp the gradient of p, or of log p?",
          "It passes the test that its rows sum to 0.")
def log_softmax_backward(x, dp):
    return dp - softmax(x) * dp.sum(axis=-1, keepdims=True)


@_mistake("The sign is turned round.",
          "If raising a logit raises the loss, what sign should its gradient have?",
          "Upstream of ones gives 0 whatever the sign.")
def sign_flipped(x, dp):
    p = softmax(x)
    return -p * (dp - _mean(p, dp))


@_mistake("The result is twice too large.",
          "Is something counted twice: a gradient added to itself, a square differentiated?",
          "Upstream of ones gives 0 whatever the factor.")
def factor_two(x, dp):
    p = softmax(x)
    return 2 * p * (dp - _mean(p, dp))


@_mistake("The result is divided by the number of rows.",
          "Who takes the mean over the batch: softmax, or the loss that comes after it?",
          "With a single row it is right.")
def divided_by_batch(x, dp):
    p = softmax(x)
    return p * (dp - _mean(p, dp)) * p.shape[-1] / p.size


@_mistake("The result is divided by the number of classes.",
          "Where did a mean over the classes come in, where there should be a sum?",
          "With one class it is right, and 0.")
def divided_by_classes(x, dp):
    p = softmax(x)
    return p * (dp - _mean(p, dp)) / p.shape[-1]


@_mistake("You returned dp as it came.",
          "What would the loss have to be for softmax to do nothing on the way back?",
          "A check of shapes and types alone passes.")
def pass_through(x, dp):
    return dp.copy()


@_mistake("You returned ones.",
          "Do the ones depend on dp at all?",
          "A check of shapes and types alone passes.")
def returns_ones(x, dp):
    return np.ones_like(dp)


@_mistake("The result is always 0: the Jacobian was summed before it met dp.",
          "What does each row of J add up to?",
          "Upstream of ones gives 0 for the right answer too.")
def jacobian_summed_first(x, dp):
    p = softmax(x)
    return dp * (p - p * p.sum(axis=-1, keepdims=True))    # the row sums of J, without J


@_mistake("You multiplied dp with J entry by entry and did not sum.",
          "How many numbers should come back for each row: D, or D times D?",
          "It does not, if anyone looks at the shape.")
def elementwise_with_jacobian(x, dp):
    p = softmax(x)
    return dp[..., :, None] * p[..., :, None] * (np.eye(p.shape[-1]) - p[..., None, :])


@_mistake("You returned the gradient of cross-entropy, p - y, with dp in the place of y.",
          "Are there labels here, or an upstream gradient?",
          "In a network whose loss is cross-entropy it trains.",
          "eriklindernoren/ML-From-Scratch#71")
def fused_with_cross_entropy(x, dp):
    return softmax(x) - dp


@_mistake("You used one entry of dp in each row, as if dp were one-hot.",
          "What if the loss minds every probability, as most losses do?",
          "With one entry in each row of dp, as from cross-entropy, it is right.")
def one_hot_assumed(x, dp):
    p = softmax(x)
    k = (dp != 0).argmax(axis=-1)[..., None]
    there = np.arange(p.shape[-1]) == k
    return np.take_along_axis(dp * p, k, axis=-1) * (there - p)


@_mistake("You took dp for the probabilities: dp (1 - dp).",
          "Which of the two arguments adds up to 1 in each row?",
          "It depends on dp and has the right shape.")
def upstream_as_probabilities(x, dp):
    return dp * (1 - dp)


@_mistake("You took the logits for the probabilities.",
          "Does the function get x or p, and does a flag decide that?",
          "Its rows do not sum to 0, but that test is rarely made.")
def logits_as_probabilities(x, dp):
    return x * (dp - _mean(x, dp))


@_mistake("You used the derivative of tanh, 1 - p**2.",
          "Which function is this the derivative of?",
          "It depends on p and dp and has the right shape.")
def tanh_derivative(x, dp):
    return dp * (1 - softmax(x) ** 2)


@_mistake("You applied softmax to the probabilities once more.",
          "Does backward get logits or probabilities, and what does it do first?",
          "Its rows sum to 0, and shifts change nothing.")
def softmax_twice(x, dp):
    q = softmax(softmax(x))
    return q * (dp - _mean(q, dp))


@_mistake("You left 1 / s**2 out of the derivative of 1 / s, s the sum of the exponentials.",
          "What is the derivative of 1 / s?",
          "Where s happens to be 1 it is right: in a saturated row after the shift.")
def reciprocal_unsquared(x, dp):
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    s = e.sum(axis=-1, keepdims=True)
    return e * (dp / s - (dp * e).sum(axis=-1, keepdims=True))


@_mistake("You multiplied the sum's gradient by e / s: its backward is a broadcast, not p.",
          "s = e_0 + e_1 + e_2. By how much does s change when e_1 does?",
          "With upstream of ones it is exactly the diagonal of J, and a check that looks at the "
          "diagonal agrees with it to every printed digit.")
def seed_sum_backward(x, dp):
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    s = e.sum(axis=-1, keepdims=True)
    ds = -(e * dp).sum(axis=-1, keepdims=True) / s**2
    return e * (dp / s + ds / s * e)


@_mistake("You took the softmax along the batch.",
          "Which axis holds the classes of one row?",
          "With upstream of ones it gives 0, as it should.",
          "oreilly-japan/deep-learning-from-scratch#85")
def wrong_axis(x, dp):
    p = softmax(np.swapaxes(np.atleast_2d(x), 0, -1))
    p = np.swapaxes(p, 0, -1).reshape(np.shape(x))
    return p * (dp - (p * dp).sum(axis=0, keepdims=True))


@_mistake("You used the probabilities of another row: a cache from an earlier call.",
          "Which forward call does this cache belong to?",
          "With one row, or equal rows, it is right.",
          "apache/singa#578")
def cache_of_another_row(x, dp):
    p = softmax(x)
    p = np.roll(p, 1, axis=0) if p.ndim > 1 else p
    return p * (dp - _mean(p, dp))


@_mistake("You computed in float32 inside a float64 function.",
          "Which precision does each array have, from the first line to the last?",
          "A tolerance of 1e-6 lets it through.")
def float32_inside(x, dp):
    p = softmax(np.asarray(x, np.float32))
    dp = np.asarray(dp, np.float32)
    return (p * (dp - _mean(p, dp))).astype(np.result_type(x))


@_mistake("You took exp of the logits themselves: beyond 709 it overflows.",
          "What may you subtract from a row of logits for nothing?",
          "With logits within some hundreds of 0 it is right.")
def unshifted_exp(x, dp):
    with np.errstate(all="ignore"):
        p = np.exp(x) / np.exp(x).sum(axis=-1, keepdims=True)
        return p * (dp - _mean(p, dp))


@_mistake("You shifted all rows by one maximum: a far lower row becomes 0 / 0.",
          "Whose maximum makes this row's largest exponential 1?",
          "With rows of similar logits it is right.")
def batch_maximum(x, dp):
    with np.errstate(all="ignore"):
        e = np.exp(x - x.max())
        p = e / e.sum(axis=-1, keepdims=True)
        return p * (dp - _mean(p, dp))


@_mistake("You changed dp in place.",
          "Whose array is dp, and who uses it after you?",
          "The numbers are right, the first time.")
def dp_in_place(x, dp):
    p = softmax(x)
    dp -= _mean(p, dp)
    return p * dp


@_mistake("You changed x in place: the shift was written back into the caller's logits.",
          "Does x -= m make a new array?",
          "The numbers are right; the caller's logits are not.")
def x_in_place(x, dp):
    x -= x.max(axis=-1, keepdims=True)
    p = softmax(x)
    return p * (dp - _mean(p, dp))


_BUFFERS: dict[tuple, Array] = {}


@_mistake("You returned the same buffer at every call: the next call overwrites the last result.",
          "Who owns the array that you return?",
          "Each result is right until the next call.")
def shared_buffer(x, dp):
    p = softmax(x)
    out = _BUFFERS.setdefault((p.shape, p.dtype.str), np.empty_like(p))
    out[...] = p * (dp - _mean(p, dp))
    return out


@_mistake("Your result takes the dtype of dp: with integers it is cut off.",
          "What is zeros_like of an integer array?",
          "With floating-point dp it is right.")
def integer_buffer(x, dp):
    p = softmax(x)
    dx = np.zeros_like(dp)
    dx[...] = p * (dp - _mean(p, dp))
    return dx


@_mistake("You squeezed the result: a batch of one row comes back without its batch axis.",
          "Which axes of length 1 may appear in x?",
          "With two rows or more it is right.")
def squeezed(x, dp):
    p = softmax(x)
    return np.squeeze(p * (dp - _mean(p, dp)))


@_mistake("It never runs: a function is named and not called, such as np.identity.",
          "Has this line ever been executed?",
          "Only if nobody runs it.")
def never_runs(x, dp):
    return dp @ (softmax(x) * np.identity - 1)


W = np.array([[2.0, 0.0, 1.0], [0.0, 1.0, 0.0], [1.0, -1.0, 0.0]])
W.flags.writeable = False


def softmax_of_map(x: Array) -> Array:
    """Compute softmax(x W^T), (..., 3) to (..., 3): its Jacobian is square and not symmetric.

    Parameters
    ----------
    x : (..., 3) ndarray
        What the fixed matrix W maps to logits.

    Returns
    -------
    p : (..., 3) ndarray
        Probabilities.

    Examples
    --------
    >>> bool(np.isclose(softmax_of_map(np.array([1.0, 2.0, 3.0])).sum(), 1))
    True
    """
    return softmax(x @ W.T)


@_mistake("You multiplied from the other side: J dp, the forward product, in place of dp J.",
          "Which index of J does the loss sum over: that of the outputs, or of the inputs?",
          "The Jacobian of softmax alone is symmetric, and both products are the same.",
          f=softmax_of_map)
def transposed_product(x, dp):
    p, v = softmax_of_map(x), dp @ W.T
    return p * (v - _mean(p, v))


SOFTMAX_MISTAKES = {key: mistake for key, mistake in MISTAKES.items() if mistake.f is softmax}
