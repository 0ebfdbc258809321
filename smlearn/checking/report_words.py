"""A report in plain words: a line for each check, and a line for each remark."""

from collections.abc import Iterator
from dataclasses import replace

from .shares import enough
from .turned import told

__all__ = ["BLIND", "how_far_apart", "how_it_falls", "in_words", "rate", "resolution",
           "said_already", "shown", "size", "times", "why_not_asked", "worst"]

BLIND = "this x and dp alone could not have exposed"


def in_words(report) -> str:
    """Tell all of a GradcheckReport."""
    checks = [f"  {c.verdict:12s} {told(c.name, report.row)}{': ' if c.detail else ''}{c.detail}"
              for c in report.checks]
    return "\n".join([f"gradcheck: {report.verdict}  ({report.n_evals} evaluations of f)",
                      *checks, *(f"  {remark}" for remark in _remarks(report))])


def _remarks(report) -> Iterator[str]:
    if report.not_asked:
        laws = told(", ".join(report.not_asked), report.row)
        yield f"not asked, since {why_not_asked(report)}: {laws}"
    yield from report.notes
    if report.measured:
        which, at = shown(report)
        analytic, numeric, ratio = worst(at)
        yield (f"{which} {at.worst_index}: analytic {analytic}, numeric {numeric}, "
               f"ratio {ratio}, {_tolerances(at)} off")
        yield f"resolution: {resolution(report)}"
    if report.taylor:
        yield f"Taylor: {rate(report.taylor)}"
    if report.diagnosis and not said_already(report):
        yield f"diagnosis: {report.diagnosis}"
    if report.blind_to:
        yield f"{BLIND}: {', '.join(report.blind_to)}"
    yield from report.advice


def why_not_asked(report) -> str:
    """Say why some laws mean nothing here."""
    return told("there is one row" if report.is_softmax else "f is no softmax", report.row)


def said_already(report) -> bool:
    """Whether a check has the diagnosis's own words, whatever the input."""
    said = report.checks[-1].detail
    return "vjp returned" in said and str(report.diagnosis).startswith(said)


def shown(report) -> tuple[str, object]:
    """Return which entry to show, and the report at it."""
    which = "worst entry" if report.max_error_over_tol > 1 else "largest entry"
    return which, replace(report, measured=report.measured.told)


def worst(report) -> tuple[str, str, str]:
    """Write the worst entry both ways, and the ratio, in digits that show an error if it is one.

    Examples
    --------
    >>> from types import SimpleNamespace as Report
    >>> worst(Report(analytic_at=0.2, numeric_at=0.1, ratio=2.0, max_error_over_tol=9e9))
    ('0.2', '0.1', '2')
    >>> worst(Report(analytic_at=1 + 2e-8, numeric_at=1.0, ratio=1 + 2e-8, max_error_over_tol=9))
    ('1.00000002', '1', '1.00000002')
    """
    mine, measured = report.analytic_at, report.numeric_at
    n = 6 if report.max_error_over_tol <= 1 else enough(mine, measured)
    return f"{mine:.{n}g}", f"{measured:.{n}g}", f"{report.ratio:.{n if n > 6 else 4}g}"


def size(value: float, report) -> str:
    """Write a tolerance or a resolution: an estimate has one digit, the next is the processor's.

    Examples
    --------
    >>> from types import SimpleNamespace as Report
    >>> size(1.64e-10, Report(is_softmax=True)), size(2.38e-8, Report(is_softmax=False))
    ('1.6e-10', '2e-08')
    """
    return f"{value:.{1 if report.is_softmax else 0}e}"


def times(report) -> str:
    """Say how many tolerances off the worst entry is, in one digit.

    Below 1 it is rounding, which another processor does otherwise: there no digit is told.

    Examples
    --------
    >>> from types import SimpleNamespace as Report
    >>> [times(Report(max_error_over_tol=over)) for over in (0.14, 1.0, 1.04, 94, 2.24e8)]
    ['at most 1', 'at most 1', 'more than 1', '90', '2e+08']
    """
    if report.max_error_over_tol <= 1:
        return "at most 1"
    said = f"{float(f'{report.max_error_over_tol:.1g}'):g}"
    return "more than 1" if said == "1" else said


def _tolerances(report) -> str:
    said = times(report)
    return f"{said} tolerance{'' if said.endswith(' 1') else 's'}"


def resolution(report) -> str:
    """Say how small an error would have been seen."""
    sure = "was sure to be seen" if report.is_softmax else "is seen, by estimate"
    return f"an error above {size(report.resolution, report)} {sure}"


def rate(taylor) -> str:
    """Say how fast the remainder falls."""
    return ("nothing is left to fit a rate to, f is nearly straight here" if taylor.exact else
            f"the remainder falls like e^{taylor.rate:.2f}")


def how_far_apart(report) -> str:
    """Say what the error of the worst entry comes to, at the step used; or why to nothing."""
    if report.verdict == "INCONCLUSIVE":
        return f"Nothing is decided: {report.checks[-1].detail}"
    over, entry = report.max_error_over_tol, f"Entry {report.worst_index}: measured and analytic"
    if not over:
        return f"{entry} agree to the last digit"
    return f"{entry} {'agree,' if over <= 1 else 'are'} {_tolerances(report)} apart"


def how_it_falls(report) -> str:
    """Say what the Taylor test comes to, and what a right gradient would, where that is clear."""
    if report.taylor is None:
        return "No Taylor rate: a step leaves the region where f is defined"
    if report.taylor.exact:
        return f"No Taylor rate: {rate(report.taylor)}"
    fell = f"What the gradient leaves falls like the step to the power {report.taylor.rate:.2f}"
    wrong, slow = report.max_error_over_tol > 1, report.taylor.rate < 1.5
    if report.verdict == "INCONCLUSIVE" or wrong != slow:
        return fell
    return f"{fell}; a right one leaves the power 2" if wrong else f"{fell}, as it should"
