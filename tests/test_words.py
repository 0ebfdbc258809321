"""The seven words are those that notebook 11 writes out."""

import numpy as np
from hygiene import NOTEBOOKS, read

from smlearn.words import WORDS, seven_words


def test_the_words_are_those_of_the_page():
    """The core writes them by hand, its depths take them from here."""
    cells = read(NOTEBOOKS / "11_attention.ipynb").cells
    scope = {"np": np}
    exec(next(cell.source for cell in cells if cell.id == "attention-04"), scope)
    assert tuple(scope["words"]) == WORDS
    for name, array in zip("QKV", seven_words(), strict=True):
        np.testing.assert_array_equal(array, scope[name])


def test_every_call_gives_arrays_of_its_own():
    """A page that changes a key changes no other page's."""
    seven_words()[1][-1] = 4
    assert seven_words()[1][-1].tolist() == [0, 0, 2]
