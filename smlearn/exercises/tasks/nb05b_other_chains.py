"""Exercises of notebook 05b: the rules of the walk back, beyond softmax and its graph."""

import numpy as np

from ..judge.law_words import COVARIANCE
from ..task import complete, mistakes_in, rows
from .nb05_walks import LOGITS, e_r_p, e_s, on_stages


@complete(
    "05b", "turn a broadcast into a sum",
    cases={"four birds": (rows(55, 4, 3),), "two rows of five classes": (rows(56, 2, 5),),
           "ones for five rows": (np.ones((5, 2)),), "one row": (rows(57, 1, 3),)},
    hints=("dy is (B, D), b and db are (D,): one number per class.",
           "Stretched forward, summed back.",
           "db_j = sum_b dy_bj, over the rows b."),
    blank="axis=0",
    why="b was stretched over the rows, so the rows are summed: each use moves the loss by "
        "itself. np.einsum('bj->j', dy) is the same.",
    matters="Every layer with a bias does this, and a batch is why its gradient grows.")
def bias_backward(dy):
    """Pull dy, (B, D), back through y = x + b to the bias b, (D,), of all rows."""
    return dy.sum(axis=0)                      # (D,)


mistakes_in(
    bias_backward,
    ("mean_for_sum", "You took the mean over the rows: 1 / B of what is wanted.",
     "Does the loss feel one use of b, or all of them?", "sum => mean"),
    ("nothing_summed", "You returned dy: one number for each use of b, not for each b.",
     "Which shape has b, and how often was each number of it used?", "dy"),
    ("summed_over_classes", "You summed over the classes: b was stretched over the rows.",
     "Along which axis did b have to grow to meet x?", "dy.sum(axis=-1)",
     "dy.sum(axis=-1, keepdims=True)"),
    ("one_number", "You summed over everything: one number, where b has one a class.",
     "Which axis of dy does b have as well?", "dy.sum()", "dy.mean()"),
    ("first_row", "You took one row of dy: the other rows use b as well.",
     "How many rows of y move, when one number of b does?", "dy[0]", "dy[-1]"),
    ("one_row_missing", "You left one row out, the first or the last.",
     "Where does your loop over the rows begin, and where does it end?", "dy[1:].sum(axis=0)",
     "dy[:-1].sum(axis=0)"),
    ("count_of_uses", "You counted the uses of b; dy says how much each matters.",
     "By what does the loss change when one entry of y moves?",
     "np.full(dy.shape[1], float(len(dy)))"),
    ("broadcast_only", "You returned ones: the rate of y by b, which dy has not met.",
     "By what does the loss change when one entry of y moves?", "np.ones(dy.shape[1])",
     "np.ones_like(dy)"))


@complete(
    "05b", "in stages of your own",
    cases={name: (dp, *e_s(x)) for name, (x, dp) in LOGITS.items()},
    laws=on_stages({name: law for name, law in COVARIANCE.items() if "blind" not in name}, e_s),
    hints=("dy, e and the result are (B, D); s is (B, 1). Between s and y one stage is left.",
           "Call log(s) l. y = x - l: l is stretched and subtracted, x is used twice.",
           "dl = -sum_k dy_k, ds = dl / s, de = ds stretched, dx = dy + de e."),
    blank="dl / s",
    why="From l to s a factor 1 / s, from s to e a broadcast, from e to x a factor e. It cancels "
        "to dy - p sum(dy), as e / s is p.",
    matters="A new function, the old rules: only the order of the stages is yours to find.")
def log_softmax_back(dy, e, s):
    """Walk back through y = log p in stages of your own, from dy to dx; e = exp(x), s = sum(e)."""
    dl = -dy.sum(axis=-1, keepdims=True)       # (B, 1)  l = log(s): stretched, subtracted
    ds = dl / s                                # (B, 1)  the logarithm
    return dy + ds * e                         # (B, D)  x is used twice, so add


