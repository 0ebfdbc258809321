"""The pages of a class in a browser: by day and night, on a phone, on paper."""

import io
from importlib.resources import files
from pathlib import Path

import pytest
from pypdf import PdfReader
from shelf import ARTEFACTS

from smlearn.exercises import TASKS, exercise, exercises
from smlearn.marking.classroom import class_page
from smlearn.marking.feedback import feedback
from smlearn.marking.gather import gather
from smlearn.marking.marks import BROKEN, MISSING, OWN, Copy, Mark
from smlearn.marking.submissions import Submission
from smlearn.marking.wire import pack

SIZES = {"screen": (1000, 800), "phone": (400, 800)}
AXE = "axe.run().then(r => r.violations.flatMap(v => v.nodes.map(n => `${v.id}: ${n.html}`)))"


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    """A class with every kind of mark, and what the one with wrong numbers gets back."""
    (first, second), part = exercises("01"), TASKS["diagonal_jacobian"].function
    seen = exercise(first).check(0.25, "diagonal_only", part.wrongs[1].forms[0])
    wrong = Mark(first, seen.status, seen.key, seen.lines, seen.question, "A hint.",
                 "def jacobian_of(p):\n    return " + "np.diag(p) + " * 20,
                 (pack(seen.yours), pack(seen.target)), "printed")  # fmt: skip
    kinds = ["RIGHT", "RIGHT", "CRASHED", "TODO", MISSING, BROKEN, OWN]
    others = [Mark(first, kind, "raises", ("Line 2.",)) for kind in kinds]
    copies = [Copy({first: wrong, second: Mark(second, "RIGHT")})]
    copies += [Copy({first: mark}) for mark in others]
    found = [Submission(f"Learner {i}", Path("x")) for i in range(len(copies))]
    learners = gather(found, copies)
    walls = "Each copy had no network, saw no other process."
    return {"class": class_page(learners, walls), "feedback": feedback(learners[0])}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", ["class", "feedback"])
def test_anyone_can_read_a_page_of_marks(chrome, pages, name, theme, size):
    """axe-core with all its rules; nothing sticks out; a picture to look at."""
    wide, high = SIZES[size]
    page = chrome.new_page(color_scheme=theme, viewport={"width": wide, "height": high})
    page.set_content(pages[name])
    page.evaluate(files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8"))
    assert page.evaluate(AXE) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= wide
    page.screenshot(path=ARTEFACTS / f"marks_{name}_{theme}_{size}.png", full_page=True)
    page.close()


@pytest.mark.parametrize(
    ("name", "words"), [("class", "2 right, 2 wrong"), ("feedback", "do the others gain as well?")]
)
def test_a_page_of_marks_can_be_printed(chrome, pages, name, words):
    """Its words are on paper, to the last exercise."""
    page = chrome.new_page()
    page.set_content(pages[name])
    paper = PdfReader(io.BytesIO(page.pdf(format="A4")))
    text = " ".join(" ".join(sheet.extract_text() for sheet in paper.pages).split())
    assert words in text
    assert exercises("01")[-1] in text
    page.close()
