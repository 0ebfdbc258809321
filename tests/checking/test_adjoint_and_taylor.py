"""The adjoint identity and the Taylor rate: what they see, and what they cannot."""

import numpy as np
import pytest
from right import FORMS

from smlearn import softmax, softmax_jvp, softmax_vjp
from smlearn.checking.adjoint_and_taylor import check_adjoint, taylor_test
from smlearn.mistakes import MISTAKES

W = np.array([[2.0, 0.0, 1.0], [0.0, 1.0, 0.0], [1.0, -1.0, 0.0]])


@pytest.fixture
def x(rng):
    return rng.standard_normal((4, 3))


def test_the_adjoint_test_sees_a_swapped_product_unless_j_is_symmetric(x):
    """For softmax alone the sides do not matter, for softmax(W z) they do."""
    assert check_adjoint(softmax_jvp, softmax_vjp, x).passed
    assert check_adjoint(softmax_jvp, softmax_jvp, x).passed
    jvp = lambda z, t: softmax_jvp(z @ W.T, t @ W.T)  # noqa: E731
    assert check_adjoint(jvp, lambda z, dp: softmax_vjp(z @ W.T, dp) @ W, x).passed
    swapped = check_adjoint(jvp, lambda z, dp: softmax_vjp(z @ W.T, dp) @ W.T, x)
    assert not swapped.passed
    assert swapped.error_over_tol > 1e6


BAD_PRODUCTS = {
    "shape": (softmax_jvp, lambda x, dp: dp[0], r"dx must have the shape of x, \(4, 3\), but has"),
    "none": (softmax_jvp, lambda x, dp: None, "vjp returned None; is there a return"),
    "raises": (softmax_jvp, lambda x, dp: {}["e"], "vjp raised KeyError: 'e'"),
    "no jvp": (lambda x, t: None, softmax_vjp, "jvp must return floating-point numbers, but got"),
    "jvp raises": (
        lambda x, t: {}["e"],
        softmax_vjp,
        "jvp must take an array .* KeyError: 'e'; call",
    ),
    "NaN": (lambda x, t: np.nan * x, softmax_vjp, "jvp must return finite numbers, but got nan"),
    "in place": (lambda x, t: np.add(x, t, out=x), softmax_vjp, "jvp changed its argument x"),
}


@pytest.mark.parametrize("kind", BAD_PRODUCTS)
def test_a_bad_product_gets_one_clear_sentence(x, kind):
    """Whichever of the two it is, and whatever it returns."""
    jvp, vjp, words = BAD_PRODUCTS[kind]
    with pytest.raises(ValueError, match=f"^check_adjoint: {words}"):
        check_adjoint(jvp, vjp, x)
    with pytest.raises(TypeError, match=r"^check_adjoint: x must be floating point"):
        check_adjoint(softmax_jvp, softmax_vjp, np.arange(3))


@pytest.mark.parametrize("size", [1.0, 100.0, 1e4])
@pytest.mark.parametrize("seed", range(20))
def test_what_cancels_inside_is_no_difference(size, seed):
    """Products of large weights that cancel to a small result are rounded by their own size."""
    rng = np.random.default_rng(seed)
    w = size * rng.standard_normal((5, 3))
    z = rng.standard_normal((4, 3)) / size

    def jvp(z, t):
        return softmax_jvp(z @ w.T, t @ w.T)

    def vjp(z, dp):
        return FORMS["textbook"][1](z @ w.T, dp) @ w

    assert check_adjoint(jvp, vjp, z, rng=rng).passed
    assert not check_adjoint(jvp, lambda z, dp: 1.0001 * vjp(z, dp), z, rng=rng).passed


@pytest.mark.parametrize("tiny", [1e-10, 1e-20])
def test_its_resolution_says_when_it_could_see_nothing(x, tiny):
    """A wrong pair passes where both sides are smaller than that, and only there."""
    jvp = lambda x, t: tiny * softmax_jvp(x, t)  # noqa: E731
    assert check_adjoint(jvp, lambda x, dp: tiny * softmax_vjp(x, dp), x).passed
    wrong = check_adjoint(jvp, lambda x, dp: 2 * tiny * softmax_vjp(x, dp), x)
    assert wrong.passed == (max(abs(wrong.left), abs(wrong.right)) < wrong.resolution)
    assert wrong.passed == (tiny == 1e-20)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("scale", [0.0, 1.0, 30.0, 300.0])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_right_pairs_pass(rng, form, scale, dtype):
    """Flat, ordinary and saturated rows; against our jvp, in both precisions."""
    for shape in [(3,), (4, 3), (2, 40), (4, 1)]:
        x = (scale * rng.standard_normal(shape)).astype(dtype)
        forward, backward = FORMS[form]
        cached = isinstance(forward(x), tuple)
        vjp = (lambda x, dp: backward(dp, forward(x)[1])) if cached else backward  # noqa: B023
        assert check_adjoint(softmax_jvp, vjp, x, rng=rng).passed


