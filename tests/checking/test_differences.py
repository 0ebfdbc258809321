"""Measured derivatives: against three independent oracles, in two precisions, with bad f."""

import autograd
import autograd.numpy as anp
import mpmath
import numpy as np
import pytest
import scipy

from smlearn import softmax, softmax_jacobian, softmax_jvp, softmax_vjp
from smlearn.checking.differences import (
    BALANCE,
    METHODS,
    default_step,
    numerical_jacobian,
    numerical_jvp,
    numerical_vjp,
)


def scipy_derivative(f, x):
    return scipy.optimize._numdiff.approx_derivative(f, x)


# What each method can reach on softmax, whose third derivatives are below 1/8: ten times the sum
# of truncation and rounding at its own step.
REACH = {"forward": 3e-8, "central": 3e-10, "richardson": 2e-12, "complex": 1e-15}


def smooth(x):
    """A map from (2, 3) to (3,) without symmetry, written so that it takes complex numbers too."""
    return anp.exp(x[0] / 4) * x[1] + anp.sin(x[0] * x[1][::-1])


def plain_softmax(x):
    e = anp.exp(x)
    return e / anp.sum(e, axis=-1, keepdims=True)


@pytest.mark.parametrize("method", METHODS)
def test_the_jacobian_agrees_with_autodiff(rng, method):
    """HIPS autograd knows no steps at all; the map has curvature about 2."""
    x = rng.standard_normal((2, 3))
    J = numerical_jacobian(smooth, x, method=method)
    assert J.shape == (3, 2, 3)
    np.testing.assert_allclose(J, autograd.jacobian(smooth)(x), rtol=0, atol=20 * REACH[method])


@pytest.mark.parametrize("method", METHODS)
def test_softmax_is_measured_as_well_as_theory_says(rng, method):
    """Against the closed form, row blocks and zeros alike."""
    x = rng.standard_normal((4, 3))
    full = numerical_jacobian(plain_softmax, x, method=method)
    exact = np.zeros((4, 3, 4, 3))
    exact[range(4), :, range(4), :] = softmax_jacobian(x)
    assert np.abs(full - exact).max() < REACH[method]


def test_the_jacobian_agrees_with_scipy(rng):
    """SciPy's 3-point formula takes relative steps; on ordinary x it reaches 1e-9 too."""
    x = rng.standard_normal((4, 3))
    theirs = scipy_derivative(lambda v: softmax(v.reshape(4, 3)).ravel(), x.ravel())
    ours = numerical_jacobian(softmax, x).reshape(12, 12)
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-9)


def test_an_absolute_step_does_not_lose_to_a_shift(rng):
    """At x + 1e5 a relative step is far too large; ours is the same everywhere."""
    x = rng.standard_normal((4, 3)) + 1e5
    theirs = scipy_derivative(lambda v: softmax(v.reshape(4, 3)).ravel(), x.ravel())
    exact = np.zeros((4, 3, 4, 3))
    exact[range(4), :, range(4), :] = softmax_jacobian(x)
    assert np.abs(numerical_jacobian(softmax, x) - exact).max() < 1e-9
    assert np.abs(theirs.reshape(exact.shape) - exact).max() > 1e-4


def test_a_derivative_agrees_with_mpmath():
    """mpmath differentiates the logistic curve in 40 digits."""
    with mpmath.workdps(40):
        exact = float(mpmath.diff(lambda t: 1 / (1 + mpmath.exp(-t)), mpmath.mpf("0.3")))
    x = np.array([0.3])
    for method in METHODS:
        measured = numerical_jacobian(lambda t: 1 / (1 + np.exp(-t)), x, method=method)
        assert abs(measured[0, 0] - exact) < REACH[method]


@pytest.mark.parametrize("method", METHODS)
def test_products_agree_with_the_jacobian(rng, method):
    """J t and dp J, from the measured J of the same method."""
    x, t = rng.standard_normal((2, 2, 3))
    dp = rng.standard_normal(3)
    J = numerical_jacobian(smooth, x, method=method)
    tolerance = {"rtol": 0, "atol": 100 * REACH[method]}
    jvp = numerical_jvp(smooth, x, t, method=method)
    np.testing.assert_allclose(jvp, np.einsum("ijk,jk->i", J, t), **tolerance)
    vjp = numerical_vjp(smooth, x, dp, method=method)
    np.testing.assert_allclose(vjp, np.einsum("i,ijk->jk", dp, J), **tolerance)


