"""Softmax along any axis of any rank counts as softmax: laws, catalogue, words and all."""

import numpy as np
import pytest
from right import FORMS

from smlearn import softmax, softmax_vjp
from smlearn.checking import gradcheck
from smlearn.checking.turned import called, each, row, told, turned
from smlearn.mistakes import SOFTMAX_MISTAKES


def along(f, axis):
    """The same function, written for another axis than the last."""

    def other(*arrays):
        y = f(*(np.moveaxis(a, axis, -1) for a in arrays))
        return np.moveaxis(y, -1, axis) if y.ndim == arrays[0].ndim else y

    return other


ORIENTATIONS = [((4, 3), 0), ((2, 3, 4), 0), ((2, 3, 4), 1), ((2, 3, 4), 2), ((2, 3, 2, 4), 1),
                ((2, 3, 2, 4), 2), ((2, 3, 2, 4), 3)]  # fmt: skip
LAYOUTS = {
    "as it is": lambda x: x,
    "float32": lambda x: x.astype(np.float32),
    "strided": lambda x: np.repeat(x, 2, axis=-1)[..., ::2],
    "backwards": lambda x: x[::-1],
    "columns first": np.asfortranarray,
}


@pytest.mark.parametrize(("shape", "axis"), ORIENTATIONS)
@pytest.mark.parametrize("key", SOFTMAX_MISTAKES)
def test_every_mistake_is_named_along_every_axis(rng, shape, axis, key):
    """The catalogue is of the last axis, and turned to the learner's."""
    x = rng.standard_normal(shape)
    report = gradcheck(along(softmax, axis), along(SOFTMAX_MISTAKES[key].vjp, axis), x)
    assert (report.verdict, report.is_softmax) == ("FAIL", True)
    assert report.diagnosis.key == key


@pytest.mark.parametrize(("shape", "axis"), [*ORIENTATIONS, ((1, 4), 0), ((4, 1), 0), ((3, 3), 0)])
def test_a_right_one_passes_along_every_axis(rng, shape, axis):
    """In every layout, flat, ordinary and saturated; and is not near to failing."""
    f, vjp = along(softmax, axis), along(softmax_vjp, axis)
    for layout in LAYOUTS.values():
        for scale, offset in ((1e-3, 0), (1, 0), (30, 0), (1, 800), (1, -800)):
            x = layout(offset + scale * rng.standard_normal(shape))
            report = gradcheck(f, vjp, x, rng=rng)
            assert (report.verdict, report.diagnosis) == ("PASS", None), report
            assert report.max_error_over_tol < 0.8
            assert report.is_softmax is (shape != (1, 4))  # there f is 1, whatever x


def test_a_turned_check_says_the_same_in_other_indices(rng):
    """Verdict, numbers and blind spots are those of the transposed table."""
    x, dp = rng.standard_normal((2, 4, 3))

    def off(x, dp):
        dx = softmax_vjp(x, dp)
        dx[2] *= 1 + 1e-6
        return dx

    for vjp in (softmax_vjp, off, SOFTMAX_MISTAKES["sum_term_missing"].vjp):
        rows = gradcheck(softmax, vjp, x, dp=dp)
        columns = gradcheck(along(softmax, 0), along(vjp, 0), x.T.copy(), dp=dp.T.copy())
        assert columns.verdict == rows.verdict
        assert columns.blind_to == rows.blind_to
        assert [c[:2] for c in columns.checks] == [c[:2] for c in rows.checks]
        if rows.measured:
            assert columns.resolution == pytest.approx(rows.resolution, rel=1e-12)
            assert columns.measured.analytic.shape == (3, 4)
        if vjp is off:  # where right, the worst is a matter of rounding
            assert columns.worst_index == rows.worst_index[::-1]
            assert rows.worst_index[0] == 2


@pytest.mark.parametrize("form", FORMS)
def test_all_forms_of_a_pair_are_turned(rng, form):
    """Caches too: what f and its backward hand to each other stays theirs."""
    f, vjp = FORMS[form]

    def forward(x):
        y = f(x.T)
        return (y[0].T, y[1]) if isinstance(y, tuple) else y.T

    cached = isinstance(f(np.zeros((1, 2))), tuple)
    back = (lambda dp, cache: vjp(dp.T, cache).T) if cached else along(vjp, 0)
    report = gradcheck(forward, back, rng.standard_normal((4, 3)))
    assert (report.verdict, report.is_softmax) == ("PASS", True), report
    twice = gradcheck(forward, lambda a, b: 2 * back(a, b), rng.standard_normal((4, 3)))
    assert (twice.verdict, twice.diagnosis.key) == ("FAIL", "factor_two")


def test_a_layer_and_a_mask_are_turned(rng):
    """A layer that keeps its output; logits that are ruled out, in one column a whole row."""

    class Layer:
        def forward(self, x):
            e = np.exp(x - x.max(axis=0))
            self.output = e / e.sum(axis=0)
            return self.output

        def backward(self, dp):
            return self.output * (dp - (self.output * dp).sum(axis=0))

    x = rng.standard_normal((4, 3))
    x[1] = x[2, 0] = -np.inf
    layer = Layer()
    report = gradcheck(layer.forward, layer.backward, x)
    assert (report.verdict, report.is_softmax, report.diagnosis) == ("PASS", True, None), report
    wrong = gradcheck(layer.forward, lambda dp: layer.output * dp, x)
    assert (wrong.verdict, wrong.diagnosis.key) == ("FAIL", "sum_term_missing")


