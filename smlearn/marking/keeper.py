"""Start a learner's process behind its walls, talk to it, and end it with all that it started.

Three processes: the marking one, which starts and asks; a keeper, which raises the walls and runs
no code but this; the learner's, the first behind them.
"""

import os
import signal
import socket
import sys
import time
from contextlib import suppress
from typing import NoReturn

from ..exercises.sandbox.clock import SECONDS
from .channel import Channel, Gone, Late
from .learner import GRACE, cells_of, live
from .walls import FILES, PROCESSES, Limits, limit, raise_walls, resource, shut
from .wire import Garbled

__all__ = ["Ended", "Learner"]

QUIET = {"SMLEARN_STATIC": "1", "TQDM_DISABLE": "1", "MPLBACKEND": "agg"}


ENDS = {Garbled: "garbled", Gone: "process_ended"}


class Ended(Exception):
    """The learner's process is not there any more, or not to be talked to."""


class Learner:
    """A learner's process, as the marking process sees it; `with` ends it in any case."""

    def __init__(self, path: str, home: str, hidden: str, limits: Limits, functions: tuple):
        self.limits, self.number, self.opened, self.ended = limits, 0, -1, ""
        self.end = time.monotonic() + limits.seconds
        ours, theirs = socket.socketpair()
        with open(path, "rb", opener=_no_link) as notebook:
            self.pid = os.fork()
            if not self.pid:
                try:
                    _keep(theirs, notebook.fileno(), home, hidden, limits, functions)
                finally:
                    os._exit(1)
        theirs.close()
        self.channel = Channel(ours)
        self.seconds = 0.0    # of a processor

    def __enter__(self) -> "Learner":
        return self

    def __exit__(self, *error) -> None:
        with suppress(Gone, Garbled, Late):
            self.channel.send({"do": "end"})
            self.channel.receive(0.0 if self.ended else 2.0)    # until it is gone
        self.channel.end.close()
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGTERM)
        used = os.wait4(self.pid, 0)[2]
        self.seconds = used.ru_utime + used.ru_stime

    def hear(self, seconds: float) -> dict:
        """Return the next message, or raise Ended."""
        left = self.end - time.monotonic()
        if left < 0 or self.ended:
            self.fail("out_of_time")
        try:
            return self.channel.receive(min(seconds, left))
        except Late:
            self.fail("out_of_time" if left <= seconds else "no_answer")
        except (Garbled, Gone) as error:
            self.fail(ENDS[type(error)])

    def fail(self, why: str) -> NoReturn:
        """Raise Ended, now and from now on."""
        self.ended = self.ended or why
        raise Ended(self.ended)

    def ask(self, message: dict, seconds: float = SECONDS + 2 * GRACE) -> dict:
        """Send a message and return the answer to it; what belongs to another is left aside."""
        number = self.tell(message)
        while True:
            reply = self.hear(seconds)
            if reply.get("n") == number or (reply.get("n") == self.opened and reply.get("died")):
                return reply

    def tell(self, message: dict) -> int:
        """Send a message, and return its number."""
        self.number += 1
        try:
            self.channel.send({**message, "n": self.number})
        except (Garbled, Gone) as error:
            self.fail(ENDS[type(error)])
        return self.number


def _no_link(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK)


# The keeper.

def _keep(theirs: socket.socket, notebook: int, *rest) -> None:
    """Raise the walls, start the learner's process and wait for its end."""
    home, hidden, limits, functions = rest
    os.setsid()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    channel = Channel(theirs)
    walls = list(raise_walls(home, hidden, limits))
    channel.send({"walls": walls})
    pid = os.fork()
    if not pid:
        with _whatever_happens():
            shut(PROCESSES in walls and FILES in walls)
            _begin(home)
            limit(limits, PROCESSES in walls)
            _close_all_but(channel.end.fileno(), notebook)
            _say_cells(channel, notebook)
            live(channel, limits, functions)
        os._exit(0)
    signal.signal(signal.SIGTERM, lambda *_: os.kill(pid, signal.SIGKILL))
    os.waitpid(pid, 0)
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)    # what it has started, where there is no wall
    os._exit(0)


class _whatever_happens(suppress):
    """Suppress all errors: what becomes of the process is seen from its silence."""

    def __init__(self):
        super().__init__(BaseException)


def _begin(home: str) -> None:
    """Make the process the learner's: a home, an environment, Python's own signals."""
    os.setsid()
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.chdir(home)
    os.environ.update(QUIET, HOME=home, TMPDIR=home, IPYTHONDIR=home, MPLCONFIGDIR=home)
    os.environ.pop("SMLEARN_STRICT", None)


def _say_cells(channel: Channel, notebook: int) -> None:
    """Read the notebook, within the limits, and send its cells."""
    try:
        with open(notebook, "rb") as file:
            cells = cells_of(file.read())
        channel.send({"cells": cells})
    except (ValueError, MemoryError, Garbled) as error:
        channel.send({"unreadable": str(error) or type(error).__name__})


def _close_all_but(*kept: int) -> None:
    """Close all files but these, and let nothing come in or go out by the usual three."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for usual in range(3):
        os.dup2(nothing, usual)
    at = 3
    for each in sorted(kept):
        os.closerange(at, each)
        at = each + 1
    os.closerange(at, max(at, min(resource.getrlimit(resource.RLIMIT_NOFILE)[0], 65_536)))
    sys.stdin, sys.stdout, sys.stderr = (open(usual, mode, closefd=False)
                                         for usual, mode in enumerate("rww"))


