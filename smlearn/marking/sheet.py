"""Marks of a class: what several copies of one learner come to, and the table of points."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from ..exercises import TASKS, exercises
from ..mistakes.finding import CRASHED, RIGHT, TODO, WRONG
from .marks import BROKEN, MISSING, OWN, SAYS, Copy, Mark
from .submissions import Submission

__all__ = ["Learner", "columns", "gather", "write_sheet"]

BETTER = (RIGHT, WRONG, CRASHED, OWN, BROKEN, TODO, MISSING)    # of several, the first counts
FORMULA = ("=", "+", "-", "@", "\t")    # a spreadsheet would calculate


@dataclass
class Learner:
    """One learner: the marks by key, what is odd, and what stood in the way of marking."""

    name: str
    marks: dict[str, Mark] = field(default_factory=dict)
    flags: list[str] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)
    raised: list[str] = field(default_factory=list)

    @property
    def points(self) -> int:
        return sum(mark.points for mark in self.marks.values())


def columns(copies: Iterable[Copy]) -> list[str]:
    """Return all exercises of the notebooks from which the class has handed in any."""
    notebooks = {TASKS[key].notebook for copy in copies for key in copy.marks}
    return [key for notebook in sorted(notebooks) for key in exercises(notebook)]


def gather(found: list[Submission], copies: list[Copy]) -> list[Learner]:
    """Return the learners, each with a mark for every exercise of the class."""
    learners, keys = {}, columns(copies)
    for submission, copy in zip(found, copies, strict=True):
        _take(learners.setdefault(submission.learner, Learner(submission.learner)), copy)
    for learner in learners.values():
        for key in keys:
            learner.marks.setdefault(key, _absent(key, learner.troubles))
        learner.marks = {key: learner.marks[key] for key in keys}
    return list(learners.values())


def _take(learner: Learner, copy: Copy) -> None:
    for key, mark in copy.marks.items():
        old = learner.marks.get(key)
        if old:
            learner.flags.append(f"{key} was handed in more than once; the better counts")
        if old is None or BETTER.index(mark.status) < BETTER.index(old.status):
            learner.marks[key] = mark
    learner.flags += copy.flags
    learner.raised += copy.raised
    learner.troubles += [copy.trouble] if copy.trouble else []


def _absent(key: str, troubles: list[str]) -> Mark:
    why = troubles[0] if troubles else "deleted"
    return Mark(key, BROKEN if troubles else MISSING, why, (SAYS[why],))


def write_sheet(learners: list[Learner], path: Path) -> None:
    """Write a row for each learner, and for each exercise points, verdict and mistake."""
    keys = list(learners[0].marks)
    head = [name for key in keys for name in (key, f"{key}: verdict", f"{key}: mistake")]
    with path.open("w", encoding="utf-8-sig", newline="") as file:    # so that Excel reads umlauts
        sheet = csv.writer(file)
        sheet.writerow(["learner", "points", "of", *head, "flags", "trouble"])
        for learner in learners:
            sheet.writerow([_tame(each) for each in _row(learner)])


def _row(learner: Learner) -> list:
    cells = [each for mark in learner.marks.values()
             for each in (mark.points, mark.status, mark.mistake)]
    flags = [f"{mark.key}: {flag}" for mark in learner.marks.values() for flag in mark.flags]
    return [learner.name, learner.points, len(learner.marks), *cells,
            "; ".join(dict.fromkeys(learner.flags + flags)), "; ".join(learner.troubles)]


def _tame(cell):
    """Put a quote before what a spreadsheet would take for a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell
