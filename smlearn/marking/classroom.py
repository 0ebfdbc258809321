"""What a class knows: how many are right, and which mistakes, by name, were made how often.

No learner is named: the page can be shown to all of them.
"""

from collections import Counter
from typing import NamedTuple

from .._html import Markup, join, tag
from ..exercises import CRASHED, RIGHT, TASKS, TODO, WRONG
from ..exercises.task import Task
from .gather import Learner
from .look import bar, length, page, paragraphs
from .marks import BROKEN, MISSING, OWN, Mark

__all__ = ["class_page", "kind_of", "mistakes"]

KINDS = {RIGHT: "right", WRONG: "wrong", CRASHED: "wrong", TODO: "open", MISSING: "open"}
FIRST = 7    # mistakes to begin with
WHY = {OWN: "with the course's own answer", BROKEN: "could not be run or read"}
LEGEND = "In a bar, what is right is plain, wrong hatched, open empty, not marked grey."


class Made(NamedTuple):
    """A mistake that was made in an exercise, how often, and what it is."""

    many: int
    key: str
    part: str        # in which part of the exercise, "" if that says nothing
    mistake: str
    what: str
    question: str    # to think about; "" if it is no known one, so that the words are of one copy


def kind_of(status: str) -> str:
    """Return the part of a bar to which a status belongs."""
    return KINDS.get(status, "none")


def mistakes(learners: list[Learner], key: str) -> list[Made]:
    """Return the mistakes that were made in an exercise, the most frequent first."""
    wrong = [learner.marks[key] for learner in learners
             if kind_of(learner.marks[key].status) == "wrong"]
    example = {mark.named: mark for mark in wrong[::-1]}
    made = Counter(mark.named for mark in wrong)
    return sorted((_made(many, example[named]) for named, many in made.items()), key=_worst_first)


def _made(many: int, mark: Mark) -> Made:
    return Made(many, mark.key, mark.part, mark.mistake, _what(mark), mark.question)


def _worst_first(made: Made) -> tuple:
    return -made.many, not made.question, made.mistake


def _what(mark: Mark) -> str:
    """Say what a mistake is: where question or name are missing, as it was in one copy."""
    first = mark.lines[0]
    return first if mark.question else f"For example: {first[0].lower()}{first[1:]}"


def class_page(learners: list[Learner], walls: str) -> Markup:
    """Write the page of the class."""
    keys, many = list(learners[0].marks), len(learners)
    made = sorted((each for key in keys for each in mistakes(learners, key)), key=_worst_first)
    notebooks = ", ".join(dict.fromkeys(TASKS[key].notebook for key in keys)) or "none"
    who = "1 learner knows" if many == 1 else f"{many} learners know"
    return page(f"What {who}: notebook {notebooks}", tag("p", LEGEND),
                tag("h2", "What to discuss next"),
                tag("p", f"The mistakes made most often, by name, of all {len(keys)} exercises:"),
                _list([each for each in made if -each.many <= _seldom(made)], many, True),
                *(_exercise(learners, key) for key in sorted(keys, key=_rights(learners).get)),
                tag("h2", "How it was marked"), tag("p", walls))


def _seldom(made: list[Made]) -> int:
    """Return how seldom a mistake of the first few is made; those that are tied are among them."""
    return -made[:FIRST][-1].many if made else 0


def _rights(learners: list[Learner]) -> dict[str, int]:
    """Return how many have each exercise right."""
    return {key: sum(learner.marks[key].status == RIGHT for learner in learners)
            for key in learners[0].marks}


def _exercise(learners: list[Learner], key: str) -> Markup:
    kinds = Counter(kind_of(learner.marks[key].status) for learner in learners)
    task, marks = TASKS[key], [learner.marks[key] for learner in learners]
    return join(tag("h2", key), tag("p", f"Notebook {task.notebook}, {task.kind}. "
                                         f"{task.statement}"), bar(kinds),
                paragraphs([_not_marked(marks), _page_missing(marks), _parts(marks, task)]),
                _list(mistakes(learners, key), len(learners), False))


def _not_marked(marks: list[Mark]) -> str:
    """Say how many could not be marked, and why, the most frequent first."""
    said = []
    for status, words in WHY.items():
        whys = Counter(_why(mark) for mark in marks if mark.status == status)
        each = ", ".join(f"{many} {why}" for why, many in whys.most_common() if why)
        said += [f"{whys.total()} {words}{f' ({each})' if each else ''}"] if whys else []
    return f"Not marked: {'; '.join(said)}." if said else ""


def _why(mark: Mark) -> str:
    """Say in two words why a cell could not be run: of an error its kind."""
    if mark.status != BROKEN:
        return ""
    if mark.mistake != "cell_raises":
        return mark.mistake.replace("_", " ")
    kind = mark.lines[0].partition(":")[0]
    return "out of time" if " " in kind else kind    # a sentence: it was stopped


def _page_missing(marks: list[Mark]) -> str:
    many = sum(mark.mistake == "page_missing" for mark in marks)
    return f"Of the open ones, {many} handed in no page with this exercise." if many else ""


def _parts(marks: list[Mark], task: Task) -> str:
    """Say how many have each part right, where an exercise has more than one."""
    names = [part.name for part in task.parts]
    rights = Counter(name for mark in marks for name in mark.right)
    said = ", ".join(f"{name} {rights[name]}" for name in names)
    return f"Part by part, right of {len(marks)}: {said}." if names[1:] else ""


def _list(made: list[Made], many: int, all_keys: bool) -> Markup:
    """Write a list of mistakes, each with a bar: how many of the class have made it."""
    if not made:
        return tag("p", "No answer is wrong.")
    return tag("ol", *(_item(each, many, all_keys) for each in made))


def _item(made: Made, many: int, all_keys: bool) -> Markup:
    places = [made.part] * bool(made.part) + [made.key] * all_keys
    where = f" in {' of '.join(places)}" if places else ""
    return tag("li", tag("p", tag("code", tag("strong", made.mistake)),
                         f"{where}: {made.many} of {many}"),
               length(made.many, many), tag("p", made.what),
               tag("p", tag("strong", "Ask: "), made.question) if _asks(made) else "")


def _asks(made: Made) -> bool:
    """Say whether there is a question that the finding itself has not said."""
    return bool(made.question) and made.question not in made.what
