"""Laws of the Jacobian, of its three written-out forms, and of the forward-mode product."""

import autograd
import autograd.numpy as anp
import numpy as np
import pytest
from cases import ROWS, exact_softmax, exact_vjp, relative_error
from hypothesis import given

from smlearn import (
    softmax,
    softmax_jacobian,
    softmax_jacobian_einsum,
    softmax_jacobian_loop,
    softmax_jacobian_row,
    softmax_jvp,
)


def plain_softmax(x):
    """Softmax for HIPS autograd, from the definition."""
    e = anp.exp(x)
    return e / anp.sum(e, axis=-1, keepdims=True)


@given(ROWS)
def test_rows_of_j_sum_to_zero(x):
    """J @ 1 = 0, because a constant added to the logits changes nothing; entries are <= 1/4."""
    np.testing.assert_allclose(softmax_jacobian(x).sum(axis=-1), 0, rtol=0, atol=1e-16)


@given(ROWS)
def test_j_is_symmetric_with_a_positive_diagonal_and_nothing_positive_beside_it(x):
    """J_ij = -p_i p_j off the diagonal; J_ii = p_i (1 - p_i), at most 1/4."""
    J = softmax_jacobian(x)
    diagonal = np.einsum("...ii->...i", J)
    np.testing.assert_allclose(J, np.swapaxes(J, -1, -2), rtol=0, atol=1e-300)
    assert (diagonal >= 0).all()
    assert (diagonal <= 0.25).all()
    assert (J - diagonal[..., None] * np.eye(x.shape[-1]) <= 0).all()


@given(ROWS)
def test_j_is_positive_semidefinite(x):
    """J is a covariance matrix: t^T J t is a variance. Rounding may leave -1e-17 a class."""
    J = softmax_jacobian(x)
    if J.size:
        assert np.linalg.eigvalsh(J).min() > -1e-15


def test_j_has_rank_d_minus_one(rng):
    """Only constants are annihilated as long as every p_i > 0."""
    x = rng.standard_normal((4, 3))
    np.testing.assert_array_equal(np.linalg.matrix_rank(softmax_jacobian(x)), 2)


@given(ROWS)
def test_j_is_unchanged_by_a_shift(x):
    """J depends on x through p only, so softmax(x + c) = softmax(x) carries over, to the bit."""
    x = np.round(x)
    np.testing.assert_array_equal(softmax_jacobian(x + 1024), softmax_jacobian(x))


def test_every_form_gives_the_same_jacobian(rng):
    """Row, loop, einsum and the canonical form differ by rounding only: entries are <= 1/4."""
    x = rng.standard_normal((4, 3))
    J = softmax_jacobian(x)
    assert J.shape == (4, 3, 3)
    np.testing.assert_allclose(softmax_jacobian_loop(x), J, rtol=0, atol=1e-16)
    np.testing.assert_allclose(softmax_jacobian_einsum(x), J, rtol=0, atol=1e-16)
    np.testing.assert_allclose(softmax_jacobian_row(x[1]), J[1], rtol=0, atol=1e-16)


@pytest.mark.parametrize(
    "form", [softmax_jacobian, softmax_jacobian_loop, softmax_jacobian_einsum]
)
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.longdouble])
def test_every_form_keeps_the_precision(form, dtype):
    """float32 stays float32; the values are those of float64, to the narrower precision."""
    x = np.array([[1, 2, 3], [4, 5, 5]], dtype)
    J = form(x)
    assert J.dtype == dtype
    np.testing.assert_allclose(J.astype(float), form(x.astype(float)), atol=np.finfo(dtype).eps)


def test_the_row_form_keeps_the_precision():
    """As above, for one row; a product too small for it becomes 0, also under strict settings."""
    for dtype, low in [(np.float16, -60), (np.float32, -60), (np.float64, -400)]:
        with np.errstate(all="raise"):
            J = softmax_jacobian_row(np.array([0, low], dtype))  # exp(2 low) underflows
        assert J.dtype == dtype
    assert softmax_jacobian_row(np.zeros(3, np.longdouble)).dtype == np.longdouble


def test_the_seed_values():
    """The Jacobians of [[1, 2], [2, 5]], to the eight digits the seed printed."""
    J = softmax_jacobian([[1, 2], [2, 5]])
    np.testing.assert_allclose(np.abs(J[0]), 0.19661193, rtol=0, atol=5e-9)
    np.testing.assert_allclose(np.abs(J[1]), 0.04517666, rtol=0, atol=5e-9)


