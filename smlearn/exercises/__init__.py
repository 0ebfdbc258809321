"""Exercises that name the mistake.

    ex = exercise("softmax_vjp")       # prints what is asked, where no page does: ex.statement
    ex.check(softmax_vjp)              # TODO, WRONG, CRASHED or RIGHT, and what to do next;
                                       # below it, folded, the hints, and after a try the rest
    ex.hint()                          # the next hint; ex.hint(2) for the second
    ex.solution()                      # the code, and why
    softmax_vjp = ex.use(softmax_vjp)  # yours if it is right, else the reference
    progress()                         # what is right, wrong and open so far, and what is next

Nothing here ever stops Run All, except where the environment variable SMLEARN_STRICT is 1: then a
wrong or crashing answer raises. The tasks are in tasks/, which registry.py loads; how an answer is
judged, in judge/; how learner code is run, in sandbox/; what a page shows of it all, in card.py,
and of a cell that stops before its check, in stopped.py.
"""

import copy
import os
import sys
import textwrap
from dataclasses import replace
from functools import cache

from .._refusals import refusal, speaks
from ..mistakes.finding import Finding
from .judge.judging import judge
from .kept_answers import on_a_page, record
from .ladder import LAST, Ladder, Page
from .registry import TASKS
from .sandbox.clock import Patience
from .sandbox.plain_data import written_down
from .sandbox.process import Process
from .sandbox.undisturbed import Printed, calmly, undisturbed
from .stopped import checks, listen, opens
from .task import Function, Task
from .verdict import CRASHED, RIGHT, TODO, WRONG, ExerciseFailed, Verdict
from .your_progress import progress

__all__ = ["CRASHED", "RIGHT", "TODO", "WRONG", "Exercise", "ExerciseFailed", "Verdict",
           "exercise", "exercises", "progress"]

WIDTH = 95    # of a printed line; JupyterLab would break a longer one within a word

listen()    # from the first cell on: one that cannot be read calls nothing of this file


@speaks
def exercise(key: str) -> "Exercise":
    """Open an exercise, and print what it asks: not on a page, whose text asks it already.

    Parameters
    ----------
    key : str
        Its name; `exercises()` lists them all.

    Returns
    -------
    ex : Exercise
        The same object for the same name, so that it remembers which hints it gave.

    Raises
    ------
    ValueError
        If there is none of that name; the message names the nearest.

    Examples
    --------
    >>> ex = exercise("equal_logits")
    predict: A row has the logits (7, 7). What is entry [0, 1] of its Jacobian?
    >>> ex.check(-0.25).status
    'RIGHT'
    """
    ex = exercise_of(key)
    opens(ex.task)
    if not on_a_page():
        print(textwrap.fill(ex.statement, WIDTH))
    return ex


def exercise_of(key: str) -> "Exercise":
    """Return the exercise of a name, or refuse and name the nearest."""
    if not isinstance(key, str) or key not in TASKS:    # a list is in no table
        import difflib  # only a slip of the pen needs it

        near = difflib.get_close_matches(str(key), TASKS, n=3, cutoff=0.5)
        names = " or ".join(repr(name) for name in near)
        todo = f"did you mean {names}?" if near else "exercises() lists all names"
        raise refusal(ValueError, f"the name of an exercise is wanted, but got {key!r}; {todo}")
    return _remembered(key)


@cache
def _remembered(key: str) -> "Exercise":
    return Exercise(TASKS[key])


def exercises(notebook: str = "") -> list[str]:
    """List the names of all exercises, or of those of one notebook.

    Parameters
    ----------
    notebook : str
        Its number, as in "01"; default all.

    Returns
    -------
    names : list of str
        In the order of the pages.

    Examples
    --------
    >>> "nearly_sure" in exercises("01")
    True
    """
    return [key for key, task in TASKS.items() if notebook in ("", task.notebook)]


