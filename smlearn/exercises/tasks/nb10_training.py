"""Exercises of notebook 10: rows to train on, a gradient, and what a falling loss proves."""

import numpy as np

from ..task import Answer, Choice, complete, mistakes_in, predict, rows


@complete(
    "10", "prepare rows for training",
    cases={"seven rows and four": (rows(100, 7, 2) * [5.0, 2.0] + [44.0, 17.0],
                                   rows(101, 4, 2) * [5.0, 2.0] + [47.0, 15.0]),
           "three columns": (rows(102, 5, 3) + [1.0, 0.0, -9.0], 3 * rows(103, 6, 3)),
           "one row to judge": (rows(104, 6, 2) - np.array([3.0, 4.0]), rows(105, 1, 2))},
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
