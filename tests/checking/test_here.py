"""What failed is named at the learner's own x and dp; other shapes are never to blame."""

import numpy as np
import pytest

from smlearn import softmax, softmax_vjp
from smlearn.checking import gradcheck, here
from smlearn.checking.backward_pair import Case, Pair
from smlearn.checking.columns import look_at
from smlearn.checking.compare import Measured
from smlearn.checking.report import Check
from smlearn.checking.turned import turned
from smlearn.mistakes import MISTAKES


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
        "Your dx should be next to 0 everywhere: does f change with x here?"
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
    assert "(at x = [[" in below.diagnosis.what  # the smallest input that breaks it
    assert below.diagnosis.evidence == "Your dx is wrong where x is below 0, and right elsewhere."


@pytest.mark.parametrize(("law", "vjp"), [
    ("finite", lambda x, dp: softmax_vjp(x, dp) * np.where(dp > 0, 1, np.nan)),
    ("rows are strangers", lambda x, dp: softmax_vjp(x, dp) + np.roll(softmax_vjp(x, dp), 1, 0))]
)  # fmt: skip
def test_a_law_of_softmax_is_told_at_the_smallest_input_that_breaks_it(rng, law, vjp):
    """Of what no number is the cause, and of leaks, nothing says more."""
    found = gradcheck(softmax, vjp, rng.standard_normal((4, 3))).diagnosis
    assert found.key == law
    assert "(at x = [[" in found.what


def test_a_broken_law_of_any_f_is_placed(rng):
    """With a question about the place."""
    x = rng.standard_normal((4, 3))
    bent = gradcheck(np.sin, lambda x, dp: np.cos(x) * np.where(x < 0, dp**2, dp), x)
    assert bent.diagnosis.key == "linear in dp"
    assert bent.diagnosis.evidence == "Your dx is wrong where x is below 0, and right elsewhere."
    assert bent.diagnosis.todo == "What does the code do there that it does not do elsewhere?"


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


def test_what_is_wrong_in_other_shapes_alone_is_said_of_one_row_too(rng):
    """A mean times 4 is a sum of four classes."""
    vjp = lambda x, dp: softmax(x) * (dp - 4 * (softmax(x) * dp).mean())  # noqa: E731
    report = gradcheck(softmax, vjp, rng.standard_normal(4))
    assert report.checks[-1].detail == "right here, but it is wrong elsewhere"
    assert report.diagnosis.what.startswith("A law is broken")


def here_and_elsewhere(x, mine, other):
    return lambda z, dp: (mine if z.shape == x.shape else other)(z, dp)


@pytest.mark.parametrize(("other", "mine", "key"), [
    ("factor_two", MISTAKES["sum_term_missing"].vjp, "sum_term_missing"),
    ("keepdims_missing", lambda x, dp: 3 * softmax_vjp(x, dp), "factor"),
    (lambda x, dp: 3 * softmax_vjp(x, dp), MISTAKES["sum_term_missing"].vjp, "sum_term_missing"),
])  # fmt: skip
def test_no_mistake_of_other_shapes_is_blamed_here(rng, other, mine, key):
    """Not even one that would raise."""
    x, other = rng.standard_normal((2, 4)), MISTAKES[other].vjp if other in MISTAKES else other
    assert gradcheck(softmax, here_and_elsewhere(x, mine, other), x).diagnosis.key == key


@pytest.mark.parametrize(("tolerances", "named"), [(0, True), (2, True), (1000, False)])
def test_a_mistake_of_other_shapes_is_that_of_this_one_if_the_measurement_says_so(
    rng, tolerances, named
):
    """To the largest tolerance of any row: here that of the last one is the smallest."""
    x, dp = rng.standard_normal((3, 4)), np.array([[1], [2], [1e-4]]) * rng.standard_normal((3, 4))
    tol = gradcheck(softmax, softmax_vjp, x, dp=dp).measured.tol.max()
    beside = np.eye(3)[2][:, None] * softmax_vjp(2 * x, dp)
    share = tolerances * tol / np.abs(beside).max()

    def mine(z, dp):
        more = np.eye(3)[2][:, None] * softmax_vjp(2 * z, dp)
        return 2 * softmax_vjp(z, dp) + share * more

    vjp = here_and_elsewhere(x, mine, MISTAKES["factor_two"].vjp)
    found = gradcheck(softmax, vjp, x, dp=dp).diagnosis
    assert (found.key == "factor_two") == named


