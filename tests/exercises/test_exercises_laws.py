"""The laws as the exercises ask them: right ones keep each, what is off by a hair does not.

Those of a backward pass are gradcheck's own; their thresholds are in tests/checking/test_laws.py.
"""

import numpy as np
import pytest

from smlearn import softmax, softmax_vjp
from smlearn.checking.backward_pair import BackwardFailed, Case, Pair
from smlearn.checking.laws import LAWS, SOFTMAX_LAWS
from smlearn.exercises.judge.judging import judge
from smlearn.exercises.judge.law_words import (
    COVARIANCE,
    DIRECTIONS,
    JACOBIAN,
    PROBABILITIES,
    first_broken,
)
from smlearn.exercises.task import Function
from smlearn.mistakes import SOFTMAX_MISTAKES

X, DP = np.random.default_rng(1).standard_normal((2, 4, 3))
P, TURN = softmax(X[0]), np.array([1, -1, 0])
EPS = float(np.finfo(float).eps)
PAIRS = {
    "four rows": (X, DP),
    "a row": (X[0], DP[0]),
    "one row": (X[:1], DP[:1]),
    "integers": (np.array([[1, 2, 0], [2, 5, 3]]), np.array([[1, 3, -2], [2, 0, 4]])),
    "far": (X + 800, DP),
    "large": (X, 1e6 * DP),
}


def said(laws, f, *args):
    """Return what the first broken law says of one case, or nothing."""
    return first_broken(laws, f, {"this": args})


def test_right_ones_keep_every_law():
    """In double precision, and in single: its rounding is no broken law."""
    for laws, f, cases in [
        (COVARIANCE, softmax_vjp, PAIRS),
        (DIRECTIONS, softmax_vjp, PAIRS),
        (JACOBIAN, jacobian_of, {"p": (P,), "sure": (np.array([1.0, 0, 0]),)}),
        (PROBABILITIES, softmax, {"x": (X[0],), "far": (X[0] - 1000,), "rows": (X,)}),
    ]:
        assert first_broken(laws, f, cases) is None
        narrow = {case: args for case, args in cases.items() if case != "far"}
        assert first_broken(laws, single(f), narrow) is None


def jacobian_of(p):
    return np.diag(p) - np.outer(p, p)


def shifted(x):
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def single(f):
    return lambda *args: np.asarray(f(*args)).astype(np.float32)


def test_what_a_shift_may_change_is_measured_beside_p():
    """Not beside far logits, in which a change of 9e-11 would be none."""
    name, seen, _ = said(PROBABILITIES, lambda x: softmax(x) + 1e-11 * x.sum() * TURN, X[0] - 1e3)
    assert name == "a number added to all logits of a row changes nothing"
    assert seen == "with 3 added to all logits, the result changes by 9e-11"


def test_a_law_is_asked_of_a_list_as_well():
    """It is what the answer returned, and its last row may be wrong."""
    part = Function(shifted, {"rows": (X,)}, laws=PROBABILITIES)
    found = judge(part, lambda x: (softmax(x) + x**2 / 9).tolist())
    assert found.key == "the probabilities of a row add up to 1"


def test_lists_and_whole_numbers_are_asked_as_floats():
    """A learner may return either."""
    assert first_broken(COVARIANCE, lambda x, dp: softmax_vjp(x, dp).tolist(), PAIRS) is None
    assert first_broken(JACOBIAN, lambda p: np.eye(3, dtype=int), {"p": (P,)}) == (
        "rows of J add up to 0",
        "the entries of row 0 add up to 1, not 0",
        "p",
    )


def test_what_raises_is_not_spoken_of():
    """A law is asked near by, where nobody promised an answer."""

    def raises(x, dp):
        raise KeyError

    assert first_broken(COVARIANCE, raises, PAIRS) is None


BROKEN = [    # laws, what breaks one by a part of what is let through, which, what is said
    (PROBABILITIES, lambda e: lambda x: softmax(x) + e * 44 * EPS * np.eye(3)[0],
     "the probabilities of a row add up to 1", "the entries of row 0 add up to 1.00000000"),
    (PROBABILITIES, lambda e: lambda x: np.array([-1e-300 * (e > 1), 0.5, 0.5]),
     "no probability is negative", "the smallest is -"),
    (JACOBIAN, lambda e: lambda p: jacobian_of(p) + e * 44 * EPS * TOP,
     "rows of J add up to 0", "the entries of row 0 add up to "),
    (JACOBIAN, lambda e: lambda p: jacobian_of(p) + e * 8 * EPS * SKEW,
     "J is symmetric", "it differs from its transpose"),
    (JACOBIAN, lambda e: lambda p: e * 8 * EPS * LOSES,
     "the diagonal gains and the rest loses", "an entry of the diagonal is negative"),
    (JACOBIAN, lambda e: lambda p: e * 8 * EPS * GAINS,
     "the diagonal gains and the rest loses", "an entry off the diagonal is positive"),
]  # fmt: skip
TOP = np.diag([1.0, 0, 0])
SKEW = np.array([[0.5, 0, -0.5], [-1, 1, 0], [0.5, -1, 0.5]])  # 0 in each row; off by 1
LOSES = np.array([[-1.0, 0, 0], [0, 0, 0], [0, 0, 0]])
GAINS = np.array([[0.0, 1, 0], [1, 0, 0], [0, 0, 0]])


