"""Mark all copies, a few at a time, each in a marking process of its own.

A marking process is a fork of this one, in which everything is loaded, and the course's own
functions and known mistakes have been run already. What breaks one of them breaks one copy.
"""

import json
import os
import pickle
import selectors
import signal
import tempfile
import time
import traceback
from collections.abc import Callable, Iterable
from contextlib import suppress

from ..exercises import TASKS, exercises
from ..exercises.judge.judging import judge
from ..exercises.task import Function
from .conversation import mark, table_of
from .marks import Copy, Mark
from .submissions import Submission
from .walls import Limits, hide

__all__ = ["mark_all"]

LATER = 30.0    # seconds after which the marking process itself is given up


def warm(keys: Iterable[str]) -> None:
    """Run what the judge keeps of these exercises, and load what most pages load."""
    import IPython.core.interactiveshell  # noqa: F401
    import matplotlib.pyplot  # noqa: F401

    from .. import figures  # noqa: F401

    for key in keys:
        for part in TASKS[key].parts:
            if isinstance(part, Function):
                judge(part, lambda *args: None)
                judge(part, part.reference)


def mark_all(found: list[Submission], hidden: str, limits: Limits, workers: int,
             done: Callable[[], None] = lambda: None) -> list[Copy]:
    """Return what is found about each submission, in their order.

    What was found waits in a file that no copy sees: none inherits what is known of another.
    """
    hide()
    functions, waiting = table_of(exercises()), list(enumerate(found))[::-1]
    running, spool = selectors.DefaultSelector(), tempfile.TemporaryFile(buffering=0)
    while waiting or running.get_map():
        while waiting and len(running.get_map()) < workers:
            number, each = waiting.pop()
            if each.trouble:
                _keep(spool, number, Copy(trouble=each.trouble))
                done()
            else:
                _start(running, number, each, (hidden, limits, functions))
        for key, _ in running.select(1.0):
            _finish(running, key, spool)
            done()
        _give_up(running, limits.seconds + LATER)
    return _kept(spool, len(found))


class _Started:
    """A marking process that is at work."""

    def __init__(self, number: int, pid: int):
        self.number, self.pid, self.began, self.said = number, pid, time.monotonic(), b""


def _start(running: selectors.BaseSelector, number: int, each: Submission, how: tuple) -> None:
    out, into = os.pipe()
    pid = os.fork()
    if not pid:
        try:
            os.close(out)
            data = json.dumps(mark(str(each.path), *how).plain()).encode()
            with open(into, "wb") as pipe:
                pipe.write(data)
        except KeyboardInterrupt:
            pass    # whoever pressed it hears of it once
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(0)
    os.close(into)
    running.register(out, selectors.EVENT_READ, _Started(number, pid))


def _finish(running: selectors.BaseSelector, key: selectors.SelectorKey, spool) -> None:
    """Read what a marking process says to its end; silence is the sign that it broke."""
    running.unregister(key.fileobj)
    with open(key.fd, "rb") as pipe:
        said = pipe.read()
    os.waitpid(key.data.pid, 0)
    try:
        copy = _copy(json.loads(said))
    except ValueError:
        copy = Copy(trouble="marking_broke")
    _keep(spool, key.data.number, copy)


def _give_up(running: selectors.BaseSelector, seconds: float) -> None:
    for key in list(running.get_map().values()):
        if time.monotonic() - key.data.began > seconds:
            with suppress(ProcessLookupError):
                os.kill(key.data.pid, signal.SIGKILL)    # its pipe closes, and _finish is called


def _copy(plain: dict) -> Copy:
    marks = {key: Mark(**held) for key, held in plain.pop("marks").items()}
    return Copy(marks=marks, **plain)


def _keep(spool, number: int, copy: Copy) -> None:
    pickle.dump((number, copy), spool)


def _kept(spool, many: int) -> list[Copy]:
    spool.seek(0)
    held = dict(pickle.load(spool) for _ in range(many))
    return [held[number] for number in range(many)]
