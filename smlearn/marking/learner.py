"""The learner's process: it runs cells and answers calls; what is right is not decided here.

Each cell runs in a fork of the process, which goes on if the cell comes to its end; if it dies,
with `os._exit`, by a signal, out of memory, the one before it goes on, as if the cell were not
there. Each answer is called in a fork of its own, so that no call changes the page.
"""

import json
import os
import resource
import select
import signal
import sys
from collections.abc import Callable

from ..exercises import TASKS, TODO, Exercise, Verdict
from ..exercises.sandbox.call import call, learner_line, read_answer
from ..exercises.sandbox.clock import SECONDS, Patience
from ..exercises.sandbox.plain_data import name_of, one_line, plain
from ..exercises.sandbox.process import Process
from ..exercises.sandbox.undisturbed import Printed, undisturbed
from .._snapshot import same_content
from .changes import changes, snapshot
from .looks import looks_of
from .walls import Limits
from .wire import Channel, pack, unpack

__all__ = ["cells_of", "live"]

GRACE = 5.0     # seconds in which a clock inside of a process should have ended it
MANY = 50       # arrays that were returned and are looked at again
CHECKS = 20     # of one cell, the last
HANDED_IN = Verdict("", "It is handed in; the verdict comes later.", status=TODO)


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
    page = _Page(limits)
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


class _Page:
    """The page of a copy, in IPython as in a kernel, but for what only eyes would see.

    A check notes what is handed to it, at that moment, and says nothing of it.
    """

    def __init__(self, limits: Limits):
        from IPython.core.interactiveshell import InteractiveShell
        from matplotlib.backend_bases import FigureCanvasBase
        from traitlets.config import Config

        quiet = Config({"HistoryManager": {"enabled": False},
                        "InteractiveShell": {"colors": "NoColor", "cache_size": 0}})
        self.limits, self.nowhere, self.handed = limits, open(os.devnull, "w"), []
        self.shell = InteractiveShell.instance(config=quiet)
        self.shell.showtraceback = self.shell.showsyntaxerror = lambda *_, **__: None
        self.shell.display_formatter.active_types = ["text/plain"]
        Exercise.check = lambda exercise, *answers: self.note(exercise, *answers)
        FigureCanvasBase.print_figure = lambda *_, **__: None    # most of the time of a page

    def note(self, exercise: Exercise, *answers) -> Verdict:
        """Stand in for `Exercise.check`."""
        self.handed = [*self.handed, (exercise.task.key, answers)][-CHECKS:]
        return HANDED_IN

    def run(self, source: str) -> dict:
        """Run a cell; return its error, and what was handed to each check in it."""
        self.handed = []
        try:
            ran = Patience(self.limits.cell, out=self.nowhere).call(self.shell.run_cell, source)
            error = ran.error_before_exec or ran.error_in_exec
        except BaseException as raised:    # also the clock's, which may ring in IPython's own code
            error = raised
        return {"error": _in_a_line(error), "handed": [[key, list(map(_described, answers))]
                                                       for key, answers in self.handed]}


def _in_a_line(error: BaseException | None) -> str:
    if error is None:
        return ""
    try:
        said = Patience(1.0).call(str, error)
    except BaseException:    # its __str__ is learner code as well
        said = ""
    return f"{name_of(type(error))}: {one_line(said)}"[:300].removesuffix(": ")


def _described(given) -> dict:
    if callable(given):
        return {"function": looks_of(given)}
    return {"value": pack(read_answer(given, Patience()))}


def _serve_in_a_fork(channel: Channel, request: dict, page: _Page, functions: tuple) -> None:
    pid = os.fork()
    if not pid:
        code = 1
        try:
            used = sum(os.times()[:2])
            hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
            resource.setrlimit(resource.RLIMIT_CPU, (int(used + SECONDS + GRACE), hard))
            key, answers = page.handed[request["check"]]
            _serve(channel, answers[request["part"]], TASKS[key].tables, functions)
            code = 0
        finally:
            os._exit(code)
    if os.waitpid(pid, 0)[1]:
        channel.send({"n": request["n"], "died": True})


def _serve(channel: Channel, f: Callable, tables: tuple[dict, ...], functions: tuple) -> None:
    """Call f as often as is asked, with the sandbox of the page's own check around it."""
    kept = []
    with undisturbed(f) as printed:
        patience = Patience(world=Process(tables), out=printed)
        with patience.world:
            while (request := channel.receive())["do"] == "call":
                args = tuple(unpack(each, functions) for each in request["args"])
                channel.send({"n": request["n"], **_called(f, args, patience, kept)})
    channel.send({"n": request["n"], "printed": Printed.getvalue(printed)})


def _called(f: Callable, args: tuple, patience: Patience, kept: list) -> dict:
    """Call f once; return what came back, and what has changed since the last call."""
    box = []

    def noted(*mine):
        box.extend(mine)
        return f(*mine)
    run = call(noted, args, patience)
    said = {"args": [[i, pack(plain(box[i]))] for i in run.changed], "moved": _moved(kept)}
    if run.failed:
        kinds = [name_of(kind) for kind in type.mro(type(run.error))]
        line = learner_line(run.error, f)
        return {**said, "error": kinds, "said": run.said, "line": line}
    return {**said, "value": pack(run.value), "handle": _handle(run, kept)}


def _moved(kept: list) -> list:
    """Return the arrays of earlier calls whose content is another now."""
    moved = []
    for handle, (live, was) in enumerate(kept):
        now = plain(live)
        if not same_content(now, was):
            moved.append([handle, pack(now)])
            kept[handle] = live, now
    return moved


def _handle(run, kept: list) -> int | None:
    """Return the number of what came back, if more may become of it."""
    for handle, (live, _) in enumerate(kept):
        if live is run.live:
            return handle
    if run.live is None or len(kept) >= MANY:
        return None
    kept.append((run.live, run.value))
    return len(kept) - 1
