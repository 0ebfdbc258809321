"""Training finds the running example's weights, and everything it promises on the way."""

import numpy as np
import pytest
import scipy

from smlearn import SPECIES, load_penguins, softmax, softmax_jacobian
from smlearn.checking import gradcheck
from smlearn.mistakes import SOFTMAX_MISTAKES
from smlearn.penguins import BIASES, CENTRE, SPREAD, WEIGHTS
from smlearn.second_opinions import QUESTIONS
from smlearn.training.descent import (
    AT_ONCE,
    descend,
    label_gradient,
    largest_curvature,
    penguin_split,
    regression_gradient,
    regression_loss,
)


@pytest.fixture(scope="module")
def birds():
    return penguin_split()


@pytest.fixture(scope="module")
def z(birds):
    """The training birds' bills, (274, 2), by the running example's ruler."""
    return (birds.bills - CENTRE) / SPREAD


@pytest.fixture(scope="module")
def walk(z, birds):
    return descend(z, birds.labels, 3)


@pytest.fixture
def ordinary(rng):
    """Seven rows of two features, four classes: W (2, 4), b (4,), z, labels."""
    W, b = rng.standard_normal((2, 4)), rng.standard_normal(4)
    return W, b, rng.standard_normal((7, 2)), np.array([0, 1, 2, 3, 3, 0, 1])


# ---- the running example


def test_training_finds_the_weights_used_since_notebook_01(walk):
    """The package holds them to three decimals; whatever changes the minimum shows here."""
    np.testing.assert_allclose(walk.W[-1], WEIGHTS, rtol=0, atol=5.01e-4)
    np.testing.assert_allclose(walk.b[-1], BIASES, rtol=0, atol=5.01e-4)


@pytest.mark.parametrize(
    "changed",
    [
        {"ridge": 0.99},
        {"steps": 400},
        {"backward": SOFTMAX_MISTAKES["seed_sum_backward"].vjp},
        {"backward": lambda x, labels: 1.01 * label_gradient(x, labels)},
    ],
    ids=["another ridge", "too few steps", "the seed's backward", "a factor"],
)
def test_other_training_finds_other_weights(z, birds, changed):
    """The test above can fail: by a hundredth of the ridge, too."""
    if changed.get("backward") is SOFTMAX_MISTAKES["seed_sum_backward"].vjp:
        Y, vjp = np.eye(3)[birds.labels], changed["backward"]
        changed = {"backward": lambda x, labels: vjp(x, -Y / softmax(x))}
    other = descend(z, birds.labels, 3, **changed)
    assert abs(other.W[-1] - WEIGHTS).max() > 5.01e-4


def test_another_minimiser_finds_the_same_minimum(z, birds, walk):
    """BFGS, with measured slopes and a loss written by hand, knows nothing of our gradient."""

    def loss(theta):
        W, b = theta[:6].reshape(2, 3), theta[6:]
        x = z @ W + b
        p = np.exp(x) / np.exp(x).sum(axis=1, keepdims=True)
        return -np.log(p[np.arange(len(p)), birds.labels]).sum() + 0.5 * (W**2).sum()

    found = scipy.optimize.minimize(loss, np.zeros(9), method="BFGS", options={"gtol": 1e-4}).x
    np.testing.assert_allclose(walk.W[-1].ravel(), found[:6], rtol=0, atol=1e-4)
    gap = found[6:] - found[6:].mean()  # the biases are found up to a constant only
    np.testing.assert_allclose(walk.b[-1], gap, rtol=0, atol=1e-4)


def test_scikit_learn_finds_the_same_weights(walk):
    """As recorded; tests/frameworks asks it live. As it comes, it stops 0.004 away."""
    said = QUESTIONS["sklearn_regression"].record()["answers"]
    for name, near in [("newton-cholesky", 1e-6), ("lbfgs, tight", 1e-4), ("lbfgs", 1e-2)]:
        np.testing.assert_allclose(walk.W[-1], said[name]["W"], rtol=0, atol=near)
        np.testing.assert_allclose(walk.b[-1], said[name]["b"], rtol=0, atol=near)


# ---- the split


def test_the_split_is_by_row_number(birds):
    """Every row whose number leaves 4 when divided by 5 is held out; two have no bill."""
    table = load_penguins()
    rows = [n for n in range(344) if n not in (3, 271)]
    kept, out = [n for n in rows if n % 5 != 4], [n for n in rows if n % 5 == 4]
    assert (len(kept), len(out)) == (274, 68)
    for which, bills, labels in [
        (kept, birds.bills, birds.labels),
        (out, birds.held_out_bills, birds.held_out_labels),
    ]:
        np.testing.assert_array_equal(bills[:, 0], table.bill_length_mm[which])
        np.testing.assert_array_equal(bills[:, 1], table.bill_depth_mm[which])
        assert [SPECIES[k] for k in labels] == table.species[which].tolist()


