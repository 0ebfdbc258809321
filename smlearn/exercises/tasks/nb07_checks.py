"""Exercises of notebook 07: what a gradient check sees, and what it never looks at."""

import numpy as np

from ...checking.differences import numerical_vjp
from ...formulas.backward import softmax_vjp
from ...formulas.forward import softmax
from ...mistakes.catalogue import MISTAKES
from ...mistakes.more_spellings import backward_wrongs
from ...penguins import four_birds
from ..judge.law_words import COVARIANCE
from ..task import Answer, Choice, complete, find_the_bug, mistakes_in, predict, rows
from .nb07_wrong_checks import CASES, at_one_output, own_upstream, seeds_check, without_dp

X, LABEL = four_birds(), np.eye(3)[[0, 1, 2, 2]]


def _off(dp):
    return abs(MISTAKES["cross_entropy_mean"].vjp(X, dp) - softmax_vjp(X, dp)).max()


def _hides(dp):
    if not dp.any(axis=-1).all():
        return "zero", "A row of zeros asks nothing."
    if _off(dp) > 1e-9 * abs(dp).max():
        return "exposed", "With it the two differ: make <p, dp> equal to -1 in each row."
    return ""


def _exposes(dp):
    if _off(dp) <= 1e-6 * abs(dp).max():
        return "hidden", "With it the two agree: is <p, dp> equal to -1?"
    return ""

PAIRS = {"four birds": (X, rows(70, 4, 3)), "five classes": (rows(71, 2, 5), rows(72, 2, 5)),
         "the upstream of cross-entropy": (X, -LABEL / softmax(X))}


@find_the_bug(
    "cross_entropy_mean", "07", "expose a given mistake",
    Answer("hiding_dp", (-np.ones((4, 3))).tolist(), accepts=_hides, code="-np.ones((4, 3))"),
    Answer("exposing_dp", LABEL.tolist(), accepts=_exposes, code="np.eye(3)[[0, 1, 2, 2]]"),
    cases=PAIRS, laws=COVARIANCE,
    hints=("x, dp and the result have the shape (B, D).",
           "dp * p + p is right where <p, dp> is -1, in each row.",
           "dx = p * (dp - <p, dp>), with one mean a row."),
    blank="(p * dp).sum(axis=-1, keepdims=True)",
    why="dp * p + p is p (dp - <p, dp>) with <p, dp> = -1 put in. Cross-entropy's upstream -y / p "
        "has that mean, and so has -1 everywhere; nearly nothing else has.",
    matters="An upstream that one loss sends tests the backward pass for that loss only.")
def any_loss(x, dp):
    """Find a dp that hides and one that exposes dp * p + p at the four birds, then mend it."""
    p = softmax(x)                                     # (B, D)
    mean = (p * dp).sum(axis=-1, keepdims=True)        # (B, 1)
    return p * (dp - mean)                             # (B, D)


mistakes_in(
    any_loss,
    *backward_wrongs(("cross_entropy_mean", "sum_term_missing", "diagonal_only", "plus_sign",
                      "plain_mean", "mean_for_sum", "batch_sum", "sign_flipped",
                      "keepdims_missing", "fused_with_cross_entropy", "divided_by_batch",
                      "wrong_axis", "one_softmax")))


@complete(
    "07", "find out what a gradient check never looks at", cases=CASES,
    hints=("Two functions, (B, D) arrays x and dp in; True or False out.",
           "A right backward agrees with the measured slope of <dp, f(x)>, entry by entry.",
           "smlearn.numerical_vjp(f, x, dp) measures it; np.allclose with rtol=0, atol=1e-7."),
    blank="numerical_vjp(f, x, dp)",
    why="Shapes first, for np.allclose lets (1, 4, 3) meet (4, 3); then every entry, with rtol=0, "
        "since np.allclose adds a relative 1e-5 by itself. It also says no to NaN, where "
        "not (error > 1e-7).any() says yes.",
    matters="It looks at the loss, with every output in it: the seed's check looked at one.")
def agrees(f, vjp, x, dp):
    """Return True if vjp(x, dp) is the measured gradient of the loss <dp, f(x)> to 1e-7."""
    measured = numerical_vjp(f, x, dp)                 # (B, D)
    dx = vjp(x, dp)
    return dx.shape == measured.shape and np.allclose(dx, measured, rtol=0, atol=1e-7)


