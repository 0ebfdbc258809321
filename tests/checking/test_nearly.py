"""An f that is nearly a softmax is told so, in one true sentence; of others nothing is said."""

import warnings

import numpy as np
import pytest

from smlearn import log_softmax, softmax, softmax_vjp
from smlearn.checking import gradcheck


def total(a, axes=-1):
    return a.sum(axis=axes, keepdims=True)


def top(a, axes=-1):
    return a.max(axis=axes, keepdims=True)


def shifted(x):
    return np.exp(x - top(x))


def of_all(x):
    e = np.exp(x - x.max())
    return e / e.sum()


def more(k):
    return lambda x: shifted(x) / (k + total(shifted(x)))


ROW = "f is not the softmax of each row: "
COLUMN = "f is not the softmax of each column: "
NEARLY = {    # f, how it is softmax of a x along some axes, and what is said
    "no axis": (of_all, 1, None, "it divides by one sum for the whole array"),
    "no axis, no shift": (lambda x: np.exp(x) / np.exp(x).sum(), 1, None,
                          "it divides by one sum for the whole array"),
    "one more": (lambda x: np.exp(x) / (1 + total(np.exp(x))), 1, -1,
                 "1 more stands in the denominator"),
    "one more, after the shift": (more(1), 1, -1, "1 more stands in the denominator"),
    "one more, one maximum": (lambda x: np.exp(x - x.max()) / (1 + total(np.exp(x - x.max()))),
                              1, -1, "1 more stands in the denominator"),
    "an eighth more, after the shift": (more(0.125), 1, -1,
                                        "0.125 more stands in the denominator"),
    "three digits of an eps": (more(1.25e-9), 1, -1,
                               "1.25e-09 more stands in the denominator"),
    "one digit of a small eps": (more(3.4e-13), 1, -1,
                                 "3e-13 more stands in the denominator"),
    "eps": (more(1e-9), 1, -1, "1e-09 more stands in the denominator"),
    "small eps": (more(1e-12), 1, -1, "1e-12 more stands in the denominator"),
    "hot": (lambda x: softmax(x / 2), 1 / 2, -1, "it is that of 0.5 x, a temperature of 2"),
    "cold": (lambda x: softmax(3 * x), 3, -1, "it is that of 3 x, a temperature of 0.333333"),
    "base 2": (lambda x: 2**x / total(2**x), np.log(2), -1,
               "it is that of 0.693147 x, with 2 in place of e"),
    "base 10": (lambda x: 10**x / total(10**x), np.log(10), -1,
                "it is that of 2.30259 x, with 10 in place of e"),
    "minimum": (lambda x: softmax(-x), -1, -1, "it is that of -1 x"),
    "hot, no axis": (lambda x: of_all(x / 2), 1 / 2, None,
                     "it divides by one sum for the whole array, and it is that of 0.5 x, "
                     "a temperature of 2"),
}  # fmt: skip


def vjp_of(f, a, axes):
    """Of exp(a x) / (k + sum exp(a x)), whatever k is, if it does not move with x."""

    def vjp(x, dp):
        y = f(x)
        return (a * y * (dp - total(y * dp, axes))).astype(x.dtype)

    return vjp


def through_the_maximum(f, axes):
    """Of exp(x - m) / (k + sum exp(x - m)): m moves the share of k."""

    def vjp(x, dp):
        y = f(x)
        share = total((1 - total(y)) * total(y * dp), axes)
        return vjp_of(f, 1, -1)(x, dp) - (x == top(x, axes)) * share

    return vjp


AFTER_SHIFT = ("one more, after the shift", "an eighth more, after the shift",
               "three digits of an eps", "eps")  # fmt: skip
MOVES = dict.fromkeys(AFTER_SHIFT, -1) | {"one more, one maximum": None}