def test_j_agrees_with_an_independent_autodiff_library(rng):
    """HIPS autograd differentiates the definition; (B, D, B, D) holds our (D, D) blocks."""
    x = rng.standard_normal((4, 3))
    full = autograd.jacobian(plain_softmax)(x)
    np.testing.assert_allclose(np.einsum("bibj->bij", full), softmax_jacobian(x), atol=1e-15)
    np.testing.assert_array_equal(full[0, :, 1, :], 0)


@pytest.mark.parametrize("scale", [1, 10, 40, 100])
def test_every_entry_has_its_digits_also_in_a_saturated_row(rng, scale):
    """Entry (i, j) is vjp of the one-hot i; the textbook diagonal p - p**2 has none at 40."""
    x = scale * rng.standard_normal((10, 8))
    for i in range(8):
        exact = exact_vjp(x, np.tile(np.eye(8)[i], (10, 1)))
        got = softmax_jacobian(x)[:, i]
        assert relative_error(got, exact).max() < (10 + 16 * scale) * 1.2e-16
    p = exact_softmax(x)
    if scale == 40:
        textbook = np.einsum("bii->bi", softmax_jacobian_einsum(x))
        assert relative_error(textbook, p * (1 - p)).max() == 1


def test_one_class_has_nothing_to_move():
    """With D = 1, p is 1 whatever the logit: J = [[0]], with the sign of plus zero."""
    J = softmax_jacobian(np.array([[3.0], [-5.0]]))
    np.testing.assert_array_equal(J, np.zeros((2, 1, 1)))
    assert not np.signbit(J).any()


@given(ROWS)
def test_jvp_matches_the_full_jacobian(x):
    """J t, for a tangent as large as the row is wide; absolute, since J t may cancel."""
    t = np.random.default_rng(1).standard_normal(x.shape)
    expected = np.einsum("...ij,...j->...i", softmax_jacobian(x), t)
    np.testing.assert_allclose(softmax_jvp(x, t), expected, rtol=0, atol=1e-14)


def test_jvp_agrees_with_an_independent_autodiff_library(rng):
    """HIPS autograd's forward mode on the definition."""
    x, t = rng.standard_normal((2, 4, 3))
    expected = autograd.make_jvp(plain_softmax)(x)(t)[1]
    np.testing.assert_allclose(softmax_jvp(x, t), expected, rtol=0, atol=1e-15)


@pytest.mark.parametrize("scale", [1, 10, 40, 100])
def test_jvp_has_its_digits_also_in_a_saturated_row(rng, scale):
    """J is symmetric, so the 80-digit vjp is the oracle; digits lost at 1 are cancellation."""
    x, t = rng.standard_normal((2, 40, 8))
    error = relative_error(softmax_jvp(scale * x, t), exact_vjp(scale * x, t)).max()
    assert error < (1e-11 if scale == 1 else 1e-13)


def test_jvp_along_a_constant_vanishes():
    """Shifting all logits together moves nothing; what two means leave is below u^2."""
    x = np.array([[1.0, 2.0, 3.0], [0.0, -40.0, 7.0]])
    np.testing.assert_allclose(softmax_jvp(x, np.full((2, 3), 0.1)), 0, rtol=0, atol=1e-30)


def test_jvp_takes_the_wider_precision_of_its_two_inputs():
    """NumPy's promotion: nothing that was given is thrown away."""
    x, t = np.zeros((2, 3), np.float32), np.ones((2, 3))
    assert softmax_jvp(x, t).dtype == np.float64
    assert softmax_jvp(x, t.astype(np.float16)).dtype == np.float32


def test_j_is_the_covariance_of_one_hot_draws(rng):
    """100,000 draws estimate each entry to within 5 of its own standard errors."""
    x = np.array([-1.361, 0.492, 0.868])
    draws = np.eye(3)[rng.choice(3, size=100_000, p=softmax(x))]
    away = draws - draws.mean(axis=0)
    products = away[:, :, None] * away[:, None, :]
    error = np.abs(products.mean(axis=0) - softmax_jacobian(x))
    assert (error < 5 * products.std(axis=0) / 100_000**0.5).all()
