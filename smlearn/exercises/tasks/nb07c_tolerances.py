"""Exercises of notebook 07c: a fixed tolerance, and two tests that need no tuned step."""

from ..task import Answer, Choice, predict

DIVIDED = "It is *divided* by: a number above 1."

predict(
    "thousandth", "07c", "say why a fixed tolerance lets wrong code through",
    "True or False: is the wrong entry found by a tolerance of 1e-5? By gradcheck? By the adjoint "
    "test? And is the right one stopped by a relative limit of 1e-7?",
    Answer("found", [False, True, True], {
        (True, True, True): "0.1 % of 1e-3 is 1e-6: is that more than 1e-5?",
        (False, True, False):
            "The adjoint test compares two sums to some 1e-15 of their size: 1e-6 shows.",
        (False, False, False): "gradcheck's resolution is near 1e-10 here.",
    }, "How large is the error, and what is the smallest that each can see?",
        code="[False, True, True]"),
    Answer("right_is_stopped", True, {
        False: "1e-11 of 1e-9 is one part in a hundred: more than 1e-7.",
    }, "What is the relative error of that measurement?"),
    hints=("Four times True or False.", "The error is 1e-6 in size; the measurement's, 1e-11.",
           "The derived tolerance is near 1e-10, the adjoint's near 1e-15; 1e-11 / 1e-9 = 0.01."),
    why="The error is near 1e-6: below 1e-5, far above the resolution of gradcheck, and farther "
        "above the rounding of two sums. A small right entry is measured to few digits, and a "
        "relative error blames the entry for it.",
    matters="A tolerance that nobody derived is a guess about the size of your numbers.")

predict(
    "remainders", "07c", "use two tests that need no tuned step",
    "Halve the step of a Taylor test: the remainder is divided by what? With the right dx, with "
    "twice the right dx, and for f(x) = x^2 at 0 with twice the right dx.",
    Answer("right", 4.0, {
        0.25: DIVIDED,
        2.0: "That is the rate: one half to that power is left. So divided by what?",
        1.0: "Then it would not shrink at all.",
    }, "It goes with the square of the step: what becomes of that, if the step is halved?"),
    Answer("twice", 2.0, {
        0.5: DIVIDED,
        1.0: "That is the rate: one half to that power is left. So divided by what?",
        4.0: "That holds where nothing of first order is left: is it so with twice the right dx?",
    }, "Part of it goes with the step itself: what becomes of that, if the step is halved?"),
    Answer("twice_nothing", 4.0, {
        0.25: DIVIDED,
        1.0: "Then it would not shrink at all: what is (e t)^2, if e is halved?",
        2.0: "Twice 0 is 0: what is left of first order?",
        0.0: "It is not 0 at 0: f moves to (e t)^2 there.",
    }, "The right dx is 0 there, and so is twice as much: what is left is (e t)^2."),
    hints=("Three numbers.", "With the right gradient what is left is of second order.",
           "Of order e^2: halve e, and a quarter is left. Of order e: a half."),
    why="4, since the remainder is of second order; 2, since a first-order part is left; and 4, "
        "since at 0 the right dx of x^2 is 0, and twice nothing is nothing.",
    matters="A slope in place of a tolerance; and still it sees no factor of a gradient of 0.")

predict(
    "adjoint_passes", "07c", "use two tests that need no tuned step",
    "The adjoint test is given softmax_jvp and, as vjp, one of four. Which does it pass?",
    Choice("passes", "jvp_again", {
        "twice": "One side doubles, the other does not.",
        "diagonal": "The other side has the whole of J: the off-diagonal part is missing here.",
        "zeros": "One side is 0; is the other, for a random t and dp?",
    }),
    hints=("A name, in quotes.", "<dp, J t> = <dp J, t>, and one J stands on both sides.",
           "For which matrices is J v the same as v J?"),
    why="The J of softmax is symmetric, so J dp is dp J. On softmax(W x) the two part, and the "
        "test tells them apart.",
    matters="It asks whether two products belong to one J, and not to which.")