@pytest.mark.parametrize("kind", NEARLY)
@pytest.mark.parametrize(("offset", "scale"), [(0, 1), (0, 1e-3), (2, 10)])
def test_what_is_nearly_a_softmax_is_told_what_it_is(rng, kind, offset, scale):
    """Whether its backward pass is right, or wrong, or that of softmax."""
    f, a, axes, words = NEARLY[kind]
    x = offset + scale * rng.standard_normal((4, 3))
    right, note = vjp_of(f, a, axes), f"f is not the softmax of each row: {words}"
    if kind in MOVES:
        right = through_the_maximum(f, MOVES[kind])
    for vjp, verdict in [(right, "PASS"), (lambda x, dp: 2 * right(x, dp), "FAIL")]:
        report = gradcheck(f, vjp, x)
        assert (report.verdict, report.is_softmax) == (verdict, False), report
        assert report.notes == (note,)
        assert f"  {note}\n" in str(report)
        assert f"<li>{note}</li>" in report._repr_html_()
    assert gradcheck(f, softmax_vjp, x).notes == (note,)


@pytest.mark.parametrize("kind", [kind for kind in NEARLY if "eps" not in kind])
def test_float32_is_told_the_same(rng, kind):
    """But for an eps that it cannot hold: there it is softmax."""
    f, a, axes, words = NEARLY[kind]
    x = rng.standard_normal((4, 3)).astype(np.float32)
    report = gradcheck(lambda x: f(x).astype(x.dtype), vjp_of(f, a, axes), x)
    assert report.notes == (ROW + words,)
    eps = gradcheck(lambda x: more(1e-9)(x).astype(x.dtype), softmax_vjp, x)
    assert (eps.verdict, eps.is_softmax, eps.notes) == ("PASS", True, ())


def test_other_axes_are_told_as_they_are(rng):
    """Along another axis, along two of three, of one row, and of several numbers at once."""
    x = rng.standard_normal((2, 3, 4))

    def said(f, x=x):
        return gradcheck(f, softmax_vjp, x, diagnose=False).notes

    two = lambda x: np.exp(x) / total(np.exp(x), (1, 2))  # noqa: E731
    assert said(two) == (
        "f is not the softmax of each row: it divides by one sum along axes 1 and 2 together",
    )
    one_more = lambda x: np.exp(x) / (1 + total(np.exp(x), 1))  # noqa: E731
    assert said(one_more) == ("f is not the softmax along axis 1: 1 more stands in the "
                              "denominator",)  # fmt: skip
    down = lambda x: np.exp(x / 4) / total(np.exp(x / 4), 0)  # noqa: E731
    assert said(down, x[0]) == ("f is not the softmax of each column: it is that of 0.25 x, "
                                "a temperature of 4",)  # fmt: skip
    assert said(of_all) == ("f is not the softmax of each row: it divides by one sum for the "
                            "whole array",)  # fmt: skip
    assert said(lambda x: 4 * softmax(x)) == (
        "f is not the softmax of each row: it is 4 times that",
    )
    assert said(lambda x: softmax(x) / 2, x[0, 0]) == (
        "f is not the softmax of each row: it is 0.5 times that",
    )
    assert said(lambda x: softmax(x / 3) / 2) == (
        ROW + "it is that of 0.333333 x, a temperature of 3, and it is 0.5 times that",
    )
    hot = lambda x: np.exp(x / 2)  # noqa: E731
    assert said(lambda x: hot(x) / (1 + total(hot(x)))) == (
        ROW + "it is that of 0.5 x, a temperature of 2, and 1 more stands in the denominator",
    )


def test_one_more_is_seen_where_the_sum_is_small():
    """Beside large exponentials it has no digits; nor is it asked of a class that is ruled out."""
    x = np.array([[40.0, 39, 1], [-np.inf, 0, -1]])
    report = gradcheck(NEARLY["one more"][0], softmax_vjp, x, diagnose=False)
    assert report.notes[1:] == (ROW + NEARLY["one more"][3],)


