"""Name a mistake from the measured columns of J: what would dx be, had you made it?

Each question answers with that dx; it is spoken only if yours agrees with it for every upstream,
to the tolerance that the steps h and h / 2 give, and the right one does not. Of f nothing is
known.
"""

import numpy as np

from ..mistakes.finding import Finding
from . import column_questions as numbers
from . import other_calls as calls
from .columns import Columns
from .shares import digits, fitted, meaning

__all__ = ["QUESTIONS", "name_from"]

MAY_VANISH = {"arguments_swapped", "zero", "dp_not_used"}
QUESTIONS = {question.ask.__name__: question for question in (    # in this order
    numbers.arguments_swapped, numbers.zero, numbers.dp_not_used, numbers.factor,
    numbers.cut_short, numbers.pass_through, numbers.path_missing,
    numbers.values_times_upstream, numbers.transposed_product, numbers.diagonal_only,
    numbers.jacobian_summed_first, numbers.upstream_shared, numbers.gradient_shared,
    calls.wrong_axis, calls.elsewhere, numbers.complement, calls.x_not_used, calls.remembers,
    calls.leak)}


def name_from(c: Columns) -> Finding | None:
    """Ask one question after the other, and speak of the first that fits, but for a factor."""
    scaled = None
    for key, (question, what, todo) in QUESTIONS.items():
        for dx, words in question(c):
            if key not in MAY_VANISH and (np.abs(dx) <= 4 * c.tol).all():
                continue    # yours may be 0 for many reasons
            if c.fits(dx):
                return Finding(key, what.format(words), todo=todo)
            share = 0.0 if scaled or c.x.size < 4 else fitted(c.dx, dx, c)
            if share and c.fits(share * dx):
                times = f"Besides, it is {digits(share)} times that{meaning(share, c)}."
                scaled = Finding(key, what.format(words), times, todo)
    return scaled
