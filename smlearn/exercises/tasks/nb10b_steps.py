"""Exercises of notebook 10b: a step that cannot fail, its pace, and a factor on half a loss."""

import numpy as np

from ...formulas.forward import softmax
from ...mistakes.exchange import changed
from ..task import Answer, complete, find_the_bug, mistakes_in, predict, rows


def on_weights_alone(z, ridge):
    """Leave the biases free of the ridge, as they are: the curvature is at most as large."""
    Z = np.column_stack([np.ones(len(z)), z])            # (N, 1 + F)
    bends = np.diag([0.0] + [ridge] * z.shape[1])        # (1 + F, 1 + F)
    return 1 / np.linalg.eigvalsh(Z.T @ Z / 2 + bends)[-1]


@complete(
    "10b", "derive a step from the covariance", also=(on_weights_alone,),
    cases={"seven rows": (rows(120, 7, 2) + 0.5, 1.0), "three columns": (rows(121, 5, 3) - 1, 0.3),
           "no ridge": (2 * rows(122, 6, 1) + 1, 0.0),
           "a short column": (rows(124, 9, 1) / 4, 2.0),    # here the bias bends most
           "a heavy ridge": (rows(123, 8, 2) + 1, 20.0)},
    hints=("z is (N, F), ridge and the result are numbers; Z is (N, 1 + F).",
           "The step is 1 / L, and L bounds every curvature.",
           "L = lambda_max(Z^T Z) / 2 + ridge; Z is z with a column of ones."),
    axes=("rows", "features"),
    blank="np.ones(len(z))",
    why="J is at most I / 2, so the birds' part of the Hessian is at most Z^T Z / 2 in every "
        "direction; the ridge adds itself. np.linalg.norm(Z, 2)**2 is the same eigenvalue. With "
        "the ridge on the weights alone the step is a little longer, and as safe.",
    matters="A derived step makes the loss a witness: with 1 / L it may never rise.")
def safe_step(z, ridge):
    """Compute the step 1 / L for features z, (N, F), with a bias, and a ridge on the weights."""
    Z = np.column_stack([np.ones(len(z)), z])            # (N, 1 + F)
    L = np.linalg.eigvalsh(Z.T @ Z)[-1] / 2 + ridge
    return 1 / L


mistakes_in(
    safe_step,
    ("half_missing", "The 1/2 is missing: the step is shorter than need be.",
     "What is the largest variance of a number that lies between min t and max t?", "/ 2 =>"),
    ("quarter", "You took 1/4: that is the largest entry of J, not its eigenvalue.",
     "What is the largest eigenvalue of J at p = (1/2, 1/2, 0)?", "/ 2 => / 4"),
    ("bias_forgotten", "The column of ones is missing: the bias is a weight of 1.",
     "Which feature does the bias multiply?", "np.column_stack([np.ones(len(z)), z]) => z"),
    ("ridge_missing", "The ridge bends the loss as well.",
     "What is the second derivative of ridge / 2 times W^2?", "+ ridge =>"),
    ("ridge_of_the_page", "You added 1, the ridge of the page; here the ridge is an argument.",
     "What is the second derivative of ridge / 2 times W^2?", "+ ridge => + 1"),
    ("ridge_divided", "You divided the ridge by the number of rows.",
     "What is the second derivative of ridge / 2 times W^2?", "+ ridge => + ridge / len(z)",
     "+ ridge => + ridge / 2 / len(z)"),
    ("ridge_multiplied", "You multiplied the ridge by the number of rows.",
     "What is the second derivative of ridge / 2 times W^2?", "+ ridge => + ridge * len(z)"),
    ("ridge_halved", "You halved the ridge with the rest.",
     "What is the second derivative of ridge / 2 times W^2?", "+ ridge => + ridge / 2"),
    ("twice_the_step", "You took 2 / L: from there on nothing promises that the loss falls.",
     "A step s adds at most L/2 s^2 |g|^2 to -s |g|^2: for which s is that least, for which 0?",
     "2 / L"),
    ("curvature", "That is the curvature L; the step is 1 / L.",
     "May the step be longer where the loss bends more?", "L"),
    ("smallest", "You took the smallest eigenvalue: in other directions it overshoots.",
     "Which direction bends most, and sets the limit?", "[-1] => [0]"),
    ("all_of_them", "You kept a step for each eigenvalue, and one step is wanted.",
     "Which direction bends most, and sets the limit?", "[-1] =>"),
    ("unsorted", "You took the first or the last of eigvals, which come in no order.",
     "Which function sorts the eigenvalues of a symmetric matrix, and which takes the largest?",
     *(changed(right, f"eigvalsh => eigvals; [-1] => {at}")
       for right in (safe_step, on_weights_alone) for at in ("[-1]", "[0]"))),
    ("frobenius", "You took all eigenvalues, squared: safe, and shorter than need be.",
     "Which of the eigenvalues sets the limit?",
     "np.linalg.eigvalsh(Z.T @ Z)[-1] => np.linalg.norm(Z.T @ Z)"),
    ("trace", "You took the sum of the eigenvalues: safe, and shorter than need be.",
     "Which of the eigenvalues sets the limit?", "[-1] => .sum()"),
    ("not_squared", "You took a singular value of Z; Z^T Z has its square.",
     "How do eigenvalues of Z^T Z follow from singular values of Z?",
     "np.linalg.eigvalsh(Z.T @ Z)[-1] => np.linalg.norm(Z, 2)"),
    ("mean_for_sum", "You divided by the number of rows: that suits a mean.",
     "Does the loss sum over the birds, or average?", "/ 2 => / 2 / len(z)",
     "1 / L => len(z) / L"))


