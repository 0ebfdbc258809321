"""What f returns is read in the form that was meant, and the report says so where two fit."""

import re
import warnings
from functools import partial

import numpy as np
import pytest

from smlearn import cross_entropy, softmax, softmax_vjp
from smlearn.checking import gradcheck
from smlearn.checking.report import GradcheckError

BESIDE = "what f returns was read as (y, its gradient): vjp is called as vjp(x, dp)"
CACHE = "what f returns was read as (y, cache): vjp is called as vjp(dp, cache)"
OF_X = "vjp was read as the gradient of a single number: it is called as vjp(x)"
EYE = np.eye(2, 3)
ALONE = "f returns its loss and the gradient: that gradient was checked"


@pytest.fixture
def x(rng):
    return rng.standard_normal((4, 3))


def square(x):
    return (x**2).sum(), 2 * x


def cross(x, y, wrong=1):
    p = softmax(x)
    return cross_entropy(x, y), wrong * (p - np.eye(3)[y]) / len(y)


def test_a_loss_and_its_gradient_stand_alone(x):
    """By keyword, or in the second place; with labels bound by partial or by lambda."""
    y = np.array([0, 2, 1, 0])
    for f in (square, partial(cross, y=y), lambda x: cross(x, y), lambda x: (x.sum(), x * 0 + 1)):
        for report in (gradcheck(f, x=x), gradcheck(f, x), gradcheck(f, None, x)):
            assert report.verdict == "PASS", report
            assert report.notes == (ALONE,)
            assert ALONE in str(report)


@pytest.mark.parametrize("wrong", [-1, 2, 1.0001])
def test_a_wrong_gradient_fails_and_its_factor_is_named(x, wrong):
    """As any other."""
    report = gradcheck(partial(cross, y=np.array([0, 2, 1, 0]), wrong=wrong), x=x)
    assert (report.verdict, report.diagnosis.key) == ("FAIL", "factor")
    assert report.ratio == pytest.approx(wrong)
    with pytest.raises(GradcheckError):
        gradcheck(lambda x: (x.sum(), x), x=x, raise_on_fail=True)


BAD_GRADIENT = {
    "None": (lambda x: (x.sum(), None), "f must return (loss, gradient) where vjp is left out"),
    "list": (lambda x: (x.sum(), [1.0]), "f, for its gradient, returned a list; return an array"),
    "shape": (lambda x: (x.sum(), x[0]), "dx must have the shape of x, (4, 3), but has (3,)"),
    "narrow": (lambda x: (x.sum(), x.astype(np.float32)), "dx must hold at least float64"),
}


@pytest.mark.parametrize("kind", BAD_GRADIENT)
def test_a_gradient_that_is_none_gets_one_clear_sentence(x, kind):
    """In the words for any other backward pass."""
    f, words = BAD_GRADIENT[kind]
    if kind == "None":
        with pytest.raises(ValueError, match="but got no gradient"):
            gradcheck(f, x=x)
    else:
        assert words in str(gradcheck(f, x=x))


def test_one_buffer_for_all_gradients_is_read_in_time(x):
    """What f returned at x is taken before f is called elsewhere."""
    buffer = np.empty((4, 3))

    def f(x):
        buffer[...] = 2 * x
        return (x**2).sum(), buffer

    report = gradcheck(f, x=x)
    assert report.verdict == "PASS", report


def test_a_single_number_has_a_gradient_too():
    """As NumPy gives it: an array without axes is a number when it comes out of a formula."""
    assert gradcheck(lambda x: (x**3, 3 * x**2), x=np.array(0.3)).verdict == "PASS"
    assert gradcheck(lambda x: (x**3, 2 * x**2), x=np.array(0.3)).verdict == "FAIL"
    assert gradcheck(lambda x: (x**3, 3 * x**2), x=np.array(0.3), dp=2.0).verdict == "PASS"


def test_an_upstream_of_a_single_number_scales_its_gradient(x):
    """Whatever axes the number has; what is no array is said to be none."""
    for f, dp in ((square, 2.0), (lambda x: ((x**2).sum(keepdims=True), 2 * x), [[2.0]])):
        for at in (x, x[:1]):
            assert gradcheck(f, x=at, dp=np.array(dp)).verdict == "PASS"
    one = lambda x: (np.array([[(x**2).sum()]]), 2 * x)  # noqa: E731
    assert gradcheck(one, x=x[0], dp=np.array([[2.0]])).verdict == "PASS"
    report = gradcheck(lambda x: (x.sum(), [1.0]), x=x, dp=np.array(2.0))
    assert report.checks[-1].detail == "f, for its gradient, returned a list; return an array"


