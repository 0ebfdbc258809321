"""Exercises of notebook 06: measured derivatives, and how small an error they can see."""

import numpy as np

from ...formulas.forward import softmax
from ...formulas.jacobian import softmax_jacobian
from ..task import Answer, Choice, complete, find_the_bug, mistakes_in, predict

predict(
    "noisier", "06", "work out the best step of a difference",
    "The values of f are 10,000 times noisier. By what factor does the best step grow, to three "
    "digits? Of a forward difference, and of a central one.",
    Answer("forward_factor", 100.0, {
        1e4: "The step is not proportional to the noise: h^2 is.",
        21.5443469: "That is the central one's.",
        0.01: "More noise, longer step.",
    }, "h^2 is proportional to the noise."),
    Answer("central_factor", 21.5443469, {
        100.0: "That is the forward one's: which power of h is it now?",
        1e4: "The step is not proportional to the noise: h^3 is.",
    }, "h^3 is proportional to the noise.", atol=0.1, code="10_000 ** (1 / 3)"),
    hints=("Two numbers, both above 1.", "At the best step truncation and noise are of one size.",
           "With n times the noise: forward c h = n k u / h, central c h^2 = n k u / h."),
    why="h^2 and h^3 are proportional to the noise, so it is the square root and the cube root "
        "of 10,000.",
    matters="That is why a bad guess of the noise costs so little.")


def double(v):
    """Return 2 v: its slope is 2 everywhere."""
    return 2 * v


@complete(
    "06", "divides by the step it really took",
    cases={"exp at 1": (np.exp, 1.0, 2.0**-8), "sin at 2": (np.sin, 2.0, 2.0**-10),
           "2 v at 3e9": (double, 3e9, 4.1e-6), "2 v at 2**31": (double, 2.0**31, 4.1e-6)},
    hints=("A function, a number and a step in; one number out.",
           "A straight line has its slope exactly, whatever the rounding of x + h.",
           "(f(ahead) - f(behind)) over the distance of the two points, as they are stored."),
    blank="(ahead - behind)",
    why="x + h and x - h are rounded; the difference of f belongs to the points that were "
        "really used.",
    matters="Two more operations, and the rounding of the points is no error any more.")
def central_difference(f, x, h):
    """Measure the slope of f at x from both sides, by the displacement really taken."""
    ahead, behind = x + h, x - h
    return (f(ahead) - f(behind)) / (ahead - behind)


mistakes_in(
    central_difference,
    ("asked", "You divided by 2h, which is what you asked for.",
     "At 3e9 doubles lie 5e-7 apart: how far is x + h from x - h there?",
     "(ahead - behind) => (2 * h)"),
    ("doubled_side", "You doubled one side; the other was rounded differently.",
     "Are x + h and x - h equally far from x, as they are stored?",
     "(ahead - behind) => (2 * (ahead - x))"),
    ("one_h", "Your slope is twice too large: the two points are 2h apart.",
     "How far is x + h from x - h?", "(ahead - behind) => h"),
    ("one_sided", "That is a one-sided difference.",
     "Which terms of Taylor's formula cancel if you step to both sides?", "x - h => x",
     "x - h => x; (ahead - behind) => h", "x + h => x"),
    ("sign", "The sign is turned round.", "If f rises, which of the two values is the larger?",
     "f(ahead) - f(behind) => f(behind) - f(ahead)"),
    ("brackets", "Only f(x - h) is divided: division comes before subtraction.",
     "Which part of your line is the difference, and where are its brackets?",
     "f(ahead) - f(behind) / (ahead - behind)", "f(ahead) - f(behind) / (2 * h)",
     "(f(ahead) - f(behind)) / x + h - behind", "(f(ahead) - f(behind)) / ahead - behind"),
    ("times_h", "You divided by 2 and multiplied by h: / 2 * h is (... / 2) * h.",
     "Which brackets keep 2 * h together?", "(ahead - behind) => 2 * h"),
    ("asked_half", "You stepped h / 2 to each side, and divided by the h you asked for.",
     "At 3e9 doubles lie 5e-7 apart: how far apart are your two points there?",
     "x + h, x - h => x + h / 2, x - h / 2; (ahead - behind) => h"),
    ("no_quotient", "That is a difference of values: divide it.",
     "What has a slope in its denominator?", "f(ahead) - f(behind)"))


