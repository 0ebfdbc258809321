"""Every relative link of a text or a notebook leads to a file, every #anchor to a heading."""

import re
from pathlib import Path
from urllib.parse import unquote

import hygiene
import pytest

ROOT = hygiene.ROOT
TEXTS = [*ROOT.glob("*.md"), *ROOT.glob("hub/*.md"), *ROOT.glob(".github/*.md")]
PAGES = sorted(hygiene.NOTEBOOKS.glob("*.ipynb"))


def slug(heading: str) -> str:
    """Return the anchor that GitHub gives to a heading."""
    heading = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading)
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def anchors(path: Path) -> set[str]:
    """Return every anchor of a text; of two headings with one name the second gets -1."""
    if path.suffix == ".ipynb":
        return hygiene._anchors(hygiene.read(path))
    found: list[str] = []
    for _, _, text in hygiene.headings_of(path.read_text("utf-8")):
        count = [re.sub(r"-\d+$", "", name) for name in found].count(slug(text))
        found.append(f"{slug(text)}-{count}" if count else slug(text))
    return set(found)


def broken(source: str, home: Path) -> list[str]:
    """Return the relative links of a Markdown text at `home` that lead nowhere."""
    found = []
    for target in hygiene._targets(source):
        if re.match(r"[a-zA-Z][\w+.-]*:", target):
            continue
        name, _, anchor = unquote(target).partition("#")
        path = (home.parent / name).resolve() if name else home
        if not path.exists() or not path.is_relative_to(ROOT):
            found.append(f"{target} leads nowhere")
        elif anchor and path.suffix in (".md", ".ipynb") and anchor not in anchors(path):
            found.append(f"{target} has no such heading")
    return found


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_of_texts_lead_somewhere(path):
    """A heading that is reworded takes its links with it, silently."""
    assert broken(path.read_text("utf-8"), path) == []


def test_links_of_notebooks_lead_somewhere():
    """Those into the texts, too, whose anchors are GitHub's."""
    for path in PAGES:
        cells = hygiene.cells(hygiene.read(path), "markdown")
        assert broken("\n\n".join(cell.source for _, cell in cells), path) == [], path.name


@pytest.mark.parametrize(
    ("link", "complaint"),
    [
        ("[a](gone.md)", "gone.md leads nowhere"),
        ("[a](../outside.md)", "../outside.md leads nowhere"),
        ("[a](#gone)", "#gone has no such heading"),
        ("[a](README.md#gone)", "README.md#gone has no such heading"),
        ("[a][b]\n\n[b]: gone.md", "gone.md leads nowhere"),
        ('<img src="gone.png">', "gone.png leads nowhere"),
        ("[a](notebooks/00_start_here.ipynb#gone)", "ipynb#gone has no such heading"),
    ],
)
def test_a_broken_link_is_found(link, complaint):
    """The checker checked, on every way to write a link."""
    (found,) = broken(f"# Here\n\n{link}\n", ROOT / "CHANGELOG.md")
    assert found.endswith(complaint)


def test_what_leads_somewhere_is_left_alone():
    """To a heading with a comma and code in it, to a folder, into code, to other hosts."""
    text = "[a](README.md#how-fast-is-it) [b](hub) `[c](gone)` [d](https://example.org) [e](#100)"
    assert broken(text, ROOT / "CHANGELOG.md") == ["#100 has no such heading"]
    assert slug("Add a `notebook`, mend a [number](x.md)") == "add-a-notebook-mend-a-number"


def test_the_second_of_two_equal_headings_has_a_number(tmp_path):
    """As on GitHub."""
    (tmp_path / "a.md").write_text("# A\n\n## B\n\n## B\n")
    assert anchors(tmp_path / "a.md") == {"a", "b", "b-1"}