def test_where_nothing_comes_back_any_more_no_mistake_is_named(rng, monkeypatch):
    """What other shapes showed cannot be seen here."""
    tired, diagnose = [], here.diagnose

    def vjp(x, dp):
        if tired:
            raise MemoryError("no more")
        return 2 * softmax_vjp(x, dp)

    def and_tire(*args, **options):
        finding = diagnose(*args, **options)
        tired.append(finding.key)
        return finding

    monkeypatch.setattr(here, "diagnose", and_tire)
    report = gradcheck(softmax, vjp, rng.standard_normal((2, 3)))
    assert (tired, report.diagnosis.key) == (["factor_two"], "raises")


@pytest.mark.parametrize(("key", "shape", "axis"), [
    ("divided_by_classes", (3, 3), -1), ("divided_by_classes", (3, 3), 0),
    ("wrong_axis", (1, 2), -1), ("divided_by_classes", (2, 2, 1), 1)])  # fmt: skip
def test_of_two_mistakes_that_look_alike_here_other_shapes_tell_which(rng, key, shape, axis):
    """A square x has as many rows as columns, and of one row any sum is its own."""
    f, vjp = turned(softmax, axis, -1), turned(MISTAKES[key].vjp, axis, -1)
    assert gradcheck(f, vjp, rng.standard_normal(shape)).diagnosis.key == key


def test_a_formula_is_read_off_in_other_shapes_where_this_one_is_small(rng):
    """Three numbers would fit many."""
    half = lambda x, dp: softmax(x) * (dp - (softmax(x) * dp).sum(-1, keepdims=True) / 2)  # noqa: E731
    assert gradcheck(softmax, half, rng.standard_normal((1, 3))).diagnosis.key == "formula"


def test_an_error_far_out_is_the_finding_in_its_own_words(rng):
    """The law of x + c meets it there, and only there; it may speak in two lines."""

    def vjp(x, dp):
        if x.max() > 700:
            raise FloatingPointError("exp is too\n  large")
        return softmax_vjp(x, dp)

    report = gradcheck(softmax, vjp, rng.standard_normal((4, 3)))
    assert report.checks[-1].name == "unchanged under x + c"
    assert report.diagnosis.key == "raises"
    assert "It raises FloatingPointError: exp is too large (in this case: far" in str(report)


def test_along_axis_0_rows_are_columns_but_in_the_words_of_an_error(rng):
    """What a mistake did is told of columns."""
    f, x = turned(softmax, 0, -1), rng.standard_normal((4, 3))

    def vjp(x, dp):
        raise ValueError("one row too many")

    assert "ValueError: one row too many" in str(gradcheck(f, vjp, x).diagnosis)
    summed = gradcheck(f, turned(MISTAKES["batch_sum"].vjp, 0, -1), x).diagnosis
    assert (summed.key, "column" in summed.what, "row" in summed.what) == (
        "batch_sum",
        True,
        False,
    )


@pytest.mark.parametrize(("dx", "said"), [
    (None, "vjp returned None; is there a return?"),
    (np.zeros((3, 2)), "dx must have the shape of x, (2, 3), but has (3, 2).")])  # fmt: skip
def test_what_comes_back_in_no_form_is_said_in_one_sentence(rng, dx, said):
    """It ends with one full stop, or with its question."""
    found = gradcheck(np.sin, lambda x, dp: dx, rng.standard_normal((2, 3))).diagnosis
    assert (found.key, found.what) == ("shape and dtype", said)


