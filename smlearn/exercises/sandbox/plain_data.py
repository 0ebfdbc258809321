"""Turn what learner code hands over into plain data, which runs no code of its own.

    arrays of NumPy's own class · numbers, text, None, `...` · lists, tuples, dicts and sets of
    these · for everything else an `Other`, which says what it was

An object's own `__array__`, `__repr__` or `__eq__` may loop, exit or lie. It is asked once, here,
under the clock of the check; who judges sees plain data alone.
"""

import inspect
import math
import re
import types
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

import numpy as np

__all__ = ["Other", "as_float", "ids", "is_large", "name_of", "one_line", "plain",
           "runs_no_code", "written_down"]


def ids(*kinds: type) -> frozenset[int]:
    """Know classes by what they are: one of a learner's may say that it equals all others."""
    return frozenset(map(id, kinds))


DEEPEST = 32         # lists in lists; NumPy takes no more than 64
LARGEST = 10**6      # of a larger array only the shape and the kind are kept
MANY = 10**5         # parts of a container, and of those in it
NAME = vars(type)["__name__"]
NUMBERS = ids(int, float, np.float64)
AS_THEY_ARE = ids(bool, float, complex, str, bytes)
ROWS, EXACT = ids(list, tuple), ids(Fraction, Decimal)
FUNCTIONS = types.FunctionType | types.BuiltinFunctionType | types.MethodType | np.ufunc
SHORT = 16           # parts of a list that somebody writes down, and how deep such lists are
NESTED = 4
LONGEST = 200        # letters of a text
ADDRESS = re.compile(r"( at)? 0x[0-9a-fA-F]{4,}")


@dataclass(frozen=True)
class Other:
    """Something that NumPy holds for no number: its kind, and its name or how it writes itself."""

    kind: str
    text: str = ""
    number: object = field(default=None, compare=False)    # of exact numbers, the floats

    def __repr__(self) -> str:
        return self.text or f"a {self.kind}"


def one_line(text: str) -> str:
    """Write a text in one line of letters, without the addresses that differ from run to run."""
    text = " ".join(ADDRESS.sub("", text[:100 * LONGEST]).split())
    return "".join(letter if letter.isprintable() else "?" for letter in text)


def runs_no_code(value) -> bool:
    """Whether nothing that is done with a value can run somebody's code."""
    kind = type(value)
    return value is None or kind is bool or id(kind) in NUMBERS or (
        kind is np.ndarray and value.dtype.kind in "biufc")


def written_down(value, deep: int = NESTED) -> bool:
    """Whether a value is numbers or text, or a short list of these: who reads it runs no code."""
    if id(type(value)) in ROWS:
        return deep > 0 and len(value) <= SHORT and all(
            written_down(each, deep - 1) for each in value)
    return value is ... or type(value) is str or runs_no_code(value)


def is_large(a: np.ndarray) -> bool:
    """Whether an array has too many entries, or an axis that would have, were none of length 0."""
    return math.prod(max(n, 1) for n in a.shape) > LARGEST


def name_of(kind: type) -> str:
    """Name a class, without asking whoever made it."""
    return one_line(NAME.__get__(kind))[:LONGEST] or "thing"


def plain(value):
    """Return what `value` holds, as plain data that shares no memory with it."""
    reader = _Reader()
    read = reader.read(value, 0)
    return Other("heap", f"more than {MANY:,} things") if reader.left < 0 else read


# Of classes derived from Python's own the plain part; their methods are not asked.
READERS = {float: float.__float__, int: int.__int__, complex: complex.__complex__,
           str: str.__str__, bytes: bytes.__bytes__}


class _Reader:
    """Reads one value; what is nested without an end comes to an end here."""

    def __init__(self):
        self.left = MANY

    def read(self, value, depth: int):
        kind, self.left = type(value), self.left - 1
        if depth > DEEPEST or self.left < 0:
            return Other("nest", "one in another")
        if value is None or value is ... or id(kind) in AS_THEY_ARE:
            return value
        if issubclass(kind, np.ndarray | np.generic):
            return self.array(value)
        if issubclass(kind, list | tuple | dict | set | frozenset):
            return self.container(value, kind, depth)
        base = next((base for base in READERS if issubclass(kind, base)), None)
        value = self.other(value, kind) if base is None else READERS[base](value)
        long = base is int and value.bit_length() > 10_000    # Python would not print it
        return Other("int", "a very long number") if long else value

    def array(self, value):
        if issubclass(type(value), np.ma.MaskedArray):
            return Other("masked array")
        a = np.asarray(value)                       # a derived class keeps its methods to itself
        if is_large(a):
            return np.broadcast_to(np.zeros((), a.dtype), a.shape)
        if a.dtype.kind == "O":
            holds_dots = any(each is ... for each in a.flat)
            return [...] if holds_dots else Other("ndarray", "an array of objects", _floats(a))
        a = np.array(a)
        return a if issubclass(type(value), np.ndarray) else a[()]

    def container(self, value, kind: type, depth: int):
        base = next(base for base in (dict, list, tuple, set, frozenset) if issubclass(kind, base))
        if base.__len__(value) > self.left:
            self.left = -1
            return None
        if base is dict:
            return {self.read(key, depth + 1): self.read(each, depth + 1)
                    for key, each in dict.items(value)}
        return base(self.read(each, depth + 1) for each in base.__iter__(value))

    def other(self, value, kind: type):
        if issubclass(kind, FUNCTIONS):
            return Other("function", one_line(str(getattr(value, "__name__", "it")))[:LONGEST])
        if issubclass(kind, types.GeneratorType):
            return Other("generator")
        if issubclass(kind, types.CoroutineType):
            value.close()    # or Python complains that nobody has awaited it
            return Other("coroutine")
        if id(kind) in EXACT:
            return Other(name_of(kind), _written(value), as_float(value))
        numbers = _numbers(value)
        return (Other(name_of(kind), _written(value)) if numbers is None else self.array(numbers))


def as_float(value) -> float | None:
    """Return a fraction or decimal as a float; of anything else no method is asked."""
    if id(type(value)) not in EXACT:
        return None
    try:
        return float(value)
    except (ValueError, OverflowError):    # a signaling NaN; beyond the largest float
        return None


def _floats(a: np.ndarray) -> np.ndarray | None:
    floats = [each if id(type(each)) in NUMBERS else as_float(each) for each in a.flat]
    return None if None in floats else np.reshape(floats, a.shape)


def _numbers(value):
    """Ask an object for its numbers, unless it points at a piece of memory that may not be its."""
    for name in ("__array_interface__", "__array_struct__"):
        if inspect.getattr_static(value, name, None) is not None:
            return None
    try:
        a = np.asarray(value)
    except Exception:    # whatever its own code does
        return None
    return a if a.dtype.kind in "biufc" else None


def _written(value) -> str:
    try:
        return one_line(str.__str__(repr(value)))[:LONGEST]
    except Exception:    # a broken __repr__ is no reason to stop
        return ""
