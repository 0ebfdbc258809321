"""Mark one copy: go through it cell by cell, and judge what it hands to each check."""

import errno
import os
import shutil
import tempfile
import time

from ..exercises import TASKS, TODO
from .answers import Judge
from .cells import Step, asked, plan
from .keeper import Ended, Learner
from .marks import BROKEN, MISSING, SAYS, Copy, Mark, broken
from .walls import Limits

__all__ = ["mark", "table_of"]

UNREADABLE = {errno.ELOOP: "a_link", **dict.fromkeys(
    (errno.ENOENT, errno.EACCES, errno.EISDIR, errno.ENXIO), "not_a_notebook")}
UNANSWERED = TODO, MISSING, BROKEN


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
        if error.errno not in UNREADABLE:
            raise
        copy.trouble = UNREADABLE[error.errno]
    finally:
        shutil.rmtree(home, ignore_errors=True)
    copy.wall_seconds = time.monotonic() - began
    return copy


def _converse(learner: Learner, copy: Copy, functions: tuple) -> None:
    copy.walls = learner.hear(learner.limits.seconds).get("walls", [])
    said = learner.hear(learner.limits.seconds)
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
                copy.marks.setdefault(key, broken(key, copy.trouble, step.shown))


def _note(copy: Copy, steps: list[Step], texts: dict[str, str]) -> None:
    """Note what is seen of the cells before one of them runs."""
    checked = {key for step in steps for key in step.checks}
    for step in steps:
        copy.flags += [f"cell {step.number} names {word}"
                       for word in dict.fromkeys(step.inside + step.odd)]
        copy.flags += [f"the solution of {key} was opened" for key in dict.fromkeys(step.solved)]
        for key in step.opened:
            if key in TASKS and key not in checked:
                copy.marks[key] = _unchecked(key, step)
    for key in texts:
        if key in TASKS and key not in checked:
            copy.marks.setdefault(key, Mark(key, MISSING, "became_text", (SAYS["became_text"],)))


def _unchecked(key: str, step: Step) -> Mark:
    return broken(key, "syntax_error" if step.error else "no_check", step.source, step.error)


def _run(learner: Learner, step: Step, copy: Copy, functions: tuple) -> None:
    """Run a cell, and judge what was handed to the checks in it."""
    reply = learner.ask({"do": "run", "source": step.source}, learner.limits.seconds)
    copy.flags += [f"cell {step.number} changed {name}" for name in _words(reply, "changed")
                   if not any(flag.endswith(f" changed {name}") for flag in copy.flags)]
    handed, said = _handed(reply, learner), str(reply.get("error", ""))[:300]
    for at, (key, given) in enumerate(handed):
        if key in TASKS:
            _take(copy, Judge(learner, functions, step).judge(TASKS[key], at, given))
    why = "cell_died" if reply.get("died") else "cell_raises"
    if said or reply.get("died"):
        copy.raised.append(f"Cell {step.number}: {said or SAYS['cell_died']}")
    for key in {key for key in step.checks if key in TASKS} - {key for key, _ in handed}:
        _take(copy, broken(key, why, step.shown, said))


def _words(reply: dict, name: str) -> list[str]:
    said = reply.get(name)
    return [str(each)[:100] for each in said[:20]] if type(said) is list else []


def _handed(reply: dict, learner: Learner) -> list[tuple[str, list[dict]]]:
    """Return keys and answers, or raise Ended, if what came is not made like them."""
    handed = reply.get("handed", [])
    whole = type(handed) is list and all(
        type(each) is list and list(map(type, each)) == [str, list]
        and all(type(given) is dict for given in each[1]) for each in handed)
    if not whole:
        learner.fail("garbled")
    return handed


def _take(copy: Copy, new: Mark) -> None:
    """Keep a mark: of several for one exercise the last one that is answered counts."""
    old = copy.marks.get(new.key)
    if old is None or new.status not in UNANSWERED or old.status in UNANSWERED:
        copy.marks[new.key] = new
