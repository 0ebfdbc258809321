"""Is this backward pass right, and what could this check not have seen?

gradcheck asks the laws first, most basic first, and stops at the first that fails; then it
measures (compare.py), names the mistake (diagnosis.py, here.py), and says what its x and dp could
not have exposed (blind_spots.py). f counts as a softmax if its values are those of softmax, at x,
near by and far off; its name plays no part. Derived in notebooks 06 and 07.
"""

from collections.abc import Callable, Iterator

import numpy as np

from .._inputs import Array, generator
from .._refusals import refusal, speaks
from ..formulas.forward import softmax
from .adjoint_and_taylor import Taylor, fit_taylor
from .backward_pair import BackwardFailed, Case, Pair, upstreams_for
from .blind_spots import blind_spots
from .compare import Measured, bends_smoothly, measure
from .differences import choose_step, evaluate
from .here import name_the_mistake
from .laws import LAWS, SOFTMAX_LAWS, far
from .report import Check, GradcheckReport

__all__ = ["gradcheck"]


@speaks
def gradcheck(f: Callable, vjp: Callable, x: Array, *, dp: Array | None = None,
              rng: "np.random.Generator | None" = None, h: float | None = None,
              diagnose: bool = True, raise_on_fail: bool = False) -> GradcheckReport:
    """Check a backward pass, most basic things first, and say what could not be seen.

    Parameters
    ----------
    f : callable
        f(x) -> y; or a forward pass f(x) -> (y, cache).
    vjp : callable
        vjp(x, dp) -> dx; or, if f returns a cache, a backward pass vjp(dp, cache) -> dx.
    x : (...) ndarray
        Where to check; floating point, float32 or wider, finite.
    dp : ndarray of the shape of f(x), optional
        One upstream to check with. Default: two random ones and a one-hot in each row.
    rng : numpy Generator, optional
        For the upstreams; default a fixed seed.
    h : float, optional
        The step; default 2^-16 for float64 and 2^-6 for float32.
    diagnose : bool
        Whether to run the known mistakes: to name yours, to see whether a passing backward is
        wrong elsewhere, and to say what this check could not have seen.
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
    case, y = _set_up(f, vjp, x, dp, rng, h)
    checks, measured, finding, blind = list(_ask_the_laws(case)), None, None, ((), ())
    if checks[-1].verdict == "PASS":
        check, measured = _look_at_the_numbers(case)
        checks.append(check)
        _same_values(case, y)
    if diagnose:
        check, finding = name_the_mistake(case, checks[-1], measured)
        checks += check
        blind = blind_spots(case)
    report = GradcheckReport(checks[-1].verdict, tuple(checks), *blind, finding, case, measured,
                             _fit(case, measured), case.pair.n_evals)
    if raise_on_fail:
        report.raise_if_failed()
    return report


def _set_up(f: Callable, vjp: Callable, x: Array, dp: Array | None,
            rng: "np.random.Generator | None", h: float | None) -> tuple[Case, Array]:
    x, h = choose_step(x, "central", h)
    if not x.size:
        raise refusal(ValueError, f"x must hold a number to nudge, but got shape {x.shape}; "
                      "give it at least one row")
    pair, rng = Pair(f, vjp), generator(rng)
    y = evaluate(pair.value, x)
    upstreams = upstreams_for(y, dp, rng)
    case = Case(pair, x, upstreams, rng, h, _is_softmax(pair, x, rng))
    _same_values(case, y)
    return case, y


def _same_values(case: Case, y: Array) -> None:
    if not np.array_equal(y, evaluate(case.pair.value, case.x)):
        raise refusal(ValueError, "f must give one value for one x, but gave two; "
                      "seed its random numbers, and keep no state")


def _is_softmax(pair: Pair, x: Array, rng: "np.random.Generator") -> bool:
    """Say whether f's values are those of softmax, at x, at two points near by, and far off.

    Far off, where exp overflows, an f that gives no numbers is a softmax all the same, in need of
    a shift; one that gives others (it clips its logits, say) is something else.
    """
    near = x.ndim > 0 and all(_like_softmax(pair, point) for point in
                              (x, *(x + rng.random((2, *x.shape)).astype(x.dtype))))
    return near and _like_softmax(pair, x + far(x), undefined=True)


def _like_softmax(pair: Pair, x: Array, undefined: bool = False) -> bool:
    """Compare f with softmax at x; where f is not defined the answer is given."""
    try:
        with np.errstate(all="ignore"):
            y = evaluate(pair.value, x)
    except ValueError:
        return undefined
    room = 32 * np.finfo(x.dtype).eps
    return y.shape == x.shape and np.allclose(y, softmax(x), rtol=0, atol=room)


def _ask_the_laws(case: Case) -> Iterator[Check]:
    """Ask one law after the other, up to the first that does not hold."""
    for name, law in (LAWS | SOFTMAX_LAWS if case.is_softmax else LAWS).items():
        try:
            detail = law(case)
        except BackwardFailed as error:
            detail = str(error)
        yield Check(name, "FAIL" if detail else "PASS", detail)
        if detail:
            return


def _look_at_the_numbers(case: Case) -> tuple[Check, Measured | None]:
    try:
        measured, verdict, detail = measure(case), "PASS", ""
    except BackwardFailed as error:    # it did not, so far
        return Check("the numbers", "FAIL", str(error)), None
    if measured.over > 1:
        verdict = "FAIL"
        if not case.is_softmax and not bends_smoothly(case, measured):
            verdict, detail = "INCONCLUSIVE", f"f has a kink near entry {measured.worst} of x"
    elif not measured.settled:
        verdict, detail = "INCONCLUSIVE", "halving h moves the measurement; is f smooth at x?"
    return Check("the numbers", verdict, detail), measured


def _fit(case: Case, measured: Measured | None) -> Taylor | None:
    """Fit the Taylor rate: told, not judged, since where f hardly bends it may miss 2."""
    if measured is None:
        return None
    t = case.rng.standard_normal(case.x.shape).astype(case.x.dtype)
    try:
        return fit_taylor(case.pair, case.x, measured.dp, t)
    except ValueError:    # a step leaves the region where f is defined
        return None
