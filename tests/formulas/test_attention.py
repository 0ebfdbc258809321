"""Laws and digits of attention, plain and streaming: one claim, both forms, wherever it holds."""

import tracemalloc

import autograd
import autograd.numpy as anp
import mpmath
import numpy as np
import pytest
from cases import exact_softmax

from smlearn import (
    attention_backward,
    attention_forward,
    softmax,
    softmax_backward,
    softmax_forward,
    streaming_backward,
    streaming_forward,
)
from smlearn.checking import gradcheck
from smlearn.formulas.exact_attention import attention_errors
from smlearn.second_opinions import SEEN, attention_inputs, torch_attention

PAIRS = {
    "plain": (attention_forward, attention_backward),
    "streaming": (streaming_forward, streaming_backward),
}
both = pytest.mark.parametrize("pair", PAIRS.values(), ids=PAIRS)
causal_or_not = pytest.mark.parametrize("causal", [False, True])
NAMES = ("o", "dq", "dk", "dv")


def draw(rng, *lead, T=5, S=7, d=3, e=4):
    """Return q, k, v and do with sizes that are all different."""
    shapes = [(T, d), (S, d), (S, e), (T, e)]
    return tuple(rng.standard_normal((*lead, *shape)) for shape in shapes)


def run(pair, q, k, v, do, **options):
    """Return o, dq, dk, dv."""
    forward, backward = pair
    o, cache = forward(q, k, v, **options)
    return o, *backward(do, cache)


def in_blocks(pair):
    """Return (q, k, v, do, causal) -> dq, dk, dv; three keys at a time where that can be."""
    options = {"block": 3} if pair is PAIRS["streaming"] else {}

    def backward(q, k, v, do, causal):
        return run(pair, q, k, v, do, causal=causal, **options)[1:]

    return backward


def autograd_attention(q, k, v, hidden=None):
    """The definition, for HIPS autograd: no maximum subtracted, nothing of ours called."""
    x = anp.matmul(q, anp.swapaxes(k, -1, -2)) / anp.sqrt(q.shape[-1])
    e = anp.exp(x if hidden is None else anp.where(hidden, -anp.inf, x))
    return anp.matmul(e / anp.sum(e, axis=-1, keepdims=True), v)


# Digits.


@both
@pytest.mark.parametrize("lead", [(), (2,), (2, 6)])
def test_an_independent_autodiff_library_agrees(rng, pair, lead):
    """HIPS autograd differentiates <do, o> from the definition, heads and batches in front."""
    q, k, v, do = draw(rng, *lead)
    o, *mine = run(pair, q, k, v, do)
    np.testing.assert_allclose(o, autograd_attention(q, k, v), rtol=1e-13)
    for at, dx in enumerate(mine):
        expected = autograd.grad(lambda *a: anp.sum(do * autograd_attention(*a)), at)(q, k, v)
        np.testing.assert_allclose(dx, expected, rtol=0, atol=1e-14)  # sums of 7 terms near 1


@both
def test_it_agrees_with_autograd_behind_a_causal_mask(rng, pair):
    """The same with -inf above the diagonal."""
    q, k, v, do = draw(rng, S=5)
    hidden = np.arange(5)[:, None] < np.arange(5)
    o, *mine = run(pair, q, k, v, do, causal=True)
    np.testing.assert_allclose(o, autograd_attention(q, k, v, hidden), rtol=1e-13)
    for at, dx in enumerate(mine):
        loss = lambda *a: anp.sum(do * autograd_attention(*a, hidden))  # noqa: E731
        np.testing.assert_allclose(dx, autograd.grad(loss, at)(q, k, v), rtol=0, atol=1e-14)


