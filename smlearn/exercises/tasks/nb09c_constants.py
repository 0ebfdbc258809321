"""Exercises of notebook 09c: what a constant drowns in a log, leaks, and hides from a step."""

import numpy as np

from ...formulas.forward import softmax  # noqa: F401  mistakes name it
from ...penguins import one_bird
from ..task import Answer, complete, mistakes_in, predict, rows

SURE = np.array([0.0, -40.0, -80.0])
FAR = np.array([960.0, 1000.0, 200.0])


@complete(
    "09c", "write a log-softmax whose every entry keeps its digits",
    cases={"a sure class": (SURE,), "bird 231": (one_bird(),),
           "a class that is 720 behind": (np.array([0.0, -720.0]),), "logits of 1000": (FAR,),
           "two equal logits": (np.array([3.0, 3.0, -50.0, 1.0]),),
           "five classes": (rows(91, 5),)},
    hints=("(D,) in, (D,) out; no entry is above 0.",
           "Nothing of one size is subtracted: z is at most 0, and so is -log1p(...).",
           "z_i - log1p(sum of exp(z_k) over all k but the largest), with z = x - max(x)."),
    blank="z.argmax()",
    why="The largest term of the sum is exactly 1, and log1p(others) keeps what log(1 + others) "
        "rounds away. Then two numbers that are at most 0 are added: nothing cancels.",
    matters="It keeps its digits in a sure row, where PyTorch and JAX say 0.",
    tol=1e-11, relative=True)
def log_probabilities(x):
    """Compute the log of softmax for one row, each entry with all its digits."""
    z = x - x.max()                            # (D,)  the largest is 0
    others = np.delete(np.exp(z), z.argmax())  # (D-1,)  without one 1
    return z - np.log1p(others.sum())          # (D,)


mistakes_in(
    log_probabilities,
    ("log_of_rounded", "You took the log of a probability, or of 1 / p, that was rounded before.",
     "What is 1 - 4e-18 in float64, and what is its log?", "np.log(softmax(x))",
     "np.log(softmax(x) + 1e-300)", "np.log1p(softmax(x) - 1)"),
    ("log_where_it_underflows",
     "You mended the likeliest class, and the others' log is that of a probability still.",
     "What is exp(-800) in float64, and what is its log?",
     "np.where(z == 0, -np.log1p(others.sum()), np.log(softmax(x)))"),
    ("minus_logsumexp",
     "The largest term, which is 1, is in your sum: 1 + 4e-18 was rounded there.",
     "Which function knows log(1 + 4e-18), and what do you hand it?",
     "x - (x.max() + np.log(np.exp(z).sum()))", "z - np.log(np.exp(z).sum())"),
    ("added_to_the_maximum", "You added the log to the maximum: beside 1000 it is rounded away.",
     "What is 1000 + 4e-18 in float64?", "x - (x.max() + np.log1p(others.sum()))"),
    ("unshifted_exp", "You took exp of the logits as they are.", "What is exp(1000)?",
     "x - np.log(np.exp(x).sum())", "np.log(np.exp(x)) - np.log(np.exp(x).sum())"),
    ("overflowing_ratios", "Your sum of exp(x_k - x_i) is inf where class i is 710 behind.",
     "For which class i is no term of that sum above 1, and how do the others follow from it?",
     "-np.log1p(np.array([np.exp(np.delete(x - v, i)).sum() for i, v in enumerate(x)]))"),
    ("counted_twice", "The largest term is in your sum, and log1p adds its 1 once more.",
     "Which term of the sum is the 1 of log(1 + ...)?", "z - np.log1p(np.exp(z).sum())"),
    ("ties_dropped", "You left out every logit that equals the largest, not one of them.",
     "Two logits are 3: how many of them does the 1 stand for?",
     "z - np.log1p(np.exp(z[z < 0]).sum())"),
    ("unshifted_logits", "You subtracted from x itself: its maximum is still in it.",
     "Which number did you take off in the sum, and not outside?", "x - np.log1p(others.sum())"),
    ("plus_sign", "You added the log of the sum.", "Can the log of a probability be above 0?",
     "z + np.log1p(others.sum())"),
    ("probabilities", "Those are the probabilities.", "Where is the log?", "softmax(x)"),
    ("log_sum_only", "That is the log of the sum, one number for all classes.",
     "What is log(e_i / s), as a difference?", "np.log1p(others.sum()) + 0 * x",
     "-np.log1p(others.sum()) + 0 * x", "x.max() + np.log1p(others.sum()) + 0 * x"))


