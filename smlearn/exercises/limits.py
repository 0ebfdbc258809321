"""Stop learner code that does not stop by itself.

In the main thread of a POSIX system a timer signal raises TimeUp inside the code when its time is
up. Code may swallow that, as in

    while True:
        try: step()
        except: pass

So it is raised again and again, and from the second time on also at the next line that no `try`
of its own function covers, in one function after the other, until the outermost is left. What
cannot be stopped is one long call into C that does not come back to Python: no exception reaches
it. Then nothing happens until it returns, and Kernel -> Restart is the way out.

Anywhere else (on Windows, in a thread) the code runs in a thread of its own, which gets TimeUp
thrown at it and is left behind if it goes on all the same.
"""

import contextvars
import ctypes
import dis
import signal
import sys
import threading
import time
from collections.abc import Callable
from types import FrameType

__all__ = ["Patience", "TimeUp"]

SECONDS = 5.0        # for all calls of one check together
WORD_AFTER = 1.0     # then a word says that it is still running
AGAIN = (1e-2, 4e-6, 8e-6, 16e-6, 32e-6, 1e-3)    # pauses between one TimeUp and the next
THROWS = 50


class TimeUp(BaseException):
    """The time is up; no Exception, so that `except Exception` in learner code lets it pass."""


class Patience:
    """The time that one check may take, over all its calls of learner code."""

    def __init__(self, seconds: float | None = None):
        seconds = SECONDS if seconds is None else seconds
        self.out = sys.stdout                     # learner code may have it redirected later
        self.end = time.monotonic() + seconds
        self.word_at = self.end - seconds + WORD_AFTER

    @property
    def over(self) -> bool:
        """Whether the time is up."""
        return time.monotonic() >= self.end

    def call(self, f: Callable, *args):
        """Return f(*args).

        Raises
        ------
        TimeUp
            If the patience of this check is at its end.
        """
        if self.over:
            raise TimeUp
        main = threading.current_thread() is threading.main_thread()
        with_alarm = main and hasattr(signal, "setitimer")
        return (_call_with_alarm if with_alarm else _call_in_thread)(self, f, args)

    def wait(self) -> float:
        """Say a word when it is due; return the time until the next thing that is."""
        now = time.monotonic()
        if self.word_at <= now < self.end:
            self.word_at = float("inf")
            print(f"still running; it has {self.end - now:.0f} seconds more", file=self.out)
        return max(min(self.word_at, self.end) - now, 1e-6)


def _call_with_alarm(patience: Patience, f: Callable, args: tuple):
    corner, rings = _Corner(), 0

    def ring(number, frame):
        nonlocal rings
        if not corner.armed:
            return
        if not patience.over:
            signal.setitimer(signal.ITIMER_REAL, patience.wait())
            return
        rings += 1
        signal.setitimer(signal.ITIMER_REAL, AGAIN[rings % len(AGAIN)])
        if frame.f_code.co_filename == __file__:    # the trace function below: let it end
            return
        if rings > 1:
            corner.drive(frame)
        raise TimeUp

    started, before = time.monotonic(), signal.signal(signal.SIGALRM, ring)
    others = signal.setitimer(signal.ITIMER_REAL, patience.wait())
    try:
        return f(*args)
    finally:
        corner.armed = False    # no signal is handled before this line is done
        corner.leave()
        signal.setitimer(signal.ITIMER_REAL, 0)
        if rings:
            time.sleep(2e-3)    # one may still be on its way, by another thread
        signal.signal(signal.SIGALRM, before)
        if others[0]:
            left = others[0] - (time.monotonic() - started)
            signal.setitimer(signal.ITIMER_REAL, max(left, 1e-6), others[1])


class _Corner:
    """Raises TimeUp at lines that no `try` of their function covers, frame by frame.

    Python drops a trace function that raises; a profile function, called whenever a function is
    entered or left, sets it again.
    """

    def __init__(self):
        self.armed, self.driven = True, False
        self.before = sys.gettrace(), sys.getprofile()

    def drive(self, frame: FrameType) -> None:
        """Trace this frame and those above it, up to where the learner's code was called."""
        self.driven = True
        while frame and frame.f_code is not _call_with_alarm.__code__:
            frame.f_trace = self._line
            frame = frame.f_back
        sys.settrace(self._line)
        sys.setprofile(self._again)

    def leave(self) -> None:
        """Give tracing back to whoever had it."""
        if self.driven:
            sys.setprofile(self.before[1])
            sys.settrace(self.before[0])

    def _line(self, frame, event, arg):
        if frame.f_code.co_filename == __file__:    # ours must run to its end
            return None
        if self.armed and event == "line" and not _covered(frame):
            raise TimeUp
        return self._line

    def _again(self, frame, event, arg):
        if self.armed and sys.gettrace() is None:
            self.drive(frame)


def _covered(frame: FrameType) -> bool:
    """Say whether a `try` of this frame's own function would meet an exception raised here."""
    table = dis._parse_exception_table(frame.f_code)    # (start, end, target, depth, lasti)
    return any(row.start <= frame.f_lasti < row.end and not row.lasti for row in table)


def _call_in_thread(patience: Patience, f: Callable, args: tuple):
    came_back = {}

    def run():
        try:
            came_back["value"] = f(*args)
        except BaseException as error:    # raised again below, whatever it is
            came_back["error"] = error

    worker = threading.Thread(target=contextvars.copy_context().run, args=(run,), daemon=True)
    worker.start()
    while worker.is_alive() and not patience.over:
        worker.join(patience.wait())
    for _ in range(THROWS):
        if not worker.is_alive():
            break
        _throw(worker.ident, TimeUp)
        worker.join(0.01)
    if "value" in came_back:
        return came_back["value"]
    raise came_back.get("error", TimeUp())


def _throw(thread: int, error: type) -> None:
    """Raise `error` in another thread as soon as it runs Python."""
    what = ctypes.c_ulong(thread), ctypes.py_object(error)
    ctypes.pythonapi.PyThreadState_SetAsyncExc(*what)
