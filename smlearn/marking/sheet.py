"""Marks of a class as a table: a row for each learner, columns for each exercise."""

import csv
from pathlib import Path

from ..exercises import TASKS
from .gather import Learner

__all__ = ["write_sheet"]

FORMULA = ("=", "+", "-", "@", "\t")    # a spreadsheet would calculate


def write_sheet(learners: list[Learner], path: Path) -> None:
    """Write a row for each learner, and for each exercise points, verdict and mistake."""
    keys = list(learners[0].marks)
    head = [name for key in keys
            for name in (key, f"{key}: verdict", f"{key}: mistake", *_several(key))]
    with path.open("w", encoding="utf-8-sig", newline="") as file:    # so that Excel reads umlauts
        sheet = csv.writer(file)
        sheet.writerow(["learner", "points", "of", *head, "flags", "trouble"])
        for learner in learners:
            sheet.writerow([_tame(each) for each in _row(learner)])


def _several(key: str) -> list[str]:
    """Return the heading of how many parts are right, where an exercise has more than one."""
    many = len(TASKS[key].parts)
    return [f"{key}: parts of {many}"] if many > 1 else []


def _row(learner: Learner) -> list:
    cells = [each for key, mark in learner.marks.items()
             for each in (mark.points, mark.status, mark.named,
                          *[len(mark.right)] * len(_several(key)))]
    flags = [f"{mark.key}: {flag}" for mark in learner.marks.values() for flag in mark.flags]
    return [learner.name, learner.points, len(learner.marks), *cells,
            "; ".join(dict.fromkeys(learner.flags + flags)), "; ".join(learner.troubles)]


def _tame(cell):
    """Put a quote before what a spreadsheet would take for a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell
