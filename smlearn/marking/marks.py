"""Mark one copy: run it cell by cell, and judge each answer here, where none of it runs."""

import errno
import io
import os
import shutil
import tempfile
import time
import warnings
from dataclasses import asdict, dataclass, field, replace

import numpy as np

from ..exercises import TASKS, Verdict
from ..exercises.judge.judging import judge
from ..exercises.sandbox.clock import Patience
from ..exercises.task import Function, Task
from ..mistakes.finding import CRASHED, RIGHT, TODO, WRONG, Finding
from .cells import Step, asked, plan
from .far import Died, Far, stand_in
from .keeper import Ended, Learner
from .looks import course_names
from .walls import Limits
from .wire import Garbled, pack, unpack

__all__ = ["BROKEN", "MISSING", "OWN", "Copy", "Mark", "mark", "table_of"]

MISSING, BROKEN, OWN = "MISSING", "BROKEN", "OWN"
PATIENCE = 300.0    # seconds of the judge's own; the learner's clock is in the learner's process

SAYS = {
    "process_ended": "The process of this copy came to an end: it left, or crashed, or was out of "
                     "memory.",
    "no_answer": "The process of this copy did not answer any more.",
    "out_of_time": "The time for this copy was over.",
    "garbled": "What came from the process of this copy could not be read.",
    "no_check": "The cell opens the exercise and checks nothing: its ex.check(...) is missing.",
    "became_text": "The cell of this exercise is no code cell any more, so it cannot be run.",
    "deleted": "No cell of this copy checks this exercise.",
    "not_a_notebook": "It is no notebook that Jupyter can open.",
    "no_notebook": "There is no notebook in the folder.",
    "a_link": "It is a link, and what it leads to was not handed in.",
    "too_large": "The file is too large.",
    "marking_broke": "The marking of this copy broke; please mark it by hand, and tell the authors.",
    "cell_died": "The process ended in this cell: it left, or crashed, or took too long.",
}


@dataclass
class Mark:
    """What is found about one exercise of one copy."""

    key: str
    status: str              # those of a verdict, and MISSING, BROKEN, OWN
    mistake: str = ""        # the name of what was found
    lines: tuple[str, ...] = ()
    question: str = ""
    hint: str = ""
    code: str = ""
    numbers: tuple = ()      # where they are wrong: these and the right ones, packed
    printed: str = ""        # by the answer, when it was called
    flags: list[str] = field(default_factory=list)

    @property
    def points(self) -> int:
        """One for what is right, and 0 for all else."""
        return int(self.status == RIGHT)


@dataclass
class Copy:
    """What is found about one notebook."""

    marks: dict[str, Mark] = field(default_factory=dict)
    flags: list[str] = field(default_factory=list)
    trouble: str = ""                                   # why it could not be marked to its end
    walls: list[str] = field(default_factory=list)
    seconds: float = 0.0                                # of a processor
    wall_seconds: float = 0.0

    def plain(self) -> dict:
        """Return it as dictionaries, for another process."""
        return asdict(self)


def table_of(keys: list[str]) -> tuple:
    """Return the functions that cases of these exercises hold, in an order of their own."""
    found = {}

    def look(held):
        if isinstance(held, tuple | list | dict):
            for each in held.values() if isinstance(held, dict) else held:
                look(each)
        elif callable(held):
            found[id(held)] = held
    for key in keys:
        if part := TASKS[key].function:
            look(tuple(part.cases.values()))
    return tuple(found.values())


def mark(path: str, hidden: str, limits: Limits, functions: tuple) -> Copy:
    """Mark the notebook in a file; `hidden` is a folder that it must not see."""
    copy, home, began = Copy(), tempfile.mkdtemp(prefix="copy-"), time.monotonic()
    try:
        with Learner(path, home, hidden, limits, functions) as learner:
            try:
                _converse(learner, copy, functions)
            except Ended as error:
                copy.trouble = str(error)
        copy.seconds = learner.seconds + sum(os.times()[:2])
    except OSError as error:
        copy.trouble = "a_link" if error.errno == errno.ELOOP else "not_a_notebook"
    finally:
        shutil.rmtree(home, ignore_errors=True)
    copy.wall_seconds = time.monotonic() - began
    return copy