def _k(noise):
    """Return the exponent at which that many u over h^2 are as large as the truncation."""
    return float(-np.log2(noise * 2.0**-53 * 12 / 0.128) / 4)


predict(
    "second_derivative", "06", "work out the best step of a difference",
    "f'' is measured by (f(x+h) - 2 f(x) + f(x-h)) / h^2. Values are off by 4 u, truncation is "
    "0.128 h^2 / 12. Give k of h = 2^-k to a tenth.",
    Answer("k", _k(16), {
        **{round(_k(n), 2): f"That is with {n} u of noise: which values of f are added, and how "
           "often?" for n in (1, 4, 8, 12)},
        16.0: "That is the first derivative's: here the noise is over h^2.",
        23.0: "That is the forward difference's: here the noise is over h^2.",
        9.0: "That is Richardson's; write down the noise over h^2.",
        -11.0: "A step of 2^11? k itself is positive.",
    }, "4 u, twice 4 u and 4 u, all over h^2: where is that equal to the truncation?",
        atol=0.05, also=(10.0, 11.0), code="10.6"),
    hints=("A number with one digit behind the point.",
           "At the best step the two terms of this bound are equal.",
           "The noise is 16 u / h^2, so h^4 = 16 u 12 / 0.128, with u = 2^-53."),
    why="The noise is 16 u / h^2, so h^4 = 1500 u: k is 10.6, and 10 or 11 will do for a step.",
    matters="Each derivative more divides the noise by h once more.")

predict(
    "analytic", "06", "the complex step is exact",
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
    "whole_numbers", "06", "spot a measurement that integers",
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
    "one_sound", "06", "spot a measurement that integers",
    "Three central differences of softmax, float32, offset and relative: which one keeps its "
    "digits?",
    Choice("sound", "offset", {
        "float32": "Its noise is u / h = 2^-24 / 2^-16, some 4e-3: its own step is 2^-6.",
        "relative": "At 1e5 that step is 0.6: how straight is the S over such a stretch?",
    }),
    hints=("A name, in quotes.", "Two errors: one grows with h, one with u / h.",
           "h f'' and u / h: for which of the three is one of them near 1e-3, or larger?"),
    why="softmax does not change under a shift, so neither does its best step. Divided by the "
        "displacement really taken, the rounding of x + h is no error.",
    matters="A step that knows the function beats one that knows the size of x.")

TERMS = 2.0**-20 / 48, 4 * 2.0**-53 * 2**10, 11 * 2.0**-53

predict(
    "what_is_seen", "06", "derive the tolerance of a gradient check",
    "The largest cost is 1, the smallest 0; D = 3, h = 2^-10, float64. Which term of the "
    "tolerance is the largest: 1, 2, 3? What is the resolution?",
    Answer("term", 1, {
        2.0: "4 u 2^10 is 5e-13; and 2^-20 / 48?",
        3.0: "11 u is 1e-15; and 2^-20 / 48?",
    }, "Work out the three terms: 1, 2 or 3."),
    Answer("resolution", 2 * sum(TERMS), {
        sum(TERMS): "That is the tolerance: what is *sure* to be seen?",
        2.0**-10: "That is the step; how small an error does it see?",
    }, "Add the terms up: an error above twice the tolerance is sure to be seen.", atol=6e-9,
        code="2 * (2**-20 / 48 + 4 * 2**-53 * 2**10 + 11 * 2**-53)"),
    hints=("A term's number, and a small number.",
           "What is sure to be seen is twice the tolerance.",
           "ptp(dp) h^2 / 48 + 4 u max|dp| / h + (D + 8) u max|dp|, with ptp(dp) = max|dp| = 1."),
    why="Truncation, 2e-8, is some 40,000 times the noise, so the resolution is 4e-8. A shorter "
        "step would have seen more.",
    matters="A check without a resolution has told you little.")
