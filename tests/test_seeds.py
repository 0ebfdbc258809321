"""The seed notes are kept whole: each cell has its row in the ledger, each number its page."""

import re
from pathlib import Path

import nbformat
import pytest
from hygiene import NOTEBOOKS
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

NUMBER = re.compile(r"(?<![\w.])-?\d+(?:\.\d*)?(?:e[+-]?\d+)?")
(LEDGER,) = NOTEBOOKS.glob("00c_*.ipynb")


def printed() -> list[tuple[str, str, str]]:
    """Return notes, cell and numbers of each row of seed_numbers.txt."""
    lines = Path(__file__).with_name("seed_numbers.txt").read_text("utf-8").splitlines()
    rows = [line.split(maxsplit=2) for line in lines if not line.startswith("#")]
    return [(notes, cell, *rest) if rest else (notes, cell, "") for notes, cell, *rest in rows]


def numbers(text: str) -> str:
    """Return all numbers of a text in their order, each with a blank before and after it."""
    return "".join(f" {float(number):.10g} " for number in NUMBER.findall(text))


def said(notebook: NotebookNode) -> list[str]:
    """Return the numbers of each text that code cells hold: what is asserted, what is printed."""
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    outputs = [output for cell in code for output in cell.outputs]
    texts = [cell.source for cell in code] + [output.get("text", "") for output in outputs]
    texts += [output.get("data", {}).get("text/plain", "") for output in outputs]
    return list(map(numbers, texts))


def missing(rows: list[str], notebooks: list[NotebookNode]) -> list[str]:
    """Return the rows whose numbers stand nowhere one after the other."""
    texts = [text for notebook in notebooks for text in said(notebook)]
    return [row for row in rows if not any(numbers(row) in text for text in texts)]


def ledger(notebook: NotebookNode) -> list[str]:
    """Return the seeds' cells that have a row in a page's tables, from its top."""
    texts = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    return re.findall(r"(?m)^\| \[(\d+)\] \|(?:[^|\n]*\|){3}$", "\n".join(texts))


def test_every_number_of_the_seeds_is_on_a_page():
    """Printed or asserted by a cell, the numbers of an array together and in their order."""
    pages = [nbformat.read(path, as_version=4) for path in sorted(NOTEBOOKS.glob("*.ipynb"))]
    assert missing([row for _, _, row in printed() if row], pages) == []


def test_the_ledger_has_a_row_for_each_cell_of_the_seeds():
    """In the order in which they stand, the first notes and then the second."""
    cells = dict.fromkeys((notes, cell) for notes, cell, _ in printed())
    assert ledger(nbformat.read(LEDGER, as_version=4)) == [cell for _, cell in cells]
    assert len(cells) == 17


@pytest.mark.parametrize(
    ("source", "output", "found"),
    [
        ("same(p, [[0.5, -1]])", "", True),
        ("1", "[[ 0.5 -1. ]\n [ 2.   0. ]]", True),
        ("same(p, [0.5])", "[-1.]", False),  # apart
        ("x", "[-1.  0.5]", False),
        ("x", "[0.5 1.]", False),
        ("x", "[10.5 -1.]", False),
        ("x", "[0.5 -1.5]", False),
    ],
)
def test_numbers_that_are_not_there_are_missed(source, output, found):
    """Apart, in another order, with another sign or digit they are other numbers."""
    cell = new_code_cell(source, outputs=[new_output("stream", text=output)])
    page = new_notebook(cells=[cell, new_markdown_cell("[0.25 1]")])
    assert missing(["0.5 -1"], [page]) == ([] if found else ["0.5 -1"])
    assert missing(["0.25 1"], [page]) == ["0.25 1"]  # a text computes nothing


def test_a_row_that_is_not_in_the_ledger_is_missed():
    """Four columns each, and a number in brackets."""
    page = new_notebook(
        cells=[new_markdown_cell("| [29] | a | b | c |\n| [31] | a | b |\n| 35 | a | b | c |")]
    )
    assert ledger(page) == ["29"]
