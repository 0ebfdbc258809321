"""gradcheck of functions that are nearly a softmax, or nearly smooth."""

import warnings

import numpy as np
import pytest

from smlearn import softmax, softmax_vjp
from smlearn.checking import gradcheck


def clipped(x):
    return softmax(np.clip(x, -30, 30))


def clipped_vjp(x, dp):
    return softmax_vjp(np.clip(x, -30, 30), dp) * (np.abs(x) < 30)


def test_a_softmax_that_clips_its_logits_is_something_else(rng):
    """Near by it has the values of softmax, far off others: its right backward is right."""
    x = rng.standard_normal((4, 3))
    report = gradcheck(clipped, clipped_vjp, x)
    assert (report.verdict, report.is_softmax) == ("PASS", False)
    wrong = gradcheck(clipped, lambda x, dp: 2 * clipped_vjp(x, dp), x)
    assert (wrong.verdict, wrong.diagnosis.key) == ("FAIL", "factor")
    beyond = np.array([[31.0, 29.0, 0.0], [1.0, 2.0, 3.0]])
    assert gradcheck(clipped, clipped_vjp, beyond).verdict == "PASS"
    assert gradcheck(clipped, softmax_vjp, beyond).verdict == "FAIL"


def test_a_softmax_without_a_shift_is_a_softmax(rng):
    """It gives no numbers far off, which is a mistake in it and no other function."""

    def unshifted(x):
        e = np.exp(x)
        return e / e.sum(axis=-1, keepdims=True)

    def vjp(x, dp):
        p = unshifted(x)
        return p * (dp - (p * dp).sum(axis=-1, keepdims=True))

    report = gradcheck(unshifted, vjp, rng.standard_normal((4, 3)))
    assert report.is_softmax
    assert (report.verdict, report.diagnosis.key) == ("FAIL", "unshifted_exp")


def by_powers_of_two(x):
    e = np.exp2(x * np.log2(np.e))
    return e / e.sum(axis=-1, keepdims=True)


@pytest.mark.parametrize("size", [1.0, -1000.0])
def test_coarse_rounding_counts_by_the_size_of_the_upstream_and_no_more(rng, size):
    """All costs may be negative; a relative error of 1e-5 shows through it all the same."""
    for _ in range(30):
        x = 300 + rng.standard_normal((4, 3))
        dp = size * rng.uniform(0.5, 1.5, (4, 3))
        for factor, verdict in [(1.0, "PASS"), (1.00001, "FAIL")]:
            vjp = lambda x, dp, c=factor: c * softmax_vjp(x, dp)  # noqa: E731
            assert gradcheck(by_powers_of_two, vjp, x, dp=dp, diagnose=False).verdict == verdict


def test_coarse_rounding_in_one_row_excuses_no_other(rng):
    """Each row is measured with its own."""

    def vjp(x, dp):
        return softmax_vjp(x, dp) * [[1 + 2e-9], [1]]

    for _ in range(10):
        x = rng.standard_normal((2, 3)) + [[0], [150]]
        dp = rng.choice([-1.0, 1.0], (2, 3)) * [1, 2, 3]
        report = gradcheck(by_powers_of_two, vjp, x, dp=dp, diagnose=False)
        assert report.is_softmax
        assert report.verdict == "FAIL"


@pytest.mark.parametrize("offset", [0, 30, 100, 300])
def test_a_softmax_of_coarser_rounding_is_measured_with_it(rng, offset):
    """2^(x log2 e) rounds the product by its size, and the shift does not take that back."""

    for _ in range(20):
        x = offset + rng.standard_normal((4, 3))
        report = gradcheck(by_powers_of_two, softmax_vjp, x, diagnose=False)
        assert report.verdict != "FAIL", report
        wrong = gradcheck(by_powers_of_two, lambda x, dp: 1.001 * softmax_vjp(x, dp), x)
        assert wrong.verdict == "FAIL"


@pytest.mark.parametrize("distance", [0.0, 0.1, 0.2, 0.25, 0.3, 1 / 3, 0.4, 0.49, 0.6, 0.9, 1.1])
@pytest.mark.parametrize("size", [3, 40])
def test_a_kink_within_reach_is_never_a_failure(distance, size):
    """Wherever between two steps it lies; beyond them the right gradient passes."""
    h = 2.0**-16
    x = np.linspace(1, 2, size)
    x[size // 2] = distance * h
    for f, slope in [(np.abs, np.sign), (lambda x: np.maximum(x, 0), lambda x: x > 0)]:
        report = gradcheck(f, lambda x, dp: dp * slope(x), x)  # noqa: B023
        assert report.verdict != "FAIL", report
        if 0 < distance < 0.5:  # the measurement is off
            assert report.verdict == "INCONCLUSIVE", report
        if distance > 1:
            assert report.verdict == "PASS", report


@pytest.mark.parametrize("distance", [0.3, 0.4, 1.1])
@pytest.mark.parametrize("factor", [3, -3])
def test_a_wrong_gradient_elsewhere_fails_beside_a_kink(distance, factor):
    """A kink excuses its own entry, and what a kink of its size can do."""
    x = np.linspace(1, 2, 40)
    x[20] = distance * 2.0**-16
    report = gradcheck(np.abs, lambda x, dp: factor * dp * np.sign(x), x)
    assert report.verdict == "FAIL", report


def test_a_function_whose_second_derivative_vanishes_is_smooth():
    """Its two slopes agree at once, which is no sign of a kink: a wrong gradient fails."""
    x = np.zeros(3)
    for f, slope in [(np.sin, np.cos), (np.tanh, lambda x: 1 - np.tanh(x) ** 2),
                     (lambda x: x + x**5, lambda x: 1 + 5 * x**4)]:  # fmt: skip
        assert gradcheck(f, lambda x, dp: dp * slope(x), x).verdict == "PASS"  # noqa: B023
        wrong = gradcheck(f, lambda x, dp: 1.001 * dp * slope(x), x)  # noqa: B023
        assert wrong.verdict == "FAIL"


def test_looking_far_off_makes_no_noise(rng):
    """Where exp overflows an unshifted f warns; the learner did not call it there."""

    def unshifted(x):
        e = np.exp(x)
        return e / e.sum(axis=-1, keepdims=True)

    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        gradcheck(unshifted, softmax_vjp, rng.standard_normal((4, 3)))
    assert [str(warning.message) for warning in heard] == []


@pytest.mark.parametrize("factor", [4, -4])
@pytest.mark.parametrize("sign", [1, -1])
def test_a_kink_excuses_no_more_than_its_own_size(factor, sign):
    """A gradient that is off by more than the kink can be FAILs at the kink itself."""
    x = np.linspace(1, 2, 40)
    x[20] = 0.4 * 2.0**-16

    def vjp(x, dp):
        dx = dp * np.sign(x)
        dx[20] *= factor
        return dx

    dp = np.full(40, float(sign))
    assert gradcheck(np.abs, vjp, x, dp=dp).verdict == "FAIL"
