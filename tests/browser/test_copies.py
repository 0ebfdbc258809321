"""A learner's copy in a real JupyterLab: it lets one predict; to open and save changes nothing."""

import pytest
from shelf import ARTEFACTS

from smlearn.course.copies import START, copy_pages, pages

SAVE = """async () => {
    const dirty = window.jupyterapp.shell.currentWidget.context.model.dirty;
    await window.jupyterapp.commands.execute("docmanager:save");
    return dirty;
}"""


ANSWER = """async () => {
    const panel = window.jupyterapp.shell.currentWidget;
    const cell = panel.content.widgets.find(c => c.model.sharedModel.source.includes("= ..."));
    cell.model.sharedModel.setSource(cell.model.sharedModel.source.replace("...", "0.7"));
}"""


@pytest.fixture
def copied(home):
    """Where the copies are, below what the server shows."""
    folder = home / "notebooks" / "my"
    copy_pages(folder, pages())
    return folder


def test_a_copy_that_was_opened_is_not_changed(copied, opened):
    """No question on closing it, no saving on its own; and when it is saved, the same bytes."""
    before = (copied / START).read_bytes()
    book = opened(f"my/{START}")
    book.page.wait_for_timeout(1000)  # by now JupyterLab has written what it knows of the kernel
    assert book.page.evaluate(SAVE) is False
    book.page.wait_for_timeout(1000)
    assert (copied / START).read_bytes() == before


def test_to_run_a_copy_changes_nothing_and_to_answer_does(copied, opened):
    """A page that was run and saved is renewed with the course; one with an answer is kept."""
    newer = {START: pages()[START].replace("Are you set up?", "Is all there?")}
    book = opened(f"my/{START}")
    assert book.run_all()
    book.page.evaluate(SAVE)
    book.page.wait_for_timeout(1000)
    assert 'execution_count": 1' in (copied / START).read_text("utf-8")
    assert copy_pages(copied, newer)[0].startswith("Renewed in ")

    copy_pages(copied, pages())
    book = opened(f"my/{START}")
    book.page.evaluate(ANSWER)
    book.page.evaluate(SAVE)
    book.page.wait_for_timeout(1000)
    assert "stays; the new one is beside it" in copy_pages(copied, newer)[0]
    assert "0.7" in (copied / START).read_text("utf-8")


FOLDS = ".jp-MarkdownCell details"
ONE_LINE = ".jp-CodeCell .jp-InputPlaceholder"
SELECT = """which => {
    const content = window.jupyterapp.shell.currentWidget.content;
    content.activeCellIndex = content.widgets.findIndex(c => c.node.querySelector(which));
    content.activate();
}"""


def test_below_a_prediction_nothing_tells(copied, opened):
    """Before it was run and after; every heading is in sight, and the page is as readable."""
    book = opened("my/01_one_row_jacobian.ipynb")
    folds = book.page.locator(FOLDS)
    assert folds.count() == 5 == book.page.locator(f"{FOLDS}:not([open])").count()
    assert not folds.get_by_text("The Jacobian of softmax is the covariance matrix").is_visible()
    assert all(each.is_visible() for each in book.page.locator(".jp-MarkdownOutput h2").all())
    assert book.page.locator(ONE_LINE).count() == 2
    assert book.page.get_by_text("J again").count() == 0
    assert book.run_all()
    assert book.problems() == []
    assert book.page.locator(f"{FOLDS}[open]").count() == 0
    assert book.axe(ARTEFACTS / "copy.png") == []
    assert book.errors == []


def test_a_fold_and_a_line_open_by_keys(copied, opened):
    """Tab and Enter, and the cell is not edited by it; the menu's command shows all the code."""
    book = opened("my/01_one_row_jacobian.ipynb")
    page, first = book.page, book.page.locator(FOLDS).first
    page.evaluate(SELECT, FOLDS)
    page.wait_for_timeout(500)
    page.keyboard.press("Tab")  # to the cell's own tools, which stand before it
    page.wait_for_timeout(500)
    page.keyboard.press("Tab")
    assert first.locator("summary").evaluate("e => e === document.activeElement")
    page.keyboard.press("Enter")
    assert first.evaluate("e => e.open")
    assert first.get_by_text("Gentoo rises; both others fall").is_visible()
    page.keyboard.press("Shift+Enter")  # on to the next cell: it stays open
    assert first.evaluate("e => e.open")
    page.evaluate(SELECT, ONE_LINE)
    page.evaluate("window.jupyterapp.commands.execute('notebook:show-cell-code')")
    assert page.locator(ONE_LINE).count() == 1
    page.evaluate("window.jupyterapp.commands.execute('docmanager:save')")
    page.wait_for_timeout(1000)
    assert copy_pages(copied, pages()) == []  # what was unfolded is no change
