"""A cell that stops before its check: the error stays an error, and a card stands below it."""

import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat.v4 import new_code_cell, new_notebook

from smlearn.exercises import exercise
from smlearn.exercises.stopped import about

OPENED = 'ex = exercise("add_one")\n'
STOPPED = "CRASHED  The cell stopped at the {} above, before ex.check: nothing was judged."
UNREAD = "CRASHED  Python could not read the cell (the {} above) and ran none of it: nothing"
CELLS = {
    "from smlearn.exercises import exercise": [],
    f"{OPENED}gentoo = (0.7\nex.check(gentoo)": ["SyntaxError", "Count the brackets"],
    f"{OPENED}  gentoo = 0.7\nex.check(gentoo)": ["IndentationError", "the spaces in front"],
    f"{OPENED}gentoo = 0,7;5 7\nex.check(gentoo)": ["SyntaxError", "Look at the ^"],
    "gentoo = (0.7": ["SyntaxError", ""],  # no exercise's cell
    'ex = exercise("no_such_exercise"': ["SyntaxError", ""],
    f"{OPENED}gentoo = 1 / 0\nex.check(gentoo)": ["ZeroDivisionError", "what you divide by."],
    f"{OPENED}ex.check(gento)": ["NameError", "look at its spelling"],
    f"{OPENED}ex.check(0.7)": [],  # judged
    "1 / 0": ["ZeroDivisionError", ""],  # no exercise's cell
    f"{OPENED}ex.check(0.7)\n1 / 0": ["ZeroDivisionError", ""],  # behind its check
    f"{OPENED}ex.check()": ["TypeError", ""],  # the refusal says what is wanted
    f"{OPENED}gentoo = 0.7": [],
    "[][1]": ["IndexError", ""],  # what an earlier cell left open is not this one's
}


@pytest.fixture(scope="module")
def shown() -> dict[str, list]:
    """What each cell puts out."""
    page = new_notebook(cells=[new_code_cell(source) for source in CELLS])
    NotebookClient(page, timeout=60, kernel_name="python3", allow_errors=True).execute()
    return {cell.source: cell.outputs for cell in page.cells}


@pytest.mark.parametrize("source", CELLS)
def test_what_stands_below_a_cell(shown, source):
    """The error first, as Python names it; then the card, where nothing was judged."""
    errors = [each for each in shown[source] if each.output_type == "error"]
    cards = [each for each in shown[source] if each.output_type == "display_data"]
    name, hint = CELLS[source] or ("", "")
    assert [each.ename for each in errors] == ([name] if name else [])
    assert len(cards) == bool(hint)
    for card in cards:
        assert shown[source].index(card) == 1
        said = UNREAD if name in ("SyntaxError", "IndentationError") else STOPPED
        assert card.data["text/plain"].startswith(said.format(name))
        assert hint in card.data["text/plain"]
        assert 'role="status"' in card.data["text/html"]


def test_run_all_stops_there():
    """The error is not swallowed."""
    sources = next(iter(CELLS)), f"{OPENED}gentoo = 1 / 0\nex.check(gentoo)"
    page = new_notebook(cells=[new_code_cell(source) for source in sources])
    with pytest.raises(CellExecutionError, match="ZeroDivisionError"):
        NotebookClient(page, timeout=60, kernel_name="python3").execute()


def test_the_card_has_the_help_of_its_exercise():
    """As any other that crashed."""
    verdict = about(NameError("name 'p' is not defined"), exercise("add_one").task)
    assert verdict.status == "CRASHED"
    assert "Multiply numerator and denominator" in verdict._repr_html_()
