"""Everybody in the benchmark computes the same numbers; who is wrong or missing is named."""

import importlib.util
import io
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

FOLDER = Path(__file__).parent.parent / "benchmarks"


@pytest.fixture
def bench(monkeypatch):
    """The benchmark as a module, which finds its contenders beside it."""
    monkeypatch.syspath_prepend(str(FOLDER))
    spec = importlib.util.spec_from_file_location("bench_softmax", FOLDER / "softmax.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    yield module
    for name in ("contenders", "imports"):
        sys.modules.pop(name)


def answers(bench, name, shape, dtype):
    operations = bench.CONTENDERS[name].build(*bench.data(shape, dtype))
    return {operation: bench.sample(f()) for operation, f in operations.items()}


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("shape", [(5, 3), (4, 70_000)])
def test_everybody_here_computes_the_same_numbers(bench, shape, dtype):
    """A race between different questions has no winner."""
    here = [k for k, c in bench.CONTENDERS.items() if c.computes and k not in bench.missing()]
    assert {"smlearn", "smlearn blocked", "smlearn blocked out=", "SciPy"} <= set(here)
    for name in here:
        assert bench.wrong(answers(bench, name, shape, dtype), shape, dtype) == [], name


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_what_is_not_softmax_is_noticed(bench, dtype):
    """The test above can fail: the diagonal, a product, nothing at all."""
    shape = (5, 3)
    right = answers(bench, "smlearn", shape, dtype)
    x, dp = bench.data(shape, dtype)
    p = np.exp(x) / np.exp(x).sum(axis=-1, keepdims=True)
    for dx in (p * (1 - p) * dp, p * dp, np.zeros_like(p), np.full_like(p, np.nan)):
        assert bench.wrong(right | {"both": bench.sample(dx)}, shape, dtype) == ["both"]
    limit = answers(bench, "limit", shape, dtype)
    assert bench.wrong(limit, shape, dtype) == ["backward"]


class Scripted:
    """A contender's process, but for the process."""

    def __init__(self, name, log, seconds=1.0):
        self.name, self.log, self.seconds = name, log, seconds

    def ask(self, operation, calls):
        self.log.append((self.name, calls))
        return self.seconds


def test_they_take_turns_each_called_as_often_as_fills_a_moment(bench):
    """One after the other in each round; what takes half a moment is called twice."""
    log = []
    a, b = Scripted("a", log), Scripted("b", log, bench.MOMENT / 2)
    seconds = bench.take_turns([a, b], "both", rounds=2)
    assert log == [("a", 1)] * 2 + [("b", 1)] * 2 + [("a", 1), ("b", 2)] * 2
    assert [list(taken) for taken in seconds.values()] == [[1, 1], [bench.MOMENT / 2] * 2]


def test_ratios_are_taken_within_a_round(bench):
    """Twice as slow in each of three rounds, however busy the machine was."""
    reference = np.array([1.0, 5.0, 2.0])
    seconds = {"we": 2 * reference, "they": reference}
    np.testing.assert_array_equal(bench.ratio(seconds, "we", "they"), 2)
    assert bench.ratio(seconds, "we", "nobody") is None


def test_a_process_answers_as_asked(bench):
    """Numbers, then seconds, then bytes where the system knows them."""
    requests = [
        {"shape": [5, 3], "dtype": "float32"},
        {"operation": "both", "calls": 2},
        {"operation": "both"},
    ]
    out = io.StringIO()
    lines = [json.dumps(request) for request in requests]
    bench.sys.modules["contenders"].serve(bench.CONTENDERS["smlearn"], lines, out)
    numbers, seconds, most = map(json.loads, out.getvalue().splitlines())
    assert numbers == answers(bench, "smlearn", (5, 3), "float32")
    assert seconds > 0
    assert most is None or most >= 0


def test_the_peak_is_measured(bench):
    """Three arrays of 16 MB at once, on the systems that can tell; in a process that is new.

    One that has freed as much before takes that memory again, and its high-water mark stays.
    """
    code = """
import numpy as np
from contenders import peak
print(peak(lambda: sum(np.ones(2_000_000) for _ in range(2))))
"""
    run = subprocess.run([sys.executable, "-c", code], cwd=FOLDER, capture_output=True, text=True,
                         env=bench.surroundings(), check=True)  # fmt: skip
    assert run.stdout == "None\n" or 30e6 < int(run.stdout) < 70e6


def test_the_whole_run_names_who_is_wrong_and_who_is_missing(bench, monkeypatch, tmp_path, capsys):
    """With processes of their own, at small shapes; the wrong one is not timed."""
    names = ["smlearn", "SciPy", "limit"]
    monkeypatch.setattr(bench, "SHAPES", [(5, 3), (4, 6)])
    monkeypatch.setattr(bench.imports, "IMPORTS", {"numpy": "import numpy"})
    absent = {name: "no_such" for name in bench.CONTENDERS if name not in names}
    monkeypatch.setattr(bench, "missing", lambda: absent)
    real = bench.wrong
    monkeypatch.setattr(
        bench, "wrong", lambda a, *at: real(a, *at) + ["forward"] * ("both" not in a)
    )  # SciPy's alone has no backward
    assert bench.main(["--rounds", "1", "--into", str(tmp_path)]) == 1
    report, table = ((tmp_path / f"softmax.{kind}").read_text("utf-8") for kind in ("txt", "md"))
    assert report in capsys.readouterr().out
    assert "SciPy: wrong forward at (5, 3) float64" in report
    assert "SciPy  " not in report
    assert "JAX jit: missing (no_such); run `make bench`" in report
    assert "| (4, 6) | float32 | missing |" in table
    assert f"numpy {np.__version__}" in table
    assert "`make bench`" in table


def test_a_process_that_ends_is_an_error(bench):
    """Not a missing line in the table."""
    process = bench.Process("nobody", 1)
    with pytest.raises(RuntimeError, match="nobody: an answer was expected"):
        process.ask(shape=[2, 3], dtype="float64")
    process.close()
