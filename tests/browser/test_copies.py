"""A learner's copy in a real JupyterLab: to open it, and to save it, changes nothing."""

import pytest

from smlearn.course.copies import START, copy_pages, pages

SAVE = """async () => {
    const dirty = window.jupyterapp.shell.currentWidget.context.model.dirty;
    await window.jupyterapp.commands.execute("docmanager:save");
    return dirty;
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
