"""README and CONTRIBUTING say what is so: commands, links."""

import base64
import re
from pathlib import Path

import nbformat
import pytest

import refresh
import smlearn

ROOT = Path(__file__).resolve().parent.parent
PAGES = ["README.md", "TEACHING.md", "CONTRIBUTING.md", "CHANGELOG.md"]


def missing_links(text: str, folder: Path) -> list[str]:
    """Return the relative targets of Markdown links in `text` that do not exist."""
    targets = re.findall(r"\]\(([^)#\s]+)\)", text)
    return [t for t in targets if not re.match(r"\w+:", t) and not (folder / t).exists()]


def missing_commands(text: str, makefile: str) -> list[str]:
    """Return what `text` asks make for and the Makefile does not have."""
    wanted = re.findall(r"(?:^|`)make ([a-z]+)", text, re.M)
    return [name for name in wanted if not re.search(rf"^{name}:", makefile, re.M)]


def missing_files(text: str, root: Path) -> list[str]:
    """Return the paths in backticks in `text` that lead to no file; NN is any number."""
    named = re.findall(r"`((?:[\w.*-]+/)+[\w.*-]*\.\w+)`", text)
    return [name for name in named if "NN" not in name and not any(root.glob(name))]


def test_files_that_the_recipes_name_exist():
    """Who adds something is sent there; an exercise's example is none of the course."""
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    assert missing_files(text.replace("`tests/exercises/blind/mean_cost.txt`", ""), ROOT) == []


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
    assert missing_links("[a](gone.md) [b](https://example.org) [c](README.md)", ROOT) == [
        "gone.md"
    ]
    assert missing_files(
        "`docs/gone.toml` `docs/words.toml` `tests/typed/right_*.py` `a.py`", ROOT
    ) == ["docs/gone.toml"]
    assert missing_commands("run `make tea`\nmake test", "test:\n") == ["tea"]


def test_the_wheel_is_named_with_the_version_that_it_has():
    """Who types the line as it stands must find that file."""
    names = re.findall(
        r"smlearn-([\d.]+)-py3-none-any\.whl", (ROOT / "README.md").read_text("utf-8")
    )
    assert names == [smlearn.__version__]
