"""What a difference proves nothing for: asked of f at 0, where every step is exact."""

import numpy as np
import pytest

from smlearn.checking import gradcheck
from smlearn.checking.backward_pair import Case, Pair
from smlearn.checking.compare import Measured
from smlearn.checking.doubts import MOVES, doubt, has_kink

H = 2.0**-16
EPS = np.finfo(float).eps
KINK = "f has a kink near entry (0,) of x"


def case_of(f, x, dp, vjp=None):
    return Case(Pair(f, vjp or (lambda x, dp: 0 * x)), x, [dp], np.random.default_rng(0), H, False)


def told(f, analytic, numeric, tol, *, x=(0.0,), dp=1.0, noise=0.0, vjp=None) -> str:
    """Return what is doubted at x, where that was measured; the first entry is the worst."""
    analytic, numeric, tol = map(np.atleast_1d, (analytic, numeric, tol))
    x, dp = np.array(x), np.asarray(dp, float)
    measured = Measured(dp, analytic, numeric, 0 * numeric, tol, True, (0,), noise)
    return doubt(case_of(f, x, dp, vjp), measured)


@pytest.mark.parametrize(("hidden", "why"), [(999, ""), (1001, MOVES)])
@pytest.mark.parametrize(("dp", "analytic", "numeric"), [(1, 0, 0), (-1, 0, 0), (0.1, 1, 1),
                                                         (0.1, -0.9, -1.0)])  # fmt: skip
def test_what_may_hide_a_thousand_times_all_that_was_seen_is_no_pass(
    dp, analytic, numeric, hidden, why
):
    """Of the upstream, or of either gradient."""
    dp, analytic, numeric, tol = (np.array([float(v)]) for v in (dp, analytic, numeric, 0.2))
    measured = Measured(dp, analytic, numeric, 0 * numeric, tol, True, (0,), 0.0, float(hidden))
    assert doubt(case_of(np.sin, np.zeros(1), dp), measured) == why


@pytest.mark.parametrize("wrong", [lambda x, dp: 0 * x, lambda x, dp: dp.copy(),
                                   lambda x, dp: dp / (x + np.float32(0.01))])  # fmt: skip
def test_a_pole_far_within_the_step_lets_nothing_wrong_pass(wrong):
    """What is measured there is the way from one side of it to the other."""
    share = np.random.default_rng(0).random((4, 3)).astype(np.float32) + np.float32(0.1)
    for x, verdict in [(1e-8 * share, "INCONCLUSIVE"), (0.02 * share, "PASS")]:
        x = x.astype(np.float32)
        assert gradcheck(lambda x: 1 / x, lambda x, dp: -dp / x**2, x).verdict == verdict
        assert gradcheck(lambda x: 1 / x, wrong, x).verdict != "PASS"


def odd(slope):
    """Return a function that has the same slope ahead and behind, whatever the step."""
    return lambda x: x * slope(np.abs(x))


def even(gap):
    """Return one whose slopes ahead and behind are gap(step) apart, and 0 on average."""
    return lambda x: np.abs(x) * gap(np.abs(x)) / 2


def only_at(step):
    """Return slopes of 4, but of 3 for that step."""
    return lambda d: np.where(np.abs(d - step) < step / 100, 3, 4)


def rough(size: float):
    """Return a function that is 0, rounded as beside numbers of that size."""
    return lambda x: (size + x) - size - x


# A shorter step.


@pytest.mark.parametrize("k", range(1, 12))
def test_what_a_shorter_step_confirms_is_not_wrong(k):
    """Eleven are asked, each an eighth of the last."""
    assert told(odd(only_at(H / 8**k)), 6.0, 8.0, 0.1, dp=2.0) == MOVES


@pytest.mark.parametrize("step", [H, H / 2, H / 3, H / 16, H / 8**12])
def test_no_other_step_is_asked(step):
    """Least of all the one that was taken."""
    assert told(odd(only_at(step)), 3.0, 4.0, 0.1) == ""


