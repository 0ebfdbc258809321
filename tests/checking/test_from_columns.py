"""Of any f a mistake is named from the columns of J; where no name fits, the place is told."""

import warnings

import numpy as np
import pytest

from smlearn import log_softmax, softmax, softmax_vjp
from smlearn.checking import gradcheck, here, other_calls
from smlearn.checking.backward_pair import Case, Pair
from smlearn.checking.columns import Columns, look_at
from smlearn.checking.from_columns import QUESTIONS, name_from
from smlearn.mistakes import MISTAKES

LABELS = np.eye(3)[[0, 2, 1, 2]]


def right(x, dp):
    return dp - softmax(x) * dp.sum(axis=-1, keepdims=True)


def cross_entropy(x):
    return -(LABELS * log_softmax(x)).sum(axis=-1)


def fused(x, d):
    return d[:, None] * (softmax(x) - LABELS)


def mean_loss(x):
    return cross_entropy(x).mean()


def leak(x, dp):
    dx = right(x, dp)
    dx[1:] += 0.1 * dx[:-1].copy()
    return dx


LOG_SOFTMAX = {
    "J dp": (lambda x, dp: dp - (softmax(x) * dp).sum(axis=-1, keepdims=True),
             "transposed_product", "J dp, the forward product, in place of dp J"),
    "diagonal": (lambda x, dp: dp * (1 - softmax(x)), "diagonal_only", "only the diagonal of J"),
    "summed": (lambda x, dp: dp * (1 - 3 * softmax(x)), "jacobian_summed_first",
               "You summed J over its outputs before it met dp."),
    "sums": (lambda x, dp: dp.sum(-1, keepdims=True) * (1 - 3 * softmax(x)), "upstream_shared",
             "along axis 1 of dp: the sum of 3"),
    "dp not used": (lambda x, dp: 1 - 3 * softmax(x), "dp_not_used",
                    "for every upstream dx is 1 J."),
    "(dp, x)": (lambda dp, x: right(x, dp), "arguments_swapped", "vjp(dp, x) is right"),
    "the first row's": (lambda x, dp: right(x, dp[:1] + 0 * dp), "upstream_shared",
                        "along axis 0 of dp: that of the first."),
    "mean": (lambda x, dp: right(x, dp.mean(axis=0) + 0 * dp), "upstream_shared",
             "along axis 0 of dp: the mean of 4."),
    "mean of dx": (lambda x, dp: right(x, dp).mean(axis=0) + 0 * dp, "gradient_shared",
                   "along axis 0 is the same: the mean of 4."),
    "leak": (leak, "leak", "In f the rows are strangers to one another; in your dx they leak."),
    "one shift for all": (lambda x, dp: right(x - x.mean(axis=0), dp), "leak", "strangers"),
    "one sum for all": (lambda x, dp: dp - softmax(x) * dp.sum(), "leak", "rows are strangers"),
    "rows": (lambda x, dp: right(x, dp) / 4, "factor",
             "0.25 times what it should be: 1/4, and 4 is the number of rows."),
    "columns": (lambda x, dp: right(x, dp) * 3, "factor", "as many as there are columns."),
    "sign": (lambda x, dp: -right(x, dp), "factor", "the sign is turned round."),
    "whole": (lambda x, dp: right(x, dp).astype(int).astype(float), "cut_short",
              "cut to whole numbers."),
    "less dp": (lambda x, dp: right(x, dp) - dp, "path_missing", "what it should be, less dp"),
    "and dp": (lambda x, dp: right(x, dp) + dp, "path_missing", "and dp once more"),
    "dp": (lambda x, dp: dp.copy(), "pass_through", "You returned dp as it came."),
    "0": (lambda x, dp: 0 * dp, "zero", "Your result is always 0."),
    "y dp": (lambda x, dp: log_softmax(x) * dp, "values_times_upstream", "y dp"),
    "J at 2 x": (lambda x, dp: right(2 * x, dp), "place", "Your dx is wrong in every entry."),
    "axis": (lambda x, dp: dp - softmax(x.T).T * dp.sum(axis=0), "wrong_axis", "axes 0 and 1"),
    "other rows": (lambda x, dp: right(np.roll(x, 1, axis=0), dp), "elsewhere", "one before"),
    "row 2": (lambda x, dp: right(x, dp) * [[1], [1], [0], [1]], "place",
              "wrong in all of row 2, and right elsewhere. There it is 0."),
    "last class": (lambda x, dp: right(x, dp) * [1, 1, 3], "place",
                   "in all of the last column, and right elsewhere. There it is 3 times"),
    "x < 0": (lambda x, dp: right(x, dp) * (x > 0), "place", "wrong where x is below 0"),
    "twice": (lambda x, dp: 2 * dp * (1 - softmax(x)), "diagonal_only",
              "Besides, it is 2 times that."),
}  # fmt: skip


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("kind", LOG_SOFTMAX)
def test_a_mistake_of_log_softmax_is_named(kind, dtype):
    """Its J is neither symmetric nor diagonal, and its rows are strangers."""
    vjp, key, words = LOG_SOFTMAX[kind]
    x = np.random.default_rng(3).standard_normal((4, 3)).astype(dtype)
    report = gradcheck(log_softmax, lambda x, dp: vjp(x, dp).astype(dtype), x)
    assert (report.verdict, report.diagnosis.key) == ("FAIL", key), report
    assert words in str(report.diagnosis)


