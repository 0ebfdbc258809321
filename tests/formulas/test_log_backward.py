"""Log-softmax backward: laws first, then 80 digits, an autodiff library, and our own checks."""

import math

import autograd.numpy as anp
import mpmath
import numpy as np
import pytest
from autograd.differential_operators import make_vjp
from cases import DIGITS, ROWS, exact_softmax, relative_error
from hypothesis import given

from smlearn import (
    log_softmax,
    log_softmax_vjp,
    numerical_jacobian,
    softmax,
    softmax_jacobian,
    softmax_vjp,
)
from smlearn.checking import gradcheck
from smlearn.mistakes import MISTAKES


def upstream(x, seed=1):
    return np.random.default_rng(seed).standard_normal(x.shape)


@given(ROWS)
def test_it_is_the_upstream_times_identity_minus_ones_times_p(x):
    """Rows of J are those of I, less p, and dlogp stands on its left; entries up to sqrt(40)."""
    J = np.eye(x.shape[-1]) - softmax(x)[..., None, :]
    expected = np.einsum("...i,...ij->...j", upstream(x), J)
    np.testing.assert_allclose(log_softmax_vjp(x, upstream(x)), expected, rtol=0, atol=1e-13)


@given(ROWS)
def test_each_row_of_dx_sums_to_zero(x):
    """A number added to all logits changes no log-probability."""
    dx = log_softmax_vjp(x, upstream(x))
    np.testing.assert_allclose(dx.sum(axis=-1), 0, rtol=0, atol=1e-13)  # entries up to 10


@given(ROWS)
def test_an_upstream_of_p_vanishes(x):
    """The mean of the score is 0: p - p sum(p)."""
    np.testing.assert_allclose(log_softmax_vjp(x, softmax(x)), 0, rtol=0, atol=1e-15)


@given(ROWS)
def test_through_the_logarithm_it_is_softmax_backward(x):
    """Upstream p * dp of log p is upstream dp of p; and constants are not in its blind spot."""
    p, dp = softmax(x), upstream(x)
    np.testing.assert_allclose(log_softmax_vjp(x, p * dp), softmax_vjp(x, dp), rtol=0, atol=1e-14)
    D = x.shape[-1]
    np.testing.assert_allclose(log_softmax_vjp(x, np.ones_like(x)), 1 - D * p, atol=1e-13)


def test_the_covariance_of_the_score_is_the_jacobian_of_softmax(rng):
    """Fisher's information of the logits, summed over the classes with their probabilities."""
    x = rng.standard_normal(5)
    score = np.stack([log_softmax_vjp(x, row) for row in np.eye(5)])  # (5, 5) class, logit
    information = np.einsum("k,ki,kj->ij", softmax(x), score, score)
    np.testing.assert_allclose(information, softmax_jacobian(x), rtol=0, atol=1e-15)


@pytest.mark.parametrize("scale", [1, 10, 40, 100])
def test_every_component_has_its_digits(rng, scale):
    """Upstream of one class, where 1 - p cancels: against sum_k (p_k dlogp_i - p_i dlogp_k)."""
    x = scale * rng.standard_normal((40, 8))
    dlogp = np.eye(8)[x.argmax(axis=-1)]
    with mpmath.workdps(DIGITS):
        p = exact_softmax(x)  # (40, 8)
        pairs = [[(i, k) for k in range(8) if k != i] for i in range(8)]
        exact = np.array(
            [
                [mpmath.fsum(q[k] * d[i] - q[i] * d[k] for i, k in row) for row in pairs]
                for q, d in zip(p, dlogp, strict=True)
            ]
        )
    seen = np.array(exact, float) ** 2 > 0  # what is below 1e-162 may have fewer digits
    error = relative_error(log_softmax_vjp(x, dlogp), exact)
    assert error[seen].max() < 1e-13  # x - max rounds: up to 300 ulp
    p = softmax(x)
    plain = relative_error(dlogp - p * dlogp.sum(axis=-1, keepdims=True), exact)
    assert scale < 40 or plain[seen].max() > 0.5  # the formula taken literally


