"""The benchmark of imports takes fair turns in fresh processes and knows if a promise is kept."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest

PATH = Path(__file__).parent.parent / "benchmarks" / "imports.py"


@pytest.fixture
def bench():
    """The benchmark as a module."""
    spec = importlib.util.spec_from_file_location("bench_imports", PATH)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def scripted(bench, monkeypatch, **factors):
    """Let round n take n seconds times a factor, by what the statement holds; return the log."""
    log = []

    def seconds(statement, root):
        log.append((statement, root))
        name = max((name for name in factors if name in statement), key=len)
        return factors[name] * log.count((statement, root))

    monkeypatch.setattr(bench, "seconds", seconds)
    statements = {
        "numpy": "import numpy",
        "smlearn": "import smlearn",
        "no_such": "import no_such",
    }
    monkeypatch.setattr(bench, "IMPORTS", statements)
    return log


def test_they_take_turns_and_the_first_round_is_not_counted(bench, monkeypatch):
    """It writes the bytecode. What is not installed is left out."""
    log = scripted(bench, monkeypatch, numpy=1, smlearn=2)
    taken = bench.take_turns(rounds=2)
    assert [statement for statement, _ in log] == ["import numpy", "import smlearn"] * 3
    assert {name: list(each) for name, each in taken.items()} == {
        "numpy": [2, 3],
        "smlearn": [4, 6],
    }


def test_another_smlearn_takes_its_turn_beside_ours(bench, monkeypatch):
    """An earlier commit, under the same moments of the machine."""
    log = scripted(bench, monkeypatch, numpy=1, smlearn=2)
    taken = bench.take_turns(rounds=1, beside=Path("earlier"))
    assert list(taken) == ["numpy", "smlearn", "smlearn, beside"]
    assert [str(root) for _, root in log[:3]] == [str(bench.ROOT), str(bench.ROOT), "earlier"]


def test_ratios_are_taken_within_a_round(bench):
    """Twice as slow in each of three rounds, however busy the machine was."""
    numpy = np.array([1.0, 5.0, 2.0])
    taken = {"numpy": numpy, "smlearn": 2 * numpy}
    np.testing.assert_array_equal(bench.quartiles(taken, "smlearn"), 2)
    assert bench.import_times(taken).splitlines()[2].split() == (
        "smlearn 4000 ms 2.00 2.00 to 2.00".split()
    )


@pytest.mark.parametrize(("factor", "status"), [(1.29, 0), (1.31, 1)])
def test_the_exit_status_says_if_the_promise_is_kept(bench, monkeypatch, capsys, factor, status):
    """At most 1.3 times NumPy."""
    scripted(bench, monkeypatch, numpy=1, smlearn=factor)
    assert bench.main(["--rounds", "3"]) == status
    assert f"costs {factor} times NumPy; at most 1.3 is promised" in capsys.readouterr().out


def test_a_fresh_process_finds_the_smlearn_of_the_folder(bench, tmp_path):
    """Not that of the folder the benchmark is called in; and what it prints is not the time."""
    (tmp_path / "smlearn.py").write_text("print(-12)", "utf-8")
    theirs = "import smlearn; assert smlearn.__file__.endswith('smlearn.py')"
    assert bench.seconds(theirs, tmp_path) > 0
    assert bench.seconds("import smlearn; smlearn.softmax") > 0
