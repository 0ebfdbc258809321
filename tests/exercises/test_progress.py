"""A learner is told what is right, wrong and open; it is kept in one file, and costs no check."""

import errno
import fnmatch
import json
import os
import subprocess
import sys
from html import escape
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

from smlearn.exercises import TASKS, exercise, exercises, kept_answers, progress
from smlearn.exercises.kept_answers import FILE, recall, record
from smlearn.exercises.your_progress import KEPT, Progress

ROOT = Path(__file__).resolve().parent.parent.parent
FULL_DISK = OSError(errno.ENOSPC, "No space left on device")


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A folder of pages, as a kernel knows it; nobody's own answers take part."""
    monkeypatch.delenv("SMLEARN_STATIC", raising=False)
    monkeypatch.delenv("SMLEARN_PROGRESS", raising=False)
    monkeypatch.setattr(kept_answers, "HOME", tmp_path)
    monkeypatch.setattr(kept_answers, "PAUSE", 0)
    monkeypatch.setattr(kept_answers, "_unkept", {})
    return tmp_path


def title(key: str) -> str:
    """Return what a page calls an exercise."""
    return TASKS[key].title


def kept(folder: Path) -> dict[str, str]:
    """Return the answers that the file holds."""
    return json.loads((folder / FILE).read_text("utf-8"))["answers"]


# ---- what is kept


def test_checks_are_kept_and_told(home, capsys):
    """Right, wrong and crashed; a check of an open answer leaves nothing, not even a file."""
    exercise("add_one").check(...)
    assert list(home.iterdir()) == []
    exercise("add_one").check(0.56)
    exercise("cell_order").check([1, 2, 3, 4])
    exercise("softmax_vjp").check(lambda x, dp: 1 / 0)
    assert kept(home) == {"add_one": "RIGHT", "cell_order": "WRONG", "softmax_vjp": "CRASHED"}
    assert [path.name for path in home.iterdir()] == [FILE]
    page = progress().pages["00"]
    assert page == (("add_one",), ("cell_order",), ("two_upstreams",))
    assert progress().pages["03"].wrong == ("softmax_vjp",)


def test_right_stays_right_and_wrong_does_not(home):
    """Who tries a wrong answer later, to see what is said of it, has unlearned nothing."""
    for status in ("WRONG", "CRASHED", "RIGHT", "WRONG", "TODO"):
        record("add_one", status)
    assert kept(home) == {"add_one": "RIGHT"}


def test_what_is_no_news_is_not_written(home):
    """Run All checks everything again, and a file that is synchronised should rest."""
    record("add_one", "RIGHT")
    os.utime(home / FILE, (1, 1))
    for status in ("RIGHT", "WRONG", "TODO"):
        record("add_one", status)
    assert recall() == ({"add_one": "RIGHT"}, "")
    assert (home / FILE).stat().st_mtime == 1


def test_the_file_says_what_it_is_and_what_to_do_with_it(home):
    """It lies among the learner's pages, and may be read."""
    record("add_one", "RIGHT")
    text = (home / FILE).read_text("utf-8")
    assert text.startswith('{\n "about": "Your answers in the course Softmax, backwards.')
    assert "Delete this file to begin anew." in text
    assert text.endswith('"add_one": "RIGHT"\n }\n}\n')


def test_a_deleted_file_begins_anew(home):
    """Nothing remembers what was in it."""
    record("add_one", "RIGHT")
    (home / FILE).unlink()
    assert recall() == ({}, "")
    record("cell_order", "RIGHT")
    assert kept(home) == {"cell_order": "RIGHT"}


def test_an_exercise_that_is_no_more_is_kept_and_not_counted(home):
    """Another release of the course may have other exercises."""
    record("of_old", "RIGHT")
    record("add_one", "RIGHT")
    assert kept(home) == {"of_old": "RIGHT", "add_one": "RIGHT"}
    assert progress().counts == f"{len(TASKS)} exercises: 1 right, 0 wrong, {len(TASKS) - 1} open."


