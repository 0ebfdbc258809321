"""What is found about an answer or a backward pass, in plain words: what a verdict consists of."""

from dataclasses import dataclass, field

from .._door import Array

__all__ = ["CRASHED", "RIGHT", "TODO", "WRONG", "Finding"]

TODO, WRONG, CRASHED, RIGHT = "TODO", "WRONG", "CRASHED", "RIGHT"


@dataclass(frozen=True)
class Finding:
    """One thing that was found.

    Attributes
    ----------
    key : str
        The name of the mistake, of the broken law or of what else was found; "" if none.
    what, evidence, todo : str
        A line each, or "": what it is, how it shows, what to do next.
    status : str
        "TODO", "WRONG", "CRASHED" or "RIGHT".
    question : str
        Where the mistake is a known one: the first hint.
    error : BaseException or None
        What learner code raised.
    args : tuple
        The arguments that it was seen with.
    yours, target : ndarray or None
        The numbers, where they are what is wrong.
    often : str
        The key of a known mistake that is often behind it.
    """

    key: str
    what: str
    evidence: str = ""
    todo: str = ""
    status: str = WRONG
    question: str = ""
    error: BaseException | None = field(default=None, compare=False)
    args: tuple = field(default=(), compare=False)
    yours: Array | None = field(default=None, compare=False)
    target: Array | None = field(default=None, compare=False)
    often: str = ""

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
