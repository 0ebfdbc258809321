"""The learner's process: it runs cells and answers calls; what is right is not decided here.

Each cell runs in a fork of the process, which goes on if the cell comes to its end; if it dies,
with `os._exit`, by a signal, out of memory, the one before it goes on, as if the cell were not
there. Each answer is called in a fork of its own, so that no call changes the page.
"""

import json
import os
import select
import signal

from ..exercises import TASKS
from ..exercises.sandbox.clock import SECONDS
from .calls import serve
from .changes import changes, snapshot
from .channel import Channel
from .page import Page
from .walls import Limits, resource

__all__ = ["cells_of", "live"]

GRACE = 5.0     # seconds in which a clock inside of a process should have ended it


def cells_of(text: bytes) -> list[tuple[str, str]]:
    """Return kind and source of each cell of a notebook.

    Raises
    ------
    ValueError
        If the text is no notebook.
    """
    try:
        held = json.loads(text)["cells"]
        return [(str(cell.get("cell_type")), "".join(cell.get("source", ""))) for cell in held]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise ValueError("it is no notebook that Jupyter can open") from None


def live(channel: Channel, limits: Limits, functions: tuple) -> None:
    """Do what is asked, until the end is asked for."""
    page = Page(limits)
    before = snapshot()
    while (request := channel.receive())["do"] != "end":
        if request["do"] == "run":
            done = _in_a_fork(channel, request, limits.cell + SECONDS + GRACE)
            if done is None:    # the fork died, and this is the page as it was before
                continue
            channel.send({"n": request["n"], **page.run(request["source"]),
                          "changed": changes(before)})
            os.write(done, b".")
            os.close(done)
        elif request["do"] == "part":
            _serve_in_a_fork(channel, request, page, functions)


def _in_a_fork(channel: Channel, request: dict, seconds: float) -> int | None:
    """Return in a fork, with a pipe to say when it is done; in this process only if that dies."""
    done, mine = os.pipe()
    pid = os.fork()
    if not pid:
        os.close(done)
        return mine
    os.close(mine)
    came = select.select([done], [], [], seconds)[0] and os.read(done, 1)
    os.close(done)
    if not came:
        os.kill(pid, signal.SIGKILL)
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    if came:
        os._exit(min(abs(code), 255))
    channel.send({"n": request["n"], "died": True})
    return None


def _serve_in_a_fork(channel: Channel, request: dict, page: Page, functions: tuple) -> None:
    pid = os.fork()
    if not pid:
        code = 1
        try:
            used = sum(os.times()[:2])
            hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
            resource.setrlimit(resource.RLIMIT_CPU, (int(used + SECONDS + GRACE), hard))
            key, answers = page.handed[request["check"]]
            serve(channel, answers[request["part"]], TASKS[key].tables, functions)
            code = 0
        finally:
            os._exit(code)
    if os.waitpid(pid, 0)[1]:
        channel.send({"n": request["n"], "died": True})
