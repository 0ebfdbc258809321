"""The blocked forms: the readable forms' numbers, in blocks, in place, in someone's own memory."""

import tracemalloc
from contextlib import contextmanager

import numpy as np
import pytest
from cases import ROWS, exact_vjp, relative_error
from hypothesis import given
from hypothesis import strategies as st

from smlearn import (
    BlockedCache,
    blocked_backward,
    blocked_forward,
    softmax,
    softmax_backward,
    softmax_forward,
    softmax_jacobian_einsum,
    softmax_vjp,
)
from smlearn.formulas import _block_rows
from smlearn.formulas._block_rows import ENTRIES, apart, blocks

INF, NAN = np.inf, np.nan
BLOCKS = st.sampled_from([None, 1, 2, 3, 100])


def upstream(x, seed=1):
    return np.random.default_rng(seed).standard_normal(x.shape)


@contextmanager
def blocks_of(rows, D):
    """Take so many rows to a block; None: as many as is good."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_block_rows, "ENTRIES", rows * D if rows else ENTRIES)
        yield


def blocked_vjp(x, dp, block=None):
    with blocks_of(block, np.shape(x)[-1]):
        return blocked_backward(dp, blocked_forward(x)[1])


@given(ROWS, BLOCKS)
def test_the_forward_gives_the_readable_bits_in_blocks_of_any_size(x, block):
    """A row is never cut, so its maximum and its sum are the very same."""
    with blocks_of(block, x.shape[-1]):
        np.testing.assert_array_equal(blocked_forward(x)[0], softmax(x))


@given(ROWS, BLOCKS)
def test_the_backward_gives_the_readable_numbers_in_blocks_of_any_size(x, block):
    """Only <p, dp> is added up in another order: a few ulp of its terms, which are below 5 p."""
    dx = blocked_vjp(x, upstream(x), block)
    np.testing.assert_allclose(dx, softmax_vjp(x, upstream(x)), rtol=0, atol=1e-15)


@given(ROWS, BLOCKS)
def test_rows_are_strangers_in_a_block(x, block):
    """The same bits whatever else is in the block: each row alone gives them too."""
    dp, D = upstream(x), x.shape[-1]
    alone = [blocked_vjp(*pair) for pair in zip(x.reshape(-1, D), dp.reshape(-1, D), strict=True)]
    np.testing.assert_array_equal(blocked_vjp(x, dp, block), np.reshape(alone, x.shape))


@given(ROWS)
def test_each_row_of_dx_sums_to_zero(x):
    """dx lies in the plane of the simplex: raising all logits together does nothing."""
    np.testing.assert_allclose(blocked_vjp(x, upstream(x)).sum(axis=-1), 0, rtol=0, atol=1e-15)


@given(ROWS)
def test_vjp_of_a_constant_vanishes(x):
    """1^T J = 0 since the outputs sum to 1; the mean is taken twice, so what is left is u^2."""
    np.testing.assert_allclose(blocked_vjp(x, np.full_like(x, 0.1)), 0, rtol=0, atol=1e-30)


def test_a_transposed_product_shows_on_softmax_of_a_linear_map(rng):
    """J is symmetric and hides a transposition; (J W) is not: by finite differences in z."""
    W, z, dp = rng.standard_normal((3, 3)), rng.standard_normal(3), rng.standard_normal(3)
    h = 2.0**-17
    ahead, behind = (softmax((W @ (z + s * h * np.eye(3)).T).T) for s in (1, -1))
    expected = (ahead - behind) @ dp / (2 * h)
    np.testing.assert_allclose(blocked_vjp(W @ z, dp) @ W, expected, rtol=0, atol=1e-9)
    assert np.abs(W @ blocked_vjp(W @ z, dp) - expected).max() > 0.01


# (precision, logit scale, added to dp, bound on the worst relative error of a component). float64:
# the last column of the table of the backward twin; float32: what was measured. Both times 1.5,
# since exp may round differently on another platform.
DIGITS = [
    (np.float64, 1, 0, 1.5e-12),
    (np.float64, 10, 0, 1.1e-14),
    (np.float64, 40, 0, 2.1e-14),
    (np.float64, 100, 0, 4.4e-14),
    (np.float64, 1, 1e8, 3e-13),
    (np.float64, 40, 1e8, 2.1e-14),
    (np.float32, 1, 0, 1.7e-5),
    (np.float32, 10, 0, 3e-6),
    (np.float32, 40, 0, 6e-6),
    (np.float32, 100, 0, 6e-6),
    (np.float32, 1, 1e3, 1.5e-5),
    (np.float32, 40, 1e3, 6e-6),
]


@pytest.mark.parametrize("vjp", [blocked_vjp, softmax_vjp], ids=["blocked", "readable"])
@pytest.mark.parametrize(("dtype", "scale", "offset", "bound"), DIGITS)
def test_every_component_has_its_digits(rng, vjp, dtype, scale, offset, bound):
    """Against 80-digit arithmetic, also where the row is saturated or dp far from 0."""
    x, dp = rng.standard_normal((2, 40, 8))
    x, dp = (scale * x).astype(dtype), (dp + offset).astype(dtype)
    exact = exact_vjp(x.astype(float), dp.astype(float))
    normal = np.abs(exact) > 8 * np.finfo(dtype).tiny  # below, a number has fewer digits
    assert normal.mean() > 0.3
    assert relative_error(vjp(x, dp), exact)[normal].max() < bound


def test_flat_rows_with_one_large_entry_keep_their_digits(rng):
    """Subtracting the likeliest class's entry, 1e6, would round the others away in such a row."""
    x, dp = np.zeros((3, 1000)), rng.standard_normal((3, 1000))
    dp[:, 0] = 1e6
    assert relative_error(blocked_vjp(x, dp), exact_vjp(x, dp)).max() < 5e-15


