"""Each known mistake is a mistake, looks like no other, and is named; right answers are not."""

from dataclasses import replace

import numpy as np
import pytest
from right import VJPS

from smlearn import (
    softmax,
    softmax_jacobian,
    softmax_vjp,
)
from smlearn.checking.diagnosis import diagnose, diagnose_like
from smlearn.mistakes import MISTAKES, SOFTMAX_MISTAKES


@pytest.mark.parametrize("form", VJPS)
def test_right_answers_get_no_finding(form):
    """Closed form, loop, einsum, cache and stages: a checker that cries wolf teaches nothing."""
    assert diagnose(VJPS[form]) is None


@pytest.mark.parametrize("key", SOFTMAX_MISTAKES)
def test_every_mistake_is_found_under_its_own_key(key):
    """So no two of them look alike in all cases."""
    finding = diagnose(MISTAKES[key].vjp)
    assert finding.key == key
    assert str(finding) == f"{MISTAKES[key].did} {MISTAKES[key].ponder}"


@pytest.mark.parametrize("key", MISTAKES)
def test_every_mistake_has_its_words(key):
    """What you did, a question, why it survives; and the key is the function's name."""
    mistake = MISTAKES[key]
    assert mistake.vjp.__name__ == key
    assert mistake.did.endswith(".")
    assert mistake.ponder.endswith("?")
    assert mistake.survives.endswith(".")


@pytest.mark.parametrize("key", MISTAKES)
def test_a_mistake_prints_its_name_and_its_words_in_lines_that_fit(key):
    """In two columns, so that names are found; no word and no formula is broken at a hyphen."""
    lines = str(MISTAKES[key]).splitlines()
    assert max(map(len, lines)) <= 74
    assert {line[:27].strip() for line in lines[1:]} <= {""}
    assert " ".join(line[27:] for line in lines) == MISTAKES[key].did
    assert lines[0][:27] == f"{key:27s}"


def test_there_are_at_least_thirty():
    """Every row of the public count, the seeds' own, and the classic stage mistakes."""
    assert len(MISTAKES) >= 30


def test_the_seed_backward_is_the_diagonal_for_ones_and_wrong_otherwise():
    """Which is why its own check agreed with it: the dx that the seed printed."""
    a = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 5.0]])
    printed = [[0.08192507, 0.18483645, 0.22269543], [0.13122493, 0.24396563, 0.24396563]]
    seed = MISTAKES["seed_sum_backward"].vjp
    np.testing.assert_allclose(seed(a, np.ones((2, 3))), printed, rtol=0, atol=5e-9)
    diagonal = np.einsum("bii->bi", softmax_jacobian(a))
    np.testing.assert_allclose(seed(a, np.ones((2, 3))), diagonal, rtol=1e-14)
    np.testing.assert_allclose(softmax_vjp(a, np.ones((2, 3))), 0, atol=1e-16)


def shift_of_half(x, dp):
    return softmax_vjp(x, dp) + 0.5


def square(x, dp):
    return softmax_vjp(x, dp) ** 2


def times_seven(x, dp):
    return -7 * softmax_vjp(x, dp)


def leak(x, dp):
    dx = softmax_vjp(x, dp)
    dx[1:] += dx[:-1]
    return dx


def narrow(x, dp):
    return softmax_vjp(x, dp)[:, :-1]


def not_finite(x, dp):
    return softmax_vjp(x, dp) / 0


def crash(x, dp):
    raise KeyError("exps")


def of_the_scale(x, dp):
    return softmax_vjp(2 * x, dp)


def half_the_mean(x, dp):
    p = softmax(x)
    return p * (dp - 0.5 * (p * dp).sum(axis=-1, keepdims=True))


def of_the_sum(x, dp):
    return x.sum(axis=-1, keepdims=True) * softmax_vjp(x, dp)


def tilted(x, dp):
    tilt = np.eye(x.shape[-1])[0] - np.eye(x.shape[-1])[1]
    return softmax_vjp(x, dp) + dp.sum(axis=-1, keepdims=True) * tilt