CROSS_ENTROPY = {
    "p - y": (cross_entropy, lambda x, d: softmax(x) - LABELS, "dp_not_used", "dx is 1 J."),
    "p - y, of a mean": (mean_loss, lambda x, d: softmax(x) - LABELS, "dp_not_used",
                         "dx is 4 times 1 J: as many as there are rows."),
    "mean forgotten": (mean_loss, lambda x, d: d * (softmax(x) - LABELS), "factor",
                       "4 times what it should be: as many as there are rows."),
    "the first loss's": (cross_entropy, lambda x, d: d[0] * (softmax(x) - LABELS),
                         "upstream_shared", "axis 0 of dp: that of the first."),
    "no labels": (cross_entropy, lambda x, d: d[:, None] * softmax(x), "place",
                  "where the right gradient of each row is largest, as at a label"),
    "dp alone": (cross_entropy, lambda x, d: d[:, None] + 0 * x, "pass_through", "as it came"),
    "y dp": (cross_entropy, lambda x, d: (d * cross_entropy(x))[:, None] + 0 * x,
             "values_times_upstream", "y dp"),
    "x dp, of a mean": (mean_loss, lambda x, d: d * x, "values_times_upstream", "x dp"),
    "(d, x)": (cross_entropy, lambda d, x: fused(x, d), "arguments_swapped", "vjp(dp, x)"),
}  # fmt: skip


@pytest.mark.parametrize("kind", CROSS_ENTROPY)
def test_a_mistake_of_cross_entropy_is_named(kind):
    """The commonest of its gradients, p - y, is right for one upstream only."""
    f, vjp, key, words = CROSS_ENTROPY[kind]
    report = gradcheck(f, vjp, np.random.default_rng(3).standard_normal((4, 3)))
    assert (report.verdict, report.diagnosis.key) == ("FAIL", key), report
    assert words in str(report.diagnosis)


def test_a_name_holds_for_every_upstream():
    """With one upstream of ones dp is used as it should, and a second one is asked."""
    x, ones = np.random.default_rng(3).standard_normal((4, 3)), np.ones(4)
    half = gradcheck(cross_entropy, lambda x, d: fused(x, d) * d[:, None] / 2, x, dp=ones)
    assert half.diagnosis.key == "linear in dp"
    unused = gradcheck(cross_entropy, lambda x, d: 2 * (softmax(x) - LABELS), x, dp=ones)
    assert unused.diagnosis.key == "dp_not_used"
    assert "dx is 2 times 1 J" in str(unused)


def test_a_single_number_gets_no_factor_unless_it_means_something():
    """Any wrong slope is a multiple of the right one."""
    x = np.array(0.3)
    odd = gradcheck(np.sin, lambda x, dp: dp * x**3, x)
    assert (odd.diagnosis.key, "wrong in every entry" in str(odd)) == ("place", True)
    assert gradcheck(np.sin, lambda x, dp: -dp * np.cos(x), x).diagnosis.key == "factor"


