"""Where pictures of pages are kept, and a notebook with every live view."""

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from server import ROOT

from refresh import METADATA
from smlearn import live

ARTEFACTS = ROOT / "build" / "browser"  # ignored by git; kept to be looked at
VIEWS = ["jacobian", "upstream", "temperature", "step", "mistakes"]


def stored_notebook() -> nbformat.NotebookNode:
    """Return the same as a fresh clone has it: with figures, and no view that is alive."""
    cells = [new_markdown_cell("# All live views")]
    for name in VIEWS:
        figure = getattr(live, name)()._repr_mimebundle_()  # SMLEARN_STATIC=1, as for all tests
        output = new_output("execute_result", figure, execution_count=1)
        cells.append(new_code_cell(f"live.{name}()", outputs=[output], execution_count=1))
    return new_notebook(cells=cells, metadata=METADATA)


def views_notebook() -> nbformat.NotebookNode:
    """Return a notebook with all live views, and one whose callback fails."""
    broken = "broken = live.jacobian()\nbroken.look = lambda **values: 1 / 0\nbroken"
    return new_notebook(
        cells=[
            new_markdown_cell("# All live views"),
            new_code_cell("from smlearn import live"),
            *(new_code_cell(f"live.{name}()") for name in VIEWS),
            new_code_cell(broken),
        ],
        metadata=METADATA,
    )