@pytest.mark.parametrize(("laws", "off", "law", "words"), BROKEN)
def test_a_hair_more_than_rounding_breaks_a_law(laws, off, law, words):
    """Nine tenths of what is let through pass; thirteen tenths do not, and are told."""
    x = X[0] if laws is PROBABILITIES else P
    assert said(laws, off(0.8), x) is None
    name, evidence, _ = said(laws, off(1.3), x)
    assert name == law
    assert evidence.startswith(words)


def test_no_shift_is_asked_near_by():
    """Of softmax and of its backward: exp without a shift is another finding, where it matters."""
    name = "a number added to all logits of a row changes nothing"
    assert said({name: PROBABILITIES[name]}, np.exp, X[0])[1].startswith(
        "with 3 added to all logits, the result changes by "
    )
    assert said(PROBABILITIES, lambda x: np.exp(x) / np.exp(x).sum(), X[0]) is None
    assert said(COVARIANCE, SOFTMAX_MISTAKES["unshifted_exp"].vjp, X, DP) is None
    assert said(COVARIANCE, lambda x, dp: x[..., :1] * softmax_vjp(x, dp), X, DP)[1].startswith(
        "with 3 added to all logits, dx changes by "
    )


WORDS = [  # what breaks one law first, and the two ways of saying it, from J's rows and columns
    (lambda x, v: softmax_vjp(x, v) + 1, "dx must be 0 for an upstream of 0",
     "J t must be 0 for a direction of 0"),
    (lambda x, v: softmax_vjp(x, v) ** 2, "for upstreams a and b, dx of 2 a - b is ",
     "for directions a and b, J (2 a - b) is "),
    (lambda x, v: v * [1, 0, 0], "the entries of row 2 add up to ",
     "the entries of row 0 add up to "),
    (lambda x, v: v[..., :1] * np.array([1.0, -1, 0]), "with 8 added to every upstream, dx ",
     "with 8 added to all of t, J t "),
]  # fmt: skip


@pytest.mark.parametrize(("f", "backward", "forward"), WORDS)
def test_the_words_are_those_of_the_exercise(f, backward, forward):
    """A dp that is pulled back, or a t along which the logits move."""
    assert said(COVARIANCE, f, X, DP)[1].startswith(backward)
    evidence = said(DIRECTIONS, f, X[0], DP[0])[1]
    assert evidence.startswith(forward)
    assert "dx" not in evidence
    assert "upstream" not in evidence


def test_the_last_word_on_linear_is_in_t_too():
    """dx(a) is J a."""
    evidence = said(DIRECTIONS, lambda x, v: softmax_vjp(x, v) ** 2, X[0], DP[0])[1]
    assert evidence.endswith(" away from 2 J a - J b")


def test_strangers_are_told():
    """Rows that look at each other."""
    evidence = said(COVARIANCE, SOFTMAX_MISTAKES["cache_of_another_row"].vjp, X, DP)[1]
    assert evidence.startswith("with other rows beside it, row ")


SAME = {
    "linear in dp": ("nothing upstream, nothing downstream", "backward is linear in its upstream"),
    "rows of dx add up to 0": ("rows of dx add up to 0",),
    "blind to a constant in dp": ("backward is blind to constants",),
    "unchanged under x + c": ("a number added to all logits of a row changes nothing",),
    "rows are strangers": ("rows are strangers",),
}


@pytest.mark.parametrize("key", SOFTMAX_MISTAKES)
def test_gradcheck_and_the_exercises_say_the_same_of_every_mistake(key):
    """But for exp without a shift, far off, and for what gives no dx at all."""
    pair = Pair(softmax, SOFTMAX_MISTAKES[key].vjp)
    differ = []
    for ours, theirs in SAME.items():
        case = Case(pair, X, [DP], np.random.default_rng(3), 0.1, True)
        try:
            with np.errstate(all="ignore"):
                broken = bool((LAWS | SOFTMAX_LAWS)[ours](case))
        except BackwardFailed:
            broken = False  # nothing is said in the exercises: the form was judged before
        told = said({name: COVARIANCE[name] for name in theirs}, pair.dx, X, DP)
        differ += [ours] if broken != bool(told) else []
    assert differ == (["unchanged under x + c"] if key == "unshifted_exp" else [])
