"""Try one attempt in this process, and say what went wrong.

What is said is not about the attempt but about the check: it raised, its verdict is another than
it should be, it does not read well, something is not as it was, the next verdict is wrong.
"""

import contextlib
import functools
import html.parser
import io
import re
import warnings
from collections.abc import Callable
from typing import NamedTuple

import matplotlib.pyplot as plt
import numpy as np

from smlearn.exercises import TASKS, Exercise, exercise
from smlearn.exercises.sandbox import clock

from . import probes
from .table import Attempt

__all__ = ["KINDS", "SHORT", "complaints_about", "course", "name_of", "predictions_of",
           "set_seconds", "used_at_once", "with_others"]  # fmt: skip

SHORT = 0.05  # seconds that an attempt gets which never ends
ADDRESS = re.compile(r"\b0x[0-9a-f]{6,}", re.IGNORECASE)
TAGS = {"div", "p", "strong", "span", "pre", "code", "table", "caption", "thead", "tbody", "tr",
        "th", "td", "details", "summary"}  # fmt: skip
# A number, a list in any order, shapes, words, a name, yes or no, all that does what is asked.
KINDS = ("equal_logits", "quiet_batches", "einsum_shapes", "grad_output", "proof", "one_row",
         "which_rows")  # fmt: skip


class Course(NamedTuple):
    """What the course has for one exercise: all answers right, and the last one wrong."""

    solved: tuple
    wrong: tuple


@functools.cache
def course(key: str) -> Course:
    """Return right and wrong answers, tried once so that what the checker keeps is there."""
    solved = tuple(_solution(part) for part in TASKS[key].parts)
    *others, last = solved
    wrong = (*others, _spoiled(last))
    quietly(exercise, key)
    for answers, right in ((solved, True), (wrong, False)):
        assert quietly(exercise(key).check, *answers).right is right, key
    return Course(solved, wrong)


def _solution(part):
    if not hasattr(part, "reference"):
        return eval(part.solution, {"np": np})
    page = dict(part.reference.__globals__)
    exec(part.solution, page)
    return page[part.name]


def _spoiled(answer):
    if callable(answer):
        return lambda *args: 2.0 * np.asarray(answer(*args)) + 1.0
    return "another" if isinstance(answer, str) else [9.0] * 7


def quietly(f: Callable, *args):
    """Call f, and keep what it prints."""
    with contextlib.redirect_stdout(io.StringIO()):
        return f(*args)


def set_seconds(seconds: float) -> None:
    """Set the time limit of a check."""
    clock.SECONDS = seconds


def with_others(attempt: Attempt, answer) -> tuple:
    """Return all answers to its exercise: the course's own, and this one for the last."""
    return (*course(attempt.key).solved[:-1], answer)


def complaints_about(attempt: Attempt) -> list[str]:
    """Try an attempt here, and say what went wrong with the check."""
    mine, ex = course(attempt.key), quietly(exercise, attempt.key)
    if attempt.short:
        set_seconds(SHORT)
    if not plt.get_fignums():
        plt.figure()  # one of the learner's own
    answers = with_others(attempt, quietly(attempt.make))
    before, threads = probes.look(attempt.page), _threads()
    try:
        verdict = ex.check(*answers)
    except BaseException as error:
        return [f"{name_of(error)} came out of the check", *_changes(attempt, before)]
    found = [*_changes(attempt, before), *_not_wanted(attempt, verdict), *_unreadable(verdict)]
    if not attempt.threads and _threads() > threads:
        found.append("a thread is left")
    return found + _afterwards(ex, answers[-1], verdict, mine)


def _threads() -> int:
    return sum(thread.is_alive() for thread in probes.threading.enumerate())


def name_of(error: BaseException) -> str:
    """Name an error without asking it anything."""
    return type.__getattribute__(type(error), "__name__")


def _changes(attempt: Attempt, before: tuple) -> list[str]:
    return probes.differences(before, probes.look(attempt.page))


def _not_wanted(attempt: Attempt, verdict) -> list[str]:
    found, text = [], str(verdict)
    if verdict.status not in attempt.wanted:
        found.append(f"{' or '.join(attempt.wanted)} is wanted, not {text[:200]}")
    elif attempt.named and verdict.key not in attempt.named:
        found.append(f"the key {verdict.key!r} is not {' or '.join(attempt.named)}")
    elif not re.search(attempt.words, text):
        found.append(f"it does not speak of {attempt.words}: {text[:200]}")
    if attempt.threads and not re.search("thread", text):
        found.append(f"the thread that is left is not spoken of: {text[:200]}")
    return found


