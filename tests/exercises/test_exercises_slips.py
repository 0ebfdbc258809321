"""Answers that learners gave, and their kinds: each is right, or wrong by the name of its slip."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from smlearn import log_softmax, logsumexp, softmax
from smlearn.exercises import TASKS, exercise
from smlearn.exercises.judge.judging import judge
from smlearn.exercises.task import Answer, Function


def of_all(x):
    """One softmax over the whole array, as np.exp(x) / np.exp(x).sum() is."""
    e = np.exp(x - x.max())
    return e / e.sum()


def lost_axis(x):
    """One axis of two is kept."""
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1)


def at(x, labels):
    return x[np.arange(len(x)), labels]


def pulled(p, dp):
    return p * (dp - (p * dp).sum(axis=-1, keepdims=True))


def smoothed(y_of, p_of=softmax):
    """The mean gradient with labels of one's own: y_of(one-hot rows, a, D)."""

    def gradient(x, labels, a):
        kept, D = labels != -100, x.shape[-1]
        t = np.eye(D)[np.where(kept, labels, 0)]
        return (kept / kept.sum())[:, None] * (p_of(x) - y_of(t, a, D))

    return gradient


def attention(hide, p_of=softmax):
    """Attention with scores hidden in one's own way: hide(x, T)."""
    return lambda q, k, v: p_of(hide(q @ k.T / np.sqrt(q.shape[-1]), len(q))) @ v


def by_triangle(triangle, k, number):
    return lambda x, T: np.where(triangle(np.ones((T, T)), k=k) > 0, number, x)


def by_sum(triangle, k, number):
    return lambda x, T: x + triangle(np.ones((T, T)), k=k) * number


def counted(labels, said, classes):
    return np.array([[float(np.sum((labels == i) & (said == j))) for j in range(classes)]
                     for i in range(classes)])  # fmt: skip


def shares(of):
    def confusions(*args):
        c = counted(*args)
        with np.errstate(all="ignore"):
            return of(c)

    return confusions


def gram(z):
    Z = np.column_stack([np.ones(len(z)), z])
    return Z.T @ Z


def on_weights(z, ridge):
    return np.diag([0.0] + [ridge] * z.shape[1])


def stepped(dW_of, p_of=softmax):
    """One step with a gradient of one's own: dW_of(W, z, p - y)."""

    def one_step(W, b, z, labels, step):
        dx = p_of(z @ W + b)
        dx[np.arange(len(z)), labels] -= 1
        return W - step * dW_of(W, z, dx)

    return one_step


def ruled(centre_of, spread_of):
    """Standardise with a ruler of one's own."""
    return lambda train, rows: (rows - centre_of(train)) / spread_of(train)


def mean(train):
    return train.mean(axis=0)


def spread(train):
    return train.std(axis=0)


