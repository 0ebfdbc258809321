"""Try many changes of a module in one pytest: its tests are collected once, and each change forks.

A change stands in the file, for whoever starts a process or reads the text, and is swapped into
the functions that are loaded. What is outside of functions, or ran before any test did, is out of
reach: reaches() says so.
"""

import gc
import importlib.util
import json
import os
import select
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from types import CodeType, FunctionType
from typing import NamedTuple

import pytest

from touched import block_of, forget

__all__ = ["Swapper", "Trial", "codes_of", "reaches", "write"]


class Trial(NamedTuple):
    """A change to try: its number, the file, the new text, the tests to ask, and for how long."""

    number: int
    path: Path
    source: str
    tests: list[str]  # names of tests, or files for all that is in them
    patience: float  # seconds


def write(path: Path, source: str) -> None:
    """Write a module; what was compiled of it before may look as new as this, and goes."""
    path.write_text(source, "utf-8")
    Path(importlib.util.cache_from_source(path)).unlink(missing_ok=True)


def reaches(record: Path, module: str, source: str, line: int) -> bool:
    """Say whether a change of this line is seen by whoever calls the function around it."""
    line = block_of(source, line)
    always = json.loads(record.read_text("utf-8"))[0]
    return line > 0 and f"{module}:{line}" not in always


def codes_of(source: str, path: str) -> dict[str, CodeType]:
    """Return the code of each function in a text, by its qualified name."""
    return {code.co_qualname: code for code in _inside(compile(source, path, "exec"))}


def _inside(code: CodeType) -> Iterator[CodeType]:
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield constant
            yield from _inside(constant)


def _functions(paths: set[str]) -> dict[tuple[str, str], list[FunctionType]]:
    """Return the functions that were loaded from the files, by file and qualified name."""
    gc.unfreeze()
    found = {}
    for each in gc.get_objects():
        if type(each) is FunctionType and each.__code__.co_filename in paths:
            key = each.__code__.co_filename, each.__code__.co_qualname
            found.setdefault(key, []).append(each)
    gc.freeze()
    return found


def swap(trial: Trial, functions: dict[tuple[str, str], list[FunctionType]]) -> None:
    """Give the loaded functions the code of the new text, where it is another."""
    path = str(trial.path)
    for name, code in codes_of(trial.source, path).items():
        for function in functions.get((path, name), ()):
            function.__code__ = code
    forget()


class Swapper:
    """A plugin of pytest that tries each change in a fork, and writes down who notices.

    A line a change: its number, and a test's name, "" for nobody, or what else happened.
    """

    def __init__(self, trials: list[Trial], said: Path):
        self.trials, self.said, self.failed = trials, said, ""

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session):
        """Try one change after the other, in place of running the tests."""
        items = {}
        for item in session.items:  # by its own name, and by its file's
            items.setdefault(item.nodeid, []).append(item)
            items.setdefault(item.nodeid.partition("::")[0], []).append(item)
        functions = _functions({str(trial.path) for trial in self.trials})
        with self.said.open("a", encoding="utf-8") as said:
            for trial in self.trials:
                chosen = [item for name in trial.tests for item in items.get(name, ())]
                who = self._in_a_fork(trial, chosen, functions)
                print(json.dumps([trial.number, who]), file=said, flush=True)
        return True

    def pytest_runtest_logreport(self, report):
        """Remember the first that fails."""
        if report.failed and not self.failed:
            self.failed = report.nodeid

    def _in_a_fork(self, trial, items, functions) -> str:
        original = trial.path.read_text("utf-8")
        reading, writing = os.pipe()
        write(trial.path, trial.source)
        try:
            child = os.fork()
            if child == 0:
                os.setsid()
                os.close(reading)
                os.write(writing, self._run(trial, items, functions).encode())
                os._exit(0)
            os.close(writing)
            return _heard(reading, child, trial.patience)
        finally:
            write(trial.path, original)
            os.close(reading)

    def _run(self, trial, items, functions) -> str:
        try:
            swap(trial, functions)
            for item, after in zip(items, [*items[1:], None], strict=True):
                item.config.hook.pytest_runtest_protocol(item=item, nextitem=after)
                if self.failed:
                    break
        except BaseException as error:
            return f"{type(error).__name__} outside of tests"
        return self.failed or "nobody"


def _heard(reading: int, child: int, patience: float) -> str:
    """Return what a child writes in time; it ends, and whatever it has started."""
    until, words = time.monotonic() + patience, b""
    late = False
    while not late:
        late = not select.select([reading], [], [], max(0, until - time.monotonic()))[0]
        piece = b"" if late else os.read(reading, 4096)
        words += piece
        if not piece:
            break
    try:
        os.killpg(child, signal.SIGKILL)
    except ProcessLookupError:
        pass
    os.waitpid(child, 0)
    if late:
        return f"the clock, after {patience:.0f} s"
    return "" if words == b"nobody" else words.decode() or "the end of everything"
