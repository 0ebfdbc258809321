"""What helps with a task, rung by rung: hints, then the solution; and the page each stands on."""

from dataclasses import dataclass
from typing import NamedTuple

from .._html import Markup, each, tag
from .task import Function, Task

__all__ = ["LAST", "Ladder", "Page", "Rung"]

LAST = "That was the last one; ex.solution() shows the rest."


class Page:
    """A text around a piece of code, in a stable plain form and in an escaped HTML form."""

    def __init__(self, before: str, code: str, after: str):
        self.before, self.code, self.after = before, code, after

    def __repr__(self) -> str:
        return "\n".join(part for part in (self.before, self.code, self.after) if part)

    def _repr_html_(self) -> Markup:
        code = tag("pre", tag("code", self.code)) if self.code else ""
        before, after = (each("p", text.splitlines()) for text in (self.before, self.after))
        return tag("div", before, code, after)


class Rung(NamedTuple):
    """A hint: "Hint 2 of 4", what it says, and code with a gap, if it has any."""

    name: str
    text: str
    code: str


@dataclass(frozen=True, eq=False)
class Ladder:
    """The hints and the solution of a task; the question about a named mistake comes first."""

    task: Task
    question: str = ""

    @property
    def hints(self) -> list[Rung]:
        """All hints, from the shapes to nearly all of the code."""
        said = ([(self.question, "")] if self.question else []) + self.task.ladder
        return [Rung(f"Hint {i} of {len(said)}", *each) for i, each in enumerate(said, 1)]

    @property
    def solution(self) -> Page:
        """The code, and why it is so."""
        lines = [part.solution if isinstance(part, Function) else f"{part.name} = {part.solution}"
                 for part in self.task.parts]
        return Page("", "\n".join(lines), self.task.why)
