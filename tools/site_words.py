"""What the pages of the site are written with: notebooks read, Markdown written.

What neither the package nor the notebooks have, such as a line of proof, is in docs/words.toml.
"""

import re
import tomllib
from collections.abc import Iterable
from functools import cache

import nbformat

import course_map
from course_map import ROOT, Page
from smlearn.exercises.task import Task

WORDS = tomllib.loads((ROOT / "docs" / "words.toml").read_text("utf-8"))


def said_of(table: str, key: str):
    """Return what docs/words.toml says of a law or a letter; one that it lacks is named."""
    if key not in WORDS[table]:
        raise ValueError(f"docs/words.toml: [{table}] has no entry for {key!r}; write one")
    return WORDS[table][key]


# ---- reading


@cache
def notebook(file: str) -> nbformat.NotebookNode:
    """Read a notebook, once."""
    return nbformat.read(course_map.minutes.NOTEBOOKS / file, as_version=4)


def text(file: str) -> str:
    """Return all the Markdown of a notebook."""
    return "\n\n".join(c.source for c in notebook(file).cells if c.cell_type == "markdown")


def everything(file: str) -> str:
    """Return all that stands on a page in words: Markdown, code, and what it printed."""
    parts = []
    for cell in notebook(file).cells:
        parts.append(cell.source)
        for output in cell.get("outputs", ()):
            parts.append(output.get("text") or output.get("data", {}).get("text/plain", ""))
    return "\n".join(parts)


def tables(source: str, head: str) -> list[list[list[str]]]:
    """Return the tables whose first line begins with `head`, as rows of cells, the head first."""
    found = re.findall(rf"(?m)^{re.escape(head)}.*(?:\n\|.*)+", source)
    return [
        [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()]
        for table in found
    ]


# ---- writing


def plain(words: str) -> str:
    """Let Markdown show words as they stand; what is in backticks is code."""
    parts = re.split(r"(`[^`]+`)", words)
    return "".join(p if p[:1] == "`" else re.sub(r"([*_<>$|\\\[\]])", r"\\\1", p) for p in parts)


def code(source: str, language: str = "python") -> str:
    """Return a block of code."""
    return f"```{language}\n{source}\n```"


def index(name: str) -> str:
    """Return the entries by which a search for these words finds the page `name` first."""
    words = [*WORDS["search"].get(name, ()), *WORDS["glossary"].get(name, ())]
    return "\n".join(f"```{{index}} ! {word}\n```" for word in words)


def table(rows: Iterable[Iterable[str]]) -> str:
    """Return rows as a table, the first one its head."""
    head, *rest = [list(row) for row in rows]
    lines = [head, ["---"] * len(head), *rest]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def link(page: Page, folder: str = "notebooks/") -> str:
    """Return a short link to a notebook."""
    return f"[{page.number}]({folder}{page.file})"


def to_exercise(task: Task) -> str:
    """Return a link to an exercise, in whatever notebook it is; site_build.py sets the mark."""
    return f"[{task.key}](#exercise-{task.key})"


def exercise_links(tasks: Iterable[Task]) -> str:
    """Return links to exercises, with the notebook's number before each."""
    return ", ".join(f"{task.notebook} {to_exercise(task)}" for task in tasks)
