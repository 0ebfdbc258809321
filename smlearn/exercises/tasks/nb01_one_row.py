"""Exercises of notebook 01: softmax of one row, and its Jacobian."""

import numpy as np

from ...formulas.forward import softmax
from ...formulas.jacobian import softmax_jacobian
from ...penguins import four_birds, one_bird
from ..judge.law_words import JACOBIAN, PROBABILITIES
from ..judge.measured import by_the_formula
from ..task import Answer, Choice, complete, find_the_bug, mistakes_in, predict, rows


@complete(
    "01", "compute the softmax of one row",
    cases={"the logits 0 and log 3": (np.array([0.0, np.log(3)]),),
           "bird 231": (one_bird(),),
           "the logits 1, 2, 4, 8": (np.array([1, 2, 4, 8]),),
           "the logits 1000, 1001, 1002": (np.array([1000.0, 1001.0, 1002.0]),),
           "the logits 0, 3000, 1": (np.array([0.0, 3000.0, 1.0]),),
           "the logits -1000, -1001, -1003": (np.array([-1000.0, -1001.0, -1003.0]),),
           "the logits -800, 0, 1, 2": (np.array([-800.0, 0.0, 1.0, 2.0]),),
           "the logits 0, -800, 1": (np.array([0.0, -800.0, 1.0]),)},
    laws=PROBABILITIES,
    hints=("(D,) in, (D,) out: one probability per logit.",
           "A number added to all logits changes nothing: choose it so that exp cannot overflow.",
           "p_i = e^(x_i - m) / sum_k e^(x_k - m), with m the largest logit."),
    blank="np.max(x)",
    why="The largest exponential is e^0 = 1, so nothing overflows; one term of the sum is 1, so "
        "the division is safe; what underflows to 0 is 0 to all 16 digits.",
    matters="The first invariance, put to use: a shift is free, so choose the one that is safe.")
def stable_softmax(x):
    """Compute the softmax of one row of logits of any size, such as 1000 or -1000."""
    z = x - np.max(x)                          # (D,)  the largest is 0
    e = np.exp(z)                              # (D,)  at most 1: cannot overflow
    return e / e.sum()                         # (D,)


mistakes_in(
    stable_softmax,
    ("unshifted_exp", "You took exp of the logits themselves: beyond 709 it overflows.",
     "What may you subtract from all logits for nothing?", "np.exp(z) => np.exp(x)",
     "np.nan_to_num(np.exp(x) / np.exp(x).sum())"),
    ("shift_by_minimum", "You subtracted the smallest logit: now the largest overflows.",
     "Which logit must become 0, so that no exponential exceeds 1?", "np.max => np.min"),
    ("shift_by_size", "You subtracted the largest size: negative logits only sink deeper.",
     "Which logit of -1000, -1001, -1003 must become 0?", "np.max(x) => abs(x).max()"),
    ("shift_by_first", "You subtracted the first logit: one far above it still overflows.",
     "Which logit must become 0, so that no exponential exceeds 1?", "np.max(x) => x[0]"),
    ("shift_by_mean", "You subtracted the mean: a logit far above it still overflows.",
     "Which logit must become 0, so that no exponential exceeds 1?", "np.max => np.mean"),
    ("clipped", "You cut off large logits: two of them then count the same.",
     "Do 1000 and 1002 differ, for softmax?", "softmax(np.clip(x, -700, 700))",
     "softmax(np.minimum(x, 700))"),
    ("shifted_above_only", "You shifted above the fraction and not below it.",
     "Is e^(x - m) / sum e^x still the same fraction?", "e.sum() => np.exp(x).sum()"),
    ("not_divided", "You did not divide by the sum.", "What must probabilities add up to?", "e",
     "np.exp(x)"),
    ("scaled_logits", "You divided the logits: that changes their differences.",
     "Which change of all logits leaves e^x_i / sum e^x_k alone: adding, or multiplying?",
     "softmax(x / np.abs(x).max())", "softmax(x / x.max())", "softmax(x / 1000)", "x / x.sum()"),
    ("another_base", "You took powers of another number than e.",
     "Which two probabilities have the logits 0 and log 3?", "softmax(x * np.log(2))",
     "softmax(x * np.log(10))"),
    ("sigmoid", "You took a sigmoid of each logit by itself.",
     "Does the answer for one class depend on the logits of the others?", "1 / (1 + np.exp(-x))"),
    ("log_softmax", "You returned the logarithms of the probabilities.",
     "Between which two numbers does a probability lie?", "z - np.log(e.sum())"),
    ("x_in_place", "You changed x in place: the shift is written into the caller's logits.",
     "Does x -= m make a new array?", "x - np.max(x) => np.subtract(x, np.max(x), out=x)"))