NAMED = [
    # One entry of a vector for all of it.
    ("fused_loss", "upstreams_mixed",
     lambda x, labels, dloss: dloss[0] * (softmax(x) - np.eye(x.shape[1])[labels])),
    ("fused_loss", "upstreams_mixed",
     lambda x, labels, dloss: dloss[-1] * (softmax(x) - np.eye(x.shape[1])[labels])),
    ("standardise", "first_entry", ruled(lambda t: mean(t)[0], lambda t: spread(t)[0])),
    ("standardise", "first_entry", ruled(lambda t: mean(t)[0], spread)),
    ("row_losses", "first_entry", lambda x, labels: -log_softmax(x)[np.arange(len(x)), labels[0]]),
    ("expected_upstream", "first_entry", lambda p, dp: p @ dp[0]),
    ("softmax_vjp", "first_entry", lambda x, dp: softmax(x) * (
        dp - (softmax(x) * dp).sum(axis=-1)[0])),
    ("keys_back", "first_entry", lambda do, q, k, v, p: (
        p * (do @ v.T - (p * (do @ v.T)).sum(axis=-1)[0])).T @ q / np.sqrt(q.shape[-1])),
    # Whole columns for an entry a row.
    ("row_losses", "labels_as_columns",
     lambda x, labels: logsumexp(x) - x[:, labels].sum(axis=-1)),
    ("row_losses", "labels_as_columns", lambda x, labels: logsumexp(x) - x[:, labels].sum(axis=0)),
    ("row_losses", "labels_as_columns", lambda x, labels: -log_softmax(x)[:, labels].sum(axis=1)),
    ("row_losses", "labels_as_columns", lambda x, labels: -log_softmax(x)[:, labels].sum()),
    # Labels whose rows do not add up to 1.
    ("mean_gradient", "sum_not_one", smoothed(lambda t, a, D: t * (1 - a / D) + a / D)),
    ("mean_gradient", "sum_not_one", smoothed(lambda t, a, D: t * (1 - a / D) + a / (D - 1))),
    ("mean_gradient", "sum_not_one", smoothed(lambda t, a, D: t + a / D)),
    ("mean_gradient", "smoothing_over_all", smoothed(lambda t, a, D: t * (1 - a) + a / D)),
    ("mean_gradient", "rows of dx add up to 0",
     smoothed(lambda t, a, D: t * (1 - 2 * a) + a / D)),
    # Words that hide themselves, and numbers that stand for minus infinity.
    *(("causal_attention", "itself_hidden", attention(hide)) for n in (-1e4, -1e9, -1e10)
      for hide in (by_triangle(np.triu, 0, n), by_sum(np.triu, 0, n))),
    ("causal_attention", "itself_hidden",
     attention(by_triangle(np.triu, 0, np.finfo(float).min))),
    ("causal_attention", "past_hidden", attention(by_triangle(np.tril, 0, -1e9))),
    ("causal_attention", "past_hidden", attention(by_sum(np.tril, 0, -1e9))),
    ("causal_attention", "past_hidden", attention(by_triangle(np.tril, -1, -1e9))),
    ("causal_attention", "mask_of_zeros", attention(lambda x, T: np.tril(x))),
    ("causal_attention", "mask_of_zeros", attention(lambda x, T: np.triu(x))),
    ("causal_attention", "next_shown", attention(by_triangle(np.triu, 2, -1e9))),
    ("causal_attention", "masked_with_a_number", attention(by_triangle(np.triu, 1, -100))),
    ("causal_attention", "masked_with_a_number", attention(by_sum(np.triu, 1, -100))),
    # One softmax over the whole array.
    ("causal_attention", "one_softmax", attention(by_triangle(np.triu, 1, -np.inf), of_all)),
    ("softmax_vjp", "one_softmax", lambda x, dp: pulled(of_all(x), dp)),
    ("softmax_vjp", "one_softmax",
     lambda x, dp: of_all(x) * (dp - (of_all(x) * dp).sum())),
    ("softmax_vjp", "one_softmax",
     lambda x, dp: pulled(np.exp(x) / np.exp(x).sum(), dp)),
    ("ghost", "one_softmax", lambda x, dp: pulled(of_all(x), dp)),
    ("dropped_cache", "one_softmax", lambda x, keep, dp: pulled(of_all(x), dp * keep)),
    ("two_bugs", "one_softmax", lambda dp, e, r, p: pulled(e / e.sum(), dp)),
    ("log_softmax_back", "one_softmax",
     lambda dy, e, s: dy - e / e.sum() * dy.sum(axis=-1, keepdims=True)),
    ("cross_entropy_mean", "one_softmax", lambda x, dp: pulled(of_all(x), dp)),
    ("row_losses", "one_softmax", lambda x, labels: -np.log(at(of_all(x), labels))),
    ("fused_loss", "one_softmax",
     lambda x, labels, d: d[:, None] * (of_all(x) - np.eye(x.shape[1])[labels])),
    ("mean_gradient", "one_softmax",
     smoothed(lambda t, a, D: t * (1 - a) + (1 - t) * a / (D - 1), of_all)),
    ("mean_beside_ridge", "one_softmax", stepped(lambda W, z, dx: z.T @ dx + W, of_all)),
    ("block_back", "softmax_of_block", lambda do, q, k, v, m, s, mean: (
        of_all(q @ k.T / np.sqrt(q.shape[1])) * (do @ v.T - mean)).T @ q / np.sqrt(q.shape[1])),
    ("block_back", "one_softmax", lambda do, q, k, v, m, s, mean: (
        np.exp(q @ k.T / np.sqrt(q.shape[1]) - m) / s.sum() * (do @ v.T - mean)).T @ q
     / np.sqrt(q.shape[1])),
    ("block_back", "root_missing", lambda do, q, k, v, m, s, mean: (
        np.exp(q @ k.T - m) / s * (do @ v.T - mean)).T @ q),
    ("block_back", "softmax_skipped", lambda do, q, k, v, m, s, mean: (
        do @ v.T).T @ q / np.sqrt(q.shape[1])),
    ("block_back", "own_mean", lambda do, q, k, v, m, s, mean: (
        np.exp(q @ k.T / np.sqrt(q.shape[1]) - m) / s * (
            do @ v.T - (do @ v.T).mean(axis=1, keepdims=True))).T @ q / np.sqrt(q.shape[1])),
    ("block_back", "root_of_queries", lambda do, q, k, v, m, s, mean: (
        np.exp(q @ k.T / np.sqrt(len(q)) - m) / s * (do @ v.T - mean)).T @ q
     / np.sqrt(len(q))),
    ("keys_back", "plain_mean", lambda do, q, k, v, p: (
        p * (do @ v.T - (do @ v.T).mean(axis=1, keepdims=True))).T @ q / np.sqrt(q.shape[1])),
    ("leader_back", "diagonal_only", lambda do, x, v: (
        softmax(x).max() * (1 - softmax(x).max()) * (v[x.argmax()] @ do))),
    ("leader_back", "value_after_the_sum", lambda do, x, v: round(float(
        softmax(x).max() * (softmax(x) @ ((v[x.argmax()] - v) @ do))), 12)),
    ("one_more_block", "block_alone", lambda o, m, s, x, v: softmax(x) @ v),
    ("one_more_block", "own_maxima", lambda o, m, s, x, v: (
        s * o + np.exp(x - x.max()) @ v) / (s + np.exp(x - x.max()).sum())),
    ("one_more_block", "old_maximum", lambda o, m, s, x, v: (
        s * o + np.exp(x - m) @ v) / (s + np.exp(x - m).sum())),
    # Of two sums, one has lost its axis.
    ("causal_attention", "keepdims_missing",
     attention(by_triangle(np.triu, 1, -np.inf), lost_axis)),
    ("softmax_vjp", "keepdims_missing", lambda x, dp: pulled(lost_axis(x), dp)),
    # Shares for counts.
    *(("confusions", "shares", shares(of)) for of in (
        lambda c: c / c.sum(axis=1, keepdims=True), lambda c: c / c.sum(axis=0),
        lambda c: c / c.sum(), lambda c: 100 * c / c.sum(),
        lambda c: c / np.maximum(1, c.sum(axis=1, keepdims=True)),
        lambda c: np.nan_to_num(c / c.sum(axis=1, keepdims=True)))),
    # A ridge that is that of the page, or divided; eigenvalues in any order.
    ("safe_step", "ridge_of_the_page",
     lambda z, ridge: 1 / (np.linalg.eigvalsh(gram(z))[-1] / 2 + 1)),
    ("safe_step", "ridge_divided",
     lambda z, ridge: 1 / (np.linalg.eigvalsh(gram(z))[-1] / 2 + ridge / len(z))),
    ("safe_step", "mean_for_sum",
     lambda z, ridge: len(z) / (np.linalg.eigvalsh(gram(z))[-1] / 2 + ridge)),
    *(("safe_step", "unsorted",
       lambda z, ridge, i=i: 1 / (np.linalg.eigvals(gram(z))[i] / 2 + ridge)) for i in (0, -1)),
    ("safe_step", "unsorted", lambda z, ridge: 1 / np.linalg.eigvals(
        gram(z) / 2 + on_weights(z, ridge))[-1]),
    ("safe_step", "smallest",
     lambda z, ridge: 1 / (np.linalg.svd(gram(z))[1][-1] / 2 + ridge)),
    ("safe_step", "a_factor",
     lambda z, ridge: 1 / np.linalg.eigvalsh(gram(z) + on_weights(z, ridge))[-1]),
    ("safe_step", "all_of_them",
     lambda z, ridge: 1 / (np.linalg.eigvalsh(gram(z)) / 2 + ridge)),
    ("safe_step", "frobenius", lambda z, ridge: 1 / (np.linalg.norm(gram(z)) / 2 + ridge)),
    ("mean_beside_ridge", "ridge_divided", stepped(lambda W, z, dx: z.T @ dx + W / len(z))),
    ("mean_beside_ridge", "a_length", stepped(lambda W, z, dx: z.T @ dx + W / W.shape[1])),
    ("mean_beside_ridge", "mean_beside_ridge", stepped(lambda W, z, dx: z.T @ dx / len(z) + W)),
    ("mean_beside_ridge", "everything_divided",
     stepped(lambda W, z, dx: (z.T @ dx + W) / len(z))),
    # Brackets that are missing, numbers that are rounded.
    ("standardise", "brackets", lambda train, rows: rows - mean(train) / spread(train)),
    ("standardise", "divided_first", lambda train, rows: rows / spread(train) - mean(train)),
    ("safe_step", "brackets",
     lambda z, ridge: 1 / np.linalg.eigvalsh(gram(z))[-1] / 2 + ridge),
    ("fused_loss", "brackets",
     lambda x, labels, dloss: dloss[:, None] * softmax(x) - np.eye(x.shape[1])[labels]),
    ("keys_back", "brackets", lambda do, q, k, v, p: (
        p * (do @ v.T) - (p * (do @ v.T)).sum(axis=-1, keepdims=True)).T @ q
     / np.sqrt(q.shape[-1])),
    ("jacobian_from_p", "brackets", lambda p: p[:, None] * np.eye(len(p)) - p),
    *(("jacobian_from_p", "rounded",
       lambda p, n=n: np.diag(p.round(n)) - np.outer(p.round(n), p.round(n))) for n in (1, 2, 3)),
    ("fused_loss", "rounded", lambda x, labels, dloss: dloss[:, None] * (
        softmax(x).round(2) - np.eye(x.shape[1])[labels])),
    *(("standardise", "rounded",
       ruled(lambda t, n=n: mean(t).round(n), lambda t, n=n: spread(t).round(n)))
      for n in range(4)),
    ("standardise", "rounded", ruled(lambda t: mean(t).round(1), spread)),
    ("standardise", "rounded", ruled(lambda t: mean(t).round(1), lambda t: spread(t).round(2))),
    ("power_of", "rounded", lambda sizes, costs: float(
        f"{np.polyfit(np.log(sizes), np.log(costs), 1)[0]:.1e}")),
    ("softmax_vjp", "rounded", lambda x, dp: pulled(softmax(x).round(3), dp)),
    ("standardise", "rounded",
     lambda train, rows: ((rows - mean(train)) / spread(train)).round(3)),
    ("bias_backward", "rounded", lambda dy: dy.sum(axis=0).round(2)),
    ("row_losses", "rounded", lambda x, labels: -at(log_softmax(x).round(2), labels)),
    # An argument that has no say.
    ("whole_numbers", "a_constant", lambda f, x, h: exercise("whole_numbers").task
     .function.reference(f, x, 1.0)),
]  # fmt: skip