def test_softmax_products_agree_with_the_closed_forms(rng):
    """In float64 and in float32, which is rounded to 2^-24 and reaches a few 1e-5."""
    for dtype, atol in [(np.float64, 1e-9), (np.float32, 2e-4)]:
        x, v = rng.standard_normal((2, 4, 3)).astype(dtype)
        np.testing.assert_allclose(numerical_vjp(softmax, x, v), softmax_vjp(x, v), atol=atol)
        np.testing.assert_allclose(numerical_jvp(softmax, x, v), softmax_jvp(x, v), atol=atol)


def test_the_step_is_derived_from_the_precision():
    """Powers of 2, so that x + h is exact for small x; float32 takes larger ones."""
    assert default_step("central", np.float64) == 2.0**-16
    assert default_step("central", np.float32) == 2.0**-6
    for method in METHODS:
        assert default_step(method, np.float32) > default_step(method, np.float64)
        assert np.log2(default_step(method, np.float64)) % 1 == 0


def test_the_step_balances_truncation_and_noise():
    """c h^n + k u / h is least at h^(n + 1) = k u / (n c); c from the logistic curve's bounds."""
    s = np.linspace(0, 1, 200_001)
    q = s * (1 - s)  # the slope of the curve, whose value is s
    second = np.abs(q * (1 - 2 * s)).max()
    third = np.abs(q * (1 - 6 * q)).max()
    fifth = np.abs(q * (1 - 30 * q + 120 * q**2)).max()
    # k: values off by 4 u, two of them, over h, 2 h, or 4 over h and 1 over 2 h, by 3
    terms = {
        "forward": (second / 2, 8),
        "central": (third / 6, 4),
        "richardson": (fifth / 480, 12),
    }
    for (method, (c, k)), n in zip(terms.items(), (1, 2, 4), strict=True):
        assert BALANCE[method] == (round(k / (n * c)), n + 1)


@pytest.mark.parametrize(("method", "order"), [("forward", 1), ("central", 2), ("richardson", 4)])
def test_the_truncation_falls_at_the_order_of_the_method(method, order):
    """Half the step, a 2^order-th of the error; rounding is far below at such steps."""
    x = np.array([0.3])
    p = 1 / (1 + np.exp(-x))
    logistic = lambda t: 1 / (1 + np.exp(-t))  # noqa: E731
    error = [
        abs(numerical_jacobian(logistic, x, method=method, h=h)[0, 0] - (p * (1 - p))[0])
        for h in (1 / 32, 1 / 64)
    ]
    assert np.log2(error[0] / error[1]) == pytest.approx(order, abs=0.05)


def test_the_complex_step_has_no_noise():
    """Nothing is subtracted, so a step of 2^-500 is as good as any."""
    x = np.array([0.3, -2.0, 1.0])
    for h in (2.0**-30, 2.0**-100, 2.0**-500):
        J = numerical_jacobian(plain_softmax, x, method="complex", h=h)
        np.testing.assert_allclose(J, softmax_jacobian(x), rtol=0, atol=2e-16)  # p is below 1


@pytest.mark.parametrize("f", [np.abs, np.linalg.norm, lambda x: np.real(x) ** 2])
def test_a_lost_imaginary_part_is_not_a_slope_of_zero(f):
    """abs returns the modulus, which is real: its imaginary part would measure 0 everywhere."""
    x = np.array([1.0, 2.0, 3.0])
    with pytest.raises(ValueError, match=r"must return complex numbers .* but got float64; abs,"):
        numerical_jacobian(f, x, method="complex")
    assert np.abs(numerical_jacobian(f, x)).max() > 0.1


def test_the_displacement_actually_taken_divides_the_difference():
    """x + h rounds at x = 3e9: dividing by h itself would be 4 % off for a straight line."""
    x, h = np.array([3e9]), 1e-6 * 4.1
    assert abs(((x + h) - x)[0] / h - 1) > 0.04
    for method in ("forward", "central"):
        J = numerical_jacobian(lambda v: 2 * v, x, method=method, h=h)
        np.testing.assert_allclose(J, [[2.0]], rtol=1e-15)


def test_a_direction_that_rounding_bends_is_refused():
    """At 1e12 one coordinate stands still while the others move: that is another direction."""
    x, t = np.array([1e12, 0.0, 0.0]), np.ones(3)
    with pytest.raises(ValueError, match=r"^numerical_jvp: the step h must move x along t, but r"):
        numerical_jvp(lambda v: 2 * v, x, t)
    np.testing.assert_allclose(numerical_jvp(lambda v: 2 * v, x / 1e7, t), 2, rtol=1e-5)


