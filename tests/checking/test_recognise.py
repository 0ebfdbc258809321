"""Is f a softmax? Asked of an f that is none but for what x alone shows, and of one that is."""

import numpy as np
import pytest

from smlearn import softmax
from smlearn.checking.backward_pair import Pair
from smlearn.checking.recognise import recognise

X = np.array([[0.5, -1.0, 2.0], [1.0, 0.0, -0.5]])
NONE, LAST = (None, ()), (-1, ())


def seen(f, x=X):
    """Return along which axis f is softmax, and what is said of it."""
    pair = Pair(f, lambda x, dp: dp)
    return recognise(pair, x, pair.value(x), np.random.default_rng(0))


def only_at_x(there, elsewhere):
    return lambda z: there(z) if np.array_equal(z, X) else elsewhere(z)


def test_a_share_of_a_sum_that_is_one_exponential_is_none():
    """Far apart, e over its largest is softmax; near together it is not."""
    x = np.array([[0.0, 50.0, 120.0]])
    assert seen(lambda z: np.exp(z - z.max(axis=-1, keepdims=True)) / 2, x) == NONE
    assert seen(lambda z: softmax(z) / 2, x)[1] != ()


def test_f_need_not_take_numbers_that_are_near_together():
    """What is known of the others is said."""

    def f(z):
        if np.abs(z).max() < 1:
            raise ArithmeticError
        return softmax(z) / 2

    said = "f is not the softmax of each row: it is 0.5 times that"
    assert seen(f, X + 9) == (None, (said,))


@pytest.mark.parametrize("shape", [(3, 1), (2, 3, 1), (1,)])
def test_of_one_class_another_is_asked_for_and_tells_by_its_share(shape):
    """1 of one class, and a half of two, are no softmax."""
    x = np.linspace(-1, 1, int(np.prod(shape))).reshape(shape)
    assert seen(softmax, x) == LAST
    assert seen(np.ones_like, x) == NONE
    assert seen(lambda z: 0 * z + 1 / z.shape[-1], x) == NONE


def test_an_f_of_one_class_alone_is_none():
    """It takes no second one."""

    def f(z):
        if z.shape[-1] != 1:
            raise IndexError
        return 0 * z + 1

    assert seen(f, np.zeros((3, 1))) == NONE


def test_a_negative_value_or_another_shape_tells_without_another_call():
    """Calls of f are counted, and may be slow."""
    for f in (lambda z: softmax(z) - 1, lambda z: softmax(z)[0]):
        calls = []
        assert seen(lambda z: calls.append(z) or f(z)) == NONE  # noqa: B023
        assert len(calls) == 1


def test_an_f_that_warns_of_other_points_is_asked_all_the_same(recwarn):
    """The learner did not choose them."""
    warns = lambda z: softmax(z) + 0 * np.log(-1 - z**2)  # noqa: E731
    assert seen(only_at_x(softmax, lambda z: np.where(np.isnan(warns(z)), softmax(z), 0))) == LAST
    assert not recwarn.list


def test_an_f_whose_shape_hangs_on_the_numbers_is_none():
    """Nothing is compared with it."""
    assert seen(only_at_x(softmax, lambda z: np.ones((2, 5)))) == NONE


@pytest.mark.parametrize(("most", "is_softmax"), [(1e4, True), (4e3, False)])
def test_far_above_the_others_is_where_exp_overflows_and_no_farther(most, is_softmax):
    """From 3000 below them, too: logits that are clipped there alone are softmax elsewhere."""
    x = np.array([[-3000.0, -3001, -3000.5], [1, 0, -0.5]])
    axis, said = seen(lambda z: softmax(np.clip(z, -1e4, most)), x)
    assert axis == (-1 if is_softmax else None)
    assert ("for large logits" in "".join(said)) is not is_softmax
