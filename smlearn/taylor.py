"""Two tests of a derivative that need no differences: the adjoint identity and the Taylor rate.

    <dp, J t> = <dp J, t>                      do a jvp and a vjp belong to one Jacobian?
    |f(x + e t) - f(x) - e J t| = O(e^2)       falls like e alone if J is wrong

Griewank & Walther (2008), Evaluating Derivatives, section 3.3; derived in notebook 07.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from ._checks import Array
from .numdiff import choose_step, evaluate
from .pairs import BackwardFailed, Pair, upstreams_for

__all__ = ["Adjoint", "Taylor", "check_adjoint", "fit_taylor", "taylor_test"]


class Adjoint(NamedTuple):
    """Both sides of <dp, J t> = <dp J, t>, and how far apart they are in tolerances."""

    passed: bool
    left: float
    right: float
    error_over_tol: float


def check_adjoint(jvp: Callable, vjp: Callable, x: Array, *,
                  rng: np.random.Generator | None = None) -> Adjoint:
    """Compare <dp, jvp(x, t)> with <vjp(x, dp), t> for a random dp and t.

    It says whether the two belong to one Jacobian, not whether that is the right one; and where J
    is symmetric, as for softmax, a transposed product passes: check softmax(W x) too.

    Parameters
    ----------
    jvp, vjp : callable
        (x, t) -> dy and (x, dp) -> dx.
    x : ndarray
        Floating point, finite.
    rng : numpy Generator, optional

    Returns
    -------
    result : Adjoint

    Raises
    ------
    TypeError, ValueError
        If x is not floating point or not finite; if one of the two raises, changes x, or returns
        something else than finite numbers of the right shape.

    Examples
    --------
    >>> from smlearn import softmax_jvp, softmax_vjp
    >>> check_adjoint(softmax_jvp, softmax_vjp, np.array([[1.0, 2.0, 4.0]])).passed
    True
    """
    rng = np.random.default_rng(0) if rng is None else rng
    x, _ = choose_step("check_adjoint", x, "central", None)
    t = rng.standard_normal(x.shape).astype(x.dtype)
    dy = evaluate("check_adjoint", lambda x: jvp(x, t.copy()), x, "jvp")
    dp = rng.standard_normal(dy.shape).astype(dy.dtype)
    try:
        dx = Pair(lambda x: dy, vjp).dx(x, dp)
    except BackwardFailed as error:
        raise ValueError(f"check_adjoint: {error}") from error
    left, right = float(np.sum(dp * dy)), float(np.sum(dx * t))
    u = np.finfo(x.dtype).eps
    tol = 16 * u * (np.sum(np.abs(dp * dy)) + np.sum(np.abs(dx * t)) + np.abs(dp).max(initial=0))
    error = abs(left - right) / (float(tol) + np.finfo(float).tiny)
    return Adjoint(bool(error <= 1), left, right, error)


class Taylor(NamedTuple):
    """Remainders with and without the gradient, and the rates at which they fall."""

    steps: Array
    without: Array      # |f(x + e t) - f(x)|: falls like e
    remainder: Array    # |f(x + e t) - f(x) - e J t|: falls like e^2
    rate_without: float
    rate: float
    exact: bool         # too little is left to fit a rate: f is nearly linear along t


def taylor_test(f: Callable, vjp: Callable, x: Array, *, dp: Array | None = None,
                t: Array | None = None, rng: np.random.Generator | None = None) -> Taylor:
    """Measure how fast the remainder of a first-order Taylor expansion falls.

    Parameters
    ----------
    f, vjp, x, dp, rng
        As for `gradcheck`; the loss is <dp, f(x)>.
    t : ndarray of the shape of x, optional
        The direction; default random.

    Returns
    -------
    taylor : Taylor
        `rate` is near 2 if the gradient is right, and near 1 if it is wrong.

    Examples
    --------
    >>> from smlearn import softmax, softmax_vjp
    >>> x = np.array([[1.0, 2.0, 4.0]])
    >>> right = taylor_test(softmax, softmax_vjp, x)
    >>> wrong = taylor_test(softmax, lambda x, dp: 2 * softmax_vjp(x, dp), x)
    >>> print(f"{right.rate:.1f} {wrong.rate:.1f}")
    2.0 1.0
    """
    rng = np.random.default_rng(0) if rng is None else rng
    pair = Pair(f, vjp)
    y = evaluate("taylor_test", pair.value, x)
    dp = upstreams_for("taylor_test", y, dp, rng)[0]
    t = rng.standard_normal(x.shape).astype(x.dtype) if t is None else np.asarray(t, x.dtype)
    return fit_taylor(pair, x, dp, t)


def fit_taylor(pair: Pair, x: Array, dp: Array, t: Array) -> Taylor:
    """Fit the rates over the steps at which the remainder is above the rounding of f.

    Raises
    ------
    ValueError
        If f raises, or returns no finite numbers, at a step.
    BackwardFailed
        If the backward pass does.
    """
    y = evaluate("taylor_test", pair.value, x)
    dx = pair.dx(x, dp)
    double = x.dtype.itemsize > 4
    steps = 2.0 ** -np.arange(4, 13 if double else 8)
    without, remainder = [], []
    for e in steps.astype(x.dtype):
        ahead = x + e * t
        change = np.sum(dp * (evaluate("taylor_test", pair.value, ahead) - y), dtype=float)
        without.append(abs(change))
        remainder.append(abs(change - np.sum(dx * (ahead - x), dtype=float)))    # as taken
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
    return float(np.polyfit(np.log(steps[positive]), np.log(values[positive]), 1)[0])
