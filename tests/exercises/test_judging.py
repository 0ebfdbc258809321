"""How numbers are judged, and what a judge says besides: the pieces, on answers made for them."""

import numpy as np
import pytest

from smlearn.exercises import exercise
from smlearn.exercises.judge.functions import judge_function
from smlearn.exercises.judge.second_calls import remembered
from smlearn.exercises.judge.unanswered import is_open, untouched
from smlearn.exercises.judge.values import alike, as_array, close, tolerance
from smlearn.exercises.sandbox.call import Run
from smlearn.exercises.sandbox.clock import Patience
from smlearn.exercises.sandbox.plain_data import Other
from smlearn.exercises.task import Function

ROWS = {"four rows": (np.arange(12.0).reshape(4, 3) / 7 + 0.1,)}


def double(x):
    return 2.0 * x


@pytest.mark.parametrize(
    ("value", "numbers"),
    [
        (1.5, 1.5),
        ([1, 2], [1, 2]),
        ((True, False), [True, False]),
        (1j, 1j),
        ("1", None),
        (b"1", None),
        ({"a": 1}, None),
        ({1}, None),
        (None, None),
        ([[1], [1, 2]], None),
        (Other("generator"), None),
        (["a"], None),
        ([1, Other("generator")], None),
    ],
)
def test_what_is_an_array_of_numbers(value, numbers):
    """Numbers and truth values, in brackets or not; never text or names."""
    a = as_array(value)
    assert (a is None) is (numbers is None)
    assert a is None or np.array_equal(a, numbers)


def test_the_tolerance_goes_with_the_size_and_the_precision():
    """A part of the largest target, or of 1; of the inputs as well for float32."""
    wide, args = np.array([3.0, -50.0]), (np.array([4000.0]), "no array")
    assert tolerance(wide, wide, args, 1e-10) == pytest.approx(50e-10)
    assert tolerance(wide / 100, wide / 100, args, 1e-10) == pytest.approx(1e-10)
    narrow = wide.astype(np.float32)
    assert tolerance(narrow, wide, args, 1e-10) == pytest.approx(1e-5 * 400)
    assert tolerance(narrow, wide, (), 1e-10) == pytest.approx(1e-5 * 50)
    assert tolerance(narrow, wide, (), 1e-3) == pytest.approx(1e-3 * 50)
    assert tolerance(wide, wide, args, 1e-10, True).tolist() == pytest.approx([3e-10, 50e-10])
    assert tolerance(narrow, wide, args, 1e-10, True).tolist() == pytest.approx([3e-5, 50e-5])
    assert tolerance(wide * 1j, wide, args, 1e-10) == pytest.approx(50e-10)
    assert tolerance((wide * 1j).astype(np.complex64), wide, (), 1e-10) == pytest.approx(50e-5)
    assert tolerance(wide, np.array([np.inf, 5.0]), (), 1.0) == 5.0
    assert tolerance(wide > 0, wide > 0, (), 1.0) == 1.0


def test_close_numbers():
    """In shape and size; NaN agrees with NaN, truth with the same truth alone."""
    a = np.array([1.0, np.nan])
    assert close(a, a, 0.0)
    assert close(a + 0.1, a, 0.11)
    assert not close(a + 0.1, a, 0.09)
    assert not close(a, a[:1], 1.0)
    assert close(np.array([True]), np.array([1.0]), 0.0)
    assert not close(np.array([True]), np.array([1.5]), 1.0)
    assert not close(np.array([1.5]), np.array([True]), 1.0)


def runs(value=None, **seen):
    return {"four rows": Run(value, **seen)}


def test_two_functions_that_look_the_same():
    """Values, errors, changed arguments, an overwritten result: all of it counts."""
    a, error = np.ones(2), ValueError("x")
    same = [
        (runs(a), runs(a + 1e-12)),
        (runs(None), runs(None)),
        (runs(error=error, said="x"), runs(error=ValueError("y"), said="x")),
    ]
    other = [
        (runs(a), runs(a + 1e-8)),
        (runs(a), runs(a, changed=(0,))),
        (runs(a), runs(a, overwritten=True)),
        (runs(a), runs(None)),
        (runs("a"), runs(None)),
        (runs(a), runs(error=error)),
        (runs(error=error), runs(error=TypeError("x"))),
        (runs(error=error, said="x"), runs(error=error, said="y")),
    ]
    for pairs, wanted in ((same, True), (other, False)):
        for one, two in pairs:
            assert alike(one, two, ROWS, 1e-10) is wanted, (one, two)
            assert alike(two, one, ROWS, 1e-10) is wanted, (one, two)


def test_errors_may_say_different_things_where_others_run():
    """Only two that never run must say the same."""
    one = {"a": Run(1.0), "b": Run(error=ValueError("x"), said="x")}
    two = {"a": Run(1.0), "b": Run(error=ValueError("y"), said="y")}
    assert alike(one, two, {"a": (), "b": ()}, 1e-10)


def test_single_precision_and_lists_are_remarked_on():
    """They are right, and the page says what they are."""
    part = Function(double, ROWS)
    (said,) = judge_function(part, lambda x: double(x).astype(np.float32)).lines
    assert said.startswith("Its numbers are float32")
    (said,) = judge_function(part, lambda x: double(x).tolist()).lines
    assert said.startswith("It is a list or tuple")
    assert judge_function(part, double).lines == ()


