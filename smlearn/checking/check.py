"""Is this backward pass right, and what could this check not have seen?

gradcheck asks the laws first, most basic first, and stops at the first that fails; then it
measures (compare.py), names the mistake (diagnosis.py, here.py), and says what its x and dp could
not have exposed (blind_spots.py). f counts as a softmax if its values are those of softmax along
some axis (recognise.py); its name plays no part. Derived in notebooks 06 and 07.
"""

from collections.abc import Callable, Iterator

import numpy as np

from .._inputs import Array
from .._refusals import refusal, speaks
from .adjoint_and_taylor import Taylor, fit_taylor
from .backward_pair import BackwardFailed, Case, Pair, generator, one_hot, upstreams_for
from .blind_spots import blind_spots
from .compare import Measured
from .differences import choose_step, default_step
from .doubts import doubt
from .here import name_the_mistake
from .laws import LAWS, SOFTMAX_LAWS, not_asked
from .reading import read, same_value, without_mask
from .recognise import recognise
from .report import Check, GradcheckReport
from .steps import measure_with_a_step

__all__ = ["gradcheck"]


@speaks
def gradcheck(f: Callable, vjp: Callable | None = None, x: Array | None = None, *,
              dp: Array | None = None, rng: "np.random.Generator | None" = None,
              h: float | None = None, diagnose: bool = True,
              raise_on_fail: bool = False) -> GradcheckReport:
    """Check a backward pass, most basic things first, and say what could not be seen.

    Parameters
    ----------
    f : callable
        As f(x) -> y; or a forward pass f(x) -> (y, cache); or, alone, f(x) -> (loss, gradient). A
        layer may store y as self.output. Of several inputs one is checked at a time, the others
        held still: lambda W: layer(x, W), and a vjp that returns the gradient of W alone.
    vjp : callable, optional
        As vjp(x, dp) -> dx; or, if f returns a cache, a backward pass vjp(dp, cache) -> dx; or
        that of a layer, vjp(dp) -> dx, which lives on what its last forward kept, and may store
        dx as self.dinputs; or, if y is a single number, its gradient vjp(x) -> dx.
    x : (...) ndarray
        Where to check; floating point, float32 or wider; finite, or -inf where a mask rules an
        entry out: f is not nudged there, and dx must be 0.
    dp : ndarray of the shape of f(x), optional
        One upstream to check with. Default: two random ones and a one-hot in each row.
    rng : numpy Generator, optional
        For the upstreams; default a fixed seed.
    h : float, optional
        The step; default 2^-16 for float64 and 2^-6 for float32, or less where f is not defined
        that far from x.
    diagnose : bool
        Whether to run the known mistakes: to name yours, to see whether a passing backward is
        wrong elsewhere, and to say what this check could not have seen.
    raise_on_fail : bool
        Raise GradcheckError unless the verdict is PASS.

    Returns
    -------
    report : GradcheckReport
        True if the verdict is PASS: `assert gradcheck(f, vjp, x)` is a test. Says in which form f
        and vjp were read, where that is not plain; which laws were not asked; and what f is, where
        it is a softmax along another axis than the last, or nearly one. Every evaluation of f is
        counted, also those before each call of a layer's backward pass.

    Raises
    ------
    TypeError, ValueError
        If x cannot be nudged, or is masked; if f or vjp is no function; if f cannot be
        measured: see `numerical_jacobian`.
    GradcheckError
        If asked for.

    References
    ----------
    The laws and the tolerance are derived in notebooks 02, 06 and 07; the mistakes that are run
    beside yours come from 228 public implementations, see notebook 00.

    Examples
    --------
    >>> from smlearn import softmax, softmax_vjp
    >>> x = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 5.0]])
    >>> gradcheck(softmax, softmax_vjp, x).verdict
    'PASS'
    >>> gradcheck(softmax, lambda x, dp: 2 * softmax_vjp(x, dp), x).diagnosis.key
    'factor_two'

    A loss that returns its gradient, too; and a layer that keeps what its backward pass needs.

    >>> gradcheck(lambda x: ((x**2).sum(), 2 * x), x=x).verdict
    'PASS'
    >>> class Square:
    ...     def forward(self, x):
    ...         self.x = x
    ...         return x**2
    ...     def backward(self, dp):
    ...         return 2 * self.x * dp
    >>> layer = Square()
    >>> gradcheck(layer.forward, layer.backward, x).verdict
    'PASS'
    """
    if x is None and not callable(vjp):    # gradcheck(loss_and_gradient, x)
        vjp, x = None, vjp
    if x is None:
        raise refusal(TypeError, "x must be an array, but got None; say where to check")
    case, y = _set_up(f, vjp, x, dp, rng, h)
    checks, measured, finding, blind = list(_ask_the_laws(case)), None, None, ((), ())
    if checks[-1].verdict == "PASS":
        case, check, measured = _look_at_the_numbers(case, h)
        checks.append(check)
        same_value(case.pair, case.x, y)
    if diagnose:
        check, finding = name_the_mistake(case, checks[-1], measured)
        checks += check
        blind = blind_spots(case, measured if checks[-1].verdict == "PASS" else None)
    report = GradcheckReport(checks[-1].verdict, tuple(checks), *blind, finding, case, measured,
                             _fit(case, measured), case.pair.n_evals, case.notes,
                             not_asked(case), case.row)
    if raise_on_fail:
        report.raise_if_failed()
    return report


