"""What f rounds inside, kinks of every size, steps that are too long: right code never fails."""

from functools import partial

import numpy as np
import pytest

from smlearn import softmax
from smlearn.checking import gradcheck
from smlearn.checking.backward_pair import Case, Pair
from smlearn.checking.noise import backward_noise, noise_along, noise_of_values, room_for
from smlearn.formulas.attention_streaming import streaming_backward, streaming_forward

U = 2.0**-53
check = partial(gradcheck, diagnose=False)


def case_of(f, x, dp, h=2.0**-16):
    return Case(Pair(f, lambda x, dp: dp), x, [dp], np.random.default_rng(0), h, False)


@pytest.mark.parametrize("size", [1.0, 100.0, 1e6])
def test_the_noise_of_a_sum_that_cancels_is_that_of_its_terms(size):
    """Rounding to a multiple of q is off by q / sqrt(12), as a uniform error is."""
    x = np.linspace(0.1, 0.9, 7)
    noise = noise_of_values(case_of(lambda x: (size + np.sin(x)) - size, x, np.ones(7)))[0]
    wanted = np.sqrt(7 / 12) * np.spacing(size)
    assert wanted / 3 < noise < 3 * wanted


def test_what_is_exact_has_no_noise():
    """Steps are taken that x takes exactly, so that a straight line stays one."""
    for x in (np.array([1.0, -3.0, 700.0]), np.array([1e-3, 20, 858.7], np.float32)):
        h = 2.0**-16 if x.dtype == float else 2.0**-6
        dp = np.array([1.0, 2.0, 0.5], x.dtype)
        assert noise_of_values(case_of(np.abs, x, dp, h)) == [0.0]


@pytest.mark.parametrize("sign", [1, -1])
def test_where_x_is_large_it_moves_by_eight_of_its_last_place(sign):
    """A step of h / 256 would be lost there, and the rounding of a square with it."""
    x = np.array([sign * 30001.3], np.float32)
    noise = noise_of_values(case_of(np.square, x, np.ones(1, np.float32), 2.0**-6))[0]
    assert 64 / 12 < noise < 64  # a square of 9e8 is a multiple of 64


def steps_taken(x, measure):
    """Return by how much each entry of x is moved from point to point; the same everywhere."""
    seen = []
    measure(case_of(lambda z: seen.append(z.copy()) or z, x, np.ones_like(x)))
    steps = np.diff([z for z in seen if z.shape == x.shape], axis=0)
    assert len(steps) == 8
    np.testing.assert_array_equal(steps, np.broadcast_to(steps[0], steps.shape))
    return steps[0]


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("sign", [1, -1])
def test_a_step_that_x_takes_exactly_stays_and_a_shorter_one_is_of_eight_last_places(dtype, sign):
    """To the same side; and what is not moved, is not."""
    x, last = np.array([1.5, -1.5, 1.5, -1.5, 0.75], dtype), np.finfo(dtype).eps
    x[4] = 1 - 500 * last
    t = sign * last * np.array([100, -100, 0, 0.01, 4.5])
    steps = steps_taken(x, lambda case: noise_along(case, t, [x]))
    assert list(sign * steps / np.spacing(np.abs(x))) == [100, -100, 0, 8, 9]


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("t", [20.3, -20.3, 64.3, -64.3])
def test_all_steps_are_even_where_the_last_place_grows_on_the_way(sign, t):
    """Just below 1 it is half of what it is above: t is rounded to that of the farthest point."""
    eps = np.finfo(float).eps
    x = np.array([sign * (1 - 40 * eps)])
    steps = steps_taken(x, lambda case: noise_along(case, t * eps, [x]))
    assert abs(steps[0] / eps - t) <= 0.5


def test_every_entry_moves_some_up_and_some_down():
    """By half of the longest step at least: the noise of none is left out."""
    steps = steps_taken(np.linspace(-0.7, 0.7, 200), noise_of_values) * 256 * 2**16
    assert 0.5 - 1e-6 < np.abs(steps).min() < np.abs(steps).max() < 1 + 1e-6
    assert 50 < (steps > 0).sum() < 150


