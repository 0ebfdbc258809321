"""Assignments for nbgrader and otter: what a learner gets, and what a solved copy has in it.

That the two tools themselves give the marks is the business of tests/graders.
"""

import copy
import re

import nbformat
import pytest

import graders
from copies import NOTEBOOKS, task_of
from smlearn.course.clearing import veiled
from smlearn.exercises import TASKS, ExerciseFailed
from smlearn.exercises.grading import require
from smlearn.exercises.ladder import Ladder

MARKS = {
    "nbgrader": ("### BEGIN SOLUTION", "### END SOLUTION"),
    "otter": ("# BEGIN SOLUTION NO PROMPT", "# END SOLUTION"),
}
PAGES = sorted(path.name for path in NOTEBOOKS.glob("*.ipynb"))


def read(name):
    return nbformat.read(NOTEBOOKS / name, as_version=4)


def answers(notebook):
    """Return the cells in which learners answer, by the exercise's name."""
    return {task.key: cell for cell in notebook.cells if (task := task_of(cell))
            and "ex.check(" in cell.source}  # fmt: skip


def without(source, begin, end):
    """Take out what stands between two marks, as the tools do."""
    return re.sub(rf"{begin}\n.*?{end}\n", "", source, flags=re.DOTALL)


@pytest.mark.parametrize("kind", graders.KINDS)
@pytest.mark.parametrize("name", PAGES)
def test_without_the_solution_an_answer_is_the_page_s_own(kind, name):
    """Every exercise of every page is there, with a solution that the marks take out whole."""
    page, begin, end = read(name), *MARKS[kind]
    before = copy.deepcopy(page)
    written = answers(graders.KINDS[kind](page))
    assert page == before
    assert list(written) == list(answers(page))
    for key, cell in answers(page).items():
        task, given = TASKS[key], written[key].source
        compile(given, key, "exec")
        assert Ladder(task).solution.code in given
        left = without(given, begin, end)
        assert left.replace("\n", "") == cell.source.replace("\n", "")


@pytest.mark.parametrize("kind", graders.KINDS)
def test_no_output_is_left_and_other_cells_are_the_page_s(kind):
    """A stored verdict would say what is wanted."""
    page = read("02_upstream_gradient.ipynb")
    written = graders.KINDS[kind](page)
    code = [cell for cell in written.cells if cell.cell_type == "code"]
    assert not any(cell.outputs or cell.execution_count for cell in code)
    texts = [cell.source for cell in written.cells if cell.cell_type == "markdown"]
    learners = nbformat.from_dict(veiled(page)).cells  # nor does it tell below a prediction
    assert texts == [cell.source for cell in learners if cell.cell_type == "markdown"]


def test_each_exercise_of_nbgrader_has_one_locked_test_of_one_point():
    """Its names are unique: nbgrader finds a cell by them."""
    written = graders.for_nbgrader(read("02_upstream_gradient.ipynb"))
    nbformat.validate(written)
    marks = [cell.metadata.nbgrader for cell in written.cells if "nbgrader" in cell.metadata]
    assert [mark.grade_id for mark in marks] == [
        f"{key}{behind}"
        for key in ("two_costs", "twice_the_costs", "plain_mean")
        for behind in ("", "_test")
    ]
    assert [(mark.solution, mark.grade, mark.locked, mark.get("points")) for mark in marks] == [
        (True, False, False, None),
        (False, True, True, 1),
    ] * 3


def test_what_gives_the_mark_says_nothing_unless_the_answer_is_not_right(capsys):
    """otter takes a printed word for a failure; an answer that is missing is one, too."""
    require("equal_logits", -0.25)
    assert capsys.readouterr().out == ""
    for answer, word in [(0.25, "WRONG"), (..., "TODO")]:
        with pytest.raises(ExerciseFailed, match=word):
            require("equal_logits", answer)
    with pytest.raises(ValueError, match="'equal_logits'"):
        require("equal_logit", -0.25)
    with pytest.raises(TypeError, match="1 answer is wanted"):
        require("equal_logits")


def test_a_kind_that_is_neither_is_refused(monkeypatch):
    """Which of the two is no guess."""
    with pytest.raises(SystemExit, match="nbgrader or otter"):
        graders.main("nbgraders")