def test_two_likely_classes_that_the_upstream_does_not_tell_apart_keep_their_digits(rng):
    """Their gradient is their covariance with the rare classes: 1e-20, not 0."""
    x, dp = rng.standard_normal((5, 10)), np.ones((5, 10))
    x[:, :2], dp[:, 2] = 46, 0
    assert relative_error(blocked_vjp(x, dp), exact_vjp(x, dp)).max() < 1e-13


def test_a_block_holds_what_the_cache_does():
    """As many rows as come to ENTRIES numbers, and one that is longer; the last may be short."""
    for D, sizes in [(ENTRIES // 2, [2, 2, 1]), (ENTRIES // 2 + 1, [1] * 5), (ENTRIES, [1] * 5)]:
        assert [len(rows) for (rows,) in blocks(np.zeros((5, D)))] == sizes


def test_rows_longer_than_a_block_keep_their_digits(rng):
    """65,543 float32 terms in a sum, and none of them is lost: the reference adds in float64."""
    x, dp = rng.standard_normal((2, 3, ENTRIES + 7)).astype(np.float32)
    expected = softmax_vjp(x.astype(float), dp.astype(float))
    error = np.abs(blocked_vjp(x, dp) - expected)
    assert (error < 8 * 2.0**-24 * np.abs(dp).max() * softmax(x)).all()  # a few roundings of p dp


SHAPE = (5, 3)


@pytest.fixture
def x(rng):
    return rng.standard_normal(SHAPE)


@pytest.fixture
def dp(rng, x):
    return rng.standard_normal(SHAPE)


def test_out_receives_the_answer_and_is_returned(x, dp):
    """Two buffers serve a whole training run; p is a read-only view of the first."""
    first, second = np.full(SHAPE, NAN), np.full(SHAPE, NAN)
    p, cache = blocked_forward(x, out=first)
    dx = blocked_backward(dp, cache, out=second)
    assert dx is second
    assert np.shares_memory(p, first)
    assert not p.flags.writeable
    np.testing.assert_array_equal(first, softmax(x))
    np.testing.assert_array_equal(second, blocked_vjp(x, dp))


def test_out_may_be_the_argument_itself(x, dp):
    """In place: p where x was, then dx where dp was; block by block, so of any size."""
    expected_p, expected_dx = softmax(x), blocked_vjp(x, dp)
    with blocks_of(2, x.shape[-1]):
        p, cache = blocked_forward(x, out=x)
        np.testing.assert_array_equal(x, expected_p)
        assert blocked_backward(dp, cache, out=dp) is dp
    np.testing.assert_array_equal(dp, expected_dx)
    np.testing.assert_array_equal(p, expected_p)


def test_without_out_no_argument_is_written_to(x, dp):
    """Read-only input is input like any other, and nothing that comes back shares its memory."""
    before = x.copy(), dp.copy()
    x.flags.writeable = dp.flags.writeable = False
    with blocks_of(2, x.shape[-1]):
        p, cache = blocked_forward(x)
        dx = blocked_backward(dp, cache)
    np.testing.assert_array_equal((x, dp), before)
    assert not any(np.shares_memory(new, old) for new in (p, dx) for old in (x, dp, cache.top))
    assert not np.shares_memory(dx, p)


def test_what_is_written_into_out_reaches_the_cache(x, dp):
    """The price of a buffer of one's own, as the docstring says."""
    mine = np.empty(SHAPE)
    _, cache = blocked_forward(x, out=mine)
    mine[:] = 0
    np.testing.assert_array_equal(blocked_backward(dp, cache), 0)


def test_an_out_that_overlaps_is_refused(rng):
    """Shifted by one row, it would overwrite what is still to be read."""
    store = rng.standard_normal((6, 3))
    with pytest.raises(ValueError, match=r"^blocked_forward: out must be x itself or share no"):
        blocked_forward(store[1:], out=store[:-1])
    with pytest.raises(ValueError, match=r"^blocked_forward: out must be x itself or share no"):
        blocked_forward(memoryview(store)[1:], out=store[:-1])
    mine = np.empty(SHAPE)
    _, cache = blocked_forward(store[:-1], out=mine)
    with pytest.raises(ValueError, match=r"^blocked_backward: out must be dp itself or share no"):
        blocked_backward(store[:-1], cache, out=store[1:])
    with pytest.raises(ValueError, match=r"^blocked_backward: out must share no memory with"):
        blocked_backward(store[:-1], cache, out=mine)


def test_the_very_same_array_is_only_taken_where_that_is_allowed(x):
    """In place is for x and dp; p is still read when dx is written."""
    apart(x, "x", x, or_same=True)
    with pytest.raises(ValueError, match=r"^out must share no memory with p, but got one"):
        apart(x, "p", x)


READ_ONLY = np.zeros(SHAPE)
READ_ONLY.flags.writeable = False
BAD_OUT = {
    "list": ([[0.0] * 3] * 5, "but got list"),
    "masked": (np.ma.zeros(SHAPE), "but got MaskedArray"),
    "shape": (np.zeros((3, 5)), r"of shape \(5, 3\) and dtype float64 .*but got shape \(3, 5\)"),
    "dtype": (np.zeros(SHAPE, np.float32), "but got shape .* dtype float32"),
    "order": (np.zeros(SHAPE, order="F"), "C-contiguous: False"),
    "gaps": (np.zeros((5, 6))[:, ::2], "C-contiguous: False"),
    "read-only": (READ_ONLY, "writable: False"),
}


@pytest.mark.parametrize("kind", BAD_OUT)
def test_an_out_that_does_not_fit_is_refused(x, dp, kind):
    """Casting or broadcasting into it would hide a mistake."""
    out, message = BAD_OUT[kind]
    with pytest.raises(ValueError, match=rf"^blocked_forward: out must .*{message}.*np.empty"):
        blocked_forward(x, out=out)
    with pytest.raises(ValueError, match=rf"^blocked_backward: out must .*{message}.*np.empty"):
        blocked_backward(dp, blocked_forward(x)[1], out=out)


def test_bad_rows_are_named_by_their_place_in_the_batch():
    """Not by their place in the block, also where out is x and the rows before are overwritten."""
    x = np.zeros((2, 4, 3))
    x[1, 2, 0] = INF
    with (
        blocks_of(1, 3),
        pytest.raises(ValueError, match=r"^blocked_forward: .* got \+inf in row 1, 2; find"),
    ):
        blocked_forward(x, out=x)
    _, cache = blocked_forward(np.zeros((4, 3)))
    dp = np.zeros((4, 3))
    dp[3, 1] = NAN
    with (
        blocks_of(2, 3),
        pytest.raises(ValueError, match=r"^blocked_backward: dp .* got nan at \(3, 1\); find"),
    ):
        blocked_backward(dp, cache, out=dp)
    with pytest.raises(ValueError, match=r"^blocked_forward: .* got NaN; find"):
        blocked_forward([0.0, NAN])
    with pytest.raises(ValueError, match=r"^blocked_backward: dp must stay well within the range"):
        blocked_backward([0, 1.7e308, -1.7e308], blocked_forward([0.0, -5.0, -0.1])[1])


def test_only_its_own_cache_is_taken(x, dp):
    """The order is dp, then cache; a softmax cache does not say where each row's top is."""
    p, cache = blocked_forward(x)
    for args in [(cache, dp), (dp, p), (dp, softmax_forward(x)[1])]:
        with pytest.raises(TypeError, match=r"^blocked_backward: .*call blocked_backward\(dp, ca"):
            blocked_backward(*args)
    for wrong in (x, x.tolist()):
        with pytest.raises(ValueError, match=r"^blocked_backward: cache.p must be read-only"):
            blocked_backward(dp, BlockedCache(wrong, x.dtype, cache.top))


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.longdouble, int])
def test_every_precision_answers_as_the_readable_forms_do(x, dp, dtype):
    """float16 is computed in float32 and rounded once; out has the answer's precision."""
    x, dp = (4 * x).astype(dtype), (4 * dp).astype(dtype)
    (p, cache), (q, kept) = blocked_forward(x), softmax_forward(x)
    dx, expected = blocked_backward(dp, cache), softmax_backward(dp, kept)
    assert (p.dtype, dx.dtype) == (q.dtype, expected.dtype)
    np.testing.assert_array_equal(p, q)
    np.testing.assert_allclose(dx, expected, rtol=0, atol=8 * np.finfo(q.dtype).eps)
    out = np.empty(SHAPE, q.dtype)
    np.testing.assert_array_equal(blocked_forward(x, out=out)[0], q)
    np.testing.assert_array_equal(blocked_backward(dp, cache, out=out), dx)


