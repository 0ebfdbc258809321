"""Is this backward pass right, and what could this check not have seen?

gradcheck tries everything, most basic first, and stops at the first that fails. The measured
numbers are central differences at an absolute step h. For softmax the tolerance is derived
(power.py). For any other f the truncation is estimated from the steps h and h / 2; where the two
do not settle, the verdict is INCONCLUSIVE. f counts as a softmax if its values are those of
softmax, at x and at two points near by; its name plays no part. Derived in notebooks 06 and 07.
"""

from collections.abc import Callable

import numpy as np

from ._checks import Array
from .diagnosis import diagnose
from .forward import softmax
from .mistakes import MISTAKES
from .numdiff import choose_step, evaluate, slopes
from .pairs import BackwardFailed, Pair, upstreams_for
from .power import blind_spots, softmax_tolerance
from .report import Check, GradcheckReport
from .taylor import fit_taylor

__all__ = ["gradcheck"]


def gradcheck(f: Callable, vjp: Callable, x: Array, *, dp: Array | None = None,
              rng: np.random.Generator | None = None, h: float | None = None,
              raise_on_fail: bool = False) -> GradcheckReport:
    """Check a backward pass, most basic things first, and say what could not be seen.

    Parameters
    ----------
    f : callable
        f(x) -> y; or a forward pass f(x) -> (y, cache).
    vjp : callable
        vjp(x, dp) -> dx; or, if f returns a cache, a backward pass vjp(dp, cache) -> dx.
    x : (...) ndarray
        Where to check; floating point, float32 or wider.
    dp : ndarray of the shape of f(x), optional
        One upstream to check with. Default: two random ones and a one-hot in each row.
    rng : numpy Generator, optional
        For the upstreams; default a fixed seed.
    h : float, optional
        The step; default 2^-16 for float64 and 2^-6 for float32.
    raise_on_fail : bool
        Raise GradcheckError unless the verdict is PASS.

    Returns
    -------
    report : GradcheckReport

    Raises
    ------
    TypeError, ValueError
        If x cannot be nudged, or f is not a function that can be measured: see
        `numerical_jacobian`.
    GradcheckError
        If asked for.

    Examples
    --------
    >>> from smlearn import softmax_vjp
    >>> x = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 5.0]])
    >>> gradcheck(softmax, softmax_vjp, x).verdict
    'PASS'
    >>> gradcheck(softmax, lambda x, dp: 2 * softmax_vjp(x, dp), x).diagnosis.key
    'factor_two'
    """
    x, h = choose_step("gradcheck", x, "central", h)
    rng = np.random.default_rng(0) if rng is None else rng
    pair = Pair(f, vjp)
    y = evaluate("gradcheck", pair.value, x)
    if not np.array_equal(y, evaluate("gradcheck", pair.value, x)):
        raise ValueError("gradcheck: f must give one value for one x, but gave two; seed its "
                         "random numbers, and keep no state")
    upstreams = upstreams_for("gradcheck", y, dp, rng)
    is_softmax = _is_softmax(pair, x, rng)
    checks, measured = [], {}
    for name, check in _CHECKS.items():
        if name in _SOFTMAX_ONLY and not is_softmax:
            continue
        try:
            verdict, detail = check(pair, x, upstreams, rng, h, is_softmax, measured)
        except BackwardFailed as error:
            verdict, detail = "FAIL", str(error)
        checks.append(Check(name, verdict, detail))
        if verdict != "PASS":
            break
    verdict = checks[-1].verdict
    blind, advice = blind_spots(x, upstreams, h) if is_softmax else ((), ())
    finding = measured.pop("finding", None)
    if verdict == "FAIL" and is_softmax and finding is None:
        finding = diagnose(pair.call)
    if verdict == "PASS":    # told, not judged: where f hardly bends, the right one may miss 2
        direction = rng.standard_normal(x.shape).astype(x.dtype)
        measured["taylor_rate"] = fit_taylor(pair, x, upstreams[0], direction).rate
    report = GradcheckReport(verdict, tuple(checks), blind_to=blind, advice=advice,
                             diagnosis=finding, n_evals=pair.n_evals, is_softmax=is_softmax,
                             **measured)
    if raise_on_fail:
        report.raise_if_failed()
    return report


def _is_softmax(pair: Pair, x: Array, rng: np.random.Generator) -> bool:
    """Say whether f's values are those of softmax, at x and at two points near by."""
    if x.ndim == 0 or x.shape[-1] == 0:
        return False
    u = np.finfo(x.dtype).eps
    for point in (x, *(x + rng.uniform(-1, 1, (2, *x.shape)).astype(x.dtype))):
        with np.errstate(all="ignore"):
            y = np.asarray(pair.value(point.copy()))
        if y.shape != x.shape or not np.allclose(y, softmax(point), rtol=0, atol=32 * u):
            return False
    return True


