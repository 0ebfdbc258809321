"""A look at the backward pass of one row, line by line, and at the step it asks for.

    dx = p * (dp - <p, dp>)              x - 2 dx: a step down, whose p is a point of the triangle

x, p, dp, dx have shape (3,). Derived in notebook 02.
"""

import numpy as np

from .._inputs import Array
from ..formulas.backward import softmax_vjp
from ..formulas.forward import softmax
from .charts import around, bars, number, panel, row_of, triangle
from .scene import Look, Scene

__all__ = ["look_at_upstream"]


def look_at_upstream(x: Array, dp: Array, who: str) -> Look:
    """Look at what softmax makes of dp (3,) at x (3,), and at the way down in the triangle."""
    p, dx = softmax(x), softmax_vjp(x, dp)
    mean = (p * dp).sum()
    panels = (
        bars("p", p, (0, 1)), bars("upstream dp", dp, around(dp), digits=2),
        bars("p * dp", p * dp, around(p * dp), foot=f"sum: <p, dp> = {number(mean)}"),
        bars("dp - <p, dp>", dp - mean, around(dp - mean), foot="how much worse than average"),
        bars("dx = p * (dp - <p, dp>)", dx, around(dx), foot=f"sum: {number(dx.sum())}"),
        _way_down(x, p, dx),
    )
    title = f"{who}: " + ("equal costs give no gradient" if np.ptp(dp) == 0 else
                          "how much worse than average, times how likely")
    words = (f"dp {row_of(dp, 2)}. Mean <p, dp> {number(mean)}. dx {row_of(dx)}, "
             f"which add up to {number(dx.sum())}.")
    return Look(title, panels, words)


def _way_down(x: Array, p: Array, dx: Array) -> Scene:
    """Draw the bird in the triangle, and how far it goes with a step down of its logits."""
    way = softmax(x - 2 * dx) - p
    return panel("the bird, and a step to x - 2 dx", 160, triangle(p, 72, 134, 104, step=way))
