"""Write the notebooks with every exercise solved, and run, into solutions/, for teachers.

`make solutions` calls this. They are made from notebooks/ and from what smlearn.exercises knows;
nothing is kept twice. What learners get is made by handout.py, which asks `told` below.
"""

import ast
import os
import re
import sys
from collections.abc import Iterator
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


def told(notebook: nbformat.NotebookNode) -> list[str]:
    """Return a complaint for all that a learner's page tells before it is asked.

    That is an output, a verdict among them, and an answer where an exercise has its dots.
    """
    found = []
    for cell in notebook.cells:
        name = f'the cell "{cell.source.strip().partition(chr(10))[0][:40]}"'
        if cell.get("outputs") or cell.get("execution_count"):
            found.append(f"{name} shows what it put out")
        if ".solution(" in cell.source and cell.cell_type == "code":
            found.append(f"{name} asks for a solution")
        if task := task_of(cell):
            asked = {part.name for part in task.parts}
            found += [
                f"{name} has the answer {each} in it"
                for each in sorted(asked - set(_open(cell.source, task)))
            ]
    return found


def _open(source: str, task: Task) -> Iterator[str]:
    """Yield the names that the cell of an exercise leaves open with dots, or with a bug."""
    for node in ast.parse(source).body:
        match node:
            case ast.FunctionDef(name) if any(map(_is_dots, ast.walk(node))):
                yield name
            case ast.FunctionDef(name) if task.kind == "find the bug":
                if ast.unparse(node) != ast.unparse(ast.parse(task.function.solution)):
                    yield name
            case ast.Assign([ast.Name(name)], value) if _is_dots(value):
                yield name
            case ast.Assign([ast.Tuple(names)], ast.Tuple(values)) if all(map(_is_dots, values)):
                yield from (each.id for each in names)


def _is_dots(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value is ...


def verdicts(notebook: nbformat.NotebookNode) -> dict[str, str]:
    """Return the stored verdict of each exercise."""
    return {
        task.key: "".join(output.get("data", {}).get("text/plain", "") for output in cell.outputs)
        for cell in notebook.cells
        if (task := task_of(cell))
    }


def write(path: Path, folder: Path) -> None:
    """Write one solved page, and stop if a solution is not right."""
    notebook = nbformat.read(path, as_version=4)
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
    """Write them all."""
    os.environ["SMLEARN_STATIC"] = os.environ["TQDM_DISABLE"] = "1"
    for path in sorted(NOTEBOOKS.glob("*.ipynb")):
        print(f"writing solutions/{path.name}", flush=True)
        write(path, ROOT / "solutions")


if __name__ == "__main__":
    main()
