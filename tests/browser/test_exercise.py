"""One exercise, done wrong and done right, by typing into its cell."""

NOTEBOOK = "01_one_row_jacobian.ipynb"
TASK = 'exercise("nearly_sure")'


def test_an_exercise_is_answered_by_typing(opened):
    """Open, then wrong with a reason, then right; the reader sees it below the cell."""
    book = opened(NOTEBOOK)
    assert book.run_all()
    assert "TODO Put your answer where the dots of largest are" in book.shown(TASK)
    wrong = book.answer(TASK, "largest = ...", "largest = 0.98")
    assert "WRONG An entry of the diagonal is p (1 - p)" in wrong
    assert "TODO" not in wrong
    right = book.answer(TASK, "largest = 0.98", "largest = 0.02")
    assert "RIGHT A row that is sure hardly answers" in right
    assert "WRONG" not in right
    assert book.errors == []