def test_a_sum_of_many_entries_bends_no_more_than_one():
    """All to one side would lead a hundred thousand times as far, and leave the parabola."""
    case = case_of(lambda x: np.exp(x.sum()), np.zeros(100_000), np.float64(1.0))
    assert noise_of_values(case)[0] < 1e-14


def test_large_values_of_a_narrow_type_have_a_noise_too():
    """Its square is beyond what float32 holds."""
    x = np.array([1.3, 1.7], np.float32)
    f = lambda x: np.float32(1e30) * np.square(x)  # noqa: E731
    noise = noise_of_values(case_of(f, x, np.ones(2, np.float32), 2.0**-6))[0]
    assert 1e22 < noise < 1e24


def test_what_bends_is_not_noise():
    """Differences of order 4 take a parabola off, and leave of exp no more than rounding."""
    x = np.array([0.3, -0.2])
    noise = noise_of_values(case_of(np.exp, x, np.ones(2)))[0]
    assert noise < 4 * U


def test_noise_is_measured_for_each_upstream():
    """Only what the loss looks at counts."""
    x, both = np.array([0.3, 0.4]), np.array([[1.0, 0.0], [0.0, 1.0]])
    case = case_of(lambda x: np.array([x[0], (1e6 + x[1]) - 1e6]), x, both[0])
    exact, rough = noise_along(case, np.full(2, 1.3e-8), list(both))
    assert exact <= U < 1e-11 < rough < 1e-9


def test_room_is_sixteen_times_the_noise_of_a_difference():
    """Two values, each off by the noise, are divided by h: a step of h / 2 to either side."""
    assert room_for(3.0, 0.5) == 96.0


def test_a_backward_pass_has_its_own_noise():
    """It moves with the last digits of x and dp as far as its terms cancel."""
    x = np.array([0.3, 0.2])
    case = case_of(np.copy, x, np.ones(2))
    assert backward_noise(case, np.array([1.0, -2.0])).max() <= 8 * U
    rough = case._replace(pair=Pair(np.copy, lambda x, dp: dp + (1e6 * x * dp - 1e6 * dp * x)))
    assert 1e-12 < backward_noise(rough, np.full(2, 0.1)).max() < 1e-8


def test_the_noise_of_a_backward_pass_is_no_matter_of_luck_and_takes_four_calls():
    """The same each time: a verdict may hang on it."""
    x, calls = np.linspace(0.1, 0.9, 50), []

    def vjp(x, dp):
        calls.append(1)
        return 1e6 * x * dp - 1e6 * dp * x + dp

    case = case_of(np.copy, x, x)._replace(pair=Pair(np.copy, vjp))
    first, second = (backward_noise(case, np.cos(x)) for _ in range(2))
    np.testing.assert_array_equal(first, second)
    assert len(calls) == 8


ROUGH = {
    "sin beside 100": (lambda x: (100 + np.sin(x)) - 100, lambda x, dp: dp * np.cos(x)),
    "a variance in one pass": (
        lambda x: (x**2).mean() - x.mean() ** 2,
        lambda x, dp: dp * 2 * (x - x.mean()) / x.size,
    ),
    "a square beside its terms": (
        lambda x: (x + 3e3) ** 2 - 9e6 - 6e3 * x, lambda x, dp: dp * 2 * x),
}  # fmt: skip


@pytest.mark.parametrize("name", ROUGH)
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_noise_inside_of_f_is_never_a_failure_and_excuses_nothing_larger(name, dtype):
    """Right: PASS or INCONCLUSIVE. Twice as large, where the noise is far below that: FAIL."""
    f, vjp = ROUGH[name]
    verdicts = set()
    for seed in range(40):
        rng = np.random.default_rng(seed)
        offset = 100 * (name == "a variance in one pass")
        x = (offset + rng.uniform(0.1, 0.9, rng.integers(1, 5))).astype(dtype)
        verdicts.add(check(f, vjp, x, rng=rng).verdict)
        wrong = check(f, lambda x, dp: 2 * vjp(x, dp) + 1, x, rng=rng)
        assert wrong.verdict == "FAIL" or np.dtype(dtype) == np.float32, wrong
        assert wrong.verdict != "PASS"
    assert verdicts <= {"PASS", "INCONCLUSIVE"}


