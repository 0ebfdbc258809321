"""Exercises of notebook 00b: six questions about what the course needs."""

from ..task import Answer, predict

predict(
    "kept_axis", "00b", "the shape of a sum over an axis",
    "`p` has the shape (4, 3). Which shape has `p.sum(axis=-1, keepdims=True)`?",
    Answer("shape", (4, 1), {
        (4,): "That is the shape without keepdims; with it the summed axis stays, with length 1.",
        (1, 3): "That is axis=0: the rows are summed. The last axis, -1, is that of the three.",
        (3,): "That is axis=0, and without keepdims. The last axis, -1, is that of the three.",
        (4, 3): "A sum along an axis leaves one number of each line along it.",
        (1, 1): "That sums both axes.",
    }, "The axis that is summed keeps its place, with length 1. Give a tuple."),
    hints=("Four rows of three numbers; axis=-1 is the last axis, along a row.",
           "One number a row is left; keepdims=True keeps its axis, with length 1."),
    why="One number a row: four rows, and the summed axis stays with length 1.",
    matters="Ready for the shapes of 01 to 03. On to question 2.")

predict(
    "small_step", "00b", "what a small step does to a function",
    "f(x, y) = x y + y^2. From (3, 2), y grows by 0.01. By about how much does f grow?",
    Answer("growth", 0.07, {
        7: "That is the slope, growth per step; the step is 0.01.",
        0.02: "That is the slope in the x direction, times the step; y moved.",
        0.04: "That is y^2 alone: y stands in x y as well.",
        0.03: "That is x y alone: y stands in y^2 as well.",
        0.09: "That is for both growing; x stays where it is.",
        10.07: "That is f after the step; how much was it before?",
    }, "Slope in the y direction, times the step.", also=(0.0701,)),
    hints=("Hold x still: the slope in the y direction is the partial derivative df/dy.",
           "df/dy = x + 2 y; a small step changes f by about the slope times the step."),
    why="df/dy = x + 2 y = 7 at (3, 2), and 7 times 0.01 is 0.07; exactly it is 0.0701.",
    matters="Ready for the nudges of 01, and for 06. On to question 3.")

predict(
    "two_ways", "00b", "every way by which a number reaches",
    "u = 2 x, v = x^2, y = u v. What is dy/dx at x = 3, by the chain rule?",
    Answer("slope", 54, {
        18: "That is the way through u alone: x reaches y through v as well.",
        36: "That is the way through v alone: x reaches y through u as well.",
        12: "That is du/dx times dv/dx. Each way has its own factor dy/du or dy/dv.",
        15: "dy/du is v, not u; dy/dv is u, not v.",
        8: "That is du/dx plus dv/dx: what does y do when u grows by 1?",
    }, "One product for each way, through u and through v; then add."),
    hints=("x reaches y in two ways: through u, and through v.",
           "dy/dx = (dy/du)(du/dx) + (dy/dv)(dv/dx), and dy/du = v."),
    why="v times 2 is 18, u times 2 x is 36, and they add. Or else: y = 2 x^3, so y' = 6 x^2.",
    matters="Ready for 02 and the walk back of 05. On to question 4.")

predict(
    "row_times_matrix", "00b", "multiply a row by a matrix",
    "What is [1, 3] @ [[2, 0], [1, 4]], the row times the matrix?",
    Answer("product", [5, 12], {
        (2, 13): "That is the matrix times the column: each row of it with [1, 3].",
        ((2, 0), (1, 12)): "That is *, entry by entry; @ multiplies and adds up.",
        ((2, 0), (3, 12)): "Each row is multiplied; now add them up, column by column.",
        17: "Add up each column by itself: two numbers.",
    }, "Entry k: 1 times the first row's, plus 3 times the second row's."),
    hints=("Two numbers come out, one for each column.",
           "The first row once plus the second row three times."),
    why="[2, 0] once plus [1, 4] three times.",
    matters="Ready for dp @ J of 02. On to question 5.")

predict(
    "weighted_mean", "00b", "a mean with weights",
    "You pay 0, 1 or 4, with probabilities 0.5, 0.25 and 0.25. How much is it on average?",
    Answer("mean", 1.25, {
        5 / 3: "That is the mean of three equal chances; these are not equal.",
        5: "That is the sum of what can be paid; weigh each with its probability.",
        1.25 / 3: "The probabilities add up to 1: nothing is left to divide by.",
        1: "That is the one in the middle; weigh each with its probability.",
    }, "Each amount times its probability; then add."),
    hints=("Each amount counts as often as it comes.", "0.5 * 0 + 0.25 * 1 + 0.25 * 4"),
    why="0 + 0.25 + 1. In NumPy: p @ cost, or (p * cost).sum().",
    matters="Ready for the mean upstream, <p, dp>. On to question 6.")

predict(
    "shift_two", "00b", "the logits of a softmax",
    "After 5 is added to Adelie's and to Chinstrap's logit, Gentoo's probability rises (+1), "
    "falls (-1) or stays (0)?",
    Answer("direction", -1, {
        1: "Gentoo's logit did not move, and both of its differences fell.",
        0: "All three move together only if all three get the 5.",
    }, "Give +1, -1 or 0."),
    hints=("Only differences of logits count: which have changed, and which way?",
           "x_Gentoo - x_Adelie is 5 less than before, and so is x_Gentoo - x_Chinstrap."),
    why="Both others gained 5 on it.",
    matters="Ready for softmax itself: J of 01 says by how much. That was the last: read how "
            "many were right.")
