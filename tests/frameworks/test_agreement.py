"""The frameworks themselves, asked now: as recorded, and in agreement with ours."""

import numpy as np
import pytest
from agreement import KINDS, ORDINARY, apart, ours

from smlearn.second_opinions import QUESTIONS, ROUTES, ROWS, exact_routes

ASKED = {"exact": exact_routes, **ROUTES}
LIVE = {name: asked() for name, asked in ASKED.items()}


@pytest.mark.parametrize("who", ASKED)
def test_they_are_asked_live(who):
    """Everything is installed here; a record would prove nothing."""
    assert LIVE[who].source.endswith("live")
    assert ASKED[who].versions() == ASKED[who].record()["versions"]


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_question_can_be_asked_here(name):
    """`make test-frameworks` installs what all of them need."""
    assert QUESTIONS[name].live


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("rows", ROWS)
@pytest.mark.parametrize("who", ASKED)
def test_they_say_what_was_recorded(who, rows, kind):
    """To a few units of rounding of the largest numbers, which are near 5."""
    recorded = ASKED[who].record()["answers"][rows][kind]
    for live, was in zip(*map(leaves, (LIVE[who].answers[rows][kind], recorded)), strict=True):
        np.testing.assert_allclose(live, was, rtol=1e-13, atol=1e-15)


def leaves(answers):
    """Return the arrays in a dictionary, or the array itself."""
    return list(answers.values()) if isinstance(answers, dict) else [answers]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("rows", ORDINARY)
@pytest.mark.parametrize("framework", ROUTES)
def test_ours_agrees_with_each_framework(framework, rows, kind):
    """To 1e-12 in every entry, in float64."""
    assert apart(ours()[rows][kind], LIVE[framework].answers[rows][kind]) < 1e-12


@pytest.mark.parametrize("kind", ["softmax", "gradient"])
@pytest.mark.parametrize("framework", ["PyTorch", "JAX"])
def test_where_they_differ_the_80_digits_are_on_our_side(framework, kind):
    """Sure rows: twelve digits here, none there in some entry."""
    exact = LIVE["exact"].answers["sure birds"][kind]
    assert apart(ours()["sure birds"][kind], exact) < 1e-12
    assert apart(LIVE[framework].answers["sure birds"][kind], exact) > 0.5


def test_jax_keeps_its_float32_for_everybody_else():
    """Asking in float64 leaves no setting behind."""
    import jax

    assert jax.numpy.ones(2).dtype == np.float32
