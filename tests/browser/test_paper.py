"""On paper and in exported pages, with no kernel: whole, also after live views have run."""

import base64
import io
import re
import unicodedata

import nbformat
import pytest
from hygiene import NOTEBOOKS
from nbconvert import HTMLExporter
from pypdf import PdfReader
from shelf import ARTEFACTS
from test_pages import PAGES, stored_figures


def export(path) -> str:
    """Return a notebook as one HTML page, as File, Save and Export does."""
    return HTMLExporter().from_filename(str(path))[0]


def print_page(context, html: str, path) -> PdfReader:
    """Print an exported page as Chromium would, keep it, and return it."""
    page = context.new_page()
    page.set_content(html, wait_until="load")
    assert page.eval_on_selector_all("img", "all => all.filter(i => !i.naturalWidth).length") == 0
    path.parent.mkdir(parents=True, exist_ok=True)
    page.pdf(path=path, format="A4", print_background=True)
    page.close()
    return PdfReader(io.BytesIO(path.read_bytes()))


def figures(html: str) -> list[list[tuple[str, str]]]:
    """Return the kind and the data of each image of each figure that has one, of an exported page.

    A report is a figure without. nbconvert writes tags its own way, so what the course writes is
    not found there.
    """
    found = [
        each for each in re.findall("<figure[^>]*>(.*?)</figure>", html, re.S) if "<img" in each
    ]
    return [re.findall(r"data:image/(png|svg\+xml);base64,([\w+/=]+)", each) for each in found]


def headings(name: str) -> list[str]:
    """Return the first line of the first cell, and the last heading of the last."""
    notebook = nbformat.read(NOTEBOOKS / name, as_version=4)
    lines = [line for cell in notebook.cells if cell.cell_type == "markdown"
             for line in cell.source.splitlines() if line.startswith("#")]  # fmt: skip
    return [lines[0].lstrip("# "), lines[-1].lstrip("# ")]


def assert_pictures(pdf: PdfReader, html: str) -> None:
    """Of pixels there is an image on paper; of a live view's drawing there are the words."""
    pictures = figures(html)
    of_pixels = [images for images in pictures if images[0][0] == "png"]
    drawings = [base64.b64decode(data).decode() for images in pictures
                for kind, data in images if kind != "png"]  # fmt: skip
    assert sum(len(page.images) for page in pdf.pages) >= len(of_pixels)
    text = words(pdf)
    for drawing in drawings:
        said = re.findall("<text[^>]*>([^<&]{3,})</text>", drawing)
        assert all(unicodedata.normalize("NFKC", each) in text for each in said)  # h² is h2


def words(pdf: PdfReader) -> str:
    """Return what is written on paper, with single spaces, and fi for its ligature."""
    text = " ".join(" ".join(page.extract_text() for page in pdf.pages).split())
    return unicodedata.normalize("NFKC", text)


@pytest.mark.parametrize("name", PAGES)
def test_a_notebook_is_whole_on_paper(name, context):
    """Exported as it is in the repository, and printed: title, last words, every figure."""
    html = export(NOTEBOOKS / name)
    assert len(figures(html)) == len(stored_figures(name))
    pdf = print_page(context, html, ARTEFACTS / f"{name.partition('_')[0]}.pdf")
    for heading in headings(name):
        assert heading.replace("`", "") in words(pdf)
    assert_pictures(pdf, html)


def test_live_views_that_ran_are_figures_on_paper(opened, home, context):
    """Run, moved, saved, and exported without the kernel: each view is the figure it was."""
    book = opened("paper.ipynb")
    assert book.run_all()
    views = len(book.views())
    book.save()
    saved = nbformat.read(home / "notebooks" / "paper.ipynb", as_version=4)
    kinds = [set(o.data) for c in saved.cells for o in c.get("outputs", [])]
    assert sum("application/vnd.jupyter.widget-view+json" in kind for kind in kinds) == views
    html = export(home / "notebooks" / "paper.ipynb")
    assert len(figures(html)) == views
    assert "widget-view+json" not in html.partition("<body")[2]
    pdf = print_page(context, html, ARTEFACTS / "views.pdf")
    assert_pictures(pdf, html)
