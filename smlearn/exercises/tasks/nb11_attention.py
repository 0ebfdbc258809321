"""Exercises of notebook 11: attention forward and backward."""

import numpy as np

from ...formulas.forward import softmax
from ..task import Answer, Choice, complete, find_the_bug, mistakes_in, predict, rows


def _past_stays(f, q, k, v):
    other_k, other_v = k.copy(), v.copy()
    other_k[-1], other_v[-1] = 5.0, -5.0
    same = np.allclose(f(q, other_k, other_v)[:-1], f(q, k, v)[:-1])
    return "" if same else "another last word changes the rows before it"


def _mean_of_values(f, q, k, v):
    return "" if np.allclose(f(q, k, v + 1.0), f(q, k, v) + 1.0) else (
        "1 added to every value does not add 1 to every output")


def _scores(q, k):
    return q @ k.T / np.sqrt(q.shape[-1])


def _shared(w):
    return w / w.sum(axis=-1, keepdims=True)


@complete(
    "11", "turn queries, keys and values into attention",
    cases={"two words": (np.array([[0.0], [np.log(3.0)]]), np.array([[0.0], [1.0]]),
                         np.array([[8.0, 0.0], [0.0, 4.0]])),
           "five words": (rows(1, 5, 3), rows(2, 5, 3), rows(3, 5, 2)),
           "four words, and two of them sure": (8 * rows(4, 4, 2), 8 * rows(5, 4, 2),
                                                rows(6, 4, 3)),
           "a word that is drawn to the next": (np.array([[30.0], [30]]),
                                                np.array([[-30.0], [30]]),
                                                np.array([[1.0], [2]]))},
    laws={"the future does not move the past": _past_stays,
          "each output is a mean of values": _mean_of_values},
    hints=("q and k are (T, d), v is (T, c); the scores are (T, T), the result (T, c).",
           "A hidden word must count neither above nor below the line of the softmax. Choose, do "
           "not multiply: 0 times infinity is NaN.",
           "softmax of q k^T / sqrt(d), with -inf above the diagonal, times v."),
    axes=("queries", "columns of q"),
    blank="-np.inf",
    why="exp(-inf) is exactly 0, so a hidden word is out of the sum as well. np.tri keeps the "
        "diagonal: a word sees itself.",
    matters="The mask belongs to the scores: only there does softmax share out all of the weight.")
def causal_attention(q, k, v):
    """Let each word attend to itself and to those before it: (T, d), (T, d), (T, c) to (T, c)."""
    x = q @ k.T / np.sqrt(q.shape[-1])               # (T, T)
    seen = np.tri(len(q), dtype=bool)                # (T, T)
    x = np.where(seen, x, -np.inf)                   # (T, T)
    return softmax(x) @ v                            # (T, c)


HIDDEN = "np.where(seen, x, -1e9)", *(f"x + ~seen * -1e{n}" for n in range(4, 13))

