"""A look at one measured derivative: its error against the step, and the digits that are right.

    dp_i / dx_i by differences of step h = 2^-k, beside p_i (1 - p_i)

Truncation falls with h, rounding grows: a V. Derived in notebook 06.
"""

from functools import lru_cache

import numpy as np

from .._inputs import Array
from ..checking.differences import default_step, numerical_jvp
from ..formulas.forward import softmax
from ..formulas.jacobian import softmax_jacobian
from .charts import GREY, HERE, HERE_PALE, WIDTH, panel
from .loglog import LogLog
from .scene import INK, Disc, Line, Look, Part, Scene, Text, box

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
    panels = _valley(*curve, h, abs(measured - exact), best), _digits(measured, exact, h)
    return Look(title, panels, words)


def _valley(steps: Array, errors: Array, h: float, error: float, best: float) -> Scene:
    """Draw the error against the step: a V, with today's step on it and the one of theory."""
    plot = LogLog(44, 46, 190, 150, (-16, 0), (-16, 0))
    here, (left, _), foot = plot.place(h, error), plot.place(best, 1), plot.y + plot.height
    return panel("|measured - exact|", 232, [
        *plot.frame("step h", every=(4, 4)), Text((left, 40), "theory", 12, "middle"),
        *plot.curve(steps, errors, GREY, dots=True, rough=True),
        Line(((left, plot.y), (left, foot)), GREY, 1, (4, 3)),
        Line(((here[0], plot.y), (here[0], foot)), INK, 1.5), Disc(here, 7, HERE, INK, 1.5),
    ])


def _common(measured: float, exact: float) -> int:
    """Count the decimals that two numbers share from the left."""
    a, b = f"{measured:.{DECIMALS}f}", f"{exact:.{DECIMALS}f}"
    same = [u == v for u, v in zip(a, b, strict=False)]
    return max((same + [False]).index(False) - b.index(".") - 1, 0)


def _digits(measured: float, exact: float, h: float) -> Scene:
    """Write both numbers below each other; the decimals that differ stand framed on a ground."""
    letters = [f"{value:.{DECIMALS}f}" for value in (measured, exact)]
    n, wide, x = _common(measured, exact), 11.0, 71.0
    parts: list[Part] = []
    if n < DECIMALS:
        start = x + wide * (letters[1].index(".") + 1 + n)
        parts.append(box(start - 1, 46, (DECIMALS - n) * wide + 2, 24, HERE_PALE, HERE))
    for y, name, number in zip((63, 97), ("measured", "exact"), letters, strict=True):
        parts += [Text((x + wide * (at + 0.5), y), letter, 15, "middle", mono=True)
                  for at, letter in enumerate(number)]
        parts.append(Text((x - 6, y), name, 12, "end"))
    return panel(f"h = {h:.3g}", 150, [
        *parts, Text((WIDTH / 2, 132), f"decimals in common: {n}", 13, "middle", bold=True)])
