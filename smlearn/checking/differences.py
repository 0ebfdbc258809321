"""Measure a derivative you cannot derive: differences of values, at a step that theory chooses.

    forward      (f(x + h) - f(x)) / h                    error ~ h f'' / 2     + noise / h
    central      (f(x + h) - f(x - h)) / 2h               error ~ h^2 f''' / 6  + noise / h
    richardson   (4 central(h / 2) - central(h)) / 3      error ~ h^4 f^(5) / 480 + noise / h
    complex      Im f(x + i h) / h                        error ~ h^2 f''' / 6, no noise / h

Truncation falls with h and noise, the rounding of f, grows: the step balances the two for a
function whose values are of size 1 and which bends like the logistic curve, as softmax does along
one coordinate. The step is absolute, because a step relative to x would change when the logits
shift; and the difference is divided by the displacement actually taken, (x + h) - (x - h) after
rounding. Knows no softmax.
Derived in notebooks 06 and 06c. Nocedal & Wright (2006), Numerical Optimization, section 8.1;
Squire & Trapp (1998), SIAM Review 40, for the complex step.
"""

from collections.abc import Callable, Iterator

import numpy as np

from .._inputs import Array, ArrayLike, as_array, finite, real
from .._refusals import refusal, speaks

__all__ = ["METHODS", "default_step", "numerical_jacobian", "numerical_jvp", "numerical_vjp"]

# (c, m): the step is (c u)^(1 / m), rounded down to a power of 2. For values off by up to 4 u and
# the logistic curve's largest derivatives, 1 / (6 sqrt 3), 1 / 8 and 1 / 4 (second, third, fifth):
#   forward      h / (12 sqrt 3) +  8 u / h   is least at   h^2 = 96 sqrt(3) u, about 166 u
#   central      h^2 / 48        +  4 u / h                 h^3 = 96 u
#   richardson   h^4 / 1920      + 12 u / h                 h^5 = 5760 u
BALANCE = {"forward": (166, 2), "central": (96, 3), "richardson": (5760, 5)}
METHODS = (*BALANCE, "complex")
FARTHEST = 1e6    # a longer step measures a chord, not a derivative


def default_step(method: str, dtype: np.dtype) -> float:
    """Return the step that balances truncation and rounding for a method and a precision.

    Parameters
    ----------
    method : {"central", "forward", "richardson", "complex"}
        As for `numerical_jacobian`.
    dtype : dtype
        That of x: float32, float64 or wider.

    Returns
    -------
    h : float
        A power of 2.

    Raises
    ------
    KeyError
        If the method is unknown.
    ValueError
        If dtype is no floating point.

    References
    ----------
    Nocedal & Wright (2006), Numerical Optimization, section 8.1; with the constants of softmax's
    derivatives in notebooks 06 and 06c.

    Examples
    --------
    >>> default_step("central", np.float64) == 2.0**-16
    True
    >>> default_step("central", np.float32) == 2.0**-6
    True
    """
    if method == "complex":
        return float(2.0 ** (-100 if np.finfo(dtype).bits > 32 else -40))
    constant, order = BALANCE[method]
    u = np.finfo(dtype).eps / 2
    return float(2.0 ** np.floor(np.log2(constant * u) / order))


@speaks
def numerical_jacobian(f: Callable, x: Array, *, method: str = "central",
                       h: float | None = None) -> Array:
    """Measure every partial derivative of f at x, one coordinate of x at a time.

    Parameters
    ----------
    f : callable
        From an array of the shape of x to an array.
    x : (...) ndarray
        Floating point, float32 or wider.
    method : {"central", "forward", "richardson", "complex"}
        How to measure; "complex" needs an f that takes complex numbers.
    h : float, optional
        The step; default `default_step(method, x.dtype)`.

    Returns
    -------
    J : ndarray, of shape f(x).shape + x.shape
        Where J[..., i] is how f moves with entry i of x.

    Raises
    ------
    TypeError
        If x is not floating point.
    ValueError
        If the method is unknown, h is not positive, or moves nothing; if f raises, changes x, or
        returns something else than finite numbers in one shape; if f returns real numbers to the
        complex step (an imaginary part that is lost inside f is not seen).

    References
    ----------
    Nocedal & Wright (2006), Numerical Optimization, section 8.1; for the complex step
    Squire & Trapp (1998), Using complex variables to estimate derivatives of real functions.

    Examples
    --------
    >>> print(numerical_jacobian(lambda x: x**2, np.array([1.0, 3.0])).round(6))
    [[2. 0.]
     [0. 6.]]
    """
    x, h = choose_step(x, method, h)
    columns = list(slopes(f, x, method, h))
    shape = columns[0].shape if columns else evaluate(f, x).shape
    return np.moveaxis(columns, 0, -1).reshape(*shape, *x.shape)