def test_a_wider_upstream_is_rounded_to_the_precision_of_the_logits(x, dp):
    """The cache holds float32 probabilities; a float64 dp cannot bring lost digits back."""
    x = x.astype(np.float32)
    dx = blocked_backward(dp, blocked_forward(x)[1])
    assert dx.dtype == np.float32
    np.testing.assert_array_equal(dx, softmax_backward(dp, softmax_forward(x)[1]))


def test_numbers_too_small_or_too_far_apart_raise_no_flag(x):
    """exp(-800) is 0, -1.7e308 - 1.7e308 is -inf, and 1e-60 is 0 in float32: all as meant."""
    with np.errstate(all="raise"):
        p, _ = blocked_forward([[0.0, -800.0], [1.7e308, -1.7e308]])
        dx = blocked_backward(1e-60 * x, blocked_forward(x.astype(np.float32))[1])
    np.testing.assert_array_equal(p, [[1, 0], [1, 0]])
    np.testing.assert_array_equal(dx, np.zeros(SHAPE, np.float32))


def test_layout_does_not_matter(x, dp):
    """Transposed, strided, reversed, byte-swapped and list input give the plain array's answer."""
    plain = blocked_vjp(x, dp, 2)
    wide = np.zeros((5, 6))
    for a, b in [(x, dp), (dp, x)]:
        wide[:, ::2] = a
        swapped = a.astype(a.dtype.newbyteorder())
        for other in [np.asfortranarray(a), wide[:, ::2], a[:, ::-1].copy()[:, ::-1], swapped]:
            both = (other, b) if a is x else (b, other)
            np.testing.assert_array_equal(blocked_vjp(*both, 2), plain)
    np.testing.assert_array_equal(blocked_vjp(x.tolist(), dp.tolist(), 2), plain)