def test_neither_an_offset_nor_lost_digits_hide_what_it_is(rng):
    """The difference of large logits counts; and 1 - p has no more digits than 1."""
    words = ROW + "it is that of 0.5 x, a temperature of 2"
    for x in 1e6 + rng.standard_normal((9, 4, 3)):
        report = gradcheck(lambda x: softmax(x / 2), softmax_vjp, x, diagnose=False)
        assert report.notes == (words,)

    def one_sigmoid(x):
        p = 1 / (1 + np.exp((x[:, 1:] - x[:, :1]) / 2))
        return np.concatenate([p, 1 - p], axis=-1)

    x = np.array([[0.0, -9], [18, 3], [1, 2]])
    assert gradcheck(one_sigmoid, softmax_vjp, x, diagnose=False).notes == (words,)


def test_logits_that_are_ruled_out_are_left_out_of_it(rng):
    """Each is told as without a mask, and the mask beside it."""
    x = rng.standard_normal((4, 3))
    x[1, 2] = x[2, 0] = -np.inf
    for kind, (f, a, axes, words) in NEARLY.items():
        if kind != "minimum":  # of -inf it has no numbers
            with np.errstate(all="ignore"):
                report = gradcheck(f, vjp_of(f, a, axes), x, diagnose=False)
            assert report.notes[1:] == (ROW + words,), kind
    alone = np.full((3, 3), -np.inf)
    alone[0] = x[0]
    whole = gradcheck(of_all, vjp_of(of_all, 1, None), alone, diagnose=False)
    assert (whole.verdict, whole.notes[1:]) == ("PASS", (ROW + NEARLY["no axis"][3],))


def test_of_one_row_the_whole_array_is_the_row(rng):
    """Then there is no axis to forget."""
    for shape in ((3,), (1, 3), (1, 1, 3)):
        report = gradcheck(of_all, softmax_vjp, rng.standard_normal(shape), diagnose=False)
        assert (report.verdict, report.is_softmax, report.notes) == ("PASS", True, ())


def one_maximum(x, axis=-1):
    e = np.exp(x - x.max())
    return e / total(e, axis)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_one_maximum_for_all_is_a_softmax_that_loses_rows(rng, dtype):
    """It counts, since near by it is one; its own backward pass is found to lose them too."""
    x = rng.standard_normal((4, 3)).astype(dtype)
    lost = "far below another, a row comes out as nan; is one maximum taken off all?"
    report = gradcheck(one_maximum, softmax_vjp, x)
    assert (report.verdict, report.is_softmax, report.notes) == ("PASS", True, (ROW + lost,))
    own = gradcheck(one_maximum, lambda x, dp: vjp_of(one_maximum, 1, -1)(x, dp), x)
    assert (own.verdict, own.diagnosis.key, own.notes) == ("FAIL", "batch_maximum", (ROW + lost,))
    of_columns = gradcheck(lambda x: one_maximum(x, 0), lambda x, dp: softmax_vjp(x.T, dp.T).T, x)
    assert (of_columns.verdict, of_columns.is_softmax) == ("PASS", True)
    assert of_columns.notes == (COLUMN + lost.replace("row", "column"),)
    pages = lambda x: np.exp(x - top(x, (1, 2))) / total(np.exp(x - top(x, (1, 2))))  # noqa: E731
    found = gradcheck(pages, softmax_vjp, rng.standard_normal((2, 3, 4)).astype(dtype)).notes
    assert found == (ROW + lost,)
    assert gradcheck(one_maximum, softmax_vjp, x[0]).notes == ()


def test_a_softmax_in_need_of_a_shift_is_told_so(rng):
    """Also along another axis; also where logits are far below 0, as long as f gives numbers."""
    for offset in (-600, 0, 600):
        x = offset + rng.standard_normal((4, 3))
        f = lambda x: np.exp(x) / total(np.exp(x))  # noqa: E731
        with warnings.catch_warnings(record=True) as heard:
            warnings.simplefilter("always")
            report = gradcheck(f, softmax_vjp, x)
        assert heard == []
        need = "f gives no numbers for large logits: it is a softmax in need of a shift"
        assert (report.verdict, report.is_softmax, report.notes) == ("PASS", True, (need,))
    down = gradcheck(lambda x: np.exp(x) / total(np.exp(x), 0),
                     lambda x, dp: softmax_vjp(x.T, dp.T).T, x)  # fmt: skip
    assert down.notes == ("f is the softmax of each column, along axis 0", need)