def test_where_there_are_too_many_columns_none_is_measured_again():
    """A factor, the wrong side, or a place can be told from the upstreams that were measured."""
    x = np.random.default_rng(3).standard_normal((3, 700))

    def f(x):
        return np.tanh(x) * [[1], [2], [3]] + np.roll(x, 1, axis=-1)

    def vjp(x, dp):
        return dp * (1 - np.tanh(x) ** 2) * [[1], [2], [3]] + np.roll(dp, -1, axis=-1)

    wrong = {
        "factor": lambda x, dp: 3 * vjp(x, dp),
        "transposed_product": lambda x, dp: vjp(x, dp) - np.roll(dp, -1, -1) + np.roll(dp, 1, -1),
        "place": lambda x, dp: vjp(x, dp) * [[1], [1], [2]],
    }
    right = gradcheck(f, vjp, x)
    assert right.verdict == "PASS"
    for key, wrong_vjp in wrong.items():
        report = gradcheck(f, wrong_vjp, x)
        assert (report.verdict, report.diagnosis.key) == ("FAIL", key)
        assert report.n_evals < right.n_evals + 100  # some looks at the worst entry
    assert "in all of the last row" in str(report)


def test_a_factor_is_said_as_what_it_is_in_three_axes():
    """2 by 3 rows of 4: each number, and the number of rows in all."""
    x = np.random.default_rng(3).standard_normal((2, 3, 4))
    for by, words in [(6, "1/6, and 6 is the number of rows in all."),
                      (3, "1/3, and 3 is the number of indices of axis 1."),
                      (4, "1/4, and 4 is the number of columns.")]:  # fmt: skip
        report = gradcheck(log_softmax, lambda x, dp, by=by: right(x, dp) / by, x)
        assert (report.diagnosis.key, words in str(report)) == ("factor", True), report


@pytest.mark.parametrize("most", [2048, 8])
def test_a_small_error_is_told_in_digits_that_show_it(monkeypatch, most):
    """1.0000003 times is not 1 times; and it is never the product from the other side."""
    monkeypatch.setattr(here, "MOST", most)
    x = normal(3, 3)
    report = gradcheck(np.sin, lambda x, dp: 1.0000003 * dp * np.cos(x), x)
    assert (report.verdict, report.diagnosis.key) == ("FAIL", "factor")
    assert "Every entry is 1.0000003 times" in str(report)


@pytest.mark.parametrize("by", ["1.000001", "0.999999", "1.000000001", "0.999999998"])
def test_a_small_error_of_softmax_is_told_in_digits_that_show_it(by):
    """1 times would be no error."""
    report = gradcheck(softmax, lambda x, dp: float(by) * softmax_vjp(x, dp), normal(3, 2))
    assert report.diagnosis.what == f"Every entry is {by} times what it should be."


@pytest.mark.parametrize(("f", "vjp"), [
    (np.sin, lambda x, dp: np.cos(x) * dp), (softmax, softmax_vjp)])  # fmt: skip
@pytest.mark.parametrize("added", [0.1, 1e-6, [0, 0, 0.1], [0, 1e-6, 0]])
def test_what_is_added_without_an_upstream_leaks_from_nowhere(f, vjp, added):
    """It is there in each row before another row's upstream comes: dx of 0 is not 0."""
    report = gradcheck(f, lambda x, dp: vjp(x, dp) + np.resize(added, x.shape), normal(4, 3))
    assert (report.verdict, report.diagnosis.key) == ("FAIL", "linear in dp")
    assert "dx must be 0 for an upstream of 0" in str(report.diagnosis)


def test_a_mask_turned_round_is_no_missing_path():
    """dp where x < 0 is -1 times the right one less dp, which nobody wrote."""
    x = normal(4, 3)
    report = gradcheck(lambda x: np.maximum(x, 0), lambda x, dp: dp * (x < 0), x)
    assert report.diagnosis.key == "elsewhere"
    assert "at -x, as where a sign or a comparison is the other way round" in str(report)


def test_a_leak_beside_something_added_is_still_one():
    """The upstream of one row moves the next."""

    def vjp(x, dp):
        return np.cos(x) * dp + 0.1 * np.roll(dp, 1, axis=0) + 0.1

    assert gradcheck(np.sin, vjp, normal(4, 3)).diagnosis.key == "leak"