def exact_attention(q, k, v, do):
    """o, dq, dk, dv in 80-digit arithmetic; dp - <p, dp> as sum_j p_j (dp_i - dp_j)."""
    with mpmath.workdps(80):
        q, k, v, do = (np.vectorize(mpmath.mpf, otypes=[object])(a) for a in (q, k, v, do))
        root = mpmath.sqrt(q.shape[-1])
        p = exact_softmax(q @ k.T / root)
        dp = do @ v.T
        dx = p * (p[:, None, :] * (dp[:, :, None] - dp[:, None, :])).sum(axis=-1) / root
        return p @ v, dx @ k, dx.T @ q, p.T @ do


@both
@pytest.mark.parametrize("scale", [1, 6])
def test_the_digits_are_those_of_80_digit_arithmetic(rng, pair, scale):
    """As errors of the largest entry; at scale 6 scores reach 100, and carry 100 u into p."""
    q, k, v, do = draw(rng)
    mine = run(pair, scale * q, scale * k, v, do)
    for got, exact in zip(mine, exact_attention(scale * q, scale * k, v, do), strict=True):
        exact = exact.astype(float)
        np.testing.assert_allclose(got, exact, rtol=0, atol=2e-14 * scale * abs(exact).max())


@both
def test_where_a_query_is_nearly_sure_the_digits_are_kept(pair):
    """<do, o> rounds to the sure key's own entry; the covariance of 02 takes that off first."""
    inputs = np.array([[1.0]]), np.array([[0.0], [-45.0]]), np.array([[0.3], [-0.4]])
    exact = exact_attention(*inputs, np.array([[1.0]]))
    for got, want in zip(run(pair, *inputs, np.array([[1.0]])), exact, strict=True):
        np.testing.assert_allclose(got, want.astype(float), rtol=1e-14)


@both
@causal_or_not
@pytest.mark.parametrize("scale", [1, 10, 40, 100])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("about", [0, 5])
def test_every_gradient_has_the_digits_that_its_condition_allows(
    rng, pair, causal, scale, dtype, about
):
    """Below u times the condition, against 80 digits; values about 0 and about 5."""
    worst = np.zeros(3)
    for _ in range(4):
        q, k, v, do = (a.astype(dtype) for a in draw(rng, T=4, S=4 if causal else 7))
        inputs = scale * q, k, v + dtype(about), do
        worst = np.maximum(worst, attention_errors(in_blocks(pair), *inputs, causal=causal))
    assert (worst < 1).all()


@causal_or_not
@pytest.mark.parametrize("scale", [1, 10, 40, 100])
@pytest.mark.parametrize("about", [1e5, -1e8, [1e8, 0, -1e-8, 3]])
def test_what_the_values_have_in_common_costs_the_streaming_form_nothing(
    rng, causal, scale, about
):
    """A constant has no covariance; the plain form multiplies it by do first, and rounds."""
    q, k, v, do = draw(rng, T=6, S=6)
    inputs = scale * q, k, v + about, do
    assert max(attention_errors(in_blocks(PAIRS["streaming"]), *inputs, causal=causal)) < 1
    assert max(attention_errors(in_blocks(PAIRS["plain"]), *inputs, causal=causal)) > 1


@causal_or_not
@pytest.mark.parametrize("block", [1, 2, 3, 32])
def test_heads_and_leaders_that_come_late_have_their_digits_too(rng, causal, block):
    """Scores that rise along the keys: the sums are turned at each; in front two axes of heads."""
    q, k, v, do = draw(rng, 2, 3, T=6, S=6)
    q, k = 30 + abs(q), np.sort(k, axis=-2)
    _, cache = streaming_forward(q, k, v, causal=causal, block=block)
    grads = streaming_backward(do, cache)
    for at in np.ndindex(2, 3):
        inputs = [a[at] for a in (q, k, v, do)]
        mine = [g[at] for g in grads]
        assert max(attention_errors(lambda *_, g=mine: g, *inputs, causal=causal)) < 1


