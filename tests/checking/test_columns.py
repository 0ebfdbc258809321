"""The columns of J, and how far off a gradient from them may be: what rounding alone does."""

import numpy as np
import pytest

from smlearn.checking import gradcheck
from smlearn.checking.backward_pair import Case, Pair
from smlearn.checking.columns import look_at

FAR = np.array([1e6, 0.0])
ROUNDING = {  # where to look, a straight f of slope 1.1 that loses digits, and a dp
    "large values": (FAR[1:], lambda x: 1.1 * x + 1e6, [1.0]),
    "large x": (FAR[:1], lambda x: 1.1 * x - 1.1e6, [1.0]),
    "large x below 0": (-FAR[:1], lambda x: 1.1 * x + 1.1e6, [1.0]),
    "large dp": (FAR[:1], lambda x: 1.1 * x - 1.1e6, [1e3]),
    "one of two": (FAR, lambda x: 1.1 * x - 1.1 * FAR, [1e3, 1e-9]),
}


@pytest.mark.parametrize("kind", ROUNDING)
def test_a_measured_gradient_is_as_near_as_it_says(rng, kind):
    """Of 200 points; in some of them both steps are off alike, and their difference says less."""
    where, f, dp = ROUNDING[kind]
    for _ in range(200):
        x, dp = where + rng.random(where.shape), np.array(dp)
        case = Case(Pair(f, lambda x, dp: 1.1 * dp), x, [dp, -dp], rng, 2.0**-16, False)
        c = look_at(case)
        assert (np.abs(c.right - 1.1 * c.dp) <= c.tol).all()


def test_one_upstream_gets_company_of_its_own_dtype(rng):
    """Backward meets no other than that of f(x)."""
    x = rng.standard_normal(4).astype(np.float32)

    def vjp(x, dp):
        assert dp.dtype == np.float32
        return 3 * dp * np.cos(x)

    assert gradcheck(np.sin, vjp, x, dp=np.ones(4)).diagnosis.key == "factor"