def test_an_f_that_is_not_defined_a_step_away_still_has_its_finding():
    """The law that is broken, though no column can be measured."""
    x = np.array([1e-7, 1.0])
    with np.errstate(invalid="ignore"):
        report = gradcheck(np.sqrt, lambda x, dp: dp**2, x)
    assert (report.verdict, report.diagnosis.key) == ("FAIL", "linear in dp")


def test_every_question_has_a_sentence_and_one_to_think_about():
    """What is shared with the known mistakes is called alike."""
    for _, what, todo in QUESTIONS.values():
        assert (what[-1], todo[-1]) == (".", "?")
    assert QUESTIONS["transposed_product"][1] == MISTAKES["transposed_product"].did


@pytest.mark.parametrize(("narrow", "dtype", "seen"), [
    (np.float32, float, True), (np.float16, float, True),
    (np.float32, np.float32, False)])  # fmt: skip
def test_a_narrower_array_on_the_way_is_told(narrow, dtype, seen):
    """All of dx can be written in the narrower one, and is right but for what was cut."""
    x = np.random.default_rng(3).standard_normal((4, 3)).astype(dtype)
    cut = lambda x, dp: right(x.astype(narrow), dp.astype(narrow)).astype(dtype)  # noqa: E731
    report = gradcheck(log_softmax, cut, x)
    if not seen:
        assert report.verdict == "PASS"
    else:
        assert report.diagnosis.key == "cut_short"
        assert f"cut to {narrow.__name__}. Which array in your" in str(report.diagnosis)


def test_a_skip_connection_that_is_forgotten_is_told():
    """And one that is alone: then dp came back as it was."""
    x = np.random.default_rng(3).standard_normal((4, 3))
    f, back = lambda x: x + np.tanh(x), lambda x, dp: dp * (1 - np.tanh(x) ** 2)
    assert gradcheck(f, lambda x, dp: dp + back(x, dp), x).verdict == "PASS"
    assert gradcheck(f, back, x).diagnosis.key == "path_missing"
    assert gradcheck(f, lambda x, dp: dp.copy(), x).diagnosis.key == "pass_through"


@pytest.mark.parametrize(("f", "back"), [
    (np.tanh, lambda x, dp: dp * (1 - np.tanh(x) ** 2)), (log_softmax, right)])  # fmt: skip
def test_a_layer_that_keeps_its_first_x_for_ever_is_told(f, back):
    """J at the x of an earlier call."""

    class Layer:
        x = None

        def forward(self, x):
            self.x = x.copy() if self.x is None else self.x
            return f(x)

        def backward(self, dp):
            return back(self.x, dp)

    layer, x = Layer(), np.random.default_rng(3).standard_normal((4, 3))
    finding = gradcheck(layer.forward, layer.backward, x).diagnosis
    assert finding.key == "elsewhere"
    assert finding.what == "You took J at the x of an earlier call of f."


class Rms:
    """Each row divided by its root mean square, which backward takes from what forward kept."""

    kept = None

    def forward(self, x):
        now = np.sqrt((x**2).mean(axis=-1, keepdims=True))
        self.r, self.y = self.keep(now), x / now
        return self.y

    def keep(self, now):
        return now

    def backward(self, dp):
        return (dp - self.y * (self.y * dp).mean(axis=-1, keepdims=True)) / self.r


class OneLate(Rms):
    """Uses what the forward before the last one kept."""

    def keep(self, now):
        old, self.kept = self.kept, now
        return now if old is None or old.shape != now.shape else old


class OncePerShape(Rms):
    """Keeps the first of each shape, as a lazy cache does."""

    def keep(self, now):
        if self.kept is None or self.kept.shape != now.shape:
            self.kept = now
        return self.kept


class Always(Rms):
    """Keeps the first for ever, and the output with it."""

    def forward(self, x):
        y = super().forward(x)
        self.kept = self.kept or (self.r, self.y)
        self.r, self.y = self.kept
        return y


@pytest.mark.parametrize("warm", [False, True])
@pytest.mark.parametrize(("layer", "keys"), [
    (Rms, {None}), (OneLate, {"same answer twice"}), (OncePerShape, {"remembers"}),
    (Always, {"elsewhere", "x_not_used"})])  # fmt: skip
