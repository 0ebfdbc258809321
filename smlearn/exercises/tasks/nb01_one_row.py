"""Exercises of notebook 01: the Jacobian of one row, wrong and nearly sure."""

import numpy as np

from ...formulas.forward import softmax
from ...formulas.jacobian import softmax_jacobian
from ...penguins import four_birds
from ..judge.law_words import JACOBIAN
from ..task import Answer, Choice, find_the_bug, mistakes_in, predict, rows

JACOBIAN_WRONGS = (
    ("diagonal_only", "You kept the diagonal p (1 - p), and nothing beside it.",
     "When one logit rises, what happens to the probabilities of the other classes?",
     "np.diag(p * (1 - p))"),
    ("plus_sign", "You added the p_i p_j in place of subtracting them.",
     "When one class gains, do the others gain as well?", "np.diag(p) + np.outer(p, p)"),
    ("plus_beside_the_diagonal", "Beside the diagonal your p_i p_j have no minus sign.",
     "When one class gains, do the others gain as well?",
     "np.where(np.eye(len(p)) > 0, p * (1 - p), np.outer(p, p))",
     "np.where(np.eye(len(p)) > 0, p, np.outer(p, p))"),
    ("ones_for_delta", "You put 1 for the delta, beside the diagonal as well.",
     "What is delta_ij where i and j differ?", "p[:, None] * (1 - p)"),
    ("diagonal_empty", "The diagonal is 0: you filled the entries beside it.",
     "When a logit rises, does its own probability stay where it is?",
     "np.where(np.eye(len(p)) > 0, 0, -np.outer(p, p))"),
    ("outer_only", "You left out the diagonal term, the delta.",
     "What is special where i equals j?", "-np.outer(p, p)", "np.outer(p, p)"),
    ("factor_missing", "You left out the factor p_i in front: delta minus p_j is not yet J.",
     "What do the rows of eye - p add up to?", "np.eye(len(p)) - p",
     "np.eye(len(p)) - p[:, None]"),
    ("identity_for_p", "The delta lacks its factor p_i: 1 stands where p_i belongs.",
     "What is J[0, 0], if p_0 is 0?", "np.eye(len(p)) - np.outer(p, p)"),
    ("dot_for_outer", "p @ p is one number; a table of all the p_i p_j is meant.",
     "Which shapes have np.dot(p, p) and np.outer(p, p)?", "np.diag(p) - p @ p"),
    ("first_row_only", "You filled the first row and no other.",
     "Is the return inside the outer loop, and how often does that run?",
     "np.eye(len(p))[:, :1] * (np.diag(p) - np.outer(p, p))"),
    ("columns_for_rows", "Your factor p runs along the columns; J wants p_i down the rows.",
     "Which shape lets p run down the rows: (D,) or (D, 1)?", "p * (np.eye(len(p)) - p)"),
    ("not_a_matrix", "You multiplied p with p entry by entry, where each i meets each j.",
     "How many pairs (i, j) are there for D classes?", "p * (1 - p)", "p * p"),
    ("sign_flipped", "All signs are turned round: the diagonal gains.",
     "Does a probability rise or fall with its own logit?", "np.outer(p, p) - np.diag(p)"),
    ("squares_on_the_diagonal", "The diagonal is p_i, without its -p_i squared.",
     "What do the rows add up to?", "np.where(np.eye(len(p)) > 0, p, -np.outer(p, p))"),
    ("diagonal_without_p", "The diagonal is 1 - p_i, without its factor p_i.",
     "What is J[0, 0], if p_0 is 0?", "np.where(np.eye(len(p)) > 0, 1 - p, -np.outer(p, p))"),
    ("softmax_twice", "You took softmax of p, which holds probabilities already.",
     "Does the function get logits or probabilities?",
     "np.diag(softmax(p)) - np.outer(softmax(p), softmax(p))"),
)
ROWS_OF_P = {"p = (0.5, 0.25, 0.25)": (np.array([0.5, 0.25, 0.25]),),
             "p = (0.8, 0.2)": (np.array([0.8, 0.2]),),
             "p = (1, 0, 0)": (np.array([1.0, 0.0, 0.0]),),
             "five classes": (softmax(rows(1, 5)),)}


@find_the_bug(
    "diagonal_jacobian", "01", "why each row of the Jacobian sums to 0",
    Answer("row_sum", 0.25, {
        0.0: "So it should be. Add up the row that this function makes.",
        0.5: "The entry is p (1 - p), not p.",
        0.1875: "That is row 1 or 2; row 0 belongs to p[0] = 0.5.",
    }, "Only one entry of that row is not 0: p_0 (1 - p_0)."),
    Choice("mistake", "diagonal_only", {
        "plus_sign": "With a plus sign the entries beside the diagonal would be there, positive.",
        "factor_missing": "The factor p is there; count the entries that are not 0.",
        "softmax_twice": "Nothing takes softmax here; count the entries that are not 0."}),
    cases=ROWS_OF_P, laws=JACOBIAN,
    hints=("Row 0 should answer: what does p[0] do when each of the logits moves?",
           "Shift all logits: p stays, so each row of J must add up to 0.",
           "Off the diagonal J_ij = -p_i p_j."),
    blank="np.outer(p, p)",
    why="Row 0 adds up to 0.25 and should to 0: the entries -p_i p_j off the diagonal are "
        "missing, as if each class had a sigmoid of its own. A check that nudges x[i] and looks "
        "at p[i] only never sees it: 07 begins there.",
    matters="42 of the 228 public implementations of notebook 00 use this diagonal alone.")
def jacobian_of(p):
    """Say what row 0 adds up to for p = (0.5, 0.25, 0.25), name the mistake, then mend it."""
    return np.diag(p) - np.outer(p, p)         # (D, D)


mistakes_in(jacobian_of, *JACOBIAN_WRONGS)


predict(
    "nearly_sure", "01", "predict when they are nearly 0",
    "Bird 155 has p near (0.00, 0.02, 0.98). What is the largest entry of its Jacobian, to 0.01?",
    Answer("largest", round(float(softmax_jacobian(four_birds()[3]).max()), 2), {
        0.98: "An entry of the diagonal is p (1 - p): what is 1 - 0.98?",
        0.25: "A quarter is the most at p = 1/2; this bird is far from there.",
        0.0: "To 0.01 it is not quite 0: multiply 0.98 by what is left.",
    }, "It is p (1 - p), with p nearly 0 or nearly 1.", atol=0.0051),
    hints=("A number between 0 and 1/4.", "The largest entries stand on the diagonal.",
           "p_i (1 - p_i): try it for 0.02 and for 0.98."),
    why="0.98 times 0.02, and the same for the other class: what one gains the other loses.",
    matters="A row that is sure hardly answers to its logits: saturated, also where it is wrong.")
