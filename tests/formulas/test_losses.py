"""Cross-entropy and its gradient: p - y, laws first, then 80 digits and an autodiff library."""

import autograd
import autograd.numpy as anp
import mpmath
import numpy as np
import pytest

from smlearn import (
    cross_entropy,
    cross_entropy_backward,
    cross_entropy_forward,
    log_softmax,
    numerical_jacobian,
    softmax,
    softmax_jacobian,
    softmax_vjp,
)
from smlearn.checking import gradcheck

LABELS = np.array([2, 0, 1, 1])


@pytest.fixture
def x(rng):
    return rng.standard_normal((4, 3))


def gradient(x, labels, dloss=1.0, **options):
    """Forward, then backward."""
    _, cache = cross_entropy_forward(x, labels, **options)
    return cross_entropy_backward(dloss, cache)


def test_the_loss_is_minus_the_mean_log_probability_of_the_labels(x):
    """By the definition, row by row."""
    by_hand = -np.mean([log_softmax(row)[label] for row, label in zip(x, LABELS, strict=True)])
    assert cross_entropy(x, LABELS) == pytest.approx(by_hand, rel=1e-15, abs=0)
    assert cross_entropy_forward(x, LABELS)[0] == cross_entropy(x, LABELS)


def test_the_gradient_of_the_mean_is_p_minus_y_over_b(x):
    """The collapse, and the division that is so often forgotten."""
    want = (softmax(x) - np.eye(3)[LABELS]) / 4
    np.testing.assert_allclose(gradient(x, LABELS), want, rtol=0, atol=1e-16)  # a few ulp of 1/4


def test_the_collapse_is_softmax_backward_of_minus_y_over_p(x):
    """The chain through p: upstream -y / p, pulled back by softmax."""
    upstream = -np.eye(3)[LABELS] / softmax(x) / 4
    np.testing.assert_allclose(gradient(x, LABELS), softmax_vjp(x, upstream), rtol=1e-13, atol=0)


@pytest.mark.parametrize("smoothing", [0.0, 0.1, 1.0])
def test_every_row_of_the_gradient_sums_to_zero(x, smoothing):
    """A constant added to a row changes no probability, so no loss."""
    dx = gradient(x, LABELS, label_smoothing=smoothing)
    np.testing.assert_allclose(dx.sum(axis=-1), 0, atol=1e-16)  # entries below 1/4
    shifted = gradient(x + 100, LABELS, label_smoothing=smoothing)
    np.testing.assert_allclose(shifted, dx, rtol=0, atol=1e-14)  # x + 100 rounds to 1.4e-14


def test_the_second_derivative_is_the_covariance(x):
    """d(p - y)/dx is the Jacobian of softmax: positive semidefinite, so the loss is convex."""
    hessian = numerical_jacobian(lambda row: gradient(row, np.array(1)), x[0])
    np.testing.assert_allclose(hessian, softmax_jacobian(x[0]), rtol=0, atol=1e-9)  # h^2 / 48


@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
@pytest.mark.parametrize("smoothing", [0.0, 0.1])
def test_our_own_gradcheck_passes(rng, x, reduction, smoothing):
    """As a pair with a cache; and a wrong one does not."""
    options = {"reduction": reduction, "label_smoothing": smoothing}

    def forward(x):
        return cross_entropy_forward(x, LABELS, **options)

    assert gradcheck(forward, cross_entropy_backward, x, rng=rng).verdict == "PASS"
    wrong = gradcheck(forward, lambda d, c: 2 * cross_entropy_backward(d, c), x, rng=rng)
    assert wrong.verdict == "FAIL"


