"""The learners of a class: what several copies of one of them come to, of what was asked for."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import chain

from ..exercises import TASKS, exercises
from ..mistakes.finding import CRASHED, RIGHT, TODO, WRONG
from .marks import BROKEN, MISSING, OWN, SAYS, Copy, Mark
from .submissions import Submission

__all__ = ["Learner", "columns", "gather", "keys_of", "tally"]

BETTER = (RIGHT, WRONG, CRASHED, OWN, BROKEN, TODO, MISSING)    # of several, the first counts
NUMBER = re.compile(r"(\d\d[a-z]?)_")    # of a notebook, in the name that it was handed out by
SAMPLE = "nearly_sure"


@dataclass
class Learner:
    """One learner: the marks by key, what is odd, and what stood in the way of marking.

    Where there are several files, what is said of one begins with its name.
    """

    name: str
    marks: dict[str, Mark] = field(default_factory=dict)
    flags: list[str] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)
    raised: list[str] = field(default_factory=list)
    files: dict[str, list[str]] = field(default_factory=dict)    # the notebooks that each holds
    said: list[str] = field(default_factory=list)                # of the troubles, in sentences

    @property
    def points(self) -> int:
        return sum(mark.points for mark in self.marks.values())


def columns(copies: Iterable[Copy]) -> list[str]:
    """Return all exercises of the notebooks from which the class has handed in any."""
    notebooks = {TASKS[key].notebook for copy in copies for key in copy.marks}
    return [key for notebook in sorted(notebooks) for key in exercises(notebook)]


def keys_of(asked: Iterable[str]) -> list[str]:
    """Return the exercises that were asked for, each by its name or with its whole notebook.

    Raises
    ------
    ValueError
        If the course has neither.

    Examples
    --------
    >>> keys_of(["01", "two_costs"])
    ['diagonal_jacobian', 'nearly_sure', 'two_costs']
    """
    found = []
    for word in asked:
        if not (keys := [word] if word in TASKS else word and exercises(word)):
            raise ValueError(f"notebooks or exercises are wanted as what was asked for, but got "
                             f"{word!r}; write ASKED=\"01 02\", or names such as {SAMPLE}")
        found += keys
    return list(dict.fromkeys(found))


def gather(found: list[Submission], copies: list[Copy],
           asked: Iterable[str] = ()) -> list[Learner]:
    """Return the learners, each with a mark for every exercise that was asked for.

    Where nothing is said, these are all of the notebooks from which anybody has handed in any.
    """
    learners, keys = {}, list(asked) or columns(copies)
    for submission, copy in zip(found, copies, strict=True):
        learners.setdefault(submission.learner, []).append((submission.file, copy))
    return [_learner(name, handed, keys) for name, handed in learners.items()]


def tally(learners: list[Learner]) -> str:
    """Say how many have handed in each notebook.

    Examples
    --------
    >>> tally([Learner("Ada", files={"a": ["01"], "b": ["02"]}), Learner("Dov", files={"c": []})])
    'Of 2 learners handed in: 01 by 1, 02 by 1.'
    """
    many = Counter(each for learner in learners
                   for each in {each for held in learner.files.values() for each in held})
    said = ", ".join(f"{notebook} by {many[notebook]}" for notebook in sorted(many))
    return f"Of {len(learners)} learners handed in: {said or 'nothing that can be read'}."


def _learner(name: str, handed: list[tuple[str, Copy]], keys: list[str]) -> Learner:
    learner = Learner(name)
    for file, copy in handed:
        _look_at_file(learner, file, copy)
        _take(learner, copy, f"{file}: " if handed[1:] else "")
    learner.marks = {key: learner.marks.get(key) or _absent(key, learner) for key in keys}
    return learner


def _look_at_file(learner: Learner, file: str, copy: Copy) -> None:
    """Note which notebooks a file holds, and where its name says another."""
    held = sorted({TASKS[key].notebook for key in copy.marks})
    learner.files[file] = learner.files.get(file, []) + held
    named = NUMBER.match(file)
    if held and named and named[1] not in held:
        learner.flags.append(f"{file} holds notebook {', '.join(held)}")


def _take(learner: Learner, copy: Copy, whose: str) -> None:
    for key, mark in copy.marks.items():
        old = learner.marks.get(key)
        if old:
            learner.flags.append(f"{key} was handed in more than once; the better counts")
        if old is None or BETTER.index(mark.status) < BETTER.index(old.status):
            learner.marks[key] = mark
    learner.flags += [whose + each for each in copy.flags]
    learner.raised += [whose + each for each in copy.raised]
    if copy.trouble:
        learner.troubles.append(copy.trouble)
        learner.said.append(whose + SAYS.get(copy.trouble, copy.trouble))


def _absent(key: str, learner: Learner) -> Mark:
    held = TASKS[key].notebook in chain.from_iterable(learner.files.values())
    why = (*learner.troubles, "deleted" if held else "page_missing")[0]
    return Mark(key, BROKEN if learner.troubles else MISSING, why, (SAYS[why],))