def test_other_numbers_far_off_make_another_function(rng):
    """It clips its logits, or puts something in place of 0 / 0: its laws are not those."""
    x = rng.standard_normal((4, 3))
    clipped = lambda x: softmax(np.clip(x, -30, 30))  # noqa: E731
    report = gradcheck(clipped, softmax_vjp, x)
    assert (report.verdict, report.is_softmax) == ("PASS", False)
    assert report.notes == (ROW + "for large logits it gives other numbers",)

    def guarded(x):
        e = np.exp(x - x.max())
        return e / np.maximum(total(e), 1e-300)

    report = gradcheck(guarded, softmax_vjp, x)
    assert (report.verdict, report.is_softmax) == ("PASS", False)
    assert report.notes == (ROW + "far below another it gives other numbers",)


def test_an_f_that_takes_no_large_numbers_is_not_told_about_them(rng):
    """It raises there: what it would have given is not known."""

    def near_by(x):
        if np.abs(x).max() > 100:
            raise ValueError("too large")
        return softmax(x)

    report = gradcheck(near_by, softmax_vjp, rng.standard_normal((4, 3)), diagnose=False)
    assert (report.is_softmax, report.notes) == (True, ())


wave = 1e-12 * np.sin(np.arange(12)).reshape(4, 3)
FAR = {
    "log-softmax": log_softmax,
    "exp": np.exp,
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "softplus": lambda x: np.log1p(np.exp(x)),
    "sine": np.sin,
    "ones": lambda x: 0 * x + 1,
    "a constant": lambda x: 0 * x + 0.5,
    "a tiny one": lambda x: 1e-15 * np.exp(x),
    "twice": lambda x: softmax(softmax(x)),
    "squares": lambda x: x**2 / total(x**2),
    "sizes": lambda x: np.abs(x) / total(np.abs(x)),
    "a wave on it": lambda x: softmax(x) + wave,
    "a ripple on it": lambda x: softmax(x) + wave / 100,
    "a large number more": more(1e3),
    "a map": lambda x: softmax(x @ np.array([[2.0, 0, 1], [0, 1, 0], [1, -1, 0]])),
    "masked inside": lambda x: softmax(np.where(np.eye(4)[:, :3] > 0, -np.inf, x)),
    "frozen": lambda x: softmax(wave) + 0 * x,
}


@pytest.mark.parametrize("kind", FAR)
def test_of_what_is_not_near_nothing_is_said(rng, kind):
    """A sentence that is not true would send people the wrong way."""
    for scale in (1, 1e-3, 10):
        x = scale * rng.standard_normal((4, 3))
        report = gradcheck(FAR[kind], lambda x, dp: 0 * dp, x, diagnose=False)
        assert (report.is_softmax, report.notes) == (False, ()), report


def test_of_what_is_not_defined_near_by_nothing_is_said():
    """Half of softmax, for numbers below 0.1 alone."""
    f = lambda x: np.where(x < 0.1, softmax(x) / 2, np.nan)  # noqa: E731
    report = gradcheck(f, lambda x, dp: softmax_vjp(x, dp) / 2, np.array([0.0, -1, -2]))
    assert (report.verdict, report.notes) == ("PASS", ())


def test_where_one_term_is_the_sum_a_flat_point_decides(rng):
    """Of rows that are sure, half of softmax and one more below are the same to every digit."""
    x = np.array([40.0, 0, -40])
    assert gradcheck(lambda x: softmax(x) / 2, softmax_vjp, x, diagnose=False).notes == (
        ROW + "it is 0.5 times that",
    )
    assert gradcheck(more(1), softmax_vjp, x, diagnose=False).notes == (
        ROW + "1 more stands in the denominator",
    )
