"""Probes say which tests enter which block, and only those are run, the quickest first."""

import pytest

import mutants
from touched import block_of, probed, who_enters

SOURCE = '''"""Two functions."""

from functools import cache


def sign(x):
    """Return -1 or 1."""
    if x < 0:
        return -1
    return 1


@cache
def table():
    return {"a": 1 + 1}


class Empty:
    """Nothing."""

    def nothing(self): ...
'''
INSIDE, BESIDE, NEGATIVE, TABLE = 8, 10, 9, 15  # lines

TESTS = """
import subprocess, sys, time
import pytest
from smlearn.two import sign, table

@pytest.fixture(scope="module")
def shared():
    return sign(-5)

def test_slow():
    time.sleep(0.3)
    assert sign(3) > 0

def test_quick():
    assert sign(3) == 1

def test_first():
    assert table() == {"a": 2}

def test_again():
    assert table() == {"a": 2}

def test_elsewhere():
    subprocess.run([sys.executable, "-c", "sum(range(10**6))"])
"""


def test_a_line_is_of_the_innermost_block_around_it():
    """A block is named by its first line that is no docstring."""
    where = {line: block_of(SOURCE, line) for line in (3, 6, INSIDE, BESIDE, NEGATIVE, 13, TABLE)}
    assert where == {3: 0, 6: 0, 8: 8, 10: 8, 9: 9, 13: 0, 15: 15}


def test_probes_change_nothing_else(monkeypatch):
    """Docstrings stay, and so does what has no statement; without a recorder nobody listens."""
    space = {"__name__": "two"}
    exec(probed(SOURCE, "two"), space)
    assert (space["__doc__"], space["sign"].__doc__) == ("Two functions.", "Return -1 or 1.")
    assert [space["sign"](x) for x in (-2, 0)] == [-1, 1]
    assert "_met" not in space["Empty"].nothing.__code__.co_names


@pytest.fixture
def course(tmp_path, monkeypatch):
    """One module, its tests, and a pytest that starts at once."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.setattr(mutants, "TESTS", {"two": ["two"]})
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = -p xdist.plugin\n")  # it knows -n0
    for name, text in [
        ("smlearn/__init__", ""),
        ("smlearn/two", SOURCE),
        ("tests/test_two", TESTS),
    ]:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / f"{name}.py").write_text(text)
    return tmp_path


def names(found, line):
    return [name.partition("::test_")[2] for name in who_enters(found, f"two:{line}")]


def test_who_enters_a_block_is_written_down(course):
    """The second user of a cache as well, and, to be safe, who runs a process."""
    found = mutants.record(course, ["two"])
    assert (course / "smlearn" / "two.py").read_text() == SOURCE
    assert names(found, INSIDE) == ["quick", "slow", "elsewhere"]  # or it may have
    assert sorted(names(found, TABLE)) == ["again", "elsewhere", "first"]
    assert names(found, NEGATIVE) == ["elsewhere"]
    everybody = names(found, 0)  # what stands outside of functions may be everybody's
    assert sorted(everybody) == ["again", "elsewhere", "first", "quick", "slow"]
    assert everybody[-1] == "elsewhere"  # and it enters no function here


def test_what_several_tests_share_is_everybodys(course):
    """The first of them enters it, and all of them live on it."""
    tests = course / "tests" / "test_two.py"
    tests.write_text(TESTS.replace("def test_first():", "def test_first(shared):"))
    assert len(names(mutants.record(course, ["two"]), NEGATIVE)) == 5


def test_the_quickest_that_notices_is_named_and_the_others_are_not_run(course):
    """Of a change that no test enters nobody knows."""
    found = mutants.record(course, ["two"])
    by_change = {(m.line, m.now): m for m in mutants.mutants(SOURCE)}
    for line, now, who in [(BESIDE, "0", "tests/test_two.py::test_quick"), (NEGATIVE, "1", "")]:
        verdict = mutants.judge(course, "two", by_change[line, now], found)
        assert verdict == who
    assert (course / "smlearn" / "two.py").read_text() == SOURCE


def test_tests_that_fail_before_anything_is_changed_end_it(course):
    """Every mutant would seem to be noticed."""
    (course / "tests" / "test_two.py").write_text("def test_it():\n    assert False\n")
    with pytest.raises(SystemExit, match=r"this fails: tests/test_two.py::test_it; mend"):
        mutants.record(course, ["two"])
