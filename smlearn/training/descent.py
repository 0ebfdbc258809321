"""Softmax regression by gradient descent: weights for the penguins, with this course's backward.

    x = z W + b          loss = -sum_n log p[n, label_n] + ridge / 2 * sum(W^2)     p = softmax(x)
    dx = p - y           dW = z^T dx + ridge W           db = sum_n dx_n

z (N, F) features, W (F, D), b (D,), x, p, dx (N, D); y is one-hot at the labels. The Hessian of
each row's loss in x is the covariance J of its probabilities, so the loss is convex; no eigenvalue
of J is above 1/2, which bounds its curvature, and so gives a step that cannot fail. Derived in
notebook 10b. Böhning (1992), Annals of the Institute of Statistical Mathematics 44.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from .._inputs import Array, ArrayLike, real
from .._refusals import refusal, speaks
from ..formulas.forward import log_softmax
from ..formulas.losses import cross_entropy, cross_entropy_backward, cross_entropy_forward
from ..penguins import SPECIES, load_penguins

__all__ = ["Descent", "PenguinSplit", "descend", "label_gradient", "largest_curvature",
           "penguin_split", "regression_gradient", "regression_loss"]

EVERY = 5        # birds whose row number leaves the remainder HELD_OUT are not trained on
HELD_OUT = 4
AT_ONCE = 64     # points of a descent whose losses are computed together


class PenguinSplit(NamedTuple):
    """Bills in mm, (N, 2), and species by number, (N,): to train on, and held out.

    Attributes
    ----------
    bills : (N, 2) ndarray
        Length and depth in mm, to train on.
    labels : (N,) ndarray of int
        Their species by number.
    held_out_bills, held_out_labels : (M, 2) ndarray, (M,) ndarray of int
        The same of the birds held out.
    """

    bills: Array
    labels: Array
    held_out_bills: Array
    held_out_labels: Array


class Descent(NamedTuple):
    """All points of a descent, the start first: W (S, F, D), b (S, D), loss (S,).

    Attributes
    ----------
    W : (S, F, D) ndarray
        Weights at each point.
    b : (S, D) ndarray
        Biases there.
    loss : (S,) ndarray
        The loss there.
    """

    W: Array
    b: Array
    loss: Array


def penguin_split() -> PenguinSplit:
    """Split the 342 measured penguins: held out is where the row number leaves 4, divided by 5.

    Returns
    -------
    split : PenguinSplit
        274 birds to train on, 68 held out.

    Examples
    --------
    >>> len(penguin_split().labels), len(penguin_split().held_out_labels)
    (274, 68)
    """
    birds = load_penguins()
    bills = np.stack([birds.bill_length_mm, birds.bill_depth_mm], axis=1)     # (344, 2)
    labels = np.array([SPECIES.index(name) for name in birds.species])        # (344,)
    rows = np.flatnonzero(~np.isnan(bills).any(axis=1))                       # (342,)
    out = rows % EVERY == HELD_OUT                                            # (342,)
    return PenguinSplit(bills[rows[~out]], labels[rows[~out]], bills[rows[out]], labels[rows[out]])


def label_gradient(x: ArrayLike, labels: ArrayLike) -> Array:
    """Pull the summed cross-entropy back to the logits: p - y, (N, D).

    Parameters
    ----------
    x : (N, D) array_like
        Logits.
    labels : (N,) array_like of int
        Each row's class.

    Returns
    -------
    dx : (N, D) ndarray
        One row of p - y for each row of x.

    Raises
    ------
    TypeError, ValueError
        As `cross_entropy`.

    References
    ----------
    Bishop (2006), Pattern Recognition and Machine Learning, eq. (4.109).

    Examples
    --------
    >>> label_gradient([[0.0, np.log(3.0)]], [1])
    array([[ 0.25, -0.25]])
    """
    return cross_entropy_backward(1.0, cross_entropy_forward(x, labels, reduction="sum")[1])


def regression_loss(W: Array, b: Array, z: Array, labels: ArrayLike, *,
                    ridge: float = 1.0) -> Array:
    """Sum the cross-entropy over the rows, and add half the squares of the weights.

    Parameters
    ----------
    W, b : (F, D), (D,) ndarray
        Weights and biases.
    z : (N, F) ndarray
        Features.
    labels : (N,) array_like of int
        Each row's class.
    ridge : float
        How much the squares of W count. The biases are left free.

    Returns
    -------
    loss : () ndarray
        The sum, not the mean, over the rows.

    Raises
    ------
    TypeError, ValueError
        As `cross_entropy`, for the labels and where logits overflow.

    References
    ----------
    Bishop (2006), Pattern Recognition and Machine Learning, eq. (4.108), and a ridge.

    Examples
    --------
    >>> z, labels = np.ones((4, 2)), np.array([0, 0, 1, 2])
    >>> print(f"{regression_loss(np.zeros((2, 3)), np.zeros(3), z, labels):.4f}")    # 4 log(3)
    4.3944
    """
    data = cross_entropy(z @ W + b, labels, reduction="sum")
    return data + ridge / 2 * (W**2).sum()


def regression_gradient(W: Array, b: Array, z: Array, labels: ArrayLike, *, ridge: float = 1.0,
                        backward: Callable[..., Array] = label_gradient
                        ) -> tuple[Array, Array]:
    """Compute the gradient of `regression_loss` in the weights and in the biases.

    Parameters
    ----------
    W, b : (F, D), (D,) ndarray
        Weights and biases.
    z : (N, F) ndarray
        Features.
    labels : (N,) array_like of int
        Each row's class.
    ridge : float
        As for `regression_loss`.
    backward : callable
        As backward(x, labels) -> dx, (N, D); default the right one. Notebook 10 puts wrong ones
        in.

    Returns
    -------
    dW, db : (F, D), (D,) ndarray
        In the shapes of W and b.

    Raises
    ------
    TypeError, ValueError
        As `cross_entropy`, for the labels and where logits overflow.

    References
    ----------
    Bishop (2006), Pattern Recognition and Machine Learning, eq. (4.109); of the ridge, ridge W.

    Examples
    --------
    >>> z, labels = np.ones((1, 2)), np.array([0])
    >>> dW, db = regression_gradient(np.zeros((2, 4)), np.zeros(4), z, labels)
    >>> db
    array([-0.75,  0.25,  0.25,  0.25])
    """
    dx = backward(z @ W + b, labels)      # (N, D)
    dW = z.T @ dx + ridge * W             # (F, D)
    db = dx.sum(axis=0)                   # (D,)  b was stretched over the rows, so sum
    return dW, db


def largest_curvature(z: Array, *, ridge: float = 1.0) -> float:
    """Bound the largest eigenvalue of the Hessian of `regression_loss`, for all W and b.

    Parameters
    ----------
    z : (N, F) ndarray
        Features.
    ridge : float
        As for `regression_loss`.

    Returns
    -------
    L : float
        Half the largest eigenvalue of Z^T Z, plus the ridge; Z is z with a column of ones.

    References
    ----------
    Böhning (1992), Multinomial logistic regression algorithm, section 3.

    Examples
    --------
    >>> L = largest_curvature(np.array([[1.0], [-1.0]]), ridge=0.5)    # Z^T Z is 2 I
    >>> print(f"{L:.3f}")
    1.500
    """
    Z = np.column_stack([np.ones(len(z)), z])                # (N, 1 + F)
    return float(np.linalg.eigvalsh(Z.T @ Z)[-1]) / 2 + ridge


@speaks
def descend(z: ArrayLike, labels: ArrayLike, classes: int, *, ridge: float = 1.0,
            steps: int = 1000, step: float | None = None,
            backward: Callable[..., Array] = label_gradient) -> Descent:
    """Walk down `regression_loss` from weights and biases of 0.

    Parameters
    ----------
    z : (N, F) array_like
        Features, of a size near 1.
    labels : (N,) array_like of int
        Each row's class.
    classes : int
        D.
    ridge : float
        As for `regression_loss`.
    steps : int
        How many to take.
    step : float, optional
        Default 1 / `largest_curvature`: with the right gradient the loss then never
        rises, but for rounding.
    backward : callable
        As for `regression_gradient`.

    Returns
    -------
    descent : Descent
        Its steps + 1 points.

    Raises
    ------
    TypeError
        If z does not hold real numbers, or the labels are not integers.
    ValueError
        If z is not a finite (N, F); as `cross_entropy`, for the labels and where logits overflow.

    Examples
    --------
    >>> walk = descend([[1.0], [-1.0], [2.0]], [0, 1, 0], 2, steps=50)
    >>> walk.W.shape, bool((np.diff(walk.loss) < 0).all())
    ((51, 1, 2), True)
    """
    z = real("z", z)
    if z.ndim != 2 or not np.isfinite(z).all():
        what = f"shape {z.shape}" if z.ndim != 2 else "NaN or an infinity"
        raise refusal(ValueError, f"z must be finite, of shape (N, F), but got {what}; "
                      "leave out rows with missing numbers, and stack the columns")
    step = 1 / largest_curvature(z, ridge=ridge) if step is None else step
    W, b = np.zeros((z.shape[1], classes)), np.zeros(classes)
    regression_loss(W, b, z, labels)                     # refuses labels before the first step
    walk = [(W, b)]
    for _ in range(steps):
        dW, db = regression_gradient(W, b, z, labels, ridge=ridge, backward=backward)
        W, b = W - step * dW, b - step * db
        walk.append((W, b))
    W, b = (np.array(column) for column in zip(*walk, strict=True))    # (S, F, D), (S, D)
    parts = [slice(k, k + AT_ONCE) for k in range(0, len(W), AT_ONCE)]
    loss = [_losses(W[part], b[part], z, labels, ridge) for part in parts]
    return Descent(W, b, np.concatenate(loss))


def _losses(W: Array, b: Array, z: Array, labels: ArrayLike, ridge: float) -> Array:
    """Compute `regression_loss` at S points at once, with S times fewer calls: (S,)."""
    logp = log_softmax(z @ W + b[:, None])                                # (S, N, D)
    at = np.asarray(labels)[:, None]                                      # (N, 1)
    data = -np.take_along_axis(logp, at[None], axis=-1)[..., 0]           # (S, N)
    return data.sum(axis=-1) + ridge / 2 * (W**2).reshape(len(W), -1).sum(axis=-1)
