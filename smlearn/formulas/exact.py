"""Softmax and its backward to 80 digits, to judge floating point by.

    p_i = exp(x_i) / sum_k exp(x_k)        dx_i = p_i sum_k p_k (dp_i - dp_k)

Python's own decimal arithmetic: a float becomes a Decimal without rounding, exp and ln are
correctly rounded at whatever precision is set, and with its widest exponents nothing over- or
underflows for logits within 1e8 of 0, so there is no shift. dx is the sum over pairs of classes:
each dp_i - dp_k is a difference of stored numbers. The answers belong to the numbers that are
stored in x and dp, whatever those were meant to be. Derived in notebook 09.
"""

from contextlib import AbstractContextManager
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal, localcontext

import numpy as np

from .._inputs import Array

__all__ = ["exact_log_softmax", "exact_softmax", "exact_vjp", "relative_error", "worst_error"]

DIGITS = 80
SPARE = 20    # digits more, for what stands before the point and for what rounding takes
WIDE = 400    # for 1 + 1e-300, which keeps the 1e-300 only where there is room for it
REACH = 1e8   # exp of that is some 10^43,000,000; exponents go to 425,000,000 or further


def exact_softmax(x: Array) -> Array:
    """Turn rows of logits into probabilities of 80 digits.

    Parameters
    ----------
    x : (B, D) ndarray
        Within 1e8 of 0, and float16, float32 or float64, as all floats here.

    Returns
    -------
    p : (B, D) ndarray of Decimal

    Raises
    ------
    TypeError
        If x is longdouble, or holds no floats: Decimal takes over those three only.
    ValueError
        If a logit is not finite, or further from 0.

    Examples
    --------
    >>> print(exact_softmax(np.array([[0.0, -1.0]]))[0, 0].quantize(Decimal("1e-20")))
    0.73105857863000487925
    """
    x = _logits("exact_softmax", x)
    with _arithmetic(DIGITS):
        e = np.array([[v.exp() for v in row] for row in x], dtype=object)              # (B, D)
        return e / e.sum(axis=1, keepdims=True)                                        # (B, D)


def exact_log_softmax(x: Array) -> Array:
    """Turn rows of logits into log-probabilities, correct to 80 digits.

    Parameters
    ----------
    x : (B, D) ndarray
        Within 1e8 of 0, and within 700 of each other in a row: beyond, 400 digits do not hold
        1 + exp(-x) either.

    Returns
    -------
    logp : (B, D) ndarray of Decimal

    Raises
    ------
    TypeError, ValueError
        As `exact_softmax`.

    Examples
    --------
    >>> print(f"{exact_log_softmax(np.array([[0.0, -40.0]]))[0, 0]:.5e}")
    -4.24835e-18
    """
    x = _logits("exact_log_softmax", x)                                                # (B, D)
    return np.array([_log_row(row) for row in x])                                      # (B, D)


def exact_vjp(x: Array, dp: Array) -> Array:
    """Pull the upstream gradient back through softmax with 80 digits.

    Parameters
    ----------
    x, dp : (B, D) ndarray
        Logits, as for `exact_softmax`, and upstream gradient, finite.

    Returns
    -------
    dx : (B, D) ndarray of Decimal

    Raises
    ------
    TypeError, ValueError
        As `exact_softmax`.

    References
    ----------
    As p_i sum_k p_k (dp_i - dp_k), which is p_i (dp_i - <p, dp>) with 1 = sum_k p_k put in.

    Examples
    --------
    >>> print(f"{exact_vjp(np.array([[0.0, -40.0]]), np.array([[1.0, 0.25]]))[0, 0]:.5e}")
    3.18627e-18
    """
    p, d = exact_softmax(x), _decimals("exact_vjp", "dp", dp)                          # (B, D)
    with _arithmetic(DIGITS):
        apart = d[:, :, None] - d[:, None, :]                                          # (B, D, D)
        return p * (p[:, None, :] * apart).sum(axis=2)                                 # (B, D)


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

    Examples
    --------
    >>> relative_error(np.array([0.75]), np.array([Decimal(1)]))
    array([0.25])
    """
    with _arithmetic(DIGITS):
        return (abs(_decimals("relative_error", "got", got) - exact) / abs(exact)).astype(float)


def worst_error(got: Array, exact: Array) -> float:
    """Return the largest relative error among the entries that are normal numbers of got's dtype.

    An exact value below that range, 2e-308 in float64 or 1e-38 in float32, cannot be stored with
    all its digits, whatever the formula.

    Parameters
    ----------
    got : (B, D) ndarray
    exact : (B, D) ndarray of Decimal

    Raises
    ------
    ValueError
        If none is normal.

    Examples
    --------
    >>> worst_error(np.array([0.75, 0.0]), np.array([Decimal(1), Decimal("1e-400")]))
    0.25
    """
    normal = abs(exact) >= Decimal(float(np.finfo(got.dtype).tiny))
    if not normal.any():
        raise ValueError(f"worst_error: exact must hold a number that is normal in {got.dtype}, "
                         "but got none; such digits cannot be stored, so ask about other rows")
    return float(relative_error(got[normal], exact[normal]).max())


def _log_row(row: Array) -> Array:
    """x - ln sum exp(x) of one row, (D,), with as many digits as its smallest term needs."""
    with _arithmetic(DIGITS):
        smallest = (row.min() - row.max()).exp().adjusted()     # 10^that, beside the largest: 1
    with _arithmetic(min(DIGITS + SPARE - smallest, WIDE)):
        return row - sum(v.exp() for v in row).ln()


def _arithmetic(digits: int) -> AbstractContextManager:
    """So many digits, and exponents as far as they go, whatever the caller has set."""
    return localcontext(Context(prec=digits, Emax=MAX_EMAX, Emin=MIN_EMIN))


def _logits(where: str, x: Array) -> Array:
    """Logits as Decimals, if exp copes with them."""
    decimals = _decimals(where, "x", x)
    if not (abs(np.asarray(x, float)) <= REACH).all():    # NaN is not within anything
        raise ValueError(f"{where}: x must stay within 1e8 of 0, but got NaN or a logit beyond; "
                         "take its maximum off each row")
    return decimals


def _decimals(where: str, name: str, a: Array) -> Array:
    """Each float as a Decimal, without rounding."""
    a = np.asarray(a)
    if a.dtype.char not in "efd":
        raise TypeError(f"{where}: {name} must be float16, float32 or float64, but got dtype "
                        f"{a.dtype}, which Decimal does not take over; convert it yourself")
    return np.array([Decimal(v) for v in a.ravel().tolist()], dtype=object).reshape(a.shape)
