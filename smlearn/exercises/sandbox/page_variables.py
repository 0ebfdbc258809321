"""Give the variables of a page their values back, and those values their content.

Content is put back for arrays (not for large ones), lists, dictionaries and their like, random
generators and the code of functions, and for what is in them, three levels deep.
"""

import array
import builtins
import contextlib
import random
import sys
import types
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from operator import attrgetter, is_

import numpy as np

from .function_behind import function_behind
from .plain_data import ids

__all__ = ["pages", "set_back"]

LARGE = 100_000      # arrays with more entries are not copied
DEEPEST = 3
MANY = 10_000        # values of one level that are looked into
MAPS = ids(dict, OrderedDict, defaultdict, Counter)
ROWS, LISTS = ids(list, tuple, deque), ids(list, deque, bytearray, set)


def pages(f) -> list[dict]:
    """Return the variables that learner code may write: its own file's, and the notebook's."""
    written, notebook = function_behind(f), vars(sys.modules["__main__"])
    own = notebook if written is None else written.__globals__
    return [notebook] if own is notebook else [own, notebook]


def set_back(variables: dict) -> Callable[[], None]:
    """Return a function that sets back what was changed since."""
    names_back = _entries(variables)
    restorers = list(_restorers(dict.values(variables)))

    def put_back():
        names_back()
        for restore in restorers:
            with contextlib.suppress(Exception):    # an array that somebody else looks into
                restore()
    return put_back


def _restorers(values: Iterable) -> Iterator[Callable[[], None]]:
    """Look into values, level by level, up to one that has too many."""
    for _ in range(DEEPEST):
        level = list({id(value): value for value in values}.values())
        if len(level) > MANY:
            return
        yield from filter(None, map(_restorer, level))
        values = [each for value in level for each in _inside(value)]


def _inside(value) -> list:
    kind = type(value)
    if id(kind) in MAPS:
        return list(value.values())
    if kind is types.FunctionType:
        return [*(value.__defaults__ or ()), *(value.__kwdefaults__ or {}).values()]
    return list(value) if id(kind) in ROWS and len(value) <= MANY else []


def _write_code(f: types.FunctionType, kept: tuple) -> None:
    f.__code__, f.__defaults__, f.__kwdefaults__ = kept


# How the state of one thing is read, and how it is written.
STATES = {id(kind): state for kind, state in {
    np.random.Generator: (attrgetter("bit_generator.state"),
                          lambda rng, state: setattr(rng.bit_generator, "state", state)),
    np.random.RandomState: (np.random.RandomState.get_state, np.random.RandomState.set_state),
    random.Random: (random.Random.getstate, random.Random.setstate),
    array.array: (lambda row: row[:], lambda row, old: row.__setitem__(slice(None), old)),
    types.FunctionType: (attrgetter("__code__", "__defaults__", "__kwdefaults__"), _write_code),
}.items()}


def _restorer(value) -> Callable[[], None] | None:
    kind = type(value)
    if id(kind) in STATES:
        read, write = STATES[id(kind)]
        return partial(write, value, read(value))
    if kind is np.ma.MaskedArray and value.size <= LARGE:
        data, mask = value.data.copy(), np.ma.getmaskarray(value).copy()
        return lambda: value.__setitem__(..., np.ma.array(data, mask=mask))
    return _array(value) if kind is np.ndarray else _container(value)


def _array(value) -> Callable[[], None] | None:
    if value.size > LARGE:
        return None
    numbers, writeable = value.copy(), value.flags.writeable

    def restore():
        if value.shape != numbers.shape:
            value.resize(numbers.shape, refcheck=False)
        if value.flags.writeable or writeable:
            value.flags.writeable = True
            np.copyto(value, numbers)
        value.flags.writeable = writeable
    return restore


def _container(value) -> Callable[[], None] | None:
    kind = type(value)
    if id(kind) in MAPS:
        return None if value is vars(builtins) else _entries(value)
    if id(kind) not in LISTS or len(value) > LARGE:
        return None
    items = list(value)

    def restore():
        if len(value) == len(items) and all(map(is_, value, items)):
            return
        value.clear()
        (value.update if kind is set else value.extend)(items)
    return restore


def _entries(table: dict) -> Callable[[], None]:
    before = dict(dict.items(table))
    own = OrderedDict if type(table) is OrderedDict else dict    # it keeps its order by itself

    def restore():
        for name in dict.keys(table) - before:
            own.__delitem__(table, name)
        own.update(table, before)
        if list(table) != list(before):
            for name in before:
                own.__setitem__(table, name, own.pop(table, name))
    return restore
