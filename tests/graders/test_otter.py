"""An assignment of otter, from the master to the marks, on a page that goes on with an answer."""

import json
import subprocess
import sys

import nbformat
import pytest

import graders
from copies import NOTEBOOKS, filled, task_of
from smlearn.exercises import exercises

PAGE = NOTEBOOKS / "01c_large_logits.ipynb"  # stable_softmax = ex.use(stable_softmax)


def otter(folder, *arguments):
    """Run a command of otter."""
    done = subprocess.run([sys.executable, "-m", "otter", *arguments], cwd=folder,
                          capture_output=True, text=True, check=False)  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def assignment(tmp_path_factory):
    """The folder that `otter assign` makes: it runs the solution, and stops if it fails."""
    folder = tmp_path_factory.mktemp("assignment")
    master = graders.write("otter", PAGE, folder)
    otter(folder, "assign", str(master), "dist")
    return folder / "dist"


def marks(assignment, notebook, to):
    """Let otter mark a notebook; return {exercise: points}."""
    to.mkdir()
    nbformat.write(notebook, to / PAGE.name)
    archive = next((assignment / "autograder").glob("*.zip"))
    otter(to, "run", PAGE.name, "-a", str(archive), "-o", str(to))
    told = json.loads((to / "results.json").read_text("utf-8"))["tests"]
    return {each["name"]: each["score"] for each in told if "score" in each}


def test_learners_get_no_solution(assignment):
    """But a cell that asks for the mark, as often as they like."""
    given = nbformat.read(assignment / "student" / PAGE.name, as_version=4)
    text = "\n".join(cell.source for cell in given.cells)
    assert "SOLUTION" not in text
    assert text.count("grader.check(") == len(exercises("01c"))


def test_an_untouched_copy_gets_nothing_though_its_page_goes_on_with_the_course_s_own(
    assignment, tmp_path
):
    """Marks are given at the end, when stable_softmax is a right function: not the learner's."""
    given = nbformat.read(assignment / "student" / PAGE.name, as_version=4)
    assert marks(assignment, given, tmp_path / "out") == dict.fromkeys(exercises("01c"), 0)


def test_a_solved_copy_gets_every_point(assignment, tmp_path):
    """As the course solves it."""
    given = nbformat.read(assignment / "student" / PAGE.name, as_version=4)
    for cell in given.cells:
        if (task := task_of(cell)) and "ex.check(" in cell.source:
            cell.source = filled(cell.source, task)
    assert marks(assignment, given, tmp_path / "out") == dict.fromkeys(exercises("01c"), 1)
