"""f and its backward are used as they stand: counted, copied, and read in both forms."""

import numpy as np
import pytest

from smlearn import softmax, softmax_backward, softmax_forward, softmax_vjp
from smlearn.checking import gradcheck
from smlearn.checking.backward_pair import Pair, upstreams_for
from smlearn.mistakes import MISTAKES


def test_every_evaluation_of_f_is_counted(rng):
    """With a cache, and without."""
    for f, vjp in [
        (softmax, softmax_vjp),
        (softmax_forward, softmax_backward),
    ]:
        calls = []

        def counting(x, f=f, calls=calls):
            calls.append(1)
            return f(x)

        report = gradcheck(counting, vjp, rng.standard_normal((4, 3)))
        assert report.verdict == "PASS", report
        assert report.n_evals == len(calls)


def test_only_two_things_are_an_output_and_a_cache(rng):
    """Three arrays of one shape are read as one array."""
    report = gradcheck(
        lambda x: (x, 2 * x, x), lambda x, dp: dp[0] + 2 * dp[1] + dp[2], rng.random(3)
    )
    assert report.verdict == "PASS", report


def test_the_callers_arrays_stay_as_they_are(rng):
    """Also where the backward pass writes into what it gets."""
    x, dp = rng.standard_normal((2, 4, 3))
    before = x.copy(), dp.copy()
    for key in ("dp_in_place", "x_in_place"):
        gradcheck(softmax, MISTAKES[key].vjp, x, dp=dp)
    np.testing.assert_array_equal(x, before[0])
    np.testing.assert_array_equal(dp, before[1])


def test_a_pull_leaves_x_and_dp_as_they_are(rng):
    """The next call gets them again."""
    x, dp = rng.standard_normal((2, 4, 3))
    before = x.copy(), dp.copy()
    for key in ("dp_in_place", "x_in_place"):
        Pair(softmax, MISTAKES[key].vjp).dx(x, dp)
    np.testing.assert_array_equal((x, dp), before)


def test_a_subclass_is_read_as_an_array(rng):
    """Its own idea of * or of sum plays no part in the check."""

    class Odd(np.ndarray):
        def sum(self, *args, **kwargs):
            raise AssertionError

    report = gradcheck(softmax, lambda x, dp: softmax_vjp(x, dp).view(Odd), rng.random((4, 3)))
    assert report.verdict == "PASS", report


def test_an_upstream_that_is_given_takes_the_precision_of_the_values():
    """A float64 dp of a float32 f would ask for digits that f has not."""
    y = np.zeros((2, 3), np.float32)
    (dp,) = upstreams_for(y, np.ones((2, 3)), np.random.default_rng(0))
    assert dp.dtype == np.float32


def test_without_one_the_upstreams_are_two_random_and_a_one_hot_in_each_row():
    """The one-hot asks for a single row of J, which random ones blur."""
    y = np.zeros((4, 3))
    first, second, one_hot = upstreams_for(y, None, np.random.default_rng(0))
    assert not np.array_equal(first, second)
    np.testing.assert_array_equal(np.sort(one_hot, axis=-1), np.tile([0.0, 0.0, 1.0], (4, 1)))


def test_one_entry_out_of_range_is_enough_to_refuse_an_upstream():
    """Whatever its sign, and whatever stands beside it."""
    dp = np.ones((4, 3))
    dp[1, 2] = -1e300
    with pytest.raises(
        ValueError, match=r"^gradcheck: dp must stay below 1e\+77, but got 1e\+300"
    ):
        gradcheck(softmax, softmax_vjp, np.zeros((4, 3)), dp=dp)
