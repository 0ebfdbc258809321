"""The benchmark counts only checks that passed, takes fair turns, and names who is missing."""

import importlib.util
import sys
from pathlib import Path

import numpy as np
import pytest

PATH = Path(__file__).parent.parent / "benchmarks" / "gradcheck.py"


@pytest.fixture
def bench(monkeypatch):
    """The benchmark as a module; what it sets for its own process stays its own."""
    for library in ("OMP", "OPENBLAS", "MKL"):
        monkeypatch.setenv(f"{library}_NUM_THREADS", "1")
    spec = importlib.util.spec_from_file_location("bench_gradcheck", PATH)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_they_take_turns(bench):
    """One after the other in each round, and the warm-up does not count."""
    calls = []
    contenders = {
        "a": lambda: calls.append("a") or True,
        "b": lambda: calls.append("b") or True,
    }
    seconds = bench.take_turns(contenders, rounds=2)
    assert calls == ["a", "b"] * (bench.WARM_UP + 2)
    assert [len(taken) for taken in seconds.values()] == [2, 2]


def test_a_check_that_fails_is_not_timed(bench):
    """A fast wrong answer is no answer."""
    with pytest.raises(RuntimeError, match=r"^a: the check must pass to be timed, but failed"):
        bench.take_turns({"a": lambda: False}, rounds=1)


def test_ratios_are_taken_within_a_round(bench):
    """Twice as slow in each of three rounds, however busy the machine was."""
    reference = np.array([1.0, 5.0, 2.0])
    text = bench.table({bench.REFERENCE: reference, "we": 2 * reference})
    assert text.splitlines()[2].split()[-4:] == ["2.00", "2.00", "to", "2.00"]


def test_who_is_not_installed_is_named(bench, monkeypatch, capsys):
    """Not skipped in silence."""
    monkeypatch.setattr(bench, "find_spec", lambda name: None)
    bench.main(rounds=1)
    shown = capsys.readouterr().out
    assert "PyTorch, slow mode: missing, and nothing to compare with; run `make bench`" in shown
    assert "smlearn, diagnosis off" in shown
    assert "torch" not in sys.modules
