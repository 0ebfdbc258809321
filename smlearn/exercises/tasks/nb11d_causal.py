"""An exercise of notebook 11d: attention that does not read ahead."""

import numpy as np

from ...formulas.forward import softmax
from ..task import complete, mistakes_in, rows


def _past_stays(f, q, k, v):
    other_k, other_v = k.copy(), v.copy()
    other_k[-1], other_v[-1] = 5.0, -5.0
    same = np.allclose(f(q, other_k, other_v)[:-1], f(q, k, v)[:-1])
    return "" if same else "another last word changes the rows before it"


def _mean_of_values(f, q, k, v):
    return "" if np.allclose(f(q, k, v + 1.0), f(q, k, v) + 1.0) else (
        "1 added to every value does not add 1 to every output")


def _shared(w):
    return w / w.sum(axis=-1, keepdims=True)


@complete(
    "11d", "hide the future where it belongs",
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
