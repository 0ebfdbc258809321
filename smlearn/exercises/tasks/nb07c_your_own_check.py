"""Exercises of notebook 07c: a gradient check for any function, with an absolute limit."""

import numpy as np

from ...checking.differences import numerical_vjp
from ...formulas.backward import softmax_vjp  # noqa: F401  mistakes are written with it
from ...formulas.forward import softmax  # noqa: F401  and with this
from ..task import complete, mistakes_in
from .nb07c_wrong_checks import CASES, at_one_output, own_upstream, seeds_check, without_dp


@complete(
    "07c", "write a gradient check of your own", cases=CASES,
    hints=("Two functions, (B, D) arrays x and dp in; True or False out.",
           "A right backward agrees with the measured slope of <dp, f(x)>, entry by entry.",
           "smlearn.numerical_vjp(f, x, dp) measures it; np.allclose with rtol=0, atol=1e-7."),
    blank="numerical_vjp(f, x, dp)",
    why="Shapes first, for np.allclose lets (1, 4, 3) meet (4, 3); then every entry, with rtol=0, "
        "since np.allclose adds a relative 1e-5 by itself. It also says no to NaN, where "
        "not (error > 1e-7).any() says yes.",
    matters="It looks at the loss, with every output in it: the seed's check looked at one.")
def agrees(f, vjp, x, dp):
    """Return True if vjp(x, dp) is the measured gradient of the loss <dp, f(x)> to 1e-7."""
    measured = numerical_vjp(f, x, dp)                 # (B, D)
    dx = vjp(x, dp)
    return dx.shape == measured.shape and np.allclose(dx, measured, rtol=0, atol=1e-7)


mistakes_in(
    agrees,
    ("always", "You say that everything agrees.", "What is compared, and how close must it be?",
     "True"),
    ("never", "You say that nothing agrees.",
     "Is what you measure the slope of <dp, f(x)>, and how close can a measurement come?", "False",
     "np.array_equal(dx, measured)"),
    ("turned_round", "You say True where the two differ, and False where they agree.",
     "What should it return for the right backward?", "and np => and not np"),
    ("twice_the_slope", "What you measure is twice the slope.",
     "How far apart are the two points of your difference?",
     "numerical_vjp(f, x, dp) => 2 * numerical_vjp(f, x, dp)"),
    ("half_the_slope", "What you measure is half of the slope.",
     "How far apart are the two points of your difference?",
     "numerical_vjp(f, x, dp) => numerical_vjp(f, x, dp) / 2"),
    ("sign_flipped", "What you measure is the slope with its sign turned round.",
     "Which of the two points lies ahead, and which is subtracted?",
     "numerical_vjp(f, x, dp) => -numerical_vjp(f, x, dp)"),
    ("dp_forgotten", "You measured without dp, and the backward has it.",
     "Which loss has dp as its upstream?",
     "numerical_vjp(f, x, dp) => numerical_vjp(f, x, np.ones_like(dp))", without_dp),
    ("own_dp", "You checked with a dp of your own, not with the one that was given.",
     "What if a backward is right for yours, and wrong for the dp that comes?", own_upstream),
    ("tight", "An error of 3e-8 in one entry is stopped: your tolerance is narrower than 1e-7.",
     "How close does the statement ask for?", "1e-7 => 1e-8"),
    ("loose", "An error of 3e-7 in one entry passes: your tolerance is wider than 1e-7.",
     "What does np.allclose add to atol by itself, and what does a mean hide?",
     "1e-7 => 1e-5", "1e-7 => 1e-2", ", rtol=0, atol=1e-7 =>", "abs(dx - measured).mean() < 1e-7"),
    ("sizes", "You compared sizes: with the signs turned round it still agrees.",
     "Is -0.2 as good as 0.2?", "np.allclose(abs(dx), abs(measured), rtol=0, atol=1e-7)"),
    ("signed", "You took the differences with their signs, not their sizes.",
     "Is an entry that is too small less wrong than one that is too large?",
     "(dx - measured).max() < 1e-7", "(measured - dx).max() < 1e-7",
     "(dx - measured).mean() < 1e-7"),
    ("sums_only", "You compared sums: entries may be wrong and cancel.",
     "Which entry would have to be wrong for your check to see it?",
     "np.isclose(dx.sum(), measured.sum(), rtol=0, atol=1e-7)",
     "np.isclose(dx.sum(), measured.sum(), atol=1e-7)"),
    ("any_for_all", "One entry that agrees is enough for you: any stands for all.",
     "How many entries of a right gradient agree?", "(abs(dx - measured) < 1e-7).any()"),
    ("a_part", "You compared some of the entries, not all.", "Who looks at the others?",
     *(f"np.allclose(dx[{part}], measured[{part}], rtol=0, atol=1e-7)"
       for part in ("0", "-1", "0, 0", "-1, -1", ":, 0", ":, -1"))),
    ("relative", "You took a relative error: it blames a small right entry for the noise.",
     "How large is the noise of a measurement, beside an entry of 1e-9?",
     "(abs(dx - measured) / np.maximum(1e-8, abs(dx) + abs(measured))).max() < 1e-7"),
    ("formula", "You compared with the gradient of softmax, whatever f is.",
     "What if f is another function, and what if the formula is wrong?",
     "numerical_vjp(f, x, dp) => softmax_vjp(x, dp)",
     "numerical_vjp(f, x, dp) => numerical_vjp(softmax, x, dp)"),
    ("ones", "You measured with a dp of ones: the seed's mistake, in a check.",
     "What is the right gradient of softmax for a dp of ones, and for its negative?",
     "agrees(f, vjp, x, np.ones_like(dp))"),
    ("one_output", "You measured what is right for sin, where a logit moves one output.",
     "Does dp belong to the outputs that move, or to the logit that is nudged?", at_one_output,
     "numerical_vjp(f, x, dp) => dp * numerical_vjp(f, x, np.ones_like(dp))"),
    ("coarse", "You stop the right backward: your own measurement is coarser than 1e-7.",
     "How long is your step, how far off is its slope, and would both sides help?",
     "numerical_vjp(f, x, dp) => numerical_vjp(f, x, dp, h=0.01)"),
    ("diagonal", "That is the seed's check: one output for each logit, and a dp of ones.",
     "Does the loss depend on one probability, or on all?", seeds_check,
     "np.allclose(vjp(x, np.ones_like(dp)), softmax(x) * (1 - softmax(x)), rtol=0, atol=1e-7)"))
