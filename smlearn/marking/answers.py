"""Judge the answers to one check as the page does, in a process that runs none of them."""

import io
import warnings
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

import numpy as np

from ..exercises import CRASHED, WRONG, Verdict
from ..exercises.judge.judging import judge
from ..exercises.sandbox.clock import Patience
from ..exercises.task import Function, Task
from ..mistakes.finding import Finding
from .cells import Step
from .far import Died, Far, sound, stand_in
from .keeper import Ended, Learner
from .looks import course_names
from .marks import OWN, Mark, broken
from .wire import Garbled, pack, unpack

__all__ = ["Judge"]

PATIENCE = 300.0    # seconds of the judge's own; the learner's clock is in the learner's process
MANY = 10           # flags of one kind


DIED = Finding("process_ended", "The process ended while it was called.",
               "It left, or crashed, or was out of memory or of time.",
               "Call it in a cell of its own, and look at what it does to the kernel.", CRASHED)


class Judge:
    """Judges the answers to one check, part by part, as the page's own check does."""

    def __init__(self, learner: Learner, functions: tuple, step: Step):
        self.learner, self.functions, self.step = learner, functions, step

    def judge(self, task: Task, at: int, given: list[dict]) -> Mark:
        """Judge what was handed to one check, the `at`-th of its cell."""
        if len(given) != len(task.parts):
            return broken(task.key, "number_of_answers", self.step.shown,
                           f"{len(task.parts)} answers are wanted, but got {len(given)}.")
        flags, verdict, right = [], None, []
        for j, part in enumerate(task.parts):
            looks = self._read(sound, given[j].get("function"))
            if looks and isinstance(part, Function):
                flags += _flags(part, looks)
                if looks["own"]:
                    return self._own(task, flags, f"It is {looks['own']}, the course's own.")
            verdict = self._part(part, given[j], {"check": at, "part": j}, task)
            if not verdict.right:
                right += self._later(task, at, given, j + 1)
                break
            right.append(part.name)
        if verdict.right and self.step.inside:
            return self._own(task, flags, "This cell looks into what the course knows: "
                             f"{', '.join(dict.fromkeys(self.step.inside))}.")
        if verdict.right:
            verdict = replace(verdict, what="", evidence=task.matters)
        return self._mark(task, part, verdict, tuple(right), flags)

    def _later(self, task: Task, at: int, given: list[dict], first: int) -> list[str]:
        """Return the names of what is right behind a part that is not: it changes no verdict."""
        right = []
        with suppress(Ended):    # told when the next is asked for: this verdict is there already
            for j, part in list(enumerate(task.parts))[first:]:
                looks = self._read(sound, given[j].get("function"))
                own = self.step.inside or (looks and isinstance(part, Function) and looks["own"])
                if not own and self._part(part, given[j], {"check": at, "part": j}, task).right:
                    right.append(part.name)
        return right

    def _own(self, task: Task, flags: list[str], said: str) -> Mark:
        return Mark(task.key, OWN, "courses_own", (said,), hint=task.hints[0],
                    code=self.step.shown, flags=flags)

    def _mark(self, task: Task, part, verdict: Verdict, right: tuple, flags: list[str]) -> Mark:
        value = verdict.key and len(task.parts) > 1 and not isinstance(part, Function)
        return Mark(task.key, verdict.status, verdict.key, verdict.lines, verdict.question,
                    "" if verdict.right else task.hints[0], self.step.shown,
                    _numbers(verdict), "" if verdict.right else verdict.printed, flags,
                    part.name if value else "", right)

    def _part(self, part, given: dict, place: dict, task: Task) -> Verdict:
        """Judge one part; a function is called in a process of its own."""
        if "function" in given:
            finding, printed = self._function(part, sound(given["function"]), place)
        else:
            finding, printed = _calmly(part, self._read(unpack, given.get("value"))), ""
        several = sum(not isinstance(each, Function) for each in task.parts) > 1
        if several and not isinstance(part, Function) and finding.status == WRONG:
            finding = replace(finding, what=f"{part.name}: {finding.what}")
        return Verdict.of(finding, task, printed, ())

    def _read(self, read: Callable, sent):
        try:
            return read(sent)
        except Garbled:
            self.learner.fail("garbled")

    def _function(self, part, looks: dict, place: dict) -> tuple[Finding, str]:
        given, home = stand_in(looks)
        if not isinstance(part, Function):
            return _calmly(part, given), ""
        learner, self.died = self.learner, False
        learner.opened = learner.tell({"do": "part", **place})
        finding = _calmly(part, given, called=Far(self._asked, home, self.functions))
        if learner.ended:
            learner.fail(learner.ended)
        if self.died:
            return DIED, ""
        said = learner.ask({"do": "close"})
        learner.opened = -1
        return finding, str(said.get("printed", ""))

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


def _flags(part: Function, looks: dict) -> list[str]:
    """Say where a function looks like the course's."""
    found = []
    if _written_alike(looks["source"], part.solution):
        found.append("word for word the course's solution, with its comments")
    more = set(looks["course"]) - course_names(part.reference)
    own = f"{part.reference.__module__}.{part.reference.__qualname__}"
    found += [f"calls {'the reference of the exercise' if name == own else name}"
              for name in sorted(more)[:MANY]]
    return found


def _written_alike(source: str, solution: str) -> bool:
    """Whether two functions have the same words below `def`, too many or with the same remarks."""
    def body(text: str) -> list[str]:
        return text.partition("\n")[2].split()
    lines = solution.splitlines()[1:]
    long = len(lines) > 3 or any("#" in line for line in lines)
    return long and body(source) == body(solution)