def _set_up(f: Callable, vjp: Callable | None, x: Array, dp: Array | None,
            rng: "np.random.Generator | None", h: float | None) -> tuple[Case, Array]:
    x, masked = without_mask(x)
    x, step = choose_step(x, "central", h)
    x = x.copy()    # in C's order, as every copy of it: sums round as they run
    if not x.size:
        raise refusal(ValueError, f"x must hold a number to nudge, but got shape {x.shape}; "
                      "give it at least one row")
    pair, rng = Pair(f, vjp, masked), generator(rng)
    y, notes = read(pair, x)
    if vjp is None and dp is None:
        dp = np.ones_like(y)    # the gradient as f returned it
    upstreams = upstreams_for(y, dp, rng)
    axis, more = recognise(pair, x, y, rng)
    if axis not in (None, -1) and dp is None:
        upstreams[-1] = one_hot(y, axis, rng)
    axis, is_softmax = (-1, False) if axis is None else (axis, True)
    step = h or max(step, default_step("central", y.dtype))    # y may be the coarser one
    return Case(pair, x, upstreams, rng, step, is_softmax, (*notes, *more), axis), y


def _ask_the_laws(case: Case) -> Iterator[Check]:
    """Ask one law after the other, up to the first that does not hold."""
    skipped = not_asked(case)
    for name, law in (LAWS | SOFTMAX_LAWS).items():
        if name in skipped:
            continue
        try:
            detail = law(case)
        except BackwardFailed as error:
            detail = str(error)
        yield Check(name, "FAIL" if detail else "PASS", detail)
        if detail:
            return


def _look_at_the_numbers(case: Case, h: float | None) -> tuple[Case, Check, Measured | None]:
    try:
        case, measured = measure_with_a_step(case, h)
    except BackwardFailed as error:    # it did not, so far
        return case, Check("the numbers", "FAIL", str(error)), None
    why = "" if case.is_softmax else doubt(case, measured)
    verdict = "INCONCLUSIVE" if why else "FAIL" if measured.over > 1 else "PASS"
    return case, Check("the numbers", verdict, why), measured


def _fit(case: Case, measured: Measured | None) -> Taylor | None:
    """Fit the Taylor rate: told, not judged, since where f hardly bends it may miss 2."""
    if measured is None:
        return None
    t = case.rng.standard_normal(case.x.shape).astype(case.x.dtype)
    try:
        return fit_taylor(case.pair, case.x, measured.dp, t)
    except ValueError:    # a step leaves the region where f is defined
        return None
