"""The way through the course, written where it stands; `make refresh` calls this at its end.

    python tools/course_map.py

Each page gives its question (its title) and, if it is a depth, what it is for. The minutes of each
page are written from them, a line at its top and end that leads back, on and to the map, and the
map itself, in 00 and in the README. A depth, 01b, stands beside its core, 01.
"""

import re
from pathlib import Path
from typing import NamedTuple

import nbformat

import minutes

ROOT = minutes.NOTEBOOKS.parent
COURSE = "Softmax, backwards. "  # stands before the first page's question
HEAD = "| core | question | minutes | depth: what for · minutes |\n|---|---|---|---|\n"
NARROW = "| core · minutes | question, and what goes deeper |\n|---|:---|\n"  # of 00, on a phone
WAY = re.compile(r"(?m)^(?:←|\[map\]).*$")
TOLD = re.compile(r"(?m)^(\*Notebook \w+ of the course · )\d+ minutes(?:: [^·*]*[^·* ])?")


class Page(NamedTuple):
    """What the map says of a notebook."""

    file: str
    number: str  # 01, or 01b
    title: str
    minutes: minutes.Minutes
    purpose: str  # of a depth: what it is for; "" of a core

    @property
    def core(self) -> bool:
        """Whether it is one, and not a depth."""
        return self.number.isdigit()

    @property
    def link(self) -> str:
        """The short link by which other pages lead to it."""
        return f"[{self.number}]({self.file})"


def read_page(path: Path) -> Page:
    """Read what the map says of one notebook."""
    notebook = nbformat.read(path, as_version=4)
    opening = notebook.cells[0].source
    purpose = re.search(r"(?m)^\*Notebook .* · for (.+)\*$", opening)
    return Page(
        path.name,
        path.name.partition("_")[0],
        question(re.match("# (.+)", opening)[1]),
        minutes.of(notebook.cells),
        purpose[1] if purpose else "",
    )


def question(title: str) -> str:
    """Return what a page asks: its title, without the course's name."""
    return title.removeprefix(COURSE)


def pages(folder: Path = minutes.NOTEBOOKS) -> list[Page]:
    """Return all pages in the order of the course: 01, 01b, 02."""
    return [read_page(path) for path in sorted(folder.glob("*.ipynb"))]


def way(page: Page, course: list[Page]) -> str:
    """Return the line that leads back, to the map, deeper and on."""
    cores = [each for each in course if each.core]
    mine = [each for each in course if each.number[:2] == page.number[:2]]
    here = [each.number[:2] for each in cores].index(page.number[:2])
    back = [mine[mine.index(page) - 1]] if not page.core else cores[max(here - 1, 0) : here]
    deeper = ", ".join(each.link for each in mine[mine.index(page) + 1 :])
    at = "" if page.number == "00" else "00_start_here.ipynb"
    steps = [
        *(f"← {each.link}" for each in back),
        f"[map]({at}#The-map)",
        *([f"deeper: {deeper}"] if deeper else []),
        *(f"{each.link} →" for each in cores[here + 1 : here + 2]),
    ]
    return " · ".join(steps)


def told(source: str, taken: minutes.Minutes) -> str:
    """Write the minutes into a page's first cell."""
    split = f": {round(taken.reading)} reading and running, {taken.exercises} exercises"
    return TOLD.sub(
        lambda found: f"{found[1]}{taken.all} minutes{split if taken.exercises else ''}",
        source,
        count=1,
    )


def signposted(notebook: nbformat.NotebookNode, page: Page, course: list[Page]) -> None:
    """Write the minutes and the way into a notebook."""
    line, first, last = way(page, course), notebook.cells[0], notebook.cells[-1]
    first.source = told(_with_way(first.source, line), page.minutes)
    last.source = WAY.sub("", last.source).rstrip() + f"\n\n{line}"


def _with_way(source: str, line: str) -> str:
    title, _, rest = WAY.sub("", source).partition("\n")
    return f"{title}\n\n{line}\n\n{rest.lstrip()}"


def table(course: list[Page], folder: str = "") -> str:
    """Return the map: a row a core, with its depths beside it; in 00, below its question."""
    rows = []
    for core in course:
        if core.core:
            depths = [each for each in course if not each.core and each.number[:2] == core.number]
            beside = "; ".join(
                f"[{each.number}]({folder}{each.file}) {each.purpose} · {each.minutes.all}"
                for each in depths
            )
            link, taken = f"[{core.number}]({folder}{core.file})", core.minutes.all
            rows.append(
                f"| {link} | {core.title} | {taken} | {beside} |"
                if folder
                else f"| {link} · {taken} | **{core.title}** {beside} |"
            )
    return (HEAD if folder else NARROW) + "\n".join(rows)


def with_map(text: str, course: list[Page], folder: str = "") -> str:
    """Put the map where the old one stands in a text, and below it what all take together."""
    head = HEAD if folder else NARROW
    old = re.compile(re.escape(head) + r"\|.*(?:\n\|.*)*(?:\n\nThe cores take .*)?")
    if len(old.findall(text)) != 1:
        raise ValueError(f"one table is wanted that begins with\n{head}")
    core, depth = (
        sum(page.minutes.all for page in course if page.core is kind) for kind in (True, False)
    )
    return old.sub(
        lambda _: (
            table(course, folder) + f"\n\nThe cores take {_hours(core)} together, "
            f"the depths {_hours(depth)}."
        ),
        text,
    )


def _hours(total: int) -> str:
    return f"{total // 60} h {total % 60} min"


def write(root: Path = ROOT) -> None:
    """Write the ways and both maps; then, since these are read as well, all the minutes."""
    for _ in range(2):
        course = pages(root / "notebooks")
        for page in course:
            _write_page(root / "notebooks" / page.file, page, course)
        readme = root / "README.md"
        readme.write_text(with_map(readme.read_text("utf-8"), course, "notebooks/"), "utf-8")


def _write_page(path: Path, page: Page, course: list[Page]) -> None:
    notebook = nbformat.read(path, as_version=4)
    before = [cell.source for cell in notebook.cells]
    signposted(notebook, page, course)
    if page.number == "00":
        cell = next(cell for cell in notebook.cells if NARROW in cell.source)
        cell.source = with_map(cell.source, course)
    if before != [cell.source for cell in notebook.cells]:
        nbformat.write(notebook, path)


if __name__ == "__main__":
    write()
