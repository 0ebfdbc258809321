"""What a cache holds, written down, so that a change can be seen.

Arrays, numbers, strings and bytes are found in tuples, lists, dictionaries, deques, sets and the
attributes of objects, however deep; each object is entered once, so a cache may contain itself.
What is none of these (a lock, a generator, a function) is passed over: it is not compared.
"""

from collections import deque
from collections.abc import Iterator
from types import ModuleType

import numpy as np

__all__ = ["snapshot"]


def snapshot(held) -> dict[tuple, object]:
    """Write down every array and number in `held`, by the way that leads to it.

    Parameters
    ----------
    held : object
        Whatever a forward pass keeps for its backward pass.

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


def _leaves(held, way: tuple, entered: set[int]) -> Iterator[tuple[tuple, object]]:
    if isinstance(held, np.ndarray) and held.dtype.kind != "O":
        yield way, (held.shape, str(held.dtype), held.tobytes())
    elif isinstance(held, bool | int | float | complex | str | bytes | np.generic | None):
        yield way, repr(held)    # NaN is then equal to NaN
    elif id(held) not in entered and not isinstance(held, type | ModuleType):
        entered.add(id(held))
        parts = _parts(held)
        yield way, tuple(parts)    # what came or went is seen as well
        for name, part in parts.items():
            yield from _leaves(part, (*way, name), entered)


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
