"""Figures of what a computation costs: bytes and seconds against size, time against passes."""

from itertools import cycle

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from matplotlib.ticker import EngFormatter, LogLocator, MaxNLocator

from .._inputs import ArrayLike
from .page import COLOURS, LINES, MARKERS, new_figure

__all__ = ["plot_costs", "plot_passes"]

QUANTITIES = {"B": "memory", "s": "time"}    # by their units


def plot_costs(sizes: ArrayLike, costs: ArrayLike, names: list[str], unit: str, *,
               limit: float | None = None, limit_name: str = "", ax: Axes | None = None) -> Axes:
    """Draw costs against size on two logarithmic axes, where a power is a straight line.

    Parameters
    ----------
    sizes : (N,) array_like
        How large the input was.
    costs : (M, N) array_like
        A row for each method.
    names : M strings
        Each stands in the legend, beside its marker and its line style.
    unit : str
        Of the costs: "B" for bytes, "s" for seconds; the axis then says "memory" or "time" and
        counts in kB or in ms. "" for ratios.
    limit : float, optional
        A cost to mark by a level line.
    limit_name : str
        What stands at that line.
    ax : Axes, optional
        Where to draw; default a figure of its own.

    Returns
    -------
    ax : Axes
        What was drawn into.
    """
    ax = ax or new_figure(7, 4)[1]
    looks = zip(cycle(COLOURS), cycle(MARKERS), cycle(LINES))
    for cost, name in zip(costs, names, strict=True):
        colour, marker, line = next(looks)
        ax.loglog(sizes, cost, line, marker=marker, color=colour, ms=7, lw=1.8, label=name)
    if limit is not None:
        ax.axhline(limit, color="0.35", lw=1)
        ax.text(np.min(sizes), 1.15 * limit, limit_name, fontsize=11, va="bottom")
    ax.set_xticks(sizes, [f"{size:,}" for size in sizes])
    ax.minorticks_off()
    subs = (1.0,) if unit else (1.0, 2.0, 5.0)    # each power of 10; of ratios, more
    ax.yaxis.set_major_locator(LogLocator(subs=subs, numticks=12))
    ax.yaxis.set_major_formatter(EngFormatter(unit=unit) if unit else "{x:g}")
    ax.set_ylabel(QUANTITIES.get(unit, ""), fontsize=12)
    ax.legend(frameon=False, fontsize=11)
    return ax


def plot_passes(seconds: ArrayLike, passes: ArrayLike, names: list[str], one_pass: float, *,
                marked: tuple[int, ...] = (), ax: Axes | None = None) -> Axes:
    """Draw how often each step passes over memory, a frame a pass, and how long it takes.

    Parameters
    ----------
    seconds, passes : (N,) array_like
        Of each step, and how often it reads or writes a whole array.
    names : N strings
        From the top.
    one_pass : float
        Seconds that reading or writing an array takes: the axis counts in them. A bar that ends
        far beyond its frames computes, one that ends before them found its array near by, or
        only read. What leaves the axis has its number at the edge.
    marked : tuple of int
        Bars to set apart, by colour and by hatching.
    ax : Axes, optional
        Where to draw; default a figure of its own.

    Returns
    -------
    ax : Axes
        What was drawn into.
    """
    ax = ax or new_figure(7, 0.9 + 0.36 * len(names))[1]
    places, lengths = np.arange(len(names)), np.asarray(seconds) / one_pass
    end = 3 * max(passes)    # or one long bar would leave no room for the frames
    bars = ax.barh(places, lengths, color=COLOURS[0], height=0.44)
    for k in marked:
        bars[k].set(facecolor=COLOURS[1], hatch="//", edgecolor="w")
    for place, count in zip(places, passes, strict=True):
        for k in range(count):
            ax.add_patch(Rectangle((k, place - 0.38), 1, 0.76, fill=False, ec="k", lw=1.6))
    for place in places[lengths > end]:
        ax.text(end, place, rf"{lengths[place]:.0f} $\rightarrow$", ha="right", va="center",
                fontsize=11, bbox={"fc": "w", "ec": "none", "pad": 1.5})
    ax.set_yticks(places, names, fontsize=11)
    ax.invert_yaxis()
    ax.set_xlim(-0.05, end)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.tick_params(left=False)
    return ax
