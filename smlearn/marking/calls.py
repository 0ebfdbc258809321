"""Call an answer as often as is asked, in the learner's process, with the page's own sandbox."""

from collections.abc import Callable

from .._snapshot import same_content
from ..exercises.sandbox.call import call, learner_line
from ..exercises.sandbox.clock import Patience
from ..exercises.sandbox.plain_data import plain
from ..exercises.sandbox.process import Process
from ..exercises.sandbox.undisturbed import Printed, undisturbed
from ..mistakes.trying import Run
from .channel import Channel
from .errors import kinds_of
from .wire import pack, unpack

__all__ = ["called", "serve"]

MANY = 50       # arrays that were returned and are looked at again


def serve(channel: Channel, f: Callable, tables: tuple[dict, ...], functions: tuple) -> None:
    """Call f as often as is asked, with the sandbox of the page's own check around it."""
    kept = []
    with undisturbed(f) as printed:
        patience = Patience(world=Process(tables), out=printed)
        with patience.world:
            while (request := channel.receive())["do"] == "call":
                args = tuple(unpack(each, functions) for each in request["args"])
                channel.send({"n": request["n"], **called(f, args, patience, kept)})
    channel.send({"n": request["n"], "printed": Printed.getvalue(printed)})


def called(f: Callable, args: tuple, patience: Patience, kept: list) -> dict:
    """Call f once; return what came back, and what has changed since the last call."""
    box = []

    def noted(*mine):
        box.extend(mine)
        return f(*mine)
    run = call(noted, args, patience)
    said = {"args": [[i, pack(plain(box[i]))] for i in run.changed], "moved": _moved(kept)}
    if run.failed:
        line = learner_line(run.error, f)
        return {**said, "error": kinds_of(run.error), "said": run.said, "line": line}
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


def _handle(run: Run, kept: list) -> int | None:
    """Return the number of what came back, if more may become of it."""
    for handle, (live, _) in enumerate(kept):
        if live is run.live:
            return handle
    if run.live is None or len(kept) >= MANY:
        return None
    kept.append((run.live, run.value))
    return len(kept) - 1
