"""What must be the same before and after a check: things by identity, settings by value.

`look(page)` notes it all; `differences(before, after)` says in words what is not as it was. What
is used here is taken hold of when this file is loaded, so that a patched function of Python's or
NumPy's cannot make its own probe blind.
"""

import _signal
import builtins
import contextlib
import contextvars
import copy
import decimal
import gc
import hashlib
import html
import inspect
import io
import json
import linecache
import locale
import logging
import math
import operator
import os
import pathlib
import random
import signal
import sys
import tempfile
import threading
import time
import tracemalloc
import types
import warnings
from collections.abc import Callable, Iterator

import matplotlib
import matplotlib.pyplot as plt
import numpy as np

from smlearn.exercises import TASKS, Exercise, Verdict
from smlearn.mistakes.finding import Finding

__all__ = ["Missing", "differences", "look"]

MODULES = (math, np, np.random, np.linalg, copy, time, signal, threading, html, inspect,
           linecache, io, os, contextlib, warnings, random, gc, json, logging, np._core._methods,
           matplotlib, plt)  # fmt: skip
CLASSES = (Finding, Verdict, Exercise, contextlib.ExitStack, contextlib._GeneratorContextManager,
           contextlib.suppress, threading.Thread, pathlib.Path, inspect.Signature,
           type(os.environ), warnings.catch_warnings)  # fmt: skip
STREAMS = ("stdin", "stdout", "stderr", "__stdout__", "__stderr__", "displayhook", "excepthook",
           "unraisablehook", "breakpointhook", "path", "meta_path", "path_hooks", "modules",
           "argv", "flags", "__import__")  # fmt: skip
BORN_LATER = {"_", "__", "___", "In", "Out", "exit", "quit"}
tempfile.gettempdir()  # it is kept from the first call on
GONE = "the folder"  # if that was removed, no check can put it back
Missing = type("Missing", (), {"__repr__": lambda self: "nothing"})()


def look(page: dict) -> tuple[dict, dict]:
    """Return all things, home by home and name by name, and all settings by name."""
    return dict(_homes(page)), {name: _value(read) for name, read in _settings(page).items()}


def differences(before: tuple[dict, dict], after: tuple[dict, dict]) -> list[str]:
    """Say what is another thing, and what has another value."""
    said = [
        each
        for home, things in before[0].items()
        for each in _moved(home, things, after[0].get(home, {}))
    ]
    for name, value in before[1].items():
        if value != after[1].get(name) and not (name == GONE and not os.path.isdir(str(value))):
            was, now = _apart(value, after[1].get(name))
            said.append(f"{name} was {was!s:.80}, and is {now!s:.80}")
    return said


def _moved(home: str, before: dict, after: dict) -> Iterator[str]:
    """Say what was deleted, replaced or added in one home."""
    if len(before) == len(after) and all(map(operator.is_, before.values(), after.values())):
        return
    stays = getattr(before, "stays", lambda thing: True)
    for name, thing in before.items():
        if stays(thing) and not _same(thing, after.get(name, Missing)):
            yield f"{home}.{name} is another one, or gone"
    for name in after.keys() - before.keys() - BORN_LATER:
        if home in ("builtins", "page"):  # elsewhere it does not matter
            yield f"{home}.{name} is new"


def _same(was, now) -> bool:
    """Whether two are one; of methods, which are made anew each time, whether they are equal."""
    both = type(was) is types.MethodType and type(now) is types.MethodType
    return was is now or (both and was.__func__ is now.__func__ and was.__self__ is now.__self__)


def _apart(was, now) -> tuple:
    """Return what differs, where only a part of it does."""
    if isinstance(was, dict) and isinstance(now, dict):
        names = [name for name in {**was, **now} if was.get(name) != now.get(name)]
        return [(n, was.get(n)) for n in names], [(n, now.get(n)) for n in names]
    return was, now


def _homes(page: dict) -> Iterator[tuple[str, dict]]:
    """Go through what must be the same object, with where it is kept."""
    yield "builtins", dict(vars(builtins))
    for module in MODULES:
        yield module.__name__, Those(vars(module))
    modules = {
        name: module
        for name, module in list(sys.modules.items())
        if name.partition(".")[0] in ("smlearn", "numpy", "math", "builtins", "html", "copy")
    }
    yield "sys.modules", modules
    for name, module in modules.items():
        if name.partition(".")[0] == "smlearn" and module is not None:
            yield from _of_the_course(module)
    for kind in CLASSES:
        yield kind.__name__, dict(vars(kind))
    yield "sys", {name: getattr(sys, name, Missing) for name in STREAMS}
    yield "all", {"os.environ": os.environ, "warnings.filters": warnings.filters}
    behind = {name: getattr(f, "__wrapped__", f) for name, f in vars(np).items() if callable(f)}
    behind["copy"] = copy.deepcopy
    yield "code", {n: f.__code__ for n, f in behind.items() if hasattr(f, "__code__")}
    yield "defaults", {n: f.__defaults__ for n, f in behind.items() if hasattr(f, "__code__")}
    yield "page", dict(page)


def _of_the_course(module: types.ModuleType) -> Iterator[tuple[str, dict]]:
    things = Those(vars(module))
    yield module.__name__, things
    codes = {n: f.__code__ for n, f in things.items() if type(f) is types.FunctionType}
    yield f"{module.__name__}, code", codes
    if module.__name__.endswith("exercises.registry"):
        yield "the tasks", dict(module.TASKS)
        for key, task in list(module.TASKS.items()):
            for i, part in enumerate(task.parts):
                yield f"the task {key}, part {i}", dict(vars(part))


