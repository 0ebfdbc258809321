"""Exercises of notebook 07b: what a check asks for, and the rows that hide a mistake."""

from ...formulas.backward import softmax_vjp
from ...mistakes.catalogue import MISTAKES
from ..task import Answer, Choice, predict, rows

predict(
    "wanted_by_the_check", "07b", "say which backward pass a given check asks for",
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
    "one_row", "07b", "find rows that hide a given mistake",
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
        "hidden", "With these rows the two agree, or nearly: p must differ from row to row, and a "
        "constant added to a row leaves its p alone.")


predict(
    "which_rows", "07b", "find rows that hide a given mistake",
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
