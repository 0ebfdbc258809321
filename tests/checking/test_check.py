"""gradcheck is right about right and wrong, says which, and says what it could not have seen."""

import numpy as np
import pytest
from right import FORMS

from smlearn import (
    log_softmax,
    softmax,
    softmax_vjp,
)
from smlearn.checking import gradcheck
from smlearn.checking.report import GradcheckError
from smlearn.mistakes import MISTAKES

W = np.array([[2.0, 0.0, 1.0], [0.0, 1.0, 0.0], [1.0, -1.0, 0.0]])


@pytest.fixture
def x(rng):
    return rng.standard_normal((4, 3))


SHAPES = [(3,), (1, 3), (4, 1), (4, 2), (3, 3), (2, 3, 5), (2, 40)]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("shape", SHAPES)
def test_right_forms_pass(rng, form, shape):
    """Rows, batches, one class, as many rows as classes; flat, ordinary and saturated."""
    f, vjp = FORMS[form]
    for scale in (0.0, 0.1, 1.0, 30.0):
        report = gradcheck(f, vjp, scale * rng.standard_normal(shape), rng=rng)
        assert report.verdict == "PASS", report
        assert report.is_softmax


def test_float32_and_odd_layouts_pass(x):
    """The correct float32 softmax; read-only and strided input."""
    assert gradcheck(softmax, softmax_vjp, x.astype(np.float32)).verdict == "PASS"
    x.flags.writeable = False
    assert gradcheck(softmax, softmax_vjp, x[::2, ::-1]).verdict == "PASS"


@pytest.mark.parametrize("key", MISTAKES)
def test_every_mistake_fails_under_its_own_key(x, key):
    """Also those that are right on ordinary rows and wrong elsewhere."""
    report = gradcheck(MISTAKES[key].f, MISTAKES[key].vjp, x)
    assert report.verdict == "FAIL"
    assert report.diagnosis.key == key


def test_the_worst_entry_is_named_with_both_numbers():
    """An entry that is three times too large, in a function that is no softmax."""

    def vjp(x, dp):
        dx = dp * np.cos(x)
        dx[1, 2] *= 3
        return dx

    x = np.linspace(0.1, 1.2, 12).reshape(4, 3)
    report = gradcheck(np.sin, vjp, x)
    assert (report.verdict, report.is_softmax, report.diagnosis.key) == ("FAIL", False, "place")
    assert "wrong at (1, 2), and right elsewhere. There it is 3 times what" in str(report)
    assert report.worst_index == (1, 2)
    assert report.ratio == pytest.approx(3, rel=1e-6)
    assert report.analytic_at == pytest.approx(3 * report.numeric_at, rel=1e-6)
    assert "worst entry (1, 2)" in str(report)


def test_other_functions_are_checked_too(x):
    """A softmax of a linear map: right with W from the right, wrong from the left."""
    f = lambda z: softmax(z @ W.T)  # noqa: E731
    assert gradcheck(f, lambda z, dp: softmax_vjp(z @ W.T, dp) @ W, x).verdict == "PASS"
    assert gradcheck(f, lambda z, dp: softmax_vjp(z @ W.T, dp) @ W.T, x).verdict == "FAIL"
    assert gradcheck(np.sin, lambda x, dp: dp * np.cos(x), x).verdict == "PASS"
    assert gradcheck(np.sin, lambda x, dp: 1.0001 * dp * np.cos(x), x).verdict == "FAIL"


