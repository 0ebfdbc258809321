"""In a real kernel no answer ends the kernel, none ends Run All, none changes the next verdict.

The attempts of the table in hostile/ that could: many in one kernel, each with a cell behind it.
"""

import inspect

import pytest
from hostile import families, kernels, table
from hostile.limits import exit_at_once
from nbformat.v4 import new_code_cell, new_output

ALL = [attempt for attempt in table.TABLE.values() if attempt.kernel]


@pytest.fixture(scope="module")
def outcomes():
    """Return what went wrong with each of them."""
    return kernels.try_all(ALL)


def test_there_are_enough():
    """Also of those that make no sense elsewhere."""
    assert len(ALL) >= 100
    assert {attempt.family for attempt in ALL} == set(families.FAMILIES)


@pytest.mark.parametrize("name", [attempt.name for attempt in ALL])
def test_the_kernel_and_run_all_go_on(outcomes, name):
    """Its verdict is shown, and the cell behind it finds right right and wrong wrong."""
    found = outcomes[name]
    assert not found, "\n".join(found)


def test_a_kernel_that_dies_is_seen():
    """The documented limit, and that this file would notice: os._exit ends the kernel."""
    answer = f"import os\n{inspect.getsource(exit_at_once)}"
    check = 'from smlearn.exercises import exercise\nexercise("expected_upstream").check'
    assert kernels.dies(f"{answer}\n{check}(exit_at_once)")
    assert not kernels.dies(f"{answer}\n{check}(print)")


def cell(status, printed):
    """Make the two cells of an attempt as they come back, with these outputs."""
    shown = new_output("execute_result", {"text/plain": status})
    return new_code_cell(outputs=[shown]), new_code_cell(
        outputs=[new_output("stream", name="stdout", text=f"a statement\n{printed}\n")]
    )


def test_what_is_wrong_with_a_notebook_is_said():
    """Another status, an error in its place, another verdict behind it."""
    attempt = table.TABLE["it_exits"]
    assert kernels.complaints(attempt, *cell("CRASHED  It is.", "RIGHT WRONG []")) == []
    assert len(kernels.complaints(attempt, *cell("RIGHT", "RIGHT WRONG []"))) == 1
    assert len(kernels.complaints(attempt, *cell("CRASHED", "WRONG WRONG []"))) == 1
    assert len(kernels.complaints(attempt, *cell("CRASHED", "RIGHT WRONG ['np.exp']"))) == 1
    error = new_code_cell(outputs=[new_output("error", ename="SystemExit", evalue="")])
    assert len(kernels.complaints(attempt, error, error)) == 2
    assert len(kernels.complaints(attempt, new_code_cell(), new_code_cell())) == 2