@causal_or_not
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_where_nothing_can_change_o_the_gradient_is_0_and_no_noise(rng, causal, dtype):
    """One key, or values that are all alike: do v^T and <do, o> round otherwise."""
    one = np.ones((1, 1), dtype)
    _, cache = streaming_forward(one, one, np.array([[0.1, 0.3]], dtype), causal=causal)
    dq, dk, dv = streaming_backward(np.array([[3, 7]], dtype), cache)
    assert (dq.tolist(), dk.tolist(), dv.tolist()) == ([[0]], [[0]], [[3, 7]])
    for _ in range(20):
        q, k, v, do = (a.astype(dtype) for a in draw(rng, T=6, S=6))
        v[:] = v[0]
        _, cache = streaming_forward(q, k, v, causal=causal, block=4)
        dq, dk, _ = streaming_backward(do, cache)
        assert not dq.any()
        assert not dk.any()
        _, cache = streaming_forward(30 * q, k, draw(rng, T=6, S=6)[2], causal=True)
        dq, *_ = streaming_backward(do, cache)
        assert not dq[0].any()  # who sees one key has no choice


@pytest.mark.parametrize("at", [0, 2, 6])
def test_an_outlier_that_leads_costs_the_others_nothing(rng, at):
    """A flat row of which one value is a million: 09's case against the likeliest class's own."""
    q, k, v, do = draw(rng)
    k[:] = 0
    k[at] = 1e-9
    v[at] = 1e6
    assert max(attention_errors(in_blocks(PAIRS["streaming"]), abs(q), k, v, do)) < 1


def test_what_leads_and_how_far_o_is_from_its_value_is_remembered(rng):
    """The first of several with the largest score, also across blocks; o less its value."""
    q, k, v, _ = draw(rng)
    k[5] = k[2] = 3 * k.sum(axis=0)  # one score, twice
    o, cache = streaming_forward(q, k, v, block=2)
    x = q @ k.T
    np.testing.assert_array_equal(cache.lead[:, 0], x.argmax(axis=-1))
    np.testing.assert_allclose(cache.apart, o - v[cache.lead[:, 0]], rtol=0, atol=1e-15)


def test_values_without_a_constant_are_not_carried_twice(rng):
    """Columns of both signs have none: causal forward holds no v - c, and no sum of it."""
    q, k, v, _ = draw(rng, T=512, S=512, d=4, e=64)
    peaks = []
    for values in (v, abs(v)):
        tracemalloc.start()
        streaming_forward(q, k, values, causal=True)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[0] < peaks[1] - 1.9 * v.nbytes


@causal_or_not
def test_streaming_equals_plain_at_2048_words_in_a_tenth_of_the_memory(rng, causal):
    """To 1e-12, with no (T, T) array; and in a seventh of the least that a plain form holds."""
    inputs = draw(rng, T=2048, S=2048, d=32, e=32)
    results, peaks = {}, {}
    for name, pair in PAIRS.items():
        tracemalloc.start()
        results[name] = run(pair, *inputs, causal=causal)
        peaks[name] = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    for plain, streaming in zip(*results.values(), strict=True):
        np.testing.assert_allclose(streaming, plain, rtol=0, atol=1e-12)
    two = 2 * 2048**2 * 8  # p and dp
    assert peaks["plain"] > two
    assert peaks["streaming"] < peaks["plain"] / 10
    assert peaks["streaming"] < two / 7


@both
def test_pytorch_says_the_same(pair):
    """Live where it is installed, else as recorded; nothing here cancels much."""
    theirs = torch_attention().answers
    for case, options in [("full", {}), ("causal", {"causal": True})]:
        for name, mine in zip(NAMES, run(pair, *attention_inputs(), **options), strict=True):
            np.testing.assert_allclose(mine, theirs[case][name], rtol=1e-12, atol=1e-15)


def test_pytorch_gives_a_query_that_sees_nothing_the_same_zeros():
    """Its attention does; its softmax of nothing is NaN, and a mask by hand lands there."""
    theirs = torch_attention().answers
    assert theirs["softmax"] == ["nan"] * 3
    for name, mine in zip(NAMES, run(PAIRS["plain"], *attention_inputs(), mask=SEEN), strict=True):
        np.testing.assert_allclose(mine, theirs["blind"][name], rtol=1e-12, atol=1e-15)