def test_a_wrong_gradient_of_any_f_is_named_where_the_numbers_show_it(x):
    """A factor, and the product from the wrong side; of a wrong W it is said where it shows."""
    half = gradcheck(np.sin, lambda x, dp: dp * np.cos(x) / 2, x)
    assert (half.diagnosis.key, "0.5 times" in str(half)) == ("factor", True)
    mistake = MISTAKES["transposed_product"]
    assert gradcheck(mistake.f, mistake.vjp, x).diagnosis.key == "transposed_product"
    from_the_left = gradcheck(mistake.f, lambda z, dp: softmax_vjp(z @ W.T, dp) @ W.T, x)
    assert (from_the_left.verdict, from_the_left.diagnosis.key) == ("FAIL", "place")
    none = gradcheck(np.sin, lambda x, dp: None, x)
    assert (none.verdict, none.diagnosis.key) == ("FAIL", "shape and dtype")
    nothing = gradcheck(np.sin, lambda x, dp: 0 * dp, x)
    assert (nothing.verdict, nothing.diagnosis.key) == ("FAIL", "zero")
    one = gradcheck(lambda x: x.sum(keepdims=True), lambda x, dp: dp + 0 * x, x[0])
    assert one.verdict == "PASS"  # f(x) and x of different shapes


@pytest.mark.parametrize("x0", [1e-6, 1e-9, 0.0, -3e-6])
def test_a_kink_is_inconclusive(x0):
    """|x| near 0: the step reaches across, whether or not the measurement settles."""
    x = np.array([1.0, x0, 2.0])
    report = gradcheck(np.abs, lambda x, dp: dp * np.where(x < 0, -1.0, 1.0), x)
    assert (report.verdict, report.diagnosis) == ("INCONCLUSIVE", None)
    told = "halving h moves the measurement" if x0 == -3e-6 else "f has a kink near entry (1,)"
    assert told in str(report)
    with pytest.raises(GradcheckError, match="INCONCLUSIVE"):
        report.raise_if_failed()


def test_a_measurement_that_does_not_settle_is_inconclusive(x):
    """A ripple shorter than the step: the right gradient fits, and so would many wrong ones.

    Where the step is not given a shorter one is taken, which sees it.
    """
    f = lambda x: x + 1e-6 * np.sin(x * 2**17)  # noqa: E731
    vjp = lambda x, dp, c=1: c * dp * (1 + 1e-6 * 2**17 * np.cos(x * 2**17))  # noqa: E731
    assert gradcheck(f, vjp, x, h=2.0**-16).verdict == "INCONCLUSIVE"
    report = gradcheck(f, vjp, x)
    assert (report.verdict, report.case.h) == ("PASS", 2.0**-19)
    assert report.notes == ("f bends sharply near x: a step of 1.9e-06 was taken",)
    assert gradcheck(f, lambda x, dp: vjp(x, dp, 1.01), x).verdict == "FAIL"
    assert gradcheck(np.abs, lambda x, dp: dp * np.sign(x), x).verdict == "PASS"  # far from 0


def rough(x):
    """x, rounded as after cancellation: to 1e-10, in float32 to 1e-5."""
    far = x.dtype.type(1e6 if x.dtype == float else 100)
    return (x + far) - far


OTHER = {
    "a constant": (lambda x: np.ones(5) + 0 * x[0, 0], lambda x, dp: 0 * x),
    "zero": (lambda x: 0 * x, lambda x, dp: 0 * x),
    "a number": (lambda x: (x**3).sum(), lambda x, dp: dp * 3 * x**2),
    "a mean": (lambda x: x.mean(axis=0), lambda x, dp: np.repeat(dp[None], 4, axis=0) / 4),
    "rough": (rough, lambda x, dp: dp.copy()),
    "steep": (lambda x: np.exp(9 * x), lambda x, dp: 9 * dp * np.exp(9 * x)),
    "undefined near by": (lambda x: np.sqrt(x + 1.4), lambda x, dp: dp / np.sqrt(x + 1.4) / 2),
    "of one sum": (lambda x: softmax(x) / 2, lambda x, dp: softmax_vjp(x, dp) / 2),
}


@pytest.mark.parametrize("kind", OTHER)
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_right_gradients_of_other_functions_pass(x, kind, dtype):
    """Also where f is flat, rough, steep, or not defined a step of 1 away; and wrong ones fail."""
    f, vjp = OTHER[kind]
    with np.errstate(invalid="ignore"):
        report = gradcheck(f, lambda x, dp: vjp(x, dp).astype(dtype), x.astype(dtype))
        assert (report.verdict, report.is_softmax) == ("PASS", False), report
        assert (report.diagnosis, report.blind_to) == (None, ())
        twice = gradcheck(f, lambda x, dp: 2 * vjp(x, dp).astype(dtype), x.astype(dtype))
    assert twice.verdict == ("PASS" if kind in ("a constant", "zero") else "FAIL")


