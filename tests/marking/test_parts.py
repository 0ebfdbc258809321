"""Of an exercise of several parts each is judged; the verdict is that of the first not right."""

import csv
import json
import os
from pathlib import Path

import pytest
from marking.handed_in import FIRST, SECOND, page, run

from smlearn.exercises import TASKS
from smlearn.marking.answers import Judge
from smlearn.marking.cells import Step, plan
from smlearn.marking.classroom import class_page, mistakes
from smlearn.marking.feedback import feedback
from smlearn.marking.gather import gather
from smlearn.marking.keeper import Ended
from smlearn.marking.marks import Copy, Mark
from smlearn.marking.sheet import write_sheet
from smlearn.marking.submissions import Submission

WRONG_SUM = 'row_sum, mistake = 0.0, "diagonal_only"'
OPEN_SUM = 'row_sum, mistake = ..., "diagonal_only"'
RIGHT_SUM = 'row_sum, mistake = 0.25, "diagonal_only"'
ALL = "mistake, jacobian_of"
BODIES = {  # of the function, beside a wrong sum: which parts are right
    "right": ("return np.diag(p) - np.outer(p, p)", ALL),
    "wrong": ("return np.diag(p) + np.outer(p, p)", "mistake"),
    "leaves": ("import os; os._exit(0)", "mistake"),
    "endless": ("import time\n    while True: time.sleep(0.01)", "mistake"),
    "own of the course": ("pass\njacobian_of = ex.use(jacobian_of)", "mistake"),
    "looks inside": ("return ex.task.function.reference(p)", ""),
}
RIGHT, PLUS = (BODIES[name][0] for name in ("right", "wrong"))
OTHERS = {  # sum, body, largest: verdict and mistake, how many parts are right, and of the second
    "all right": (RIGHT_SUM, RIGHT, "0.02", ("RIGHT", "", "3"), ""),
    "plus sign": (RIGHT_SUM, PLUS, "0.98", ("WRONG", "plus_sign", "2"), "0.98"),
    "open sum": (OPEN_SUM, RIGHT, "0.02", ("TODO", "", "2"), ""),
}


@pytest.fixture(scope="module")
def marked(tmp_path_factory):
    """Copies whose sum is wrong, with what else they hold, and others, from process to page."""
    if os.name == "nt":
        pytest.skip("marking wants a system that can fork")
    folder = tmp_path_factory.mktemp("class")
    (folder / "submissions").mkdir()
    copies = {name: (WRONG_SUM, body, "0.02") for name, (body, _) in BODIES.items()} | OTHERS
    for name, (row_sum, body, largest, *_) in copies.items():
        cells = page(True, body, largest)
        cells[-2]["source"] = cells[-2]["source"].replace(RIGHT_SUM, row_sum)
        held = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
        (folder / "submissions" / f"{name}.ipynb").write_text(json.dumps(held))
    ran = run(folder, "--cell", "3")
    assert ran.returncode == 0, ran.stderr[-2000:]
    return folder / "marks" / "submissions"


def row_of(marked: Path, name: str) -> dict[str, str]:
    """Return the row of a learner in the table."""
    with (marked / "marks.csv").open(encoding="utf-8-sig", newline="") as file:
        return next(row for row in csv.DictReader(file) if row["learner"] == name)


@pytest.mark.parametrize("name", OTHERS)
def test_where_a_name_says_it_all_no_part_is_named(marked, name):
    """A function's mistake, the number of an exercise of one, and what is open or right."""
    row, (*_, first, second) = row_of(marked, name), OTHERS[name]
    parts = (f"{FIRST}: verdict", f"{FIRST}: mistake", f"{FIRST}: parts of 3")
    assert tuple(row[part] for part in parts) == first
    assert row[f"{SECOND}: mistake"] == second


