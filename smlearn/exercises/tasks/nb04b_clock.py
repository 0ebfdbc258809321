"""Exercises of notebook 04b: how a cost grows with the size."""

import numpy as np

from ..task import complete, mistakes_in

SIZES = np.array([128.0, 256.0, 512.0, 1024.0])


@complete(
    "04b", "read a power law off measured costs",
    cases={"bytes that grow with the square": (SIZES, 192 * SIZES**2),
           "a power of 3/2": (np.array([10.0, 100.0, 2000.0]), 7 * 10.0 ** np.array(
               [1.5, 3.0, 3 + 1.5 * np.log10(2) + 1.5])),
           "times, with the noise of a clock": (SIZES, np.array([1.1e-3, 3.6e-3, 17e-3, 61e-3])),
           "a cost that falls": (np.array([1.0, 4.0, 32.0]), np.array([9.0, 5.0, 2.0]))},
    hints=("Two arrays (N,) in, one number out.",
           "A power is a straight line on two logarithmic axes; its exponent is the slope.",
           "log cost = log c + k log size: np.polyfit(x, y, 1) returns (k, log c)."),
    axes=("rows", "points"),
    blank="np.log(costs)",
    why="The logarithm makes a line of a power, and least squares fits the line to all points. "
        "Any base of the logarithm will do, if it is the same twice.",
    matters="A slope is a fact about the method; the milliseconds are facts about the machine.")
def power_of(sizes, costs):
    """Return the exponent k of costs that grow like size**k, fitted to all points at once."""
    return np.polyfit(np.log(sizes), np.log(costs), 1)[0]    # the slope of the line


mistakes_in(
    power_of,
    ("no_logarithms", "You fitted a line to the numbers themselves: no logarithms.",
     "What becomes of c D^k when you take its logarithm?", "np.polyfit(sizes, costs, 1)[0]",
     "np.polyfit(sizes, costs, 1)"),
    ("two_bases", "You took two logarithms of different bases.",
     "log10 of 1,000 is 3, and log2 of 1,000 nearly 10: what does that do to a slope?",
     "np.log(costs) => np.log2(costs)", "np.log(costs) => np.log10(costs)",
     "np.log(sizes) => np.log2(sizes)", "np.log(sizes) => np.log10(sizes)",
     "np.polyfit(np.log10(sizes), np.log2(costs), 1)[0]",
     "np.polyfit(np.log2(sizes), np.log10(costs), 1)[0]"),
    ("sizes_not_logged", "You took the logarithm of the costs, and not of the sizes.",
     "Against what is log c + k log D a straight line?", "np.polyfit(sizes, np.log(costs), 1)[0]",
     "np.polyfit(sizes, np.log2(costs), 1)[0]", "np.polyfit(sizes, np.log10(costs), 1)[0]"),
    ("costs_not_logged", "You took the logarithm of the sizes, and not of the costs.",
     "Which function of the costs is log c + k log D?", "np.polyfit(np.log(sizes), costs, 1)[0]",
     "np.polyfit(np.log2(sizes), costs, 1)[0]", "np.polyfit(np.log10(sizes), costs, 1)[0]"),
    ("turned_round", "You fitted sizes against costs: that slope is about 1 / k.",
     "Which of the two does np.polyfit take first, the place or the height?",
     "power_of(costs, sizes)"),
    ("intercept", "That is where the line begins, log c; its slope is k.",
     "Which of polyfit's two numbers belongs to the highest power?", "[0] => [1]",
     "np.exp(np.polyfit(np.log(sizes), np.log(costs), 1)[1])"),
    ("both_numbers", "You returned both numbers of the fit: slope and beginning.",
     "Which of the two is the exponent?", "[0] =>"),
    ("ends_only", "You used two of the points; noise in one of them is all in k.",
     "How can the other points have a say?",
     "np.log(costs[-1] / costs[0]) / np.log(sizes[-1] / sizes[0])",
     "np.log(costs[1] / costs[0]) / np.log(sizes[1] / sizes[0])",
     "np.log(costs[-1] / costs[-2]) / np.log(sizes[-1] / sizes[-2])"),
    ("sizes_left_out", "By how much the sizes grow has no part in it.",
     "Four times the cost: for which exponent, if the size is twice as large, or ten times?",
     *(f"{log}(costs[{a}] / costs[{b}])" for log in ("np.log", "np.log2", "np.log10")
       for a, b in ((-1, 0), (1, 0), (-1, -2))),
     *(f"{log}(costs[1:] / costs[:-1]).mean()" for log in ("np.log", "np.log2", "np.log10"))),
    ("through_zero", "You left out c: your line goes through 0 on the logarithmic axes.",
     "What is log(c D^k) at D = 1?",
     "(np.log(costs) / np.log(sizes)).mean()", "np.log(costs[-1]) / np.log(sizes[-1])",
     "np.log(costs[0]) / np.log(sizes[0])", "np.log(costs.mean()) / np.log(sizes.mean())",
     "np.log(costs.sum()) / np.log(sizes.sum())",
     "np.log(sizes) @ np.log(costs) / (np.log(sizes) @ np.log(sizes))"),
    ("each_step", "You returned a slope for each step; one for all points is wanted.",
     "Which line fits all points at once?", "np.diff(np.log(costs)) / np.diff(np.log(sizes))",
     "np.gradient(np.log(costs), np.log(sizes))"),
    ("mean_of_slopes", "You took the mean of the slopes from point to point.",
     "Which points have a say in it, if all steps are equally long?",
     "np.mean(np.diff(np.log(costs)) / np.diff(np.log(sizes)))",
     "np.gradient(np.log(costs), np.log(sizes)).mean()"),
    ("median_of_slopes", "You took the median of the slopes from point to point.",
     "Does a step that is not in the middle have any say in it?",
     "np.median(np.diff(np.log(costs)) / np.diff(np.log(sizes)))"),
    ("factor", "That is by how much the costs grow; the exponent says how fast.",
     "Twice the size, four times the cost: which exponent is that?", "costs[-1] / costs[0]",
     "costs[1] / costs[0]", "np.mean(costs[1:] / costs[:-1])",
     "(costs[-1] / costs[0]) / (sizes[-1] / sizes[0])"))
