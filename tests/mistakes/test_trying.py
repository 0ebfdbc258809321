"""What is seen of a function that is tried, and when two of them are alike."""

import numpy as np
import pytest
from cases import of_one_buffer

from smlearn.exercises.sandbox.plain_data import Other
from smlearn.mistakes.trying import Run, alike, as_array, call, close, factors, largest, try_on

ROWS = {"four rows": (np.arange(12.0).reshape(4, 3) / 7 + 0.1,)}


def ROOM(yours, target, args):
    return 1e-10


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


def test_close_numbers():
    """In shape and size; NaN agrees with NaN, truth with the same truth alone."""
    a = np.array([1.0, np.nan])
    assert close(a, a, 0.0)
    assert close(a + 0.1, a, 0.11)
    assert not close(a + 0.1, a, 0.09)
    assert not close(a, a[:1], 1.0)
    assert not close(a, np.array([-np.inf, np.nan]), np.inf)  # as a part of -inf is
    assert not close(np.ones(2), np.ones(1), 1.0)
    assert not close(a, np.ones(2), 1.0)
    assert not close(np.ones(2), a, 1.0)
    assert close(np.array([np.inf]), np.array([np.inf]), 0.0)
    assert not close(np.array([np.inf]), np.array([-np.inf]), 1.0)
    assert close(np.uint8([1]), np.uint8([2]), 1.0)
    assert close(np.array([True, False]), np.array([1.0, 0.0]), 0.0)
    assert not close(np.array([True]), np.array([1.5]), 1.0)
    assert not close(np.array([1.5]), np.array([True]), 1.0)


def test_the_largest_number_is_a_finite_and_a_real_one():
    """Whatever its sign; 0 where there is none."""
    assert largest(np.array([-3.0, 2.0, np.inf, np.nan])) == 3
    assert largest(np.int8([-128, 2])) == 128
    for none in ([], [np.nan], [True], [3j]):
        assert largest(np.array(none)) == 0


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
        (runs([1, 2]), runs([[1], [1, 2]])),
        (runs(a), runs(error=error)),
        (runs(None), runs(error=error)),
        (runs(a), {}),
        (runs(error=error), runs(error=TypeError("x"))),
        (runs(error=error, said="x"), runs(error=error, said="y")),
    ]
    for pairs, wanted in ((same, True), (other, False)):
        for one, two in pairs:
            assert alike(one, two, ROWS, ROOM) is wanted, (one, two)
            assert alike(two, one, ROWS, ROOM) is wanted, (one, two)


def test_errors_may_say_different_things_where_others_run():
    """Only two that never run must say the same."""
    one = {"a": Run(1.0), "b": Run(error=ValueError("x"), said="x")}
    two = {"a": Run(1.0), "b": Run(error=ValueError("y"), said="y")}
    assert alike(one, two, {"a": (), "b": ()}, ROOM)


def test_no_complex_number_is_like_a_real_one():
    """Not even one whose imaginary part is 0: somebody still has to take .real."""
    assert close(np.array([1j]), np.array([1j]), 0.0)
    assert not close(np.array([1 + 0j]), np.array([1.0]), 1.0)
    assert not close(np.array([1.0]), np.array([1 + 0j]), 1.0)


def test_a_call_leaves_its_arguments_alone_and_says_what_it_did():
    """It works on copies; what was changed in them, and what was raised, is noted."""
    x = np.ones(2)

    def doubles(a, b):
        b *= 2
        return b

    run = call(doubles, (0.5, x))
    assert run.changed == (1,)
    assert run.numbers().tolist() == [2, 2]
    assert x.tolist() == [1, 1]
    assert not call(np.add, (x, x)).changed
    run = call(lambda a: a["b"], ({},))
    assert (run.failed, run.said, run.value) == (True, "'b'", None)
    with pytest.raises(KeyError):
        run.numbers()
    assert call(lambda: "a", ()).numbers() is None
    with np.errstate(all="raise"):  # whatever the page has set
        assert call(np.log, (np.zeros(1),)).array.tolist() == [-np.inf]


def test_a_later_call_may_overwrite_what_an_earlier_one_returned():
    """An array, and one in a list; a new one each time does not."""
    cases = {"one": (1.0,), "two": (2.0,)}
    for f, seen in of_one_buffer():
        runs = try_on(f, cases)
        assert runs["one"].overwritten is seen
        assert runs["one"].array.tolist() in ([1.0], [[1.0]])
        assert not runs["two"].overwritten
        assert all(run.live is None for run in runs.values())


def test_trying_ends_where_a_call_is_unfinished():
    """Whoever hands in a call of their own says when."""
    asked = []

    def gives_up(f, args):
        asked.append(args)
        return Run(unfinished=True)

    assert list(try_on(len, {"a": (1,), "b": (2,)}, gives_up)) == ["a"]
    assert asked == [(1,)]


def test_factors_case_by_case():
    """c where one is c times the other in every case; a case of zeros has none, and must be 0."""
    cases = {"a": (), "b": (), "zeros": ()}

    def runs(*values, **seen):
        return dict(zip(cases, (Run(np.array(v), **seen) for v in values), strict=True))

    right = runs([1.0, 2.0], [3, 4], [0.0])
    assert factors(runs([2.0, 4.0], [-3.0, -4.0], [0.0]), right, cases, ROOM) == {"a": 2, "b": -1}
    assert factors(right, right, cases, ROOM) == {"a": 1, "b": 1}
    assert factors(runs([2.0, 4.0], [3.0, 4.0], [1.0]), right, cases, ROOM) == {}
    for other in (
        runs([2.0, 4.1], [3.0, 4.0], [0.0]),
        runs([2.0, np.nan], [3.0, 4.0], [0.0]),
        runs([2.0], [3.0, 4.0], [0.0]),
        runs(["a"], [3.0, 4.0], [0.0]),
        runs([np.nan, np.nan], [3.0, 4.0], [0.0]),
        runs([1j, 2j], [3.0, 4.0], [0.0]),
        runs([False, False], [3.0, 4.0], [0.0]),
        runs([True, False], [3.0, 4.0], [0.0]),
        runs([1.0, 2.0], [3.0, 4.0], [0.0], changed=(0,)),
        runs([1.0, 2.0], [3.0, 4.0], [0.0], overwritten=True),
        runs([1.0, 2.0], [3.0, 4.0], [0.0], error=ValueError()),
    ):
        assert factors(other, right, cases, ROOM) == {}
        assert factors(right, other, cases, ROOM) == {}


def test_one_number_that_is_stretched_over_an_array_is_not_overwritten():
    """np.broadcast_to makes no copy; what was written down of it is one."""
    for one in (2.0, np.ones((1, 3))):
        runs = try_on(lambda a, one=one: np.broadcast_to(one, (4, 3)), {"a": (1,), "b": (2,)})
        assert not runs["a"].overwritten
    assert not call(np.sum, (np.broadcast_to(1.0, (2, 2)),)).changed
