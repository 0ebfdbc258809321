"""Do rows meet in a backward pass, or calls? Asked of columns whose tolerances are known."""

import numpy as np
import pytest

from smlearn.checking import gradcheck
from smlearn.checking.backward_pair import Case, Pair
from smlearn.checking.columns import Columns
from smlearn.checking.leaks import leaks, remembered, strangers

X = np.array([[3.0, 2.0, 1.0], [0.5, 0.25, 0.125]])
DP = np.array([[1.0, 2.0, 4.0], [-1.0, 3.0, -2.0]])


def columns(vjp, *, x=X, J=None, tol=(1.0, 0.1)) -> Columns:
    """Return the columns of a copy, with a tolerance for either upstream."""
    case = Case(Pair(np.copy, vjp), x, [DP, -DP], np.random.default_rng(0), 2.0**-16, False)
    dx = np.array([case.dx(DP).ravel(), case.dx(-DP).ravel()])
    near = np.outer(tol, np.ones(x.size))
    dp = np.array([DP.ravel(), -DP.ravel()])
    return Columns(case, x, x, np.eye(x.size) if J is None else J, dp, dx, near)


def plain(x, dp):
    return dp.copy()


ROUNDING = 16 * np.finfo(float).eps * 3.0 * 2**16  # of an entry of J, for values up to 3


@pytest.mark.parametrize(("off", "apart"), [(0.9, True), (-0.9, True), (1.1, False), (-9, False)])
def test_rows_are_strangers_where_j_is_0_to_the_rounding_of_f(off, apart):
    """From the first row to the second one; a tolerance of 1 is that of a sum of many entries."""
    J = np.eye(6)
    J[4, 1] = off * ROUNDING
    assert strangers(columns(plain, J=J), 0) == apart


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_a_thousand_entries_that_meet_a_little_each_are_no_strangers(dtype):
    """In layer normalisation each moves each by a thousandth, which few digits still show."""
    x = np.random.default_rng(0).standard_normal(1000).astype(dtype)

    def parts(x):
        s = np.sqrt(x.var() + dtype(1e-5))
        return s, (x - x.mean()) / s

    def vjp(x, dp, share=1):
        s, y = parts(x)
        return (dp - dp.mean() - share * y * (dp * y).mean()) / s

    f = lambda x: parts(x)[1]  # noqa: E731
    assert gradcheck(f, vjp, x).verdict == "PASS"
    wrong = gradcheck(f, lambda x, dp: vjp(x, dp, 100), x)
    assert (wrong.verdict, wrong.diagnosis.key) == ("FAIL", "place")


@pytest.mark.parametrize("more", [lambda x: 0.5, lambda x: 0.5 * x])
def test_what_is_added_without_an_upstream_leaks_from_nowhere(more):
    """An offset, or a decay of weights: no row sees another; and a leak beside it is one."""
    assert not leaks(columns(lambda x, dp: dp + more(x), tol=(1e-6, 1e-6)), 0)
    assert leaks(columns(lambda x, dp: dp + more(x) + dp.sum(0), tol=(1e-6, 1e-6)), 0)
    report = gradcheck(np.sin, lambda x, dp: dp * np.cos(x) + more(x), X)
    assert report.diagnosis.key == "linear in dp"


def test_one_row_has_no_strangers():
    """Nor has a row that meets itself alone."""
    case = columns(plain)
    x = X[:1]
    assert not strangers(case._replace(x=x, y=x, J=np.eye(3)), 0)
    assert strangers(case._replace(x=x, y=x, J=np.eye(3)), 1)


@pytest.mark.parametrize(("by", "leak"), [(-5, True), (-4.5, True), (-3.5, False), (0, False)])
def test_an_upstream_leaks_beyond_four_of_the_widest_tolerances(by, leak):
    """Into one entry of another row, and down."""

    def vjp(x, dp):
        dx = dp.copy()
        dx[0, 0] += by * dp[1, 1] / DP[1, 1]
        return dx

    assert leaks(columns(vjp), 0) == leak


@pytest.mark.parametrize(("by", "leak"), [(5, True), (4.5, True), (3.5, False), (0, False)])
def test_x_leaks_beyond_four_of_the_widest_tolerances(by, leak):
    """In one entry of another row, which goes down where the first row comes in its place."""

    def vjp(x, dp):
        dx = dp.copy()
        dx[0, 0] -= by * x[1, 1] / (X[0, 1] - X[1, 1])
        return dx

    assert leaks(columns(vjp), 0) == leak


def test_x_leaks_from_any_entry_of_another_row():
    """All of that row is exchanged, where its entries are alike too."""
    x = np.array([[10.0, 10, 10], [20, 20, 20]])
    vjp = lambda x, dp: dp + np.roll(x, 1, axis=0)[:, -1:]  # noqa: E731
    assert leaks(columns(vjp, x=x), 0)


def test_a_backward_pass_that_warns_of_an_upstream_with_zeros_is_asked_all_the_same(recwarn):
    """The learner did not choose that upstream."""
    vjp = lambda x, dp: dp + 9 * dp[::-1] + np.exp(np.log(np.abs(dp)) - 99)  # noqa: E731
    assert leaks(columns(vjp), 0)
    assert not recwarn.list


class Late:
    """A backward pass that is off once it has met another x, and warns of that one, perhaps."""

    def __init__(self, by, warns=False):
        self.by, self.warns, self.before = by, warns, X

    def vjp(self, x, dp):
        before, self.before = self.before, x
        if self.warns:
            np.log(np.where(x == X, 1.0, -1.0))
        dx = dp.copy()
        dx[1, 1] -= self.by * (not np.array_equal(before, X))
        return dx


@pytest.mark.parametrize(("by", "other"), [(5, True), (4.5, True), (3.5, False), (0, False)])
@pytest.mark.parametrize("second", [0.001, 1000.0])
def test_what_is_kept_of_another_x_moves_dx_beyond_four_tolerances(second, by, other):
    """Those of the upstream that is asked, the first one; a single entry will do."""
    assert remembered(columns(Late(by).vjp, tol=(1.0, second))) == other


def test_a_backward_pass_that_warns_of_another_x_is_asked_all_the_same(recwarn):
    """The learner did not choose that x."""
    assert remembered(columns(Late(5, warns=True).vjp))
    assert not recwarn.list
