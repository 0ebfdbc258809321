"""Numbers in words, with signs; and yours, the target and the difference in one small table.

The worst entry carries a star, not a colour.
"""

from itertools import product

import numpy as np

from .._html import Markup, each, tag
from .._inputs import Array

__all__ = ["apart", "entry", "number", "strip", "worst_entry"]

ROWS, COLUMNS = 6, 8    # what the table shows at most, the worst entry among them
STAR = "* "
CELL = "text-align: right; white-space: nowrap; padding: 1px 6px"
NAME = "text-align: left; padding: 1px 6px"
TABLE = "margin: 0px 0px 8px; border-collapse: collapse"


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
def strip(yours: Array, target: Array, relative: bool = False) -> Markup:
    """Write yours, target and difference below one another, in one small HTML table.

    An array of more axes is shown by the page that holds the worst entry, a large one in part.
    """
    unit, note = target if relative else 1, f"{STAR}the worst entry"
    at = worst_entry(yours / unit, target / unit)
    if target.ndim > 2:
        page, at = at[:-2], at[-2:]
        yours, target, note = yours[page], target[page], f"page {entry(page)}; {note}"
    most = (ROWS, COLUMNS)[-target.ndim:]
    *rows, columns = shown = tuple(map(_window, at, target.shape, most))
    if tuple(map(len, shown)) != target.shape:
        note = f"a part of the shape {target.shape}; {note}"
    head = (tag("th", "array", scope="col", style=NAME),
            each("th", (*["row"] * len(rows), *columns), scope="col", style=CELL))
    bodies = (_body(name, numbers, at, shown) for name, numbers in
              {"yours": yours, "target": target, "yours - target": yours * 1.0 - target}.items())
    return tag("table", tag("caption", note, style="text-align: left"),
               tag("thead", tag("tr", *head)), *bodies, style=TABLE)


def _window(at: int, size: int, most: int) -> range:
    """Return the places along an axis that are shown, this one among them."""
    first = max(0, at - most + 1)
    return range(first, min(size, first + most))


def _body(name: str, numbers: Array, at: tuple[int, ...], shown: tuple[range, ...]) -> Markup:
    """Write the rows of one of the three; the first row says which it is."""
    *rows, columns = shown
    many = len(rows[0]) if rows else None
    heads = [tag("th", name, scope="rowgroup", rowspan=many, style=NAME)]
    written = []
    for row in product(*rows):
        heads += [tag("th", i, scope="row", style=CELL) for i in row]
        cells = (_marked(numbers[*row, j], (*row, j) == at) for j in columns)
        written.append(tag("tr", *heads, each("td", cells, style=CELL)))
        heads = []
    return tag("tbody", *written, style="border-top: 1px solid #888")


def _marked(v, worst: bool) -> str | Markup:
    return tag("strong", f"{STAR}{number(v)}") if worst else number(v)