def test_a_zero_tangent_measures_zero():
    """There is no direction to take a step in."""
    np.testing.assert_array_equal(numerical_jvp(softmax, np.zeros(3), np.zeros(3)), 0)


def in_place(x):
    x -= x.max()
    return np.exp(x)


CALLS = []


def of_the_call(x):
    CALLS.append(1)
    return np.ones(3 + len(CALLS) % 2)


def failing(x):
    raise ZeroDivisionError("by hand")


BAD_F = {
    "changes x": (in_place, "f changed its argument x in place; return a new array instead of"),
    "raises": (
        failing,
        r"f must take an array of shape \(3,\), but raised ZeroDivisionError: by hand; call f",
    ),
    "returns nothing": (lambda x: None, "floating-point numbers, but got dtype object; is there"),
    "returns integers": (
        lambda x: x.astype(int),
        "floating-point numbers, but got dtype int64; what is whole",
    ),
    "returns NaN": (lambda x: x * np.nan, r"finite numbers, but got nan at \(0,\); choose an x"),
    "returns two shapes": (of_the_call, r"one shape, but got \(\d,\) and then \(\d,\); does it"),
}


@pytest.mark.parametrize("kind", BAD_F)
@pytest.mark.parametrize("measure", [numerical_jacobian, numerical_jvp, numerical_vjp])
def test_a_bad_f_gets_one_clear_sentence(measure, kind):
    """And the caller's x is as it was."""
    f, message = BAD_F[kind]
    x = np.array([1.0, 2.0, 3.0])
    direction = [] if measure is numerical_jacobian else [np.ones(3)]
    if kind == "returns two shapes" and measure is numerical_vjp:
        CALLS[:] = [1]  # so that the first shape is the one dp has
    with pytest.raises(ValueError, match=rf"^{measure.__name__}: .*{message}"):
        measure(f, x, *direction)
    np.testing.assert_array_equal(x, [1, 2, 3])


def test_bad_arguments_get_one_clear_sentence():
    """Integers, float16, an unknown method, a step that is none or moves nothing, wrong shapes."""
    x = np.zeros(3)
    with pytest.raises(
        TypeError, match=r"^numerical_jacobian: .* got int64, where x\[i\] \+ h is cut"
    ):
        numerical_jacobian(softmax, np.arange(3))
    with pytest.raises(TypeError, match=r"^numerical_vjp: x must be floating point, float32 or w"):
        numerical_vjp(softmax, x.astype(np.float16), x)
    with pytest.raises(
        ValueError, match=r"must be finite, but got nan at \(1, 2\); find the step"
    ):
        numerical_jacobian(lambda x: x, np.where(np.arange(6).reshape(2, 3) == 5, np.nan, 1.0))
    unknown = (
        "method must be one of forward, central, richardson, complex, but got 'centred'; take"
    )
    with pytest.raises(ValueError, match=f"^numerical_jacobian: {unknown}"):
        numerical_jacobian(softmax, x, method="centred")
    with pytest.raises(ValueError, match=f"^default_step: {unknown}"):
        default_step("centred", np.float64)
    with pytest.raises(
        ValueError, match=r"^numerical_jvp: t must be finite, but got inf at \(1,\)"
    ):
        numerical_jvp(softmax, x, np.array([0, np.inf, 0]))
    with pytest.raises(
        ValueError, match=r"^numerical_vjp: dp must be finite, but got nan at \(2,\)"
    ):
        numerical_vjp(softmax, x, np.array([0, 1, np.nan]))
    for h in (0, -1e-6, np.nan, np.inf, 1e7, True, "1", 1j, np.ones(3)):
        with pytest.raises(ValueError, match=r"h must be a positive .* but got .* 1.53e-05$"):
            numerical_jacobian(softmax, x, h=h)
    with pytest.raises(ValueError, match=r"the step h must move x, but x \+ 1e-06 rounds to x"):
        numerical_jacobian(softmax, x + 1e12, h=1e-6)
    with pytest.raises(
        ValueError, match=r"^numerical_jvp: t must have the shape of x, \(3,\), bu"
    ):
        numerical_jvp(softmax, x, np.ones(2))
    with pytest.raises(ValueError, match=r"^numerical_vjp: dp must have the shape of f\(x\), \(3"):
        numerical_vjp(softmax, x, np.ones(2))
    with pytest.raises(ValueError, match=r"TypeError: .*complex128.*; the complex step needs a f"):
        numerical_jacobian(softmax, x, method="complex")


