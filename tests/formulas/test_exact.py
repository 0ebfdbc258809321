"""The 80 digits that judge the others are right themselves: against mpmath, and against laws."""

from decimal import MAX_EMAX, MIN_EMIN, ROUND_DOWN, Context, Decimal, localcontext
from fractions import Fraction

import cases
import mpmath
import numpy as np
import pytest

from smlearn.formulas import exact
from smlearn.formulas.exact import (
    exact_log_softmax,
    exact_softmax,
    exact_vjp,
    relative_error,
    worst_error,
)

SCALES = [0.01, 1.0, 40.0, 100.0]


def agree(ours, theirs, digits):
    """Whether Decimals and mpmath's numbers agree to so many digits."""
    with mpmath.workdps(cases.DIGITS + 20):
        pairs = zip(ours.ravel(), theirs.ravel(), strict=True)
        worst = max(abs(mpmath.mpf(str(a)) / b - 1) for a, b in pairs)
    return worst < mpmath.mpf(10) ** -digits


@pytest.mark.parametrize("scale", SCALES)
def test_they_are_those_of_mpmath(rng, scale):
    """Another library, another exp; 74 digits, since softmax of 200 loses three of 80, and
    a sum that cancels some more."""
    x, dp = rng.standard_normal((2, 5, 4))
    x = scale * x
    assert agree(exact_softmax(x), cases.exact_softmax(x), 74)
    assert agree(exact_log_softmax(x), cases.exact_log_softmax(x), 74)
    assert agree(exact_vjp(x, dp), cases.exact_vjp(x, dp), 74)


@pytest.mark.parametrize("gap", [0.5, 23.0, 23.1, 37.0, 300.0, 690.0, 1000.0, 1e5, 1e8])
@pytest.mark.parametrize("top", [0.0, 1e8])
def test_the_logarithm_of_a_sure_class_has_its_digits_too(gap, top):
    """-log(1 + exp(-gap)) of 1e-300 is told from 0, and far from the origin as well."""
    logp = exact_log_softmax(np.array([[top, top - gap]]))
    away = cases.exact_log_softmax(np.array([[0.0, (top - gap) - top]]))  # the gap as stored
    assert agree(logp, away, 79)


def test_ten_digits_are_not_enough_for_them(rng):
    """The comparison can fail."""
    x = rng.standard_normal((5, 4))
    rounded = np.vectorize(lambda v: Decimal(float(v)), otypes=[object])(exact_softmax(x))
    assert agree(rounded, cases.exact_softmax(x), 14)
    assert not agree(rounded, cases.exact_softmax(x), 20)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_what_is_stored_is_taken_over_without_rounding(rng, dtype):
    """So the answer is about x itself, in every precision: the same numbers, the same answer."""
    x = rng.standard_normal((3, 4)).astype(dtype)
    np.testing.assert_array_equal(exact_softmax(x), exact_softmax(x.astype(float)))


def test_their_laws_hold_to_eighty_digits(rng):
    """p adds up to 1, dx to 0, and a constant in dp changes nothing."""
    x, dp = rng.standard_normal((2, 3, 5))
    with localcontext(prec=80):
        assert abs(exact_softmax(x).sum(axis=-1) - 1).max() < Decimal("1e-78")
        assert abs(exact_vjp(x, dp).sum(axis=-1)).max() < Decimal("1e-76")
        whole = np.round(dp)  # plus 8 is exact then
        assert (abs(exact_vjp(x, whole + 8) - exact_vjp(x, whole))).max() < Decimal("1e-76")


def test_nothing_overflows_or_underflows():
    """Where a double would be inf or 0; and the arithmetic of whoever calls stays as it was."""
    with localcontext(prec=7):
        p = exact_softmax(np.array([[5000.0, 0.0]]))
        assert Decimal("1e-2172") < p[0, 1] < Decimal("1e-2171")
        assert Decimal(1) / 3 == Decimal("0.3333333")


@pytest.mark.parametrize("far", [3e6, 1e8])
def test_nor_beyond_the_exponents_that_decimal_has_unless_asked(far):
    """exp(3e6) is 10^1302883, and 10^999999 is where decimal stops by itself."""
    for x in ([far, far - 2], [2 - far, -far]):
        p = exact_softmax(np.array([x]))
        assert agree(p, cases.exact_softmax(np.array([[0.0, -2.0]])), 70)
        dx = exact_vjp(np.array([x]), np.array([[1.0, 0.25]]))
        assert abs(dx[0, 0] / (p[0, 0] * p[0, 1] * Decimal("0.75")) - 1) < Decimal("1e-25")
    logp = exact_log_softmax(np.array([[far, far - 2]]))
    assert agree(logp, cases.exact_log_softmax(np.array([[0.0, -2.0]])), 70)


