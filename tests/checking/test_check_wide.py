"""At D = 1000 every entry of dx is near 1e-3: nothing hides there, and no Jacobian is held."""

import tracemalloc

import numpy as np
import pytest
from right import FORMS

from smlearn import softmax, softmax_vjp
from smlearn.checking import gradcheck
from smlearn.mistakes import MISTAKES


@pytest.mark.parametrize("form", FORMS)
def test_wide_rows_pass_too(form):
    """Flat, and saturated; the forms that build a Jacobian, for time's sake, flat only."""
    f, vjp = FORMS[form]
    for scale in (0.1,) if form in ("einsum", "loop") else (0.1, 30):
        x = scale * np.random.default_rng(0).standard_normal((2, 1000))
        assert gradcheck(f, vjp, x, diagnose=False).verdict == "PASS"


WIDE = {  # what PyTorch's gradcheck lets through at D = 1000, or in fast mode
    "diagonal_only", "sum_term_missing", "plus_sign", "mean_for_sum", "jacobian_summed_first",
    "sign_flipped", "factor_two", "divided_by_batch", "divided_by_classes", "plain_mean",
}  # fmt: skip


@pytest.mark.parametrize("key", sorted(WIDE))
def test_wide_flat_rows_hide_nothing(rng, key):
    """At D = 1000 a fixed tolerance of 1e-5 is blind; the derived one fails and names them."""
    x = 0.1 * rng.standard_normal((2, 1000))
    report = gradcheck(softmax, MISTAKES[key].vjp, x)
    assert (report.verdict, report.diagnosis.key) == ("FAIL", key)


def test_no_jacobian_is_held(rng):
    """At D = 1000 one page of J is 8 MB; the whole check, diagnosis and all, stays below 2."""
    x = 0.1 * rng.standard_normal((2, 1000))
    tracemalloc.start()
    gradcheck(softmax, softmax_vjp, x)
    slim = tracemalloc.get_traced_memory()[1]
    tracemalloc.reset_peak()
    FORMS["einsum"][1](x, x)
    wide = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert slim < 2e6
    assert wide > 16e6  # the meter can see a Jacobian
