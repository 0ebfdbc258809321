"""Softmax, forward: logits to probabilities.

    p_i = exp(x_i) / sum_k exp(x_k)             logsumexp(x) = log sum_k exp(x_k)

Adding a number to every logit of a row changes nothing, so the row's maximum is subtracted and
exp cannot overflow. Shapes (..., D), classes last. Derived in notebook 01. Error analysis:
Blanchard, Higham & Higham, IMA Journal of Numerical Analysis 41 (2021).
"""

import numpy as np

from .._inputs import Array, ArrayLike, answer, logits, row_max
from .._refusals import speaks

__all__ = ["log_softmax", "logsumexp", "softmax"]


@speaks
def softmax(x: ArrayLike) -> Array:
    """Turn logits into probabilities along the last axis.

    Parameters
    ----------
    x : (..., D) array_like
        Logits, real. -inf rules a class out: its probability is exactly 0.

    Returns
    -------
    p : (..., D) ndarray
        Probabilities, in the precision of x (integers give float64).

    Raises
    ------
    TypeError
        If x is complex, boolean, an object, a string or a masked array.
    ValueError
        If x is a scalar, has no classes, or a row holds NaN, +inf or nothing but -inf.

    References
    ----------
    Blanchard, Higham & Higham (2021), Accurately computing the log-sum-exp and softmax
    functions, eq. (1.2) and its shifted form.

    Examples
    --------
    >>> softmax([0.0, np.log(3.0)])
    array([0.25, 0.75])
    """
    p, dtype = probabilities(x)
    return answer(p, dtype)


@np.errstate(over="ignore", under="ignore")    # exp of a far lower logit is 0, correctly rounded
def probabilities(x: ArrayLike, shape: str = "(..., D)") -> tuple[Array, np.dtype]:
    """Compute softmax in the precision to go on with.

    Also returns the dtype to answer in: see `_inputs.logits`.
    """
    x, dtype = logits(x, shape)
    z = x - row_max(x)                             # (..., D)  max is 0: exp cannot overflow
    e = np.exp(z)                                  # (..., D)
    return e / e.sum(axis=-1, keepdims=True), dtype    # (..., D)  the sum is at least 1


@np.errstate(over="ignore")    # -1e5 is -inf in float16
@speaks
def log_softmax(x: ArrayLike) -> Array:
    """Turn logits into log-probabilities, without ever taking the log of a rounded probability.

    Parameters
    ----------
    x : (..., D) array_like
        Logits, as for `softmax`.

    Returns
    -------
    logp : (..., D) ndarray
        The difference x - logsumexp(x). A class ruled out by -inf gets -inf, and so does one
        whose logarithm lies beyond the precision's range.

    Raises
    ------
    TypeError, ValueError
        As `softmax`.

    References
    ----------
    Blanchard, Higham & Higham (2021), the shifted formula with log1p.

    Examples
    --------
    >>> log_softmax([0.0, -1000.0])
    array([    0., -1000.])
    """
    logp, dtype = log_probabilities(x)
    return answer(logp, dtype)


@np.errstate(over="ignore", under="ignore")
def log_probabilities(x: ArrayLike) -> tuple[Array, np.dtype]:
    """Compute log-softmax as `probabilities` does softmax."""
    x, dtype = logits(x)
    z = x - row_max(x)                             # (..., D)
    rest = others(np.exp(z), z.argmax(axis=-1, keepdims=True))    # (..., 1)  all but one 1
    return z - np.log1p(rest), dtype               # (..., D)  log(1 + small) keeps the small


@np.errstate(over="ignore", under="ignore")
@speaks
def logsumexp(x: ArrayLike) -> Array:
    """Sum exponentials and take the log, where the exponentials themselves would overflow.

    Parameters
    ----------
    x : (..., D) array_like
        Logits, as for `softmax`.

    Returns
    -------
    lse : (...) ndarray
        One number per row, at least the row's maximum.

    Raises
    ------
    TypeError, ValueError
        As `softmax`.

    References
    ----------
    Blanchard, Higham & Higham (2021), eq. (1.1), shifted, with log1p of the other terms.

    Examples
    --------
    >>> print(f"{logsumexp([1000.0, 1000.0]):.6f}")
    1000.693147
    """
    x, dtype = logits(x)
    m = row_max(x)                                 # (..., 1)
    rest = others(np.exp(x - m), x.argmax(axis=-1, keepdims=True))    # (..., 1)  all but one 1
    lse = m + np.log1p(rest)                       # (..., 1)
    return answer(lse[..., 0], dtype)              # (...)


def others(a: Array, k: Array) -> Array:
    """Add up each row of `a` without the entry that `k` points at, which becomes 0: (..., 1)."""
    np.put_along_axis(a, k, 0, axis=-1)    # sum(where=...) would not add pairwise
    return a.sum(axis=-1, keepdims=True)
