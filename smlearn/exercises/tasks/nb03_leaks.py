"""The exercise of notebook 03 that asks for a test: does one row of a batch touch another?"""

import numpy as np

from ...formulas.forward import softmax
from ...penguins import four_birds
from ..task import complete, mistakes_in

MAPS = {    # of rows to rows
    "a right softmax": softmax,
    "a leak downward": lambda x: softmax(x + 0.1 * np.vstack([x[:1], x[:-1]])),
    "a leak upward": lambda x: softmax(x + 0.1 * np.vstack([x[1:], x[-1:]])),
    "a leak from the last row to the first": lambda x: np.vstack(
        [softmax(x[0] + 0.1 * x[-1]), softmax(x)[1:]]),
    "a leak from the mean of all rows": lambda x: softmax(x + 0.1 * x.mean(axis=0)),
    "a softmax of 2 x, without a leak": lambda x: softmax(2 * x),
}


@complete(
    "03", "no row of a batch touches another",
    cases={name: (f, four_birds()) for name, f in MAPS.items()},
    hints=("A function and (B, D) logits in, True or False out.",
           "No row of the result may depend on any other row of the logits.",
           "Change row b in a copy; all rows of f but b must stay the same to the last bit."),
    blank="other[b, 0] += 1",
    why="Each row is changed in turn, one logit of it, since a shift of a whole row is not seen. "
        "Whatever moves beside row b has leaked.",
    matters="This test needs no right answer to compare with: a law is enough.")
def leaks(f, x):
    """Return True if some row of f(x) changes when another row of x does, else False."""
    for b in range(len(x)):
        other = x.copy()
        other[b, 0] += 1
        moved = (f(other) != f(x)).any(axis=-1)    # (B,)
        if np.delete(moved, b).any():
            return True
    return False


mistakes_in(
    leaks,
    ("never", "You say that nothing ever leaks.", "Does your change of a row change its softmax, "
     "which sees no shift, and do you compare all entries of the other rows?", "+= 1 => += 0",
     "delete(moved, b).any() => delete(moved, b).all()"),
    ("always", "You say that everything leaks: the row that you changed must change.",
     "Which rows may differ, after row b was changed?", "np.delete(moved, b) => moved"),
    ("turned_round", "You say True where nothing leaks, and False where something does.",
     "What should leaks return for a right softmax?", lambda f, x: not leaks(f, x)),
    ("compared_with_softmax", "You compared with softmax: another f may keep rows apart as well.",
     "Which two values of f itself have to agree?",
     lambda f, x: not np.allclose(f(x), softmax(x))),
    ("permuted", "You changed the order of the rows: a leak that treats all alike stays.",
     "Which rows did you give other numbers?",
     lambda f, x: not np.allclose(f(x[::-1])[::-1], f(x))),
    ("first_row_only", "A leak upward passes.",
     "Is row 0 alone changed, or each row compared with the next alone?", "range(len(x)) => [0]"),
    ("last_row_only", "A leak downward passes.",
     "Is the last row alone changed, or row 0 alone compared?", "range(len(x)) => [-1]"),
    ("neighbours_only", "You looked at neighbours only: rows far apart may leak too.",
     "Which rows are compared, after row b was changed?",
     "np.delete(moved, b) => np.append(moved[b + 1:b + 2], moved[:b][-1:])"))