@speaks
def numerical_jvp(f: Callable, x: Array, t: ArrayLike, *, method: str = "central",
                  h: float | None = None) -> Array:
    """Measure J t, the derivative of f along t, in two evaluations of f whatever its size.

    Parameters
    ----------
    f : callable
        From an array of the shape of x to an array.
    x : (...) ndarray
        Floating point, float32 or wider.
    t : array_like of the shape of x
        The direction.
    method : {"central", "forward", "richardson", "complex"}
        As for `numerical_jacobian`.
    h : float, optional
        The largest step of any coordinate; default `default_step(method, x.dtype)`.

    Returns
    -------
    dfdt : ndarray, of the shape of f(x)
        J t.

    Raises
    ------
    TypeError, ValueError
        As `numerical_jacobian`; if t has another shape than x, or x is so large that x + h t,
        rounded, leads elsewhere than along t.

    References
    ----------
    As `numerical_jacobian`.

    Examples
    --------
    >>> print(numerical_jvp(lambda x: x**2, np.array([1.0, 3.0]), [1.0, 1.0]).round(6))
    [2. 6.]
    """
    x, h = choose_step(x, method, h)
    t = real("t", t).astype(x.dtype)
    if t.shape != x.shape:
        raise refusal(ValueError, f"t must have the shape of x, {x.shape}, but got {t.shape}; "
                      "give it one speed per entry of x")
    if not np.isfinite(t).all():
        raise refusal(ValueError, f"t must be finite, but got {t[~np.isfinite(t)][0]}; "
                      "find the step that made it")
    size = np.abs(t).max(initial=0)
    if not size:
        return np.zeros_like(evaluate(f, x))
    return size * _slope(f, x, t / size, method, h)


@speaks
def numerical_vjp(f: Callable, x: Array, dp: ArrayLike, *, method: str = "central",
                  h: float | None = None) -> Array:
    """Measure dp J, the gradient of <dp, f(x)>, without ever holding J.

    Parameters
    ----------
    f : callable
        From an array of the shape of x to an array.
    x : (...) ndarray
        Floating point, float32 or wider.
    dp : array_like of the shape of f(x)
        The upstream gradient.
    method : {"central", "forward", "richardson", "complex"}
        As for `numerical_jacobian`.
    h : float, optional
        The step; default `default_step(method, x.dtype)`.

    Returns
    -------
    dx : ndarray, of the shape of x
        The product dp J.

    Raises
    ------
    TypeError, ValueError
        As `numerical_jacobian`; if dp has another shape than f(x), or is no array of real numbers.

    References
    ----------
    As `numerical_jacobian`.

    Examples
    --------
    >>> print(numerical_vjp(lambda x: x**2, np.array([1.0, 3.0]), [10.0, 1.0]).round(6))
    [20.  6.]
    """
    x, h = choose_step(x, method, h)
    dp, shape = real("dp", dp), evaluate(f, x).shape
    if dp.shape != shape:
        raise refusal(ValueError, f"dp must have the shape of f(x), {shape}, but got {dp.shape}; "
                      "give it one number per output")
    if not np.isfinite(dp).all():
        raise refusal(ValueError, f"dp must be finite, but got {dp[~np.isfinite(dp)][0]}; "
                      "find the step that made it")
    dx = [np.sum(dp * slope) for slope in slopes(f, x, method, h, shape)]
    return np.array(dx, dtype=np.result_type(x, dp.dtype)).reshape(x.shape)


def slopes(f: Callable, x: Array, method: str, h: float,
           shape: tuple[int, ...] | None = None) -> Iterator[Array]:
    """Yield the derivative of f along each coordinate of x in turn: a column of J at a time.

    All must have one shape, the one given or that of the first.
    """
    for index in np.ndindex(x.shape):
        if method == "central":    # the same as below, in half of the time
            slope = _central(f, x, index, h)
        else:
            t = np.zeros_like(x)
            t[index] = 1
            slope = _slope(f, x, t, method, h)
        shape = slope.shape if shape is None else shape
        _one_shape(shape, slope.shape)
        yield slope


def _central(f: Callable, x: Array, index: tuple[int, ...], h: float) -> Array:
    ahead, behind = np.array(x), np.array(x)
    ahead[index] += x.dtype.type(h)
    behind[index] -= x.dtype.type(h)
    return _divided(f, ahead, behind, ahead[index] - behind[index], h)


def _one_shape(before: tuple[int, ...], after: tuple[int, ...]) -> None:
    if after != before:
        raise refusal(ValueError, f"f must always return one shape, but got {before} and then "
                      f"{after}; does it depend on the values, or on earlier calls?")


