"""Figures about checks: errors against steps, a remainder, which check saw which mistake."""

from textwrap import fill

import numpy as np
from matplotlib.axes import Axes

from .._inputs import ArrayLike
from .page import COLOURS, MARKERS, new_figure

__all__ = ["plot_steps", "plot_taylor", "plot_wall", "plot_words", "put_title"]

LETTERS = 46    # in a line above half of a page's width


def plot_steps(steps: ArrayLike, errors: ArrayLike, used: float | ArrayLike, *,
               names: tuple[str, ...] = (), tol: float | None = None,
               ax: Axes | None = None) -> Axes:
    """Draw the error of measured derivatives against the step, and mark the steps in use.

    Each method has its colour and, on its side of larger steps, its marker; both stand again at
    the top of the upright line that marks its step. An error of 0 leaves a gap.

    Parameters
    ----------
    steps : (N,) array_like
        Powers of 2.
    errors : (N,) or (M, N) array_like
        How far the measurement is from the derivative at each step; a row per method.
    used : float or (M,) array_like
        The step that each method takes. One outside of `steps` is not marked.
    names : M strings, optional
        For a legend.
    tol : float, optional
        Up to where an error is let through: a level line.
    ax : Axes, optional
        Where to draw; default a figure of its own.

    Returns
    -------
    ax : Axes
        What was drawn into.
    """
    ax = ax or new_figure(7, 3.8)[1]
    errors, used = np.atleast_2d(errors), np.atleast_1d(used)
    ax.set_yscale("log", nonpositive="mask")
    alone = len(used) == 1
    # Several: no markers on the noise side, where the curves run so close that they would clash.
    style = {"ms": 4, "lw": 1.2} if alone else {"ms": 6, "lw": 1.6}
    for k, (error, h) in enumerate(zip(errors, used, strict=True)):
        marks = np.flatnonzero(alone | (np.asarray(steps) >= h))
        ax.plot(steps, error, "-" + MARKERS[k], color=COLOURS[k], **style,
                  markevery=list(marks if alone else marks[k // 2::2]),
                  label=names[k] if names else None)
        if np.min(steps) <= h <= np.max(steps):
            _mark_step(ax, h, k, alone)
    if names:
        ax.legend(fontsize=11, frameon=False)
    if tol is not None:
        ax.axhline(tol, color=COLOURS[2], ls=":", lw=1.8)
        ax.text(1, tol, "tolerance", ha="right", va="bottom", fontsize=11,
                transform=ax.get_yaxis_transform())
    ax.set_xscale("log")
    ax.set_xlabel("step h", fontsize=12)
    ax.set_ylabel("|measured - analytic|", fontsize=12)
    return ax


def _mark_step(ax: Axes, h: float, k: int, alone: bool) -> None:
    """Draw an upright line at the step of method k; on top a word, or the method's marker."""
    top = {"transform": ax.get_xaxis_transform()}
    ax.axvline(h, color=COLOURS[k + alone], ls="--", lw=1.2)
    if alone:
        ax.text(h, 1.02, "step used", ha="center", fontsize=11, **top)
    else:
        ax.plot(h, 1.03, MARKERS[k], color=COLOURS[k], ms=8, clip_on=False, **top)


def plot_taylor(steps: ArrayLike, without: ArrayLike, remainder: ArrayLike, *,
                ax: Axes | None = None) -> Axes:
    """Draw how fast the change of a loss, and what its gradient leaves of it, fall with the step.

    Where both are the same, the large hollow marks of the first stand around those of the second.

    Parameters
    ----------
    steps, without, remainder : (N,) array_like
        The step e, the change of the loss, and that change minus e times the slope.
    ax : Axes, optional
        Where to draw; default a figure of its own.

    Returns
    -------
    ax : Axes
        What was drawn into.
    """
    ax = ax or new_figure(7, 3.8)[1]
    ax.loglog(steps, without, "^--", color=COLOURS[1], ms=9, mfc="none", mew=1.4, lw=1.2,
              label="change of the loss")
    ax.loglog(steps, remainder, "o-", color=COLOURS[0], ms=4, lw=1.2,
              label="what the gradient leaves")
    ax.set_xlabel("step ε", fontsize=12)
    ax.legend(frameon=False, fontsize=11, loc="upper left")    # both rise: nothing is there
    return ax


def put_title(ax: Axes, words: str) -> Axes:
    """Write a finding above a plot of half a page's width, in lines that end with a word."""
    ax.set_title(fill(words, LETTERS), fontsize=12, loc="left", pad=22)
    return ax


def plot_words(words: str, *, ax: Axes | None = None) -> Axes:
    """Write a sentence where a plot would be empty."""
    ax = ax or new_figure(7, 3.8)[1]
    ax.axis("off")
    ax.text(0.5, 0.5, fill(words, LETTERS - 10), ha="center", va="center", fontsize=12,
            transform=ax.transAxes)
    return ax


def plot_wall(caught: ArrayLike, rows: list[str], columns: list[str], *,
              ax: Axes | None = None) -> Axes:
    """Draw which check (a column) caught which mistake (a row): a dark cross, or an empty field.

    Parameters
    ----------
    caught : (N, M) array_like of bool
        Whether each check saw each mistake.
    rows : N strings
        The mistakes.
    columns : M strings
        The checks; under each stands to how many mistakes it was blind.
    ax : Axes, optional
        Where to draw; default a figure of its own.

    Returns
    -------
    ax : Axes
        What was drawn into.
    """
    caught = np.asarray(caught, bool)
    ax = ax or new_figure(2.5 + 0.38 * len(columns), 2 + 0.22 * len(rows))[1]
    ax.imshow(~caught, cmap="Greys", vmin=-0.25, vmax=4, aspect="auto")
    y, x = np.nonzero(caught)
    ax.plot(x, y, "x", color=COLOURS[0], ms=6, mew=2)
    names = [name.replace("\n", " ") for name in columns]
    ax.set_xticks(range(len(names)), names, fontsize=10, rotation=60, ha="left",
                  rotation_mode="anchor")
    ax.xaxis.tick_top()
    ax.set_yticks([*range(len(rows)), len(rows) - 0.1], [*rows, "blind to"], fontsize=10)
    for k, missed in enumerate((~caught).sum(axis=0)):
        ax.text(k, len(rows) - 0.1, missed, ha="center", va="center", fontsize=10)
    ax.vlines(np.arange(len(columns) + 1) - 0.5, -0.5, len(rows) - 0.5, color="0.85", lw=0.8)
    ax.hlines(np.arange(len(rows) + 1) - 0.5, -0.5, len(columns) - 0.5, color="0.85", lw=0.8)
    ax.set_ylim(len(rows) + 0.4, -0.5)
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    return ax
