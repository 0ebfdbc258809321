"""A value that was written down: as plain data, as numbers, and what it is compared with."""

from functools import cached_property

import numpy as np

from ..._inputs import Array
from ...mistakes.trying import as_array
from ..sandbox.call import read_answer
from ..sandbox.clock import Patience
from ..sandbox.plain_data import Other
from ..task import Answer, Choice

__all__ = ["Given"]


class Given:
    """A value that was written down, as plain data, and as numbers."""

    def __init__(self, part: Answer | Choice, given, patience: Patience):
        self.part, self.value = part, read_answer(given, patience)
        if isinstance(self.value, set) and isinstance(part, Answer) and part.any_order:
            self.value = list(self.value)

    @cached_property
    def numbers(self) -> Array | None:
        """The numbers, brought into the form in which they are compared; None if it holds none."""
        part, a = self.part, _read(_floats(self.value))
        if a is None or a.dtype.kind not in "biuf":
            return None
        if isinstance(part.value, tuple):
            return np.ravel(a)
        if part.any_order and a.ndim and a.size == max(a.shape):
            return np.unique(a)
        wanted = np.shape(part.value)    # [0.5] is 0.5, and a row of three is three
        return a.reshape(wanted) if _without_ones(a.shape) == _without_ones(wanted) else a

    @property
    def yes_or_no(self) -> bool:
        """Whether True or False is asked for."""
        return np.asarray(self.part.value).dtype.kind == "b"

    @np.errstate(all="ignore")
    def shortens(self, value) -> bool:
        """Whether it is this value, rounded or cut off to two digits or more."""
        if isinstance(self.part.value, str | tuple):
            return False
        value = np.asarray(value, float)
        return self.numbers.shape == value.shape and all(
            map(_is_short_for, self.numbers.flat, value.flat))

    def fits(self, value) -> bool:
        """Whether it is this value."""
        if isinstance(self.part.value, str):
            return isinstance(self.value, str) and self.value.strip() == value
        if isinstance(self.part.value, tuple):
            return np.array_equal(self.numbers, np.atleast_1d(value))
        value = np.asarray(value, float)
        return self.numbers.shape == value.shape and bool(np.allclose(
            self.numbers, value, atol=self.part.atol))    # and 1e-5 of the value


def _floats(value):
    """Return plain data with fractions as floats."""
    if isinstance(value, list | tuple):
        return [_floats(each) for each in value]
    return value.number if isinstance(value, Other) else value


def _read(value) -> Array | None:
    """Return plain data as an array: [[1], 2] is [1, 2], where one sum has kept its axis."""
    if isinstance(value, list):
        parts = [as_array(each) for each in value]
        if all(part is not None and part.size == 1 for part in parts):
            return np.array([part.reshape(()) for part in parts])
    return as_array(value)


def _without_ones(shape: tuple) -> list[int]:
    return [n for n in shape if n != 1]


def _is_short_for(given: float, value: float) -> bool:
    """Whether the one is the other with fewer digits, two at least."""
    if np.isclose(given, value, atol=0):
        return True
    first = np.floor(np.log10(abs(value)))
    units = 10.0 ** (first - np.arange(1, 7))            # (6,)  of the last digit that stays
    cut = np.trunc(value / units)
    counts = np.rint(given / units)
    short = (abs(counts * units - value) <= units * 0.5000001) | (counts == cut)
    return bool((short & np.isclose(counts * units, given, rtol=1e-9, atol=0)).any())
