"""Exercises of notebook 10: rows to train on, a gradient, a step, and what a fit knows."""

import numpy as np

from ...formulas.forward import softmax
from ...mistakes.exchange import changed
from ..task import Answer, Choice, complete, find_the_bug, mistakes_in, predict, rows


@complete(
    "10", "prepare rows for training",
    cases={"seven rows and four": (rows(100, 7, 2) * [5.0, 2.0] + [44.0, 17.0],
                                   rows(101, 4, 2) * [5.0, 2.0] + [47.0, 15.0]),
           "three columns": (rows(102, 5, 3) + [1.0, 0.0, -9.0], 3 * rows(103, 6, 3)),
           "one row to judge": (rows(104, 6, 2) - 3.0, rows(105, 1, 2))},
    hints=("train is (N, F), rows and the result are (M, F); one mean and one spread a column.",
           "The ruler is made of the training rows alone, and measures everybody.",
           "(rows - mean of train) / standard deviation of train, along axis 0."),
    blank="train.std(axis=0)",
    why="What is held out stands for birds nobody has met: nothing of them may be used before.",
    matters="A ruler made of the test rows is a leak, small here and large elsewhere.")
def standardise(train, rows):
    """Measure rows, (M, F), column by column by the mean and the standard deviation of train."""
    centre = train.mean(axis=0)                # (F,)
    return (rows - centre) / train.std(axis=0)    # (M, F)


ROUNDINGS = "", *(f".round({n})" for n in range(4))

mistakes_in(
    standardise,
    ("rows_own_ruler", "You measured the rows by their own mean or spread.",
     "What is the mean of a single bird, and does one ruler then measure all?",
     "standardise(rows, rows)", "rows - rows.mean(axis=0)", "train.mean => rows.mean",
     "train.std => rows.std"),
    ("test_rows_used", "The rows to judge by are in your mean: training knows of them.",
     "Could you have computed this ruler before those birds were met?",
     "standardise(np.concatenate([train, rows]), rows)"),
    ("mean_missing", "You divided, and did not subtract the mean.",
     "Where should an average bird stand?", "rows / train.std(axis=0)"),
    ("divided_first", "You divided the rows, and then took off a mean that is not divided.",
     "Where should an average bird stand?", "rows / train.std(axis=0) - centre"),
    ("spread_missing", "You subtracted the mean, and did not divide.",
     "How far does an ordinary bird then lie from 0, in which unit?", "rows - centre"),
    ("variance", "You divided by the variance: its unit is the square of millimetres.",
     "Which measure of spread has the unit of the column?", "std => var"),
    ("one_number", "You took one mean and one spread for all columns.",
     "Do lengths and depths have the same mean?", "(rows - train.mean()) / train.std()"),
    ("n_minus_one", "You divided by N - 1 in the variance; np.std divides by N.",
     "What does np.std do by itself, and what changes with ddof=1?",
     "std(axis=0 => std(axis=0, ddof=1"),
    ("rounded", "You rounded the mean or the spread, as the running example's were.",
     "The page rounds its ruler to one decimal; does anybody ask for that here?",
     *(f"train.mean(axis=0) => train.mean(axis=0){a}; train.std(axis=0) => train.std(axis=0){b}"
       for a in ROUNDINGS for b in ROUNDINGS if a or b)),
    ("train_returned", "You returned the training rows; the others are asked for.",
     "How many rows go in as `rows`, and how many come out?", "standardise(train, train)"))


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


@find_the_bug(
    "mean_beside_ridge", "10", "write the gradient of a softmax regression",
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


def on_weights_alone(z, ridge):
    """Leave the biases free of the ridge, as they are: the curvature is at most as large."""
    Z = np.column_stack([np.ones(len(z)), z])            # (N, 1 + F)
    bends = np.diag([0.0] + [ridge] * z.shape[1])        # (1 + F, 1 + F)
    return 1 / np.linalg.eigvalsh(Z.T @ Z / 2 + bends)[-1]


@complete(
    "10", "derive a step from the covariance", also=(on_weights_alone,),
    cases={"seven rows": (rows(120, 7, 2) + 0.5, 1.0), "three columns": (rows(121, 5, 3) - 1, 0.3),
           "no ridge": (2 * rows(122, 6, 1) + 1, 0.0),
           "a short column": (rows(124, 9, 1) / 4, 2.0),    # here the bias bends most
           "a heavy ridge": (rows(123, 8, 2) + 1, 20.0)},
    hints=("z is (N, F), ridge and the result are numbers; Z is (N, 1 + F).",
           "The step is 1 / L, and L bounds every curvature.",
           "L = lambda_max(Z^T Z) / 2 + ridge; Z is z with a column of ones."),
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

IS, SAID = np.array([0, 0, 0, 1, 1, 2, 2, 2, 2]), np.array([0, 0, 1, 1, 0, 2, 2, 0, 2])


@complete(
    "10", "read a trained classifier",
    cases={"nine birds": (IS, SAID, 3), "a class that nobody is": (IS % 2, SAID % 2, 4),
           "two birds": (np.array([1, 1]), np.array([0, 0]), 2)},
    hints=("labels and said are (N,) integers; the result is (classes, classes).",
           "The entries add up to N; row k adds up to the birds of species k.",
           "For each bird add 1 at [what it is, what was said]; np.add.at counts repeats."),
    blank="(labels, said)",
    why="counts[labels, said] += 1 reads, adds and writes once for each index, so repeats are "
        "lost. np.add.at adds every time; so does a loop.",
    matters="The same loss of repeats hides in every gradient that is scattered by an index.")
def confusions(labels, said, classes):
    """Count the rows of each true class (down) that were given to each class (across)."""
    counts = np.zeros((classes, classes), int)
    np.add.at(counts, (labels, said), 1)       # (classes, classes)
    return counts


mistakes_in(
    confusions,
    ("transposed", "Rows and columns have changed places.",
     "Which axis is the true class to stand on?", "counts.T"),
    ("duplicates_lost", "Each pair counts once at most: += on an index list adds once.",
     "What does counts[[0, 0]] += 1 add to counts[0]?",
     "np.add.at(counts, (labels, said), 1) => counts[labels, said] += 1"),
    ("shares", "You returned shares, or percent; counts are asked for.",
     "How many birds is a share of 0.5?",
     *(f"{percent}counts / {of}" for percent in ("", "100 * ") for total in (
         "counts.sum()", "counts.sum(axis=1, keepdims=True)", "counts.sum(axis=0)",
         "counts.sum(axis=1)") for of in (total, f"np.maximum(1, {total})"))),
    ("right_only", "You counted the right ones alone: the diagonal.",
     "Where does a bird go that is taken for another species?", "np.diag(np.diag(counts))"),
    ("wrong_only", "You counted the wrong ones alone.",
     "Where do the birds stand that are judged rightly?", "counts - np.diag(np.diag(counts))"),
    ("classes_seen", "Your table has as many rows as classes were seen, not `classes`.",
     "What if a species is not among these birds?",
     "confusions(labels, said, max(labels.max(), said.max()) + 1)"))


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