def test_the_one_hot_upstream_is_one_in_each_row(rng):
    """A row as softmax runs: each has a single 1."""
    for shape, axis in ORIENTATIONS:
        report = gradcheck(along(softmax, axis), along(softmax_vjp, axis),
                           rng.standard_normal(shape), diagnose=False)  # fmt: skip
        np.testing.assert_array_equal(report.case.upstreams[2].sum(axis=axis), 1)
        assert set(report.case.upstreams[2].ravel()) == {0.0, 1.0}


SENTENCES = [    # what is spoilt, of the axis it is spoilt along, and what is said
    ((4, 3), 0, "the entries of column 1 add up to 0.5, not 0"),
    ((4, 3), 1, "the entries of row 1 add up to 0.5, not 0"),
    ((2, 3, 4), 0, "the entries of row [:, 1, 1] add up to 0.5, not 0"),
    ((2, 3, 4), 1, "the entries of row [1, :, 1] add up to 0.5, not 0"),
    ((2, 3, 4), 2, "the entries of row [1, 1, :] add up to 0.5, not 0"),
    ((5,), 0, "the entries of row 0 add up to 0.5, not 0"),
]  # fmt: skip


@pytest.mark.parametrize(("shape", "axis", "words"), SENTENCES)
def test_a_row_that_does_not_add_up_is_told_by_its_index(rng, shape, axis, words):
    """In the learner's own array."""
    spoilt = (1,) * len(shape)

    def vjp(x, dp):
        dx = along(softmax_vjp, axis)(x, dp).copy()
        dx[spoilt] += 0.5 * dp[spoilt]
        return dx

    dp = np.ones(shape)
    dp[(0,) * len(shape)] = 3
    check = gradcheck(along(softmax, axis), vjp, rng.standard_normal(shape), dp=dp).checks[-1]
    assert (check.name, check.detail) == ("rows of dx add up to 0", words)


@pytest.mark.parametrize(
    ("shape", "axis", "batch", "words"),
    [
        ((4, 3), 0, 1, "with other columns beside it, column 2 changes by"),
        ((2, 3, 4), 1, 0, "with other rows beside it, row [1, :, 3] changes by"),
        ((2, 3, 4), 1, 2, "with other rows beside it, row [1, :, 3] changes by"),
        ((2, 3, 4), 2, 1, "with other rows beside it, row [1, 2, :] changes by"),
        ((2, 3, 2, 4), 3, 2, "with other rows beside it, row [1, 2, 1, :] changes by"),
    ],
)
def test_a_leak_is_found_along_every_axis_of_the_batch(rng, shape, axis, batch, words):
    """Also between two rows of one page, where each page by itself is closed."""

    def leak(x, dp):
        dx = along(softmax_vjp, axis)(x, dp)
        before = dx.copy()
        np.moveaxis(dx, batch, 0)[1:] += 0.1 * np.moveaxis(before, batch, 0)[:-1]
        return dx

    check = gradcheck(along(softmax, axis), leak, rng.standard_normal(shape)).checks[-1]
    assert check.name == "rows are strangers"
    assert check.detail.startswith(words)


def test_what_is_said_speaks_of_columns_where_these_are_the_rows(rng):
    """Text, page, advice and finding: no row that does not exist."""
    x = rng.standard_normal((4, 3))
    f = along(softmax, 0)
    report = gradcheck(f, along(SOFTMAX_MISTAKES["batch_maximum"].vjp, 0), x)
    for said in (str(report), report._repr_html_()):
        assert "columns are strangers" in said
        assert "columns of dx add up to 0" in said
        assert "You shifted all columns by one maximum: a far lower column becomes 0 / 0." in said
        assert "f is the softmax of each column, along axis 0" in said
        assert "row" not in said.replace('scope="row"', "")
    alone = gradcheck(f, along(softmax_vjp, 0), x[:, :1])
    assert alone.advice == ("There is one column: use at least two, of different logits.",)
    assert "not asked, since there is one column: columns are strangers" in str(alone)
    level = gradcheck(f, along(softmax_vjp, 0), x, dp=np.ones((4, 1)) * np.arange(1.0, 4))
    assert level.advice[0].startswith("dp is the same for every class")


def test_of_more_axes_a_row_is_explained(rng):
    """And of the last one nothing needs to be said."""
    x = rng.standard_normal((2, 3, 4))
    for axis, notes in [(0, ("f is the softmax along axis 0: a row runs along it",)), (2, ())]:
        assert gradcheck(along(softmax, axis), along(softmax_vjp, axis), x).notes == notes


