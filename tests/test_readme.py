"""README, CONTRIBUTING and the map in 00 say what is so: titles, minutes, commands, links."""

import base64
import re
from pathlib import Path

import nbformat
import pytest

import refresh

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
PAGES = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"]


def opening(path: Path) -> tuple[str, str]:
    """Return a notebook's title and minutes, as its first cell gives them."""
    text = nbformat.read(path, as_version=4).cells[0].source
    return re.search(r"^# (.+)$", text, re.M)[1], re.search(r"(\d+) minutes", text)[1]


def map_rows(text: str) -> dict[str, tuple[str, str]]:
    """Return {number: (question, minutes)} of the course map in a Markdown text."""
    rows = re.findall(r"^\| \[?(\d\d)\b[^|]*\| ([^|]+) \| (\d+) \|$", text, re.M)
    return {number: (question, minutes) for number, question, minutes in rows}


def missing_links(text: str, folder: Path) -> list[str]:
    """Return the relative targets of Markdown links in `text` that do not exist."""
    targets = re.findall(r"\]\(([^)#\s]+)\)", text)
    return [t for t in targets if not re.match(r"\w+:", t) and not (folder / t).exists()]


def missing_commands(text: str, makefile: str) -> list[str]:
    """Return what `text` asks make for and the Makefile does not have."""
    wanted = re.findall(r"(?:^|`)make ([a-z]+)", text, re.M)
    return [name for name in wanted if not re.search(rf"^{name}:", makefile, re.M)]


@pytest.mark.parametrize("where", ["README.md", "notebooks/00_start_here.ipynb"])
def test_the_map_gives_each_notebook_its_own_title_and_minutes(where):
    """A map that disagrees with the ground sends people the wrong way."""
    path = ROOT / where
    text = path.read_text("utf-8")
    if path.suffix == ".ipynb":
        text = "\n".join(cell.source for cell in nbformat.reads(text, as_version=4).cells)
    assert map_rows(text) == {path.name[:2]: opening(path) for path in NOTEBOOKS}


@pytest.mark.parametrize("page", PAGES)
def test_links_and_commands_exist(page):
    """Every relative link leads to a file, every make command to a target."""
    text = (ROOT / page).read_text("utf-8")
    assert missing_links(text, ROOT) == []
    assert missing_commands(text, (ROOT / "Makefile").read_text("utf-8")) == []


def test_the_readme_stays_short():
    """Under 150 lines: four questions are answered within a minute each."""
    assert len((ROOT / "README.md").read_text("utf-8").splitlines()) < 150


def test_the_picture_is_the_one_in_the_notebook():
    """`make refresh` takes it from there, so the README cannot show an old figure."""
    stored = refresh.figures(nbformat.read(ROOT / "notebooks" / refresh.PICTURE[0], 4))
    assert (ROOT / refresh.PICTURE[1]).read_bytes() == base64.b64decode(stored[-1])


def test_the_checkers_find_what_is_wrong():
    """Each of them, on a text with one mistake."""
    assert map_rows("| [07](a.ipynb) | Why? | 20 |\n| 12 | Who? | 5 |\n| x | y | z |") == {
        "07": ("Why?", "20"),
        "12": ("Who?", "5"),
    }
    assert missing_links("[a](gone.md) [b](https://example.org) [c](README.md)", ROOT) == [
        "gone.md"
    ]
    assert missing_commands("run `make tea`\nmake test", "test:\n") == ["tea"]
