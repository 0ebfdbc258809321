"""Exercises of notebook 11: a softmax in one pass, and back through it by blocks."""

import numpy as np

from ...formulas.forward import softmax
from ..task import complete, mistakes_in, rows


@complete(
    "11", "sum a softmax in one pass",
    cases={"three scores, one at a time": (np.log([1.0, 2.0, 5.0]), np.array([[8.0], [0], [16]]),
                                           1),
           "seven scores, three at a time": (rows(31, 7), rows(32, 7, 2), 3),
           "six scores that rise to 2000": (np.linspace(-2000, 2000, 6), rows(33, 6, 2), 2),
           "six scores that fall from 2000": (np.linspace(2000, -2000, 6), rows(34, 6, 2), 2),
           "six scores, all below -1000": (np.linspace(-1003, -1001, 6), rows(35, 6, 2), 4)},
    hints=("x is (S,), v is (S, e), the result (e,); m and s are numbers, a is (e,).",
           "Whatever is subtracted from all scores, a / s is the same, if it is one number.",
           "With the new maximum top: s exp(m - top) + sum(exp(x - top)), and a likewise."),
    blank="np.exp(m - top)",
    why="All that was added up holds the factor exp(-m); times exp(m - top) it holds exp(-top). "
        "At the first block m is -inf, and the factor 0 meets sums of 0.",
    matters="One pass is enough for a softmax, and exp never overflows, however the scores lie.")
def one_pass(x, v, block):
    """Return softmax(x) @ v, reading `block` of the scores x, (S,), and values v, (S, e), once."""
    m, s, a = -np.inf, 0.0, np.zeros(v.shape[1])
    for i in range(0, len(x), block):
        top = max(m, x[i:i + block].max())           # ()  running maximum
        turn = np.exp(m - top)                       # ()  of the old sums
        w = np.exp(x[i:i + block] - top)             # (block,)
        s = s * turn + w.sum()                       # ()
        a = a * turn + w @ v[i:i + block]            # (e,)
        m = top
    return a / s                                     # (e,)


mistakes_in(
    one_pass,
    ("never_rescaled", "The old sums stay as they are when the maximum rises.",
     "Old terms hold exp(x - m), new ones exp(x - top): by which factor do they differ?",
     "np.exp(m - top) => 1.0"),
    ("sum_not_rescaled", "The running sum s is not turned to the new maximum.",
     "Which of the sums hold terms with the old maximum?", "s * turn => s"),
    ("values_not_rescaled", "The weighted sum a is not turned to the new maximum.",
     "Which of the sums hold terms with the old maximum?", "a * turn => a"),
    ("rescaled_upside_down", "The factor is upside down: exp(top - m) for exp(m - top).",
     "Should old terms shrink or grow when a larger maximum is subtracted?",
     "np.exp(m - top) => np.exp(top - m) if i else 0.0", "m - top => top - m"),
    ("block_maximum", "You took each block's own maximum: turning to a lower one may overflow.",
     "May a running maximum ever fall?", "max(m, x[i:i + block].max()) => x[i:i + block].max()"),
    ("first_maximum", "The maximum of the first block stays: a later score may overflow.",
     "What if the largest score comes last?",
     "max(m, x[i:i + block].max()) => m if i else x[:block].max()"),
    ("zero_maximum", "The running maximum starts at 0, and exp of scores far below it is 0.",
     "What is the maximum of no numbers at all?", "-np.inf => 0.0"),
    ("unshifted_exp", "You took exp of the scores themselves: beyond 709 it overflows.",
     "What may you subtract from a row of scores for nothing?",
     "max(m, x[i:i + block].max()) => 0.0; np.exp(m - top) => 1.0"),
    ("maximum_forgotten", "The maximum is not kept for the next block, which forgets the sums.",
     "Which number did the sums subtract, when the next block comes?", "m = top =>"),
    ("not_divided", "The weighted sum is not divided by s.",
     "What do the weights have to add up to?", "a"),
    ("sum_of_blocks", "You took a softmax in each block and added up what they gave.",
     "The weights of each block add up to 1: what do those of all blocks add up to?",
     lambda x, v, block: sum(softmax(x[i:i + block]) @ v[i:i + block]
                             for i in range(0, len(x), block))),
    ("last_sum", "You divided by the sum of the last block only.",
     "Over which scores does the softmax sum?", "a / w.sum()"),
    ("mean_of_blocks", "You took a softmax in each block and their plain mean.",
     "Does a block of low scores weigh as much as one of high scores?",
     lambda x, v, block: np.mean([softmax(x[i:i + block]) @ v[i:i + block]
                                  for i in range(0, len(x), block)], axis=0)),
    ("first_block", "Only the first block is read.", "Where does the loop go on after it?",
     "one_pass(x[:block], v[:block], block)"),
    ("rest_dropped", "The last block is missing where it is not full.",
     "How many scores are left after the last full block?",
     "one_pass(x[:len(x) // block * block], v, block)"))


