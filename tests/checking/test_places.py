"""The place of an error: an index, a sign, ties; the entries; or how many they are."""

import numpy as np
import pytest

from smlearn.checking.places import place

X = np.array([[1.0, -2.0, 3.0, 3.0], [-1.0, 0.0, 2.0, -3.0], [4.0, -4.0, 1.0, 5.0]])
ROW, COLUMN = np.indices(X.shape)
SQUARE = np.arange(9.0).reshape(3, 3) + 1
TIES = np.array([[1.0, 1, 3, 3], [0, 0, 2, 1], [4, 4, 1, 0]])
SCORES = np.arange(18.0).reshape(2, 3, 3) + 1  # of two heads
WIDE = np.arange(24.0).reshape(2, 3, 4) + 1


def query_and_key(x):
    return np.indices(x.shape)[-2:]


def at(*places):
    return np.isin(ROW * 4 + COLUMN, [4 * row + column for row, column in places])


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
    "wrong at ties for the largest entry of a row, and right elsewhere":
        (TIES, at((0, 2), (0, 3), (2, 0), (2, 1))),
    "wrong at the largest entry of each row, and right elsewhere":
        (X, X == X.max(axis=-1, keepdims=True)),
    "wrong at the smallest entry of each row, and right elsewhere":
        (X, X == X.min(axis=-1, keepdims=True)),
    "wrong at (1, 2) and (2, 0), and right elsewhere": (X, np.isin(ROW * 4 + COLUMN, [6, 8])),
    "wrong in 4 of 12 entries": (X, np.isin(ROW * 4 + COLUMN, [0, 3, 6, 9])),
    "wrong in 4 of 12 entries, all of them where x is above 0":    # 4 of 7
        (X, at((0, 0), (0, 2), (1, 2), (2, 0))),
    "wrong in 5 of 12 entries, all of them where x is above 0":    # and of 9 in three columns
        (X, at((0, 0), (0, 2), (1, 2), (2, 0), (2, 2))),
    "wrong in  4 of 12 entries": (X, at((0, 0), (0, 1), (1, 2), (2, 2))),    # 4 of those 9
    "wrong in 7 of 12 entries": (X, at((0, 0), (0, 1), (0, 3), (1, 0), (1, 2), (2, 1), (2, 3))),
    "wrong in 8 of 24 entries, all of them in the first place along axis 0":
        (WIDE, (np.indices(WIDE.shape)[0] == 0) & (WIDE % 3 > 0)),
    "wrong at (0, 0) and (1, 1) and (2, 2), and right elsewhere": (X, ROW == COLUMN),
    "wrong in 6 of 24 entries": (WIDE, np.equal(*query_and_key(WIDE))),
    "wrong on the diagonal, and right elsewhere": (SQUARE, np.eye(3, dtype=bool)),
    "wrong above the diagonal, and right elsewhere": (SCORES, np.less(*query_and_key(SCORES))),
    "wrong below the diagonal, and right elsewhere": (SQUARE, np.tril(SQUARE, -1) > 0),
    "right on the diagonal, and wrong elsewhere": (SQUARE, np.eye(3) < 1),
    "wrong in the last entry, and right elsewhere": (np.arange(5.0), np.arange(5) == 4),
    "wrong in every entry up to 2, and right elsewhere": (np.arange(5.0), np.arange(5) < 3),
}  # fmt: skip


@pytest.mark.parametrize("words", PLACES)
def test_a_place_is_told_where_all_of_it_and_nothing_else_is_wrong(words):
    """Of two upstreams; an entry counts that is wrong for one."""
    x, wrong = PLACES[words]
    right = np.random.default_rng(0).standard_normal((2, *x.shape)) + 3
    yours = right.copy()
    yours[1] += wrong
    found = place(x, yours, right, np.full(right.shape, 1e-9))
    words = words.replace("  ", " ")  # a second one of the same words
    assert (found.key, found.what) == ("place", f"Your dx is {words}.")
    assert found.evidence.startswith("At (")


def test_a_factor_that_holds_there_is_told():
    """And 0; else both numbers where they are furthest apart."""
    right = np.random.default_rng(0).standard_normal((2, *X.shape)) + 3
    tol = np.full(right.shape, 1e-9)
    for by, words in [(3, "There it is 3 times what it should be."), (0, "There it is 0."),
                      (1 + 1e-7, "There it is 1.0000001 times what it should be.")]:  # fmt: skip
        yours = np.where(ROW == 1, by * right, right)
        assert place(X, yours, right, tol).evidence == words


@pytest.mark.parametrize(("noise", "what", "measured"), [
    (1e-12, "next to 0 everywhere: does f change with x here?", "next to 0"),
    (0, "0 everywhere: f does not change with x here.", "0")])  # fmt: skip
def test_what_should_be_0_everywhere_has_no_factor(noise, what, measured):
    """Whatever was measured is noise, or so small that no difference tells it from noise."""
    right = np.full((2, *X.shape), noise)
    found = place(X, right + 1, right, np.full(right.shape, 1e-9))
    assert found.what == f"Your dx should be {what}"
    assert found.evidence == f"At (0, 0) it is 1, where {measured} was measured."


@pytest.mark.parametrize(("left", "said"), [
    (0, "There it is 0."), (1e-17, "There it is next to 0."),
    (1e-9, "There it is 1e-09 times what it should be.")])  # fmt: skip
