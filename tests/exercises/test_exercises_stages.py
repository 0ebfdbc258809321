"""Exercises of 05 and 05b: answers by other hands, one entry of a dictionary, an upstream."""

import numpy as np
import pytest

from smlearn.exercises import TASKS, exercise


def walk(dp, e, r, p, **other):
    """A walk back with some of its gradients replaced by functions of those before."""
    steps = {
        "de_0": lambda g: dp * r,
        "dr": lambda g: (dp * e).sum(axis=-1, keepdims=True),
        "ds": lambda g: -g["dr"] * r * r,
        "de_1": lambda g: g["ds"] + np.zeros(e.shape),
        "de": lambda g: g["de_0"] + g["de_1"],
        "dx": lambda g: g["de"] * e,
    }
    g = {"dp": dp}
    for name, step in (steps | other).items():
        g[name] = step(g)
    return g


def with_other(**other):
    def walked(dp, e, r, p):
        steps = {name: lambda g, f=f: f(g, dp, e, r, p) for name, f in other.items()}
        return walk(dp, e, r, p, **steps)

    return walked


def log_softmax_by_loop(dy, e, s):
    dx = dy.copy()
    for b in range(len(dy)):
        for j in range(dy.shape[1]):
            dx[b, j] -= e[b, j] / s[b, 0] * sum(dy[b])
    return dx


RIGHT = [
    ("bias_backward", lambda dy: np.einsum("bj->j", dy)),
    ("bias_backward", lambda dy: np.ones(len(dy)) @ dy),
    ("bias_backward", lambda dy: [sum(column) for column in dy.T]),
    ("bias_backward", lambda dy: np.add.reduce(dy)),
    ("log_softmax_back", lambda dy, e, s: dy - e / s * dy.sum(-1)[:, None]),
    ("log_softmax_back", lambda dy, e, s: dy - np.einsum("bj,bk,bz->bj", e, dy, 1 / s)),
    ("log_softmax_back", log_softmax_by_loop),
    ("two_bugs", walk),
    ("two_bugs", with_other(ds=lambda g, dp, e, r, p: -(dp * p).sum(1, keepdims=True) * r)),
    ("two_bugs", with_other(dx=lambda g, dp, e, r, p: p * (dp - (p * dp).sum(1)[:, None]))),
]
WRONG = [
    ("bias_backward", lambda dy: np.mean(dy, 0), "mean_for_sum"),
    ("bias_backward", lambda dy: dy.sum(0, keepdims=True), "shape"),
    ("bias_backward", lambda dy: -dy.sum(0), "factor"),
    ("log_softmax_back", lambda dy, e, s: dy - e * dy.sum(1, keepdims=True), "logarithm_missing"),
    ("log_softmax_back", lambda dy, e, s: dy - e / s * np.sum(dy), "batch_sum"),
    ("log_softmax_back", lambda dy, e, s: e / s * dy.sum(1, keepdims=True) - dy, "factor"),
    (
        "log_softmax_back",
        lambda dy, e, s: dy - np.sqrt(e / s) * dy.sum(1, keepdims=True),
        "rows of dx add up to 0",
    ),
    (
        "log_softmax_back",
        lambda dy, e, s: dy - e / s * dy.sum(1, keepdims=True) + (e - s / e.shape[1]),
        "nothing upstream, nothing downstream",
    ),
    ("two_bugs", with_other(ds=lambda g, dp, e, r, p: -g["dr"] * r), "ds"),
    ("two_bugs", with_other(ds=lambda g, dp, e, r, p: -g["dr"]), "ds"),
    ("two_bugs", with_other(dx=lambda g, dp, e, r, p: g["de"] * p), "dx"),
    ("two_bugs", with_other(de=lambda g, dp, e, r, p: g["de_0"]), "sum_term_missing"),
    (
        "two_bugs",
        with_other(dx=lambda g, dp, e, r, p: g["de"] * e + 0.1 * dp),
        "rows of dx add up to 0",
    ),
]


def judged(key, f):
    """Check f with the right answers to all that is asked before it."""
    values = [part.value for part in TASKS[key].parts[:-1]]
    return exercise(key).check(*values, f)