def uneven(x, dp):
    return np.cumsum(softmax_vjp(x, dp), axis=-1)


UNKNOWN = {
    shift_of_half: ("linear in dp", "dx must be 0 for an upstream of 0 (at x = [["),
    square: ("linear in dp", "away from 2 dx(a) - dx(b) (at x = [["),
    times_seven: ("factor", "Every entry is -7 times what it should be."),
    half_the_mean: ("formula", "Your numbers are those of p dp - 0.5 p <p, dp>, where"),
    leak: ("rows are strangers", "with other rows beside it, row 1 changes by"),
    narrow: ("shape and dtype", "dx must have the shape of x, (1, 2), but has (1, 1)"),
    not_finite: ("finite", "dx is not finite at (0, 0) (at x = [["),
    crash: ("raises", "It raises KeyError: 'exps' (in this case: ordinary)."),
    of_the_sum: ("unchanged under x + c", "with 800 added to all logits, dx changes by"),
    tilted: ("blind to a constant in dp", "with 8 added to every upstream, dx changes by"),
    uneven: ("rows of dx add up to 0", "the entries of row 0 add up to"),
    of_the_scale: ("unknown", "The result is wrong in this case: ordinary."),
}


@pytest.mark.parametrize("vjp", UNKNOWN)
def test_an_unlisted_mistake_gets_a_factor_a_formula_or_a_broken_law(vjp):
    """Never a mistake's name that does not fit."""
    key, words = UNKNOWN[vjp]
    finding = diagnose(vjp)
    assert finding.key == key
    assert words in str(finding)


def test_an_error_is_only_a_known_one_if_it_says_the_same():
    """Else whatever always raises TypeError would be told to look for np.identity."""

    def other_type_error(x, dp):
        return x @ None

    assert diagnose(other_type_error).key == "raises"


def test_a_mistake_is_named_also_where_exp_overflows_beside_it():
    """Most people's softmax has no shift; the diagonal alone is what to mend first."""

    def without_shift(form):
        def vjp(x, dp):
            p = np.exp(x) / np.exp(x).sum(axis=-1, keepdims=True)
            return form(p, dp)

        return vjp

    def mean(p, dp):
        return (p * dp).sum(axis=-1, keepdims=True)

    forms = {
        "diagonal_only": lambda p, dp: dp * p * (1 - p),
        "plus_sign": lambda p, dp: p * (dp + mean(p, dp)),
        "unshifted_exp": lambda p, dp: p * dp - p * mean(p, dp),
    }
    for key, form in forms.items():
        assert diagnose(without_shift(form)).key == key
    own = diagnose(without_shift(lambda p, dp: p * (dp - 0.5 * mean(p, dp))))
    assert own.key == "formula"
    assert diagnose(lambda x, dp: np.full(x.shape, np.nan)).key == "finite"


def test_a_known_mistake_that_differs_in_one_case_is_asked_no_more(rng, monkeypatch):
    """Its two calls there are all; one that fits is asked in every case before it is named."""
    known, asked = MISTAKES["diagonal_only"], []

    def counted(x, dp):
        asked.append(x)
        return known.vjp(x, dp)

    monkeypatch.setitem(SOFTMAX_MISTAKES, known.key, replace(known, forms=(counted,)))
    x, dp = rng.standard_normal((2, 4, 3))
    assert diagnose_like(lambda x, dp: np.cos(x) * dp, x, [dp]) is None
    assert len(asked) == 2
    assert diagnose_like(known.vjp, x, [dp]).key == known.key
    assert len({a.tobytes() for a in asked}) > 2


def test_right_answers_are_right_in_float32_too():
    """There float32 inside is no mistake, and far logits have three digits after the point."""
    for vjp in [softmax_vjp, VJPS["textbook"], MISTAKES["float32_inside"].vjp]:
        assert diagnose(vjp, dtype=np.float32) is None
    for key in set(SOFTMAX_MISTAKES) - {"float32_inside"}:
        assert diagnose(MISTAKES[key].vjp, dtype=np.float32).key == key