# The checks, each (pair, x, upstreams, rng, h, is_softmax, measured) -> (verdict, detail).

def _check_form(pair, x, upstreams, rng, h, is_softmax, measured):
    dx = pair.pull(x.copy(), upstreams[0].copy())
    if dx is None:
        return "FAIL", "vjp returned None; is there a return?"
    if not isinstance(dx, np.ndarray | np.generic):
        return "FAIL", f"vjp returned a {type(dx).__name__}; return an array"
    if dx.shape != x.shape:
        return "FAIL", f"dx must have the shape of x, {x.shape}, but has {dx.shape}"
    if dx.dtype.kind != "f" or dx.dtype.itemsize < x.dtype.itemsize:
        return "FAIL", f"dx must hold at least {x.dtype}, but holds {dx.dtype}"
    return "PASS", ""


def _check_finite(pair, x, upstreams, rng, h, is_softmax, measured):
    for dp in upstreams:
        bad = np.argwhere(~np.isfinite(pair.dx(x, dp)))
        if len(bad):
            return "FAIL", f"dx is not finite at {tuple(map(int, bad[0]))}"
    return "PASS", ""


def _check_untouched(pair, x, upstreams, rng, h, is_softmax, measured):
    mine, dp = x.copy(), upstreams[0].copy()
    before, after = pair.caches(mine, dp)
    pairs = [("x", mine, x), ("dp", dp, upstreams[0]), ("the cache", after, before)]
    for name, left, right in pairs:
        if not _equal(left, right):
            return "FAIL", f"{name} was changed in place; return a new array"
    return "PASS", ""


def _equal(a, b) -> bool:
    """Compare arrays, or containers of arrays, entry by entry."""
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(_equal(a[k], b[k]) for k in a)
    if isinstance(a, tuple | list):
        return len(a) == len(b) and all(map(_equal, a, b))
    if isinstance(a, np.ndarray):
        return np.array_equal(a, b, equal_nan=a.dtype.kind == "f")
    return a is b or a == b


def _check_repeatable(pair, x, upstreams, rng, h, is_softmax, measured):
    first = pair.pull(x.copy(), upstreams[0].copy())
    kept = first.copy()
    pair.dx(x, 2 * upstreams[0] + 1)
    if not np.array_equal(first, kept):
        return "FAIL", "the next call overwrote the array that the last one returned"
    if not np.array_equal(pair.dx(x, upstreams[0]), kept):
        return "FAIL", "the same input gave two answers; does it draw at random, or keep a state?"
    return "PASS", ""


def _check_linear(pair, x, upstreams, rng, h, is_softmax, measured):
    if pair.dx(x, np.zeros_like(upstreams[0])).any():
        return "FAIL", "dx must be 0 for an upstream of 0"
    a, b = upstreams[0], rng.standard_normal(upstreams[0].shape).astype(upstreams[0].dtype)
    left, da, db = pair.dx(x, 2 * a - b), pair.dx(x, a), pair.dx(x, b)
    size = np.abs(da).max(initial=0) + np.abs(db).max(initial=0) + np.abs(a).max(initial=0)
    error = np.abs(left - (2 * da - db)).max(initial=0)
    if error > (64 + 4 * x.size) * np.finfo(x.dtype).eps * size:
        return "FAIL", f"dx of 2 a - b is {error:.2g} away from 2 dx(a) - dx(b)"
    return "PASS", ""


def _check_row_sums(pair, x, upstreams, rng, h, is_softmax, measured):
    u = np.finfo(x.dtype).eps
    for dp in upstreams:
        total = np.abs(pair.dx(x, dp).sum(axis=-1))
        if (total > (4 * x.shape[-1] + 32) * u * np.abs(dp).max(axis=-1)).any():
            row = int(np.ravel(total).argmax())
            return "FAIL", f"the entries of row {row} add up to {np.ravel(total)[row]:.3g}, not 0"
    return "PASS", ""


def _check_shift(pair, x, upstreams, rng, h, is_softmax, measured):
    c = x.dtype.type(800 if x.dtype.itemsize > 4 else 96)
    dp = upstreams[0]
    with np.errstate(all="ignore"):
        error = np.abs(pair.dx(x + c, dp) - pair.dx(x, dp)).max(initial=0)
    if not error <= 8 * np.finfo(x.dtype).eps * (c + np.abs(x).max()) * np.abs(dp).max():
        return "FAIL", f"with {c:g} added to all logits, dx changes by {error:.3g}"
    return "PASS", ""