@pytest.mark.parametrize("name", BODIES)
def test_what_is_right_behind_a_wrong_number_is_told_and_changes_no_mark(marked, name):
    """Nor does a function that harms its process cost the next exercise anything."""
    row = row_of(marked, name)
    right = BODIES[name][1]
    assert row[f"{FIRST}: parts of 3"] == str(len(right.split(", ")) if right else 0)
    assert (row[FIRST], row[f"{FIRST}: verdict"]) == ("0", "WRONG")
    assert row[f"{FIRST}: mistake"] == "row_sum: 0.0"
    assert row[f"{SECOND}: verdict"] == "RIGHT"
    assert f"{SECOND}: parts of 1" not in row
    text = (marked / "feedback" / f"{name}.html").read_text("utf-8")
    assert (f" right: {right}.</p>" in text) == bool(right)


def test_the_class_page_counts_the_parts(marked):
    """Who teaches sees at a glance that nearly all have the name, and nobody the sum."""
    text = (marked / "class.html").read_text("utf-8")
    assert "Part by part, right of 9: row_sum 2, mistake 8, jacobian_of 3." in text
    assert "<code><strong>0.0</strong></code> in row_sum of diagonal_jacobian: 6 of 9" in text
    assert "<code><strong>0.0</strong></code> in row_sum: 6 of 9" in text
    assert text.count("Part by part") == 1  # the other exercise has one


class Ending:
    """A learner's process that ends as soon as it says something that cannot be read."""

    def fail(self, why):
        """End, as the real one does."""
        raise Ended(why)


@pytest.mark.parametrize(("row_sum", "right"), [(0.0, ("mistake",)), (0.25, None)])
def test_a_process_that_ends_behind_a_wrong_number_ends_later(row_sum, right):
    """The verdict on the number is there already; where all else is right it counts at once."""
    judge = Judge(Ending(), (), Step(1, ""))
    given = [{"value": row_sum}, {"value": "diagonal_only"}, {"function": "no looks"}]
    if right is None:
        with pytest.raises(Ended, match="garbled"):
            judge.judge(TASKS[FIRST], 0, given)
    else:
        mark = judge.judge(TASKS[FIRST], 0, given)
        assert (mark.status, mark.part, mark.right) == ("WRONG", "row_sum", right)


def of(*marks: Mark):
    """Return a class of which each has one mark for the exercise of two numbers."""
    found = [Submission(str(k), Path("x")) for k in range(len(marks))]
    return gather(found, [Copy({mark.key: mark}) for mark in marks], ["two_costs"])


def test_one_name_in_two_parts_is_two_mistakes():
    """5 in place of 1.5 is no slip of whoever has the first number right."""
    first, second = (Mark("two_costs", "WRONG", "other", (f"{name}: 4 is not it.",), part=name)
                     for name in ("dx0", "dx0_dearer"))  # fmt: skip
    made = mistakes(of(first, second, second), "two_costs")
    assert [(each.many, each.part) for each in made] == [(2, "dx0_dearer"), (1, "dx0")]


def test_a_right_exercise_has_all_its_parts_and_says_nothing_of_them(tmp_path):
    """On its learner's page; in the table and for the class they count."""
    made = of(Mark("two_costs", "RIGHT", lines=("Well.",), right=("dx0", "dx0_dearer")))
    write_sheet(made, tmp_path / "marks.csv")
    head, row = (tmp_path / "marks.csv").read_text("utf-8-sig").splitlines()
    assert "two_costs: mistake,two_costs: parts of 2,flags" in head
    assert row.endswith(",1,RIGHT,,2,,")
    assert "Of its" not in feedback(made[0])
    assert "right of 1: dx0 1, dx0_dearer 1." in class_page(made, "")


def test_a_check_in_a_cell_of_its_own_is_shown_with_the_answer():
    """Nobody can talk with a learner about `ex.check(f)` alone; far above, the last cells do."""
    cells = ["y = 0", 'ex = exercise("a")', "f = 1\n", "ex.check(f)", 'exercise("b").check(2)']
    shown = [step.shown for step in plan([("code", each) for each in cells])]
    assert shown[3] == 'ex = exercise("a")\n\nf = 1\n\nex.check(f)'
    assert shown[4] == cells[4]
    far = [cells[1], *(f"x = {k}" for k in range(9)), "ex.check(f)"]
    (*_, last) = plan([("code", each) for each in far])
    assert last.shown == "x = 6\n\nx = 7\n\nx = 8\n\nex.check(f)"
