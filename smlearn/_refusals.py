"""Who speaks: a refusal begins with the name of the public function that was called.

    softmax_vjp: dp must have the shape of x, (2, 3), but got (3,); give dp one number per logit

The sentence is made where the mistake is found, often some calls further in. Whose argument it is
about is then read off the stack of calls: it is the innermost function there that `speaks`. So no
function hands its own name down, a call costs nothing more, and what the reader's own functions
raise keeps its words.
"""

import sys
from collections.abc import Callable
from types import CodeType, FrameType
from typing import TypeVar

__all__ = ["SPEAKERS", "refusal", "speaker", "speaks"]

F = TypeVar("F", bound=Callable)
SPEAKERS: dict[CodeType, str] = {}    # the code of each function that speaks, and its name


def speaks(function: F) -> F:
    """Let refusals that are made during a call of the function begin with its name.

    It stands right above `def`: what another decorator returns has another code.

    Examples
    --------
    >>> @speaks
    ... def half(x):
    ...     return _even(x) // 2
    >>> def _even(x):
    ...     if x % 2:
    ...         raise refusal(ValueError, f"x must be even, but got {x}; add 1")
    ...     return x
    >>> half(3)
    Traceback (most recent call last):
    ValueError: half: x must be even, but got 3; add 1
    """
    SPEAKERS[function.__code__] = function.__name__
    return function


def speaker() -> str:
    """Return the name of the innermost function under way that speaks, or "" if none does."""
    frame: FrameType | None = sys._getframe()    # as warnings and logging find out who called
    while frame is not None and frame.f_code not in SPEAKERS:
        frame = frame.f_back
    return "" if frame is None else SPEAKERS[frame.f_code]


def refusal(kind: type[Exception], sentence: str) -> Exception:
    """Return an error to raise: *function: what it wanted, but got what; what to do*."""
    name = speaker()
    return kind(f"{name}: {sentence}" if name else sentence)
