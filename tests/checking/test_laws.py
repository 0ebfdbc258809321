"""Each law lets rounding through and nothing larger: its threshold, from both sides.

The backward pass under test returns 0, which keeps every law, but for one entry at one call; the
thresholds are written down here once more, from the sentences of the course. Then all laws of all
known mistakes, in a table.
"""

from itertools import zip_longest

import numpy as np
import pytest

from smlearn import softmax, softmax_vjp
from smlearn.checking import gradcheck, laws
from smlearn.checking.backward_pair import BackwardFailed, Case, Pair
from smlearn.checking.laws import LAWS, SOFTMAX_LAWS, far
from smlearn.mistakes import SOFTMAX_MISTAKES

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


# ---- factors: what is wrong in size only keeps every law

OF_SOFTMAX = {
    "linear": lambda f, x, dp: laws.linear(f, x, dp, np.random.default_rng(SEED)),
    "row sums": laws.row_sums,
    "blind": laws.blind,
    "shift": laws.shift,
    "strangers": lambda f, x, dp: laws.strangers(f, x, dp, np.random.default_rng(SEED)),
}


@pytest.mark.parametrize("law", OF_SOFTMAX)
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("factor", [1, -2, 1e3, 1e6, 1e-6])
def test_a_factor_keeps_every_law(law, dtype, factor):
    """Its rounding grows with it; to blame a law for that would send people the wrong way."""
    for seed in range(20):
        x, dp = np.random.default_rng(seed).standard_normal((2, 4, 10)).astype(dtype)
        f = Pair(softmax, lambda x, dp: dtype(factor) * softmax_vjp(x, dp)).dx
        assert OF_SOFTMAX[law](f, 3 * x, dp) == ""


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_a_large_factor_is_found_by_its_numbers(dtype):
    """And no law is named in its place."""
    x = np.random.default_rng(1).standard_normal((4, 10)).astype(dtype)
    report = gradcheck(softmax, lambda x, dp: dtype(1e6) * softmax_vjp(x, dp), x)
    assert report.checks[-1].name == "the numbers"
    assert report.diagnosis.key == "factor"


@pytest.mark.parametrize("law", ["row sums", "blind", "shift", "strangers"])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_a_factor_does_not_hide_what_breaks_a_law(law, dtype):
    """A ten-thousandth of a result that is a thousand times too large is no rounding."""

    def bent(x, dp):
        leak = np.roll(dp, 1, axis=0) + x.sum(axis=-1, keepdims=True)
        return dtype(1e3) * (softmax_vjp(x, dp) + dtype(1e-4) * (dp + leak))

    x, dp = np.random.default_rng(1).standard_normal((2, 4, 10)).astype(dtype)
    assert OF_SOFTMAX[law](Pair(softmax, bent).dx, x, dp) != ""


@pytest.mark.parametrize("gain", [1, 1e3, 1e6])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_linear_is_asked_to_the_rounding_of_what_it_adds_up(gain, dtype):
    """The law of any f, whose dx may be far larger than dp: from both sides."""
    x, dp = np.random.default_rng(1).standard_normal((2, *SHAPE)).astype(dtype)
    a, b = (np.abs(v).max() for v in (dp, linear_partner(dp)))
    tol = (64 + 4 * x.size) * eps(x) * (1 + gain) * (a + b)
    for part, kept in ((0.9, True), (1.1, False)):
        off = Off(1, (1, 3), part * tol)

        def scaled(x, dp, off=off):
            return off(x, dp) + dtype(gain) * dp

        said = laws.linear(scaled, x, dp, np.random.default_rng(SEED))
        assert (said == "") is kept, said


def linear_partner(dp):
    b = np.random.default_rng(SEED).standard_normal(dp.shape).astype(dp.dtype)
    return b * np.abs(dp).max()


def test_the_coarser_of_two_precisions_is_what_rounds():
    """float32 comes back from a function of float64: nothing of it is known beyond 7 digits."""

    def narrow(x, dp):
        return softmax_vjp(x.astype(np.float32), dp.astype(np.float32))

    x, dp = np.random.default_rng(1).standard_normal((2, 4, 10))
    for law in ("linear", "row sums", "blind", "strangers"):
        assert OF_SOFTMAX[law](narrow, x, dp) == ""


