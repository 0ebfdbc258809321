"""Exercises of notebook 01c: logits of any size, and logits that are alike."""

import numpy as np

from ...formulas.forward import softmax  # noqa: F401  (mistakes are written with it)
from ...formulas.jacobian import softmax_jacobian
from ...penguins import one_bird
from ..judge.law_words import PROBABILITIES
from ..task import Answer, complete, mistakes_in, predict


@complete(
    "01c", "compute the softmax of one row",
    cases={"the logits 0 and log 3": (np.array([0.0, np.log(3)]),),
           "bird 231": (one_bird(),),
           "the logits (1, 2, 4, 8)": (np.array([1.0, 2.0, 4.0, 8.0]),),
           "the logits (1000, 1001, 1002)": (np.array([1000.0, 1001.0, 1002.0]),),
           "the logits (0, 3000, 1)": (np.array([0.0, 3000.0, 1.0]),),
           "the logits (-1000, -1001, -1003)": (np.array([-1000.0, -1001.0, -1003.0]),),
           "the logits (-800, 0, 1, 2)": (np.array([-800.0, 0.0, 1.0, 2.0]),),
           "the logits (0, -800, 1)": (np.array([0.0, -800.0, 1.0]),)},
    laws=PROBABILITIES,
    hints=("(D,) in, (D,) out: one probability per logit.",
           "A number added to all logits changes nothing: choose it so that exp cannot overflow.",
           "p_i = e^(x_i - m) / sum_k e^(x_k - m), with m the largest logit."),
    blank="np.max(x)",
    why="The largest exponential is e^0 = 1, so nothing overflows; one term of the sum is 1, so "
        "the division is safe; what underflows to 0 is below the smallest double.",
    matters="The first invariance, put to use: a shift is free, so choose the one that is safe.")
def stable_softmax(x):
    """Compute the softmax of one row of logits of any size, such as 1000 or -1000."""
    z = x - np.max(x)                          # (D,)  the largest is 0
    e = np.exp(z)                              # (D,)  at most 1: cannot overflow
    return e / e.sum()                         # (D,)


mistakes_in(
    stable_softmax,
    ("unshifted_exp", "You took exp of numbers beyond 709, where it overflows.",
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
    "equal_logits", "01c", "where the Jacobian is largest",
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
