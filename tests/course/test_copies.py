"""A learner's copies: no page speaks before its prediction, and no change of theirs is lost."""

import json
import re
from pathlib import Path

import pytest
from ipykernel.ipkernel import IPythonKernel
from ipykernel.kernelspec import get_kernel_dict

from smlearn.course import copies
from smlearn.course.clearing import alone, cleared_pages, written
from smlearn.course.copies import MARKS, START, copy_pages, pages

ROOT = Path(__file__).resolve().parents[2]
STORED = ROOT / "notebooks"


def page(says: str, **more) -> str:
    """Return the text of a small page whose one cell says this."""
    cell = {"cell_type": "code", "source": [says], "outputs": [], "execution_count": None}
    return written({"cells": [cell | more]})


@pytest.fixture
def course(tmp_path):
    """Two pages in a folder of the learner's, as the course had them first."""
    copy_pages(tmp_path, {"01_a.ipynb": page("x = 1"), "02_b.ipynb": page("y = 1")})
    return tmp_path


# ---- no page speaks


def speaking(pages: dict[str, str]) -> list[str]:
    """Name the pages in which a cell has an output, or a count."""
    return [
        name
        for name, text in pages.items()
        for cell in json.loads(text)["cells"]
        if cell.get("outputs") or cell.get("execution_count")
    ]


def test_no_page_speaks_before_its_prediction():
    """Not one output of any page; the stored ones have them all."""
    assert speaking(pages()) == []
    assert set(speaking({p.name: p.read_text("utf-8") for p in STORED.glob("*.ipynb")})) == set(
        pages()
    )


def test_a_copy_is_the_page_that_a_learner_gets():
    """Every page of the course, in order, and nothing but their metadata is of this machine."""
    assert list(pages()) == sorted(path.name for path in STORED.glob("*.ipynb"))
    for name, page in cleared_pages(STORED).items():
        assert json.loads(pages()[name])["cells"] == page["cells"]


def test_a_copy_has_the_metadata_that_jupyterlab_saves():
    """Then a page that was only opened is not marked as changed, and is not saved anew."""
    metadata = json.loads(pages()[START])["metadata"]
    language = dict(IPythonKernel.language_info)
    kernel = get_kernel_dict()
    names = ("display_name", "language")
    assert metadata["language_info"] == language
    assert metadata["kernelspec"] == {"name": "python3", **{name: kernel[name] for name in names}}


def test_links_lead_somewhere_from_the_copy(tmp_path):
    """From page to page; a link to a file of the clone is as many folders away as it was."""
    assert copies.default_folder().parent == STORED.parent
    copy_pages(tmp_path, pages())
    for name, text in pages().items():
        for cell in json.loads(text)["cells"]:
            links = re.findall(r"\]\(([^)#\s]+)", "".join(cell["source"]))
            for link in links if cell["cell_type"] == "markdown" else []:
                home = tmp_path if link.endswith(".ipynb") and "/" not in link else STORED
                assert re.match(r"\w+:", link) or (home / link).is_file(), f"{name}: {link}"


LINKS = {
    "[a](../smlearn/words.py)": "a (`smlearn/words.py`)",
    "[a\nb](../pyproject.toml#L1)": "a\nb (`pyproject.toml`)",
    "[a](02_b.ipynb#c) [b](https://a.org/../c)": "[a](02_b.ipynb#c) [b](https://a.org/../c)",
}


@pytest.mark.parametrize(("link", "left"), LINKS.items())
def test_without_a_clone_a_page_links_to_no_file_of_it(link, left):
    """There it would lead nowhere; the name of the file says where to look."""
    text, code = (
        {"cell_type": kind, "source": [f"see {link}\n", "there"]} for kind in ("markdown", "code")
    )
    found, same = alone({"cells": [text, code]})["cells"]
    assert "".join(found["source"]) == f"see {left}\nthere"
    assert same == code


# ---- no change is lost


def test_pages_are_put_once(course):
    """Into a folder that was not there; the second time there is nothing to do, or to say."""
    two = {"01_a.ipynb": page("x = 1"), "02_b.ipynb": page("y = 1")}
    said = copy_pages(course / "new" / "folder", two)
    assert re.fullmatch(r"Put into .*folder: 2 pages. They are yours: .*", *said)
    assert copy_pages(course / "new" / "folder", two) == []
    assert (course / "new" / "folder" / "01_a.ipynb").read_text("utf-8") == two["01_a.ipynb"]


def test_a_copy_that_nobody_changed_is_renewed(course):
    """Also one that was run and saved: its outputs come back when it is run again."""
    run = page("x = 1", outputs=[{"output_type": "stream"}], execution_count=3)
    (course / "01_a.ipynb").write_text(run, "utf-8")
    (said,) = copy_pages(course, {"01_a.ipynb": page("x = 2"), "02_b.ipynb": page("y = 1")})
    assert said == f"Renewed in {course}, which you had not changed: 01_a.ipynb."
    assert (course / "01_a.ipynb").read_text("utf-8") == page("x = 2")
    assert speaking({"01_a": page("x = 2")}) == []


