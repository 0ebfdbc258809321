"""The benchmarks of random cases draw what they say, count all of it, and see a checker fail."""

import importlib.util
import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from smlearn.checking import compare, report
from smlearn.checking.differences import numerical_vjp

FOLDER = Path(__file__).parent.parent / "benchmarks"


def benchmarks():
    """Return both benchmarks, which find what they share beside them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(FOLDER))
        try:
            return SimpleNamespace(right=module("right_draws"), wrong=module("wrong_draws"))
        finally:
            for name in ("draws", "families", "spoilt"):
                sys.modules.pop(name, None)


def module(name):
    spec = importlib.util.spec_from_file_location(f"bench_{name}", FOLDER / f"{name}.py")
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


BENCH = benchmarks()
RIGHT, WRONG = BENCH.right, BENCH.wrong
DRAW = type(RIGHT.draw("tanh", 0))


def agrees(name, seed):
    """Say whether the right pass of a draw is what is measured, both in longdouble.

    A little beside the x of the draw, since some are drawn at a tie or at a kink.
    """
    function = RIGHT.draw(name, seed).function
    x = np.where(np.isfinite(function.x), function.x, -1e4).astype(np.longdouble)
    x += np.linspace(1e-3, 2e-3, x.size).reshape(x.shape)
    with np.errstate(all="ignore"):
        y = np.asarray(function.f(x))
        dp = np.random.default_rng(seed).standard_normal(y.shape).astype(y.dtype)
        dx = function.vjp(x, dp)
        measured = numerical_vjp(function.f, x, dp, h=2.0**-24)
    noise = 2.0**30 * np.finfo(x.dtype).eps * np.abs(y).max()  # 64 eps / h
    return bool(np.abs(dx - measured).max() <= 1e-4 * np.abs(dx).max() + noise)


@pytest.mark.parametrize("name", RIGHT.NAMES)
def test_the_right_pass_of_a_draw_is_right(name):
    """But where f is rough or has a kink, as some are meant to be, a difference cannot tell."""
    assert sum(agrees(name, seed) for seed in range(12)) >= 9


@pytest.mark.parametrize("name", RIGHT.NAMES)
def test_a_right_pass_runs_in_every_family(name):
    """The columns of the table add up, and who refuses is the check, not the draw."""
    all_of = list(RIGHT.outcomes([name], 24))
    _, row, last = RIGHT.table(all_of).splitlines()
    draws, *kinds = map(int, row.removeprefix(name).split()[:5])
    assert draws == sum(kinds) == 24
    assert last.split()[1:] == row.removeprefix(name).split()
    assert all("gradcheck:" in o.said for o in all_of if o.kind == "refused")


def test_a_seed_makes_the_same_draw_again():
    """And another seed another one; so does another family."""
    first, again, other = (RIGHT.draw("softmax", seed).function.x for seed in (3, 3, 4))
    np.testing.assert_array_equal(first, again)
    assert first.shape != other.shape or (first != other).any()


def test_a_checker_that_sees_little_shows_in_the_table(monkeypatch):
    """With tolerances a thousand times as wide nothing FAILs, and the last columns say why."""
    fine = list(RIGHT.outcomes(["tanh"], 12))
    told = report.GradcheckReport.resolution.fget
    monkeypatch.setattr(
        report.GradcheckReport, "resolution", property(lambda self: 1000 * told(self))
    )
    coarse = list(RIGHT.outcomes(["tanh"], 12))
    np.testing.assert_allclose([o.seen for o in coarse], [1000 * o.seen for o in fine])
    assert RIGHT.table(coarse) != RIGHT.table(fine)


def test_a_checker_that_is_too_strict_is_caught(monkeypatch, capsys):
    """Right passes that FAIL are listed, with their seeds, and the benchmark fails."""
    honest = DRAW.check
    monkeypatch.setattr(
        DRAW, "check", lambda self, **how: replace(honest(self, **how), verdict="FAIL")
    )
    assert RIGHT.main(["--show", "tanh", "--draws", "300"]) == 1
    shown = capsys.readouterr().out
    assert "FAIL         tanh, --seed " in shown
    assert not RIGHT.holds(list(RIGHT.outcomes(["tanh"], 6)))


def test_a_right_pass_that_is_refused_is_caught(monkeypatch):
    """Once each kind of refusal, whatever numbers are in it."""

    def refuse(self, *_, **__):
        raise ValueError(f"x must be tame, but got {self.function.x.flat[0]}")

    monkeypatch.setattr(DRAW, "check", refuse)
    all_of = list(RIGHT.outcomes(["tanh", "abs"], 5))
    assert not RIGHT.holds(all_of)
    assert len(RIGHT.complaints(all_of).splitlines()) == 1
    assert "10 refused, as tanh, --seed 0: ValueError: x must be tame" in RIGHT.complaints(all_of)


@pytest.mark.parametrize("kind", WRONG.KINDS)
def test_a_wrong_pass_of_every_kind_runs(kind):
    """Its outcome is one that the table has a column for, and the columns add up."""
    all_of = list(WRONG.outcomes([kind], 12))
    _, row, _ = WRONG.table(all_of).splitlines()
    draws, *seen = map(int, row.removeprefix(kind).split())
    assert draws == sum(seen) == 12


def test_a_checker_that_is_no_longer_sure_is_told_apart(monkeypatch):
    """It says INCONCLUSIVE of what FAILs, and where the right one passes that is counted apart."""
    failed = [o for o in WRONG.outcomes(["factor"], 20) if o.seen == "FAIL"]
    sure = WRONG.Wrong.check
    monkeypatch.setattr(
        WRONG.Wrong, "check", lambda self: replace(sure(self), verdict="INCONCLUSIVE")
    )
    again = [WRONG.ask(o.kind, o.seed) for o in failed]
    assert sum(o.seen == WRONG.UNSURE for o in again) >= len(failed) / 2
    assert not any(o.seen == WRONG.UNSURE for o in failed)


def test_a_resolution_that_is_too_small_is_caught(monkeypatch):
    """A checker that passes what it says it would have seen."""
    told = report.GradcheckReport.resolution.fget
    fine = list(WRONG.outcomes(["factor", "one entry"], 20))
    monkeypatch.setattr(
        report.GradcheckReport,
        "resolution",
        property(lambda self: told(self) and 1e-4 * told(self)),
    )
    # errors are made to the size of the resolution that is told, and so are too small to be seen
    spoilt = list(WRONG.outcomes(["factor", "one entry"], 20))
    assert sum(o.seen == WRONG.FAULT for o in spoilt) > sum(o.seen == WRONG.FAULT for o in fine)
    assert "--seed" in WRONG.listed(spoilt, WRONG.FAULT)


def test_a_check_that_always_passes_is_caught(monkeypatch):
    """Though it measures well and tells its resolution."""
    monkeypatch.setattr(compare.Measured, "over", property(lambda self: 0.0))
    all_of = list(WRONG.outcomes(["factor", "row forgotten"], 20))
    assert sum(o.seen == WRONG.FAULT for o in all_of) >= 10
