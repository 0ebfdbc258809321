"""A question about a wrong dx: its answers are what dx would be, had you made this mistake."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from .._inputs import Array
from .columns import Columns

__all__ = ["Answers", "Question", "asks", "flat"]

Answers = Iterator[tuple[Array, str]]    # what dx would be, and words for the sentence


class Question(NamedTuple):
    """Ask it of columns; what it says where an answer fits, and what to think about then."""

    ask: Callable[[Columns], Answers]
    what: str
    todo: str


def asks(what: str, todo: str) -> Callable[[Callable], Question]:
    """Make a question of a function, with its sentences."""
    return lambda ask: Question(ask, what, todo)


def flat(a: Array) -> Array:
    """Return a row for each upstream."""
    return a.reshape(len(a), -1)