def test_a_copy_that_was_run_is_left_while_the_course_is_the_same(course):
    """What it shows is the learner's own work."""
    run = page("x = 1", outputs=[{"output_type": "stream"}], execution_count=3)
    (course / "01_a.ipynb").write_text(run, "utf-8")
    assert copy_pages(course, {"01_a.ipynb": page("x = 1")}) == []
    assert (course / "01_a.ipynb").read_text("utf-8") == run


CHANGES = {
    "another answer": page("x = 7"),
    "another kind of cell": page("x = 1", cell_type="markdown"),
    "a picture in the text": page("x = 1", attachments={"a.png": {"image/png": "iVBOR"}}),
    "one more cell": written({"cells": json.loads(page("x = 1"))["cells"] * 2}),
    "no page any more": "half of a pa",
    "an empty file": "",
}


@pytest.mark.parametrize("mine", CHANGES.values(), ids=CHANGES)
def test_a_copy_that_was_changed_is_kept_and_the_new_page_is_put_beside_it(course, mine):
    """And it is said, once."""
    (course / "01_a.ipynb").write_text(mine, "utf-8")
    new = {"01_a.ipynb": page("x = 2"), "02_b.ipynb": page("y = 1")}
    assert copy_pages(course, new) == [
        "01_a.ipynb has your changes and stays; the new one is beside it, 01_a_new.ipynb."
    ]
    assert (course / "01_a.ipynb").read_text("utf-8") == mine
    assert (course / "01_a_new.ipynb").read_text("utf-8") == page("x = 2")
    assert copy_pages(course, new) == []


def test_while_the_course_is_the_same_nothing_is_put_beside_a_change(course):
    """An answer is a change, and there is no new page to speak of."""
    (course / "01_a.ipynb").write_text(page("x = 7"), "utf-8")
    assert copy_pages(course, {"01_a.ipynb": page("x = 1")}) == []
    assert not (course / "01_a_new.ipynb").exists()


def test_what_stands_beside_is_renewed_or_kept_by_the_same_rule(course):
    """One page beside the learner's while they leave it alone, one more when they work in both."""
    (course / "01_a.ipynb").write_text(page("x = 7"), "utf-8")
    copy_pages(course, {"01_a.ipynb": page("x = 2")})
    assert "beside it, 01_a_new.ipynb" in copy_pages(course, {"01_a.ipynb": page("x = 3")})[0]
    assert (course / "01_a_new.ipynb").read_text("utf-8") == page("x = 3")
    (course / "01_a_new.ipynb").write_text(page("x = 8"), "utf-8")
    assert "beside it, 01_a_new_2.ipynb" in copy_pages(course, {"01_a.ipynb": page("x = 4")})[0]
    texts = [(course / f"01_a{end}.ipynb").read_text("utf-8") for end in ("", "_new", "_new_2")]
    assert texts == [page("x = 7"), page("x = 8"), page("x = 4")]


def test_a_copy_that_was_deleted_comes_back(course):
    """Whoever wants to begin a page anew deletes it."""
    (course / "01_a.ipynb").unlink()
    (said,) = copy_pages(course, {"01_a.ipynb": page("x = 1")})
    assert said.startswith(f"Put into {course}: 01_a.ipynb.")
    assert (course / "01_a.ipynb").read_text("utf-8") == page("x = 1")


@pytest.mark.parametrize("spoiled", ["", "[1]", "{", None])
def test_without_its_marks_a_page_is_taken_for_a_changed_one(course, spoiled):
    """A lost list makes us more careful, not less."""
    (course / MARKS).unlink()
    if spoiled is not None:
        (course / MARKS).write_text(spoiled, "utf-8")
    (said,) = copy_pages(course, {"01_a.ipynb": page("x = 2")})
    assert "01_a.ipynb has your changes and stays" in said
    assert (course / "01_a.ipynb").read_text("utf-8") == page("x = 1")


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    """A file in its place is one reason; root, as whom tests may run, knows no other."""
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match=r"a folder that can be written is wanted, but got .*file"):
        copy_pages(tmp_path / "file", {"01_a.ipynb": page("x")})


def test_a_page_that_cannot_be_written_whole_is_not_written_at_all(course, monkeypatch):
    """A full disk leaves the old copy, and no half of the new one under its name."""

    def full(path, text, *_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(OSError, match="No space left on device"):
        copy_pages(course, {"01_a.ipynb": page("x = 2")})
    assert (course / "01_a.ipynb").read_text("utf-8") == page("x = 1")


def test_without_pages_the_course_says_so(tmp_path, monkeypatch):
    """A folder that was moved in part, or an installation that was cut."""
    monkeypatch.setattr(copies, "ROOT", tmp_path)
    (tmp_path / "notebooks").mkdir()
    assert copies.clone() is None
    with pytest.raises(FileNotFoundError, match="there are none; install the course again"):
        pages()


def test_git_does_not_see_the_copies():
    """Else a learner's answers stand in the way of every update."""
    folder = copies.default_folder().relative_to(ROOT)
    assert f"{folder.as_posix()}/" in (ROOT / ".gitignore").read_text("utf-8").splitlines()
