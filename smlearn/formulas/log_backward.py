"""Log-softmax, backward: from the gradient of the log-probabilities to that of the logits.

    logp_i = x_i - log sum_k exp(x_k)        dx = dlogp J = dlogp - p * sum(dlogp)

J = I - 1 p^T, row by row, is not symmetric: dx is not J dlogp. Shapes (..., D), classes last. The
one upstream that vanishes is p itself: the mean of d logp_class / dx over a class drawn from p is
0, and its covariance is the Jacobian of softmax. Derived in notebook 08.

Rows of dx sum to 0. Where one class is more likely than not, its entry is minus the sum of the
others, since 1 - p would lose its digits; elsewhere that sum would be the worse of the two.
"""

import numpy as np

from .._inputs import Array, answer, finite_rows, logits, pair, within_range
from .forward import probabilities

__all__ = ["log_softmax_vjp"]


def log_softmax_vjp(x: Array, dlogp: Array) -> Array:
    """Pull the upstream gradient back through log-softmax, without building its Jacobian.

    Parameters
    ----------
    x : (..., D) array_like
        Logits, as for `log_softmax`.
    dlogp : (..., D) array_like
        Upstream gradient: one number per log-probability. Finite.

    Returns
    -------
    dx : (..., D) ndarray
        One number per logit; each row sums to 0. In the wider precision of x and dlogp.

    Raises
    ------
    TypeError, ValueError
        As `log_softmax`; and if dlogp has another shape than x, is not finite, or is so large that
        a step overflows.

    References
    ----------
    Griewank & Walther (2008), Evaluating Derivatives, section 3.2 (reverse mode).

    Examples
    --------
    >>> log_softmax_vjp([0.0, np.log(3.0)], [0.0, 4.0])    # p is (1/4, 3/4)
    array([-1.,  1.])
    """
    where, name = "log_softmax_vjp", "dlogp"
    x, dtype = logits(where, x)
    x, dlogp, dtype = pair(where, x, dtype, name, dlogp)
    p, _ = probabilities(where, x)                                # (..., D)
    with within_range(where, name, dlogp):
        total = dlogp.sum(axis=-1, keepdims=True)                 # (..., 1)  x_i is in all logp
        dx = dlogp - p * finite_rows(where, name, dlogp, total)   # (..., D)
        top = p.argmax(axis=-1, keepdims=True)                    # (..., 1)  the likeliest class
        own = np.take_along_axis(dx, top, axis=-1)                # (..., 1)
        others = dx.sum(axis=-1, keepdims=True, where=np.arange(dx.shape[-1]) != top)
        sure = np.take_along_axis(p, top, axis=-1) > 0.5          # (..., 1)
        np.put_along_axis(dx, top, np.where(sure, 0 - others, own), axis=-1)    # 0, not -0
        return answer(dx, dtype)                                  # (..., D)
