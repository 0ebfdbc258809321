"""Put back what belongs to the whole process, after each call of learner code.

Names in modules (Python's own, NumPy, this course), the code of the course's functions, its
classes and tables, the interpreter's settings, signal handlers: what was there is there again;
what is new in a module may stay. While learner code runs some doors are closed: what would end
the process or stop the clock raises instead.
"""

import contextlib
import gc
import signal
import sys
import threading
import types
from collections.abc import Callable
from functools import cache
from operator import attrgetter, is_
from typing import NamedTuple

from .doors import closed

__all__ = ["Process"]

COURSE = __name__.partition(".")[0]
WATCHED = ("builtins", "sys", "os", "math", "time", "random", "copy", "signal", "threading",
           "linecache", "numpy", "numpy.linalg", "numpy.random", "numpy.ma")
SIGNALS = [getattr(signal, name) for name in
           ("SIGINT", "SIGTERM", "SIGALRM", "SIGHUP", "SIGUSR1", "SIGUSR2", "SIGCHLD", "SIGPIPE")
           if hasattr(signal, name)]
CODE = ("__code__", "__defaults__", "__kwdefaults__")

# How one setting is read, and how it is written.
SETTINGS = (
    (sys.getrecursionlimit, sys.setrecursionlimit),
    (sys.getswitchinterval, sys.setswitchinterval),
    (sys.gettrace, sys.settrace),
    (sys.getprofile, sys.setprofile),
    (gc.isenabled, lambda on: gc.enable() if on else gc.disable()),
)

PutBack = Callable[[], None]


class Process:
    """What the process keeps, as it is when this is made; inside `with` learner code may run."""

    def __init__(self):
        ours = _ours(tuple(sys.modules))
        others = (sys.modules[name] for name in WATCHED if name in sys.modules)
        self.back = [_settings(), _handlers(), _list(sys.path), _table(sys.modules),
                     *map(_table, map(vars, (*ours.modules, *others))),
                     *map(_table, ours.tables), *map(_class, ours.classes),
                     *(_attribute(ours.functions, name) for name in CODE)]
        self.threads = set(threading.enumerate())
        self.depth, self.doors = 0, contextlib.ExitStack()

    def __enter__(self) -> None:
        if not self.depth:
            self.doors.enter_context(closed())
        self.depth += 1

    def __exit__(self, *error) -> None:
        self.depth -= 1
        if not self.depth:    # several calls that belong together need it once
            self.doors.close()
            for put_back in self.back:
                put_back()

    def left(self) -> tuple[str, ...]:
        """Say what could not be put back."""
        new = [thread for thread in threading.enumerate() if thread not in self.threads
               and not type(thread).__module__.startswith("tqdm")]
        return ("A thread of yours still runs; Kernel -> Restart ends it.",) if new else ()


class _Ours(NamedTuple):
    """What this course consists of, as far as it is loaded."""

    modules: list[types.ModuleType]
    classes: list[type]
    functions: list[types.FunctionType]    # methods among them
    tables: list[dict]


@cache
def _ours(loaded: tuple[str, ...]) -> _Ours:
    modules = [sys.modules[name] for name in loaded if name.split(".", 1)[0] == COURSE]
    classes = [value for module in modules for value in vars(module).values()
               if isinstance(value, type) and value.__module__ == module.__name__]
    inside = [(name, value) for home in (*modules, *classes) for name, value in vars(home).items()]
    return _Ours(modules, classes,
                 [value for _, value in inside if type(value) is types.FunctionType
                  and value.__module__.startswith(COURSE)],
                 [value for name, value in inside if type(value) is dict
                  and name != "__builtins__"])


def _settings() -> PutBack:
    before = [read() for read, _ in SETTINGS]

    def put_back():
        for (read, write), value in zip(SETTINGS, before, strict=True):
            if read() is not value:
                write(value)
    return put_back


def _handlers() -> PutBack:
    if threading.current_thread() is not threading.main_thread():
        return lambda: None
    before = {number: signal.getsignal(number) for number in SIGNALS}

    def put_back():
        for number, handler in before.items():
            if signal.getsignal(number) is not handler and handler is not None:
                signal.signal(number, handler)
    return put_back


def _list(values: list) -> PutBack:
    before = list(values)

    def put_back():
        if not (len(values) == len(before) and all(map(is_, values, before))):
            values[:] = before
    return put_back


def _table(table: dict) -> PutBack:
    """Put entries back that were deleted or replaced; compared by identity, in C."""
    names, values, missing = list(table), list(table.values()), object()
    table_get = table.get

    def put_back():
        if all(map(is_, map(table_get, names), values)):
            return
        for name, value in zip(names, values, strict=True):
            if table_get(name, missing) is not value:
                table[name] = value
    return put_back


def _class(kind: type) -> PutBack:
    before = {name: value for name, value in vars(kind).items()
              if name not in ("__dict__", "__weakref__", "__doc__", "__annotations__")}
    names, values = list(before), list(before.values())

    def put_back():
        now = vars(kind)
        if all(map(is_, map(now.get, names), values)):
            return
        for name, value in before.items():
            if now.get(name) is not value:
                setattr(kind, name, value)
    return put_back


def _attribute(functions: list, name: str) -> PutBack:
    read = attrgetter(name)
    before = list(map(read, functions))

    def put_back():
        if not all(map(is_, map(read, functions), before)):
            for f, value in zip(functions, before, strict=True):
                setattr(f, name, value)
    return put_back
