"""Exercises of notebook 02b: the other direction, a map before softmax, a cache."""

import numpy as np

from ...formulas.backward import softmax_vjp
from ...formulas.forward import softmax
from ...formulas.jacobian import softmax_jacobian
from ...mistakes.more_spellings import ROW, backward_wrongs
from ..judge.law_words import COVARIANCE, DIRECTIONS
from ..task import complete, mistakes_in, rows
from .nb02_upstream import COSTS, ROW_CASES

W = np.array([[2.0, 0.0, 1.0], [0.0, 1.0, 0.0], [1.0, -1.0, 0.0]])


@complete(
    "02b", "compute a Jacobian-vector product",
    cases={name.replace("the costs", "the direction").replace("costs", "direction")
           .replace("upstream", "direction"): args for name, args in ROW_CASES.items()} | {
               "logits near 800": (rows(22, 3) + 800, rows(23, 3))}, laws=DIRECTIONS,
    hints=("(D,) out: one speed per probability.",
           "The speeds add up to 0; and if all logits move equally fast, p does not move.",
           "J t = (diag(p) - p p^T) t: multiply it out, term by term."),
    blank="(p * t).sum()",
    why="The same line as the vjp, since J is symmetric: J t = t J. In softmax(W z) the two part.",
    matters="Forward it moves p along t; backward it pulls dp: one symmetric J does both.")
def softmax_jvp(x, t):
    """Compute how fast p moves when the logits x, of any size, move along t."""
    p = softmax(x)                             # (D,)
    return p * (t - (p * t).sum())             # (D,)


mistakes_in(
    softmax_jvp,
    ("unshifted_exp", "You took exp of numbers beyond 709, where it overflows.",
     "Which softmax of the course takes logits of any size?",
     "softmax(x) => np.exp(x) / np.exp(x).sum()"),
    ("diagonal_only", "Each probability answers to its own logit only: p (1 - p) t.",
     "When logit 0 moves, does p[1] stay where it is?", "p * (1 - p) * t"),
    ("sum_term_missing", "You returned p * t, without the mean speed of the logits.",
     "If all logits move equally fast, how fast does p move?", "p * t"),
    ("plain_mean", "You took the plain mean of t, where every class counts the same.",
     "Which mean of t makes the changes of p add up to 0?", "(p * t).sum() => t.mean()"),
    ("sign_flipped", "All signs are turned round.",
     "Does a probability rise or fall when its own logit rises?", "return p => return -p"),
    ("plus_sign", "You added the mean speed in place of subtracting it.",
     "If all logits move equally fast, how fast does p move?", "- => +"),
    ("difference", "You returned how far p goes along all of t, not its speed.",
     "Is a derivative taken at x, or between x and x + t?", "softmax(x + t) - p"),
    ("moved", "You returned probabilities: those at x + t.",
     "What should the changes of p add up to: 1, or 0?", "softmax(x + t)"),
    ("one_number", "You returned one number, and every probability has a speed.",
     "How many probabilities move?", "p @ t"),
    ("mean_for_sum", "You took the mean of p * t: the p are weights already.",
     "What do the p of a row add up to?", "sum => mean"),
    ("brackets", "You took <p, t> off p * t without its factor p: a bracket is missing.",
     "What do the entries of p * t - p <p, t> add up to?", "p * t - p @ t"),
    ("nothing_summed", "You multiplied J with t entry by entry, and did not sum.",
     "How many numbers is J t for D classes: D, or D times D?",
     lambda x, t: softmax_jacobian(x) * t, lambda x, t: softmax_jacobian(x) * t[:, None]),
    ("logits_as_probabilities", "You took the logits for the probabilities.",
     "Does the function get x or p, and what turns one into the other?", "softmax(x) => x"))

TALL = np.array([[1.0, 0.5], [-2.0, 0.0], [0.5, 3.0]])


@complete(
    "02b", "pull a gradient back through a map",
    cases={"three features": (np.array([0.5, 1.0, 0.5]), COSTS, W),
           "other features and costs": (np.array([-1.0, 0.25, 0.5]), np.array([1.0, -2, 3]), W),
           "two features, so W is (3, 2)": (np.array([0.5, -1.0]), COSTS, TALL)},
    hints=("W is (classes, features): z and the result are (features,), dp is (classes,).",
           "Draw some t: <dp, J W t> must equal <result, t>.",
           "dp J W, from the left: first softmax_vjp at W @ z, then W."),
    axes=("rows", "features"),
    blank="dx @ W",
    why="The Jacobian of the whole map is J W, and the row dp is multiplied from the left. With a "
        "square W the wrong side has the right shape, and only numbers tell.",
    matters="Here J W is not symmetric, and a product from the wrong side shows.")
def map_vjp(z, dp, W):
    """Pull dp back through softmax(W @ z) to the features z; `softmax_vjp(x, dp)` may help."""
    dx = softmax_vjp(W @ z, dp)                # (classes,)
    return dx @ W                              # (features,)


mistakes_in(
    map_vjp,
    ("wrong_side", "W comes from the wrong side: that is the product of the forward way.",
     "Which axis of W has one entry per class, and does your product sum over that one?",
     "W @ dx"),
    ("upstream_mapped", "You sent dp through W: dp belongs to the outputs, not to z.",
     "How many outputs are there, and how many features?", "softmax_vjp(W @ z, W @ dp)"),
    ("stops_at_logits", "You stopped at the logits: z is one step further back.",
     "Which two steps led from z to p?", "dx"),
    ("map_alone", "You went back through W only: softmax was on the way as well.",
     "Which two steps led from z to p?", "dp @ W"),
    ("features_as_logits", "You took softmax at z: its logits are W @ z.",
     "What does softmax get on the way forward?", "W @ z => z", "softmax_vjp(z, dp)"),
    ("transposed_map", "Forward you used W transposed.",
     "Which axis of W has one entry per class?", "W @ z => z @ W", "W @ softmax_vjp(z @ W, dp)"),
    ("sign_flipped", "All signs are turned round.",
     "If raising a feature raises the loss, what sign should its gradient have?", "-dx @ W"),
    ("diagonal_only", "Of softmax's J you kept the diagonal only.",
     "When one logit rises, what happens to the probabilities of the other classes?",
     "(dp * softmax(W @ z) * (1 - softmax(W @ z))) @ W"),
    ("sum_term_missing", "Of softmax's backward you kept p * dp only.",
     "What does backward do with a constant in dp?", "(dp * softmax(W @ z)) @ W"))


def _of_kept(law):
    """Ask a law about (x, dp) of a function that gets dp and p."""
    return lambda f, dp, kept: law(lambda x, v: f(v, softmax(x)), np.log(kept), dp)


@complete(
    "02b", "returns a cache",
    cases={name: (dp, softmax(x)) for name, (x, dp) in ROW_CASES.items()},
    laws={name: _of_kept(law) for name, law in COVARIANCE.items()},
    hints=("dp, kept and the result have the shape (D,); kept is p.",
           "The entries of the result add up to 0.",
           "p * (dp - <p, dp>), and p is there already."),
    blank="(kept * dp).sum()",
    why="Forward has done the work: p is in the cache, so neither exp nor the logits are needed.",
    matters="A backward pass needs what its forward kept, and here that is p alone.")
def backward_from_p(dp, kept):
    """Pull dp back, given only the probabilities `kept` by the forward pass."""
    return kept * (dp - (kept * dp).sum())     # (D,)


mistakes_in(
    backward_from_p,
    *backward_wrongs(ROW, lambda vjp: lambda dp, kept: vjp(np.log(kept), dp)))
