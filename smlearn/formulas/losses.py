"""Softmax and cross-entropy in one: the loss of labels, and the gradient that collapses.

    loss_b = -sum_k y_bk log p_bk          dx_b = p_b - y_b          p = softmax(x)

y is one-hot at the label; smoothed by a, it is (1 - a) of that and a / D everywhere. The mean over
the rows divides by how many are not ignored. Shapes x, p, y, dx (..., D); labels, loss_b (...).
The second derivative is the Jacobian of softmax, a covariance, so the loss is convex. Derived in
notebooks 08 and 08c.

At the label itself p - 1 would have no correct digit where p rounds to 1; minus the sum of the
other classes is the same number, and has them all.
"""

from typing import NamedTuple

import numpy as np

from .._inputs import (
    Array,
    ArrayLike,
    answer,
    as_array,
    entries,
    masked,
    real,
    remembered,
    within_range,
)
from .._refusals import refusal, speaks
from .forward import log_probabilities, probabilities

__all__ = ["CrossEntropyCache", "cross_entropy", "cross_entropy_backward", "cross_entropy_forward"]

REDUCTIONS = ("mean", "sum", "none")


class CrossEntropyCache(NamedTuple):
    """What the backward pass needs: p - y, each row's weight in the loss, its shape, x's dtype.

    Both arrays are read-only. The weight of an ignored row is 0.

    Attributes
    ----------
    gap : (..., D) ndarray
        The difference p - y.
    weight : (..., 1) ndarray
        How much each row counts.
    shape : tuple of int
        That of the loss.
    dtype : dtype
        That of the logits, and of the answer.
    """

    gap: Array       # (..., D)
    weight: Array    # (..., 1)
    shape: tuple     # of the loss
    dtype: np.dtype


@speaks
def cross_entropy(x: ArrayLike, labels: ArrayLike | int, *, reduction: str = "mean",
                  label_smoothing: float = 0.0, ignore_index: int = -100) -> Array:
    """Say how surprised the logits are by the labels: -log p[label], averaged over the rows.

    Parameters
    ----------
    x : (..., D) array_like
        Logits, as for `softmax`.
    labels : (...) array_like of int
        One class number a row, from 0 to D - 1, or `ignore_index`.
    reduction : {"mean", "sum", "none"}
        "mean" divides by the number of rows that are not ignored.
    label_smoothing : float
        From 0 to 1: how much of each label is spread evenly over all D classes.
    ignore_index : int
        Rows with this label have loss 0 and gradient 0.

    Returns
    -------
    loss : () ndarray, or (...) for "none"
        In nats, and in the precision of x. Infinite where a label has probability 0 or, if
        smoothed, any class has; and where the number lies beyond the precision's range.

    Raises
    ------
    TypeError
        As `softmax`; if the labels are not integers, or masked.
    ValueError
        As `softmax`; if the labels have another shape than the rows or name no class; if an option
        is unknown; if the mean is asked for and every row is ignored.

    References
    ----------
    Bishop (2006), Pattern Recognition and Machine Learning, eq. (4.108); smoothing: Szegedy et
    al. (2016), Rethinking the Inception architecture, section 7.

    Examples
    --------
    >>> print(f"{cross_entropy([[0.0, np.log(3.0)]], [1]):.6f}")    # -log(3/4)
    0.287682
    """
    return _loss(x, labels, reduction, label_smoothing, ignore_index)[0]


@np.errstate(under="ignore")    # of a tiny smoothing, divided by D
@speaks
def cross_entropy_forward(x: ArrayLike, labels: ArrayLike | int, *, reduction: str = "mean",
                          label_smoothing: float = 0.0,
                          ignore_index: int = -100) -> tuple[Array, CrossEntropyCache]:
    """Compute the loss, as `cross_entropy`, and keep what its backward pass will need.

    Parameters
    ----------
    x : (..., D) array_like
        Logits.
    labels : (...) array_like of int
        Each row's class.
    reduction : {"mean", "sum", "none"}
        As for `cross_entropy`, and so are the two that follow.
    label_smoothing : float
        The share of each label that is spread over all classes.
    ignore_index : int
        The label of rows that do not count.

    Returns
    -------
    loss : () ndarray, or (...) for "none"
        As of `cross_entropy`.
    cache : CrossEntropyCache
        For `cross_entropy_backward`.

    Raises
    ------
    TypeError, ValueError
        As `cross_entropy`.

    Examples
    --------
    >>> loss, cache = cross_entropy_forward([[0.0, np.log(3.0)]], [1])
    >>> cache.gap    # p - y
    array([[ 0.25, -0.25]])
    """
    loss, at, kept, weight, a = _loss(x, labels, reduction, label_smoothing, ignore_index)
    p, dtype = probabilities(x)                                      # (..., D)
    gap = np.where(kept, _gap(p, at, a), 0)                          # (..., D)
    gap.flags.writeable = weight.flags.writeable = False
    return loss, CrossEntropyCache(gap, weight, loss.shape, dtype)