def test_a_step_so_short_that_f_stands_still_decides_nothing():
    """In float32 (10,000 + sin x) - 10,000 goes up in stairs a thousandth high."""
    f, vjp = lambda x: (1e4 + np.sin(x)) - np.float32(1e4), lambda x, dp: dp * np.cos(x)
    for seed in range(60):
        rng = np.random.default_rng(seed)
        x = rng.uniform(0.05, 0.8, rng.integers(1, 6)).astype(np.float32)
        report = check(lambda x: f(x).astype(np.float32), vjp, x, rng=rng)
        assert report.verdict != "FAIL", report


def test_the_report_says_what_drowned():
    """The issue's own example."""
    report = check(*ROUGH["sin beside 100"], np.array([0.1]))
    assert report.verdict == "INCONCLUSIVE"
    assert report.checks[-1].detail == ("f rounds more than its values show: at entry (0,) of x "
                                        "no difference tells right from wrong")  # fmt: skip
    assert report.resolution > 1e-9


def test_least_squares_with_large_features_is_no_failure():
    """f is near 0 at x, and a step away it is not: so is its rounding."""
    for seed in range(20):
        rng = np.random.default_rng(seed)
        dtype = (np.float64, np.float32)[seed % 2]
        a = (1e5 * rng.standard_normal((20, 3))).astype(dtype)
        w = (rng.standard_normal(3) * 10.0 ** rng.uniform(-5, 0)).astype(dtype)
        y = a @ w + rng.standard_normal(20).astype(dtype)
        vjp = lambda w, dp: dp * 2 * a.T @ (a @ w - y) / 20  # noqa: B023, E731
        report = check(lambda w: ((a @ w - y) ** 2).mean(), vjp, w)  # noqa: B023
        assert report.verdict != "FAIL", report


@pytest.mark.parametrize("f", [np.abs, lambda x: np.maximum(x, 0), lambda x: np.abs(x).sum()])
@pytest.mark.parametrize(("dtype", "large"), [(np.float32, 20), (np.float64, 5e7)])
def test_a_kink_beside_large_numbers_is_never_a_failure(f, dtype, large):
    """Their rounding is not that of the entry that is nudged."""
    slope = np.sign if np.all(f(np.array([-1.0]))) else lambda x: np.heaviside(x, 0)
    for seed in range(40):
        rng = np.random.default_rng(seed)
        near = 10.0 ** rng.uniform(-4, -1) * (1 if large == 20 else 2.0**-10)
        x = np.array([near] + [large] * 10, dtype)
        dp = None if seed % 2 else rng.standard_normal(np.shape(f(x))).astype(dtype)
        vjp = lambda x, dp: dp * slope(x)  # noqa: E731
        report = check(f, vjp, x, dp=dp, rng=rng)
        assert report.verdict != "FAIL", report


def test_a_tie_that_no_entry_alone_shows_is_a_kink():
    """The middle of three equal numbers stays where it is when one of them moves."""
    x = np.array([2.0, 1, 1, 1, 0])
    vjp = lambda x, dp: dp[np.argsort(np.argsort(x, kind="stable"))]  # noqa: E731
    hot = np.array([0.0, 0, 1, 0, 0])
    assert check(np.sort, vjp, x, dp=hot).verdict == "INCONCLUSIVE"
    apart = np.array([2.0, 1.1, 1, 1.2, 0])
    assert check(np.sort, vjp, apart, dp=hot).verdict == "PASS"
    wrong = lambda x, dp: 2 * vjp(x, dp)  # noqa: E731
    assert check(np.sort, wrong, apart, dp=hot).verdict == "FAIL"
    same = np.array([1.0, 1, 1])  # equal numbers alone are no kink
    assert check(np.exp, lambda x, dp: dp * np.exp(x) + 1e-3, same).verdict == "FAIL"


