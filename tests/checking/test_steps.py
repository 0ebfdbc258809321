"""Near an edge of f a shorter step is taken, and said."""

import numpy as np
import pytest

from smlearn.checking import gradcheck
from smlearn.checking.backward_pair import Pair
from smlearn.checking.steps import measure_with_a_step

EDGES = {
    "sqrt": (np.sqrt, lambda x, dp: dp / np.sqrt(x) / 2),
    "log": (np.log, lambda x, dp: dp / x),
    "arcsin": (lambda x: np.arcsin(1 - x), lambda x, dp: -dp / np.sqrt(1 - (1 - x) ** 2)),
}


@pytest.mark.parametrize("kind", EDGES)
@pytest.mark.parametrize(("dtype", "x0"), [(np.float32, 0.01), (np.float32, 0.001),
                                           (np.float64, 1e-5), (np.float64, 1e-7)])  # fmt: skip
def test_a_right_gradient_near_an_edge_passes(kind, dtype, x0):
    """The step of theory leads beyond 0; a wrong factor still fails, and is named."""
    f, vjp = EDGES[kind]
    x = np.array([[x0, 0.5], [0.3, 1.25]], dtype)
    report = gradcheck(f, vjp, x)
    assert report.verdict == "PASS", report
    assert report.case.h < x0 / 4
    assert report.notes[-1].startswith("f is not defined everywhere within ")
    assert f"of x: a step of {report.case.h:.2g} was taken" in str(report)
    twice = gradcheck(f, lambda x, dp: 2 * vjp(x, dp), x)
    assert (twice.verdict, twice.diagnosis.key) == ("FAIL", "factor")


def test_inside_the_step_of_theory_is_taken():
    """And nothing is said."""
    report = gradcheck(*EDGES["sqrt"], np.array([0.1, 0.5], np.float32))
    assert (report.verdict, report.case.h, report.notes) == ("PASS", 2.0**-6, ())


def test_a_step_that_was_given_is_kept_and_a_better_one_is_named():
    """The learner asked for this one."""
    with pytest.raises(
        ValueError,
        match=r"^gradcheck: h must keep f defined, but x \+ 0\.5 or x "
        r"- 0\.5 leads out; leave h out, or take 0\.016$",
    ):
        gradcheck(*EDGES["sqrt"], np.array([0.2, 1.0]), h=0.5)


def test_where_no_step_helps_x_is_at_fault():
    """At an edge itself, whatever the backward pass says there, and off all points but one."""
    x = np.array([0.0, 0.5], np.float32)
    with pytest.raises(ValueError, match="choose an x where f is smooth"):
        gradcheck(np.sqrt, lambda x, dp: dp, x)
    broken = lambda x: np.where(x == 0.5, x, np.nan)  # noqa: E731
    with pytest.raises(ValueError, match="choose an x where f is smooth"):
        gradcheck(broken, lambda x, dp: dp, np.array([0.5]))


@pytest.mark.parametrize("small", [1e-3, 1e-5, 1e-6])
def test_as_near_to_an_edge_as_the_smallest_entry_a_step_is_found(small):
    """Of float32, too; the resolution says what so short a step could not see."""
    x = np.array([small, 0.5], np.float32)
    report = gradcheck(*EDGES["sqrt"], x)
    assert report.verdict == "PASS", report
    assert report.case.h < small / 4
    assert report.resolution > 1e-6 / report.case.h
    f, vjp = EDGES["sqrt"]
    wrong = gradcheck(f, lambda x, dp: vjp(x, dp) + [1.1 * report.resolution, 0], x)
    assert wrong.verdict == "FAIL"


def test_the_smallest_entry_is_so_by_its_size():
    """On the other side of 0, too."""
    x = np.array([-1e-6, -0.5], np.float32)
    report = gradcheck(lambda x: np.sqrt(-x), lambda x, dp: -dp / np.sqrt(-x) / 2, x)
    assert (report.verdict, report.case.h < 2.5e-7) == ("PASS", True)


