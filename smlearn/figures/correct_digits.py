"""Figures about digits: where exp has any, and how many a formula leaves right."""

import numpy as np
from matplotlib.axes import Axes

from .._inputs import ArrayLike
from .page import COLOURS, LINES, MARKERS, new_figure

__all__ = ["plot_errors", "plot_ranges"]


def plot_ranges(edges: ArrayLike, names: list[str], *, ax: Axes | None = None) -> Axes:
    """Draw for which x exp(x) has all its digits, fewer, and none, in several precisions.

    Parameters
    ----------
    edges : (N, 3) array_like
        In each precision the x below which exp(x) is 0, below which it loses digits, and above
        which it overflows.
    names : N strings
        The precisions, from the top.
    ax : Axes, optional
        Where to draw; default a figure of its own.

    Returns
    -------
    ax : Axes
        What was drawn into.
    """
    edges = np.asarray(edges)
    ax = ax or new_figure(7, 0.9 + 0.62 * len(names))[1]
    zero, normal, over = edges.T
    rows = np.arange(len(names))
    ax.barh(rows, over - normal, left=normal, height=0.5, color=COLOURS[5], label="all digits")
    ax.barh(rows, normal - zero, left=zero, height=0.5, facecolor=COLOURS[4], hatch="////",
            edgecolor="w", lw=0, label="fewer digits")    # no edge, which would cover a thin one
    for row, marks in enumerate(edges):
        for mark, side, shift in zip(marks, ("right", "left", "left"), (-4, 4, 4), strict=True):
            ax.annotate(f"{mark:.1f}", (mark, row), (shift, 0), textcoords="offset points",
                        ha=side, va="center", fontsize=11)
    ax.set_xscale("symlog", linthresh=10)
    ax.set(xlim=(-4000, 4000), ylim=(len(names) - 0.5, -0.5))
    ax.set_xticks([-1000, -100, -10, 0, 10, 100, 1000], [-1000, -100, -10, 0, 10, 100, 1000])
    ax.set_yticks(rows, names)
    ax.set_xlabel("x: below, exp(x) is 0; above, it is inf", fontsize=12)
    ax.legend(frameon=False, fontsize=11, ncols=2, loc="lower center", bbox_to_anchor=(0.5, 1))
    return ax


def plot_errors(scales: ArrayLike, errors: ArrayLike, names: tuple[str, ...] = (), *,
                ax: Axes | None = None) -> Axes:
    """Draw the worst relative error of several formulas against the scale of the logits.

    Parameters
    ----------
    scales : (N,) array_like
        Positive.
    errors : (M, N) array_like
        A row per formula. An error of 1 or more, no digit right, is drawn at 1. Later formulas
        get larger, open markers, so that those which agree can both be seen.
    names : M strings, optional
        For a legend.
    ax : Axes, optional
        Where to draw; default a figure of its own.

    Returns
    -------
    ax : Axes
        What was drawn into.
    """
    ax = ax or new_figure(6.4, 4.2)[1]
    for k, row in enumerate(np.minimum(errors, 1)):
        ax.loglog(scales, row, LINES[k] + MARKERS[k], color=COLOURS[k], lw=2, ms=7 + 3 * k,
                  markerfacecolor=COLOURS[k] if k == 0 else "none", markeredgewidth=1.8,
                  label=names[k] if names else None)
    ax.set_xticks(scales, [f"{scale:g}" for scale in scales])
    ax.minorticks_off()
    ax.set(ylim=(1e-17, 20), yticks=10.0 ** np.arange(-16, 1, 4))
    ax.tick_params(axis="y", labelsize=13)    # exponents have 7/10 of it, and are read on paper
    ax.set_xlabel("scale of the logits", fontsize=12)
    ax.set_ylabel("worst relative error", fontsize=12)
    if names:
        ax.legend(frameon=False, fontsize=11)
    return ax