predict(
    "equal_logits", "01", "in two cases",
    "A row has the logits (7, 7). What is entry [0, 1] of its Jacobian?",
    Answer("entry", float(softmax_jacobian([7.0, 7.0])[0, 1]), {
        0.25: "The size is right. When one logit rises, which way goes the other?",
        -0.5: "p = (1/2, 1/2), and the entry is a product of two of them.",
        0.0: "Is the other class really left alone when this logit rises?",
        -49.0: "The formula wants probabilities; 7 and 7 are logits.",
    }, "Equal logits share alike; then use the formula for i not equal to j."),
    hints=("A number: row 0 asks for p[0], column 1 moves logit 1.",
           "Rows sum to 0, and here row 0 has two entries.",
           "For i not equal to j the entry is -p_i p_j."),
    why="p = (1/2, 1/2), and -p_0 p_1 = -1/4. No entry is ever larger in size.",
    matters="Where two classes are equally likely, one logit moves both as fast as can be.")

JACOBIAN_WRONGS = (
    ("diagonal_only", "You kept the diagonal p (1 - p), and nothing beside it.",
     "When one logit rises, what happens to the probabilities of the other classes?",
     "np.diag(p * (1 - p))"),
    ("plus_sign", "You added the outer product in place of subtracting it.",
     "When one class gains, do the others gain as well?", "np.diag(p) + np.outer(p, p)"),
    ("outer_only", "You left out the diagonal term, the delta.",
     "What is special where i equals j?", "-np.outer(p, p)", "np.outer(p, p)"),
    ("factor_missing", "You left out the factor p_i in front: delta minus p_j is not yet J.",
     "What do the rows of eye - p add up to?", "np.eye(len(p)) - p",
     "np.eye(len(p)) - p[:, None]"),
    ("identity_for_p", "The identity stands where diag(p) belongs.",
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
     "What do the rows add up to?", "np.where(np.eye(len(p)) > 0, p, -np.outer(p, p))",
     "np.where(np.eye(len(p)) > 0, 1 - p, -np.outer(p, p))"),
    ("softmax_twice", "You took softmax of p, which is one already.",
     "Does the function get logits or probabilities?", "jacobian_from_p(softmax(p))"),
)
ROWS_OF_P = {"p = (0.5, 0.25, 0.25)": (np.array([0.5, 0.25, 0.25]),),
             "p = (0.8, 0.2)": (np.array([0.8, 0.2]),),
             "p = (1, 0, 0)": (np.array([1.0, 0.0, 0.0]),),
             "five classes": (softmax(rows(1, 5)),)}


@complete(
    "01", "in two cases", cases=ROWS_OF_P, laws=JACOBIAN,
    hints=("(D,) in, (D, D) out: one entry for each pair of classes.",
           "Rows of J sum to 0: what stands on the diagonal is paid for by the rest of the row.",
           "J_ij = p_i (delta_ij - p_j), and np.eye(D) holds the deltas."),
    blank="p[:, None]",
    why="p[:, None] is p_i down the rows, np.eye is delta_ij, the last p is p_j along the "
        "columns. Two loops and an if are as right, and so is np.diag(p) - np.outer(p, p).",
    matters="One line holds both cases of the derivation: the delta chooses.")
def jacobian_from_p(p):
    """Build the Jacobian of one row from its probabilities p, (D,) to (D, D)."""
    return p[:, None] * (np.eye(len(p)) - p)   # (D, D)


mistakes_in(jacobian_from_p, *JACOBIAN_WRONGS)


