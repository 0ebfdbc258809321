"""Where x is -inf a class is ruled out: the rest is checked, and dx is 0 there."""

import numpy as np
import pytest
from right import FORMS

from smlearn import log_softmax, log_softmax_vjp, numerical_jacobian, softmax, softmax_vjp
from smlearn.checking import check_adjoint, gradcheck, taylor_test


@pytest.fixture
def x(rng):
    x = rng.standard_normal((4, 3))
    x[1, 2] = x[2, 0] = -np.inf
    return x


def masked_sum(x):
    """exp(x) of every row, added up: an f that is no softmax, and takes a row of -inf."""
    return np.exp(x).sum(axis=-1)


def masked_sum_vjp(x, dp):
    return np.exp(x) * dp[..., None]


@pytest.mark.parametrize("form", ["closed form", "textbook", "cached pair", "staged pair"])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_the_finite_entries_are_checked(x, form, dtype):
    """The right one passes, a wrong factor or sign is named; the report says what is masked."""
    f, vjp = FORMS[form]
    report = gradcheck(f, vjp, x.astype(dtype))
    assert (report.verdict, report.is_softmax) == ("PASS", True), report
    assert report.notes == ("x is -inf in 2 of 12 places: dx must be 0 there",)
    twice = gradcheck(f, lambda a, b: dtype(2) * vjp(a, b), x.astype(dtype))
    assert (twice.verdict, twice.diagnosis.key) == ("FAIL", "factor_two")


def test_one_finite_entry_that_is_wrong_is_found(x):
    """In a row with a mask, and in one without."""
    for at in ((1, 0), (3, 2)):
        off = np.zeros((4, 3))
        off[at] = 1e-6
        report = gradcheck(masked_sum, lambda x, dp: masked_sum_vjp(x, dp) + off * dp[:, None], x)  # noqa: B023
        assert (report.verdict, report.worst_index) == ("FAIL", at)
    assert gradcheck(masked_sum, masked_sum_vjp, x).verdict == "PASS"


@pytest.mark.parametrize(("error", "said"), [(1e-9, "1e-09"), (np.nan, "nan"), (-1.0, "-1")])
def test_the_gradient_of_what_is_ruled_out_must_be_0(x, error, said):
    """No tolerance is needed: p is 0 there, to the last digit."""

    def vjp(x, dp):
        return softmax_vjp(x, dp) + np.where(np.isneginf(x), error, 0)

    detail = gradcheck(softmax, vjp, x).checks[-1].detail
    assert detail == f"dx must be 0 where x is -inf, but is {said} at (1, 2)"


def test_a_row_that_is_masked_throughout_is_said_to_be_that(x):
    """And not to be no smooth place; f may have numbers for it, then all is well."""
    x[1] = -np.inf
    with pytest.raises(ValueError, match=r"^gradcheck: x must keep a finite entry in each row, "
                                         r"but got -inf throughout in row 1; keep"):  # fmt: skip
        gradcheck(softmax, softmax_vjp, x)
    by_hand = lambda x: np.exp(x) / np.exp(x).sum(axis=-1, keepdims=True)  # noqa: E731
    with np.errstate(invalid="ignore"), pytest.raises(ValueError, match="throughout in row 1"):
        gradcheck(by_hand, softmax_vjp, x)
    report = gradcheck(masked_sum, masked_sum_vjp, x)
    assert (report.verdict, report.is_softmax) == ("PASS", False), report
    with pytest.raises(ValueError, match=r"must hold a finite number to nudge, but got -inf thro"):
        gradcheck(masked_sum, masked_sum_vjp, x[1])
    with pytest.raises(ValueError, match=r"throughout in row 1, 2; keep"):
        gradcheck(softmax, softmax_vjp, np.where(np.arange(6).reshape(2, 3, 1) == 5, x[1], x[3]))


def test_what_else_is_not_finite_is_refused_as_before(x):
    """+inf and NaN, beside a mask; and a mask by every other function."""
    for bad in (np.inf, np.nan):
        x[0, 1] = bad
        with pytest.raises(ValueError, match=rf"must be finite, but got {bad} at \(0, 1\)"):
            gradcheck(softmax, softmax_vjp, x)
    x[0, 1] = 0
    with pytest.raises(ValueError, match=r"^numerical_jacobian: x must be finite, but got -inf"):
        numerical_jacobian(softmax, x)


def test_f_may_return_a_list_beside_a_mask(x):
    """As without one."""
    assert gradcheck(lambda x: softmax(x).tolist(), softmax_vjp, x).verdict == "PASS"
    assert gradcheck(lambda x: softmax(x).tolist(), lambda x, dp: dp, x).verdict == "FAIL"


def test_outputs_that_are_ruled_out_with_their_logits_are_left_out(x):
    """log_softmax is -inf there, which no upstream can pull on."""
    report = gradcheck(log_softmax, log_softmax_vjp, x)
    assert report.verdict == "PASS", report
    assert report.notes[1] == "f is -inf in 2 of them: its dp is taken as 0"
    assert gradcheck(log_softmax, lambda x, dp: -log_softmax_vjp(x, dp), x).verdict == "FAIL"
    x[0, 0] = 800.0
    half = lambda x: np.where(x > 700, -np.inf, x)  # noqa: E731
    with pytest.raises(
        ValueError, match=r"f must return finite numbers, but got -inf at \(0, 0\)"
    ):
        gradcheck(half, lambda x, dp: dp, x)


def test_a_masked_array_is_refused_as_everywhere(x):
    """Its mask would be lost; also by the other tests of a derivative."""
    masked = np.ma.masked_array(np.ones((4, 3)), np.eye(4)[:, :3] == 1)
    for call in (
        lambda: gradcheck(softmax, softmax_vjp, masked),
        lambda: taylor_test(softmax, softmax_vjp, masked),
        lambda: check_adjoint(softmax_vjp, softmax_vjp, masked),
        lambda: numerical_jacobian(softmax, masked),
    ):
        with pytest.raises(TypeError, match="x must be a plain array, but got a masked one"):
            call()
    report = gradcheck(softmax, lambda x, dp: np.ma.masked_array(softmax_vjp(x, dp)), np.eye(4))
    assert report.checks[-1].detail == "vjp returned a masked array; return a plain one"


def test_masks_and_layers_go_together(x):
    """What f is called with elsewhere is masked in the same places; nothing of x is written to."""

    class Layer:
        def forward(self, x):
            assert np.isneginf(x).sum() == 2 or x.shape != (4, 3)
            self.x = x
            return softmax(x)

        def backward(self, dp):
            return softmax_vjp(self.x, dp)

    layer, before = Layer(), x.copy()
    assert gradcheck(layer.forward, layer.backward, x, diagnose=False).verdict == "PASS"
    np.testing.assert_array_equal(x, before)


def test_a_masked_x_that_is_changed_in_place_is_found(x):
    """As an unmasked one."""

    def vjp(x, dp):
        dx = softmax_vjp(x, dp)
        x += 1
        return dx

    assert "x was changed in place" in str(gradcheck(softmax, vjp, x))
