"""A class of 40 is marked: each gets what is theirs, and nobody costs another anything."""

import csv
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
from marking.handed_in import CLASS, FIRST, SECOND, run, write_class

pytestmark = pytest.mark.skipif(os.name == "nt", reason="marking wants a system that can fork")


class Marked(NamedTuple):
    """What came out: where, the rows by learner, what was printed."""

    folder: Path
    rows: dict[str, dict[str, str]]
    said: str


@pytest.fixture(scope="module")
def marked(tmp_path_factory) -> Marked:
    """The class of 40, with few cells and small limits."""
    folder = tmp_path_factory.mktemp("class")
    write_class(folder / "submissions", short=True)
    ran = run(folder, "--cell", "3", "--memory", "400")
    assert ran.returncode == 0, ran.stderr[-2000:]
    sheet = folder / "marks" / "submissions" / "marks.csv"
    with sheet.open(encoding="utf-8-sig", newline="") as file:
        rows = {row["learner"]: row for row in csv.DictReader(file)}
    return Marked(folder, rows, ran.stdout)


def name_of(learner) -> str:
    """Return the name that a learner has from a file or a folder."""
    return Path(learner.path).parts[0].removesuffix(".ipynb")


@pytest.mark.parametrize("name", [name for name in CLASS if name != "two notebooks, too"])
def test_each_learner_gets_what_is_theirs(marked, name):
    """Whatever another does: points, verdict and mistake, for each exercise, and what is told."""
    learner = CLASS[name]
    row = marked.rows[name_of(learner)]
    for key, (status, mistake) in ((FIRST, learner.first), (SECOND, learner.second)):
        assert (row[f"{key}: verdict"], row[f"{key}: mistake"]) == (status, mistake)
        assert row[key] == str(int(status == "RIGHT"))
    assert learner.flag in row["flags"]


def test_ordinary_learners_are_not_told_of(marked):
    """A flag that any page carries would say nothing."""
    ordinary = ["Ada", "Beate", "Chloé Müller", "Emil", "as it was handed out"]
    assert [marked.rows[name]["flags"] + marked.rows[name]["trouble"] for name in ordinary] == [
        ""
    ] * 5


def test_there_is_a_row_for_each_of_the_class(marked):
    """Forty of them; the two notebooks in one folder are of one learner."""
    assert marked.rows.keys() == {name_of(each) for each in CLASS.values()}
    assert len(marked.rows) == 40


def test_nothing_is_written_but_what_comes_out(marked):
    """A name with ../ in it leads nowhere, and no copy has written beside its own home."""
    written = {path.name for path in (marked.folder / "marks" / "submissions").iterdir()}
    assert written == {"marks.csv", "class.html", "feedback"}
    assert {path.name for path in marked.folder.iterdir()} == {"marks", "submissions"}
    assert len(list((marked.folder / "marks" / "submissions" / "feedback").iterdir())) == 40


def test_feedback_shows_code_verdict_question_and_hint(marked):
    """Of one who added where a minus belongs."""
    page = (marked.folder / "marks/submissions/feedback/makes plus_sign.html").read_text("utf-8")
    for words in (
        "return np.diag(p) + np.outer(p, p)",
        "You added the p_i p_j in place of subtracting them.",
        "To think about: </strong>When one class gains, do the others gain as well?",
        "Hint: </strong>Row 0 should answer",
    ):
        assert words in page


def test_feedback_says_which_cells_did_not_end(marked):
    """Run from the top, as nobody may have run it for a while."""
    page = (marked.folder / "marks/submissions/feedback/leaves the cell.html").read_text("utf-8")
    assert "Cell 2: The process ended in this cell" in page
    page = (marked.folder / "marks/submissions/feedback/hungry cell.html").read_text("utf-8")
    assert "Cell 2: " in page
    assert "MemoryError" in page


def test_the_class_page_counts_mistakes_by_name_worst_first(marked):
    """Nobody's name is on it; what was made most often stands first."""
    page = (marked.folder / "marks" / "submissions" / "class.html").read_text("utf-8")
    first = page.partition("What to discuss next")[2].partition("</ol>")[0]
    counts = [int(many) for many in re.findall(r": (\d+) of 40", first)]
    assert counts == sorted(counts, reverse=True)
    assert "not_a_matrix" in first.partition("</li>")[0]
    assert "14 right, 17 wrong, 3 open, 6 not marked." in page
    assert not [name for name in ("Ada", "Chloé", "Emil") if name in page]


