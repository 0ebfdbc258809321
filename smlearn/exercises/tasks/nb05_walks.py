"""What walks back through the stages are tried on: rows, their stages, the laws asked of them."""

from collections.abc import Callable

import numpy as np

from ...penguins import four_birds
from ..task import rows

__all__ = ["LOGITS", "e_r_p", "e_s", "on_stages"]

X = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 5.0]])    # the seed notes' rows
DP = np.array([[0.0, 1.0, 4.0], [2.0, 0.0, 1.0]])
LOGITS = {    # x, dp
    "the rows and costs of the notebook": (X, DP),
    "four birds": (four_birds(), rows(50, 4, 3)),
    "two rows of five classes": (rows(51, 2, 5), rows(52, 2, 5)),
    "one row": (rows(53, 1, 3), rows(54, 1, 3)),
}


def on_stages(laws: dict[str, Callable], stages: Callable) -> dict[str, Callable]:
    """Ask laws about (x, dp) of a walk that gets dp and the stages: f(dp, e, ...)."""
    def asked(law):
        return lambda f, dp, e, *_: law(lambda x, v: f(v, *stages(x)), np.log(e), dp)
    return {name: asked(law) for name, law in laws.items()}


def e_r_p(x):
    """Return e = exp(x), r = 1 / sum(e) and p = e r."""
    e = np.exp(x)
    r = 1 / e.sum(axis=-1, keepdims=True)
    return e, r, e * r


def e_s(x):
    """Return e = exp(x) and s = sum(e)."""
    e = np.exp(x)
    return e, e.sum(axis=-1, keepdims=True)
