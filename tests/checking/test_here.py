"""What failed is named at the learner's own x and dp; other shapes are never to blame."""

import numpy as np
import pytest

from smlearn import softmax, softmax_vjp
from smlearn.checking import gradcheck


def of_rank_four(form):
    """A backward pass that only (B, H, T, T) can be given to, as in attention."""

    def vjp(x, dp):
        p = softmax(x)
        J = np.einsum("bhij,jk->bhijk", p, np.eye(x.shape[3])) - form * np.einsum(
            "bhij,bhik->bhijk", p, p
        )
        return np.einsum("bhij,bhijk->bhik", dp, J)

    return vjp


def of_a_batch_of_four(x, dp):
    """A buffer of the batch's own shape, filled row by row with the diagonal alone."""
    dx = np.zeros((4, 3))
    for b in range(4):
        p = softmax(x[b])
        dx[b] = dp[b] * p * (1 - p)
    return dx


def of_four_classes(x, dp):
    p = softmax(x)
    return np.einsum("bi,bij->bj", dp, p[:, :, None] * (np.eye(4) + p[:, None, :]))


def along_axis_three(x, dp):
    p = softmax(x)
    return p * (dp - dp.mean(axis=3, keepdims=True))


TIED = {
    "rank": ((2, 2, 3, 4), lambda x, dp: 2 * of_rank_four(1)(x, dp), "factor_two"),
    "rank, no sum": ((2, 2, 3, 4), of_rank_four(0), "sum_term_missing"),
    "rank, plus": ((2, 2, 3, 4), of_rank_four(-1), "plus_sign"),
    "rank, half": ((2, 2, 3, 4), of_rank_four(0.5), "formula"),
    "rank, times 3": ((2, 2, 3, 4), lambda x, dp: 3 * of_rank_four(1)(x, dp), "factor"),
    "batch": ((4, 3), of_a_batch_of_four, "diagonal_only"),
    "classes": ((2, 4), of_four_classes, "plus_sign"),
    "axis": ((2, 3, 2, 5), along_axis_three, "plain_mean"),
    "one row": ((4,), lambda x, dp: dp @ (np.eye(4) * softmax(x)), "sum_term_missing"),
}


@pytest.mark.parametrize("kind", TIED)
def test_what_is_tied_to_one_shape_is_named_in_it(rng, kind):
    """It would raise in any other, which is no mistake and is not spoken of."""
    shape, vjp, key = TIED[kind]
    report = gradcheck(softmax, vjp, rng.standard_normal(shape))
    assert (report.verdict, report.is_softmax) == ("FAIL", True)
    assert report.diagnosis.key == key
    assert "raises" not in str(report)


def test_what_is_tied_to_one_shape_and_right_there_passes(rng):
    """And one that shifts all rows by one maximum is seen there too, as elsewhere."""
    x = rng.standard_normal((2, 2, 3, 4))
    right = gradcheck(softmax, of_rank_four(1), x)
    assert (right.verdict, right.diagnosis) == ("PASS", None)

    def one_maximum(x, dp):
        with np.errstate(all="ignore"):
            e = np.exp(x - x.max())
            p = e / e.sum(axis=-1, keepdims=True)
            return np.einsum("bi,bij->bj", dp, p[:, :, None] * (np.eye(4) - p[:, None, :]))

    report = gradcheck(softmax, one_maximum, rng.standard_normal((3, 4)))
    assert (report.verdict, report.diagnosis.key) == ("FAIL", "batch_maximum")
    assert report.checks[-1].detail == "right here, but it behaves like batch_maximum elsewhere"


def test_a_loop_that_ends_too_early_is_told_where(rng):
    """In shapes of fewer rows it raises; here it leaves the last row at 0."""

    def vjp(x, dp):
        dx = np.zeros_like(x)
        for b in range(3):
            dx[b] = softmax_vjp(x[b], dp[b])
        return dx

    found = gradcheck(softmax, vjp, rng.standard_normal((4, 3))).diagnosis
    assert found.key == "place"
    assert found.what == "Your dx is wrong in all of the last row, and right elsewhere."
    assert found.evidence == "There it is 0."


def test_an_error_at_the_own_x_is_the_finding(rng):
    """With its own words, not with those that another shape would raise."""

    def vjp(x, dp):
        raise KeyError("exps" if x.shape == (2, 4) else "elsewhere")

    for f in (softmax, np.sin):
        found = gradcheck(f, vjp, rng.standard_normal((2, 4))).diagnosis
        assert found.key == "raises"
        assert "It raises KeyError: 'exps'" in str(found)


def test_no_factor_is_read_out_of_noise(rng):
    """Rows of softmax add up to 1, so the right gradient is 0 and any number a multiple of it."""
    x = rng.standard_normal((4, 3))
    report = gradcheck(lambda x: softmax(x).sum(-1), lambda x, d: softmax(x) * d[:, None], x)
    assert (report.verdict, report.diagnosis.key) == ("FAIL", "place")
    assert report.diagnosis.what == (
        "Your dx should be 0 everywhere: f does not change with x here."
    )
    assert "times" not in str(report.diagnosis)


@pytest.mark.parametrize("law", ["finite", "arguments and cache left as they were",
                                 "same answer twice", "linear in dp"])  # fmt: skip
def test_a_broken_law_is_a_finding_of_any_f(rng, law):
    """Every FAIL has one, with a key."""
    x, calls = rng.standard_normal((2, 3)), []

    def in_place(x, dp):
        dp *= np.cos(x)
        return dp

    def drawn(x, dp):
        calls.append(1)
        return dp * np.cos(x) + len(calls)

    wrong = {
        "finite": lambda x, dp: dp * np.nan,
        "arguments and cache left as they were": in_place,
        "same answer twice": drawn,
        "linear in dp": lambda x, dp: dp**2 * np.cos(x),
    }
    report = gradcheck(np.sin, wrong[law], x)
    assert (report.checks[-1].name, report.diagnosis.key) == (law, law)
    assert report.checks[-1].detail in str(report.diagnosis)


def test_a_broken_law_of_softmax_is_named_or_placed(rng):
    """Swapped arguments break linearity, and a forgotten column the sums: more is said."""
    x = rng.standard_normal((4, 3))
    swapped = gradcheck(softmax, lambda dp, x: softmax_vjp(x, dp), x)
    assert swapped.checks[-1].name == "linear in dp"
    assert swapped.diagnosis.key == "arguments_swapped"
    below = gradcheck(softmax, lambda x, dp: softmax_vjp(x, dp) * (x > 0), x)
    assert below.diagnosis.key == "rows of dx add up to 0"
    assert below.diagnosis.evidence == "Your dx is wrong where x is below 0, and right elsewhere."


def test_a_vjp_that_fails_at_a_call_of_the_diagnosis_alone_is_a_finding(rng):
    """The check itself made fewer calls."""
    calls, most, x = [], np.inf, rng.standard_normal((2, 3))

    def tiring(x, dp):
        calls.append(1)
        if len(calls) > most:
            raise MemoryError("no more")
        return 0 * dp

    gradcheck(np.sin, tiring, x, diagnose=False)
    most = 2 * len(calls)
    report = gradcheck(np.sin, tiring, x)
    assert (report.verdict, report.diagnosis.key) == ("FAIL", "raises")
    assert "vjp raised MemoryError: no more" in str(report.diagnosis)
