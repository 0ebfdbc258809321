"""What a gradient check found, what it could not have found, and how it says so."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from .._html import each, join, table, tag
from .._refusals import refusal, speaks
from .adjoint_and_taylor import Taylor
from .backward_pair import Case
from .compare import Measured, sweep
from .turned import told

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


@dataclass(frozen=True)
class GradcheckReport:
    """What a gradient check found, and what it could not have found.

    Numbers are None where the check ended before anything was measured.
    """

    verdict: str                  # "PASS", "FAIL" or "INCONCLUSIVE"
    checks: tuple[Check, ...]     # in order; one that did not pass is the last
    blind_to: tuple[str, ...]     # mistakes that this x and dp could not have exposed
    advice: tuple[str, ...]       # what to use instead
    diagnosis: object             # a Finding, if there is something to say
    case: Case = field(repr=False, compare=False)
    measured: Measured | None = field(repr=False, compare=False)
    taylor: Taylor | None = field(repr=False, compare=False)
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

    def _remarks(self) -> Iterator[str]:
        if self.not_asked:
            why = "there is one row" if self.is_softmax else "f is no softmax"
            yield told(f"not asked, since {why}: {', '.join(self.not_asked)}", self.row)
        yield from self.notes
        if self.measured:
            yield (f"worst entry {self.worst_index}: analytic {self.analytic_at:.6g}, numeric "
                   f"{self.numeric_at:.6g}, ratio {self.ratio:.4g}, "
                   f"{self.max_error_over_tol:.2g} tolerances off")
            sure = "was sure to be seen" if self.is_softmax else "is seen, by estimate"
            yield f"resolution: an error above {self.resolution:.1e} {sure}"
        if self.taylor:
            yield ("Taylor: nothing is left to fit a rate to, f is nearly straight here"
                   if self.taylor.exact else
                   f"Taylor: the remainder falls like e^{self.taylor.rate:.2f}")
        if self.diagnosis and not self._said_already():
            yield f"diagnosis: {self.diagnosis}"
        if self.blind_to:
            yield f"this x and dp alone could not have exposed: {', '.join(self.blind_to)}"
        yield from self.advice

    def _said_already(self) -> bool:
        """Whether a check has the diagnosis's own words, whatever the input."""
        said = self.checks[-1].detail
        return "vjp returned" in said and str(self.diagnosis).startswith(said)

    def __str__(self) -> str:
        checks = [f"  {c.verdict:12s} {told(c.name, self.row)}{': ' if c.detail else ''}{c.detail}"
                  for c in self.checks]
        return "\n".join([f"gradcheck: {self.verdict}  ({self.n_evals} evaluations of f)",
                          *checks, *(f"  {remark}" for remark in self._remarks())])

    def _repr_html_(self) -> str:
        verdict, left = tag("b", self.verdict), "text-align:left"
        checks = [c._replace(name=told(c.name, self.row)) for c in self.checks]
        return join(table(join("gradcheck: ", verdict, f" ({self.n_evals} evaluations of f)"),
                          ("check", "verdict", "found"), checks, styles=(left, None, left)),
                    tag("ul", each("li", self._remarks())))

    def raise_if_failed(self) -> None:
        """Raise GradcheckError unless the verdict is PASS.

        Raises
        ------
        GradcheckError
            Carries this report as `.report`.
        """
        if self.verdict != "PASS":
            raise GradcheckError(self)

    @speaks
    def plot(self):
        """Draw the error of the worst entry against the step, and the Taylor remainder beside it.

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
        from ..figures.checks import plot_steps, plot_taylor
        from ..figures.page import new_figure

        axes = new_figure(9, 3.8, columns=2)[1]
        plot_steps(*sweep(self.case, self.measured), self.case.h, ax=axes[0])
        if self.taylor:
            plot_taylor(self.taylor.steps, self.taylor.without, self.taylor.remainder, ax=axes[1])
        return axes[0]
