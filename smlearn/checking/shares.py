"""Fit a factor, and say what it is: a size of x or of y, or one over, or a turned sign."""

from collections.abc import Iterator

import numpy as np

from .._inputs import Array
from .columns import Columns

__all__ = ["axis_names", "digits", "enough", "fitted", "meaning"]


def fitted(dx: Array, right: Array, c: Columns) -> float:
    """Fit dx = share times right; 0 where right is noise, which any dx is a multiple of.

    What cannot be told from a number that means something is taken for it.
    """
    size = np.abs(right).max()
    if not (np.abs(right) > 100 * c.tol).any():
        return 0.0
    share = float(np.vdot(right, dx) / np.vdot(right, right))
    known = [1.0, 2.0, 0.5, *(n for n, _ in _sizes(c)), *(1 / n for n, _ in _sizes(c))]
    near = min((sign * n for n in known for sign in (1, -1)), key=lambda n: abs(n - share))
    share = near if abs(near - share) * size <= 4 * c.tol.max() else share
    return share if abs(share) * size > 4 * c.tol.max() else 0.0


def digits(share: float) -> str:
    """Write a factor with six digits, or two of what it is more than 1.

    Examples
    --------
    >>> digits(2.0), digits(1 + 1.0001e-7), digits(1 - 2.5e-8)
    ('2', '1.0000001', '0.999999975')
    """
    return f"{share:.6g}" if f"{share:.6g}" != "1" else f"{1 + float(f'{share - 1:.1e}'):.15g}"


def enough(a: float, b: float) -> int:
    """Return how many digits tell two numbers apart, six at least; 17 tell any two.

    Examples
    --------
    >>> enough(1.0, 2.0), enough(1.0, 1 + 2e-8), enough(1.0, 1 + 2.0**-52)
    (6, 9, 17)
    """
    return next((n for n in range(6, 17) if f"{a:.{n}g}" != f"{b:.{n}g}"), 17)


def meaning(share: float, c: Columns) -> str:
    """Say which size of x or y a factor is, or one over."""
    if digits(share) == "-1":
        return ": the sign is turned round"
    for number, words in _sizes(c):
        if share == number:
            return f": as many as there are {words}"
        if share == 1 / number:
            return f": 1/{number}, and {number} is the number of {words}"
    return ""


def _sizes(c: Columns) -> Iterator[tuple[int, str]]:
    """Yield each size: of the axes of x, of those of y, of both in all."""
    of_x, of_y = (list(zip(a.shape, axis_names(a.ndim), strict=True)) for a in (c.x, c.y))
    rows = c.x[..., :1].size if c.x.ndim else 1
    in_all = [(rows, "rows in all"), (c.x.size, "entries of x"), (c.y.size, "outputs")]
    for number, words in [*of_x, *of_y, *in_all]:
        same = [name for n, name in of_x if n == number] or [words]
        yield number, " and of ".join(same)


def axis_names(ndim: int) -> list[str]:
    """Name the axes of an array, for more than one of each."""
    return {0: [], 1: ["entries"], 2: ["rows", "columns"]}.get(
        ndim, [*(f"indices of axis {k}" for k in range(ndim - 1)), "columns"])
