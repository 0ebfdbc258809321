"""Stop learner code that does not stop by itself.

In the main thread of a POSIX system a timer signal raises TimeUp inside the code when its time is
up. Code may swallow that, as in

    while True:
        try: step()
        except: pass

So it is raised again and again, and from the second time on also at the next line, which is that
of the `except`, and so in one function after the other, until the outermost is left. The timer
rings by itself, too: deep inside a recursion the handler may fail before it can set the next one.
What cannot be stopped is one long call into C that does not come back to Python: no exception
reaches it. Then nothing happens until it returns, and Kernel -> Restart is the way out.

Anywhere else (on Windows, in a thread) the code runs in a thread of its own, which gets TimeUp
thrown at it and is left behind if it goes on all the same.
"""

import _signal
import ctypes
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext, suppress
from contextvars import copy_context
from types import FrameType
from typing import TextIO

from .interpreter import set_profile

__all__ = ["TRACEBACK", "Patience", "TimeUp"]

SECONDS = 5.0        # for all calls of one check together
MOMENT = 0.1         # to throw away what they left
WORD_AFTER = 1.0     # then a word says that it is still running
AGAIN = (1e-2, 4e-6, 8e-6, 16e-6, 32e-6, 1e-3)    # pauses between one TimeUp and the next
ANYHOW = 5e-3        # and where the handler itself found no room on the stack
THROWS = 50

# Taken now: while learner code runs, other things may stand under these names.
monotonic, sleep, get_ident = time.monotonic, time.sleep, threading.get_ident
set_handler, handler_of = _signal.signal, _signal.getsignal    # which make no enum of a number
set_trace = sys.settrace
set_timer = getattr(signal, "setitimer", None)    # not on Windows
TRACEBACK = vars(BaseException)["__traceback__"]    # whatever a class of a learner's own says


class TimeUp(BaseException):
    """The time is up; no Exception, so that `except Exception` in learner code lets it pass."""


class Patience:
    """The time that one check may take, over all its calls of learner code.

    Each call is made inside of `world`, which puts back what the call changes; what is to be said
    on the way goes to `out`.
    """

    def __init__(self, seconds: float | None = None, world: AbstractContextManager | None = None,
                 out: TextIO | None = None):
        seconds = SECONDS if seconds is None else seconds
        self.out = out or sys.stdout
        self.world = world or nullcontext()
        self.pressed = False                            # the notebook's stop button
        self.held = []                                  # what must not go before it is let go
        self.end = monotonic() + seconds
        stored = os.environ.get("SMLEARN_STATIC") == "1"    # a page that must not vary
        self.word_at = float("inf") if stored else self.end - seconds + WORD_AFTER

    @property
    def over(self) -> bool:
        """Whether the time is up."""
        return monotonic() >= self.end

    def call(self, f: Callable, *args):
        """Return f(*args), or raise TimeUp."""
        if self.over:
            raise TimeUp
        main = get_ident() == threading.main_thread().ident    # it may pass for another's
        call, run = _call_with_alarm if main and set_timer else _call_in_thread, copy_context().run
        with self.world:
            return call(self, run, (f, *args))    # what it sets in its context stays there

    def let_go(self) -> None:
        """Throw away what is held, in a moment of its own: a `__del__` is learner code as well."""
        while self.held:    # on a slow machine a moment may be over before it begins
            with suppress(TimeUp):
                Patience(MOMENT, self.world).call(_let_go, self.held)

    def wait(self) -> float:
        """Say a word when it is due; return the time until the next thing that is."""
        now = monotonic()
        if self.word_at <= now < self.end:
            self.word_at = float("inf")
            print(f"still running; it has {self.end - now:.0f} seconds more", file=self.out,
                  flush=True)
        due = self.word_at if self.word_at < self.end else self.end
        return due - now if due > now else 1e-6


def _let_go(held: list) -> None:
    """Empty the list, and the variables of the code that raised what is in it.

    An alarm stops each `__del__`, and leaves the lines of this file alone.
    """
    for each in held:
        trace = TRACEBACK.__get__(each) if issubclass(type(each), BaseException) else None
        while trace:
            try:
                trace.tb_frame.clear()
            except RuntimeError:    # it still runs
                pass
            trace = trace.tb_next
    held.clear()


