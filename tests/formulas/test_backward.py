"""Laws and digits of the vector-Jacobian product, called directly and through the cache."""

import math

import autograd
import autograd.numpy as anp
import numpy as np
import pytest
from cases import ROWS, exact_vjp, relative_error
from hypothesis import given

from smlearn import (
    SoftmaxCache,
    softmax,
    softmax_backward,
    softmax_forward,
    softmax_jacobian,
    softmax_jvp,
    softmax_vjp,
)
from smlearn.formulas.covariance import expected


def upstream(x, seed=1):
    return np.random.default_rng(seed).standard_normal(x.shape)


@given(ROWS)
def test_vjp_matches_the_full_jacobian(x):
    """dp @ J, row by row; absolute, since the sum may cancel."""
    dp = upstream(x)
    expected = np.einsum("...i,...ij->...j", dp, softmax_jacobian(x))
    np.testing.assert_allclose(softmax_vjp(x, dp), expected, rtol=0, atol=1e-14)


@given(ROWS)
def test_the_cached_pair_gives_the_same_bits(x):
    """softmax_forward remembers p; softmax_vjp computes it again. One formula follows."""
    dp = upstream(x)
    p, cache = softmax_forward(x)
    np.testing.assert_array_equal(p, softmax(x))
    np.testing.assert_array_equal(softmax_backward(dp, cache), softmax_vjp(x, dp))


@given(ROWS)
def test_vjp_and_jvp_are_adjoint(x):
    """<dp, J t> = <dp J, t> for every dp and t."""
    dp, t = upstream(x, 1), upstream(x, 2)
    left, right = (dp * softmax_jvp(x, t)).sum(), (softmax_vjp(x, dp) * t).sum()
    np.testing.assert_allclose(left, right, rtol=0, atol=1e-13)


@given(ROWS)
def test_vjp_of_a_constant_vanishes(x):
    """1^T J = 0 since the outputs sum to 1; the mean is taken twice, so what is left is u^2."""
    np.testing.assert_allclose(softmax_vjp(x, np.full_like(x, 0.1)), 0, rtol=0, atol=1e-30)


@given(ROWS)
def test_vjp_is_blind_to_constants(x):
    """J annihilates constants; in quarters dp + 1024 is exact, so nothing is lost before J."""
    dp = np.round(4 * upstream(x)) / 4
    shifted = softmax_vjp(x, dp + 1024)
    np.testing.assert_allclose(shifted, softmax_vjp(x, dp), rtol=0, atol=1e-15)  # |dx| < 1


@given(ROWS)
def test_vjp_is_unchanged_when_the_logits_shift(x):
    """The gradient depends on x through p only."""
    x = np.round(x)
    np.testing.assert_array_equal(softmax_vjp(x + 1024, upstream(x)), softmax_vjp(x, upstream(x)))


@given(ROWS)
def test_vjp_is_linear_in_dp(x):
    """(2 a - b) J = 2 (a J) - b J."""
    a, b = upstream(x, 1), upstream(x, 2)
    expected = 2 * softmax_vjp(x, a) - softmax_vjp(x, b)
    np.testing.assert_allclose(softmax_vjp(x, 2 * a - b), expected, rtol=0, atol=1e-14)


@given(ROWS)
def test_each_row_of_dx_sums_to_zero(x):
    """dx lies in the plane of the simplex: raising all logits together does nothing."""
    np.testing.assert_allclose(softmax_vjp(x, upstream(x)).sum(axis=-1), 0, rtol=0, atol=1e-15)


def test_rows_are_strangers(rng):
    """Another bird's logits and upstream change nothing in this bird's row, to the bit."""
    x, dp = rng.standard_normal((2, 4, 3))
    dx = softmax_vjp(x, dp)
    x[1:], dp[1:] = 99, -99
    np.testing.assert_array_equal(softmax_vjp(x, dp)[0], dx[0])


def test_a_transposed_product_shows_on_softmax_of_a_linear_map(rng):
    """J is symmetric and hides a transposition; (J W) is not: dp J W, not dp (J W)^T."""
    W, z, dp = rng.standard_normal((3, 3)), rng.standard_normal(3), rng.standard_normal(3)
    expected = autograd.grad(lambda z: anp.dot(dp, _plain_softmax(anp.dot(W, z))))(z)
    np.testing.assert_allclose(softmax_vjp(W @ z, dp) @ W, expected, rtol=1e-13)
    assert np.abs(W @ softmax_vjp(W @ z, dp) - expected).max() > 0.01


def _plain_softmax(x):
    e = anp.exp(x)
    return e / anp.sum(e, axis=-1, keepdims=True)


