"""The blocked forms: the readable forms' numbers, in blocks, in place, in someone's own memory."""

import numpy as np
from cases import ROWS
from hypothesis import given
from hypothesis import strategies as st

from smlearn import (
    blocked_backward,
    blocked_forward,
    softmax,
    softmax_vjp,
)

INF, NAN = np.inf, np.nan
BLOCKS = st.sampled_from([None, 1, 2, 3, 100])


def upstream(x, seed=1):
    return np.random.default_rng(seed).standard_normal(x.shape)


def blocked_vjp(x, dp, block=None):
    return blocked_backward(dp, blocked_forward(x, block=block)[1], block=block)


@given(ROWS, BLOCKS)
def test_the_forward_gives_the_readable_bits_in_blocks_of_any_size(x, block):
    """A row is never cut, so its maximum and its sum are the very same."""
    np.testing.assert_array_equal(blocked_forward(x, block=block)[0], softmax(x))


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
