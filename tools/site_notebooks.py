"""The notebooks as pages of the site: what they hold, with the size of each picture beside it.

Nothing is run. A picture's height is written next to its width, so that the text below it stands
still while the picture is decoded.
"""

import base64
import html
import re
import shutil
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import nbformat

import course_map
import site_words
from copies import task_of
from course_map import Page

EMBEDDED = re.compile(
    r'<img ([^>]*?)width="(\d+)"([^>]*?src="data:image/([\w+]+);base64,([^"]+)")'
)
TO_NOTEBOOK = re.compile(r'(<a href="\w+)\.ipynb(?=[#"])')  # as an output writes it
ATTACHED = re.compile(r"!\[([^]]*)\]\(attachment:([^)]+)\)")


def actions(file: str, repo: str) -> str:
    """Return the line of links by which a page is taken away, or run."""
    return " · ".join(
        [f"{{download}}`Download the notebook <../downloads/{file}>`", *away(file, repo)]
    )


def away(file: str, repo: str) -> list[str]:
    """Return links to where a notebook runs, and to its source; none where no REPO is known."""
    binder = f"https://mybinder.org/v2/gh/{repo}/HEAD?urlpath=lab/tree/notebooks/{file}"
    source = f"https://github.com/{repo}/blob/HEAD/notebooks/{file}"
    return [f"[Run it in Binder]({binder})", f"[On GitHub]({source})"] if repo else []


def write(page: Page, source: Path, repo: str) -> None:
    """Copy a notebook, once as it is, once as a page with its actions under the title."""
    path = course_map.minutes.NOTEBOOKS / page.file
    shutil.copy(path, source / "downloads")
    notebook = nbformat.read(path, as_version=4)
    first = notebook.cells[0]
    title, _, rest = first.source.partition("\n")
    above = site_words.index(page.number), actions(page.file, repo)
    first.source = "\n\n".join([title, *above]) + f"\n{rest}"
    for before, cell in pairwise(notebook.cells):
        if task := task_of(cell):
            before.source = marked(before.source, task.key)
    for cell in notebook.cells:
        as_on_a_page(cell)
    notebook.metadata["mystnb"] = {"execution_mode": "off"}
    nbformat.write(notebook, source / "notebooks" / page.file)


def marked(source: str, key: str) -> str:
    """Set a mark before the text of an exercise, for links from other pages."""
    begins = "Exercise" if "**Exercise " in source else "Predict"
    return re.sub(rf"(?m)^(?=\*\*{begins}\b)", f"(exercise-{key})=\n", source, count=1)


# ---- pictures


def as_on_a_page(cell: nbformat.NotebookNode) -> None:
    """Put a cell's attachments where they are shown, heights to pictures, pages for notebooks."""
    held = cell.pop("attachments", {})
    cell.source = ATTACHED.sub(lambda found: sized(_shown(held, *found.groups())), cell.source)
    for output in cell.get("outputs", ()):
        data = output.get("data", {})
        if "text/html" in data:
            data["text/html"] = sized(TO_NOTEBOOK.sub(r"\1.html", data["text/html"]))


def first_picture(file: str) -> str:
    """Return the picture that the first cell of a notebook shows."""
    cell = site_words.notebook(file).cells[0]
    found = ATTACHED.search(cell.source)
    return sized(_shown(cell.attachments, *found.groups()))


def _shown(held: dict, alt: str, name: str) -> str:
    [(kind, data)] = held[name].items()
    width, _ = size(kind.removeprefix("image/"), data)
    alt, data = html.escape(alt), "".join(data.split())
    return (
        f'<figure><img alt="{alt}" width="{width:.0f}" src="data:{kind};base64,{data}"></figure>'
    )


def sized(markup: str) -> str:
    """Write the height of each embedded picture, at the width that the page gives it."""

    def with_height(found: re.Match) -> str:
        before, width, after, kind, data = found.groups()
        across, down = size(kind, data)
        height = round(int(width) * down / across)
        return f'<img {before}width="{width}" height="{height}"{after}'

    return EMBEDDED.sub(with_height, markup)


def size(kind: str, data: str) -> tuple[float, float]:
    """Return how wide and high an embedded picture is by itself, in whatever unit it says."""
    held = base64.b64decode(data)
    if kind == "png":  # the first thing after the signature and the name IHDR
        return int.from_bytes(held[16:20]), int.from_bytes(held[20:24])
    _, _, across, down = ElementTree.fromstring(held).attrib["viewBox"].split()
    return float(across), float(down)