@pytest.mark.parametrize("shape", [(3,), (4, 3), (2, 3, 5), (4, 1)])
def test_vjp_agrees_with_an_independent_autodiff_library(rng, shape):
    """HIPS autograd differentiates <dp, softmax(x)> from the definition."""
    x, dp = rng.standard_normal((2, *shape))
    expected = autograd.grad(lambda x: anp.sum(dp * _plain_softmax(x)))(x)
    np.testing.assert_allclose(softmax_vjp(x, dp), expected, rtol=0, atol=1e-15)


def test_the_seed_values():
    """[[1, 3], [2, 4]] pulled back at [[1, 2], [2, 5]], to the eight digits the seed printed."""
    printed = [[-0.39322387, 0.39322387], [-0.09035332, 0.09035332]]
    dx = softmax_vjp([[1, 2], [2, 5]], [[1, 3], [2, 4]])
    np.testing.assert_allclose(dx, printed, rtol=0, atol=5e-9)


# The table of the backward twin: 40 random rows of 8, worst relative error of any component.
# (logit scale, added to dp, bound): the bound is the last column of that table, times 1.5 because
# exp may round differently on another platform. Without the twin the last three are 1, 1, 1e-5.
TWIN = [
    (40, 1e8, 2.1e-14),
    (1, 0, 1.5e-12),
    (10, 0, 1.1e-14),
    (40, 0, 2.1e-14),
    (100, 0, 4.4e-14),
    (1, 1e8, 3e-13),
]


@pytest.mark.parametrize(("scale", "offset", "bound"), TWIN)
def test_every_component_has_its_digits(rng, scale, offset, bound):
    """Against 80-digit arithmetic, also where the row is saturated or dp far from 0."""
    x, dp = rng.standard_normal((2, 40, 8))
    x, dp = scale * x, dp + offset
    assert relative_error(softmax_vjp(x, dp), exact_vjp(x, dp)).max() < bound


def test_flat_rows_with_one_large_entry_keep_their_digits(rng):
    """Subtracting the likeliest class's entry, 1e6, would round the others away in such a row."""
    x, dp = np.zeros((3, 1000)), rng.standard_normal((3, 1000))
    dp[:, 0] = 1e6
    assert relative_error(softmax_vjp(x, dp), exact_vjp(x, dp)).max() < 5e-15


def test_two_likely_classes_that_the_upstream_does_not_tell_apart_keep_their_digits(rng):
    """Their gradient is their covariance with the rare classes: 1e-20, not 0."""
    x, dp = rng.standard_normal((5, 10)), np.ones((5, 10))
    x[:, :2], dp[:, 2] = 46, 0
    assert relative_error(softmax_vjp(x, dp), exact_vjp(x, dp)).max() < 1e-13


def test_without_the_twin_no_digit_is_left(rng):
    """The textbook line on the same rows: the test above can fail."""
    x, dp = rng.standard_normal((2, 40, 8))
    p = softmax(40 * x)
    textbook = p * (dp - (p * dp).sum(axis=-1, keepdims=True))
    assert relative_error(textbook, exact_vjp(40 * x, dp)).max() > 0.99


def test_a_class_that_is_ruled_out_gets_no_gradient():
    """p_i = 0 makes dx_i = 0, and the others behave as if it were not there."""
    x, dp = np.array([1.0, -np.inf, 2.0]), np.array([3.0, 1e300, 4.0])
    dx = softmax_vjp(x, dp)
    assert dx[1] == 0
    np.testing.assert_array_equal(dx[[0, 2]], softmax_vjp(x[[0, 2]], dp[[0, 2]]))


def test_the_forward_output_cannot_be_changed_under_the_cache():
    """p and cache.p are one array: p -= y would make the next backward silently wrong."""
    p, cache = softmax_forward(np.zeros((4, 3)))
    with pytest.raises(ValueError, match="read-only"):
        p -= 1
    assert cache.p is p


def test_the_order_of_dp_and_cache_is_checked():
    """Both are arrays in many codes; here the cache has a type."""
    p, cache = softmax_forward(np.zeros((4, 3)))
    for args in [(cache, p), (p, p), (p, (p, p.dtype)), (p, None)]:
        with pytest.raises(TypeError, match=r"call softmax_backward\(dp, cache\)"):
            softmax_backward(*args)
    assert isinstance(cache, SoftmaxCache)


def test_the_cached_pair_answers_in_the_precision_of_the_logits(rng):
    """The cache holds float32 probabilities; a float64 dp cannot bring lost digits back."""
    x = rng.standard_normal((4, 3)).astype(np.float32)
    dx = softmax_backward(np.ones((4, 3)), softmax_forward(x)[1])
    assert dx.dtype == np.float32