def test_taylor_rates_are_two_and_one(x):
    """With the right gradient the remainder falls like e^2, with a wrong one like e."""
    assert taylor_test(softmax, softmax_vjp, x).rate == pytest.approx(2, abs=0.1)
    assert taylor_test(softmax, FORMS["textbook"][1], x).rate_without == pytest.approx(1, abs=0.1)
    for key in ("diagonal_only", "factor_two", "sum_term_missing"):
        rate = taylor_test(softmax, MISTAKES[key].vjp, x).rate
        assert rate == pytest.approx(1, abs=0.1), key
    assert taylor_test(lambda x: 3 * x, lambda x, dp: 3 * dp, x).exact


@pytest.mark.parametrize(
    ("dtype", "last"), [(np.float32, 7), (np.float64, 12), (np.longdouble, 12)]
)
def test_the_steps_halve_until_rounding_would_show(x, dtype, last):
    """From 1/16 on: far enough below 1 for e^2 to rule e^3, far enough above the rounding of f."""
    steps = taylor_test(softmax, softmax_vjp, x.astype(dtype)).steps
    assert list(steps) == [1 / 2**k for k in range(4, last + 1)]


@pytest.mark.parametrize(("bend", "exact"), [(2**-25, False), (2**-27, True)])
def test_a_remainder_near_the_rounding_of_f_gives_no_rate(bend, exact):
    """Four steps must leave more than 256 eps sum |dp y|, and 4 bend e^2 is left here.

    The fourth is e = 2^-7, so bend = 256 * 2^-52 * (4 * 8 + 4 * 8) / 4 * 2^14 = 2^-26 divides.
    """
    x, dp, t = np.zeros(2), np.array([4.0, -4.0]), np.array([1.0, 0.0])
    f = lambda x: 8 + x + bend * x**2  # noqa: E731
    vjp = lambda x, dp: dp * (1 + 2 * bend * x)  # noqa: E731
    taylor = taylor_test(f, vjp, x, dp=dp, t=t)
    assert taylor.exact is exact
    assert taylor.rate == pytest.approx(2, abs=0 if exact else 0.1)


def test_what_does_not_change_falls_at_no_rate(x):
    """A constant: nothing without the gradient, nothing with it."""
    taylor = taylor_test(lambda x: 0 * x + 1, lambda x, dp: 0 * dp, x)
    assert (taylor.rate_without, taylor.rate, taylor.exact) == (0.0, 2.0, True)


def test_the_loss_is_looked_at_ahead_along_t(x):
    """A direction that is given is a direction: x + e t, not x - e t."""
    seen, t = [], np.ones((4, 3))
    steps = taylor_test(lambda x: seen.append(x) or softmax(x), softmax_vjp, x, t=t).steps
    assert all(np.array_equal(at, x + e * t) for at, e in zip(seen[-9:], steps, strict=True))


def test_what_taylor_cannot_use_is_refused(x):
    """An integer x, a direction of another shape, a backward pass that raises."""
    with pytest.raises(TypeError, match=r"^taylor_test: x must be floating point"):
        taylor_test(softmax, softmax_vjp, np.arange(3))
    with pytest.raises(ValueError, match=r"^taylor_test: t must be finite and have the shape of"):
        taylor_test(softmax, softmax_vjp, x, t=np.ones(3))
    with pytest.raises(ValueError, match=r"^taylor_test: t must be finite and have the shape of"):
        taylor_test(softmax, softmax_vjp, x, t=np.nan * x)
    with pytest.raises(ValueError, match=r"^taylor_test: vjp raised ZeroDivisionError"):
        taylor_test(softmax, lambda x, dp: 1 / 0, x)
    with pytest.raises(TypeError, match=r"^taylor_test: t must hold real numbers, but got"):
        taylor_test(softmax, softmax_vjp, x, t=1j * x)


@pytest.mark.parametrize("test", [check_adjoint, taylor_test])
def test_anything_but_a_generator_is_refused(x, test):
    """A seed is not a generator, and neither is NumPy's old one."""
    for rng in (0, np.random.RandomState(0)):
        with pytest.raises(TypeError, match=f"^{test.__name__}: rng must be a NumPy Generator, b"):
            test(softmax, softmax_vjp, x, rng=rng)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_directions_have_the_precision_of_x(x, dtype):
    """A float64 direction would lift a float32 product to digits that training never sees."""
    seen = []

    def jvp(x, t):
        seen.append(t.dtype)
        return softmax_jvp(x, t)

    def vjp(x, dp):
        seen.append(dp.dtype)
        return softmax_vjp(x, dp)

    def f(x):
        seen.append(x.dtype)
        return softmax(x)

    assert check_adjoint(jvp, vjp, x.astype(dtype)).passed
    taylor_test(f, vjp, x.astype(dtype), t=np.ones((4, 3)))
    assert set(seen) == {np.dtype(dtype)}


