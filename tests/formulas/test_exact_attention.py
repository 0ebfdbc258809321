"""What judges attention is right: against mpmath, and on gradients that are wrong."""

import mpmath
import numpy as np
import pytest
from cases import DIGITS, exact_vjp

from smlearn.formulas.exact_attention import attention_errors, exact_attention


def draw(rng, scale=1.0, T=4, S=7):
    """Return q, k, v and do."""
    q, *others = (rng.standard_normal(shape) for shape in ((T, 3), (S, 3), (S, 2), (T, 2)))
    return scale * q, *others


def by_mpmath(q, k, v, do, causal):
    """dq, dk, dv from softmax's backward of 80 digits, one query at a time."""
    with mpmath.workdps(DIGITS):
        q, k, v, do = (np.vectorize(mpmath.mpf, otypes=[object])(a) for a in (q, k, v, do))
        root, T = mpmath.sqrt(q.shape[1]), len(q)
        dx = np.full((T, len(k)), mpmath.mpf(0))
        p = dx.copy()
        for i in range(T):
            n = i + 1 if causal else len(k)
            x = [q[i] @ each / root for each in k[:n]]
            dx[i, :n] = exact_vjp([x], [[do[i] @ each for each in v[:n]]])[0]
            e = [mpmath.exp(each) for each in x]
            p[i, :n] = [each / mpmath.fsum(e) for each in e]
        return dx @ k / root, dx.T @ q / root, p.T @ do


@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("scale", [1, 40, 400])
def test_it_is_what_mpmath_says(rng, causal, scale):
    """Another library, another formula; to 60 digits, for some sums cancel."""
    inputs = draw(rng, scale, S=4 if causal else 7)
    found, _ = exact_attention(*inputs, causal=causal)
    for got, want in zip(found, by_mpmath(*inputs, causal), strict=True):
        for a, b in zip(got.ravel(), want.ravel(), strict=True):
            with mpmath.workdps(DIGITS):
                assert abs(mpmath.mpf(str(a)) - b) <= abs(b) * mpmath.mpf(10) ** -60


@pytest.mark.parametrize("causal", [False, True])
def test_what_is_allowed_is_more_than_moving_the_numbers_by_u_does(rng, causal):
    """To first order, with u made 1e-9; and not a hundred times as much."""
    inputs = draw(rng, 3, S=4 if causal else 7)
    exact, allowed = exact_attention(*inputs, causal=causal)
    most = np.zeros(3)
    for _ in range(40):
        moved = [a * (1 + 1e-9 * rng.choice([-1, 1], a.shape)) for a in inputs]
        for at, (a, b, c) in enumerate(
            zip(exact_attention(*moved, causal=causal)[0], exact, allowed, strict=True)
        ):
            share = abs(a - b)[c > 0] / c[c > 0]
            most[at] = max(most[at], float(share.max()) / 1e-9)
    assert (most < 1).all()
    assert (most > 0.01).all()


def test_errors_are_counted_in_shares_of_what_is_allowed(rng):
    """Of each gradient the worst; entries below the normal numbers do not count."""
    inputs = draw(rng)
    exact, allowed = exact_attention(*inputs)
    for at in range(3):
        wrong = [a.astype(float) for a in exact]
        wrong[at][1, 1] += 1000 * 2.0**-53 * float(allowed[at][1, 1])
        errors = attention_errors(lambda *_, w=wrong: w, *inputs)
        assert errors.pop(at) == pytest.approx(1000, rel=0.01)
        assert max(errors) < 1
    far = [np.array(a) for a in ([[2000.0]], [[1.0], [0.0]], [[1.0], [2.0]], [[1.0]])]
    nothing = np.zeros((1, 1)), np.zeros((2, 1)), np.array([[1.0], [0.0]])
    assert attention_errors(lambda *_: nothing, *far) == [0, 0, 0]


def test_where_nothing_is_allowed_anything_but_0_is_off_by_inf():
    """One key: no number of q or k changes o."""
    one = np.ones((1, 1))
    for dq, error in [(0.0, 0), (1e-300, np.inf)]:
        found = attention_errors(lambda *_, d=dq: (d * one, 0 * one, one), one, one, one, one)
        assert found == [error, 0, 0]


def test_what_is_no_finite_float_is_refused():
    """By the name of the argument."""
    one = np.ones((1, 1))
    with pytest.raises(ValueError, match="exact_attention: v must be finite, but got nan"):
        exact_attention(one, one, np.nan * one, one)
    with pytest.raises(TypeError, match="exact_attention: do must be float16"):
        exact_attention(one, one, one, one.astype(int))


@pytest.mark.parametrize("causal", [False, True])
def test_what_is_allowed_is_the_formula_written_out(rng, causal):
    """One query, one key at a time, in floats: as the top of the file says it."""
    q, k, v, do = (3 * a for a in draw(rng, S=4))
    size = np.zeros((4, 4))
    p, root = np.zeros((4, 4)), np.sqrt(3)
    for i in range(4):
        n = i + 1 if causal else 4
        e = np.exp(k[:n] @ q[i] / root)
        p[i, :n] = e / e.sum()
        dp = v @ do[i]
        gap = max(np.abs(q[i]) @ np.abs(k[j]) / root for j in range(n))
        for j in range(n):
            dx = p[i, j] * (dp[j] - p[i] @ dp)
            most = sum(p[i, m] * np.abs(do[i]) @ np.abs(v[j] - v[m]) for m in range(n))
            size[i, j] = (4 * gap + 8) * (abs(dx) + p[i, j] * most)
        p[i] *= 4 * gap + 8
    expected = size @ np.abs(k) / root, size.T @ np.abs(q) / root, p.T @ np.abs(do)
    _, allowed = exact_attention(q, k, v, do, causal=causal)
    for a, b in zip(allowed, expected, strict=True):
        np.testing.assert_allclose(a.astype(float), b, rtol=1e-9)