def _one_block(seed, T, S, keys, size=1.0):
    """Draw queries and keys, and return what backward has of one block of the keys."""
    q, k = size * rows(seed, T, 3), rows(seed + 1, S, 3)
    v, do = rows(seed + 2, S, 2), rows(seed + 3, T, 2)
    x = q @ k.T / np.sqrt(3)
    m = x.max(axis=-1, keepdims=True)
    s = np.exp(x - m).sum(axis=-1, keepdims=True)
    mean = (do * (softmax(x) @ v)).sum(axis=-1, keepdims=True)
    return do, q, k[keys], v[keys], m, s, mean


@complete(
    "11", "sum a softmax in one pass",
    cases={"the first two of five keys": _one_block(41, 4, 5, slice(2)),
           "the last three of seven keys": _one_block(51, 5, 7, slice(4, 7)),
           "two of six keys, scores in the thousands": _one_block(61, 3, 6, slice(1, 3), 2000.0)},
    hints=("q is (T, d), do (T, e), k (block, d), v (block, e); m, s and mean are (T, 1).",
           "m, s and mean are all that a block must know of the keys outside of it.",
           "p_ij = exp(x_ij - m_i) / s_i, dx_ij = p_ij (<do_i, v_j> - mean_i); dk is dx^T q."),
    blank="(do @ v.T - mean)",
    why="Whatever keys a block leaves out, they are in m, s and mean already; and every query is "
        "there, so dk is complete.",
    matters="Blocks of keys can be pulled back one by one, in any order: no matrix is stored.")
def block_back(do, q, k, v, m, s, mean):
    """Return dk of a block of keys k with values v; m, s, mean are those of the whole rows."""
    root = np.sqrt(q.shape[-1])
    p = np.exp(q @ k.T / root - m) / s               # (T, block)  again
    dx = p * (do @ v.T - mean)                       # (T, block)
    return dx.T @ q / root                           # (block, d)


