"""A function that stands in another process: to be called, and to be looked at.

The judge of the exercises works here, in the marking process, which never runs a learner's code.
To call an answer is to send its arguments and to read what came back, which is plain data: numbers
can be right or wrong, and nothing else. To look at it, at its code, there is a stand-in, which is
compiled from its source and never called.
"""

import functools
import linecache
import types
from collections.abc import Callable, Iterator
from itertools import count

import numpy as np

from .errors import error_of
from .wire import Garbled, pack, unpack

__all__ = ["Died", "Far", "sound", "stand_in"]

STUBS = {"array": np.zeros(0), "int": 0, "float": 0.0}
NUMBER = count(1)
HIGHEST = 100_000    # line of a cell


class Died(Exception):
    """The process in which it was called has ended."""


class Far:
    """Calls a learner's function in its own process.

    `ask` sends a message and returns the answer to it; `home` are the globals of the stand-in.
    """

    def __init__(self, ask: Callable[[dict], dict], home: dict, functions: tuple):
        self.ask, self.home, self.functions, self.live = ask, home, functions, {}

    def __call__(self, *args):
        reply = self.ask({"do": "call", "args": [pack(each, self.functions) for each in args]})
        for i, now in _pairs(reply, "args"):
            _write(args[i], now)
        for handle, now in _pairs(reply, "moved"):
            _write(self.live.get(handle), now)
        if "error" in reply:
            self._raise(error_of(reply["error"], str(reply.get("said", ""))), reply.get("line"))
        value, handle = unpack(reply.get("value")), reply.get("handle")
        if type(handle) is not int:
            return value
        if handle in self.live:    # the very thing that an earlier call returned
            _write(self.live[handle], value)
        return self.live.setdefault(handle, value)

    def _raise(self, error: BaseException, line) -> None:
        """Raise an error in the line of the learner's where it was raised."""
        if type(line) is not list or not 0 < line[0] <= HIGHEST:
            raise error
        number, name = int(line[0]), f"line {next(NUMBER)} of an answer"
        lines = ["\n"] * (number - 1) + [f"{str(line[1])[:200]}\n"]
        linecache.cache[name] = len(lines), None, lines, name
        exec(compile("\n" * (number - 1) + "raise error", name, "exec"), self.home,
             {"error": error})


def _pairs(reply: dict, name: str) -> Iterator[tuple[int, object]]:
    for at, packed in reply.get(name, ()):
        yield int(at), unpack(packed)


def _write(into, now) -> None:
    """Let one thing hold what another holds, as far as it can."""
    if isinstance(into, np.ndarray) and isinstance(now, np.ndarray):
        if into.shape != now.shape:
            into.resize(now.shape, refcheck=False)
        into.setflags(write=True)
        np.copyto(into, now, casting="unsafe")
    elif isinstance(into, list) and isinstance(now, list):
        into[:] = now
    elif isinstance(into, dict) and isinstance(now, dict):
        into.clear()
        into.update(now)


# Looks.

LOOKS = {"behind": bool, "source": str, "name": str, "defaults": int, "keywords": list,
         "reads": dict, "own": str, "course": list}


def sound(looks) -> dict | None:
    """Return what was said of a function, each thing of its kind; None of what is none.

    Raises
    ------
    Garbled
        If something else was said.
    """
    if looks is None:
        return None
    if type(looks) is not dict:
        raise Garbled("no looks")
    whole = {name: looks.get(name, kind()) for name, kind in LOOKS.items()}
    if any(type(whole[name]) is not kind for name, kind in LOOKS.items()) or {
            type(each) for name in ("keywords", "course") for each in whole[name]} - {str}:
        raise Garbled("looks of another kind")
    return whole | {"reads": {name: str(kind) for name, kind in whole["reads"].items()}}


def stand_in(looks: dict) -> tuple[Callable, dict]:
    """Return something to look at in a function's place, and the globals it seems to have."""
    home = {name: STUBS.get(kind) for name, kind in looks["reads"].items()}
    f = _compiled(looks, home)
    if f is None:
        return np.positive, home    # there is no Python to be seen
    return (functools.partial(f) if looks["behind"] else f), home


def _compiled(looks: dict, home: dict) -> types.FunctionType | None:
    source, name = looks["source"], f"answer {next(NUMBER)}"
    try:
        page = compile(source, name, "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    code = next((code for code in _codes(page) if code.co_name == looks["name"]), None)
    if code is None:
        return None
    lines = source.splitlines(keepends=True)
    linecache.cache[name] = len(source), None, lines, name
    some = (None,) * min(looks["defaults"], code.co_argcount)
    f = types.FunctionType(code, home, code.co_name, some,
                           tuple(types.CellType() for _ in code.co_freevars))
    f.__kwdefaults__ = dict.fromkeys(looks["keywords"])
    return f


def _codes(code: types.CodeType) -> Iterator[types.CodeType]:
    for inner in code.co_consts:
        if isinstance(inner, types.CodeType):
            yield inner
            yield from _codes(inner)
