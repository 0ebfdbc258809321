"""Two looks at a row of logits: at its Jacobian, and at what shift and temperature do to it.

    J = diag(p) - p p^T         p(x / T + c) = p(x / T)         J -> 0 as T -> 0

x, p have shape (3,), J has shape (3, 3). Derived in notebook 01.
"""

import numpy as np

from .._inputs import Array
from ..figures.page import COLOURS
from ..formulas.forward import softmax
from ..formulas.jacobian import softmax_jacobian
from ..penguins import SPECIES
from .charts import bars, caption, heat, names, number, row_of, sheet
from .loglog import LogLog
from .scene import INK, Disc, Line, Look, Part, Text

__all__ = ["look_at_jacobian", "look_at_temperature"]

ROW, TOP = 46, 110                              # pixels: a class is one row across all panels
TINY = 1e-12                                    # a difference below this is rounding


def look_at_jacobian(x: Array, who: str) -> Look:
    """Look at the logits x (3,) of `who`, their probabilities and Jacobian, a class per line."""
    p, J = softmax(x), softmax_jacobian(x)
    sums = ["0" if abs(s) < TINY else f"{s:.1e}" for s in J.sum(axis=-1)]
    parts = [
        *names(SPECIES, 12, TOP, ROW),
        caption(170, 66, "logits x"), *bars(x, 115, TOP, 110, ROW, limits=(-6, 6)),
        caption(340, 66, "probabilities p"), *bars(p, 295, TOP, 90, ROW, limits=(0, 1)),
        caption(558, 60, "J, rates of p (down) as one logit moves (across)"),
        *(Text((484 + 68 * j, 80), name, 11, "middle") for j, name in enumerate(SPECIES)),
        *heat(J, 450, TOP, 68, ROW, limit=0.25), Text((664, 80), "sum", 11, bold=True),
        *(Text((664, TOP + i * ROW + 5), total, 14) for i, total in enumerate(sums)),
    ]
    title = f"{who}: what one class gains, the others lose"
    words = (f"Logits {row_of(x)}. Probabilities {row_of(p, sign=False)}. Largest entry of J "
             f"{number(np.abs(J).max(), sign=False)}. Rows of J add up to {', '.join(sums)}.")
    return Look(sheet(title, 262, parts), title, words)


def look_at_temperature(x: Array, c: float, T: float, who: str) -> Look:
    """Look at softmax(x / T + c), x (3,): blind to c, and without a gradient where T is small."""
    if not 0 < T < np.inf:
        raise ValueError(f"temperature: T must be a positive number, but got {T}; try 0.1 or 10")
    z = x / T + c                                            # (3,)
    p, still = softmax(z), softmax(x / T)                    # (3,)  the same, but for rounding
    moved, largest = np.abs(p - still).max(), np.abs(softmax_jacobian(z)).max()
    parts = _temperature_panels(x, z, p, T, largest)
    title = f"{who}: " + ("so large a shift rounds the logits away" if moved > 1e-6 else
                          "sure, and so without a gradient" if largest < 0.01 else
                          "a shift changes nothing, a temperature does")
    words = (f"T = {T:.4g}, c = {c:.4g}. Probabilities {row_of(p, sign=False)}. Adding c changes "
             f"{'nothing' if moved < TINY else f'p by {moved:.0e}'}. "
             f"Largest entry of J {largest:.1e}.")
    return Look(sheet(title, 262, parts), title, words)


def _temperature_panels(x: Array, z: Array, p: Array, T: float, largest: float) -> list[Part]:
    """Draw z and p, with frames where T is 1; and the largest entry of J against T."""
    plot = LogLog(460, 78, 230, 132, (-2, 2), (-12, 0))
    every = 10.0 ** np.linspace(-2, 2, 401)
    curve = np.abs(softmax_jacobian(x / every[:, None])).max(axis=(1, 2))    # (401,)
    seen = curve >= 1e-12                                    # below the panel it is not drawn
    here, foot = plot.place(T, largest), plot.y + plot.height
    return [
        *names(SPECIES, 12, TOP, ROW), caption(165, 66, "x / T + c"),
        *(Text((205, TOP + k * ROW + 5), number(z[k], sign=False), 13, "end") for k in range(3)),
        caption(292, 66, "p"),
        *bars(p, 230, TOP, 125, ROW, limits=(0, 1), outline=softmax(x)),
        Text((230, TOP + 3 * ROW - 4), "frames: T = 1, c = 0", 11),
        caption(575, 66, "largest entry of J"), *plot.frame("temperature T", every=(1, 4)),
        *plot.curve(every[seen], curve[seen], COLOURS[0]),
        Line((here, (here[0], foot)), INK, 1, (4, 3)), Disc(here, 6, COLOURS[1], INK),
    ]
