"""Say which mistake a wrong softmax backward makes, by running known-wrong ones beside it.

Both are tried on the same cases (trying.py), and a mistake is named only if it looks the same in
every one, to rounding. Otherwise the finding is a constant factor, the formula that the numbers
follow, or the first broken law with the smallest input that breaks it. Of a backward pass of any
other f only what was measured is known: a factor and the product from the wrong side show in it.
"""

from collections.abc import Callable
from functools import cache
from typing import NamedTuple

import numpy as np

from .._inputs import Array
from ..formulas.backward import softmax_vjp
from ..formulas.forward import softmax
from ..mistakes.catalogue import MISTAKES, SOFTMAX_MISTAKES
from ..mistakes.read_off_formula import read_formula
from ..mistakes.trying import Seen, alike, overflows, same, trial_cases, try_on
from .backward_pair import BackwardFailed, Case, Pair
from .compare import Measured
from .differences import numerical_jvp
from .laws import LAWS, SOFTMAX_LAWS

__all__ = ["Finding", "diagnose", "diagnose_measured"]

FACTOR = "Which constant did you forget, or use twice?"


class Finding(NamedTuple):
    """What is wrong: the key of a mistake, "factor", or the name of a law; and a sentence."""

    key: str
    sentence: str
    ponder: str = ""

    def __str__(self) -> str:
        return f"{self.sentence} {self.ponder}".strip()


def diagnose(vjp: Callable[[Array, Array], Array], *, dtype=np.float64) -> Finding | None:
    """Find the most basic thing that is wrong with a softmax backward pass.

    Parameters
    ----------
    vjp : callable
        (x, dp) -> dx, for x and dp of shape (B, D). It is called on copies.
    dtype : dtype
        The precision of x to try it in, float64 or float32.

    Returns
    -------
    finding : Finding, or None if nothing is wrong

    Examples
    --------
    >>> from smlearn.mistakes import MISTAKES
    >>> diagnose(MISTAKES["factor_two"].vjp).key
    'factor_two'
    >>> print(diagnose(softmax_vjp))
    None
    """
    cases = trial_cases(dtype)
    yours, (truth, known) = try_on(vjp, cases), _references(np.dtype(dtype))
    if alike(yours, truth):
        return None
    near = {name: seen for name, seen in yours.items() if not overflows(seen)}
    fitting = [key for key in known if alike(yours, known[key])]
    if 0 < len(near) < len(yours):    # exp overflowed: is anything else wrong?
        fitting += ["unshifted_exp"] if alike(near, truth) else []
        fitting += [key for key in known if alike(near, known[key])]
    if fitting:
        mistake = MISTAKES[fitting[0]]
        return Finding(mistake.key, mistake.did, mistake.ponder)
    return (_raises(yours) or _factor(yours, truth) or _formula(yours, cases) or _broken_law(vjp)
            or Finding("unknown", "The result is wrong in this case: "
                                  f"{_first_difference(yours, truth)}."))


@cache
def _references(dtype: np.dtype) -> tuple[dict[str, Seen], dict[str, dict[str, Seen]]]:
    """Try the right backward pass, and each known mistake."""
    cases = trial_cases(dtype)
    return try_on(softmax_vjp, cases), {
        key: try_on(mistake.vjp, cases) for key, mistake in SOFTMAX_MISTAKES.items()}


def diagnose_measured(case: Case, measured: Measured) -> Finding | None:
    """Name what the measurement of any f can show: a factor, or the product from the wrong side.

    Parameters
    ----------
    case, measured
        Of a check that failed at the numbers.

    Returns
    -------
    finding : Finding, or None if the numbers are wrong in some other way
    """
    wanted, got = measured.numeric, measured.analytic
    c = float(np.vdot(wanted, got) / (np.vdot(wanted, wanted) or 1))
    if c and _within(got, c * wanted, abs(c) * measured.tol):
        return Finding("factor", f"Every entry is {c:.6g} times what it should be.", FACTOR)
    if measured.dp.shape == case.x.shape:
        other_side = numerical_jvp(case.pair.value, case.x, measured.dp, h=case.h)
        if _within(got, other_side, measured.tol):
            mistake = MISTAKES["transposed_product"]
            return Finding(mistake.key, mistake.did, mistake.ponder)
    return None


def _within(a: Array, b: Array, tol: Array) -> bool:
    return bool((np.abs(a - b) <= 4 * tol.max()).all())


def _raises(yours: dict[str, Seen]) -> Finding | None:
    for name, seen in yours.items():
        if isinstance(seen.result, str):
            return Finding("raises", f"It raises {seen.result} (in this case: {name}).",
                           "Call it there by itself, and read the last line of the error.")
    return None


def _factor(yours: dict[str, Seen], truth: dict[str, Seen]) -> Finding | None:
    """Name a factor c if the result is c times the truth in every case."""
    y, t = yours["ordinary"].result, truth["ordinary"].result
    if y.shape != t.shape:
        return None
    c = float(np.vdot(t, y) / np.vdot(t, t))
    if not c or not np.isfinite(c):
        return None
    scaled = {name: seen._replace(result=c * seen.result) for name, seen in truth.items()}
    if alike(yours, scaled):
        return Finding("factor", f"Every entry is {c:.6g} times what it should be.", FACTOR)
    return None


def _formula(yours: dict[str, Seen], cases: dict) -> Finding | None:
    """Say which other formula this is, if it is a sum of the usual terms."""
    names = ["ordinary", "one hot", "more classes"]
    x, dp = zip(*(cases[name] for name in names), strict=True)
    dx = [yours[name].result for name in names]
    formula = read_formula([softmax(row) for row in x], list(dp), dx)
    if formula in ("", "p dp - p <p, dp>"):    # the right one is right here, and wrong elsewhere
        return None
    return Finding("formula", f"Your numbers are those of {formula}, where p dp - p <p, dp> "
                              "belongs.",
                   "Which term is one too many, or missing, or of another size?")


def _broken_law(vjp: Callable) -> Finding | None:
    """Find the first law that does not hold, at the smallest input that breaks it."""
    rng = np.random.default_rng(0)
    for law, detail in (LAWS | SOFTMAX_LAWS).items():
        for shape in [(1, 2), (2, 3), (4, 3)]:
            x, dp = rng.standard_normal((2, *shape)).round(1)
            at = f"at x = {x.tolist()}, dp = {dp.tolist()}"
            try:
                with np.errstate(all="ignore"):
                    broken = detail(Case(Pair(softmax, vjp), x, [dp], rng, 0.0, True))
            except BackwardFailed as error:
                return Finding(law, f"{error} ({at}).")
            if broken:
                return Finding(law, f"A law is broken, {law!r}: {broken} ({at}).")
    return None


def _first_difference(yours: dict[str, Seen], truth: dict[str, Seen]) -> str:
    return next(name for name in truth if not same(yours[name], truth[name]))
