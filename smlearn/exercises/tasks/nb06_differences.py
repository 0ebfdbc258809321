"""Exercises of notebook 06: measured derivatives, and how small an error they can see."""

import numpy as np

from ..task import Answer, complete, mistakes_in, predict


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
    """Measure the slope of f at x with a step h to each side, by the displacement really taken."""
    ahead, behind = x + h, x - h
    return (f(ahead) - f(behind)) / (ahead - behind)


mistakes_in(
    central_difference,
    ("asked", "You divided by 2h, which is what you asked for.",
     "At 3e9 doubles lie 5e-7 apart: how far is x + h from x - h there?",
     "(ahead - behind) => (2 * h)", "x - h => x + h - 2 * h; (ahead - behind) => (2 * h)"),
    ("stepped_again", "You measured how far apart two points are, and gave f two others.",
     "Which two points did f see, and how far apart are they, as they are stored?",
     "(f(x + (ahead - behind) / 2) - f(x - (ahead - behind) / 2)) / (ahead - behind)"),
    ("doubled_side", "You doubled one side; the other was rounded differently.",
     "Are x + h and x - h equally far from x, as they are stored?",
     "(ahead - behind) => (2 * (ahead - x))", "(ahead - behind) => (2 * (x - behind))"),
    ("one_h", "Your slope is twice too large: the two points are 2h apart.",
     "How far is x + h from x - h?", "(ahead - behind) => h", "(ahead - behind) => (ahead - x)",
     "(ahead - behind) => (x - behind)"),
    ("one_sided", "That is a one-sided difference.",
     "Which terms of Taylor's formula cancel if you step to both sides?", "x - h => x",
     "x - h => x; (ahead - behind) => h", "x + h => x"),
    ("sign", "The sign is turned round.", "If f rises, which of the two values is the larger?",
     "f(ahead) - f(behind) => f(behind) - f(ahead)"),
    ("brackets", "Only f(x - h) is divided: division comes before subtraction.",
     "Which part of your line is the difference, and where are its brackets?",
     "f(ahead) - f(behind) / (ahead - behind)", "f(ahead) - f(behind) / (2 * h)",
     "(f(ahead) - f(behind)) / x + h - behind", "(f(ahead) - f(behind)) / ahead - behind"),
    ("points_without_brackets", "x + h - x + h is x + h - x, and then h is added.",
     "Which brackets keep x - h together?", "(ahead - behind) => (x + h - x + h)"),
    ("times_h", "You divided by 2 and multiplied by h: / 2 * h is (... / 2) * h.",
     "Which brackets keep 2 * h together?", "(ahead - behind) => 2 * h"),
    ("asked_half", "You stepped h / 2 to each side, and divided by the h you asked for.",
     "At 3e9 doubles lie 5e-7 apart: how far apart are your two points there?",
     "x + h, x - h => x + h / 2, x - h / 2; (ahead - behind) => h"),
    ("half", "You stepped h / 2 to each side, where a step of h was asked for.",
     "How far is x + h from x - h, and how far apart are your two points?",
     "x + h, x - h => x + h / 2, x - h / 2"),
    ("no_quotient", "That is a difference of values: divide it.",
     "What has a slope in its denominator?", "f(ahead) - f(behind)"))

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