def test_what_lives_on_an_earlier_forward_is_told_and_no_leak_is_blamed(layer, keys, warm):
    """Wherever f was called before; and the one that keeps what it should passes."""
    x, layer = np.random.default_rng(3).standard_normal((4, 3)), layer()
    if warm:
        layer.forward(x[::-1] + 1)
    report = gradcheck(layer.forward, layer.backward, x)
    assert getattr(report.diagnosis, "key", None) in keys
    assert (report.verdict == "PASS") == (None in keys)


def test_the_note_and_the_diagnosis_of_such_a_layer_are_both_true():
    """It depends on the last x that f met, by its y, and on an earlier one, by its r."""
    layer = OncePerShape()
    report = gradcheck(layer.forward, layer.backward, np.random.default_rng(3).random((4, 3)))
    assert "depends on f's last x" in report.notes[0]
    assert report.diagnosis.what.endswith("something that it keeps is of an earlier call.")
    assert "lives" not in str(report)


def test_a_j_that_is_the_same_everywhere_is_no_x_that_is_not_used():
    """Of a straight f the gradient does not change with x; its factor is what is wrong."""
    x, W = np.random.default_rng(3).standard_normal((4, 3)), np.arange(6.0).reshape(3, 2)
    report = gradcheck(lambda x: x @ W, lambda x, dp: dp @ W.T + 1e-3 * dp.sum(), x)
    assert report.verdict == "FAIL"
    assert report.diagnosis.key not in ("x_not_used", "remembers")


W = np.array([[1.0, -2.0, 0.5], [3.0, 1.0, -1.0], [0.7, 2.0, 4.0]])
LAST_TWICE = np.array([1.0, 1.0, 2.0])
SINGLE = np.array(0.3)


def normal(*shape):
    return np.random.default_rng(3).standard_normal(shape)


def of_sin(x, dp):
    return dp * np.cos(x)


def mixed(x):
    return np.sin(x) + x.sum()


def of_mixed(x, dp):
    return dp * np.cos(x) + dp.sum()


