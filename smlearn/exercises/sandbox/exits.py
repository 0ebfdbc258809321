"""Close some doors while learner code runs: those that end the process, and those of the clock.

`exit()` is then what it is outside of a notebook, an error that an answer can be told about; and
an alarm that was switched off cannot keep the page waiting for ever.
"""

import _signal
import builtins
import faulthandler
import os
import signal
import sys
from collections.abc import Callable, Iterator
from itertools import product

__all__ = ["close_doors", "open_doors"]

MISSING = object()
ALARMS = "alarm", "setitimer", "pthread_sigmask", "sigwait"    # the last one lets no alarm through
system = sys.modules[os.name]    # posix or nt, where those of os come from


def close_doors() -> list[tuple[dict, str, object]]:
    """Put a door in place of each way out; return what stood there, for `open_doors`."""
    before, shell = [], _shell()
    more = () if shell is None else ((vars(shell), "ask_exit", _leave),)
    for home, name, door in (*DOORS, *more):
        before.append((home, name, home.get(name, MISSING)))
        home[name] = door
    return before


def open_doors(before: list[tuple[dict, str, object]]) -> None:
    """Take the doors away again."""
    for home, name, value in before:
        if value is not MISSING:
            home[name] = value
        elif name in home:
            del home[name]


def _doors() -> Iterator[tuple[dict, str, Callable]]:
    for name in ("exit", "quit"):
        yield vars(builtins), name, _leave
    for home in (os, system):
        yield from ((vars(home), name, _leave) for name in ("_exit", "abort"))
    for homes, names in (((os, system), ("fork", "forkpty")), ((signal, _signal), ALARMS),
                         ((faulthandler,), ("dump_traceback_later",))):
        for home, name in product(homes, names):
            if hasattr(home, name):
                yield vars(home), name, _refusal(f"{homes[0].__name__}.{name}")
    yield vars(_signal), "signal", _set_handler    # which signal.signal calls


def _shell():
    """Return the notebook's IPython, where there is one."""
    ipython = sys.modules.get("IPython")
    return ipython.get_ipython() if hasattr(ipython, "get_ipython") else None


def _leave(*code, **_):
    raise SystemExit(*code[:1])


def _refusal(name: str) -> Callable:
    def refuse(*_, **__):
        raise RuntimeError(f"{name} is closed while an answer is checked")
    return refuse


def _set_handler(number, handler, set_it=_signal.signal):
    if number in (getattr(signal, "SIGALRM", None), signal.SIGINT):
        raise RuntimeError("signal.signal is closed while an answer is checked")
    return set_it(number, handler)


DOORS = tuple(_doors())