def test_right_gradients_of_other_functions_pass_over_many_draws(rng):
    """The estimated tolerance holds too: softmax of a map, and a map of sines, 200 times."""
    worst = 0
    for k in range(200):
        A = rng.standard_normal((3, 5)) * 10 ** rng.uniform(-2, 1)
        z = rng.standard_normal((2, 3))
        f, d = [(softmax, softmax_vjp), (np.sin, lambda y, dp: dp * np.cos(y))][k % 2]
        report = gradcheck(lambda z: f(z @ A), lambda z, dp: d(z @ A, dp) @ A.T, z, rng=rng)  # noqa: B023
        assert report.verdict == "PASS", report
        worst = max(worst, report.max_error_over_tol)
    assert 0.05 < worst < 0.9


BLIND = {
    "ones": (np.arange(12.0).reshape(4, 3), np.ones((4, 3)), "sign_flipped", "use random dp"),
    "one row": (np.array([[1.0, 2.0, 4.0]]), None, "batch_sum", "use at least two, of different"),
    "equal logits": (np.zeros((4, 3)), None, "plain_mean", "use random ones"),
    "one class": (np.arange(4.0)[:, None], None, "diagonal_only", "use at least two"),
    "equal rows": (np.ones((4, 1)) * [1.0, 2, 4], None, "cache_of_another_row", "let them differ"),
    "nothing": (np.arange(12.0).reshape(4, 3), np.zeros((4, 3)), "factor_two", "dp is 0"),
    "square": (np.arange(9.0).reshape(3, 3), None, "", "let the two numbers differ"),
}


@pytest.mark.parametrize("kind", BLIND)
def test_a_check_that_could_not_have_seen_something_says_so(kind):
    """Which mistakes would have passed, and what to use instead."""
    x, dp, key, advice = BLIND[kind]
    report = gradcheck(softmax, softmax_vjp, x, dp=dp)
    assert report.verdict == "PASS"
    assert report.blind_to
    assert not key or key in report.blind_to
    assert advice in str(report)


def test_good_input_is_blind_only_to_what_needs_other_input(x):
    """Far logits, integers, a single row: looked for on cases of the checker's own."""
    report = gradcheck(softmax, softmax_vjp, x)
    assert set(report.blind_to) == {"unshifted_exp", "batch_maximum", "integer_buffer", "squeezed"}
    assert report.advice == ()


def test_the_resolution_is_what_it_says(x):
    """An error of that size, in the least favourable entry, fails; a tenth of it may pass."""
    resolution = gradcheck(softmax, softmax_vjp, x, dp=np.eye(4)[:, :3]).resolution
    assert 1e-11 < resolution < 1e-9

    def off_by(error):
        def vjp(x, dp):
            tilt = error * np.array([1.0, -1.0, 0.0]) * np.ptp(dp, axis=-1, keepdims=True)
            return softmax_vjp(x, dp) + tilt

        return vjp

    assert gradcheck(softmax, off_by(resolution), x, dp=np.eye(4)[:, :3]).verdict == "FAIL"


def test_the_first_failure_ends_the_check(x):
    """Most basic first: a wrong shape is not also a wrong number."""
    report = gradcheck(softmax, lambda x, dp: softmax_vjp(x, dp)[:, :2], x)
    assert [c.verdict for c in report.checks] == ["FAIL"]
    assert report.checks[0].detail == "dx must have the shape of x, (4, 3), but has (4, 2)"


def noisy(x, dp, rng=np.random.default_rng(5)):  # noqa: B008
    return softmax_vjp(x, dp) + rng.standard_normal(x.shape)


