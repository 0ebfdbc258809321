"""gradcheck's reports in a notebook that nobody trusts yet: as drawn, and for everyone."""

import re

import nbformat
import numpy as np
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from reader import OUTPUT
from shelf import ARTEFACTS

from refresh import METADATA
from smlearn import four_birds, softmax, softmax_vjp
from smlearn.checking.check import gradcheck
from smlearn.mistakes import MISTAKES

STYLES = (
    "all => all.flatMap(e => [...e.querySelectorAll('[style]')].map(e => e.getAttribute('style')))"
)
WIDER = "all => all.filter(e => e.scrollWidth > e.clientWidth).length"


def reports():
    """Return a PASS, a FAIL at a law, one with a name, and one that is not decided."""
    x = four_birds()
    yield gradcheck(softmax, softmax_vjp, x)
    yield gradcheck(softmax, MISTAKES["seed_sum_backward"].vjp, x)
    yield gradcheck(softmax, MISTAKES["factor_two"].vjp, x)
    yield gradcheck(np.abs, lambda x, dp: np.sign(x) * dp, x * 0 + 1e-6)


@pytest.fixture(scope="module")
def pictures() -> list[str]:
    return [report._repr_html_() for report in reports()]


@pytest.fixture(scope="module")
def book(opened, home, pictures):
    cells = [new_markdown_cell("# Reports")]
    for picture in pictures:
        output = new_output("execute_result", {"text/html": picture}, execution_count=1)
        cells.append(new_code_cell("report", execution_count=1, outputs=[output]))
    notebook = new_notebook(cells=cells, metadata=METADATA)
    nbformat.write(notebook, home / "notebooks" / "reports.ipynb")
    return opened("reports.ipynb")


def test_no_style_is_lost_where_nothing_is_trusted(book, pictures):
    """JupyterLab's sanitiser drops what it does not know, without a word."""
    assert not any(book.trusted())
    stored = [style for page in pictures for style in re.findall('style="([^"]*)"', page)]
    kept = book.page.eval_on_selector_all(OUTPUT, STYLES)
    assert [re.sub("([:;]) ", r"\1", style) for style in stored] == kept


def test_a_screen_reader_meets_the_verdict_then_the_gates(book):
    """A figure with its verdict for a name, a list, and in it words for every state."""
    tree = book.page.locator(OUTPUT).nth(1).aria_snapshot()
    figure, gates, rest = tree.partition("- list:")[0], *tree.split("- list:")[1:]
    assert re.search(
        'figure "gradcheck: FAIL at .*rows of dx add up to 0.* evaluations of f', figure
    )
    states = re.findall(r"PASS|FAIL|not reached", gates.partition("- paragraph")[0])
    assert states == ["PASS"] * 5 + ["FAIL"] + ["not reached"] * 4
    assert "Diagnosis" in gates.partition("- paragraph")[2]
    assert "listitem: squeezed" in rest


def test_everyone_can_read_them(book):
    """axe-core with all its rules, in both themes; and pictures to look at."""
    for theme in ("Dark", "Light"):
        book.theme(theme)
        assert book.axe(ARTEFACTS / f"reports_{theme.lower()}.png", rules=None) == [], theme


@pytest.mark.parametrize("width", [1280, 640, 400])
def test_nothing_is_cut_off_in_a_narrow_window(book, width):
    """The gates wrap; the one that is closed stays as wide as the path."""
    book.page.evaluate("window.jupyterapp.shell.collapseLeft()")  # the list of files
    book.page.set_viewport_size({"width": width, "height": 1000})
    book.page.wait_for_timeout(300)
    assert book.page.eval_on_selector_all(f"{OUTPUT}, {OUTPUT} figure", WIDER) == 0
    figure = book.page.locator(f"{OUTPUT} figure").nth(1)
    path = figure.locator("ol").bounding_box()
    closed = figure.locator("li", has_text="FAIL").bounding_box()
    assert abs(path["width"] - closed["width"]) < 1