def judged(key, *answers):
    """Check what is given for the last parts, with right answers to those before."""
    parts = TASKS[key].parts
    right = [eval(part.solution, {"np": np}) for part in parts[: len(parts) - len(answers)]]
    return exercise(key).check(*right, *answers)


@pytest.mark.parametrize(("key", "name", "f"), NAMED)
def test_a_slip_has_its_own_name(key, name, f):
    """And no neighbour's; a question goes with it, but for a law."""
    verdict = judged(key, f)
    assert verdict.key == name, verdict
    assert not verdict.right
    assert verdict.question.endswith("?") or name == "rows of dx add up to 0"


RIGHT = [
    ("safe_step", lambda z, ridge: 1 / np.linalg.eigvalsh(gram(z) / 2 + on_weights(z, ridge))[-1]),
    ("safe_step", lambda z, ridge: 1 / (max(np.linalg.eigvals(gram(z)).real) / 2 + ridge)),
    ("safe_step", lambda z, ridge: 1 / (np.linalg.norm(gram(z), 2) / 2 + ridge)),
    ("causal_attention", attention(by_triangle(np.triu, 1, -1e9))),
    ("causal_attention", attention(by_sum(np.triu, 1, -1e9))),
    ("confusions", counted),
    ("mean_gradient", smoothed(lambda t, a, D: t * (1 - a * D / (D - 1)) + a / (D - 1))),
    ("row_losses", lambda x, labels: logsumexp(x) - np.diag(x[:, labels])),
    ("one_more_block", lambda o, m, s, x, v: softmax(np.append(m + np.log(s or 1), x))
     @ np.vstack([o, v])),
    ("central_difference", lambda f, x, h: Fraction(float(f(x + h) - f(x - h)))
     / Fraction(float((x + h) - (x - h)))),
]  # fmt: skip


