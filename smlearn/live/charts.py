"""Numbers to panels: bars, a table of coloured cells, the triangle.

Each class has a colour and a shape, each number is written out, and each sign is a side of a zero
line: colour is never the only cue. Positions are pixels, y downward; nothing is computed here.
What is no class has none of the classes' colours: ink, grey, and HERE for what a hand has chosen.
"""

import numpy as np

from .._inputs import Array
from ..figures.page import ABOVE_PALE, BELOW_PALE, COLOURS
from ..figures.simplex import CORNERS
from ..penguins import SPECIES
from .scene import INK, PAPER, Disc, Line, Part, Polygon, Scene, Text, arrow, box

__all__ = ["WIDTH", "around", "bars", "heat", "letters", "mark", "names", "number", "panel",
           "row_of", "triangle"]

WIDTH = 248          # of a panel: one fits a phone, two a small window, three a laptop
LEFT, BAR, ROW, TOP = 84, 92, 24, 40                  # where bars begin, end, and stand
GREY, PALE = "#595959", "#f2f2f2"                     # 7:1 on paper; the ground of bars
HERE, HERE_PALE = COLOURS[3], "#f7e6f0"               # what a hand has chosen


def number(value: float, digits: int = 3, sign: bool = True) -> str:
    """Write a number with a fixed count of decimals; what rounds to 0, or is none, has no sign.

    A large one has fewer: a panel has room for eight characters.

    Examples
    --------
    >>> print(number(0.25), number(-1e-9), number(-np.inf), number(0.5, 2, sign=False))
    +0.250 0.000 -inf 0.50
    """
    form = f".{digits}f" if abs(value) < 100 else ".1f" if abs(value) < 9999 else ".0e"
    text = f"{value:{'+' if sign else ''}{form}}"
    none = np.isnan(value) or not any(digit in text for digit in "123456789i")
    return text.lstrip("+-") if none else text


def row_of(values: Array, digits: int = 3, sign: bool = True) -> str:
    """Write numbers one after the other.

    Examples
    --------
    >>> row_of(np.array([1.0, -0.5]), 1)
    '+1.0, -0.5'
    """
    return ", ".join(number(value, digits, sign) for value in values)


def around(values: Array) -> tuple[float, float]:
    """Return limits on both sides of 0 that hold the values: 1, 2 or 5 times a power of 10.

    Examples
    --------
    >>> around(np.array([0.1, -0.3])), around(np.array([4.0]))
    ((-0.5, 0.5), (-5.0, 5.0))
    """
    finite = np.abs(values)[np.isfinite(values)]
    largest = np.clip(finite.max(initial=0), 0.1, 1e307)
    steps = 10.0 ** np.floor(np.log10(largest)) * np.array([1, 2, 5, 10])
    edge = float(f"{steps[steps >= largest * (1 - 1e-12)][0]:.3g}")
    return -edge, edge


def panel(title: str, height: float, parts: list[Part]) -> Scene:
    """Return a scene of a panel's width, with what it shows on top."""
    return Scene(WIDTH, height, (Text((WIDTH / 2, 17), title, 13, "middle", bold=True), *parts))


def mark(kind: int, x: float, y: float, size: float = 6) -> Part:
    """Return the shape of class `kind`, in its colour: disc, triangle, square, diamond."""
    colour = COLOURS[kind]
    if kind % 4 == 0:
        return Disc((x, y), size, colour)
    if kind % 4 == 1:
        return Polygon(((x, y - size), (x + size, y + size), (x - size, y + size)), colour)
    if kind % 4 == 2:
        return box(x - size, y - size, 2 * size, 2 * size, colour)
    return Polygon(((x, y - size), (x + size, y), (x, y + size), (x - size, y)), colour)


def names(y: float = TOP, row: float = ROW) -> list[Part]:
    """Write the species below each other, each with its shape; y is the middle of the first."""
    parts = []
    for k, word in enumerate(SPECIES):
        parts += [mark(k, 8, y + k * row), Text((18, y + k * row + 4), word, 12)]
    return parts