def test_the_last_axis_in_place_of_another_is_a_wrong_axis(rng):
    """Of a table it is the batch; of more axes, two are exchanged."""
    x = rng.standard_normal((4, 3))
    report = gradcheck(along(softmax, 0), softmax_vjp, x)
    assert report.diagnosis.key == "wrong_axis"
    assert "You took the softmax along the batch. Which axis holds the classes of one column?" in (
        str(report)
    )
    pages = gradcheck(along(softmax, 1), softmax_vjp, rng.standard_normal((2, 3, 4)))
    assert pages.diagnosis.key == "wrong_axis"
    assert "axes 1 and 2 are exchanged" in str(pages.diagnosis)


def of_three_axes(form):
    """A backward pass along axis 1 that only (B, D, T) can be given to."""

    def vjp(x, dp):
        p = along(softmax, 1)(x)
        J = np.einsum("bit,ij->bijt", p, np.eye(3)) - form * np.einsum("bit,bjt->bijt", p, p)
        return np.einsum("bit,bijt->bjt", dp, J)

    return vjp


@pytest.mark.parametrize(("form", "key"), [(1, None), (0, "sum_term_missing"), (-1, "plus_sign"),
                                           (0.5, "formula")])  # fmt: skip
def test_what_is_tied_to_one_shape_is_named_in_it(rng, form, key):
    """It raises in every other, for which it is not blamed."""
    report = gradcheck(along(softmax, 1), of_three_axes(form), rng.standard_normal((2, 3, 4)))
    assert report.verdict == ("PASS" if key is None else "FAIL")
    assert (report.diagnosis and report.diagnosis.key) == key


def test_a_broken_law_is_shown_at_an_x_that_can_be_handed_over(rng):
    """In the learner's orientation: two classes of one column stand below each other."""
    uneven = along(lambda x, dp: np.cumsum(softmax_vjp(x, dp), axis=-1), 0)
    report = gradcheck(along(softmax, 0), uneven, rng.standard_normal((4, 3)))
    assert report.diagnosis.key == "rows of dx add up to 0"
    assert "A law is broken, 'columns of dx add up to 0': the entries of column 0 add up to" in (
        report.diagnosis.what
    )
    assert "(at x = [[-0.1], [-2.0]], dp = [[-0.6], [0.7]])" in report.diagnosis.what


def test_the_words_of_an_error_are_left_alone(rng):
    """It is the learner's code that speaks of rows."""

    def vjp(x, dp):
        raise KeyError("rows")

    report = gradcheck(along(softmax, 0), vjp, rng.standard_normal((4, 3)))
    assert "It raises KeyError: 'rows'" in report.diagnosis.what


def test_an_axis_of_one_entry_makes_no_softmax_of_ones(rng):
    """Every f that is 1 would be one; along the last axis another class is asked for."""
    ones = lambda x: 0 * x + 1  # noqa: E731
    nothing = lambda x, dp: 0 * dp  # noqa: E731
    for shape, is_softmax in [((1, 3), False), ((3, 1), False), ((2, 1, 3), False)]:
        report = gradcheck(ones, nothing, rng.standard_normal(shape), diagnose=False)
        assert (report.verdict, report.is_softmax) == ("PASS", is_softmax), report
    one = gradcheck(softmax, softmax_vjp, rng.standard_normal((3, 1)))
    assert (one.verdict, one.is_softmax) == ("PASS", True)
    unit = lambda x: x / np.abs(x)  # noqa: E731
    assert gradcheck(unit, nothing, rng.standard_normal((3, 1))).verdict == "PASS"


def test_what_is_changed_in_place_is_changed_through_the_turn():
    """It hands on views, there and back, and leaves alone what has other axes."""

    def f(x, y):
        x += 1
        return x.sum(axis=-1) if y.any() else x

    x = np.arange(6.0).reshape(2, 3)
    assert turned(f, 0, -1)(x, np.zeros((2, 3))) is not x
    np.testing.assert_array_equal(x, np.arange(1.0, 7).reshape(2, 3))
    back = turned(f, 0, -1)(x, np.zeros((2, 3)))
    assert np.shares_memory(back, x)
    assert back.shape == (2, 3)
    assert turned(f, 0, -1)(x, np.ones((2, 3))).shape == (3,)
    assert turned(f, -1, -1) is f
    assert turned(lambda x: None, 0, -1)(x) is None


def test_a_row_has_a_name_of_its_own():
    """A number in a table; an index, where numbers alone do not tell."""
    assert [row((2,), axis, 2) for axis in (-1, 1, 0)] == ["row 2", "row 2", "column 2"]
    assert row((), -1, 1) == "row 0"
    assert [row((0, 2), axis, 3) for axis in (0, 1, 2, -1)] == [
        "row [:, 0, 2]", "row [0, :, 2]", "row [0, 2, :]", "row [0, 2, :]"
    ]  # fmt: skip
    assert each(-1, 2) == each(-1, 3) == "of each row"
    assert (each(0, 2), each(1, 4)) == ("of each column", "along axis 1")
    words = [called(*each) for each in [(0, 2), (-1, 2), (1, 2), (0, 3), (-1, 1)]]
    assert words == ["column", "row", "row", "row", "row"]
    assert told("rows of J, a row, rows in a narrow throw", "column") == (
        "rows of J, a column, columns in a narrow throw"
    )
