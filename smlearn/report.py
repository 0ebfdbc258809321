"""What a gradient check found, what it could not have found, and how it says so."""

import html
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

__all__ = ["Check", "GradcheckError", "GradcheckReport"]


class Check(NamedTuple):
    """One check: its name, PASS, FAIL or INCONCLUSIVE, and what was found."""

    name: str
    verdict: str
    detail: str


class GradcheckError(AssertionError):
    """A gradient check that failed; `report` says everything about it."""

    def __init__(self, report: "GradcheckReport"):
        super().__init__(str(report))
        self.report = report


@dataclass(frozen=True)
class GradcheckReport:
    """What a gradient check found, and what it could not have found."""

    verdict: str                       # "PASS", "FAIL" or "INCONCLUSIVE"
    checks: tuple[Check, ...]          # in order; the last one is the first that failed
    worst_index: tuple | None = None   # of the entry of dx furthest off, in tolerances
    analytic_at: float | None = None
    numeric_at: float | None = None
    ratio: float | None = None         # analytic over numeric
    max_error_over_tol: float | None = None
    resolution: float | None = None    # the smallest error that this check was sure to see
    blind_to: tuple[str, ...] = ()     # mistakes that this x and dp could not have exposed
    advice: tuple[str, ...] = ()       # what to use instead
    diagnosis: object = None           # a Finding, if the mistake has a name
    taylor_rate: float | None = None   # of the remainder: near 2 where f bends
    n_evals: int = 0                   # of f
    is_softmax: bool = False
    sweep: Callable | None = field(default=None, repr=False, compare=False)

    def __str__(self) -> str:
        lines = [f"gradcheck: {self.verdict}  ({self.n_evals} evaluations of f)"]
        lines += [f"  {c.verdict:12s} {c.name}{': ' if c.detail else ''}{c.detail}"
                  for c in self.checks]
        if self.worst_index is not None:
            lines.append(f"  worst entry {self.worst_index}: analytic {self.analytic_at:.6g}, "
                         f"numeric {self.numeric_at:.6g}, ratio {self.ratio:.4g}, "
                         f"{self.max_error_over_tol:.2g} tolerances off")
        if self.resolution is not None:
            lines.append(f"  resolution: an error above {self.resolution:.1e} was sure to be seen")
        if self.taylor_rate is not None:
            lines.append(f"  Taylor remainder falls like e^{self.taylor_rate:.2f}")
        if self.diagnosis:
            lines.append(f"  diagnosis: {self.diagnosis}")
        if self.blind_to:
            lines.append("  with this x and dp alone, these would have passed: "
                         + ", ".join(self.blind_to))
        lines += [f"    {sentence}" for sentence in self.advice]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        return f"<pre>{html.escape(str(self))}</pre>"

    def raise_if_failed(self) -> None:
        """Raise GradcheckError unless the verdict is PASS.

        Raises
        ------
        GradcheckError
            Carries this report as `.report`.
        """
        if self.verdict != "PASS":
            raise GradcheckError(self)

    def plot(self, *, ax=None):
        """Draw the error of the worst entry against the step, with the step used.

        Raises
        ------
        ValueError
            If the check failed before anything was measured.
        """
        if self.sweep is None:
            raise ValueError("plot: a check must reach the numbers to draw them, but this one "
                             "failed before; mend that first")
        from .plotting import plot_steps

        return plot_steps(*self.sweep(), ax=ax)
