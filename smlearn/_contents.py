"""What a cache or a result holds, written down, so that a change can be seen.

Arrays, numbers, strings and bytes are found in tuples, lists, dictionaries, deques, sets and the
attributes of objects, however deep; each object is entered once, so a cache may contain itself.
What is none of these (a lock, a generator, a function) is passed over: it is not compared.
"""

from collections import deque
from collections.abc import Iterator
from types import ModuleType

import numpy as np

__all__ = ["same_content", "snapshot"]

FLOATING = float, complex, np.inexact
ATOMS = *FLOATING, bool, int, str, bytes, np.generic, type(None)


def snapshot(held) -> dict[tuple, object]:
    """Write down every array and number in `held`, by the way that leads to it.

    Parameters
    ----------
    held : object
        Whatever a forward pass keeps for its backward pass, or a function returns.

    Returns
    -------
    written : dict
        Equal to one taken later exactly if nothing that can be compared was changed in between.

    Examples
    --------
    >>> cache = {"p": np.array([0.25, 0.75])}
    >>> before = snapshot(cache)
    >>> cache["p"] *= 2
    >>> snapshot(cache) == before
    False
    """
    return dict(_leaves(held, (), set()))


def same_content(a, b) -> bool:
    """Whether two things hold the same arrays and numbers; NaN equals itself, and 0 equals -0.

    Examples
    --------
    >>> same_content([1.0, np.array([np.nan])], (1.0, np.array([np.nan])))
    True
    >>> same_content(1, 1.0)
    False
    """
    return snapshot(a) == snapshot(b)


def _leaves(held, way: tuple, entered: set[int]) -> Iterator[tuple[tuple, object]]:
    if isinstance(held, np.ndarray) and held.dtype.kind != "O":
        yield way, (held.shape, held.dtype.str, _numbers(held).tobytes())
    elif isinstance(held, ATOMS):
        yield way, repr(held + 0 if isinstance(held, FLOATING) else held)    # -0 is 0 then
    elif id(held) not in entered and not isinstance(held, type | ModuleType):
        entered.add(id(held))
        parts = _parts(held)
        yield way, frozenset(parts)    # what came or went is seen as well
        for name, part in parts.items():
            yield from _leaves(part, (*way, name), entered)


def _numbers(a: np.ndarray) -> np.ndarray:
    """Return one NaN for all, 0 for -0, and a number that is repeated all over the array once."""
    if not any(a.strides):
        a = a[(slice(1),) * a.ndim]
    if a.dtype.kind in "fc":
        a = np.asarray(a + 0.0)
        a[a != a] = np.nan
    return a


def _parts(held) -> dict:
    """Return what is inside, by name or place."""
    if isinstance(held, dict):
        return {repr(key): value for key, value in held.items()}
    if isinstance(held, tuple | list | deque | np.ndarray):
        return dict(enumerate(np.ravel(held) if isinstance(held, np.ndarray) else held))
    if isinstance(held, set | frozenset):
        return dict(enumerate(sorted(held, key=repr)))
    slots = [name for kind in type(held).__mro__ for name in _names(kind)]
    named = {name: getattr(held, name) for name in slots if hasattr(held, name)}
    return named | getattr(held, "__dict__", {})


def _names(kind: type) -> tuple[str, ...]:
    slots = vars(kind).get("__slots__", ())
    return (slots,) if isinstance(slots, str) else tuple(slots)
