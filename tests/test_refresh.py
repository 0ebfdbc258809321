"""Refreshing a notebook leaves nothing of the machine in it, and nothing changes twice."""

import os

import nbformat
from nbformat.v4 import new_code_cell, new_notebook, new_output

from refresh import METADATA, normalise, refresh


def test_refreshing_twice_gives_the_same_bytes(tmp_path):
    """A diff then shows what changed in the course, not that somebody ran it."""
    path = tmp_path / "tiny.ipynb"
    cells = [
        new_code_cell("import os\n\nprint(os.environ.get('SMLEARN_STATIC'), end=' ')\nprint('x')"),
        new_code_cell("1 / 0", metadata={"tags": ["raises-exception"]}),
    ]
    nbformat.write(new_notebook(cells=cells), path)
    refresh(path)
    first = path.read_bytes()
    refresh(path)
    assert path.read_bytes() == first

    stored = nbformat.read(path, as_version=4)
    assert [cell.execution_count for cell in stored.cells] == [1, 2]
    assert [output.output_type for cell in stored.cells for output in cell.outputs] == [
        "stream",
        "error",
    ]
    assert stored.metadata == METADATA


def test_traces_of_the_machine_are_dropped(tmp_path):
    """Widget state, timings, the patch release of Python and paths differ between authors."""
    trace = [f"File {tmp_path}{os.sep}smlearn{os.sep}a.py:1"]
    error = new_output("error", ename="E", evalue="", traceback=trace)
    timing = {"execution": {"iopub.execute_input": "now"}, "tags": ["raises-exception"]}
    notebook = new_notebook(
        cells=[new_code_cell("f()", metadata=timing, outputs=[error])],
        metadata={"widgets": {}, "language_info": {"name": "python", "version": "3.11.2"}},
    )
    normalise(notebook, root=tmp_path)
    assert notebook.metadata == METADATA
    assert notebook.cells[0].metadata == {"tags": ["raises-exception"]}
    assert notebook.cells[0].outputs[0].traceback == [f"File smlearn{os.sep}a.py:1"]
