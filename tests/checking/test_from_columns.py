"""Of any f a mistake is named from the columns of J; where no name fits, the place is told."""

import numpy as np
import pytest

from smlearn import log_softmax, softmax
from smlearn.checking import gradcheck
from smlearn.checking.from_columns import QUESTIONS
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


def test_a_small_error_is_told_in_digits_that_show_it():
    """1.00000003 times is not 1 times; and it is never the product from the other side."""
    for size in (3, 800):
        x = np.random.default_rng(3).standard_normal((3, size))
        report = gradcheck(np.sin, lambda x, dp: 1.0000003 * dp * np.cos(x), x)
        assert (report.verdict, report.diagnosis.key) == ("FAIL", "factor")
        assert "Every entry is 1.0000003" in str(report)


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


def test_a_j_that_is_the_same_everywhere_is_no_x_that_is_not_used():
    """Of a straight f the gradient does not change with x; its factor is what is wrong."""
    x, W = np.random.default_rng(3).standard_normal((4, 3)), np.arange(6.0).reshape(3, 2)
    report = gradcheck(lambda x: x @ W, lambda x, dp: dp @ W.T + 1e-3 * dp.sum(), x)
    assert report.verdict == "FAIL"
    assert report.diagnosis.key not in ("x_not_used", "remembers")
