"""Find out which tests run which part of a module, with probes in a copy of it.

A block is what is indented alike inside of a function: who enters it meets the probe at its head.
A test that enters no block around a change cannot notice it. A tracer would see less: the course
takes away what learner code may have set, and a tracer with it.
"""

import ast
import json
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

__all__ = ["Chosen", "Recorder", "block_of", "forget", "probed", "who_enters"]

EVERYWHERE = "everywhere"  # where a test runs a process, whose probes nobody hears


def _blocks(tree: ast.Module) -> Iterator[tuple[list[ast.stmt], int]]:
    """Yield each block inside of a function, and where it begins behind its docstring."""
    for node in ast.walk(tree):
        for field in ("body", "orelse", "finalbody"):
            block = getattr(node, field, None)
            if isinstance(block, list) and not isinstance(node, ast.Module | ast.ClassDef):
                head = _behind_docstring(block)
                if head < len(block):
                    yield block, head


def _behind_docstring(block: list[ast.stmt]) -> int:
    match block:
        case [ast.Expr(ast.Constant()), *_]:
            return 1
    return 0


def block_of(source: str, line: int) -> int:
    """Return the first line of the innermost block around a line; 0 outside of functions."""
    spans = [(block[k].lineno, block[-1].end_lineno) for block, k in _blocks(ast.parse(source))]
    return max((first for first, last in spans if first <= line <= last), default=0)


def probed(source: str, name: str) -> str:
    """Return the source with a probe at the head of each block; it calls sys.met("name:line")."""
    tree = ast.parse(source)
    for block, head in list(_blocks(tree)):
        block.insert(head, _statement(f"_met({f'{name}:{block[head].lineno}'!r})"))
    # Without a recorder, as in a kernel, it is something that does no harm.
    tree.body.insert(
        _behind_docstring(tree.body), _statement("_met = getattr(__import__('sys'), 'met', hash)")
    )
    return ast.unparse(tree)


def _statement(text: str) -> ast.stmt:
    return ast.parse(text).body[0]


class Recorder:
    """A plugin of pytest that writes down what each test meets, and how long it takes."""

    def __init__(self, record: Path):
        self.record, self.met, self.always, self.tests = record, set(), set(), {}

    def pytest_configure(self):
        """Listen: a method written in C adds no frame, in which an alarm could ring."""
        sys.met = self.met.add

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item):
        """Note a test; what was met outside of any, as in an import, is everybody's."""
        forget()
        self.always |= self.met
        self.met.clear()
        started, processes = time.perf_counter(), _time_of_processes()
        done = yield
        if _time_of_processes() != processes:
            self.met.add(EVERYWHERE)
        self.tests[item.nodeid] = time.perf_counter() - started, sorted(self.met)
        self.met.clear()
        return done

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef):
        """Give to everybody what was met in setting up what several tests share."""
        before = set(self.met)
        self.met.clear()
        value = yield
        if fixturedef.scope != "function":
            self.always |= self.met
        self.met |= before
        return value

    def pytest_sessionfinish(self):
        """Write it all down."""
        self.record.write_text(json.dumps([sorted(self.always), self.tests]), "utf-8")


def _time_of_processes() -> tuple[float, float]:
    """Return what those have used that were started from here, and have ended."""
    return os.times()[2:4]


def forget() -> None:
    """Empty the caches of the course, or a test would live on what another has computed."""
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] == "smlearn":
            for value in list(vars(module).values()):
                getattr(value, "cache_clear", int)()


def who_enters(record: Path, block: str) -> dict[str, float]:
    """Return the tests that enter a block, and their seconds, quick ones first.

    Everybody may depend on what stands outside of functions: first those that enter the module.
    """
    always, tests = json.loads(record.read_text("utf-8"))
    module, _, line = block.rpartition(":")
    everybody = line == "0" or block in always
    found = {}
    for name, (seconds, met) in tests.items():
        if everybody or block in met or EVERYWHERE in met:
            beside = not any(each.startswith(f"{module}:") for each in met)
            found[name] = beside, seconds
    return {name: found[name][1] for name in sorted(found, key=found.get)}


class Chosen:
    """A plugin of pytest that runs these tests alone, in this order."""

    def __init__(self, names: list[str]):
        self.place = {name: k for k, name in enumerate(names)}

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items):
        """Leave the others out."""
        items[:] = [item for item in items if item.nodeid in self.place]
        items.sort(key=lambda item: self.place[item.nodeid])
