"""Put back what belongs to the whole process, after each call of learner code.

Names in modules (Python's own, NumPy, this course), the code of the course's functions, its
classes and tables, the interpreter's settings, signal handlers: what was there is there again;
what is new in a module may stay. While learner code runs some doors are closed: what would end
the process or stop the clock raises instead.
"""

import builtins
import contextlib
import pathlib
import sys
import threading
import types
from collections.abc import Callable, Iterable
from functools import cache
from itertools import chain, filterfalse, islice
from operator import attrgetter, is_
from typing import NamedTuple

from .exits import close_doors, open_doors
from .interpreter import PutBack, handlers, settings

__all__ = ["Process"]

COURSE = __name__.partition(".")[0]
HERE = __name__.rpartition(".")[0], f"{COURSE}.mistakes.trying", f"{COURSE}._snapshot"
# Put back after every call, since the sandbox works with it; and after calls that belong together.
NEAR = ("sys", "os", "time", "copy", "signal", "threading", "linecache", "numpy")
FAR = ("ast", "collections", "contextlib", "dataclasses", "difflib", "dis", "functools", "gc",
       "html", "inspect", "io", "itertools", "locale", "math", "operator", "random", "re",
       "tempfile", "textwrap", "types", "typing", "warnings", "numpy.linalg", "numpy.ma",
       "numpy.random")
CODE = ("__code__", "__defaults__", "__kwdefaults__")
MANAGERS = (contextlib.ExitStack, contextlib._BaseExitStack, contextlib._GeneratorContextManager,
            contextlib.redirect_stdout, contextlib.suppress, pathlib.Path, pathlib.PurePath)
BUILTINS = vars(builtins)


class Process:
    """What the process keeps, as it is when this is made; inside `with` learner code may run.

    `tables` are further dictionaries that must stay as they are.
    """

    def __init__(self, tables: tuple[dict, ...] = ()):
        near, far = _near_and_far(tuple(sys.modules))
        self.builtins = dict(BUILTINS)
        self.close = [settings(), _tables(near.tables), _classes(near.classes)]
        self.around = [handlers(), *map(_list, (sys.path, sys.meta_path, sys.path_hooks)),
                       _tables((sys.modules, *far.tables, *tables)), _classes(far.classes),
                       *(_attribute(far.functions, name) for name in CODE)]
        self.threads = set(threading.enumerate())
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
        """Say what could not be put back."""
        new = [thread for thread in threading.enumerate() if thread not in self.threads
               and not type(thread).__module__.startswith("tqdm")]
        return ("A thread of yours still runs; Kernel -> Restart ends it.",) if new else ()


class _Held(NamedTuple):
    """What is put back of what is loaded, each thing once."""

    tables: list[dict]    # the names in modules among them
    classes: list[type]
    functions: list[types.FunctionType]    # methods among them


@cache
def _near_and_far(loaded: tuple[str, ...]) -> tuple[_Held, _Held]:
    modules = [sys.modules[name] for name in loaded if name.split(".", 1)[0] == COURSE]
    classes = [value for module in modules for value in vars(module).values()
               if type(value) is type and value.__module__ == module.__name__]
    inside = [(name, value) for home in (*modules, *classes) for name, value in vars(home).items()]
    functions = [value for _, value in inside if type(value) is types.FunctionType
                 and value.__module__.startswith(COURSE)]
    tables = [value for _, value in inside if type(value) is dict]
    here, others = _split(modules, lambda module: module.__name__.startswith(HERE))
    mine, kinds = _split(classes, lambda kind: kind.__module__.startswith(HERE))
    near, far = ([sys.modules[name] for name in names if name in loaded] for names in (NEAR, FAR))
    return (_Held(list(map(vars, near + here)), mine, []),
            _Held([*map(vars, far + others), *_once(tables)], [*MANAGERS, *kinds],
                  _once(functions)))


def _split(things: list, belongs: Callable) -> tuple[list, list]:
    return list(filter(belongs, things)), list(filterfalse(belongs, things))


def _once(things: list) -> list:
    return list({id(thing): thing for thing in things}.values())


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


def _attribute(functions: list, name: str) -> PutBack:
    read = attrgetter(name)
    before = list(map(read, functions))

    def put_back():
        if not all(map(is_, map(read, functions), before)):
            for f, value in zip(functions, before, strict=True):
                setattr(f, name, value)
    return put_back
