"""How the stage table looks: text in a terminal, HTML in a notebook, the same words in both.

Nothing is said by colour: what is wrong begins with WRONG, in bold, and a sentence names it, the
last line of the text and the caption of the page.
The parts of a gradient that is a sum begin with "+", the sum with "=". Numbers keep their columns.
"""

from itertools import zip_longest
from typing import NamedTuple

import numpy as np

from .._html import Markup, join, table, tag
from .._inputs import Array

__all__ = ["COLUMNS", "LATER", "UNKNOWN", "WRONG", "StageTable", "numbers"]

COLUMNS = ("stage", "formula", "value", "gradient", "its value", "verdict")
LATER, UNKNOWN, WRONG = "not judged yet", "no reference", "WRONG"      # what a verdict can be
MOST = 12                                        # more numbers than that become a summary
WORDS = "text-align: left; vertical-align: top; white-space: pre"
NUMBERS = f"{WORDS}; font-family: monospace; font-size: 92%"


class StageTable(NamedTuple):
    """The finished table; print() and a notebook show it, `first_wrong` names the culprit.

    Attributes
    ----------
    rows : tuple of tuple of str
        One for each gradient; cells may hold line breaks.
    first_wrong : str or None
        The gradient that is wrong first, on the way back.
    """

    rows: tuple[tuple[str, ...], ...]            # one per gradient; cells may hold line breaks
    first_wrong: str | None

    @property
    def finding(self) -> str:
        """What the table found, in a sentence, and what it did not look at."""
        unseen = [row[3].split("\n")[0].lstrip("+= ") for row in self.rows if row[-1] == UNKNOWN]
        if self.first_wrong and unseen:
            return (f"Walking back from the last row, the first found wrong: {self.first_wrong}; "
                    f"{', '.join(unseen)} had no reference.")
        if self.first_wrong:
            return f"Walking back from the last row, the first that is wrong: {self.first_wrong}."
        judged = f"{len(self.rows) - len(unseen)} of {len(self.rows)} judged"
        return f"{judged}, and none is wrong." if unseen else f"No gradient is wrong: {judged}."

    def __repr__(self) -> str:
        cells = [COLUMNS]
        for row in self.rows:
            cells += zip_longest(*(cell.split("\n") for cell in row), fillvalue="")
        widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
        lines = ["  ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)).rstrip()
                 for row in cells]
        return "\n".join([lines[0], "-" * max(map(len, lines)), *lines[1:], self.finding])

    __str__ = __repr__

    def _repr_html_(self) -> str:
        rows = [(row[0], *map(_cell, row[1:])) for row in self.rows]
        styles = [NUMBERS if "value" in name else WORDS for name in COLUMNS]
        styles[0] += "; font-weight: normal"
        return table(self.finding, COLUMNS, rows, head_style=WORDS, styles=styles)


def numbers(value: Array, atol: float = 1e-12) -> str:
    """Show up to 12 numbers, a row a line, and of more of them the range and the mean.

    Parameters
    ----------
    value : ndarray
    atol : float
        What is smaller, and not 0, is shown as ~0.

    Examples
    --------
    >>> print(numbers(np.array([[1.0, -20.5, 1e-17], [1 / 3, 0.0, 4e-5]])))
         1  -20.5     ~0
    0.3333      0  4e-05
    """
    value = np.asarray(value)
    if value.size > MOST:
        low, high, mean = (_number(v, atol) for v in (value.min(), value.max(), value.mean()))
        return f"{low} .. {high}\nmean {mean}"
    texts = np.array([_number(v, atol) for v in value.flat])
    texts = texts.reshape(-1, value.shape[-1] if value.size and value.ndim else 1)
    widths = [max(map(len, column), default=0) for column in texts.T]
    return "\n".join("  ".join(text.rjust(w) for text, w in zip(row, widths, strict=True))
                     for row in texts)


def _number(v: float, atol: float) -> str:
    return "~0" if 0 < abs(v) < atol else f"{v + 0:.4g}"


def _cell(text: str) -> Markup:
    """What stands in one cell of the HTML table."""
    first, *rest = text.split("\n")
    lines = join(first, *(join(tag("br"), line) for line in rest))
    return tag("strong", lines) if text.startswith(WRONG) else lines
