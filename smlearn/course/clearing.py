"""A page as a learner gets it: no output, no count, so that nothing speaks before a prediction.

A page is JSON. This file imports nothing but Python's own, and nothing of the course: the wheel
is built with it, where neither NumPy nor nbformat need be.
"""

import json
import re
from pathlib import Path

__all__ = ["alone", "cleared", "cleared_pages", "written"]

OUTWARD = re.compile(r"\[([^\]]+)\]\(\.\./([^)#\s]+)[^)]*\)")


def cleared(page: dict) -> dict:
    """Return a page without what its cells put out and how often they were run.

    Examples
    --------
    >>> cell = {"cell_type": "code", "source": "1", "outputs": ["1"], "execution_count": 1}
    >>> cleared({"cells": [cell]})["cells"]
    [{'cell_type': 'code', 'source': '1', 'outputs': [], 'execution_count': None}]
    """
    open_cell = {"outputs": [], "execution_count": None}
    return page | {"cells": [cell | open_cell if cell["cell_type"] == "code" else cell
                             for cell in page["cells"]]}


def alone(page: dict) -> dict:
    """Return a page that is to stand without the clone: it names files there, and links to none.

    Examples
    --------
    >>> cell = {"cell_type": "markdown", "source": ["See [softmax](../smlearn/words.py)."]}
    >>> alone({"cells": [cell]})["cells"][0]["source"]
    ['See softmax (`smlearn/words.py`).']
    """
    def named(source: list[str]) -> list[str]:
        return OUTWARD.sub(r"\1 (`\2`)", "".join(source)).splitlines(keepends=True)

    return page | {"cells": [cell | {"source": named(cell["source"])}
                             if cell["cell_type"] == "markdown" else cell
                             for cell in page["cells"]]}


def cleared_pages(folder: Path) -> dict[str, dict]:
    """Return the pages that are stored in a folder, cleared, by name and in their order."""
    return {path.name: cleared(json.loads(path.read_text("utf-8")))
            for path in sorted(folder.glob("[0-9]*.ipynb"))}


def written(page: dict) -> str:
    """Return the text of a page, byte for byte as JupyterLab would save it."""
    return json.dumps(page, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