def _converse(learner: Learner, copy: Copy, functions: tuple) -> None:
    copy.walls = learner.hear(20.0).get("walls", [])
    said = learner.hear(20.0)
    if "cells" not in said:
        copy.trouble = "not_a_notebook"
        return
    cells = [(str(kind), str(source)) for kind, source in said["cells"]]
    steps = plan(cells)
    _note(copy, steps, asked(cells))
    last = max((i for i, step in enumerate(steps) if step.checks or ".check" in step.source),
               default=-1)
    try:
        for step in steps[:last + 1]:
            _run(learner, step, copy, functions)
    except Ended as error:
        copy.trouble = str(error)
        for step in steps:    # what has not been reached
            for key in filter(TASKS.__contains__, step.checks):
                copy.marks.setdefault(key, _broken(key, copy.trouble, step))


def _note(copy: Copy, steps: list[Step], texts: dict[str, str]) -> None:
    """Note what is seen of the cells before one of them runs."""
    checked = {key for step in steps for key in step.checks}
    for step in steps:
        copy.flags += [f"cell {step.number} names {word}"
                       for word in dict.fromkeys(step.inside + step.odd)]
        copy.flags += [f"the solution of {key} was opened" for key in dict.fromkeys(step.solved)]
        for key in step.opened:
            if key in TASKS and key not in checked:
                copy.marks[key] = _broken(key, "syntax_error" if step.error else "no_check", step)
    for key in texts:
        if key in TASKS and key not in checked:
            copy.marks.setdefault(key, Mark(key, MISSING, "became_text", (SAYS["became_text"],)))


def _broken(key: str, why: str, step: Step, said: str = "") -> Mark:
    lines = said or step.error or SAYS.get(why, why)
    return Mark(key, BROKEN, why, (lines,), code=step.source)


def _run(learner: Learner, step: Step, copy: Copy, functions: tuple) -> None:
    """Run a cell, and judge what was handed to the checks in it."""
    reply = learner.ask({"do": "run", "source": step.source}, learner.limits.seconds)
    copy.flags += [f"cell {step.number} changed {name}" for name in reply.get("changed", ())
                   if not any(flag.endswith(f" changed {name}") for flag in copy.flags)]
    handed, said = _handed(reply, learner), str(reply.get("error", ""))[:300]
    for at, (key, given) in enumerate(handed):
        if key in TASKS:
            _take(copy, _Judge(learner, functions, step).judge(TASKS[key], at, given))
    why = "cell_died" if reply.get("died") else "cell_raises"
    for key in {key for key in step.checks if key in TASKS} - {key for key, _ in handed}:
        _take(copy, _broken(key, why, step, said))


def _handed(reply: dict, learner: Learner) -> list[tuple[str, list[dict]]]:
    """Return keys and answers, or raise Ended, if what came is not made like them."""
    handed = reply.get("handed", [])
    whole = type(handed) is list and all(
        type(each) is list and list(map(type, each)) == [str, list]
        and all(type(given) is dict for given in each[1]) for each in handed)
    if not whole:
        learner.ended = "garbled"
        raise Ended(learner.ended)
    return handed


def _take(copy: Copy, new: Mark) -> None:
    """Keep a mark: of several for one exercise the last one that is answered counts."""
    old = copy.marks.get(new.key)
    if old is None or new.status != TODO or old.status in (TODO, MISSING):
        copy.marks[new.key] = new


