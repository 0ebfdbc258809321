"""What is right and wrong on a page, and what to ask, in the package's words, for teaching.py.

In plans.toml a mistake has a name: "exercise/mistake"; for a value or a name that is answered,
"exercise/part=answer"; "wall/mistake" for one of the list that 07 puts through its checks.
"""

import re
from collections.abc import Iterator

from smlearn.exercises import TASKS
from smlearn.exercises.task import Answer, Function, Task
from smlearn.mistakes import MISTAKES

Told = tuple[str, str, str]  # what was done, what to ask, where


def slip(number: str, name: str) -> Told:
    """Return what was done, what to ask, and where, for a name in `watch` of plans.toml.

    Raises
    ------
    ValueError
        If the package knows no such mistake, or knows it on another page.
    """
    key, _, which = name.partition("/")
    known = dict(wall() if key == "wall" else told(TASKS[key]) if key in TASKS else ())
    if which not in known or (key != "wall" and TASKS[key].notebook != number):
        listed = f"; there are {', '.join(known)}" if known else ""
        raise ValueError(f"plans.toml, page {number}: {name!r} is no mistake of that page{listed}")
    return known[which]


def wall() -> Iterator[tuple[str, Told]]:
    """Yield the mistakes of 07's wall, with why a weak check lets them through."""
    for key, known in MISTAKES.items():
        where = f"the wall. Why it gets through: {safe(known.survives)}"
        yield key, (safe(known.did), safe(known.ponder), where)


def told(task: Task) -> Iterator[tuple[str, Told]]:
    """Yield the mistakes that an exercise knows, each by its name in plans.toml."""
    for part in task.parts:
        if isinstance(part, Function):
            for wrong in part.wrongs:
                yield wrong.key, (safe(wrong.did), safe(wrong.ponder), f"`{task.key}`")
        else:
            for value, said in (part.slips if isinstance(part, Answer) else part.others).items():
                shown = f"answer `{part.name} = {short(value)}`"
                yield f"{part.name}={value}", (shown, safe(said), f"`{task.key}`")


def right(task: Task) -> str:
    """Return what is right: values and names; code is long, and ex.solution() shows it."""
    found = []
    for part in task.parts:
        if isinstance(part, Function):
            found.append("the code")
        else:
            plain = isinstance(part.value, float) and not getattr(part, "code", "")
            free = " or others" if getattr(part, "accepts", None) or part.also else ""
            said = short(part.value) if plain else part.solution
            found.append(f"`{part.name} = {said}`{free}")
    return ", ".join(found)


def short(value: object) -> object:
    """Return a number with six digits; anything else as it is."""
    return f"{value:.6g}" if isinstance(value, float) else value


def safe(text: str) -> str:
    """Return text so that Markdown shows it as it is, in a cell of a table."""
    return re.sub(r"([*_|<])", r"\\\1", text)