def test_no_factor_is_read_off_what_rounding_left(left, said):
    """A sum that cancels leaves the last digits, not a share."""
    right = np.random.default_rng(0).uniform(2, 4, (2, *X.shape))
    assert place(X, left * right, right, np.full(right.shape, 1e-9)).evidence == said


def test_a_cube_names_its_axes_by_number():
    """More than two axes have no rows."""
    x = np.arange(24.0).reshape(2, 3, 4)
    right = np.ones((1, *x.shape))
    yours = right * np.where(np.indices(x.shape)[1] == 0, 2, 1)
    found = place(x, yours, right, np.full(right.shape, 1e-9))
    assert found.what == "Your dx is wrong in the first place along axis 1, and right elsewhere."


@pytest.mark.parametrize("scale", [1.0, -1.0, 1e-13])
def test_a_zero_is_a_zero_to_rounding_and_next_to_the_other_numbers(scale):
    """1e-13 of the largest is none, and 1e-10 is a number; so in tiny gradients, and below 0."""
    right = np.random.default_rng(0).uniform(2, 4, (2, *X.shape))
    nothing = at((0, 1), (1, 0), (1, 3), (2, 2))
    right[:, nothing] = [0, 1e-13, -1e-13, 0]
    right[:, 0, 0] = 1e-10
    found = place(X, scale * (right + nothing), scale * right, np.full(right.shape, 1e-20))
    assert found.what == "Your dx is wrong where the right gradient is 0, and right elsewhere."


@pytest.mark.parametrize("scale", [1.0, -1.0])
def test_labels_are_where_the_gradient_stands_out(scale):
    """Of p - y; two labels of a row to the digits of a measurement, and none where J is 0."""
    rows = [[0.2, -1, -1 + 1e-6, 0.3], [0, 0, 0, 0], [-0.7, 0.2, 0.3, 0.2]]
    labels = at((0, 1), (0, 2), (2, 0))
    right = scale * np.array([rows, 2 * np.array(rows)])
    found = place(X, right + labels, right, np.full(right.shape, 1e-9))
    assert found.what == (
        "Your dx is wrong where the right gradient of each row is largest, as at a label, "
        "and right elsewhere."
    )


MIXED = np.array([[[2.0, -2.0, 2.5], [4.0, 5.0, 6.0]], [[1.0, -1.0, -3.0], [7.0, 8.0, 9.0]]])
SIGNS = np.array([[1.0, -1.0, 1.0], [-1.0, 1.0, 1.0]])


@pytest.mark.parametrize(("right", "first_row", "evidence"), [
    (MIXED, 3 * MIXED[:, 0], "There it is 3 times what it should be."),
    (-np.abs(MIXED), -3 * np.abs(MIXED[:, 0]), "There it is 3 times what it should be."),
    (MIXED, 3 * MIXED[:, 0] + 3e-9 * SIGNS, "There it is 3 times what it should be."),
    (MIXED * 1e-5, 3e-5 * MIXED[:, 0], "There it is 3 times what it should be."),
    (MIXED, 3 * MIXED[:, 0] + 1e-7 * SIGNS, "At (0, 2) it is -9, where -3 was measured."),
    (MIXED, 3 * MIXED[:, 0] - 5, "At (0, 2) it is -14, where -3 was measured."),
    (MIXED, MIXED[:, 0] + 2e-8 * MIXED[:, 0] ** 2,
     "At (0, 2) it is -2.9999998, where -3 was measured."),
    (MIXED * 3e-8, MIXED[:, 0] * 9e-8, "At (0, 2) it is -2.7e-07, where -9e-08 was measured.")]
)  # fmt: skip
def test_a_factor_holds_to_a_few_tolerances_or_is_not_told(right, first_row, evidence):
    """Of numbers that stand far above the tolerance, of either sign; 3 t - 5 is no multiple."""
    yours, x = right.copy(), np.array([[1.0, 2.0, 4.0], [8.0, 16.0, 32.0]])
    yours[:, 0] = first_row
    found = place(x, yours, right, np.full(right.shape, 1e-9))
    assert found.what == "Your dx is wrong in all of the first row, and right elsewhere."
    assert found.evidence == evidence


def test_both_numbers_are_told_where_they_are_furthest_apart_in_tolerances():
    """Not where the error is largest, nor the tolerance, nor the number; it may be too small."""
    right = np.full((2, 2, 3), 3.0)
    right[0, 0, 0], right[0, 0, 1] = 100, -100
    error, tol = np.zeros_like(right), np.full(right.shape, 1e-6)
    error[0, 1, 0], tol[0, 1, 0] = -5, 1
    error[0, 1, 1], tol[0, 1, 1] = 0.5, 1e-2
    error[1, 1, 2] = -1e-3
    found = place(np.ones((2, 3)), right + error, right, tol)
    assert found.what == "Your dx is wrong in all of the last row, and right elsewhere."
    assert found.evidence == "At (1, 2) it is 2.999, where 3 was measured."


def test_what_a_wide_tolerance_hides_is_placed_where_it_is_furthest_off():
    """For any upstream, above or below."""
    right = np.arange(12.0).reshape(2, 2, 3)
    error = np.zeros_like(right)
    error[0, 1, 2], error[1, 0, 1] = 1e-4, -2e-4
    found = place(np.ones((2, 3)), right + error, right, np.full(right.shape, 1e-3))
    assert (found.key, found.what) == ("place", "Your dx is furthest off at (0, 1).")