@pytest.mark.parametrize(("key", "f"), RIGHT)
def test_right_answers_by_other_hands_are_right(key, f):
    """Loops, einsum, lists, the cancelled formula: only the numbers count."""
    assert judged(key, f).right


@pytest.mark.parametrize(("key", "f", "name"), WRONG)
def test_wrong_answers_by_other_hands_are_named(key, f, name):
    """A known mistake, a factor, or the law of the rows that it breaks."""
    verdict = judged(key, f)
    assert verdict.key == name, verdict
    assert verdict.status == "WRONG"


def test_of_a_dictionary_its_entry_is_judged():
    """Its numbers, or the dots in it; and where it is not there, that is what is said."""

    def without(dp, e, r, p):
        return {name: value for name, value in walk(dp, e, r, p).items() if name != "dx"}

    def open_still(dp, e, r, p):
        return walk(dp, e, r, p) | {"dx": ...}

    def writes(dp, e, r, p):
        dp *= r
        return walk(dp, e, r, p)

    verdict = judged("two_bugs", without)
    assert verdict.key == "no_entry"
    assert verdict.lines[0] == "The dictionary that it returned has no entry 'dx'."
    assert "6 entries have other names" in verdict.lines[1]
    assert judged("two_bugs", open_still).status == "TODO"
    assert judged("two_bugs", writes).key == "changed"
    assert judged("bias_backward", lambda dy: {"db": dy.sum(0)}).key == "type"  # asks for none


def test_a_crash_in_a_walk_shows_the_learners_own_line():
    """The call goes through a function of the course, which is not what is shown."""

    def crashes(dp, e, r, p):
        return {"dx": dp @ e}

    verdict = judged("two_bugs", crashes)
    assert verdict.status == "CRASHED"
    assert verdict.lines[0].endswith('return {"dx": dp @ e}')
    assert judged("two_bugs", lambda dp, e: {}).key == "signature"


def test_a_mistake_that_a_later_line_makes_good_is_not_mended():
    """dx is right, and a gradient on the way to it is not: that one is named."""

    def made_good_later(dp, e, r, p):
        g = walk(dp, e, r, p)
        g["ds"] = g["ds"] / r
        return g

    def only_dx(dp, e, r, p):
        return {"dx": walk(dp, e, r, p)["dx"]}

    def no_dictionary(dp, e, r, p):
        return walk(dp, e, r, p)["dx"]

    def one_lost_axis(dp, e, r, p):
        return walk(dp, e, r, p) | {"dr": (dp * e).sum(axis=-1)}

    def no_numbers(dp, e, r, p):
        return walk(dp, e, r, p) | {"dr": None}

    verdict = judged("two_bugs", made_good_later)
    assert (verdict.status, verdict.key) == ("WRONG", "ds")
    assert verdict.lines[0] == "dx is right, and ds on the way to it is not."
    for f, key, said in (
        (only_dx, "de_0", "dx is right, and the dictionary has no entry 'de_0'."),
        (no_dictionary, "no_dictionary", "dx is right, and it came alone."),
        (one_lost_axis, "dr", "has the shape (2,), where (2, 1) is wanted."),
        (no_numbers, "dr", "dx is right, and dr on the way to it is not."),
    ):
        verdict = judged("two_bugs", f)
        assert (verdict.status, verdict.key) == ("WRONG", key)
        assert said in verdict.lines[0]
        assert len(verdict.lines) == 2
    assert judged("two_bugs", walk).right


def test_the_walk_with_two_mistakes_is_one_line():
    """The reference of one_line is the walk that two_bugs hands out, cancelled."""

    def as_given(dp, e, r, p):
        ds = -(dp * e).sum(axis=-1, keepdims=True) * r
        return (dp * r + ds) * p

    rng = np.random.default_rng(0)
    x, dp = rng.standard_normal((2, 4, 3))
    e = np.exp(x)
    r = 1 / e.sum(axis=-1, keepdims=True)
    one_line = TASKS["one_line"].function.reference
    wanted = as_given(dp, e, r, e * r)
    np.testing.assert_allclose(one_line(dp, e * r, r), wanted, rtol=1e-12)
