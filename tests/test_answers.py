"""compare() is right about right and wrong answers, never raises, and says one thing."""

import numpy as np
import pytest

from smlearn.answers import compare

TABLE = np.array([[0.5, -0.5], [-0.5, 0.5]])


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (..., "to do"),
        (None, "not yet: nothing came back; is there a return?"),
        (TABLE, "right"),
        (TABLE.tolist(), "right"),
        (TABLE.astype(np.float32), "right"),
        (TABLE + 1e-9, "right"),
        (-TABLE, "not yet: the signs are turned round"),
        (TABLE[0], "not yet: the shape is (2,), and (2, 2) is wanted"),
        (0.5, "not yet: the shape is (), and (2, 2) is wanted"),
        ("half", "not yet: numbers are wanted, but this is 'half'"),
        ([[1], [2, 3]], "not yet: numbers are wanted, but this is [[1], [2, 3]]"),
        (TABLE + [[0, 0], [3, 0]], "not yet: the shape fits, but entry [1, 0] is 2.5 and should "
                                   "be -0.5; think of rows"),
        (TABLE * np.nan, "not yet: the shape fits, but entry [0, 0] is nan and should "
                         "be 0.5; think of rows"),
    ],
)  # fmt: skip
def test_each_answer_gets_its_own_verdict(answer, verdict):
    """Most basic reason first: nothing, not numbers, shape, a known slip, the worst entry."""
    slips = ((-TABLE, "the signs are turned round"),)
    assert compare(answer, TABLE, slips=slips, hint="think of rows") == verdict


@pytest.mark.parametrize("answer", [10**400, 0.25 + 5j, "0.25", [1.7e308], -np.inf, np.nan, {}])
def test_no_answer_raises_or_warns(answer):
    """Warnings are errors in the tests; each of these is wrong, and says so."""
    assert compare(answer, 0.25).startswith("not yet: ")
    assert compare(answer, [-1.7e308], slips=((np.zeros(2), "a slip of another shape"),))


def test_a_shape_is_compared_as_a_whole():
    """No talk of entries, and a list will do."""
    assert compare([4, 3], (4, 3)) == "right"
    assert compare((3, 4), (4, 3), hint="rows first") == "not yet: rows first"
    assert compare((4,), (4, 3), hint="rows first") == "not yet: rows first"
    assert compare("(4, 3)", (4, 3)) == "not yet: numbers are wanted, but this is '(4, 3)'"


def test_a_single_number_gets_the_hint_alone():
    """There is no entry to name."""
    assert compare(3.0, 1.5, hint="who is drawn half the time?") == (
        "not yet: who is drawn half the time?"
    )
    assert compare(1.5, 1.5) == "right"


def test_the_tolerance_can_be_widened_for_rounded_answers():
    """0.56 for 0.557 is right where two digits were asked for."""
    assert compare(0.56, 0.5573, atol=0.005) == "right"
    assert compare(0.57, 0.5573, atol=0.005, hint="closer") == "not yet: closer"