def test_the_rounding_grows_with_a_dx_that_is_larger_than_dp():
    """Of either sign; a dx within dp, as every right one is, has that of dp."""
    x, dp = np.zeros(2), np.array([-2.0, 1.0])
    for dx, gain in (([-6.0, 1], 3), ([6.0, 1], 3), ([-1.0, 1], 1), ([0.0, 0], 1)):
        assert laws.rounding(np.array(dx), x, dp) == gain * eps(x)
    assert laws.rounding(np.array([-6.0, 1]), x, 0 * dp) == 6 * eps(x)
    assert laws.rounding(dp, x.astype(np.float32), dp) == 2.0**-23
    assert laws.rounding(dp.astype(np.float32), x, dp) == 2.0**-23


def test_what_adds_up_is_told_for_each_row():
    """Of a table, of a row, and of rows of tables, which have more than a number."""
    rows = np.array([[[0.5, 0.5], [0.25, 0.75]], [[1.0, 0.0], [0.5, 0.25]]])
    assert laws.sums(rows, 1, 1e-16) == "the entries of row [1, 1, :] add up to 0.75, not 1"
    assert laws.sums(rows[0], 1, 1e-16) == ""
    near = np.array([0.5, 0.5 + 2.0**-30])
    assert laws.sums(near, 1, 1e-16) == f"the entries of row 0 add up to {1 + 2.0**-30!r}, not 1"
    third = np.array([1 / 3, 0.0])
    assert laws.sums(third, 1, 1e-16) == "the entries of row 0 add up to 0.333, not 1"
    assert laws.sums(rows[1, 1], 1, 1e-16) == "the entries of row 0 add up to 0.75, not 1"
    for error, said in ((0.9, ""), (1.1, "not 0")):
        row = np.array([40 * 1e-9 * error, 0])
        assert said in laws.sums(row, 0, 1e-9)
        assert bool(laws.sums(row, 0, 1e-9)) is bool(said)
    assert laws.sums(np.array([np.nan, 0]), 0, 1.0) != ""


def test_a_number_that_is_added_may_be_given():
    """Near by exp of the logits themselves keeps the law, far off it does not."""
    vjp = SOFTMAX_MISTAKES["unshifted_exp"].vjp
    x, dp = np.random.default_rng(1).standard_normal((2, *SHAPE))
    assert laws.shift(vjp, x, dp, 3) == ""
    assert laws.shift(vjp, x, dp) == "with 800 added to all logits, dx changes by nan"
    for error, kept in ((0.9, True), (1.1, False)):
        tol = 8 * eps(x) * (3 + np.abs(x).max()) * np.abs(dp).max()
        assert (laws.shift(Off(1, (1, 3), error * tol), x, dp, 3) == "") is kept


# ---- the known mistakes

TABLE = """
    shape finite untouched twice linear sums blind shift strangers
                               s f u t l r b x n
    diagonal_only              . . . . . x x . .
    sum_term_missing           . . . . . x x . .
    product_branch_overwritten . . . . . x x . .
    plus_sign                  . . . . . x x . .
    plain_mean                 . . . . . x . . .
    mean_for_sum               . . . . . x x . .
    batch_sum                  . . . . . x x . x
    keepdims_missing           ! ! ! ! ! ! ! ! !
    cross_entropy_mean         . . . . x x x . .
    log_softmax_backward       . . . . . . x . .
    sign_flipped               . . . . . . . . .
    factor_two                 . . . . . . . . .
    divided_by_batch           . . . . . . . . .
    divided_by_classes         . . . . . . . . .
    pass_through               . . . . . x x . .
    returns_ones               . . . . x x . . .
    jacobian_summed_first      . . . . . . . . .
    elementwise_with_jacobian  ! ! . ! ! ! ! ! !
    fused_with_cross_entropy   . . . . x x x . .
    one_hot_assumed            . . . . . . x . .
    upstream_as_probabilities  . . . . x x x . .
    logits_as_probabilities    . . . . . x x x .
    tanh_derivative            . . . . . x x . .
    softmax_twice              . . . . . . . . .
    reciprocal_unsquared       . . . . . x x . .
    seed_sum_backward          . . . . . x x . .
    wrong_axis                 . . . . . x . . x
    cache_of_another_row       . . . . . . . . x
    float32_inside             . . . . d d d d .
    unshifted_exp              . . . . . . . x .
    batch_maximum              . . . . . . . . .
    dp_in_place                . . x ? . . . . .
    x_in_place                 . . x . . . . . .
    shared_buffer              . . . x . . . . .
    integer_buffer             . . . . . . . . .
    squeezed                   . . . . . . . . .
    never_runs                 ! ! ! ! ! ! ! ! !
"""  # . kept, x broken, d broken in double precision, ! no dx comes back, ? as rounding has it
EXPECTED = {line.split()[0]: "".join(line.split()[1:]) for line in TABLE.splitlines()[3:]}