# ---- the gradient


def test_the_loss_by_hand():
    """Logits 0 and log 3, label 1: -log(3/4); and 2 / 2 times the square of log 3."""
    W = np.array([[0.0, np.log(3.0)]])
    loss = regression_loss(W, np.zeros(2), np.ones((1, 1)), np.array([1]), ridge=2.0)
    np.testing.assert_allclose(loss, np.log(4 / 3) + np.log(3.0) ** 2, rtol=1e-14)


def test_the_gradient_is_the_measured_slope_of_the_loss(ordinary):
    """By gradcheck, in all weights and biases at once; with a ridge that is not 1."""
    W, b, z, labels = ordinary

    def parts(theta):
        return theta[: W.size].reshape(W.shape), theta[W.size :]

    def loss(theta):
        return regression_loss(*parts(theta), z, labels, ridge=0.3)

    def gradient(theta, dloss):
        dW, db = regression_gradient(*parts(theta), z, labels, ridge=0.3)
        return dloss * np.concatenate([dW.ravel(), db])

    at = np.concatenate([W.ravel(), b])
    assert gradcheck(loss, gradient, at).verdict == "PASS"
    assert gradcheck(loss, lambda t, d: 1.0001 * gradient(t, d), at).verdict == "FAIL"


def test_gradient_of_the_labels_is_p_minus_y(rng):
    """Of the sum, not of the mean."""
    x, labels = rng.standard_normal((5, 3)), np.array([0, 2, 1, 1, 0])
    expected = softmax(x) - np.eye(3)[labels]
    np.testing.assert_allclose(label_gradient(x, labels), expected, rtol=0, atol=1e-15)  # p <= 1


def test_another_backward_is_used_where_one_is_given(ordinary):
    """With the labels; both gradients are made of what it returns, and the ridge is added."""
    W, b, z, labels = ordinary
    dx = np.arange(28.0).reshape(7, 4)
    dW, db = regression_gradient(W, b, z, labels, ridge=2.0, backward=lambda x, given: dx + x * 0)
    np.testing.assert_allclose(dW, z.T @ dx + 2 * W, rtol=1e-13)
    np.testing.assert_allclose(db, dx.sum(axis=0), rtol=1e-13)


# ---- the step


def hessian(W, b, z, ridge):
    """The whole second derivative, (1 + F) D square: J of each row, with its features."""
    Z = np.column_stack([np.ones(len(z)), z])
    blocks = softmax_jacobian(z @ W + b)
    n = Z.shape[1] * W.shape[1]
    H = np.einsum("nij,nk,nl->kilj", blocks, Z, Z).reshape(n, n)
    return H + ridge * np.diag(np.repeat([0.0] + [1.0] * z.shape[1], W.shape[1]))


def test_no_curvature_is_above_the_bound(rng, z):
    """At random weights, small and large; and the bound is no more than some times too wide."""
    L = largest_curvature(z, ridge=0.7)
    seen = []
    for size in [0, 0, 0.1, 1, 1, 3, 10]:
        W, b = size * rng.standard_normal((2, 3)), size * rng.standard_normal(3)
        seen.append(np.linalg.eigvalsh(hessian(W, b, z, 0.7))[-1])
    assert max(seen) <= L
    assert max(seen) > L / 3


def test_the_bound_is_reached():
    """One row that is torn between two of three classes: p = (1/2, 1/2, 0), 1 + z^2 = 5."""
    z, W, b = np.array([[2.0]]), np.zeros((1, 3)), np.array([0.0, 0.0, -800.0])
    H = hessian(W, b, z, 0.0)
    np.testing.assert_allclose(largest_curvature(z, ridge=0.0), 2.5, rtol=1e-14)
    np.testing.assert_allclose(np.linalg.eigvalsh(H)[-1], 2.5, rtol=1e-14)


def test_the_bound_by_hand():
    """Columns at right angles, so Z^T Z is diagonal: 4, 36 and 16; half of 36, and the ridge."""
    z = np.array([[3.0, 2.0], [-3.0, 2.0], [3.0, -2.0], [-3.0, -2.0]])
    np.testing.assert_allclose(largest_curvature(z, ridge=0.7), 18.7, rtol=1e-14)
    np.testing.assert_allclose(largest_curvature(z), 19.0, rtol=1e-14)