def test_a_backward_that_raises_at_the_numbers_is_no_edge():
    """It is a failure of vjp; no shorter step is looked for."""
    calls = []

    def vjp(x, dp):
        calls.append(1)
        if len(calls) > 17:
            raise KeyError("p")
        return dp / np.sqrt(x) / 2

    report = gradcheck(np.sqrt, vjp, np.array([0.2, 1.0]))
    assert report.checks[-1][:2] == ("the numbers", "FAIL")
    assert report.notes == ()


def step_taken(x, defined) -> float:
    """Return with which step 3 x is measured at x, where it is defined in some places only."""
    x, vjp = np.array(x), lambda x, dp: 3 * dp
    case = gradcheck(lambda z: 3 * z, vjp, x).case
    f = lambda z: np.where(defined(z - x), 3 * z, np.nan)  # noqa: E731
    return measure_with_a_step(case._replace(pair=Pair(f, vjp)), None)[0].h


@pytest.mark.parametrize(
    ("x", "least"), [([1.0], -43), ([1.0, 0.0], -43), ([0.0], -43), ([2.0**-10], -53)]
)
def test_a_step_is_an_eighth_of_what_f_bears_and_no_shorter_than_rounding_allows(x, least):
    """64 units in the last place of the smallest entry, where it is not 0; of 1, where all are."""
    for k in (-17, -30, least):
        assert step_taken(x, lambda z, r=2.0**k: np.abs(z).max() <= r) == 2.0 ** (k - 3)
    with pytest.raises(ValueError, match="choose an x where f is smooth"):
        step_taken(x, lambda z: np.abs(z).max() <= 2.0 ** (least - 1))


@pytest.mark.parametrize(("big", "step"), [(28, -23), (29, -22), (30, -21), (31, -20)])
def test_a_step_moves_a_large_entry_too(big, step):
    """An eighth of the way to the edge, 1e-6, is less than its last place."""
    case = gradcheck(*EDGES["log"], np.array([1.5 * 2.0**big, 1e-6])).case
    assert case.h == 2.0**step


def test_a_shorter_step_is_never_a_longer_one():
    """Beyond a gap f is defined again, which is no reason to go there."""
    gap = lambda z: not ((2.0**-20 < np.abs(z)) & (np.abs(z) < 2.0**-8)).any()  # noqa: E731
    assert step_taken([1.0], gap) == 2.0**-23


def test_a_division_by_zero_a_step_away_is_an_edge(recwarn):
    """It is no warning: the learner did not ask f there."""
    x = np.array([0.25])
    f, vjp = lambda z: 1 / (z - (0.25 + 2.0**-16)), lambda x, dp: -dp * f(x) ** 2
    report = gradcheck(f, vjp, x)
    assert report.case.h < 2.0**-16
    assert not recwarn.list


def test_a_shorter_step_that_sees_nothing_move_says_nothing():
    """On a stair: a step of theory climbs, its half twice as steeply, a shorter one not at all."""
    width = 0.8 * 2.0**-16
    report = gradcheck(lambda x: width * np.round(x / width), lambda x, dp: dp, np.zeros(3))
    assert (report.case.h, report.verdict) == (2.0**-16, "INCONCLUSIVE")


def test_an_entry_that_f_does_not_read_is_no_loss():
    """The ripple of the other one is seen with a shorter step all the same."""
    read = np.array([1.0, 0.0])
    f = lambda x: read * (x + 1e-6 * np.sin(x * 2**17))  # noqa: E731
    vjp = lambda x, dp: read * dp * (1 + 1e-6 * 2**17 * np.cos(x * 2**17))  # noqa: E731
    report = gradcheck(f, vjp, np.array([1.2, 0.7]))
    assert (report.case.h, report.verdict) == (2.0**-19, "PASS")