@pytest.mark.parametrize("name", ["SMLEARN_STATIC", "SMLEARN_PROGRESS"])
def test_nothing_is_kept_of_stored_pages_and_where_it_is_off(home, monkeypatch, name):
    """Outputs that are stored must not vary; whoever marks answers wants no file."""
    record("add_one", "RIGHT")
    monkeypatch.setenv(name, "1" if name == "SMLEARN_STATIC" else "off")
    record("cell_order", "WRONG")
    assert kept(home) == {"add_one": "RIGHT"}
    shown = progress()
    assert shown.counts.startswith(f"{len(TASKS)} exercises: 0 right, 0 wrong")
    off = "Answers are not kept: SMLEARN_PROGRESS is off."
    assert shown.note == (KEPT if name == "SMLEARN_STATIC" else off)


def test_a_page_that_nobody_has_answered_looks_as_it_is_stored(home, monkeypatch):
    """So nothing jumps where a newcomer runs it."""
    fresh = repr(progress()), progress()._repr_html_()
    monkeypatch.setenv("SMLEARN_STATIC", "1")
    assert (repr(progress()), progress()._repr_html_()) == fresh


def test_git_does_not_see_the_file():
    """Nor the name under which it is written."""
    ignored = (ROOT / ".gitignore").read_text("utf-8").splitlines()
    for name in (FILE, f"{FILE}.new"):
        assert any(fnmatch.fnmatch(name, line) for line in ignored)


# ---- what can go wrong


BROKEN = ['{"about": "", "answers": {"add_one": "RIG', "[]", '{"answers": ["add_one"]}', "\xff",
          '{"answers": {"add_one": "DONE"}}', "{}", "", '{"answers": 3}', "[" * 9000,
          '{"answers": {}} ' + " " * 200_000]  # fmt: skip


@pytest.mark.parametrize("text", BROKEN, ids=range(len(BROKEN)))
def test_a_file_that_is_not_ours_is_told_of_and_left(home, text):
    """Broken, or somebody else's: it may hold what cannot be made again."""
    (home / FILE).write_text(text, "latin-1")
    assert exercise("add_one").check(0.56).right
    assert (home / FILE).read_text("latin-1") == text
    shown = progress()
    assert shown.note.startswith(f"{FILE} is broken, or not this course's. It is left as it is")
    assert shown.pages["00"].right == ("add_one",)
    (home / FILE).unlink()
    assert progress().note == KEPT
    assert kept(home) == {"add_one": "RIGHT"}


def fail(error):
    def raises(*args, **kwargs):
        raise error

    return raises


@pytest.mark.parametrize("name", ["replace", "stat"])
def test_a_full_disk_costs_nothing_and_is_said_once(home, monkeypatch, capsys, name):
    """By `progress`, not by the check; what was answered meanwhile is kept as soon as it can."""
    record("cell_order", "WRONG")
    home_of_it = kept_answers.os if name == "replace" else Path
    with monkeypatch.context() as patch:
        patch.setattr(home_of_it, name, fail(FULL_DISK))
        assert str(exercise("add_one").check(0.56)).startswith("RIGHT")
        said = progress().note
        assert "disk" not in capsys.readouterr().out.lower()
    assert said.startswith(f"{FILE} could not be read or written (No space left on device): what")
    assert [path.name for path in home.iterdir()] == [FILE]
    assert kept(home) == {"cell_order": "WRONG"}
    assert progress().note == KEPT
    assert kept(home) == {"cell_order": "WRONG", "add_one": "RIGHT"}


def test_a_folder_that_is_gone_costs_nothing(home, monkeypatch):
    """The answers of this kernel are shown all the same."""
    monkeypatch.setattr(kept_answers, "HOME", home / "gone")
    record("add_one", "RIGHT")
    assert recall()[0] == {"add_one": "RIGHT"}
    assert "No such file or directory" in recall()[1]


