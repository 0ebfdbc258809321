"""Exercises of notebook 11c: the sum beside the leading value, and what it is good for."""

import numpy as np

from ...formulas.forward import softmax
from ..task import Answer, complete, mistakes_in, predict, rows

predict(
    "lead_changes", "11c", "through a change of the lead",
    "One key leads so far: m = 0, s = 2, v* = 3 and apart = 6. A new key with score log 4 and "
    "value 5 takes the lead. What are apart and s then?",
    Answer("apart", 0.5, {
        1.5: "It is turned to the new maximum, and not moved to the new value.",
        2.0: "It is moved to the new value, and not turned to the new maximum.",
        2.5: "You added s (v_new - v_old): what was v - 3 is now v - 5.",
        1.0: "Moved by one weight: how much weight do the keys before have together?",
        8.0: "Turned upside down: should old terms shrink or grow?",
        5.5: "The new leader's own difference, v_new - v*, is 0.",
        0.0: "The keys before have other values than 5: their differences stay in the sum.",
    }, "First every old v - 3 becomes v - 5, weight by weight; then turn all by exp(0 - log 4)."),
    Answer("s", 1.5, {
        0.5: "The new leader counts, too: exp(log 4 - log 4) is 1.",
        3.0: "The old sum is not turned to the new maximum.",
        2.0: "The new key has a weight, and the old sum is turned to the new maximum.",
        9.0: "Turned upside down: should old terms shrink or grow?",
        6.0: "That is the sum with the old maximum: what is subtracted from all scores now?",
    }, "Turn the old sum by exp(0 - log 4), then add the new key's exp(x - m)."),
    hints=("Two numbers.", "Nothing may depend on who leads: v* + apart / s is the mean value.",
           "apart = (apart + s (v_old - v_new)) exp(m - m_new), s = s exp(m - m_new) + 1."),
    why="(6 + 2 (3 - 5)) / 4 = 0.5 and 2 / 4 + 1 = 1.5. The mean value is 5 + 0.5 / 1.5, as by "
        "(2 * 6 + 4 * 5) / (2 + 4): before, it was 3 + 6 / 2 = 6.",
    matters="The leader's own difference is 0 at any time, and its large term is in no sum.")


def _sure(seed, gap, about=0.0, again=False):
    """Draw an upstream, three scores of which one is `gap` ahead, and values."""
    v = rows(seed, 3, 2) + about
    if again:
        v[0] = v[2]
    return rows(seed + 1, 2), np.array([-gap, -gap - 1, 0.0]), v


@complete(
    "11c", "keep the digits of a sure row",
    cases={"scores close together": (rows(71, 2), rows(72, 4), rows(73, 4, 2)),
           "a key 45 ahead": _sure(74, 45.0),
           "a key 45 ahead, all values about 1000": _sure(76, 45.0, 1000.0),
           "a key 40 ahead, whose value another has": _sure(78, 40.0, again=True)},
    relative=True,
    axes=("rows", "columns of do"),
    hints=("do is (c,), x is (S,), v is (S, c), the result a number.",
           "A constant has no covariance: take it off all values before they are summed.",
           "With v* the leader's value: dx = -p <do, sum_k p_k (v_k - v*)>."),
    blank="(v - v[top])",
    why="The leader's own difference is exactly 0, so its large term is not in the sum, and the "
        "small ones keep their digits.",
    matters="<do, v_j> and <do, o> round to the same number: take the difference first.")
def leader_back(do, x, v):
    """Return dx of the largest score of one row, for o = softmax(x) @ v, to ten digits."""
    top, p = x.argmax(), softmax(x)                  # (), (S,)
    apart = p @ (v - v[top])                         # (c,)  o - v*
    return -p[top] * (do @ apart)                    # ()


mistakes_in(
    leader_back,
    ("value_after_the_sum", "Where the leader is sure, your result has lost the small terms.",
     "What is left of the small terms when the large one has been added to them?",
     "p @ (v - v[top]) => p @ v - v[top]", "p[top] * (do @ (v[top] - p @ v))",
     "p[top] * (do @ v[top] - do @ (p @ v))", "p[top] * ((v @ do)[top] - p @ (v @ do))"),
    ("first_key", "You took off the value of the first key.",
     "Which key's term is large in a sure row?", "v - v[top] => v - v[0]"),
    ("mean_of_values", "You took the plain mean off all values.",
     "Which value makes the large term exactly 0?", "v - v[top] => v - v.mean(axis=0)"),
    ("diagonal_only", "You took p (1 - p) dp of the leader: the dp of the other keys are missing.",
     "When the leader's score rises, what do the other keys lose?",
     "p[top] * (1 - p[top]) * (do @ v[top])"),
    ("weight_missing", "The leader's own p is missing: it is nearly 1 in a sure row only.",
     "What stands in front of dp - <p, dp>?", "-p[top] * (do @ apart) => -(do @ apart)"),
    ("all_scores", "You returned the gradient of every score.",
     "Of which one is it asked?", "-p * (do @ apart)"))