def test_a_product_that_spoils_its_direction_spoils_nothing_else(x):
    """It gets a copy: right numbers pass, whatever becomes of its argument."""

    def jvp(x, t):
        dy = softmax_jvp(x, t)
        t *= 7
        return dy

    for pair in [(jvp, softmax_vjp), (softmax_jvp, jvp)]:
        checked = check_adjoint(*pair, x)
        assert checked.passed
        assert checked.resolution < 1e-13


@pytest.mark.parametrize("seed", range(40))
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_terms_that_cancel_inside_a_product_are_allowed_their_rounding(seed, dtype):
    """J = A - B with A and B a million times larger: both sides carry the rounding of A t."""
    rng = np.random.default_rng(seed)
    a = (1e6 * rng.standard_normal((5, 5))).astype(dtype)
    b = a - rng.standard_normal((5, 5)).astype(dtype)
    x = np.zeros(5, dtype)
    right = check_adjoint(lambda x, t: a @ t - b @ t, lambda x, dp: dp @ a - dp @ b, x, rng=rng)
    assert right.passed
    assert right.resolution > 1e3 * np.finfo(dtype).eps  # so it says how little it saw
    swapped = check_adjoint(lambda x, t: 1e6 * (a @ t), lambda x, dp: 1e6 * (a @ dp), x, rng=rng)
    assert not swapped.passed


def test_the_tolerance_is_sixteen_times_what_rounding_does(x):
    """One unit in the last place of dp, and what three nudges of x, t and dp by as much move."""
    sides, given = [], []

    def jvp(x, t):
        given.append(t)
        return softmax_jvp(x, t)

    def vjp(x, dp):
        t, dx = given[-1], softmax_vjp(x, dp)
        sides.append((np.sum(dp * softmax_jvp(x, t)), np.sum(dx * t)))
        given.append(dp)
        return dx

    checked = check_adjoint(jvp, vjp, x)
    assert (checked.left, checked.right) == sides[0]
    assert len(sides) == 4
    moved = np.abs(np.subtract(sides[1:], sides[0])).max()
    size = np.abs(given[2]).max()  # the directions: t, t, dp, t, dp, ...
    eps = np.finfo(float).eps
    assert 0 < moved < 100 * eps
    assert checked.resolution == pytest.approx(16 * (eps * size + moved), rel=1e-12)


def test_a_nudge_is_one_unit_in_the_last_place_of_every_entry():
    """Up or down, as rounding may have done: at ones that is one eps. First nothing is nudged."""
    seen = []
    check_adjoint(softmax_jvp, lambda x, dp: seen.append(x) or softmax_vjp(x, dp), np.ones((4, 3)))
    assert (seen[0] == 1).all()
    assert {float(v) for v in np.ravel(seen[1:]) - 1} == {
        np.finfo(float).eps,
        -np.finfo(float).eps,
    }


def test_the_tolerance_of_what_never_moves_is_that_of_dp(x):
    """Products that are 0 wherever they are taken leave the rounding of dp alone."""
    given = []
    checked = check_adjoint(lambda x, t: 0 * t, lambda x, dp: given.append(dp) or 0 * dp, x)
    assert checked.resolution == 16 * np.finfo(float).eps * np.abs(given[0]).max()


def test_no_rows_and_small_upstreams_have_their_resolution():
    """Nothing is nothing; and one small number is measured by its own size."""
    empty = check_adjoint(softmax_jvp, softmax_vjp, np.zeros((0, 3)))
    assert (empty.passed, empty.error_over_tol, empty.resolution) == (True, 0.0, 0.0)
    tiny = lambda x, v: 1e-9 * v  # noqa: E731
    small = [check_adjoint(tiny, tiny, np.zeros(1), rng=np.random.default_rng(k)).resolution
             for k in range(20)]  # fmt: skip
    assert min(small) > 0
    assert min(small) < 4 * np.finfo(float).eps  # 16 eps |dp|, of the smallest of 20 draws


@pytest.mark.parametrize(
    "f",
    [
        lambda x: x**2 + 0 * np.arctan(1 / (x - 0.3125)),
        lambda x: x**2 + np.nan_to_num(0 * np.sqrt(0.25 - x)),
    ],
)
def test_what_f_warns_of_a_step_away_is_no_matter(f, recwarn):
    """The learner did not ask f there: it divides by 0 at x + t / 16, or takes roots below 0."""
    found = taylor_test(f, lambda x, dp: 2 * dp * x, np.array([0.25]), t=np.ones(1))
    assert found.rate == pytest.approx(2, abs=1e-6)  # of a parabola
    assert not recwarn.list


def test_only_what_agrees_is_true(x):
    """`assert check_adjoint(...)` is a test, though a tuple of five is always true."""
    assert check_adjoint(softmax_jvp, softmax_vjp, x)
    assert not check_adjoint(softmax_jvp, lambda x, dp: 2 * softmax_vjp(x, dp), x)
