"""What the frameworks said of the rows of notebook 08 agrees with ours; 80 digits decide."""

import numpy as np
import pytest
from agreement import KINDS, ORDINARY, apart, ours

from smlearn import softmax_jacobian_einsum, staged_backward, staged_forward
from smlearn.second_opinions import ROUTES, ROWS, exact_routes
from smlearn.second_opinions.loss_gradients import IGNORED, LOSSES, labels_of, targets

EXACT = exact_routes.record()["answers"]
SURE = "sure birds"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("rows", ROWS)
def test_ours_has_twelve_digits_of_the_exact_value(rows, kind):
    """In every entry, also where a class is sure; 40 x rounds, which costs two digits."""
    assert apart(ours()[rows][kind], EXACT[rows][kind]) < 1e-12


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("rows", ORDINARY)
@pytest.mark.parametrize("framework", ROUTES)
def test_ours_agrees_with_each_framework_as_recorded(framework, rows, kind):
    """To 1e-12 in every entry, on rows where nobody is sure."""
    said = ROUTES[framework].record()["answers"]
    assert apart(ours()[rows][kind], said[rows][kind]) < 1e-12


@pytest.mark.parametrize("framework", ["PyTorch", "JAX"])
def test_on_sure_rows_two_frameworks_have_no_digit_left(framework):
    """dp - <p, dp> is a difference of rounding errors there, and so is p - 1."""
    said = ROUTES[framework].record()["answers"][SURE]
    assert apart(said["softmax"], EXACT[SURE]["softmax"]) == 1
    assert apart(said["gradient"]["mean"], EXACT[SURE]["gradient"]["mean"]) == 1


def test_the_gradient_of_the_shift_keeps_autograds_digits():
    """It is 0 in theory; in rounded numbers it puts back what the likeliest class lost."""
    said = ROUTES["autograd"].record()["answers"][SURE]
    assert apart(said["softmax"], EXACT[SURE]["softmax"]) < 1e-12
    rows = ROWS[SURE]
    dz = staged_backward(rows.dp, staged_forward(rows.x)[1])
    assert apart(dz, EXACT[SURE]["softmax"]) > 0.5
    top = np.eye(3)[rows.x.argmax(axis=-1)]
    dx = dz - top * dz.sum(axis=-1, keepdims=True)
    assert apart(dx, EXACT[SURE]["softmax"]) < 1e-12


def test_the_distance_sees_one_wrong_entry():
    """The comparison compared: a digit, a zero, a missing row, another loss."""
    wrong = ours()["birds"]
    wrong["gradient"]["mean"] = wrong["gradient"]["mean"] * (1 + 1e-9)
    assert apart(wrong["gradient"], EXACT["birds"]["gradient"]) > 9e-10
    assert apart([0.0, 1e-30], [0.0, 2e-30]) == 0.5
    assert apart([1e-30], [0.0]) == np.inf
    with pytest.raises(AssertionError):
        apart([1.0], [[1.0], [1.0]])
    with pytest.raises(KeyError):
        apart({}, {"loss": 1.0})


def test_the_rows_are_those_of_the_course():
    """The seed's, four birds, and the same forty times as sure, with 1 more for every cost."""
    np.testing.assert_array_equal(ROWS["seed"].x, [[1, 2], [2, 5]])
    np.testing.assert_array_equal(ROWS["seed"].dp, [[1, 3], [2, 4]])
    np.testing.assert_array_equal(ROWS[SURE].x, 40 * ROWS["birds"].x)
    np.testing.assert_array_equal(ROWS[SURE].dp, 1 + ROWS["birds"].dp)
    dp, x = ROWS["seed"].dp, ROWS["seed"].x
    by_jacobian = np.einsum("bj,bjk->bk", dp, softmax_jacobian_einsum(x))
    assert apart(by_jacobian, EXACT["seed"]["softmax"]) < 1e-12


def test_the_targets_count_each_row_as_its_loss_does():
    """Rows add up to 1 over the number that counts, or to 0."""
    rows = ROWS["birds"]
    for a, ignored in LOSSES.values():
        sums = targets(rows, a, ignored).sum(axis=-1)
        kept = labels_of(rows, ignored) != IGNORED
        np.testing.assert_allclose(sums, kept / kept.sum(), rtol=1e-15)
    assert list(rows.labels) == [0, 1, 2, 2]  # the labels of the rows themselves stay
