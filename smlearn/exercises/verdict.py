"""What a check says: TODO, WRONG, CRASHED or RIGHT, one finding, and what to do next.

Three lines at most in plain text, and a card in HTML (card.py), which adds the numbers and the
help. Nothing varies from run to run.
"""

import copy
from dataclasses import dataclass, field

from .._html import Markup
from ..mistakes.finding import CRASHED, RIGHT, TODO, WRONG, Finding
from .card import card
from .ladder import Ladder
from .sandbox.plain_data import one_line
from .task import Task

__all__ = ["CRASHED", "RIGHT", "TODO", "WRONG", "ExerciseFailed", "Verdict"]

PRINTED_LINES = 3


class ExerciseFailed(AssertionError):
    """A WRONG or CRASHED answer where SMLEARN_STRICT=1 asks for an error; see `.verdict`."""

    def __init__(self, verdict: "Verdict"):
        super().__init__(str(verdict))
        self.verdict = verdict


@dataclass(frozen=True, repr=False)
class Verdict(Finding):
    """A finding about one answer, as the page shows it.

    Attributes
    ----------
    status : str
        "TODO", "WRONG", "CRASHED" or "RIGHT".
    lines : tuple of str
        At most three: the finding, the evidence, what to do next.
    what, evidence, todo : str
        The three lines, as they are made.
    often : str
        The key of a known mistake that is often behind it.
    key : str
        The name of the mistake, of the broken law or of what else was found; "" if none.
    error : BaseException or None
        What learner code raised.
    args : tuple
        The arguments that it was seen with: try yours on them.
    yours, target : ndarray or None
        The numbers for the table.
    question : str
        Where the mistake is a known one: the first hint.
    printed : str
        What learner code printed.
    left : tuple of str
        What could not be put back after it; said last.
    ladder : Ladder
        The hints and the solution that are folded below it in HTML.
    """

    printed: str = ""
    left: tuple[str, ...] = ()
    ladder: Ladder = field(kw_only=True, compare=False)

    @classmethod
    def of(cls, finding: Finding, task: Task, printed: str, left: tuple[str, ...]) -> "Verdict":
        """Show a finding, with arrays of its own: who writes into them changes nobody else's."""
        known = vars(finding)
        own = copy.deepcopy({name: known[name] for name in ("args", "yours", "target")})
        asked = finding.question if finding.question == finding.todo else ""    # else it is said
        return cls(**known | own, printed=printed, left=left, ladder=Ladder(task, asked))

    def __bool__(self) -> bool:
        return self.right    # `assert ex.check(f)`, in a test of a teacher's, can fail

    def __str__(self) -> str:
        first, *rest = self.lines
        return "\n".join([f"{self.status}  {first}", *rest, *self.quoted(), *self.left])

    __repr__ = __str__

    def quoted(self) -> list[str]:
        """What learner code printed, in a few lines, where it may help."""
        lines = list(map(one_line, self.printed.strip().splitlines()))
        if not lines or self.status in (RIGHT, TODO):
            return []
        more = ["> ..."] if len(lines) > PRINTED_LINES else []
        return ["It printed:"] + [f"> {line[:90]}" for line in lines[:PRINTED_LINES]] + more

    def _repr_html_(self) -> Markup:
        return card(self)