@pytest.mark.parametrize("row", [[0, -690], [1e8, 1e8 - 690], [0.5 - 1e8, -1e8], [0, -40, -300]])
def test_the_logarithms_have_all_eighty(monkeypatch, row):
    """Of 1 + 1e-300 the small term, and beside 1e8 what comes after the point."""
    row = np.array([row], float)
    monkeypatch.setattr(cases, "DIGITS", 500)
    assert agree(exact_log_softmax(row), cases.exact_log_softmax(row - row.max()), 80)


@pytest.mark.parametrize("gap", [0.0, 1.0, 22.0, 23.0, 24.0, 709.0, 1000.0, 7e4, 2e8])
@pytest.mark.parametrize("others", [1, 3])
def test_the_logarithm_of_a_sure_class_is_never_0(gap, others):
    """-ln(1 + t) lies between -t and -t + t^2/2, however small t: 1 + t may round to 1."""
    row = np.array([[gap / 2] + [-gap / 2] * others])
    with localcontext(Context(prec=99, Emax=MAX_EMAX, Emin=MIN_EMIN)):
        t = others * Decimal(-gap).exp()
        logp = exact_log_softmax(row)[0]
        rounding = t * Decimal("1e-80")
        assert -t - rounding <= logp[0] <= rounding - t + t * t / 2
        assert abs(logp[0] - logp[1] - Decimal(gap)) <= Decimal("1e-90") * (1 + Decimal(gap))


def test_the_logarithm_of_one_class_is_0():
    """There 0 is exact."""
    assert exact_log_softmax(np.array([[3.5], [-1e8]])).tolist() == [[0], [0]]


def test_a_difference_beside_huge_ones_is_kept():
    """x = 0, so dx_i = (3 dp_i - the sum of dp) / 9, by fractions; no entry but that is 2e-301."""
    for dp in ([1e300, -1e300, 1e-300], [1e308, 5e-324, -1e308], [2.0**1023, 1.0, -(2.0**-1074)]):
        dx = exact_vjp(np.zeros((1, 3)), np.array([dp]))[0]
        d = [Fraction(v) for v in dp]
        for got, each in zip(dx, d, strict=True):
            want = (3 * each - sum(d)) / 9
            assert abs(Fraction(got) / want - 1) < Fraction(1, 10**80)


def test_it_is_0_only_where_it_must_be():
    """Classes of one logit whose differences cancel; one class; equal costs."""
    assert exact_vjp(np.zeros((1, 3)), np.array([[1.0, -1.0, 0.0]]))[0, 2] == 0
    assert exact_vjp(np.array([[5.0]]), np.array([[2.0]]))[0, 0] == 0
    assert not exact_vjp(np.array([[5.0, -3.0, 1.0]]), np.full((1, 3), 0.1)).any()
    assert exact_vjp(np.array([[1.0, 1.0, 0.0]]), np.array([[0.0, 2.0, 1.0]]))[0, 2] == 0


@pytest.mark.parametrize("digits", [20, 60, 100, 118, 122, 200, 280])
def test_where_different_logits_cancel_more_digits_are_taken(digits):
    """Costs that balance e against 1 to so many digits; mpmath with a thousand says the rest."""
    with localcontext(prec=400):
        a, parts = Decimal(1).exp(), []
        while len(parts) < digits // 15 + 1:  # sum of the parts is nearly e
            parts.append(float(a))
            a -= Decimal(parts[-1])
    D = len(parts)
    x = np.array([[0.0] * D + [1.0, 0.5]])  # the classes of logit 0 cost the parts
    dp = np.array([[*parts, -1.0, 0.0]])
    with mpmath.workdps(1000):
        e = [mpmath.exp(v) for v in x[0]]
        mean = mpmath.fsum(a * b for a, b in zip(e, dp[0], strict=True))
        want = -e[-1] * mean / mpmath.fsum(e) ** 2
        got = exact_vjp(x, dp)[0, -1]
        assert abs(want) < mpmath.mpf(10) ** -(digits - 15)
        assert abs(mpmath.mpf(str(got)) / want - 1) < mpmath.mpf(10) ** -80


@pytest.mark.parametrize("digits", [3, 4, 5, 6, 7])
def test_eighty_are_left_where_few_more_are_lost_than_there_is_room_for(digits):
    """e in a float and so many digits more costs what e does, to some 20 digits."""
    with localcontext(prec=400):
        rest = Decimal(1).exp() - Decimal(np.e)
    x, dp = np.array([[0.0, 0.0, 1.0]]), np.array([[np.e, float(f"{rest:.{digits}e}"), -1.0]])
    with mpmath.workdps(200):
        e = [mpmath.exp(v) for v in x[0]]
        mean = mpmath.fsum(a * b for a, b in zip(e, dp[0], strict=True)) / mpmath.fsum(e)
        for got, each, p in zip(exact_vjp(x, dp)[0], dp[0], e, strict=True):
            want = p * (each - mean) / mpmath.fsum(e)
            assert abs(mpmath.mpf(str(got)) / want - 1) < mpmath.mpf(10) ** -80


