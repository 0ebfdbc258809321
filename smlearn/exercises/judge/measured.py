"""A look at what should be measured: whether its numbers are those of a formula."""

import numpy as np

from ...formulas.jacobian import softmax_jacobian
from ...mistakes.finding import Finding
from .observed import Seen

__all__ = ["by_the_formula"]

DIGITS = 1e-10    # a nudge of 0.01 leaves ten thousand times as much


def by_the_formula(seen: Seen) -> Finding | None:
    """Look whether a column of J, asked by (x, j, h), has more digits than a nudge of h gives."""
    columns = {name: softmax_jacobian(x)[:, j] for name, (x, j, _) in seen.part.cases.items()}
    if not seen.right or not all(np.allclose(seen.runs[name].array, column, rtol=0, atol=DIGITS)
                                 for name, column in columns.items()):
        return None
    ponder = "If the formula of J were wrong, would this answer notice?"
    return Finding("formula", "In every case it is the formula's column, to ten digits.",
                   "A nudge by h, as it was given, leaves more error than that.", ponder,
                   question=ponder)
