"""Exercises of notebook 11: the gradient of a score, and of a key."""

import numpy as np

from ...formulas.forward import softmax
from ..task import Answer, Choice, find_the_bug, mistakes_in, predict, rows

predict(
    "mean_from_output", "11", "read the gradient of a score as a covariance",
    "A query has o = (1, 2) and do = (3, -1); one of its keys has p = 0.5 and v = (2, 0). What "
    "are <p, dp> and dx, for its score <q, k> / sqrt(d)?",
    Answer("mean", 1.0, {
        6.0: "That is dp of this one key; the mean is over all of them.",
        3.0: "That is this key's share of the mean; the others have theirs.",
        0.5: "A sum over the entries of o, not their mean.",
        5.0: "Mind the sign of the second entry.",
    }, "All keys count in it, and you do not know them: what do you know that holds them all?"),
    Answer("dx", 2.5, {
        5.0: "That is how far the key is above the mean; weigh it with p.",
        3.0: "That is p * dp: take the mean off first.",
        1.5: "That is p (1 - p) dp: the other keys have a say.",
        -2.5: "The key's dp is above the mean.",
        6.0: "That is dp, <do, v>: how far is it above the mean, and how likely?",
    }, "p times (dp - <p, dp>), with dp = <do, v>."),
    hints=("Two numbers; q, k and d are not needed.",
           "o is the mean of the values, and a dot product may go inside a mean.",
           "<p, dp> = <do, o>, and dp of the key is <do, v> = 6."),
    why="<do, o> = 3 - 2 = 1 without a look at the other keys, and 0.5 (6 - 1) = 2.5.",
    matters="One row of o stands for all keys: so a block of keys can be pulled back alone.")


def _scores(q, k):
    return q @ k.T / np.sqrt(q.shape[-1])


def _causal(seed, T, d):
    x = _scores(rows(seed, T, d), rows(seed + 1, T, d))
    return softmax(np.where(np.tri(T, dtype=bool), x, -np.inf))


@find_the_bug(
    "keys_back", "11", "pull a gradient back to all three",
    Choice("mistake", "wrong_axis", {
        "root_missing": "It is there, in the last line.",
        "sum_term_missing": "It is there, in the second line.",
        "transposed_product": "dx is transposed, in the last line, as it should be.",
        "values_forgotten": "v is where it should be: in do v^T."}),
    cases={"five words": (rows(11, 5, 2), rows(12, 5, 3), rows(13, 5, 3), rows(14, 5, 2),
                          softmax(_scores(rows(12, 5, 3), rows(13, 5, 3)))),
           "four words, causal": (rows(21, 4, 3), rows(22, 4, 2), rows(23, 4, 2), rows(24, 4, 3),
                                  _causal(22, 4, 2))},
    hints=("q, k and the result are (T, d); do and v are (T, c); p, dp and dx are (T, T).",
           "A row of p is a query, a column a key. Rows of dx add up to 0: do they here?",
           "dx_ij = p_ij (dp_ij - sum_j p_ij dp_ij): the mean of query i runs over its keys."),
    axes=("queries", "columns of do"),
    blank="axis=-1",
    why="Each query draws a key, so it has one mean, over the keys. The weights that one key gets "
        "from all queries are no distribution.",
    matters="With keepdims either axis broadcasts, so no shape warns of it: the rows of dx do.")
def keys_back(do, q, k, v, p):
    """Name the mistake in dk, then mend it."""
    dp = do @ v.T                                              # (T, T)
    dx = p * (dp - (p * dp).sum(axis=-1, keepdims=True))       # (T, T)
    return dx.T @ q / np.sqrt(q.shape[-1])                     # (T, d)


mistakes_in(
    keys_back,
    ("transposed_product", "dx is not transposed: its rows are queries, those of dk are keys.",
     "Over which index does dk sum: queries, or keys?", "dx.T => dx"),
    ("weights_transposed", "p is transposed where it meets dp: their rows are the same queries.",
     "Whose weights stand in row i of p, and whose dp in row i of dp?",
     "dx = p * => dx = p.T *", "dx = p * => dx = p.T *; dx.T => dx"),
    ("root_missing", "The scores were divided by sqrt(d), their gradient was not.",
     "Which factor stands between q k^T and the softmax?", "dx.T @ q"),
    ("divided_by_d", "You divided by d, forward it was its root.",
     "Which factor stands between q k^T and the softmax?", "np.sqrt(q.shape[-1]) => q.shape[-1]"),
    ("sum_term_missing", "Of softmax's backward you kept p * dp only.",
     "What does backward do with a constant in dp?",
     "(dp - (p * dp).sum(axis=-1, keepdims=True)) => dp"),
    ("plain_mean", "You took the plain mean of dp, in which every key counts the same.",
     "With which probabilities is the mean of a query's dp taken?",
     "(p * dp).sum(axis=-1, keepdims=True) => dp.mean(axis=-1, keepdims=True)"),
    ("softmax_skipped", "You went back past the softmax: dp is no gradient of a score.",
     "Which step lies between the scores and p?", "dx.T => dp.T"),
    ("diagonal_only", "Of softmax's J you kept the diagonal only.",
     "When one score rises, what happens to the weights of the other keys?",
     ".sum(axis=-1, keepdims=True) =>"),
    ("wrong_axis", "The mean runs over the queries.",
     "Whose weights add up to 1: those of a row of p, or those of a column?", "axis=-1 => axis=0",
     "axis=-1 => axis=0; dx.T => dx", "axis=-1 => axis=0; @ q => @ k",
     "axis=-1 => axis=0; / np.sqrt(q.shape[-1]) =>"),
    ("keys_for_queries", "You multiplied with the keys: that belongs to dq.",
     "A score is q times k: which of the two is the derivative by k?", "@ q => @ k"),
    ("dq", "That is dq.", "Whose rows are wanted: those of the queries, or of the keys?",
     "dx.T @ q => dx @ k"),
    ("dv", "That is dv: it has not been through the softmax.", "Which shape has k?", "p.T @ do"))