mistakes_in(
    agrees,
    ("always", "You say that everything agrees.", "What is compared, and how close must it be?",
     "True"),
    ("never", "You say that nothing agrees.",
     "Is what you measure the slope of <dp, f(x)>, and how close can a measurement come?", "False",
     "np.array_equal(dx, measured)"),
    ("turned_round", "You say True where the two differ, and False where they agree.",
     "What should it return for the right backward?", "and np => and not np"),
    ("twice_the_slope", "What you measure is twice the slope.",
     "How far apart are the two points of your difference?",
     "numerical_vjp(f, x, dp) => 2 * numerical_vjp(f, x, dp)"),
    ("half_the_slope", "What you measure is half of the slope.",
     "How far apart are the two points of your difference?",
     "numerical_vjp(f, x, dp) => numerical_vjp(f, x, dp) / 2"),
    ("sign_flipped", "What you measure is the slope with its sign turned round.",
     "Which of the two points lies ahead, and which is subtracted?",
     "numerical_vjp(f, x, dp) => -numerical_vjp(f, x, dp)"),
    ("dp_forgotten", "You measured without dp, and the backward has it.",
     "Which loss has dp as its upstream?",
     "numerical_vjp(f, x, dp) => numerical_vjp(f, x, np.ones_like(dp))", without_dp),
    ("own_dp", "You checked with a dp of your own, not with the one that was given.",
     "What if a backward is right for yours, and wrong for the dp that comes?", own_upstream),
    ("tight", "An error of 3e-8 in one entry is stopped: your tolerance is narrower than 1e-7.",
     "How close does the statement ask for?", "1e-7 => 1e-8"),
    ("loose", "An error of 3e-7 in one entry passes: your tolerance is wider than 1e-7.",
     "What does np.allclose add to atol by itself, and what does a mean hide?",
     "1e-7 => 1e-5", "1e-7 => 1e-2", ", rtol=0, atol=1e-7 =>", "abs(dx - measured).mean() < 1e-7"),
    ("sizes", "You compared sizes: with the signs turned round it still agrees.",
     "Is -0.2 as good as 0.2?", "np.allclose(abs(dx), abs(measured), rtol=0, atol=1e-7)"),
    ("signed", "You took the differences with their signs, not their sizes.",
     "Is an entry that is too small less wrong than one that is too large?",
     "(dx - measured).max() < 1e-7", "(measured - dx).max() < 1e-7",
     "(dx - measured).mean() < 1e-7"),
    ("sums_only", "You compared sums: entries may be wrong and cancel.",
     "Which entry would have to be wrong for your check to see it?",
     "np.isclose(dx.sum(), measured.sum(), rtol=0, atol=1e-7)",
     "np.isclose(dx.sum(), measured.sum(), atol=1e-7)"),
    ("any_for_all", "One entry that agrees is enough for you: any stands for all.",
     "How many entries of a right gradient agree?", "(abs(dx - measured) < 1e-7).any()"),
    ("a_part", "You compared some of the entries, not all.", "Who looks at the others?",
     *(f"np.allclose(dx[{part}], measured[{part}], rtol=0, atol=1e-7)"
       for part in ("0", "-1", "0, 0", "-1, -1", ":, 0", ":, -1"))),
    ("relative", "You took a relative error: it blames a small right entry for the noise.",
     "How large is the noise of a measurement, beside an entry of 1e-9?",
     "(abs(dx - measured) / np.maximum(1e-8, abs(dx) + abs(measured))).max() < 1e-7"),
    ("formula", "You compared with the gradient of softmax, whatever f is.",
     "What if f is another function, and what if the formula is wrong?",
     "numerical_vjp(f, x, dp) => softmax_vjp(x, dp)",
     "numerical_vjp(f, x, dp) => numerical_vjp(softmax, x, dp)"),
    ("ones", "You measured with a dp of ones: the seed's mistake, in a check.",
     "What is the right gradient of softmax for a dp of ones, and for its negative?",
     "agrees(f, vjp, x, np.ones_like(dp))"),
    ("one_output", "You measured what is right for sin, where a logit moves one output.",
     "Does dp belong to the outputs that move, or to the logit that is nudged?", at_one_output,
     "numerical_vjp(f, x, dp) => dp * numerical_vjp(f, x, np.ones_like(dp))"),
    ("coarse", "You stop the right backward: your own measurement is coarser than 1e-7.",
     "How long is your step, how far off is its slope, and would both sides help?",
     "numerical_vjp(f, x, dp) => numerical_vjp(f, x, dp, h=0.01)"),
    ("diagonal", "That is the seed's check: one output for each logit, and a dp of ones.",
     "Does the loss depend on one probability, or on all?", seeds_check,
     "np.allclose(vjp(x, np.ones_like(dp)), softmax(x) * (1 - softmax(x)), rtol=0, atol=1e-7)"))

UNSEEN = ("plain_mean", "sign_flipped", "divided_by_batch", "divided_by_classes",
          "jacobian_summed_first", "upstream_as_probabilities", "softmax_twice", "wrong_axis",
          "cache_of_another_row", "unshifted_exp", "batch_maximum", "integer_buffer", "squeezed")

predict(
    "failed_law", "07", "read a `gradcheck` report",
    "colleague passes your check, whatever the dp. Ask gradcheck which law fails. And asked with "
    "a dp of ones, which mistake could it not have exposed?",
    Choice("law", "same_answer_twice", {
        "linear_in_dp": "Its numbers are right, so twice the dp gives twice the dx.",
        "rows_add_up_to_0": "Its numbers are right, so its rows do add up to 0.",
        "arguments_left_alone": "It writes into an array, but into which: x, dp, or its own?",
        "finite": "Its numbers are right, so they are finite.",
    }),
    Choice("unseen", "factor_two", {
        "plus_sign": "For ones it gives 2 p, and the right dx is 0.",
        "diagonal_only": "For ones it gives p (1 - p), and the right dx is 0.",
        "pass_through": "For ones it gives ones, and the right dx is 0.",
    }, also=UNSEEN),
    hints=("Two names, in quotes.", "print(gradcheck(softmax, colleague, x)), and look for FAIL; "
           "then softmax_vjp with dp=np.ones_like(x), and look for 'could not have exposed'.",
           "What happens to a result that you keep, when you call it again? And what is twice 0?"),
    why="It returns one buffer at every call, so the next call overwrites your result. gradcheck "
        "keeps a first result, calls again with another dp, and looks at the first once more. "
        "For ones the right dx is 0, and so is every multiple of it.",
    matters="Right numbers are not the only thing that a caller relies on.")
