"""Softmax, backwards: one gradient, taken all the way.

The package behind the course's notebooks. Importing it loads NumPy and nothing else: the gradient
check is loaded when you first ask for `gradcheck`, and figures are in `smlearn.figures`, which
loads matplotlib when you import it.
"""

from typing import TYPE_CHECKING

from .checking.differences import numerical_jacobian, numerical_jvp, numerical_vjp
from .formulas.attention import attention_backward, attention_forward
from .formulas.attention_streaming import streaming_backward, streaming_forward
from .formulas.backward import SoftmaxCache, softmax_backward, softmax_forward, softmax_vjp
from .formulas.blocked import BlockedCache, blocked_backward, blocked_forward
from .formulas.forward import log_softmax, logsumexp, softmax
from .formulas.jacobian import (
    softmax_jacobian,
    softmax_jacobian_einsum,
    softmax_jacobian_loop,
    softmax_jacobian_row,
    softmax_jvp,
)
from .formulas.log_backward import log_softmax_vjp
from .formulas.losses import (
    CrossEntropyCache,
    cross_entropy,
    cross_entropy_backward,
    cross_entropy_forward,
)
from .formulas.staged import staged_backward, staged_forward, staged_gradients
from .penguins import FOUR_BIRDS, SPECIES, four_birds, load_penguins, one_bird, penguin_logits

__all__ = [
    "FOUR_BIRDS",
    "SPECIES",
    "BlockedCache",
    "CrossEntropyCache",
    "SoftmaxCache",
    "attention_backward",
    "attention_forward",
    "blocked_backward",
    "blocked_forward",
    "cross_entropy",
    "cross_entropy_backward",
    "cross_entropy_forward",
    "four_birds",
    "gradcheck",
    "load_penguins",
    "log_softmax",
    "log_softmax_vjp",
    "logsumexp",
    "numerical_jacobian",
    "numerical_jvp",
    "numerical_vjp",
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
    "staged_backward",
    "staged_forward",
    "staged_gradients",
    "streaming_backward",
    "streaming_forward",
]
__version__ = "1.0.0"

if TYPE_CHECKING:
    from .checking import gradcheck
else:
    def __getattr__(name: str):
        """Load the gradient check, a dozen modules, only for those who use it."""
        if name == "gradcheck":
            from .checking import gradcheck

            return gradcheck
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    """List all names for Tab, those not loaded yet included."""
    return sorted({*globals(), *__all__})
