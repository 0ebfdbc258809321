"""Known wrong backward passes of softmax, as an exercise knows them.

Words and first forms come from catalogue.py. Here are more forms of the same mistakes: people
write each of them in several ways, which are not equal in every number.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace

import numpy as np

from ..formulas.forward import softmax
from .catalogue import MISTAKES, SOFTMAX_MISTAKES, Mistake

__all__ = ["BATCH", "ROW", "backward_wrongs"]


def _mean(p, dp):
    return (p * dp).sum(axis=-1, keepdims=True)


def _jacobian(p):
    return p[..., :, None] * (np.eye(p.shape[-1]) - p[..., None, :])


def _along_the_batch(x):
    e = np.exp(x - x.max(axis=0, keepdims=True))
    return e / e.sum(axis=0, keepdims=True)


def _at(k, x, dp):
    """Use column k of each row of dp, and no other."""
    p, k = softmax(x), k[..., None]
    return np.take_along_axis(dp * p, k, axis=-1) * ((np.arange(p.shape[-1]) == k) - p)


def _filled(buffer, x, dp):
    p = softmax(x)
    buffer[...] = p * (dp - _mean(p, dp))
    return buffer


def _dp_scaled_in_place(x, dp):
    p = softmax(x)
    mean = _mean(p, dp)
    dp -= mean
    dp *= p
    return dp


def _with_a_cache():
    """Make a backward that keeps the first p of each shape, with a cache of its own."""
    kept = {}

    def vjp(x, dp):
        p = kept.setdefault(x.shape, softmax(x))
        return p * (dp - _mean(p, dp))
    return vjp


def _sigmoid(x):
    return 1 / (1 + np.exp(-x))


FORMS: dict[str, list[Callable]] = {    # key of catalogue.py: more forms (x, dp) -> dx
    "diagonal_only": [
        lambda x, dp: dp * _along_the_batch(x) * (1 - _along_the_batch(x)),
        lambda x, dp: softmax(x) * (1 - softmax(x))],
    "keepdims_missing": [lambda x, dp: dp - (dp * softmax(x)).sum(axis=-1)],
    "plain_mean": [lambda x, dp: softmax(x) * (dp - dp.mean())],
    "batch_sum": [lambda x, dp: softmax(x) * (dp - (softmax(x) * dp).sum(axis=-1).mean())],
    "returns_ones": [lambda x, dp: softmax(x) * 0 + 1.0 / dp.shape[-1]],
    "elementwise_with_jacobian": [
        lambda x, dp: dp[..., None, :] * _jacobian(softmax(x)),
        lambda x, dp: dp * _jacobian(softmax(x))],
    "one_hot_assumed": [
        lambda x, dp: _at(dp.argmax(axis=-1), x, dp),
        lambda x, dp: _at(np.abs(dp).argmax(axis=-1), x, dp),
        lambda x, dp: np.where(dp != 0, softmax(x) - 1, softmax(x)),
        lambda x, dp: np.where(dp != 0, softmax(x) * (1 - softmax(x)), -softmax(x) * _mean(
            softmax(x), dp))],
    "logits_as_probabilities": [
        lambda x, dp: dp * x * (1 - x),
        lambda x, dp: softmax(x) * (dp - _mean(x, dp)),
        lambda x, dp: np.einsum("bj,bjk->bk", dp, _jacobian(x))],
    "tanh_derivative": [lambda x, dp: dp * (1 - np.tanh(x) ** 2)],
    "wrong_axis": [
        lambda x, dp: _along_the_batch(x) * (dp - _mean(_along_the_batch(x), dp))],
    "squeezed": [lambda x, dp: (softmax(x) * (dp - _mean(softmax(x), dp)))[0] if len(x) == 1
                 else softmax(x) * (dp - _mean(softmax(x), dp))],
    "dp_in_place": [_dp_scaled_in_place],
    "never_runs": [
        lambda x, dp: dp @ (np.identity - softmax(x)),
        lambda x, dp: softmax(x) * np.eye - softmax(x)],
}


def _signs_of(diagonal: Callable, beside: Callable) -> Callable:
    """Multiply dp with a Jacobian of another diagonal, or another rest."""
    def vjp(x, dp):
        p = softmax(x)
        rest = beside(p[..., :, None], p[..., None, :]) * (1 - np.eye(p.shape[-1]))
        J = rest + diagonal(p)[..., None] * np.eye(p.shape[-1])
        return (dp[..., None, :] @ J)[..., 0, :]
    return vjp


def _right(p):
    return p * (1 - p)


EXTRA = [Mistake(key, did, ponder, tuple(forms)) for key, did, ponder, *forms in (
    # finer than the classes of catalogue.py that they belong to
    ("sum_along_batch", "You summed p * dp over the rows, along the batch, not over the classes.",
     "Which axis holds the classes of one row?",
     lambda x, dp: softmax(x) * (dp - (softmax(x) * dp).sum(axis=0, keepdims=True)),
     lambda x, dp: softmax(x) * dp - softmax(x) * (softmax(x) * dp).sum(axis=0)),
    ("buffer_of_integers", "Your result is put into an array of integers, which cuts it off.",
     "Which dtype have zeros_like(x), for integer logits, and np.zeros(..., int)?",
     lambda x, dp: _filled(np.zeros_like(x), x, dp),
     lambda x, dp: _filled(np.zeros(x.shape, int), x, dp)),
    ("dp_ignored", "You returned x or its softmax: dp has no part in it.",
     "How does the result change when dp doubles?", lambda x, dp: x.copy(),
     lambda x, dp: softmax(x)),
    ("arguments_swapped", "You took dp for the logits, and x for dp.",
     "Which of the two does the def line name first?",
     lambda x, dp: softmax(dp) * (x - _mean(softmax(dp), x))),
    ("dp_for_p", "You put dp where p belongs.", "Which of the two adds up to 1 in each row?",
     lambda x, dp: dp * (x - _mean(dp, x)),
     lambda x, dp: softmax(dp) * (dp - _mean(softmax(dp), dp)),
     lambda x, dp: dp * (dp - _mean(dp, dp)),
     lambda x, dp: dp * (softmax(x) - _mean(softmax(x), dp))),
    ("brackets", "You took <p, dp> off p * dp without its factor p: a bracket is missing.",
     "What do the entries of p * dp - p <p, dp> add up to?",
     lambda x, dp: softmax(x) * dp - _mean(softmax(x), dp)),
    ("plain_sum", "You subtracted the sum of dp, in which no p stands.",
     "Should a class that is hardly ever drawn weigh as much as a likely one?",
     lambda x, dp: softmax(x) * (dp - dp.sum(axis=-1, keepdims=True))),
    # classes of the public count that catalogue.py folds into others
    ("wrong_off_diagonal", "The entries of your J beside the diagonal are not -p_i p_j.",
     "What is the derivative of p_i by another logit, x_j?",
     *(_signs_of(_right, beside) for beside in (
         lambda a, b: a * b, lambda a, b: -a + 0 * b, lambda a, b: -b + 0 * a,
         lambda a, b: -a * a + 0 * b, lambda a, b: -b * b + 0 * a,
         lambda a, b: -a * (1 - b), lambda a, b: -b * (1 - a), lambda a, b: -1 + 0 * a * b))),
    ("wrong_diagonal", "The diagonal of your J is not p_i (1 - p_i).",
     "What is the derivative of p_i by its own logit?",
     *(_signs_of(diagonal, lambda a, b: -a * b) for diagonal in (
         lambda p: p, lambda p: p * p, lambda p: 1 - p))),
    ("another_activation", "You used the derivative of another activation.",
     "Which function is this the derivative of, and does it couple the classes?",
     lambda x, dp: dp * (x > 0), lambda x, dp: dp * np.exp(x),
     lambda x, dp: dp * _sigmoid(x) * (1 - _sigmoid(x)), lambda x, dp: dp / (1 + np.abs(x)) ** 2,
     lambda x, dp: dp * _sigmoid(x), lambda x, dp: dp / softmax(x)),
    ("flattened_batch",
     "You made one row of the whole batch, so every row trades with every other.",
     "How many rows does np.diag or reshape(-1, 1) leave?",
     lambda x, dp: (softmax(x) * (dp - (softmax(x) * dp).sum())).ravel(),
     lambda x, dp: _jacobian(softmax(x).ravel())),
    ("one_row_formula", "You used a formula for a single row, with I - p^T, on a batch.",
     "Which shapes have the identity and p.T, for four rows of three classes?",
     lambda x, dp: dp * softmax(x) @ (np.eye(len(x)) - softmax(x).T),
     lambda x, dp: dp @ (softmax(x) * (np.eye(x.shape[-1]) - softmax(x).T)),
     lambda x, dp: dp * softmax(x) @ (np.eye(x.shape[-1]) - softmax(x).T)),
    ("the_jacobian", "You returned J itself: dp has not met it yet.",
     "What does the chain rule do with dp and J?", lambda x, dp: _jacobian(softmax(x))),
    ("kron_for_delta", "np.kron(i, j) is the Kronecker product, i times j, not the delta.",
     "What is np.kron(1, 2), and what should the delta be there?",
     lambda x, dp: np.einsum("bj,bjk->bk", dp, softmax(x)[..., None] * (
         np.multiply.outer(np.arange(x.shape[-1]), np.arange(x.shape[-1]))
         - softmax(x)[..., None, :]))),
)]
FINER = {    # key of catalogue.py: what is looked for with it, though it says something else
    "wrong_axis": ("sum_along_batch",), "integer_buffer": ("buffer_of_integers",),
    "pass_through": ("dp_ignored",), "sum_term_missing": ("brackets",),
    "plain_mean": ("plain_sum",),
    "upstream_as_probabilities": ("arguments_swapped", "dp_for_p"),
}
COARSE = [wrong.key for wrong in EXTRA if not any(wrong.key in keys for keys in FINER.values())]
BATCH = tuple(SOFTMAX_MISTAKES) + tuple(COARSE)
ROW = ("diagonal_only", "sum_term_missing", "product_branch_overwritten", "plus_sign",
       "plain_mean", "mean_for_sum", "cross_entropy_mean", "log_softmax_backward", "sign_flipped",
       "factor_two", "divided_by_classes", "pass_through", "returns_ones",
       "jacobian_summed_first", "elementwise_with_jacobian", "fused_with_cross_entropy",
       "one_hot_assumed", "upstream_as_probabilities", "tanh_derivative", "softmax_twice",
       "seed_sum_backward", "dp_in_place", "never_runs", "wrong_off_diagonal", "wrong_diagonal")


def backward_wrongs(keys: Iterable[str], adapt: Callable[[Callable], Callable] = lambda vjp: vjp
                    ) -> tuple[Mistake, ...]:
    """Collect known mistakes by key, with the finer ones that belong to them.

    adapt(vjp) gives each form the exercise's signature.
    """
    known = {wrong.key: wrong for wrong in EXTRA}
    for key, mistake in MISTAKES.items():
        more = (_with_a_cache(),) if key == "cache_of_another_row" else ()
        known[key] = replace(mistake, forms=(*mistake.forms, *FORMS.get(key, ()), *more))
    return tuple(replace(known[key], forms=tuple(map(adapt, known[key].forms)))
                 for named in keys for key in (named, *FINER.get(named, ())))
