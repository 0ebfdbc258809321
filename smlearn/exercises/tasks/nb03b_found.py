"""Exercises of notebook 03b: what the seed's cells return, and what they read unasked."""

import numpy as np

from ...formulas.forward import softmax
from ...mistakes.more_spellings import backward_wrongs
from ...penguins import FOUR_COSTS, four_birds
from ..judge.law_words import COVARIANCE
from ..judge.page_names import stands_alone
from ..task import Answer, complete, find_the_bug, mistakes_in, predict, rows

DP = np.array(FOUR_COSTS)


@complete(
    "03b", "write a sum over one axis as one einsum",
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
    ("softmax_twice", "You took softmax of p, which holds probabilities already.",
     "Does the function get logits or probabilities?", "expected_upstream(softmax(p), dp)"),
    ("keepdims", "You kept an axis of length 1: one number a bird is wanted, (B,).",
     "What does keepdims do, and is it asked for here?", "(p * dp).sum(axis=-1, keepdims=True)"))


predict(
    "quiet_batches", "03b", "for which batches a missing `keepdims` raises",
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
    cases={"four birds": (four_birds(), DP),
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
     "Whose probabilities belong in the mean?",
     "q, upstream => softmax(four_birds()), upstream"),
    *backward_wrongs(("sum_term_missing", "diagonal_only", "plain_mean", "batch_sum",
                      "sign_flipped", "keepdims_missing", "product_branch_overwritten",
                      "plus_sign", "wrong_axis", "dp_in_place", "one_softmax",
                      "logits_as_probabilities")))
