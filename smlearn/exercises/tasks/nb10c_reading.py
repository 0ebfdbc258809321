"""Exercises of notebook 10c: fresh rows, confusions, promises, and what a log can see."""

import numpy as np

from ..task import Answer, Choice, complete, mistakes_in, predict, rows

IS, SAID = np.array([0, 0, 0, 1, 1, 2, 2, 2, 2]), np.array([0, 0, 1, 1, 0, 2, 2, 0, 2])


@complete(
    "10c", "read a trained classifier",
    cases={"nine birds": (IS, SAID, 3), "a class that nobody is": (IS % 2, SAID % 2, 4),
           "two birds": (np.array([1, 1]), np.array([0, 0]), 2)},
    hints=("labels and said are (N,) integers; the result is (classes, classes).",
           "The entries add up to N; row k adds up to the birds of species k.",
           "For each bird add 1 at [what it is, what was said]; np.add.at counts repeats."),
    axes=("rows", "birds"),
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


@complete(
    "10c", "measured by the ruler of the training rows",
    cases={"seven rows and four": (rows(100, 7, 2) * [5.0, 2.0] + [44.0, 17.0],
                                   rows(101, 4, 2) * [5.0, 2.0] + [47.0, 15.0]),
           "three columns": (rows(102, 5, 3) + [1.0, 0.0, -9.0], 3 * rows(103, 6, 3)),
           "one row to judge": (rows(104, 6, 2) - np.array([3.0, 4.0]), rows(105, 1, 2))},
    hints=("train is (N, F), rows and the result are (M, F); one mean and one spread a column.",
           "The ruler is made of the training rows alone, and measures everybody.",
           "(rows - mean of train) / standard deviation of train, along axis 0."),
    axes=("rows of train", "columns"),
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
     "Notebook 10 rounds its ruler to one decimal; does anybody ask for that here?",
     *(f"train.mean(axis=0) => train.mean(axis=0){a}; train.std(axis=0) => train.std(axis=0){b}"
       for a in ROUNDINGS for b in ROUNDINGS if a or b)),
    ("train_returned", "You returned the training rows; the others are asked for.",
     "How many rows go in as `rows`, and how many come out?", "standardise(train, train)"))


predict(
    "promised_in_all", "10c", "the laws of its minimum",
    "At the minimum: 100 birds, 20 of them Gentoos. What do the 100 Gentoo probabilities add up "
    "to? And their mean over the other 80, if it is 3/4 over the 20?",
    Answer("total", 20.0, {
        15.0: "That is the Gentoos' own part; the other birds promise a little, too.",
        100.0: "That is what all probabilities of all species add up to.",
        0.2: "That is their mean; the sum is asked for.",
        1 / 3: "That is one probability at the start; at the minimum, db is 0.",
        33.333333: "That is so at the start, where each is 1/3.",
    }, "At the minimum db is 0: what is db, written with p and y?"),
    Answer("others", 1 / 16, {
        0.25: "A Gentoo gives 1/4 away to other species; what do the other birds give to Gentoo?",
        5.0: "That is their sum; the mean over 80 birds is asked for.",
        0.05: "That is over 100 birds; the others are 80.",
    }, "15 of the 20 come from the Gentoos themselves: the rest, over 80 birds."),
    hints=("A sum, and a mean.", "db = sum of p - count, for each species.",
           "20 - 20 times 3/4 is left for 80 birds."),
    why="db is 0 at the minimum, so promises add up to the count, 20. The Gentoos hold 15 of it, "
        "and 5 over 80 is 1/16.",
    matters="Doubt is paid back: what Gentoos lack, other birds were promised by mistake.")

predict(
    "who_sees_it", "10c", "say which logs of a run see",
    "A wrong backward returns a third of the right dx, all else is right, and the run is long. "
    "Which of these shows that it is wrong?",
    Choice("witness", "gradient_check", {
        "loss_rises": "A third of the data's pull, in short steps: does the loss have to rise?",
        "sum_of_biases": "Rows of the right dx add up to 0: what do rows of a third of it?",
        "promises": "The walk ends where a third of db is 0: how large is db itself there?",
        "accuracy": "It does not know what the gradient should be.",
    }),
    hints=("A name, in quotes.",
           "A third of the right dx: its rows still add up to 0, and at the end so does db.",
           "Only one of the five compares the gradient with the loss."),
    why="Its rows add up to 0, at the end its promises add up, and in steps of 1 / L it did not "
        "raise the loss. It found the minimum of another loss, with a ridge of 3.",
    matters="A factor hides from every law that is 0 on one side.")
