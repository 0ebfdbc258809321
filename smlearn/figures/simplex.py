"""The triangle of three probabilities: a corner is a sure class, the middle is 1/3 each."""

import numpy as np
from matplotlib.axes import Axes

from .._inputs import Array, ArrayLike
from .._refusals import refusal, speaks
from .page import COLOURS, MARKERS, abreast, new_figure

__all__ = ["CORNERS", "plot_filling", "plot_simplex"]

CORNERS = np.array([[0.0, 0.0], [0.5, np.sqrt(0.75)], [1.0, 0.0]])    # (3, 2)  a class each


@speaks
def plot_simplex(p: ArrayLike, names: tuple[str, ...], *, arrows: ArrayLike | None = None,
                 labels: tuple[str, ...] = (), kinds: ArrayLike | None = None,
                 ax: Axes | None = None) -> Axes:
    """Draw rows of three probabilities as points of a triangle, with arrows where asked.

    An arrow whose entries sum to 0 lies in the triangle's plane and is drawn as it is; one that
    does not has no place there.

    Parameters
    ----------
    p : (N, 3) array_like
        Rows of probabilities.
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

    Returns
    -------
    ax : Axes
        What was drawn into.

    Raises
    ------
    ValueError
        If a row of arrows does not sum to 0.
    """
    p, away = np.asarray(p), np.zeros(np.shape(p)) if arrows is None else np.asarray(arrows)
    if np.abs(away.sum(axis=-1)).max(initial=0) > 1e-9:
        raise refusal(ValueError, "each arrow must sum to 0, but got sums "
                      f"{np.round(away.sum(axis=-1), 3)}; others leave the plane")
    to_tell = ax is None and kinds is not None    # one more triangle is told by the first
    ax = ax or _triangle(new_figure(6.4, 5.4)[1], names, 12, 0.035, (-0.08, 1.08), (-0.1, 0.97))
    kinds = np.zeros(len(p), int) if kinds is None else np.asarray(kinds)
    for k in np.unique(kinds):
        ax.scatter(*(p[kinds == k] @ CORNERS).T, s=34, marker=MARKERS[k], color=COLOURS[k],
                   alpha=0.85, edgecolor="w", lw=0.5, zorder=2, label="".join(names[k:k + 1]))
    if to_tell:
        ax.legend(frameon=False, fontsize=11, loc="upper right", title="true species")
    for xy, label, along in zip(p @ CORNERS, labels, away @ CORNERS, strict=False):
        offset = -16 * along / np.hypot(*along) if along.any() else (16, 8)    # behind the arrow
        ax.annotate(label, xy, offset, textcoords="offset points", fontsize=11, zorder=4,
                    ha="center", va="center", bbox={"fc": "w", "ec": "none", "pad": 0.5})
    if arrows is not None:
        ax.quiver(*(p @ CORNERS).T, *(away @ CORNERS).T, angles="xy", scale_units="xy", scale=1,
                  width=0.008, color="k", zorder=3)
    return ax


def plot_filling(p: ArrayLike, names: tuple[str, ...], kinds: ArrayLike,
                 titles: list[str]) -> Array:
    """Draw the triangle of three probabilities several times, two side by side.

    Parameters
    ----------
    p : (M, N, 3) array_like
        M times the probabilities of N rows.
    names : 3 strings
        For the corners.
    kinds : (N,) array_like of int
        The class of each row.
    titles : M strings
        One a triangle.

    Returns
    -------
    axes : (M,) ndarray of Axes
        One a triangle.
    """
    axes = abreast(len(p), 2.7)[1]
    for ax, rows, title in zip(axes, p, titles, strict=True):
        _triangle(ax, names, 11, 0.04, (-0.2, 1.2), (-0.12, 1.0))
        plot_simplex(rows, names, kinds=kinds, ax=ax)
        ax.set_title(title, fontsize=11)
    return axes


def _triangle(ax: Axes, names: tuple[str, ...], size: int, below: float,
              across: tuple[float, float], up: tuple[float, float]) -> Axes:
    """Draw the triangle, with names of that size outside its corners."""
    ax.fill(*CORNERS.T, facecolor="#f4f4f4", edgecolor="0.3", lw=1.2, zorder=0)
    for (x, y), name in zip(CORNERS, names, strict=True):
        ax.text(x, y + 0.03 if y else -below, name, ha="center", va="bottom" if y else "top",
                fontsize=size)
    ax.set(aspect="equal", xlim=across, ylim=up)
    ax.axis("off")
    return ax
