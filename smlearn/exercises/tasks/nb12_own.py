"""Exercises of notebook 12: layers of other people, and what a PASS is worth."""

import numpy as np

from ..task import Answer, Choice, find_the_bug, mistakes_in, predict, rows

predict(
    "two_forwards", "12", "hand `gradcheck` a layer with a state",
    "A layer keeps its x in forward. You call forward(a), forward(b), backward(dp). Where was the "
    "gradient that comes back taken?",
    Choice("taken_at", "b", {
        "a": "What became of the a that it kept, when b came?",
        "both": "It keeps one x: has it room for two?",
        "neither": "backward needs an x, and takes the one that it finds: which is that?",
    }),
    hints=("A name, in quotes.", "forward writes self.x; who wrote last?",
           "backward(dp) knows nothing of x but what the last forward left."),
    why="The second forward wrote over what the first one kept. So a backward pass belongs to the "
        "forward just before it, and gradcheck calls f(x) before each of its calls.",
    matters="A network that uses one layer twice needs two caches.")


@find_the_bug(
    "one_path_of_two", "12",
    "find and mend a mistake in a backward pass that is right on its own test",
    Answer("hiding_x", 0.0, {
        1.0: "There the forgotten path is 1 * s * (1 - s) with s near 0.73: that shows.",
        -1.0: "There the forgotten path is -1 * s * (1 - s): that shows.",
    }, "Where is the forgotten part, x s (1 - s), exactly 0, and not just small?", atol=1e-9),
    cases={"x around 0": (np.linspace(-3.0, 3.0, 7), rows(126, 7)),
           "four rows of three": (rows(127, 4, 3), rows(128, 4, 3)),
           "x far out": (np.array([-40.0, -5.0, 0.0, 5.0, 40.0]), rows(129, 5))},
    hints=("A number; x, dp and the result have one shape.",
           "x reaches x * s(x) on two ways: as itself, and through s.",
           "s' = s (1 - s), so dx = dp (s + x s (1 - s))."),
    axes=("rows", "entries"),
    blank="+ x * s * (1 - s)",
    why="f is a product of x and s(x), and each of the two moves. At x = 0 the second path is "
        "multiplied by 0: whoever tests there, or starts a network there, sees nothing.",
    matters="Used twice is added twice (05): each use of x is a path, and each path a term.")
def swish_back(x, dp):
    """Find a number x at which this backward of x / (1 + exp(-x)) is right; then mend it."""
    s = 1 / (1 + np.exp(-x))                                              # (...)
    return dp * (s + x * s * (1 - s))                                     # (...)


mistakes_in(
    swish_back,
    ("one_path_of_two", "One path is missing: x moves s(x), too.",
     "How many factors of the product move when x moves?", "s + x * s * (1 - s) => s"),
    ("other_path_alone", "The path through s is there, and the one of x itself is not.",
     "Hold s fixed: how fast does x * s move with x?", "s + x * s * (1 - s) => x * s * (1 - s)"),
    ("slope_of_s_alone", "That is the slope of s(x), without the factor x before it.",
     "What is s(x) multiplied with in f?", "s + x * s * (1 - s) => s * (1 - s)",
     "x * s * (1 - s) => s * (1 - s)"),
    ("upstream_unused", "You did not use dp.", "How does your result change when dp is doubled?",
     "dp * (s + x * s * (1 - s)) => (s + x * s * (1 - s))"),
    ("s_itself", "You took s where its slope s (1 - s) belongs.",
     "How fast does s move far out, where it is nearly 1?", "x * s * (1 - s) => x * s"))
