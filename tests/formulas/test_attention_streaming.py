"""Digits of the streaming form where keys share a value, against 80 digits."""

import numpy as np
import pytest

from smlearn import attention_backward, attention_forward, streaming_backward, streaming_forward
from smlearn.formulas.exact_attention import attention_errors, exact_attention

causal_or_not = pytest.mark.parametrize("causal", [False, True])


def draw(rng, S=8, e=3):
    """Return q, k, v and do of S words."""
    return tuple(rng.standard_normal((S, width)) for width in (3, 3, e, e))


def streaming(block):
    """Return (q, k, v, do, causal) -> dq, dk, dv."""

    def backward(q, k, v, do, causal):
        return streaming_backward(do, streaming_forward(q, k, v, causal=causal, block=block)[1])

    return backward


def plain(q, k, v, do, causal):
    """The other form."""
    return attention_backward(do, attention_forward(q, k, v, causal=causal)[1])


def said_again(rng):
    """Eight words of four kinds: equal in query, key and value."""
    q, k, v, do = draw(rng)
    kinds = rng.integers(0, 4, 8)
    return q[kinds], k[kinds], v[kinds], do


def shared(rng):
    """Eight keys and three values."""
    q, k, v, do = draw(rng)
    return q, k, v[rng.integers(0, 3, 8)], do


def tied(rng):
    """Whole numbers: equal scores of unequal keys, equal values, and both zeros."""
    q, k, v, do = said_again(rng)
    return q.round(), k.round(), -v.round(), do


def rising(rng):
    """Three values that take the lead from one another, at each key anew."""
    q, k, v, do = shared(rng)
    return abs(q), np.sort(k, axis=0), v, do


def falling(rng):
    """The first key leads, and others have its value."""
    q, k, v, do = shared(rng)
    return abs(q), np.sort(k, axis=0)[::-1], v, do


def far(rng):
    """The same a million or a hundred million away from 0, in some columns."""
    q, k, v, do = said_again(rng)
    return q, k, v + np.array([1e6, 0, -1e8]), do


@causal_or_not
@pytest.mark.parametrize("scale", [1, 10, 40, 100])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("words", [said_again, shared, tied, rising, falling, far])
def test_words_that_share_a_value_cost_no_digit(rng, causal, scale, dtype, words):
    """Below u times the condition; a second key with the leader's value used to cost all."""
    for block in (1, 2, 3, 32):
        q, k, v, do = (np.asarray(a, dtype) for a in words(rng))
        errors = attention_errors(streaming(block), dtype(scale) * q, k, v, do, causal=causal)
        assert max(errors) < 1


def test_the_second_key_with_the_leaders_value_has_its_digits():
    """By hand: dk_0 is p_0 p_2 (0.3 + 0.4), which <do, o> and a - r v_lead round away."""
    inputs = [
        np.array(a) for a in ([[1.0]], [[0], [-1.0], [-45]], [[0.3], [0.3], [-0.4]], [[1.0]])
    ]
    p = np.exp([0, -1, -45]) / (1 + np.exp(-1))
    dk = 0.7 * p[2] * np.array([p[0], p[1], -1])
    for block in (1, 2, 3):
        got = streaming(block)(*inputs, causal=False)
        np.testing.assert_allclose(got[1].ravel(), dk, rtol=1e-15)
        assert max(attention_errors(streaming(block), *inputs)) < 0.1


def test_the_two_zeros_are_one_value():
    """0.3 beside -0.0 is the leader's value, 0.3 beside 0.0."""
    q, k, do = np.array([[1.0]]), np.array([[0], [-1.0], [-45]]), np.array([[2.0, 1.0]])
    v = np.array([[0.0, 0.3], [-0.0, 0.3], [-0.4, -0.4]])
    assert max(attention_errors(streaming(2), q, k, v, do)) < 0.1


def test_a_leader_is_known_by_the_first_key_of_its_head_that_has_its_value(rng):
    """Key 2 leads, and key 1 has its value; in the other head it is the first to have it."""
    q, k = np.ones((2, 1, 1)), np.tile([[0.0], [-1.0], [1.0]], (2, 1, 1))
    v = np.array([[[1.0], [2], [2]], [[4], [1], [2]]])
    for block in (1, 2, 3):
        _, cache = streaming_forward(q, k, v, block=block)
        assert cache.same.tolist() == [[0, 1, 1], [0, 1, 2]]
        assert cache.lead.ravel().tolist() == [1, 2]
    _, cache = streaming_forward(q, k, rng.standard_normal((2, 3, 4)), block=2)  # all differ
    assert cache.same.tolist() == [[0, 1, 2], [0, 1, 2]]