@pytest.mark.parametrize(("off", "said"), [(0, MOVES), (0.02, MOVES), (-0.03, MOVES),
                                           (0.05, ""), (-0.05, "")])  # fmt: skip
def test_a_shorter_step_confirms_to_a_part_in_32_of_the_error(off, said):
    """By chance that is not hit."""
    f = odd(lambda d: np.where(d < 0.45 * H, 3, 4))
    assert told(f, 3 + off, 4.0, 0.1) == said


@pytest.mark.parametrize(("k", "said"), [(5, MOVES), (6, MOVES), (7, ""), (8, "")])
def test_no_step_is_asked_whose_rounding_is_above_half_of_the_error(k, said):
    """Two units in the last place of dp f(x), 2**14, over h / 8**7 are 1: all of it."""
    slopes = only_at(H / 8**k)
    f = lambda x: 2.0**12 + odd(slopes)(x) / 4  # noqa: E731
    assert told(f, 3.0, 4.0, 0.1, dp=4.0) == said


# Rounding inside.

LOST = (
    "f rounds more than its values show: at entry (0,) of x no difference tells right from wrong"
)


@pytest.mark.parametrize(("error", "said"), [(1.5, LOST), (1.79, LOST), (1.81, ""), (3.0, "")])
def test_noise_excuses_what_it_makes_of_a_difference_beside_the_tolerance(error, said):
    """16 noise / h, and not a bit more."""
    assert told(odd(lambda d: 4), 4 + error, 4.0, 1.0, noise=0.8 * H / 16) == said


def test_noise_is_measured_along_the_worst_entry_alone():
    """That of all the others is known from before."""
    f = lambda x: np.array([4 * x[0], rough(1e10)(x[1])])  # noqa: E731
    assert told(f, [4.45, 0], [4.0, 0], [0.1, 0.1], dp=[1.0, 1], x=[0.0, 5]) == ""
    f = lambda x: np.array([4 * x[0] + rough(1e10)(x[0]), 0 * x[1]])  # noqa: E731
    assert told(f, [4.45, 0], [4.0, 0], [0.1, 0.1], dp=[1.0, 1], x=[0.0, 5]) == LOST


def test_what_lies_beyond_the_step_is_no_noise():
    """There f may leap as it likes."""
    assert told(odd(lambda d: np.where(d > 1.5 * H, 90, 4)), 5.0, 4.0, 0.1) == ""


@pytest.mark.parametrize(("error", "said"), [(0.5, LOST), (3.6, LOST), (3.7, ""), (30.0, "")])
def test_the_backward_pass_is_excused_eight_times_its_noise(error, said):
    """From one last digit of dp to the next it goes here from -0.222 to 0.222."""
    vjp = lambda x, dp: np.full(1, 1e15 * (dp - 1))  # noqa: E731
    assert told(odd(lambda d: 4), 4 + error, 4.0, 0.1, vjp=vjp) == said


# Kinks.


@pytest.mark.parametrize(("error", "tol", "said"), [(1.5, 1.2, KINK), (1.9, 1.0, KINK),
                                                    (2.1, 1.0, ""), (9.0, 1.0, "")])  # fmt: skip
def test_a_kink_excuses_the_gap_of_its_slopes_beside_the_tolerance(error, tol, said):
    """At |x| / 2 they are 1 apart, with every step."""
    assert told(even(lambda d: 1), error, 0.0, tol) == said


@pytest.mark.parametrize(("reach", "said"), [(0.1, KINK), (0.12, KINK), (0.13, ""), (0.9, "")])
def test_the_gap_is_that_of_half_the_step_with_which_it_was_measured(reach, said):
    """That of x**4 goes down to an eighth, where a half would be smooth."""
    assert told(even(lambda d: (d / H) ** 3), 0.01 + reach, 0.0, 0.01) == said


@pytest.mark.parametrize(("slack", "said"), [(0.0, KINK), (0.05, KINK), (0.2, "")])
@pytest.mark.parametrize("ratio", [0.3, 0.7])
def test_a_gap_halves_but_for_a_tenth_and_noise(ratio, slack, said):
    """The noise of three values, four times, is 16 times the noise over the step."""
    f = even(lambda d: (d / H) ** -np.log2(ratio))
    assert told(f, ratio / 2, 0.0, 0.01, noise=slack * H / 32) == said


