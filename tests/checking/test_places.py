"""The place of an error: an index, a sign, ties; the entries; or how many they are."""

import numpy as np
import pytest

from smlearn.checking.places import place

X = np.array([[1.0, -2.0, 3.0, 3.0], [-1.0, 0.0, 2.0, -3.0], [4.0, -4.0, 1.0, 5.0]])
ROW, COLUMN = np.indices(X.shape)
SQUARE = np.arange(9.0).reshape(3, 3) + 1

PLACES = {
    "wrong in all of row 1, and right elsewhere": (X, ROW == 1),
    "wrong in all of the first row, and right elsewhere": (X, ROW == 0),
    "right in all of row 1, and wrong elsewhere": (X, ROW != 1),
    "wrong in every row up to 1, and right elsewhere": (X, ROW < 2),
    "wrong in all of the last column, and right elsewhere": (X, COLUMN == 3),
    "wrong in every column up to 1, and right elsewhere": (X, COLUMN < 2),
    "wrong where x is below 0, and right elsewhere": (X, X < 0),
    "wrong where x is above 0, and right elsewhere": (X, X > 0),
    "wrong where x is 0, and right elsewhere": (X, X == 0),
    "wrong at ties, where two entries of a row are equal, and right elsewhere":
        (X, (ROW == 0) & (COLUMN > 1)),
    "wrong at the smallest entry of each row, and right elsewhere":
        (X, X == X.min(axis=-1, keepdims=True)),
    "wrong at (1, 2) and (2, 0), and right elsewhere": (X, np.isin(ROW * 4 + COLUMN, [6, 8])),
    "wrong in 4 of 12 entries": (X, np.isin(ROW * 4 + COLUMN, [0, 3, 6, 9])),
    "wrong on the diagonal, and right elsewhere": (SQUARE, np.eye(3, dtype=bool)),
    "wrong above the diagonal, and right elsewhere": (SQUARE, np.triu(SQUARE, 1) > 0),
    "wrong in the last entry, and right elsewhere": (np.arange(5.0), np.arange(5) == 4),
}  # fmt: skip


@pytest.mark.parametrize("words", PLACES)
def test_a_place_is_told_where_all_of_it_and_nothing_else_is_wrong(words):
    """Of two upstreams; an entry counts that is wrong for one."""
    x, wrong = PLACES[words]
    right = np.random.default_rng(0).standard_normal((2, *x.shape)) + 3
    yours = right.copy()
    yours[1] += wrong
    found = place(x, yours, right, np.full(right.shape, 1e-9))
    assert (found.key, found.what) == ("place", f"Your dx is {words}.")
    assert found.evidence.startswith("At (")


def test_a_factor_that_holds_there_is_told():
    """And 0; else both numbers where they are furthest apart."""
    right = np.random.default_rng(0).standard_normal((2, *X.shape)) + 3
    tol = np.full(right.shape, 1e-9)
    for by, words in [(3, "There it is 3 times what it should be."), (0, "There it is 0.")]:
        yours = np.where(ROW == 1, by * right, right)
        assert place(X, yours, right, tol).evidence == words


def test_what_should_be_0_everywhere_has_no_factor():
    """Whatever was measured is noise."""
    right = np.full((2, *X.shape), 1e-12)
    found = place(X, right + 1, right, np.full(right.shape, 1e-9))
    assert found.what == "Your dx should be 0 everywhere: f does not change with x here."
    assert found.evidence == "At (0, 0) it is 1, where 0 was measured."


def test_a_cube_names_its_axes_by_number():
    """More than two axes have no rows."""
    x = np.arange(24.0).reshape(2, 3, 4)
    right = np.ones((1, *x.shape))
    yours = right * np.where(np.indices(x.shape)[1] == 0, 2, 1)
    found = place(x, yours, right, np.full(right.shape, 1e-9))
    assert found.what == "Your dx is wrong in the first place along axis 1, and right elsewhere."
