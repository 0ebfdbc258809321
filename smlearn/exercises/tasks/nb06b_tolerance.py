"""Exercises of notebook 06b: how far a logistic curve bends, and what a tolerance is made of."""

import numpy as np

from ..task import Answer, predict

def _k(noise):
    """Return the exponent at which that many u over h^2 are as large as the truncation."""
    return float(-np.log2(noise * 2.0**-53 * 12 / 0.128) / 4)


predict(
    "second_derivative", "06b", "work out the best step of a difference",
    "f'' is measured by (f(x+h) - 2 f(x) + f(x-h)) / h^2. Values are off by 4 u, truncation is "
    "0.128 h^2 / 12. Give k of h = 2^-k to a tenth.",
    Answer("k", _k(16), {
        **{round(_k(n), 2): f"That is with {n} u of noise: which values of f are added, and how "
           "often?" for n in (1, 4, 8, 12)},
        16.0: "That is the first derivative's: here the noise is over h^2.",
        23.0: "That is the forward difference's: here the noise is over h^2.",
        9.0: "That is Richardson's; write down the noise over h^2.",
        -11.0: "A step of 2^11? k itself is positive.",
    }, "4 u, twice 4 u and 4 u, all over h^2: where is that equal to the truncation?",
        atol=0.05, also=(10.0, 11.0), code="10.6"),
    hints=("A number with one digit behind the point.",
           "At the best step the two terms of this bound are equal.",
           "The noise is 16 u / h^2, so h^4 = 16 u 12 / 0.128, with u = 2^-53."),
    why="The noise is 16 u / h^2, so h^4 = 1500 u: k is 10.6, and 10 or 11 will do for a step.",
    matters="Each derivative more divides the noise by h once more.")