MORE = {
    "last row's": (log_softmax, lambda x, dp: right(x, dp[-1:] + 0 * dp), normal(4, 3),
                   "upstream_shared", "along axis 0 of dp: that of the last."),
    "sum of all": (log_softmax, lambda x, dp: right(x, dp.sum() + 0 * dp), normal(4, 3),
                   "upstream_shared", "axis 0, and along all others: the sum of 12 entries."),
    "mean of all": (log_softmax, lambda x, dp: right(x, dp.mean() + 0 * dp), normal(4, 3),
                    "upstream_shared", "along axis 0, and along all others: the mean of all."),
    "3 first rows": (mixed, lambda x, dp: 3 * of_mixed(x, dp[:1] + 0 * dp), normal(4, 3),
                     "upstream_shared", "along axis 0 of dp: that of the first. Besides, it is 3 "
                     "times that: as many as there are columns."),
    "means of dx": (np.sin, lambda x, dp: of_sin(x, dp).mean(axis=1)[:, None] + 0 * dp,
                    normal(4, 3), "gradient_shared", "along axis 1 is the same: the mean of 3."),
    "last dx": (np.sin, lambda x, dp: of_sin(x, dp)[-1:] + 0 * dp, normal(4, 3),
                "gradient_shared", "along axis 0 is the same: that of the last."),
    "inputs": (lambda x: x @ W, lambda x, dp: dp * W.sum(axis=0), normal(4, 3),
               "jacobian_summed_first", "You summed J over its inputs before it met dp."),
    "outputs": (lambda x: x @ W, lambda x, dp: dp * W.sum(axis=1), normal(4, 3),
                "jacobian_summed_first", "You summed J over its outputs before it met dp."),
    "f(x)": (np.sin, lambda x, dp: dp * np.cos(np.sin(x)), normal(4, 3),
             "elsewhere", "You took J at y in place of x."),
    "next row": (np.sin, lambda x, dp: dp * np.cos(np.roll(x, -1, 0)), normal(4, 3),
                 "elsewhere", "what stands one after along axis 0 of x: a cache of another row."),
    "neighbour": (log_softmax, lambda x, dp: right(np.roll(x, 1, -1), dp), normal(4, 3),
                  "place", "wrong in every entry"),
    "square": (log_softmax, lambda x, dp: 3 * right(x, dp), normal(3, 3),
               "factor", "3 times what it should be: as many as there are rows and of columns."),
    "one axis": (np.sin, lambda x, dp: of_sin(x, dp) / 5, normal(5),
                 "factor", "what it should be: 1/5, and 5 is the number of entries."),
    "the same": (np.sin, lambda x, dp: x**2, normal(4, 3),
                 "dp_not_used", "You did not use dp: for every upstream dx is the same."),
    "0, and so it sums": (lambda x: x - x.mean(-1, keepdims=True), lambda x, dp: 0 * x,
                          normal(4, 3), "zero", "Your result is always 0, and the rows of J, one "
                          "for each output, add up to 0. Is a gradient"),
    "0, of slopes below 0": (lambda x: -np.exp(x), lambda x, dp: 0 * x, normal(4, 3),
                             "zero", "Your result is always 0. Is a gradient"),
    "twice one number": (np.sin, lambda x, dp: 2 * of_sin(x, dp), SINGLE,
                         "factor", "Every entry is 2 times what it should be."),
    "half a number": (np.sin, lambda x, dp: of_sin(x, dp) / 2, SINGLE,
                      "factor", "Every entry is 0.5 times what it should be."),
    "fewer columns": (lambda x: x @ W[:, :2], lambda x, dp: x**2 * dp[:, :1], normal(4, 3),
                      "place", "wrong in every entry"),
    "two columns of three": (lambda x: x[..., :2] ** 2, lambda x, dp: x**3, normal(4, 3),
                             "dp_not_used", "for every upstream dx is the same."),
    "two columns, and odd": (lambda x: x[..., :2] ** 2, lambda x, dp: x**2 * dp[:, :1],
                             normal(4, 3), "place", "wrong in every entry"),
    "a layer's, of the logarithm": (np.log, lambda dp: dp * [1, 2, 3], np.abs(normal(4, 3)) + 1,
                                    "x_not_used", "Your dx is the same at another x"),
    "a number a row": (lambda x: (x**2).sum(-1), lambda x, d: d[..., None] + 0 * x,
                       normal(2, 3, 2), "pass_through", "You returned dp as it came."),
    "a column": (lambda x: (x**2).sum(-1, keepdims=True), lambda x, d: d + 0 * x,
                 normal(2, 3, 2), "pass_through", "You returned dp as it came."),
    "no x": (np.sin, lambda x, dp: dp * [1, 2, 3], normal(4, 3), "place", "in every entry"),
    "straight": (lambda x: x @ W, lambda dp: dp @ W.T * LAST_TWICE, normal(4, 3),
                 "place", "wrong in all of the last column"),
    "wrong in float32": (np.sin, lambda x, dp: (of_sin(x, dp) * [1, 1.0001, 0.9999])
                         .astype("f4").astype(float), normal(4, 3),
                         "linear in dp", "wrong in every entry"),
    "wrong whole": (np.sin, lambda x, dp: np.trunc(of_sin(x, dp)) + 7 * np.sign(dp),
                    normal(4, 3), "linear in dp", "wrong in every entry"),
    "large, in float16": (lambda x: 1e3 * np.sin(x), lambda x, dp: (1e3 * of_sin(x, dp))
                          .astype("f2").astype(float), normal(4, 3), "cut_short", "to float16"),
    "a name and another": (lambda x: 0.7 * x + np.roll(x, 1, -1), lambda x, dp: 1.4 * dp,
                           normal(4, 3), "pass_through", "Besides, it is 1.4 times that."),
}  # fmt: skip


@pytest.mark.parametrize("kind", MORE)
def test_what_the_columns_show_is_said_of_any_f(kind):
    """Which axis, which end, which size; and nothing that is nearly so."""
    f, vjp, x, key, words = MORE[kind]
    report = gradcheck(f, vjp, x)
    assert (report.verdict, report.diagnosis.key) == ("FAIL", key), report
    assert words in str(report.diagnosis)


