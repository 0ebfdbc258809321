"""What a class knows: how many are right, and which mistakes, by name, were made how often.

No learner is named: the page can be shown to all of them.
"""

from collections import Counter
from typing import NamedTuple

from .._html import Markup, join, table, tag
from ..exercises import CRASHED, RIGHT, TASKS, TODO, WRONG
from .look import bar, length, page
from .marks import MISSING
from .sheet import Learner

__all__ = ["class_page", "kind_of", "mistakes"]

KINDS = {RIGHT: "right", WRONG: "wrong", CRASHED: "wrong", TODO: "open", MISSING: "open"}
FIRST = 7    # mistakes to begin with


class Made(NamedTuple):
    """A mistake that was made in an exercise, how often, and what it is."""

    many: int
    key: str
    mistake: str
    what: str


def kind_of(status: str) -> str:
    """Return the part of a bar to which a status belongs."""
    return KINDS.get(status, "none")


def mistakes(learners: list[Learner], key: str) -> list[Made]:
    """Return the mistakes that were made in an exercise, the most frequent first."""
    wrong = [learner.marks[key] for learner in learners
             if kind_of(learner.marks[key].status) == "wrong"]
    words = {mark.mistake: mark.lines[0] for mark in wrong[::-1]}
    made = Counter(mark.mistake for mark in wrong)
    return sorted((Made(many, key, mistake, words[mistake]) for mistake, many in made.items()),
                  key=lambda each: (-each.many, each.mistake))


def class_page(learners: list[Learner], walls: str) -> Markup:
    """Write the page of the class."""
    keys, many = list(learners[0].marks), len(learners)
    made = sorted((each for key in keys for each in mistakes(learners, key)),
                  key=lambda each: -each.many)
    notebooks = ", ".join(dict.fromkeys(TASKS[key].notebook for key in keys)) or "none"
    who = f"{many} learner{'s' * (many != 1)}"
    return page(f"What {who} know: notebook {notebooks}", tag("p", walls),
                tag("h2", "What to discuss next"), _table("The mistakes made most often, by name",
                                                          made[:FIRST], many, True),
                *(_exercise(learners, key) for key in keys))


def _exercise(learners: list[Learner], key: str) -> Markup:
    kinds = Counter(kind_of(learner.marks[key].status) for learner in learners)
    task, made = TASKS[key], mistakes(learners, key)
    shown = _table("Its mistakes, by name", made, len(learners), False) if made else ""
    return join(tag("h2", key), tag("p", f"Notebook {task.notebook}, {task.kind}. "
                                         f"{task.statement}"), bar(kinds), shown)


def _table(caption: str, made: list[Made], many: int, all_keys: bool) -> Markup:
    """Write a table of mistakes, each with a bar as long as it is frequent."""
    if not made:
        return tag("p", "No answer is wrong.")
    rows = [(tag("code", each.mistake or "numbers"),
             join(f"{each.many} of {many}", length(each.many, many)),
             *((tag("code", each.key),) if all_keys else ()), each.what) for each in made]
    head = ("mistake", "how many", *(("exercise",) if all_keys else ()), "what it is")
    return table(caption, head, rows)
