"""A function that is tried is called no further than is needed, and the outcome is that of all."""

import gc
import itertools
import weakref

import numpy as np
import pytest
from cases import of_one_buffer

from smlearn.mistakes.trial import Trial
from smlearn.mistakes.trying import Run, alike, factors, try_on

CASES = {"ones": (np.ones(3),), "twos": (np.full(3, 2.0),), "zeros": (np.zeros(3),)}


def room(*_):
    return 1e-9


def raises(x):
    raise ValueError("no")


def raises_on_twos(x):
    return x / 1 if x[0] != 2 else raises(x)


def into_x(x):
    x += 1
    return x


BUFFER = np.zeros(3)
FUNCTIONS = {
    "same": lambda x: x * 1.0,
    "double": lambda x: 2 * x,
    "square": lambda x: x**2,
    "constant": lambda x: np.ones(3),
    "nothing": lambda x: 0 * x,
    "a list": lambda x: list(x),
    "a word": lambda x: "x",
    "another shape": lambda x: x[:2],
    "raises": raises,
    "raises on twos": raises_on_twos,
    "into x": into_x,
    "one buffer": lambda x: np.multiply(x, 1, out=BUFFER),
    **{f"of one buffer {i}": f for i, (f, _) in enumerate(of_one_buffer())},
}


@pytest.mark.parametrize(("one", "other"), [*itertools.product(FUNCTIONS, repeat=2)])
def test_the_outcome_is_that_of_all_cases(one, other):
    """Alike, a multiple, or neither, asked in any order; the second time of what was kept."""
    yours, theirs = (try_on(FUNCTIONS[name], CASES) for name in (one, other))
    trial = Trial(FUNCTIONS[other], CASES)
    some = {"twos": CASES["twos"]}
    for _ in range(2):
        assert trial.alike(yours, some, room) is alike(yours, theirs, some, room)
        assert trial.alike(yours, CASES, room) is alike(yours, theirs, CASES, room)
        if factors(yours, theirs, CASES, room):
            assert trial.may_be_scaled(yours, room)
    assert not trial.may_be_scaled(try_on(lambda x: np.arange(3.0), CASES), room)


def calls(f):
    """Return a function, and the list of what it is called with."""
    seen = []
    return (lambda x: seen.append(x[0]) or f(x)), seen


def test_it_is_called_up_to_the_first_case_that_differs():
    """Once each; where none differs all cases are run, in one go, and then never again."""
    square, seen = calls(np.square)
    trial = Trial(square, CASES)
    for _ in range(2):
        assert not trial.alike(try_on(lambda x: x + 1, CASES), CASES, room)
        assert seen == [1]
    assert not trial.alike(try_on(lambda x: x, CASES), CASES, room)
    assert not trial.may_be_scaled(try_on(lambda x: np.arange(3.0), CASES), room)
    assert seen == [1, 2]
    for _ in range(2):
        assert trial.alike(try_on(np.square, CASES), CASES, room)
        assert seen == [1, 2, 0, 1, 2, 0]
    assert trial.on(CASES) is trial.runs
    assert list(trial.on({"twos": CASES["twos"]})) == ["twos"]


def test_once_all_cases_were_run_no_single_one_is():
    """What is known is not asked again."""
    square, seen = calls(np.square)
    trial = Trial(square, CASES)
    runs = trial.runs
    assert seen == [1, 2, 0]
    assert trial.may_be(runs, CASES, room)
    assert seen == [1, 2, 0]


def test_what_a_single_call_returned_is_let_go():
    """A copy is kept, and there are many functions; memory is for the learner."""
    returned = []

    def square(x):
        y = x**2
        returned.append(weakref.ref(y))
        return y

    trial = Trial(square, CASES)
    assert trial.may_be(try_on(np.square, CASES), CASES, room)
    gc.collect()
    assert [y() for y in returned] == [None] * 3


def test_after_a_case_that_is_not_finished_no_other_is_called():
    """It may have no end."""
    seen = []

    def gives_up(f, args):
        seen.append(args)
        return Run(np.ones(3), unfinished=True)

    trial = Trial(len, CASES, gives_up)
    assert not trial.alike(try_on(lambda x: np.ones(3), CASES), CASES, room)
    assert len(seen) == 1


def test_an_answer_that_was_not_tried_in_a_case_is_like_none():
    """It was stopped before."""
    yours = try_on(np.square, {"ones": CASES["ones"]})
    assert not Trial(np.square, CASES).alike(yours, CASES, room)
