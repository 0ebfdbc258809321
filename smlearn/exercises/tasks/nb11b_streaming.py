"""Exercises of notebook 11b: a softmax in one pass, and back through it by blocks."""

import numpy as np

from ...formulas.forward import softmax
from ..task import complete, mistakes_in, rows


@complete(
    "11b", "sum a softmax in one pass",
    cases={"one key before, two keys new": (np.array([8.0, 0.0]), 0.0, 1.0, np.log([1.0, 2.0]),
                                            np.array([[0.0, 4.0], [16.0, 0.0]])),
           "a low block": (rows(31, 3), 1.5, 2.5, rows(32, 4) - 2, rows(33, 4, 3)),
           "the first block": (np.zeros(2), -np.inf, 0.0, rows(34, 3), rows(35, 3, 2)),
           "the first block, all below -1000": (np.zeros(2), -np.inf, 0.0,
                                                np.linspace(-1003, -1001, 4), rows(36, 4, 2)),
           "a block 2000 below": (rows(37, 2), 1000.0, 1.5, rows(38, 3) - 1000, rows(39, 3, 2)),
           "a block 2000 above": (rows(40, 2), -1000.0, 1.5, rows(41, 3) + 1000, rows(42, 3, 2))},
    axes=("rows", "columns of o"),
    hints=("x is (n,), v is (n, c), o and the result (c,); m and s are numbers.",
           "o is a mean: times s it is the sum of values that the keys before have left.",
           "With the new maximum top, s counts exp(m - top) times as much: so many of the old o, "
           "and exp(x - top) of each new value."),
    blank="np.exp(m - top)",
    why="All that was added up holds the factor exp(-m); times exp(m - top) it holds exp(-top). "
        "At the first block m is -inf, and the factor 0 meets an s of 0.",
    matters="One pass is enough for a softmax, and exp never overflows, however the scores lie.")
def one_more_block(o, m, s, x, v):
    """Take scores x and values v of one more block into o; m, s are those of the keys before."""
    top = max(m, x.max())                            # ()  running maximum
    old = s * np.exp(m - top)                        # ()  s, turned to it
    w = np.exp(x - top)                              # (n,)
    return (old * o + w @ v) / (old + w.sum())       # (c,)


mistakes_in(
    one_more_block,
    ("never_rescaled", "The old sum stays as it is when the maximum rises.",
     "Old terms hold exp(x - m), new ones exp(x - top): by which factor do they differ?",
     "s * np.exp(m - top) => s"),
    ("sum_not_rescaled", "The running sum s is not turned to the new maximum where you divide.",
     "Which of the sums hold terms with the old maximum?",
     "/ (old + w.sum()) => / (s + w.sum())"),
    ("values_not_rescaled", "The old mean, times s, is not turned to the new maximum.",
     "Which of the sums hold terms with the old maximum?", "old * o => s * o"),
    ("rescaled_upside_down", "The factor is upside down: exp(top - m) for exp(m - top).",
     "Should old terms shrink or grow when a larger maximum is subtracted?",
     "np.exp(m - top) => (np.exp(top - m) if s else 0.0)", "np.exp(m - top) => np.exp(top - m)"),
    ("block_maximum", "You took the new block's own maximum: turning to a lower one may overflow.",
     "May a running maximum ever fall?", "max(m, x.max()) => x.max()"),
    ("old_maximum", "The old maximum stays: a later score may overflow.",
     "What if the largest score comes last?", "max(m, x.max()) => m",
     "max(m, x.max()) => (m if s else x.max())"),
    ("unshifted_exp", "You took exp of the scores themselves: beyond 709 it overflows.",
     "What may you subtract from a row of scores for nothing?", "max(m, x.max()) => 0.0"),
    ("own_maxima", "The new terms hold the maximum of their block, the old ones another.",
     "Which number must be the same in all terms of a sum?",
     "np.exp(x - top) => np.exp(x - x.max())",
     "np.exp(x - top) => np.exp(x - x.max()); s * np.exp(m - top) => s"),
    ("only_new_divided", "You divided the new values, and not the old ones beside them.",
     "What do the weights of all keys have to add up to?",
     "np.exp(m - top) * o + w @ v / (old + w.sum())", "old * o + w @ v / (old + w.sum())",
     "o + w @ v / (old + w.sum())"),
    ("o_taken_for_a_sum", "You added o as if it were a sum: it has been divided by s.",
     "How many times does the old mean count, beside the new values?",
     "old * o => np.exp(m - top) * o", "old * o => o"),
    ("sum_forgotten", "The old sum s is missing: all keys before count as one.",
     "How much of the weight had the keys before?", "s * np.exp(m - top) => np.exp(m - top)"),
    ("not_divided", "The weighted sum is not divided by the sum of the weights.",
     "What do the weights have to add up to?", "old * o + w @ v"),
    ("divided_by_block", "You divided by the sum of the new block only.",
     "Over which keys does the softmax sum?", "/ (old + w.sum()) => / w.sum()"),
    ("divided_by_old", "You divided by the old sum only.",
     "Over which keys does the softmax sum?", "/ (old + w.sum()) => / old"),
    ("block_alone", "That is the block by itself: the keys before are gone.",
     "Where do o, m and s come in?", "softmax(x) @ v"),
    ("sum_of_both", "You added what the block gives by itself to what was there.",
     "The weights of the block add up to 1: what do those of all keys add up to?",
     "o + softmax(x) @ v"),
    ("mean_of_both", "You took the plain mean of what was there and what the block gives.",
     "Does a block of low scores weigh as much as one of high scores?",
     "(o + softmax(x) @ v) / 2"))


