"""Exercises of notebook 04: answers by other hands, and answers that are counted and measured."""

import tracemalloc

import numpy as np
import pytest

from smlearn import softmax
from smlearn.exercises import TASKS, exercise


def vjp(x, dp):
    p = softmax(x)
    return p * (dp - (p * dp).sum(axis=-1, keepdims=True))


def with_a_copy(x, keep, dp):
    p = softmax(x)
    cache = p.copy()
    p *= keep
    dp = dp * keep
    return cache * (dp - (cache * dp).sum(axis=-1, keepdims=True))


def through_the_masked_p(x, keep, dp):
    p = softmax(x)
    p *= keep  # of no further use here, as cache is another array
    return vjp(x, dp * keep)


def least_squares(sizes, costs):
    x, y = np.log10(sizes), np.log10(costs)
    x = x - x.mean()
    return (x @ y) / (x @ x)


def blocks_by_list(f, x, rows):
    return np.concatenate([f(x[k : k + rows]) for k in range(0, len(x), rows)])


def blocks_by_while(f, x, rows):
    out, start = np.zeros_like(x), 0
    while start < len(x):
        out[start : start + rows] = f(x[start : start + rows])
        start += rows
    return out


def full_blocks(x, rows):
    return [slice(k, k + rows) for k in range(0, len(x) - rows + 1, rows)]


def full_blocks_into(new):
    def blocks(f, x, rows):
        out = new(x)
        for block in full_blocks(x, rows):
            out[block] = f(x[block])
        return out

    return blocks


