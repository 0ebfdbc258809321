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
from .nb07_wrong_checks import CASES, at_one_output

predict(
    "wanted_by_the_check", "07", "find out what a gradient check never looks at",
    "A check nudges x[i, j], looks only at p[i, j], and uses a dp of ones. Which backward passes?",
    Choice("backward", "diagonal_only", {
        "right": "For a dp of ones the right dx is 0, and the check measures p (1 - p).",
        "sum_term_missing": "For a dp of ones that gives p; the check measures a slope of p.",
        "pass_through": "That gives 1 everywhere; how fast does p[i, j] move with its own logit?",
        "returns_zeros": "It measures how p[i, j] moves with its own logit: not 0.",
    }),
    hints=("A name, in quotes.",
           "Moving a logit moves its own probability at the rate of a diagonal entry of J.",
           "p (1 - p) is measured: which backward gives that, for dp = 1?"),
    why="The check measures the diagonal of J, p (1 - p), and compares it with dp p (1 - p) at "
        "dp = 1. The right backward, 0 for ones, is stopped.",
    matters="The most frequent mistake is the one that a diagonal check asks for.")

predict(
    "one_row", "07", "expose a given mistake",
    "One row, random dp. True or False for each: does it pass a check of the loss? In order: "
    "batch_sum, plus_sign, divided_by_batch, factor_two.",
    Answer("passes", [True, False, True, False], {
        (True, False, True, True): "A factor of two shows in any row.",
        (True, False, False, False): "And what is 1 / B with one row?",
        (False,) * 4: "What is a sum over the batch, if the batch is one row?",
        (False, True, False, True): "The question is which of them pass.",
    }, "Put one row into each formula: which sums and counts change nothing then?",
        code="[True, False, True, False]"),
    hints=("Four times True or False.", "With one row the batch is the row, and B is 1.",
           "The sign and the factor two are wrong in every row."),
    why="A sum over a batch of one row is the sum of that row, and dividing by B = 1 does "
        "nothing. The other two are wrong whatever the number of rows.",
    matters="Two rows at least, and never as many as classes.")

X, LABEL = four_birds(), np.eye(3)[[0, 1, 2, 2]]
TWO = rows(74, 2, 3)


def _seen_at(x):
    """Say how far off the backward with another row's cache is, for these logits."""
    return abs(MISTAKES["cache_of_another_row"].vjp(x, TWO) - softmax_vjp(x, TWO)).max()


def _hides_the_cache(x):
    if not x.any():
        return "zero", "Zeros were excluded: put logits that are not all 0."
    return "" if _seen_at(x) < 1e-9 else (
        "exposed", "With these rows the two differ: which p must the rows have?")


def _exposes_the_cache(x):
    return "" if _seen_at(x) > 1e-6 else (
        "hidden", "With these rows the two agree: a constant added to a row leaves its p alone.")