@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
@pytest.mark.parametrize("smoothing", [0.0, 0.25])
def test_autodiff_agrees(rng, x, reduction, smoothing):
    """HIPS autograd, on the textbook definition with smoothed one-hot rows."""
    target = (1 - smoothing) * np.eye(3)[LABELS] + smoothing / 3
    dloss = np.asarray(rng.standard_normal(() if reduction != "none" else 4))
    fold = {"mean": anp.mean, "sum": anp.sum, "none": lambda rows: rows}[reduction]

    def loss(x):
        logp = x - anp.log(anp.sum(anp.exp(x), axis=-1, keepdims=True))
        return fold(-anp.sum(target * logp, axis=-1))

    options = {"reduction": reduction, "label_smoothing": smoothing}
    np.testing.assert_allclose(cross_entropy(x, LABELS, **options), loss(x), rtol=1e-13)
    want = autograd.grad(lambda x: anp.sum(dloss * loss(x)))(x)
    np.testing.assert_allclose(gradient(x, LABELS, dloss, **options), want, rtol=1e-12, atol=1e-16)


@pytest.mark.parametrize("scale", [1, 10, 40, 100])
def test_every_entry_is_right_to_the_last_digits(rng, scale):
    """p - y against mpmath, also at the label of a sure row, where p - 1 rounds to 0."""
    x = scale * rng.standard_normal((40, 8))
    labels = x.argmax(axis=-1)
    dx = gradient(x, labels, reduction="sum")
    with mpmath.workdps(400):  # p - 1 loses up to 300 of them
        for row, label, got in zip(x, labels, dx, strict=True):
            e = [mpmath.exp(mpmath.mpf(float(v))) for v in row]
            for k in range(8):
                exact = (e[k] - (sum(e) if k == label else 0)) / sum(e)
                if abs(exact) > 1e-300:
                    assert abs(got[k] - exact) < 1e-13 * abs(exact)  # x - max rounds: scale ulp


def test_ignored_rows_are_as_if_they_were_not_there(x):
    """No loss, no gradient, no part in the mean."""
    labels = np.array([2, -100, 1, -100])
    kept = [0, 2]
    assert cross_entropy(x, labels) == cross_entropy(x[kept], labels[kept])
    dx = gradient(x, labels)
    np.testing.assert_array_equal(dx[kept], gradient(x[kept], labels[kept]))
    np.testing.assert_array_equal(dx[[1, 3]], 0)
    assert cross_entropy(x, np.where(labels < 0, 7, labels), ignore_index=7) == cross_entropy(
        x, labels
    )
    assert cross_entropy(x, np.full(4, -100), reduction="sum") == 0
    gap = cross_entropy_forward(x, labels)[1].gap
    np.testing.assert_array_equal(gap[[1, 3]], 0)  # nothing of them is kept, either
    assert cross_entropy(x[:, :1], [-100, 0, 0, -100]) == 0  # also where there is but one class


def test_a_label_that_is_ruled_out_has_infinite_loss_and_a_finite_gradient():
    """Probability 0 is an infinite surprise; an ignored such row stays 0."""
    x = np.array([[0.0, -np.inf], [0.0, 0.0]])
    assert cross_entropy(x, [1, 0]) == np.inf
    np.testing.assert_array_equal(gradient(x, [1, 0], reduction="sum"), [[1, -1], [-0.5, 0.5]])
    assert cross_entropy(x, [-100, 0], label_smoothing=0.1) == pytest.approx(np.log(2))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("smoothing", [5e-324, 1e-30, 0.1, 1.0])
def test_a_smoothed_loss_is_infinite_where_any_class_is_ruled_out(smoothing, dtype):
    """Every class has a share of y then; and 0 times an infinite surprise is not NaN."""
    x = np.array([[0.0, -np.inf, 1.0]], dtype)
    expected = np.inf if dtype(smoothing) else cross_entropy(x, [2])  # too small for float32
    for label in (1, 2):
        loss = cross_entropy(x, [label], label_smoothing=smoothing)
        assert loss == (np.inf if label == 1 else expected)
    assert np.isfinite(gradient(x, [1], label_smoothing=smoothing)).all()


