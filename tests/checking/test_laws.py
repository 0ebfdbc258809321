"""Each law lets rounding through and nothing larger: its threshold, from both sides.

The backward pass under test returns 0, which keeps every law, but for one entry at one call; the
thresholds are written down here once more, from the sentences of the course.
"""

import numpy as np
import pytest

from smlearn import softmax
from smlearn.checking.backward_pair import Case, Pair
from smlearn.checking.laws import LAWS, SOFTMAX_LAWS, far

SHAPE = (3, 5)
SEED = 7


class Off:
    """A backward pass that returns 0, and at one call `error` in one entry."""

    def __init__(self, call, at, error):
        self.call, self.at, self.error, self.calls = call, at, error, 0

    def __call__(self, x, dp):
        self.calls += 1
        dx = np.zeros_like(x)
        if self.calls == self.call:
            dx[self.at] = self.error
        return dx


def ask(law, vjp, x, dp):
    rng = np.random.default_rng(SEED)
    case = Case(Pair(softmax, vjp), x, [dp], rng, 2.0**-16, True)
    return (LAWS | SOFTMAX_LAWS)[law](case)


def eps(x):
    return float(np.finfo(x.dtype).eps)


def linear(x, dp, at):
    b = np.random.default_rng(SEED).standard_normal(x.shape).astype(x.dtype) * np.abs(dp).max()
    return (64 + 4 * x.size) * eps(x) * (np.abs(dp).max() + np.abs(b).max())


def row_sums(x, dp, at):
    return (4 * x.shape[-1] + 32) * eps(x) * np.abs(dp[at[0]]).max()


def blind(x, dp, at):
    return (4 * x.shape[-1] + 32) * eps(x) * (8 + np.abs(dp).max())


def shift(x, dp, at):
    return 8 * eps(x) * (float(far(x)) + np.abs(x).max()) * np.abs(dp).max()


def strangers(x, dp, at):
    return 8 * eps(x) * np.abs(dp[at[0]]).max()


THRESHOLDS = [    # the law, the call that is off, where it may be, what is let through
    ("linear in dp", 2, [(0, 0), (1, 3), (2, 4)], linear),
    ("rows of dx add up to 0", 1, [(0, 0), (1, 3), (2, 4)], row_sums),
    ("blind to a constant in dp", 1, [(0, 0), (1, 3), (2, 4)], blind),
    ("unchanged under x + c", 1, [(0, 0), (1, 3), (2, 4)], shift),
    ("rows are strangers", 2, [(0, 0), (0, 4)], strangers),
    ("rows are strangers", 3, [(2, 0), (2, 4)], strangers),
]  # fmt: skip


@pytest.mark.parametrize(("law", "call", "places", "threshold"), THRESHOLDS)
@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("size", [1.0, 1e6, 1e-6])
def test_what_is_let_through_is_what_is_said(law, call, places, threshold, sign, dtype, size):
    """Nine tenths of it pass, eleven tenths do not; wherever, and with either sign."""
    rng = np.random.default_rng(1)
    x = rng.standard_normal(SHAPE).astype(dtype)
    dp = size * rng.standard_normal(SHAPE).astype(dtype) * np.array([[1], [3], [0.1]], dtype)
    dp = dp.astype(dtype)
    for at in places:
        tol = threshold(x, dp, at)
        assert ask(law, Off(call, at, 0.9 * sign * tol), x, dp) == ""
        said = ask(law, Off(call, at, 1.1 * sign * tol), x, dp)
        assert said
        if "row" in said and law != "linear in dp":
            assert f"row {at[0]} " in said


@pytest.mark.parametrize("law", LAWS | SOFTMAX_LAWS)
def test_nothing_is_an_answer_that_keeps_every_law(law):
    """They are necessary, all of them, and together not enough."""
    x = np.random.default_rng(1).standard_normal(SHAPE)
    assert ask(law, Off(0, (0, 0), 1.0), x, x + 1) == ""


@pytest.mark.parametrize("call", range(1, 6))
def test_an_upstream_beyond_the_first_is_looked_at_too(call):
    """Shape, finite numbers and row sums are asked of each."""
    x = np.random.default_rng(1).standard_normal(SHAPE)
    rng = np.random.default_rng(SEED)
    case = Case(Pair(softmax, Off(call, (1, 2), np.nan)), x, [x, x + 1, x + 2], rng, 0.1, True)
    assert LAWS["finite"](case) == ("dx is not finite at (1, 2)" if call <= 3 else "")
    case = Case(Pair(softmax, Off(call, (1, 2), 1.0)), x, [x, x + 1, x + 2], rng, 0.1, True)
    said = SOFTMAX_LAWS["rows of dx add up to 0"](case)
    assert said == ("the entries of row 1 add up to 1, not 0" if call <= 3 else "")


def test_an_upstream_of_zero_must_give_zero():
    """Whatever the sign, wherever."""
    x = np.random.default_rng(1).standard_normal(SHAPE)
    for error in (1e-300, -1e-300):
        assert ask("linear in dp", Off(1, (2, 4), error), x, x) == (
            "dx must be 0 for an upstream of 0"
        )


def test_what_is_linear_near_its_own_size_only_is_found():
    """The second upstream is as large as the first, else it would be lost beside it."""
    x = np.random.default_rng(1).standard_normal(SHAPE)
    for size in (1e12, 1e-12):
        assert ask("linear in dp", lambda x, dp: np.abs(dp), x, size * x)
        assert not ask("linear in dp", lambda x, dp: 3 * dp, x, size * x)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_far_is_where_exp_overflows_and_not_much_farther(dtype):
    """Each number more is a digit less of x + c."""
    x = np.zeros(1, dtype)
    with np.errstate(over="ignore"):
        assert np.exp(far(x)) == np.inf
    assert np.isfinite(np.exp(far(x) / dtype(1.15)))