predict(
    "which_rows", "07", "expose a given mistake",
    "A backward uses the p of another row. For a random dp, (2, 3): find an x, not of zeros, that "
    "hides it, and one that exposes it.",
    Answer("hiding_x", [[1.0, 2.0, 3.0], [1.0, 2.0, 3.0]], accepts=_hides_the_cache),
    Answer("exposing_x", [[1.0, 2.0, 3.0], [4.0, 5.0, 5.0]], accepts=_exposes_the_cache),
    hints=("Two arrays of two rows, three logits each.",
           "It is right where the two rows have the same p.",
           "Equal rows hide it, and so do rows that differ by a constant only."),
    why="With the same p in both rows the wrong cache is as good as the right one. Equal rows are "
        "what a test made by np.ones or np.zeros has.",
    matters="x has blind spots as dp has: let the rows differ, and not by a constant.")


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
     "How close can a measurement come: to the last bit, or to some 1e-10?", "False",
     "np.array_equal(dx, measured)"),
    ("turned_round", "You say True where the two differ, and False where they agree.",
     "What should it return for the right backward?", "and np => and not np"),
    ("loose", "An error of 3e-7 in one entry passes: your tolerance is wider than 1e-7.",
     "What does np.allclose add to atol by itself, and what does a mean hide?", "1e-7 => 1e-5",
     ", rtol=0, atol=1e-7 =>", "abs(dx - measured).mean() < 1e-7"),
    ("signed", "You took the differences with their signs, not their sizes.",
     "Is an entry that is too small less wrong than one that is too large?",
     "(dx - measured).max() < 1e-7", "(measured - dx).max() < 1e-7",
     "(dx - measured).mean() < 1e-7"),
    ("sums_only", "You compared sums: entries may be wrong and cancel.",
     "Which entry would have to be wrong for your check to see it?",
     "np.isclose(dx.sum(), measured.sum(), atol=1e-7)"),
    ("any_for_all", "One entry that agrees is enough for you: any stands for all.",
     "How many entries of a right gradient agree?", "(abs(dx - measured) < 1e-7).any()"),
    ("first_row", "You compared the first row only.", "Who looks at the other rows?",
     "np.allclose(dx[0], measured[0], rtol=0, atol=1e-7)"),
    ("relative", "You took a relative error: it blames a small right entry for the noise.",
     "How large is the noise of a measurement, beside an entry of 1e-9?",
     "(abs(dx - measured) / np.maximum(1e-8, abs(dx) + abs(measured))).max() < 1e-7"),
    ("formula", "You compared with the formula of softmax: nothing is measured.",
     "What if the formula is wrong, or f is another function?",
     "numerical_vjp(f, x, dp) => softmax_vjp(x, dp)"),
    ("ones", "You measured with a dp of ones: the seed's mistake, in a check.",
     "What is the right gradient of softmax for a dp of ones, and for its negative?",
     "agrees(f, vjp, x, np.ones_like(dp))"),
    ("one_output", "You measured what is right for sin, where a logit moves one output.",
     "Does dp belong to the outputs that move, or to the logit that is nudged?", at_one_output),
    ("coarse", "You stop the right backward: your own measurement is coarser than 1e-7.",
     "How long is your step, how far off is its slope, and would both sides help?",
     "numerical_vjp(f, x, dp) => numerical_vjp(f, x, dp, h=0.01)"),
    ("diagonal", "You compared with p (1 - p): that is what the seed's check does.",
     "Does the loss depend on one probability, or on all?",
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

predict(
    "thousandth", "07", "say why a fixed tolerance lets wrong code through",
    "One entry of dx is too large. True or False: found by a tolerance of 1e-5? By gradcheck? By "
    "the adjoint test? And is the right entry stopped?",
    Answer("found", [False, True, True], {
        (True, True, True): "0.1 % of 1e-3 is 1e-6: is that more than 1e-5?",
        (False, True, False):
            "The adjoint test compares two sums to some 1e-15 of their size: 1e-6 shows.",
        (False, False, False): "gradcheck's resolution is near 1e-10 here.",
    }, "How large is the error, and what is the smallest that each can see?",
        code="[False, True, True]"),
    Answer("right_is_stopped", True, {
        False: "1e-11 of 1e-9 is one part in a hundred: more than 1e-7.",
    }, "What is the relative error of that measurement?"),
    hints=("Four times True or False.", "The error is 1e-6 in size; the measurement's, 1e-11.",
           "The derived tolerance is near 1e-10, the adjoint's near 1e-15; 1e-11 / 1e-9 = 0.01."),
    why="The error is near 1e-6: below 1e-5, far above the resolution of gradcheck, and farther "
        "above the rounding of two sums. A small right entry is measured to few digits, and a "
        "relative error blames the entry for it.",
    matters="A tolerance that nobody derived is a guess about the size of your numbers.")

predict(
    "remainders", "07", "use two tests that need no tuned step",
    "Halve the step of a Taylor test: the remainder is divided by what? With the right dx, with "
    "twice the right dx, and for f(x) = x^2 at 0 with twice the right dx.",
    Answer("right", 4.0, {
        0.25: "It is *divided* by: a number above 1.",
        2.0: "That is the rate, the power of the step: 2 to the?",
        1.0: "Then it would not shrink at all.",
    }),
    Answer("twice", 2.0, {
        1.0: "That is the rate, the power of the step: 2 to the?",
        4.0: "Once too much of the first-order part is left in it.",
    }),
    Answer("twice_nothing", 4.0, {
        2.0: "Twice 0 is 0: what is left of first order?",
        2.5: "Twice 0 is 0.",
    }),
    hints=("Three numbers.", "With the right gradient what is left is of second order.",
           "Of order e^2: halve e, and a quarter is left. Of order e: a half."),
    why="4, since the remainder is of second order; 2, since a first-order part is left; and 4, "
        "since at 0 the right dx of x^2 is 0, and twice nothing is nothing.",
    matters="A slope in place of a tolerance; and still it sees no factor of a gradient of 0.")

predict(
    "adjoint_passes", "07", "use two tests that need no tuned step",
    "The adjoint test is given softmax_jvp and, as vjp, one of four. Which does it pass?",
    Choice("passes", "jvp_again", {
        "twice": "One side doubles, the other does not.",
        "diagonal": "The other side has the whole of J: the off-diagonal part is missing here.",
        "zeros": "One side is 0; is the other, for a random t and dp?",
    }),
    hints=("A name, in quotes.", "<dp, J t> = <dp J, t>, and one J stands on both sides.",
           "For which matrices is J v the same as v J?"),
    why="The J of softmax is symmetric, so J dp is dp J. On softmax(W x) the two part, and the "
        "test tells them apart.",
    matters="It asks whether two products belong to one J, and not to which.")
