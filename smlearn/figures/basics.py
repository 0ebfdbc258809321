"""Figures: arrays in, Axes out. Bars, nudges, matrices, errors against steps, the simplex."""

import numpy as np
from matplotlib.axes import Axes

from .._inputs import Array
from .._refusals import refusal, speaks
from .page import COLOURS, CORNERS, LINES, MARKERS, new_figure

__all__ = ["plot_bars", "plot_matrix", "plot_nudge", "plot_simplex", "plot_steps"]


def plot_bars(values: Array, names: list[str], *, marked: int | None = None,
              ax: Axes | None = None) -> Axes:
    """Draw one horizontal bar per name, from the top, each with its number.

    Parameters
    ----------
    values : (N,) array_like
    names : N strings
    marked : int, optional
        The bar to set apart, by colour and by hatching.
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


def plot_nudge(shift: Array, p: Array, names: tuple[str, ...], *, ax: Axes | None = None) -> Axes:
    """Draw each probability as one logit moves; the line at 0 is where the bird stands.

    Parameters
    ----------
    shift : (N,) array_like
        What is added to one logit.
    p : (N, D) array_like
        The probabilities there.
    names : D strings
    """
    ax = ax or new_figure(7, 3.8)[1]
    for k, name in enumerate(names):
        ax.plot(shift, p[:, k], LINES[k], color=COLOURS[k], lw=2.2)
        side = 0 if p[0, k] > p[-1, k] else -1
        ax.text(shift[side], p[side, k] + 0.02, name, color=COLOURS[k], fontsize=12,
                ha="left" if side == 0 else "right", va="bottom")
    ax.axvline(0, color="0.35", lw=1)
    ax.set(xlim=(shift[0], shift[-1]), ylim=(0, 1.06))
    ax.set_ylabel("probability p", fontsize=12)
    return ax


def plot_matrix(M: Array, names: tuple[str, ...] = (), *, limit: float = 0.25, digits: int = 3,
                size: float = 12, ax: Axes | None = None) -> Axes:
    """Draw a signed matrix as a heat map with its numbers; white is 0, blank is exactly 0.

    Parameters
    ----------
    M : (N, D) array_like
    names : D strings
        For the columns, and for the rows where there are as many. None: no ticks.
    limit : float
        The colours end at -limit and +limit; the entries of a softmax Jacobian stay within 1/4.
    digits, size : int, float
        Decimals and font size of the numbers.
    """
    M = np.asarray(M)
    ax = ax or new_figure(4.6, 4.2)[1]
    ax.imshow(M, cmap="RdBu_r", vmin=-limit, vmax=limit)
    for (i, j), value in np.ndenumerate(M):
        dark = abs(value) > 0.6 * limit
        label = f"{value:+.{digits}f}" if value else ""
        ax.text(j, i, label, ha="center", va="center", fontsize=size, color="w" if dark else "k")
    ax.set_xticks(range(len(names)), names, fontsize=11)
    ax.set_yticks(range(len(names)), names, fontsize=11)
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    return ax


def plot_steps(steps: Array, errors: Array, used: float | Array, *, names: tuple[str, ...] = (),
               ax: Axes | None = None) -> Axes:
    """Draw the error of measured derivatives against the step, and mark the steps in use.

    Each method has its colour and, on its side of larger steps, its marker; both stand again at
    the top of the upright line that marks its step.

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
    """
    ax = ax or new_figure(7, 3.8)[1]
    errors, used = np.atleast_2d(errors), np.atleast_1d(used)
    alone = len(used) == 1
    # Several: no markers on the noise side, where the curves run so close that they would clash.
    style = {"ms": 4, "lw": 1.2} if alone else {"ms": 6, "lw": 2.2}
    top = {"transform": ax.get_xaxis_transform()}
    for k, (error, h) in enumerate(zip(errors, used, strict=True)):
        marks = np.flatnonzero(alone | (np.asarray(steps) >= h))
        ax.loglog(steps, error, "-" + MARKERS[k], color=COLOURS[k], **style,
                  markevery=list(marks if alone else marks[k // 2::2]),
                  label=names[k] if names else None)
        if np.min(steps) <= h <= np.max(steps):
            ax.axvline(h, color=COLOURS[k + alone], ls="--", lw=1.2)
            if alone:
                ax.text(h, 1.02, "step used", ha="center", fontsize=11, **top)
            else:
                ax.plot(h, 1.03, MARKERS[k], color=COLOURS[k], ms=8, clip_on=False, **top)
    if names:
        ax.legend(fontsize=11, frameon=False)
    ax.set_xlabel("step h", fontsize=12)
    ax.set_ylabel("|measured - analytic|", fontsize=12)
    return ax


@speaks
def plot_simplex(p: Array, names: tuple[str, ...], *, arrows: Array | None = None,
                 labels: tuple[str, ...] = (), kinds: Array | None = None,
                 ax: Axes | None = None) -> Axes:
    """Draw rows of three probabilities as points of a triangle, with arrows where asked.

    A corner is a sure class, the middle is 1/3 each. An arrow whose entries sum to 0 lies in the
    triangle's plane and is drawn as it is; one that does not has no place there.

    Parameters
    ----------
    p : (N, 3) array_like
    names : 3 strings
        For the corners.
    arrows : (N, 3) array_like, optional
        From each point; each row must sum to 0.
    labels : N strings, optional
        Beside each point.
    kinds : (N,) array_like of int, optional
        The class whose colour and marker each point gets; default the first.
    ax : Axes, optional
        An earlier simplex to draw more points into.

    Raises
    ------
    ValueError
        If a row of arrows does not sum to 0.
    """
    p = np.asarray(p)
    if ax is None:
        ax = new_figure(6.4, 5.4)[1]
        ax.fill(*CORNERS.T, facecolor="#f4f4f4", edgecolor="0.3", lw=1.2, zorder=0)
        for (cx, cy), name, side in zip(CORNERS, names, ("top", "bottom", "top"), strict=True):
            ax.text(cx, cy + (0.03 if side == "bottom" else -0.035), name, ha="center", va=side,
                    fontsize=12)
        ax.set(aspect="equal", xlim=(-0.08, 1.08), ylim=(-0.1, 0.97))
        ax.axis("off")
    kinds = np.zeros(len(p), int) if kinds is None else np.asarray(kinds)
    for k in np.unique(kinds):
        xy = p[kinds == k] @ CORNERS
        ax.scatter(*xy.T, s=34, marker=MARKERS[k], color=COLOURS[k], alpha=0.85, edgecolor="w",
                   lw=0.5, zorder=2)
    away = np.zeros((len(p), 2)) if arrows is None else -np.asarray(arrows) @ CORNERS
    for xy, label, back in zip(p @ CORNERS, labels, away, strict=False):
        offset = 16 * back / np.hypot(*back) if back.any() else (16, 8)    # behind the arrow
        ax.annotate(label, xy, offset, textcoords="offset points", fontsize=11, zorder=4,
                    ha="center", va="center", bbox={"fc": "w", "ec": "none", "pad": 0.5})
    if arrows is not None:
        if np.abs(np.sum(arrows, axis=-1)).max() > 1e-9:
            raise refusal(ValueError, "each arrow must sum to 0, but got sums "
                          f"{np.round(np.sum(arrows, axis=-1), 3)}; others leave the plane")
        ax.quiver(*(p @ CORNERS).T, *(np.asarray(arrows) @ CORNERS).T, angles="xy",
                  scale_units="xy", scale=1, width=0.008, color="k", zorder=3)
    return ax