BAD_VJP = {
    "None": (lambda x, dp: None, "vjp returned None; is there a return?"),
    "list": (lambda x, dp: [1, 2], "vjp returned a list; return an array"),
    "narrow": (lambda x, dp: softmax_vjp(x, dp).astype(np.float32), "at least float64, but holds"),
    "integers": (
        lambda x, dp: softmax_vjp(x, dp).astype(int),
        "at least float64, but holds int64",
    ),
    "NaN": (lambda x, dp: softmax_vjp(x, dp) * np.nan, "dx is not finite at (0, 0)"),
    "raises": (lambda x, dp: {}["exps"], "vjp raised KeyError: 'exps'"),
    "random": (noisy, "two answers; does it draw at random, or keep a state?"),
    "affine": (lambda x, dp: softmax_vjp(x, dp) + 1, "dx must be 0 for an upstream of 0"),
    "column": (
        lambda x, dp: softmax_vjp(x, dp)[:, :1],
        "dx must have the shape of x, (4, 3), but has (4, 1)",
    ),
    "shape of dp's doing": (
        lambda x, dp: softmax_vjp(x, dp)[: 4 - (dp == 1).any()],
        "dx must have the shape of x, (4, 3), but has (3, 3)",
    ),
    "buffer": (MISTAKES["shared_buffer"].vjp, "the next call overwrote the array that the last"),
    "x in place": (MISTAKES["x_in_place"].vjp, "x was changed in place; return a new array"),
    "dp in place": (MISTAKES["dp_in_place"].vjp, "dp was changed in place; return a new array"),
    "square": (lambda x, dp: softmax_vjp(x, dp) ** 2, "away from 2 dx(a) - dx(b)"),
    "tilted": (lambda x, dp: dp * [1.0, 0, 0], "the entries of row"),
    "not blind": (
        lambda x, dp: softmax_vjp(x, dp) + dp.sum(axis=-1, keepdims=True) * [1.0, -1, 0],
        "with 8 added to every upstream, dx changes by",
    ),
    "of x": (
        lambda x, dp: x[:, :1] * softmax_vjp(x, dp),
        "with 800 added to all logits, dx changes by",
    ),
    "overflow": (MISTAKES["unshifted_exp"].vjp, "with 800 added to all logits, dx changes by nan"),
}


@pytest.mark.parametrize("kind", BAD_VJP)
def test_a_bad_vjp_gets_one_clear_sentence(x, kind):
    """In the report, not as a traceback from the inside."""
    vjp, words = BAD_VJP[kind]
    before = x.copy()
    report = gradcheck(softmax, vjp, x)
    assert report.verdict == "FAIL"
    assert words in str(report)
    np.testing.assert_array_equal(x, before)


def test_a_leak_between_rows_is_found_whichever_way_it_runs(x):
    """Each row still adds up to 0; only the rows beside it tell."""

    def downward(x, dp):
        dx = softmax_vjp(x, dp)
        dx[1:] += 0.1 * dx[:-1]
        return dx

    def upward(x, dp):
        return downward(x[::-1], dp[::-1])[::-1]

    for leak, row in [(downward, 3), (upward, 0)]:
        last = gradcheck(softmax, leak, x).checks[-1]
        assert (last.name, last.verdict) == ("rows are strangers", "FAIL")
        assert f"row {row} changes by" in last.detail


def test_a_changed_cache_is_found(x):
    """The classic: backward scales what forward kept."""

    def backward(dp, cache):
        cache["p"] *= 1.5
        return cache["p"] / 1.5 * (dp - (cache["p"] / 1.5 * dp).sum(axis=-1, keepdims=True))

    report = gradcheck(lambda x: (softmax(x), {"p": softmax(x)}), backward, x)
    assert "the cache was changed in place" in str(report)


class Kept:
    """A cache of a class of its own, which defines no equality."""

    def __init__(self, x):
        self.p, self.calls, self.name, self.parts = softmax(x), 0, np.nan, [x.shape, (1, {2: x})]


def from_kept(dp, kept):
    return kept.p * (dp - (kept.p * dp).sum(axis=-1, keepdims=True))


def count(kept):
    kept.calls += 1


def grow(kept):
    kept.parts.append(0)


def reshape(kept):
    kept.parts[1][1][2].resize(3, 4, refcheck=False)  # in place: the same numbers, other rows


