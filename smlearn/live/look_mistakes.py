"""A look at a wrong backward pass: its numbers beside the right ones, and what would stop it.

Four birds, three species; the upstream of notebook 03. Each check is a function vjp -> bool that
says whether it stops the mistake. Shown in notebook 07b.
"""

from collections.abc import Callable
from functools import cache

import numpy as np

from .._inputs import Array
from .._refusals import refusal, speaks
from ..checking.backward_pair import Pair
from ..checking.check import gradcheck
from ..checking.differences import default_step, numerical_jacobian, numerical_vjp
from ..checking.laws import blind, linear, nothing, row_sums
from ..checking.tolerance import softmax_tolerance
from ..figures.page import COLOURS
from ..formulas.backward import softmax_vjp
from ..formulas.forward import softmax
from ..mistakes.catalogue import SOFTMAX_MISTAKES
from ..mistakes.trying import call
from ..penguins import FOUR_COSTS, four_birds
from .charts import GREY, caption, heat, sheet
from .scene import INK, PAPER, Disc, Look, Part, Text

__all__ = ["CHECKS", "RIGHT", "look_at_mistake"]

RIGHT = "the right one"
H = default_step("central", np.float64)


def _run(vjp: Callable, x: Array, dp: Array) -> Array:
    """Return the very array that it returns, which a later call may overwrite, or raise."""
    run = call(vjp, (x, dp))
    return run.numbers() if run.live is None else np.asarray(run.live)


def _off(vjp: Callable, x: Array, dp: Array) -> bool:
    """Say whether vjp differs from what is measured, at the same x and dp."""
    dx, measured = _run(vjp, x, dp), numerical_vjp(softmax, x, dp)
    return dx.shape != x.shape or not (np.abs(dx - measured) <= softmax_tolerance(x, dp, H)).all()


def _off_diagonal(vjp: Callable, x: Array, dp: Array) -> bool:
    """Say whether vjp of ones differs from nudges of x[i] seen at p[i] alone."""
    J = numerical_jacobian(softmax, x)                       # (B, D, B, D)
    diagonal = np.einsum("bibi->bi", J)
    dx = _run(vjp, x, np.ones_like(x))
    return dx.shape != x.shape or not np.allclose(dx, diagonal, rtol=0, atol=1e-8)


def _breaks_a_law(vjp: Callable, x: Array, dp: Array) -> bool:
    """Say whether rows of dx do not add up to 0, a constant in dp changes them, or J is bent."""
    dx, rng = Pair(softmax, vjp).dx, np.random.default_rng(0)
    return any((row_sums(dx, x, dp), nothing(dx, x, dp), linear(dx, x, dp, rng), blind(dx, x, dp)))


CHECKS: dict[str, Callable[[Callable, Array, Array], bool]] = {
    "does it run, with the shape of x?": lambda f, x, dp: _run(f, x, dp).shape != x.shape,
    "dp of ones, nudging x[i], looking at p[i]": _off_diagonal,
    "dp of ones, measured": lambda f, x, dp: _off(f, x, np.ones_like(x)),
    "one row, this dp, measured": lambda f, x, dp: _off(f, x[:1], dp[:1]),
    "the laws: sums 0, linear, blind to constants": _breaks_a_law,
    "four rows, this dp, measured": _off,
    "gradcheck": lambda f, x, dp: gradcheck(softmax, f, x).verdict != "PASS",
}


def _stops(check: Callable, vjp: Callable, x: Array, dp: Array) -> bool:
    try:
        return bool(check(vjp, x, dp))
    except Exception:    # a backward pass that raises is stopped by whoever runs it
        return True


@cache
def caught(key: str) -> tuple[bool, ...]:
    """Say for each check whether it stops the mistake."""
    vjp = softmax_vjp if key == RIGHT else SOFTMAX_MISTAKES[key].vjp
    x, dp = four_birds(), np.array(FOUR_COSTS)
    return tuple(_stops(check, vjp, x, dp) for check in CHECKS.values())


@speaks
def look_at_mistake(key: str) -> Look:
    """Look at one mistake's numbers, the right ones, the difference, and the checks."""
    if key != RIGHT and key not in SOFTMAX_MISTAKES:
        raise refusal(ValueError, f"key must be one of SOFTMAX_MISTAKES, but got {key!r}; "
                      "choose one from the list")
    x, dp = four_birds(), np.array(FOUR_COSTS)
    dx, trouble = _tried(key, x, dp)
    right, found = softmax_vjp(x, dp), caught(key)
    title = f"{key.replace('_', ' ').capitalize()}: {sum(found)} of {len(found)} checks stop it"
    size = trouble or f"largest difference {np.abs(dx - right).max():.3f}"
    fooled = [name for name, stops in zip(CHECKS, found, strict=True) if not stops] or ["none"]
    words = " ".join([*_words(key), f"Here: {size}. Let through by:", "; ".join(fooled)])
    parts = [*_tables(dx, right, trouble), *_verdicts(found)]
    return Look(sheet(title, 382, parts), title, words)


def _tried(key: str, x: Array, dp: Array) -> tuple[Array, str]:
    """Run the mistake; if it gives nothing to compare, say why."""
    if key == RIGHT:
        return softmax_vjp(x, dp), ""
    try:
        dx = _run(SOFTMAX_MISTAKES[key].vjp, x, dp)
    except Exception as error:    # some mistakes never run; that is what there is to see
        return x, f"it raises {type(error).__name__}"
    return dx, "" if dx.shape == x.shape else f"its shape is {dx.shape}"


def _tables(dx: Array, right: Array, trouble: str) -> list[Part]:
    """Draw the mistake's numbers, the right ones, and the difference."""
    parts = [caption(118, 66, "this one"), caption(358, 66, "right"),
             caption(598, 66, "this one - right"), *heat(right, 260, 88, 65, 26, limit=0.5)]
    if trouble:
        return [*parts, Text((118, 132), trouble, 14, "middle", bold=True),
                Text((598, 132), "nothing to compare", 13, "middle", GREY)]
    return [*parts, *heat(dx, 20, 88, 65, 26, limit=0.5),
            *heat(dx - right, 500, 88, 65, 26, limit=0.5)]


def _words(key: str) -> tuple[str, ...]:
    if key == RIGHT:
        return ("p * (dp - <p, dp>), as in notebook 02.",)
    mistake = SOFTMAX_MISTAKES[key]
    return f"Its author is told: {mistake.did} {mistake.ponder}", mistake.survives


def _verdicts(found: tuple[bool, ...]) -> list[Part]:
    """List the checks: a filled disc stops the mistake, a hollow one does not; words say which."""
    parts: list[Part] = []
    for k, (name, stops) in enumerate(zip(CHECKS, found, strict=True)):
        y = 218 + 24 * k
        parts += [Disc((32, y - 5), 7, COLOURS[0] if stops else PAPER, INK, 1.5),
                  Text((50, y), "stops it" if stops else "lets it through", bold=stops),
                  Text((170, y), name)]
    return parts
