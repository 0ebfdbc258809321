"""Exercises of notebook 08b: the entry that rounding took, and the shift that gives it back."""

import numpy as np

from ...penguins import FOUR_COSTS, four_birds
from ..task import Answer, complete, mistakes_in, predict, rows

predict(
    "lost_entry", "08b", "say who decides where they differ",
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

X = four_birds()


@complete(
    "08b", "get back the entry that rounding took",
    cases={"four birds": (np.array(FOUR_COSTS), X),
           "rows that add up to 0": (np.array([[1.0, -3.0, 2.0], [0.5, 0, -0.5]]), X[:2]),
           "five classes": (rows(85, 2, 5), rows(86, 2, 5))},
    hints=("dz, x and the result have the shape (B, D).",
           "Rows of the result add up to 0, whatever dz is.",
           "dx_i = dz_i, and minus sum_k dz_k more where x_i is the row's maximum; np.eye(D)[k] "
           "is 1 at k."),
    blank="x.argmax(axis=-1)",
    why="The maximum of a row is one of its entries, and stands in every z of it with a minus: "
        "its gradient is minus the sum of the row. If dz is a softmax's, that sum is 0 on paper, "
        "and in rounded numbers it is what was lost.",
    matters="A stage that adds nothing on paper can put back what rounding took.")
def shift_backward(dz, x):
    """Pull dz back through z = x - max(x), the maximum of each row included, which stands at one
    entry a row.
    """
    top = np.eye(x.shape[-1])[x.argmax(axis=-1)]       # (B, D)  1 at the maximum
    total = dz.sum(axis=-1, keepdims=True)             # (B, 1)
    return dz - top * total                            # (B, D)


mistakes_in(
    shift_backward,
    ("shift_forgotten", "You returned dz: the maximum is taken for a constant.",
     "If the largest logit of a row moves, which z of that row move?", "dz"),
    ("every_entry", "Every entry of the row pays; the maximum is one of them only.",
     "Which logit does max(x) move with?", "top * total => total",
     "top * total => total / dz.shape[-1]"),
    ("sum_of_the_batch", "You added up all rows: each has a maximum of its own.",
     "Does the maximum of one row stand in the z of another?",
     "sum(axis=-1, keepdims=True) => sum()"),
    ("one_maximum", "You took one maximum for the whole batch.",
     "Which maximum is subtracted from a row?",
     "np.eye(x.shape[-1])[x.argmax(axis=-1)] => (x == x.max())"),
    ("own_entry", "At the maximum only its own dz is taken away: the others are missing.",
     "In how many z of the row does its maximum stand?", "top * total => top * dz"),
    ("others_only", "You left out the maximum's own z, where it stands twice.",
     "At the maximum z = x - max(x): how does that move with x?",
     "* total => * (total - (top * dz).sum(axis=-1, keepdims=True))"))
