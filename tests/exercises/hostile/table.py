"""What an attempt is, and how it is written down.

    @attempt("CRASHED")                  # the function below is the answer
    def the_text_raises(p, dp): ...

    @made("WRONG", key="bias_backward")  # the function below returns the answer
    def memo_by_shape(): ...

    said("exit_itself", "CRASHED", "exit")    # the expression is the answer

The name is what it does; the file is its family. `wanted` is the status that is right; more than
one only where it cannot be decided what the learner meant.
"""

import inspect
import sys
import textwrap
from collections.abc import Callable
from typing import NamedTuple

__all__ = ["TABLE", "Attempt", "attempt", "made", "said"]

KEY = "expected_upstream"


class Attempt(NamedTuple):
    """One attempt, with all that is to be known of it."""

    name: str
    family: str  # the file that it stands in
    write: Callable  # write() returns code: run on a page, it binds `answer`
    make: Callable  # the same in this process: make() returns the answer
    page: dict  # the page that it stands on
    wanted: tuple[str, ...]  # the statuses that are right
    key: str = KEY  # of the exercise that it is handed to
    named: tuple[str, ...] = ()  # keys of the verdict, if one of these is wanted
    words: str = ""  # a pattern that its text must match, if one is given
    short: bool = False  # the time limit matters: it gets trying.SHORT
    kernel: bool = False  # it could end a kernel or Run All: tried in one, too
    only: bool = False  # it makes sense in a kernel alone
    threads: bool = False  # it leaves threads, which the verdict must say
    predicted: bool = False  # its values are tried as predictions, too
    forks: bool = False  # it starts a second process, which must not come back

    def __repr__(self) -> str:
        return f"{self.family}.{self.name}"


TABLE: dict[str, Attempt] = {}


def _note(home: Callable | dict, name: str, write: Callable, make: Callable, wanted: tuple, more):
    page = home if isinstance(home, dict) else home.__globals__
    family = page["__name__"].rpartition(".")[2]
    if name in TABLE:
        raise ValueError(f"two attempts are called {name}; give one another name")
    more["only"] = more.get("only", False)
    more["kernel"] = more.get("kernel", False) or more["only"]
    TABLE[name] = Attempt(name, family, write, make, page, wanted, **more)


def attempt(*wanted: str, **more) -> Callable:
    """Note a function that is the answer itself."""

    def note(f):
        name = f.__name__
        _note(f, name, lambda: f"{_plain(f)}\nanswer = {name}", lambda: f, wanted, more)
        return f

    return note


def made(*wanted: str, **more) -> Callable:
    """Note a function that returns the answer."""

    def note(f):
        name = f.__name__
        _note(f, name, lambda: f"{_plain(f)}\nanswer = {name}()", f, wanted, more)
        return f

    return note


def said(name: str, wanted: str | tuple[str, ...], expression: str, **more) -> None:
    """Note an expression that is the answer; it is evaluated on its page."""
    page = sys._getframe(1).f_globals
    wanted = (wanted,) if isinstance(wanted, str) else wanted
    _note(
        page,
        name,
        lambda: f"answer = {expression}",
        lambda: eval(expression, page),
        wanted,
        more,
    )


def _plain(f: Callable) -> str:
    """Return the source of a function without its decorators."""
    lines = textwrap.dedent(inspect.getsource(f)).splitlines()
    first = next(i for i, line in enumerate(lines) if line.startswith(("def ", "async def ")))
    return "\n".join(lines[first:])
