"""Put back what belongs to the whole process, after each call of learner code.

Names in modules (Python's own, NumPy, Matplotlib, this course), the code of functions, the
course's classes and tables, the interpreter's settings, signal handlers: what was there is there
again, see held.py; what is new in a module may stay. While learner code runs some doors are
closed: what would end the process or stop the clock raises instead.
"""

import builtins
import copy
import sys
import threading
from collections.abc import Callable, Iterable
from itertools import chain, islice
from operator import attrgetter, is_

from .exits import close_doors, open_doors
from .held import by_distance
from .interpreter import PutBack, handlers, settings

__all__ = ["Process"]

CODE = ("__code__", "__defaults__", "__kwdefaults__")
BUILTINS = vars(builtins)
COPIERS = [table for name, table in vars(copy).items() if name.endswith("_dispatch")]


class Process:
    """What the process keeps, as it is when this is made; inside `with` learner code may run.

    `tables` are further dictionaries that must stay as they are.
    """

    def __init__(self, tables: tuple[dict, ...] = ()):
        near, far, rest = by_distance(tuple(sys.modules))
        self.builtins = dict(BUILTINS)
        self.close = [settings(), _tables(near.tables), _classes(near.classes),
                      _attribute(near.functions, "__code__"),
                      _entries(COPIERS, COPIERS, dict.__setitem__, dict.pop)]
        self.around = [handlers(), _this_thread(),
                       *map(_list, (sys.path, sys.meta_path, sys.path_hooks)),
                       _tables((sys.modules, *far.tables, *tables)), _classes(far.classes),
                       *_codes(far.functions)]
        self.at_last = [_tables(rest.tables), *_codes(rest.functions)]
        self.threads = threading.enumerate()
        self.doors = []

    def __enter__(self) -> None:
        if self.doors:
            open_doors(self.doors[0])    # those of this call take their place
        self.doors.append(close_doors())

    def __exit__(self, *error) -> None:
        BUILTINS.update(self.builtins)    # first: what follows is written with them
        if len(BUILTINS) != len(self.builtins):
            for name in BUILTINS.keys() - self.builtins:
                del BUILTINS[name]
        open_doors(self.doors.pop())
        for put_back in self.close if self.doors else self.close + self.around:
            put_back()    # calls that belong together need the second half once

    def left(self) -> tuple[str, ...]:
        """Put back the rest, and say what could not be."""
        for put_back in self.at_last:
            put_back()
        new = any(all(thread is not known for known in self.threads) and not _watches_bars(thread)
                  for thread in threading.enumerate())
        return ("A thread of yours still runs; Kernel -> Restart ends it.",) if new else ()


def _watches_bars(thread: threading.Thread) -> bool:
    home = vars(type(thread)).get("__module__")
    return type(home) is str and home.startswith("tqdm")


def _this_thread() -> PutBack:
    mine, known = threading.current_thread(), threading._active
    return lambda: known.update({mine.ident: mine})


def _list(values: list) -> PutBack:
    before = list(values)

    def put_back():
        if not (len(values) == len(before) and all(map(is_, values, before))):
            values[:] = before
    return put_back


def _tables(tables: Iterable[dict]) -> PutBack:
    tables = list(tables)
    return _entries(tables, tables, dict.__setitem__)


def _classes(kinds: Iterable[type]) -> PutBack:
    kinds = list(kinds)
    return _entries(kinds, list(map(vars, kinds)), setattr, delattr)    # a new name hides another


def _entries(homes: list, tables: list, write: Callable, take: Callable | None = None) -> PutBack:
    """Put entries back that were deleted or replaced; compared by identity, in C, all at once.

    With `take`, new entries are taken away.
    """
    now = [table.values() for table in tables]    # a view: it shows what becomes of the table
    sizes, missing = list(map(len, now)), object()
    names, before = list(chain.from_iterable(tables)), list(chain.from_iterable(now))

    def put_back():
        if list(map(len, now)) == sizes and all(map(is_, chain.from_iterable(now), before)):
            return
        entries = zip(names, before, strict=True)
        for home, table, size in zip(homes, tables, sizes, strict=True):
            kept = dict(islice(entries, size))
            for name in table.keys() - kept if take else ():
                take(home, name)
            for name, value in kept.items():
                if table.get(name, missing) is not value:
                    write(home, name, value)
    return put_back


def _codes(functions: list) -> list[PutBack]:
    return [_attribute(functions, name) for name in CODE]


def _attribute(functions: list, name: str) -> PutBack:
    read = attrgetter(name)
    before = list(map(read, functions))

    def put_back():
        if not all(map(is_, map(read, functions), before)):
            for f, value in zip(functions, before, strict=True):
                setattr(f, name, value)
    return put_back