def share_of_the_allowed(x, dlogp, dx):
    """The worst error, in u (gap + 8) times the sum of the sizes of what is added up.

    dx_i = sum_k (p_k dlogp_i - p_i dlogp_k) over the other k, in 80 digits; p may be off by a
    share of (gap + 8) u, as in notebook 09. Entries below the normal numbers are left out.
    """
    worst, eps, tiny = 0, float(np.finfo(dx.dtype).eps), float(np.finfo(dx.dtype).tiny)
    with mpmath.workdps(DIGITS):
        rows = zip(exact_softmax(x.astype(float)), x.astype(float), dlogp, dx, strict=True)
        for p, logits, d, got in rows:
            d, gap = [mpmath.mpf(float(v)) for v in d], np.ptp(logits) + 8
            for i, each in enumerate(got):
                others = [k for k in range(len(p)) if k != i]
                rest = mpmath.fsum(p[k] for k in others)  # 1 - p_i
                exact = rest * d[i] - p[i] * mpmath.fsum(d[k] for k in others)
                allowed = rest * abs(d[i]) + p[i] * mpmath.fsum(abs(d[k]) for k in others)
                if abs(exact) > tiny:
                    off = abs(mpmath.mpf(float(each)) - exact) / allowed
                    worst = max(worst, float(off) / (gap * eps / 2))
    return worst


def test_a_sure_class_beside_others_that_cancel_keeps_its_digits():
    """Of the others 1e10 and -1e10 remain rounding errors of 1e-6; their dlogp add up to 0."""
    x, dlogp = np.array([[0.1, -1.0, -1.2]]), np.array([[1.0, 1e10, -1e10]])
    dx = log_softmax_vjp(x, dlogp)
    assert dx[0, 0] == pytest.approx(1 - softmax(x)[0, 0], rel=1e-15)
    assert f"{dx[0, 0]:.8f}" == "0.37710340"
    assert share_of_the_allowed(x, dlogp, dx) < 1


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("scale", [0.1, 1, 10, 40])
@pytest.mark.parametrize("spread", [0, 5])
@pytest.mark.parametrize("D", [2, 3, 9])
def test_no_entry_loses_more_than_its_terms_allow(rng, dtype, scale, spread, D):
    """Upstreams of one size, and of sizes from 1e-5 to 1e5."""
    x = (scale * rng.standard_normal((60, D))).astype(dtype)
    sizes = 10 ** rng.uniform(-spread, spread, (60, D))
    dlogp = (sizes * rng.standard_normal((60, D))).astype(dtype)
    assert share_of_the_allowed(x, dlogp, log_softmax_vjp(x, dlogp)) < 1


@pytest.mark.parametrize(("most", "sure"), [(0.49, False), (0.51, True)])
def test_the_likeliest_class_has_its_own_formula_if_it_has_more_than_half(most, sure):
    """At 2^53 the two round otherwise, which tells them apart."""
    x = np.log([[most, (1 - most) / 2, (1 - most) / 2]])
    dlogp = np.array([[1.0, 2.0**53, -(2.0**53) - 2]])
    p = softmax(x)
    own = (p[0, 1] + p[0, 2]) * 1.0 + p[0, 0] * 2
    plain = dlogp[0, 0] - p[0, 0] * dlogp.sum()
    assert own != plain
    assert log_softmax_vjp(x, dlogp)[0, 0] == (own if sure else plain)


def test_in_wide_flat_rows_nothing_is_added_up_that_need_not_be(rng):
    """Minus the sum of 4,095 others would be right to 1e-14 only; nobody is sure there."""
    x, dlogp = rng.standard_normal((2, 20, 4096))
    x *= 0.01
    dx, p = log_softmax_vjp(x, dlogp), softmax(x)
    b, top = np.arange(20), p.argmax(axis=-1)
    exact = dlogp[b, top] - p[b, top] * [math.fsum(row) for row in dlogp]
    np.testing.assert_allclose(dx[b, top], exact, rtol=0, atol=1e-15)  # entries below 4


