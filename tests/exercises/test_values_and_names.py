"""A predicted value or a chosen name: right in every spelling, and what is said if not."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from smlearn.exercises.judge.judging import judge
from smlearn.exercises.judge.values_and_names import AGAIN
from smlearn.exercises.task import Answer, Choice


def near_3(a):
    assert a.dtype == float
    return "" if abs(a - 3).max() < 1 else ("far", "It is far from 3.")


NUMBER = Answer("n", 0.25, {0.75: "The rest?"}, "Count again.")
ROW = Answer("row", [1.0, 2.0, 4.0])
ONE, INTEGERS = Answer("one", [4], any_order=True), Answer("integers", [1, 2, 3])
WHICH = Answer("which", [2, 4, 5], any_order=True)
ORDER = Answer("order", [1, 3, 2], each_once=True)
TRUTH, TRUTHS = Answer("yes", True), Answer("each", [True, False])
SHAPE, LONG = Answer("shape", (2, 3), {6: "Size?"}), Answer("long", (3,))
WORD = Answer("word", "mean", {"sum": "Divided?"})
COARSE, ANY = Answer("coarse", 100.0, atol=1.0), Answer("any", [3, 3], accepts=near_3)
NAME = Choice("which", "plus_sign", {"two_sides": "Swapped.", "factor": "Twice."}, ("a_sign",))

RIGHT = [
    (NUMBER, [0.25, [[0.25]], 0.2500001, np.float32(0.25), Fraction(1, 4), Decimal("0.25")]),
    (ONE, [[4], (4.0,), {4}]),
    (
        ROW,
        [
            [1, 2, 4],
            (1, 2.00001, 4),
            np.array([1, 2, 4], np.uint8),
            (1, Fraction(2), 4.0),
            [[1], 2, [[4.0]]],
        ],
    ),
    (WHICH, [[5, 2, 4], {2, 4, 5}, (2, 2, 4, 5)]),
    (TRUTH, [True, 1, np.True_, [True]]),
    (TRUTHS, [[True, False], (1, 0)]),
    (SHAPE, [(2, 3), [2, 3], [[2, 3]]]),
    (LONG, [(3,), 3, [3]]),
    (WORD, ["mean", " mean "]),
    (COARSE, [100.5]),
    (ANY, [[3, 3], [2.5, 3.5]]),
    (NAME, ["plus_sign", "Plus Sign", " plus-sign", "plus__sign", "a_sign"]),
]


@pytest.mark.parametrize(
    ("part", "given"), [(part, each) for part, all_ in RIGHT for each in all_]
)
def test_a_right_answer_may_be_spelt_in_many_ways(part, given):
    """A number in a list of one, a set, a list for a tuple, blanks and capitals in a name."""
    found = judge(part, given)
    assert (found.status, found.key, found.lines) == ("RIGHT", "", ())


@pytest.mark.parametrize(
    ("part", "given", "key", "what", "todo"),
    [
        (NUMBER, 0.75, "0.75", "The rest?", AGAIN),
        (NUMBER, 12.345678, "other", "12.35 is not it.", "Count again."),
        (NUMBER, 12345, "other", "12345 is not it.", "Count again."),
        (NUMBER, 2.00001, "other", "2.00001 is not it.", "Count again."),
        (NUMBER, 1e300, "other", "1e+300 is not it.", "Count again."),
        (NUMBER, [0.25, 0.25], "shape", "One answer is wanted, and these are 2.", "Count again."),
        (NUMBER, int, "type", "That is a function, not what it returns.", None),
        (NUMBER, True, "type", "True and False are no numbers, and numbers are wanted.", AGAIN),
        (ROW, [1, 2, 4.001], "other", "Entry [2] is +4.0010, and that is not it.", AGAIN),
        (ROW, [1, 2, 3], "other", "Entry [2] is +3.0000, and that is not it.", AGAIN),
        (ROW, [4, 2, 1], "other", "Entry [0] is +4.0000, and that is not it.", AGAIN),
        (ROW, [1, 2], "shape", "It has 2 entries, and 3 are wanted.", AGAIN),
        (ROW, [[1], [2], [3]], "other", "Entry [2] is +3.0000, and that is not it.", AGAIN),
        (ROW, [[1, 2], [4, 0]], "shape", "It has the shape (2, 2), and (3,) is wanted.", AGAIN),
        (ROW, [[1, [2]], 2, 4], "type",
         "[[1, [2]], 2, 4] holds no numbers, or rows of different lengths.", None),
        (ROW, [[1], [2, 4]], "type",
         "[[1], [2, 4]] holds no numbers, or rows of different lengths.", None),
        (ROW, 4, "shape", "That is one answer, and 3 are wanted: a list, with [ ].", AGAIN),
        (ROW, {1, 2, 4}, "type", "Curly brackets make a set or a dictionary.", None),
        (INTEGERS, [1, 2, 3.00004], "other", "Entry [2] is 3.00004, and that is not it.", AGAIN),
        (WHICH, 4, "shape", "That is one answer, and 3 are wanted: a list, with [ ].", AGAIN),
        (WHICH, [2, 4], "which_ones", "One is missing.", AGAIN),
        (WHICH, [4], "which_ones", "2 are missing.", AGAIN),
        (WHICH, [2, 4, 4, 3], "which_ones", "One is missing, and one is too many.", AGAIN),
        (WHICH, [], "which_ones", "The list is empty, and some belong in it.", AGAIN),
        (WHICH, [[2, 4], [5, 6]], "shape", "It has the shape (2, 2), and (3,) is wanted.", AGAIN),
        (INTEGERS, [1, 2, 4], "other", "Entry [2] is 4, and that is not it.", AGAIN),
        (ORDER, [3, 1, 2], "order", "It begins with 3.", AGAIN),
        (ORDER, [1, 2, 3], "other", "Entry [1] is 2, and that is not it.", AGAIN),
        (ORDER, [1, 2, 2], "order", "2 stands there more than once, and 3 is missing.", AGAIN),
        (ORDER, [1, 2, 2, 3], "order", "2 stands there more than once.", AGAIN),
        (ORDER, [1], "order", "2 and 3 are missing.", AGAIN),
        (ORDER, [4, 1, 3], "order", "4 is none of 1, 2, 3.", AGAIN),
        (ORDER, 1, "shape", "That is one answer, and 3 are wanted: a list, with [ ].", AGAIN),
        (TRUTH, 0, "other", "False is not it.", AGAIN),
        (TRUTH, 0.5, "type", "True or False is wanted, and numbers are given.", AGAIN),
        (TRUTHS, [1, 0.5], "type", "True or False is wanted, and numbers are given.", AGAIN),
        (TRUTHS, [True, True], "other", "Entry [1] is True, and that is not it.", AGAIN),
        (SHAPE, 6, "6", "Size?", AGAIN),
        (SHAPE, (3, 2), "other", "(3, 2) is not it.", AGAIN),
        (LONG, (3, 1), "other", "(3, 1) is not it.", AGAIN),
        (Answer("wide", (128,)), (130,), "other", "(130,) is not it.", AGAIN),
        (NUMBER, 1.7e308, "other", "1.7e+308 is not it.", "Count again."),
        (WORD, "sum ", "sum", "Divided?", AGAIN),
        (WORD, "median", "other", "'median' is not it.", AGAIN),
        (WORD, 3, "type", "3 is no text, and a word is wanted.", "Write the word, in quotes."),
        (WORD, ["sum"], "type", "['sum'] is no text, and a word is wanted.", None),
        (COARSE, 102, "other", "102 is not it.", AGAIN),
        (ANY, [3, 5], "far", "It is far from 3.", AGAIN),
        (ANY, [3, np.inf], "not_finite", "It holds something that is no finite number.", AGAIN),
        (ANY, [3], "shape", "It has 1 entry, and 2 are wanted.", AGAIN),
        (NAME, "Two-Sides", "two_sides", "Swapped.", AGAIN),
        (NAME, {"plus_sign"}, "no_such_name", "['plus_sign'] is not one of the names.",
         'Choose one of "factor", "plus_sign", "two_sides", in quotes.'),
    ],
)  # fmt: skip
def test_a_wrong_answer_is_told_what_it_is(part, given, key, what, todo):
    """Its slip, if it is one; else that it is not it, or how it is of another form."""
    found = judge(part, given)
    assert (found.status, found.key, found.what) == ("WRONG", key, what)
    assert found.todo == (todo or found.todo)
    assert found.question == ("" if key not in ("0.75", "6", "sum") else what)


@pytest.mark.parametrize(
    ("value", "short", "other"),
    [
        (1 / 3, [0.33, 0.333, 0.3333], [0.3, 0.34, 0.332, 0.0, 0.330001, 0.3300001]),
        ([1 / 3, 2 / 3], [[1 / 3, 0.66], [0.33, 2 / 3]], [[1 / 3, 0.6]]),
        (1.2345e-12, [1.2e-12, 1.23e-12], [0.0, 1e-12, 1.21e-12]),
        (-2 / 3, [-0.66, -0.67, -0.6667], [-0.7, -0.68, 0.67]),
        (0.125, [0.12, 0.13], [0.1, 0.14]),
        (12345.678, [12000, 12300, 12346, 12345], [10000, 13000]),
        (1.2345e-4, [1.2e-4, 1.23e-4, 1.235e-4], [1e-4, 1.3e-4]),
        ([1 / 3, 0, -2 / 3], [[0.33, 0, -0.66]], [[0.33, 0.01, -0.67], [0.33, 0, -0.68]]),
    ],
)
def test_a_number_with_too_few_digits_is_told_so(value, short, other):
    """Rounded or cut off, to two digits or more; with one it may be anything."""
    part = Answer("n", value, atol=0)
    assert [judge(part, given).key for given in short] == ["rounded"] * len(short)
    assert [judge(part, given).key for given in other] == ["other"] * len(other)
    assert judge(part, short[0]).what.endswith(" is right, but rounded.")


def test_a_slip_with_too_few_digits_is_still_that_slip():
    """What is known of it is said."""
    part = Answer("n", 0.25, {0.123: "Slip?"})
    assert [judge(part, given).key for given in (0.123, 0.12, 0.1, 0.13)] == [
        "0.123", "0.123", "other", "other"]  # fmt: skip
    part = Answer("n", [5.0, 6.0], {0.123: "Slip?"})
    assert judge(part, [0.12, 7]).key == "other"


@pytest.mark.parametrize(
    ("part", "what"),
    [
        (NUMBER, "Put your answer where the dots of n are, then"),
        (NAME, 'Put one of these names where the dots of which are: "factor", "plus_sign", "two_'),
    ],
)
def test_dots_are_no_answer_yet(part, what):
    """Of names it is said which there are; one that is right as well is not offered."""
    found = judge(part, ...)
    assert found.status == "TODO"
    assert found.what.startswith(what)
