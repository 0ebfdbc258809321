"""What gradcheck is asked with: x, the upstreams, the step, and what counts as a row."""

import numpy as np
import pytest

from smlearn import softmax, softmax_vjp
from smlearn.checking import gradcheck

X = np.array([[0.5, -1.0, 2.0], [1.0, 0.0, -0.5]])


def loss_and_gradient(x):
    return (x**2).sum(), 2 * x


def softmax_of_columns(x):
    return softmax(x.T).T


def columns_vjp(x, dp):
    return softmax_vjp(x.T, dp.T).T


@pytest.mark.parametrize("layout", [np.asfortranarray, lambda x: np.repeat(x, 2, 1)[:, ::2]])
def test_x_is_a_copy_row_by_row(layout):
    """Sums run in one order, and what the learner does to x afterwards changes no report."""
    x = layout(X)
    kept = gradcheck(softmax, softmax_vjp, x, diagnose=False).case.x
    assert kept.flags.c_contiguous
    assert not np.shares_memory(kept, x)


def test_a_row_of_a_contiguous_x_is_a_copy_too():
    """It is the learner's own."""
    x = X.copy()
    assert not np.shares_memory(gradcheck(softmax, softmax_vjp, x, diagnose=False).case.x, x)


@pytest.mark.parametrize(("dp", "wanted"), [(None, 1.0), (np.array(3.0), 3.0)])
def test_a_loss_is_asked_with_an_upstream_of_1_or_the_one_given(dp, wanted):
    """Its gradient was made for 1."""
    vjp = None if dp is None else lambda x, dp: 2 * dp * x
    f = loss_and_gradient if dp is None else lambda x: (x**2).sum()
    report = gradcheck(f, vjp, X, dp=dp, diagnose=False)
    assert (report.verdict, report.case.upstreams) == ("PASS", [wanted])


def test_a_loss_alone_keeps_the_upstream_that_was_given():
    """Beside a gradient that knows of none it is 0."""
    given = gradcheck(loss_and_gradient, x=X, dp=np.array(3.0), diagnose=False)
    assert given.case.upstreams == [3.0]


def test_an_upstream_that_was_given_is_kept_along_every_axis():
    """None is put in its place, and none beside it."""
    dp = np.cos(X)
    for f, vjp in ((softmax, softmax_vjp), (softmax_of_columns, columns_vjp)):
        (kept,) = gradcheck(f, vjp, X, dp=dp, diagnose=False).case.upstreams
        np.testing.assert_array_equal(kept, dp)


def test_what_is_no_softmax_has_its_rows_along_the_last_axis():
    """Whatever its rank."""
    cos = lambda x, dp: dp * np.cos(x)  # noqa: E731
    for x in (X, X[0], X[None]):
        assert gradcheck(np.sin, cos, x, diagnose=False).case.axis == -1


@pytest.mark.parametrize("h", [2.0**-20, 2.0**-16, 2.0**-10])
def test_the_step_that_was_given_is_taken(h):
    """Even a shorter one than theory chooses."""
    assert gradcheck(softmax, softmax_vjp, X, h=h, diagnose=False).case.h == h


@pytest.mark.parametrize("seed", range(5))
def test_an_error_in_softmax_is_not_excused_by_noise(seed):
    """Its tolerance holds that already: a fifth above it is wrong."""
    x, dp = np.random.default_rng(seed).standard_normal((2, 2, 30))
    right = gradcheck(softmax, softmax_vjp, x, dp=dp, diagnose=False).measured
    room = 1.2 * (right.tol / np.abs(right.analytic)).min()
    wrong = lambda x, dp: (1 + room) * softmax_vjp(x, dp)  # noqa: E731
    report = gradcheck(softmax, wrong, x, dp=dp, diagnose=False)
    assert report.checks[-1][:2] == ("the numbers", "FAIL")
