"""Whose logits a view shows: a bird chosen by its number, or a row of the reader's own."""

from functools import cache

import numpy as np

from .._inputs import Array, ArrayLike, real
from .._misfits import an
from .._refusals import refusal, speaks
from ..penguins import ONE_BIRD, SPECIES, load_penguins, penguin_logits
from .controls import Dial

__all__ = ["YOURS", "bird", "name_of", "row_or_dial", "three"]

YOURS = "Your logits"


@cache
@speaks
def bird(number: int) -> tuple[Array, str]:
    """Return a bird's logits, and what to call it; nobody measured two of them.

    Examples
    --------
    >>> bird(37)[1]
    'Bird 37, an Adelie'
    """
    birds = load_penguins()
    logits = penguin_logits(birds.bill_length_mm[number], birds.bill_depth_mm[number])
    if np.isnan(logits).any():
        raise refusal(ValueError, f"number {number} was never measured; try {ONE_BIRD}")
    return logits, f"Bird {number}, {an(birds.species[number])}"


def name_of(x: Array, number: int) -> str:
    """Return the bird's name, as long as the logits are still its own."""
    try:
        theirs, name = bird(number)
    except ValueError:
        return YOURS
    return name if np.array_equal(x, theirs) else YOURS


def row_or_dial(x: ArrayLike | None) -> tuple[Array, dict[str, Dial]]:
    """Return the reader's own logits and no dial; or, without any, a bird's, and a dial."""
    if x is not None:
        return three("x", x), {}
    # Not one_bird(): a product of four rows may round its last digit otherwise, by processor.
    return bird(ONE_BIRD)[0].copy(), {"number": Dial("bird", ONE_BIRD, 0, 343, 1, whole=True)}


def three(name: str, a: ArrayLike) -> Array:
    """Return three numbers as an array, or refuse what is something else."""
    a = real(name, a).astype(float)
    if a.shape != (len(SPECIES),):
        raise refusal(ValueError, f"{name} must have shape (3,), but got {a.shape}; "
                      "a view shows one bird and three species")
    return a
