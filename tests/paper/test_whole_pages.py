"""A notebook printed as it is: its formulas are set, and nobody is asked for anything."""

import re

import nbformat
import pytest
from looks import beyond, missing, read

import whole_pages
from printed_pages import FORMULA, ROOT

CODE = re.compile(r"(?s)```.*?```|`[^`]*`")


@pytest.mark.parametrize("name", ["02_upstream_gradient", "06b_tolerance"])
def test_a_page_by_itself_has_every_formula_and_asks_no_other_host(page, tmp_path, name):
    """A core and a depth page; as many formulas as its Markdown has, and no word is cut off."""
    path = ROOT / "notebooks" / f"{name}.ipynb"
    whole_pages.print_whole(page, path, tmp_path)
    cells = nbformat.read(path, as_version=4).cells
    texts = [CODE.sub("", cell.source) for cell in cells if cell.cell_type == "markdown"]
    opened, asked = page.context.browser.new_page(), []
    opened.on("request", lambda request: asked.append(request.url))
    opened.goto((tmp_path / f"{name}.html").as_uri())
    drawn = opened.locator("mjx-container > svg").count()
    assert drawn == len(FORMULA.findall("\n\n".join(texts))) > 20
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    opened.close()
    unfolded = re.sub(r"(?s)<details.*?</details>", "", whole_pages.whole(path))  # no hints
    for size in ("a4", "letter"):
        pdf = read(tmp_path / size / f"{name}.pdf")
        assert missing(pdf, unfolded) == set()
        assert beyond(pdf) == []
