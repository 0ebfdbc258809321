"""Exercises of notebook 06b: how far an S bends, best steps, and what a tolerance is made of."""

import numpy as np

from ..task import Answer, predict

FREE = (3 - 3**0.5) / 6    # s (1 - s) = 1/6
FLANK = (3 - 6**0.5) / 6    # s (1 - s) = 1/12

predict(
    "flat_spot", "06b", "where along the S a central difference is right",
    "For a tiny step, at which probability p_i between 0 and 1/2 is a central difference of p_i "
    "along its own logit free of truncation, and where is it worst?",
    Answer("free", FREE, {
        1 / 6: "That is q: which s has s (1 - s) = 1/6?",
        1 / 12: "There q (1 - 6 q) is highest; where is it 0? And that is q, not s.",
        FLANK: "There q is 1/12, and q (1 - 6 q) is highest; where is it 0?",
        0.5: "There s'' is 0, which a central difference does not see; where is s''' 0?",
        0.0: "There everything is 0; between 0 and 1/2 there is one more place.",
        1 - FREE: "That is the other flank, above 1/2.",
    }, "The truncation is h^2 s''' / 6, and s''' = q (1 - 6 q).", atol=1e-3,
        code="(3 - 3**0.5) / 6"),
    Answer("worst_p", 0.5, {
        0.25: "That is q there: which s has s (1 - s) = 1/4?",
        FREE: "There it is 0.",
        FLANK: "There s''' is highest, 1/24; where is it largest in size?",
        1 / 12: "That is q where s''' is highest, 1/24; where is it largest in size?",
    }, "Where is q (1 - 6 q) largest in size, for q from 0 to 1/4?"),
    hints=("Two numbers, from 0 to 1/2.", "A central difference loses h^2 f''' / 6.",
           "s''' = q (1 - 6 q) with q = s (1 - s): 0 at q = 1/6, -1/8 at q = 1/4."),
    why="s''' is 0 at q = 1/6, where s is (3 - sqrt 3) / 6, near 0.211; and -1/8 at q = 1/4, in "
        "the middle of the S.",
    matters="A bound is a worst case: most rows are measured better than it says.")


predict(
    "noisier", "06b", "the best step where values are noisy",
    "The values of f are 10,000 times noisier. By what factor does the best step grow, to three "
    "digits? Of a forward difference, and of a central one.",
    Answer("forward_factor", 100.0, {
        1e4: "The step is not proportional to the noise: h^2 is.",
        21.5443469: "That is the central one's.",
        0.01: "More noise, longer step.",
    }, "h^2 is proportional to the noise."),
    Answer("central_factor", 21.5443469, {
        100.0: "That is the forward one's: which power of h is it now?",
        1e4: "The step is not proportional to the noise: h^3 is.",
    }, "h^3 is proportional to the noise.", atol=0.1, code="10_000 ** (1 / 3)"),
    hints=("Two numbers, both above 1.", "At the best step truncation and noise are of one size.",
           "With n times the noise: forward c h = n k u / h, central c h^2 = n k u / h."),
    why="h^2 and h^3 are proportional to the noise, so it is the square root and the cube root "
        "of 10,000.",
    matters="That is why a bad guess of the noise costs so little.")


def _k(noise):
    """Return the exponent at which that many u over h^2 are as large as the truncation."""
    return float(-np.log2(noise * 2.0**-53 * 12 / 0.128) / 4)


predict(
    "second_derivative", "06b", "the best step of another derivative",
    "f'' is measured by (f(x+h) - 2 f(x) + f(x-h)) / h^2. Values are off by 4 u, truncation is "
    "0.128 h^2 / 12. Give k of h = 2^-k to a tenth.",
    Answer("k", _k(16), {
        **{round(_k(n), 2): f"That is with {n} u of noise: which values of f are added, and how "
           "often?" for n in (1, 4, 8, 12)},
        16.0: "That is the first derivative's: here the noise is over h^2.",
        23.0: "That is the forward difference's: here the noise is over h^2.",
        9.0: "That is Richardson's; write down the noise over h^2.",
        **dict.fromkeys((-10.0, -_k(16), -11.0), "A step of 2^11? k itself is positive."),
    }, "4 u, twice 4 u and 4 u, all over h^2: where is that equal to the truncation?",
        atol=0.05, also=(10.0, 11.0), code="10.6"),
    hints=("A number with one digit behind the point.",
           "At the best step the two terms of this bound are equal.",
           "The noise is 16 u / h^2, so h^4 = 16 u 12 / 0.128, with u = 2^-53."),
    why="The noise is 16 u / h^2, so h^4 = 1500 u: k is 10.6, and 10 or 11 will do for a step.",
    matters="Each derivative more divides the noise by h once more.")

predict(
    "noise_over_truncation", "06b", "weigh the terms of a tolerance",
    "Costs run from 0 to 1. How many times the truncation is the noise, in the tolerance? In "
    "float32 at h = 2^-6, and at the h that makes their sum least.",
    Answer("at_2_6", 3, {
        1 / 3: "That is truncation over noise; the other way round is asked.",
        3 * 2.0**-29: "That is with float64's u; float32's is 2^-24.",
        1.5: "4 u / h, not 2 u / h: two values of L, over 2 h.",
        6.0: "4 u / h, not 8 u / h: it is divided by 2 h.",
    }, "4 u / h over h^2 / 48 is 192 u / h^3, with u = 2^-24.", atol=1e-9),
    Answer("at_best", 2, {
        1.0: "That is for a forward difference, where the two are equal; here truncation has h^2.",
        0.5: "That is truncation over noise; the other way round is asked.",
        3.0: "That is at 2^-6, which was rounded down; where is the derivative of the sum 0?",
    }, "Where is the derivative of h^2 / 48 + 4 u / h equal to 0?"),
    hints=("Two small whole numbers.",
           "c h^n + k u / h is least where n c h^n = k u / h.",
           "4 u / h divided by h^2 / 48; and n is 2."),
    why="192 u / h^3 is 192 2^-24 2^18 = 3. At the best step 2 h / 48 = 4 u / h^2, so the noise "
        "is twice the truncation.",
    matters="A step is right when neither term can be made much smaller without the other.")
