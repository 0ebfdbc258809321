"""Laws and digits of softmax, log_softmax and logsumexp."""

import autograd.numpy as anp
import mpmath
import numpy as np
import pytest
from cases import ROWS, exact_log_softmax, exact_softmax, relative_error
from hypothesis import given

from smlearn import log_softmax, logsumexp, softmax


@given(ROWS)
def test_rows_of_p_are_distributions(x):
    """p_i >= 0 and sum_i p_i = 1: D rounded terms add up to 1 within D ulps."""
    p = softmax(x)
    assert (p >= 0).all()
    np.testing.assert_allclose(p.sum(axis=-1), 1, rtol=0, atol=x.shape[-1] * 2.3e-16)


@given(ROWS)
def test_a_constant_added_to_a_row_changes_nothing(x):
    """softmax(x + c) = softmax(x), to the bit when x + c is exact: integers and c = 1024 are."""
    x = np.round(x)
    np.testing.assert_array_equal(softmax(x + 1024), softmax(x))
    np.testing.assert_array_equal(log_softmax(x + 1024), log_softmax(x))
    np.testing.assert_allclose(logsumexp(x + 1024), logsumexp(x) + 1024, rtol=4e-16)


@given(ROWS)
def test_permuting_classes_permutes_probabilities(x):
    """softmax(x)[pi] = softmax(x[pi]); only the order of one sum changes, so a few ulps."""
    np.testing.assert_allclose(softmax(x[..., ::-1]), softmax(x)[..., ::-1], rtol=2e-15)


@given(ROWS)
def test_the_largest_logit_has_the_largest_probability(x):
    """exp is increasing, also after rounding."""
    p = softmax(x)
    top = np.take_along_axis(p, x.argmax(axis=-1, keepdims=True), axis=-1)[..., 0]
    np.testing.assert_array_equal(top, p.max(axis=-1))


@given(ROWS)
def test_logsumexp_lies_between_the_max_and_the_max_plus_log_d(x):
    """max <= log sum exp <= max + log D; each side may round by one ulp of the result."""
    lse, m = logsumexp(x), x.max(axis=-1)
    slack = np.spacing(np.abs(m) + 10)
    assert (lse >= m).all()
    assert (lse <= m + np.log(x.shape[-1]) + slack).all()


@pytest.mark.parametrize("scale", [1, 10, 40, 100, 700])
def test_p_agrees_with_80_digit_arithmetic(rng, scale):
    """The rounding of x - max, at most scale * 8 * u, is the error that exp passes on."""
    x = scale * rng.standard_normal((10, 8))
    p = softmax(x)
    normal = p > np.finfo(float).tiny  # below that a number has fewer digits to be right in
    assert relative_error(p, exact_softmax(x))[normal].max() < (10 + 8 * scale) * 1.2e-16


@pytest.mark.parametrize("scale", [1e-3, 1, 40, 700])
def test_log_p_agrees_with_80_digit_arithmetic(rng, scale):
    """log1p keeps the digits of log p where p is nearly 1; log(softmax(x)) does not."""
    x = scale * rng.standard_normal((10, 8))
    logp = log_softmax(x)
    normal = logp < -np.finfo(float).tiny
    assert normal.sum() > 60
    assert relative_error(logp, exact_log_softmax(x))[normal].max() < (10 + scale) * 1.2e-16


def test_log_softmax_is_not_the_log_of_softmax():
    """At x = (0, -40) log p_0 = -4.2e-18, but p_0 rounds to 1 and its log to 0."""
    x = np.array([0.0, -40.0])
    assert np.log(softmax(x))[0] == 0
    assert log_softmax(x)[0] == pytest.approx(-np.exp(-40), rel=1e-15)
    assert logsumexp(x) == pytest.approx(np.exp(-40), rel=1e-15)


def test_hand_worked_values():
    """Weights 1, 3, 4 out of 8: p = 1/8, 3/8, 1/2 and log sum = log 8."""
    x = np.log([1.0, 3.0, 4.0])
    np.testing.assert_allclose(softmax(x), [0.125, 0.375, 0.5], rtol=3e-16)
    np.testing.assert_allclose(log_softmax(x), np.log([0.125, 0.375, 0.5]), rtol=3e-16)
    np.testing.assert_allclose(logsumexp(x), np.log(8), rtol=3e-16)


