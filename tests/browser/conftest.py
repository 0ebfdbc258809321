"""One JupyterLab and one Chromium for all tests here; a page of its own for each."""

import shutil
from pathlib import Path

import nbformat
import pytest
import server
from reader import Notebook
from shelf import stored_notebook, views_notebook

from chromium import chromium


@pytest.fixture(scope="session")
def home(tmp_path_factory) -> Path:
    """Where the server lives; its notebooks are copies."""
    home = tmp_path_factory.mktemp("jupyter")
    hidden = shutil.ignore_patterns(".*")
    shutil.copytree(server.ROOT / "notebooks", home / "notebooks", ignore=hidden)
    for name in ("views.ipynb", "paper.ipynb"):  # one to move, one to save
        nbformat.write(views_notebook(), home / "notebooks" / name)
    nbformat.write(stored_notebook(), home / "notebooks" / "stored.ipynb")
    return home


@pytest.fixture(scope="session")
def lab(home):
    with server.jupyterlab(home) as address:
        yield address


@pytest.fixture(scope="session")
def chrome():
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def context(chrome):
    """A browser window that remembers nothing of other tests."""
    context = chrome.new_context(viewport={"width": 1280, "height": 1000})
    context.set_default_timeout(120_000)
    yield context
    context.close()


@pytest.fixture(scope="module")
def opened(lab, context):
    """Open a notebook by its file name; what is still open is closed in the end."""
    books = []

    def open_notebook(name: str) -> Notebook:
        books.append(Notebook(context.new_page(), lab, name))
        return books[-1]

    yield open_notebook
    for book in books:
        book.close()
