"""read_formula reads a formula off its numbers, and says nothing where there is none."""

import numpy as np
import pytest

from smlearn.mistakes.read_off_formula import TERMS, read_formula


@pytest.fixture
def rows(rng):
    return [rng.dirichlet(np.ones(5), 4), rng.dirichlet(np.ones(3), 2)], [
        rng.standard_normal((4, 5)),
        rng.standard_normal((2, 3)),
    ]


def mean(p, dp):
    return (p * dp).sum(axis=-1, keepdims=True)


@pytest.mark.parametrize("name", TERMS)
def test_each_term_is_read_alone(rows, name):
    """With a coefficient, and without one where it is 1."""
    for c, text in [(1, ""), (-1, "-"), (2.5, "2.5 "), (-1 / 3, "-0.3333 ")]:
        dx = [c * TERMS[name](p, dp, mean(p, dp)) for p, dp in zip(*rows, strict=True)]
        assert read_formula(*rows, dx) == text + name


def test_the_right_formula_and_a_wrong_one(rows):
    """In the order of the terms, with their signs."""
    right = [p * (dp - mean(p, dp)) for p, dp in zip(*rows, strict=True)]
    assert read_formula(*rows, right) == "p dp - p <p, dp>"
    wrong = [p * (dp + mean(p, dp) / 2) - p**2 for p, dp in zip(*rows, strict=True)]
    assert read_formula(*rows, wrong) == "p dp + 0.5 p <p, dp> - p^2"


def test_anything_else_is_no_formula(rows):
    """Noise above rounding, zeros, NaN, another shape, an error's text: nothing is said."""
    right = [p * (dp - mean(p, dp)) for p, dp in zip(*rows, strict=True)]
    noise = [dx + 1e-9 * np.arange(dx.size).reshape(dx.shape) ** 2 for dx in right]
    assert read_formula(*rows, noise) == ""
    assert read_formula(*rows, [0 * dx for dx in right]) == ""
    assert read_formula(*rows, [np.nan * dx for dx in right]) == ""
    assert read_formula(*rows, [dx[:, :1] for dx in right]) == ""
    assert read_formula(*rows, ["KeyError: 'exps'"] * 2) == ""
