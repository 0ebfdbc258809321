"""The Jacobian of softmax: how each probability moves when one logit moves.

    J_ij = dp_i / dx_j = p_i (delta_ij - p_j)          J = diag(p) - p p^T

J is the covariance matrix of a one-hot draw from p: symmetric, positive semidefinite, rows that
sum to 0. x has shape (..., D), J has shape (..., D, D). Derived in notebooks 01 to 03.
"""

import numpy as np

from .._inputs import Array, ArrayLike, answer, logits, pair
from .._refusals import speaks
from .covariance import class_covariance
from .forward import probabilities

__all__ = ["softmax_jacobian", "softmax_jacobian_einsum", "softmax_jacobian_loop",
           "softmax_jacobian_row", "softmax_jvp"]


@np.errstate(under="ignore")    # a tiny product may round to 0
@speaks
def softmax_jacobian(x: ArrayLike) -> Array:
    """Build the Jacobian of every row, with a diagonal that keeps its digits.

    The diagonal p_i (1 - p_i) loses every digit where p_i rounds to 1. Rows of J sum to 0, so it
    is computed as minus the rest of its row, a sum of numbers of one sign.

    Parameters
    ----------
    x : (..., D) array_like
        Logits, as for `softmax`.

    Returns
    -------
    J : (..., D, D) ndarray
        J[..., i, j] is the derivative of p_i with respect to x_j.

    Raises
    ------
    TypeError, ValueError
        As `softmax`.

    References
    ----------
    Bishop (2006), Pattern Recognition and Machine Learning, eq. (4.106).

    Examples
    --------
    >>> softmax_jacobian([0.0, np.log(3.0)])
    array([[ 0.1875, -0.1875],
           [-0.1875,  0.1875]])
    """
    p, dtype = probabilities(x)                        # (..., D)
    i = np.arange(p.shape[-1])
    J = -p[..., :, None] * p[..., None, :]         # (..., D, D)  off the diagonal: -p_i p_j
    J[..., i, i] = 0
    J[..., i, i] -= J.sum(axis=-1)                 # (..., D)  what makes each row sum to 0
    return answer(J, dtype)


@np.errstate(under="ignore")    # a tiny product may round to 0
@speaks
def softmax_jacobian_row(x: ArrayLike) -> Array:
    """Build the Jacobian of one row as the formula is written: diag(p) - p p^T.

    Parameters
    ----------
    x : (D,) array_like
        One row of logits.

    Returns
    -------
    J : (D, D) ndarray
        As `softmax_jacobian`, to the rounding of p: a diagonal near 0 may keep no digit.

    Raises
    ------
    TypeError, ValueError
        As `softmax`; and if x has not exactly one axis.

    Examples
    --------
    >>> softmax_jacobian_row([0.0, np.log(3.0)])
    array([[ 0.1875, -0.1875],
           [-0.1875,  0.1875]])
    """
    p, dtype = probabilities(x, "(D,)")                            # (D,)
    J = np.diag(p) - np.outer(p, p)                                # (D, D)
    return answer(J, dtype)


@np.errstate(under="ignore")    # a tiny product may round to 0
@speaks
def softmax_jacobian_loop(x: ArrayLike) -> Array:
    """Build the Jacobians of a batch one row at a time, and stack them.

    Parameters
    ----------
    x : (B, D) array_like
        Rows of logits.

    Returns
    -------
    J : (B, D, D) ndarray
        As `softmax_jacobian`, to the rounding of p: a diagonal near 0 may keep no digit.

    Raises
    ------
    TypeError, ValueError
        As `softmax`; and if x has not exactly two axes.

    Examples
    --------
    >>> softmax_jacobian_loop([[0.0, np.log(3.0)], [0.0, 0.0]])[1]
    array([[ 0.25, -0.25],
           [-0.25,  0.25]])
    """
    p, dtype = probabilities(x, "(B, D)")                             # (B, D)
    J = np.empty((*p.shape, p.shape[1]), p.dtype)                     # (B, D, D)
    for b, row in enumerate(p):
        J[b] = np.diag(row) - np.outer(row, row)                      # (D, D)
    return answer(J, dtype)


@speaks
def softmax_jacobian_einsum(x: ArrayLike) -> Array:
    """Build the Jacobians of a batch in one expression.

    Parameters
    ----------
    x : (B, D) array_like
        Rows of logits.

    Returns
    -------
    J : (B, D, D) ndarray
        As `softmax_jacobian`, to the rounding of p: a diagonal near 0 may keep no digit.

    Raises
    ------
    TypeError, ValueError
        As `softmax`; and if x has not exactly two axes.

    Examples
    --------
    >>> softmax_jacobian_einsum([[0.0, np.log(3.0)], [0.0, 0.0]])[0]
    array([[ 0.1875, -0.1875],
           [-0.1875,  0.1875]])
    """
    p, dtype = probabilities(x, "(B, D)")                             # (B, D)
    diagonals = np.einsum("ij,jk->ijk", p, np.eye(p.shape[1], dtype=p.dtype))
    J = diagonals - np.einsum("ij,ik->ijk", p, p)            # (B, D, D)
    return answer(J, dtype)


@speaks
def softmax_jvp(x: ArrayLike, t: ArrayLike) -> Array:
    """Push a tangent forward: how p moves when x moves along t, J @ t without building J.

    Parameters
    ----------
    x : (..., D) array_like
        Logits, as for `softmax`.
    t : (..., D) array_like
        Tangent: one speed per logit. Finite.

    Returns
    -------
    dpdt : (..., D) ndarray
        One speed per probability; each row sums to 0. In the wider precision of x and t.

    Raises
    ------
    TypeError, ValueError
        As `softmax`; and if t has another shape than x, is not finite, or is so large that a step
        overflows.

    References
    ----------
    Griewank & Walther (2008), Evaluating Derivatives, section 3.1 (forward mode).

    Examples
    --------
    >>> softmax_jvp([0.0, np.log(3.0)], [0.0, 1.0])
    array([-0.1875,  0.1875])
    """
    x, dtype = logits(x)
    x, t, dtype = pair(x, dtype, "t", t)
    p, _ = probabilities(x)                                      # (..., D)
    return class_covariance("t", p, t, dtype)                    # (..., D)  p * (t - <p, t>)