predict(
    "equal_classes", "09c", "bound how far the probabilities of a row are from adding up to 1",
    "2^k equal logits, answered in float16: each probability is 2^-k, rounded. What do they add "
    "up to for k = 24? What is the least k for which they add up to 0?",
    Answer("total", 1.0, {
        0.0: "2^-24 is the smallest subnormal: it is stored as it is.",
        2.0: "2^-24 is stored exactly, so nothing is added or lost.",
        0.5: "2^-24 is stored exactly, so nothing is added or lost.",
    }, "Is 2^-24 a float16? Then add up 2^24 of them."),
    Answer("least_k", 25, {
        24.0: "2^-24 is the smallest subnormal itself: it is there.",
        15.0: "2^-15 is subnormal: it has fewer digits, and is not 0.",
        14.0: "2^-14 is the smallest normal number; smaller ones are there.",
        26.0: "2^-25 lies half way between 0 and 2^-24: a tie goes to the even one.",
        16.0: "That is about the largest float16; which is the smallest?",
    }, "Which power of two rounds to 0? The least subnormal is 2^-24."),
    hints=("A sum and a whole number.", "float16 holds whole multiples of 2^-24 down there.",
           "2^-24 is a multiple, once; 2^-25 is half of one, a tie, and ties go to even."),
    why="2^24 times 2^-24 is 1. 2^-25 is half way between 0 and 2^-24, and the tie goes to 0, "
        "whose last bit is even.",
    matters="From 1 to nothing by one bit: where p underflows, the sum may be far from 1.")

predict(
    "a_leak", "09c", "bound how far the probabilities of a row are from adding up to 1",
    "float32, u = 2^-24, D = 2^10: how far may the sum of p be off 1, to first order? With all "
    "costs 2^10, how much may leak into a dx_i whose p_i is 1/2?",
    Answer("off", 2.0**-14, {
        2.0**-24: "That is one rounding; how many go into sum and quotient?",
        2.0**-13: "A rounding is off by half of the spacing at most: by u.",
        2.0**-34: "u is a share; the sum that it is a share of is 1.",
        2.0**10: "That is D; how far does each of D roundings move the sum?",
    }, "D - 1 additions and a division: how many u?", atol=4e-8),
    Answer("leak", 2.0**-5, {
        0.0: "So it would be with probabilities that add up to 1.",
        -(2.0**-5): "The size is right, and the size is wanted.",
        2.0**-4: "That is c times what the sum is off; and the p_i in front?",
        2.0**-15: "That is p_i times what the sum is off; and the constant?",
    }, "p_i c (1 - sum of p)."),
    hints=("Two powers of two.", "The sum is off by D u; a constant c leaks as p_i c (1 - sum).",
           "2^10 times 2^-24; and that times 2^10 / 2."),
    why="2^10 u is 2^-14. Half of 2^10 times that is 2^-5, where 0 is right.",
    matters="0.03 out of nothing, at worst: take the constant off first, and it does not leak.")

predict(
    "digits_left", "09c", "say how many digits a finite difference can have",
    "Costs (1, 0), p = (1 - 1e-6, 1e-6), and a central difference of f = <dp, p> is off by, say, "
    "1e-10 |f|: how many digits of dx has it? And of f = <dp - 1, p>?",
    Answer("before", 4, {
        10.0: "That would be so if dx were of the size of f, which is 1.",
        6.0: "1e-6 is the size of dx; compare it with 1e-10.",
    }, "dx is 1e-6, the error 1e-10: how many digits lie between?", atol=0.1),
    Answer("after", 10, {
        4.0: "The gradient is the same, but f is -1e-6 now.",
        16.0: "1e-16 is the error; dx is not 1 but 1e-6.",
    }, "f is -1e-6 now: what is 1e-10 of that, beside a dx of 1e-6?", atol=0.1),
    hints=("Two whole numbers.", "The error is a share of f, not of its slope.",
           "log10(1e-6 / 1e-10), and then log10(1e-6 / 1e-16)."),
    why="1e-6 over 1e-10 is 1e4, four digits. Less its constant, f has the size of its slope, and "
        "ten digits are left.",
    matters="The same blindness to constants, used a third time: on the measurement.")