def _unreadable(verdict) -> list[str]:
    """Say what is wrong with the text and with the HTML."""
    text, page = str(verdict), verdict._repr_html_()
    found = [f"an address: {seen[0]}" for seen in map(ADDRESS.search, (text, page)) if seen]
    lines = [
        line
        for line in text.partition("It printed:")[0].splitlines()
        if line not in getattr(verdict, "left", ())
    ]
    if not 1 <= len(lines) <= 3 or max(map(len, lines)) > 400:
        found.append(f"{len(lines)} lines, the longest of {max(map(len, lines))} letters")
    odd = {letter for letter in text + page if not (letter.isprintable() or letter == "\n")}
    found += [f"letters that do not print: {sorted(odd)!a:.60}"] if odd else []
    return found + _Tags.complaints(page)


class _Tags(html.parser.HTMLParser):
    """Minds that tags are closed, and that none comes from the learner."""

    @classmethod
    def complaints(cls, page: str) -> list[str]:
        reader = cls()
        reader.open, reader.found = [], []
        reader.feed(page)
        reader.close()
        return reader.found + [f"<{tag}> is left open" for tag in reader.open]

    def handle_starttag(self, tag, attributes):
        self.open.append(tag)
        if tag not in TAGS:
            self.found.append(f"a tag of the learner's: <{tag}>")

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.found.append(f"</{tag}> closes nothing")


def _afterwards(ex: Exercise, answer, verdict, mine: Course) -> list[str]:
    """Use it, and judge the course's own solution and a wrong one."""
    found, set_seconds_back = [], 10.0
    set_seconds(set_seconds_back)
    try:
        if ex.task.function and (quietly(ex.use, answer) is answer) is not verdict.right:
            found.append("use() returns another than what was right")
        if not (after := ex.check(*mine.solved)).right:
            found.append(f"the next right answer is called {after!s:.200}")
        if (after := ex.check(*mine.wrong)).status != "WRONG":
            found.append(f"the next wrong answer is called {after!s:.200}")
        quietly(ex.hint)
    except BaseException as error:
        found.append(f"afterwards: {name_of(error)}: {error!s:.200}")
    return found


def used_at_once(attempt: Attempt) -> list[str]:
    """Hand it to use(), which nobody has checked before."""
    part = TASKS[attempt.key].function
    mine, ex, answer = course(attempt.key), Exercise(TASKS[attempt.key]), attempt.make()
    if attempt.short:
        set_seconds(SHORT)
    before = probes.look(attempt.page)
    try:
        got = quietly(ex.use, answer)
    except BaseException as error:
        return [f"{name_of(error)} came out of use()"]
    found = _changes(attempt, before)
    if got is not part.reference and not (got is answer and "RIGHT" in attempt.wanted):
        found.append("use() returns neither what is right nor the course's own")
    return found if ex.check(*mine.solved).right else [*found, "the next right answer is not"]


# As predictions.


def _calmly(f: Callable, *args):
    """Call f, whatever it warns of; that is not what is tried."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return f(*args)


def predictions_of(attempt: Attempt) -> list[str]:
    """Give the value that it returns as an answer to questions of all kinds."""
    set_seconds(SHORT / 2 if attempt.short else 0.1)  # once for each kind
    p, dp = np.full((4, 3), 0.25), np.arange(12.0).reshape(4, 3)
    f, found, allowed = attempt.make(), [], {*attempt.wanted, "WRONG", "CRASHED"} - {"RIGHT"}
    if attempt.wanted == ("TODO",):
        allowed = {"TODO"}
    before = probes.look({})
    for key in KINDS:
        value, many = _calmly(f, p, dp), len(TASKS[key].parts)
        try:
            verdict = quietly(exercise, key).check(*[value] * many)
        except BaseException as error:
            found.append(f"{key}: {name_of(error)} came out of the check")
            continue
        if verdict.status not in allowed:
            found.append(f"{key}: it is called {verdict!s:.100}")
        found += [f"{key}: {what}" for what in _unreadable(verdict)]
    set_seconds(10.0)
    for key in KINDS[:3]:
        if not quietly(exercise, key).check(*course(key).solved).right:
            found.append(f"{key}: the next right answer is not RIGHT")
    return found + probes.differences(before, probes.look({}))