@pytest.mark.parametrize(("key", "f"), RIGHT)
def test_what_is_right_in_another_way_is_right(key, f):
    """A longer step that is as safe, a mask of large numbers, counts in floats, a fraction."""
    assert judged(key, f).right


def test_another_right_function_is_as_right_and_has_slips_of_its_own():
    """Its numbers may differ; where neither fits, those of the reference are shown."""
    cases = {"two rows": (np.array([[1.0, 2.0, 4.0], [2.0, -1.0, 3.0]]),)}
    part = Function(longest, cases, also=(largest,))
    assert judge(part, longest).right
    assert judge(part, lambda x: np.abs(x).max(axis=-1)).right
    assert judge(part, lambda x: np.abs(x).max()).key == "shape"
    found = judge(part, lambda x: np.abs(x).min(axis=-1))
    assert (found.key, found.target.tolist()) == ("a_twin", longest(*cases["two rows"]).tolist())
    assert not judge(Function(longest, cases), largest).right


def longest(x):
    return np.sqrt((x**2).sum(axis=-1))


def largest(x):
    return np.abs(x).max(axis=-1)


def test_of_two_sums_one_has_kept_its_axis():
    """(B, 1) less (B,) makes (B, B), where numbers are subtracted one by one."""

    def of_shifted(x, labels):
        z = x - x.max(axis=-1, keepdims=True)
        return np.log(np.exp(z).sum(axis=-1, keepdims=True)) - at(z, labels)

    def of_both(x, labels):
        m = x.max(axis=-1, keepdims=True)
        return m + np.log(np.exp(x - m).sum(axis=-1)) - at(x, labels)

    for row_losses in (of_shifted, of_both):
        verdict = judged("row_losses", row_losses)
        assert verdict.key == "keepdims"
        assert "the result has the shape (4, 4), and (4,) is wanted." in verdict.lines[1]


