"""Exercises of notebook 08: the upstream of a row's loss, and two wrongs that make a right."""

import numpy as np

from ...formulas.backward import softmax_vjp  # noqa: F401  mistakes are written with it
from ...formulas.forward import softmax
from ...penguins import four_birds
from ..task import Answer, Choice, find_the_bug, mistakes_in, predict, rows

X, LABELS = four_birds(), np.array([0, 1, 2, 2])


def _share(dloss):
    return np.reshape(dloss, (-1, 1)) * (softmax(X) - np.eye(3)[LABELS])


def _off(dloss):
    return abs(_share(dloss) - _share(np.full(4, 0.25))).max() / max(1.0, abs(dloss).max())


def _hides(dloss):
    if _off(dloss) <= 1e-9:
        return ""
    if not np.ptp(dloss):
        return "constant", "Equal for all rows, but what does a mean of four send to each?"
    return "exposed", "With these the two differ: what is the upstream of each row of a mean?"


def _exposes(dloss):
    if _off(dloss) > 1e-6:
        return ""
    return "hidden", "With these the two agree, or nearly: a mean sends 1/4 to each row."


@find_the_bug(
    "fused_loss", "08", "collapse the gradient of cross-entropy",
    Answer("hiding", [0.25, 0.25, 0.25, 0.25], accepts=_hides),
    Answer("exposing", [1.0, 0.0, 2.0, -1.0], accepts=_exposes),
    Choice("mistake", "upstream_forgotten", {
        "mean_missing": "It divides by the number of rows: the mean is there.",
        "labels_shifted": "The labels are used as they come; read what is *not* used.",
        "sign_flipped": "p - y has the right sign: which argument does nothing?",
        "sum_term_missing": "p - y has the sum in it already: which argument does nothing?"}),
    cases={"four birds": (X, LABELS, np.array([1.0, -0.5, 2.0, 0.25])),
           "the upstream of a mean": (X, LABELS, np.full(4, 0.25)),
           "five classes": (rows(82, 2, 5), np.array([3, 1]), np.array([0.5, 3.0]))},
    hints=("x is (B, D), labels and dloss are (B,), the result is (B, D).",
           "Backward is linear in its upstream: twice dloss, twice the result, and 0 gives 0.",
           "dx = dloss (p - y), with one number of dloss a row."),
    blank="dloss[:, None]",
    why="Each row's loss has the gradient p - y, and its upstream is a factor of it. The one that "
        "was shown has the upstream of a mean, 1 / B, built in.",
    matters="p - y is the gradient of a loss; a backward pass multiplies by an upstream.")
def loss_vjp(x, labels, dloss):
    """Find a dloss, (4,), that hides the bug at the four birds and one that exposes it, name the
    mistake, then mend it.
    """
    y = np.eye(x.shape[-1])[labels]                    # (B, D)
    return dloss[:, None] * (softmax(x) - y)           # (B, D)


mistakes_in(
    loss_vjp,
    ("upstream_forgotten", "dloss plays no part in your result.",
     "If a row's loss counts ten times, what becomes of its gradient?",
     "(softmax(x) - y) / len(x)", "softmax(x) - y"),
    ("mean_on_top", "You multiplied by dloss and divided by the rows as well.",
     "If dloss is 1 for a row, how much does that row count?",
     "dloss[:, None] => dloss[:, None] / len(x)"),
    ("upstreams_mixed", "Every row got one and the same factor, and dloss has one for each.",
     "May the upstream of one row change the gradient of another?",
     *(f"dloss[:, None] => dloss{of_all}" for of_all in (
         ".sum()", ".mean()", ".max()", "[0]", "[-1]"))),
    ("upstream_along_classes", "dloss, (B,), meets (B, D) along the classes.",
     "Which shape has dloss[:, None]?", "[:, None] =>"),
    ("softmax_twice", "You pulled p - y back through softmax, which it has been through already.",
     "Of which is p - y the gradient: of p, or of x?",
     "(softmax(x) - y) => softmax_vjp(x, softmax(x) - y)",
     "softmax_vjp(x, softmax(x) - y) / len(x)"),
    ("y_as_upstream", "You took -y for the upstream of p.",
     "What is the derivative of -log p by p, at the label?",
     "(softmax(x) - y) => softmax_vjp(x, -y)", "softmax_vjp(x, -y) / len(x)"),
    ("label_alone_scaled", "You multiplied y by dloss, and p not.",
     "What should a row with dloss = 0 get?", "softmax(x) - dloss[:, None] * y"),
    ("sign_flipped", "All signs are turned round.",
     "If the label's logit rises, does the loss rise or fall?",
     "softmax(x) - y => y - softmax(x)"),
    ("labels_as_columns", "You took away 1 at the labels of all rows, and in every row.",
     "Which entries does p[np.arange(B), labels] take?", "- y => - y.any(axis=0)",
     "- y => - y.sum(axis=0)"))


predict(
    "second_pair", "08", "a right whole can be made of two wrong parts",
    "p = (0.5, 0.3, 0.2), the label is the first. Which wrong upstream makes the wrong backward "
    "p * dp return p - y?",
    Answer("upstream", [-1.0, 1.0, 1.0], {
        (-2.0, 0.0, 0.0): "That is the right one, -y / p: times p it gives -y, and p is missing.",
        (-0.5, 0.3, 0.2): "That is p - y itself, what should come out.",
        (-2.0, 1 / 0.7, 1 / 0.8):
            "That is the library's, made for p * (1 - p); here it is p alone.",
        (1.0, -1.0, -1.0): "Times p that is y - p.",
        (1.0, 0.0, 0.0): "That is y: times p it is p at the label.",
    }, "Multiply your upstream by p: is it p - y?"),
    hints=("Three numbers.", "p * dp must be (0.5 - 1, 0.3, 0.2).",
           "dp = (p - y) / p = 1 - y / p."),
    why="(p - y) / p = 1 - y / p. It is the right upstream plus 1 for every class, so the right "
        "backward, blind to constants, returns p - y for it as well.",
    matters="Any wrong backward that can be divided out has a wrong loss to go with it.")