@causal_or_not
def test_each_head_has_values_of_its_own(rng, causal):
    """A value that another head has as well, and two axes of heads in front."""
    q, k, v, do = (np.stack(a) for a in zip(*(said_again(rng) for _ in range(6)), strict=True))
    v[1] = v[0]
    heads = [a.reshape(2, 3, *a.shape[1:]) for a in (20 * q, k, v, do)]
    grads = streaming(3)(*heads, causal)
    for at in np.ndindex(2, 3):
        mine, inputs = [g[at] for g in grads], [a[at] for a in heads]
        assert max(attention_errors(lambda *_, g=mine: g, *inputs, causal=causal)) < 1


@pytest.mark.parametrize("S", [40, 120])
def test_an_outlier_that_leads_a_long_flat_row_costs_the_others_nothing(rng, S):
    """09's case against the likeliest key's own value, of one share in S."""
    q, k, v, do = draw(rng, S)
    k[:] = 0
    k[S // 2] = 1e-9
    v[S // 2] = 1e6
    assert max(attention_errors(streaming(32), abs(q[:2]), k, v, do[:2])) < 1


@pytest.mark.parametrize("S", [5, 9, 40])
def test_a_future_that_changes_sign_does_not_move_the_past(rng, S):
    """One column, all of one sign or not: what is taken off it must not reach o, to the bit."""
    for _ in range(20):
        q, k, v, _ = draw(rng, S, e=1)
        o, _ = streaming_forward(q, k, abs(v), causal=True)
        v = abs(v)
        v[-1] = -5
        later, _ = streaming_forward(q, k, v, causal=True)
        np.testing.assert_array_equal(later[:-1], o[:-1])


def left_by(form, q, k, v, do):
    """Return how far dk of one query is off, in units of u p <|do|, largest |v|>."""
    exact = exact_attention(q, k, v, do)[0][1].astype(float)
    got = form(q, k, v, do, causal=False)[1]
    x = k @ q[0]
    p = np.exp(x - x.max()) / np.exp(x - x.max()).sum()
    off = abs(got - exact).ravel()
    return (off / p / (abs(do) @ abs(v).max(axis=0)) / 2**-53).max()


@pytest.mark.parametrize("h", [1e-4, 1e-8])
def test_a_value_that_is_nearly_the_leaders_is_not_its_value(rng, h):
    """The corner that is left: both forms lose more than is allowed, u of the values."""
    q, k = np.ones((1, 1)), np.array([[0.0], [0.0], [-45.0]])
    most, left = np.zeros(2), 0
    for _ in range(20):
        v, do = rng.standard_normal((3, 3)), rng.standard_normal((1, 3))
        v[1] = v[0] * (1 + h)
        most = np.maximum(
            most, [max(attention_errors(f, q, k, v, do)) for f in (plain, streaming(2))]
        )
        left = max(left, left_by(streaming(2), q, k, v, do))
    assert most.min() > 10
    assert left < 4


@pytest.mark.parametrize("times", [4, 8, 64])
def test_a_word_said_often_beside_another_that_leads(rng, times):
    """The other corner: some keys cost nothing, dozens that hold the row together do."""
    worst = left = 0
    for _ in range(20):
        q, k = np.ones((1, 1)), np.zeros((times + 1, 1))
        v, do = rng.standard_normal((2, 2))[[0] + [1] * times], rng.standard_normal((1, 2))
        worst = max(worst, *attention_errors(streaming(32), q, k, v, do))
        left = max(left, left_by(streaming(32), q, k, v, do))
    assert (worst < 1) == (times < 10)
    assert left < 4


@pytest.mark.parametrize("block", [1, 2])
@pytest.mark.parametrize("rise", [1e-3, 0.7])
def test_hundreds_of_leaders_one_after_the_other_cost_no_digit(rng, block, rise):
    """Scores that rise at each of 300 keys: to turn all sums every time is a rounding each."""
    _, _, v, do = draw(rng, 300, e=2)
    q, k = np.ones((2, 1)), rise * np.arange(300.0)[:, None]
    assert max(attention_errors(streaming(block), q, k, v, do[:2])) < 1