def test_an_error_while_the_numbers_are_measured_is_the_finding(rng):
    """And not what would be measured without it."""
    calls, x, at = [], rng.standard_normal((2, 3)), ()

    def vjp(x, dp):
        calls.append(1)
        if len(calls) in at:
            raise MemoryError("no more")
        return dp * np.cos(x)

    gradcheck(np.sin, vjp, x, diagnose=False)
    last = len(calls)
    at = (2 * last - 1, 2 * last)  # it is called once more where it raised
    report = gradcheck(np.sin, vjp, x)
    assert (report.checks[-1].name, report.diagnosis.key) == ("the numbers", "raises")
    assert report.diagnosis.what == "It raises MemoryError: no more."


def squares(x):
    return (x**2).sum(axis=-1)


def of_squares(x, d):
    return 2 * x * d[:, None]


@pytest.mark.parametrize(("off", "swapped"), [
    (0, True), (2, True), (-2, True), (1000, False), (-1000, False), (1e9, False)])  # fmt: skip
def test_swapped_arguments_that_raise_are_named_if_the_other_order_is_right(rng, off, swapped):
    """To a few tolerances; and each call of f is counted."""
    calls, x = [], rng.standard_normal((4, 3))
    tol = look_at(gradcheck(squares, of_squares, x).case).tol.min()

    def counted(x):
        calls.append(1)
        return squares(x)

    report = gradcheck(counted, lambda d, x: of_squares(x, d) + off * tol, x)
    assert report.diagnosis.key == ("arguments_swapped" if swapped else "raises")
    assert report.n_evals == len(calls)


def kept(f, cache):
    return lambda x: (f(x), cache(x))


@pytest.mark.parametrize(("forward", "backward"), [
    (kept(softmax, softmax), lambda p, dp: p * (dp - (p * dp).sum(axis=-1, keepdims=True))),
    (kept(softmax, lambda x: {"p": softmax(x)}), lambda c, dp: softmax_vjp(np.log(c["p"]), dp)),
    (kept(np.sin, lambda x: (x, np.cos(x))), lambda cache, dp: cache[1] * dp),
    (kept(squares, lambda x: [x]), lambda cache, dp: of_squares(cache[0], dp))])  # fmt: skip
def test_a_cache_that_comes_first_is_named(rng, forward, backward):
    """Whether the wrong order raises or not; twice of either order is another mistake."""
    x = rng.standard_normal((4, 3))
    assert gradcheck(forward, lambda dp, cache: backward(cache, dp), x).verdict == "PASS"
    found = gradcheck(forward, backward, x).diagnosis
    assert found.what == (
        "Your backward pass takes its arguments the other way round: vjp(cache, dp) is right."
    )
    twice = [lambda dp, c: 2 * backward(c, dp), lambda c, dp: 2 * backward(c, dp)]
    for wrong in twice:
        assert gradcheck(forward, wrong, x).diagnosis.key != "arguments_swapped"


def test_arguments_in_either_order_are_not_swapped(rng):
    """x dp is dp x; what is wrong is that dp is written into."""

    def vjp(x, dp):
        dp *= x
        return dp

    found = gradcheck(lambda x: x**2 / 2, vjp, rng.standard_normal((2, 3))).diagnosis
    assert found.key == "arguments and cache left as they were"


def test_columns_are_measured_where_they_are_few(rng, monkeypatch):
    """Few of them, and few numbers in all."""
    x = rng.standard_normal((2, 3))

    def evaluations(most, largest):
        monkeypatch.setattr(here, "MOST", most)
        monkeypatch.setattr(here, "LARGEST", largest)
        return gradcheck(np.sin, lambda x, dp: None, x).n_evals

    none = evaluations(0, 0)
    assert evaluations(5, 36) == evaluations(6, 35) == none
    assert evaluations(6, 36) > none


