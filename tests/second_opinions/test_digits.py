"""Which digits are right: ours at every scale, and more of them than PyTorch's and JAX's."""

import numpy as np
import pytest

from smlearn import log_softmax, softmax, softmax_backward, softmax_forward, softmax_vjp
from smlearn.formulas.exact import exact_vjp, relative_error
from smlearn.second_opinions import QUESTIONS, SCALES, digit_rows, worst_errors
from smlearn.second_opinions.judged_digits import PRECISIONS

FROM_10 = SCALES.index(10)
OTHERS = {name: QUESTIONS[name].record()["answers"] for name in ("torch_digits", "jax_digits")}


@pytest.fixture(scope="module")
def ours():
    return worst_errors(softmax_vjp, log_softmax)


# The last column of the design's table, and as many of float32's digits: u is 2^29 times larger.
# Times 1.5, because exp may round differently on another platform.
LIMITS = {"float64": {1: 1e-12, 10: 7e-15, 40: 1.4e-14, 100: 2.9e-14},
          "float32": {10: 3.8e-6, 40: 7.5e-6, 100: 1.6e-5}}  # fmt: skip


@pytest.mark.parametrize("precision", PRECISIONS)
def test_the_gradient_keeps_its_digits_at_every_scale(ours, precision):
    """The worst entry of 40 rows, against 80 digits."""
    found = dict(zip(SCALES, ours[precision]["backward"], strict=True))
    for scale, limit in LIMITS[precision].items():
        assert found[scale] < 1.5 * limit


@pytest.mark.parametrize("what", ["backward", "log_softmax"])
@pytest.mark.parametrize("precision", PRECISIONS)
@pytest.mark.parametrize("other", OTHERS)
def test_from_scale_10_on_it_has_more_digits_than_the_frameworks(ours, other, precision, what):
    """The gradient and the log-probabilities; on the same rows, as recorded of them."""
    mine = np.array(ours[precision][what])[FROM_10:]
    theirs = np.array(OTHERS[other][precision][what])[FROM_10:]
    assert (1e4 * mine < theirs).all()


@pytest.mark.parametrize("precision", PRECISIONS)
def test_the_plain_line_loses_them_all(precision):
    """The tests above can fail: p (dp - <p, dp>) on the same rows."""

    def plain(x, dp):
        p = softmax(x)
        return p * (dp - (p * dp).sum(axis=-1, keepdims=True))

    errors = worst_errors(plain, log_softmax)[precision]["backward"]
    assert min(errors[FROM_10 + 1 :]) > 0.99


@pytest.mark.parametrize("precision", PRECISIONS)
def test_the_cached_pair_has_the_same_digits(precision):
    """It is the same line."""
    x, dp = digit_rows(40, precision)
    np.testing.assert_array_equal(softmax_backward(dp, softmax_forward(x)[1]), softmax_vjp(x, dp))


def condition(p, dp):
    """Sum of |p_k (dp_i - dp_k)| over the size of their sum, for each class i."""
    terms = p[:, None, :] * (dp[:, :, None] - dp[:, None, :])
    return abs(terms).sum(axis=-1) / abs(terms.sum(axis=-1))


def allowed(x, dp):
    """(gap + 8) u for each probability: those in the sum, and the p_i in front."""
    gap = np.ptp(x, axis=-1, keepdims=True)
    return (condition(softmax(x), dp) + 1) * (gap + 8) * 2.0**-53


@pytest.mark.parametrize("seed", range(6))
def test_no_entry_is_further_off_than_its_condition_explains(seed):
    """Costs over six decades, some far from 0. Measured: at most 0.48 of it, in 8000 rows."""
    rng = np.random.default_rng(seed)
    for D in (2, 3, 7, 11):
        x = np.clip(10 ** rng.uniform(-1, 1.9) * rng.standard_normal((10, D)), -330, 330)
        dp = rng.standard_normal((10, D)) * 10 ** rng.uniform(-3, 3, (10, D))
        dp += 10 ** rng.uniform(0, 8) * (seed % 2)
        assert (relative_error(softmax_vjp(x, dp), exact_vjp(x, dp)) < allowed(x, dp)).all()


def test_the_probability_in_front_counts_as_well():
    """Here kappa is 1 and the error 1.6 times (gap + 8) u: without the + 1, it had no excuse."""
    x = np.array([[0.30992938657962915, -32.711245722237834, -32.21927581526657]])
    dp = np.array([[0.0, 0.0, 1.0]])
    np.testing.assert_allclose(condition(softmax(x), dp), 1, rtol=1e-12)
    share = relative_error(softmax_vjp(x, dp), exact_vjp(x, dp)) / allowed(x, dp)
    assert 0.6 < share.max() < 1


def test_one_corner_is_left(rng):
    """Three classes share the certainty and one cost, a fourth has e^-60: it drowns in u^2."""
    x = np.array([0.3, 0.1, 0.2, -60.0]) + rng.random((20, 4)) * [1, 1, 1, 0]
    dp = np.tile([1.0, 1.0, 1.0, 0.25], (20, 1))
    worst = [
        (relative_error(softmax_vjp(x, v), exact_vjp(x, v)) / allowed(x, v)).max()
        for v in (dp, dp - 1)
    ]
    assert worst[0] > 1e6
    assert worst[1] < 1


@pytest.mark.parametrize("precision", PRECISIONS)
def test_the_rows_are_the_same_at_every_scale(precision):
    """Only the logits grow; what was recorded was asked at these."""
    (x, dp), (larger, same) = digit_rows(1, precision), digit_rows(100, precision)
    assert x.shape == dp.shape == (40, 8)
    assert x.dtype == dp.dtype == precision
    np.testing.assert_allclose(larger, 100 * x, rtol=2e-7)  # rounded to float32 after, not before
    np.testing.assert_array_equal(dp, same)


@pytest.mark.parametrize("name", OTHERS)
def test_what_is_recorded_has_an_error_for_each_scale(name):
    """None is missing, none is NaN."""
    for precision in PRECISIONS:
        for errors in OTHERS[name][precision].values():
            assert len(errors) == len(SCALES)
            assert all(0 < error < 1e3 for error in errors)