@pytest.mark.parametrize("ratio", [0.45, 0.5, 0.55])
def test_a_gap_that_halves_is_none(ratio):
    """f bends, and the backward pass is wrong."""
    assert told(even(lambda d: (d / H) ** -np.log2(ratio)), 0.3, 0.0, 0.01) == ""


def test_a_kink_of_another_entry_excuses_nothing():
    """It moves no measurement of this one."""
    f = lambda x: 4 * x[:1] + np.abs(x[1:])  # noqa: E731
    assert told(f, [5.0, 0], [4.0, 0], [0.1, 0.1], dp=[1.0], x=[0.0, 0]) == ""


def test_what_does_not_move_has_no_rounding():
    """However large it is, and its upstream."""
    f = lambda x: np.concatenate([np.abs(x), np.ones(1)])  # noqa: E731
    assert told(f, 1.5, 0.0, 1.0, dp=[1.0, 1e12]) == KINK


@pytest.mark.parametrize(("many", "kink"), [(8, False), (11, False), (12, True), (20, True)])
@pytest.mark.parametrize("side", [1, -1])
def test_what_moves_to_one_side_rounds_like_its_size(side, many, kink):
    """Two that cancel to some last places: four times both their last places are rounding."""
    leap = lambda x: -1.0 * (side * x > 0)  # noqa: E731
    f = lambda x: np.concatenate([leap(x), leap(x) * (1 - many * EPS)])  # noqa: E731
    gap = 2 * many * EPS / H
    said = told(f, gap, 0.0, gap / 2, dp=[1.0, -1.0])
    assert (said == KINK) == kink


# Ties.


@pytest.mark.parametrize("tol", [0.01, 10.0])
def test_tied_entries_are_moved_apart_too(tol):
    """Or the middle of x, -x and 0 stays; no tolerance is lent by what is elsewhere."""
    f = lambda x: np.median([x[0], -x[2], 0.0], keepdims=True)  # noqa: E731
    said = told(f, [0.5, 0, 0], np.zeros(3), [0.01, tol, 0.01], dp=[1.0], x=[0.0, 5, 0])
    assert said == KINK


def test_tied_entries_of_a_table_are_no_kink_in_themselves():
    """In two axes, too; the error is seen."""
    report = gradcheck(np.exp, lambda x, dp: 2 * dp * np.exp(x), np.ones((2, 3)), diagnose=False)
    assert report.verdict == "FAIL"


def test_one_entry_alone_is_tied_with_none():
    """Its slope is not asked again."""
    f = odd(lambda d: np.where(d < 0.7 * H, 3, 4))
    assert told(f, 9.0, 4.0, 0.1) == ""


def test_the_slopes_of_tied_entries_add_up_at_the_step_that_was_taken():
    """With the whole one it would be another; what is not tied is not asked."""
    f = odd(lambda d: np.where(d < 0.7 * H, 4, 3))
    x, numeric = np.array([0.0, 0, 5]), np.array([4.0, 4, 99])
    said = told(
        lambda z: f(z - x), numeric + [5, 0, 0], numeric, np.full(3, 0.1), x=x, dp=np.ones(3)
    )
    assert said == ""


# A shorter step that was taken.


@pytest.mark.parametrize(("part", "kink"), [(0.0, True), (0.04, True), (0.06, False), (1, False)])
@pytest.mark.parametrize("many", [8, 64])
def test_a_kink_is_out_of_reach_of_a_shorter_step(many, part, kink):
    """There the gap is below a twentieth of what bending would leave."""
    f = even(lambda d: np.where(d > H / 2, 1, part / many))
    case, zero = case_of(lambda x: f(x[1:]), np.zeros(2), np.ones(1)), np.zeros(2)
    measured = Measured(np.ones(1), zero, zero, np.array([1.0, -2.0]), zero + 1, False, (0,))
    assert has_kink(case, measured, H / many) == kink