def test_the_seed_values():
    """softmax([[1, 2], [2, 5]]) to the digits the seed printed."""
    printed = [[0.26894142, 0.73105858], [0.04742587, 0.95257413]]
    np.testing.assert_allclose(softmax([[1, 2], [2, 5]]), printed, rtol=0, atol=5e-9)


@pytest.mark.parametrize("offset", [-1e6, -800, 800, 1e6])
def test_far_from_zero_nothing_overflows(offset):
    """exp(800) overflows; exp(x - max) cannot."""
    x = np.array([[1.0, 2.0, 3.0], [0.0, 0.0, 0.0]])
    np.testing.assert_array_equal(softmax(x + offset), softmax(x))


def test_the_widest_possible_row_is_still_a_distribution():
    """x - max overflows to -inf here, whose exp is 0: the correctly rounded probability."""
    huge = np.finfo(float).max
    np.testing.assert_array_equal(softmax([huge, -huge]), [1, 0])
    np.testing.assert_array_equal(log_softmax([huge, -huge]), [0, -np.inf])
    assert logsumexp([huge, -huge]) == huge
    half = np.array([6e4, -6e4], np.float16)
    np.testing.assert_array_equal(log_softmax(half), [0, -np.inf])


def test_a_class_ruled_out_by_minus_infinity_gets_exactly_nothing():
    """exp(-inf) = 0: the other classes behave as if it were not there."""
    x = np.array([1.0, -np.inf, 2.0])
    np.testing.assert_array_equal(softmax(x)[[0, 2]], softmax(x[[0, 2]]))
    assert softmax(x)[1] == 0
    assert log_softmax(x)[1] == -np.inf
    assert logsumexp(x) == logsumexp(x[[0, 2]])


def test_ties_share_alike():
    """Equal logits have equal probabilities, here 1/4 exactly, and log sum = x + log 4."""
    x = np.full((3, 4), 7.0)
    np.testing.assert_array_equal(softmax(x), 0.25)
    np.testing.assert_allclose(logsumexp(x), 7 + np.log(4), rtol=3e-16)


def test_one_class_is_certain():
    """With D = 1, p = 1, log p = 0 and logsumexp(x) = x."""
    x = np.array([[3.0], [-5.0]])
    np.testing.assert_array_equal(softmax(x), 1)
    np.testing.assert_array_equal(log_softmax(x), 0)
    np.testing.assert_array_equal(logsumexp(x), x[:, 0])


def test_float16_survives_more_classes_than_it_can_count():
    """70,000 ones add up to more than float16 holds (65504); the work is done in float32."""
    p = softmax(np.zeros(70_000, np.float16))
    assert p.dtype == np.float16
    assert p[0] == np.float16(1 / 70_000)


def test_long_rows_add_up_in_any_memory_order():
    """NumPy adds pairwise only along memory; 10^6 float32 terms one by one would lose 4 digits."""
    x = np.zeros((2, 1_000_000), np.float32, order="F")
    np.testing.assert_allclose(softmax(x).sum(axis=-1, dtype=float), 1, rtol=0, atol=1e-6)
    np.testing.assert_allclose(logsumexp(x), np.log(1e6), rtol=1e-6)


def test_softmax_agrees_with_an_independent_autodiff_library(rng):
    """p is the gradient of logsumexp, here differentiated by HIPS autograd from the definition."""
    import autograd

    x = rng.standard_normal((4, 3))
    p = autograd.grad(lambda x: anp.sum(anp.log(anp.sum(anp.exp(x), axis=-1))))(x)
    np.testing.assert_allclose(softmax(x), p, rtol=1e-14)


def test_the_oracle_itself_is_right():
    """The 80-digit oracle on weights 1 and 3: 1/4 and 3/4, to 70 digits."""
    with mpmath.workdps(80):
        x = np.array([[mpmath.mpf(0), mpmath.log(3)]], dtype=object)
        assert abs(exact_softmax(x)[0, 0] - mpmath.mpf(1) / 4) < mpmath.mpf(10) ** -70
