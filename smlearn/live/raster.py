"""A scene as a matplotlib figure: what is stored, exported and printed, with the same numbers."""

from functools import singledispatch

from matplotlib import patches
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from .._refusals import refusal, speaks
from ..figures.page import PIXELS_PER_INCH
from .scene import Disc, Line, Polygon, Scene, Text

__all__ = ["to_figure"]

POINTS = 72 / PIXELS_PER_INCH    # matplotlib measures lines and letters in points
ALIGN = {"start": "left", "middle": "center", "end": "right"}


@speaks
def to_figure(scene: Scene) -> Figure:
    """Draw a scene at one pixel a unit, y downward, with nothing around it.

    Examples
    --------
    >>> print(to_figure(Scene(80, 40, ())).get_size_inches())
    [0.8 0.4]
    """
    size = scene.width / PIXELS_PER_INCH, scene.height / PIXELS_PER_INCH
    ax = Figure(figsize=size).add_axes((0, 0, 1, 1))
    ax.set(xlim=(0, scene.width), ylim=(scene.height, 0))
    ax.axis("off")    # so nobody asks how far the parts reach: add_artist, not add_patch
    for order, part in enumerate(scene.parts):
        _draw(part, ax, order)
    return ax.figure


@singledispatch
def _draw(part, ax: Axes, order: int) -> None:
    raise refusal(TypeError, f"a scene must hold parts, but got {type(part).__name__}; "
                  "see scene.py")


@_draw.register
def _(part: Polygon, ax: Axes, order: int) -> None:
    ax.add_artist(patches.Polygon(part.points, closed=True, fc=part.fill, ec=part.edge,
                                  lw=part.width * POINTS, zorder=order))


@_draw.register
def _(part: Line, ax: Axes, order: int) -> None:
    # matplotlib multiplies a pattern of dashes by the line's width
    style = (0, tuple(dash / part.width for dash in part.dashes)) if part.dashes else "-"
    x, y = zip(*part.points, strict=True)
    ax.plot(x, y, ls=style, color=part.colour, lw=part.width * POINTS, zorder=order,
            solid_capstyle="butt", solid_joinstyle="miter", dash_capstyle="butt")


@_draw.register
def _(part: Disc, ax: Axes, order: int) -> None:
    ax.add_artist(patches.Circle(part.centre, part.radius, fc=part.fill, ec=part.edge,
                                 lw=part.width * POINTS, zorder=order))


@_draw.register
def _(part: Text, ax: Axes, order: int) -> None:
    ax.text(*part.at, part.words.replace("$", r"\$"), fontsize=part.size * POINTS,
            color=part.colour, ha=ALIGN[part.anchor], va="baseline", zorder=order,
            weight="bold" if part.bold else "normal",
            family="DejaVu Sans Mono" if part.mono else "DejaVu Sans")
