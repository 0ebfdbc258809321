"""Figures about checks: how fast a remainder falls, and which check saw which mistake."""

import numpy as np
from matplotlib.axes import Axes

from .._inputs import Array
from .page import COLOURS, new_figure

__all__ = ["plot_taylor", "plot_wall"]


def plot_taylor(steps: Array, without: Array, remainder: Array, *, ax: Axes | None = None) -> Axes:
    """Draw how fast the change of a loss, and what its gradient leaves of it, fall with the step.

    Parameters
    ----------
    steps, without, remainder : (N,) array_like
        The step e, the change of the loss, and that change minus e times the slope.
    """
    ax = ax or new_figure(7, 3.8)[1]
    ax.loglog(steps, without, "^--", color=COLOURS[1], ms=5, lw=1.2, label="change of the loss")
    ax.loglog(steps, remainder, "o-", color=COLOURS[0], ms=4, lw=1.2, label="less the gradient")
    ax.set_xlabel("step e", fontsize=12)
    ax.legend(frameon=False, fontsize=11)
    return ax


def plot_wall(caught: Array, rows: list[str], columns: list[str], *,
              ax: Axes | None = None) -> Axes:
    """Draw which check (a column) caught which mistake (a row): a dark cross, or an empty field.

    Parameters
    ----------
    caught : (N, M) array_like of bool
    rows : N strings
        The mistakes.
    columns : M strings
        The checks; under each stands how many mistakes it let through.
    """
    caught = np.asarray(caught, bool)
    ax = ax or new_figure(2.9 + 0.78 * len(columns), 1.3 + 0.25 * len(rows))[1]
    ax.imshow(~caught, cmap="Greys", vmin=-0.25, vmax=4, aspect="auto")
    y, x = np.nonzero(caught)
    ax.plot(x, y, "x", color=COLOURS[0], ms=6, mew=2)
    ax.set_xticks(range(len(columns)), columns, fontsize=10)
    ax.xaxis.tick_top()
    ax.set_yticks(range(len(rows)), rows, fontsize=10)
    for k, missed in enumerate((~caught).sum(axis=0)):
        ax.text(k, len(rows) - 0.1, f"{missed} blind", ha="center", va="center", fontsize=10)
    ax.vlines(np.arange(len(columns) + 1) - 0.5, -0.5, len(rows) - 0.5, color="0.85", lw=0.8)
    ax.hlines(np.arange(len(rows) + 1) - 0.5, -0.5, len(columns) - 0.5, color="0.85", lw=0.8)
    ax.set_ylim(len(rows) + 0.4, -0.5)
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    return ax
