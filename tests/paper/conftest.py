"""One browser, in which every hand-out is set and printed once, and all slides are made."""

import pytest
from looks import look

import handouts
import slides
from plans import path_of
from press import press
from printed_pages import cores


@pytest.fixture(scope="session")
def page():
    with press() as page:
        yield page


@pytest.fixture(scope="session")
def paper(page) -> dict:
    """Every hand-out, looked at and printed: its name, and what is wrong with it on each size."""
    found = {}
    for name, document in handouts.documents():
        handouts.print_all(page, name, document)
        found[name] = {size: look(page, size) for size in handouts.SIZES}
    return found


@pytest.fixture(scope="session")
def decks(page) -> dict:
    """The slides of every core, written where a teacher has them: number, and path."""
    slides.SLIDES.mkdir(parents=True, exist_ok=True)
    made = {}
    for core in cores():
        made[core.number] = slides.SLIDES / f"{path_of(core.number).stem}.html"
        text = slides.with_formulas(page, slides.deck(core.number))
        made[core.number].write_text(text, "utf-8")
    return made
