"""A look at the backward pass of one row, line by line, and at the step it asks for.

    dx = p * (dp - <p, dp>)              x - 2 dx: a step down, whose p is a point of the triangle

x, p, dp, dx have shape (3,). Derived in notebook 02.
"""

import numpy as np

from .._inputs import Array
from ..formulas.backward import softmax_vjp
from ..formulas.forward import softmax
from ..penguins import SPECIES
from .charts import bars, caption, names, number, row_of, sheet, triangle
from .scene import Look, Part, Text

__all__ = ["look_at_upstream"]

ROW = 30


def look_at_upstream(x: Array, dp: Array, who: str) -> Look:
    """Look at what softmax makes of dp (3,) at x (3,), and at the way down in the triangle."""
    p, dx = softmax(x), softmax_vjp(x, dp)
    parts = [*_first_half(p, dp), *_second_half(p, dp, dx), *_way_down(x, p, dx)]
    title = f"{who}: " + ("equal costs give no gradient" if np.ptp(dp) == 0 else
                          "how much worse than average, times how likely")
    words = (f"dp {row_of(dp, 2)}. Mean <p, dp> {number((p * dp).sum())}. dx {row_of(dx)}, "
             f"which add up to {number(dx.sum())}.")
    return Look(sheet(title, 335, parts), title, words)


def _way_down(x: Array, p: Array, dx: Array) -> list[Part]:
    """Draw the bird in the triangle, and how far it goes with a step down of its logits."""
    return [*triangle(p, SPECIES, 522, 268, 168, step=softmax(x - 2 * dx) - p),
            Text((606, 316), "the bird, and where x - 2 dx is", 12, "middle")]


def _size(dp: Array) -> float:
    return max(5.0, float(np.abs(dp).max()))             # what the edges of the panels stand for


def _first_half(p: Array, dp: Array) -> list[Part]:
    """Draw p, dp and their product, whose sum is the expected upstream."""
    ends = -_size(dp), _size(dp)
    return [
        *names(SPECIES, 12, 90, ROW),
        caption(150, 66, "p"), *bars(p, 115, 90, 70, ROW, limits=(0, 1)),
        caption(273, 66, "upstream dp"), *bars(dp, 238, 90, 70, ROW, limits=ends, digits=2),
        caption(398, 66, "p * dp"), *bars(p * dp, 363, 90, 70, ROW, limits=ends),
        Text((489, 190), f"sum: <p, dp> = {number((p * dp).sum())}", 13, "end", bold=True),
    ]


def _second_half(p: Array, dp: Array, dx: Array) -> list[Part]:
    """Draw what is above the average, and dx; no entry of dx exceeds half the largest cost."""
    size = _size(dp)
    return [
        *names(SPECIES, 12, 250, ROW), caption(170, 226, "dp - <p, dp>"),
        *bars(dp - (p * dp).sum(), 115, 250, 110, ROW, limits=(-size, size)),
        caption(375, 226, "dx = p * (dp - <p, dp>)"),
        *bars(dx, 320, 250, 110, ROW, limits=(-size / 2, size / 2)),
    ]
