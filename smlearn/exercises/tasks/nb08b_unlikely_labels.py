"""Exercises of notebook 08b: the logarithm of softmax, before it is lost."""

import numpy as np

from ...formulas.forward import (
    log_softmax,
    logsumexp,
    softmax,  # noqa: F401  mistakes are written with it
)
from ...penguins import four_birds
from ..task import complete, mistakes_in, rows

X, LABELS = four_birds(), np.array([0, 1, 2, 2])

FAR = np.array([[0.0, -1000.0, 2.0], [0.0, 1000.0, 3.0]])


def by_logsumexp(x, labels):
    """Write the same as a difference: with x[:, labels] it errs in another way."""
    return logsumexp(x) - x[np.arange(len(x)), labels]     # (B,)


@complete(
    "08b", "keep the loss of a label",
    cases={"four birds": (X, LABELS), "five classes": (rows(84, 2, 5), np.array([3, 1])),
           "logits 1000 apart": (FAR, np.array([1, 1]))},
    also=(by_logsumexp,),
    hints=("x is (B, D), labels and the result are (B,).",
           "A class that is out of the question costs as much as its logit lies below.",
           "-log p = log sum exp(x) - x at the label; subtract the row's maximum first."),
    blank="np.arange(len(x)), labels",
    why="log_softmax takes the logarithm on paper, so that no probability is rounded to 0 first; "
        "np.arange beside the labels picks one entry a row.",
    matters="The logarithm first: then the least likely label still has a finite loss.")
def row_losses(x, labels):
    """Compute -log p at the label of each row, (B,), from the logits, also where p is 1e-400."""
    logp = log_softmax(x)                              # (B, D)
    return -logp[np.arange(len(x)), labels]            # (B,)


mistakes_in(
    row_losses,
    ("log_of_softmax", "You took the logarithm of a probability that had become 0.",
     "What is log p, where exp(x) is too small for a double?",
     "log_softmax(x) => np.log(softmax(x))",
     "-(np.eye(x.shape[-1])[labels] * np.log(softmax(x))).sum(axis=-1)",
     "log_softmax(x) => np.log(np.exp(x) / np.exp(x).sum(axis=-1, keepdims=True))"),
    ("clipped", "You kept p away from 0 by hand: the loss ends there, too small.",
     "How large is the loss, if the label's logit lies 1000 below?",
     *(f"log_softmax(x) => np.log(softmax(x){kept})"
       for tiny in (1e-15, 1e-12, 1e-10, 1e-9, 1e-8, 1e-300)
       for kept in (f".clip({tiny})", f" + {tiny}"))),
    ("no_shift", "exp(1000) overflows: it was taken without a shift.",
     "Which logit may be subtracted from all of a row?",
     "np.log(np.exp(x).sum(axis=-1)) - x[np.arange(len(x)), labels]"),
    ("one_shift", "You shifted all rows by one maximum: a row far below it has nothing left.",
     "Which logit may be subtracted from all of a row?",
     "np.log(np.exp(x - x.max()).sum(axis=-1)) - (x - x.max())[np.arange(len(x)), labels]"),
    ("not_divided", "You took the logit for its log-probability: nothing is subtracted from it.",
     "What do the probabilities of a row add up to?", "-logp => -x"),
    ("from_the_largest", "You took the row's largest logit for its log-sum-exp.",
     "How far is the loss from 0, where two logits are equally large?",
     "x.max(axis=-1) - x[np.arange(len(x)), labels]"),
    ("another_base", "You took the logarithm to another base, 10 or 2.",
     "Of which function is log the inverse?",
     *(f"-logp[np.arange(len(x)), labels] / np.log({base})" for base in (10, 2)),
     *(f"log_softmax(x) => np.log{base}(softmax(x))" for base in (10, 2))),
    ("likeliest", "You took the likeliest class of each row: the label plays no part.",
     "Of which class is the row surprised?", "-logp.max(axis=-1)"),
    ("no_logarithm", "You took no logarithm: that is a probability, or 1 minus it.",
     "How large should the loss be, where p is 1e-400?",
     *(f"{loss}softmax(x)[np.arange(len(x)), labels]" for loss in ("-", "", "1 - "))),
    ("labels_as_one_hot", "You multiplied with the labels, which are class numbers.",
     "Which shape has labels, and which would one-hot rows have?",
     "-(labels[:, None] * logp).sum(axis=-1)", "-(labels * logp).sum(axis=-1)"),
    ("labels_as_columns", "x[:, labels] takes those columns in every row.",
     "Which entries does x[np.arange(B), labels] take?", "-logp[:, labels]",
     "-logp[:, labels].sum()", "-logp[:, labels].mean()"),
    ("keepdims", "A column (B, 1) beside a row (B,) makes a table, (B, B).",
     "Which of your sums has kept its axis, and what does it line up with?",
     *(f"{total} - x[np.arange(len(x)), labels]" for total in (
         "logsumexp(x)[:, None]", "x.max(axis=-1)[:, None] + (logsumexp(x) - x.max(axis=-1))",
         "x.max(axis=-1) + (logsumexp(x) - x.max(axis=-1))[:, None]"))),
    ("labels_into_flat", "Every label took its entry from the first row, as np.take without an "
     "axis does.", "Of which row is the entry wanted, for each label?",
     "-np.take(logp, labels)"),
    ("summed_over_classes", "You added up all classes: the label plays no part.",
     "Of which class is the row surprised?", "-logp.sum(axis=-1)"),
    ("averaged", "You took the mean over the rows already.",
     "How many numbers are wanted: one, or one a row?", "-logp[np.arange(len(x)), labels].mean()"),
    ("divided_by_rows", "You divided by the number of rows, as in a mean.",
     "Is the loss of a row smaller where others stand beside it?",
     "-logp[np.arange(len(x)), labels] / len(x)"),
    ("sign_flipped", "All signs are turned round: a surprise is not negative.",
     "What sign has the logarithm of a probability?", "-logp => logp"))
