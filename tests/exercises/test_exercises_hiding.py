"""Where a wrong backward pass looks right: what hides it, or does not, is told as it is."""

import numpy as np
import pytest

from smlearn import four_birds, softmax, softmax_vjp
from smlearn.exercises import exercise

LABEL = np.eye(3)[[0, 1, 2, 2]]
CROSS_ENTROPY = -LABEL / softmax(four_birds())
ZEROS, ONES = np.zeros((4, 3)), np.ones((4, 3))


@pytest.mark.parametrize(("hiding", "exposing", "said"), [
    (CROSS_ENTROPY, LABEL, ""),
    (-ONES, ZEROS, ""),    # dp * p + p of 0 is p
    (LABEL, ONES, "hiding_dp: With it the two differ: which <p, dp>"),
    (ZEROS, ONES, "hiding_dp: With it the two differ: which <p, dp>"),
    (-ONES, CROSS_ENTROPY, "exposing_dp: With it the two agree: what is <p, dp> in each row?"),
])  # fmt: skip
def test_what_hides_a_mean_of_minus_one_is_for_the_learner_to_find(hiding, exposing, said):
    """The condition is asked for and not given; a row of zeros exposes."""
    verdict = exercise("cross_entropy_mean").check(hiding, exposing, softmax_vjp)
    assert verdict.right == (not said)
    assert said in verdict.lines[0]
    assert verdict.right or "-1" not in verdict.lines[0]


@pytest.mark.parametrize("x", [50, -40, 2, np.inf])
def test_where_an_error_is_too_small_to_see_it_is_there(x):
    """At x = 50 both backward passes round to the same number."""

    def mended(x, dp):
        s = 1 / (1 + np.exp(-x))
        return dp * (s + x * s * (1 - s))

    verdict = exercise("one_path_of_two").check(x, mended)
    assert not verdict.right
    assert "exactly 0, and not just small?" in " ".join(verdict.lines)
    assert exercise("one_path_of_two").check(0, mended).right
