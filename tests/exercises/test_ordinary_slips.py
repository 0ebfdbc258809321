"""Every exercise knows the ordinary slips of its reference, and nobody has written them down."""

import numpy as np
import pytest

from smlearn.exercises import TASKS, exercise
from smlearn.exercises.judge import ordinary_slip
from smlearn.exercises.judge.judging import judge
from smlearn.exercises.task import Function, complete, mistakes_in
from smlearn.mistakes.ordinary_slips import KINDS, ordinary_mistakes

ASKED = {key: task for key, task in TASKS.items() if task.function}
FOUND = {"factor", "zero", "formula", "float32_inside"}  # a factor may have done it, too


def right_values(task):
    return [eval(part.solution, {"np": np}) for part in task.parts[:-1]]


@pytest.mark.parametrize("key", ASKED)
def test_every_exercise_has_them(key):
    """For nothing: nobody writes them."""
    forms = [
        form for slip in ordinary_mistakes(ASKED[key].function.reference) for form in slip.forms
    ]
    assert len(forms) >= 5


MIXED = "jacobian_from_p softmax_jvp leaks dropped_cache in_blocks two_bugs one_more_block"


@pytest.mark.parametrize("key", MIXED.split())
def test_a_slip_whose_numbers_are_wrong_has_a_name(key):
    """Its own, or that of a mistake that is written down and looks the same."""
    task, seen = ASKED[key], 0
    value = task.function.reference(*next(iter(task.function.cases.values())))
    known = FOUND | set(KINDS) | set(task.wrong_keys)
    known |= set(value) if isinstance(value, dict) else set()
    for mistake in ordinary_mistakes(task.function.reference):
        for form in mistake.forms[:1]:
            verdict = exercise(key).check(*right_values(task), form)
            if not verdict.right and verdict.yours is not None and verdict.error is None:
                assert verdict.key in known | {"not_finite", "dtype"}, f"{mistake.key}: {verdict}"
            seen += not verdict.right
    assert seen >= 5


def test_what_a_slip_says():
    """What was done, where it shows, a question; and the question is the first hint."""
    ex = exercise("jacobian_from_p")
    verdict = ex.check(lambda p: p[:, None] * (np.eye(len(p)) - 2 * p))
    assert verdict.key == "a_weight"
    assert verdict.lines[0] == "This is what a right answer gives with one term doubled or halved."
    assert verdict.lines[1].startswith("With p = (0.5, 0.25, 0.25): at [0, 0] yours is +0.0000")
    assert verdict.lines[2].endswith("?")
    assert verdict.lines[2] in str(ex.hint())


def doubled(x):
    """Compute twice x, and no more."""
    return np.sum(x, axis=-1, keepdims=True) + 2 * x


CASES = {"four rows": (np.arange(12.0).reshape(4, 3),), "one row": (np.ones((1, 3)),)}


def test_slips_are_made_when_nothing_else_has_a_name(monkeypatch):
    """A right answer and a factor cost nothing of them; they are kept for the next answer."""
    made = []
    monkeypatch.setattr(
        ordinary_slip, "ordinary_mistakes", lambda f: made.append(f) or ordinary_mistakes(f)
    )
    part = Function(doubled, CASES)
    assert judge(part, doubled).right
    assert judge(part, lambda x: 3 * doubled(x)).key == "factor"
    assert made == []
    for _ in range(2):
        slip = judge(part, lambda x: doubled(x) - 4 * x)
        assert (slip.status, slip.key) == ("WRONG", "a_sign")
    assert made == [doubled]


def test_a_slip_that_raises_must_say_the_same():
    """A kind of error is too little to know what was done; in which order it names two is not."""
    part = Function(doubled, CASES)
    lost = judge(part, lambda x: 2 * x + x.sum(axis=-1))
    assert (lost.status, lost.key) == ("CRASHED", "keepdims_missing")
    assert lost.what.startswith("Line ")  # the error is shown, and the slip asks its question
    assert lost.evidence.startswith("ValueError: operands could not be broadcast")
    assert lost.question == lost.todo == KINDS["keepdims_missing"][2]

    def another(x):
        if len(x) > 1:
            raise ValueError("something else")
        return 2 * x + x.sum(axis=-1)

    assert judge(part, another).key == "raises"

    def other_shapes(x):
        if len(x) > 1:
            raise ValueError("operands could not be broadcast together with shapes (3,4) (4,) ")
        return 2 * x + x.sum(axis=-1)

    assert judge(part, other_shapes).key == "raises"


def test_a_slip_must_fit_in_all_cases_and_run_in_some():
    """One that begins as the answer does may go on in another way; of errors alone too little is
    known."""
    part = Function(doubled, CASES)
    begins = judge(part, lambda x: doubled(x) - 4 * x if len(x) > 1 else doubled(x) + 1)
    assert (begins.status, begins.key) == ("WRONG", "numbers")
    four_rows = Function(doubled, {"four rows": CASES["four rows"]})
    assert judge(four_rows, lambda x: np.sum(x, axis=-1) + 2 * x).key == "raises"


def test_a_row_of_mistakes_in_must_be_whole():
    """Each complaint says what is wanted, what came, and what to do."""
    reference = TASKS["jacobian_from_p"].function.reference
    for row in [
        ("key", "You did it."),
        ("key", "You did it", "Why?", "p"),
        ("k", "D.", "Why", "p"),
    ]:
        with pytest.raises(ValueError, match=r"mistakes_in: a key, .* but got \('k.*; write all"):
            mistakes_in(reference, row)
    with pytest.raises(ValueError, match=r"mistakes_in: the function below a @complete.* but got"):
        mistakes_in(doubled, ("key", "You did it.", "Why?", "x"))


def test_a_reference_must_say_what_it_asks():
    """Its docstring is printed, and nothing is registered without one."""
    asked = complete("01", "in two cases", hints=(), blank="", why="", matters="", cases=CASES)
    with pytest.raises(
        ValueError, match=r"nothing_said: a docstring is wanted, .*; write one line"
    ):

        @asked
        def nothing_said(x):
            return x

    assert "nothing_said" not in TASKS


@pytest.mark.parametrize("key", ASKED)
def test_what_is_exchanged_stands_once_in_the_reference(key):
    """Else the mistake is none: the complaint names the piece."""
    for mistake in ASKED[key].function.wrongs:
        for form in mistake.forms:
            getattr(form, "made", str)()


def test_a_case_is_a_tuple_of_arguments():
    """(np.ones(3)) is an array: without its comma it would be handed over as three arguments."""
    with pytest.raises(
        ValueError, match=r"doubled: a tuple .* 'one' is array.*\(p,\) with a comma"
    ):
        Function(doubled, {"one": (np.ones(3))})


def test_a_blank_stands_in_the_code():
    """Spelt as there: the whole code is shown to copy from."""
    asked = {"hints": (), "why": "", "matters": "", "cases": CASES, "blank": "2*x"}
    complete("01", "in two cases", **asked)(doubled)
    task = TASKS._loaded.pop("doubled")
    with pytest.raises(ValueError, match=r"blank: .* but got '2\*x'; copy it, with its spaces"):
        _ = task.ladder
