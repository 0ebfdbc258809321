"""What a check says: TODO, WRONG, CRASHED or RIGHT, one finding, and what to do next.

Three lines at most, in plain text and in HTML; for wrong numbers the HTML adds three small tables,
yours, target and difference. Signs and words carry the meaning, no colour does, and nothing varies
from run to run.
"""

import copy
from dataclasses import dataclass

import numpy as np

from .._html import each, join, tag
from ..mistakes.finding import CRASHED, RIGHT, TODO, WRONG, Finding
from .number_tables import tables
from .sandbox.plain_data import one_line

__all__ = ["CRASHED", "RIGHT", "TODO", "WRONG", "ExerciseFailed", "Page", "Verdict"]

PRINTED_LINES = 3


class ExerciseFailed(AssertionError):
    """A WRONG or CRASHED answer where SMLEARN_STRICT=1 asks for an error; see `.verdict`."""

    def __init__(self, verdict: "Verdict"):
        super().__init__(str(verdict))
        self.verdict = verdict


class Page:
    """A text around a piece of code, in a stable plain form and in an escaped HTML form."""

    def __init__(self, before: str, code: str, after: str):
        self.before, self.code, self.after = before, code, after

    def __repr__(self) -> str:
        return "\n".join(part for part in (self.before, self.code, self.after) if part)

    def _repr_html_(self) -> str:
        code = tag("pre", tag("code", self.code)) if self.code else ""
        before, after = (each("p", text.splitlines()) for text in (self.before, self.after))
        return tag("div", before, code, after)


@dataclass(frozen=True, repr=False)
class Verdict(Finding):
    """A finding about one answer, as the page shows it.

    Attributes
    ----------
    status : str
        "TODO", "WRONG", "CRASHED" or "RIGHT".
    lines : tuple of str
        At most three: the finding, the evidence, what to do next.
    key : str
        The name of the mistake, of the broken law or of what else was found; "" if none.
    error : BaseException or None
        What learner code raised.
    args : tuple
        The arguments that it was seen with: try yours on them.
    yours, target : ndarray or None
        The numbers for the tables.
    question : str
        Where the mistake is a known one: the first hint.
    printed : str
        What learner code printed.
    left : tuple of str
        What could not be put back after it; said last.
    """

    printed: str = ""
    left: tuple[str, ...] = ()

    @classmethod
    def of(cls, finding: Finding, printed: str, left: tuple[str, ...]) -> "Verdict":
        """Show a finding, with arrays of its own: who writes into them changes nobody else's."""
        known = vars(finding)
        own = copy.deepcopy({name: known[name] for name in ("args", "yours", "target")})
        return cls(**known | own, printed=printed, left=left)

    def __str__(self) -> str:
        first, *rest = self.lines
        return "\n".join([f"{self.status}  {first}", *rest, *self._quoted(), *self.left])

    __repr__ = __str__

    def _quoted(self) -> list[str]:
        lines = list(map(one_line, self.printed.strip().splitlines()))
        if not lines or self.status in (RIGHT, TODO):
            return []
        more = ["> ..."] if len(lines) > PRINTED_LINES else []
        return ["It printed:"] + [f"> {line[:90]}" for line in lines[:PRINTED_LINES]] + more

    def _repr_html_(self) -> str:
        first, *rest = self.lines
        parts = [each("p", [join(tag("strong", self.status), f" {first}"), *rest])]
        if self.yours is not None and np.ndim(self.target):
            parts.append(tables(self.yours, self.target))
        if quoted := self._quoted():
            parts.append(tag("pre", "\n".join(quoted)))
        return tag("div", *parts, each("p", self.left))