def test_a_law_is_named_with_what_breaks_it():
    """With the case itself, or with one near by where the case itself is right."""

    def law(f, x):
        return "" if f(x + 1).max() == 2 * (x + 1).max() else "the largest is wrong"

    part = Function(double, ROWS, laws={"the largest is doubled": law})
    said = judge_function(part, lambda x: double(x) + (x < 1)).lines
    assert said[0] == "The shape is right, and the numbers are not."
    said = judge_function(part, lambda x: double(x) + x**2).lines
    assert said[0] == "A law is broken: the largest is doubled."
    assert said[1].startswith("With four rows, the largest is wrong; at [3, 2] yours is ")
    cases = {"small": (np.array([0.1]),), "large": (np.array([5.0]),)}
    part = Function(double, cases, laws={"the largest is doubled": law})
    said = judge_function(part, lambda x: double(x) + x * (x > 1)).lines
    assert said[1].startswith("With small, the largest is wrong. With large: at [0] yours is +15")


def test_the_wrong_rows_are_counted_where_some_are_right():
    """One is, several are; and nothing is said where all are wrong, or there is one row."""

    def wrong_in(*which):
        def mine(x):
            out = double(x)
            out[list(which)] += 1
            return out

        return judge_function(Function(double, ROWS), mine).lines[1]

    assert wrong_in(2).endswith("Of the rows only 2 is wrong.")
    assert wrong_in(0, 3).endswith("Of the rows only 0, 3 are wrong.")
    assert "Of the rows" not in wrong_in(0, 1, 2, 3)
    one = Function(double, {"one row": (np.ones((1, 3)),)})
    assert "Of the rows" not in judge_function(one, lambda x: x * [[1, 2, 2]]).lines[1]


def test_a_second_call_must_answer_as_the_first():
    """Another answer is state; an error is shown as it is, with its line."""
    calls = []

    def counts(p, dp):
        calls.append(1)
        return (p * dp).sum(axis=-1) + (len(calls) > 4)

    def fails_later(p, dp):
        calls.append(1)
        if len(calls) > 4:
            raise ValueError("enough")
        return (p * dp).sum(axis=-1)

    ex = exercise("expected_upstream")
    assert len(ex.task.function.cases) <= 4
    calls[:] = [1] * (4 - len(ex.task.function.cases))
    verdict = ex.check(counts)
    assert (verdict.status, verdict.key) == ("WRONG", "state")
    assert verdict.lines[0] == "The same arguments gave two answers."
    assert len(verdict.args) == 2
    calls[:] = [1] * (4 - len(ex.task.function.cases))
    verdict = ex.check(fails_later)
    assert (verdict.status, verdict.key) == ("CRASHED", "state")
    assert verdict.lines[0].endswith('raise ValueError("enough")')
    assert "ValueError: enough (with " in verdict.lines[1]
    assert "in a second call" in verdict.lines[1]


def test_an_answer_that_is_remembered_is_wrong():
    """Other numbers, and the answer of before; who remembers the numbers as well is right."""

    def by(key):
        memo = {}

        def mine(x):
            return memo.setdefault(key(x), double(x)).copy()

        return judge_function(Function(double, ROWS), mine)

    verdict = by(np.shape)
    assert (verdict.status, verdict.key) == ("WRONG", "remembered")
    assert verdict.lines[0] == "It gave the answer of an earlier call."
    assert not np.array_equal(verdict.args[0], ROWS["four rows"][0])
    assert by(lambda x: x.tobytes()).right


def test_what_does_not_depend_on_its_numbers_is_not_remembered():
    """Where the right answer to other numbers is the same, nothing can be told."""

    class Seen:
        part = Function(lambda x: np.float64(len(x)), {"a": (np.arange(3.0),)})
        f = staticmethod(len)
        patience = Patience()
        runs = runs(3.0)

    assert remembered(Seen) is None


def test_nothing_is_written_yet():
    """Dots, pass, a docstring; `return None` and a lambda are answers."""

    def dots(): ...

    def passes():
        pass

    def documented():
        """Return nothing."""

    def none():
        return None

    assert all(map(untouched, (dots, passes, documented)))
    assert not any(map(untouched, (none, lambda: None, len, 5)))
    assert is_open([1, (2, ...)])
    assert not is_open([1, "..."])
    verdict = exercise("expected_upstream").check(lambda p, dp: None)
    assert (verdict.status, verdict.key) == ("WRONG", "none")


def test_what_leaves_the_engine_is_a_copy():
    """Whoever writes into it changes no later verdict."""
    ex = exercise("expected_upstream")

    def mine(p, dp):
        p *= dp
        return p.sum(axis=-1)

    def wrong(p, dp):
        return 2 * (p * dp).sum(axis=-1)

    right = ex.task.function.reference
    verdict = ex.check(mine)
    assert verdict.key in ("p_in_place", "changed")
    first = mine(*ex.args)
    assert np.array_equal(mine(*ex.args), first)
    verdict = ex.check(wrong)
    for a in (*verdict.args, verdict.yours, verdict.target):
        a[...] = 0
    assert ex.check(right).right
    assert ex.check(wrong).key == verdict.key
    with pytest.raises(ValueError, match="read-only"):
        next(iter(ex.task.function.cases.values()))[0][...] = 0
