"""One browser, in which every hand-out is set and printed once, and all slides are made."""

import letters as figures_of
import pytest
from looks import look

import handouts
import slides
from plans import path_of
from press import press
from printed_pages import cores


@pytest.fixture(scope="session")
def page():
    """The press, and what it asks for."""
    with press() as page:
        page.asked = []
        page.on("request", lambda request: page.asked.append(request.url))
        yield page


@pytest.fixture(scope="session")
def letters() -> dict[str, float]:
    """The smallest letters of every figure of the cores, by its alternative text."""
    return figures_of.of_pages([core.number for core in cores()])


@pytest.fixture(scope="session")
def paper(page, letters) -> dict:
    """Every hand-out, looked at and printed: its name, and what is wrong with it on each size.

    And its HTML, and how many formulas are drawn in it.
    """
    found = {}
    for name, document in handouts.documents():
        handouts.print_all(page, name, document)
        found[name] = {size: look(page, size, letters) for size in handouts.SIZES}
        found[name]["html"] = document
        found[name]["formulas"] = page.locator("mjx-container > svg").count()
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
