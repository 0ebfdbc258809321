"""Print notebooks as they are, each by itself, into build/pages; `make pages` calls this.

nbconvert's HTML, which JupyterLab's *Print* takes as well, fetches MathJax from another host:
where there is no network, it prints formulas as TeX. Here the press sets them. Each page becomes
an HTML file that is whole, and a PDF for A4 and for Letter.

    python tools/whole_pages.py notebooks/01_one_row_jacobian.ipynb
"""

import re
import sys
from pathlib import Path

import nbformat
from nbconvert import HTMLExporter
from playwright.sync_api import Page
from tqdm import tqdm

from handouts import CSS, SIZES
from press import BUILD, begin, filled, press, print_pdf, set_formulas
from printed_pages import ROOT

PAGES = BUILD / "pages"


def whole(path: Path) -> str:
    """Return a notebook as HTML: its text, its code, its outputs, its formulas not set yet."""
    notebook = nbformat.read(path, as_version=4)
    body, _ = HTMLExporter(template_name="basic").from_notebook_node(notebook)
    title = re.search(r"(?m)^# (.*)", notebook.cells[0].source)[1].replace("`", "")
    return filled("whole.html", title=title, css=CSS, body=body)


def print_whole(page: Page, path: Path, folder: Path = PAGES) -> None:
    """Write a notebook as HTML and as PDF, its formulas set."""
    set_formulas(page, whole(path))
    for size in SIZES:
        print_pdf(page, folder / size.lower() / f"{path.stem}.pdf", size)
    html = page.evaluate("document.documentElement.outerHTML")
    (folder / f"{path.stem}.html").write_text(f"<!DOCTYPE html>\n{html}", "utf-8")


def main(paths: list[str]) -> None:
    """Write all of them."""
    with press() as page:
        for path in tqdm(paths, "pages"):
            print_whole(page, Path(path))
    print(f"The pages are in {PAGES.relative_to(ROOT)}: HTML, and PDF for A4 and for Letter.")


if __name__ == "__main__":
    begin(lambda: main(sys.argv[1:]))
