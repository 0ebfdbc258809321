"""Exercises of notebook 09c: what a constant leaks backward, and what it drowns."""

from ..task import Answer, predict

predict(
    "equal_classes", "09c", "bound how far the probabilities of a row are from adding up to 1",
    "2^k equal logits, answered in float16: each probability is 2^-k, rounded. What do they add "
    "up to for k = 24? What is the least k for which they add up to 0?",
    Answer("total", 1.0, {
        0.0: "2^-24 is the smallest subnormal: it is stored as it is.",
        2.0: "2^-24 is stored exactly, so nothing is added or lost.",
        0.5: "2^-24 is stored exactly, so nothing is added or lost.",
    }, "Is 2^-24 a float16? Then add up 2^24 of them."),
    Answer("least_k", 25.0, {
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
    }, "D - 1 additions and a division: how many u?"),
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
    Answer("before", 4.0, {
        10.0: "That would be so if dx were of the size of f, which is 1.",
        6.0: "1e-6 is the size of dx; compare it with 1e-10.",
    }, "dx is 1e-6, the error 1e-10: how many digits lie between?", atol=0.1),
    Answer("after", 10.0, {
        4.0: "The gradient is the same, but f is -1e-6 now.",
        16.0: "1e-16 is the error; dx is not 1 but 1e-6.",
    }, "f is -1e-6 now: what is 1e-10 of that, beside a dx of 1e-6?", atol=0.1),
    hints=("Two whole numbers.", "The error is a share of f, not of its slope.",
           "log10(1e-6 / 1e-10), and then log10(1e-6 / 1e-16)."),
    why="1e-6 over 1e-10 is 1e4, four digits. Less its constant, f has the size of its slope, and "
        "ten digits are left.",
    matters="The same blindness to constants, used a third time: on the measurement.")
