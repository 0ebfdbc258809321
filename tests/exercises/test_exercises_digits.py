"""Exercises of notebook 09: answers by other hands, and what near misses are told."""

import numpy as np
import pytest

from smlearn import softmax
from smlearn.exercises import exercise
from smlearn.exercises.judge.judging import judge
from smlearn.exercises.task import Function
from smlearn.mistakes import Mistake


def shifted(x):
    e = np.exp(x - x.max())
    return e / e.sum()


def others(x):
    k = x.argmax()
    return np.exp(np.delete(x, k) - x[k])


def by_the_largest(x):
    return x - x[x.argmax()] - np.log1p(others(x).sum())


def by_the_maximum(x):
    return x - (x.max() + np.log1p(others(x).sum()))


WRONG = [
    (lambda x: np.log1p(softmax(x) - 1), "log_of_rounded"),
    (lambda x: -np.log(np.exp(x - x[:, None]).sum(axis=1)), "log_of_rounded"),
    (by_the_maximum, "added_to_the_maximum"),
    (lambda x: x - x.max() - np.log1p(np.exp(x - x.max()).sum() - 1), "minus_logsumexp"),
    (lambda x: np.log(np.exp(x) / np.exp(x).sum()), "unshifted_exp"),
    (
        lambda x: -np.log1p([np.exp(np.delete(x - v, k)).sum() for k, v in enumerate(x)]),
        "overflowing_ratios",
    ),
    (
        lambda x: np.where(x == x.max(), by_the_largest(x), np.log(softmax(x))),
        "log_where_it_underflows",
    ),
    (lambda x: np.log1p(softmax(x) - 1) + 0 * np.log(softmax(x)), "not_finite"),
]


def test_right_by_another_hand_is_right():
    """The maximum may be taken off by its place."""
    assert exercise("log_probabilities").check(by_the_largest).right


@pytest.mark.parametrize(("answer", "name"), WRONG)
def test_wrong_by_another_hand_has_its_own_name(answer, name):
    """Nobody who took log1p of p - 1, after softmax, is told of an exp without the shift."""
    assert exercise("log_probabilities").check(answer).key == name


def test_an_inf_is_the_unshifted_exp_only_where_that_has_one():
    """Both are right in tame numbers, and only one overflows where exp does."""

    @np.errstate(all="ignore")
    def unshifted(x):
        return np.exp(x) / np.exp(x).sum()

    known = Mistake("unshifted_exp", "You took exp of x.", "What is exp(1000)?", (unshifted,))
    cases = {"tame": (np.arange(3.0),), "low": (np.array([0, -50.0]),), "far": (np.ones(4) * 1e3,)}
    part = Function(shifted, cases, (known,))
    assert judge(part, unshifted).key == "unshifted_exp"
    assert judge(part, lambda x: np.where(x < -40, np.inf, shifted(x))).key == "not_finite"


@pytest.mark.parametrize(
    "answers", [(88.72, -87, 6), (88, -87.34, 6), (88, -87, 5.5), (88, -87, np.log(256))]
)
def test_where_a_whole_number_is_wanted_it_is_said(answers):
    """The edge itself is known, and its digits are too many."""
    assert exercise("brain_float").check(*answers).lines[1].startswith("A whole number")


def test_eight_bits_are_no_lead_of_eight():
    """2^-8 is no power of e, and float16's lead is 8 as well."""
    assert "which power of e?" in exercise("brain_float").check(88, -87, 8).lines[0]


def test_one_wrong_try_does_not_print_the_yardstick():
    """It asks for it; the last hint writes it out."""
    ex = exercise("whose_fault")
    for names in (("condition", "condition"), ("formula", "formula")):
        assert ex.check(*names).lines[0].endswith("?")
    assert ex.check("formula", "condition").right


@pytest.mark.parametrize(("kappa", "said"), [(-7, "never below 1"), (8, "kappa + 1")])
def test_a_condition_number_that_is_none_is_told_so(kappa, said):
    """A sign, or the yardstick's own factor, is not answered with the formula."""
    assert said in exercise("how_it_cancels").check(-0.125, kappa).lines[0]


def test_what_a_case_is_called_can_be_read_in_a_sentence():
    """An answer that is right in some cases only is told in which."""

    def plain(x, dp):
        p = softmax(x)
        return p * (dp - (p * dp).sum() - 0 * dp.max())

    said = exercise("largest_cost").check([0.25, 1.0], plain).lines
    assert "With a dear class that is sure: at [0]" in " ".join(said)


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ((2.0**-14, 2.0**-18), "in opposite directions"),
        ((2.0**-13, 56 * 2.0**-24), "and the 8?"),
        ((2.0**-13, 2.0**-14), "the gap is 56"),
    ],
)
def test_what_large_logits_cost_is_asked_of_their_last_bits(answers, said):
    """The logits' own error is by their size, the formula's by their gap."""
    assert said in exercise("large_logits").check(*answers).lines[0]
    assert exercise("large_logits").check(2.0**-13, 2.0**-18).right


@pytest.mark.parametrize(
    ("key", "answers"),
    [
        ("large_logits", (1.22e-4, 3.8e-6)),
        ("a_leak", (6.1e-5, 0.03125)),
        ("what_a_step_leaves", ([0.875, 0.75, 0.5], 0.766)),
    ],
)
def test_a_share_may_be_rounded(key, answers):
    """Two or three digits tell each right number from every wrong one that has a name."""
    assert exercise(key).check(*answers).right