predict(
    "what_a_step_leaves", "10b", "foretell how fast the loss falls",
    "L = 8, curvatures 1, 2 and 4: which share of the error does a step of 1 / L leave in each "
    "direction? Which share of the excess loss does a late step leave?",
    Answer("errors", [7 / 8, 3 / 4, 1 / 2], {
        (1 / 8, 1 / 4, 1 / 2): "That is what a step takes away; what is left?",
        (1 / 2, 3 / 4, 7 / 8): "The right shares in another order: which curvature comes first?",
        (1.0, 2.0, 4.0): "Those are the curvatures; a step takes lambda / L of the error away.",
        (49 / 64, 9 / 16, 1 / 4): "That is left of the loss; of the error, which is a length?",
    }, "A step moves by slope / L, and the slope is lambda times the error."),
    Answer("left", 49 / 64, {
        7 / 8: "That is left of the error; the loss goes with its square.",
        1 / 4: "That is the steepest direction's; which one is still there after many steps?",
        1 / 64: "That is the square of what is taken away, not of what is left.",
        9 / 16: "After many steps the error of another direction is larger.",
    }, "After many steps one direction is left: which? And the loss goes with the square.",
           atol=1e-3),
    hints=("Three shares, and one share.",
           "In a direction of curvature lambda the slope is lambda times the error.",
           "1 - lambda / L, for each; and the square of the largest."),
    why="A step takes lambda / L of the error away. What is flattest goes last: 7/8 of it stays, "
        "and so do (7/8)^2 = 49/64 of the excess loss.",
    matters="The flattest direction sets the pace, and the steepest one the step.")


@find_the_bug(
    "mean_beside_ridge", "10b", "tell which loss a gradient belongs to",
    Answer("ridge", 274.0, {
        1 / 274: "Multiply its dW by 274: which ridge stands there then?",
        1.0: "Multiply its dW by 274, and compare with the right one.",
        91.333333: "The mean is over the birds, not over the classes.",
    }, "Multiply its dW by 274, so that the birds' part is a sum: what stands before W?"),
    cases={"seven rows": (rows(110, 2, 3), rows(111, 3), rows(112, 7, 2),
                          np.array([0, 2, 1, 1, 0, 2, 2]), 0.1),
           "five classes": (rows(113, 3, 5), rows(114, 5), rows(115, 4, 3),
                            np.array([4, 0, 3, 3]), 0.25),
           "a longer step": (rows(116, 1, 4), rows(117, 4), rows(118, 6, 1),
                             np.array([3, 3, 0, 1, 2, 0]), 1.0)},
    hints=("W, dW and the result are (F, D), z is (N, F), dx is (N, D).",
           "The loss sums over the birds, and its ridge is 1; nothing is divided by N.",
           "dW = z^T (p - y) + W, and the step goes against it."),
    axes=("features", "classes"),
    blank="z.T @ dx",
    why="Divided by 274, the birds' part weighs 1 where the ridge weighs 274 times as much as "
        "before: the same minimum as with a sum and a ridge of 274. Frameworks take means by "
        "default, so their ridge means something else.",
    matters="A factor on one part of a loss is another loss; its curve falls all the same.")
