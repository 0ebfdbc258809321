"""What goes between the marking process and a learner's: plain data, and nothing that runs.

    numbers, words, None, `...` · arrays of numbers · lists, tuples, sets, dictionaries of these ·
    a function of the course by its number in a table that both sides have

It becomes JSON, never a pickle: to unpack a pickle is to run code of whoever packed it. What
cannot be read is Garbled, and costs its sender.
"""

import base64
import math
import types
from decimal import Decimal
from fractions import Fraction

import numpy as np

from ..exercises.sandbox.plain_data import Other, is_large

__all__ = ["Garbled", "pack", "unpack"]

KINDS = "biufcSU"       # of arrays
BOXES = {"list": list, "tuple": tuple, "set": set, "frozenset": frozenset}


class Garbled(Exception):
    """What came is not what the two sides have agreed on."""


def pack(value, functions: tuple = ()):
    """Return plain data as what JSON can hold."""
    kind = type(value)
    if value is None or kind in (bool, int, float, str):
        return value
    if value is ...:
        return {"dots": None}
    if kind is complex:
        return {"complex": [value.real, value.imag]}
    if kind is bytes:
        return {"bytes": base64.b64encode(value).decode()}
    if isinstance(value, np.ndarray | np.generic) and value.dtype.kind in KINDS:
        return {"array" if isinstance(value, np.ndarray) else "scalar": _numbers(value)}
    if kind is dict:
        return {"dict": [[pack(name, functions), pack(each, functions)]
                         for name, each in value.items()]}
    if kind.__name__ in BOXES and kind is BOXES[kind.__name__]:
        return {kind.__name__: [pack(each, functions) for each in value]}
    return _special(value, functions)


def _numbers(a) -> list:
    a = np.asarray(a)
    held = None if is_large(a) else base64.b64encode(a.tobytes()).decode()
    return [a.dtype.str, list(a.shape), held]


def _special(value, functions: tuple):
    at = next((i for i, each in enumerate(functions) if each is value), None)
    if at is not None:
        return {"function": at}
    if isinstance(value, Other):
        return {"other": [value.kind, value.text, pack(value.number)]}
    return {"other": [type(value).__name__, "", None]}


def unpack(packed, functions: tuple = ()):
    """Return the plain data that was packed.

    Raises
    ------
    Garbled
        If it is something else.
    """
    try:
        return _unpacked(packed, functions)
    except Garbled:
        raise
    except Exception as error:    # whatever somebody else has put there
        raise Garbled(f"{type(error).__name__}: {error}"[:200]) from None


def _unpacked(packed, functions):
    if not isinstance(packed, dict):
        if isinstance(packed, list):
            raise Garbled("a bare list")
        return packed
    (kind, held), = packed.items()
    if kind in BOXES and type(held) is list:
        return BOXES[kind](_unpacked(each, functions) for each in held)
    return READERS[kind](held, functions)


def _array(held, _=()) -> np.ndarray:
    dtype, shape, data = np.dtype(held[0]), tuple(map(int, held[1])), held[2]
    if dtype.kind not in KINDS or min(shape, default=0) < 0:
        raise Garbled(f"an array of {dtype}")
    if data is None:
        return np.broadcast_to(np.zeros((), dtype), shape)
    return np.ndarray(shape, dtype, base64.b64decode(data)).copy()


def _other(held, _):
    """Return something that a judge takes for what it was."""
    kind, text, number = str(held[0])[:200], str(held[1])[:200], _unpacked(held[2], ())
    if kind in ("Fraction", "Decimal") and number is not None and math.isfinite(number):
        return {"Fraction": Fraction, "Decimal": Decimal}[kind](number)
    if kind == "function":
        return types.FunctionType((lambda: None).__code__, {}, text or "it")
    if kind == "generator":
        return (each for each in ())
    if number is not None:
        return np.array(number, object)
    return type(kind or "thing", (), {"__repr__": lambda self: text or f"a {kind}"})()


READERS = {
    "dots": lambda held, _: ...,
    "complex": lambda held, _: complex(*held),
    "bytes": lambda held, _: base64.b64decode(held),
    "array": _array,
    "scalar": lambda held, _: _array(held)[()],
    "dict": lambda held, functions: {_unpacked(name, functions): _unpacked(each, functions)
                                     for name, each in held},
    "function": lambda held, functions: functions[held],
    "other": _other,
}
