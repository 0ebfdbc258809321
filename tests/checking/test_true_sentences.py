"""What is said of a wrong backward pass is true of its code: no other mistake is named.

Each pair is somebody's layer or loss, with a mistake that looks like another one in few numbers.
"""

import numpy as np
import pytest

from smlearn import softmax, softmax_vjp
from smlearn.checking import gradcheck

RNG = np.random.default_rng(7)
X, TARGET = RNG.standard_normal((2, 4, 3))
ONE = np.float32(1)


def said(f, vjp, x=X):
    """Return the key and the words of what is said of a FAIL."""
    report = gradcheck(f, vjp, x)
    assert report.verdict == "FAIL", report
    return report.diagnosis.key, str(report.diagnosis)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def relu(x):
    return np.maximum(x, 0)


LOSSES = {
    "squares": (lambda x: ((x - TARGET) ** 2).mean(), lambda x: 2 * (x - TARGET)),
    "sizes": (lambda x: np.abs(x - TARGET).mean(), lambda x: np.sign(x - TARGET)),
    "deviations": (np.var, lambda x: 2 * (x - x.mean()) * (11 / np.float64(x.size - 1))),  # or nan
    "logits": (lambda x: np.logaddexp(0, x).mean() - (TARGET * x).mean(),
               lambda x: sigmoid(x) - TARGET),
}  # fmt: skip


@pytest.mark.parametrize("kind", LOSSES)
@pytest.mark.parametrize(("share", "words"), [
    (1, "12 times what it should be: as many as there are entries of x."),
    (1 / 4, "3 times what it should be: as many as there are columns."),
    (1 / 12, None)])  # fmt: skip
def test_a_gradient_of_x_that_takes_a_single_number_too_is_read_as_one_of_x(kind, share, words):
    """x - target is an array for a number as well: it would give dx for a dp, and a wrong one."""
    f, gradient = LOSSES[kind]
    report = gradcheck(f, lambda x: share * gradient(x), X)
    assert report.notes[0].endswith("it is called as vjp(x)")
    assert report.verdict == ("FAIL" if words else "PASS")
    assert words is None or words in str(report.diagnosis)


class Squares:
    """A layer of one number; its backward pass takes dp and lives on the last x."""

    def __init__(self, decay=0.0):
        self.decay = decay

    def forward(self, x):
        self.x = x
        return (x**2).sum()

    def backward(self, dp):
        return 2 * self.x * dp + self.decay * self.x


@pytest.mark.parametrize(("decay", "verdict"), [(0, "PASS"), (0.1, "FAIL")])
def test_a_layer_of_one_number_that_is_not_linear_is_no_function_of_x(decay, verdict):
    """It hears which x its forward met."""
    layer = Squares(decay)
    report = gradcheck(layer.forward, layer.backward, X)
    assert report.verdict == verdict
    assert not any("vjp(x)" in note for note in report.notes)
    assert verdict == "PASS" or report.checks[-1].detail == "dx must be 0 for an upstream of 0"


class Middle:
    """A layer that keeps which x is the middle one, and -x has the same."""

    def forward(self, x):
        self.middle = x == np.median(x, axis=-1, keepdims=True)
        return np.median(x, axis=-1)

    def backward(self, dp):
        return self.middle * dp[:, None]


def test_a_layer_that_keeps_what_is_the_same_at_minus_x_is_called_before_all_the_same():
    """Else it would answer for another x, and rows would seem to leak."""
    layer, x = Middle(), np.random.default_rng(3).standard_normal((4, 3))
    assert gradcheck(layer.forward, layer.backward, x).verdict == "PASS"
    decayed = lambda dp: layer.backward(dp) * (1 + np.arange(3.0))  # noqa: E731
    assert said(layer.forward, decayed, x)[0] == "place"


TURNED = {
    "relu": (relu, lambda x, dp: dp * (x < 0)),
    "leaky": (lambda x: np.where(x > 0, x, 0.01 * x), lambda x, dp: dp * np.where(x < 0, 1, 0.01)),
    "log sigmoid": (lambda x: -np.logaddexp(0, -x), lambda x, dp: dp * sigmoid(x)),
    "largest": (lambda x: x.max(-1), lambda x, d: d[:, None] * (x == x.min(-1, keepdims=True))),
}


@pytest.mark.parametrize("kind", TURNED)
def test_a_comparison_the_other_way_round_is_no_earlier_call(kind):
    """Where f is straight, J at -x is J at many an x: an earlier one is not to blame."""
    key, words = said(*TURNED[kind])
    assert key == "elsewhere"
    assert "You took J at -x, as where a sign or a comparison is the other way round." in words


def test_no_earlier_call_is_blamed_at_a_kink():
    """Where x is 0 a difference measures half of the slope, and any x above 0 the other half."""
    x = np.array([[0.0, 1, -2], [3, 0, -1]])
    assert gradcheck(relu, lambda x, dp: dp * (x >= 0), x).verdict == "INCONCLUSIVE"
    assert "earlier call" not in said(relu, lambda x, dp: 1.7 * dp * (x >= 0), x)[1]