def verdict(law, vjp, x, dp):
    try:
        with np.errstate(all="ignore"):
            return "x" if ask(law, vjp, x, dp) else "."
    except BackwardFailed:
        return "!"


def test_the_table_holds_every_mistake():
    """And every law."""
    asked = ", ".join(LAWS | SOFTMAX_LAWS)
    assert list(EXPECTED) == list(SOFTMAX_MISTAKES), "TABLE has a row for each, in their order"
    assert {len(row) for row in EXPECTED.values()} == {len(LAWS | SOFTMAX_LAWS)}, (
        f"TABLE has a column for each law, in the order in which they are asked: {asked}"
    )


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("key", EXPECTED)
def test_every_law_of_every_mistake(key, dtype):
    """What each breaks; the right one, below, breaks none."""
    wanted = EXPECTED[key].replace("d", "x" if dtype == np.float64 else ".")
    vjp = SOFTMAX_MISTAKES[key].vjp
    for shape in ((4, 3), (3, 5)):
        x, dp = np.random.default_rng(11).standard_normal((2, *shape)).astype(dtype)
        got = "".join(verdict(law, vjp, x, dp.copy()) for law in LAWS | SOFTMAX_LAWS)
        seen = "".join("?" if b == "?" else a for a, b in zip_longest(got, wanted, fillvalue="-"))
        assert seen == wanted, f"in the row of {key} in TABLE, for x of shape {shape}"


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_the_right_one_keeps_every_law(dtype):
    """Of one row, of several, of as many rows as classes, of one class."""
    for shape in ((5,), (1, 3), (4, 3), (3, 3), (4, 1), (2, 3, 5)):
        x, dp = np.random.default_rng(11).standard_normal((2, *shape)).astype(dtype)
        for law in LAWS | SOFTMAX_LAWS:
            assert ask(law, softmax_vjp, x, dp) == "", (law, shape)


def test_one_buffer_for_all_results_breaks_no_law_of_numbers():
    """Each result is right when it comes; that the next call overwrites it is another law."""
    vjp = SOFTMAX_MISTAKES["shared_buffer"].vjp
    pair = Pair(softmax, vjp)
    x, dp = np.random.default_rng(1).standard_normal((2, *SHAPE))
    first = pair.dx(x, dp)
    kept = first.copy()
    pair.dx(x, 2 * dp)
    np.testing.assert_array_equal(first, kept)
    assert laws.linear(pair.dx, x, dp, np.random.default_rng(1)) == ""


def test_linear_is_more_than_three_times_as_much():
    """What takes the first entry that is not 0 triples with dp; a sum of two shows it."""
    vjp = SOFTMAX_MISTAKES["one_hot_assumed"].vjp
    x = np.random.default_rng(1).standard_normal((4, 3))
    dp = np.array([[0.0, 1, 4], [1, 0, 1], [4, 1, 0], [4, 1, 0]])
    np.testing.assert_allclose(vjp(x, 3 * dp), 3 * vjp(x, dp), rtol=1e-15)
    assert "away from" in laws.linear(vjp, x, dp, np.random.default_rng(SEED))
