"""Answers to exercises of 07, 08 and their depths: what is said of them is true of them."""

import numpy as np
import pytest

from smlearn import log_softmax, logsumexp, softmax
from smlearn.exercises import TASKS, exercise, exercises
from smlearn.exercises.number_tables import number


def judged(key, *answers):
    """Check what is given for the last parts, with right answers to those before."""
    parts = TASKS[key].parts
    right = [eval(part.solution, {"np": np}) for part in parts[: len(parts) - len(answers)]]
    return exercise(key).check(*right, *answers)


def at(x, labels):
    return x[np.arange(len(x)), labels]


def top(x):
    return np.eye(x.shape[-1])[x.argmax(axis=-1)]


def total(dz):
    return dz.sum(axis=-1, keepdims=True)


def in_a_copy(dz, x):
    dx = dz.copy()
    dx[np.arange(len(x)), x.argmax(axis=-1)] -= dz.sum(axis=-1)
    return dx


def from_the_others(dz, x):
    dx = dz.copy()
    for row, k in zip(dx, x.argmax(axis=-1), strict=True):
        row[k] = -np.delete(row, k).sum()
    return dx


RIGHT = [
    ("row_losses",
     lambda x, labels: -np.take_along_axis(log_softmax(x), labels[:, None], axis=1)[:, 0]),
    ("row_losses", lambda x, labels: -(np.eye(x.shape[1])[labels] * log_softmax(x)).sum(axis=1)),
    ("row_losses", lambda x, labels: logsumexp(x) - x[:, labels].diagonal()),
    ("fused_loss", lambda x, labels, d: np.diag(d) @ (softmax(x) - np.eye(x.shape[1])[labels])),
    ("fused_loss", lambda x, labels, d: (d * (softmax(x) - np.eye(x.shape[1])[labels]).T).T),
    ("fused_loss", lambda x, labels, d: d[:, None] * softmax(x)
     - d[:, None] * np.eye(x.shape[1])[labels]),
    ("shift_backward", in_a_copy),
    ("shift_backward", lambda dz, x: np.where(top(x) == 1, dz - total(dz), dz)),
    ("shift_backward", lambda dz, x: dz - np.einsum("b,bd->bd", dz.sum(axis=-1), top(x))),
    ("shift_backward", from_the_others),
]  # fmt: skip


@pytest.mark.parametrize(("key", "f"), RIGHT)
def test_what_is_right_in_another_way_is_right(key, f):
    """By another axis, in a loop, from the other entries."""
    assert judged(key, f).right


NAMED = [
    ("row_losses", "divided_by_rows", lambda x, labels: -at(log_softmax(x), labels) / len(x)),
    ("row_losses", "averaged", lambda x, labels: -at(log_softmax(x), labels).mean()),
    ("row_losses", "no_shift", lambda x, labels: np.log(np.exp(x).sum(axis=1)) - at(x, labels)),
    ("row_losses", "log_of_softmax", lambda x, labels: -np.log(at(softmax(x), labels))),
    ("row_losses", "one_shift",
     lambda x, labels: np.log(np.exp(x - x.max()).sum(axis=1)) + x.max() - at(x, labels)),
    ("row_losses", "clipped", lambda x, labels: -np.log(at(softmax(x), labels) + 1e-9)),
    ("row_losses", "not_divided", lambda x, labels: -at(x, labels)),
    ("row_losses", "from_the_largest", lambda x, labels: x.max(axis=1) - at(x, labels)),
    ("row_losses", "another_base", lambda x, labels: -at(log_softmax(x), labels) / np.log(2)),
    ("row_losses", "likeliest", lambda x, labels: -log_softmax(x).max(axis=1)),
    ("row_losses", "no_logarithm", lambda x, labels: 1 - at(softmax(x), labels)),
    ("shift_backward", "shift_forgotten", lambda dz, x: dz + 0),
    ("shift_backward", "every_entry", lambda dz, x: dz - dz.mean(axis=-1, keepdims=True)),
    ("shift_backward", "every_entry", lambda dz, x: dz - total(dz)),
    ("shift_backward", "sum_of_the_batch", lambda dz, x: dz - top(x) * dz.sum()),
    ("shift_backward", "one_maximum", lambda dz, x: dz - (x == x.max()) * total(dz)),
    ("shift_backward", "own_entry", lambda dz, x: dz * (1 - top(x))),
    ("shift_backward", "others_only", lambda dz, x: dz - top(x) * (total(dz) - top(x) * dz)),
]  # fmt: skip


@pytest.mark.parametrize(("key", "name", "f"), NAMED)
def test_a_slip_has_its_own_name(key, name, f):
    """Who divides by the rows took no mean; who has no shift had no probability of 0."""
    verdict = judged(key, f)
    assert verdict.key == name, verdict
    assert verdict.question.endswith("?")


SAID = [
    ("remainders", (0.25, 2, 4), "right: It is *divided* by"),
    ("remainders", (2, 2, 4), "right: That is the rate"),
    ("remainders", (4, 0.5, 4), "twice: It is *divided* by"),
    ("remainders", (4, 1, 4), "twice: That is the rate"),
    ("remainders", (4, 4, 4), "twice: That holds where nothing of first order is left"),
    ("remainders", (4, 2, 0.25), "twice_nothing: It is *divided* by"),
    ("remainders", (4, 2, 2), "twice_nothing: Twice 0 is 0"),
    ("remainders", (4, 2, 1), "twice_nothing: Then it would not shrink at all"),
    ("remainders", (4, 2, 2.5), "twice_nothing: 2.5 is not it"),
    ("which_rows", ([[1, 2, 3]] * 2, [[1, 2, 3], [1, 2, 3 + 1e-7]]), "agree, or nearly"),
    ("fused_loss", ([0.25] * 4, [0.25, 0.25, 0.25, 0.2500001]), "agree, or nearly"),
]


@pytest.mark.parametrize(("key", "answers", "words"), SAID)
def test_a_wrong_value_is_told_what_is_true_of_it(key, answers, words):
    """Each part by itself; nearly equal is not called equal."""
    left = TASKS[key].parts[len(answers) :]
    rest = [getattr(part, "reference", None) or eval(part.solution) for part in left]
    verdict = exercise(key).check(*answers, *rest)
    assert verdict.status == "WRONG"
    assert words in str(verdict)


def test_a_zero_has_no_minus():
    """-log 1 is -0.0 in floating point, and a page that says so asks a question of its own."""
    assert [number(value) for value in (-0.0, 0.0, -1.0)] == ["+0.0000", "+0.0000", "-1.0000"]


@pytest.mark.parametrize("core", ["07", "08"])
def test_a_core_has_none_of_its_depths_exercises(core):
    """Each page has its own; "07" does not stand for 07b as well."""
    pages = [exercises(core + depth) for depth in ("", "b", "c")]
    assert all(2 <= len(keys) <= 4 for keys in pages)
    assert len(set().union(*pages)) == sum(map(len, pages))
