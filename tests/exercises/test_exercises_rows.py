"""Answers to the exercises of 01, 02 and their depths: what is said of them is true of them."""

import numpy as np
import pytest

from smlearn import softmax, softmax_jacobian, softmax_vjp
from smlearn.exercises import exercise
from smlearn.exercises.registry import TASKS


def in_loops(own, other):
    """Make a Jacobian from p by two loops and an if."""

    def jacobian_from_p(p):
        J = np.zeros((len(p), len(p)))
        for i in range(len(p)):
            for j in range(len(p)):
                J[i, j] = own(p[i]) if i == j else other(p[i], p[j])
        return J

    return jacobian_from_p


def slope(a):
    return a * (1 - a)


@pytest.mark.parametrize(
    ("own", "other", "key"),
    [
        (slope, lambda a, b: -a * b, ""),
        (slope, lambda a, b: a * b, "plus_beside_the_diagonal"),
        (lambda a: a, lambda a, b: a * b, "plus_beside_the_diagonal"),
        (lambda a: a + a * a, lambda a, b: a * b, "plus_sign"),
        (slope, lambda a, b: a * (1 - b), "ones_for_delta"),
        (slope, lambda a, b: 0, "diagonal_only"),
        (lambda a: 0, lambda a, b: -a * b, "diagonal_empty"),
        (lambda a: a, lambda a, b: -a * b, "squares_on_the_diagonal"),
        (lambda a: 1 - a, lambda a, b: -a * b, "diagonal_without_p"),
        (lambda a: 1 - a * a, lambda a, b: -a * b, "identity_for_p"),
    ],
)
def test_a_jacobian_by_loops_is_spoken_of_entry_by_entry(own, other, key):
    """Nobody who wrote two loops added an outer product."""
    f = in_loops(own, other)
    for verdict in (
        exercise("jacobian_from_p").check(f),
        exercise("diagonal_jacobian").check(0.25, "diagonal_only", f),
    ):
        assert (verdict.right, verdict.key) == (not key, key)
        assert "outer" not in str(verdict)


def nudged(up, down, width, h=None):
    """Measure a column between x + up h and x - down h, with a step of its own if it has one."""

    def nudge_column(x, j, given):
        step = given if h is None else h
        e = np.eye(len(x))[j] * step
        return (softmax(x + up * e) - softmax(x - down * e)) / (width * step)

    return nudge_column


@pytest.mark.parametrize(
    ("f", "key"),
    [
        (nudged(1, 0, 1), ""),
        (nudged(0, 1, 1), ""),
        (nudged(1, 1, 2), ""),
        (nudged(0.5, 0.5, 1), ""),
        (lambda x, j, h: softmax_jacobian(x)[:, j], "no_nudge"),
        (lambda x, j, h: softmax(x) * (np.eye(len(x))[j] - softmax(x)[j]), "no_nudge"),
        (nudged(1, 0, 1, h=1e-6), "no_nudge"),
        (nudged(1, 1, 2, h=1e-3), "no_nudge"),
        (nudged(-1, 0, 1), "sign_flipped"),
        (nudged(1, 1, 1), "factor"),
    ],
)
def test_a_measured_column_is_measured_with_the_h_that_is_given(f, key):
    """The formula is no measurement, and would be told that it knows nothing of the formula."""
    verdict = exercise("nudge_column").check(f)
    assert (verdict.right, verdict.key) == (not key, key)


@pytest.mark.parametrize(
    ("f", "key"),
    [
        (lambda z, dp, W: W @ softmax_vjp(W @ z, dp), "wrong_side"),
        (lambda z, dp, W: softmax_jacobian(W @ z) @ W @ dp, "upstream_mapped"),
        (lambda z, dp, W: softmax_vjp(z @ W, dp) @ W, "transposed_map"),
    ],
)
def test_a_known_mistake_is_named_before_it_crashes(f, key):
    """It shows in the numbers of a square W; that a tall one does not fit comes of it."""
    verdict = exercise("map_vjp").check(f)
    assert (verdict.status, verdict.key) == ("WRONG", key)
    assert "With three features: at [" in verdict.lines[1]
    assert verdict.lines[-1].endswith("?")


@pytest.mark.parametrize("base", [2, 10, 2.0, 1.5])
def test_powers_of_another_number_are_named(base):
    """With logits of whole numbers 2**z would crash before: NumPy has no integer 2**-1."""

    def stable_softmax(x):
        e = base ** (x - x.max())
        return e / e.sum()

    verdict = exercise("stable_softmax").check(stable_softmax)
    assert (verdict.status, verdict.key == "another_base") == ("WRONG", base != 1.5)


def test_the_features_are_not_their_own_logits():
    """Else softmax at z would be softmax at W z, and nobody could tell."""
    for z, _, W in TASKS["map_vjp"].function.cases.values():
        assert len(W @ z) != len(z) or abs(softmax(W @ z) - softmax(z)).max() > 0.01
    for f in (lambda z, dp, W: softmax_vjp(z, dp) @ W, lambda z, dp, W: softmax_vjp(z, dp)):
        verdict = exercise("map_vjp").check(f)
        assert (verdict.status, verdict.key) == ("WRONG", "features_as_logits")


def test_what_crashes_at_once_is_said_to():
    """There are no numbers to name it by."""
    verdict = exercise("map_vjp").check(lambda z, dp, W: W @ dp[:2])
    assert verdict.status == "CRASHED"
    assert "matmul" in verdict.lines[1]
