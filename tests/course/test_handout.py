"""What a learner is handed: one zip, in which nothing speaks first, and which starts by itself."""

import ast
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import nbformat
import pytest
from hygiene import NOTEBOOKS

import copies
import handout
from smlearn.exercises import TASKS

START = Path(handout.START)
posix = pytest.mark.skipif(
    os.name == "nt", reason="start.sh is for POSIX; start.bat calls the same"
)


@pytest.fixture(scope="module")
def packed(tmp_path_factory):
    """The zip of `make student`."""
    return handout.student(tmp_path_factory.mktemp("class") / "student")


@pytest.fixture
def unpacked(packed, tmp_path):
    """What a learner has who unpacked it, in a folder with a space."""
    folder = tmp_path / "my downloads"
    with zipfile.ZipFile(packed) as archive:
        archive.extractall(folder)
    return folder / handout.NAME


def test_the_zip_holds_every_page_and_none_tells_anything(unpacked):
    """No output, no verdict, no solution; and the pages are marked as untouched."""
    names = sorted(path.name for path in NOTEBOOKS.glob("*.ipynb"))
    for name in names:
        assert copies.told(nbformat.read(unpacked / "notebooks" / name, as_version=4)) == []
    marks = json.loads((unpacked / "notebooks" / ".course.json").read_text("utf-8"))
    assert sorted(marks) == names == sorted(p.name for p in unpacked.glob("notebooks/*.ipynb"))


def test_a_solution_that_was_left_in_a_page_stops_it(tmp_path):
    """An author who tried an exercise, and saved."""
    page = nbformat.read(NOTEBOOKS / "01_one_row_jacobian.ipynb", as_version=4)
    cell = next(cell for cell in page.cells if copies.task_of(cell))
    cell.source = copies.filled(cell.source, copies.task_of(cell))
    nbformat.write(page, tmp_path / "01_one_row_jacobian.ipynb")
    with pytest.raises(SystemExit, match=r"01_one_row.*has the answer .* must not be told"):
        handout.student_pages(tmp_path)


def test_what_it_installs_is_in_it(unpacked):
    """The wheel that the lines name, the versions that were tested, the licences."""
    first, second = (unpacked / "requirements.txt").read_text("utf-8").splitlines()
    assert first == "-c constraints.txt"
    assert (unpacked / second.removesuffix("[lab]")).is_file()
    for name in handout.ALONG:
        assert (unpacked / name).read_bytes() == (handout.ROOT / name).read_bytes()


def test_every_file_that_the_first_text_names_is_there(unpacked):
    """A learner reads START.txt and does as it says."""
    text = (unpacked / "START.txt").read_text("utf-8")
    named = set(re.findall(r"[\w/]+\.(?:sh|bat|txt|ipynb)|notebooks/", text))
    assert len(named) >= 5
    assert [name for name in named if not (unpacked / name).exists()] == []


def test_windows_gets_the_line_endings_of_windows(unpacked):
    """cmd loses its way in labels without them; sh, with them."""
    ends = {p.name: b"\r\n" in p.read_bytes() for p in unpacked.iterdir() if p.is_file()}
    assert {name for name, windows in ends.items() if windows} >= {"START.txt", "start.bat"}
    assert not ends["start.sh"]


def test_the_same_files_give_the_same_zip(packed, tmp_path):
    """Whoever hands it out again hands out the same."""
    again = handout.student(tmp_path / "student")
    assert again.read_bytes() == packed.read_bytes()


def test_the_check_has_every_exercise_to_look_at():
    """A page that lost its exercises would tell nothing, too."""
    pages = handout.student_pages()
    asked = sum(text.count("ex = exercise(") for text in pages.values())
    assert asked == len(TASKS) > 100


# ---- it starts by itself


@posix
def test_start_sh_takes_the_first_python_that_will_do(unpacked, tmp_path):
    """On a Mac python3 is an old one; and what was asked is passed on."""
    tools = tmp_path / "bin"
    tools.mkdir()
    for name, answer in [("python3", "exit 1"), ("python3.12", '[ "$1" = -c ] || echo "$0 $*"')]:
        (tools / name).write_text(f"#!/bin/sh\n{answer}\n")
        (tools / name).chmod(0o755)
    for name in ("sh", "dirname"):
        (tools / name).symlink_to(shutil.which(name))

    def run() -> subprocess.CompletedProcess:
        command = ["sh", str(unpacked / "start.sh"), "--port", "9000"]
        where = {"PATH": str(tools)}
        return subprocess.run(command, env=where, capture_output=True, text=True, check=False)

    assert run().stdout == f"{tools}/python3.12 start.py --port 9000\n"
    (tools / "python3.12").unlink()
    assert run().returncode == 1
    assert "needs Python 3.11 or newer, and none was found" in run().stderr


def test_an_old_python_can_read_start_py():
    """Only then can it say that it is too old."""
    source = (START / "start.py").read_text("utf-8")
    ast.parse(source, feature_version=(3, 7))
    with pytest.raises(SyntaxError):
        ast.parse("match x:\n    case 1: pass", feature_version=(3, 7))  # the check can fail


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        ("sys.version_info = (3, 9)", "needs Python 3.11 or newer, but this is 3.9."),
        ("sys.modules['ensurepip'] = None", "apt install python3-venv"),
    ],
)
def test_a_python_that_will_not_do_is_told(unpacked, claim, said):
    """Before anything is made."""
    code = f"import sys; {claim}; import runpy; runpy.run_path('start.py', run_name='__main__')"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=unpacked, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert not (unpacked / ".venv").exists()
