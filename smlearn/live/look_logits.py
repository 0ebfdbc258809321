"""Two looks at a row of logits: at its Jacobian, and at what shift and temperature do to it.

    J = diag(p) - p p^T         p(x / T + c) = p(x / T)         J -> 0 as T -> 0

x, p have shape (3,), J has shape (3, 3). Derived in notebook 01.
"""

from functools import lru_cache

import numpy as np

from .._inputs import Array
from ..formulas.forward import softmax
from ..formulas.jacobian import softmax_jacobian
from .charts import (
    GREY,
    HERE,
    LEFT,
    PALE,
    ROW,
    TOP,
    around,
    bars,
    heat,
    letters,
    names,
    number,
    panel,
    row_of,
)
from .loglog import LogLog
from .scene import INK, Disc, Line, Look, Scene, Text, box

__all__ = ["look_at_jacobian", "look_at_temperature", "matrix"]

CELL = 48                                       # pixels: the width of an entry of J
TINY = 1e-12                                    # a difference below this is rounding


def look_at_jacobian(x: Array, who: str) -> Look:
    """Look at the logits x (3,) of `who`, their probabilities and Jacobian."""
    p, J = softmax(x), softmax_jacobian(x)
    sums = _sums(J)
    total = f"sum: {number(p.sum(), sign=False)}"
    panels = (bars("logits x", x, (-6, 6)), bars("probabilities p", p, (0, 1), foot=total),
              matrix(J))
    title = f"{who}: what one class gains, the others lose"
    words = (f"Logits {row_of(x)}. Probabilities {row_of(p, sign=False)}. Largest entry of J "
             f"{number(np.abs(J).max(), sign=False)}. Rows of J add up to {', '.join(sums)}.")
    return Look(title, panels, words)


def _sums(J: Array) -> list[str]:
    return ["0" if abs(s) < TINY else f"{s:.0e}" for s in J.sum(axis=-1)]


def matrix(J: Array, *, marked: int | None = None, covered: bool = False) -> Scene:
    """Draw J: a class per row, the logit that moves per column; one marked, all covered."""
    x, y = LEFT - 4, TOP + 10
    parts = [*names(y), *letters(x, 32, CELL)]
    if covered:
        parts += [box(x, y - ROW / 2, 3 * CELL, 3 * ROW, PALE),
                  *(Text((x + (j + 0.5) * CELL, y + i * ROW + 4), "?", 12, "middle")
                    for i in range(3) for j in range(3))]
    else:
        parts += [*heat(J, x, y, CELL, ROW, limit=0.25), Text((235, 36), "sum", 11, "middle"),
                  *(Text((235, y + i * ROW + 4), total, 11, "middle")
                    for i, total in enumerate(_sums(J)))]
    if marked is not None:
        parts.append(box(x + CELL * marked, y - ROW / 2, CELL, 3 * ROW, "none", INK))
    return panel("J: rates of p as a logit moves", 118, parts)


def look_at_temperature(x: Array, c: float, T: float, who: str) -> Look:
    """Look at softmax(x / T + c), x (3,): blind to c, and without a gradient where T is small."""
    if not 0 < T < np.inf:
        raise ValueError(f"temperature: T must be a positive number, but got {T}; try 0.1 or 10")
    z = x / T + c                                            # (3,)
    p, still = softmax(z), softmax(x / T)                    # (3,)  the same, but for rounding
    moved, largest = np.abs(p - still).max(), np.abs(softmax_jacobian(z)).max()
    panels = (bars("x / T + c", z, around(z)),
              bars("p", p, (0, 1), outline=softmax(x), foot="frames: T = 1, c = 0"),
              _dying(x, T, largest))
    title = f"{who}: " + ("so large a shift rounds the logits away" if moved > 1e-6 else
                          "sure, and so without a gradient" if largest < 0.01 else
                          "a shift changes nothing, a temperature does")
    words = (f"T = {T:.4g}, c = {c:.4g}. Probabilities {row_of(p, sign=False)}. Adding c changes "
             f"{'nothing' if moved < TINY else f'p by {moved:.0e}'}. "
             f"Largest entry of J {largest:.1e}.")
    return Look(title, panels, words)


@lru_cache(maxsize=64)
def _curve(x: tuple[float, ...]) -> tuple[Array, Array]:
    """Return temperatures, and the largest entry of J at each; it does not hang on the knobs."""
    every = 10.0 ** np.linspace(-2, 2, 201)
    return every, np.abs(softmax_jacobian(np.array(x) / every[:, None])).max(axis=(1, 2))


def _dying(x: Array, T: float, largest: float) -> Scene:
    """Draw the largest entry of J against T; what has left the panel is not drawn."""
    plot, (every, curve) = LogLog(44, 28, 190, 70, (-2, 2), (-12, 0)), _curve(tuple(x))
    seen = curve >= 1e-12
    here, foot = plot.place(T, largest), plot.y + plot.height
    return panel("largest entry of J", 136, [
        *plot.frame("temperature T", every=(1, 4)), *plot.curve(every[seen], curve[seen], GREY),
        Line((here, (here[0], foot)), INK, 1, (4, 3)), Disc(here, 6, HERE, INK),
    ])
