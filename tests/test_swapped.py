"""Many mutants in one pytest: each is seen by those who call it, and none outlives its fork."""

import json

import pytest

import mutants

pytestmark = pytest.mark.skipif(not hasattr(mutants.os, "fork"), reason="nothing forks here")

SOURCE = """
def kept(f):
    def called(x):
        return f(x + 0)
    return called


@kept
def twice(x):
    return x + x


class Pair:
    def total(self):
        return 3 - 0


def early():
    return 1


EARLY = early()
"""
TESTS = """
import smlearn.sums as sums
from smlearn.sums import Pair, twice
kept_from_collection = twice(2)

def test_twice():
    assert twice(3) == 6

def test_pair():
    assert Pair().total() == 3

def test_text():
    assert "x + x" in open(sums.__file__).read() or twice(0) == 0
"""


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A folder with one module and its tests, in which pytest starts at once."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.setitem(mutants.TESTS, "sums", ["sums"])
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = -p xdist.plugin\n")
    (tmp_path / "smlearn").mkdir()
    (tmp_path / "tests").mkdir()
    (tmp_path / "smlearn" / "__init__.py").write_text("")
    (tmp_path / "smlearn" / "sums.py").write_text(SOURCE)
    (tmp_path / "tests" / "test_sums.py").write_text(TESTS)
    return tmp_path


def found_by(course, *changes, source=SOURCE):
    """Return {what is there now: who notices} for the changes asked for, tried in forks."""
    found = mutants.record(course, ["sums"])
    chosen = {k: m for k, m in enumerate(mutants.mutants(source)) if (m.was, m.now) in changes}
    assert len(chosen) == len(changes)
    return {
        chosen[k].now: who for k, who in mutants.judge_many(course, "sums", chosen, found).items()
    }


def test_each_change_is_seen_by_its_own_test_alone(course):
    """What is swapped into one fork, behind a decorator or in a class, is in no other."""
    changes = [("x + x", "x - x"), ("3 - 0", "0"), ("3 - 0", "3"), ("x + 0", "x")]
    assert found_by(course, *changes) == {
        "x - x": "tests/test_sums.py::test_twice",
        "0": "tests/test_sums.py::test_pair",
        "3": "",
        "x": "",
    }
    assert (course / "smlearn" / "sums.py").read_text() == SOURCE


def test_a_change_that_was_run_by_an_import_is_out_of_reach(course):
    """EARLY is made already when the fork is."""
    found = mutants.record(course, ["sums"])
    reached = {
        (m.was, m.now): mutants.reached(found, "sums", SOURCE, m) for m in mutants.mutants(SOURCE)
    }
    assert reached["return x + x", "return None"] is False  # twice(2), in the tests' own import
    assert reached["3 - 0", "0"] is True
    assert reached["return 1", "return None"] is False


@pytest.mark.parametrize(
    ("code", "notice"),
    [
        ("while not go: pass", "the clock, after 2 s"),
        ("if not go: import os; os._exit(0)", "the end of everything"),
        ("if not go: raise KeyboardInterrupt", "KeyboardInterrupt outside of tests"),
    ],
)
def test_a_change_that_ends_or_never_ends_is_noticed_and_the_next_is_tried(
    course, monkeypatch, code, notice
):
    """The clock, the end of the process, and what no test catches."""
    source = f"def wait(go=True):\n    {code}\n    return 1\n"
    (course / "smlearn" / "sums.py").write_text(source)
    test = "from smlearn.sums import wait\ndef test_it():\n    assert wait() == 1\n"
    (course / "tests" / "test_sums.py").write_text(test)
    monkeypatch.setattr(mutants, "PATIENCE", 2)
    who = found_by(course, ("not go", "go"), ("return 1", "return None"), source=source)
    assert who == {"go": notice, "return None": "tests/test_sums.py::test_it"}


def test_what_is_said_of_each_is_a_line_of_its_own(course):
    """A run that is stopped has said what it found so far."""
    found_by(course, ("3 - 0", "0"))
    numbers = [json.loads(line)[0] for line in (course / "said.jsonl").read_text().splitlines()]
    assert len(numbers) == 1
