"""A plot with two logarithmic axes, as parts of a scene: for errors and steps."""

from typing import NamedTuple

import numpy as np

from .._inputs import Array
from .charts import GREY, PALE
from .scene import PAPER, Disc, Line, Part, Text, box

__all__ = ["LogLog"]


class LogLog(NamedTuple):
    """A plot with two logarithmic axes: its place in pixels, and the powers of 10 at its ends."""

    x: float
    y: float
    width: float
    height: float
    across: tuple[int, int]
    up: tuple[int, int]

    def place(self, a: float, b: float) -> tuple[float, float]:
        """Return where (a, b) is on the paper; outside, or at 0, it is on the edge."""
        (point,) = self._places([a], [b])
        return point

    def _places(self, a: Array, b: Array) -> tuple[tuple[float, float], ...]:
        """Return where points are on the paper, from their coordinates, (N,) each."""
        x = self.x + self.width * _part(a, self.across)
        y = self.y + self.height * (1 - _part(b, self.up))
        return tuple(zip(x.tolist(), y.tolist(), strict=True))

    def frame(self, words: str, *, every: tuple[int, int] = (2, 2)) -> list[Part]:
        """Draw the ground, with powers of 10 along both axes, and what lies across in words."""
        parts: list[Part] = [box(self.x, self.y, self.width, self.height, PALE)]
        for power in range(self.across[0], self.across[1] + 1, every[0]):
            left, _ = self.place(10.0**power, 1)
            parts += [Line(((left, self.y), (left, self.y + self.height)), PAPER),
                      Text((left, self.y + self.height + 14), _power(power), 11, "middle", GREY)]
        for power in range(self.up[0], self.up[1] + 1, every[1]):
            _, top = self.place(1, 10.0**power)
            parts += [Line(((self.x, top), (self.x + self.width, top)), PAPER),
                      Text((self.x - 6, top + 4), _power(power), 11, "end", GREY)]
        middle = self.x + self.width / 2
        return [*parts, Text((middle, self.y + self.height + 29), words, 12, "middle")]

    def curve(self, a: Array, b: Array, colour: str, *, dots: bool = False, rough: bool = False
              ) -> list[Part]:
        """Draw a line through points, and the points themselves if asked; rough if it is."""
        points = self._places(a, b)
        parts: list[Part] = [Line(points, colour, 1.5, rough=rough)] if points else []
        return parts + [Disc(point, 2.2, colour, rough=rough) for point in points if dots]


def _part(values: Array, ends: tuple[int, int]) -> Array:
    """Return which part of an axis lies below each value, 0 to 1."""
    values = np.asarray(values, float)
    power = np.log10(np.where(values > 0, values, 1e-320))    # 0 is below every axis
    return (np.clip(power, *ends) - ends[0]) / (ends[1] - ends[0])


def _power(n: int) -> str:
    return f"1e{n}" if n else "1"