def test_what_cancels_to_the_last_digit_is_computed_anew(monkeypatch):
    """A sum that is 0 for want of digits has lost all of them."""
    monkeypatch.setattr(exact, "DIGITS", 1)
    monkeypatch.setattr(exact, "SPARE", 1)
    nearly = 2.718  # e to the four digits that are then taken first
    x, dp = np.array([[0.0, 1.0, 0.5]]), np.array([[nearly, -1.0, 0.0]])
    e, half = np.exp([1.0, 0.5])
    want = half * (e - nearly) / (1 + e + half) ** 2
    assert float(exact_vjp(x, dp)[0, 2]) == pytest.approx(want, rel=0.1)


def test_rows_may_come_as_a_list():
    """Python's floats are those of float64."""
    assert exact_softmax([[0.0, -1.0]]).tolist() == exact_softmax(np.array([[0, -1.0]])).tolist()


def test_a_row_that_the_judge_cannot_compare_is_refused():
    """NaN is near to nothing, 0 has no share, and another shape is another question."""
    one = np.array([[Decimal(1)]])
    with pytest.raises(ValueError, match="relative_error: got must be finite, but got nan"):
        relative_error(np.array([[np.nan]]), one)
    with pytest.raises(ValueError, match="relative_error: got must be finite, but got inf"):
        worst_error(np.array([[np.inf]]), one)
    with pytest.raises(ValueError, match="relative_error: exact must not be 0"):
        relative_error(np.array([[1.0]]), 0 * one)
    with pytest.raises(ValueError, match=r"exact_vjp: dp must have the shape of x, \(2, 3\)"):
        exact_vjp(np.zeros((2, 3)), np.zeros((1, 3)))
    with pytest.raises(ValueError, match="exact_vjp: dp must be finite, but got -inf"):
        exact_vjp(np.zeros((1, 2)), np.array([[0.0, -np.inf]]))


def test_whether_a_number_is_normal_is_not_a_matter_of_the_callers_exponents():
    """A caller whose smallest number is 1e-5 has 1e-40 rounded to 0 by abs alone."""
    exact = np.array([[Decimal("1e-40"), Decimal(1)]])
    with localcontext(Context(prec=7, Emin=-5, Emax=5)):
        assert worst_error(np.array([[2e-40, 1.0]]), exact) == pytest.approx(1)


@pytest.mark.parametrize("function", [exact_softmax, exact_log_softmax])
@pytest.mark.parametrize("bad", [1.1e8, -1e300, np.inf, -np.inf, np.nan])
def test_a_logit_that_decimal_cannot_exponentiate_is_refused(function, bad):
    """Not answered with 0, and not with decimal's own error, which names no argument."""
    with pytest.raises(ValueError, match=f"{function.__name__}: x must stay within 1e8 of 0"):
        function(np.array([[0.0, bad]]))


def test_a_longdouble_is_refused_by_name():
    """Decimal does not take it over; as float64 it would be another number, without a word."""
    x = np.zeros((2, 3))
    for call, name in [
        (lambda: exact_softmax(x.astype(np.longdouble)), "exact_softmax: x"),
        (lambda: exact_vjp(x, x.astype(np.longdouble)), "exact_vjp: dp"),
        (lambda: relative_error(x.astype(np.longdouble), exact_softmax(x)), "relative_error: got"),
        (lambda: exact_softmax(x.astype(int)), "exact_softmax: x"),
    ]:
        with pytest.raises(TypeError, match=f"{name} must be float16, float32 or float64"):
            call()


def test_their_arithmetic_is_not_the_callers():
    """Whoever rounds down to seven digits gets the same eighty."""
    x, dp = np.array([[0.0, -1.5]]), np.array([[1.0, 0.25]])
    usual = exact_vjp(x, dp), exact_log_softmax(x)
    with localcontext(prec=7, rounding=ROUND_DOWN):
        odd = exact_vjp(x, dp), exact_log_softmax(x)
    for a, b in zip(usual, odd, strict=True):
        assert a.tolist() == b.tolist()


def test_relative_error_is_of_each_entry():
    """A small entry counts as much as a large one."""
    exact = np.array([[Decimal(2), Decimal("-1e-300")]])
    np.testing.assert_allclose(relative_error(np.array([[2.0, -3e-300]]), exact), [[0, 2]])


def test_the_worst_error_leaves_out_what_cannot_be_stored():
    """In float32 1e-40 is subnormal, in float64 it is not."""
    exact = np.array([[Decimal(1), Decimal("1e-40")]])
    assert worst_error(np.array([[0.5, 0.0]], np.float32), exact) == 0.5
    assert worst_error(np.array([[0.5, 0.0]]), exact) == 1


def test_without_a_normal_number_there_is_no_worst_error():
    """It says so, where the maximum of nothing would."""
    with pytest.raises(ValueError, match=r"worst_error: exact must hold .* normal in float32"):
        worst_error(np.zeros((1, 1), np.float32), np.array([[Decimal("1e-40")]]))
