"""Softmax, backwards: one gradient, taken all the way.

The package behind the course's notebooks. Importing it loads NumPy and nothing else;
figures are in `smlearn.plotting`, which loads matplotlib when you import it.
"""

from .backward import SoftmaxCache, softmax_backward, softmax_forward, softmax_vjp
from .forward import log_softmax, logsumexp, softmax
from .jacobian import (
    softmax_jacobian,
    softmax_jacobian_einsum,
    softmax_jacobian_loop,
    softmax_jacobian_row,
    softmax_jvp,
)
from .penguins import FOUR_BIRDS, SPECIES, four_birds, load_penguins, one_bird, penguin_logits

__all__ = [
    "FOUR_BIRDS",
    "SPECIES",
    "SoftmaxCache",
    "four_birds",
    "load_penguins",
    "log_softmax",
    "logsumexp",
    "one_bird",
    "penguin_logits",
    "softmax",
    "softmax_backward",
    "softmax_forward",
    "softmax_jacobian",
    "softmax_jacobian_einsum",
    "softmax_jacobian_loop",
    "softmax_jacobian_row",
    "softmax_jvp",
    "softmax_vjp",
]
__version__ = "0.1.0"
