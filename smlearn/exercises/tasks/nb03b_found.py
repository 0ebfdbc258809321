"""Exercises of notebook 03b: what the seed's cells return, and what they read unasked."""

import numpy as np

from ...formulas.forward import softmax
from ...mistakes.more_spellings import backward_wrongs
from ...penguins import FOUR_COSTS, four_birds
from ..judge.law_words import COVARIANCE
from ..judge.page_names import stands_alone
from ..task import Answer, find_the_bug, mistakes_in, predict, rows

predict(
    "einsum_shapes", "03b", "say of an einsum which shape comes out",
    "q is (4, 3), w is (3, 5): which shapes have einsum('bj,jk->bk', q, w) and ('bj,jk->kb')?",
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

predict(
    "as_called", "03b", "why a flag must not decide",
    "x = [[2, 1]], dp = [[1, 0]]: what does softmax_backward_2(x, dp) return? Two numbers.",
    Answer("my_dx", [-2.0, -2.0], {
        (0.19661193, -0.19661193):
            "That is right for logits; what does the default take x for?",
        (-0.19661193, 0.19661193):
            "That is class 1 of a row of logits; dp asks for class 0, and no flag is given.",
        (-2.0, 0.0): "dp meets a row of J, not the diagonal alone: what is J[0, 1]?",
        (-4.0, -2.0): "That is without the diagonal, np.diag([2, 1]).",
        (6.0, 2.0): "That is the diagonal plus the outer product; it is taken away.",
        (2.0, 0.0): "That is the diagonal alone; the outer product is taken away from it.",
        (2.0, 2.0): "The outer product is subtracted, and it is larger than the diagonal.",
        (0.0, 0.0): "So it is for probabilities and a dp of ones; these are neither.",
    }, "J = diag(x) - outer(x, x), with x itself: no softmax is taken."),
    hints=("Two numbers: dp @ J, for a J of two rows and two columns.",
           "Rows of J add up to 0 for probabilities; 2 and 1 are none.",
           "J = diag([2, 1]) - [[4, 2], [2, 1]]."),
    why="Without a flag x counts as probabilities: J = [[-2, -2], [-2, 0]], and dp = [1, 0] reads "
        "out its first row.",
    matters="They add up to -4, where rows of dx add up to 0: a law sees what the call hides.")


@find_the_bug(
    "ghost", "03b", "find a hidden global",
    Answer("name", "p", {
        "logits": "That one is handed over: it stands in the def line.",
        "upstream": "That one is handed over: it stands in the def line.",
        "q": "That one is made inside, from logits.",
        "mean": "That one is made inside; from what?",
        "softmax": "That is a function, and it belongs to the notebook; which array does it read?",
        "np": "That is a module; which array does it read?",
    }, "Follow each name to where it was made. Give one name, in quotes."),
    cases={"four birds": (four_birds(), np.array(FOUR_COSTS)),
           "four other rows": (rows(5, 4, 3), rows(6, 4, 3)),
           "two rows of five classes": (rows(9, 2, 5), rows(10, 2, 5))},
    laws=COVARIANCE, last=stands_alone,
    hints=("logits, upstream and the result have the shape (B, D).",
           "Rows of the result add up to 0 only if the mean is taken with the row's own weights.",
           "Every name must be a parameter, be made inside, or be a function or module."),
    blank="q, upstream",
    why="p is left over from above, the probabilities of the four birds. With those birds it is "
        "right; with other logits it is wrong, and with another number of rows it raises.",
    matters="A function that reads only its parameters means the same in every cell.")
def vjp_of_today(logits, upstream):
    """Name the array that it reads and was not handed, in quotes, then mend the function."""
    q = softmax(logits)                        # (B, D)
    mean = np.einsum("bj,bj->b", q, upstream)  # (B,)
    return q * (upstream - mean[:, None])      # (B, D)


mistakes_in(
    vjp_of_today,
    ("ghost", "It still reads p, of the four birds, whatever logits it gets.",
     "Whose probabilities belong into the mean?",
     "q, upstream => softmax(four_birds()), upstream"),
    *backward_wrongs(("sum_term_missing", "diagonal_only", "plain_mean", "batch_sum",
                      "sign_flipped", "keepdims_missing", "product_branch_overwritten",
                      "plus_sign", "wrong_axis", "dp_in_place", "one_softmax",
                      "logits_as_probabilities")))