@pytest.mark.parametrize(("f", "vjp"), [
    (np.log, lambda x, dp: dp * x**2),    # nan, where x is below 0
    (lambda x: 1e30 * x, lambda x, dp: 1e30 * dp * x**2),    # too large for whole numbers
    (np.log, lambda x, dp: 3 * dp / x)])  # fmt: skip
def test_what_is_tried_is_tried_in_silence(f, vjp):
    """Outside of where f is defined, and with x and dp exchanged, where dp has a 0."""
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        report = gradcheck(f, vjp, np.abs(normal(4, 3)) + 0.5)
    assert (report.verdict, seen) == ("FAIL", [])
    assert report.diagnosis.key in ("place", "factor")


def test_f_meets_no_other_dtype_than_that_of_x():
    """Its value may be in another, and stands in place of x all the same."""

    def f(x):
        assert x.dtype == np.float64
        return np.sin(x).astype(np.float32)

    found = gradcheck(f, lambda x, dp: dp * np.cos(np.sin(x)), normal(4, 3)).diagnosis
    assert found.what == "You took J at y in place of x."


def test_j_is_measured_elsewhere_where_it_has_few_columns(monkeypatch):
    """Else it is told that rows meet."""
    vjp, x = lambda x, dp: dp * np.cos(np.roll(x, 1, 0)), normal(4, 3)
    for few, key in [(12, "elsewhere"), (11, "leak")]:
        monkeypatch.setattr(other_calls, "FEW", few)
        assert gradcheck(np.sin, vjp, x).diagnosis.key == key


A = np.array([[0, 1.0, 0, 0.2], [0, 0, 1.0, 0], [0.5, 0, 0, 0.8], [1.0, 0.3, 0, 0]])
DP = [np.array([1.0, 0.5, 0.8, 0.2]), np.array([0.3, 1.0, 0.6, 0.9])]
ROWS = np.array([[1e-6], [1e-4]])


def name(f, vjp, near, x=None, upstreams=DP):
    """Return the finding where each entry of a right dx may be off by near."""
    x = np.array([0.5, 1.0, 2.0, 3.0]) if x is None else x
    c = look_at(Case(Pair(f, vjp), x, upstreams, np.random.default_rng(0), 2.0**-16, False))
    return name_from(c._replace(near=near * np.ones((2, 1))))


def factor_of(by, near, scale=1.0):
    """Return what is said of a factor; A is as large as scale, and so is its product with DP."""
    size = max(np.abs(dp @ A).max() for dp in DP)
    B = scale * A / size
    return name(lambda x: B @ x, lambda x, dp: by * (dp @ B), near)


@pytest.mark.parametrize(("by", "near", "scale", "said"), [
    (2.0003, 1e-4, 1, "2 times what it should be."),       # to 4 tolerances
    (0.50003, 1e-4, 1, "0.5 times what it should be."),
    (-1.0003, 1e-4, 1, "-1 times what it should be: the sign is turned round."),
    (4.0003, 1e-4, 1, "4 times what it should be: as many as there are entries."),
    (0.25003, 1e-4, 1, "0.25 times what it should be: 1/4, and 4 is the number of entries."),
    (2.00001, 1e-4, 1e3, "2.00001 times what it should be."),
    (2.0003, 1e-4, -1, "2 times what it should be."),
    (3, 1e-4, -1, "3 times what it should be."),
    (1 / 7, 1e-9, 1, "0.142857 times what it should be."),
    (-1.0000001, 1e-9, 1, "-1 times what it should be: the sign is turned round."),
    (1e-8, 1e-7, 1e3, "1e-08 times what it should be."),
    (3, 0.02, 1, None)])  # fmt: skip
def test_a_factor_is_the_number_that_means_something_where_no_other_can_be_told(
    by, near, scale, said
):
    """Of slopes of either sign; and none is read off a gradient of 50 tolerances."""
    found = factor_of(by, near, scale)
    assert (found and found.what) == (said and f"Every entry is {said}")


def test_what_cannot_be_told_apart_is_what_the_widest_upstream_leaves_open():
    """2.0002 times, of the second alone."""
    B = A / max(np.abs(dp @ A).max() for dp in DP)
    vjp = lambda x, dp: (2 + 2e-4 * (dp[0] < 0.5)) * (dp @ B)  # noqa: E731
    assert name(lambda x: B @ x, vjp, ROWS).what == "Every entry is 2 times what it should be."


