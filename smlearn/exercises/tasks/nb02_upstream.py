"""Exercises of notebook 02: the upstream gradient and what backward makes of it."""

import numpy as np

from ...formulas.forward import softmax
from ...mistakes.more_spellings import ROW, backward_wrongs
from ...penguins import four_birds, one_bird
from ..judge.law_words import COVARIANCE
from ..task import Answer, Choice, find_the_bug, mistakes_in, predict, rows

COSTS = np.array([4.0, 1.0, 0.0])
ROW_CASES = {
    "equal logits and the costs (1, 0)": (np.array([0.0, 0.0]), np.array([1.0, 0.0])),
    "bird 231 and the costs (4, 1, 0)": (one_bird(), COSTS),
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
        "factor_two": "At equal probabilities it is right, so nothing is twice too large."}),
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
