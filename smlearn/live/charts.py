"""Numbers to parts of a scene: bars, a table of coloured cells, the triangle.

Each class has a colour and a shape, each number is written out, and each sign is a side of a zero
line: colour is never the only cue. Positions are pixels, y downward; nothing is computed here.
"""

import numpy as np

from .._inputs import Array
from ..figures.page import COLOURS
from ..figures.simplex import CORNERS
from .scene import INK, PAPER, Disc, Line, Part, Polygon, Scene, Text, arrow, box

__all__ = ["bars", "caption", "heat", "mark", "names", "number", "row_of", "sheet",
           "triangle"]

WIDTH = 720
GREY, PALE = "#595959", "#f2f2f2"                     # 7:1 on paper; the ground of a panel
BLUE, RED = (0x67, 0xa9, 0xcf), (0xef, 0x8a, 0x62)    # below 0, above 0; ink is legible on both


def number(value: float, digits: int = 3, sign: bool = True) -> str:
    """Write a number with a fixed count of decimals; what rounds to 0, or is none, has no sign.

    Examples
    --------
    >>> print(number(0.25), number(-1e-9), number(-np.inf), number(0.5, 2, sign=False))
    +0.250 0.000 -inf 0.50
    """
    form = f".{digits}f" if abs(value) < 1e5 else ".2g"    # a panel has room for that much
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


def sheet(title: str, height: float, parts: list[Part]) -> Scene:
    """Return a scene of the house's width, with its finding on top."""
    return Scene(WIDTH, height, (Text((12, 24), title, 15, bold=True), *parts))


def caption(x: float, y: float, words: str) -> Text:
    """Return the heading of a panel, centred on x."""
    return Text((x, y), words, 13, "middle", GREY)


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


def names(words: tuple[str, ...], x: float, y: float, row: float) -> list[Part]:
    """Write class names below each other, each with its shape; y is the middle of the first."""
    parts = []
    for k, word in enumerate(words):
        parts += [mark(k, x + 6, y + k * row), Text((x + 20, y + k * row + 5), word)]
    return parts


def bars(values: Array, x: float, y: float, width: float, row: float, *,
         limits: tuple[float, float], digits: int = 3, outline: Array | None = None) -> list[Part]:
    """Draw one horizontal bar per class from a zero line, with its number to the right.

    x and width are the panel's, y is the middle of its first row. Its edges stand for the limits,
    with 0 between them or on one; a bar ends there, its number does not. The outline's values,
    (D,) as well, are drawn as frames.
    """
    low, high = limits
    scale = width / (high - low)
    zero = x - low * scale
    parts: list[Part] = [box(x, y - row / 2, width, row * len(values), PALE)]
    for k, value in enumerate(values):
        top = y + k * row - 9
        parts += [box(zero, top, scale * np.clip(value, low, high), 18, COLOURS[k]),
                  Text((x + width + 6, top + 14), number(value, digits, sign=low < 0))]
        if outline is not None:
            frame = box(zero, top - 3, scale * np.clip(outline[k], low, high), 24, "none", INK)
            parts.append(frame)
    ends = (zero, y - row / 2), (zero, y - row / 2 + row * len(values))
    return [*parts, Line(ends, INK)]


def heat(M: Array, x: float, y: float, width: float, row: float, *, limit: float) -> list[Part]:
    """Draw a matrix as coloured cells with their numbers: blue below 0, red above, white at 0.

    (x, y) is the left edge and the middle of the first row; a cell is `width` by `row`.
    """
    parts: list[Part] = []
    for (i, j), value in np.ndenumerate(np.asarray(M, float)):
        strength = min(abs(value) / limit, 1) if np.isfinite(value) else 0
        left, middle = x + j * width, y + i * row
        fill = _blend(RED if value > 0 else BLUE, strength)
        parts += [box(left, middle - row / 2, width, row, fill, PAPER),
                  Text((left + width / 2, middle + 5), number(value), anchor="middle")]
    return parts


def _blend(end: tuple[int, int, int], strength: float) -> str:
    mixed = [round(255 + (c - 255) * float(strength)) for c in end]
    return "#{:02x}{:02x}{:02x}".format(*mixed)


def triangle(p: Array, words: tuple[str, ...], x: float, y: float, size: float,
             step: Array) -> list[Part]:
    """Draw three probabilities as a point of a triangle, with an arrow `step` from there.

    (x, y) is the left corner, size the length of a side; the step adds up to 0, so it lies in the
    triangle's plane.
    """
    def place(q: Array) -> tuple[float, float]:
        across, up = q @ CORNERS
        return float(x + size * across), float(y - size * up)

    corners = [place(corner) for corner in np.eye(3)]
    parts: list[Part] = [Polygon(tuple(corners), PALE, GREY)]
    for k, ((left, top), word) in enumerate(zip(corners, words, strict=True)):
        above = top < y - size / 2
        parts += [mark(k, left, top, 5), Text((left, top - 12 if above else top + 22), word,
                                              anchor="middle")]
    return [*parts, Disc(place(p), 5, PAPER, INK, 1.5), *arrow(place(p), place(p + step))]
