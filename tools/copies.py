"""Write copies of the notebooks for a class; `make solutions` and `make student` call this.

    python tools/copies.py solutions    every exercise solved, run, into solutions/
    python tools/copies.py student      the outputs of exercises cleared, into student/

Both are made from notebooks/ and from what smlearn.exercises knows; nothing is kept twice.
"""

import ast
import os
import re
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient

from refresh import ROOT, normalise
from smlearn.exercises import TASKS
from smlearn.exercises.task import Task

NOTEBOOKS = ROOT / "notebooks"


def task_of(cell: nbformat.NotebookNode) -> Task | None:
    """Return the exercise that a cell is about, if it is about one."""
    found = re.search(r'exercise\("(\w+)"\)', cell.source) if cell.cell_type == "code" else None
    return TASKS[found[1]] if found else None


def filled(source: str, task: Task) -> str:
    """Return the source of an exercise's cell with its solution filled in."""
    lines, changes = source.splitlines(), []
    answers = {part.name: part.solution for part in task.parts}
    function = task.function.name if task.function else None
    for node in ast.parse(source).body:
        match node:
            case ast.FunctionDef(name) if name == function:
                changes.append((node, answers[name]))
            case ast.Assign([ast.Name(name)]) if name in answers:
                changes.append((node, f"{name} = {answers[name]}"))
            case ast.Assign([ast.Tuple(names)]) if {n.id for n in names} <= set(answers):
                left = ", ".join(n.id for n in names)
                right = ", ".join(answers[n.id] for n in names)
                changes.append((node, f"{left} = {right}"))
    for node, code in reversed(changes):
        lines[node.lineno - 1 : node.end_lineno] = code.splitlines()
    return "\n".join(lines)


def solve(notebook: nbformat.NotebookNode) -> list[str]:
    """Fill in every solution; return the keys of the exercises, top to bottom."""
    keys = []
    for cell in notebook.cells:
        if task := task_of(cell):
            cell.source = filled(cell.source, task)
            keys.append(task.key)
    return keys


def clear(notebook: nbformat.NotebookNode) -> None:
    """Clear the outputs of exercises, as they are before anything has been run."""
    for cell in notebook.cells:
        if task_of(cell) or (cell.cell_type == "code" and ".use(" in cell.source):
            cell.outputs, cell.execution_count = [], None


def verdicts(notebook: nbformat.NotebookNode) -> dict[str, str]:
    """Return the stored verdict of each exercise."""
    return {
        task.key: "".join(output.get("data", {}).get("text/plain", "") for output in cell.outputs)
        for cell in notebook.cells
        if (task := task_of(cell))
    }


def write(kind: str, path: Path, folder: Path) -> None:
    """Write one copy, and stop if a solution is not right."""
    notebook = nbformat.read(path, as_version=4)
    if kind == "student":
        clear(notebook)
    else:
        solve(notebook)
        where = {"metadata": {"path": str(path.parent)}}
        NotebookClient(notebook, timeout=120, kernel_name="python3", resources=where,
                       store_widget_state=False, record_timing=False,
                       extra_arguments=["--log-level=ERROR"]).execute()  # fmt: skip
        for key, verdict in verdicts(notebook).items():
            if not verdict.startswith("RIGHT"):
                sys.exit(f"{path.name}: the solution of {key} is not right: {verdict}")
    normalise(notebook)
    folder.mkdir(exist_ok=True)
    nbformat.write(notebook, folder / path.name)


def main() -> None:
    """Write the copies that are asked for on the command line."""
    os.environ["SMLEARN_STATIC"] = os.environ["TQDM_DISABLE"] = "1"
    kind = sys.argv[1] if len(sys.argv) == 2 else ""
    if kind not in ("solutions", "student"):
        sys.exit("copies.py: say which, solutions or student")
    for path in sorted(NOTEBOOKS.glob("*.ipynb")):
        print(f"writing {kind}/{path.name}", flush=True)
        write(kind, path, ROOT / kind)


if __name__ == "__main__":
    main()
