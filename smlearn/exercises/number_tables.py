"""Small tables of numbers: yours, the target and the difference, with signs.

The worst entry carries a star, not a colour.
"""

import numpy as np

from .._html import Markup, join, table
from .._inputs import Array

__all__ = ["apart", "entry", "number", "tables", "worst_entry"]

ROWS, COLUMNS = 6, 8    # what a table shows at most, the worst entry among them


def number(v) -> str:
    """Write a number with its sign; a truth value as a word."""
    if isinstance(v, bool | np.bool_):
        return str(bool(v))
    if isinstance(v, complex | np.complexfloating):
        return f"{complex(v):.4g}"
    if isinstance(v, int | np.integer):
        return f"{int(v):+d}"
    v = float(v) + 0.0    # -0 is written as 0
    if not np.isfinite(v):
        return f"{v}"
    return f"{v:+.4f}" if v == 0 or 1e-3 <= abs(v) < 1e4 else f"{v:+.2e}"


def apart(yours, right) -> tuple[str, str]:
    """Write two numbers in as many digits as tell them apart."""
    said, wanted = number(yours), number(right)
    for digits in (10, 17):
        if said == wanted and yours != right and np.isfinite(yours):
            said, wanted = f"{yours:+.{digits}g}", f"{right:+.{digits}g}"
    return said, wanted


def entry(at: tuple[int, ...]) -> str:
    """Write an index as code would: [0, 2]."""
    return f"[{', '.join(map(str, at))}]"


@np.errstate(all="ignore")
def worst_entry(yours: Array, target: Array) -> tuple[int, ...]:
    """Return the index at which the two are furthest apart; what is not a number is further."""
    apart = np.abs(np.multiply(yours, 1.0) - np.multiply(target, 1.0))
    both = np.isnan(yours) & np.isnan(target) | (yours == target)
    apart = np.where(both, 0, np.nan_to_num(apart, nan=np.inf, posinf=np.inf))
    return tuple(map(int, np.unravel_index(apart.argmax(), apart.shape)))


@np.errstate(all="ignore")
def tables(yours: Array, target: Array) -> Markup:
    """Write yours, target and difference as small HTML tables; the worst entry carries a star."""
    at = worst_entry(yours, target)
    if target.ndim > 2:    # the page that holds the worst entry
        page, at = at[:-2], at[-2:]
        yours, target, where = yours[page], target[page], f", page {entry(page)}"
    else:
        where = ""
    yours, target = np.atleast_2d(yours), np.atleast_2d(target)
    at = (0,) * (2 - len(at)) + at
    shown = [(f"yours{where}", yours), (f"target{where}", target),
             ("difference, yours minus target; * the worst", yours * 1.0 - target)]
    return join(*(_table(caption, numbers, at) for caption, numbers in shown))


def _table(caption: str, numbers: Array, at: tuple[int, int]) -> Markup:
    top, left = max(0, at[0] - ROWS + 1), max(0, at[1] - COLUMNS + 1)
    rows = range(top, min(numbers.shape[0], top + ROWS))
    columns = range(left, min(numbers.shape[1], left + COLUMNS))
    body = [(i, *(number(numbers[i, j]) + " *" * ((i, j) == at) for j in columns)) for i in rows]
    return table(caption, ("row", *columns), body,
                 style="display: inline-block; vertical-align: top; margin-right: 2em")
