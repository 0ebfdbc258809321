"""How a backward pass may be called, and where a layer leaves its answer.

    vjp(x, dp)       a function of both          vjp(dp)    a layer: its last forward kept the rest
    vjp(dp, cache)   f returned a cache          vjp(x)     the gradient of a single number
                                                 vjp()      the same, of what the last forward kept

A layer may store what it computes (self.output, self.dinputs) and return nothing.
"""

import inspect
from collections.abc import Callable

import numpy as np

from .._inputs import Array

__all__ = ["ALONE", "WAYS", "left_behind", "places"]

ALONE = "f(x)[1]"
WAYS = {    # each a function of vjp, x, dp and what f returned second
    "vjp(dp, cache)": lambda vjp, x, dp, second: vjp(dp, second),
    "vjp(x, dp)": lambda vjp, x, dp, second: vjp(x, dp),
    "vjp(dp)": lambda vjp, x, dp, second: vjp(dp),
    "vjp(x)": lambda vjp, x, dp, second: _times(dp, vjp(x)),
    "vjp()": lambda vjp, x, dp, second: _times(dp, vjp()),
    ALONE: lambda vjp, x, dp, second: _times(dp, second),
}


def places(vjp: Callable) -> range:
    """Return with how many arguments vjp can be called, of 0, 1 and 2."""
    try:
        all_places = inspect.signature(vjp).parameters.values()
    except (TypeError, ValueError):    # a built-in that does not tell
        return range(2, 3)
    if any(place.kind is place.VAR_POSITIONAL for place in all_places):
        return range(2, 3)
    own = [p for p in all_places if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    needed = sum(place.default is place.empty for place in own)
    return range(min(needed, 2), min(len(own), 2) + 1)


def _times(dp: Array, gradient):
    """Scale the gradient of a single number by its upstream; an upstream of 1 hands it on as is.

    What is no array is handed on, too: whoever reads it says so.
    """
    if not isinstance(gradient, np.ndarray | np.generic) or (dp == 1).all():
        return gradient
    return dp.reshape(()) * gradient


def left_behind(call: Callable, owners: tuple, usual: tuple[str, ...], shape: tuple | None):
    """Call; if nothing comes back, return the array that was left with an owner.

    Parameters
    ----------
    call : callable
        Takes nothing.
    owners : tuple of objects
        Methods, whose `self` is meant, or the objects themselves.
    usual : tuple of str
        What such an array is called.
    shape : tuple of int, or None
        That of the array. With it, one of another name is found as well, if it is new.
    """
    held = [vars(one) for one in map(_owner, owners) if hasattr(one, "__dict__")]
    before = [dict(each) for each in held]
    answer = call()
    if answer is not None:
        return answer
    arrays = {name: value for now, then in zip(held, before, strict=True)
              for name, value in now.items()
              if isinstance(value, np.ndarray | np.floating) and value.shape == (
                  shape or value.shape)
              and (name in usual or (shape and value is not then.get(name)))}
    names = [name for name in usual if name in arrays] or list(arrays)
    return arrays[names[0]].copy() if names else None


def _owner(function):
    """Return the object whose method this is, also behind functools.partial; else itself."""
    function = getattr(function, "func", function)
    return getattr(function, "__self__", function)