# Gradient checks, one input at a time.


@both
@causal_or_not
@pytest.mark.parametrize("at", [0, 1, 2])
def test_each_input_passes_gradcheck(rng, pair, causal, at):
    """The other two stay as they are."""
    forward, backward = pair
    inputs = list(draw(rng, S=5))[:3]

    def f(x):
        return forward(*inputs[:at], x, *inputs[at + 1 :], causal=causal)

    assert gradcheck(f, lambda do, cache: backward(do, cache)[at], inputs[at]).verdict == "PASS"
    twice = gradcheck(f, lambda do, cache: 2 * backward(do, cache)[at], inputs[at])
    assert twice.verdict == "FAIL"


# Laws.


@both
def test_keys_that_are_all_alike_give_the_mean_of_the_values(rng, pair):
    """Equal scores, equal weights: and then no query is worth moving."""
    q, k, v, do = draw(rng)
    k[:] = k[0]
    o, dq, _, dv = run(pair, q, k, v, do)
    np.testing.assert_allclose(o, np.broadcast_to(v.mean(axis=0), o.shape), rtol=1e-13)
    np.testing.assert_allclose(dq, 0, atol=1e-15)
    np.testing.assert_allclose(dv, np.broadcast_to(do.sum(axis=0) / 7, dv.shape), rtol=1e-13)


@both
def test_what_softmax_cannot_see_attention_cannot(rng, pair):
    """A vector added to every key shifts a query's scores alike: o stays, and dk sums to 0."""
    q, k, v, do = draw(rng)
    o, _, dk, dv = run(pair, q, k, v, do)
    moved, *_ = run(pair, q, k + rng.standard_normal(3), v, do)
    np.testing.assert_allclose(moved, o, rtol=1e-12)
    np.testing.assert_allclose(dk.sum(axis=0), 0, atol=1e-14)
    np.testing.assert_allclose(dv.sum(axis=0), do.sum(axis=0), rtol=1e-13)  # rows of p sum to 1


@both
def test_a_vector_added_to_every_value_is_added_to_every_output(rng, pair):
    """Weights that sum to 1; and the scores are blind to it, as backward is to constants."""
    q, k, v, do = draw(rng)
    c = rng.standard_normal(4)
    o, dq, dk, _ = run(pair, q, k, v, do)
    shifted, dq_c, dk_c, _ = run(pair, q, k, v + c, do)
    np.testing.assert_allclose(shifted, o + c, rtol=0, atol=1e-14)
    np.testing.assert_allclose(dq_c, dq, rtol=0, atol=1e-14)
    np.testing.assert_allclose(dk_c, dk, rtol=0, atol=1e-14)


def test_the_gradient_of_the_scores_is_the_covariance(rng):
    """dx = p (dp - <p, dp>), and <p, dp> is <do, o>: by the pieces of notebook 02."""
    q, k, v, do = draw(rng)
    p, cache = softmax_forward(q @ k.T / np.sqrt(3))
    dx = softmax_backward(do @ v.T, cache)
    o, dq, dk, dv = run(PAIRS["plain"], q, k, v, do)
    np.testing.assert_allclose((do * o).sum(axis=-1), (p * (do @ v.T)).sum(axis=-1), rtol=1e-13)
    np.testing.assert_allclose(dq, dx @ k / np.sqrt(3), rtol=1e-12)
    np.testing.assert_allclose(dk, dx.T @ q / np.sqrt(3), rtol=1e-12)
    np.testing.assert_allclose(dv, p.T @ do, rtol=1e-13)


