"""Exercises of notebook 08: other people's gradients, and the logarithm of softmax."""

import numpy as np

from ...formulas.forward import (
    log_softmax,
    logsumexp,
    softmax,  # noqa: F401  mistakes are written with it
)
from ...penguins import FOUR_COSTS, four_birds
from ..judge.law_words import COVARIANCE
from ..task import Answer, complete, mistakes_in, predict, rows

X, LABELS = four_birds(), np.array([0, 1, 2, 2])

predict(
    "lost_entry", "08", "say who decides where they differ",
    "A framework's dx of a sure row is (0, 3e-30, 5e-30, -1e-30), the sure class first. What "
    "should stand first? Does np.allclose call it close to the right row?",
    Answer("first", -7e-30, {
        0.0: "The other three do not add up to 0: what must all four add up to?",
        7e-30: "The size is right; what must all four add up to?",
        -9e-30: "You added sizes: one of the three is negative.",
        -3e-30: "All three take from the sure class, not one alone.",
    }, "What do the entries of a row add up to?", atol=1e-36),
    Answer("close", True, {
        False: "It forgives every entry 1e-8 (atol) beside the digits: how large are these?",
    }, "True or False."),
    hints=("One number, with all its digits; and True or False.", "Rows of dx add up to 0.",
           "Minus the sum of the three others: they were not rounded against 1. And np.allclose "
           "asks |a - b| <= atol + rtol |b|, with atol = 1e-8 if nothing is said."),
    why="Minus (3 + 5 - 1) e-30. Near p = 1 the entry itself is a difference of two numbers near "
        "1, and rounds to 0; the others have all their digits. 7e-30 is far below 1e-8, so "
        "np.allclose sees nothing, unless it is told atol=0.",
    matters="A law that tests a gradient can also compute the entry that rounding took.")

FAR = np.array([[0.0, -1000.0, 2.0], [0.0, 1000.0, 3.0]])


def by_logsumexp(x, labels):
    """Write the same as a difference: with x[:, labels] it errs in another way."""
    return logsumexp(x) - x[np.arange(len(x)), labels]     # (B,)


@complete(
    "08", "take the logarithm of softmax",
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
     *(f"log_softmax(x) => np.log(softmax(x).clip({tiny}))"
       for tiny in (1e-15, 1e-12, 1e-8, 1e-300))),
    ("no_shift", "exp(1000) overflows: the log-sum-exp was written out without a shift.",
     "Which logit may be subtracted from all of a row?",
     "np.log(np.exp(x).sum(axis=-1)) - x[np.arange(len(x)), labels]"),
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
     "How many numbers are wanted: one, or one a row?", "-logp[np.arange(len(x)), labels].mean()",
     "-logp[np.arange(len(x)), labels] / len(x)"),
    ("sign_flipped", "All signs are turned round: a surprise is not negative.",
     "What sign has the logarithm of a probability?", "-logp => logp"))


def _upstream_first(law):
    return lambda f, dlogp, logp: law(lambda x, v: f(v, x), logp, dlogp)


@complete(
    "08", "take the logarithm of softmax",
    cases={"four birds": (np.array(FOUR_COSTS), log_softmax(X)),
           "an upstream of ones": (np.ones((4, 3)), log_softmax(X)),
           "five classes": (rows(80, 2, 5), log_softmax(rows(81, 2, 5)))},
    laws={name: _upstream_first(law) for name, law in COVARIANCE.items()
          if "blind" not in name and "logits" not in name},
    hints=("dlogp, logp and the result have the shape (B, D).",
           "Rows of the result add up to 0, and an upstream of p gives 0.",
           "dx = dlogp - p sum(dlogp), with one sum a row, and p is exp(logp)."),
    blank="np.exp(logp)",
    why="J = I - 1 p^T: dlogp J is dlogp minus p times the sum of dlogp. The output is enough, "
        "since p is its exponential.",
    matters="No p before dlogp, a sum and no mean: one letter of log changes the whole line.")
def log_softmax_backward(dlogp, logp):
    """Pull dlogp back with the log-probabilities logp, the output of the forward pass."""
    total = dlogp.sum(axis=-1, keepdims=True)          # (B, 1)
    return dlogp - np.exp(logp) * total                # (B, D)


mistakes_in(
    log_softmax_backward,
    ("softmax_backward", "That is the backward of softmax, p (dp - <p, dp>).",
     "Does a p stand before dlogp, when the output is log p?",
     "np.exp(logp) * (dlogp - (np.exp(logp) * dlogp).sum(axis=-1, keepdims=True))"),
    ("wrong_side", "You multiplied from the wrong side: J dlogp, not dlogp J.",
     "What do the entries of a row of your result add up to?",
     "dlogp - (np.exp(logp) * dlogp).sum(axis=-1, keepdims=True)"),
    ("mean_for_sum", "You took a mean over the classes in place of a sum.",
     "In how many of the D log-probabilities does each logit stand?", "sum => mean"),
    ("sum_missing", "You subtracted p * dlogp, entry by entry: there is no sum.",
     "In how many of the D log-probabilities does each logit stand?", "* total => * dlogp"),
    ("plus_sign", "You added the second term: log-sum-exp is subtracted.",
     "What do the entries of a row of your result add up to?", "- np => + np",
     "dlogp + np.exp(logp)"),
    ("log_as_p", "You used log p where p belongs.", "What is kept: p, or its logarithm?",
     "np.exp(logp) => logp"),
    ("pass_through", "You returned dlogp itself: the second term is missing.",
     "Does log p_i move when another logit moves?", "dlogp"),
    ("fused_with_cross_entropy", "You returned p - dlogp, as if dlogp were the labels.",
     "What should an upstream of 0 give?", "np.exp(logp) - dlogp",
     "(np.exp(logp) - dlogp) / len(dlogp)"),
    ("in_place", "You wrote the result into dlogp.", "Whose array is dlogp?",
     "dlogp.__isub__(np.exp(logp) * total)"))
