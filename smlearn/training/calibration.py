"""Does a probability of 0.8 come true eight times in ten? Promises beside what came.

    low, high = (k + q/2 -+ sqrt(q k (N - k) / N + q^2/4)) / (N + q)        q = 1.96^2

k of N promises of about the same size came true. The interval is Wilson's: for few promises it is
honest, and it stays within 0 and 1.
"""

from typing import NamedTuple

import numpy as np

from .._inputs import Array

__all__ = ["Reliability", "reliability"]

Q = 1.96**2    # of a normal draw 95 % lie within 1.96 standard deviations


class Reliability(NamedTuple):
    """Of each bin of promises, all (K,): mean promise, share that came true, interval, count."""

    promised: Array
    came_true: Array
    low: Array
    high: Array
    count: Array


def reliability(promises: Array, true: Array, edges: Array) -> Reliability:
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
        With 95 % intervals, if the promises of a bin are independent of each other.

    Raises
    ------
    ValueError
        If the lengths differ, a promise lies outside the edges, or a bin is empty.

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
        raise ValueError(f"reliability: true must have the shape of promises, {promises.shape}, "
                         f"but got {true.shape}; each promise came true or did not")
    if ((promises < edges[0]) | (promises > edges[-1])).any():
        raise ValueError(f"reliability: promises must lie from {edges[0]} to {edges[-1]}, but got "
                         f"{promises.min():.3g} to {promises.max():.3g}; give wider edges")
    at = np.searchsorted(edges[1:-1], promises, side="right")    # (N,)  the bin of each
    bins = len(edges) - 1
    n = np.bincount(at, minlength=bins)                          # (K,)
    if not n.all():
        raise ValueError(f"reliability: each bin must hold a promise, but got counts {n.tolist()};"
                         " give fewer edges")
    k = np.bincount(at, true)                                    # (K,)
    middle = (k + Q / 2) / (n + Q)                               # (K,)
    half = np.sqrt(Q * k * (n - k) / n + Q**2 / 4) / (n + Q)     # (K,)
    promised = np.bincount(at, promises) / n                     # (K,)
    return Reliability(promised, k / n, middle - half, middle + half, n)