def rename(kept):
    kept.parts[1][1][3] = kept.parts[1][1].pop(2)


@pytest.mark.parametrize("touch", [None, count, grow, reshape, rename])
def test_a_cache_of_any_class_is_looked_into(x, touch):
    """An untouched copy of it is the same, though == says otherwise; one changed field is not."""

    def backward(dp, kept):
        dx = from_kept(dp, kept)
        if touch:
            touch(kept)
        return dx

    report = gradcheck(lambda x: (softmax(x), Kept(x.copy())), backward, x)
    assert report.verdict == ("FAIL" if touch else "PASS"), report
    assert ("the cache was changed in place" in str(report)) == bool(touch)


def test_the_exception_carries_the_report(x):
    """A failed check is a lesson, not only an error."""
    with pytest.raises(GradcheckError, match=r"twice too large") as caught:
        gradcheck(softmax, MISTAKES["factor_two"].vjp, x, raise_on_fail=True)
    assert caught.value.report.ratio == pytest.approx(2)
    gradcheck(softmax, softmax_vjp, x).raise_if_failed()


def test_the_page_form_is_escaped(x):
    """An error message may hold < and &."""
    report = gradcheck(softmax, lambda x, dp: {}["<b>&"], x)
    page = report._repr_html_()
    assert "&lt;b&gt;&amp;" in page
    assert "<b>&" not in page
    assert "<strong>gradcheck: FAIL</strong>" in page


def test_the_plot_shows_the_step_used_and_the_taylor_remainder(x):
    """The V of error against step, with the line at 2^-16; nothing to draw before the numbers."""
    ax = gradcheck(softmax, softmax_vjp, x).plot()
    steps, errors = ax.lines[0].get_data()
    assert list(ax.lines[1].get_xdata()) == [2.0**-16] * 2
    assert errors[steps == 2.0**-16] < 1e-10
    assert errors[0] > 1e-6
    assert errors[-1] > 1e-3
    _, taylor = ax.figure.axes
    change, remainder = (line.get_ydata() for line in taylor.lines)
    assert (remainder < change / 8).all()
    assert list(ax.figure.get_size_inches()) == [9, 4.2]  # both beside each other on a page
    with pytest.raises(ValueError, match=r"must reach the numbers .* at 'shape and dtype'"):
        gradcheck(softmax, lambda x, dp: None, x).plot()


def test_the_plot_leaves_gaps_where_f_is_not_defined():
    """sqrt at 0.01: steps of 2^-6 and more reach below 0, in some direction."""
    x = np.full(6, 0.01)
    with np.errstate(invalid="ignore"):
        report = gradcheck(np.sqrt, lambda x, dp: dp / np.sqrt(x) / 2, x)
        assert (report.verdict, report.taylor) == ("PASS", None)
        steps, errors = report.plot().lines[0].get_data()
    assert np.isnan(errors[steps > 0.01]).all()
    assert errors[steps == 2.0**-16] < 1e-5


def test_numbers_are_there_once_measured(x):
    """And None before; a ratio of two zeros is 1, of something and zero infinite."""
    early = gradcheck(softmax, lambda x, dp: None, x)
    for name in ("worst_index", "analytic_at", "numeric_at", "ratio", "max_error_over_tol",
                 "resolution", "taylor"):  # fmt: skip
        assert getattr(early, name) is None, name
    flat = gradcheck(lambda x: 0 * x, lambda x, dp: 0 * x, x)
    assert (flat.ratio, flat.numeric_at, flat.max_error_over_tol) == (1, 0, 0)
    assert gradcheck(lambda x: 0 * x, lambda x, dp: dp, x).ratio == np.inf
    assert "f is nearly straight here" in str(flat)


def test_a_single_number_can_be_checked():
    """f from a number to a number is no softmax."""
    report = gradcheck(np.sin, lambda x, dp: dp * np.cos(x), np.array(0.3))
    assert (report.verdict, report.is_softmax, report.worst_index) == ("PASS", False, ())


