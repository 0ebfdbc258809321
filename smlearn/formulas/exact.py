"""Softmax and its backward to 80 digits, to judge floating point by.

    p_i = exp(x_i) / sum_k exp(x_k)        dx_i = p_i sum_k p_k (dp_i - dp_k)

Python's own decimal arithmetic: a float becomes a Decimal without rounding, exp and ln are
correctly rounded at whatever precision is set, and with its widest exponents nothing over- or
underflows for logits within 1e8 of 0, so there is no shift. dx is the sum over pairs of classes:
each dp_i - dp_k is a difference of stored numbers. The answers belong to the numbers that are
stored in x and dp, whatever those were meant to be. Derived in notebook 09.

No answer is 0 that should not be. Classes of one logit have one p, and their differences are added
up without rounding; what is left are multiples of exponentials of different logits, and these add
up to 0 only if every multiple is 0 (Lindemann and Weierstrass: exponentials of different algebraic
numbers are independent over the algebraic numbers). So where the sum cancels, more digits are
taken until 80 of it are left.
"""

from contextlib import AbstractContextManager
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal, localcontext

import numpy as np

from .._inputs import Array
from .._refusals import refusal, speaks

__all__ = ["arithmetic", "decimals", "exact_log_softmax", "exact_softmax", "exact_vjp",
           "relative_error", "worst_error"]

DIGITS = 80
SPARE = 20    # digits more, for what stands before the point and for what rounding takes
SMALL = Decimal("1e-10")    # 1 + that loses no more than ten digits of it
WHOLE = 1500  # a difference of two float64 has at most 1,383, and a sum of many a few more
REACH = 1e8   # exp of that is some 10^43,000,000; exponents go to 425,000,000 or further


@speaks
def exact_softmax(x: Array) -> Array:
    """Turn rows of logits into probabilities of 80 digits.

    Parameters
    ----------
    x : (B, D) ndarray
        Within 1e8 of 0, and float16, float32 or float64, as all floats here.

    Returns
    -------
    p : (B, D) ndarray of Decimal
        Probabilities.

    Raises
    ------
    TypeError
        If x is longdouble, or holds no floats: Decimal takes over those three only.
    ValueError
        If a logit is not finite, or further from 0.

    References
    ----------
    The definition, in decimal arithmetic whose exp is correctly rounded; see the documentation of
    Python's decimal. Derived in notebook 09.

    Examples
    --------
    >>> print(exact_softmax(np.array([[0.0, -1.0]]))[0, 0].quantize(Decimal("1e-20")))
    0.73105857863000487925
    """
    x = _logits(x)
    with arithmetic(DIGITS):
        e = np.array([[v.exp() for v in row] for row in x], dtype=object)              # (B, D)
        return e / e.sum(axis=1, keepdims=True)                                        # (B, D)


@speaks
def exact_log_softmax(x: Array) -> Array:
    """Turn rows of logits into log-probabilities, correct to 80 digits.

    Parameters
    ----------
    x : (B, D) ndarray
        Within 1e8 of 0.

    Returns
    -------
    logp : (B, D) ndarray of Decimal
        Log-probabilities.

    Raises
    ------
    TypeError, ValueError
        As `exact_softmax`.

    Examples
    --------
    >>> print(f"{exact_log_softmax(np.array([[0.0, -40.0]]))[0, 0]:.5e}")
    -4.24835e-18
    """
    x = _logits(x)                                                                     # (B, D)
    return np.array([_log_row(row) for row in x])                                      # (B, D)


@speaks
def exact_vjp(x: Array, dp: Array) -> Array:
    """Pull the upstream gradient back through softmax with 80 digits.

    Parameters
    ----------
    x, dp : (B, D) ndarray
        Logits, as for `exact_softmax`, and upstream gradient, finite.

    Returns
    -------
    dx : (B, D) ndarray of Decimal
        The gradient of the loss in the logits.

    Raises
    ------
    TypeError, ValueError
        As `exact_softmax`; if dp has another shape than x, or is not finite.

    References
    ----------
    As p_i sum_k p_k (dp_i - dp_k), which is p_i (dp_i - <p, dp>) with 1 = sum_k p_k put in.
    Baker (1975), Transcendental Number Theory, theorem 1.4: Lindemann and Weierstrass.

    Examples
    --------
    >>> print(f"{exact_vjp(np.array([[0.0, -40.0]]), np.array([[1.0, 0.25]]))[0, 0]:.5e}")
    3.18627e-18
    """
    x, d = _logits(x), decimals("dp", dp)                                              # (B, D)
    if d.shape != x.shape:
        raise refusal(ValueError, f"dp must have the shape of x, {x.shape}, but got {d.shape}; "
                         "give dp one number per logit")
    return np.array([_vjp_row(*rows) for rows in zip(x, d, strict=True)])              # (B, D)


