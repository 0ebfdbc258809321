"""What gradcheck refuses, and in which words: one sentence, no traceback from the inside."""

import threading

import numpy as np
import pytest

from smlearn import softmax, softmax_backward, softmax_forward, softmax_vjp
from smlearn.checking import gradcheck


@pytest.fixture
def x(rng):
    return rng.standard_normal((4, 3))


def of_state(x, calls=[]):  # noqa: B006
    calls.append(1)
    return softmax(x) * len(calls)


def tired(x, calls=[]):  # noqa: B006
    calls.append(1)
    return softmax(x) * (1 + (len(calls) > 20))


def shrinking(x, calls=[]):  # noqa: B006
    calls.append(1)
    return np.ones(4 - (len(calls) > 20))


def test_a_bad_f_gets_one_clear_sentence(x):
    """Raises, draws at random or keeps a state, changes x, returns NaN; and a bad x or dp."""
    with pytest.raises(
        ValueError, match=r"^gradcheck: f must take an array of shape \(4, 3\), .*; call f on x by"
    ):
        gradcheck(lambda x: 1 / 0, softmax_vjp, x)
    with pytest.raises(ValueError, match=r"^gradcheck: f must give one value for one x, but"):
        gradcheck(of_state, softmax_vjp, x)
    with pytest.raises(ValueError, match=r"^gradcheck: f must give one value for one x, but"):
        gradcheck(tired, softmax_vjp, x)
    with pytest.raises(ValueError, match=r"^gradcheck: f must give one value for one x, but"):
        gradcheck(of_state, lambda x, dp: None, x)  # before a word about vjp
    with pytest.raises(ValueError, match=r"^gradcheck: f must always return one shape, but got"):
        gradcheck(shrinking, lambda x, dp: 0 * x, x)
    with pytest.raises(ValueError, match=r"^gradcheck: f changed its argument x in place"):
        gradcheck(lambda x: np.add(x, 1, out=x), softmax_vjp, x)
    with pytest.raises(ValueError, match=r"^gradcheck: f must return finite numbers, but got nan"):
        gradcheck(lambda x: x * np.nan, softmax_vjp, x)
    with pytest.raises(TypeError, match=r"^gradcheck: x must be floating point, .* got int64"):
        gradcheck(softmax, softmax_vjp, np.arange(3))
    with pytest.raises(
        ValueError, match=r"^gradcheck: dp must have the shape of f\(x\), \(4, 3\)"
    ):
        gradcheck(softmax, softmax_vjp, x, dp=np.ones(3))
    with pytest.raises(ValueError, match=r"^gradcheck: dp must be finite, but got nan; find"):
        gradcheck(softmax, softmax_vjp, x, dp=x * np.nan)
    with pytest.raises(ValueError, match=r"^gradcheck: x must be finite, but got inf at \(1, 2\)"):
        gradcheck(softmax, softmax_vjp, np.where(np.arange(12).reshape(4, 3) == 5, np.inf, x))
    with pytest.raises(ValueError, match=r"^gradcheck: x must hold a number to nudge, but got"):
        gradcheck(softmax, softmax_vjp, x[:0])
    with pytest.raises(ValueError, match=r"^gradcheck: f must return floating-point numbers, but "
                       "got dtype object; is there a return"):  # fmt: skip
        gradcheck(lambda x: None, softmax_vjp, x)
    with pytest.raises(ValueError, match=r"got dtype bool; what is whole jumps, and has no slope"):
        gradcheck(lambda x: x > 0, softmax_vjp, x)
    with pytest.raises(ValueError, match=r"^gradcheck: f must return real numbers for a real x, "):
        gradcheck(lambda x: x + 1j, softmax_vjp, x)
    with pytest.raises(ValueError, match=r"^gradcheck: f must return at least one number, but"):
        gradcheck(lambda x: np.ones(0), lambda x, dp: 0 * x, x)


def test_bad_arguments_get_one_clear_sentence(x):
    """Complex or ragged arrays, an upstream beyond reason, a step or a seed that is none."""
    with pytest.raises(TypeError, match=r"^gradcheck: dp must hold real numbers, but got dtype c"):
        gradcheck(softmax, softmax_vjp, x, dp=1j * x)
    with pytest.raises(ValueError, match=r"^gradcheck: dp must be an array with rows of one len"):
        gradcheck(softmax, softmax_vjp, x, dp=[[1.0], [1.0, 2.0]])
    with pytest.raises(ValueError, match=r"^gradcheck: x must be an array with rows of one leng"):
        gradcheck(softmax, softmax_vjp, [[1.0], [1.0, 2.0]])
    with pytest.raises(TypeError, match=r"^gradcheck: x must be floating point, .* got complex.*; "
                       "take its real and its imaginary part as two numbers$"):  # fmt: skip
        gradcheck(softmax, softmax_vjp, 1j * x)
    with pytest.raises(TypeError, match=r"^gradcheck: vjp must be a function, but got ndarray"):
        gradcheck(softmax, softmax_vjp(x, x), x)
    with pytest.raises(
        TypeError,
        match=r"^gradcheck: f must be a function, but got ndarray; give the function itself",
    ):
        gradcheck(softmax(x), softmax_vjp, x)
    with pytest.raises(ValueError, match=r"^gradcheck: dp must stay below 1e\+77, but g"):
        gradcheck(softmax, softmax_vjp, x, dp=np.full((4, 3), 1e308))
    for h in ("1", np.ones(2), 1e200, True, 1j):
        with pytest.raises(ValueError, match=r"^gradcheck: h must be a positive number, at most"):
            gradcheck(softmax, softmax_vjp, x, h=h)
    for seed in (0, np.random.RandomState(0)):
        with pytest.raises(TypeError, match=r"^gradcheck: rng must be a NumPy Generator, but got"):
            gradcheck(softmax, softmax_vjp, x, rng=seed)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_the_largest_upstream_that_is_let_in_is_checked(x, dtype):
    """And the smallest worth the name: nothing overflows on the way, nothing turns round."""
    x = x.astype(dtype)
    for size in (0.9 * float(np.finfo(dtype).max) ** 0.25, 1e-30):
        dp = (size * np.random.default_rng(0).uniform(-1, 1, x.shape)).astype(dtype)
        assert gradcheck(softmax, softmax_vjp, x, dp=dp).verdict == "PASS"
        twice = gradcheck(softmax, lambda x, dp: 2 * softmax_vjp(x, dp), x, dp=dp)
        assert (twice.verdict, twice.diagnosis.key) == ("FAIL", "factor_two")


def test_a_cache_may_hold_anything(x):
    """What cannot be copied is no reason to stop, and a change beside it is still seen."""

    def forward(x):
        p, cache = softmax_forward(x)
        held = [cache, threading.Lock(), (i for i in range(3)), np.array(2.0)]
        return p, [*held, held]

    def careless(dp, cache):
        cache[3][...] = 0
        return softmax_backward(dp, cache[0])

    right = gradcheck(forward, lambda dp, cache: softmax_backward(dp, cache[0]), x)
    assert (right.verdict, right.is_softmax) == ("PASS", True)
    report = gradcheck(forward, careless, x)
    assert report.verdict == "FAIL"
    assert "the cache was changed in place" in str(report)
