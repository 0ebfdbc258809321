"""Every notebook in a browser: as a fresh clone shows it, and after Run All; in both themes."""

from collections.abc import Iterator

import nbformat
import pytest
from hygiene import NOTEBOOKS, PICTURE
from reader import Notebook
from shelf import ARTEFACTS

from smlearn.exercises.kept_answers import FILE

PAGES = sorted(path.name for path in NOTEBOOKS.glob("*.ipynb"))


def stored_figures(name: str) -> list[str]:
    """Return the alt texts of the figures in the file, top to bottom."""
    notebook = nbformat.read(NOTEBOOKS / name, as_version=4)
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    figures = [o for o in outputs if PICTURE.fullmatch(o.get("data", {}).get("text/html", ""))]
    return [figure["data"]["text/plain"].removeprefix("Figure: ") for figure in figures]


def stored_views(name: str) -> int:
    """Return how many cells of the file show a live view."""
    notebook = nbformat.read(NOTEBOOKS / name, as_version=4)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    return sum(cell.source.rpartition("\n")[2].startswith("live.") for cell in cells)


@pytest.fixture(scope="module", params=PAGES, ids=lambda name: name.removesuffix(".ipynb"))
def book(request, opened, home) -> Iterator[Notebook]:
    """The tests below follow one another on one page, of a reader who has answered nothing."""
    (home / "notebooks" / FILE).unlink(missing_ok=True)
    book = opened(request.param)
    yield book
    book.close()


def test_a_fresh_clone_is_not_trusted_and_still_shows_every_figure(book):
    """Binder and a first start look like this: nothing has run, nothing is trusted."""
    assert book.trusted()
    assert not any(book.trusted())
    assert book.figures() == stored_figures(book.name)
    assert book.problems() == []


def test_a_fresh_clone_is_readable_by_everyone(book):
    """axe-core, in both themes; and a picture of each to look at."""
    for theme in ("Dark", "Light"):
        book.theme(theme)
        picture = ARTEFACTS / f"{book.name.partition('_')[0]}_fresh_{theme.lower()}.png"
        assert book.axe(picture) == [], theme


def test_run_all_ends_well_and_nothing_has_moved(book):
    """Every cell runs, none complains, and what is not a live view is as high as it was."""
    before = book.heights()
    assert book.run_all()
    assert book.problems() == []
    assert len(book.views()) == stored_views(book.name)
    after = book.heights()
    assert len(before) == len(after)
    moved = [pair for pair in zip(before, after, strict=True) if abs(pair[0] - pair[1]) > 1]
    assert len(moved) <= stored_views(book.name)
    assert len(book.figures()) == len(stored_figures(book.name)) - stored_views(book.name)


def test_what_ran_is_readable_by_everyone(book):
    """The same rules, now also for the controls of live views."""
    for theme in ("Dark", "Light"):
        book.theme(theme)
        picture = ARTEFACTS / f"{book.name.partition('_')[0]}_run_{theme.lower()}.png"
        assert book.axe(picture) == [], theme


def test_the_page_kept_its_peace(book):
    """No error in the browser's console, and no request to any other machine."""
    assert book.errors == []
    assert book.strangers == []