@speaks
def relative_error(got: Array, exact: Array) -> Array:
    """Compare floats with exact values, entry by entry: |got - exact| / |exact|.

    Parameters
    ----------
    got : (B, D) ndarray
        Finite.
    exact : (B, D) ndarray of Decimal
        None of them 0.

    Returns
    -------
    error : (B, D) ndarray
        In the precision of float64.

    Raises
    ------
    TypeError
        As `exact_softmax`.
    ValueError
        If got is not finite, or an exact value is 0: no error is a share of 0.

    Examples
    --------
    >>> relative_error(np.array([0.75]), np.array([Decimal(1)]))
    array([0.25])
    """
    got = decimals("got", got)                                                         # (B, D)
    if (exact == 0).any():
        raise refusal(ValueError, "exact must not be 0, but got a 0, of which nothing is a "
                         "share; compare such entries by themselves")
    with arithmetic(DIGITS):
        return (abs(got - exact) / abs(exact)).astype(float)


@speaks
def worst_error(got: Array, exact: Array) -> float:
    """Return the largest relative error among the entries that are normal numbers of got's dtype.

    An exact value below that range, 2e-308 in float64 or 1e-38 in float32, cannot be stored with
    all its digits, whatever the formula.

    Parameters
    ----------
    got : (B, D) ndarray
        Floats to judge.
    exact : (B, D) ndarray of Decimal
        What they should be.

    Returns
    -------
    error : float
        As a share of the exact value.

    Raises
    ------
    ValueError
        If none is normal, or one of those in got is not finite.

    Examples
    --------
    >>> worst_error(np.array([0.75, 0.0]), np.array([Decimal(1), Decimal("1e-400")]))
    0.25
    """
    with arithmetic(DIGITS):
        normal = abs(exact) >= Decimal(float(np.finfo(got.dtype).tiny))                # (B, D)
    if not normal.any():
        raise refusal(ValueError, f"exact must hold a number that is normal in {got.dtype}, "
                      "but got none; such digits cannot be stored, so ask about other rows")
    return float(relative_error(got[normal], exact[normal]).max())


def _vjp_row(x: Array, dp: Array) -> Array:
    """p_i sum_k p_k (dp_i - dp_k) of one row, (D,)."""
    logits = np.array(sorted(set(x)), object)                                          # (G,)
    member = x[:, None] == logits                                                      # (D, G)
    with arithmetic(WHOLE):
        multiple = dp[:, None] * member.sum(axis=0) - dp @ member                      # (D, G)
    room, lost = 0, 1
    while lost > room:
        room = lost + SPARE
        with arithmetic(DIGITS + SPARE + room):
            e = np.array([v.exp() for v in logits], object)                            # (G,)
            terms = multiple * e                                                       # (D, G)
            each = member @ e                                                          # (D,)
            dx = each * terms.sum(axis=1) / each.sum() ** 2                            # (D,)
            lost = max(_cancelled(row) for row in terms)
    return dx


def _cancelled(terms: Array) -> int:
    """How many digits the sum of the terms has lost to its largest."""
    most, total = abs(terms).max(), terms.sum()
    if not most:
        return 0    # no term, nothing lost
    return most.adjusted() - total.adjusted()    # a 0 stands at its last digit: all are lost


def _log_row(row: Array) -> Array:
    """z - ln(1 + the other exp(z)) of one row, (D,), with z = x - max x."""
    with arithmetic(DIGITS + SPARE):
        z = row - row.max()                                                            # (D,)
        return z - _log1p(sum((v.exp() for v in np.delete(z, row.argmax())), Decimal(0)))


def _log1p(t: Decimal) -> Decimal:
    """ln(1 + t) = 2 (y + y^3/3 + y^5/5 + ...), y = t / (2 + t): beside a 1 would t be lost."""
    if t > SMALL:
        return (1 + t).ln()
    y = t / (2 + t)
    return 2 * sum(y**n / n for n in range(1, 11, 2))    # y^11 is beyond 100 digits


def arithmetic(digits: int) -> AbstractContextManager:
    """Set so many digits, and exponents as far as they go, whatever the caller has set."""
    return localcontext(Context(prec=digits, Emax=MAX_EMAX, Emin=MIN_EMIN))


def _logits(x: Array) -> Array:
    """Logits as Decimals, if exp copes with them."""
    if not (abs(_floats("x", x).astype(float)) <= REACH).all():    # NaN is not within anything
        raise refusal(ValueError, "x must stay within 1e8 of 0, but got NaN or a logit beyond; "
                      "take its maximum off each row")
    return decimals("x", x)


def decimals(name: str, a: Array) -> Array:
    """Return each float as a Decimal, without rounding.

    Raises
    ------
    TypeError
        If they are longdouble, or no floats.
    ValueError
        If one is not finite.
    """
    a = _floats(name, a)
    if not np.isfinite(a).all():
        raise refusal(ValueError, f"{name} must be finite, but got {a[~np.isfinite(a)][0]}; "
                      "find the step that made it")
    return np.array([Decimal(v) for v in a.ravel().tolist()], dtype=object).reshape(a.shape)


def _floats(name: str, a: Array) -> Array:
    a = np.asarray(a)
    if a.dtype.char not in "efd":
        raise refusal(TypeError, f"{name} must be float16, float32 or float64, but got dtype "
                      f"{a.dtype}, which Decimal does not take over; convert it yourself")
    return a
