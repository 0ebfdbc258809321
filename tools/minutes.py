"""How long a notebook takes, computed and not felt; `make minutes` prints it by section.

    reading and running   120 words of text a minute, 5 s a line of code, 1 minute a prediction,
                          2 a display equation
    exercises             3 minutes to predict, 6 to complete, 8 to find the bug

Every page's words and lines count as reading, those around its exercises, too; a display equation
is no words. course_map.py writes the sums into the pages and the maps.
"""

import re
import sys
from pathlib import Path
from typing import NamedTuple

import nbformat
from nbformat import NotebookNode

from copies import task_of

NOTEBOOKS = Path(__file__).resolve().parent.parent / "notebooks"
WORDS, LINES = 120, 12  # a minute
PREDICTION, EQUATION = 1, 2
EXERCISE = {"predict": 3, "complete": 6, "find the bug": 8}
LONGEST = 50  # minutes of a page


class Minutes(NamedTuple):
    """What a page, or a section of it, takes."""

    reading: float
    exercises: float

    @property
    def all(self) -> int:
        """The two together, rounded."""
        return round(self.reading + self.exercises)


def of_cell(cell: NotebookNode) -> Minutes:
    """Return what one cell takes."""
    if cell.cell_type == "code":
        lines = sum(bool(line.strip()) for line in cell.source.splitlines())
        task = task_of(cell)
        return Minutes(lines / LINES, EXERCISE[task.kind] if task else 0)
    equations = re.findall(r"(?s)\$\$.+?\$\$", cell.source)
    words = re.sub(r"(?s)\$\$.+?\$\$", " ", cell.source).split()
    asked = len(re.findall(r"(?m)^\*\*Predict", cell.source))
    return Minutes(len(words) / WORDS + PREDICTION * asked + EQUATION * len(equations), 0)


def of(cells: list[NotebookNode]) -> Minutes:
    """Return what cells take together."""
    return Minutes(*map(sum, zip(*map(of_cell, cells), strict=True)))


def sections(notebook: NotebookNode) -> dict[str, list[NotebookNode]]:
    """Return the cells of each H2, by its text; those above the first belong to the title."""
    found, name = {}, ""
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and (head := re.match(r"##? (.+)", cell.source)):
            name = head[1]
        found.setdefault(name, []).append(cell)
    return found


def main() -> None:
    """Print the minutes of the notebooks named on the command line, or of all, by section."""
    for path in map(Path, sys.argv[1:] or sorted(NOTEBOOKS.glob("*.ipynb"))):
        notebook = nbformat.read(path, as_version=4)
        whole = of(notebook.cells)
        print(
            f"{path.name}: {whole.all} minutes, {whole.reading:.1f} reading and running, "
            f"{whole.exercises} exercises" + f"; {LONGEST} is the most" * (whole.all > LONGEST)
        )
        for name, cells in sections(notebook).items():
            part = of(cells)
            print(f"    {part.reading:5.1f} {part.exercises or '':>4}  {name}")


if __name__ == "__main__":
    main()
