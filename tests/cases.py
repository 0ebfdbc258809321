"""Inputs and oracles that several test files use: random rows, 80-digit softmax, bad input."""

import functools

import mpmath
import numpy as np
from hypothesis import strategies as st

DIGITS = 80


def _rows(shape, seed, scale):
    return scale * np.random.default_rng(seed).standard_normal(shape)


# Rows of logits of every shape the course uses, from flat (scale 0) to saturated (scale 300).
ROWS = st.builds(
    _rows,
    st.sampled_from([(1,), (2,), (5,), (1, 1), (1, 4), (4, 3), (0, 3), (2, 3, 5), (3, 40)]),
    st.integers(0, 2**32 - 1),
    st.sampled_from([0.0, 1e-3, 1.0, 10.0, 300.0]),
)


def exact_softmax(x):
    """Softmax in 80-digit arithmetic; (B, D) floats in, (B, D) objects out."""
    with mpmath.workdps(DIGITS):
        rows = [[mpmath.exp(mpmath.mpf(v)) for v in row] for row in x]
        return np.array([[e / mpmath.fsum(row) for e in row] for row in rows], dtype=object)


def exact_log_softmax(x):
    """Log-softmax in 80-digit arithmetic; log1p, since 1 - 1e-200 would round to 1 there too."""
    with mpmath.workdps(DIGITS):
        logp = []
        for row in x:
            z = [mpmath.mpf(v) - mpmath.mpf(max(row)) for v in row]
            top = z.index(0)
            others = mpmath.fsum(mpmath.exp(v) for k, v in enumerate(z) if k != top)
            logp.append([v - mpmath.log1p(others) for v in z])
        return np.array(logp, dtype=object)


def exact_vjp(x, dp):
    """dp @ J from p of 80 digits, as p_i sum_k p_k (dp_i - dp_k).

    That is p_i (dp_i - <p, dp>) with 1 = sum_k p_k put in. The sum over k is dp_i sum_k p_k less
    sum_k p_k dp_k, and these are taken without any rounding: whatever cancels, 80 digits are
    enough, also where the other classes have 1e-100 between them.
    """
    with mpmath.workdps(DIGITS):
        dx = []
        for p, row in zip(exact_softmax(x), dp, strict=True):
            d = [mpmath.mpf(v) for v in row]
            whole, mean = _exact_dot(p, [1] * len(p)), _exact_dot(p, d)
            apart = [mpmath.fsub(_times(b, whole), mean, exact=True) for b in d]
            dx.append([a * b for a, b in zip(p, apart, strict=True)])
        return np.array(dx, dtype=object)


def _exact_dot(a, b):
    terms = (_times(*pair) for pair in zip(a, b, strict=True))
    return functools.reduce(lambda s, term: mpmath.fadd(s, term, exact=True), terms)


_times = functools.partial(mpmath.fmul, exact=True)


def relative_error(got, exact):
    """|got - exact| / |exact| entry by entry, taken in 80 digits and returned as floats."""
    with mpmath.workdps(DIGITS):
        pairs = zip(np.ravel(got), np.ravel(exact), strict=True)
        error = [float(abs((mpmath.mpf(float(g)) - e) / e)) for g, e in pairs]
    return np.array(error).reshape(np.shape(exact))


def of_one_buffer():
    """Return functions that fill one array again and again, or not, and whether that shows."""
    buffer = np.zeros(1)

    def filled(a):
        buffer[:] = a
        return buffer

    return (filled, True), (lambda a: [filled(a)], True), (lambda a: [a], False)
