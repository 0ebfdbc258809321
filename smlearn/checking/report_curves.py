"""A report as curves: the error against the step, and how fast Taylor's remainder falls."""

from .compare import sweep
from .report_words import how_far_apart, how_it_falls

__all__ = ["draw"]


def draw(report):
    """Draw both, side by side; return the first axes."""
    from ..figures.page import new_figure

    left, right = new_figure(9, 4.2, columns=2)[1]
    _draw_steps(report, left)
    _draw_taylor(report, right)
    return left


def _draw_steps(report, ax) -> None:
    from ..figures.checks import plot_steps, plot_words, put_title

    steps, errors = sweep(report.case, report.measured)
    if not (errors > 0).any():
        plot_words(f"{how_far_apart(report)}, with every step", ax=ax)
        return
    tol = report.measured.tol[report.worst_index]
    plot_steps(steps, errors, report.case.h, tol=tol, ax=ax)
    put_title(ax, how_far_apart(report))


def _draw_taylor(report, ax) -> None:
    from ..figures.checks import plot_taylor, plot_words, put_title

    if report.taylor is None or report.taylor.exact:
        plot_words(how_it_falls(report), ax=ax)
        return
    plot_taylor(report.taylor.steps, report.taylor.without, report.taylor.remainder, ax=ax)
    put_title(ax, how_it_falls(report)).set_ylabel("size", fontsize=12)
