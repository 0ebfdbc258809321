"""Exercises of notebooks 10, 10b and 10c: answers by other hands, and near misses."""

import numpy as np
import pytest

from smlearn.exercises import exercise


def curvature(z, half=0.5):
    Z = np.column_stack([z, np.ones(len(z))])  # the bias last
    return half * np.linalg.norm(Z, 2) ** 2


RIGHT = [
    ("safe_step", lambda z, ridge: 1 / (curvature(z) + ridge)),
    ("safe_step", lambda z, ridge: 2 / (curvature(z, 1) + 2 * ridge)),
    (
        "confusions",
        lambda is_, said, k: np.bincount(k * is_ + said, minlength=k * k).reshape(k, k),
    ),
    ("confusions", lambda is_, said, k: np.eye(k, dtype=int)[is_].T @ np.eye(k, dtype=int)[said]),
]
WRONG = [
    ("safe_step", lambda z, ridge: 2 / (curvature(z) + ridge), "twice_the_step"),
    ("safe_step", lambda z, ridge: 1 / (curvature(z, 1) + ridge), "half_missing"),
    ("safe_step", lambda z, ridge: 1 / (curvature(z, 0.25) + ridge), "quarter"),
    ("confusions", lambda is_, said, k: np.eye(k)[said].T @ np.eye(k)[is_], "transposed"),
]


@pytest.mark.parametrize(("key", "answer"), RIGHT)
def test_right_by_another_hand_is_right(key, answer):
    """A singular value, another order of the columns, counts by one number for two."""
    assert exercise(key).check(answer).right


@pytest.mark.parametrize(("key", "answer", "name"), WRONG)
def test_wrong_by_another_hand_has_its_own_name(key, answer, name):
    """However it is written."""
    assert exercise(key).check(answer).key == name


@pytest.mark.parametrize(
    ("key", "answers", "said"),
    [
        ("what_a_step_leaves", ([1 / 2, 3 / 4, 7 / 8], 49 / 64), "another order"),
        ("what_a_step_leaves", ([1 / 8, 1 / 4, 1 / 2], 49 / 64), "takes away"),
        ("what_a_step_leaves", ([7 / 8, 3 / 4, 1 / 2], 7 / 8), "with its square"),
        ("promised_in_all", (15, 1 / 16), "other birds promise a little"),
        ("promised_in_all", (20, 5), "the mean over 80"),
        ("who_sees_it", ("promises",), "a third of db is 0"),
    ],
)
def test_a_near_miss_is_told_what_it_is(key, answers, said):
    """And not that it is not it."""
    verdict = exercise(key).check(*answers)
    assert not verdict.right
    assert said in verdict.lines[0]
