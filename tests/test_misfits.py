"""An argument of the wrong kind is refused in words that name the mistake, and what mends it."""

import functools

import numpy as np
import pytest

from smlearn import gradcheck, numerical_jacobian, numerical_jvp, numerical_vjp, softmax_vjp
from smlearn.checking import Stage, check_adjoint, default_step, stage_table, taylor_test


class Square:
    """A layer."""

    def forward(self, x):
        self.x = x
        return x**2

    def backward(self, dp):
        return 2 * self.x * dp


class Tensor:
    """As those of a framework that keeps its numbers until they are let go."""

    def __array__(self, dtype=None, copy=None):
        raise RuntimeError("Use tensor.detach().numpy() instead.")


def square(x):
    return x**2


def square_vjp(x, dp):
    return 2 * x * dp


def silent(x):
    return None


X = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 5.0]])
TURNED = "x must be an array, but got a function; look at the order of the arguments"
METHODS = "give its methods, layer.forward and layer.backward"

WRONG = {
    "x first": (lambda: gradcheck(X, square, square_vjp), TURNED),
    "x between": (lambda: gradcheck(square, X, square_vjp), TURNED),
    "x first, of a measurement": (lambda: numerical_vjp(X, square, X), TURNED),
    "x first, of a test": (lambda: taylor_test(X, square, square_vjp), TURNED),
    "a function for dp": (
        lambda: softmax_vjp(X, square),
        "dp must be an array, but got a function; look at the order",
    ),
    "backward first": (
        lambda: gradcheck(square_vjp, square, X),
        "f must take x alone, but got square_vjp, which takes x and dp; forward comes before",
    ),
    "backward alone": (
        lambda: numerical_jacobian(square_vjp, X),
        "f must take x alone, but got square_vjp, which takes x and dp; forward comes before",
    ),
    "nothing to give x to": (
        lambda: gradcheck(lambda: 1.0, square_vjp, X),
        "which takes nothing; give it x",
    ),
    "a layer": (lambda: gradcheck(Square(), Square(), X), f"but got Square; {METHODS}"),
    "a layer alone": (lambda: gradcheck(Square(), X), f"but got Square; {METHODS}"),
    "a layer for vjp": (
        lambda: gradcheck(square, Square(), X),
        f"vjp must be a function, but got Square; {METHODS}",
    ),
    "a layer to be measured": (
        lambda: numerical_jacobian(Square(), X),
        f"f must be a function, but got Square; {METHODS}",
    ),
    "a class": (
        lambda: gradcheck(Square, Square, X),
        "but got Square, which takes nothing; make a layer of the class first",
    ),
    "a class's methods": (
        lambda: gradcheck(Square.forward, Square.backward, X),
        "Square.forward, which takes self and x; make a layer of the class first",
    ),
    "no function": (
        lambda: gradcheck(None, square_vjp, X),
        "f must be a function, but got None; give the function itself",
    ),
    "x for jvp": (lambda: check_adjoint(X, square, X), "jvp must be a function, but got ndarray"),
    "a jvp of x": (
        lambda: check_adjoint(square, square_vjp, X),
        "call jvp on x and t by itself and mend that first",
    ),
    "strings": (
        lambda: gradcheck(square, square_vjp, "x"),
        "x must be floating point, float32 or wider, but got <U1; convert it",
    ),
    "complex x": (
        lambda: numerical_jvp(square, X + 1j, X),
        "but got complex128; take its real and its imaginary part as two numbers",
    ),
    "an integer dtype": (
        lambda: default_step("central", int),
        "default_step: dtype must be floating point, but got int",
    ),
    "a comma too many": (
        lambda: gradcheck(lambda x: (x**2,), square_vjp, X),
        "but got a tuple of 1; look for a comma at the end of its return",
    ),
    "a pair to be measured": (
        lambda: numerical_vjp(lambda x: (x.sum(), x), X, X),
        "f must return one array, but got a tuple of 2; wrap it, as in lambda x: f(x)[0]",
    ),
    "no return": (lambda: numerical_jacobian(silent, X), "is there a return, and is it an array?"),
    "a tensor": (
        lambda: gradcheck(square, square_vjp, Tensor()),
        "but got a Tensor, which NumPy cannot read: Use tensor.detach().numpy()",
    ),
    "a tensor from f": (
        lambda: gradcheck(lambda x: Tensor(), square_vjp, X),
        "f must return an array, but got a Tensor, which NumPy cannot read: Use tensor.detach()",
    ),
    "an array of stages": (
        lambda: stage_table(X),
        "stage_table: stages must hold a Stage for each step, but got a ndarray; write Stage",
    ),
    "a gradient without a name": (
        lambda: stage_table([Stage("x", "x", X, X)]),
        "stage_table: each gradient of x must have a name, but got a ndarray; write a dict",
    ),
    "a gradient that is none": (
        lambda: stage_table([Stage("x", "x", X, {"dx": None})]),
        "stage_table: dx must hold real numbers, but got dtype object",
    ),
}


@pytest.mark.parametrize("kind", WRONG)
def test_the_mistake_is_named(kind):
    """Not what NumPy or Python stumbled over, some calls further in."""
    call, said = WRONG[kind]
    with pytest.raises((TypeError, ValueError)) as refused:
        call()
    assert said in str(refused.value)


def test_a_wrong_backward_says_which_thing_it_returned():
    """With the article that the word wants."""
    report = gradcheck(square, lambda x, dp: 1, X)
    assert report.checks[-1].detail == "vjp returned an int; return an array"


def test_several_gradients_are_asked_for_one_at_a_time():
    """As (dx, dW) of a layer with weights; of the weights, too."""
    W = np.array([[2.0, 0.0], [1.0, -1.0], [0.0, 3.0]])

    def backward(x, W, dp):
        return dp @ W.T, x.T @ dp

    report = gradcheck(lambda x: x @ W, lambda x, dp: backward(x, W, dp), X)
    said = "vjp returned a tuple; return an array, one gradient at a time"
    assert report.checks[-1].detail == said
    assert gradcheck(lambda x: x @ W, lambda x, dp: backward(x, W, dp)[0], X)
    assert gradcheck(lambda W: X @ W, lambda W, dp: backward(X, W, dp)[1], W)
    assert not gradcheck(lambda W: X @ W, lambda W, dp: 2 * backward(X, W, dp)[1], W)


@pytest.mark.parametrize(
    "f",
    [
        np.square,
        Square().forward,
        functools.partial(pow, exp=2),
        lambda x, power=2: x**power,
        lambda *arrays: arrays[0] ** 2,
        lambda x, **options: x**2,
        type("Called", (), {"__call__": lambda self, x: x**2})(),
    ],
)
def test_what_takes_x_alone_is_let_in(f):
    """A ufunc, a method, a partial, defaults, stars, an object that is called."""
    assert gradcheck(f, square_vjp, X).verdict == "PASS"
    np.testing.assert_allclose(numerical_vjp(f, X, np.ones_like(X)), 2 * X, rtol=1e-9)


def test_an_error_of_their_own_keeps_its_words():
    """A TypeError inside of a function that takes x is not one about its arguments."""
    with pytest.raises(ValueError, match="but raised TypeError: by hand; call f on x by itself"):
        numerical_jacobian(raising, X)


def raising(x):
    raise TypeError("by hand")