@both
def test_queries_and_heads_are_strangers(rng, pair):
    """Another query's row, or another head, changes nothing but what is summed over queries."""
    q, k, v, do = draw(rng, 2)
    o, dq, *_ = run(pair, q, k, v, do)
    q[0, 1:], k[1], v[1] = 9, -9, 5
    again, dq_again, *_ = run(pair, q, k, v, do)
    np.testing.assert_allclose(again[0, 0], o[0, 0], rtol=0, atol=1e-15)
    np.testing.assert_allclose(dq_again[0, 0], dq[0, 0], rtol=0, atol=1e-15)


@both
def test_it_is_linear_in_do(rng, pair):
    """And 0 at 0, exactly."""
    forward, backward = pair
    q, k, v, a = draw(rng)
    b = rng.standard_normal(a.shape)
    _, cache = forward(q, k, v)
    combined = [2 * x - y for x, y in zip(backward(a, cache), backward(b, cache), strict=True)]
    for got, expected in zip(backward(2 * a - b, cache), combined, strict=True):
        np.testing.assert_allclose(got, expected, rtol=0, atol=1e-14)
    assert not any(g.any() for g in backward(np.zeros_like(a), cache))


@pytest.mark.parametrize("block", [1, 2, 3, 7, 100])
def test_the_size_of_a_block_does_not_matter(rng, block):
    """The sums are turned to one maximum whichever way they are cut; 7 keys, also unevenly."""
    inputs = draw(rng)
    plain = run(PAIRS["plain"], *inputs)
    for got, expected in zip(run(PAIRS["streaming"], *inputs, block=block), plain, strict=True):
        np.testing.assert_allclose(got, expected, rtol=0, atol=1e-14)


@pytest.mark.parametrize("order", [1, -1])
def test_a_maximum_that_comes_late_or_early_is_kept(order):
    """Scores from -2000 to 2000, where exp itself is 0 or inf, one key at a time."""
    q, k = np.ones((1, 1)), np.array([[-2000.0], [-1], [1999], [2000]])[::order]
    v = np.arange(8.0).reshape(4, 2)
    o, _ = streaming_forward(q, k, v, block=1)
    np.testing.assert_allclose(o, softmax(q @ k.T) @ v, rtol=1e-14)


# Masks.


@both
def test_the_future_does_not_move_the_past(rng, pair):
    """Change the last word: to the bit nothing changes before it; and o[0] is v[0]."""
    q, k, v, do = draw(rng, S=5)
    o, *_ = run(pair, q, k, v, do, causal=True)
    np.testing.assert_array_equal(o[0], v[0])
    k[4], v[4] = 77, -77
    later, *_ = run(pair, q, k, v, do, causal=True)
    np.testing.assert_array_equal(later[:4], o[:4])
    assert (later[4] != o[4]).all()


def test_a_hidden_key_is_as_good_as_absent(rng):
    """It gets weight 0 and gradient 0, and the others what they get without it."""
    q, k, v, do = draw(rng)
    mask = np.ones((5, 7), bool)
    mask[:, [2, 6]] = False
    left = [0, 1, 3, 4, 5]
    o, dq, dk, dv = run(PAIRS["plain"], q, k, v, do, mask=mask)
    without = run(PAIRS["plain"], q, k[left], v[left], do)
    assert not dk[[2, 6]].any()
    assert not dv[[2, 6]].any()
    for got, expected in zip((o, dq, dk[left], dv[left]), without, strict=True):
        np.testing.assert_allclose(got, expected, rtol=0, atol=1e-15)


def test_a_mask_of_each_head_and_causal_together(rng):
    """(..., T, S) masks; both must allow a key."""
    q, k, v, do = draw(rng, 2, S=5)
    mask = rng.random((2, 5, 5)) < 0.6
    got = run(PAIRS["plain"], q, k, v, do, mask=mask, causal=True)
    together = mask & np.tri(5, dtype=bool)
    for head in range(2):
        alone = run(
            PAIRS["plain"], *(a[head] for a in (q, k, v, do)), mask=together[head].tolist()
        )
        for a, b in zip(got, alone, strict=True):
            np.testing.assert_allclose(a[head], b, rtol=0, atol=1e-15)


