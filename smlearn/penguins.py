"""The running example: real birds, and the three logits a small linear classifier gives them.

    x = ((bill - CENTRE) / SPREAD) @ WEIGHTS + BIASES        bill = (length, depth) in mm

The data are the Palmer penguins, 344 birds of 3 species, two of them without measurements (CC0).
Gorman, Williams & Fraser (2014), PLoS ONE 9(3) e90081, doi:10.1371/journal.pone.0090081; as the
table `penguins` of Horst, Hill & Gorman (2020), palmerpenguins, doi:10.5281/zenodo.3960218.

WEIGHTS and BIASES minimise, over the measured birds whose row number does not leave remainder 4
when divided by 5, the summed cross-entropy plus half the summed squares of the weights; they are
rounded to three decimals. Notebook 10 trains them; tests/test_penguins.py does so again.
"""

import os
from functools import cache
from typing import NamedTuple

import numpy as np

from ._inputs import Array, ArrayLike, real
from ._refusals import refusal, speaks

__all__ = ["BIASES", "CENTRE", "FOUR_BIRDS", "FOUR_COSTS", "ONE_BIRD", "SPECIES", "SPREAD",
           "WEIGHTS", "Penguins", "four_birds", "load_penguins", "one_bird", "penguin_logits"]

SPECIES = ("Adelie", "Chinstrap", "Gentoo")
CENTRE = (43.9, 17.1)                  # mm: bill length, bill depth; near the training birds' mean
SPREAD = (5.5, 2.0)                    # mm: near their standard deviation
WEIGHTS = ((-3.009, 0.976, 2.033),     # per unit of bill length: Adelie, Chinstrap, Gentoo
           (2.258, 0.943, -3.200))     # per unit of bill depth
BIASES = (0.141, 0.591, -0.733)

ONE_BIRD = 231                         # a Gentoo with a short bill: no class is sure
FOUR_BIRDS = (37, 298, 231, 155)       # Adelie; undecided Chinstrap; the Gentoo; a sure Gentoo
FOUR_COSTS = ((0.0, 1.0, 4.0), (1.0, 0.0, 1.0), (4.0, 1.0, 0.0), (4.0, 1.0, 0.0))    # an upstream


class Penguins(NamedTuple):
    """The table, one array of shape (344,) per column; a missing number is NaN, a word "NA"."""

    species: Array
    island: Array
    bill_length_mm: Array
    bill_depth_mm: Array
    flipper_length_mm: Array
    body_mass_g: Array
    sex: Array
    year: Array


def load_penguins() -> Penguins:
    """Read the Palmer penguins from the file inside the package; no network is used.

    Returns
    -------
    birds : Penguins
        Eight arrays of shape (344,): text for species, island and sex; millimetres, grams and
        years as float64.

    References
    ----------
    Horst, Hill & Gorman (2020), palmerpenguins, doi:10.5281/zenodo.3960218.

    Examples
    --------
    >>> birds = load_penguins()
    >>> print(birds.species[231], birds.bill_length_mm[231], birds.bill_depth_mm[231])
    Gentoo 45.2 16.4
    """
    return Penguins(*(column.copy() for column in _read()))    # what a reader changes is theirs


@cache
def _read() -> Penguins:
    with open(os.path.join(os.path.dirname(__file__), "penguins.csv"), encoding="utf-8") as file:
        lines = file.read().splitlines()
    table = np.array([line.split(",") for line in lines[1:]])              # (344, 8)  text
    columns = dict(zip(lines[0].split(","), table.T, strict=True))
    numbers = set(Penguins._fields) - {"species", "island", "sex"}
    for name in numbers:
        columns[name] = np.where(columns[name] == "NA", "nan", columns[name]).astype(float)
    return Penguins(**columns)


@speaks
def penguin_logits(bill_length_mm: ArrayLike | float, bill_depth_mm: ArrayLike | float) -> Array:
    """Score a bird for each species with the fixed linear classifier.

    Parameters
    ----------
    bill_length_mm, bill_depth_mm : (...) array_like
        Millimetres, of one shape. A missing measurement (NaN) gives NaN.

    Returns
    -------
    x : (..., 3) ndarray
        Logits for Adelie, Chinstrap, Gentoo.

    Raises
    ------
    TypeError
        If a measurement is not a real number.
    ValueError
        If the two shapes differ, or a measurement is infinite.

    Examples
    --------
    >>> print(np.round(penguin_logits(43.9, 17.1), 3))
    [ 0.141  0.591 -0.733]
    """
    length = real("bill_length_mm", bill_length_mm)
    depth = real("bill_depth_mm", bill_depth_mm)
    if length.shape != depth.shape:
        raise refusal(ValueError, "bill_depth_mm must have the shape of bill_length_mm, "
                      f"{length.shape}, but got {depth.shape}; each bird has one of each")
    if np.isinf(length).any() or np.isinf(depth).any():
        raise refusal(ValueError, "bills must be of finite size, but got an infinity; "
                      "a missing measurement is NaN")
    features = (np.stack([length, depth], axis=-1) - CENTRE) / SPREAD      # (..., 2)
    return features @ np.array(WEIGHTS) + BIASES                           # (..., 3)


def one_bird() -> Array:
    """Return the running example: the three logits of bird 231, a Gentoo, shape (3,).

    Returns
    -------
    x : (3,) ndarray
        Logits of Adelie, Chinstrap, Gentoo.

    Examples
    --------
    >>> print(np.round(one_bird(), 3))
    [-1.361  0.492  0.868]
    """
    return four_birds()[FOUR_BIRDS.index(ONE_BIRD)]


def four_birds() -> Array:
    """Return the logits of birds 37, 298, 231 and 155, shape (4, 3): never as many as species.

    Returns
    -------
    x : (4, 3) ndarray
        Logits of Adelie, Chinstrap, Gentoo.

    Examples
    --------
    >>> four_birds().shape
    (4, 3)
    """
    birds = load_penguins()
    rows = list(FOUR_BIRDS)
    return penguin_logits(birds.bill_length_mm[rows], birds.bill_depth_mm[rows])
