"""Figures about attention: its pattern beside its gradient, and what it costs in memory."""

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes

from .._inputs import ArrayLike
from .basics import plot_matrix
from .page import COLOURS, MARKERS, new_figure

__all__ = ["plot_memory", "plot_pattern"]


def plot_pattern(p: ArrayLike, dx: ArrayLike, words: list[str]) -> Axes:
    """Draw attention's weights beside the gradient of its scores, with words on both sides.

    A row is a query, a column a key; blank is a key that has no weight. The colours of dx end
    at its largest entry.

    Parameters
    ----------
    p, dx : (T, T) array_like
        The weights, and the gradient of the scores.
    words : T strings
        One for each row and column.

    Returns
    -------
    ax : Axes
        The first of the two.
    """
    axes = new_figure(7, 4.4, columns=2)[1]
    titles = "p: how much a word looks at another", "dx: p times (dp less its mean)"
    for ax, M, end, title in zip(axes, (p, dx), (1, float(np.abs(dx).max())), titles, strict=True):
        plot_matrix(M, tuple(words), limit=end, digits=2, size=9, ax=ax)
        for i, j in np.argwhere((np.asarray(p) != 0) & (np.asarray(M) == 0)):
            ax.text(j, i, "0", ha="center", va="center", fontsize=9)    # seen, and yet 0
        ax.set_title(title, fontsize=12)
        ax.set_xticks(ax.get_xticks(), words, rotation=45, ha="right", rotation_mode="anchor")
        ax.set_xlabel("key", fontsize=12, labelpad=0)    # tilted words hang lower than is told
    axes[0].set_ylabel("query", fontsize=12)
    axes[1].set_yticks([])
    return axes[0]


def plot_memory(T: ArrayLike, curves: Mapping[str, ArrayLike], *, ax: Axes | None = None) -> Axes:
    """Draw peak memory against length, each curve with its name and its slope at the end.

    Both axes double from line to line, at the same distance, so slope 1 is a diagonal.

    Parameters
    ----------
    T : (N,) array_like
        Lengths, rising.
    curves : dict of str to (N,) array_like
        Name, and bytes at each T.
    ax : Axes, optional
        Where to draw; default a figure of its own.

    Returns
    -------
    ax : Axes
        What was drawn into.
    """
    ax = ax or new_figure(6, 6.2)[1]
    for k, (name, peak) in enumerate(curves.items()):
        slope = np.log(peak[-1] / peak[-2]) / np.log(T[-1] / T[-2])
        ax.loglog(T, np.divide(peak, 1e6), "-" + MARKERS[k], color=COLOURS[k], lw=2.2, ms=7,
                  base=2)
        ax.annotate(f"{name}\nslope {slope:.1f}", (T[-1], peak[-1] / 1e6), (10, 0),
                    textcoords="offset points", va="center", fontsize=12, color=COLOURS[k])
    ax.set_aspect("equal")
    ax.grid(color="0.9")
    ax.yaxis.set_major_formatter("{x:g}")
    ax.set_xticks(T, [f"{n:,}" for n in T])
    ax.set_xlim(T[0] * 0.9, T[-1] * 4)
    ax.set_xlabel("words T", fontsize=12)
    ax.set_ylabel("peak memory, MB", fontsize=12)
    return ax
