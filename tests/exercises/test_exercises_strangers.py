"""On answers that nobody here has planned for: right is right, wrong is wrong, and named."""

from itertools import filterfalse

import numpy as np
import pytest
import strangers

from smlearn.exercises import exercise
from smlearn.exercises.card import SIGNS


@pytest.fixture(scope="module")
def ex():
    return exercise("softmax_vjp")


def test_there_are_enough():
    """And none twice."""
    assert len(strangers.RIGHT) >= 25
    assert len({name for name, _, _ in strangers.WRONG}) == len(strangers.WRONG) >= 60


@pytest.mark.parametrize("name", strangers.RIGHT)
def test_a_right_answer_is_never_called_wrong(ex, name):
    """Loops, einsums, explicit Jacobians, lists, other precisions and layouts."""
    verdict = ex.check(strangers.RIGHT[name])
    assert verdict.right, str(verdict)
    if name in ("list_of_lists", "single_precision"):
        assert len(verdict.lines) == 2  # what it is, besides right


@pytest.mark.parametrize(("name", "f", "names"), strangers.WRONG)
def test_a_wrong_answer_is_never_called_right(ex, name, f, names):
    """And where it belongs to a class of mistakes, that class is named."""
    verdict = ex.check(f)
    assert verdict.status in ("WRONG", "CRASHED"), str(verdict)
    assert "" in names or verdict.key in names, str(verdict)
    assert 2 <= len(verdict.lines) <= 3
    assert str(verdict)
    assert set(filterfalse(str.isascii, verdict._repr_html_())) <= {SIGNS[verdict.status]}


def test_the_formula_that_wrong_numbers_follow_is_read_off(ex):
    """What no known mistake explains; without its own p, dp and dx nothing could be."""
    (f,) = [f for name, f, _ in strangers.WRONG if name == "two_terms_too_many"]
    verdict = ex.check(f)
    assert verdict.key == "formula"
    assert "those of 2 p dp - p <p, dp> - p, where p dp - p <p, dp> belongs" in verdict.lines[0]
    assert verdict.lines[2].startswith("Which term is one too many")


MORE = {
    "stable_softmax": [
        lambda x: np.exp(x - max(x)) / sum(np.exp(x - max(x))),
        lambda x: [float(np.exp(v - x.max()) / np.exp(x - x.max()).sum()) for v in x],
        lambda x: np.exp(x - x.max() - np.log(np.exp(x - x.max()).sum())),
        lambda x: 1 / np.exp(x[None, :] - x[:, None]).sum(axis=1),
    ],
    "jacobian_from_p": [
        lambda p: np.diag(p) - np.outer(p, p),
        lambda p: [[p[i] * ((i == j) - p[j]) for j in range(len(p))] for i in range(len(p))],
        lambda p: np.einsum("i,ij->ij", p, np.eye(len(p)) - p),
        lambda p: (np.eye(len(p)) - np.outer(p, np.ones(len(p)))) * p,
    ],
    "nudge_column": [
        lambda x, j, h: (
            (np.exp(x + h * np.eye(len(x))[j]) / np.exp(x + h * np.eye(len(x))[j]).sum()
             - np.exp(x - h * np.eye(len(x))[j]) / np.exp(x - h * np.eye(len(x))[j]).sum())
            / (2 * h)
        ),
    ],
    "softmax_jvp": [
        lambda x, t: (
            lambda p: (np.diag(p) - np.outer(p, p)) @ t)(
                np.exp(x - x.max()) / np.exp(x - x.max()).sum()),
    ],
    "expected_upstream": [
        lambda p, dp: np.diag(p @ dp.T),
        lambda p, dp: [a @ b for a, b in zip(p, dp, strict=True)],
        lambda p, dp: (p[:, None, :] @ dp[:, :, None])[:, 0, 0],
        lambda p, dp: np.einsum("ij,ij->i", p, dp),
    ],
    "backward_from_p": [
        lambda dp, kept: dp @ (np.diag(kept) - np.outer(kept, kept)),
        lambda dp, kept: kept * dp - kept * (kept @ dp),
    ],
}  # fmt: skip


@pytest.mark.parametrize("key", MORE)
def test_other_right_answers_to_other_exercises(key):
    """The same promise."""
    for f in MORE[key]:
        verdict = exercise(key).check(f)
        assert verdict.right, str(verdict)