@complete(
    "01", "check that line against nudges", tol=1e-3, last=by_the_formula,
    cases={"bird 231, its logit 1 and h = 0.01": (one_bird(), 1, 0.01),
           "bird 231, its logit 2 and h = 0.0001": (one_bird(), 2, 1e-4),
           "five logits, the first and h = 0.001": (rows(2, 5), 0, 1e-3),
           "two equal logits, the second and h = 0.1": (np.zeros(2), 1, 0.1)},
    hints=("(D,) out: one rate for each probability.",
           "The rates add up to 0; if yours do not, look at the nudge.",
           "(softmax(nudged) - softmax(x)) / h, where nudged is a copy with one logit moved."),
    blank="x.copy()",
    why="Only logit j moves; x.copy() keeps the caller's x as it is. A central difference, with "
        "(softmax(x + h e) - softmax(x - h e)) / (2 h), is right too, and closer: 06 says why.",
    matters="It knows nothing of the formula, so where the two agree neither had to be trusted.")
def nudge_column(x, j, h):
    """Measure column j of the Jacobian at the logits x with a nudge h, to within 0.001."""
    nudged = x.copy()                          # (D,)
    nudged[j] += h
    return (softmax(nudged) - softmax(x)) / h  # (D,)


mistakes_in(
    nudge_column,
    ("not_divided", "You returned the changes, and not yet the rates.",
     "A change of what, per what?", "/ h =>"),
    ("all_logits", "You nudged all logits at once, and a shift changes nothing.",
     "Which one logit is column j about?", "nudged[j] => nudged[:]", "0 * x"),
    ("next_logit", "You nudged another logit than j.",
     "Python counts from 0: which entry is x[j]?", "nudged[j] => nudged[(j + 1) % len(x)]",
     "nudged[j] => nudged[j - 1]"),
    ("alias", "Your nudged array is x itself: both softmaxes see the nudge.",
     "Does nudged = x make a copy?", "x.copy() => x"),
    ("sign_flipped", "You subtracted the nudged softmax from the other.",
     "Which of the two comes first: after, or before?",
     "softmax(nudged) - softmax(x) => softmax(x) - softmax(nudged)"),
    ("one_entry", "You returned one number: the rate of p[j] alone.",
     "Which probabilities move when logit j does?", "((softmax(nudged) - softmax(x)) / h)[j]"),
    ("halved", "You divided by 2 h, and the logit moved by h.",
     "How far apart are the two points that you compare?", "/ h => / (2 * h)"),
    ("logits_not_probabilities", "One entry moved alone: you nudged p itself, or compared logits.",
     "Which numbers are nudged, and whose rates are wanted?", "np.eye(len(x))[j]"),
    ("integer_buffer", "You nudged an array of integers: the nudge is cut off.",
     "Which dtype has the array that you nudge?", "x.copy() => x.astype(int)"),
    ("multiplied", "You multiplied the changes by h.", "A change of what, per what?",
     "/ h => * h"),
    ("sizes_only", "You took the sizes of the changes, without their signs.",
     "When logit j rises, which probabilities fall?", "abs(softmax(nudged) - softmax(x)) / h"),
    ("own_step", "Your nudge is a step of your own, and not the h that you were given.",
     "Where in your lines is h used, and is it given another value?", "nudge_column(x, j, 1.0)",
     "nudge_column(x, j, 0.5)"))


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
    "nearly_sure", "01", "predict when the Jacobian is nearly zero",
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

predict(
    "ruled_out", "01", "why each row of the Jacobian sums to 0",
    "p = (0.9, 0.1, 0) exactly, as the third logit is -infinity: how many eigenvalues of J are 0?",
    Answer("zeros", 2, {
        1: "The shift is one. Now write J down, and look at its third row.",
        3: "J is not 0: what is its entry [0, 0]?",
        0: "J sees no constants: that is one already.",
    }, "Count the directions of change that leave p as it is."),
    hints=("A whole number from 0 to 3.",
           "An eigenvalue is 0 for each independent change of the logits that p does not see.",
           "J = diag(p) - p p^T: write it down for this p."),
    why="Two: the direction (1, 1, 1), as always, and (0, 0, 1), since a class that is never "
        "drawn has no variance.",
    matters="J is blind to what has no variance: constants, and classes that are ruled out.")
