"""Whose logits a view shows: a bird chosen by its number, or a row of the reader's own."""

from functools import cache

import numpy as np

from .._inputs import Array, real
from ..penguins import ONE_BIRD, SPECIES, load_penguins, one_bird, penguin_logits
from .controls import Dial

__all__ = ["YOURS", "bird", "bird_dial", "name_of", "row_or_dial", "three"]

YOURS = "Your logits"


@cache
def bird(number: int) -> tuple[Array, str]:
    """Return a bird's logits, and what to call it.

    Raises
    ------
    ValueError
        If nobody measured it.

    Examples
    --------
    >>> bird(37)[1]
    'Bird 37, an Adelie'
    """
    birds = load_penguins()
    logits = penguin_logits(birds.bill_length_mm[number], birds.bill_depth_mm[number])
    if np.isnan(logits).any():
        raise ValueError(f"bird: number {number} was never measured; try {ONE_BIRD}")
    species = birds.species[number]
    return logits, f"Bird {number}, {'an' if species[0] in 'AEIOU' else 'a'} {species}"


def name_of(x: Array, number: int) -> str:
    """Return the bird's name, as long as the logits are still its own."""
    try:
        theirs, name = bird(number)
    except ValueError:
        return YOURS
    return name if np.array_equal(x, theirs) else YOURS


def bird_dial() -> Dial:
    """Return a dial for the number of a bird."""
    return Dial("bird", ONE_BIRD, 0, 343, 1, whole=True)


def row_or_dial(where: str, x: Array | None) -> tuple[Array, dict[str, Dial]]:
    """Return the reader's own logits and no dial; or, without any, a bird's, and a dial."""
    return (one_bird(), {"number": bird_dial()}) if x is None else (three(where, "x", x), {})


def three(where: str, name: str, a: Array) -> Array:
    """Return three numbers as an array.

    Raises
    ------
    TypeError, ValueError
        If they are something else.
    """
    a = real(where, name, a).astype(float)
    if a.shape != (len(SPECIES),):
        raise ValueError(f"{where}: {name} must have shape (3,), but got {a.shape}; "
                         "a view shows one bird and three species")
    return a
