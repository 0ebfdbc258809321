"""Softmax, forward: logits to probabilities.

    p_i = exp(x_i) / sum_k exp(x_k)             logsumexp(x) = log sum_k exp(x_k)

Adding a number to every logit of a row changes nothing, so the row's maximum is subtracted and
exp cannot overflow. Shapes (..., D), classes last. Derived in notebook 01. Error analysis:
Blanchard, Higham & Higham, IMA Journal of Numerical Analysis 41 (2021).
"""

import numpy as np

from .._inputs import Array, answer, logits, row_max

__all__ = ["log_softmax", "logsumexp", "softmax"]


def softmax(x: Array) -> Array:
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
    p, dtype = probabilities("softmax", x)
    return answer(p, dtype)


@np.errstate(over="ignore", under="ignore")    # exp of a far lower logit is 0, correctly rounded
def probabilities(where: str, x: Array, shape: str = "(..., D)") -> tuple[Array, np.dtype]:
    """Compute softmax on behalf of the function `where`, in the precision to go on with.

    Also returns the dtype in which `where` should answer: see `_inputs.logits`.
    """
    x, dtype = logits(where, x, shape)
    z = x - row_max(where, x)                      # (..., D)  max is 0: exp cannot overflow
    e = np.exp(z)                                  # (..., D)
    return e / e.sum(axis=-1, keepdims=True), dtype    # (..., D)  the sum is at least 1


@np.errstate(over="ignore")    # -1e5 is -inf in float16
def log_softmax(x: Array) -> Array:
    """Turn logits into log-probabilities, without ever taking the log of a rounded probability.

    Parameters
    ----------
    x : (..., D) array_like
        Logits, as for `softmax`.

    Returns
    -------
    logp : (..., D) ndarray
        x - logsumexp(x). A class ruled out by -inf gets -inf, and so does one whose logarithm
        lies beyond the precision's range.

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
    logp, dtype = log_probabilities("log_softmax", x)
    return answer(logp, dtype)


@np.errstate(over="ignore", under="ignore")
def log_probabilities(where: str, x: Array) -> tuple[Array, np.dtype]:
    """Compute log-softmax on behalf of the function `where`, as `probabilities` does softmax."""
    x, dtype = logits(where, x)
    z = x - row_max(where, x)                      # (..., D)
    return z - np.log1p(_others(z)), dtype         # (..., D)  log(1 + small) keeps the small


@np.errstate(over="ignore", under="ignore")
def logsumexp(x: Array) -> Array:
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
    x, dtype = logits("logsumexp", x)
    m = row_max("logsumexp", x)                    # (..., 1)
    lse = m + np.log1p(_others(x - m))             # (..., 1)
    return answer(lse[..., 0], dtype)              # (...)


def _others(z: Array) -> Array:
    """Sum exp(z) over every class but the row's largest, whose term is exactly 1: (..., 1)."""
    e = np.exp(z)                                                        # (..., D)
    np.put_along_axis(e, z.argmax(axis=-1, keepdims=True), 0, axis=-1)   # one 1 out, ties stay
    return e.sum(axis=-1, keepdims=True)                                 # (..., 1)