@speaks
def cross_entropy_backward(dloss: ArrayLike | float, cache: CrossEntropyCache) -> Array:
    """Pull the gradient of the loss back to the logits: p - y, times the row's weight.

    Parameters
    ----------
    dloss : () or (...) array_like
        Upstream gradient, of the loss's shape. Finite; 1.0 if the loss is the last step.
    cache : CrossEntropyCache
        From `cross_entropy_forward`.

    Returns
    -------
    dx : (..., D) ndarray
        One number per logit; each row sums to 0. In the precision of x.

    Raises
    ------
    TypeError
        If the cache is not a `CrossEntropyCache`.
    ValueError
        If dloss has another shape than the loss, is not finite, or is so large that a gradient
        overflows.

    References
    ----------
    Bishop (2006), Pattern Recognition and Machine Learning, eq. (4.109).

    Examples
    --------
    >>> loss, cache = cross_entropy_forward([[0.0, np.log(3.0)]], [1])
    >>> cross_entropy_backward(2.0, cache)
    array([[ 0.5, -0.5]])
    """
    remembered("dloss", cache, CrossEntropyCache, cross_entropy_forward)
    dloss = real("dloss", dloss)
    if dloss.shape != cache.shape:
        raise refusal(ValueError, f"dloss must have the shape of the loss, {cache.shape}, but got "
                      f"{dloss.shape}; the loss of one number takes one number, such as 1.0")
    if not np.isfinite(dloss).all():
        raise refusal(ValueError, "dloss must be finite, "
                      f"but got {dloss[~np.isfinite(dloss)][0]}; find the step that made it")
    with within_range("dloss", dloss):
        share = dloss[..., None] * cache.weight    # (..., 1)  of each row in the loss
        return answer(share * cache.gap, cache.dtype)    # (..., D)


@np.errstate(over="ignore", under="ignore")
def _loss(x: ArrayLike, labels: ArrayLike | int, reduction: str, a: float, ignore_index: int
          ) -> tuple[Array, Array, Array, Array, float]:
    """Return the loss; each row's label, whether it counts, and how much; and the smoothing."""
    logp, dtype = log_probabilities(x)                               # (..., D)
    at, kept = _labels(labels, logp.shape, ignore_index)             # (..., 1), (..., 1)
    weight = _weight(kept, reduction).astype(logp.dtype)             # (..., 1)
    a = logp.dtype.type(_share(a))
    surprise = -entries(logp, at)                                    # (..., 1)
    if a:
        surprise = _smoothed(surprise, logp, a)                      # (..., 1)
    rows = weight * np.where(kept, surprise, 0)                      # (..., 1)
    loss = np.asarray(rows[..., 0] if reduction == "none" else rows.sum())    # (...) or ()
    return answer(loss, dtype), at, kept, weight, a


def _smoothed(surprise: Array, logp: Array, a: float) -> Array:
    """Mix the surprise at the label with that of all classes: (..., 1)."""
    own = (1 - a) * surprise if a < 1 else 0                         # 0 * inf would be NaN
    return own - (a * logp / logp.shape[-1]).sum(axis=-1, keepdims=True)


def _gap(p: Array, at: Array, a: float) -> Array:
    """Compute p - y without subtracting 1 from a probability near 1: (..., D)."""
    gap = p.copy()
    np.put_along_axis(gap, at, 0, axis=-1)                           # the other classes
    np.put_along_axis(gap, at, a - gap.sum(axis=-1, keepdims=True), axis=-1)
    return gap - a / p.shape[-1]


def _weight(kept: Array, reduction: str) -> Array:
    """Say how much each row counts in the loss: 0 if ignored, else 1 or 1 / their number."""
    if reduction not in REDUCTIONS:
        raise refusal(ValueError, f"reduction must be one of {', '.join(REDUCTIONS)}, "
                      f"but got {reduction!r}; the mean is the usual one")
    if reduction != "mean":
        return kept
    if not kept.any():
        raise refusal(ValueError, "a mean needs at least one row, "
                      "but got none that is not ignored; leave such a batch out, or take the sum")
    return kept / kept.sum()


def _labels(labels: ArrayLike | int, shape: tuple, ignore_index: int) -> tuple[Array, Array]:
    """Return each row's label (0 where ignored) and whether it counts, both (..., 1)."""
    if masked(labels):
        raise refusal(TypeError, "labels must be a plain array, but got a masked one, "
                      f"whose mask would be lost; write {ignore_index} where a row does not count")
    labels = as_array("labels", labels)
    if labels.shape == shape:
        raise refusal(ValueError, f"labels must have shape {shape[:-1]}, one class number a row, "
                      f"but got {labels.shape}; one-hot rows become numbers by argmax(axis=-1)")
    if labels.dtype.kind not in "iu":
        raise refusal(TypeError, f"labels must be integers, but got dtype {labels.dtype}; "
                      "give each row the number of its class")
    if labels.shape != shape[:-1]:
        raise refusal(ValueError, f"labels must have shape {shape[:-1]}, one class number a row, "
                      f"but got {labels.shape}; look at how x and the labels were cut")
    kept = labels != ignore_index
    wrong = kept & ((labels < 0) | (labels >= shape[-1]))
    if wrong.any():
        raise refusal(ValueError, f"labels must be from 0 to {shape[-1] - 1}, "
                      f"but got {labels[wrong][0]}; "
                      f"count the classes from 0, and mark rows to ignore by {ignore_index}")
    return np.where(kept, labels, 0)[..., None], kept[..., None]


def _share(a: float) -> float:
    """Return the label smoothing, a number from 0 to 1."""
    number = isinstance(a, int | float | np.integer | np.floating) and not isinstance(a, bool)
    if not number or not 0 <= a <= 1:
        raise refusal(ValueError, f"label_smoothing must be a number from 0 to 1, but got {a!r}; "
                      "0 leaves the labels as they are")
    return float(a)