def test_one_less_the_slope_is_told_as_that():
    """In place of a path that is missing and turned; not where dp is too small to be seen."""
    words = said(np.tanh, lambda x, dp: dp * np.tanh(x) ** 2)[1]
    assert words.startswith("Your dx is dp less what it should be, as where s stands in place of")
    f = lambda x: (1e6 * x).astype(np.float32)  # noqa: E731
    key, _ = said(f, lambda x, dp: (-1e6 * dp).astype(np.float32), X.astype(np.float32))
    assert key == "factor"


def test_what_comes_back_as_it_came_is_no_path_beside():
    """A straight-through estimator: f is flat, and dp is all that there is."""
    assert said(np.round, lambda x, dp: dp.copy())[0] == "pass_through"
    assert gradcheck(np.round, lambda x, dp: 0 * dp, X).verdict == "PASS"


def test_no_forward_is_blamed_for_what_is_computed_from_x():
    """The labels alone: p is missing, and nothing was kept."""
    labels = np.eye(3)[[0, 2, 1, 1]]
    loss = lambda x: -(labels * np.log(softmax(x))).sum() / 4  # noqa: E731
    assert gradcheck(loss, lambda x: (softmax(x) - labels) / 4, X).verdict == "PASS"
    assert said(loss, lambda x: -labels / 4)[0] == "place"
    key, _ = said(lambda x: (loss(x), -labels / 4), None)
    assert key == "place"


@pytest.mark.parametrize("back", [
    lambda dx, kept: dx, lambda dx, kept: kept.append(dx) or sum(kept)])  # fmt: skip
def test_what_adds_its_answers_up_gives_two(back):
    """Also if the next upstream would take back the last one."""
    kept = []
    report = gradcheck(np.sin, lambda x, dp: back(dp * np.cos(x), kept), X)
    assert report.verdict == ("FAIL" if kept else "PASS")
    assert not kept or report.checks[-1].name == "same answer twice"


def test_a_law_that_breaks_elsewhere_says_that_the_own_numbers_are_right():
    """No entry is accused that is not wrong."""
    cut = lambda x, dp: softmax_vjp(np.clip(x, -30, 30), dp)  # noqa: E731
    report = gradcheck(softmax, cut, X)
    assert report.checks[-1].name == "unchanged under x + c"
    assert report.diagnosis.evidence == "At your own x dx is as measured."
    for most, words in [(1.5, "At your own x dx is as measured."), (0.5, "wrong in every entry")]:
        clipped = lambda x, dp: np.cos(x) * np.clip(dp, -most, most)  # noqa: B023, E731
        found = gradcheck(np.sin, clipped, X, dp=np.ones((4, 3))).diagnosis
        assert (found.key, words in found.evidence) == ("linear in dp", True)


@pytest.mark.parametrize("shape", [(1, 5), (5,), (4, 5)])
def test_what_is_always_0_is_told_as_that_where_a_wrong_axis_gives_0_too(shape):
    """Of one row any softmax along the batch is 1."""
    x = np.random.default_rng(0).standard_normal(shape)
    assert said(softmax, lambda x, dp: 0 * x, x)[0] == "zero"
    if len(shape) > 1:
        along = lambda x, dp: np.moveaxis(softmax_vjp(x.T, dp.T), 0, 1)  # noqa: E731
        assert said(softmax, along, x)[0] == "wrong_axis"


def test_what_rounding_leaves_of_0_is_told_as_that():
    """A mean of dp for every class: rows of J add up to 0."""
    warm = lambda x: softmax(x / 2)  # noqa: E731

    def flat(x, dp):
        p, mean = warm(x), dp.mean(axis=-1, keepdims=True)
        return p * (mean - (p * mean).sum(axis=-1, keepdims=True)) / 2

    key, words = said(warm, flat)
    assert key == "zero"
    assert words.startswith("Your result is always 0, but for rounding, and the rows of J")
    assert said(warm, lambda x, dp: 1e-9 * dp)[0] != "zero"


def test_of_one_class_no_name_is_made_of_what_p_being_1_does():
    """dp - dx is dp there, and so is p dp; other shapes tell them apart."""
    one = np.array([[0.7]])
    assert said(softmax, lambda x, dp: dp - softmax_vjp(x, dp), one)[0] == "formula"
    narrow = lambda x, dp: (dp - softmax_vjp(x, dp)).astype(np.float32)  # noqa: E731
    assert said(softmax, narrow, one.astype(np.float32))[0] == "pass_through"


def test_a_law_is_asked_of_other_shapes_in_the_precision_of_x():
    """Who returns float32 for float32 is not to return float64."""
    narrow = lambda x, dp: (softmax_vjp(x, dp) * np.where(x > 0, ONE, 2)).astype(np.float32)  # noqa: E731
    for shape in ((1, 1), (1, 3), (2, 3)):
        x = np.random.default_rng(1).standard_normal(shape).astype(np.float32)
        key, words = said(softmax, narrow, x)
        assert key == "rows of dx add up to 0", words
        assert "float" not in words


