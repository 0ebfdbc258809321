"""Exercises in JupyterLab: one answered by typing, and every kind of card, by key and by ear."""

from collections.abc import Iterator

import nbformat
import numpy as np
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from reader import Notebook
from shelf import ARTEFACTS

from refresh import METADATA
from smlearn.exercises import exercise

NOTEBOOK = "01_one_row_jacobian.ipynb"
TASK = 'exercise("nearly_sure")'

CHECKS = {  # what is written, of which verdict
    'exercise("softmax_vjp").check(...)': "TODO",
    'exercise("softmax_vjp").check(lambda x, dp: dp)': "WRONG",
    'exercise("centred_back").check(lambda dp, x, s: 0 * dp)': "WRONG",
    'exercise("stable_softmax").check(lambda x: 0.1 * x)': "WRONG",
    'exercise("softmax_vjp").check(lambda x, dp: print("here") or 1 / 0)': "CRASHED",
    'exercise("softmax_vjp").check(exercise("softmax_vjp").task.function.reference)': "RIGHT",
    'exercise("einsum_shapes").check((4, 5), (4, 5))': "WRONG",
}
CARD = ".jp-OutputArea-output div[style*='border-left']"
STYLES = f"""() => [...document.querySelectorAll("{CARD}")].map(card =>
    [card, ...card.querySelectorAll("[style]")].map(e => [...e.style].filter(
        name => !name.includes("color-adjust"))))"""


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


# ---- cards: stored and not trusted, then run


def card_of(source: str) -> nbformat.NotebookNode:
    """Return a cell with its verdict below it, as a file keeps it."""
    verdict = eval(source, {"np": np, "exercise": exercise})
    assert verdict.status == CHECKS[source]
    shown = {"text/plain": repr(verdict), "text/html": verdict._repr_html_()}
    output = new_output("execute_result", shown, execution_count=1)
    return new_code_cell(source, outputs=[output], execution_count=1)


@pytest.fixture(scope="module")
def cards(home, opened) -> Iterator[Notebook]:
    """The tests below follow one another on one page; the first finds it as it was stored."""
    cells = [
        new_markdown_cell("# Cards"),
        new_code_cell("import numpy as np\nfrom smlearn.exercises import exercise"),
        *map(card_of, CHECKS),
    ]
    page = new_notebook(cells=cells, metadata=METADATA)
    nbformat.write(page, home / "notebooks" / "cards.ipynb")
    book = opened("cards.ipynb")
    yield book
    book.close()


def readable(book: Notebook, name: str) -> None:
    """By all rules of axe-core, in both themes; with a picture of each."""
    for theme in ("Dark", "Light"):
        book.theme(theme)
        assert book.axe(ARTEFACTS / f"cards_{name}_{theme.lower()}.png", rules=None) == [], theme


def test_a_stored_card_is_one_that_anybody_can_read(cards):
    """Not trusted: JupyterLab takes the roles away, and leaves the words, the signs, the folds."""
    assert not any(cards.trusted())
    assert cards.page.locator(CARD).count() == len(CHECKS)
    assert cards.page.locator(f"{CARD} details").count() > 3 * len(CHECKS)
    assert cards.page.locator(f"{CARD} [role]").count() == 0
    readable(cards, "stored")


def test_run_it_looks_the_same_and_is_announced(cards):
    """No style was lost while it was not trusted; and each verdict is a polite status."""
    stored = cards.page.evaluate(STYLES)
    assert cards.run_all()
    assert cards.problems() == []
    assert cards.page.evaluate(STYLES) == stored
    assert all(all(styles) for card in stored for styles in card)
    said = cards.page.get_by_role("status").all_inner_texts()
    found = [text for text in said if any(status in text for status in CHECKS.values())]
    assert len(found) == len(CHECKS)
    readable(cards, "run")


def test_a_style_that_is_taken_away_would_be_noticed(cards):
    """One property less, on one element."""
    kept = cards.page.evaluate(STYLES)
    cards.page.locator(f"{CARD} strong").first.evaluate("e => e.style.borderRadius = ''")
    assert cards.page.evaluate(STYLES) != kept


def test_the_ladder_is_climbed_by_keys(cards):
    """Ctrl+Enter, to the first hint by Tab, and a key for each; the solution is in the last."""
    cell = cards.page.locator(".jp-CodeCell", has_text="lambda x, dp: dp")
    cell.locator(".cm-line").first.click()
    cards.page.keyboard.press("Control+Enter")
    cell.locator("[role=status]").wait_for()
    hints = cell.locator("summary")
    assert hints.all_inner_texts()[0] == "Hint 2 of 5"  # the first is the question, open
    for _ in range(2):  # the cell's own tools stand before its output
        cards.page.keyboard.press("Tab")
    for key, hint in zip(("Space", "Enter", "Space", "Enter", "Space"), hints.all(), strict=True):
        assert hint.evaluate("e => e === document.activeElement")
        assert hint.evaluate("e => getComputedStyle(e).outlineStyle") != "none"
        assert not hint.locator("..").evaluate("e => e.open")
        cards.page.keyboard.press(key)
        assert hint.locator("..").evaluate("e => e.open")
        cards.page.keyboard.press("Tab")
    assert hints.last.inner_text() == "The course's solution, and why"
    assert hints.last.is_visible()
    readable(cards, "unfolded")


def test_nothing_was_complained_of(cards):
    """No error in the browser's console."""
    assert cards.errors == []
