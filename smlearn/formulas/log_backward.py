"""Log-softmax, backward: from the gradient of the log-probabilities to that of the logits.

    logp_i = x_i - log sum_k exp(x_k)        dx = dlogp J = dlogp - p * sum(dlogp)

Each row of J is that of I, less p: not symmetric, so dx is not J dlogp. Shapes (..., D), classes
last. The one upstream that vanishes is p itself: the mean of d logp_class / dx over a class drawn
from p is 0, and its covariance is the Jacobian of softmax. Derived in notebooks 08 and 08c.

Rows of dx sum to 0. Where one class is more likely than not, its own dlogp stands in the sum too:
dx = (1 - p) dlogp - p * (the sum of the others' dlogp), and 1 - p, which would lose its digits, is
the sum of the others' p. Minus the sum of the others' dx is the same number, but may cancel.
"""

import numpy as np

from .._inputs import Array, ArrayLike, answer, entries, finite_rows, logits, pair, within_range
from .._refusals import speaks
from .forward import others, probabilities

__all__ = ["log_softmax_vjp"]


@speaks
def log_softmax_vjp(x: ArrayLike, dlogp: ArrayLike) -> Array:
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
    x, dtype = logits(x)
    x, dlogp, dtype = pair(x, dtype, "dlogp", dlogp)
    p, _ = probabilities(x)                                       # (..., D)
    with within_range("dlogp", dlogp):
        total = dlogp.sum(axis=-1, keepdims=True)                 # (..., 1)  x_i is in all logp
        dx = dlogp - p * finite_rows("dlogp", dlogp, total)       # (..., D)
        top = p.argmax(axis=-1, keepdims=True)                    # (..., 1)  the likeliest class
        most, own = entries(p, top), entries(dlogp, top)          # (..., 1)
        rest, beside = others(p.copy(), top), others(dlogp.copy(), top)    # (..., 1)  1 - most
        sure = rest * own - most * beside                         # (..., 1)
        np.put_along_axis(dx, top, np.where(most > 0.5, sure, entries(dx, top)), axis=-1)
        return answer(dx, dtype)                                  # (..., D)