def one_step(W, b, z, labels, step):
    """Say which ridge this step has beside a sum over 274 birds; mend it, for a ridge of 1."""
    dx = softmax(z @ W + b)                    # (N, D)
    dx[np.arange(len(z)), labels] -= 1         # (N, D)  p - y
    dW = z.T @ dx + W                          # (F, D)
    return W - step * dW                       # (F, D)


mistakes_in(
    one_step,
    ("mean_beside_ridge", "The birds' part is a mean, the ridge is whole.",
     "If the birds' part is divided by N, what happens to its weight beside the ridge?",
     "z.T @ dx => z.T @ dx / len(z)"),
    ("everything_divided", "You divided both by N: the right direction, a shorter step.",
     "The step is given; of which loss is this the gradient?", "step * dW => step * dW / len(z)"),
    ("ridge_missing", "The ridge is missing.", "What is the slope of half the sum of squares?",
     "dx + W => dx", "dx + W => dx / len(z)"),
    ("ridge_not_differentiated", "You added the ridge's value, not its slope.",
     "What is the slope of W^2 / 2?", "dx + W => dx + W**2 / 2",
     "dx + W => dx + (W**2).sum() / 2"),
    ("ridge_divided", "The ridge is divided by the number of birds, and the rest is a sum.",
     "What is the slope of W^2 / 2, however many birds there are?", "dx + W => dx + W / len(z)",
     "dx + W => dx + W / 2 / len(z)", "dx + W => dx + 2 * W / len(z)"),
    ("ridge_multiplied", "The ridge is multiplied by the number of birds.",
     "What is the slope of W^2 / 2, however many birds there are?", "dx + W => dx + W * len(z)"),
    ("ridge_doubled", "The ridge counts twice: the half is missing.",
     "What is the slope of W^2 / 2?", "dx + W => dx + 2 * W"),
    ("step_uphill", "The step goes up: its sign is turned round.",
     "In which direction does the loss fall?", "W - step => W + step"),
    ("labels_minus_promises", "You took y - p: the birds pull the wrong way.",
     "If the label's logit rises, does the loss rise?", "z.T @ dx => -z.T @ dx"),
    ("transposed", "You made dW of the shape (D, F): W is (F, D).",
     "Which axis of z and of dx counts the birds, and is summed?", "z.T @ dx => dx.T @ z"),
    ("bias_missing", "The logits lack their biases.",
     "What does the classifier compute for a bird?", "z @ W + b => z @ W"),
    ("smoothed", "Your labels are smoothed: that is the gradient of another loss.",
     "What is y at the label, and elsewhere?",
     "-= 1 => -= 0.9; z.T @ dx => z.T @ (dx - 0.1 / W.shape[1])"),
    ("labels_missing", "You pulled back p: the labels are missing.",
     "What is dx for a bird that is judged rightly, and for sure?", "-= 1 => -= 0"),
    ("upstream", "You stopped at -y / p: softmax has not pulled it back.",
     "What does softmax's backward make of -y / p?",
     "dx[np.arange(len(z)), labels] -= 1 => dx = -np.eye(W.shape[1])[labels] / dx"),
    ("diagonal_only", "You kept the diagonal of J: only the label's logit moves.",
     "When one logit rises, what happens to the probabilities of the other classes?",
     "dx[np.arange(len(z)), labels] -= 1 => dx = -np.eye(W.shape[1])[labels] * (1 - dx)"),
    ("wrong_axis", "You took the softmax along the birds.",
     "Which axis holds the classes of one bird?",
     "softmax(z @ W + b) => softmax((z @ W + b).T).T"),
    ("gradient_returned", "You returned the gradient; the new weights are asked for.",
     "Where does the step lead?", "dW"),
    ("W_in_place", "You wrote the new weights into the old ones.",
     "Who else holds W, and still wants the old one?", "W.__isub__(step * dW)"))
