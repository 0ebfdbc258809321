"""What is said of an error fits it, and what it says itself is cut to what a learner needs."""

import functools

import numpy as np
import pytest

from smlearn.exercises import exercise
from smlearn.exercises.judge.advice import KEEPDIMS, advice, shorter
from smlearn.mistakes.trying import Run

SHAPES = "operands could not be broadcast together with shapes (4,3) (4,)"


def sums(x):
    return x - x.sum(axis=-1)


def adds(x):
    return np.exp(x) + x


@pytest.mark.parametrize(
    ("said", "f", "kept"),
    [
        (SHAPES, sums, True),
        (SHAPES, adds, False),
        (SHAPES, None, False),
        (SHAPES, len, False),
        ("cannot reshape array of size 3", sums, False),
    ],
)
def test_keepdims_is_thought_of_where_a_sum_may_lack_it(said, f, kept):
    """In a function that sums, whose shapes do not fit."""
    text = advice(Run(error=ValueError(said), said=said), f)
    assert text.endswith(KEEPDIMS) is kept
    assert text.startswith("Print both shapes" if "broadcast" in said else "The two shapes hold")


class Own(KeyError):
    """Somebody's own error is still one of its kind."""


def test_the_kind_of_an_error_counts_and_not_its_words_alone():
    """A subclass is told the same; an error of no known kind what to call and to print."""
    assert advice(Run(error=Own("a"), said="a")) == "Print the keys that are there."
    unknown = Run(error=OSError(SHAPES), said=SHAPES)
    assert advice(unknown, adds).endswith("and call adds(*ex.args) in a new cell.")
    assert advice(unknown) == "Print what that line works with, right above it."


@pytest.mark.parametrize("f", [lambda x: x, functools.partial(adds, 1), len])
def test_what_has_no_name_of_its_own_is_yours(f):
    """The name of what stands behind it would call another thing."""
    text = advice(Run(error=OSError("x"), said="x"), f)
    assert text.endswith("and call yours(*ex.args) in a new cell.")


def said_by(source: str) -> str:
    """Return the advice on the error that these lines end with."""
    try:
        exec(source, {"np": np, "ex": exercise("add_one")})
    except Exception as error:
        return advice(Run(error=error, said=str(error)))
    raise AssertionError(f"nothing is wrong with {source!r}")


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("f((1, 2)", "Count the brackets"),
        ("f(1))", "Count the brackets"),
        ("f([1)", "Count the brackets"),
        ("name = 'four birds", "A text begins with a quote"),
        ("if x\n    y", "Look at the ^"),
        ("def f(x):\nreturn x", "The lines of a block"),
        ("np.zeros(2, 3)", "A shape is one argument"),
        ("ex.checks(1)", "An exercise has check"),
        ("np.exps(1)", "NumPy has nothing of that name"),
        ("0.5 ^ 2", "A power is written **"),
        ("np.ones(3) ^ 2", "A power is written **"),
        ("np.ones(3) & 2", "Print what that line works"),
        ("for v in np.ones(2): np.ones(2)[v]", "An index is a whole number"),
        ("np.ones(4)[4 / 2]", "An index is a whole number"),
        ("np.ones(4)[np.ones(4)]", "An index is a whole number"),
        ("np.ones(4)[4]", "Count from 0"),
        ("[1][1]", "Count from 0"),
        ("np.ones((4, 3))[np.ones(3) > 0]", "What stands in the brackets"),
        ("np.ones((4, 3))[[0, 1], [0, 1, 2]]", "What stands in the brackets"),
        ("np.ones(3).sum()[0]", "That is a single number"),
        ("np.ones(3)[0, 1]", "The array has fewer axes"),
        ("len([1])[0]", "A single number has no entries"),
        ("a = 1.0; a[0]", "A single number has no entries"),
        ("np.exp[1]", "Round brackets call"),
        ("[2, 1].sort()[0]", "Something returned None"),
        ("None - np.ones(2)", "Something returned None"),
        ("np.concatenate(np.ones(2), np.ones(2))", "A whole number is wanted"),
        ("range(np.ones(2))", "A whole number is wanted"),
        ("np.eye((2, 3))", "A whole number is wanted"),
        ("range(2.0)", "A whole number is wanted"),
        ("(1, 2)[0] = 3", "A number or a tuple takes no new entry"),
        ("np.ones(2).sum()[0] = 3", "A number or a tuple takes no new entry"),
        ("import math; math.exp(np.ones(2))", "That function takes one number"),
        ("a = np.ones(2) > 0; a -= 1.5", "An array of whole numbers or truth values"),
        ("np.broadcast_to(1.0, 3)[0] = 1", "The numbers of that array are another's"),
        ("np.zeros(2)[0] = np.ones(2)", "Rows of different lengths make no array"),
        ("np.array([[1], [1, 2]])", "Rows of different lengths make no array"),
        ("np.ones((2, 3, 4)) @ np.ones((2, 5, 6))", "The last axis of the left"),
        ("[1] - [1]", "Lists and tuples do not calculate"),
    ],
)
def test_slips_of_the_hand_have_a_sentence_of_their_own(source, wanted):
    """What Python cannot read, and names that are nearly right."""
    assert said_by(source).startswith(wanted)


MATMUL = (
    "matmul: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature "
    "(n?,k),(k,m?)->(n?,m?) (size 4 is different from 3)"
)
REMAPPED = (
    "operands could not be broadcast together with remapped shapes [original->remapped]: "
    "(4,3)->(4,3,newaxis) (2,3)->(3,2)"
)


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        (MATMUL, "matmul: the shapes do not fit (size 4 is different from 3)"),
        ("dot: gufunc", "dot: the shapes do not fit"),
        (REMAPPED, "operands could not be broadcast together with shapes (4,3) (2,3)"),
        ("f maps (2,)->(3,)", "f maps (2,)->(3,)"),
        (" a: b ", "a: b"),
        ("x" * 110, "x" * 110),
        ("x" * 111, "x" * 107 + "..."),
    ],
)
def test_what_an_error_says_is_cut(said, wanted):
    """To shapes and sizes; to 110 letters."""
    assert shorter(said) == wanted
