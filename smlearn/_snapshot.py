"""What a cache or a result holds, written down, so that a change can be seen.

Arrays, numbers, strings and bytes are found in tuples, lists, dictionaries, deques, sets and the
attributes of objects, however deep; each object is entered once, so a cache may contain itself.
What is none of these (a lock, a generator, a function) is passed over: it is not compared.
"""

from collections import deque
from collections.abc import Iterator
from copy import deepcopy
from types import ModuleType

import numpy as np

__all__ = ["copied", "same_content", "snapshot"]

FLOATING = float, complex, np.inexact
HUGE = 10**6    # entries: it may stand for more than fits into memory
ATOMS = *FLOATING, int, str, bytes, np.generic, type(None)


def snapshot(held) -> dict[tuple, object]:
    """Write down every array and number in `held`, by the way that leads to it.

    Equal to what is written later exactly if nothing that can be compared was changed in between.

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
    """Compare plain data, which does not contain itself, number by number.

    Examples
    --------
    >>> same_content([1.0, np.array([np.nan])], (1.0, np.array([np.nan])))
    True
    >>> same_content(1, 1.0)
    False
    """
    if isinstance(a, tuple | list) and isinstance(b, tuple | list):
        return len(a) == len(b) and all(map(same_content, a, b))
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(same_content(a[name], b[name]) for name in a)
    if isinstance(a, ATOMS) or isinstance(a, np.ndarray):
        return type(a) is type(b) and (_same_bits(a, b) or _written(a) == _written(b))
    return type(a) is type(b) and bool(a == b)


def copied(args: tuple) -> tuple:
    """Return a deep copy of arguments; where all are arrays of numbers, in a tenth of the time.

    Examples
    --------
    >>> x = np.zeros(2)
    >>> copied((x,))[0] is x
    False
    """
    plain = all(type(a) is np.ndarray and a.dtype.kind in "biufc" for a in args)
    alone = plain and len(set(map(id, args))) == len(args)    # one array twice stays one
    return tuple(a.copy(order="K") for a in args) if alone else deepcopy(args)


def _same_bits(a, b) -> bool:
    """Say whether two are arrays of the same bits, as most are: quicker than to write both."""
    return (isinstance(a, np.ndarray) and a.size <= HUGE and a.shape == b.shape
            and a.dtype == b.dtype and a.tobytes() == b.tobytes())


def _leaves(held, way: tuple, entered: set[int]) -> Iterator[tuple[tuple, object]]:
    if isinstance(held, ATOMS) or (isinstance(held, np.ndarray) and held.dtype.kind != "O"):
        yield way, _written(held)
    elif id(held) not in entered and not isinstance(held, type | ModuleType):
        entered.add(id(held))
        parts = _parts(held)
        yield way, frozenset(parts)    # what came or went is seen as well
        for name, part in parts.items():
            yield from _leaves(part, (*way, name), entered)


def _written(leaf) -> object:
    """Write down an array or a number: NaN equals NaN then, and 0 equals -0."""
    if isinstance(leaf, np.ndarray):
        numbers = _numbers(leaf)
        wide = numbers.dtype.char in "gG"
        return leaf.shape, leaf.dtype.str, _in_two(numbers) if wide else numbers.tobytes()
    return repr(leaf + 0 if isinstance(leaf, FLOATING) else leaf)


def _numbers(a: np.ndarray) -> np.ndarray:
    """Return one NaN for all, and 0 for -0; a number stretched over a huge array once."""
    if not any(a.strides) and a.size > HUGE:
        a = a[(slice(1),) * a.ndim]
    if a.dtype.kind in "fc":
        a = np.asarray(a + 0.0)
        a[a != a] = np.nan
    return a


@np.errstate(all="ignore")
def _in_two(a: np.ndarray) -> bytes:
    """Write a longdouble as a double and what that left over: its own bytes have gaps."""
    narrow = float if a.dtype.char == "g" else complex
    return np.array([a, a - a.astype(narrow)]).astype(narrow).tobytes()


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
