"""Try attempts in a process of their own, so that what they break breaks nothing else.

A child of this process tries one after the other, as a kernel would, for as long as all is well;
after a complaint, and after an attempt that leaves threads or processes, comes a new one.
Without fork (on Windows) they are tried in this process.
"""

import contextlib
import faulthandler
import json
import os
import select
import signal
import sys
import time
import warnings
from collections.abc import Callable

from .table import TABLE, Attempt
from .trying import name_of

__all__ = ["end_all", "how_it_ends", "try_it"]

PATIENCE = 30.0  # seconds for one attempt; then the child is stopped from outside
MEMORY = 8 * 2**30
Deed = Callable[[Attempt], list[str]]


class Child:
    """A process that does one deed with each attempt that it is asked about."""

    def __init__(self, deed: Deed):
        self.deed = deed
        asks, self.ask_here = os.pipe()
        self.answers, answers = os.pipe()
        self.pid = _fork()
        if self.pid == 0:
            os.close(self.ask_here)
            os.close(self.answers)
            self._serve(asks, answers)
        os.close(asks)
        os.close(answers)

    def _serve(self, asks: int, answers: int) -> None:
        """Answer until nobody asks any more; never come back from here."""
        leave, write, dumps, read, name = os._exit, os.write, json.dumps, os.read, name_of
        table, deed = dict(TABLE), self.deed
        try:
            _limit()
            while asked := read(asks, 1000):
                try:
                    found = deed(table[asked.decode()])
                except BaseException as error:
                    found = [f"{name(error)} in what was left of the process"]
                write(answers, dumps(found).encode() + b"\n")
        finally:
            leave(0)

    def ask(self, attempt: Attempt) -> list[str]:
        """Return what it says of an attempt."""
        os.write(self.ask_here, attempt.name.encode())
        if attempt.forks:
            os.close(self.ask_here)  # then it ends, and so must all that it started
            said = _lines(self.answers, PATIENCE, to_the_end=True)
        else:
            said = _lines(self.answers, PATIENCE)
        if said is None:
            return ["it hung: its process had to be stopped"]
        if not said:
            return [f"its process ended by {_how_it_ended(self.pid)}"]
        if len(said) > 1:
            return [f"{len(said)} processes came back, and 1 is wanted"]
        return json.loads(said[0])

    def end(self) -> None:
        """End it, and all that it started."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            os.waitpid(self.pid, 0)
        for end in (self.ask_here, self.answers):
            with contextlib.suppress(OSError):
                os.close(end)


def _fork() -> int:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # newer Pythons warn of forks beside threads
        return os.fork()


def _limit() -> None:
    """Give this process a group of its own, nobody to ask, and no more memory than it needs."""
    os.setpgid(0, 0)
    faulthandler.disable()
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    sys.stdin = open(os.devnull)
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _lines(reads: int, seconds: float, to_the_end: bool = False) -> list[str] | None:
    """Return one line, or all until nobody is left who could write; None if that is late."""
    text, until = b"", time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        if select.select([reads], [], [], left)[0]:
            more = os.read(reads, 2**16)
            text += more
            if not more or (text.endswith(b"\n") and not to_the_end):
                return text.decode().splitlines()
    return None


def _how_it_ended(pid: int) -> str:
    with contextlib.suppress(ChildProcessError):
        code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        return f"signal {-code}" if code < 0 else f"exit {code}"
    return "itself"


_children: dict[Deed, Child] = {}


def try_it(deed: Deed, attempt: Attempt) -> list[str]:
    """Do deed(attempt) in a child of this process, where there is fork; else here."""
    if not hasattr(os, "fork"):
        return deed(attempt)
    if attempt.forks:
        end_all()  # or the new one would hold the ends of the old one's pipes
    child = _children.pop(deed, None) or Child(deed)
    said = child.ask(attempt)
    if said or attempt.threads or attempt.forks:
        child.end()
    else:
        _children[deed] = child
    return said


def end_all() -> None:
    """End all children."""
    while _children:
        _children.popitem()[1].end()


def how_it_ends(f: Callable) -> str:
    """Return how a process ends that does f(): "exit 7", "signal 9", "comes back", "raises"."""
    pid = _fork()
    if pid == 0:
        leave = os._exit
        try:
            _limit()
            f()
            leave(99)
        finally:
            leave(98)
    ended = _how_it_ended(pid)
    return {"exit 99": "comes back", "exit 98": "raises"}.get(ended, ended)
