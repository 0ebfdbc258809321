"""A cell that stops before its check: below the traceback a card says so, and what to look at.

The error is IPython's to show, and Run All stops at it. IPython tells after each cell how it went
(the event post_run_cell); whoever opened an exercise in it, and came to no check, is told.
"""

import sys
from functools import cache

from ..mistakes.finding import CRASHED, Finding
from ..mistakes.trying import Run
from .judge.advice import advice
from .kept_answers import on_a_page
from .task import Task
from .verdict import Verdict

__all__ = ["checks", "opens"]

_unchecked: list[Task] = []    # that the cell under way has opened


def opens(task: Task) -> None:
    """Note that the cell under way opens an exercise."""
    if on_a_page():
        _listen()
        _unchecked.append(task)


def checks() -> None:
    """Note that it has come to its check."""
    _unchecked.clear()


@cache
def _listen() -> None:
    sys.modules["IPython"].get_ipython().events.register("post_run_cell", _after_a_cell)


def _after_a_cell(result) -> None:
    """Show a card if a cell has opened an exercise and stopped before the check of it."""
    tasks, error = [*_unchecked], result.error_in_exec
    checks()
    if tasks and isinstance(error, Exception):
        sys.modules["IPython"].display.display(about(error, tasks[-1]))


def about(error: Exception, task: Task) -> Verdict:
    """Say that nothing was judged, and what to look at for this error."""
    finding = Finding("stopped", f"The cell stopped at the {type(error).__name__} above, before "
                      "ex.check: nothing was judged.", status=CRASHED,
                      todo=advice(Run(error=error, said=str(error))))
    return Verdict.of(finding, task, "", ())