class Exercise:
    """One exercise, as a learner meets it; made by `exercise`."""

    def __init__(self, task: Task):
        self.task = task
        self._args, self._question, self._given_hints, self._checking = (), "", 0, False
        self._last: tuple[object, Verdict] | None = None
        values = [part for part in task.parts if not isinstance(part, Function)]
        self._several = values if len(values) > 1 else []    # a verdict says which one is meant

    def __repr__(self) -> str:
        return f"exercise({self.task.key!r})"

    @property
    def args(self) -> tuple:
        """The arguments that the last verdict speaks of; new ones each time, to do as you like."""
        return copy.deepcopy(self._args)

    @property
    def statement(self) -> str:
        """What is asked, in one line."""
        call = f"{self.task.function.call}: " if self.task.function else ""
        return f"{self.task.kind}: {call}{self.task.statement}"

    @speaks
    def check(self, *answers) -> Verdict:
        """Judge the answers, in the order of the exercise's cell.

        Parameters
        ----------
        *answers
            What is asked: values, functions by their name. `...` where nothing is answered yet.

        Returns
        -------
        verdict : Verdict
            Shown by the notebook. Its `.args` are the arguments it was seen with; `ex.args` are
            copies, new ones each time, so that `yours(*ex.args)` repeats what happened.

        Raises
        ------
        TypeError
            If there are more or fewer answers than the exercise asks for.
        RuntimeError
            If an answer checks itself, in the course of being checked.
        ExerciseFailed
            If SMLEARN_STRICT is 1 in the environment and the verdict is WRONG or CRASHED.
        """
        checks()
        parts = self.task.parts
        if len(answers) != len(parts):
            names = ", ".join(part.name for part in parts)
            many = f"{len(parts)} answers are" if len(parts) > 1 else "1 answer is"
            raise refusal(TypeError, f"{many} wanted, but got {len(answers)}; "
                          f"call ex.check({names})")
        remarks = left = ()
        for part, given in zip(parts, answers, strict=True):
            verdict = self._judge(part, given)
            remarks, left = remarks + verdict.lines, left + verdict.left
            if not verdict.right:
                break
        else:
            verdict = Verdict("", self.task.matters, *remarks, status=RIGHT, left=left,
                              ladder=Ladder(self.task))
        self._note(verdict)
        if verdict.status in (WRONG, CRASHED) and os.environ.get("SMLEARN_STRICT") == "1":
            raise ExerciseFailed(verdict) from verdict.error
        return verdict

    def _note(self, verdict: Verdict) -> None:
        """Remember what follows from a verdict: the one place that each of them comes by."""
        asked = verdict.ladder.question
        if asked and asked != self._question:
            self._given_hints = 0
        self._question, self._args = asked, copy.deepcopy(verdict.args)
        record(self.task.key, verdict.status)

    def _judge(self, part, given) -> Verdict:
        """Judge one part, and note the last function."""
        if self._checking:
            raise refusal(RuntimeError, "it wanted an answer that is not being checked already; "
                          "take this call out of the answer")
        self._checking = True
        try:
            calm = not isinstance(part, Function) and written_down(given)
            finding, printed, left = (
                _read(part, given) if calm else _run(part, given, self.task.tables))
        finally:
            self._checking = False
        if part in self._several and finding.status == WRONG:
            finding = replace(finding, what=f"{part.name}: {finding.what}")
        verdict = Verdict.of(finding, self.task, printed, left)
        if isinstance(part, Function):
            self._last = given, verdict
        return verdict

    @speaks
    def hint(self, rung: int | None = None) -> Page:
        """Give the next hint, or the one that is asked for, from 1.

        After a mistake that the check has named, the first hint is a question about it.
        """
        hints = Ladder(self.task, self._question).hints
        if rung is None:
            rung = self._given_hints = min(self._given_hints + 1, len(hints))
        if type(rung) is not int or not 1 <= rung <= len(hints):
            raise refusal(ValueError, f"a number from 1 to {len(hints)} is wanted, "
                          f"but got {rung}; ex.hint() gives the next one")
        name, text, code = hints[rung - 1]
        return Page(f"{name}: {text}", code, LAST if rung == len(hints) else "ex.hint() goes on.")

    def solution(self) -> Page:
        """Show the answer, and why it is so. It is never locked."""
        return Ladder(self.task).solution

    @speaks
    def use(self, f):
        """Return f if it is right, else the reference, and print which of the two it is.

        Raises
        ------
        TypeError
            If the exercise asks for values only.
        """
        part = self.task.function
        if part is None:
            raise refusal(TypeError, "an exercise that asks for a function is wanted, "
                          f"but got {self!r}; its answers are in the page below it")
        if self._last is None or self._last[0] is not f:
            self._judge(part, f)
        if self._last[1].right:
            print(f"{part.name}: from here on yours is used")
            return f
        print(f"{part.name}: the course's own is used, until yours is right")
        return part.reference


def _read(part, given) -> tuple[Finding, str, tuple[str, ...]]:
    """Judge what was written down, and runs no code."""
    with calmly():
        return judge(part, given, Patience()), "", ()


def _run(part, given, tables: tuple[dict, ...]) -> tuple[Finding, str, tuple[str, ...]]:
    """Judge what may run learner code; nothing is left of what that did, but what it printed."""
    page = sys.stdout    # where a slow check says a word
    with undisturbed(given) as printed:
        patience = Patience(world=Process(tables), out=page)
        finding = judge(part, given, patience)
        patience.let_go()
    return finding, Printed.getvalue(printed), patience.world.left()