@pytest.mark.parametrize(
    ("own", "yours", "near"),
    [
        (0, 1e-14, 1e-9),  # any share of anything
        (0, 2e-6, np.array([[1e-9], [1e-6]])),
        (2e-6, 1e-9, 1e-6),
    ],
)  # a diagonal that may be 0
def test_what_is_next_to_nothing_has_no_name(own, yours, near):
    """It may be so for many reasons."""
    B = A + own * np.eye(4)
    assert name(lambda x: B @ x, lambda x, dp: yours * dp, near) is None


@pytest.mark.parametrize(("off", "named"), [(3e-6, True), (-3e-6, True), (2e-5, False)])
def test_swapped_arguments_are_named_to_a_few_tolerances(off, named):
    """As the numbers are."""
    found = name(lambda x: A @ x, lambda dp, x: dp @ A + off, 1e-6)
    assert (found.key == "arguments_swapped") == named


@pytest.mark.parametrize("narrow", ["f2", "f4"])
def test_a_narrower_array_is_told_of_numbers_below_0(narrow):
    """And where they cancel: an entry is then off by what the largest one loses."""
    back = lambda x, dp: (-dp * np.exp(x)).astype(narrow).astype(float)  # noqa: E731
    assert name(lambda x: -np.exp(x), back, 1e-9).key == "cut_short"
    dp = [np.array([1.0003, 1.0, 50.123, -30.7]), np.array([9.1, 20.02, 0.3, 0.7])]

    def difference(x, dp):
        dp = dp.astype(narrow)
        return (dp - np.roll(dp, -1)).astype(float)

    assert name(lambda x: x - np.roll(x, 1), difference, 1e-9, upstreams=dp).key == "cut_short"


@pytest.mark.parametrize(("first", "near", "named"), [
    (1, np.array([[0.025], [10]]), True), (100, 2, False)])  # fmt: skip
def test_an_x_that_is_not_used_is_told_where_j_moves_further_than_it_can_be_off(
    first, near, named
):
    """By 4 to 6 here, downward, for the first upstream; the second is 0."""
    found = name(lambda x: x**2, lambda dp: dp * [first, 2, 3.5], near, np.ones(3),
                 [np.ones(3), np.zeros(3)])  # fmt: skip
    assert (found.key if found else None) == ("x_not_used" if named else None)


def test_an_x_is_not_called_unused_for_an_upstream_of_0():
    """Whose dx is 0 at any x."""
    kept = {}

    def f(x):
        kept["x"] = x
        return x**2

    odd = lambda dp: dp * kept["x"] ** [3, 4, 5]  # noqa: E731
    found = name(f, odd, 1e-6, 2 * np.ones(3), [np.zeros(3), np.ones(3)])
    assert found is None or found.key != "x_not_used"


RIGHT = np.array([[1.0, -2.0, 3.0], [4.0, -5.0, 6.0]])
OPEN = np.array([[1e-6, 1e-8, 1e-8], [1e-3, 1e-5, 1e-5]])  # the widest of a row counts


@pytest.mark.parametrize(("answer", "off", "fits"), [
    (2 * RIGHT, 0 * RIGHT, True),
    (-2 * np.abs(RIGHT), 0 * RIGHT, True),
    (2 * np.abs(RIGHT), 0 * RIGHT, True),
    (RIGHT, 0 * RIGHT, False),                         # it is what is right
    (2 * RIGHT, [[3e-6] * 3, [-3e-3] * 3], True),
    (2 * RIGHT, [[0, 0, -5e-6], [0] * 3], False),
    (2 * RIGHT, [[0] * 3, [0, -5e-3, 0]], False),
    (RIGHT + [[5e-6, 0, 0], [0] * 3], 0 * RIGHT, True),
    (RIGHT - [[0] * 3, [0, 2e-3, 0]], 0 * RIGHT, False)])  # fmt: skip
def test_an_answer_fits_if_yours_is_that_and_right_is_not(answer, off, fits):
    """To four tolerances of each upstream, above or below."""
    x = np.zeros(3)
    c = Columns(None, x, np.zeros(2), RIGHT, np.eye(2), answer + np.array(off), OPEN)
    assert c.fits(answer) == fits
