"""A learner's copy in a real JupyterLab: to open it, and to save it, changes nothing."""

import pytest

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
