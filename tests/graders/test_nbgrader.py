"""A class of nbgrader, from the release to the marks: three right, none, and named mistakes."""

import copy
import csv
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

import graders
from copies import NOTEBOOKS, filled, task_of

PAGE = NOTEBOOKS / "02_upstream_gradient.ipynb"
NAME = PAGE.stem
WRONG = {    # what a learner writes for the dots, and what the feedback says of it
    "hasty": {
        "dx0, dx0_dearer = ..., ...": ("dx0, dx0_dearer = 1.5, 3", "dx0_dearer: "),
        "factor = ...": ("factor = 7", "7 is not it"),
        "exposing_dp, mistake = ..., ...": (
            "exposing_dp, mistake = [1, 1, 1], 'plain_mean'", "It is the same for every class"),
    },
    "late": {"factor = ...": ("factor = 20", "20 is not it")},
}  # fmt: skip


def nbgrader(folder, *arguments):
    """Run a command of nbgrader in the course's folder."""
    command = [sys.executable, "-m", "nbgrader", *arguments, NAME, "--create"]
    if arguments[0] in ("generate_feedback", "export"):
        command = command[: -2 if arguments[0] == "export" else -1]
    # It calls alembic by its name, as one may where the environment is activated.
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False,
                          env=os.environ | {"PATH": path})  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def submit(folder, who, notebook):
    """Hand in a notebook."""
    to = folder / "submitted" / who / NAME / PAGE.name
    to.parent.mkdir(parents=True)
    nbformat.write(notebook, to)


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """The course's folder after the marks are given."""
    folder = tmp_path_factory.mktemp("course")
    graders.write("nbgrader", PAGE, folder)
    nbgrader(folder, "generate_assignment")
    released = nbformat.read(folder / "release" / NAME / PAGE.name, as_version=4)
    submit(folder, "untouched", released)
    solved = copy.deepcopy(released)
    for cell in solved.cells:
        if (task := task_of(cell)) and "ex.check(" in cell.source:
            cell.source = filled(cell.source, task)
    submit(folder, "solved", solved)
    for who, changes in WRONG.items():
        wrong = copy.deepcopy(released)
        for cell in wrong.cells:
            for dots, (given, _) in changes.items():
                cell.source = cell.source.replace(dots, given)
        submit(folder, who, wrong)
    nbgrader(folder, "autograde")
    nbgrader(folder, "generate_feedback")
    nbgrader(folder, "export")
    return folder


def test_learners_get_no_solution_and_no_test_that_stops_run_all(course):
    """What they get is the page, with a cell for each mark that does nothing yet."""
    released = nbformat.read(course / "release" / NAME / PAGE.name, as_version=4)
    text = "\n".join(cell.source for cell in released.cells)
    assert "SOLUTION" not in text
    assert "require(" not in text
    tests = [cell.source for cell in released.cells if cell.source.startswith("# The mark.")]
    assert [test.strip() for test in tests] == ["# The mark."] * 3


def test_a_solved_copy_has_all_marks_and_the_others_none(course):
    """Three exercises, a point each."""
    with (course / "grades.csv").open() as lines:
        marks = {row["student_id"]: float(row["raw_score"]) for row in csv.DictReader(lines)}
    assert marks == {"solved": 3, "untouched": 0, "hasty": 0, "late": 0}


@pytest.mark.parametrize("who", WRONG)
def test_the_feedback_says_what_was_wrong(course, who):
    """In the checker's own words; of what is open, that it is."""
    page = (course / "feedback" / who / NAME / f"{NAME}.html").read_text("utf-8")
    for _, words in WRONG[who].values():
        assert words in page
    assert ("TODO" in page) == (len(WRONG[who]) < 3)


def test_marks_come_from_the_test_and_not_from_what_was_stored(course, tmp_path):
    """A verdict that is pasted in, and a test that is emptied, give nothing."""
    folder = Path(shutil.copytree(course, tmp_path / "course"))
    forged = nbformat.read(folder / "release" / NAME / PAGE.name, as_version=4)
    for cell in forged.cells:
        if cell.source.startswith("# The mark."):
            cell.source = "print('RIGHT')"
        if cell.cell_type == "code":
            cell.outputs = [nbformat.v4.new_output("stream", text="RIGHT\n")]
    submit(folder, "forger", forged)
    nbgrader(folder, "autograde")
    nbgrader(folder, "export")
    with (folder / "grades.csv").open() as lines:
        marks = {row["student_id"]: float(row["raw_score"]) for row in csv.DictReader(lines)}
    assert marks["forger"] == 0