def test_a_loss_beyond_the_range_is_infinite_without_a_warning():
    """As documented; a mean or a smoothed loss that is within the range stays finite."""
    x, wide = np.array([[0, -1.7e308, -1.7e308]] * 2), np.array([[0, -60000]] * 2, np.float16)
    with np.errstate(all="raise"):
        assert cross_entropy(x, [1, 1], reduction="sum") == np.inf
        assert cross_entropy(x, [1, 1]) == 1.7e308
        smoothed = cross_entropy(x, [0, 0], label_smoothing=0.75)
        assert smoothed == pytest.approx(0.85e308, rel=1e-15, abs=0)
        assert cross_entropy(wide, [1, 1], reduction="sum") == np.inf
        assert cross_entropy(wide, [1, 1]) == np.float16(60000)


def test_a_loss_too_small_for_the_range_is_0_or_nearly_without_a_warning():
    """A third of a subnormal surprise, for somebody who has NumPy raise on underflow."""
    with np.errstate(all="raise"):
        loss = cross_entropy([[0.0, -720.0]] * 3, [0] * 3)
    assert 0 <= loss < 1e-310


def test_a_smoothing_too_small_for_the_range_smooths_nothing_without_a_warning():
    """A third of the smallest float32, for the same somebody."""
    with np.errstate(all="raise"):
        _, cache = cross_entropy_forward(np.zeros((1, 3), np.float32), [0], label_smoothing=1e-45)
    np.testing.assert_allclose(cache.gap, [[-2 / 3, 1 / 3, 1 / 3]], rtol=1e-6)


@pytest.mark.parametrize("one", [1, 1.0, np.int64(1), np.float32(1)])
def test_the_smoothing_may_be_any_kind_of_number(x, one):
    """A number out of an array of integers, too."""
    assert cross_entropy(x, LABELS, label_smoothing=one) == cross_entropy(
        x, LABELS, label_smoothing=1.0
    )


def test_a_label_that_is_spread_over_all_classes_does_not_count(x):
    """At 1 nothing is left of y but its mean: the loss is that of every class alike."""
    for labels in (LABELS, LABELS[::-1]):
        loss = cross_entropy(x, labels, label_smoothing=1)
        assert loss == pytest.approx(-log_softmax(x).mean(), rel=1e-15, abs=0)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_the_dtype_of_the_logits_stays(x, dtype):
    """And half precision is computed in single."""
    loss, cache = cross_entropy_forward(x.astype(dtype), LABELS)
    dx = cross_entropy_backward(1.0, cache)
    assert loss.dtype == dx.dtype == dtype
    assert loss.shape == ()
    assert {cache.gap.dtype, cache.weight.dtype} == {np.promote_types(dtype, np.float32)}
    eps = float(np.finfo(dtype).eps)
    np.testing.assert_allclose(dx, gradient(x, LABELS), rtol=0, atol=2 * eps)


def test_rows_may_have_any_shape(rng):
    """(D,) with one number, (2, 3, D) with (2, 3)."""
    x = rng.standard_normal((2, 3, 5))
    labels = rng.integers(5, size=(2, 3))
    flat = gradient(x.reshape(6, 5), labels.ravel())
    np.testing.assert_array_equal(gradient(x, labels), flat.reshape(2, 3, 5))
    one = gradient(x[0, 0], labels[0, 0])
    np.testing.assert_allclose(one, 6 * flat[0], rtol=1e-15)
    losses = cross_entropy(x, labels, reduction="none")
    assert losses.shape == (2, 3)
    assert losses.mean() == pytest.approx(cross_entropy(x, labels), rel=1e-15)
    smooth = {"label_smoothing": 0.25, "reduction": "none"}
    by_row = [cross_entropy(row, k, **smooth) for row, k in zip(x[1], labels[1], strict=True)]
    np.testing.assert_allclose(cross_entropy(x, labels, **smooth)[1], by_row, rtol=1e-15)


