"""What is measured, and how far off the backward pass is, in tolerances."""

import numpy as np
import pytest

from smlearn import softmax, softmax_vjp
from smlearn.checking import gradcheck
from smlearn.checking.backward_pair import Case, Pair
from smlearn.checking.compare import measure, sweep
from smlearn.checking.tolerance import softmax_tolerance

U = 2.0**-53


def test_too_small_is_as_wrong_as_too_large():
    """Every entry half of what it should be: the one furthest off is named."""
    x = np.array([1.0, 3.0, 2.0])
    report = gradcheck(lambda x: np.sum(x**2), lambda x, dp: dp * x, x, dp=1.0)
    assert report.verdict == "FAIL"
    assert report.worst_index == (1,)
    assert report.max_error_over_tol > 1e6
    assert report.ratio == pytest.approx(0.5)


def test_the_tolerance_of_a_straight_line_is_noise_and_rounding():
    """Nothing changes between h and h / 2, so only those two are left."""
    x, dp = np.array([0.5, -3.0]), np.array([4.0, 1.0])
    report = gradcheck(lambda x: 2 * x, lambda x, dp: 2 * dp, x, dp=dp)
    values = 4 * (1 + 2**-16) + 1 * 6  # the largest that was met, half a step from x
    by_hand = 16 * U * (values + 4 * 3) * 2**16 + 64 * U * (8 + 4)
    np.testing.assert_allclose(report.measured.tol, by_hand, rtol=1e-12)
    assert report.resolution == pytest.approx(2 * by_hand)  # f has no noise
    assert report.max_error_over_tol == 0


def test_the_worst_entry_is_the_worst_in_tolerances():
    """Row 1 has an upstream a hundred times larger: a larger error there may be within bounds."""
    x = np.array([[1.0, 2.0, 4.0], [0.0, 1.0, -1.0]])
    dp = np.array([[1.0, 0.0, -1.0], [100.0, -100.0, 50.0]])
    tol = softmax_tolerance(x, dp, 2.0**-16)[:, :1]
    off = np.array([[20.0], [0.4]]) * tol / np.abs(softmax_vjp(x, dp)).max(axis=1, keepdims=True)
    report = gradcheck(softmax, lambda x, dp: (1 + off) * softmax_vjp(x, dp), x, dp=dp,
                       diagnose=False)  # fmt: skip
    assert report.verdict == "FAIL"
    assert report.worst_index[0] == 0
    assert 15 < report.max_error_over_tol < 25


def test_softmax_is_measured_once_and_any_other_f_twice():
    """Two evaluations a logit; the estimate needs those of half the step, too."""
    x = np.random.default_rng(0).standard_normal((4, 3))
    once = gradcheck(softmax, softmax_vjp, x, diagnose=False).n_evals
    twice = gradcheck(lambda x: softmax(x) / 2, lambda x, dp: softmax_vjp(x, dp) / 2, x).n_evals
    assert once < 2 * 12 + 22
    assert twice > 4 * 12 + 10


@pytest.mark.parametrize(("wave", "settled"), [(1.0, True), (1e5, False)])
def test_one_upstream_that_does_not_settle_is_enough(wave, settled):
    """Though the worst error is that of another, which does."""
    f = lambda x: np.array([x[0], np.sin(wave * x[1]) / wave])  # noqa: E731
    vjp = lambda x, dp: dp * [1.01, np.cos(wave * x[1])]  # noqa: E731
    x, upstreams = np.array([0.5, 0.3]), [np.array([1.0, 0]), np.array([0, 1.0])]
    case = Case(Pair(f, vjp), x, upstreams, np.random.default_rng(0), 2.0**-16, False)
    found = measure(case)
    assert found.worst == (0,)
    assert (found.dp.tolist(), found.settled) == ([1, 0], settled)
    assert found.sure == max(2 * each.tol.max() + each.hidden for each in found.beside)


def test_one_array_for_all_values_of_f_resolves_as_much():
    """What f gave ahead is kept when it is called behind."""
    x, buffer = np.array([0.5, -3.0, 1.0]), np.empty(3)
    plain, one = (
        gradcheck(f, lambda x, dp: dp * np.cos(x), x)
        for f in (np.sin, lambda x: np.sin(x, out=buffer))
    )
    assert (one.verdict, one.resolution) == ("PASS", plain.resolution)
    assert one.measured.hidden == plain.measured.hidden


def test_a_kink_elsewhere_does_not_excuse_a_wrong_entry():
    """Only the worst entry is nudged to look for a kink, and only the loss counts."""
    x = np.array([1.0, 1e-6, 2.0])
    report = gradcheck(np.abs, lambda x, dp: dp * np.sign(x) * [100, 1, 1], x, dp=np.ones(3))
    assert (report.verdict, report.worst_index) == ("FAIL", (0,))

    def two(x):
        return np.stack([np.abs(x), 3 * x])

    dp = np.array([[0.0, 0.0], [1.0, 1.0]])  # the loss does not look at |x|
    report = gradcheck(two, lambda x, dp: 2 * dp[1], np.array([1e-6, -1e-6]), dp=dp)
    assert report.verdict == "FAIL"


def test_rounding_is_no_kink(rng):
    """Of a straight line second differences are rounding, which does not shrink with h."""
    for x in rng.standard_normal((60, 2)):
        report = gradcheck(lambda x: 3 * x / 7, lambda x, dp: 6 * dp / 7, x)
        assert report.verdict == "FAIL"


def test_the_sweep_has_every_power_of_two_down_to_2_to_the_minus_40(rng):
    """From too fine a step to one that crosses the whole curve."""
    report = gradcheck(softmax, softmax_vjp, rng.standard_normal((4, 3)))
    steps, errors = sweep(report.case, report.measured)
    np.testing.assert_array_equal(np.log2(steps), np.arange(-40, 1))
    assert errors.shape == (41,)
    assert errors[24] < 1e-10 < errors[-1]
