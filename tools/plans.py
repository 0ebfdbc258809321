"""Plans of lessons are data, in plans.toml: here they are read and added up.

A plan has sessions, and a session steps. A step is talk, which has minutes of its own, or a page:
read from its top, or from start_at, as far as the heading to stop at, less the sections to leave
out; then the exercises that are named. What a page takes is counted from its cells (minutes.py).
try_plans.py says what is wrong with a plan; teaching.py writes the plans into TEACHING.md.
"""

import itertools
import tomllib
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import nbformat
from nbformat import NotebookNode

import minutes
from copies import task_of

PLANS = Path(__file__).resolve().parent / "plans.toml"
END = "You can now"  # the heading at which a page has been read


class Part(NamedTuple):
    """A cell, the section in which it stands, and the exercise that it belongs to, or ""."""

    section: str
    cell: NotebookNode
    exercise: str


class Step(NamedTuple):
    """Something to do in a lesson; the names are those of plans.toml."""

    talk: str = ""
    minutes: int = 0  # of talk; a page's are counted
    page: str = ""  # "01"
    start_at: str = ""  # "" is the top
    stop_at: str = END
    leave_out: Sequence[str] = ()
    exercises: Sequence[str] = ()
    spare: Sequence[str] = ()  # for who is ready early: tried like the others, not counted


class Session(NamedTuple):
    """One sitting, in class or at home."""

    name: str
    most: int  # minutes
    steps: list[Step]
    at_home: bool = False


class Plan(NamedTuple):
    """Sessions in their order."""

    name: str
    title: str
    sessions: list[Session]


class Taken(NamedTuple):
    """A step of a plan, what it takes, and which cells of its page have been run by then."""

    session: str
    step: Step
    minutes: int
    cells: frozenset[int]


def read(path: Path = PLANS) -> tuple[list[Plan], dict[str, dict]]:
    """Return the plans, and what is said of each page: what to watch for, what to drop first."""
    data = tomllib.loads(path.read_text("utf-8"))
    pages = data.pop("page")
    return [plan(name, table) for name, table in data.items()], pages


def plan(name: str, table: dict) -> Plan:
    """Make a plan of a table of plans.toml.

    Raises
    ------
    ValueError
        If a step has something that no step has.
    """
    sessions = [Session(**each) for each in table["sessions"]]
    for strange in {key for session in sessions for step in session.steps for key in step}:
        if strange not in Step._fields:
            known = ", ".join(Step._fields)
            raise ValueError(f"{name}: a step has no {strange!r}; it may have {known}")
    made = [each._replace(steps=[Step(**step) for step in each.steps]) for each in sessions]
    return Plan(name, table["title"], made)


def in_a_hurry(number: str, hurry: list[dict]) -> Plan:
    """Return a page less what is to be dropped first, as a plan, so that it is tried like one.

    A name that the page does not have gets into the plan, whose trial tells of it.
    """
    unread, at_home, run_only = (
        [each[kind] for each in hurry if kind in each]
        for kind in ("leave_out", "at_home", "run_only")
    )
    unread += set(run_only) - set(headings(number))
    done = sorted(set(exercises(number)) ^ set(at_home))
    step = Step(page=number, leave_out=unread, exercises=done)
    session = Session("the page", minutes.LONGEST, [step])
    return Plan("when time runs out", "", [session])


@cache
def path_of(page: str, folder: Path = minutes.NOTEBOOKS) -> Path:
    """Return the file of a page, by its number.

    Raises
    ------
    ValueError
        If there is none.
    """
    if not (found := sorted(folder.glob(f"{page}_*.ipynb"))):
        raise ValueError(f"there is no page {page!r}; name one by its number, such as 01")
    return found[0]


@cache
def parts(page: str) -> list[Part]:
    """Return the cells of a page; the text right above an exercise's cell belongs to that."""
    notebook = nbformat.read(path_of(page), as_version=4)
    found = [
        Part(section, cell, task.key if (task := task_of(cell)) else "")
        for section, cells in minutes.sections(notebook).items()
        for cell in cells
    ]
    for at, (above, below) in enumerate(itertools.pairwise(found)):
        if below.exercise and "**Exercise" in above.cell.source:
            found[at] = above._replace(exercise=below.exercise)
    return found


def headings(page: str) -> list[str]:
    """Return the sections of a page, top to bottom; the first is its title."""
    return list(dict.fromkeys(part.section for part in parts(page)))


def exercises(page: str) -> list[str]:
    """Return the keys of a page's exercises, top to bottom."""
    return list(dict.fromkeys(part.exercise for part in parts(page) if part.exercise))


def chosen(step: Step, keys: Sequence[str]) -> set[int]:
    """Return which cells of its page a step has, with these exercises; the title's are among."""
    names = headings(step.page)
    first = names.index(step.start_at) if step.start_at else 0
    kept = {names[0], *names[first : names.index(step.stop_at)]} - set(step.leave_out)
    return {
        at
        for at, part in enumerate(parts(step.page))
        if (part.exercise in keys if part.exercise else part.section in kept)
    }


def walked(plan: Plan) -> Iterator[Taken]:
    """Yield each step with what it takes, and the cells of its page that have been run by then.

    What was read before, in class, is run again at home, and counts once.
    """
    done: dict[str, set[int]] = {}
    tried: dict[str, set[int]] = {}  # with the exercises for who is ready early
    for session in plan.sessions:
        for step in session.steps:
            if not step.page:
                yield Taken(session.name, step, step.minutes, frozenset())
                continue
            before, mine = done.get(step.page, set()), chosen(step, step.exercises)
            done[step.page] = before | mine
            tried[step.page] = tried.get(step.page, set()) | chosen(
                step, [*step.exercises, *step.spare]
            )
            cells = [parts(step.page)[at].cell for at in sorted(mine - before)]
            yield Taken(session.name, step, minutes.of(cells).all, frozenset(tried[step.page]))