def test_nothing_is_written_into_and_the_cache_cannot_be(x):
    """Arguments stay; what the backward pass needs is read-only."""
    labels, before = LABELS.copy(), x.copy()
    x.flags.writeable = labels.flags.writeable = False
    _, cache = cross_entropy_forward(x, labels)
    cross_entropy_backward(1.0, cache)
    np.testing.assert_array_equal(x, before)
    np.testing.assert_array_equal(labels, LABELS)
    for array in (cache.gap, cache.weight):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 7


@pytest.mark.parametrize(
    ("labels", "options", "error", "message"),
    [
        (np.eye(3)[LABELS], {}, ValueError, "one-hot rows become numbers by argmax"),
        (LABELS.astype(float), {}, TypeError, "labels must be integers, but got dtype float64"),
        (LABELS[:3], {}, ValueError, r"labels must have shape \(4,\).* but got \(3,\)"),
        ([0, 1, 2, 3], {}, ValueError, "labels must be from 0 to 2, but got 3"),
        ([0, 1, 2, -1], {}, ValueError, "labels must be from 0 to 2, but got -1"),
        (LABELS, {"reduction": "avg"}, ValueError, "one of mean, sum, none, but got 'avg'"),
        (LABELS, {"label_smoothing": 2}, ValueError, "a number from 0 to 1, but got 2"),
        (LABELS, {"label_smoothing": True}, ValueError, "a number from 0 to 1, but got True"),
        (LABELS, {"label_smoothing": np.True_}, ValueError, "a number from 0 to 1, but got "),
        (np.ma.array(LABELS, mask=[1, 0, 0, 0]), {}, TypeError, "masked one, .* write -100 where"),
        ([[0], [1, 2]], {}, ValueError, "labels must be an array with rows of one length"),
        ([-100] * 4, {}, ValueError, "a mean needs at least one row, but got none"),
    ],
)
def test_what_cannot_be_meant_is_refused(x, labels, options, error, message):
    """In a sentence that says what to do, by the name of the function called."""
    for f in (cross_entropy, cross_entropy_forward):
        with pytest.raises(error, match=rf"^{f.__name__}: .*{message}"):
            f(x, labels, **options)


def test_a_square_batch_of_one_hot_rows_is_refused_too():
    """At N = C a matrix of labels could be mistaken for anything."""
    with pytest.raises(ValueError, match="one-hot"):
        cross_entropy(np.zeros((3, 3)), np.eye(3, dtype=int))


@pytest.mark.parametrize(
    ("dloss", "message"),
    [
        (np.ones(4), r"dloss must have the shape of the loss, \(\), but got \(4,\)"),
        (np.nan, "dloss must be finite, but got nan"),
        (1e308, None),
    ],
)
def test_an_upstream_that_does_not_fit_is_refused(x, dloss, message):
    """One number for a mean; the largest one is still a number."""
    _, cache = cross_entropy_forward(x, LABELS)
    if message is None:
        assert np.isfinite(cross_entropy_backward(dloss, cache)).all()
        return
    with pytest.raises(ValueError, match=f"^cross_entropy_backward: {message}"):
        cross_entropy_backward(dloss, cache)


def test_an_upstream_beyond_the_range_of_x_is_refused(x):
    """Half precision ends at 65504; and what is too small for it is 0, also where NumPy raises."""
    _, cache = cross_entropy_forward(x.astype(np.float16), LABELS, reduction="sum")
    with np.errstate(all="raise"):
        with pytest.raises(ValueError, match=r"^cross_entropy_backward: dloss must stay well"):
            cross_entropy_backward(1e6, cache)
        np.testing.assert_array_equal(cross_entropy_backward(1e-320, cache), 0)


def test_arguments_in_the_wrong_order_are_noticed(x):
    """(dloss, cache), as the field writes it."""
    loss, cache = cross_entropy_forward(x, LABELS)
    with pytest.raises(TypeError, match=r"got ndarray; call cross_entropy_backward\(dloss, cache"):
        cross_entropy_backward(cache, loss)