def test_an_answer_cannot_make_the_check_crash_through_the_file(home):
    """It breaks what the file is written with, and removes the file; both are back in time."""

    def hostile(x, dp):
        os.replace = Path.open = kept_answers.record = kept_answers.HOME = None
        kept_answers._read = fail(KeyboardInterrupt)
        return x

    assert exercise("softmax_vjp").check(hostile).status == "WRONG"
    assert kept(home) == {"softmax_vjp": "WRONG"}


def test_whatever_fails_in_keeping_the_verdict_is_shown(home, monkeypatch):
    """Also what nobody has thought of, and where a wrong answer is made an error."""
    monkeypatch.setattr(kept_answers, "_write", fail(ZeroDivisionError))
    assert exercise("add_one").check(0.56).right
    monkeypatch.setenv("SMLEARN_STRICT", "1")
    with pytest.raises(AssertionError, match="WRONG"):
        exercise("add_one").check(0.7)


def test_a_wrong_answer_that_is_made_an_error_is_kept(home, monkeypatch):
    """SMLEARN_STRICT is a matter of the page."""
    monkeypatch.setenv("SMLEARN_STRICT", "1")
    with pytest.raises(AssertionError, match="WRONG"):
        exercise("add_one").check(0.7)
    assert kept(home) == {"add_one": "WRONG"}


# ---- two pages at once


WRITER = """
import sys
from pathlib import Path
from smlearn.exercises import kept_answers
kept_answers.HOME, kept_answers.PATIENCE = Path(sys.argv[1]), 10_000
for k in range(40):
    kept_answers.record(f"{sys.argv[2]}_{k}", "RIGHT")
assert not kept_answers._unkept
"""


def test_two_kernels_lose_nothing_of_each_other(home):
    """Both write at once, and every answer of both is there."""
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(home), name], env=environment)
        for name in "ab"
    ]
    assert [writer.wait() for writer in writers] == [0, 0]
    assert set(kept(home)) == {f"{name}_{k}" for name in "ab" for k in range(40)}
    assert [path.name for path in home.iterdir()] == [FILE]


def test_another_kernel_that_is_writing_is_waited_for(home, monkeypatch):
    """Not for ever: the next check, or `progress`, makes up for it."""
    monkeypatch.setattr(kept_answers, "PATIENCE", 3)
    spare = home / f"{FILE}.new"
    spare.write_text("the other one's")
    record("add_one", "RIGHT")
    assert spare.read_text() == "the other one's"
    answers, trouble = recall()
    assert answers == {"add_one": "RIGHT"}
    assert f"{spare.name} is in the way" in trouble
    spare.unlink()
    record("cell_order", "WRONG")
    assert kept(home) == {"add_one": "RIGHT", "cell_order": "WRONG"}


def test_a_kernel_that_was_ended_while_it_wrote_is_in_nobodys_way(home):
    """What it left has an age, and is taken over."""
    spare = home / f"{FILE}.new"
    spare.write_text("half")
    os.utime(spare, (1, 1))
    record("add_one", "RIGHT")
    assert kept(home) == {"add_one": "RIGHT"}
    assert not spare.exists()


# ---- on a page


CELLS = [
    "import os\nfrom smlearn.exercises import exercise, progress",
    "os.mkdir('sub')\nos.chdir('sub')",
    "exercise('add_one').check(0.56)",
    "progress()",
]


@pytest.mark.parametrize("static", [False, True])
def test_a_page_keeps_it_beside_itself_wherever_its_code_goes(home, monkeypatch, static):
    """In a kernel; and a page that is stored keeps nothing, and shows what a newcomer sees."""
    if static:
        monkeypatch.setenv("SMLEARN_STATIC", "1")
    (home / "00_start.ipynb").write_text("")
    page = new_notebook(cells=[new_code_cell(source) for source in CELLS])
    NotebookClient(
        page,
        timeout=120,
        kernel_name="python3",
        resources={"metadata": {"path": str(home)}},
        extra_arguments=["--log-level=ERROR"],
    ).execute()
    drawing, words = (output["data"] for output in page.cells[-1].outputs)
    assert drawing["text/plain"].startswith("Figure: The course as a map of 13 stations")
    assert ("(1 of 3 right)" in drawing["text/plain"]) != static
    assert words["text/plain"].endswith(KEPT) == static
    assert 'Next: <a href="00_start.ipynb" ' in words["text/html"]
    assert f">00</a>, {title('add_one' if static else 'cell_order')}" in words["text/html"]
    assert (home / FILE).exists() != static
    assert not list((home / "sub").iterdir())
    nbformat.validate(page)


