"""A class of 40 that hands in notebook 01, made by script: `write_class` puts it into a folder.

Each learner is a function of nothing that returns the cells of a copy, and what is to be found
about its two exercises. Ordinary learners are right, open, or make a named mistake; the others do
whatever harms a program that runs their notebook.

    python tests/marking/handed_in.py FOLDER
"""

import functools
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from smlearn.exercises import TASKS
from smlearn.exercises.tasks.nb01_one_row import JACOBIAN_WRONGS

ROOT = Path(__file__).resolve().parent.parent.parent
NOTEBOOK = ROOT / "notebooks" / "01_one_row_jacobian.ipynb"
FIRST, SECOND = "diagonal_jacobian", "nearly_sure"
RIGHT_BODY = "return np.diag(p) - np.outer(p, p)"
OPEN = "row_sum, mistake = ..., ..."
CELLS = {
    FIRST: """ex = exercise("diagonal_jacobian")

def jacobian_of(p):            # wrong
    {body}

row_sum, mistake = 0.25, "diagonal_only"

ex.check(row_sum, mistake, jacobian_of)""",
    SECOND: """ex = exercise("nearly_sure")

largest = {largest}                                  # a number, to 0.01

ex.check(largest)""",
}


class Learner(NamedTuple):
    """One that handed in: where, which cells, and what is to be found."""

    path: str  # of the notebook, below the folder
    cells: Callable | None  # cells(short) makes them; None: `text` is written instead
    first: tuple[str, str]  # status and mistake of the first exercise
    second: tuple[str, str]
    flag: str = ""  # a part of what is told to the teacher
    text: str | None = None  # None and no cells: an empty folder


RIGHT, TODO = ("RIGHT", ""), ("TODO", "")
CLASS: dict[str, Learner] = {}


@functools.cache
def course_cells() -> str:
    """Return the cells of notebook 01 as it is handed out, as JSON: who asks gets a copy."""
    return json.dumps(json.loads(NOTEBOOK.read_text("utf-8"))["cells"])


def page(short: bool, body: str = RIGHT_BODY, largest: str = "0.02", before: str = "") -> list:
    """Return the cells of a copy: its answers, and a cell before them.

    A short one has the imports and the exercises alone.
    """
    cells = [cell for cell in json.loads(course_cells()) if cell["cell_type"] == "code"]
    if short:
        cells = [cells[0], *cells[-2:]]
    code = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
    cells[-2:] = [{**code, "source": CELLS[FIRST].format(body=body)},
                  {**code, "source": CELLS[SECOND].format(largest=largest)}]  # fmt: skip
    if before:
        cells.insert(-2, {**code, "source": before})
    return cells


def learner(name: str, first=RIGHT, second=RIGHT, *, path: str = "", flag: str = "", text=None,
            cells: Callable | None = None, **what) -> None:  # fmt: skip
    """Add one to the class."""
    none = text is not None or "empty" in what
    made = cells or (None if none else functools.partial(page, **what))
    CLASS[name] = Learner(path or f"{name}.ipynb", made, first, second, flag, text)


def write(each: Learner, folder: Path, short: bool = False) -> None:
    """Write what one learner hands in."""
    path = folder / each.path
    if each.text is None and each.cells is None:
        path.mkdir(parents=True)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    page = {
        "cells": each.cells and each.cells(short),
        "metadata": {},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    path.write_text(json.dumps(page) if each.text is None else each.text, "utf-8")


def write_class(folder: Path, *names: str, short: bool = False) -> None:
    """Write what the class hands in, or some of it."""
    for name in names or CLASS:
        write(CLASS[name], folder, short)


def run(folder: Path, *more: str) -> subprocess.CompletedProcess:
    """Mark what is in submissions/ of a folder, as `make mark` does."""
    words = [sys.executable, "-m", "smlearn.marking", "submissions", *more]
    around = os.environ | {"PYTHONPATH": str(ROOT), "SECRET": "s3cret"}
    return subprocess.run(words, cwd=folder, capture_output=True, text=True, env=around)


# Ordinary learners.

learner("Ada")
learner("Beate")
learner("Chloé Müller", path="Chloé Müller.ipynb")
learner("Dov", body="return np.array([[a * ((i == j) - b) for j, b in enumerate(p)]"
                    " for i, a in enumerate(p)])")  # fmt: skip
learner("Emil", second=("WRONG", "0.98"), largest="0.98")
learner("as it was handed out", TODO, TODO, cells=lambda _: json.loads(course_cells()))
learner("dots alone", TODO, TODO, body="...", largest="...")
for key, _, _, form, *_ in JACOBIAN_WRONGS[:8]:
    learner(f"makes {key}", ("WRONG", key), body=f"return {form}")

# Whoever breaks something, by accident.

learner("endless answer", ("CRASHED", "endless"), body="while True: pass")
learner(
    "endless cell", before="import time\nwhile True:\n    try: time.sleep(0.01)\n    except: pass"
)
learner("hungry answer", ("CRASHED", "raises"), body="return np.ones(10**10)")
learner("hungry cell", before="held = []\nwhile True: held.append(np.ones(10**8))")
learner("leaves the cell", before="import os\nos._exit(0)")
learner("leaves the answer", ("CRASHED", "raises"), body="import os; os._exit(0)")
learner("crashes in the answer", ("CRASHED", "process_ended"),
        body="import ctypes; return ctypes.string_at(0)", flag="ctypes")  # fmt: skip
learner("syntax error", ("BROKEN", "syntax_error"), body="return np.diag(p")
learner(
    "deleted cells",
    ("MISSING", "deleted"),
    cells=lambda short: page(short)[:-2] + page(short)[-1:],
)


def as_text(short: bool) -> list:
    """Return cells of which the last has become text."""
    cells = page(short)
    return [*cells[:-1], {"cell_type": "markdown", "metadata": {}, "source": cells[-1]["source"]}]


learner("a cell became text", second=("MISSING", "became_text"), cells=as_text)
learner("prints 50 MB", before="for _ in range(50):\n    print('x' * 10**6)")


def heavy(short: bool) -> list:
    """Return cells with 50 MB of output in the file."""
    cells = page(short)
    cells[0]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "x" * 50 * 2**20}]
    return cells


