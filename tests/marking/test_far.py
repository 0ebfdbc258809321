"""An answer that is in another process is judged as the page would judge it."""

import json
import warnings
from fractions import Fraction

import numpy as np
import pytest

from smlearn.exercises import TASKS, exercises
from smlearn.exercises.judge.judging import judge
from smlearn.exercises.sandbox.clock import Patience
from smlearn.exercises.sandbox.plain_data import plain
from smlearn.marking.calls import called
from smlearn.marking.conversation import table_of
from smlearn.marking.errors import error_of, kinds_of
from smlearn.marking.far import Far, sound, stand_in
from smlearn.marking.looks import looks_of
from smlearn.marking.wire import Garbled, pack, unpack

FUNCTIONS = table_of(exercises())
KEYS = [key for key, task in TASKS.items() if task.function]
SECONDS = 60.0


def through_a_wire(message: dict) -> dict:
    """Return what the other side would read."""
    return json.loads(json.dumps(message))


def from_afar(part, f):
    """Judge a function through all that lies between two processes, but for the processes."""
    kept, patience = [], Patience(SECONDS)

    def ask(message):
        args = tuple(unpack(each, FUNCTIONS) for each in through_a_wire(message)["args"])
        return through_a_wire(called(f, args, patience, kept))

    seen, home = stand_in(sound(through_a_wire(looks_of(f))))
    return judge(part, seen, Patience(SECONDS), called=Far(ask, home, FUNCTIONS))


def said(finding) -> tuple:
    return finding.status, finding.key, finding.lines


def both(part, f) -> tuple:
    """Return what the page says of a function, and what marking says."""
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return said(judge(part, f, Patience(SECONDS))), said(from_afar(part, f))


@pytest.mark.parametrize("key", KEYS)
def test_a_right_and_a_wrong_answer_are_judged_as_on_the_page(key):
    """Status, name of the mistake, and every word."""
    part = TASKS[key].function
    here, there = both(part, part.reference)
    assert here == there
    assert there[0] == "RIGHT"
    here, there = both(part, part.wrongs[0].forms[0])
    assert here == there
    assert there[0] in ("WRONG", "CRASHED")


NAMED = [(wrong, i) for wrong in TASKS["diagonal_jacobian"].function.wrongs
         for i in range(len(wrong.forms))]  # fmt: skip


@pytest.mark.parametrize(("wrong", "form"), NAMED, ids=lambda it: getattr(it, "key", it))
def test_each_named_mistake_keeps_its_name(wrong, form):
    """In every form that is known of it."""
    here, there = both(TASKS["diagonal_jacobian"].function, wrong.forms[form])
    assert here == there
    assert there[1] == wrong.key


page_rows = np.ones((2, 3))
buffer = np.zeros((3, 3))


def untouched(p): ...


def returns_dots(p):
    return ...


def returns_none(p):
    return None


def returns_text(p):
    return "RIGHT"


def returns_a_tuple(p):
    return np.diag(p) - np.outer(p, p), p


def returns_fractions(p):
    return [[Fraction(1, 2)] * len(p)] * len(p)


def takes_too_many(p, dp):
    return np.diag(p)


def raises(p):
    table = {"a": p}
    return table["b"]


def raises_its_own(p):
    class Odd(ValueError):
        pass

    raise Odd("it is odd")


def raises_of_shapes(p):
    return p + page_rows[:, :2]


def reads_the_page(p):
    return np.diag(p) - page_rows[0, 0] * 0.3


def changes_p(p):
    p -= 1.0
    return np.diag(p) - np.outer(p, p)


def changes_p_and_back(p):
    p += 0.1
    J = np.diag(p - 0.1) - np.outer(p - 0.1, p - 0.1)
    p -= 0.1
    return J


def shares_a_buffer(p):
    if len(p) != 3:
        return np.diag(p) - np.outer(p, p)
    buffer[...] = np.diag(p) - np.outer(p, p)
    return buffer


def counts_its_calls(p, calls=[]):  # noqa: B006
    calls.append(1)
    return (np.diag(p) - np.outer(p, p)) * len(calls)


def prints(p):
    print("RIGHT")
    return p


