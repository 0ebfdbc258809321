"""Calls of the public API as its documentation shows them: mypy reads them, a test runs them."""

from typing import assert_type

import numpy as np

import smlearn
from smlearn import exercises, figures, live, second_opinions, training
from smlearn.checking import (
    GradcheckReport,
    Stage,
    StageTable,
    Taylor,
    check_adjoint,
    gradcheck,
    softmax_tolerance,
    stage_table,
    taylor_test,
)
from smlearn.mistakes import SOFTMAX_MISTAKES


def formulas() -> None:
    """Arrays and lists go in, arrays come out."""
    x, dp = np.array([[1.0, 2.0, 4.0], [0.0, 0.5, 0.25]]), np.eye(3)[:2]
    assert_type(smlearn.softmax(x), np.ndarray)
    assert_type(smlearn.softmax([0.0, 1.0]), np.ndarray)
    assert_type(smlearn.log_softmax(((0.0, 1.0), (2.0, 3.0))), np.ndarray)
    assert_type(smlearn.softmax_vjp(x, dp), np.ndarray)
    p, cache = smlearn.softmax_forward(x)
    assert_type(cache, smlearn.SoftmaxCache)
    assert_type(smlearn.softmax_backward(p, cache), np.ndarray)
    loss, kept = smlearn.cross_entropy_forward(x, [1, 2], label_smoothing=0.1)
    assert_type(loss, np.ndarray)
    assert_type(kept.gap, np.ndarray)
    assert_type(smlearn.cross_entropy_backward(1.0, kept), np.ndarray)
    assert_type(smlearn.attention_forward(x, x, x, causal=True)[0], np.ndarray)
    assert_type(smlearn.blocked_forward(x)[1], smlearn.BlockedCache)
    assert_type(smlearn.load_penguins().species, np.ndarray)


def checks() -> None:
    """A report has a verdict, a table a finding."""
    x, rng = np.array([[1.0, 2.0, 4.0]]), np.random.default_rng(0)
    report = smlearn.gradcheck(smlearn.softmax, smlearn.softmax_vjp, x, rng=rng)
    assert_type(report, GradcheckReport)
    assert_type(report.verdict, str)
    assert_type(gradcheck(lambda x: ((x**2).sum(), 2 * x), x=x).blind_to, tuple[str, ...])
    assert_type(check_adjoint(smlearn.softmax_jvp, smlearn.softmax_vjp, x).passed, bool)
    assert_type(taylor_test(smlearn.softmax, smlearn.softmax_vjp, x), Taylor)
    assert_type(smlearn.numerical_jacobian(smlearn.softmax, x, method="richardson"), np.ndarray)
    table = stage_table([Stage("x", "3", np.array([3.0]), {"dx": np.array([5.0])})])
    assert_type(table, StageTable)
    assert_type(table.first_wrong, str | None)
    assert softmax_tolerance is not None


def rooms() -> None:
    """An exercise, a mistake, a descent, a figure, a view."""
    ex = exercises.exercise("softmax_vjp")
    assert_type(ex, exercises.Exercise)
    assert_type(exercises.exercises("01"), list[str])
    assert_type(SOFTMAX_MISTAKES["diagonal_only"].did, str)
    z = np.array([[0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    descent = training.descend(z, [0, 1, 1], 2, steps=5)
    assert_type(descent, training.Descent)
    assert figures.plot_bars([1.0, 2.0], ["a", "b"]).get_title() == ""
    assert live.jacobian(np.array([0.0, 0.0, 0.0])) is not None
    assert second_opinions.ROUTES is not None