learner("stores 50 MB", cells=heavy)
learner("no notebook", ("BROKEN", "not_a_notebook"), ("BROKEN", "not_a_notebook"), text="Dear all")
learner("empty folder", ("BROKEN", "no_notebook"), ("BROKEN", "no_notebook"), path="empty folder",
        empty=True)  # fmt: skip
learner("two notebooks", path="two notebooks/01 (1).ipynb", largest="0.5", flag="more than once")
learner("two notebooks, too", path="two notebooks/01.ipynb", body="return p")

# Whoever wants to be called right.

PATCH = """import smlearn.exercises as e, sys
import smlearn.exercises.verdict as v, smlearn.mistakes.finding as f
j = sys.modules["smlearn.exercises.judge.judging"]
v.Verdict.right = f.Finding.right = property(lambda self: True)
e.judge = j.judge = lambda *a, **k: f.Finding("", "", status="RIGHT")
v.RIGHT = f.RIGHT = e.RIGHT = v.WRONG = f.WRONG = e.WRONG = "RIGHT"
np.allclose = np.isclose = lambda *a, **k: True
"""
TASKS_BENT = """from smlearn.exercises import TASKS
for task in list(TASKS.values())[:]:
    for part in task.parts:
        object.__setattr__(part, "value", 7.0)
        object.__setattr__(part, "reference", lambda p: p)
"""
FORGED = """class Right:
    status, right, key = "RIGHT", True, ""
    def __repr__(self): return "RIGHT  It is."
    __str__ = _repr_html_ = __repr__
    def __eq__(self, other): return True
    def __array__(self, dtype=None, copy=None): return np.full((3, 3), 7.0)
print("RIGHT  diagonal_jacobian 1 point")
"""
ENVIRONMENT = """import os, sys, json
os.environ.update(SMLEARN_STRICT="1", SMLEARN_MARKING="0", PATH="")
for name in ("json", "select", "struct", "smlearn.marking.wire", "smlearn.exercises"):
    sys.modules[name] = None
json.dumps = json.loads = lambda *a, **k: {}
"""
WRITES = """import os
for folder in ("marks", "submissions", "..", "../marks"):
    for name in ("marks.csv", "class.html", "feedback/Ada.html"):
        try:
            with open(os.path.join(folder, name), "w") as file:
                file.write("RIGHT")
        except OSError:
            pass
"""
WRONG = ("WRONG", "not_a_matrix")
OTHER = ("WRONG", "other")
learner("patches the checker", WRONG, OTHER, before=PATCH, body="return p * p", largest="7",
        flag="changed smlearn")  # fmt: skip
learner("bends the tasks", WRONG, OTHER, before=TASKS_BENT, body="return p * p", largest="7.0",
        flag="names TASKS")  # fmt: skip
learner("forges a verdict", ("WRONG", "shape"), ("WRONG", "shape"), before=FORGED,
        body="return Right()", largest="Right()")  # fmt: skip
learner("bends the environment", WRONG, OTHER, before=ENVIRONMENT, body="return p * p",
        largest="7")  # fmt: skip
learner("writes results", WRONG, OTHER, before=WRITES, body="return p * p", largest="7")
learner("hands in the course's", ("OWN", "courses_own"),
        before="jacobian_of_ = smlearn.softmax_jacobian_row",
        body="pass\njacobian_of = jacobian_of_")  # fmt: skip
learner("hands in what use returns", ("OWN", "courses_own"),
        body="pass\njacobian_of = ex.use(jacobian_of)")  # fmt: skip
learner("looks into the task", ("OWN", "courses_own"), ("OWN", "courses_own"),
        body="return ex.task.function.reference(p)",
        largest="ex.task.parts[0].value")  # fmt: skip
learner("copies the solution", flag="word for word", before='exercise("nearly_sure").solution()',
        body=TASKS[FIRST].function.solution.partition("\n")[2].strip())  # fmt: skip
learner("../up and away", path="..\N{DIVISION SLASH}up and away.ipynb")


if __name__ == "__main__":
    write_class(Path(sys.argv[1]))
    print(len(CLASS), "learners")
