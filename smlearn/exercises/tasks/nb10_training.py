"""Exercises of notebook 10: a gradient, and what a falling loss proves."""

from ..task import Answer, Choice, predict

predict(
    "bias_gradient", "10", "write the gradient of a softmax regression",
    "Two birds, both of class 0; each gets p = (1/2, 1/4, 1/4). What is db of the summed loss?",
    Answer("db", [-1.0, 0.5, 0.5], {
        (-0.5, 0.25, 0.25): "That is the mean, or one bird's: the loss is a sum.",
        (1.0, -0.5, -0.5): "Would raising the bias of class 0 raise their loss?",
        (1.0, 0.5, 0.5): "That is the sum of p; the labels are missing.",
        (0.5, -0.25, -0.25):
            "Count both birds; and would raising the bias of class 0 raise their loss?",
        (-4.0, 0.0, 0.0): "That is -y / p, not yet pulled back by softmax.",
    }, "Promised minus true, for each bird; then over the birds."),
    hints=("Three numbers, one for each class.", "The bias was stretched over the birds, so sum.",
           "dx = p - y for each bird, with y = (1, 0, 0)."),
    why="dx is (-1/2, 1/4, 1/4) for each of the two birds, and their sum is db. It adds up to 0.",
    matters="At the minimum db is 0: promises add up to counts, class by class.")


predict(
    "proof", "10", "say what a falling loss proves",
    "The step is 1 / L, the whole loss is logged. Which entry proves that the gradient is wrong?",
    Choice("proof", "loss_rose_by_1", {
        "accuracy_fell_once": "Accuracy is not the loss: a bird may cross a border as it falls.",
        "held_out_worse": "Held-out birds are not in the loss that the gradient is of.",
        "loss_still_falling": "A right gradient on a flat slope falls for long as well.",
        "accuracy_95": "Right gradients stop there too: species overlap.",
    }),
    hints=("A name, in quotes.",
           "What does the step 1 / L promise about each step, if the gradient is right?"),
    why="With the right gradient and 1 / L each step lowers the loss by |g|^2 / (2 L) or more. A "
        "rise above rounding breaks that promise. A falling loss proves nothing.",
    matters="It can convict and cannot acquit: for that, check the gradient.")