# ---- what is said


def test_the_link_leads_to_the_page_and_not_to_a_copy_of_it(home):
    """JupyterLab calls a copy 00_start-Copy1.ipynb; and where no page is, there is no link."""
    assert "<a" not in Progress({}, "")._repr_html_()
    for name in ("00_start-Copy1.ipynb", "00_start.ipynb", "00b_ready.ipynb", "00_start.html"):
        (home / name).write_text("")
    shown = Progress({"equal_logits": "RIGHT"}, "")._repr_html_()
    assert shown.count("<a ") == 1
    assert 'href="00_start.ipynb"' in shown


def test_nothing_is_kept_outside_of_a_notebook():
    """A script, a test or a checker of answers leaves no file."""
    assert kept_answers.HOME is None
    assert progress().note == "Answers are kept where a notebook is run, and this is none."


def test_what_was_wrong_is_next_then_the_cores_then_the_depths():
    """One thing at a time."""
    first, cores = {"add_one": "RIGHT"}, {k: "RIGHT" for k in TASKS if TASKS[k].notebook.isdigit()}
    assert Progress({}, "").next == ("00", title("add_one"))
    assert Progress(first, "").next == ("00", title("cell_order"))
    core = dict.fromkeys(exercises("00"), "RIGHT")
    assert Progress(core, "").next == ("01", title(exercises("01")[0]))  # not 00b
    assert Progress(first | {"ghost": "WRONG", "leaks": "CRASHED"}, "").next == (
        "03",
        f"{title('leaks')} It was wrong: run its cell, open a hint.",
    )
    assert Progress(cores, "").next == ("00b", title(exercises("00b")[0]))
    everything = Progress(dict.fromkeys(TASKS, "RIGHT"), "")
    assert everything.next == ("12", "with a backward pass of your own: every exercise is right.")
    assert everything.counts.endswith(f"{len(TASKS)} right, 0 wrong, 0 open.")


def test_the_words_say_it_with_sign_and_word():
    """The same in plain text and in a table whose headers say what they head."""
    shown = Progress({"add_one": "RIGHT", "cell_order": "CRASHED"}, "A note.")
    assert repr(shown).splitlines() == [
        f"{len(TASKS)} exercises: 1 right, 1 wrong, {len(TASKS) - 2} open.",
        f"Next: 00, {title('cell_order')} It was wrong: run its cell, open a hint.",
        "A note.",
        f"00  ✓ right, {title('add_one')}",
        f"    ✗ wrong, {title('cell_order')}",
        f"    ○ open, {title('two_upstreams')}",
    ]
    html = shown._repr_html_()
    assert "<caption>What you have answered</caption>" in html
    signs = ("✓ right", "✗ wrong", "○ open")
    for sign, key in zip(signs, ("add_one", "cell_order", "two_upstreams"), strict=True):
        assert f"<div>{sign}, {escape(title(key))}</div>" in html
    assert "<table" not in Progress({}, "")._repr_html_()


def test_an_exercise_is_called_by_what_it_asks():
    """By no name of the code, each by words of its own, in a line of a narrow page."""
    titles = [task.title for task in TASKS.values()]
    assert len({*titles}) == len(titles)
    for task in TASKS.values():
        kind, _, words = task.title.partition(": ")
        assert kind == task.kind
        assert 15 < len(words) <= 56
        assert task.statement.replace("`", "").startswith(words.removesuffix(" …"))
