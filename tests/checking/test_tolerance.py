"""The derived tolerance is the formula of notebook 06; the estimated one is made of its parts."""

import numpy as np
import pytest

from smlearn import softmax
from smlearn.checking.tolerance import estimated_tolerance, settles, softmax_tolerance

U = 2.0**-53


def test_the_derived_tolerance_is_its_formula():
    """One row at a time: a row's tolerance knows nothing of another row's dp."""
    x, dp = np.zeros((2, 4)), np.array([[3.0, -5.0, 0.0, 1.0], [0.0, 0.0, 0.0, 0.0]])
    h = 2.0**-10
    by_hand = 8 * h**2 / 48 + 4 * U * 5 / h + (4 + 8) * U * 5
    tol = softmax_tolerance(x, dp, h)
    assert tol.shape == x.shape
    np.testing.assert_allclose(tol[0], by_hand, rtol=1e-15)
    assert (tol[1] == np.finfo(float).tiny).all()  # above 0, so that 0 is within


def test_float32_has_its_own_roundoff():
    """2^-24 in place of 2^-53; and the tolerance itself is computed in float64."""
    x = np.zeros((1, 3), np.float32)
    tol = softmax_tolerance(x, np.ones_like(x), 2.0**-6)
    assert tol.dtype == float
    np.testing.assert_allclose(tol, 2.0**-24 * (4 * 2**6 + 11), rtol=1e-15)
    for dp in np.random.default_rng(0).standard_normal((9, 1, 3)).astype(np.float32):
        spread, size = float(np.ptp(dp)), float(np.abs(dp).max())
        by_hand = spread * 2.0**-12 / 48 + 2.0**-24 * size * (4 * 2**6 + 11)
        np.testing.assert_allclose(softmax_tolerance(x, dp, 2.0**-6), by_hand, rtol=1e-15)


def test_the_truncation_bound_is_reached():
    """Two classes at p = 1/2: f''' is 1/8 there, and the bound is met to a few percent."""
    x, h = np.zeros(2), 2.0**-5
    central = (softmax(x + [h, 0]) - softmax(x - [h, 0]))[0] / (2 * h)
    bound = softmax_tolerance(x, np.array([1.0, 0.0]), h)[0]
    assert 0.95 * bound < abs(central - 0.25) <= bound


def test_the_estimated_tolerance_adds_its_parts():
    """The change of each entry, four times the usual change, noise, and 64 roundings."""
    full, half = np.array([1.0, 2.0]), np.array([1.0, 5.0])
    by_hand = np.array([0.0, 3.0]) + 4 * np.sqrt(9 / 2) + 0.25 + 64 * 2.0**-10 * (5 + 2)
    np.testing.assert_allclose(estimated_tolerance(full, half, 0.25, 2.0**-10, 2), by_hand)
    np.testing.assert_allclose(estimated_tolerance(-full, -half, 0.25, 2.0**-10, 2), by_hand)
    assert (estimated_tolerance(0 * full, 0 * full, 0.0, U, 0.0) > 0).all()


@pytest.mark.parametrize(
    ("change", "noise", "settled"),
    [(0.009, 0, True), (0.011, 0, False), (0.5, 0.6, True), (0.5, 0.4, False), (0, 0, True)],
)
def test_settling_is_a_hundredth_or_noise(change, noise, settled):
    """Of the largest entry, not of each."""
    half = np.array([1.0, 1e-6])
    assert settles(half + [0, change], half, noise) is settled
    assert settles(half - [0, change], half, noise) is settled
