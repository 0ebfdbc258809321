"""Two tests of a derivative that need no differences: the adjoint identity and the Taylor rate.

    <dp, J t> = <dp J, t>                      do a jvp and a vjp belong to one Jacobian?
    |f(x + e t) - f(x) - e J t| = O(e^2)       falls like e alone if J is wrong

Griewank & Walther (2008), Evaluating Derivatives, section 3.3; derived in notebook 07c.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from .._inputs import Array, real
from .._misfits import is_function
from .._refusals import refusal, speaks
from .backward_pair import BackwardFailed, Pair, generator, upstreams_for
from .differences import choose_step, evaluate

__all__ = ["Adjoint", "Taylor", "check_adjoint", "fit_taylor", "taylor_test"]


class Adjoint(NamedTuple):
    """Both sides of <dp, J t> = <dp J, t>, and how far apart they are in tolerances.

    A difference below `resolution` is not seen. Where both sides are smaller than that, as for a
    function of tiny values, nothing is: scale the function up.

    Attributes
    ----------
    passed : bool
        Whether both sides agree.
    left, right : float
        The sides <dp, J t> and <dp J, t>.
    error_over_tol : float
        Their difference in tolerances; at most 1 passes.
    resolution : float
        The smallest difference that is seen.
    """

    passed: bool
    left: float
    right: float
    error_over_tol: float
    resolution: float

    def __bool__(self) -> bool:    # a tuple that holds something would be true
        return self.passed


@speaks
def check_adjoint(jvp: Callable, vjp: Callable, x: Array, *,
                  rng: "np.random.Generator | None" = None) -> Adjoint:
    """Compare <dp, jvp(x, t)> with <vjp(x, dp), t> for a random dp and t.

    It says whether the two belong to one Jacobian, not whether that is the right one; and where J
    is symmetric, as for softmax, a transposed product passes: check softmax(W x) too.

    Parameters
    ----------
    jvp, vjp : callable
        (x, t) -> dy and (x, dp) -> dx.
    x : (...) ndarray
        Floating point, finite.
    rng : numpy Generator, optional
        For dp and t; default a fixed seed.

    Returns
    -------
    result : Adjoint
        Both sides, and whether they agree; true if they do.

    Raises
    ------
    TypeError, ValueError
        If x is not floating point or not finite; if one of the two raises, changes x, or returns
        something else than finite numbers of the right shape.

    References
    ----------
    Griewank & Walther (2008), Evaluating Derivatives, section 3.3; derived in notebook 02b.

    Examples
    --------
    >>> from smlearn import softmax_jvp, softmax_vjp
    >>> check_adjoint(softmax_jvp, softmax_vjp, np.array([[1.0, 2.0, 4.0]])).passed
    True
    """
    is_function("jvp", jvp)
    rng = generator(rng)
    x, _ = choose_step(x, "central", None)
    t = rng.standard_normal(x.shape).astype(x.dtype)
    dy = evaluate(lambda x: jvp(x, t), x, "jvp")
    dp = rng.standard_normal(dy.shape).astype(dy.dtype)
    left, right = _sides(jvp, vjp, x, t, dp)
    nudged = [_sides(jvp, vjp, *(_nudged(a, rng) for a in (x, t, dp))) for _ in range(3)]
    inside = np.abs(np.subtract(nudged, (left, right))).max()    # what rounding does in them
    size = np.abs(dp).max(initial=0)                             # a sure row's terms are as large
    tol = float(16 * (np.finfo(x.dtype).eps * size + inside))
    error = abs(left - right)
    return Adjoint(error <= tol, left, right, error / tol if tol else 0.0, tol)


def _sides(jvp: Callable, vjp: Callable, x: Array, t: Array, dp: Array) -> tuple[float, float]:
    """Compute <dp, J t> and <dp J, t>."""
    dy = evaluate(lambda x: jvp(x, t.copy()), x, "jvp")
    try:
        dx = Pair(lambda x: dy, vjp).dx(x, dp)
    except BackwardFailed as error:
        raise refusal(ValueError, str(error)) from error
    return float(np.sum(dp * dy, dtype=float)), float(np.sum(dx * t, dtype=float))


def _nudged(a: Array, rng: "np.random.Generator") -> Array:
    """Move every entry by one unit in the last place, up or down: what rounding may have done."""
    up_or_down = np.sign(rng.standard_normal(a.shape))
    return a * (1 + np.finfo(a.dtype).eps * up_or_down).astype(a.dtype)


class Taylor(NamedTuple):
    """Remainders with and without the gradient, and the rates at which they fall.

    Attributes
    ----------
    steps : (N,) ndarray
        The steps e, falling.
    without : (N,) ndarray
        The change |f(x + e t) - f(x)|, which falls like e.
    remainder : (N,) ndarray
        What |f(x + e t) - f(x) - e J t| leaves, which falls like e^2 if J is right.
    rate_without, rate : float
        The powers of e that were measured.
    exact : bool
        Whether too little is left to fit a rate: f is nearly linear along t.
    """

    steps: Array
    without: Array      # |f(x + e t) - f(x)|: falls like e
    remainder: Array    # |f(x + e t) - f(x) - e J t|: falls like e^2
    rate_without: float
    rate: float
    exact: bool         # too little is left to fit a rate: f is nearly linear along t


@speaks
def taylor_test(f: Callable, vjp: Callable, x: Array, *, dp: Array | None = None,
                t: Array | None = None, rng: "np.random.Generator | None" = None) -> Taylor:
    """Measure how fast the remainder of a first-order Taylor expansion falls.

    Parameters
    ----------
    f, vjp : callable
        As for `gradcheck`.
    x : (...) ndarray
        Where to expand, as for `gradcheck`.
    dp : ndarray of the shape of f(x), optional
        The loss is <dp, f(x)>; default random.
    t : ndarray of the shape of x, optional
        The direction; default random.
    rng : numpy Generator, optional
        For dp and t; default a fixed seed.

    Returns
    -------
    taylor : Taylor
        `rate` is near 2 if the gradient is right, and near 1 if it is wrong.

    Raises
    ------
    TypeError, ValueError
        As `gradcheck`; if t does not fit x; if the backward pass raises or returns no gradient.

    References
    ----------
    Taylor's theorem: what the right gradient leaves is O(e^2). Derived in notebook 07c.

    Examples
    --------
    >>> from smlearn import softmax, softmax_vjp
    >>> x = np.array([[1.0, 2.0, 4.0]])
    >>> right = taylor_test(softmax, softmax_vjp, x)
    >>> wrong = taylor_test(softmax, lambda x, dp: 2 * softmax_vjp(x, dp), x)
    >>> print(f"{right.rate:.1f} {wrong.rate:.1f}")
    2.0 1.0
    """
    rng = generator(rng)
    x, _ = choose_step(x, "central", None)
    pair = Pair(f, vjp)
    y = evaluate(pair.value, x)
    dp, *_ = upstreams_for(y, dp, rng)
    t = real("t", rng.standard_normal(x.shape) if t is None else t).astype(x.dtype)
    if t.shape != x.shape or not np.isfinite(t).all():
        raise refusal(ValueError, f"t must be finite and have the shape of x, {x.shape}, "
                      f"but got {t.shape} from {t.min():.3g} to {t.max():.3g}; "
                      "leave it out for a random direction")
    try:
        return fit_taylor(pair, x, dp, t)
    except BackwardFailed as error:
        raise refusal(ValueError, str(error)) from error


@np.errstate(invalid="ignore", divide="ignore")    # f is not asked there by the learner
def fit_taylor(pair: Pair, x: Array, dp: Array, t: Array) -> Taylor:
    """Fit the rates over the steps at which the remainder is above the rounding of f.

    Raises
    ------
    ValueError
        If f raises, or returns no finite numbers, at a step.
    BackwardFailed
        If the backward pass does.
    """
    y = evaluate(pair.value, x)
    dx = pair.dx(x, dp)
    double = x.dtype.itemsize > 4
    steps = 2.0 ** -np.arange(4, 13 if double else 8)
    without, remainder = [], []
    for e in steps.astype(x.dtype):
        ahead = x + e * t
        change = (dp * (evaluate(pair.value, ahead) - y)).sum(dtype=float)
        without.append(abs(change))
        remainder.append(abs(change - (dx * (ahead - x)).sum(dtype=float)))    # as taken
    without, remainder = np.array(without), np.array(remainder)
    noise = 16 * np.finfo(x.dtype).eps * np.sum(np.abs(dp * y), dtype=float)
    above = remainder > 16 * noise
    exact = above.sum() < 4
    return Taylor(steps, without, remainder, _rate(steps, without),
                  2.0 if exact else _rate(steps[above], remainder[above]), bool(exact))


def _rate(steps: Array, values: Array) -> float:
    positive = values > 0
    if positive.sum() < 2:
        return 0.0
    x, y = np.log(steps[positive]), np.log(values[positive])
    x = x - x.mean()
    return float(x @ y / (x @ x))