class Those(dict):
    """What a module holds; of it only what can be called has to stay, and words."""

    @staticmethod
    def stays(thing) -> bool:
        return callable(thing) or type(thing) is str


def _value(read: Callable):
    try:
        return read()
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def _settings(page: dict) -> dict[str, Callable]:
    """Name all settings, with a function that reads each."""
    return {
        "the recursion limit": sys.getrecursionlimit,
        "the switch interval": sys.getswitchinterval,
        "the digits of whole numbers": sys.get_int_max_str_digits,
        "the trace": sys.gettrace,
        "the profile": sys.getprofile,
        "this thread": threading.current_thread,
        "the trace of threads": lambda: (threading._trace_hook, threading._profile_hook),
        "the stack of threads": threading.stack_size,
        "the garbage": lambda: (
            gc.isenabled(),
            gc.get_threshold(),
            gc.get_debug(),
            len(gc.callbacks),
        ),
        "the path": lambda: (list(sys.path), list(sys.meta_path), list(sys.path_hooks)),
        GONE: os.getcwd,
        "the environment": lambda: dict(os.environ),
        "the real environment": lambda: {n: os.getenv(n) for n in ("PATH", "HOME")},
        "the mask of new files": _umask,
        "the time zone": lambda: (time.tzname, time.timezone),
        "the locale": lambda: locale.setlocale(locale.LC_ALL),
        "passing files": lambda: tempfile.tempdir,
        "decimals": _decimals,
        "the filters of warnings": lambda: list(warnings.filters),
        "warnings are shown by": lambda: (warnings.showwarning, warnings.formatwarning),
        "numpy's errors": lambda: (np.geterr(), np.geterrcall(), np.getbufsize()),
        "numpy's printing": lambda: str(np.get_printoptions()),
        "numpy's dice": _dice,
        "python's dice": random.getstate,
        "logs": _logs,
        "memory": tracemalloc.is_tracing,
        "coroutines": sys.get_coroutine_origin_tracking_depth,
        "copies": lambda: len(copy._deepcopy_dispatch),
        "contexts": lambda: {
            n: v.get() for n, v in page.items() if type(v) is contextvars.ContextVar
        },
        "the signals": _signals,
        "the figures": lambda: (plt.get_fignums(), plt.gcf().number if plt.get_fignums() else 0),
        "how figures look": _rc_params,
        "the screen of figures": lambda: (plt.get_backend(), plt.isinteractive()),
        "the names of tasks": lambda: list(TASKS),
        "the tasks": _digest_of_the_tasks,
        "closed streams": lambda: [getattr(s, "closed", None) for s in (sys.stdout, sys.stderr)],
        "the page": lambda: {n: freeze(v) for n, v in page.items() if str(n).startswith("page_")},
    }


def _rc_params() -> dict:
    """Return Matplotlib's settings; what could be changed in place, as text."""
    fixed = (str, bool, int, float, types.NoneType)
    return {k: v if type(v) in fixed else str(v) for k, v in dict.items(plt.rcParams)}


def _decimals() -> tuple:
    context = decimal.getcontext()
    return context.prec, context.rounding, str(context.traps), context.capitals


def _dice() -> tuple:
    kind, keys, *rest = np.random.get_state()  # noqa: NPY002
    return kind, keys.tobytes(), *rest


def _umask() -> int:
    mask = os.umask(0o22)
    os.umask(mask)
    return mask


def _logs() -> tuple:
    known = [logging.getLogger(name) for name in ("", "matplotlib", "asyncio")]
    return [(log.level, list(log.handlers)) for log in known], logging.root.manager.disable


def _signals() -> dict:
    """Return handlers, timers, what is blocked, and the wake-up call of the loop."""
    found = {number: _signal.getsignal(number) for number in _signal.valid_signals()}
    if not hasattr(_signal, "setitimer"):
        return found
    wakeup = _signal.set_wakeup_fd(-1)
    _signal.set_wakeup_fd(wakeup)
    timers = (_signal.ITIMER_REAL, _signal.ITIMER_VIRTUAL, _signal.ITIMER_PROF)
    running = [_signal.getitimer(timer)[0] > 0 for timer in timers]
    blocked = _signal.pthread_sigmask(_signal.SIG_BLOCK, ())
    return {**found, "timers": running, "blocked": blocked, "wakeup": wakeup}


def _digest_of_the_tasks() -> str:
    """Return a hash of all arrays of all cases."""
    digest = hashlib.sha256()
    for task in list(TASKS.values()):
        for part in task.parts:
            for args in getattr(part, "cases", {}).values():
                for a in args:
                    digest.update(a.tobytes() if isinstance(a, np.ndarray) else b".")
    return digest.hexdigest()


def freeze(value, deep: int = 4) -> object:
    """Return what is in a value, in a form that compares."""
    if not deep:
        return type(value).__name__
    if isinstance(value, np.ma.MaskedArray):
        return value.shape, value.data.tobytes(), value.mask.tobytes()
    if isinstance(value, np.ndarray):
        content = value.tolist() if value.dtype == object else value.tobytes()
        return value.shape, str(value.dtype), value.flags.writeable, content
    if isinstance(value, dict):
        return [(str(key), freeze(each, deep - 1)) for key, each in value.items()]
    if isinstance(value, list | tuple):
        return [freeze(each, deep - 1) for each in value]
    if isinstance(value, np.random.Generator):
        return str(value.bit_generator.state)
    if isinstance(value, np.random.RandomState):
        return str(value.get_state())
    if isinstance(value, random.Random):
        return value.getstate()
    if isinstance(value, types.FunctionType):
        return value.__code__, freeze(value.__defaults__, deep - 1)
    return value if isinstance(value, int | float | str) else repr(value)
