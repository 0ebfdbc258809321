"""Does a probability of 0.8 come true eight times in ten? Promises beside what came.

    low, high = (k + q/2 -+ sqrt(q k (N - k) / N + q^2/4)) / (N + q)        q = 1.96^2

k of N promises of about the same size came true. The interval is Wilson's: it stays within 0 and
1, and on average it is near its 95 % for few promises too. Not at every probability: k takes few
values. How often the true one lies inside, at the worst probability and on average over all:

    N          1     3    30   100  1000
    worst   0.79  0.83  0.84  0.84  0.84
    average 0.96  0.96  0.95  0.95  0.95

The worst probabilities are near 0 or 1, where k is hardly ever anything but 0 or N.
"""

from typing import NamedTuple

import numpy as np

from .._inputs import Array, ArrayLike
from .._refusals import refusal, speaks

__all__ = ["Reliability", "reliability"]

Q = 1.96**2    # of a normal draw 95 % lie within 1.96 standard deviations


class Reliability(NamedTuple):
    """Of each bin of promises, all (K,): mean promise, share that came true, interval, count.

    Attributes
    ----------
    promised : (K,) ndarray
        Mean promise.
    came_true : (K,) ndarray
        The share that came true.
    low, high : (K,) ndarray
        The ends of the interval around that share.
    count : (K,) ndarray of int
        How many promises the bin holds.
    """

    promised: Array
    came_true: Array
    low: Array
    high: Array
    count: Array    # type: ignore[assignment]  # a tuple's own count is not missed here


@speaks
def reliability(promises: ArrayLike, true: ArrayLike, edges: ArrayLike) -> Reliability:
    """Sort promises into bins, and compare their mean with the share that came true.

    Parameters
    ----------
    promises : (N,) array_like
        Probabilities that were given.
    true : (N,) array_like of bool
        What came true.
    edges : (K + 1,) array_like
        Rising; a promise belongs to the bin whose lower edge it reaches, and the last edge to the
        last bin. No bin may be empty.

    Returns
    -------
    bins : Reliability
        With intervals of 95 % on average, if the promises of a bin are independent of each other.

    Raises
    ------
    ValueError
        If the lengths differ, a promise is NaN or lies outside the edges, a bin is empty, or true
        holds anything but what is 0 or 1.

    References
    ----------
    Wilson (1927), Probable inference, the law of succession, and statistical inference.

    Examples
    --------
    >>> bins = reliability([0.6, 0.7, 0.7, 1.0], [True, True, False, True], [0.5, 0.9, 1.0])
    >>> print(np.round(bins.promised, 3), np.round(bins.came_true, 3), bins.count)
    [0.667 1.   ] [0.667 1.   ] [3 1]
    """
    promises, true, edges = np.asarray(promises), np.asarray(true, float), np.asarray(edges)
    if promises.shape != true.shape:
        raise refusal(ValueError, f"true must have the shape of promises, {promises.shape}, "
                         f"but got {true.shape}; each promise came true or did not")
    if not np.isin(true, (0, 1)).all():
        raise refusal(ValueError, f"true must hold truth values, but got "
                         f"{true[~np.isin(true, (0, 1))][0]}; each promise came true or did not")
    if not ((promises >= edges[0]) & (promises <= edges[-1])).all():    # NaN is neither
        raise refusal(ValueError, f"promises must lie from {edges[0]} to {edges[-1]}, but got "
                         f"{promises.min():.3g} to {promises.max():.3g}; give wider edges")
    at = np.searchsorted(edges[1:-1], promises, side="right")    # (N,)  the bin of each
    bins = len(edges) - 1
    n = np.bincount(at, minlength=bins)                          # (K,)
    if not n.all():
        raise refusal(ValueError, f"each bin must hold a promise, but got counts {n.tolist()}; "
                      "give fewer edges")
    k = np.bincount(at, true)                                    # (K,)
    middle = (k + Q / 2) / (n + Q)                               # (K,)
    half = np.sqrt(Q * k * (n - k) / n + Q**2 / 4) / (n + Q)     # (K,)
    promised = np.bincount(at, promises) / n                     # (K,)
    return Reliability(promised, k / n, middle - half, middle + half, n)