def test_an_f_that_gives_two_values_for_one_x_is_refused(x):
    """Its differences are noise."""
    dice = np.random.default_rng(2)
    with pytest.raises(ValueError, match="must give one value for one x, but gave two; seed its"):
        gradcheck(lambda x: softmax(x) + dice.random(), softmax_vjp, x)


def test_f_is_asked_in_the_precision_of_x(x):
    """And with real numbers alone."""
    asked = set()

    def f(x):
        asked.add(x.dtype)
        return softmax(x)

    def loss(x):
        asked.add(x.dtype)
        return square(x)

    def vjp(x, d):
        asked.update((x.dtype, d.dtype))
        return d * 2 * x

    narrow = x.astype(np.float32)
    assert gradcheck(f, softmax_vjp, narrow).verdict == "PASS"
    assert gradcheck(loss, vjp, narrow).notes == (BESIDE,)
    assert asked == {np.dtype(np.float32)}
    with pytest.raises(TypeError, match="x must be floating point, float32 or wider"):
        gradcheck(f, softmax_vjp, x + 0j)


def test_what_comes_back_is_told_as_it_is(x):
    """Several numbers are an array, and one that is none is said; so is an f that raises."""
    for f, words in (
        (lambda x: [np.nan, 1.0, 2.0], r"must return finite numbers, but got nan at \(0,\)"),
        (lambda x: x @ x, "but raised ValueError: matmul.*; call f on x by itself"),
        (lambda x: ((np.ones(2), 1.0), x), "a tuple of 2; put all that vjp needs into one cache"),
    ):
        with pytest.raises(ValueError, match=words):
            gradcheck(f, softmax_vjp, x)


@pytest.mark.parametrize(("pair", "said"), [
    ((softmax, softmax_vjp(EYE, EYE)), "vjp must be a function, but got ndarray"),
    ((softmax, "softmax_vjp"), "vjp must be a function, but got str"),
    ((softmax(EYE), softmax_vjp), "f must be a function, but got ndarray"),
    ((None, softmax_vjp), "f must be a function, but got None")])  # fmt: skip
def test_what_a_function_returned_is_no_function(x, pair, said):
    """It is refused before it is called: no backward pass fails for it."""
    with pytest.raises(TypeError, match=rf"^gradcheck: {said}; give the function itself"):
        gradcheck(*pair, x)


def test_what_is_no_loss_with_its_gradient_needs_a_backward_pass(x):
    """An array alone, or more than one number in place of the loss; x must be there."""
    with pytest.raises(ValueError, match=r"^gradcheck: f must return \(loss, gradient\) where"):
        gradcheck(softmax, x=x)
    with pytest.raises(ValueError, match=r"but got \(4, 3\) in place of a loss; return one num"):
        gradcheck(lambda x: (x, x), x=x)
    with pytest.raises(TypeError, match=r"^gradcheck: x must be an array, but got None"):
        gradcheck(softmax, softmax_vjp)


@pytest.mark.parametrize("several", [(1.0, [2.0, 3.0], 4), [np.ones(2), 1.0, 2.0]])
@pytest.mark.parametrize(("vjp", "wanted", "todo"), [
    (softmax_vjp, "y, or (y, cache)", "put all that vjp needs into one cache"),
    (None, "(loss, gradient)", "leave out the rest, as f(x)[:2] does")])  # fmt: skip
def test_several_things_are_told_by_their_number(x, several, vjp, wanted, todo):
    """f raised nothing; only a pair has a meaning."""
    got = f"a {type(several).__name__} of {len(several)}"
    sentence = f"gradcheck: f must return {wanted}, but got {got}; {todo}"
    with pytest.raises(ValueError, match=f"^{re.escape(sentence)}$"):
        gradcheck(lambda x: several, vjp, x)


