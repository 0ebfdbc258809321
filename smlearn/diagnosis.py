"""Say which mistake a wrong softmax backward makes, by running known-wrong ones beside it.

A backward pass is tried on a handful of cases (ordinary rows, a single row, as many rows as
classes, far logits, rows far apart, integers), and everything that can be seen is noted: the
numbers, an error, a changed argument, a result that the next call overwrites. A mistake is named
only if it looks the same in every case, to rounding. Otherwise the finding is a constant factor,
or the first broken law with the smallest input that breaks it. Of a backward pass of any other f
only what was measured is known: a constant factor and the product from the wrong side show in it.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from ._checks import Array
from .backward import softmax_vjp
from .formula import read_formula
from .forward import softmax
from .laws import LAWS, SOFTMAX_LAWS
from .measuring import Measured
from .mistakes import MISTAKES, SOFTMAX_MISTAKES
from .numdiff import numerical_jvp
from .pairs import BackwardFailed, Case, Pair

__all__ = ["Finding", "diagnose", "diagnose_measured"]

FACTOR = "Which constant did you forget, or use twice?"



class Finding(NamedTuple):
    """What is wrong: the key of a mistake, "factor", or the name of a law; and a sentence."""

    key: str
    sentence: str
    ponder: str = ""

    def __str__(self) -> str:
        return f"{self.sentence} {self.ponder}".strip()


class _Seen(NamedTuple):
    """Everything that can be seen of one call: numbers or the name of an error, and traces."""

    result: Array | str
    traces: tuple[bool, bool, bool]    # x changed, dp changed, overwritten by the next call
    rounding: float                    # what counts as none, of the largest entry


def _cases() -> dict[str, tuple[Array, Array]]:
    rng = np.random.default_rng(20260101)
    x, dp = rng.standard_normal((2, 4, 3))
    return {
        "ordinary": (x, dp),
        "as many rows as classes": (x[:3], dp[:3]),
        "one row": (x[:1], dp[:1]),
        "one hot": (x, np.eye(3)[[1, 0, 2, 1]]),
        "far logits": (x + 800, dp),
        "rows far apart": (x + [[0], [900], [0], [-900]], dp),
        "integers": (x, np.array([[1, 3, -2], [2, 0, 4], [5, 1, 1], [0, -7, 2]])),
        "more classes": (rng.standard_normal((2, 5)), rng.standard_normal((2, 5))),
    }


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
    cases = {name: (x.astype(dtype), dp if dp.dtype.kind == "i" else dp.astype(dtype))
             for name, (x, dp) in _cases().items()}
    yours, truth = _run(vjp, cases), _run(softmax_vjp, cases)
    if _alike(yours, truth):
        return None
    known = {key: _run(mistake.vjp, cases) for key, mistake in SOFTMAX_MISTAKES.items()}
    near = {name: seen for name, seen in yours.items() if not _overflows(seen)}
    same = [key for key in known if _alike(yours, known[key])]
    if 0 < len(near) < len(yours):    # exp overflowed: what else, if anything, is wrong beside that?
        same += ["unshifted_exp"] if _alike(near, truth) else []
        same += [key for key in known if _alike(near, known[key])]
    if same:
        mistake = MISTAKES[same[0]]
        return Finding(mistake.key, mistake.did, mistake.ponder)
    return (_raises(yours) or _factor(yours, truth) or _formula(yours, cases) or _broken_law(vjp)
            or Finding("unknown", "The result is wrong in this case: "
                                  f"{_first_difference(yours, truth)}."))


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


def _run(vjp: Callable, cases: dict) -> dict[str, _Seen]:
    return {name: _look(vjp, x, dp) for name, (x, dp) in cases.items()}


def _look(vjp: Callable, x: Array, dp: Array) -> _Seen:
    """Call vjp as gently as possible, and note what comes back and what it leaves behind."""
    mine, upstream = x.copy(), dp.copy()
    rounding = 1e-4 if x.dtype == np.float32 else 1e-11    # float32 inside float64 misses it
    try:
        with np.errstate(all="ignore"):
            result = vjp(mine, upstream)
            kept = np.array(result)
            vjp(x.copy(), 2 * dp)
    except Exception as error:    # whatever a learner's code may raise is something to note
        return _Seen(f"{type(error).__name__}: {error}", (False, False, False), rounding)
    overwritten = not np.array_equal(kept, np.asarray(result), equal_nan=kept.dtype.kind == "f")
    changed = not np.array_equal(mine, x), not np.array_equal(upstream, dp)
    return _Seen(kept, (*changed, overwritten), rounding)


def _alike(a: dict[str, _Seen], b: dict[str, _Seen]) -> bool:
    """Equal in every case of a; two that always raise must also say the same."""
    pairs = [(a[name], b[name]) for name in a]
    said = [isinstance(seen.result, str) and seen.result for both in pairs for seen in both]
    return all(_same(*both) for both in pairs) and (not all(said) or len(set(said)) == 1)


def _overflows(seen: _Seen) -> bool:
    return (not isinstance(seen.result, str) and seen.result.dtype.kind == "f"
            and bool(np.isnan(seen.result).any()))


def _error(seen: _Seen) -> str | None:
    return seen.result.partition(":")[0] if isinstance(seen.result, str) else None


def _same(a: _Seen, b: _Seen) -> bool:
    """Equal to rounding."""
    if isinstance(a.result, str) or isinstance(b.result, str):
        return _error(a) == _error(b)
    if a.result.shape != b.result.shape or a.traces != b.traces or a.result.dtype.kind not in "fi":
        return False
    size = np.abs(b.result[np.isfinite(b.result)]).max(initial=0)
    return np.allclose(a.result, b.result, rtol=0, atol=a.rounding * size + 1e-300,
                       equal_nan=True)


def _raises(yours: dict[str, _Seen]) -> Finding | None:
    for name, seen in yours.items():
        if isinstance(seen.result, str):
            return Finding("raises", f"It raises {seen.result} (in this case: {name}).",
                           "Call it there by itself, and read the last line of the error.")
    return None


def _factor(yours: dict[str, _Seen], truth: dict[str, _Seen]) -> Finding | None:
    """Name a factor c if the result is c times the truth in every case."""
    y, t = yours["ordinary"].result, truth["ordinary"].result
    if y.shape != t.shape:
        return None
    c = float(np.vdot(t, y) / np.vdot(t, t))
    scaled = {name: seen._replace(result=c * seen.result) for name, seen in truth.items()}
    if c and np.isfinite(c) and _alike(yours, scaled):
        return Finding("factor", f"Every entry is {c:.6g} times what it should be.", FACTOR)
    return None


def _formula(yours: dict[str, _Seen], cases: dict) -> Finding | None:
    """Say which other formula this is, if it is a sum of the usual terms."""
    names = ["ordinary", "one hot", "more classes"]
    x, dp = zip(*(cases[name] for name in names), strict=True)
    dx = [yours[name].result for name in names]
    formula = read_formula([softmax(row) for row in x], list(dp), dx)
    return formula and Finding("formula", f"Your numbers are those of {formula}, where "
                                          "p dp - p <p, dp> belongs.",
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


def _first_difference(yours: dict[str, _Seen], truth: dict[str, _Seen]) -> str:
    return next(name for name in truth if not _same(yours[name], truth[name]))