mistakes_in(
    log_softmax_back,
    ("difference_only", "You went back by way of the difference only: x is in e as well.",
     "How many arrows leave x?", "dy"),
    ("sum_only", "You went back by way of e only: x is in the difference as well.",
     "How many arrows leave x?", "ds * e", "-ds * e"),
    ("plus_sign", "The way through log(s) has its sign turned: it is subtracted.",
     "Does y rise or fall when log(s) rises?", "dy - ds * e"),
    ("not_summed", "You did not sum on the way back to log(s).",
     "Which shape has log(s), and how many entries of y use each number of it?",
     "dy - dy / s * e"),
    ("exponential_missing", "The step through e = exp(x) is missing.",
     "What is the derivative of exp(x)?", "dy + ds"),
    ("logarithm_missing", "The step through log(s) is missing.",
     "What is the derivative of log(s)?", "dy + dl * e", "dy + dl"),
    ("logarithm_as_reciprocal", "You took the derivative of 1 / s for that of log(s).",
     "What is the derivative of log(s)?", "dy - ds / s * e", "dy + ds / s * e"),
    ("shared_out", "You shared the sum's gradient out by e / s, as the seed does.",
     "By how much does s rise when one entry of e does?", "dy + ds * e / s * e"),
    ("wrong_axis", "You summed over the rows: log(s) was stretched over the classes.",
     "Along which axis did log(s) grow to meet x?", "axis=-1 => axis=0"),
    ("keepdims_missing", "Your sum lost its axis: it is (B,), and log(s) is (B, 1).",
     "Which shape has the gradient of log(s)?", "dy - dy.sum(axis=-1) / s * e"),
    ("mean_for_sum", "You took a mean over the classes in place of a sum.",
     "Does the loss feel one use of log(s), or all of them?", "dy.sum => dy.mean"),
    ("softmax_backward", "That is the backward of softmax: no log was on its way.",
     "Which stages led from x to y here?",
     "e / s * (dy - (e / s * dy).sum(axis=-1, keepdims=True))"),
    ("one_softmax", "You divided e by one sum over the whole batch, and s has one for each row.",
     "What should the probabilities of each row add up to?", "dy + dl / e.sum() * e",
     "dy - dy.sum() / e.sum() * e"),
    ("weighted_sum", "You weighed dy with p before you summed it.",
     "With which weight does each entry of y meet log(s)?",
     "dy - e / s * (e / s * dy).sum(axis=-1, keepdims=True)"),
    ("one_hot_assumed", "You took the sum of dy for 1, or -1: that is y - p, or p - y.",
     "What does dy add up to, and do you know that before it comes?", "dy - e / s", "e / s - dy",
     "dy + e / s"),
    ("towards_p", "You divided dy by p: that is the gradient of p, not of x.",
     "Which stages lie between x and p?", "dy / (e / s)"),
    ("softmax_twice", "You took exp of e, which is exp(x) already.", "What do e and s hold?",
     "log_softmax_back(dy, np.exp(e), np.exp(e).sum(axis=-1, keepdims=True))"),
    ("dy_in_place", "You wrote the second gradient into dy.", "Whose array is dy?",
     "dy.__iadd__(ds * e)"))


@complete(
    "05b", "cancel the algebra of a walk",
    cases={name: (dp, e_r_p(x)[2], e_r_p(x)[1]) for name, (x, dp) in LOGITS.items()},
    hints=("dp, p and the result are (B, D); r is (B, 1).",
           "Start at dx, and replace each gradient by its line, until dp, e, r and p are left.",
           "dx = (dp r - (sum of dp e) r) p. Which letter takes the r beside e?"),
    blank="r * dp",
    why="e r is p, so (sum of dp e) r is <p, dp>; the first term keeps its r. With both lines "
        "mended the r would be gone: p (dp - <p, dp>).",
    matters="A walk of six lines is one line in disguise, and a wrong one too: so it can be read.")
def one_line(dp, p, r):
    """Cancel buggy_walk, as it stands, into one line of dp, p and r: its dx."""
    return p * (r * dp - (p * dp).sum(axis=-1, keepdims=True))


mistakes_in(
    one_line,
    ("right_formula", "That is the right formula; the walk as it was given is wrong.",
     "Put its lines into one another as they stand: where does r have no e beside it?",
     "r * dp => dp"),
    ("ds_mended", "That is the walk with ds mended: it stays as it was given.",
     "Which power of r stands in ds?", "(r * dp => r * (dp"),
    ("dx_mended", "That is the walk with dx mended: it stays as it was given.",
     "What is de multiplied by in the last line?",
     "r * dp => dp; keepdims=True) => keepdims=True) / r"),
    ("mean_scaled", "The mean has one r too many: the r beside e went into p.",
     "How many r are left, once e r is written p?", "(r * dp - => r * (dp - r *"),
    ("p_for_mean", "The seed's mistake is another one: here no p stands by the mean.",
     "Which lines differ from the right walk here?", "r * dp - => dp - p *", "dp - => dp - p *"),
    ("sum_term_missing", "You kept the product's way only; the sum's way is in it too.",
     "Which two gradients does de add?", "p * r * dp"),
    ("plus_sign", "The sign of the second term is turned round.",
     "Does r rise or fall when s grows?", "- ( => + ("),
    ("mean_for_sum", "You took a mean over the classes in place of a sum.",
     "What do the p of a row add up to?", "sum => mean"),
    ("not_summed", "You left out the sum over the classes.",
     "Which line of the walk sums, and over what?", ".sum(axis=-1, keepdims=True) =>"),
    ("brackets", "The second term has lost its factor p: a bracket is missing.",
     "What is de multiplied by in the last line, one term of it or both?",
     "p * r * dp - (p * dp).sum(axis=-1, keepdims=True)"))
