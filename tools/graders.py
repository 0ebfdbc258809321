"""Write the notebooks as assignments of nbgrader or of otter; `make nbgrader`, `make otter`.

    python tools/graders.py nbgrader [NOTEBOOK ...]    a course folder, into nbgrader/
    python tools/graders.py otter [NOTEBOOK ...]       a master an assignment, into otter/

One assignment a notebook, one point an exercise. An answer's cell is the course's own, with the
solution between the marks that each tool takes out; behind it a test asks the checker again. What
is judged is what the answer's cell has made: a later cell may give its name to the course's own.
"""

import ast
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_raw_cell

from copies import NOTEBOOKS, task_of
from refresh import ROOT, normalise
from smlearn.course.clearing import cleared, veiled
from smlearn.exercises.ladder import Ladder
from smlearn.exercises.task import Task

CONFIG = '''\
"""nbgrader reads this; the folders beside it are its own: source, release, submitted, ..."""

c = get_config()

c.CourseDirectory.course_id = "softmax-backwards"
# What a learner finds where the solution was: nothing, since the dots stand above. The default
# raises an error, and stops Run All.
c.ClearSolutions.code_stub = {"python": ""}
# The checker stops what never ends after some seconds; a page runs in one minute at most.
c.ExecutePreprocessor.timeout = 120
'''


def with_solution(source: str, task: Task, begin: str, end: str) -> str:
    """Put the solution, between two marks, above the line that checks."""
    lines = source.splitlines()
    check = next(
        node for node in ast.parse(source).body if ast.unparse(node).startswith("ex.check(")
    )
    above = lines[: check.lineno - 1]
    while above and not above[-1].strip():  # a mark leaves an empty line, when it is taken out
        above.pop()
    marked = [begin, *Ladder(task).solution.code.splitlines(), end]
    return "\n".join([*above, *marked, *lines[check.lineno - 1 :]])


def test_of(task: Task, answers: str) -> str:
    """Return code that fails, with the verdict, unless the answers are right."""
    return f'from smlearn.exercises.grading import require\nrequire("{task.key}", {answers})'


def for_nbgrader(notebook: NotebookNode) -> NotebookNode:
    """Return an assignment of nbgrader; the notebook stays as it is."""
    return _with_tests(notebook, _nbgrader_cells)


def _nbgrader_cells(cell: NotebookNode, task: Task) -> Iterator[NotebookNode]:
    names = ", ".join(part.name for part in task.parts)
    source = with_solution(cell.source, task, "### BEGIN SOLUTION", "### END SOLUTION")
    yield _marked(source, task.key, grade=False, solution=True, locked=False)
    # Hidden, since an open exercise would otherwise end Run All.
    test = f"# The mark.\n### BEGIN HIDDEN TESTS\n{test_of(task, names)}\n### END HIDDEN TESTS"
    yield _marked(test, f"{task.key}_test", grade=True, solution=False,
                  locked=True, points=1)  # fmt: skip


def _marked(source: str, name: str, **marks) -> NotebookNode:
    marks = {"schema_version": 3, "grade_id": name, "task": False, "cell_type": "code", **marks}
    return new_code_cell(source, metadata={"nbgrader": marks})


def for_otter(notebook: NotebookNode) -> NotebookNode:
    """Return a master of otter; the notebook stays as it is."""
    written = _with_tests(notebook, _otter_cells)
    name = notebook.cells[0].source.splitlines()[0].removeprefix("# ")
    head = f"# ASSIGNMENT CONFIG\nname: {name!r}\nexport_cell: false\ninit_cell: true"
    written.cells.insert(0, new_raw_cell(head))
    return written


def _otter_cells(cell: NotebookNode, task: Task) -> Iterator[NotebookNode]:
    names, kept = ", ".join(part.name for part in task.parts), f"answers_of_{task.key}"
    begin, end = "# BEGIN SOLUTION NO PROMPT", "# END SOLUTION"
    yield new_raw_cell(f"# BEGIN QUESTION\nname: {task.key}\npoints: 1")
    yield new_raw_cell("# BEGIN SOLUTION")
    yield new_code_cell(with_solution(cell.source, task, begin, end))
    # otter asks again at the very end, when a name may mean the course's own function.
    yield new_code_cell(f"{kept} = [{names}]", metadata={"editable": False, "deletable": False})
    yield new_raw_cell("# END SOLUTION")
    yield new_raw_cell("# BEGIN TESTS")
    yield new_code_cell(test_of(task, f"*{kept}"))
    yield new_raw_cell("# END TESTS")
    yield new_raw_cell("# END QUESTION")


def _with_tests(notebook: NotebookNode, cells_of: Callable) -> NotebookNode:
    page = nbformat.from_dict(veiled(cleared(notebook)))
    cells, page.cells = page.cells, []
    for cell in cells:
        task = task_of(cell)
        page.cells += cells_of(cell, task) if task else [cell]
    normalise(page)
    return page


KINDS = {"nbgrader": for_nbgrader, "otter": for_otter}


def write(kind: str, path: Path, folder: Path) -> Path:
    """Write a notebook as an assignment; return where it is. Without exercises there is none."""
    notebook = nbformat.read(path, as_version=4)
    name = path.stem
    to = folder / ("source" if kind == "nbgrader" else "") / name / path.name
    to.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(KINDS[kind](notebook), to)
    if kind == "nbgrader":
        (folder / "nbgrader_config.py").write_text(CONFIG, "utf-8")
    return to


def main(kind: str = "", *paths: str) -> None:
    """Write the assignments that are asked for on the command line."""
    if kind not in KINDS:
        sys.exit("graders.py: say for which, nbgrader or otter")
    for path in map(Path, paths or sorted(map(str, NOTEBOOKS.glob("*.ipynb")))):
        print(f"writing {write(kind, path, ROOT / kind).relative_to(ROOT)}", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
