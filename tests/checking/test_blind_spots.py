"""What a check could not have seen is said where it is so, and only there."""

import warnings

import numpy as np
import pytest

from smlearn import softmax, softmax_vjp
from smlearn.checking import gradcheck

CONSTANT = "dp is the same for every class"


def advice(x, dp=None, f=softmax, vjp=softmax_vjp):
    return " ".join(gradcheck(f, vjp, x, dp=dp).advice)


def test_a_row_of_dp_may_have_a_constant_of_its_own(rng):
    """1, 1, 1 and 2, 2, 2: J sees neither; the same costs for every row are no constant."""
    x = rng.standard_normal((4, 3))
    assert CONSTANT in advice(x, np.arange(1.0, 5.0)[:, None] * np.ones((4, 3)))
    assert advice(x, np.tile([1.0, 2.0, 3.0], (4, 1))) == ""


def test_of_any_other_f_nothing_is_said_but_of_a_dp_of_0(rng):
    """Ones may expose a lot there; 0 exposes nothing anywhere."""
    x = rng.standard_normal((4, 3))
    assert advice(x, np.ones((4, 3)), np.sin, lambda x, dp: dp * np.cos(x)) == ""
    assert "dp is 0" in advice(x, 0 * x, np.sin, lambda x, dp: dp * np.cos(x))


@pytest.mark.parametrize(("offset", "dtype", "words"), [
    (1e3, np.float32, "0 would pass, too: use float64, or bring x and f(x) nearer to 1."),
    (1e12, np.float64, "0 would pass, too: bring x and f(x) nearer to 1."),
    (0, np.float32, ""), (1e3, np.float64, "")])  # fmt: skip
def test_a_pass_that_0_would_have_had_too_says_so(rng, offset, dtype, words):
    """A mean loss drowned by a constant: no difference of its values shows a slope."""
    x = (0.1 * rng.standard_normal((20, 4))).astype(dtype)
    offset = dtype(offset)
    loss = lambda x: (x**2).mean() + offset  # noqa: E731
    slope = lambda x: 2 * x / x.size  # noqa: E731
    said = advice(x, f=loss, vjp=slope)
    assert said.endswith(words)
    assert bool(said) == bool(words)
    nothing = gradcheck(loss, lambda x: 0 * x, x)
    assert nothing.verdict == ("PASS" if words else "FAIL")
    assert nothing.advice == ()


def test_what_should_be_0_may_be_0_to_rounding(rng):
    """Rows of p sum to 1: what comes back is the rounding of 0, and no more is to be had."""
    x = rng.standard_normal((4, 3))
    whole = lambda x, d: softmax_vjp(x, d[:, None] + 0 * x)  # noqa: E731
    assert advice(x, f=lambda x: softmax(x).sum(-1), vjp=whole) == ""


@pytest.mark.parametrize(
    ("shape", "words"),
    [
        ((1, 3, 3), "as many rows as classes"),
        ((1, 1, 3), "There is one row"),
        ((3,), "There is one row"),
        ((2, 2, 3), ""),
        ((3, 1, 2), ""),
        ((5, 1), "There is one class"),
    ],
)
def test_rows_are_counted_over_all_axes_but_the_last(rng, shape, words):
    """A stack of batches is one batch."""
    said = advice(rng.standard_normal(shape))
    assert words in said
    assert bool(said) == bool(words)


def test_equal_rows_and_equal_logits_are_told_apart(rng):
    """Rows that repeat; rows whose logits are all the same."""
    row = rng.standard_normal(3)
    assert advice(np.tile(row, (4, 1))) == "All rows are equal: let them differ."
    flat = np.arange(4.0)[:, None] * np.ones((4, 3))
    assert advice(flat) == "All logits of a row are equal: use random ones."
    for shape in ((6, 1), (2, 3, 1)):
        alone = advice(np.arange(6.0).reshape(shape))
        assert alone.endswith("There is one class, and its probability is 1: use at least two.")


def test_a_wrong_shape_gives_itself_away(rng):
    """With one row the squeezed result broadcasts against the right one, and is seen."""
    report = gradcheck(softmax, softmax_vjp, rng.standard_normal((1, 3)))
    assert "batch_sum" in report.blind_to
    assert "squeezed" not in report.blind_to


def test_asking_leaves_everything_as_it_was_and_makes_no_noise(rng):
    """Not even where a known mistake overflows."""
    x, dp = 800 + rng.standard_normal((4, 3)), rng.standard_normal((4, 3))
    before = x.copy(), dp.copy()
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        gradcheck(softmax, softmax_vjp, x, dp=dp)
    assert [str(warning.message) for warning in heard] == []
    np.testing.assert_array_equal(x, before[0])
    np.testing.assert_array_equal(dp, before[1])