def blocks_of_equal_size(f, x, rows):
    """As many blocks as are needed, of sizes as equal as can be: 3, 2, 2 for 7."""
    return np.concatenate([f(part) for part in np.array_split(x, -(-len(x) // rows))])


def rest_first(f, x, rows):
    short = len(x) % rows
    starts = range(short, len(x), rows)
    return np.vstack([f(x[:short]), *(f(x[k : k + rows]) for k in starts)])


RIGHT = [
    ("power_of", least_squares),
    ("power_of", lambda sizes, costs: np.polyfit(np.log2(sizes), np.log2(costs), 1)[0]),
    ("power_of", lambda sizes, costs: float(np.cov(np.log(sizes), np.log(costs))[0, 1])
     / np.log(sizes).var(ddof=1)),
    ("in_blocks", blocks_by_list),
    ("in_blocks", blocks_by_while),
]  # fmt: skip
WRONG = [
    ("power_of", lambda s, c: np.polyfit(np.log10(s), np.log(c), 1)[0], "two_bases"),
    ("power_of", lambda s, c: np.log2(c[-1] / c[0]) / np.log2(s[-1] / s[0]), "ends_only"),
    ("power_of", lambda s, c: np.polyfit(np.log(s), np.log(c), 2)[0], "a_number"),
    ("in_blocks", blocks_of_equal_size, "equal_blocks"),
    (
        "in_blocks",
        lambda f, x, rows: [f(x[k : k + rows]) for k in range(0, len(x), rows)],
        "not_joined",
    ),
    ("power_of", lambda s, c: round(np.polyfit(np.log(s), np.log(c), 1)[0]), "dtype"),
    (
        "power_of",
        lambda s, c: np.mean(np.diff(np.log2(c)) / np.diff(np.log2(s))),
        "mean_of_slopes",
    ),
    ("power_of", lambda s, c: np.log2(c[1:] / c[:-1]).mean(), "sizes_left_out"),
    ("power_of", lambda s, c: np.log(c[-1] / c[0]), "sizes_left_out"),
    ("power_of", lambda s, c: np.mean(np.log2(c) / np.log2(s)), "through_zero"),
    (
        "power_of",
        lambda s, c: np.linalg.lstsq(np.log(s)[:, None], np.log(c), rcond=None)[0][0],
        "through_zero",
    ),
    ("power_of", lambda s, c: np.diff(np.log2(c)) / np.diff(np.log2(s)), "each_step"),
    ("power_of", lambda s, c: np.polyfit(s, c, 1), "no_logarithms"),
    ("power_of", lambda s, c: np.log(c[-1] / c[-2]) / np.log(s[-1] / s[-2]), "ends_only"),
    ("in_blocks", rest_first, "rest_first"),
    ("in_blocks", lambda f, x, rows: blocks_by_list(softmax, x, rows), "softmax_for_f"),
    ("in_blocks", full_blocks_into(np.empty_like), "rest_missing"),
    ("in_blocks", full_blocks_into(np.zeros_like), "rest_missing"),
    (
        "in_blocks",
        lambda f, x, rows: np.vstack([f(x[each]) for each in full_blocks(x, rows)]),
        "rest_missing",
    ),
    ("in_blocks", lambda f, x, rows: np.stack([f(row) for row in x]), "rows_without_axis"),
]


@pytest.mark.parametrize(("key", "answer"), RIGHT)
def test_right_by_another_hand_is_right(key, answer):
    """Other logarithms, other loops."""
    assert exercise(key).check(answer).right


@pytest.mark.parametrize("answer", [with_a_copy, through_the_masked_p])
def test_the_alias_can_be_mended_in_other_ways(answer):
    """A copy in the cache costs an array, and is right."""
    assert exercise("dropped_cache").check("cache", answer).right


def test_a_mask_on_dx_is_not_said_to_be_in_the_cache():
    """Both give the same numbers, so both are named."""

    def masked(x, keep, dp):
        return keep * vjp(x, dp * keep)

    said = exercise("dropped_cache").check("cache", masked).lines[0]
    assert said == "Dropped classes get no gradient: the mask is in your cache, or on dx."


@pytest.mark.parametrize(("key", "answer", "name"), WRONG)
def test_wrong_by_another_hand_is_wrong(key, answer, name):
    """By the name of the mistake, where it has one."""
    verdict = exercise(key).check(answer)
    assert not verdict.right
    assert name is None or verdict.key == name


def test_rounded_answers_to_the_bill_are_right():
    """412 GB is what the hand says; the half of it is not."""
    ex = exercise("attention_bill")
    assert ex.check(412.3, 402.7).right
    assert ex.check(412.3168, 402.653).right
    assert not ex.check(412.3, 201.3).right
    assert not ex.check(206.2, 402.7).right


@pytest.mark.parametrize(
    ("my_J", "my_dx", "said"),
    [(402.7, 412.3, "That is dx, in MB"), (412.3, 412.3, "That is all J, in GB"),
     (412_317, 402.7, "in MB; GB"), (412.3, 0.4027, "in GB; MB"), (0.4123, 402.7, "all J in TB"),
     (412_316_860_416, 402.7, "in bytes; GB"), (412.3, 402_653_184, "in bytes; MB")],
)  # fmt: skip
def test_the_bill_in_another_order_or_unit(my_J, my_dx, said):
    """Each is told what it is."""
    assert said in exercise("attention_bill").check(my_J, my_dx).lines[0]


def test_where_one_number_is_cut_off_nobody_speaks_of_arrays():
    """round and int make whole numbers without any; and nothing may have been cut off."""
    verdict = exercise("power_of").check(lambda sizes, costs: 2)
    assert verdict.lines[-1] == "Was it cut off behind the point: by int, by round, or by //?"


def test_of_one_number_nobody_says_that_its_shape_is_right():
    """Nor that it is an entry."""
    verdict = exercise("power_of").check(lambda sizes, costs: 77.0)
    assert verdict.lines[0] == "One number is wanted, and it is another one."
    assert verdict.lines[-1].startswith("Work it out by hand")


@pytest.mark.parametrize(
    ("cut", "said"),
    [
        (lambda x, rows: np.split(x, len(x) // rows), "np.split cuts into equal parts only"),
        (lambda x, rows: [x[k : k + rows] for k in range(len(x) // rows)], "There is nothing to"),
    ],
)
def test_blocks_that_cannot_be_cut_or_joined_are_spoken_of(cut, said):
    """What NumPy says of them helps nobody."""
    verdict = exercise("in_blocks").check(lambda f, x, rows: np.vstack([*map(f, cut(x, rows))]))
    assert verdict.lines[-1].startswith(said)


def renormalised(x, keep, dp):
    p = softmax(x) * keep
    return vjp(np.log(np.where(keep > 0, p, 1)) - 1e3 * (keep == 0), dp * keep)


def test_a_mask_that_is_divided_by_its_sum_is_told_so():
    """Its numbers are those of masked logits: both are named."""
    verdict = exercise("dropped_cache").check("cache", renormalised)
    assert verdict.key == "mask_on_logits"
    assert "divided what is kept by its sum" in verdict.lines[0]


def thrifty(p, dp):
    """Repeat what the notebook shows."""
    mean = np.einsum("bj,bj->b", p, dp)[:, None]
    dx = dp - mean
    dx *= p
    return dx


def test_thrifty_makes_as_many_arrays_as_the_exercise_says(rng):
    """And is right; the passes are counted by hand, two, two and three."""
    x, dp = rng.standard_normal((2, 50, 2000))
    p = softmax(x)
    thrifty(p, dp)
    tracemalloc.start()
    try:
        dx = thrifty(p, dp)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    np.testing.assert_allclose(dx, vjp(x, dp), rtol=0, atol=1e-15)  # p < 0.1, a few ulp of that
    my_arrays = TASKS["thrifty_passes"].parts[1].value
    assert my_arrays == round(peak / dp.nbytes)


def test_into_p_returns_what_the_exercise_says():
    """By the four lines of the notebook."""
    p, dp = np.array([[0.5, 0.25, 0.25]]), np.array([[0.0, 4.0, 8.0]])
    np.multiply(p, dp, out=p)
    mean = p.sum(axis=-1, keepdims=True)
    np.subtract(dp, mean, out=p)
    np.multiply(p, p, out=p)
    assert p.tolist() == [TASKS["into_p"].parts[0].value]