def test_f_is_a_softmax_if_its_values_are(x):
    """To rounding, at x and near by, in the precision of x; its name plays no part."""
    x = x + 50
    wave = np.sin(np.arange(12)).reshape(4, 3)

    def only_near_x(z):
        assert z.dtype == x.dtype
        assert abs(z - x).max() < 1.1
        return softmax(z) + 16 * np.finfo(float).eps * wave.astype(z.dtype)  # other rounding

    def recognised(f, x):
        return gradcheck(f, softmax_vjp, x, diagnose=False).is_softmax

    def frozen(z):
        return softmax(x) + 0 * z

    def nearly(z):
        return softmax(z) + 1e-12 * wave

    def of_one_row(z):
        return softmax(z[0])

    def only_at_x(z):
        assert abs(z - x).max() < 0.1  # Taylor's longest step
        return softmax(z)

    assert recognised(only_near_x, x) is True
    others = (frozen, nearly, of_one_row, only_at_x)
    assert [recognised(f, x) for f in others] == [False] * 4
    x = x.astype(np.float32)
    wave = 0 * wave
    report = gradcheck(only_near_x, softmax_vjp, x)
    assert (report.verdict, report.is_softmax) == ("PASS", True)
    assert report.taylor.steps[0] == 2.0**-4


def test_every_upstream_has_the_precision_of_x(x):
    """A backward pass that insists on it is not given float64 beside float32."""

    def strict(x, dp):
        assert x.dtype == dp.dtype
        return softmax_vjp(x, dp)

    report = gradcheck(softmax, strict, x.astype(np.float32), diagnose=False)
    assert report.verdict == "PASS", report


def test_a_right_answer_for_one_shape_only_passes(x):
    """The inputs of the diagnosis have other shapes; that it raises there is no known mistake."""

    def of_four_by_three(x, dp):
        if x.shape != (4, 3):
            raise NotImplementedError
        return softmax_vjp(x, dp)

    report = gradcheck(softmax, of_four_by_three, x)
    assert (report.verdict, report.diagnosis) == ("PASS", None)


def test_a_large_mean_of_dp_does_not_spoil_the_measurement(x):
    """All probabilities share the rounding of their sum: with dp of ones it does not average out.

    127 terms, one of them large, were once off by four tolerances with the right answer.
    """
    for depth in np.linspace(6, 12, 20):
        x = np.array([[0.0] + [-depth] * 126, [1.0] + [-depth] * 126])
        for dp in (np.ones(x.shape), 10 + np.sin(np.arange(254)).reshape(x.shape)):
            report = gradcheck(softmax, softmax_vjp, x, dp=dp, diagnose=False)
            assert report.verdict == "PASS", report
            assert report.max_error_over_tol < 0.6


def test_the_upstreams_come_from_rng(x):
    """Another seed, other upstreams; the default is a seed of 0."""
    dps = [
        gradcheck(softmax, softmax_vjp, x, rng=rng, diagnose=False).case.upstreams[0]
        for rng in (None, np.random.default_rng(0), np.random.default_rng(1))
    ]
    np.testing.assert_array_equal(dps[0], dps[1])
    assert (dps[0] != dps[2]).all()


def test_diagnosis_can_be_left_out(x):
    """Then a right number is a PASS although it is wrong elsewhere, and fewer calls are made."""
    unshifted = MISTAKES["batch_maximum"].vjp
    assert gradcheck(softmax, unshifted, x).verdict == "FAIL"
    report = gradcheck(softmax, unshifted, x, diagnose=False)
    assert (report.verdict, report.blind_to, report.diagnosis) == ("PASS", (), None)


def test_the_checks_are_given_in_order(x):
    """Most basic first; those of softmax only where f is one."""
    basic = ["shape and dtype", "finite", "arguments and cache left as they were",
             "same answer twice", "linear in dp"]  # fmt: skip
    own = ["rows of dx add up to 0", "blind to a constant in dp", "unchanged under x + c",
           "rows are strangers"]  # fmt: skip
    names = [check.name for check in gradcheck(softmax, softmax_vjp, x).checks]
    assert names == [*basic, *own, "the numbers", "known mistakes"]
    other = gradcheck(np.sin, lambda x, dp: dp * np.cos(x), x)
    assert [check.name for check in other.checks] == [*basic, "the numbers"]
    assert other.not_asked == tuple(own)