def test_the_loss_falls_by_what_the_bound_promises(z, birds, walk):
    """loss(after) <= loss(before) - |g|^2 / (2 L), at every step, to the rounding of the loss."""
    L = largest_curvature(z)
    moved = (np.diff(walk.W, axis=0) ** 2).sum((1, 2)) + (np.diff(walk.b, axis=0) ** 2).sum(1)
    promised = L / 2 * moved  # |g|^2 / (2 L), as the step is g / L
    slack = 1e-12  # the loss is a sum of 274 numbers, below 400
    assert (np.diff(walk.loss) <= -promised + slack).all()
    assert walk.loss[0] == pytest.approx(274 * np.log(3), rel=1e-14)


def test_the_descent_starts_at_zero_and_takes_the_step_it_is_given(ordinary):
    """steps + 1 points; the second is minus step times the gradient at 0."""
    _, _, z, labels = ordinary
    walk = descend(z, labels, 4, ridge=0.5, steps=2, step=0.01)
    assert (walk.W.shape, walk.b.shape, walk.loss.shape) == ((3, 2, 4), (3, 4), (3,))
    assert not walk.W[0].any()
    assert not walk.b[0].any()
    for k in (0, 1):
        dW, db = regression_gradient(walk.W[k], walk.b[k], z, labels, ridge=0.5)
        np.testing.assert_allclose(walk.W[k + 1], walk.W[k] - 0.01 * dW, rtol=1e-13)
        np.testing.assert_allclose(walk.b[k + 1], walk.b[k] - 0.01 * db, rtol=1e-13)
        assert walk.loss[k] == regression_loss(walk.W[k], walk.b[k], z, labels, ridge=0.5)
    default = descend(z, labels, 4, ridge=0.5, steps=1)
    L = largest_curvature(z, ridge=0.5)
    np.testing.assert_allclose(default.W[1], walk.W[1] / 0.01 / L, rtol=1e-13)


def test_each_point_has_its_own_loss(z, birds, walk):
    """To the last bit, also where one handful of points ends and the next begins."""
    for k in [0, 1, AT_ONCE - 1, AT_ONCE, AT_ONCE + 1, 999, 1000]:
        assert walk.loss[k] == regression_loss(walk.W[k], walk.b[k], z, birds.labels)


def test_a_descent_without_a_step_is_a_point(z, birds):
    """At 0, with the loss of a third for each class."""
    walk = descend(z, birds.labels, 3, steps=0)
    assert (walk.W.shape, walk.b.shape) == ((1, 2, 3), (1, 3))
    assert walk.loss == pytest.approx([274 * np.log(3)], rel=1e-14)


# ---- laws of the minimum


def test_at_the_minimum_promises_add_up_to_counts(z, birds, walk):
    """The gradient in the biases is sum(p) - counts, and it is 0 there."""
    p = softmax(z @ walk.W[-1] + walk.b[-1])
    np.testing.assert_allclose(p.sum(axis=0), np.bincount(birds.labels), rtol=0, atol=1e-4)


def test_weights_and_biases_of_the_classes_add_up_to_zero(walk):
    """They start at 0, and rows of dx add up to 0, so no step changes the sums."""
    np.testing.assert_allclose(walk.W.sum(axis=-1), 0, atol=1e-12)
    np.testing.assert_allclose(walk.b.sum(axis=-1), 0, atol=1e-12)


# ---- refusals


@pytest.mark.parametrize(
    ("z", "labels", "message"),
    [
        ([1.0, 2.0], [0, 1], r"z must be finite, of shape \(N, F\), but got shape \(2,\); leave"),
        ([[1.0], [np.nan]], [0, 1], "but got NaN or an infinity; leave out rows with missing"),
        ([[1.0], [2.0]], [0, 3], "labels must be from 0 to 2, but got 3"),
        ([[1.0], [2.0]], [0, 1, 2], r"labels must have shape \(2,\)"),
    ],
)
def test_wrong_data_is_refused(z, labels, message):
    """Before the first step, with what to do."""
    with pytest.raises(ValueError, match=message):
        descend(z, np.array(labels), 3)


def test_wrong_labels_are_refused_before_the_backward_runs():
    """Whatever a backward of one's own would make of them."""
    with pytest.raises(ValueError, match="labels must be from 0 to 2, but got 3"):
        descend([[1.0], [2.0]], np.array([0, 3]), 3, backward=lambda x, labels: 1 / 0)


def test_words_for_features_are_refused():
    """As everywhere in the course."""
    with pytest.raises(TypeError, match=r"^descend: z must hold real numbers"):
        descend([["a"]], np.array([0]), 3)


def test_nothing_is_written_into_the_data(ordinary):
    """Read-only arrays will do."""
    _, _, z, labels = ordinary
    z.flags.writeable = labels.flags.writeable = False
    descend(z, labels, 4, steps=3)
