"""Exercises of notebook 02: the upstream gradient and what backward makes of it."""

import numpy as np

from ...formulas.backward import softmax_vjp
from ...formulas.forward import softmax
from ...formulas.jacobian import softmax_jacobian
from ...mistakes.more_spellings import ROW, backward_wrongs
from ...penguins import four_birds, one_bird
from ..judge.law_words import COVARIANCE, DIRECTIONS
from ..task import Answer, Choice, complete, find_the_bug, mistakes_in, predict, rows

COSTS = np.array([4.0, 1.0, 0.0])
W = np.array([[2.0, 0.0, 1.0], [0.0, 1.0, 0.0], [1.0, -1.0, 0.0]])
ROW_CASES = {
    "equal logits and the costs 1, 0": (np.array([0.0, 0.0]), np.array([1.0, 0.0])),
    "bird 231 and the costs 4, 1, 0": (one_bird(), COSTS),
    "bird 37 and other costs": (four_birds()[0], np.array([-1.0, 2.5, 0.5])),
    "bird 231 and a one-hot upstream": (one_bird(), np.array([0.0, 0.0, 1.0])),
    "five classes": (rows(3, 5), rows(4, 5)),
}

predict(
    "two_costs", "02", "read each entry of the result as a covariance",
    "p = (0.5, 0.5) and the costs are (10, 4): what is dx[0]? And with the costs (1010, 1004)?",
    *(Answer(name, 1.5, {
        3.0: "That is how much worse than average it is; how likely is it?",
        -1.5: "The size is right: is answer 0 dearer or cheaper than the average?",
        no_average: "Take the expected cost away first.",
        diagonal: "That is p (1 - p) dp: the other class is left out.",
        mean: "That is the expected cost; how far off is answer 0?",
    }, "Take the expected cost from the cost, then weigh with p.")
      for name, no_average, diagonal, mean in (("dx0", 5.0, 2.5, 7.0),
                                               ("dx0_dearer", 505.0, 252.5, 1007.0))),
    hints=("Two numbers, one for each pair of costs.",
           "Adding the same to every cost changes nothing.",
           "dx_0 = p_0 (dp_0 - <p, dp>), and <p, dp> is 7 for the first pair."),
    why="0.5 (10 - 7) = 1.5, and the constant 1000 has no covariance with anything.",
    matters="Dearer than average and likely: raise this logit and the loss rises.")

predict(
    "twice_the_costs", "02", "name the change of the upstream gradient that backward cannot see",
    "softmax_vjp(x, [0, 0, 0.3]) is some dx. softmax_vjp(x, [7, 7, 7.6]) is dx times what?",
    Answer("factor", 2.0, {
        round(7.6 / 0.3, 2): "A constant 7 is in the second one: take it away.",
        1.0: "Without the 7 the upstream is [0, 0, 0.6]; compare it with 0.3.",
        0.5: "The other way round: the second upstream is the larger one.",
        0.0: "The 7 alone would give 0; 0.6 is left.",
    }, "Take the constant away first, then use linearity.", atol=0.01),
    hints=("One number.", "Backward is blind to constants, and linear.",
           "[7, 7, 7.6] = 7 [1, 1, 1] + 2 [0, 0, 0.3]."),
    why="Without its constant the second upstream is [0, 0, 0.6], twice the first.",
    matters="Two laws answered it, and no number of x was needed.")


def _exposes(dp):
    p = softmax(one_bird())
    total = (p * (dp - dp.mean())).sum()
    if np.ptp(dp) == 0:
        return "constant", "It is the same for every class: both means agree."
    if abs(total) <= 1e-9 * np.ptp(dp):
        return "unexposed", "With it the entries of the wrong result add up to 0 all the same."
    return ""


@find_the_bug(
    "plain_mean", "02", "pull an upstream gradient back",
    Answer("exposing_dp", [4.0, 1.0, 0.0], accepts=_exposes),
    Choice("mistake", "plain_mean", {
        "sum_term_missing": "A sum term is there: read what is subtracted from dp.",
        "diagonal_only": "1 - p appears nowhere: read what is subtracted from dp.",
        "sign_flipped": "The likely and dear classes come out positive; the sign is right.",
        "keepdims_missing": "With one row there is no axis to keep: which mean is subtracted?"}),
    cases=ROW_CASES, laws=COVARIANCE,
    hints=("x, dp and the result have the shape (D,).",
           "The entries of the right result add up to 0 for every dp.",
           "dx = p * (dp - <p, dp>): a mean in which a likely class counts more."),
    blank="(p * dp).sum()",
    why="The entries add up to <p, dp> minus the plain mean of dp, so nearly any dp that is not "
        "constant exposes it. The mean that belongs there is the expected upstream.",
    matters="At equal probabilities the two means agree: the wrong one passes every such test.")
def row_vjp(x, dp):
    """Find a dp, (3,), whose dx does not add up to 0, name the mistake, then mend it."""
    p = softmax(x)                             # (D,)
    return p * (dp - (p * dp).sum())           # (D,)


mistakes_in(row_vjp, *backward_wrongs(ROW))


@complete(
    "02", "tell a vector-Jacobian product from a Jacobian-vector product",
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
    """Compute how fast p moves when the logits x, of any size, move along t, without J."""
    p = softmax(x)                             # (D,)
    return p * (t - (p * t).sum())             # (D,)


mistakes_in(
    softmax_jvp,
    ("unshifted_exp", "You took exp of the logits themselves: beyond 709 it overflows.",
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
    "02", "tell a vector-Jacobian product from a Jacobian-vector product",
    cases={"three features": (np.array([0.5, 1.0, -0.5]), COSTS, W),
           "other features and costs": (np.array([-1.0, 0.25, 0.5]), np.array([1.0, -2, 3]), W),
           "two features, so W is (3, 2)": (np.array([0.5, -1.0]), COSTS, TALL)},
    hints=("W is (classes, features): z and the result are (features,), dp is (classes,).",
           "Draw some t: <dp, J W t> must equal <result, t>.",
           "dp J W, from the left: first softmax_vjp at W @ z, then W."),
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
     "Walking back from the loss, which comes first: J, or W?", "W @ dx"),
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
    "02", "returns a cache",
    cases={name: (dp, softmax(x)) for name, (x, dp) in ROW_CASES.items()},
    laws={name: _of_kept(law) for name, law in COVARIANCE.items()},
    hints=("dp, kept and the result have the shape (D,); kept is p.",
           "The entries of the result add up to 0.",
           "p * (dp - <p, dp>), and p is there already."),
    blank="(kept * dp).sum()",
    why="Forward has done the work: p is in the cache, so neither exp nor the logits are needed.",
    matters="A backward pass needs what its forward kept, and here that is p alone.")
def backward_from_p(dp, kept):
    """Pull dp back with the probabilities `kept` by the forward pass: no softmax, no logits."""
    return kept * (dp - (kept * dp).sum())     # (D,)


mistakes_in(
    backward_from_p,
    *backward_wrongs(ROW, lambda vjp: lambda dp, kept: vjp(np.log(kept), dp)))
