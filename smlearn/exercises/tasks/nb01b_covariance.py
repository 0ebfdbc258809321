"""Exercises of notebook 01b: J in other ways, and what J does not see."""

import numpy as np

from ...formulas.forward import softmax
from ...formulas.jacobian import softmax_jacobian
from ...mistakes.finding import Finding
from ...mistakes.trying import close
from ...penguins import one_bird
from ..judge.law_words import JACOBIAN
from ..task import Answer, complete, mistakes_in, predict, rows
from .nb01_one_row import JACOBIAN_WRONGS, ROWS_OF_P


@complete(
    "01b", "build the Jacobian from $p$ by its two cases", cases=ROWS_OF_P, laws=JACOBIAN,
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


def _no_nudge(seen):
    """Look whether it is nearer to the formula than a nudge of the h that is given can come."""
    *_, (name, (x, j, _)) = seen.part.cases.items()
    if not close(seen.runs[name].array, softmax_jacobian(x)[:, j], 1e-7):
        return None
    ponder = "Which two calls of softmax does a measurement need, and how far apart are they?"
    return Finding("no_nudge", "That is the formula, or a step of your own: h has no part in it.",
                   f"With {name}: yours is exact to 1e-7, and that nudge is off by 0.0002.",
                   ponder, question=ponder)


@complete(
    "01b", "measure the Jacobian", tol=1e-3, last=_no_nudge,
    cases={"h = 0.01 at logit 1 of bird 231": (one_bird(), 1, 0.01),
           "h = 0.0001 at logit 2 of bird 231": (one_bird(), 2, 1e-4),
           "h = 0.001 at the first of five logits": (rows(2, 5), 0, 1e-3),
           "h = 0.1 at the second of two equal logits": (np.zeros(2), 1, 0.1)},
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
    ("sign_flipped", "The difference is the wrong way round: all signs are turned.",
     "Which of the two softmaxes has the higher logit j?",
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


predict(
    "ruled_out", "01b", "say what the Jacobian is blind to",
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
