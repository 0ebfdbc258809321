"""What is said of an answer of the wrong kind or shape is true, and says what to do."""

import numpy as np
import pytest

from smlearn.exercises.judge.wrong_kinds import about_shapes, no_numbers, no_prediction, short
from smlearn.exercises.sandbox.plain_data import Other

LIST, TRUTHS, TABLE = [1.0, 2], [True, False], np.eye(2)
HALF = Other("Fraction", "Fraction(1, 2)", 0.5)


@pytest.mark.parametrize(
    ("yours", "right", "what", "todo"),
    [
        ((), (3,), "is one number, and an array of shape (3,) is", "Which axis was summed or ind"),
        ((3,), (), "has the shape (3,), and one number is", "Which axis should have been summed"),
        ((4, 3), (3,), "has the shape (4, 3), and (3,) is", "Which axis should have been summed"),
        ((3,), (4, 3), "has the shape (3,), and (4, 3) is", "Which axis was summed or indexed a"),
        ((4, 1), (4,), "has the shape (4, 1), and (4,) is", "An axis of length 1 is one too man"),
        ((1,), (), "has the shape (1,), and one number is", "An axis of length 1 is one too man"),
        ((4,), (4, 1), "has the shape (4,), and (4, 1) is", "An axis of length 1 was lost: which"),
        ((4, 3), (3, 4), "has the shape (4, 3), and (3, 4) is", "Its axes are in the other order"),
        ((1, 4), (4, 1), "has the shape (1, 4), and (4, 1) is", "Its axes are in the other order"),
        ((4, 3), (4, 5), "has the shape (4, 3), and (4, 5) is", "Print the shape after each line"),
        ((1, 3, 1), (3, 1, 1), "has the shape (1, 3, 1), and (3, 1, 1) is", "Print the shape aft"),
    ],
)
def test_shapes(yours, right, what, todo):
    """One axis more, fewer, in another place, of another length; of length 1."""
    said = about_shapes(yours, right)
    assert said[0] == f"The result {what} wanted."
    assert said[1].startswith(todo)


def test_shapes_of_truth():
    """One truth is .any() or .all() of many; else it is a matter of axes."""
    what, todo = about_shapes((3,), (), True)
    assert what == "The result has the shape (3,), and one True or False is wanted."
    assert todo.startswith(".any() or .all() makes one of many")
    assert about_shapes((3,), (4,), True)[1].startswith("Print the shape")
    assert about_shapes((), (4,), True)[0].startswith("The result is one True or False, and an a")


@pytest.mark.parametrize(
    ("value", "truth", "what", "todo"),
    [
        (None, False, "It returned None.", "Is the return missing?"),
        (None, True, "It returned None.", "Give every way through it a return: True or False."),
        (
            Other("function", "mine"),
            False,
            "It returned the function mine itself.",
            "Call it: min",
        ),
        (Other("generator"), True, "It returned a generator.", "Put [ ] round it, or write retur"),
        (Other("coroutine"), False, "It returned a coroutine: it is an", "Take the async away f"),
        (Other("masked array"), False, "It returned a masked array, some", "Return an ordinary a"),
        (
            Other("nest"),
            False,
            "It returned something that contains itself",
            "Which line puts a li",
        ),
        (
            "no",
            True,
            "It returned a str, 'no', where True or False is wanted.",
            "Return True or F",
        ),
        (
            "no",
            False,
            "It returned a str, 'no', where numbers are wanted.",
            "Return an array of n",
        ),
        (
            Other("Net"),
            False,
            "It returned a Net, a Net, where numbers are wanted.",
            "Return an ar",
        ),
        (
            [[HALF], 1.0],
            False,
            "It returned fractions or decimals, and floats are wanted.",
            "float",
        ),
        (
            [HALF],
            True,
            "It returned a list, [Fraction(1, 2)], where True or False",
            "Return True o",
        ),
        (
            (1.0, [2.0]),
            False,
            "It returned a tuple that is no table of numbers.",
            "Look at the sha",
        ),
        (Other("ndarray", "objects", TABLE), False, "It returned an array of obj", "Print its en"),
        (Other("heap"), False, "It returned more than 100,000 things in li", "Print the len() of"),
        (10**400, False, f"1{'0' * 36}... is larger than the numbers of an array", "Which produ"),
        (Other("Exercise"), False, "It returned an Exercise, a Ex", "Return an array of numbers."),
        (Other("array", "array('u')"), True, "It returned an array, array('u'), where T", "Retu"),
    ],
)
def test_what_holds_no_numbers(value, truth, what, todo):
    """Of a function that should return numbers, or a truth value."""
    said = no_numbers(value, truth)
    assert said[0].startswith(what)
    assert said[1].startswith(todo)


@pytest.mark.parametrize(
    ("value", "right", "what", "todo"),
    [
        ("0.5", 0.5, "'0.5' is in quotes: that is text.", "Give one number, without quotes."),
        (0.5j, 0.5, "0.5j is complex.", "Give one number: .real is one part, .imag the other."),
        ([1j, 2], LIST, "[1j, 2] is complex.",
         "Give a list of numbers: .real is one part, .imag the other."),
        ([[1], [1, 2]], LIST, "[[1], [1, 2]] holds no numbers, or rows of different lengths.",
         "Give a list of numbers."),
        (10**400, 0.5, f"1{'0' * 36}... is larger than the numbers of an array can be.",
         "Give one number."),
        ("5 %", 0.5, "'5 %' is in quotes: that is text.",
         "Give one number, without quotes (for 56 % write 0.56)."),
        (None, LIST, "There is no answer yet: it is None.", "Give a list of numbers."),
        (Other("function", "f"), TRUTHS, "That is a function, not what it returns.",
         "Give a list of True and False: call it, with ( )."),
        (Other("type", "A"), (2, 3), "That is a function, not what it returns.",
         "Give the shape, such as (2, 3): call it, with ( )."),
        ({1, 2}, LIST, "Curly brackets make a set or a dictionary.",
         "Give a list of numbers, with [ ]."),
        ({1: 2}, True, "Curly brackets make a set or a dictionary.", "Give True or False."),
        (["a", 1], TABLE, "Some of it is in quotes: that is text.",
         "Give numbers in the shape (2, 2), without quotes."),
        ([[1], [2, 3]], 0.5, "[[1], [2, 3]] holds no numbers, or rows of different lengths.",
         "Give one number."),
        (Other("Net"), 0.5, "a Net holds no numbers, or rows of different lengths.",
         "Give one number."),
    ],
)  # fmt: skip
def test_what_is_no_prediction(value, right, what, todo):
    """And what is asked for."""
    assert no_prediction(value, right) == (what, todo)


def test_a_long_value_is_cut():
    """In one line; a set in an order that does not vary."""
    assert short({"b", "a", 3}) == "['a', 'b', 3]"
    assert short(np.eye(2)) == "array([[1., 0.], [0., 1.]])"
    assert [len(short("a" * n)) for n in (38, 39, 400)] == [40, 40, 40]
    assert short("a" * 38) == f"'{'a' * 38}'"
    assert short("a" * 39) == f"'{'a' * 36}..."
