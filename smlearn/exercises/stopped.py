"""A cell that stops before its check: below the traceback a card says so, and what to look at.

The error is IPython's to show, and Run All stops at it. IPython tells after each cell how it went
(the event post_run_cell); whoever opened an exercise in it, and came to no check, is told. A cell
that Python cannot read opens nothing: its text says which exercise it is about.
"""

import re
import sys
from collections.abc import Iterator
from functools import cache

from ..mistakes.finding import CRASHED, Finding
from ..mistakes.trying import Run
from .judge.advice import advice
from .kept_answers import on_a_page
from .registry import TASKS
from .task import Task
from .verdict import Verdict

__all__ = ["checks", "listen", "opens"]

NAMED = re.compile(r"""\bexercise\(\s*["'](\w+)["']\s*\)""")

_unchecked: list[Task] = []    # that the cell under way has opened


def opens(task: Task) -> None:
    """Note that the cell under way opens an exercise."""
    if on_a_page():
        listen()
        _unchecked.append(task)


def checks() -> None:
    """Note that it has come to its check."""
    _unchecked.clear()


def listen() -> None:
    """Be told of each cell from now on, if a kernel runs this."""
    if on_a_page():
        _register()


@cache
def _register() -> None:
    sys.modules["IPython"].get_ipython().events.register("post_run_cell", _after_a_cell)


def _after_a_cell(result) -> None:
    """Show a card if a cell is about an exercise and stopped before the check of it."""
    tasks, error = [*_unchecked], result.error_in_exec
    checks()
    if isinstance(result.error_before_exec, SyntaxError):
        tasks, error = [*_named(result.info.raw_cell)], result.error_before_exec
    if tasks and isinstance(error, Exception):
        sys.modules["IPython"].display.display(about(error, tasks[-1]))


def _named(source: str) -> Iterator[Task]:
    """Yield the exercises that a cell would have opened."""
    return (TASKS[key] for key in NAMED.findall(source) if key in TASKS)


def about(error: Exception, task: Task) -> Verdict:
    """Say that nothing was judged, and what to look at for this error."""
    name = type(error).__name__
    did = (f"Python could not read the cell (the {name} above) and ran none of it"
           if isinstance(error, SyntaxError) else
           f"The cell stopped at the {name} above, before ex.check")
    finding = Finding("stopped", f"{did}: nothing was judged.", status=CRASHED,
                      todo=advice(Run(error=error, said=str(error))))
    return Verdict.of(finding, task, "", ())