def _check_rows(pair, x, upstreams, rng, h, is_softmax, measured):
    if x.ndim < 2 or len(x) < 2:
        return "PASS", "only one row: nothing to see"
    for b in (0, len(x) - 1):    # a leak may run downward or upward
        other, dp = rng.standard_normal((2, *x.shape)).astype(x.dtype)
        other[b], dp[b] = x[b], upstreams[0][b]
        error = np.abs(pair.dx(other, dp)[b] - pair.dx(x, upstreams[0])[b]).max()
        if error > 8 * np.finfo(x.dtype).eps * np.abs(dp[b]).max():
            return "FAIL", f"with other rows beside it, row {b} changes by {error:.3g}"
    return "PASS", ""


def _check_numbers(pair, x, upstreams, rng, h, is_softmax, measured):
    numeric = _measure(pair, x, upstreams, h)
    half = None if is_softmax else _measure(pair, x, upstreams, h / 2)
    y = np.asarray(pair.value(x.copy()))
    worst = None
    for k, dp in enumerate(upstreams):
        tol = (softmax_tolerance(x, dp, h) if is_softmax else
               _estimated_tolerance(numeric[k], half[k], dp, y, h, x.dtype))
        reference = numeric[k] if is_softmax else half[k]
        analytic = pair.dx(x, dp).astype(reference.dtype)
        over = np.abs(analytic - reference) / tol
        at = np.unravel_index(over.argmax(), over.shape) if over.size else ()
        if worst is None or over[at] > worst[0]:
            worst = (float(over[at]), at, float(analytic[at]), float(reference[at]), tol, dp)
    over, at, analytic, reference, tol, dp = worst
    measured |= {
        "worst_index": tuple(map(int, at)), "analytic_at": analytic, "numeric_at": reference,
        "ratio": analytic / reference if reference else np.inf if analytic else 1.0,
        "max_error_over_tol": over, "resolution": float(2 * np.max(tol)),
        "sweep": lambda: _sweep(pair, x, dp, at, h),
    }
    if not is_softmax and np.max(tol) > 1e-3 * max(np.abs(r).max(initial=0) for r in half):
        if np.max(tol) > 0 and over <= 100:
            return "INCONCLUSIVE", "the measurement does not settle as h is halved; is f smooth?"
    if over > 1:
        return "FAIL", ""
    return "PASS", ""


def _measure(pair: Pair, x: Array, upstreams: list[Array], h: float) -> list[Array]:
    """Measure dp J for several dp at once, a column of J at a time."""
    dtype = np.promote_types(x.dtype, np.float64)
    columns = [[np.sum(dp * slope, dtype=dtype) for dp in upstreams]
               for slope in slopes("gradcheck", pair.value, x, "central", h)]
    rows = zip(*columns, strict=True)
    return [np.array(row, dtype=dtype).reshape(x.shape) for row in rows]


def _estimated_tolerance(full: Array, half: Array, dp: Array, y: Array, h: float, dtype) -> Array:
    """Estimate what the steps h and h / 2 leave: their difference, and the rounding of f."""
    u = np.finfo(dtype).eps / 2
    noise = 8 * u * np.sum(np.abs(dp * y), dtype=float) / h
    rounding = 64 * u * np.abs(half).max(initial=0)
    return np.abs(full - half) + noise + rounding + np.finfo(float).tiny


def _sweep(pair: Pair, x: Array, dp: Array, at: tuple, h: float):
    """Return steps, the error of the worst entry at each, and the step used."""
    analytic, t = pair.dx(x, dp)[at], np.zeros_like(x)
    t[at] = 1
    steps, errors = 2.0 ** np.arange(-40, 1), []
    for step in steps.astype(x.dtype):
        ahead, behind = x + step * t, x - step * t
        taken = (ahead - behind)[at]
        change = np.sum(dp * (pair.value(ahead) - pair.value(behind)))
        errors.append(abs(change / taken - analytic) if taken else np.nan)
    return steps, np.array(errors, float), h


def _check_known(pair, x, upstreams, rng, h, is_softmax, measured):
    finding = diagnose(pair.dx)
    if finding and finding.key in MISTAKES:
        measured["finding"] = finding
        return "FAIL", f"right here, but it behaves like {finding.key} elsewhere"
    return "PASS", ""


_CHECKS = {
    "shape and dtype": _check_form,
    "finite": _check_finite,
    "arguments and cache left as they were": _check_untouched,
    "same answer twice": _check_repeatable,
    "linear in dp": _check_linear,
    "rows of dx add up to 0": _check_row_sums,
    "unchanged under x + c": _check_shift,
    "rows are strangers": _check_rows,
    "the numbers": _check_numbers,
    "known mistakes": _check_known,
}
_SOFTMAX_ONLY = {"rows of dx add up to 0", "unchanged under x + c", "rows are strangers",
                 "known mistakes"}
