"""Diagrams of shapes: stacks and blocks of Jacobians, einsum's letters, the graph of a chain."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch, Rectangle
from matplotlib.path import Path

from .._inputs import ArrayLike
from .._refusals import refusal, speaks
from .basics import plot_matrix
from .page import COLOURS, abreast, new_figure

__all__ = ["plot_blocks", "plot_einsum", "plot_graph", "plot_stack"]


def plot_stack(J: ArrayLike, titles: list[str]) -> Axes:
    """Draw a stack of square matrices, two side by side, one page each, with their numbers.

    Parameters
    ----------
    J : (B, D, D) array_like
        One Jacobian a row.
    titles : B strings
        One a page.

    Returns
    -------
    ax : Axes
        The first of the pages.
    """
    fig, axes = abreast(len(J), 2.6)
    fig.get_layout_engine().set(h_pad=0.1)        # inches: a title of all stands clear of these
    for b, (page, title, ax) in enumerate(zip(J, titles, axes, strict=True)):
        plot_matrix(page, ax=ax, size=11)
        ax.set_title(f"J[{b}]  {title}", fontsize=11)
    return axes[0]


def plot_blocks(full: ArrayLike, B: int, *, ax: Axes | None = None) -> Axes:
    """Draw a (B D, B D) Jacobian; each row's own (D, D) block is framed, exact zeros are blank.

    Parameters
    ----------
    full : (B D, B D) array_like
        The Jacobian of the flattened batch.
    B : int
        How many rows the batch has.
    ax : Axes, optional
        Where to draw; default a figure of its own.

    Returns
    -------
    ax : Axes
        What was drawn into.
    """
    ax = plot_matrix(full, digits=2, size=8, ax=ax or new_figure(5, 4.9)[1])
    D = len(full) // B
    for b in range(B):
        ax.add_patch(Rectangle((b * D - 0.5, b * D - 0.5), D, D, fill=False, ec="k", lw=1.8))
    middle = [b * D + (D - 1) / 2 for b in range(B)]
    ax.set_xticks(middle, [f"logits, row {b}" for b in range(B)], fontsize=9)
    ax.set_yticks(middle, [f"p of row {b}" for b in range(B)], fontsize=9, rotation=90,
                  va="center")
    for edge in np.arange(1, B) * D - 0.5:
        ax.axhline(edge, color="0.8", lw=0.7, zorder=0.5)
        ax.axvline(edge, color="0.8", lw=0.7, zorder=0.5)
    return ax


def plot_einsum(subscripts: str, shapes: tuple[tuple[int, ...], ...], names: tuple[str, ...], *,
                ax: Axes | None = None) -> Axes:
    """Draw which letter of an einsum is walked in step, kept, or summed away.

    One row of boxes per array, one column per letter. A letter that stands in several inputs is
    walked in step; a letter missing from the output is summed, and marked so.

    Parameters
    ----------
    subscripts : str
        As for numpy.einsum, with an explicit output: "ij,ik->ijk".
    shapes : tuple of shapes
        Of the inputs, in order.
    names : tuple of str
        Of the inputs and the output.
    ax : Axes, optional
        Where to draw; default a figure of its own.

    Returns
    -------
    ax : Axes
        What was drawn into.
    """
    inputs, output = subscripts.split("->")
    arrays = [*inputs.split(","), output]
    size = {c: n for word, shape in zip(arrays[:-1], shapes, strict=True)
            for c, n in zip(word, shape, strict=True)}
    letters = list(size)                          # in the order in which they first appear
    ax = ax or new_figure(1.7 + 1.55 * len(letters), 0.6 + 0.85 * len(arrays))[1]
    for row, (word, name) in enumerate(zip(arrays, names, strict=True)):
        y = -row - (0.25 if row == len(arrays) - 1 else 0)
        ax.text(-0.75, y, name, ha="right", va="center", fontsize=13, family="monospace")
        for c in word:
            k = letters.index(c)
            ax.add_patch(FancyBboxPatch((k - 0.38, y - 0.3), 0.76, 0.6, fc="w", ec=COLOURS[k],
                                        lw=2.4, boxstyle="round,pad=0.02,rounding_size=0.08"))
            ax.text(k, y, f"{c}: {size[c]}", ha="center", va="center", fontsize=13)
    for k, c in enumerate(letters):
        role = "in step, " if sum(c in word for word in arrays[:-1]) > 1 else ""
        role += "kept" if c in output else "summed"
        ax.text(k, 0.55, role, ha="center", fontsize=11, color=COLOURS[k])
        if c not in output:
            ax.text(k, -len(arrays) + 0.75, r"$\Sigma$", ha="center", va="center", fontsize=20)
    ax.axhline(-len(arrays) + 1.4, color="0.5", lw=1)
    ax.set(xlim=(-2.3, len(letters) - 0.4), ylim=(-len(arrays) + 0.3, 0.9))
    ax.axis("off")
    return ax


@speaks
def plot_graph(boxes: list[tuple[str, str, str]], arrows: list[tuple[str, str, str]], *,
               ax: Axes | None = None) -> Axes:
    """Draw a chain of stages: values run forward above, their gradients back below.

    The boxes stand in a line. Each arrow is drawn twice: forward, solid, by the boxes' upper
    halves, and back, dashed, by the lower ones, with the gradient's name; between neighbours
    straight, over other boxes as an arc. Where several gradients come back to a box, a plus sign.

    Parameters
    ----------
    boxes : list of (letter, formula, shape)
        In forward order.
    arrows : list of (from, to, gradient)
        Two letters, and the name of what comes back to the first by way of the second.
    ax : Axes, optional
        Where to draw; default a figure of its own.

    Returns
    -------
    ax : Axes
        What was drawn into.

    Raises
    ------
    ValueError
        If an arrow does not lead from a box to a later one.
    """
    place = {letter: k for k, (letter, _, _) in enumerate(boxes)}
    ax = ax or new_figure(min(1.4 * len(boxes), 6.9), 3.1)[1]
    for k, (letter, formula, shape) in enumerate(boxes):
        ax.add_patch(FancyBboxPatch((k - 0.28, -0.5), 0.56, 1, fc="w", ec="k", lw=1.5,
                                    boxstyle="round,pad=0.02,rounding_size=0.06"))
        for y, text, size in ((0.27, letter, 15), (-0.05, formula, 11), (-0.33, shape, 11)):
            ax.text(k, y, text, ha="center", va="center", fontsize=size)
    for start, end, gradient in arrows:
        a, b = place.get(start, -1), place.get(end, -1)
        if not 0 <= a < b:
            raise refusal(ValueError, "an arrow must lead from a box to a later one, "
                          f"but got {start} -> {end}; the boxes are {', '.join(place)}")
        _there_and_back(ax, a, b, gradient)
    starts = [start for start, _, _ in arrows]
    for letter, k in place.items():
        if starts.count(letter) > 1:
            ax.text(k - 0.02, -0.68, "+", ha="center", va="center", fontsize=20, color=COLOURS[1])
    ax.set(xlim=(-0.4, len(boxes) - 0.6), ylim=(-1.45, 1.25))
    ax.axis("off")
    return ax


def _there_and_back(ax: Axes, a: int, b: int, gradient: str) -> None:
    """Draw one arrow forward from box a to box b and one back, with the gradient's name."""
    for side, colour, line in ((1, "k", "-"), (-1, COLOURS[1], "--")):      # above, below
        if b == a + 1:
            route = Path([(a + 0.31, 0.24 * side), (b - 0.31, 0.24 * side)])
        else:
            ends, top = (a + 0.12, b - 0.12), 1.3 * side
            route = Path([(ends[0], 0.53 * side), (ends[0] + 0.3, top), (ends[1] - 0.3, top),
                          (ends[1], 0.53 * side)], [Path.MOVETO, *[Path.CURVE4] * 3])
        ax.add_patch(FancyArrowPatch(path=route, arrowstyle="-|>" if side > 0 else "<|-",
                                     mutation_scale=14, lw=1.6, color=colour, ls=line))
    ax.text((a + b) / 2, -0.33 if b == a + 1 else -1.18, gradient, ha="center", va="top",
            fontsize=11, color=COLOURS[1])
