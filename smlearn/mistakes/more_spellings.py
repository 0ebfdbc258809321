"""Known wrong backward passes of softmax, as an exercise knows them.

Words and first forms come from catalogue.py. Here are more forms of the same mistakes: people
write each of them in several ways, which are not equal in every number. A form is what it returns
in place of the last line of `right`.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace

import numpy as np

from ..formulas.forward import softmax
from .catalogue import MISTAKES, SOFTMAX_MISTAKES, Mistake
from .exchange import changed

__all__ = ["BATCH", "IN_STAGES", "ROW", "backward_wrongs"]


def right(x, dp):
    """Pull dp back by way of J, with the names in reach that forms are written with."""
    p = softmax(x)                                         # (..., D)
    a, b = p[..., :, None], p[..., None, :]                # p_i and p_j
    J = a * (np.eye(x.shape[-1]) - b)                      # (..., D, D)
    return (dp[..., None, :] @ J)[..., 0, :]               # (..., D)


def sigmoid(x):
    """Compute what some take for softmax."""
    return 1 / (1 + np.exp(-x))


def mean(p, dp):
    """Return the mean of dp with these weights, (..., 1)."""
    return (p * dp).sum(axis=-1, keepdims=True)


def along_batch(x):
    """Compute the softmax along the other axis."""
    e = np.exp(x - x.max(axis=0, keepdims=True))
    return e / e.sum(axis=0, keepdims=True)


def of_all(x):
    """Compute one softmax over all rows."""
    return softmax(x.ravel()).reshape(x.shape)


def one_column(k, p, dp):
    """Use column k of each row of dp, and no other."""
    k = k[..., None]
    return np.take_along_axis(dp * p, k, axis=-1) * ((np.arange(p.shape[-1]) == k) - p)


def put(buffer, dx):
    """Return dx in a buffer, which has a dtype of its own."""
    buffer[...] = dx
    return buffer


def times(dp, diagonal, beside):
    """Multiply dp with a Jacobian of this diagonal, (..., D), and this rest, (..., D, D)."""
    J = np.where(np.eye(dp.shape[-1]), diagonal[..., None], beside)
    return (dp[..., None, :] @ J)[..., 0, :]


def with_a_cache():
    """Make a backward that keeps the first p of each shape, with a cache of its own."""
    kept = {}

    def vjp(x, dp):
        p = kept.setdefault(x.shape, softmax(x))
        return p * (dp - mean(p, dp))
    return vjp


FORMS = {    # key of catalogue.py: more forms
    "diagonal_only": ("dp * along_batch(x) * (1 - along_batch(x))", "p * (1 - p)"),
    "keepdims_missing": ("dp - (dp * p).sum(axis=-1)",),
    "plain_mean": ("p * (dp - dp.mean())",),
    "batch_sum": ("p * (dp - (p * dp).sum(axis=-1).mean())",),
    "returns_ones": ("p * 0 + 1.0 / dp.shape[-1]",),
    "elementwise_with_jacobian": ("dp[..., None, :] * J", "dp * J"),
    "one_hot_assumed": (
        "one_column(dp.argmax(axis=-1), p, dp)", "one_column(np.abs(dp).argmax(axis=-1), p, dp)",
        "np.where(dp != 0, p - 1, p)", "np.where(dp != 0, p * (1 - p), -p * mean(p, dp))"),
    "logits_as_probabilities": (
        "dp * x * (1 - x)", "p * (dp - mean(x, dp))",
        "np.einsum('bj,bjk->bk', dp, x[..., None] * (np.eye(x.shape[-1]) - x[..., None, :]))"),
    "tanh_derivative": ("dp * (1 - np.tanh(x) ** 2)",),
    "wrong_axis": ("along_batch(x) * (dp - mean(along_batch(x), dp))",),
    "squeezed": ("(p * (dp - mean(p, dp)))[0 if len(x) == 1 else ...]",),
    "dp_in_place": ("dp.__isub__(mean(p, dp)).__imul__(p)",),
    "never_runs": ("dp @ (np.identity - p)", "p * np.eye - p"),
}

EXTRA = {key: Mistake(key, did, ponder, tuple(changed(right, form) for form in forms))
         for key, did, ponder, *forms in (
    # finer than the classes of catalogue.py that they belong to
    ("sum_along_batch", "You summed p * dp over the rows, along the batch, not over the classes.",
     "Which axis holds the classes of one row?",
     "p * (dp - (p * dp).sum(axis=0, keepdims=True))", "p * dp - p * (p * dp).sum(axis=0)"),
    ("buffer_of_integers", "Your result is put into an array of integers, which cuts it off.",
     "Which dtype have zeros_like(x), for integer logits, and np.zeros(..., int)?",
     "put(np.zeros_like(x), p * (dp - mean(p, dp)))",
     "put(np.zeros(x.shape, int), p * (dp - mean(p, dp)))"),
    ("dp_ignored", "You returned x or its softmax: dp has no part in it.",
     "How does the result change when dp doubles?", "x.copy()", "p"),
    ("arguments_swapped", "You took dp for the logits, and x for dp.",
     "Which of the two does the def line name first?",
     "softmax(dp) * (x - mean(softmax(dp), x))"),
    ("dp_for_p", "You put dp where p belongs.", "Which of the two adds up to 1 in each row?",
     "dp * (x - mean(dp, x))", "softmax(dp) * (dp - mean(softmax(dp), dp))",
     "dp * (dp - mean(dp, dp))", "dp * (p - mean(dp, p))"),
    ("brackets", "You took <p, dp> off p * dp without its factor p: a bracket is missing.",
     "What do the entries of p * dp - p <p, dp> add up to?", "p * dp - mean(p, dp)"),
    ("plain_sum", "You subtracted the sum of dp, in which no p stands.",
     "Should a class that is hardly ever drawn weigh as much as a likely one?",
     "p * (dp - dp.sum(axis=-1, keepdims=True))"),
    # classes of the public count that catalogue.py folds into others
    ("wrong_off_diagonal", "The entries of your J beside the diagonal are not -p_i p_j.",
     "What is the derivative of p_i by another logit, x_j?",
     *(f"times(dp, p * (1 - p), {beside})" for beside in (
         "a * b", "-a", "-b", "-a * a", "-b * b", "-a * (1 - b)", "-b * (1 - a)", "-1"))),
    ("wrong_diagonal", "The diagonal of your J is not p_i (1 - p_i).",
     "What is the derivative of p_i by its own logit?",
     *(f"times(dp, {diagonal}, -a * b)" for diagonal in ("p", "p * p", "1 - p"))),
    ("another_activation", "You used the derivative of another activation.",
     "Which function is this the derivative of, and does it couple the classes?",
     "dp * (x > 0)", "dp * np.exp(x)", "dp * sigmoid(x) * (1 - sigmoid(x))",
     "dp / (1 + np.abs(x)) ** 2", "dp * sigmoid(x)", "dp / p"),
    ("flattened_batch",
     "You made one row of the whole batch, so every row trades with every other.",
     "How many rows does np.diag or reshape(-1, 1) leave?",
     "(p * (dp - (p * dp).sum())).ravel()", "p.ravel()[:, None] * (np.eye(p.size) - p.ravel())"),
    ("one_softmax", "You took one softmax over the whole batch.",
     "What should the probabilities of each row add up to?",
     "of_all(x) * (dp - mean(of_all(x), dp))", "of_all(x) * (dp - (of_all(x) * dp).sum())"),
    ("one_row_formula", "You used a formula for a single row, with I - p^T, on a batch.",
     "Which shapes have the identity and p.T, for four rows of three classes?",
     "dp * p @ (np.eye(len(x)) - p.T)", "dp @ (p * (np.eye(x.shape[-1]) - p.T))",
     "dp * p @ (np.eye(x.shape[-1]) - p.T)"),
    ("the_jacobian", "You returned J itself: dp has not met it yet.",
     "What does the chain rule do with dp and J?", "J"),
    ("kron_for_delta", "np.kron(i, j) is the Kronecker product, i times j, not the delta.",
     "What is np.kron(1, 2), and what should the delta be there?",
     "np.einsum('bj,bjk->bk', dp, a * (np.multiply.outer(*[np.arange(x.shape[-1])] * 2) - b))"),
)}
FINER = {    # key of catalogue.py: what is looked for with it, though it says something else
    "wrong_axis": ("sum_along_batch",), "integer_buffer": ("buffer_of_integers",),
    "pass_through": ("dp_ignored",), "sum_term_missing": ("brackets",),
    "plain_mean": ("plain_sum",),
    "upstream_as_probabilities": ("arguments_swapped", "dp_for_p"),
}
BATCH = (*SOFTMAX_MISTAKES, *(key for key in EXTRA if key not in sum(FINER.values(), ())))
ROW = ("diagonal_only", "sum_term_missing", "product_branch_overwritten", "plus_sign",
       "plain_mean", "mean_for_sum", "cross_entropy_mean", "log_softmax_backward", "sign_flipped",
       "factor_two", "divided_by_classes", "pass_through", "returns_ones",
       "jacobian_summed_first", "elementwise_with_jacobian", "fused_with_cross_entropy",
       "one_hot_assumed", "upstream_as_probabilities", "tanh_derivative", "softmax_twice",
       "seed_sum_backward", "dp_in_place", "never_runs", "wrong_off_diagonal", "wrong_diagonal")


IN_ONE_LINE = {    # key of catalogue.py: other words, where nothing is known of stages yet
    "seed_sum_backward": {
        "did": "The expected upstream is multiplied by p twice: p**2 <p, dp>.",
        "ponder": "What is taken off each dp before p multiplies: <p, dp>, or p <p, dp>?"},
}
IN_STAGES = {    # and where they are: e = exp(x), s = sum(e), r = 1 / s
    "sum_term_missing": {
        "ponder": "e is used twice on the way forward. How many gradients come back to it?"},
    "product_branch_overwritten": {
        "did": "You kept only the sum term: the gradient by way of the product was overwritten.",
        "ponder": "Did you write = where a second gradient should be added, with +=?"},
    "plus_sign": {"ponder": "What is the derivative of 1 / s: does it rise or fall with s?"},
}


def backward_wrongs(keys: Iterable[str], adapt: Callable[[Callable], Callable] = lambda vjp: vjp,
                    words: dict[str, dict[str, str]] = IN_ONE_LINE) -> tuple[Mistake, ...]:
    """Collect known mistakes by key, with the finer ones that belong to them.

    adapt(vjp) gives each form the exercise's signature; words are those that it wants changed.
    """
    def known(key: str) -> Mistake:
        wrong = MISTAKES.get(key) or EXTRA[key]
        more = [changed(right, form) for form in FORMS.get(key, ())]
        if key == "cache_of_another_row":
            more.append(with_a_cache())
        forms = tuple(map(adapt, (*wrong.forms, *more)))
        return replace(wrong, forms=forms, **words.get(key, {}))

    return tuple(known(key) for named in keys for key in (named, *FINER.get(named, ())))