def letters(x: float, y: float, column: float) -> list[Part]:
    """Write the species' first letters side by side, each with its shape; x is the first edge."""
    parts = []
    for k, word in enumerate(SPECIES):
        middle = x + (k + 0.5) * column
        parts += [mark(k, middle - 8, y, 5), Text((middle + 1, y + 4), word[0], 12)]
    return parts


def bars(title: str, values: Array, limits: tuple[float, float], *, digits: int = 3,
         outline: Array | None = None, foot: str = "") -> Scene:
    """Draw a panel with one bar per species from a zero line, its number to the right.

    The edges of the ground stand for the limits, with 0 between them or on one; a bar ends there,
    its number does not. The outline's values, (3,) as well, are drawn as frames. `foot` is a line
    of words below.
    """
    low, high = limits
    scale, digits = BAR / (high - low), digits if high < 100 else 1
    zero, bottom = LEFT - low * scale, TOP - ROW / 2 + ROW * len(values)
    parts: list[Part] = [*names(), box(LEFT, TOP - ROW / 2, BAR, bottom - TOP + ROW / 2, PALE)]
    for k, value in enumerate(values):
        y = TOP + k * ROW
        parts += [box(zero, y - 7, scale * np.clip(value, low, high), 14, COLOURS[k]),
                  Text((LEFT + BAR + 5, y + 4), number(value, digits, sign=low < 0), 12)]
        if outline is not None:
            framed = scale * np.clip(outline[k], low, high)
            parts.append(box(zero, y - 11, framed, 22, "none", INK))
    parts += [Line(((zero, TOP - ROW / 2), (zero, bottom)), INK), *_edges(limits, bottom + 13)]
    if foot:
        parts.append(Text((WIDTH / 2, bottom + 31), foot, 12, "middle"))
    return panel(title, bottom + (36 if foot else 18), parts)


def _edges(limits: tuple[float, float], y: float) -> list[Part]:
    """Write what the edges of the ground stand for, and where 0 is."""
    places = dict.fromkeys((*limits, 0))
    return [Text((LEFT + BAR * (v - limits[0]) / (limits[1] - limits[0]), y), f"{v:g}", 11,
                 "middle", GREY) for v in places]


def heat(M: Array, x: float, y: float, width: float, row: float, *, limit: float,
         digits: int = 3) -> list[Part]:
    """Draw a matrix as coloured cells with their numbers: blue below 0, red above, white at 0.

    (x, y) is the left edge and the middle of the first row; a cell is `width` by `row`.
    """
    parts: list[Part] = []
    for (i, j), value in np.ndenumerate(np.asarray(M, float)):
        strength = min(abs(value) / limit, 1) if np.isfinite(value) else 0
        left, middle = x + j * width, y + i * row
        fill = _blend(ABOVE_PALE if value > 0 else BELOW_PALE, strength)
        words = number(value, digits)
        size = 12 if len(words) < 7 else 11
        parts += [box(left, middle - row / 2, width, row, fill, PAPER),
                  Text((left + width / 2, middle + 4), words, size, "middle")]
    return parts


def _blend(end: tuple[int, int, int], strength: float) -> str:
    mixed = [round(255 + (c - 255) * float(strength)) for c in end]
    return "#{:02x}{:02x}{:02x}".format(*mixed)


def triangle(p: Array, x: float, y: float, size: float, step: Array) -> list[Part]:
    """Draw three probabilities as a point of a triangle, with an arrow `step` from there.

    (x, y) is the left corner, size the length of a side; the step adds up to 0, so it lies in the
    triangle's plane.
    """
    def place(q: Array) -> tuple[float, float]:
        across, up = q @ CORNERS
        return float(x + size * across), float(y - size * up)

    corners = [place(corner) for corner in np.eye(3)]
    parts: list[Part] = [Polygon(tuple(corners), PALE, GREY)]
    for k, ((left, top), word) in enumerate(zip(corners, SPECIES, strict=True)):
        above = top < y - size / 2
        parts += [mark(k, left, top, 5), Text((left, top - 10 if above else top + 19), word, 12,
                                              "middle")]
    return [*parts, Disc(place(p), 5, PAPER, INK, 1.5), *arrow(place(p), place(p + step))]