class _Judge:
    """Judges the answers to one check, part by part, as the page's own check does."""

    def __init__(self, learner: Learner, functions: tuple, step: Step):
        self.learner, self.functions, self.step = learner, functions, step

    def judge(self, task: Task, at: int, given: list[dict]) -> Mark:
        """Judge what was handed to one check, the `at`-th of its cell."""
        if len(given) != len(task.parts):
            return _broken(task.key, "number_of_answers", self.step,
                           f"{len(task.parts)} answers are wanted, but got {len(given)}.")
        flags, verdict = [], None
        for j, part in enumerate(task.parts):
            looks = given[j].get("function")
            flags += _flags(part, looks, task) if looks and isinstance(part, Function) else []
            if looks and isinstance(part, Function) and looks.get("own"):
                return self._own(task, flags, f"It is {looks['own']}, the course's own.")
            verdict = self._part(part, given[j], {"check": at, "part": j}, task)
            if not verdict.right:
                break
        if verdict.right and self.step.inside:
            return self._own(task, flags, "This cell looks into what the course knows: "
                             f"{', '.join(dict.fromkeys(self.step.inside))}.")
        if verdict.right:
            verdict = replace(verdict, what="", evidence=task.matters)
        return self._mark(task, verdict, flags)

    def _own(self, task: Task, flags: list[str], said: str) -> Mark:
        return Mark(task.key, OWN, "courses_own", (said,), hint=task.hints[0],
                    code=self.step.source, flags=flags)

    def _mark(self, task: Task, verdict: Verdict, flags: list[str]) -> Mark:
        return Mark(task.key, verdict.status, verdict.key, verdict.lines, verdict.question,
                    "" if verdict.right else task.hints[0], self.step.source,
                    _numbers(verdict), "" if verdict.right else verdict.printed, flags)

    def _part(self, part, given: dict, where: dict, task: Task) -> Verdict:
        """Judge one part; a function is called in a process of its own."""
        try:
            if "function" in given:
                finding, printed = self._function(part, given["function"], where)
            else:
                finding, printed = _calmly(part, unpack(given.get("value"))), ""
        except Garbled:
            self.learner.ended = "garbled"
            raise Ended(self.learner.ended) from None
        several = sum(not isinstance(each, Function) for each in task.parts) > 1
        if several and not isinstance(part, Function) and finding.status == WRONG:
            finding = replace(finding, what=f"{part.name}: {finding.what}")
        return Verdict.of(finding, printed, ())

    def _function(self, part, looks: dict, where: dict) -> tuple[Finding, str]:
        given, home = stand_in(looks)
        if not isinstance(part, Function):
            return _calmly(part, given), ""
        learner = self.learner
        learner.number += 1
        learner.opened, self.died = learner.number, False
        learner.channel.send({"do": "part", "n": learner.opened, **where})
        finding = _calmly(part, given, called=Far(self._asked, home, self.functions))
        if learner.ended:
            raise Ended(learner.ended)
        if self.died:
            return Finding("process_ended", "The process ended while it was called.",
                           "It left, or crashed, or was out of memory or of time.",
                           "Call it by itself, and look at what it does to the kernel.",
                           CRASHED), ""
        printed = str(learner.ask({"do": "close"}).get("printed", ""))
        return finding, printed

    def _asked(self, message: dict) -> dict:
        if self.died:
            raise Died
        reply = self.learner.ask(message)
        self.died = bool(reply.get("died"))
        if self.died:
            raise Died
        return reply


def _numbers(verdict: Verdict) -> tuple:
    """Return what a page shows as tables, () where there is nothing to see."""
    wrong = verdict.yours is not None and np.ndim(verdict.target)
    return (pack(verdict.yours), pack(verdict.target)) if wrong else ()


def _calmly(part, given, **more) -> Finding:
    """Judge with NumPy's own warnings off, as a page does."""
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return judge(part, given, Patience(PATIENCE, out=io.StringIO()), **more)


def _flags(part: Function, looks: dict, task: Task) -> list[str]:
    """Say where a function looks like the course's."""
    found = []
    if _written_alike(str(looks.get("source", "")), part.solution):
        found.append("word for word the course's solution, with its comments")
    more = set(map(str, looks.get("course", ()))) - course_names(part.reference)
    own = f"{part.reference.__module__}.{part.reference.__qualname__}"
    found += [f"calls {'the reference of the exercise' if name == own else name}"
              for name in sorted(more)]
    return found


def _written_alike(source: str, solution: str) -> bool:
    """Whether two functions have the same words below `def`, too many or with the same remarks."""
    def body(text: str) -> list[str]:
        return text.partition("\n")[2].split()
    lines = solution.splitlines()[1:]
    return body(source) == body(solution) and (len(lines) > 3 or any("#" in each for each in lines))