def peak_of(f, *args, **options):
    """Return the most memory that was in use at once during a call, in bytes."""
    tracemalloc.start()
    try:
        f(*args, **options)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("shape", [(300, 500), (2, 100_003)])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_readable_forms_make_an_array_a_step_and_blocked_ones_only_their_result(rng, dtype, shape):
    """And never (B, D, D), 75 million numbers here.

    Readable: each step of the formula is a new array, so that the line reads as the formula does;
    where NumPy reuses what has no name, there is one less on the way back. Blocked: no step is.
    """
    x, dp = rng.standard_normal((2, *shape)).astype(dtype)
    caches = softmax_forward(x)[1], blocked_forward(x)[1]
    slack = 64 * shape[0] + 100_000  # some numbers a row, and the buffers of NumPy
    for f, args, arrays in [
        (softmax, (x,), 3),  # x - max, e and p
        (softmax_forward, (x,), 3),
        (softmax_backward, (dp, caches[0]), 3),  # dp - c, less its mean, and dx
        (softmax_vjp, (x, dp), 4),  # and p
        (blocked_forward, (x,), 1),
        (blocked_backward, (dp, caches[1]), 1),
    ]:
        assert peak_of(f, *args) < arrays * x.nbytes + slack, f.__name__
    assert peak_of(blocked_forward, x, out=np.empty_like(x)) < slack
    assert peak_of(blocked_backward, dp, caches[1], out=np.empty_like(x)) < slack


def test_the_meter_sees_a_jacobian(rng):
    """The test above can fail: the einsum form holds several (B, D, D) arrays."""
    x = rng.standard_normal((4, 60))
    assert peak_of(softmax_jacobian_einsum, x) > 60 * x.nbytes