def _slope(f: Callable, x: Array, t: Array, method: str, h: float) -> Array:
    """Measure the derivative of f at x along t, whose largest entry is 1."""
    if method == "complex":
        y = evaluate(f, x + 1j * h * t)
        if not np.iscomplexobj(y):    # its imaginary part would be 0
            raise refusal(ValueError, "f must return complex numbers for the complex step, but "
                          f"got {y.dtype}; abs, a norm or a cast has lost the imaginary part: "
                          "take another method")
        return y.imag / h
    if method == "richardson":
        return (4 * _difference(f, x, t, h / 2, 1) - _difference(f, x, t, h, 1)) / 3
    return _difference(f, x, t, h, 1 if method == "central" else 0)


def _difference(f: Callable, x: Array, t: Array, h: float, behind: int) -> Array:
    """Divide a difference of f by the displacement taken; it starts at x - behind h t."""
    ahead, start = x + x.dtype.type(h) * t, x - x.dtype.type(h * behind) * t
    moved = ahead - start                                      # after rounding
    taken = np.sum(moved * t) / np.sum(t * t)                  # along t
    if np.abs(moved - taken * t).max() > abs(taken) / 1000:
        raise refusal(ValueError, f"the step h must move x along t, but rounding x + {h:.2g} t "
                      "changes its direction; take a larger h, or shift x nearer to 0")
    return _divided(f, ahead, start, taken, h)


def _divided(f: Callable, ahead: Array, start: Array, taken: float, h: float) -> Array:
    if taken == 0:
        raise refusal(ValueError, f"the step h must move x, but x + {h:.2g} rounds to x; "
                      "take a larger h, or shift x nearer to 0")
    after, before = evaluate(f, ahead), evaluate(f, start)
    _one_shape(before.shape, after.shape)
    return (after - before) / taken


def choose_step(x: Array, method: str, h: float | None) -> tuple[Array, float]:
    """Check what every measurement needs, and choose the step."""
    x = as_array("x", x)
    if x.dtype.kind != "f" or x.dtype == np.float16:
        raise refusal(TypeError, "x must be floating point, float32 or wider, but got "
                      f"{x.dtype}" + ("; take its real and its imaginary part as two numbers"
                                      if x.dtype.kind == "c" else ", where x[i] + h is cut to a "
                                      "whole number, or rounded away; pass x.astype(float)"))
    if not np.isfinite(x).all():
        at = tuple(map(int, np.argwhere(~np.isfinite(x))[0]))
        raise refusal(ValueError, f"x must be finite, but got {x[at]} at {at}; no step moves it")
    if method not in METHODS:
        raise refusal(ValueError, f"method must be one of {', '.join(METHODS)}, "
                      f'but got {method!r}; leave it out for "central"')
    best = default_step(method, x.dtype)
    number = isinstance(h, int | float | np.integer | np.floating) and not isinstance(h, bool)
    if h is not None and not (number and 0 < h <= FARTHEST):
        raise refusal(ValueError, f"h must be a positive number, at most {FARTHEST:g}, "
                      f"but got {h!r}; leave it out for the step that theory chooses, {best:.3g}")
    return x, float(h or best)


def evaluate(f: Callable, x: Array, name: str = "f") -> Array:
    """Evaluate f, of that name, on a copy of x, and say what is wrong with what comes back."""
    given = x.copy()
    try:
        y = np.array(f(given))    # its own: f may use one array for all its values
    except Exception as error:
        hint = ("the complex step needs a formula that takes complex numbers; take another method"
                if np.iscomplexobj(x) else f"call {name} on x by itself and mend that first")
        raise refusal(ValueError, f"{name} must take an array of shape {x.shape}, "
                      f"but raised {type(error).__name__}: {error}; {hint}") from error
    if not np.array_equal(given, x):
        raise refusal(ValueError, f"{name} changed its argument x in place; "
                      "return a new array instead of using -= or *=")
    if y.dtype.kind == "c" and x.dtype.kind != "c":
        raise refusal(ValueError, f"{name} must return real numbers for a real x, but got dtype "
                      f"{y.dtype}; check its real part and its imaginary part by themselves")
    if y.dtype.kind not in "fc":
        raise refusal(ValueError, f"{name} must return floating-point numbers, but got dtype "
                      f"{y.dtype}; " + ("what is whole jumps, and has no slope"
                                        if y.dtype.kind in "iub" else
                                        "is there a return, and is it an array?"))
    if not finite(y):
        at = tuple(map(int, np.argwhere(~np.isfinite(y))[0]))
        raise refusal(ValueError, f"{name} must return finite numbers, but got {y[at]} at {at}; "
                      "choose an x where f is smooth")
    return y