mistakes_in(
    block_back,
    ("not_divided", "The weights are not divided by the sum of their row.",
     "What do the weights of a whole row add up to?", "/ s =>"),
    ("softmax_of_block", "You took a softmax over the block: its keys are not all of the row's.",
     "Which two of the arguments know of the other keys, for the weights?",
     "np.exp(q @ k.T / root - m) / s => softmax(q @ k.T / root)",
     "np.exp(q @ k.T / root - m) / s => softmax((q @ k.T / root).ravel()).reshape(len(q), -1)"),
    ("one_softmax", "You divided all rows by one sum, and s has one for each row.",
     "What do the weights of a whole row add up to?", "/ s => / s.sum()"),
    ("own_maximum", "You subtracted the maximum of the block, and s belongs to that of the row.",
     "Which number was subtracted when s was summed?",
     "root - m => root - (q @ k.T / root).max(axis=-1, keepdims=True)"),
    ("unshifted_exp", "You took exp of the scores themselves: beyond 709 it overflows.",
     "Which number was subtracted when s was summed?", "- m) => )",
     "np.exp(q @ k.T / root - m) / s => np.exp(q @ k.T / root) / (s * np.exp(m))"),
    ("own_mean", "The mean runs over the keys of the block, and its row has more.",
     "Which of the arguments is the mean of dp over all keys?",
     "- mean => - (p * (do @ v.T)).sum(axis=-1, keepdims=True)",
     "np.exp(q @ k.T / root - m) / s => softmax(q @ k.T / root); "
     "- mean => - (p * (do @ v.T)).sum(axis=-1, keepdims=True)"),
    ("sum_term_missing", "Of softmax's backward you kept p * dp only.",
     "What does backward do with a constant in dp?", "- mean =>"),
    ("brackets", "The mean is taken off p * dp, without its factor p: a bracket is missing.",
     "What does each entry of p multiply?", "(do @ v.T - mean) => (do @ v.T) - mean"),
    ("root_missing", "The scores are divided by sqrt(d); here it is missing.",
     "Where does sqrt(d) stand forward, and where on the way back?", "q / root => q",
     "k.T / root => k.T"),
    ("dv", "That is dv: it has not been through the softmax.", "Which shape has a block of keys?",
     "p.T @ do"))


def _sure(seed, gap, about=0.0, again=False):
    """Draw an upstream, three scores of which one is `gap` ahead, and values."""
    v = rows(seed, 3, 2) + about
    if again:
        v[0] = v[2]
    return rows(seed + 1, 2), np.array([-gap, -gap - 1, 0.0]), v


@complete(
    "11", "losing the digits of a sure row",
    cases={"undecided": (rows(71, 2), rows(72, 4), rows(73, 4, 2)),
           "45 ahead": _sure(74, 45.0),
           "45 ahead, all values about 1000": _sure(76, 45.0, 1000.0),
           "40 ahead, and another key has its value": _sure(78, 40.0, again=True)},
    relative=True,
    hints=("do is (e,), x is (S,), v is (S, e), the result a number.",
           "A constant has no covariance: take it off all values before they are summed.",
           "With v* the leader's value: dx = -p <do, sum_k p_k (v_k - v*)>."),
    blank="(v - v[top])",
    why="The leader's own difference is exactly 0, so its large term is not in the sum, and the "
        "small ones keep their digits.",
    matters="<do, v_j> and <do, o> round to the same number: take the difference first.")
def leader_back(do, x, v):
    """Return dx of the largest score of one row, for o = softmax(x) @ v, to ten digits."""
    top, p = x.argmax(), softmax(x)                  # (), (S,)
    apart = p @ (v - v[top])                         # (e,)  o - v*
    return -p[top] * (do @ apart)                    # ()


mistakes_in(
    leader_back,
    ("value_after_the_sum", "You summed first, and o had rounded to the leader's value.",
     "What is left of the small terms when the large one has been added to them?",
     "p @ (v - v[top]) => p @ v - v[top]", "p[top] * (do @ (v[top] - p @ v))",
     "p[top] * (do @ v[top] - do @ (p @ v))", "p[top] * ((v @ do)[top] - p @ (v @ do))"),
    ("first_key", "You took off the value of the first key.",
     "Which key's term is large in a sure row?", "v - v[top] => v - v[0]"),
    ("mean_of_values", "You took the plain mean off all values.",
     "Which value makes the large term exactly 0?", "v - v[top] => v - v.mean(axis=0)"),
    ("weight_missing", "The leader's own p is missing: it is nearly 1 in a sure row only.",
     "What stands in front of dp - <p, dp>?", "-p[top] * (do @ apart) => -(do @ apart)"),
    ("all_scores", "You returned the gradient of every score.",
     "Of which one is it asked?", "-p * (do @ apart)"))
