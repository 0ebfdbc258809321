"""What is wrong with an answer before its numbers are looked at: in words, on both sides."""

import functools

import numpy as np
import pytest

from smlearn.exercises.judge.judging import judge
from smlearn.exercises.task import Function
from smlearn.mistakes.catalogue import Mistake

CASES = {"rows": (np.arange(12.0).reshape(4, 3) / 7 + 0.1,), "rows of two": (np.ones((5, 2)),)}
HALVES = {"whole": (np.array([1, 2, 3]),)}
CUT = Mistake("integer_buffer", "You cut.", "Which?", (lambda k: (k / 2).astype(int),))


def double(x):
    return 2.0 * x


def half(k):
    return k / 2


def logarithm(x):
    return np.log(x)


def above_1(x):
    return x > 1


DOUBLE, ABOVE_1 = Function(double, CASES), Function(above_1, CASES)


def test_where_and_with_what_it_raised():
    """Its line, if it is known; what was said, if anything was; the case and its shapes."""

    def late(x):
        if len(x) == 5:
            raise ValueError
        return double(x)

    found = judge(DOUBLE, late)
    assert found.what.endswith(": raise ValueError")
    assert found.evidence == "ValueError (with rows of two: x (5, 2))"
    exec("def typed(x):\n    raise ValueError('no')", kept := {})  # nobody keeps its source
    found = judge(DOUBLE, kept["typed"])
    assert (found.what, found.evidence) == ("Line 2", "ValueError: no (with rows: x (4, 3))")
    found = judge(Function(half, {"two": (2.0,)}), kept["typed"])
    assert found.evidence == "ValueError: no (with two)"


def of_two(x, dp):
    return x * dp


class Layer:
    def __call__(self, x, dp):
        return x * dp


@functools.wraps(of_two)
def wrapping(x):
    raise ValueError


def test_other_arguments_are_said_where_they_can_be_read():
    """An object answers for itself, and may answer anything; so may one wrapped in itself."""
    found = judge(DOUBLE, of_two)
    assert (found.key, found.status) == ("signature", "CRASHED")
    assert found.what == "It is called as double(x), and takes other arguments."

    def wrapped_in_itself(x, dp):
        return x * dp

    wrapped_in_itself.__wrapped__ = wrapped_in_itself
    for f in (Layer(), wrapped_in_itself):
        found = judge(DOUBLE, f)
        assert (found.key, found.what) == ("raises", "The call itself fails.")
    assert judge(DOUBLE, wrapping).what.endswith(": raise ValueError")  # it took them


def test_several_things_in_place_of_one():
    """A tuple with the right one in it; a list of equal ones is an array of another shape."""
    for several in (lambda x: (double(x), 1.0), lambda x: (double(x), x)):
        found = judge(DOUBLE, several)
        assert found.what == "It returned 2 things where one is wanted."
        assert found.evidence == "With rows: one of them has the right shape, (4, 3)."
    assert judge(DOUBLE, lambda x: [double(x), x]).what.startswith("The result has the shape (2,")
    assert judge(DOUBLE, lambda x: (x.T, x.T)).what.startswith("The result has the shape (2,")
    assert judge(DOUBLE, lambda x: (x.T, 1.0)).what.startswith("It returned a tuple that is no")
    assert judge(DOUBLE, lambda x: {"dx": double(x)}).what.startswith("It returned a dict")
    found = judge(DOUBLE, lambda x: x.sum())
    assert found.what == "The result is one number, and an array of shape (4, 3) is wanted."
    walk = Function(lambda x: {"dx": double(x)}, CASES)
    assert judge(walk, lambda x: None).key == "none"
    assert judge(walk, lambda x: "dx").key == "type"


@pytest.mark.parametrize(
    ("part", "kind", "todo"),
    [
        (DOUBLE, int, "Whole numbers hold nothing behind the point"),
        (DOUBLE, np.uint8, "Whole numbers hold nothing behind the point"),
        (DOUBLE, bool, "Is a comparison left"),
        (DOUBLE, complex, "Take .real"),
        (DOUBLE, np.float16, "Half precision"),
        (ABOVE_1, float, "Return True or False"),
    ],
)
def test_another_type_of_number_is_named(part, kind, todo):
    """With what to do about it; complex numbers also where nothing of them is imaginary."""
    found = judge(part, lambda x: (part.reference(x) + 0.25 * (kind is float)).astype(kind))
    right = np.dtype(bool if part is ABOVE_1 else float)
    assert found.what == f"The result holds {np.dtype(kind)}, and {right} is wanted."
    assert found.todo.startswith(todo)


def test_whole_numbers_are_right_where_they_are():
    """Of any type; and a wrong truth value is of the right type."""
    whole = Function(double, {"whole": (np.arange(3.0),)})
    for kind in (int, np.uint8, np.float16):
        assert judge(whole, lambda x, kind=kind: double(x).astype(kind)).right
    assert judge(ABOVE_1, lambda x: x > 1.5).key == "numbers"


def test_a_buffer_of_integers_is_guessed_where_an_argument_is_one():
    """And where integers came back."""
    part = Function(half, HALVES, wrongs=(CUT,))
    assert judge(part, lambda k: (k / 2 + 0.6).astype(int)).key == "integer_buffer"
    assert judge(part, lambda k: half(k) + 1j).key == "dtype"
    part = Function(double, CASES, wrongs=(CUT,))
    assert judge(part, lambda x: x.astype(int)).key == "dtype"


def test_where_ordinary_numbers_are_wrong_as_well_they_are_spoken_of():
    """2 dp holds integers where dp does; that is not what is wrong with it."""
    part = Function(half, {"floats": (np.array([0.5, 1.5]),), **HALVES}, wrongs=(CUT,))
    assert judge(part, lambda k: half(k).astype(k.dtype)).key == "integer_buffer"
    assert judge(part, lambda k: 2 * k).key == "factor"
    assert judge(part, lambda k: k - k.max()).key == "numbers"


def test_whole_numbers_held_as_floats_are_whole_numbers():
    """Where whole numbers are wanted and others are there, they are compared."""

    def pairs(k):
        return k // 2

    counts = Function(pairs, {"whole": (np.array([1, 2, 7]),)})
    assert judge(counts, lambda k: (k // 2)[::-1] * 1.0).key == "numbers"
    assert judge(counts, lambda k: k / 2).key == "dtype"


@np.errstate(divide="ignore")
def test_what_is_no_number_is_said_where_a_number_is_right():
    """With its place, if it has one; an infinity that is right is none."""
    part = Function(logarithm, {"with a 0": (np.array([1.0, 0.0, 2.0]),)})
    assert judge(part, lambda x: np.log(x) + (x > 1)).key == "numbers"
    found = judge(part, lambda x: np.where(x > 1, np.nan, np.log(x)))
    assert (found.key, found.what) == ("not_finite", "The result is nan at [2].")
    found = judge(Function(np.sum, {"three": (np.ones(3),)}), lambda x: np.inf)
    assert (found.what, found.evidence) == ("The result is inf.", "With three: right is +3.0000.")