def test_arguments_are_not_called_swapped_where_any_number_is_near_enough():
    """The square of 1e-8 has a slope that float32 does not see."""
    x = (1e-8 * X).astype(np.float32)
    assert gradcheck(lambda x: x**2, lambda x, dp: 2 * x * dp, x).verdict == "PASS"
    key, _ = said(lambda x: x**2, lambda x, dp: 2 * (x + ONE) * dp, x)
    assert key != "arguments_swapped"
    assert said(np.sin, lambda dp, x: np.cos(x) * dp)[0] == "arguments_swapped"


def test_dp_is_called_unused_only_if_twice_the_upstream_gives_the_same():
    """Of a single number the two upstreams are nearly as large, and of either sign."""
    x = X.astype(np.float32)
    loss = lambda x: np.sqrt(ONE + (x * x).sum()) + 90 * ONE  # noqa: E731
    slope = lambda x, dp: dp * x / (loss(x) - 90 * ONE)  # noqa: E731
    assert said(loss, lambda x, dp: slope(x, np.abs(dp)), x)[0] == "linear in dp"
    assert said(loss, lambda x, dp: slope(x, ONE), x)[0] == "dp_not_used"


@pytest.mark.parametrize(("cut", "named"), [
    (np.trunc, True), (np.floor, True), (np.rint, True), (np.sign, False)])  # fmt: skip
def test_signs_are_not_whole_numbers_that_were_cut(cut, named):
    """Though they are whole, and none is off by more than 1."""
    f = lambda x: 0.8 * np.tanh(x)  # noqa: E731
    slope = lambda x, dp: 0.8 * dp * (1 - np.tanh(x) ** 2)  # noqa: E731
    assert gradcheck(f, slope, X).verdict == "PASS"
    key, _ = said(f, lambda x, dp: cut(slope(x, dp)))
    assert (key == "cut_short") == named


def test_rows_that_meet_at_another_x_are_no_strangers():
    """Here a gate is shut, and nothing passes between them; it may be open elsewhere."""
    x = np.array([[3.0, 1, 2], [-1, -2, 0.5], [-3, -1.5, -0.2]])

    def gates(x):
        return np.roll(x[:, 0] > 0, 1)[:, None] * 1.0

    f = lambda x: x**2 * (1 + gates(x))  # noqa: E731
    right = lambda x, dp: dp * 2 * x * (1 + gates(x))  # noqa: E731
    assert gradcheck(f, right, x).verdict == "PASS"
    assert said(f, lambda x, dp: right(x, dp) * (1 + 0.1 * x), x)[0] == "place"
    key, words = said(lambda x: x**2, lambda x, dp: 2 * x * dp * (1 + gates(x)), x)
    assert (key, "the rows are strangers" in words) == ("leak", True)


def test_a_diagnosis_that_asks_elsewhere_survives_where_neither_is_defined():
    """Neither f nor its backward pass takes a number below 0, and both say so in their own way."""

    def guarded(f):
        def g(x, *dp):
            assert (x > 0).all(), "above 0, please"
            return f(x, *dp)

        return g

    x = np.abs(X) + 0.5
    assert gradcheck(guarded(np.log), guarded(lambda x, dp: dp / x), x).verdict == "PASS"
    key, words = said(guarded(np.log), guarded(lambda x, dp: dp / (x + 0.1)), x)
    assert (key, words.startswith("Your dx is wrong in every entry.")) == ("place", True)


MASKED = np.where(np.tri(4, dtype=bool), RNG.standard_normal((4, 4)), -np.inf)


def test_an_infinity_that_becomes_nan_is_no_exp_that_overflows():
    """0 times -inf is nan without any large number; and exp of the logits is still named."""
    lost = lambda x, dp: softmax_vjp(x, dp) * (x / x)  # noqa: E731
    with np.errstate(invalid="ignore"):
        key, words = said(softmax, lost, MASKED)
    assert (key, "is nan at (0, 1)" in words) == ("shape and dtype", True)

    def unshifted(x, dp):
        p = np.exp(x) / np.exp(x).sum(axis=-1, keepdims=True)
        return p * (dp - (p * dp).sum(axis=-1, keepdims=True))

    for x in (MASKED, X):
        assert said(softmax, unshifted, x)[0] == "unshifted_exp"


def test_a_layer_that_is_one_late_is_not_said_to_raise():
    """It does so after a call of another shape, which nobody but the diagnosis made."""

    class Late:
        kept = None

        def forward(self, x):
            p = softmax(x)
            self.p, self.kept = p if self.kept is None else self.kept, p
            return p

        def backward(self, dp):
            return self.p * (dp - (self.p * dp).sum(axis=-1, keepdims=True))

    late = Late()
    key, words = said(late.forward, late.backward)
    assert (key, "raises" in words) == ("same answer twice", False)
    assert said(softmax, lambda x, dp: dp @ x)[0] == "raises"