@pytest.mark.parametrize("page", ["class.html", "feedback/Ada.html"])
def test_a_page_needs_no_other_file(marked, page):
    """It can be sent by mail: nothing in it is loaded from elsewhere."""
    text = (marked.folder / "marks" / "submissions" / page).read_text("utf-8")
    assert not re.findall(r"""(?:src|href)\s*=|@import|url\((?!#)""", text)


def test_a_picture_says_in_words_what_it_shows(marked):
    """Each drawing that is not hidden has its numbers for a label."""
    text = (marked.folder / "marks" / "submissions" / "class.html").read_text("utf-8")
    labels = re.findall(r'<svg[^>]*aria-label="([^"]*)"', text)
    assert labels[0] == "4 of 40"
    assert len(labels) == text.count("<svg") - text.count('aria-hidden="true"')


def test_an_empty_folder_or_none_is_said(tmp_path):
    """Nothing is written for nobody."""
    assert "a folder of notebooks is wanted" in run(tmp_path).stderr
    (tmp_path / "submissions").mkdir()
    ran = run(tmp_path)
    assert "it is empty" in ran.stderr
    assert ran.returncode == 2
    assert not (tmp_path / "marks").exists()


def test_marks_that_are_there_stay(tmp_path):
    """Homework 1 is not lost to a second run, nor are its pages mixed with those of the second."""
    name = next(iter(CLASS))
    write_class(tmp_path / "submissions", name, short=True)
    for folder in ("submissions", "submissions-2"):
        assert f"marks/{folder}/marks.csv" in run(tmp_path, "--workers", "1").stdout
    run(tmp_path, "--workers", "1", "--out", "marks/submissions")
    made = sorted(path.name for path in (tmp_path / "marks").iterdir())
    assert made == ["submissions", "submissions-2", "submissions-3"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--workers", "0"], "--workers must be above 0, but got 0; leave it out, and it is"),
        (["--seconds", "-1"], "--seconds must be above 0, but got -1.0; leave it out"),
        (["--cell", "nan"], "--cell must be above 0, but got nan; leave it out"),
        (["--memory", "0"], "--memory must be above 0, but got 0; leave it out"),
        (["--out", "submissions/Ada.ipynb/x"], "a folder that can be written is wanted"),
        (["--asked", "99"], "but got '99'; write ASKED="),
    ],
)
def test_what_cannot_be_done_is_said_before_a_class_is_marked(tmp_path, words, said):
    """In a sentence, with code 2; nothing is run, and nothing written."""
    write_class(tmp_path / "submissions", "Ada", short=True)
    ran = run(tmp_path, *words)
    assert said in ran.stderr
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "Traceback" not in ran.stderr
    assert "copy" not in ran.stderr.partition("error:")[2]
    assert not (tmp_path / "marks").exists()


def test_a_folder_without_a_name_is_none(tmp_path):
    """DIR= with a blank behind it: else all that stands here would be taken for a class."""
    write_class(tmp_path, "Ada", short=True)
    ran = subprocess.run([sys.executable, "-m", "smlearn.marking", ""], cwd=tmp_path,
                         capture_output=True, text=True)  # fmt: skip
    assert "a folder of notebooks is wanted, but got ''" in ran.stderr
    assert ran.returncode == 2


def test_where_no_copy_was_run_nothing_is_said_of_walls(tmp_path):
    """They did not fall; and what was asked for is on each page, if nothing came."""
    (tmp_path / "submissions").mkdir()
    (tmp_path / "submissions" / "Ada.pdf").write_text("Dear all")
    said = run(tmp_path, "--asked", "01").stdout
    assert "No copy was run." in said
    assert "Beware" not in said
    assert "Of 1 learners handed in: nothing that can be read." in said
    page = (tmp_path / "marks" / "submissions" / "class.html").read_text("utf-8")
    assert "1 could not be run or read (1 not a notebook)" in page
