"""One exercise, done wrong and done right, by typing into its cell."""

NOTEBOOK = "01_one_row_jacobian.ipynb"
TASK = 'exercise("equal_logits")'


def test_an_exercise_is_answered_by_typing(opened):
    """Open, then wrong with a reason, then right; the reader sees it below the cell."""
    book = opened(NOTEBOOK)
    assert book.run_all()
    assert "TODO Put your answer where the dots of entry are" in book.shown(TASK)
    wrong = book.answer(TASK, "entry = ...", "entry = 0.25")
    assert "WRONG The size is right." in wrong
    assert "TODO" not in wrong
    right = book.answer(TASK, "entry = 0.25", "entry = -0.25")
    assert "RIGHT Where two classes are equally likely" in right
    assert "WRONG" not in right
    assert book.errors == []