mistakes_in(
    causal_attention,
    ("root_missing", "The scores are not divided by sqrt(d).",
     "How does the spread of a dot product grow with the number of its terms?",
     "/ np.sqrt(q.shape[-1]) =>"),
    ("divided_by_d", "The scores are divided by d, not by its root.",
     "Is it the variance of a sum that grows with d, or its spread?",
     "np.sqrt(q.shape[-1]) => q.shape[-1]"),
    ("root_of_words", "You took the root of the number of words.",
     "Which axis does the dot product of a query and a key run along?", "q.shape[-1] => len(q)"),
    ("root_after_softmax", "You divided by sqrt(d) after the softmax.",
     "What should the weights of one query add up to?",
     "/ np.sqrt(q.shape[-1]) =>; softmax(x) => softmax(x) / np.sqrt(q.shape[-1])"),
    ("mask_missing", "Every word sees every word.",
     "Which words come after the query, and who hides them?", "np.where(seen, x, -np.inf) => x"),
    ("mask_after_softmax",
     "The mask comes after the softmax: hidden words still count in its sum.",
     "What do the weights of the first query add up to?",
     "np.where(seen, x, -np.inf) => x; softmax(x) => softmax(x) * seen"),
    ("mask_of_zeros", "Hidden scores are 0, and exp(0) is 1.", "Which score has the weight 0?",
     "-np.inf => 0", "where(seen => where(seen.T; -np.inf => 0"),
    ("masked_with_a_number", "Hidden scores are a number, and some scores are lower.",
     "Which score is lower than any?",
     *(f"np.where(seen, x, -np.inf) => {hidden}" for n in (-10, -50, -100, -500)
       for hidden in (f"np.where(seen, x, {n})", f"x + ~seen * {n}"))),
    ("zero_times_infinity", "0 times infinity is NaN, and it stands wherever a word is seen.",
     "How do you choose between two numbers without multiplying?",
     "np.where(seen, x, -np.inf) => x + ~seen * -np.inf",
     "np.where(seen, x, -np.inf) => x + ~seen * -np.inf; softmax(x) => _shared(np.exp(x))"),
    ("renormalised", "The mask comes after the softmax, and what it left is divided again: by 0, "
     "if the hidden words had it all.",
     "What is left of the first row if the second word has all of its weight?",
     "np.where(seen, x, -np.inf) => x; softmax(x) => _shared(softmax(x) * seen)"),
    ("unshifted_exp", "You took exp of the scores themselves: beyond 709 it overflows.",
     "What may you subtract from a row of scores for nothing?",
     "softmax(x) => _shared(np.exp(x))"),
    ("plain_mean", "All words that are seen count the same.",
     "Who says how much each of them counts?",
     "np.where(seen, x, -np.inf) => np.where(seen, 0.0, -np.inf)"),
    ("itself_hidden", "Each word hides itself, and the first one sees nothing.",
     "Where does the diagonal belong: to the past, or to the future?", "len(q), => len(q), k=-1,",
     "len(q), => len(q), k=-1,; softmax(x) => _shared(np.exp(x))",
     *(f"len(q), => len(q), k=-1,; np.where(seen, x, -np.inf) => {hidden}" for hidden in HIDDEN)),
    ("next_shown", "Each word sees the next one as well.",
     "Where does the diagonal above belong: to the past, or to the future?",
     "len(q), => len(q), k=1,"),
    ("past_hidden", "You hid the past, and showed the future.",
     "Which triangle is left: that below the diagonal, or that above?",
     "where(seen => where(seen.T", "np.tri => ~np.tri",
     *(f"np.tri => ~np.tri; np.where(seen, x, -np.inf) => {hidden}" for hidden in HIDDEN)),
    ("wrong_axis", "The softmax runs along the queries.",
     "Whose weights must add up to 1: those of a row, or those of a column?",
     "softmax(x) => softmax(x.T).T"),
    ("weights_transposed", "The weights are transposed before they meet the values.",
     "Which index of p must meet that of the values: query, or key?",
     "softmax(x) => softmax(x).T"),
    ("roles_swapped", "Keys ask, and queries answer.",
     "Does row i of the scores belong to query i, or to key i?", "causal_attention(k, q, v)"),
    ("softmax_missing", "The scores themselves weigh the values.", "May a weight be negative?",
     "-np.inf => 0; softmax(x) => x"),
    ("weights_only", "You returned the weights: they have not met the values.",
     "Which shape has o?", "softmax(x)"))


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


def _causal(seed, T, d):
    x = _scores(rows(seed, T, d), rows(seed + 1, T, d))
    return softmax(np.where(np.tri(T, dtype=bool), x, -np.inf))


@find_the_bug(
    "keys_back", "11", "pull a gradient back to all three",
    Choice("mistake", "transposed_product", {
        "root_missing": "It is there, in the last line.",
        "sum_term_missing": "It is there, in the second line.",
        "wrong_axis": "The mean runs over the keys of a query, as it should.",
        "values_forgotten": "v is where it should be: in do v^T."}),
    cases={"five words": (rows(11, 5, 2), rows(12, 5, 3), rows(13, 5, 3), rows(14, 5, 2),
                          softmax(_scores(rows(12, 5, 3), rows(13, 5, 3)))),
           "four words, causal": (rows(21, 4, 3), rows(22, 4, 2), rows(23, 4, 2), rows(24, 4, 3),
                                  _causal(22, 4, 2))},
    hints=("q, k and the result are (T, d); do and v are (T, c); p, dp and dx are (T, T).",
           "A row of p is a query, a column is a key; so it is with dx.",
           "score_ij = q_i k_j / sqrt(d): dk_j sums dx_ij q_i / sqrt(d) over i, the queries."),
    axes=("queries", "columns of do"),
    blank="dx.T",
    why="dk has a row for each key, and sums over the queries: the first index of dx. With as "
        "many keys as queries the product without the transpose has the right shape.",
    matters="Where T = S no shape warns of it: numbers do, or a test with T and S apart.")
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
     "Whose weights add up to 1: those of a row of p, or those of a column?", "axis=-1 => axis=0"),
    ("keys_for_queries", "You multiplied with the keys: that belongs to dq.",
     "A score is q times k: which of the two is the derivative by k?", "@ q => @ k"),
    ("dq", "That is dq.", "Whose rows are wanted: those of the queries, or of the keys?",
     "dx.T @ q => dx @ k"),
    ("dv", "That is dv: it has not been through the softmax.", "Which shape has k?", "p.T @ do"))
