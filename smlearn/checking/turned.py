"""A softmax along any axis, seen with that axis last, and told in its own rows.

    softmax along axis k of x   is   softmax along the last axis of moveaxis(x, k, -1)

What is written for the last axis (formulas, tolerances, known mistakes) is turned to the learner's
arrays, and the learner's backward pass to the trial cases. A row is what softmax runs along: in a
table, along axis 0, it is a column.
"""

import re
from collections.abc import Callable

import numpy as np

__all__ = ["called", "each", "row", "told", "turned"]


def turned(f: Callable, here: int, there: int) -> Callable:
    """Return f, which works along axis `there` of its arrays, as one that works along `here`.

    It is given views: what it changes in place is changed.
    """
    def f_here(*arrays):
        y = f(*(np.moveaxis(a, here, there) for a in arrays))
        fits = isinstance(y, np.ndarray) and y.ndim == arrays[0].ndim
        return np.moveaxis(y, there, here) if fits else y
    return f if here == there else f_here


def called(axis: int, ndim: int) -> str:
    """Return the word for what softmax runs along."""
    return "column" if ndim == 2 and axis == 0 else "row"


def told(text: str, word: str) -> str:
    """Say it with that word, where a text speaks of rows."""
    return re.sub(r"\brow(?!s? of J)", word, text)


def each(axis: int, ndim: int) -> str:
    """Say along what softmax runs."""
    return f"along axis {axis}" if ndim > 2 and axis >= 0 else f"of each {called(axis, ndim)}"


def row(at: tuple[int, ...], axis: int, ndim: int) -> str:
    """Name a row by its number, or by its index in x where numbers alone do not tell.

    Examples
    --------
    >>> row((2,), -1, 2), row((2,), 0, 2), row((0, 2), 1, 3)
    ('row 2', 'column 2', 'row [0, :, 2]')
    """
    at = [str(int(k)) for k in at]
    if ndim < 3:
        return f"{called(axis, ndim)} {''.join(at) or 0}"
    at.insert(axis % ndim, ":")
    return f"row [{', '.join(at)}]"
