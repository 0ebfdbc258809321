"""The first screen of the course, and the map that fills as a learner answers."""

import json

import pytest
from shelf import ARTEFACTS

from smlearn.exercises import TASKS
from smlearn.exercises.kept_answers import FILE

NOTEBOOK = "00_start_here.ipynb"
MAP = "progress()"
TASK = 'exercise("cell_order")'


@pytest.fixture(scope="module")
def book(opened, home):
    """The first page, of a learner who has answered nothing yet, and in the end again."""
    (home / "notebooks" / FILE).unlink(missing_ok=True)
    yield opened(NOTEBOOK)
    (home / "notebooks" / FILE).unlink(missing_ok=True)


def bottom(book, text: str) -> float:
    """Return how far down the screen a paragraph ends."""
    place = book.page.locator(".jp-MarkdownOutput p", has_text=text).first.bounding_box()
    return place["y"] + place["height"]


@pytest.mark.parametrize("size", [(1024, 768), (1280, 800)])
def test_the_first_screen_says_what_this_is_and_what_to_do(book, size):
    """On a page that was never run, with JupyterLab's list of files open beside it."""
    before = book.page.viewport_size
    book.page.set_viewport_size(dict(zip(("width", "height"), size, strict=True)))
    book.page.wait_for_timeout(500)
    book.page.screenshot(path=ARTEFACTS / f"first_screen_{size[0]}.png")
    assert book.pictures_in_text()[0].startswith("342 penguins")
    assert 0 < bottom(book, "109 are wrong") < bottom(book, "Now:") < size[1] - 30  # status line
    book.page.set_viewport_size(before)


def test_the_map_fills_as_answers_turn_right(book, home):
    """Plain on the first run, then with a cross, then with a tick; the file says the same."""
    assert book.run_all()
    all_open = f"{len(TASKS)} exercises: 0 right, 0 wrong, {len(TASKS)} open."
    assert f"{all_open} Next: 00, predict: Add 1" in book.shown(MAP)
    assert not (home / "notebooks" / FILE).exists()
    last = "order = ..."
    for order, status, said in (
        ("[1, 2, 3, 4]", "WRONG", "0 right, 1 wrong"),
        ("[1, 2, 4, 3]", "RIGHT", "1 right, 0 wrong"),
    ):
        assert status in book.answer(TASK, last, f"order = {order}")
        last = f"order = {order}"
        assert said in book.answer(MAP, MAP, MAP)
        kept = json.loads((home / "notebooks" / FILE).read_text("utf-8"))
        assert kept["answers"] == {"cell_order": status}
    assert "1 of 3 right" in book.figures()[-1]


@pytest.mark.parametrize("theme", ["Dark", "Light"])
def test_a_filled_map_is_readable_by_everyone(book, theme):
    """The picture with its words, the table with its headers, the link."""
    book.theme(theme)
    assert book.axe(ARTEFACTS / f"progress_{theme.lower()}.png") == []


def test_the_link_leads_to_the_page_that_is_next(book):
    """In JupyterLab, not beside it."""
    book.page.locator(".jp-OutputArea-output a").last.click()
    book.page.wait_for_timeout(500)
    path = "window.jupyterapp.shell.currentWidget.context.path"
    assert book.page.evaluate(path) == NOTEBOOK
    assert book.errors == []
    assert book.strangers == []
