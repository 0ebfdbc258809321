"""Calls of the public API as its documentation shows them: mypy reads them, a test runs them."""

from typing import assert_type

import numpy as np

import smlearn
from smlearn import exercises, live, second_opinions, training
from smlearn.checking import (
    GradcheckReport,
    Stage,
    StageTable,
    Taylor,
    check_adjoint,
    default_step,
    gradcheck,
    softmax_stages,
    softmax_tolerance,
    stage_table,
    taylor_test,
)
from smlearn.exercises.your_progress import Progress
from smlearn.formulas import exact, exact_attention
from smlearn.live.widget import View
from smlearn.mistakes import SOFTMAX_MISTAKES, softmax_of_map


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


def jacobians() -> None:
    """Four that build J, products that do not, and the stages."""
    x, dp = smlearn.four_birds(), np.eye(4)[:, :3]
    assert_type(smlearn.softmax_jacobian(x), np.ndarray)
    assert_type(smlearn.softmax_jacobian_row(smlearn.one_bird()), np.ndarray)
    assert_type(smlearn.softmax_jacobian_loop(x), np.ndarray)
    assert_type(smlearn.softmax_jacobian_einsum(x), np.ndarray)
    assert_type(smlearn.softmax_jvp(x, dp), np.ndarray)
    assert_type(smlearn.log_softmax_vjp(x, dp), np.ndarray)
    assert_type(smlearn.logsumexp(x), np.ndarray)
    p, stages = smlearn.staged_forward(x)
    assert_type(smlearn.staged_backward(p, stages), np.ndarray)
    assert_type(smlearn.staged_gradients(p, stages).dexps_1, np.ndarray)


def on_the_way() -> None:
    """Losses, blocks, attention, the birds, and eighty digits."""
    x, dp = smlearn.four_birds(), np.eye(4)[:, :3]
    assert_type(smlearn.cross_entropy(x, [0, 1, 2, 2], reduction="none"), np.ndarray)
    assert_type(smlearn.blocked_backward(dp, smlearn.blocked_forward(x)[1]), np.ndarray)
    o, kept = smlearn.attention_forward(x, x, x)
    assert_type(smlearn.attention_backward(o, kept)[0], np.ndarray)
    o, streamed = smlearn.streaming_forward(x, x, x, block=2)
    assert_type(smlearn.streaming_backward(o, streamed)[0], np.ndarray)
    assert_type(smlearn.penguin_logits(43.9, 17.1), np.ndarray)
    assert_type(exact.relative_error(smlearn.softmax(x), exact.exact_softmax(x)), np.ndarray)
    assert_type(exact.worst_error(smlearn.softmax_vjp(x, dp), exact.exact_vjp(x, dp)), float)
    assert_type(exact.exact_log_softmax(x), np.ndarray)
    assert_type(exact_attention.exact_attention(x, x, x, x)[0][0], np.ndarray)

    def backward(q, k, v, do, causal):
        kept = smlearn.attention_forward(q, k, v, causal=causal)[1]
        return smlearn.attention_backward(do, kept)

    assert_type(exact_attention.attention_errors(backward, x, x, x, x), list[float])


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
    assert_type(softmax_tolerance(x, x, default_step("central", x.dtype)), np.ndarray)
    assert_type(smlearn.numerical_jvp(softmax_of_map, x, x, h=2.0**-16), np.ndarray)
    assert_type(smlearn.numerical_vjp(softmax_of_map, x, x), np.ndarray)
    stages, reference = softmax_stages(x, x)
    assert_type(stage_table(stages, reference).first_wrong, str | None)


def rooms() -> None:
    """An exercise, a mistake, a descent, views."""
    ex = exercises.exercise("softmax_vjp")
    assert_type(ex, exercises.Exercise)
    assert_type(exercises.exercises("01"), list[str])
    assert_type(SOFTMAX_MISTAKES["diagonal_only"].did, str)
    z = np.array([[0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    descent = training.descend(z, [0, 1, 1], 2, steps=5)
    assert_type(descent, training.Descent)
    assert_type(training.label_gradient(z, [0, 1, 1]), np.ndarray)
    W, b = np.zeros((2, 2)), np.zeros(2)
    assert_type(training.regression_loss(W, b, z, [0, 1, 1]), np.ndarray)
    assert_type(training.regression_gradient(W, b, z, [0, 1, 1])[0], np.ndarray)
    assert_type(training.largest_curvature(z, ridge=0.5), float)
    assert_type(training.penguin_split().labels, np.ndarray)
    assert_type(training.reliability([0.6, 0.9], [False, True], [0.5, 1.0]).low, np.ndarray)
    for view in (live.jacobian, live.upstream, live.temperature, live.step):
        assert view([0.0, 0.0, 0.0]).now().words
    assert_type(live.mistakes("diagonal_only"), View)
    assert_type(exercises.progress(), Progress)


def opinions() -> None:
    """Inputs, what was recorded, and the judge that all are brought before."""
    assert_type(second_opinions.digit_rows(10.0, "float32")[0], np.ndarray)
    assert_type(second_opinions.wide_rows(), np.ndarray)
    assert_type(second_opinions.attention_inputs()[3], np.ndarray)
    assert_type(second_opinions.sure_words(10.0)[0][0], np.ndarray)
    found = second_opinions.worst_errors(smlearn.softmax_vjp, smlearn.log_softmax)
    assert_type(found["float64"]["backward"], list[float])
    said = second_opinions.torch_gradcheck(["diagonal_only"])
    assert_type(said, second_opinions.Opinion)

    @second_opinions.question("math")
    def seven() -> dict:
        return {"floor": 7}

    assert second_opinions.QUESTIONS.pop("seven") is seven

    def backward(q, k, v, do, causal):
        return q, k, v

    worst = second_opinions.worst_attention_errors(backward)
    assert_type(worst["float64"], list[list[float]])
