"""Exercises of notebook 03: a batch of rows, einsum, and the axis that gets lost."""

import numpy as np

from ...formulas.forward import softmax
from ...mistakes.more_spellings import BATCH, backward_wrongs
from ...penguins import FOUR_COSTS, four_birds
from ..judge.law_words import COVARIANCE
from ..judge.numbers import follows_a_formula
from ..task import Answer, complete, mistakes_in, predict, rows

predict(
    "einsum_shapes", "03", "turn a loop over rows into one einsum",
    "Which shapes do the einsums bj,jk->bk and bj,jk->kb make of q, (4, 3), and w, (3, 5)?",
    *(Answer(name, shape, {
        kept: "j is missing after the arrow: it is summed away.",
        shape[::-1]: "The order after the arrow is the order of the axes.",
        (): "Only the letters that are missing after the arrow are summed.",
    }, "Only the letters after the arrow are left, in that order.")
      for name, shape, kept in (("bk", (4, 5), (4, 3, 5)), ("kb", (5, 4), (5, 3, 4)))),
    hints=("Two shapes, each with one number for each letter after the arrow.",
           "A letter has one length everywhere: b is 4, j is 3, k is 5.",
           "Kept letters stay in the order in which they stand after the arrow."),
    why="b is 4 and k is 5; j, of length 3, is summed. The order after the arrow decides.",
    matters="bj,jk->bk is the matrix product; letters say it for any number of axes.")

VJP_CASES = {    # from the tamest to the wildest; two of one shape, so that a shared buffer shows
    "four birds": (four_birds(), np.array(FOUR_COSTS)),
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
    matters="The covariance of each class with the upstream, row by row; no Jacobian is needed.")
def softmax_vjp(x, dp):
    """Pull a whole batch back, (B, D) to (B, D): any B, logits of any size, integers too."""
    p = softmax(x)                             # (B, D)
    mean = np.einsum("bk,bk->b", p, dp)        # (B,)
    return p * dp - np.einsum("b,bj->bj", mean, p)    # (B, D)


mistakes_in(softmax_vjp, *backward_wrongs(BATCH))
