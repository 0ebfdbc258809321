"""Exercises of notebook 07: an upstream that hides a mistake, and a report that says so."""

import numpy as np

from ...formulas.backward import softmax_vjp
from ...formulas.forward import softmax
from ...mistakes.catalogue import MISTAKES
from ...mistakes.more_spellings import backward_wrongs
from ...penguins import four_birds
from ..judge.law_words import COVARIANCE
from ..task import Answer, Choice, find_the_bug, mistakes_in, predict, rows

X, LABEL = four_birds(), np.eye(3)[[0, 1, 2, 2]]


def _off(dp):
    return abs(MISTAKES["cross_entropy_mean"].vjp(X, dp) - softmax_vjp(X, dp)).max()


def _hides(dp):
    if _off(dp) > 1e-9 * abs(dp).max():
        return "exposed", "With it the two differ: which <p, dp> makes p (dp - <p, dp>) the same?"
    return ""


def _exposes(dp):
    if _off(dp) <= 1e-6 * abs(dp).max():
        return "hidden", "With it the two agree: what is <p, dp> in each row?"
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


UNSEEN = ("plain_mean", "sign_flipped", "divided_by_batch", "divided_by_classes",
          "jacobian_summed_first", "upstream_as_probabilities", "softmax_twice", "wrong_axis",
          "cache_of_another_row", "unshifted_exp", "batch_maximum", "integer_buffer", "squeezed")

predict(
    "failed_law", "07", "read a `gradcheck` report",
    "colleague passes a check of the loss, whatever the dp. Ask gradcheck which law fails. And "
    "asked with a dp of ones, which mistake could it not have exposed?",
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
