"""Exercises of notebook 03: a batch of rows, einsum, and the axis that gets lost."""

import numpy as np

from ...formulas.forward import softmax
from ...mistakes.more_spellings import BATCH, backward_wrongs
from ...penguins import FOUR_COSTS, four_birds
from ..judge.law_words import COVARIANCE
from ..judge.numbers import follows_a_formula
from ..task import Answer, complete, mistakes_in, predict, rows

DP = np.array(FOUR_COSTS)


@complete(
    "03", "turn a loop over rows into one einsum",
    cases={"the probabilities of four birds": (softmax(four_birds()), DP),
           "four other rows": (softmax(rows(5, 4, 3)), rows(6, 4, 3)),
           "two rows of five classes": (softmax(rows(7, 2, 5)), rows(8, 2, 5))},
    hints=("(B, D) and (B, D) in, (B,) out: one number a bird.",
           "Birds stay apart, so b is kept; classes are averaged, so j is summed.",
           "<p_b, dp_b> = sum_j p_bj dp_bj, for each b."),
    blank="bj,bj->b",
    why="Both letters are in step in both inputs; j is missing after the arrow, so it is summed. "
        "(p * dp).sum(axis=-1) is the same.",
    matters="This number is what backward takes away from each row of dp, one for each bird.")
def expected_upstream(p, dp):
    """Compute the expected upstream <p_b, dp_b> of each row, (B,)."""
    return np.einsum("bj,bj->b", p, dp)        # (B,)


mistakes_in(
    expected_upstream,
    ("letters_apart", "j and k run apart: every p of a row met every dp of it.",
     "Which letter must class j of p share with class j of dp?", "bj,bj => bj,bk"),
    ("summed_over_rows", "You summed over the birds; one number a bird is wanted.",
     "Which letter stays after the arrow?", "->b => ->j"),
    ("one_number", "You summed over everything: one number, where each bird has its own.",
     "Which letter stays after the arrow?", "->b => ->", "(p * dp).mean()"),
    ("nothing_summed", "You summed nothing: the products still stand side by side.",
     "Which letter is missing after the arrow, for an expected value?", "p * dp"),
    ("all_pairs", "You let every bird's p meet every bird's dp: that is p @ dp.T.",
     "May bird 0 meet the costs of bird 1?", "p @ dp.T", "(p @ dp.T).sum(axis=-1)"),
    ("mean_for_sum", "You divided by the number of classes: the p are weights already.",
     "What do the p of a row add up to?", "(p * dp).mean(axis=-1)"),
    ("plain_mean", "You left p out: that is the plain sum or mean of the costs.",
     "Which costs are likely to be paid?", "dp.mean(axis=-1)"),
    ("softmax_twice", "You took softmax of p, which is one already.",
     "Does the function get logits or probabilities?", "expected_upstream(softmax(p), dp)"),
    ("keepdims", "You kept an axis of length 1: one number a bird is wanted, (B,).",
     "What does keepdims do, and is it asked for here?", "(p * dp).sum(axis=-1, keepdims=True)"))


VJP_CASES = {    # from the tamest to the wildest; two of one shape, so that a shared buffer shows
    "four birds": (four_birds(), DP),
    "four other rows": (rows(5, 4, 3), rows(6, 4, 3)),
    "two rows of five classes": (rows(9, 2, 5), rows(10, 2, 5)),
    "as many rows as classes": (rows(11, 3, 3), rows(12, 3, 3)),
    "one row": (rows(13, 1, 3), rows(14, 1, 3)),
    "one-hot upstreams": (rows(15, 4, 3), np.eye(3)[[1, 0, 2, 1]]),
    "logits near 800": (rows(16, 4, 3) + 800, rows(17, 4, 3)),
    "rows 900 apart": (rows(18, 4, 3) + [[0], [900], [0], [-900]], rows(19, 4, 3)),
    "integer upstreams": (rows(20, 4, 3),
                          np.array([[1, 3, -2], [2, 0, 4], [5, 1, 1], [0, -7, 2]])),
    "integer logits": (np.array([[1, 2, 0], [2, 5, 3], [0, 0, 1], [3, 1, 1]]), rows(21, 4, 3)),
}


@complete(
    "03", "pull a whole batch of upstream gradients back", cases=VJP_CASES, laws=COVARIANCE,
    last=follows_a_formula,
    hints=("x, dp and the result have the shape (B, D).",
           "Each row of dx adds up to 0, and no row touches another.",
           "dx_bj = p_bj (dp_bj - sum_k p_bk dp_bk)."),
    blank='"bk,bk->b"',
    why="j and k are two walks through the classes of one bird: k is summed, j is kept. With "
        "keepdims it is p * (dp - (p * dp).sum(axis=-1, keepdims=True)).",
    matters="The covariance of each class with the upstream, row by row, without any Jacobian.")
def softmax_vjp(x, dp):
    """Pull a whole batch back, (B, D) to (B, D): any B, logits of any size, integers too."""
    p = softmax(x)                             # (B, D)
    mean = np.einsum("bk,bk->b", p, dp)        # (B,)
    return p * dp - np.einsum("b,bj->bj", mean, p)    # (B, D)


mistakes_in(softmax_vjp, *backward_wrongs(BATCH))


predict(
    "quiet_batches", "03", "see a missing `keepdims`",
    "For D = 3 classes, which batches B from 1 to 5 make the missing keepdims raise? A list.",
    Answer("batches", [2, 4, 5], {
        (1, 2, 4, 5): "An axis of length 1 stretches: B = 1 broadcasts.",
        (2, 3, 4, 5): "(3, 3) lines up with (3,): nothing is said.",
        (1, 3): "Those are the quiet ones; which raise?",
        (1, 2, 3, 4, 5): "When does (B, 3) line up with (B,)?",
        (3,): "(3, 3) lines up with (3,); which do not?",
    }, "Line (B, 3) up with (B,) from the right, for each B.", any_order=True),
    hints=("A list of some of the numbers 1 to 5.",
           "Shapes are lined up from the right; a length must be equal, or 1.",
           "B meets 3: which B fit?"),
    why="One row broadcasts and is right; three rows broadcast and are wrong; all others raise.",
    matters="Never as many rows as classes: then this mistake raises by itself.")
