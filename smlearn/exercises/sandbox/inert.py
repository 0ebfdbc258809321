"""Turn what learner code hands over into plain data, which runs no code of its own.

    arrays of NumPy's own class · numbers, text, None, `...` · lists, tuples, dicts and sets of
    these · for everything else an `Other`, which says what it was

An object's own `__array__`, `__repr__` or `__eq__` may loop, exit or lie. It is asked once, here,
under the clock of the check; who judges sees plain data alone.
"""

import inspect
import re
import types
from dataclasses import dataclass

import numpy as np

__all__ = ["Other", "one_line", "plain"]

DEEPEST = 32         # lists in lists; NumPy takes no more than 64
LARGEST = 10**6      # of a larger array only the shape and the kind are kept
FUNCTIONS = types.FunctionType | types.BuiltinFunctionType | types.MethodType | np.ufunc
ADDRESS = re.compile(r"( at)? 0x[0-9a-fA-F]{4,}")


@dataclass(frozen=True)
class Other:
    """Something that holds no numbers: its kind, and its name or how it writes itself."""

    kind: str
    text: str = ""

    def __repr__(self) -> str:
        return self.text or f"a {self.kind}"


def one_line(text: str) -> str:
    """Write a text in one line, without the addresses that differ from run to run."""
    return " ".join(ADDRESS.sub("", text).split())


def plain(value, depth: int = 0):
    """Return what `value` holds, as plain data that shares no memory with it."""
    kind = type(value)
    if value is None or value is ... or kind in (bool, int, float, complex, str, bytes):
        return value
    if issubclass(kind, np.ndarray | np.generic):
        return _array(value, depth)
    for base, read in READERS.items():
        if issubclass(kind, base):
            return read(value)
    if issubclass(kind, list | tuple | dict | set | frozenset):
        return _container(value, depth) if depth < DEEPEST else Other("nest", "one in another")
    return _other(value)


# Of classes derived from Python's own the plain part; their methods are not asked.
READERS = {float: float.__float__, int: int.__int__, complex: complex.__complex__,
           str: str.__str__, bytes: bytes.__bytes__}


def _array(value, depth: int):
    if issubclass(type(value), np.ma.MaskedArray):
        return Other("masked array")
    a = np.asarray(value)                       # a derived class keeps its methods to itself
    if a.size > LARGEST:
        return np.broadcast_to(np.zeros((), a.dtype), a.shape)
    if a.dtype.kind != "O":
        a = np.array(a)
        return a if issubclass(type(value), np.ndarray) else a[()]
    inside = np.empty(a.shape, object)
    for at in np.ndindex(a.shape):
        inside[at] = plain(a[at], depth + 1)
    return inside


def _container(value, depth: int):
    kind = type(value)
    if issubclass(kind, dict):
        return {plain(key, depth + 1): plain(each, depth + 1)
                for key, each in dict.items(value)}
    base = next(base for base in (list, tuple, set, frozenset) if issubclass(kind, base))
    return base(plain(each, depth + 1) for each in base.__iter__(value))


def _other(value):
    kind = type(value)
    if issubclass(kind, FUNCTIONS):
        return Other("function", str(getattr(value, "__name__", "it")))
    if issubclass(kind, types.GeneratorType):
        return Other("generator")
    if issubclass(kind, types.CoroutineType):
        value.close()    # or Python complains that nobody has awaited it
        return Other("coroutine")
    numbers = _numbers(value)
    return Other(kind.__name__, _written(value)) if numbers is None else numbers


def _numbers(value):
    """Ask an object for its numbers, unless it points at a piece of memory that may not be its."""
    for name in ("__array_interface__", "__array_struct__"):
        if inspect.getattr_static(value, name, None) is not None:
            return None
    try:
        a = np.asarray(value)
    except Exception:    # whatever its own code does
        return None
    return _array(a, 0) if a.dtype.kind in "biufc" else None


def _written(value) -> str:
    try:
        return one_line(str.__str__(repr(value)))[:200]
    except Exception:    # a broken __repr__ is no reason to stop
        return ""
