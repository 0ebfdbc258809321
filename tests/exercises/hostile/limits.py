"""What nothing in the same process can stop, as it is documented, and what happens then.

Each is a program of the operating system's or of C's: no Python runs in between that could say
no. The kernel dies, and the notebook says so; or nothing happens until the call comes back.
"""

import os
import signal
import sys
from collections.abc import Callable
from typing import NamedTuple

from .common import right

__all__ = ["LIMITS", "NOT_TRIED", "Limit"]


class Limit(NamedTuple):
    """One of them: what it does, and how it ends."""

    name: str
    answer: Callable
    ends: str  # "exit 7" or "signal 9": the process is gone; "comes back, late"


def exit_at_once(p, dp, leave=os._exit):
    """Taken hold of before the check, a way out cannot be closed."""
    leave(7)


def kill(p, dp, kill=os.kill):
    kill(os.getpid(), signal.SIGKILL)


def terminate(p, dp, kill=os.kill):
    kill(os.getpid(), signal.SIGTERM)


def abort(p, dp, abort=os.abort):
    abort()


def another_program_takes_its_place(p, dp, execute=os.execv):
    execute(sys.executable, [sys.executable, "-c", "raise SystemExit(7)"])


def one_long_sum(p, dp):
    sum(range(3 * 10**7))
    return right(p, dp)


LIMITS = [
    Limit("os._exit", exit_at_once, "exit 7"),
    Limit("SIGKILL to itself", kill, "signal 9"),
    Limit("SIGTERM to itself", terminate, "signal 15"),
    Limit("os.abort", abort, "signal 6"),
    Limit("os.execv", another_program_takes_its_place, "exit 7"),
    Limit("one long call of C", one_long_sum, "comes back, late"),
]

NOT_TRIED = {  # what is known of those that would harm the machine or whoever runs the tests
    "os.kill(os.getpid(), signal.SIGINT)": "that is the stop button, and comes through as one",
    "list(itertools.count())": "one call of C that takes all memory; the system kills the kernel",
    "np.asarray(range(10**9))": "the same, and it is an answer of the right kind",
    "arrays of objects, 5000 deep": "NumPy dies when it throws them away, check or no check",
    "ctypes.string_at(0)": "memory that is not ours: the process dies of it",
    "os.closerange(3, 1000)": "the kernel's own connections are closed",
    "resource.setrlimit(RLIMIT_CPU, (1, 1))": "no process can take a hard limit back",
    "sys.addaudithook(exit)": "Python has no way to remove one",
    "a thread that is left": "it is named in the verdict, and can do anything later",
    "get_ipython().kernel.do_shutdown(False)": "who changes the notebook's own machinery (its "
    "kernel, event loop, transformers, events, formatters) has another notebook",
    "an object in a circle, whose __del__ never ends": "Python throws it away when it likes, "
    "on the page as well; the stop button is the way out",
    "os.nice, os.sched_setaffinity, resource.setrlimit": "what the system was told stays so",
    "memo by one of two arguments": "another argument may say nothing new, so a right answer may "
    "do without it; and a table of the very numbers of the cases is RIGHT for these numbers",
    "a search for the answer in the checker's memory": "it is there: Python hides nothing",
}
