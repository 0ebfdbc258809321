"""What is found about an answer or a backward pass, in plain words: what a verdict consists of."""

from dataclasses import dataclass, field

from .._inputs import Array

__all__ = ["CRASHED", "RIGHT", "TODO", "WRONG", "Finding"]

TODO, WRONG, CRASHED, RIGHT = "TODO", "WRONG", "CRASHED", "RIGHT"


@dataclass(frozen=True)
class Finding:
    """One thing that was found: a line each for what it is, how it shows, and what to do next."""

    key: str              # the name of the mistake, of the broken law ...; "" if it has none
    what: str
    evidence: str = ""
    todo: str = ""
    status: str = WRONG
    question: str = ""    # where the mistake is a known one: the first hint
    error: BaseException | None = field(default=None, compare=False)    # what code raised
    args: tuple = field(default=(), compare=False)    # the arguments that it was seen with
    yours: Array | None = field(default=None, compare=False)    # where numbers are wrong: these,
    target: Array | None = field(default=None, compare=False)    # and the right ones
    often: str = ""       # the key of a known mistake that is often behind it

    @property
    def lines(self) -> tuple[str, ...]:
        """At most three: what it is, how it shows, what to do next."""
        return tuple(line for line in (self.what, self.evidence, self.todo) if line)

    @property
    def right(self) -> bool:
        """Whether nothing is wrong."""
        return self.status == RIGHT

    def __str__(self) -> str:
        return " ".join(self.lines)