def test_a_measured_zero_at_a_kink_counts_in_the_resolution():
    """|x| within a step of 0 measures 0, and so does a backward pass that forgot the entry."""
    x = np.array([1e-9, 42.0])
    report = check(np.abs, lambda x, dp: dp * [0, 1], x, dp=np.array([0.95, 1.0]))
    assert report.verdict == "PASS"
    assert report.resolution > 0.94


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_where_f_bends_sharply_a_shorter_step_is_taken(dtype):
    """1 / x near 0, from both sides; and a wrong one is seen with it."""
    for seed in range(20):
        rng = np.random.default_rng(seed)
        h = 2.0**-16 if dtype is np.float64 else 2.0**-6
        x = (h * rng.uniform(2, 20, 4) * rng.choice([-1, 1], 4)).astype(dtype)
        report = check(lambda x: 1 / x, lambda x, dp: -dp / x**2, x, rng=rng)
        assert report.verdict == "PASS", report
        wrong = check(lambda x: 1 / x, lambda x, dp: -dp / x**2 * 1.2, x, rng=rng)
        assert wrong.verdict == "FAIL", wrong


def test_linear_knows_what_was_added_up_on_the_way():
    """Values in the thousands average to little; the textbook line rounds with them."""
    v = np.array([1000.0, 999.0])

    def vjp(x, dp):
        p, dq = softmax(x), dp[..., None] * v
        return p * (dq - (p * dq).sum(axis=-1, keepdims=True))

    for seed in range(60):
        rng = np.random.default_rng(seed)
        x = rng.standard_normal((3, 2))
        report = check(lambda x: softmax(x) @ v, vjp, x, rng=rng)
        assert report.verdict == "PASS", report
        bent = check(lambda x: softmax(x) @ v, lambda x, dp: vjp(x, dp + 1e-6 * dp**2), x)
        assert bent.checks[-1][:2] == ("linear in dp", "FAIL")


def test_a_streaming_backward_of_one_key_is_linear():
    """Its dq is rounding, of values in the hundreds: 0 is what it should be."""
    q = k = np.array([[1.0]])
    v = np.array([[1000.0, 300.0]])
    vjp = lambda q, do: streaming_backward(do, streaming_forward(q, k, v)[1])[0]  # noqa: E731
    report = check(lambda q: streaming_forward(q, k, v)[0], vjp, q)
    assert report.verdict == "PASS", report


def test_the_layout_of_x_makes_no_difference():
    """Sums over a transposed array run in another order, and round otherwise."""
    for seed in range(20):
        rng = np.random.default_rng(seed)
        a = rng.standard_normal((5, 5))
        quadratic = lambda x, dp: dp * (a + a.T) @ x  # noqa: B023, E731
        x, dp = rng.standard_normal(10)[::2], np.float64(1.5)
        assert check(lambda x: x @ a @ x, quadratic, x, dp=dp).verdict == "PASS"  # noqa: B023
        logits = rng.standard_normal((2, 10)).T
        f = lambda x: np.log(np.exp(x).sum(axis=0))  # noqa: E731
        back = lambda x, dp: dp * np.exp(x) / np.exp(x).sum(axis=0)  # noqa: E731
        assert check(f, back, logits).verdict == "PASS"


def test_a_coarser_y_has_its_own_step_and_its_own_rounding():
    """float32 inside of f, as a framework's default: x and dx in float64."""
    for seed in range(20):
        x = np.random.default_rng(seed).standard_normal(6)
        f, vjp = lambda x: np.sin(x.astype(np.float32)), lambda x, dp: dp * np.cos(x)
        report = check(f, vjp, x)
        assert (report.verdict, report.case.h) == ("PASS", 2.0**-6)
        assert check(f, lambda x, dp: 1.1 * dp * np.cos(x), x).verdict == "FAIL"


def test_the_resolution_holds_for_each_upstream():
    """An entry that is off by a little more than it is seen, whichever upstream shows it."""
    for seed in range(30):
        rng = np.random.default_rng(seed)
        w = (10.0 ** rng.uniform(-3, 3, (3, 40))).astype(np.float32)
        x = rng.standard_normal((1, 3)).astype(np.float32)
        right = check(lambda x: x @ w, lambda x, dp: dp @ w.T, x)  # noqa: B023
        assert right.verdict == "PASS"
        for k in range(3):
            off = np.zeros((1, 3), np.float32)
            off[0, k] = 1.01 * right.resolution
            hot = right.case.upstreams[k]
            wrong = lambda x, dp: dp @ w.T + off * np.array_equal(dp, hot)  # noqa: B023, E731
            report = check(lambda x: x @ w, wrong, x)  # noqa: B023
            assert report.verdict != "PASS"
