"""A look at one measured derivative: its error against the step, and the digits that are right.

    dp_i / dx_i by differences of step h = 2^-k, beside p_i (1 - p_i)

Truncation falls with h, rounding grows: a V. Derived in notebook 06.
"""

from functools import lru_cache

import numpy as np

from .._inputs import Array
from ..checking.differences import default_step, numerical_jvp
from ..figures.page import COLOURS
from ..formulas.forward import softmax
from ..formulas.jacobian import softmax_jacobian
from .charts import GREY, caption, sheet
from .loglog import LogLog
from .scene import INK, Disc, Line, Look, Part, Text, box

__all__ = ["look_at_step", "measure"]

DECIMALS = 12
HALVINGS = range(1, 53)


def measure(x: Array, method: str, h: float) -> tuple[float, float]:
    """Return dp_i/dx_i of the likeliest class i, measured with step h and exact, at x.

    Examples
    --------
    >>> measured, exact = measure(np.array([0.0, 0.0]), "central", 0.5)
    >>> print(f"{measured:.4f} {exact:.4f}")
    0.2449 0.2500
    """
    i = int(np.argmax(x))
    t = np.zeros_like(x)
    t[i] = 1
    exact = softmax_jacobian(x.astype(float))[i, i]
    return float(numerical_jvp(softmax, x, t, method=method, h=h)[i]), float(exact)


@lru_cache(maxsize=64)
def _errors(row: tuple[float, ...], dtype: str, method: str) -> tuple[list[float], list[float]]:
    """Return steps and errors; a step too small to move x is left out."""
    x, steps, errors = np.array(row, dtype), [], []
    for k in HALVINGS:
        try:
            measured, exact = measure(x, method, 2.0**-k)
        except ValueError:
            break
        steps.append(2.0**-k)
        errors.append(abs(measured - exact))
    return steps, errors


def look_at_step(x: Array, k: int, method: str, dtype: str) -> Look:
    """Look at the measured slope of the likeliest probability, at the step h = 2^-k and x (3,)."""
    x, h = np.asarray(x, dtype), 2.0**-k
    measured, exact = measure(x, method, h)
    best = default_step(method, x.dtype)
    title = ("The step that theory chooses" if h == best else
             f"The step is too {'large: truncation' if h > best else 'small: rounding'}")
    words = (f"h = 2^-{k} = {h:.2g}, {method}, {dtype}. Measured {measured:.{DECIMALS}f}, exact "
             f"{exact:.{DECIMALS}f}. Decimals in common: {_common(measured, exact)}; "
             f"error {abs(measured - exact):.1e}.")
    curve = _errors(tuple(map(float, x)), dtype, method)
    parts = [*_valley(*curve, h, abs(measured - exact), best), *_digits(measured, exact, h)]
    return Look(sheet(title, 295, parts), title, words)


def _valley(steps: Array, errors: Array, h: float, error: float, best: float) -> list[Part]:
    """Draw the error against the step: a V, with today's step on it and the one of theory."""
    plot = LogLog(55, 60, 310, 190, (-16, 0), (-16, 0))
    here, (left, _), foot = plot.place(h, error), plot.place(best, 1), plot.y + plot.height
    free = -1 if here[0] > left else 1    # the side where today's upright line does not stand
    return [
        caption(210, 52, "|measured - exact|"), *plot.frame("step h", every=(4, 4)),
        *plot.curve(steps, errors, COLOURS[0], dots=True, rough=True),
        Line(((left, plot.y), (left, foot)), GREY, 1, (4, 3)),
        Text((left + 5 * free, 74), "theory", 11, "end" if free < 0 else "start"),
        Line(((here[0], plot.y), (here[0], foot)), INK, 1.5), Disc(here, 7, COLOURS[1], INK, 1.5),
    ]


def _common(measured: float, exact: float) -> int:
    """Count the decimals that two numbers share from the left."""
    a, b = f"{measured:.{DECIMALS}f}", f"{exact:.{DECIMALS}f}"
    same = [u == v for u, v in zip(a, b, strict=False)]
    return max((same + [False]).index(False) - b.index(".") - 1, 0)


def _digits(measured: float, exact: float, h: float) -> list[Part]:
    """Write both numbers below each other; the decimals that differ stand framed on a ground."""
    letters = [f"{value:.{DECIMALS}f}" for value in (measured, exact)]
    n, wide, x = _common(measured, exact), 13.0, 450.0
    parts: list[Part] = [Text((x, 78), f"h = {h:.3g}", 15)]
    if n < DECIMALS:
        start = x + wide * (letters[1].index(".") + 1 + n)
        parts.append(box(start - 1, 112, (DECIMALS - n) * wide + 2, 28, "#ffe3c2", COLOURS[1]))
    for y, name, number in zip((132, 174), ("measured", "exact"), letters, strict=True):
        parts += [Text((x + wide * (at + 0.5), y), letter, 18, "middle", mono=True)
                  for at, letter in enumerate(number)]
        parts.append(Text((x - 8, y), name, 12, "end", GREY))
    return [*parts, Text((x, 214), f"decimals in common: {n}", 14, bold=True)]
