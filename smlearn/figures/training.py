"""Figures of training: the loss falling, borders, confusions, promises."""

import numpy as np
from matplotlib.axes import Axes

from .._inputs import ArrayLike
from ..training.calibration import Reliability
from .page import COLOURS, LINES, MARKERS, new_figure

__all__ = ["plot_calibration", "plot_confusion", "plot_losses", "plot_regions"]


def plot_losses(losses: ArrayLike, names: list[str], *, ax: Axes | None = None) -> Axes:
    """Draw losses against the step, the loss on a logarithmic scale.

    Parameters
    ----------
    losses : (M, S) array_like
        A row per descent; positive. NaN is left blank.
    names : M strings
        One a descent, for the legend.
    ax : Axes, optional
        Where to draw; default a figure of its own.

    Returns
    -------
    ax : Axes
        What was drawn into.
    """
    ax = ax or new_figure(7, 3.8)[1]
    for k, (loss, name) in enumerate(zip(losses, names, strict=True)):
        mark = max(1, len(loss) // 8)
        ax.semilogy(loss, LINES[k % len(LINES)], color=COLOURS[k], lw=2, label=name, ms=6,
                    marker=MARKERS[k], markevery=(k * mark // len(losses), mark))
    ax.set_xlabel("step", fontsize=12)
    ax.set_ylabel("loss", fontsize=12)
    ax.legend(fontsize=11, frameon=False)
    return ax


def plot_regions(across: ArrayLike, up: ArrayLike, scores: ArrayLike, points: ArrayLike,
                 kinds: ArrayLike, names: tuple[str, ...], *, wrong: ArrayLike | None = None,
                 ax: Axes | None = None) -> Axes:
    """Draw which class is likeliest where, with the borders, and points with their true class.

    Parameters
    ----------
    across, up : (P,), (Q,) array_like
        The grid.
    scores : (Q, P, D) array_like
        Of each class there: the largest wins. A border lies where two are equal, between grid
        points as well, so that a straight one is drawn straight.
    points : (N, 2) array_like
        Where they lie, across and up.
    kinds : (N,) array_like of int
        What the points really are.
    names : D strings
        One a class, for the legend.
    wrong : (N,) array_like of bool, optional
        Points to put a ring around.
    ax : Axes, optional
        Where to draw; default a figure of its own.

    Returns
    -------
    ax : Axes
        What was drawn into.
    """
    ax = ax or new_figure(7, 4.6)[1]
    scores, points, kinds = map(np.asarray, (scores, points, kinds))
    for k, name in enumerate(names):
        lead = scores[..., k] - np.delete(scores, k, axis=-1).max(axis=-1)    # (Q, P)
        ax.contourf(across, up, lead, [0, np.inf], colors=[COLOURS[k]], alpha=0.13)
        ax.contour(across, up, lead, [0], colors="0.35", linewidths=1)
        ax.scatter(*points[kinds == k].T, s=26, marker=MARKERS[k], color=COLOURS[k],
                   edgecolor="w", lw=0.5, label=name, zorder=2)
    if wrong is not None:
        ringed = points[np.asarray(wrong, bool)]
        ax.scatter(*ringed.T, s=150, facecolor="none", edgecolor="k", lw=1.3, label="wrong",
                   zorder=3)
    ax.legend(fontsize=11, loc="upper left", bbox_to_anchor=(1, 1), frameon=False)
    return ax


def plot_confusion(counts: ArrayLike, names: tuple[str, ...], *, ax: Axes | None = None) -> Axes:
    """Draw how many rows of each true class (down) were given to each class (across).

    Parameters
    ----------
    counts : (D, D) array_like of int
        A row for each true class.
    names : D strings
        One a class.
    ax : Axes, optional
        Where to draw; default a figure of its own.

    Returns
    -------
    ax : Axes
        What was drawn into.
    """
    counts = np.asarray(counts)
    ax = ax or new_figure(4.4, 3.6)[1]
    share = counts / counts.sum(axis=1, keepdims=True)
    ax.imshow(share, cmap="cividis", vmin=0, vmax=1)
    for (i, j), n in np.ndenumerate(counts):
        ax.text(j, i, str(n), ha="center", va="center", fontsize=13,
                color="k" if share[i, j] > 0.5 else "w")
    ax.set_xticks(range(len(names)), names, fontsize=11)
    ax.set_yticks(range(len(names)), names, fontsize=11)
    ax.set_xlabel("said", fontsize=12)
    ax.set_ylabel("is", fontsize=12)
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    return ax


def plot_calibration(bins: list[Reliability], names: list[str], *, ax: Axes | None = None) -> Axes:
    """Draw the share that came true against what was promised; on the line the two are equal.

    Parameters
    ----------
    bins : list of Reliability
        One a model, from `reliability`.
    names : list of str
        One a model, for the legend.
    ax : Axes, optional
        Where to draw; default a figure of its own.

    Returns
    -------
    ax : Axes
        What was drawn into.
    """
    ax = ax or new_figure(5.6, 4.2)[1]
    ax.plot([0, 1], [0, 1], ":", color="0.35", lw=1.2)
    for k, (each, name) in enumerate(zip(bins, names, strict=True)):
        reach = [each.came_true - each.low, each.high - each.came_true]
        ax.errorbar(each.promised, each.came_true, np.clip(reach, 0, None), fmt=MARKERS[k],
                    color=COLOURS[k], ms=7 + 4 * k, mfc="none" if k else None, mew=1.4, lw=1.4,
                    capsize=4, label=name)    # one around the other, where two are the same
        for x, y, n in zip(each.promised, each.came_true, each.count, strict=True):
            ax.annotate(str(n), (x, y), (-20, -14) if k else (7, 7), textcoords="offset points",
                        fontsize=10, color=COLOURS[k], bbox={"fc": "w", "ec": "none", "pad": 0})
    ax.set(xlim=(-0.03, 1.05), ylim=(-0.03, 1.08))
    ax.set_xlabel("promised: mean probability", fontsize=12)
    ax.set_ylabel("came true: share", fontsize=12)
    ax.legend(fontsize=11, frameon=False, loc="lower right")
    return ax
