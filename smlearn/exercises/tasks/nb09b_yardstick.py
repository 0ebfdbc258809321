"""Exercises of notebook 09b: what large logits cost, hard numbers, and a yardstick for errors."""

from ..task import Answer, Choice, predict

predict(
    "large_logits", "09b", "say what large logits cost",
    "float32, u = 2^-24, logits (2^10, 2^10 - 56), each off by 2^10 u at most: by which share "
    "may that move p_1? And by which share may (gap + 8) u?",
    Answer("by_logits", 2.0**-13, {
        2.0**-14: "Each logit may move by 2^-14; may the two move in opposite directions?",
        2.0**-24: "Each logit may be off by 2^10 u; what is that, as a power of two?",
        2.0**-18: "That is what the formula may do; the logits' last bits may do more.",
    }, "p_i moves by the share t_i - <p, t>, at most 2 max|t|: what is max|t|?", atol=1e-7),
    Answer("by_formula", 2.0**-18, {
        2.0**-13: "That is what the logits may do; the gap is only 56.",
        56 * 2.0**-24: "That is gap times u; and the 8?",
        2.0**-14: "The shift has taken 2^10 off both: the gap is 56.",
    }, "The gap is 56; 56 + 8 is a power of two.", atol=2e-8),
    hints=("Two powers of two.", "A small t moves p_i by the share t_i - <p, t>.",
           "2 times 2^10 times 2^-24; and 64 times 2^-24."),
    why="Each logit may move by 2^10 u = 2^-14, the two in opposite directions, and p_0 is nearly "
        "1: t_1 - t_0 is 2^-13. The formula adds 64 u = 2^-18, a thirty-second of that.",
    matters="Large logits are to blame, not the shift: it adds less than their own last bits.")

predict(
    "how_it_cancels", "09b", "tell an ill-conditioned number from an unstable formula",
    "p = (1/2, 1/4, 1/4) and dp = (0, 4, -3). What is dx[0], and what its condition number kappa?",
    Answer("dx_0", -0.125, {
        -0.25: "That is dp_0 less the mean; weigh it with p_0.",
        0.125: "The size is right; is the cost of class 0 above the mean, 1/4?",
        0.25: "That is the mean; dp_0 less the mean, weighed with p_0, is wanted.",
        0.0: "dp_0 is 0, but dx_0 compares it with the mean.",
    }, "dx_0 = p_0 (dp_0 - <p, dp>)."),
    Answer("kappa_0", 7.0, {
        -7.0: "A condition number compares sizes: it is never below 1.",
        8.0: "That is kappa + 1, which the yardstick has; kappa is asked for.",
        1.0: "Take each term without its sign above, and only above.",
        1 / 7: "The other way round: it is never below 1.",
        1.75: "That is the sum without signs; divide by the sum with signs.",
        14.0: "Weigh both sums with p_0, or neither.",
    }, "Terms p_k (dp_0 - dp_k): the sum of their sizes over the size of their sum."),
    hints=("Two numbers; kappa is at least 1.",
           "kappa compares the terms of the sum with the sum.",
           "The terms p_k (dp_0 - dp_k) are 0, -1 and 3/4."),
    why="Sizes 1 + 3/4 over the size of -1 + 3/4: 7. One digit, nearly, is lost whatever the "
        "formula.",
    matters="kappa belongs to the number, not to the code: it excuses an error of 8 (gap + 8) u.")

predict(
    "whose_fault", "09b", "tell an ill-conditioned number from an unstable formula",
    "In float64, at a gap of 20, a dx_i is off by a share of 1e-12. Does its 'condition' excuse "
    "that, or was it the 'formula': if kappa is 2, and if it is 1000?",
    Choice("first", "formula", {
        "condition": "How much does the yardstick excuse where kappa is 2?"}),
    Choice("second", "condition", {
        "formula": "How much does the yardstick excuse where kappa is 1000?"}),
    hints=("Two words.", "Rounded probabilities alone may do (kappa + 1)(gap + 8) u.",
           "Compare 1e-12 with 3 times 28 times 1.1e-16, and with 1001 times 28 u."),
    why="The yardstick is 9e-15 for the first, 3e-12 for the second. What exceeds it is the "
        "formula's; less than that no formula promises.",
    matters="The same error, two verdicts: mend the first formula, and leave the second alone.")
