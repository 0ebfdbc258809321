"""What checks ask of a backward pass, and which mistakes they stop: the wall, and its numbers.

Nine checks hand over x and dp and want numbers back, closely enough, as in notebook 07; of the
other three one wants any numbers, one asks the laws, and one is gradcheck.
"""

from collections.abc import Callable
from functools import cache
from typing import NamedTuple

import numpy as np

from .._inputs import Array
from ..checking.backward_pair import Pair
from ..checking.check import gradcheck
from ..checking.differences import numerical_jacobian, numerical_vjp
from ..checking.laws import blind, linear, nothing, row_sums
from ..formulas.backward import softmax_vjp
from ..formulas.forward import softmax
from ..mistakes.catalogue import SOFTMAX_MISTAKES
from ..mistakes.trying import call
from ..penguins import FOUR_BIRDS, FOUR_COSTS, SPECIES, four_birds, load_penguins

__all__ = ["CHECKS", "GRADCHECK", "KEYS", "LAWS", "RIGHT", "RUNS", "Ask", "ask", "caught",
           "returned"]

RIGHT = "the right one"
KEYS = (RIGHT, *SOFTMAX_MISTAKES)
BIRDS = tuple(f"bird {number}" for number in FOUR_BIRDS)
RUNS, LAWS, GRADCHECK = "does it run?", "the laws", "gradcheck"


class Ask(NamedTuple):
    """What a check hands over, what it wants for it, how closely, and what the rows are."""

    x: Array
    dp: Array
    wanted: Array
    atol: float = 1e-6
    rows: tuple[str, ...] = BIRDS


def _measured(x: Array, dp: Array, *rest) -> Ask:
    return Ask(x, dp, numerical_vjp(softmax, x, dp), *rest)


@cache
def _asks() -> dict[str, Ask]:
    x, dp, rng = four_birds(), np.array(FOUR_COSTS), np.random.default_rng(0)
    species = load_penguins().species[list(FOUR_BIRDS)]
    label, ones = (species[:, None] == np.array(SPECIES)).astype(float), np.ones_like(x)
    wide, far = 0.1 * rng.standard_normal((2, 1000)), rng.standard_normal((2, 1000))
    diagonal = np.einsum("bibi->bi", numerical_jacobian(softmax, x))    # nudge x[i], see p[i]
    rows = tuple(f"row {k}" for k in range(4))
    return {
        "seed's": Ask(x, ones, diagonal),
        "ones": _measured(x, ones),
        "-y / p": _measured(x, -label / softmax(x)),
        "one-hot": _measured(x, label),
        "one row": _measured(x[2:3], dp[2:3], 1e-6, BIRDS[2:3]),
        "equal logits": _measured(0 * x, dp, 1e-6, rows),
        "square": _measured(x[:3], dp[:3], 1e-6, BIRDS[:3]),
        "wide, 1e-4": _measured(wide, far, 1e-4, rows[:2]),
        "four rows": _measured(x, dp),
    }


CHECKS = (RUNS, "seed's", "ones", "-y / p", "one-hot", "one row", "equal logits", "square",
          "wide, 1e-4", "four rows", LAWS, GRADCHECK)


def ask(check: str) -> Ask:
    """Return what a check hands over, and wants; the three that want no numbers use four rows."""
    return _asks().get(check, _asks()["four rows"])


def returned(key: str, x: Array, dp: Array) -> Array:
    """Return the very array that it returns, which a later call may overwrite, or raise."""
    run = call(_vjp(key), (x, dp))
    return run.numbers() if run.live is None else np.asarray(run.live)


def _vjp(key: str) -> Callable:
    return softmax_vjp if key == RIGHT else SOFTMAX_MISTAKES[key].vjp


@cache
def caught(key: str) -> tuple[bool, ...]:
    """Say for each check whether it stops the mistake."""
    return tuple(_stops(check, key) for check in CHECKS)


def _stops(check: str, key: str) -> bool:
    x, dp, wanted, atol, _ = ask(check)
    try:
        if check == GRADCHECK:
            return gradcheck(softmax, _vjp(key), x).verdict != "PASS"
        if check == LAWS:
            return _breaks_a_law(key, x, dp)
        dx = returned(key, x, dp)
        return dx.shape != wanted.shape or (
            check != RUNS and not np.allclose(dx, wanted, rtol=0, atol=atol))
    except Exception:    # a backward pass that raises is stopped by whoever runs it
        return True


def _breaks_a_law(key: str, x: Array, dp: Array) -> bool:
    """Say whether rows of dx do not add up to 0, a constant in dp changes them, or J is bent."""
    dx, rng = Pair(softmax, _vjp(key)).dx, np.random.default_rng(0)
    return any((row_sums(dx, x, dp), nothing(dx, x, dp), linear(dx, x, dp, rng), blind(dx, x, dp)))
