"""How far two sets of answers about the rows of routes.py are apart; shared by two test files."""

import numpy as np

from smlearn import cross_entropy_backward, cross_entropy_forward, log_softmax_vjp, softmax_vjp
from smlearn.second_opinions.loss_gradients import LOSSES, ROWS, labels_of

ORDINARY = ("seed", "birds")
KINDS = ("softmax", "log-softmax", "loss", "gradient")


def ours():
    """Answer as the frameworks do."""
    answers = {}
    for name, rows in ROWS.items():
        loss, gradient = {}, {}
        for key, (a, ignored) in LOSSES.items():
            loss[key], cache = cross_entropy_forward(
                rows.x, labels_of(rows, ignored), label_smoothing=a
            )
            gradient[key] = cross_entropy_backward(1.0, cache)
        answers[name] = {
            "softmax": softmax_vjp(rows.x, rows.dp),
            "log-softmax": log_softmax_vjp(rows.x, rows.dp),
            "loss": loss,
            "gradient": gradient,
        }
    return answers


def apart(got, wanted):
    """Return the largest |got - wanted| / |wanted| of all entries; where both are 0 it is 0."""
    if isinstance(wanted, dict):
        return max(apart(got[key], wanted[key]) for key in wanted)
    got, wanted = np.asarray(got), np.asarray(wanted)
    assert got.shape == wanted.shape
    off = abs(got - wanted)
    with np.errstate(divide="ignore"):
        return np.divide(off, abs(wanted), out=np.zeros(off.shape), where=off > 0).max()
