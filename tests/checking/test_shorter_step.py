"""Near an edge of f a shorter step is taken, and said."""

import numpy as np
import pytest

from smlearn.checking import gradcheck

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
