"""What a gradient check found, what it could not have found, and how it says so."""

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from .._html import Markup
from .._refusals import refusal, speaks
from .adjoint_and_taylor import Taylor
from .backward_pair import Case
from .compare import Measured
from .report_curves import draw
from .report_picture import picture
from .report_words import how_far_apart, how_it_falls, in_words

__all__ = ["Check", "GradcheckError", "GradcheckReport"]


class Check(NamedTuple):
    """One check: its name, PASS, FAIL or INCONCLUSIVE, and what was found."""

    name: str
    verdict: str
    detail: str


class GradcheckError(AssertionError):
    """A gradient check that did not pass; `report` says everything about it."""

    def __init__(self, report: "GradcheckReport"):
        super().__init__(str(report))
        self.report = report


@dataclass(frozen=True, repr=False)
class GradcheckReport:
    """What a gradient check found, and what it could not have found.

    At the end of a cell it is a picture, printed it is text; it is true if the verdict is PASS, so
    that `assert gradcheck(...)` is a test. Numbers are None where the check ended before anything
    was measured.

    Attributes
    ----------
    verdict : str
        "PASS", "FAIL" or "INCONCLUSIVE".
    checks : tuple of Check
        In order; one that did not pass is the last.
    blind_to : tuple of str
        Mistakes that this x and dp could not have exposed.
    advice : tuple of str
        What to use instead.
    diagnosis : Finding or None
        What there is to say, if anything.
    case : Case
        What was checked.
    measured : Measured or None
        Both gradients, and how far apart they may be.
    taylor : Taylor or None
        How fast the remainder falls.
    n_evals : int
        Evaluations of f.
    notes : tuple of str
        How f and its backward pass were read, if not as they stand.
    not_asked : tuple of str
        Laws that say nothing of this f, or of this x.
    row : str
        The word for what softmax runs along.
    """

    verdict: str                  # "PASS", "FAIL" or "INCONCLUSIVE"
    checks: tuple[Check, ...]     # in order; one that did not pass is the last
    blind_to: tuple[str, ...]     # mistakes that this x and dp could not have exposed
    advice: tuple[str, ...]       # what to use instead
    diagnosis: object             # a Finding, if there is something to say
    case: Case = field(compare=False)
    measured: Measured | None = field(compare=False)
    taylor: Taylor | None = field(compare=False)
    n_evals: int                  # of f
    notes: tuple[str, ...] = ()   # how f and its backward pass were read, if not as they stand
    not_asked: tuple[str, ...] = ()    # laws that say nothing of this f, or of this x
    row: str = "row"              # the word for what softmax runs along

    @property
    def is_softmax(self) -> bool:
        """Whether f was recognised as a softmax, by its values."""
        return self.case.is_softmax

    @property
    def worst_index(self) -> tuple[int, ...] | None:
        """Where dx is furthest off, in tolerances."""
        return self.measured and self.measured.worst

    @property
    def analytic_at(self) -> float | None:
        """What the backward pass says there."""
        return self.measured and float(self.measured.analytic[self.measured.worst])

    @property
    def numeric_at(self) -> float | None:
        """What was measured there."""
        return self.measured and float(self.measured.numeric[self.measured.worst])

    @property
    def ratio(self) -> float | None:
        """Analytic over numeric; infinite if only the second is 0, and 1 if both are."""
        if self.measured is None:
            return None
        if self.numeric_at:
            return self.analytic_at / self.numeric_at
        return float(np.inf if self.analytic_at else 1)

    @property
    def max_error_over_tol(self) -> float | None:
        """The worst error in tolerances: above 1 is wrong."""
        return self.measured and self.measured.over

    @property
    def resolution(self) -> float | None:
        """An error above this was sure to be seen, in any entry and with any of the upstreams."""
        return self.measured and self.measured.sure

    def __bool__(self) -> bool:
        return self.verdict == "PASS"    # `assert gradcheck(...)`, as with PyTorch's, can fail

    def __repr__(self) -> str:
        return in_words(self)

    __str__ = __repr__

    def _repr_html_(self) -> Markup:
        return picture(self)

    def raise_if_failed(self) -> None:
        """Raise GradcheckError unless the verdict is PASS.

        Raises
        ------
        GradcheckError
            Carries this report as `.report`.
        """
        if self.verdict != "PASS":
            raise GradcheckError(self)

    @property
    def alt(self) -> str | None:
        """What the plot shows, for show(report.plot(), alt=report.alt)."""
        return self.measured and f"{how_far_apart(self)}. {how_it_falls(self)}.".replace("?.", "?")

    @speaks
    def plot(self):
        """Draw the error of the worst entry against the step, and the Taylor remainder beside it.

        Where nothing is left to draw, a sentence says so.

        Returns
        -------
        ax : Axes
            The first of the two.

        Raises
        ------
        ValueError
            If the check ended before anything was measured.
        """
        if self.measured is None:
            raise refusal(ValueError, "a check must reach the numbers to draw them, but this one "
                          f"failed before, at {self.checks[-1].name!r}; mend that first")
        return draw(self)
