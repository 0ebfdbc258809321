"""Exercises of notebook 11d: the width of scores, checks of three inputs, a blind query."""

from math import log

from ..task import Answer, predict

predict(
    "scaled_score", "11d", "say what scores must be divided by",
    "A query (log 9, 0, 0, 0) meets the keys (1, 0, 0, 0) and (0, 0, 0, 0). Which weight does the "
    "first key get?",
    Answer("weight", 0.75, {
        0.25: "That is the weight of the other key: which of the two scores is larger?",
        0.9: "That is softmax of q k^T: what is it divided by first?",
        round(9**0.25 / (1 + 9**0.25), 4):
            "You divided by d. The spread of a sum of d terms grows more slowly than d.",
        round(9**0.5**0.5 / (1 + 9**0.5**0.5), 4):
            "You took the root of the number of keys; the sum runs over the entries of a key.",
        1.0: "Alone along the queries, yes; the weights of a query's keys add up to 1.",
        round(log(3), 4): "That is the score; softmax is still to come.",
    }, "First the two scores, divided by sqrt(d); then softmax over the two keys.", atol=1e-3),
    hints=("One number between 0 and 1.", "The two weights add up to 1.",
           "The scores are log(9) / sqrt(4) and 0; exp of half of log 9 is 3."),
    why="log(9) / 2 = log(3), so the weights are 3 to 1.",
    matters="The root is inside the exponent: without it a ratio of 3 becomes one of 9.")


predict(
    "one_input_at_a_time", "11d", "check a function of three inputs",
    "gradcheck of q, of k, of v: does each pass, True or False? Once with dv = p do, once with "
    "the plain mean of dp in dx.",
    Answer("p_not_transposed", [True, True, False], {
        (False, False, False): "Which gradients does that line touch?",
        (True, True, True): "p is not symmetric: i may look at j, and j not at i.",
        (False, False, True): "True where it passes: which gradients have dv in them?",
        (False, True, False): "dq = dx k stands on a line of its own.",
    }, "Which gradients does that line touch?"),
    Answer("plain_mean", [False, False, True], {
        (False, False, False): "Which of the three gradients has no dx in it?",
        (True, True, True): "The two means agree only where all weights do.",
        (False, True, True): "dx stands in dq, and in dk as well.",
        (True, True, False): "True where it passes: which gradient has no dx in it?",
    }, "Which of dq, dk and dv have dx in them?"),
    hints=("Three truth values each, in the order q, k, v.",
           "A check of one input sees that input's gradient and no other.",
           "dv = p^T do, dq = dx k / sqrt(d), dk = dx^T q / sqrt(d)."),
    why="dv stands on a line of its own, so the checks of q and k pass whatever it is. dx is in "
        "dq and dk, and dv is left behind before it is made.",
    matters="Three inputs, three checks: each of the two mistakes passes at least one.")


predict(
    "blind_query", "11d", "that sees nothing",
    "Two queries, two keys, all scores 0, values 4 and 8; a mask hides both keys from query 1. "
    "What are o and dv, for do = (1, 1)?",
    Answer("o", [6.0, 0.0], {
        (6.0, 6.0): "Query 1 sees no key: over how many values does it sum?",
        (12.0, 0.0): "The two weights of query 0 add up to 1.",
        (0.0, 6.0): "Queries count from 0: number 1 is the second.",
    }, "Two equal scores share the weight of 1; and a sum over no keys has a value, not NaN."),
    Answer("dv", [0.5, 0.5], {
        (1.0, 1.0): "Query 1 gave no weight to any key: what can it send back?",
        (0.0, 0.0): "Query 0 sees both keys, and its do is 1.",
        (1.0, 0.0): "dv_j = sum_i p_ij do_i: which weights has query 0?",
        (2.0, 4.0): "Values do not enter in dv = p^T do.",
    }, "dv = p^T do, and the row of query 1 in p is 0."),
    hints=("Two numbers each.", "The sum over no keys is empty.",
           "o = p v and dv = p^T do, with the rows (1/2, 1/2) and (0, 0) in p."),
    why="Query 0 takes the mean of 4 and 8; the sum of query 1 is empty, so it is 0, and it sends "
        "nothing back.",
    matters="A kind convention: NaN in that one row would make both entries of dv NaN.")
