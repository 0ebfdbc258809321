"""The interpreter's settings and the signal handlers: read them, and write them back."""

import _signal
import _tracemalloc
import gc
import os
import signal
import sys
import threading
from collections.abc import Callable

__all__ = ["PutBack", "handlers", "set_profile", "settings"]

PutBack = Callable[[], None]


# Here a signal is its number, and what C says of it: to make an enum of each would take longer.
SIGNALS = tuple(map(int, signal.valid_signals()))


def _umask() -> int:
    mask = os.umask(0o77)    # it can only be read by writing it
    os.umask(mask)
    return mask


def set_profile(profile) -> None:
    """Let a profiler go on; one that is written in C, as cProfile's, is no function."""
    if profile is None or callable(profile):
        sys.setprofile(profile)
    else:
        profile.disable()    # of what began before it was stopped it has not seen the end
        profile.enable()


# How one setting is read, and how it is written.
SETTINGS = [
    (sys.getrecursionlimit, sys.setrecursionlimit),
    (sys.getswitchinterval, sys.setswitchinterval),
    (sys.gettrace, sys.settrace),
    (sys.getprofile, set_profile),
    (threading.stack_size, threading.stack_size),
    (gc.isenabled, lambda on: gc.enable() if on else gc.disable()),
    (gc.get_threshold, lambda sizes: gc.set_threshold(*sizes)),
    (gc.get_debug, gc.set_debug),
    (lambda: tuple(gc.callbacks), lambda calls: gc.callbacks.__setitem__(slice(None), calls)),
    (_umask, os.umask),
    (sys.get_int_max_str_digits, sys.set_int_max_str_digits),
    (sys.get_asyncgen_hooks, lambda hooks: sys.set_asyncgen_hooks(*hooks)),
    (sys.get_coroutine_origin_tracking_depth, sys.set_coroutine_origin_tracking_depth),
    (_tracemalloc.is_tracing, lambda on: _tracemalloc.start() if on else _tracemalloc.stop()),
]


def settings() -> PutBack:
    """Return a function that writes the settings of now.

    A kernel has an event loop that runs; a second one, though refused, takes its place in Python
    3.13.
    """
    events, known = sys.modules.get("asyncio.events"), SETTINGS
    if events is not None:
        known = [*SETTINGS, (events._get_running_loop, events._set_running_loop)]
    before = [read() for read, _ in known]

    def put_back():
        for (read, write), value in zip(known, before, strict=True):
            if read() != value:
                write(value)
    return put_back


def handlers() -> PutBack:
    """Return a function that sets the signal handlers of now; only the main thread can."""
    if threading.get_ident() != threading.main_thread().ident:
        return lambda: None
    handler_of, set_handler = _signal.getsignal, _signal.signal
    before = {number: handler_of(number) for number in SIGNALS}

    def put_back():
        for number, handler in before.items():
            if handler_of(number) is not handler and handler is not None:
                set_handler(number, handler)
    return put_back
