"""One exercise, done wrong and done right, by typing into its cell."""

import pytest

NOTEBOOK = "01_one_row_jacobian.ipynb"
LINE = "my_entry = ..."
OPEN, WRONG, RIGHT = "to do", ("my_entry = 0.25", "which way"), ("my_entry = -0.25", "right")


@pytest.fixture(scope="module")
def book(opened):
    book = opened(NOTEBOOK)
    assert book.run_all()
    return book


def test_an_exercise_is_answered_by_typing(book):
    """Open, then wrong with a reason, then right; the reader sees it below the cell."""
    cell = book.page.locator(".jp-CodeCell", has_text=LINE)
    assert cell.locator(".jp-OutputArea-output").inner_text().strip() == OPEN
    wrong = book.answer(LINE, WRONG[0])
    assert wrong.startswith("not yet")
    assert WRONG[1] in wrong
    assert book.answer(WRONG[0], RIGHT[0]) == RIGHT[1]
    assert book.errors == []
