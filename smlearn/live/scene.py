"""A drawing as plain numbers: polygons, lines, discs and words on a sheet of pixels, y downward.

svg.py draws the parts in order, later ones on top.
"""

from typing import NamedTuple

import numpy as np

__all__ = ["Disc", "Line", "Look", "Part", "Polygon", "Scene", "Text", "arrow", "box"]

INK = "#1a1a1a"
PAPER = "#ffffff"

Point = tuple[float, float]


class Polygon(NamedTuple):
    """A closed shape, its edge one pixel wide."""

    points: tuple[Point, ...]
    fill: str
    edge: str = "none"


class Line(NamedTuple):
    """A line through points, solid or dashed; rough if rounding drew it, as no two machines do."""

    points: tuple[Point, ...]
    colour: str = INK
    width: float = 1.0
    dashes: tuple[float, ...] = ()
    rough: bool = False


class Disc(NamedTuple):
    """A filled circle; rough as a line may be."""

    centre: Point
    radius: float
    fill: str
    edge: str = "none"
    width: float = 1.0
    rough: bool = False


class Text(NamedTuple):
    """One line of words; `at` is on its baseline, at its start, middle or end."""

    at: Point
    words: str
    size: float = 13.0
    anchor: str = "start"
    colour: str = INK
    bold: bool = False
    mono: bool = False


Part = Polygon | Line | Disc | Text


class Scene(NamedTuple):
    """A sheet of paper, in pixels, and what is on it."""

    width: float
    height: float
    parts: tuple[Part, ...]


class Look(NamedTuple):
    """What a view shows of some numbers: a finding, the panels, and the numbers in words.

    A page puts as many panels side by side as it has room for. `trouble` says why these are the
    panels of a moment ago.
    """

    title: str
    panels: tuple[Scene, ...]
    words: str
    trouble: str = ""

    @property
    def alt(self) -> str:
        """The finding and the numbers, for whoever cannot see the panels."""
        return self.trouble or f"{self.title}. {self.words}"


def box(x: float, y: float, width: float, height: float, fill: str, edge: str = "none") -> Polygon:
    """Return a rectangle from its corner (x, y); a negative width or height goes the other way.

    Examples
    --------
    >>> box(10, 20, -4, 5, "red").points
    ((10, 20), (6, 20), (6, 25), (10, 25))
    """
    corners = (x, y), (x + width, y), (x + width, y + height), (x, y + height)
    return Polygon(corners, fill, edge)


def arrow(start: Point, end: Point) -> tuple[Part, ...]:
    """Return a line with a head whose tip is `end`; a very short one is all head.

    Examples
    --------
    >>> shaft, head = arrow((0, 0), (100, 0))
    >>> print(head.points[0], shaft.points[1])
    (100.0, 0.0) (88.0, 0.0)
    """
    start, end = np.array(start, float), np.array(end, float)
    length = float(np.hypot(*(end - start)))
    if length == 0:
        return ()
    along = (end - start) / length
    across = np.array([-along[1], along[0]])
    head = min(12.0, length)                          # pixels
    neck = end - head * along
    tip = (end, neck + head / 2 * across, neck - head / 2 * across)
    shaft = Line((tuple(start.tolist()), tuple(neck.tolist())), INK, 2.5)
    return shaft, Polygon(tuple(tuple(point.tolist()) for point in tip), INK)
