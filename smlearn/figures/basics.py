"""Figures: arrays in, Axes out. Bars, nudges, matrices."""

import numpy as np
from matplotlib.axes import Axes

from .._inputs import Array, ArrayLike
from .page import COLOURS, LINES, SIGNED, new_figure

__all__ = ["plot_bars", "plot_matrix", "plot_nudge"]


def plot_bars(values: ArrayLike, names: list[str], *, marked: int | None = None,
              ax: Axes | None = None) -> Axes:
    """Draw one horizontal bar per name, from the top, each with its number.

    Parameters
    ----------
    values : (N,) array_like
        How long each bar is.
    names : N strings
        One a bar.
    marked : int, optional
        The bar to set apart, by colour and by hatching.
    ax : Axes, optional
        Where to draw; default a figure of its own.

    Returns
    -------
    ax : Axes
        What was drawn into.
    """
    ax = ax or new_figure(7, 0.6 + 0.42 * len(names))[1]
    bars = ax.barh(range(len(names)), values, color=COLOURS[0], height=0.65)
    if marked is not None:
        bars[marked].set(facecolor=COLOURS[1], hatch="//", edgecolor="w")
    ax.bar_label(bars, fmt="%g", padding=4, fontsize=11)
    ax.set_yticks(range(len(names)), names, fontsize=11)
    ax.invert_yaxis()
    ax.spines[["bottom", "left"]].set_visible(False)
    ax.tick_params(left=False, bottom=False, labelbottom=False)
    return ax


def plot_nudge(shift: ArrayLike, p: Array, names: tuple[str, ...], *,
               ax: Axes | None = None) -> Axes:
    """Draw each probability as one logit moves; the line at 0 is where the bird stands.

    Parameters
    ----------
    shift : (N,) array_like
        What is added to one logit.
    p : (N, D) ndarray
        The probabilities there.
    names : D strings
        One a class, written at the end of its line.
    ax : Axes, optional
        Where to draw; default a figure of its own.

    Returns
    -------
    ax : Axes
        What was drawn into.
    """
    ax = ax or new_figure(7, 3.8)[1]
    for k, name in enumerate(names):
        ax.plot(shift, p[:, k], LINES[k], color=COLOURS[k], lw=2.2)
        side = 0 if p[0, k] > p[-1, k] else -1
        ax.annotate(name, (shift[side], p[side, k]), (-6 if side else 6, 4), color=COLOURS[k],
                    fontsize=12, textcoords="offset points", ha="right" if side else "left")
    ax.axvline(0, color="0.35", lw=1)
    ax.set(xlim=(shift[0], shift[-1]), ylim=(0, 1.06))
    ax.set_ylabel("probability p", fontsize=12)
    return ax


def plot_matrix(M: ArrayLike, names: tuple[str, ...] = (), *, limit: float = 0.25, digits: int = 3,
                size: float = 12, ax: Axes | None = None) -> Axes:
    """Draw a signed matrix as a heat map with its numbers; white is 0, blank is exactly 0.

    Parameters
    ----------
    M : (N, D) array_like
        Signed numbers.
    names : D strings
        For the columns, and for the rows where there are as many. None: no ticks.
    limit : float
        The colours end at -limit and +limit; the entries of a softmax Jacobian stay within 1/4.
    digits, size : int, float
        Decimals and font size of the numbers.
    ax : Axes, optional
        Where to draw; default a figure of its own.

    Returns
    -------
    ax : Axes
        What was drawn into.
    """
    M = np.asarray(M)
    ax = ax or new_figure(4.6, 4.2)[1]
    ax.imshow(M, cmap=SIGNED, vmin=-limit, vmax=limit)
    for (i, j), value in np.ndenumerate(M):
        dark = abs(value) > 0.6 * limit
        label = f"{value:+.{digits}f}" if value else ""
        ax.text(j, i, label, ha="center", va="center", fontsize=size, color="w" if dark else "k")
    ax.set_xticks(range(len(names)), names, fontsize=11)
    ax.set_yticks(range(len(names)), names, fontsize=11)
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    return ax