def _one_block(seed, T, S, keys, about=0.0):
    """Draw queries and keys, and return what backward has of one block of the keys.

    All scores are about `about`.
    """
    q, k = rows(seed, T, 3), rows(seed + 1, S, 3)
    if about:
        q[:, 2], k[:, 2] = 1, about * np.sqrt(3)
    v, do = rows(seed + 2, S, 2), rows(seed + 3, T, 2)
    x = q @ k.T / np.sqrt(3)
    m = x.max(axis=-1, keepdims=True)
    s = np.exp(x - m).sum(axis=-1, keepdims=True)
    mean = (do * (softmax(x) @ v)).sum(axis=-1, keepdims=True)
    return do, q, k[keys], v[keys], m, s, mean


@complete(
    "11b", "walk back through it",
    cases={"the first four of five keys": _one_block(41, 6, 5, slice(4)),
           "the last four of eight keys": _one_block(51, 5, 8, slice(4, 8)),
           "four of six keys, scores about 2000": _one_block(61, 7, 6, slice(1, 5), 2000.0)},
    axes=("queries", "columns of do"),
    hints=("q is (T, d), do (T, c), k (block, d), v (block, c); m, s and mean are (T, 1).",
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
     "- mean => - (p * (do @ v.T)).sum(axis=-1, keepdims=True) / p.sum(axis=-1, keepdims=True)",
     "- mean => - (do @ v.T).mean(axis=-1, keepdims=True)",
     "np.exp(q @ k.T / root - m) / s => softmax(q @ k.T / root); "
     "- mean => - (p * (do @ v.T)).sum(axis=-1, keepdims=True)"),
    ("sum_term_missing", "Of softmax's backward you kept p * dp only.",
     "What does backward do with a constant in dp?", "- mean =>"),
    ("diagonal_only", "Of softmax's J you kept the diagonal only.",
     "When one score rises, what happens to the weights of the other keys?",
     "p * (do @ v.T - mean) => p * (1 - p) * (do @ v.T)"),
    ("brackets", "The mean is taken off p * dp, without its factor p: a bracket is missing.",
     "What does each entry of p multiply?", "(do @ v.T - mean) => (do @ v.T) - mean"),
    ("softmax_skipped", "You went back past the softmax: the weights of the block are not in it.",
     "Which step lies between the scores and p?", "p * (do @ v.T - mean) => do @ v.T",
     "p * (do @ v.T - mean) => do @ v.T - mean"),
    ("root_missing", "The scores are divided by sqrt(d); here it is missing.",
     "Where does sqrt(d) stand forward, and where on the way back?", "q / root => q",
     "k.T / root => k.T", "np.sqrt(q.shape[-1]) => 1.0"),
    ("root_of_queries", "You took the root of the number of queries.",
     "Which axis does the dot product of a query and a key run along?", "q.shape[-1] => len(q)"),
    ("dv", "That is dv: it has not been through the softmax.", "Which shape has a block of keys?",
     "p.T @ do"))