def test_a_law_is_said_without_columns(rng, monkeypatch):
    """Where nothing was measured there is no place."""
    monkeypatch.setattr(here, "MOST", 0)
    found = gradcheck(np.sin, lambda x, dp: dp**2, rng.standard_normal((2, 3))).diagnosis
    assert (found.key, found.evidence) == ("linear in dp", "")


def test_no_other_side_is_looked_at_where_dp_has_another_shape(rng, monkeypatch):
    """One number for each row."""
    monkeypatch.setattr(here, "MOST", 0)
    vjp = lambda x, d: of_squares(x, d) * [1, 1, 3]  # noqa: E731
    found = gradcheck(squares, vjp, rng.standard_normal((4, 3))).diagnosis
    assert (found.key, found.evidence) == ("place", "There it is 3 times what it should be.")


WANTED = np.array([[2.0, -2.0, 3.0, -3.0], [1.0, 4.0, 5.0, -4.0]])
NEAR = np.array([[1e-9] * 4, [1e-6] * 4])
FIRST = np.array([[1.0], [0.0]])
ZIGZAG = np.array([[1.0, 1.0, 1.0, 1.0], [0.0] * 4])
WITHOUT_COLUMNS = {
    "3 times": (3 * WANTED, WANTED, NEAR, "Every entry is 3 times what it should be."),
    "-3 times": (-3 * np.abs(WANTED), np.abs(WANTED), NEAR, "Every entry is -3 times"),
    "of numbers below 0": (-3 * np.abs(WANTED), -np.abs(WANTED), NEAR, "Every entry is 3 times"),
    "of numbers above 0": (3 * np.abs(WANTED), np.abs(WANTED), NEAR, "Every entry is 3 times"),
    "with a 0": (3 * WANTED * [1, 1, 1, 0], WANTED * [1, 1, 1, 0], NEAR, "Every entry is 3 times"),
    "of small numbers": (3e-5 * WANTED, 1e-5 * WANTED, 1e-8 + 0 * NEAR, "Every entry is 3 times"),
    "to 3 tolerances": (3 * WANTED + 3e-6 * ZIGZAG, WANTED, NEAR, "Every entry is 3 times"),
    "beyond": (3 * WANTED - 1e-4 * ZIGZAG, WANTED, NEAR, "wrong in every entry"),
    "a constant less": (WANTED - 5 * ZIGZAG, WANTED, NEAR, "wrong in all of the first row"),
    "one factor": (WANTED + 3e-9 * FIRST, WANTED, NEAR, "wrong in all of the first row"),
    "0": (0 * WANTED, WANTED, NEAR, "There it is 0."),
    "next to 0": (1e-4 * WANTED * NEAR, 1e3 * WANTED * NEAR, NEAR, "wrong in every entry"),
    "a small share": (1e-2 * WANTED, 1e3 * WANTED, NEAR * 200, "Every entry is 1e-05 times"),
    "0 wanted": (WANTED, 0 * WANTED, NEAR, "should be 0 everywhere"),
    "noise wanted": (150 * NEAR, 50 * NEAR, NEAR, "wrong in every entry"),
}


@pytest.mark.parametrize("kind", WITHOUT_COLUMNS)
def test_a_factor_is_told_from_what_was_measured_alone(monkeypatch, kind):
    """Where there are too many columns to measure: of either sign and any size."""
    got, wanted, near, words = WITHOUT_COLUMNS[kind]
    monkeypatch.setattr(here, "MOST", 0)
    x = np.array([[1.0, 2.0, 4.0, 8.0], [3.0, 5.0, 7.0, 9.0]])
    seen = Measured(np.ones_like(x), got, wanted, 0 * x, near, True, (0, 0))
    seen = seen._replace(beside=(seen,))
    case = Case(Pair(np.tanh, None), x, [seen.dp], np.random.default_rng(0), 1e-4, False)
    _, found = here.name_the_mistake(case, Check("the numbers", "FAIL", ""), seen)
    assert words in str(found)