def test_a_query_that_sees_nothing_gets_zeros_and_disturbs_nobody(rng):
    """o and dq are 0 there, exactly; dk, dv and the other rows are as if it were not asked."""
    q, k, v, do = draw(rng)
    mask = rng.random((5, 7)) < 0.7
    mask[3] = False
    rest = [0, 1, 2, 4]
    o, dq, dk, dv = run(PAIRS["plain"], q, k, v, do, mask=mask)
    without = run(PAIRS["plain"], q[rest], k, v, do[rest], mask=mask[rest])
    assert not o[3].any()
    assert not dq[3].any()
    for got, expected in zip((o[rest], dq[rest], dk, dv), without, strict=True):
        np.testing.assert_allclose(got, expected, rtol=0, atol=1e-15)


# Precision, layout, what is left alone.


@both
@pytest.mark.parametrize(
    ("dtype", "answer", "rtol"), [("f4", "f4", 2e-6), ("f2", "f2", 2e-3), ("i8", "f8", 1e-12)]
)
def test_it_answers_in_the_widest_precision(rng, pair, dtype, answer, rtol):
    """float16 is computed in float32 and rounded once; integers are float64."""
    inputs = tuple((3 * a).astype(dtype) for a in draw(rng))
    expected = run(pair, *(a.astype(float) for a in inputs))
    for got, right in zip(run(pair, *inputs), expected, strict=True):
        assert got.dtype == answer
        np.testing.assert_allclose(got, right, rtol=0, atol=rtol * abs(right).max())
    mixed, _ = pair[0](inputs[0], inputs[1], inputs[2].astype(float))
    assert mixed.dtype == np.float64


@both
def test_arguments_of_any_layout_are_left_alone(rng, pair):
    """Read-only, transposed, strided backwards: same numbers, and nothing is written."""
    inputs = draw(rng)
    expected = run(pair, *inputs)
    odd = [np.array(a.T).T[::-1, ::-1][::-1, ::-1] for a in inputs]
    for a in odd:
        a.flags.writeable = False
    for got, right in zip(run(pair, *odd), expected, strict=True):
        np.testing.assert_allclose(got, right, rtol=0, atol=1e-15)
    for a, before in zip(odd, inputs, strict=True):
        np.testing.assert_array_equal(a, before)


@both
def test_what_happens_to_the_inputs_or_to_o_afterwards_does_not_reach_the_cache(rng, pair):
    """q += 1 between forward and backward is the alias that eats a cache."""
    q, k, v, do = draw(rng)
    expected = run(pair, q, k, v, do)[1:]
    o, cache = pair[0](q, k, v)
    for a in (q, k, v):
        a += 1
    o += 1
    for got, right in zip(pair[1](do, cache), expected, strict=True):
        np.testing.assert_array_equal(got, right)
    for kept in cache:
        assert not isinstance(kept, np.ndarray) or not kept.flags.writeable


@both
def test_numbers_too_small_become_0_whatever_numpy_is_told(rng, pair):
    """Who lets NumPy raise on underflow did not ask about the inside of this function."""
    inputs = draw(rng)
    with np.errstate(all="raise"):
        for got in run(pair, *(1e-200 * a for a in inputs)):
            assert np.isfinite(got).all()
        q, k, v, do = inputs
        for got in run(pair, 40 * q, 40 * k, v, do):  # exp of scores far apart
            assert np.isfinite(got).all()


@both
def test_nobody_asks_nothing_is_answered(pair):
    """No queries: an empty batch is a batch."""
    o, dq, dk, dv = run(pair, np.ones((0, 3)), np.ones((7, 3)), np.ones((7, 4)), np.ones((0, 4)))
    assert (o.shape, dq.shape) == ((0, 4), (0, 3))
    assert not dk.any()
    assert not dv.any()
    shapes = [a.shape for a in run(pair, *draw(np.random.default_rng(0), 0, 2))]
    assert shapes == [(0, 2, 5, 4), (0, 2, 5, 3), (0, 2, 7, 3), (0, 2, 7, 4)]


