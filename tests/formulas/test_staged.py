"""Five stages and back: the same softmax, the same gradient, and each gradient of a stage."""

import numpy as np
import pytest
from cases import ROWS
from hypothesis import given

from smlearn import softmax, softmax_backward, softmax_forward, softmax_vjp
from smlearn.checking.differences import numerical_vjp
from smlearn.formulas.staged import StagedCache, staged_backward, staged_forward, staged_gradients


def upstream(x):
    return np.random.default_rng(1).standard_normal(x.shape)


@given(ROWS)
def test_the_stages_compute_softmax(x):
    """e * (1 / s) for e / s: one rounding more."""
    np.testing.assert_allclose(staged_forward(x)[0], softmax(x), rtol=4e-16)


@given(ROWS)
def test_the_walk_back_arrives_at_the_closed_form(x):
    """Written apart, so that each checks the other; absolute, since the stages cancel."""
    dx = staged_backward(upstream(x), staged_forward(x)[1])
    np.testing.assert_allclose(dx, softmax_vjp(x, upstream(x)), rtol=0, atol=2e-15)


@given(ROWS)
def test_each_gradient_has_the_shape_of_its_stage(x):
    """d<name> and <name>; both gradients of e have the shape of e."""
    _, cache = staged_forward(x)
    gradients = staged_gradients(upstream(x), cache)
    assert gradients.ddivexps.shape == gradients.dsexps.shape == cache.sexps.shape
    for gradient in (gradients.dexps_0, gradients.dexps_1, gradients.dexps, gradients.dx):
        assert gradient.shape == x.shape


def test_every_stage_gradient_agrees_with_a_measurement(rng):
    """Central differences of the rest of the chain, with everything before it held fixed."""
    x, dp = rng.standard_normal((2, 4, 3))
    _, (e, s, r, _) = staged_forward(x)
    gradients = staged_gradients(dp, staged_forward(x)[1])
    rest = {
        "dexps_0": (lambda e: e * r, e),
        "ddivexps": (lambda r: e * r, r),
        "dsexps": (lambda s: e / s, s),
        "dexps_1": (lambda e_in_sum: e / e_in_sum.sum(axis=-1, keepdims=True), e),
        "dexps": (lambda e: e / e.sum(axis=-1, keepdims=True), e),
        "dx": (lambda x: np.exp(x) / np.exp(x).sum(axis=-1, keepdims=True), x),
    }
    for name, (f, at) in rest.items():
        measured = numerical_vjp(f, at, dp)
        np.testing.assert_allclose(getattr(gradients, name), measured, atol=1e-9, err_msg=name)


def test_the_two_gradients_of_e_add():
    """e is used twice; neither alone is its gradient."""
    _, cache = staged_forward(np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 5.0]]))
    g = staged_gradients(np.array([[1.0, 0.0, 2.0], [0.0, 3.0, 1.0]]), cache)
    np.testing.assert_array_equal(g.dexps, g.dexps_0 + g.dexps_1)
    np.testing.assert_array_equal(g.dx, g.dexps * cache.exps)
    assert np.abs(g.dexps - g.dexps_0).max() > 0.01


def test_the_seed_numbers_come_out_of_the_unshifted_stages():
    """The seed has no shift: its e and s are ours times exp(max), its r and de over it."""
    _, cache = staged_forward(np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 5.0]]))
    g = staged_gradients(np.ones((2, 3)), cache)
    up = np.exp([[3.0], [5.0]])
    np.testing.assert_allclose(cache.sexps * up, [[30.19287485], [351.42446824]], atol=5e-9)
    np.testing.assert_allclose(g.dexps_0[:, :1] / up, [[0.0331204], [0.00284556]], atol=5e-9)
    np.testing.assert_allclose(g.ddivexps * up, [[30.19287485], [351.42446824]], atol=5e-9)
    np.testing.assert_allclose(g.dsexps / up, [[-0.0331204], [-0.00284556]], atol=5e-9)
    np.testing.assert_allclose(g.dx, 0, atol=3e-16)  # a few ulps of 1


def test_precisions_and_wide_rows():
    """As softmax: float32 stays, float16 is computed in float32, exp never overflows."""
    for dtype in (np.float16, np.float32, np.longdouble):
        x = np.array([[1, 2, 3], [4, 5, 5]], dtype)
        p, cache = staged_forward(x)
        assert p.dtype == staged_backward(np.ones_like(x), cache).dtype == dtype
    np.testing.assert_array_equal(staged_forward([1000.0, 0.0])[0], [1, 0])
    with np.errstate(all="raise"):
        staged_backward([1.0, 2.0], staged_forward([0.0, -800.0])[1])
        np.testing.assert_array_equal(staged_forward([1.7e308, -1.7e308])[0], [1, 0])


def test_bad_input_is_refused_by_name():
    """The same sentences as softmax's, and a cache of another function is told apart."""
    p, cache = staged_forward(np.zeros((4, 3)))
    with pytest.raises(ValueError, match=r"^staged_forward: .* NaN in row 0; find"):
        staged_forward([[np.nan, 0.0]])
    with pytest.raises(ValueError, match=r"^staged_backward: dp must have the shape of x, \(4, 3"):
        staged_backward(np.ones(3), cache)
    with pytest.raises(ValueError, match=r"^staged_gradients: dp must be finite, but got nan at"):
        staged_gradients(np.full((4, 3), np.nan), cache)
    with pytest.raises(ValueError, match=r"^staged_backward: dp must stay well within the range"):
        staged_backward(np.full((4, 3), 1.7e308), cache)
    with pytest.raises(TypeError, match="the StagedCache of staged_forward, but got SoftmaxCache"):
        staged_backward(p, softmax_forward(np.zeros((4, 3)))[1])
    with pytest.raises(
        TypeError, match="the SoftmaxCache of softmax_forward, but got StagedCache"
    ):
        softmax_backward(p, cache)


def test_the_cache_is_read_only():
    """exps *= 2 between forward and backward would change the gradient without a word."""
    cache = staged_forward(np.zeros((4, 3)))[1]
    assert isinstance(cache, StagedCache)
    for stage in cache[:3]:
        with pytest.raises(ValueError, match="read-only"):
            stage += 1


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_the_answer_has_the_precision_of_x(dtype):
    """The cache holds no more digits than that, whatever dp holds."""
    p, cache = staged_forward(np.array([0.0, 1.0, 3.0], dtype))
    assert p.dtype == dtype
    assert staged_backward(np.array([1.0, 2.0, 4.0]), cache).dtype == dtype