def test_where_whole_numbers_are_wanted_nobody_speaks_of_half_precision():
    """A fraction of them was divided; float16 of what should be float64 is spoken of still."""
    verdict = judged("confusions", lambda *args: counted(*args) / 3)
    assert verdict.key == "dtype"
    assert verdict.lines[-1].startswith("Whole numbers are wanted: what did you divide by")
    half = judged("bias_backward", lambda dy: dy.sum(axis=0).astype(np.float16))
    assert half.lines[-1].startswith("Half precision holds three digits")


# Values.

NUMBERS = [(key, at) for key, task in TASKS.items() for at, part in enumerate(task.parts)
           if isinstance(part, Answer) and not isinstance(part.value, str | tuple)
           and np.asarray(part.value).dtype.kind != "b"]  # fmt: skip


def with_value(key, at, value):
    """Check the right answers to an exercise, but for the one at this place."""
    answers = [eval(part.solution, {"np": np}) if not callable(getattr(part, "reference", None))
               else part.reference for part in TASKS[key].parts]  # fmt: skip
    answers[at] = value
    return exercise(key).check(*answers)


def exact(value, kind):
    """Return numbers as fractions or decimals, in lists as before."""
    return [exact(each, kind) for each in value] if np.ndim(value) else kind(float(value))


@pytest.mark.parametrize(("key", "at"), NUMBERS)
def test_a_number_may_be_written_in_any_way(key, at):
    """As a fraction, a decimal, an array of fractions; with an axis of length 1 beside."""
    value = np.asarray(TASKS[key].parts[at].value, float)
    for kind in (Fraction, Decimal):
        assert with_value(key, at, exact(value, kind)).right, kind
    objects = np.array(exact(value, Fraction), dtype=object)
    for written in (objects, value[None], value[..., None]):
        assert with_value(key, at, written).right, written


SHORT = [(key, at, value) for key, at in NUMBERS
         for value in [TASKS[key].parts[at].value] if np.ndim(value) == 0
         and abs(float(f"{value:.1e}") - value) > max(TASKS[key].parts[at].atol, 1e-5 * value)
         and not TASKS[key].parts[at].also]  # fmt: skip


@pytest.mark.parametrize(("key", "at", "value"), SHORT)
def test_a_number_with_two_digits_is_told_that_it_is_rounded(key, at, value):
    """Rounded, or cut off; unless it is a number that is known to be wrong."""
    slips = TASKS[key].parts[at].slips
    unit = 10.0 ** (np.floor(np.log10(abs(value))) - 1)
    for short in (float(f"{value:.1e}"), np.trunc(value / unit) * unit):
        verdict = with_value(key, at, short)
        assert verdict.key in {"rounded", *map(str, slips)}, verdict


def test_the_numbers_that_are_shortened_are_those_of_many_exercises():
    """Among them one of a slip, one of a bill and one that is trained."""
    assert {"noisier", "attention_bill", "mean_beside_ridge"} <= {key for key, *_ in SHORT}