# What is refused.

A = np.ones((5, 3))
BAD = {
    "widths": ((A, np.ones((7, 2)), np.ones((7, 4))), "must have shapes"),
    "keys and values": ((A, np.ones((7, 3)), np.ones((6, 4))), "must have shapes"),
    "one word without its axis": ((A[0], A, A), "must have shapes"),
    "heads": ((np.ones((2, 5, 3)), A, A), "must have shapes .* heads in front"),
    "no keys": ((A, np.ones((0, 3)), np.ones((0, 4))), "at least one key"),
    "no numbers": ((np.ones((5, 0)), np.ones((7, 0)), np.ones((7, 4))), "at least one key"),
    "NaN": ((A, A, np.where(np.eye(5, 3), np.nan, 1)), r"v must be finite, but got nan at \(0, 0"),
    "inf": ((A, np.where(np.eye(5, 3), -np.inf, 1), A), "k must be finite"),
    "scores": ((1e200 * A, 1e200 * A, A), r"q k\^T / sqrt\(d\) must be finite, but got inf at"),
    "scores that cancel": (
        (
            np.full((5, 16), 1e200),
            1e200 * np.repeat([[1.0, -1.0]] * 7, 8, axis=1),
            np.ones((7, 4)),
        ),
        "must be finite, but got (nan|-?inf) at",
    ),
    "negative scores": ((1e200 * A, -1e200 * A, A), "must be finite, but got -inf at"),
}


@both
@pytest.mark.parametrize("case", BAD)
def test_what_does_not_fit_is_refused_with_a_sentence(pair, case):
    """By the name of the function that was called."""
    inputs, sentence = BAD[case]
    with pytest.raises(ValueError, match=rf"(?s)^{pair[0].__name__}: .*{sentence}"):
        pair[0](*inputs)


@both
def test_what_is_no_real_number_is_refused(pair):
    """Complex numbers, and truth values in the place of numbers."""
    for bad in (A + 1j, A > 0):
        with pytest.raises(TypeError, match=r"k must hold real numbers, but got dtype"):
            pair[0](A, bad, A)


@both
def test_causal_needs_a_place_for_each_query(pair):
    """With fewer queries than keys there are two readings, and libraries differ."""
    with pytest.raises(ValueError, match="as many keys as queries, but got 7 keys and 5 queries"):
        pair[0](A, np.ones((7, 3)), np.ones((7, 4)), causal=True)


@both
@pytest.mark.parametrize("causal", ["no", 1, None])
def test_causal_is_true_or_false(pair, causal):
    """Any text counts as True in Python, "no" as well."""
    sentence = f"^{pair[0].__name__}: causal must be True or False, but got"
    with pytest.raises(TypeError, match=sentence):
        pair[0](A, A, A, causal=causal)
    pair[0](A, A, A, causal=np.True_)


@pytest.mark.parametrize(
    ("mask", "error", "sentence"),
    [
        (np.zeros((5, 5)), TypeError, "must hold truth values, but got dtype float64"),
        (np.ma.ones((5, 5), bool), TypeError, "must be a plain array, but got a masked one"),
        (np.ones((5, 1), bool), ValueError, r"must have shape \(5, 5\) or \(5, 5\), but got \(5,"),
    ],
)
def test_a_mask_that_does_not_fit_is_refused(mask, error, sentence):
    """An additive mask of 0 and -inf would be read the other way round; (5, 1) would broadcast."""
    with pytest.raises(error, match=f"^attention_forward: mask {sentence}"):
        attention_forward(A, A, A, mask=mask)