def test_an_upstream_of_0_gives_0_and_not_minus_0():
    """At the likeliest class as well, whose entry is minus the sum of the others."""
    dx = log_softmax_vjp([[5.0, 0.0, 0.0], [0.0, 0.1, 0.2]], np.zeros((2, 3)))
    np.testing.assert_array_equal(np.signbit(dx), False)


@pytest.mark.parametrize("shape", [(5,), (4, 3), (2, 3, 5)])
def test_autodiff_agrees(rng, shape):
    """HIPS autograd on the definition."""
    x, dlogp = rng.standard_normal((2, *shape))

    def f(x):
        return x - anp.log(anp.sum(anp.exp(x), axis=-1, keepdims=True))

    want = make_vjp(f)(x)[0](dlogp)
    np.testing.assert_allclose(log_softmax_vjp(x, dlogp), want, rtol=1e-12, atol=1e-15)


def test_our_own_gradcheck_passes_it_and_stops_what_is_nearly_it(rng):
    """Softmax's backward, the transposed product, and a wrong factor."""
    x = rng.standard_normal((4, 3))
    assert gradcheck(log_softmax, log_softmax_vjp, x, rng=rng).verdict == "PASS"
    transposed = lambda x, d: d - (softmax(x) * d).sum(axis=-1, keepdims=True)  # noqa: E731
    for wrong in (softmax_vjp, transposed, lambda x, d: 2 * log_softmax_vjp(x, d)):
        assert gradcheck(log_softmax, wrong, x, rng=rng).verdict == "FAIL"
    measured = numerical_jacobian(log_softmax, x[0])
    np.testing.assert_allclose(measured, np.eye(3) - softmax(x[0]), rtol=0, atol=1e-9)


def test_it_is_the_known_mistake_of_the_same_name(rng):
    """catalogue.py has it as a wrong backward of softmax."""
    x, dp = rng.standard_normal((2, 4, 3))
    want = MISTAKES["log_softmax_backward"].vjp(x, dp)
    np.testing.assert_allclose(log_softmax_vjp(x, dp), want, rtol=1e-13)


@pytest.mark.parametrize(
    ("dlogp", "error", "message"),
    [
        ([1.0, 2.0, 3.0], ValueError, r"dlogp must have the shape of x, \(2, 3\), but got \(3,\)"),
        ([[1.0, np.nan, 0], [0, 0, 0]], ValueError, r"must be finite, but got nan at \(0, 1\)"),
        ([[1e308] * 3, [0] * 3], ValueError, "well within the range of float64"),
        ([[1j] * 3, [0] * 3], TypeError, "dlogp must hold real numbers"),
    ],
)
def test_what_cannot_be_meant_is_refused(dlogp, error, message):
    """By its own name, in a sentence that says what to do."""
    with pytest.raises(error, match=f"^log_softmax_vjp: .*{message}"):
        log_softmax_vjp(np.zeros((2, 3)), dlogp)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_it_answers_in_the_precision_it_was_given(rng, dtype):
    """The wider of the two; nothing is written into."""
    x, dlogp = rng.standard_normal((2, 4, 3)).astype(dtype)
    before = dlogp.copy()
    x.flags.writeable = dlogp.flags.writeable = False
    dx = log_softmax_vjp(x, dlogp)
    assert dx.dtype == dtype
    np.testing.assert_array_equal(dlogp, before)
    eps = float(np.finfo(dtype).eps)
    wide = log_softmax_vjp(x.astype(float), dlogp.astype(float))
    np.testing.assert_allclose(dx, wide, rtol=0, atol=8 * eps)
    assert log_softmax_vjp(x, dlogp.astype(float)).dtype == float