def test_a_loss_with_its_gradient_beside_a_backward_pass(x):
    """vjp(x, dp) fits the measured slope, vjp(dp, cache) does not."""
    report = gradcheck(square, lambda x, d: d * 2 * x, x)
    assert (report.verdict, report.notes) == ("PASS", (BESIDE,))
    wrong = gradcheck(square, lambda x, d: -d * 2 * x, x)
    assert (wrong.verdict, wrong.notes) == ("FAIL", (BESIDE,))
    assert wrong.ratio == pytest.approx(-1)
    sine = lambda x: (np.sin(x), np.cos(x))  # noqa: E731
    for factor, verdict, notes in ((1, "PASS", (BESIDE,)), (1.01, "FAIL", (BESIDE,)),
                                   (-1, "FAIL", ()), (3, "FAIL", ())):  # fmt: skip
        each = gradcheck(sine, lambda x, d: factor * d * np.cos(x), x)  # noqa: B023
        assert (each.verdict, each.notes) == (verdict, notes), each


def test_reading_leaves_no_trace(x):
    """Neither on what is handed over nor on anybody's dice; and what is no number fits nothing."""

    def spoils(x, d):
        dx = d * 2 * x
        x += 1
        d += 1
        return dx

    state = np.random.get_state()[1].tolist()  # noqa: NPY002
    report = gradcheck(square, spoils, x)
    assert report.notes == (BESIDE,)
    assert "x was changed in place" in str(report)
    assert np.random.get_state()[1].tolist() == state  # noqa: NPY002
    text = gradcheck(square, lambda x, d: np.full((4, 3), "a"), x)
    assert text.checks[-1].detail.startswith("dx must hold at least float64")
    rows = gradcheck(square, lambda x, d: (d * 2 * x).tolist(), x)
    assert rows.checks[-1].detail == "vjp returned a list; return an array"
    with pytest.raises(
        ValueError, match=r"f must return finite numbers, but got nan at \(\); choo"
    ):
        gradcheck(lambda a: (a**2).sum() if (a == x).all() else np.nan, lambda x: 2 * x, x)


def test_the_edge_of_where_f_is_defined_may_be_near():
    """A shorter step is taken, and NumPy says nothing on the page."""
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        for at in (1e-6, 1e-4):
            x = np.array([at, 1, 2])
            report = gradcheck(lambda x: np.log(x).sum(), lambda x: 1 / x, x)
            assert (report.verdict, report.notes[0]) == ("PASS", OF_X)
    assert not said


@pytest.mark.parametrize("size", [1, 1e4])
def test_large_and_coarse_numbers_are_read_as_well(x, size):
    """The step goes with x, which float32 would round away."""
    f = lambda x: (np.sin(x / size), np.cos(x / size) / np.float32(size))  # noqa: E731
    report = gradcheck(f, lambda x, d: d * f(x)[1], (size * x).astype(np.float32))
    assert (report.verdict, report.notes) == ("PASS", (BESIDE,))


@pytest.mark.parametrize(("f", "vjp"), [
    (lambda x: ((x**2).sum(), x), lambda d, x: d * 2 * x),            # the cache is x
    (lambda x: (np.exp(x).sum(), np.exp(x)), lambda d, e: d * e),     # the cache is the gradient
    (square, lambda d, g: d * g),
])  # fmt: skip
def test_a_cache_in_the_shape_of_x_is_a_cache(x, f, vjp):
    """Even if it is the gradient; and a wrong factor is named as such."""
    report = gradcheck(f, vjp, x)
    assert (report.verdict, report.notes) == ("PASS", (CACHE,))
    wrong = gradcheck(f, lambda d, c: -vjp(d, c), x)
    assert wrong.verdict == "FAIL", wrong


def test_a_cache_beside_an_array_needs_no_word(x):
    """There the usual reading is the only one anybody has in mind."""

    def back(dp, p):
        return p * (dp - (p * dp).sum(axis=-1, keepdims=True))

    report = gradcheck(lambda x: (softmax(x), softmax(x)), back, x)
    assert (report.verdict, report.notes) == ("PASS", ())
    wrong = gradcheck(lambda x: (softmax(x), softmax(x)), lambda dp, p: 2 * back(dp, p), x)
    assert (wrong.diagnosis.key, wrong.notes) == ("factor_two", ())
    flat = gradcheck(
        lambda x: ((x**2).sum(), x.ravel()), lambda dp, c: dp * 2 * c.reshape(4, 3), x
    )
    assert (flat.verdict, flat.notes) == ("PASS", ())


