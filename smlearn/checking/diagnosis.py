"""Say which mistake a wrong softmax backward makes, by running known-wrong ones beside it.

Both are tried on the same cases (trying.py), and a mistake is named only if it looks the same in
every one, to rounding. Otherwise the finding is a constant factor, the formula that the numbers
follow, or the first broken law with the smallest input that breaks it. Of a backward pass of any
other f only what was measured is known: a factor and the product from the wrong side show in it.
"""

from collections.abc import Callable
from functools import cache

import numpy as np

from .._inputs import Array
from ..formulas.backward import softmax_vjp
from ..formulas.forward import softmax
from ..mistakes.catalogue import MISTAKES, SOFTMAX_MISTAKES, Mistake
from ..mistakes.finding import Finding
from ..mistakes.read_off_formula import other_formula
from ..mistakes.trying import Run, alike, call, factors, largest, trial_cases, try_on
from .backward_pair import BackwardFailed, Case, Pair
from .compare import Measured
from .differences import numerical_jvp
from .laws import LAWS, SOFTMAX_LAWS

__all__ = ["diagnose", "diagnose_measured"]

FACTOR = "Which constant did you forget, or use twice?"


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
    cases, room = trial_cases(dtype), _room(dtype)
    yours, (truth, known) = try_on(vjp, cases, _twice), _references(np.dtype(dtype))
    if alike(yours, truth, cases, room):
        return None
    near = {name: args for name, args in cases.items() if not _overflows(yours[name])}
    fitting = [key for key in known if alike(yours, known[key], cases, room)]
    if 0 < len(near) < len(yours):    # exp overflowed: is anything else wrong?
        fitting += ["unshifted_exp"] if alike(yours, truth, near, room) else []
        fitting += [key for key in known if alike(yours, known[key], near, room)]
    if fitting:
        return _named(MISTAKES[fitting[0]])
    return (_raises(yours) or _factor(yours, truth, cases, room) or _formula(yours, cases)
            or _broken_law(vjp) or _first_difference(yours, truth, cases, room))


def _twice(vjp: Callable, args: tuple) -> Run:
    """Call it, and once more with another dp: a buffer that it uses again shows in every case."""
    run = call(vjp, args)
    if args and not run.failed:    # without them the result is only read once more
        call(vjp, (args[0], 2 * args[1]))
    return run


def _named(mistake: Mistake) -> Finding:
    return Finding(mistake.key, mistake.did, todo=mistake.ponder)


def _room(dtype) -> Callable:
    """Return what counts as rounding, of the largest entry: float32 inside float64 misses it."""
    part = 1e-4 if np.dtype(dtype) == np.float32 else 1e-11
    return lambda yours, target, args: part * largest(target) + 1e-300


def _overflows(run: Run) -> bool:
    """Say whether the numbers hold NaN, as after an exp that overflowed."""
    return run.array is not None and bool(np.isnan(run.array).any())


@cache
def _references(dtype: np.dtype) -> tuple[dict[str, Run], dict[str, dict[str, Run]]]:
    """Try the right backward pass, and each known mistake."""
    cases = trial_cases(dtype)
    return try_on(softmax_vjp, cases, _twice), {
        key: try_on(mistake.vjp, cases, _twice) for key, mistake in SOFTMAX_MISTAKES.items()}


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
        return _times(c)
    if measured.dp.shape == case.x.shape:
        other_side = numerical_jvp(case.pair.value, case.x, measured.dp, h=case.h)
        if _within(got, other_side, measured.tol):
            return _named(MISTAKES["transposed_product"])
    return None


def _within(a: Array, b: Array, tol: Array) -> bool:
    return bool((np.abs(a - b) <= 4 * tol.max()).all())


def _times(c: float) -> Finding:
    return Finding("factor", f"Every entry is {c:.6g} times what it should be.", todo=FACTOR)


def _raises(yours: dict[str, Run]) -> Finding | None:
    for name, run in yours.items():
        if run.failed:
            return Finding("raises", f"It raises {type(run.error).__name__}: {run.said} "
                           f"(in this case: {name}).",
                           todo="Call it there by itself, and read the last line of the error.")
    return None


def _factor(yours: dict[str, Run], truth: dict[str, Run], cases: dict, room: Callable
            ) -> Finding | None:
    """Name a factor c if the result is c times the truth in every case."""
    found = factors(yours, truth, cases, lambda y, t, args: room(y, y, args))
    c = list(found.values())
    return _times(c[0]) if c and c[0] and np.allclose(c, c[0], rtol=1e-6, atol=0) else None


def _formula(yours: dict[str, Run], cases: dict) -> Finding | None:
    """Say which other formula this is, if it is a sum of the usual terms."""
    names = ["ordinary", "one hot", "more classes"]
    x, dp = zip(*(cases[name] for name in names), strict=True)
    return other_formula([softmax(row) for row in x], dp, [yours[name].array for name in names])


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


def _first_difference(yours: dict[str, Run], truth: dict[str, Run], cases: dict, room: Callable
                      ) -> Finding:
    name = next(name for name, args in cases.items()
                if not alike(yours, truth, {name: args}, room))
    return Finding("unknown", f"The result is wrong in this case: {name}.")