@pytest.mark.parametrize(("key", "answers", "name"), [
    ("noisier", (100, 22), "rounded"),
    ("noisier", (100, 21), "rounded"),
    ("noisier", (100, 20), "other"),  # one digit is none
    ("noisier", (100, 23), "other"),
    ("noisier", (21.5, 100), "21.5443469"),  # of a slip, too, fewer digits are enough
    ("noisier", (21.544, 100), "21.5443469"),
    ("how_it_cancels", (-0.13, 7), "rounded"),
    ("how_it_cancels", (-0.12, 7), "rounded"),
    ("second_pair", ([-2, 1.43, 1.25],), str((-2.0, 1 / 0.7, 1 / 0.8))),
    ("lost_entry", (-7.1e-30, True), "other"),
    ("add_one", (56,), "percent"),
    ("add_one", (np.nan,), "other"),
    ("add_one", (-56,), "other"),
    ("add_one", (60,), "other"),
    ("scaled_score", (75,), "percent"),
    ("second_derivative", (11.1,), "11.11"),
    ("second_derivative", (11.11,), "11.11"),
    ("second_derivative", (10.86,), "10.86"),
    ("second_derivative", (10.9,), "10.86"),
    ("second_derivative", (10.7,), "10.72"),
    ("second_derivative", (11.6,), "11.61"),
    ("second_derivative", (13,), "other"),
    ("two_ways_of_e", ([[-0.25, -0.25]], [[-0.5, 0.75, -0.25]]), "shape"),
    ("two_ways_of_e", (-0.25, [-0.5, 0.75]), "shape"),
    ("two_ways_of_e", ([-0.25] * 3, [-0.5, 0.75, -0.25]), str((-0.25,) * 3)),
    ("equal_logits", (Fraction(1, 4),), "0.25"),
    ("equal_logits", (Decimal("sNaN"),), "type"),
    ("equal_logits", (Fraction(10**400),), "type"),
    ("second_pair", ([Fraction(-1), "1", 1],), "type"),
])  # fmt: skip
def test_a_wrong_value_is_told_why(key, answers, name):
    """Too few digits, percent for a share, another noise, another shape; each by itself."""
    verdict = exercise(key).check(*answers)
    assert (verdict.status, verdict.key) == ("WRONG", name), verdict


@pytest.mark.parametrize(("key", "answers"), [
    ("two_ways_of_e", (np.array([[-0.25]]), np.array([[-0.5, 0.75, -0.25]]))),
    ("two_ways_of_e", (-0.25, [[-0.5], [0.75], [-0.25]])),
    ("two_ways_of_e", ([-0.25], [[-0.5], 0.75, Fraction(-1, 4)])),
    ("blind_query", ([[6.0], [0.0]], [0.5, 0.5])),
    ("quiet_batches", ([[5, 2, 4, 2]],)),
    ("second_derivative", (10.6,)),
    ("second_derivative", (10.61,)),
    ("second_derivative", (10,)),
    ("second_derivative", (11,)),
    ("noisier", (100, 21.5)),
])  # fmt: skip
def test_a_right_value_is_right(key, answers):
    """With keepdims on one of the two, or on one entry; the whole steps beside the best one."""
    assert exercise(key).check(*answers).right


def test_one_fraction_is_a_number_and_an_integer_stays_one():
    """Also 0; what no float is near to is none."""
    part = Function(lambda x: x.sum(), {"a": (np.array([0.5, 0.25]),), "b": (np.zeros(3),)})
    assert judge(part, lambda x: Fraction(float(x.sum()))).right
    assert judge(part, lambda x: int(x.sum())).key == "dtype"
    for odd in (Decimal("sNaN"), Fraction(10**400)):
        assert judge(part, lambda x, odd=odd: odd).key == "type"


def test_a_function_that_returns_fractions_is_told_to_make_floats():
    """Of many numbers an array is wanted; one fraction alone is a number."""
    for key, f in [
        ("bias_backward", lambda dy: [Fraction(v) for v in dy.sum(axis=0)]),
        ("bias_backward", lambda dy: [Decimal(v) for v in dy.sum(axis=0)]),
        ("confusions", lambda *args: [list(map(Fraction, row)) for row in counted(*args)]),
    ]:
        verdict = judged(key, f)
        assert (verdict.status, verdict.key) == ("WRONG", "type")
        assert verdict.lines[0] == "It returned fractions or decimals, and floats are wanted."
        assert verdict.lines[-1] == "float(...) makes a float of each."
