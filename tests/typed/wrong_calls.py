"""Calls that are wrong, each with the name of mypy's complaint; nobody runs them."""

import numpy as np

import smlearn
from smlearn import exercises, training
from smlearn.checking import gradcheck, numerical_jacobian
from smlearn.figures import plot_bars


def calls() -> None:
    """Each line below is a slip that an editor should underline."""
    x = np.array([[1.0, 2.0, 4.0]])
    smlearn.softmax()  # call-arg
    smlearn.softmax(3.0)  # arg-type
    smlearn.softmax_vjp(x)  # call-arg
    smlearn.softmax_vjp(x, dp=None)  # arg-type
    smlearn.softmax_vjp(x, x, axis=0)  # call-arg
    smlearn.sofmax(x)  # attr-defined
    p, cache = smlearn.softmax(x), smlearn.softmax_forward(x)[1]
    print(p.shapes)  # attr-defined
    smlearn.softmax_backward(cache, x)  # arg-type
    smlearn.cross_entropy(x, [0], label_smoothing="a little")  # arg-type
    smlearn.gradcheck(x, smlearn.softmax_vjp, x)  # arg-type
    print(gradcheck(smlearn.softmax, smlearn.softmax_vjp, x).verdikt)  # attr-defined
    numerical_jacobian(smlearn.softmax, x, step=0.1)  # call-arg
    exercises.exercise(1)  # arg-type
    training.descend(x, [0], classes="two")  # arg-type
    plot_bars([1.0], 5)  # arg-type
    x = gradcheck(smlearn.softmax, smlearn.softmax_vjp, x)  # assignment