def _call_with_alarm(patience: Patience, f: Callable, args: tuple):
    alarm, pressed, stop = _Alarm(patience), handler_of(signal.SIGINT), _stop_button(patience)
    started, before = monotonic(), set_handler(signal.SIGALRM, alarm.ring)
    others = set_timer(signal.ITIMER_REAL, patience.wait(), ANYHOW)
    try:
        set_handler(signal.SIGINT, stop)
        alarm.armed = True     # whatever is raised from here on comes by the lines below
        return f(*args)
    finally:
        alarm.armed = False    # no signal is handled before this line is done
        set_trace(None)        # a trace function that was left behind must not see the rest
        alarm.leave()
        set_timer(signal.ITIMER_REAL, 0)
        if alarm.rings:
            sleep(2e-3)    # one may still be on its way, by another thread
        set_handler(signal.SIGALRM, before)
        set_handler(signal.SIGINT, pressed)
        if others[0]:
            left = others[0] - (monotonic() - started)
            set_timer(signal.ITIMER_REAL, left if left > 0 else 1e-6, others[1])


def _stop_button(patience: Patience):
    """Return a handler that notes who sent KeyboardInterrupt: the button, or learner code."""
    before = handler_of(signal.SIGINT)

    def stop(number, frame):
        patience.pressed = True
        before(number, frame)
    return stop if callable(before) else before


class _Alarm:
    """Raises TimeUp when it rings; from the second time on at the next lines as well.

    Python drops a trace function that raises; a profile function, called whenever a function is
    entered or left, sets it again.
    """

    def __init__(self, patience: Patience):
        self.patience, self.rings, self.armed, self.driven = patience, 0, False, False
        self.before = sys.gettrace(), sys.getprofile()

    def ring(self, number, frame) -> None:
        """Say a word if one is due; when the time is up, raise, and ring again."""
        if not self.armed:
            return
        if not self.patience.over:
            set_timer(signal.ITIMER_REAL, self.patience.wait(), ANYHOW)
            return
        self.rings += 1
        set_timer(signal.ITIMER_REAL, AGAIN[self.rings % len(AGAIN)], ANYHOW)
        code = frame.f_code
        if code.co_filename == __file__ and code is not _call_with_alarm.__code__:
            return    # in the trace function below: let it end
        if self.rings > 1:
            self.drive(frame)
        raise TimeUp

    def drive(self, frame: FrameType) -> None:
        """Trace this frame and those above it, up to where the learner's code was called."""
        self.driven = True
        while frame.f_code is not _call_with_alarm.__code__:
            frame.f_trace = self._line
            frame = frame.f_back
        sys.settrace(self._line)
        sys.setprofile(self._again)

    def leave(self) -> None:
        """Give tracing back to whoever had it."""
        if self.driven:
            set_profile(self.before[1])
            sys.settrace(self.before[0])

    def _line(self, frame, event, arg):
        if frame.f_code.co_filename == __file__:    # ours must run to its end
            return None
        if event == "line":
            raise TimeUp
        return self._line

    def _again(self, frame, event, arg):
        if self.armed and sys.gettrace() is None:
            self.drive(frame)


def _call_in_thread(patience: Patience, f: Callable, args: tuple):
    came_back = {}

    def run():
        try:
            came_back["value"] = f(*args)
        except BaseException as error:    # raised again below, whatever it is
            came_back["error"] = error

    worker = threading.Thread(target=run, daemon=True)
    worker.start()
    try:
        while worker.is_alive() and not patience.over:
            worker.join(patience.wait())
    except KeyboardInterrupt:    # not out of the worker, so the button was pressed
        patience.pressed = True
        raise
    finally:
        _stop(worker)
    if "value" in came_back:
        return came_back["value"]
    raise came_back.get("error", TimeUp())


def _stop(worker: threading.Thread) -> None:
    """Throw TimeUp at a thread, until it has ended or has had enough of them."""
    for _ in range(THROWS):
        if not worker.is_alive():
            break
        _throw(worker.ident, TimeUp)
        worker.join(0.01)


def _throw(thread: int, error: type) -> None:
    """Raise `error` in another thread as soon as it runs Python."""
    what = ctypes.c_ulong(thread), ctypes.py_object(error)
    ctypes.pythonapi.PyThreadState_SetAsyncExc(*what)
