"""Exercises of notebook 09: which digits are real, and how to keep them."""

import numpy as np

from ...formulas.backward import softmax_vjp
from ...formulas.forward import softmax
from ...penguins import one_bird
from ..task import Answer, find_the_bug, mistakes_in, predict, rows

predict(
    "brain_float", "09", "say where exp overflows",
    "bfloat16 has float32's exponents, and u = 2^-8. The largest and the least whole x with "
    "exp(x) finite and normal? The least whole lead with 1 + exp(-lead) == 1?",
    Answer("largest_x", 88, {
        11.0: "That is float16's, which has fewer exponents than float32.",
        709.0: "That is float64's; which precision has the same exponents?",
        89.0: "exp(89) is above the largest float32 already.",
        127.0: "2^127 is finite; how many powers of e is that?",
    }, "A whole number; the exponents decide: where does float32 end?"),
    Answer("least_x", -87, {
        -88.0: "exp(-88) is below 2^-126, the least normal float32 (-87.3).",
        -103.0: "There float32 is not 0 yet, but subnormal: digits are gone.",
        -104.0: "There float32 is 0 already; digits are gone long before.",
        -89.0: "The exponents reach less far down than up.",
        -9.0: "That is float16's, which has fewer exponents than float32.",
        -708.0: "That is float64's; which precision has the same exponents?",
    }, "A whole number; the exponents decide: below which x has float32 fewer digits?"),
    Answer("lead", 6, {
        5.0: "exp(-5) is 0.0067, more than u: it still counts.",
        8.0: "2^-8 is which power of e? (For float16, with u = 2^-11, 8 is right.)",
        17.0: "That is float32's, where u is 2^-24; here it is 2^-8.",
        37.0: "That is float64's, where u is 2^-53; here it is 2^-8.",
    }, "A whole number; where does exp(-lead) fall to u = 1/256?"),
    hints=("Three whole numbers: two logits and a difference of logits.",
           "The exponents decide where exp ends, u decides what a sum of 1 takes notice of.",
           "log of 3.4e38, rounded down; log of 1.2e-38 and log of 256, rounded up."),
    why="float32 has all its digits from -87.3 to 88.7, and so has bfloat16. exp(-lead) is lost "
        "beside 1 once it is at most u = 2^-8, so from log(256) = 5.5 on.",
    matters="A lead of 6 is nothing in a network: in bfloat16 a sure class is an everyday thing.")


def _exposes(dp):
    right = softmax_vjp(np.array([0.0, -40.0]), dp)
    if np.ptp(dp) == 0:
        return "constant", "Equal costs: the right dx is 0 as well."
    p, g = softmax(np.array([0.0, -40.0])), dp - dp.max()
    shown = p * (g - (p * g).sum())
    if (abs(shown - right) <= 1e-3 * abs(right)).all():
        return "unexposed", "With it both entries come out right: which class has the larger cost?"
    return ""


@find_the_bug(
    "largest_cost", "09", "keeps its digits where one class is nearly sure",
    Answer("exposing_dp", [0.25, 1.0], accepts=_exposes),
    cases={"a dear class that is sure": (np.array([0.0, -40.0]), np.array([1.0, 0.25])),
           "a cheap class that is sure": (np.array([0.0, -40.0]), np.array([0.25, 1.0])),
           "no class that is sure": (one_bird(), np.array([4.0, 1.0, 0.0])),
           "a sure class of middle cost": (np.array([-50.0, 0.0, -45.0]),
                                           np.array([4.0, 1.0, 0.0])),
           "a sure class at the end": (np.array([-40.0, -60.0, 0.0]), np.array([3.0, -1.0, 2.0])),
           "costs far from 0": (np.array([0.0, -30.0, -26.0]),
                                np.array([4.0, 1.0, 3.0]) + 2.0**40),
           "five classes": (rows(92, 5), rows(93, 5))},
    hints=("Two costs, one for each class; then (D,) in, (D,) out.",
           "Backward is blind to constants: any c is allowed, and one is wise.",
           "g must be 0 for the class whose p is nearly 1."),
    blank="p.argmax()",
    why="With dp = (0.25, 1) the largest cost belongs to the other class. g of the sure class is "
        "then -0.75, <p, g> rounds to -0.75, and the difference is 0.",
    matters="The twin is not max for max: it is the cost *at* the maximum.", tol=1e-11,
    relative=True)
def sure_vjp(x, dp):
    """Find a dp, (2,), for which dx at (0, -40) comes out wrong, then mend the function."""
    p = softmax(x)                             # (D,)
    g = dp - dp[p.argmax()]                    # (D,)  0 for the likeliest class
    return p * (g - (p * g).sum())             # (D,)


mistakes_in(
    sure_vjp,
    ("largest_cost", "You still subtract the largest cost; its class need not be sure.",
     "Of which class must g be exactly 0, so that <p, g> has no large term?",
     "dp[p.argmax()] => dp.max()"),
    ("smallest_cost", "You subtract the smallest cost, whose class is not always sure.",
     "Of which class must g be exactly 0, so that <p, g> has no large term?",
     "dp[p.argmax()] => dp.min()"),
    ("first_cost", "You subtract the cost of one class that is always the same.",
     "Which class is nearly sure when the logits are (-40, -60, 0)?", "p.argmax() => 0",
     "p.argmax() => -1"),
    ("another_constant", "g is not 0 for the sure class, so <p, g> rounds to its g.",
     "What is g_0 - <p, g> where p_0 is 1 - 4e-18, and g_0 is not 0?", "dp[p.argmax()] => 0",
     "dp[p.argmax()] => dp.mean()", "dp[p.argmax()] => dp.sum()", "dp[p.argmax()] => p.max()"),
    ("mean_twice", "You take the mean, twice: where costs are far from 0 it is rounded, and that "
     "is a constant which leaks.", "Which constant is exact, however large?",
     "dp[p.argmax()] => (p * dp).sum()"),
    ("mean_of_dp", "The mean is still that of dp: it has to be of the same g.",
     "If c is taken off dp, what is taken off its mean?", "(p * g) => (p * dp)"),
    ("index_subtracted", "You subtract the number of the class, not its cost.",
     "What does argmax return?", "dp[p.argmax()] => p.argmax(); (p * g) => (p * dp)"))