def test_the_gradient_of_a_number_may_be_a_function_of_x(x):
    """As optimisers take it: f and grad."""
    report = gradcheck(lambda x: (x**2).sum(), lambda x: 2 * x, x)
    assert (report.verdict, report.notes) == ("PASS", (OF_X,))
    wrong = gradcheck(lambda x: (x**2).sum(), lambda x: -2 * x, x)
    assert (wrong.verdict, wrong.notes) == ("FAIL", (OF_X,))
    assert wrong.ratio == pytest.approx(-1)
    for factor, verdict in ((3, "PASS"), (2, "FAIL"), (-3, "FAIL")):
        one = gradcheck(lambda x: x**3, lambda x: factor * x**2, np.array(0.3))  # noqa: B023
        assert (one.verdict, one.notes) == (verdict, (OF_X,))
        assert one.ratio == pytest.approx(factor / 3)
    kept = []
    keep = lambda x: (kept.append(x), x**3)[1]  # noqa: E731
    for factor, verdict in ((3, "PASS"), (-3, "FAIL")):  # it is linear in what it takes
        layer = gradcheck(keep, lambda dp: factor * dp * kept[-1] ** 2, np.array(0.3))  # noqa: B023
        assert (layer.verdict, OF_X in layer.notes) == (verdict, False)


def test_a_loss_that_goes_back_without_an_upstream(x):
    """loss.backward(), as layers of losses have it."""

    class Loss:
        def forward(self, x):
            self.x = x
            return (x**2).sum()

        def backward(self):
            return 2 * self.x

    loss = Loss()
    assert gradcheck(loss.forward, loss.backward, x).verdict == "PASS"
    loss.backward = lambda: -2 * loss.x
    assert gradcheck(loss.forward, loss.backward, x).verdict == "FAIL"


def test_an_upstream_with_a_default_is_an_upstream(x):
    """vjp(x, dp=None) is called with both, backward(dp, rate=0.1) with one."""
    assert gradcheck(softmax, lambda x, dp=None: softmax_vjp(x, dp), x).notes == ()
    kept = {}

    def forward(x):
        kept["x"] = x
        return softmax(x)

    report = gradcheck(forward, lambda dp, rate=0.1: softmax_vjp(kept["x"], dp), x)
    assert report.verdict == "PASS", report
    assert any("it is called as vjp(dp)" in note for note in report.notes)


def test_what_is_wrong_either_way_fails_once(x):
    """One sentence, in the check; the diagnosis does not say it again."""
    report = gradcheck(softmax, lambda x, dp: (softmax_vjp(x, dp), None), x)
    assert (report.verdict, report.diagnosis.key) == ("FAIL", "shape and dtype")
    assert str(report).count("vjp returned a tuple; return an array") == 1
    narrow = gradcheck(softmax, lambda x, dp: softmax_vjp(x, dp).astype(np.float32), x)
    assert narrow.diagnosis.key == "shape and dtype"  # which may depend on the input: one is shown


@pytest.mark.parametrize("vjp", [softmax_vjp, None])
def test_a_list_of_two_is_told_to_be_a_tuple(x, vjp):
    """Nothing is to be left out of it."""
    with pytest.raises(ValueError, match=r"but got a list of 2; return a tuple, without the squ"):
        gradcheck(lambda x: [np.ones(2), 1.0], vjp, x)


def test_a_layer_of_one_number_at_an_edge_is_read_as_it_stands():
    """No step both ways is short enough there to tell vjp(dp) from vjp(x), so the usual one is."""

    class Root:
        def forward(self, x):
            self.root = np.sqrt(x)
            return self.root.sum()

        def backward(self, dp):
            return dp / (2 * self.root)

    layer, x = Root(), np.array([[1e-5, 0.3, 0.6]], np.float32)
    with np.errstate(invalid="ignore"):
        report = gradcheck(layer.forward, layer.backward, x)
    assert report.verdict in ("PASS", "INCONCLUSIVE")
    assert "called as vjp(x)" not in str(report)


def test_a_gradient_of_a_single_number_at_an_edge_is_read_as_that():
    """It is not linear in what it would take for dp."""
    x = np.array([[1e-5, 0.3, 0.6]], np.float32)
    with np.errstate(invalid="ignore"):
        report = gradcheck(lambda x: np.sqrt(x).sum(), lambda x: 0.5 / np.sqrt(x), x)
    assert report.verdict in ("PASS", "INCONCLUSIVE")
    assert "vjp was read as the gradient of a single number" in str(report)
