"""A page as a learner gets it: no output, no count, and after a prediction nothing that tells.

From a paragraph that begins **Predict.** to the next heading, a learner's page differs from the
stored one, in which everything is open:

    the text that reads the result    is folded, and opens with a click: AFTER
    what a cell asserts               moves into that fold
    a cell that draws, or has a tag   shows one line of its code, until somebody unfolds it:
                                      a figure's title says the finding; TELLS tags the others

A page is JSON. This file imports nothing but Python's own, and nothing of the course: the wheel
is built with it, where neither NumPy nor nbformat need be.
"""

import ast
import json
import re
import textwrap
from collections.abc import Iterator
from pathlib import Path

__all__ = ["AFTER", "TELLS", "alone", "cleared", "cleared_pages", "veiled", "written"]

AFTER = "<details style=\"margin-bottom: 1em\"><summary>After you ran it</summary>"
TELLS = "tells-the-answer"
PREDICT = re.compile(r"^\*\*Predict\.\*\*", re.M)
OPEN = re.compile(r"(?:\*\*(?:Predict|Exercise|Deeper)\b|#{1,6} )")    # begins what stays open
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


def veiled(page: dict) -> dict:
    """Return a page that lets a learner predict: what tells the answer is a click away.

    Examples
    --------
    >>> cells = [{"cell_type": "markdown", "source": ["**Predict.** 2 + 2?"]},
    ...          {"cell_type": "code", "source": ["print(2 + 2)\\n", "assert 2 + 2 == 4"]},
    ...          {"cell_type": "markdown", "source": ["It is 4."]}]
    >>> _, code, text = veiled({"cells": cells})["cells"]
    >>> code["source"], "".join(text["source"]).splitlines()[2]
    (['print(2 + 2)'], 'It is 4.')
    """
    cells, asked, asserted = [], False, []
    for cell in page["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "code":
            if asked and not re.search(r"\bexercise\(", source):
                cell, more = _without_answers(cell, source)
                asserted += more
        elif cell["cell_type"] == "markdown":
            if asked and cells[-1]["cell_type"] == "code":
                cell = _says(cell, _folded(source, asserted))
            asked, asserted = bool(PREDICT.search(source)), []
        cells.append(cell)
    return page | {"cells": cells}


def _says(cell: dict, text: str) -> dict:
    """Return a cell with another text, as a string or as lines, like the one it has."""
    lines = text.splitlines(keepends=True)
    return cell | {"source": text if isinstance(cell["source"], str) else lines}


def _without_answers(cell: dict, source: str) -> tuple[dict, list[str]]:
    """Return a cell that computes an answer and does not tell it, and what it asserted."""
    metadata, lines = cell.get("metadata", {}), source.splitlines()
    gone = [range(one.lineno - 1, one.end_lineno) for one in _asserts(ast.parse(source).body)]
    left = "\n".join(line for n, line in enumerate(lines) if not any(n in each for each in gone))
    left = re.sub(r"\n{3,}", "\n\n", left).strip("\n")
    if re.search(r"\bshow\(", source) or TELLS in metadata.get("tags", []) or not left:
        return cell | {"metadata": metadata | {"jupyter": {"source_hidden": True}}}, []
    return _says(cell, left) if gone else cell, [
        textwrap.dedent("\n".join(lines[n] for n in each)) for each in gone]


def _asserts(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield the asserts in a block, and a loop as a whole if it does nothing else."""
    for one in body:
        inside = [*getattr(one, "body", []), *getattr(one, "orelse", [])]
        found = list(_asserts(inside))
        alone = bool(inside) and found == inside
        yield from [one] if alone or isinstance(one, ast.Assert) else found


def _folded(text: str, asserted: list[str]) -> str:
    """Fold a text up to the next prediction, exercise or heading, with what was asserted."""
    lines = text.splitlines()
    end = next((n for n, line in enumerate(lines) if OPEN.match(line)), len(lines))
    said = ["\n".join(lines[:end]).strip()] if end else []
    if asserted and not text.startswith("#"):
        said += ["What is tested here:", "\n".join(["```python", *asserted, "```"])]
    rest = ["\n".join(lines[end:])] if end < len(lines) else []
    return "\n\n".join([AFTER, *said, "</details>", *rest]) if said else text


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
    """Return the pages that are stored in a folder, as a learner gets them, in their order."""
    return {path.name: veiled(cleared(json.loads(path.read_text("utf-8"))))
            for path in sorted(folder.glob("[0-9]*.ipynb"))}


def written(page: dict) -> str:
    """Return the text of a page, byte for byte as JupyterLab would save it."""
    return json.dumps(page, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