CLUMSY = [untouched, returns_dots, returns_none, returns_text, returns_a_tuple, returns_fractions,
          takes_too_many, raises, raises_its_own, raises_of_shapes, reads_the_page, changes_p,
          changes_p_and_back, shares_a_buffer, prints, np.exp, str,
          lambda p: np.diag(p)]  # fmt: skip


@pytest.mark.parametrize("f", CLUMSY, ids=lambda f: getattr(f, "__name__", "it"))
def test_whatever_a_function_does_is_seen_as_on_the_page(f):
    """In place, overwritten, of another kind, raising: the judge meets the same."""
    here, there = both(TASKS["diagonal_jacobian"].function, f)
    assert here == there


def test_a_function_that_counts_is_found_out():
    """The calls go to one function, which remembers; a page's own check says the same of it."""
    part = TASKS["diagonal_jacobian"].function
    assert said(from_afar(part, counts_its_calls))[1] == "state"


@pytest.mark.parametrize(
    "value",
    [None, True, 7, 0.1, -0.0, float("inf"), 1 + 2j, "a\ud800", b"a", ..., [1, [2.5, ...]],
     (1, "b"), {"a": np.eye(2), 3: None}, {1, 2}, np.arange(6).reshape(2, 3), np.float32(0.5),
     np.zeros((0, 3)), np.array(True), np.array(["a"])],
    ids=str,
)  # fmt: skip
def test_plain_data_comes_as_it_went(value):
    """To the last bit, and of the same kind."""
    came = unpack(through_a_wire(pack(value)))
    assert type(came) is type(value)
    np.testing.assert_equal(came, value)
    assert getattr(came, "dtype", None) == getattr(value, "dtype", None)


def test_what_is_no_plain_data_comes_as_something_like_it():
    """Neither its code nor its methods travel: a kind, a text, or a number."""
    assert unpack(pack(plain(Fraction(1, 4)))) == Fraction(1, 4)
    assert callable(unpack(pack(plain(np.exp))))
    assert "Right" in type(unpack(pack(plain(type("Right", (), {})())))).__name__


@pytest.mark.parametrize(
    "packed",
    [[1], {}, {"a": 1, "b": 2}, {"pickle": "gASV"}, {"array": ["O", [1], "AAAAAAAAAAA="]},
     {"array": ["<f8", [-1], ""]}, {"array": ["<f8", [3], "AAAA"]}, {"function": 0},
     {"dict": [[1]]}, {"complex": "a"}, {"array": ["f8,f8", [1], None]}, {"tuple": {"a": 1}}],
    ids=str,
)  # fmt: skip
def test_what_is_not_made_so_is_refused(packed):
    """Whatever somebody writes into the pipe."""
    with pytest.raises(Garbled):
        unpack(packed)


@pytest.mark.parametrize(
    "error",
    [ValueError("a"), KeyError("a"), KeyError(), OSError(2, "no"), ZeroDivisionError(),
     np.linalg.LinAlgError("singular"), np.exceptions.AxisError("axis 2"), SystemExit(3),
     UnicodeDecodeError("utf-8", b"a", 0, 1, "odd")],
    ids=repr,
)  # fmt: skip
def test_an_error_says_what_it_said_and_is_of_its_kind(error):
    """Known mistakes are recognised by the kind of error that they raise."""
    came = error_of(through_a_wire(kinds_of(error)), str(error))
    assert str(came) == str(error)
    assert isinstance(came, type(error))


@pytest.mark.parametrize("names", [None, [], ["a"], [1, 2], "ab"], ids=repr)
def test_an_error_without_a_name_is_refused(names):
    """It is no error of anybody's."""
    with pytest.raises(Garbled):
        error_of(names, "a")


@pytest.mark.parametrize(
    "looks",
    [7, "a", [], {"source": 7}, {"reads": []}, {"keywords": [7]}, {"own": None}, {"behind": 1}],
    ids=repr,
)
def test_looks_of_another_kind_are_refused(looks):
    """What is said of a function is words and numbers, each in its place."""
    with pytest.raises(Garbled):
        sound(looks)


@pytest.mark.parametrize("source", ["", "def f(", "(" * 300, "x = 1", "def g(p): pass", "\0"])
def test_a_source_that_is_none_leaves_nothing_to_look_at(source):
    """The answer is called all the same."""
    seen, _ = stand_in(sound({"source": source, "name": "f"}))
    assert seen is np.positive