def test_a_function_that_turns_into_an_array_is_told_so():
    """A number's shape is (), which is a shape, too."""
    calls = []

    def f(x):
        calls.append(1)
        return x.sum() if len(calls) == 1 else x

    with pytest.raises(ValueError, match=r"must always return one shape, but got \(\) and then"):
        numerical_vjp(f, np.ones(3), 1.0)


def test_the_steps_are_those_of_notebook_06():
    """Powers of 2, for each method and precision; one u off, and Richardson's would be doubled."""
    steps = {
        name: [np.log2(default_step(name, dtype)) for dtype in (np.float64, np.float32)]
        for name in METHODS
    }
    assert steps == {
        "forward": [-23, -9],
        "central": [-16, -6],
        "richardson": [-9, -3],
        "complex": [-100, -40],
    }


def test_the_complex_step_is_exact_in_float32_too():
    """To the rounding of float32; and lists are read as arrays."""
    x = np.array([0.3, -1.2], np.float32)
    J = numerical_jacobian(np.exp, x, method="complex")
    np.testing.assert_allclose(np.diag(J), np.exp(x), rtol=2e-7)
    np.testing.assert_array_equal(
        numerical_jacobian(np.exp, [0.5, 1.5]), numerical_jacobian(np.exp, np.array([0.5, 1.5]))
    )


def test_a_jacobian_costs_two_evaluations_a_coordinate():
    """Not one more: notebook 06 counts them."""
    calls = []

    def f(x):
        calls.append(1)
        return x**2

    numerical_jacobian(f, np.ones(5))
    assert len(calls) == 10


def test_without_a_coordinate_there_is_nothing_to_measure():
    """No columns, and no motion along an empty direction."""
    nothing = np.ones((0, 3))
    assert numerical_jacobian(lambda x: x.sum(axis=-1) + np.ones(0), nothing).shape == (0, 0, 3)
    assert numerical_jvp(lambda x: x, nothing, nothing).shape == (0, 3)


def test_the_longest_step_of_a_direction_is_h():
    """Whatever its signs and its size."""
    points = []

    def f(x):
        points.append(x)
        return x

    numerical_jvp(f, np.zeros(2), [-4.0, -1.0], h=2.0**-10)
    assert np.abs(points).max() == 2.0**-10


@pytest.mark.parametrize("t", [[1.0, 1.0, 0.0], [1.0, -1.0, 0.0], [-1.0, 1.0, 0.0]])
def test_a_direction_bent_in_one_coordinate_is_refused(t):
    """At 1e12 the first coordinate stays where it is, the others move."""
    with pytest.raises(ValueError, match=r"must move x along t, but rounding x \+ 1.5e-05 t"):
        numerical_jvp(lambda x: x, np.array([1e12, 1.0, 5.0]), t)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_direction_that_is_not_finite_is_refused(bad):
    """It would come back as a slope of NaN, or be blamed on f."""
    with pytest.raises(ValueError, match=r"^numerical_jvp: t must be finite, but got (nan|inf)"):
        numerical_jvp(np.exp, np.ones(2), [1.0, bad])
    with pytest.raises(ValueError, match=r"^numerical_vjp: dp must be finite, but got (nan|inf)"):
        numerical_vjp(np.exp, np.ones(2), [1.0, bad])


def test_a_direction_takes_the_precision_of_x():
    """f of a float32 x is measured in float32, whatever t holds."""
    seen = set()

    def f(x):
        seen.add(x.dtype)
        return softmax(x)

    numerical_jvp(f, np.zeros(3, np.float32), np.array([1.0, 0.0, -1.0]))
    assert seen == {np.dtype(np.float32)}


def test_complex_values_of_a_real_x_are_refused():
    """Half of them would be lost on the way into a real gradient; the complex step wants them."""
    with pytest.raises(ValueError, match=r"^numerical_vjp: f must return real numbers for a real"):
        numerical_vjp(lambda x: x + 1j, np.zeros(3), np.ones(3))
    np.testing.assert_allclose(numerical_jvp(np.exp, np.zeros(2), np.ones(2), method="complex"), 1)
