"""The first screen of the course: its name, the penguins, the count, and what to do now."""

import base64
import io
import re

import matplotlib
import nbformat
import numpy as np
import pytest
from hygiene import NOTEBOOKS
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from PIL import Image
from pixels import decode, difference, drawn_by

import first_picture
import refresh
from smlearn.mistakes import PUBLIC_COUNT

FIRST = nbformat.read(NOTEBOOKS / refresh.START, as_version=4)
SMALL = 30_000  # bytes: the page is loaded over slow networks, too


def test_the_attached_picture_is_the_one_that_is_drawn():
    """`make refresh` attaches it, so the page cannot show an old one."""
    stored = first_picture.attached(FIRST)
    if drawn_by(stored) != matplotlib.__version__:
        pytest.skip("another Matplotlib sets text otherwise; `make test` has the pinned one")
    assert difference(stored, first_picture.draw()) == ""


def test_another_picture_would_be_noticed(monkeypatch):
    """One gradient more that is wrong, and the check above fails."""
    drawn = first_picture.draw()
    assert drawn == first_picture.draw()
    monkeypatch.setitem(PUBLIC_COUNT, "wrong", 110)
    monkeypatch.setitem(PUBLIC_COUNT, "right for any batch", 40)
    assert "pixels differ" in difference(drawn, first_picture.draw())


def test_another_processor_draws_no_other_picture(rng, monkeypatch):
    """Its edges are a shade lighter or darker, and the check above does not mind."""
    drawn = []
    monkeypatch.setattr(first_picture, "smaller", lambda image: drawn.append(image.copy()))
    first_picture.draw()
    monkeypatch.undo()
    pixels = np.asarray(drawn[0].convert("RGB")).astype(int)
    edges = ~np.isin(pixels, (0, 255)).all(axis=-1, keepdims=True)  # (H, W, 1)
    noise = rng.integers(-2, 3, pixels.shape) * edges
    other = Image.fromarray(np.clip(pixels + noise, 0, 255).astype(np.uint8))
    other.info["Software"] = drawn[0].info["Software"]
    assert difference(first_picture.draw(), first_picture.smaller(other)) == ""


def test_the_picture_is_small_and_opaque():
    """A dark theme shows it as it is."""
    png = first_picture.attached(FIRST)
    image = Image.open(io.BytesIO(png))
    assert len(png) < SMALL
    assert image.size == (768, 272)
    assert "transparency" not in image.info
    assert decode(png)[0, 0].tolist() == [255, 255, 255]


def test_refresh_attaches_it_to_the_first_page_and_to_no_other(tmp_path, monkeypatch):
    """To its first cell, whatever was attached there before."""
    (tmp_path / "notebooks").mkdir()
    monkeypatch.setattr(refresh, "ROOT", tmp_path)
    for name in (refresh.START, "01_other.ipynb"):
        page = new_notebook(cells=[new_markdown_cell("# T"), new_code_cell("x = 1")])
        page.cells[0].attachments = {"old.png": {"image/png": "AAAA"}}
        nbformat.write(page, tmp_path / "notebooks" / name)
        refresh.refresh(tmp_path / "notebooks" / name)
    start, other = (nbformat.read(path, 4) for path in sorted(tmp_path.glob("*/*.ipynb")))
    assert list(start.cells[0].attachments) == [first_picture.NAME]
    assert first_picture.attached(start) == first_picture.draw()
    assert list(other.cells[0].attachments) == ["old.png"]


@pytest.mark.parametrize("path", sorted(NOTEBOOKS.glob("*.ipynb")), ids=lambda path: path.stem)
def test_what_a_text_shows_is_attached_to_it_and_nothing_else(path):
    """The page is whole wherever it is copied to, and carries nothing that it does not show."""
    for cell in nbformat.read(path, as_version=4).cells:
        shown = set(re.findall(r"!\[[^\]]*\]\(attachment:([^)]+)\)", cell.source))
        assert shown == set(cell.get("attachments", {})), cell.id


def test_the_first_cell_says_the_name_the_count_and_what_to_do_now():
    """In this order, before the minutes and the goals, which may be below the fold."""
    source = FIRST.cells[0].source
    total, wrong = sum(PUBLIC_COUNT.values()), PUBLIC_COUNT["wrong"]
    places = [
        source.index(words)
        for words in (
            "# Softmax, backwards. ",
            f"Of {total} public versions of that line, **{wrong} are wrong**",
            "342 penguins",
            f"(attachment:{first_picture.NAME})",
            "**Now:** press Shift-Enter, cell by cell.",
            "*Notebook 00 of the course",
            "**You will be able to**",
        )
    ]
    assert places == sorted(places)


def test_the_prediction_asks_for_what_the_first_screen_does_not_tell():
    """How many are right for a batch stands below the question only."""
    right = PUBLIC_COUNT["right for any batch"]
    asked = next(i for i, cell in enumerate(FIRST.cells) if "right for a batch?" in cell.source)
    above = " ".join(cell.source for cell in FIRST.cells[: asked + 1])
    assert not re.search(rf"\b{right}\b", above)
    assert FIRST.cells[asked + 2].source.startswith(f"{right}: of all, fewer than one in five")
    assert right < sum(PUBLIC_COUNT.values()) / 5


def test_the_page_holds_the_plain_map():
    """Below its heading, above the table; nobody's answers are on it."""
    at = next(i for i, cell in enumerate(FIRST.cells) if cell.source == "progress()")
    assert FIRST.cells[at - 1].source.startswith("## The map\n")
    assert FIRST.cells[at + 1].source.startswith("| core · minutes | question, and")
    drawing, words = (output.data for output in FIRST.cells[at].outputs)
    svgs = re.findall(r"base64,([\w+/=]+)", drawing["text/html"])
    assert [base64.b64decode(svg).count(b" open</text>") for svg in svgs] == [1] * 13
    assert "exercises: 0 right, 0 wrong" in words["text/plain"]
    assert '<a href="00_start_here.ipynb" ' in words["text/html"]
    assert ">00</a>, predict: Add 1 to all three" in words["text/html"]