@both
def test_a_backward_without_its_cache_or_its_shape_is_refused(pair):
    """The order is do, then cache; and the cache is that of its own forward."""
    forward, backward = pair
    o, cache = forward(A, A, np.ones((5, 4)))
    other = next(f for f, _ in PAIRS.values() if f is not forward)(A, A, A)[1]
    for wrong in (o, other, None):
        sentence = rf"Cache of {forward.__name__}, but got .*call {backward.__name__}\(do, cache\)"
        with pytest.raises(TypeError, match=sentence):
            backward(o, wrong)
    with pytest.raises(ValueError, match=r"do must have the shape of o, \(5, 4\), but got \(5,\)"):
        backward(np.ones(5), cache)
    with pytest.raises(ValueError, match=r"do must be finite, but got nan at \(0, 0\)"):
        backward(np.full((5, 4), np.nan), cache)
    with pytest.raises(TypeError, match="do must hold real numbers"):
        backward(np.ones((5, 4), bool), cache)
    _, single = forward(*(np.ones(a.shape, "f4") for a in (A, A, A)))
    with pytest.raises(ValueError, match="do must be finite, but got inf"):  # in float32 it is
        backward(1e300 * A, single)


@both
def test_a_gradient_that_overflows_both_ways_is_refused(pair):
    """inf - inf is NaN within a product; that is a sentence, too, and no warning."""
    signs = np.repeat([1.0, -1.0], 8)
    _, cache = pair[0](A, A, 1e200 * np.tile(signs, (5, 1)))
    with pytest.raises(ValueError, match=rf"^{pair[1].__name__}: .* (finite|range)"):
        pair[1](np.full((5, 16), 1e200), cache)


@both
@pytest.mark.parametrize("size", [1e308, 1e200])
def test_a_gradient_that_overflows_is_refused(pair, size):
    """With a sentence and no warning: in do v^T, or later in its product with the keys."""
    inputs = np.eye(5, 3), 1e-200 * A, 1e150 * np.eye(5, 3)
    _, cache = pair[0](*inputs)
    with pytest.raises(ValueError, match=rf"^{pair[1].__name__}: .* (finite|range)"):
        pair[1](size * np.eye(5, 3), cache)


def test_values_whose_sum_overflows_before_it_is_divided_are_refused():
    """The streaming form adds up first: five values of 1e308 are too many."""
    o, _ = attention_forward(A, A, 1e308 * A)
    np.testing.assert_allclose(o, 1e308, rtol=1e-15)
    with pytest.raises(ValueError, match=r"^streaming_forward: o must be finite.*scale v down"):
        streaming_forward(A, A, 1e308 * A)


@both
def test_a_mean_that_rounds_beyond_the_largest_number_is_refused(rng, pair):
    """Weights that sum to 1 + u, times the largest float64, are inf."""
    q, k, v, _ = draw(rng, T=1000)  # in some of so many rows they do
    v[:] = np.finfo(float).max
    with pytest.raises(ValueError, match=rf"^{pair[0].__name__}: o must be finite.*scale v down"):
        pair[0](q, k, v)


@both
def test_where_do_times_v_overflows_both_are_named(pair):
    """Either of the two can be scaled."""
    _, cache = pair[0](A, A, 1e200 * A)
    sentence = rf"^{pair[1].__name__}: do v\^T must be finite.*scale do or v down"
    with pytest.raises(ValueError, match=sentence):
        pair[1](1e200 * A, cache)


def test_half_precision_gradients_that_do_not_fit_are_refused():
    """70,000 does not fit in float16, and inf would be no answer."""
    _, cache = attention_forward(A.astype("f2"), A.astype("f2"), A.astype("f2"))
    with pytest.raises(ValueError, match="dv must be finite, but got inf"):
        attention_backward(np.full((5, 3), 6e4, "f4") * 5, cache)


@pytest.mark.parametrize(
    ("block", "error"), [(0, ValueError), (-1, ValueError), (2.5, TypeError), ("7", TypeError)]
)
def test_a_block_that_is_no_number_of_keys_is_refused(block, error):
    """At least one key at a time."""
    with pytest.raises(error, match=r"^streaming_forward: block must be "):
        streaming_forward(A, A, A, block=block)
