"""The power of a check: which known mistakes could this x and this dp not have exposed?

Answered by trying: every known wrong backward pass is run on the same x and dp, and one that stays
within tolerance everywhere could not have been told from a right one. Derived in notebook 07.
"""

from collections.abc import Callable, Iterator

import numpy as np

from .._inputs import Array
from ..formulas.backward import softmax_vjp
from ..mistakes.catalogue import SOFTMAX_MISTAKES
from ..mistakes.trying import close
from .backward_pair import Case
from .compare import Measured
from .tolerance import coarsest, softmax_tolerance
from .turned import told

__all__ = ["blind_spots"]

SIDE_EFFECTS = {"dp_in_place", "x_in_place", "shared_buffer"}    # the laws look for them
D_BY_D = {"elementwise_with_jacobian"}                           # its shape gives it away


def blind_spots(case: Case, passed: Measured | None = None
                ) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Say what a check of this case could not have seen, and what to use instead.

    Parameters
    ----------
    case : Case
    passed : Measured, optional
        The numbers, if the check passed.

    Returns
    -------
    blind_to : tuple of str
        Keys of mistakes; nothing where f is no softmax, since nothing is known of f then.
    advice : tuple of str
        A sentence each.
    """
    if not case.is_softmax:
        return (), (*_advice_on_dp(case), *_advice_on_size(passed))
    x, logits, *upstreams = (np.moveaxis(a, case.axis, -1)
                             for a in (case.x, case.logits, *case.upstreams))
    right = [(dp, softmax_vjp(logits, dp), softmax_tolerance(x, dp, case.h)) for dp in upstreams]
    blind = [key for key, mistake in SOFTMAX_MISTAKES.items()
             if key not in SIDE_EFFECTS | D_BY_D
             and all(_unseen(mistake.vjp, logits, *each) for each in right)]
    advice = (*_advice_on_dp(case), *_advice_on_x(x))
    return tuple(blind), tuple(told(each, case.row) for each in advice)


def _advice_on_dp(case: Case) -> Iterator[str]:
    if not any(dp.any() for dp in case.upstreams):
        yield "dp is 0, and 0 times anything is 0: use random dp."
    elif case.is_softmax and all((np.ptp(dp, axis=case.axis) == 0).all() for dp in case.upstreams):
        yield "dp is the same for every class, and J cannot see constants: use random dp."


def _advice_on_size(passed: Measured | None) -> Iterator[str]:
    """Say that 0 would pass as well, where dx is more than what rounding leaves of 0."""
    for each in passed.beside if passed else ():
        if (np.abs(each.numeric) > each.tol).any() or (np.abs(each.analytic).max()
                <= 64 * coarsest(each.analytic) * np.abs(each.dp).max()):
            return
    if passed:
        yield ("No entry of dx is above its tolerance, and 0 would pass, too: "
               + "use float64, or " * (passed.analytic.dtype.itemsize < 8)
               + "bring x and f(x) nearer to 1.")


def _advice_on_x(x: Array) -> Iterator[str]:
    rows = x.reshape(-1, x.shape[-1])
    if len(rows) == 1:
        yield "There is one row: use at least two, of different logits."
    elif (rows == rows[:1]).all():
        yield "All rows are equal: let them differ."
    if x.shape[-1] == 1:
        yield "There is one class, and its probability is 1: use at least two."
    elif len(rows) == x.shape[-1]:
        yield "There are as many rows as classes: let the two numbers differ."
    if (np.ptp(rows, axis=1) == 0).all() and x.shape[-1] > 1:
        yield "All logits of a row are equal: use random ones."


def _unseen(vjp: Callable, x: Array, dp: Array, exact: Array, tol: Array) -> bool:
    """Say whether it lies within the tolerance. Those that write into x or dp are not asked."""
    try:
        dx = vjp(x, dp)
    except Exception:    # a mistake that raises is seen
        return False
    return close(dx, exact, tol)
