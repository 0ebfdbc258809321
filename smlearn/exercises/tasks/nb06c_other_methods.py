"""Exercises of notebook 06c: the complex step, Richardson, other steps, and what spoils them."""

import numpy as np

from ...formulas.forward import softmax
from ...formulas.jacobian import softmax_jacobian
from ..task import Answer, Choice, find_the_bug, mistakes_in, predict

predict(
    "analytic", "06c", "the complex step is exact",
    "Does the complex step work? True or False for each: v * np.conj(v); np.log(np.exp(v).sum()); "
    "v / np.sqrt((v * v).sum()); v / np.abs(v).sum().",
    Answer("works", [False, True, True, False], {
        (False, True, False, False):
            "The third divides by a length, but one without an abs: only v * v, a sum, a root.",
        (True, True, True, False): "conj turns the imaginary part round.",
        (False, True, True, True): "abs is real: the step is lost in it.",
        (True, True, True, True): "Two of them call conj or abs.",
        (True, False, False, True): "The question is for which it works.",
    }, "Which of them call conj or abs?", code="[False, True, True, False]"),
    hints=("Four times True or False.", "It differentiates formulas of + - * /, exp, log, powers.",
           "conj and abs are not analytic; a square root of a sum of v * v is."),
    why="conj and abs are not analytic. The third is the unit vector again, written so that the "
        "complex step can follow.",
    matters="It needs a formula, not a program: look for an abs in what you did not write.")


def first_times_each(v):
    """Return v[0] v: its Jacobian is not symmetric."""
    return v[0] * v


@find_the_bug(
    "whole_numbers", "06c", "spot a measurement that integers",
    Answer("behind_0", 0, {
        1.0: "Toward 0, not to the nearest: 1 - 2^-16 is cut, not rounded.",
        1 - 2.0**-16: "That it would be in an array of floats.",
    }, "1 - 2^-16 is put into an array of integers: what is kept of it?"),
    cases={"a list of whole numbers": (softmax, [1, 2, 3], 2.0**-16),
           "a list of floats": (softmax, [1.0, 2.0, 3.0], 2.0**-16),
           "an array of whole numbers": (first_times_each, np.array([3, -2]), 2.0**-16)},
    hints=("A function, three numbers and a step in; a (3, 3) array out.",
           "No entry of this table is above 1/4.",
           "np.array(x, dtype=float), wherever an array is made that is nudged."),
    blank="dtype=float",
    why="np.array([1, 2, 3]) holds integers, and += cuts the sum to a whole number: 1 + h is 1, "
        "1 - h is 0. As floats both move by h.",
    matters="No error and no warning: the package refuses integers for that reason.", tol=1e-9)
def table(f, x, h):
    """Say what behind[0] becomes for [1, 2, 3] and h = 2^-16, then mend the function."""
    x = np.array(x, dtype=float)
    J = np.empty((len(x), len(x)))
    for j in range(len(x)):
        ahead, behind = x.copy(), x.copy()
        ahead[j] += h
        behind[j] -= h
        J[:, j] = (f(ahead) - f(behind)) / (2 * h)
    return J


mistakes_in(
    table,
    ("whole_numbers", "In an array of whole numbers the fraction is cut off: one point stays, the "
     "other falls by a whole 1.", "Print ahead and behind: which of them moved, and how far?",
     ", dtype=float =>"),
    ("one_array", "ahead and behind are one array: what is added is taken off again.",
     "After ahead, behind = x, x: how many arrays are there?",
     "ahead, behind = x.copy(), => ahead = behind =",
     "ahead, behind = x.copy(), => ahead = behind =; (2 * h) => (ahead - behind)[j]"),
    ("not_reset", "Your points keep the nudges of the columns before.",
     "How far is ahead from x, when the last column is measured?",
     "x.copy(), x.copy() => x + h * (np.arange(len(x)) < j), x - h * (np.arange(len(x)) < j)"),
    ("transposed", "Your table has logits down the rows; J[i, j] is dp_i / dx_j.",
     "Which index does a nudge of x[j] belong to?", "J.T"),
    ("one_h", "Every entry is twice too large: the points are 2h apart.",
     "How far is ahead from behind?", "(2 * h) => h"),
    ("times_h", "h stands behind / 2 and so multiplies: / 2 * h is not / (2 * h).",
     "Which of the two is done first, and what would brackets change?", "(2 * h) => 2 * h"),
    ("one_sided", "You stepped to one side only: that is off by some h.",
     "Which terms of Taylor's formula cancel if you step to both sides?",
     "behind[j] -= h => pass; (2 * h) => h", "ahead[j] += h => pass; (2 * h) => h"),
    ("float32", "Your points are float32: with this step only three digits are left.",
     "How far apart are 1 and the next float32, and how long is the step?",
     "dtype=float => dtype=np.float32",
     "dtype=float => dtype=np.float32; return J => return J.astype(np.float32)"),
    ("half_mended", "One of the two points is still an array of whole numbers.",
     "Which dtype has ahead, and which has behind?",
     "np.array(x, dtype=float) => np.array(x); x.copy(), x => x.astype(float), x",
     "np.array(x, dtype=float) => np.array(x); , x.copy() => , x.astype(float)"),
    ("f_ignored", "That is the Jacobian of softmax, whatever f is.",
     "Where in your lines is f called?", lambda f, x, h: softmax_jacobian(np.array(x, float))))

predict(
    "one_sound", "06c", "spot a measurement that integers",
    "Three central differences of softmax, float32, offset and relative: which one keeps its "
    "digits?",
    Choice("sound", "offset", {
        "float32": "Its noise is u / h = 2^-24 / 2^-16, some 4e-3: its own step is 2^-6.",
        "relative": "At 1e5 that step is 0.6: how straight is the S over such a stretch?",
    }),
    hints=("A name, in quotes.", "Two errors: one grows with h^2, one with u / h.",
           "h^2 f''' and u / h: for which of the three is one of them near 1e-3, or larger?"),
    why="softmax does not change under a shift, so neither does its best step. Divided by the "
        "displacement really taken, the rounding of x + h is no error.",
    matters="A step that knows the function beats one that knows the size of x.")