def test_a_pass_without_the_laws_of_softmax_does_not_read_like_one_with_them(x):
    """They are told to be left out, also after a failure; not reached is something else."""
    left_out = ("  not asked, since f is no softmax: rows of dx add up to 0, blind to a constant "
                "in dp, unchanged under x + c, rows are strangers")  # fmt: skip
    for vjp in (lambda x, dp: dp * np.cos(x), lambda x, dp: dp * x, lambda x, dp: None):
        assert left_out in str(gradcheck(np.sin, vjp, x)).splitlines()
    for vjp in (softmax_vjp, lambda x, dp: None, MISTAKES["diagonal_only"].vjp):
        report = gradcheck(softmax, vjp, x)
        assert report.not_asked == ()
        assert "not asked" not in str(report)


@pytest.mark.parametrize("shape", [(3,), (1, 3), (1, 1, 3)])
def test_one_row_has_no_strangers(rng, shape):
    """The law would hold of anything."""
    report = gradcheck(softmax, softmax_vjp, rng.standard_normal(shape))
    assert report.not_asked == ("rows are strangers",)
    assert "rows are strangers" not in [check.name for check in report.checks]
    assert "  not asked, since there is one row: rows are strangers\n" in str(report)
    several = gradcheck(softmax, softmax_vjp, rng.standard_normal((2, *shape)))
    assert "rows are strangers" in [check.name for check in several.checks]


@pytest.mark.parametrize("call", range(1, 40))
def test_a_vjp_that_fails_at_some_later_call_is_a_finding(x, call):
    """At whichever it fails: never a traceback from the inside."""
    calls = []

    def tiring(x, dp):
        calls.append(1)
        if len(calls) == call:
            raise MemoryError("no more")
        return softmax_vjp(x, dp)

    report = gradcheck(softmax, tiring, x, diagnose=False)
    tried = len(calls) >= call
    assert report.verdict == ("FAIL" if tried and not report.measured else "PASS"), report
    assert ("vjp raised MemoryError: no more" in str(report)) == (report.verdict == "FAIL")


def test_what_a_referee_found(rng):
    """Each was called the opposite: a wrong one PASS, or a right one FAIL."""
    x = np.random.default_rng(1).standard_normal((4, 3))
    assert gradcheck(softmax, lambda x, dp: 3 * softmax_vjp(x, dp), x, h=4.0).verdict == "FAIL"
    textbook = FORMS["textbook"][1]
    for scale in (1e-8, 1e-4, 1e4):
        dp = scale * rng.standard_normal((4, 3))
        assert gradcheck(softmax, textbook, 40 * x, dp=dp).verdict == "PASS"

    def log_softmax_vjp(x, dp):
        return dp - softmax(x) * dp.sum(axis=-1, keepdims=True)

    for wide in (1, 5, 30, 100):
        logits = wide * rng.standard_normal((4, 3))
        assert gradcheck(log_softmax, log_softmax_vjp, logits).verdict == "PASS"

    def one_row_only(x, dp):
        p = softmax(x)
        return p * (dp - (p * dp).sum())

    assert gradcheck(softmax, one_row_only, x[0]).verdict == "PASS"
    assert gradcheck(softmax, one_row_only, x).verdict == "FAIL"

    def shifted_by_the_first(x, dp):
        with np.errstate(all="ignore"):
            e = np.exp(x - x[..., :1])
            p = e / e.sum(axis=-1, keepdims=True)
            return p * (dp - (p * dp).sum(axis=-1, keepdims=True))

    def twice_if_there_are_many(x, dp):
        return softmax_vjp(x, dp) * (1 + (x.shape[-1] > 3))

    for vjp in (shifted_by_the_first, twice_if_there_are_many):
        assert gradcheck(softmax, vjp, x).verdict == "FAIL"