def test_precisions_mix_as_numpy_promotes():
    """The wider of the two, computed in it; integers are float64, so nothing is truncated."""
    x32, dp32 = np.zeros((4, 3), np.float32), np.ones((4, 3), np.float32)
    ints = np.arange(12).reshape(4, 3)
    assert softmax_vjp(x32, dp32).dtype == np.float32
    assert softmax_vjp(x32, ints).dtype == np.float64
    assert softmax_vjp(ints, dp32).dtype == np.float64
    wide = np.linspace(-1, 1, 12).reshape(4, 3)
    narrow = wide.astype(np.float32)
    np.testing.assert_array_equal(
        softmax_vjp(narrow, wide), softmax_vjp(narrow.astype(float), wide)
    )
    half = softmax_vjp(x32.astype(np.float16), dp32.astype(np.float16))
    assert half.dtype == np.float16
    np.testing.assert_array_equal(softmax_vjp(ints, ints), softmax_vjp(ints * 1.0, ints * 1.0))


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.longdouble])
def test_every_precision_gives_the_float64_values_to_its_own_digits(rng, dtype):
    """Half is computed in single and rounded once; longdouble is not cut down."""
    x, dp = rng.standard_normal((2, 4, 3)).astype(dtype)
    dx, expected = softmax_vjp(x, dp), softmax_vjp(x.astype(float), dp.astype(float))
    p, cache = softmax_forward(x)
    assert dx.dtype == p.dtype == softmax_backward(dp, cache).dtype == dtype
    np.testing.assert_allclose(dx.astype(float), expected, atol=4 * np.finfo(dtype).eps + 1e-15)


@pytest.mark.parametrize("width", [1, 255, 256, 257, 383, 50_257])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_the_mean_of_a_row_leaves_no_term_out(rng, width, dtype):
    """In pieces and what is left of the row: a few roundings of the sum of absolute terms."""
    p = softmax(rng.standard_normal((2, width))).astype(dtype)
    v = rng.standard_normal((2, width)).astype(dtype)
    for row, mean in zip(range(2), expected(p, v), strict=True):
        terms = (p[row].astype(float) * v[row].astype(float)).tolist()
        error = abs(mean.item() - math.fsum(terms))
        assert error <= 2 * np.finfo(dtype).eps * math.fsum(map(abs, terms))


def of_one_class(rng, D, dtype):
    """Return a flat p and the upstream of one class, its mean taken off: one large term of D."""
    v = np.full(D, -1 / D, dtype)
    v[rng.integers(D)] += 1
    return np.full(D, 1 / D, dtype), v


def of_all_classes(rng, D, dtype):
    """Return a random p and a random upstream."""
    return softmax(rng.standard_normal(D).astype(dtype)), rng.standard_normal(D).astype(dtype)


def textbook(p, v):
    """Return <p, v> as NumPy adds up a row that lies in one piece: pairwise."""
    return (p * v).sum(axis=-1, keepdims=True)


def blas(p, v):
    """Return <p, v> added up in a few running sums: what `expected` did up to 8,192 terms."""
    return np.vecdot(p, v, keepdims=True)


def typical_errors(means, draw, dtype, most=1_000_000):
    """Return each mean's error in units of u sum |p v|: the root mean square of many rows."""
    rng, errors = np.random.default_rng(0), []
    for D in np.exp(rng.uniform(np.log(256), np.log(most), 60)).astype(int):
        p, v = draw(rng, D, dtype)
        terms = p.astype(float) * v  # float64 of float32: exact
        exact, unit = math.fsum(terms.tolist()), np.abs(terms).sum() * np.finfo(dtype).eps / 2
        errors.append([(mean(p, v).item() - exact) / unit for mean in means])
    return np.sqrt(np.mean(np.square(errors), axis=0))


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("draw", [of_one_class, of_all_classes])
def test_the_mean_of_a_long_row_is_as_right_as_the_textbook_line(draw, dtype):
    """Within 1.5 times, against exact sums, at random lengths up to a million."""
    ours, theirs = typical_errors((expected, textbook), draw, dtype)
    assert ours < 1.5 * theirs


def test_the_row_product_of_blas_is_not():
    """The test above can fail: one large term meets hundreds of roundings."""
    theirs, products = typical_errors((textbook, blas), of_one_class, np.float64, most=9_000)
    assert products > 3 * theirs


@pytest.mark.parametrize(("D", "dtype"), [(10_000, np.float64), (32_000, np.float32)])
def test_the_gradient_of_one_class_of_a_long_flat_row_keeps_its_digits(D, dtype):
    """p_i (0 - p_k) of the others: off by 136 u and 84 u while BLAS added up the whole row."""
    x, dp = np.zeros((2, 2, D), dtype)
    dp[:, D // 3] = 1
    others = np.delete(softmax_vjp(x, dp), D // 3, axis=-1).astype(float)
    np.testing.assert_allclose(others, -1 / D**2, rtol=8 * np.finfo(dtype).eps, atol=0)
