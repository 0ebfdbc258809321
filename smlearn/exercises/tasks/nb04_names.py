"""The exercise of notebook 04 on two names of one array."""

import numpy as np

from ...formulas.forward import softmax
from ...mistakes.more_spellings import backward_wrongs
from ...penguins import four_birds
from ..judge.law_words import COVARIANCE
from ..task import Choice, find_the_bug, mistakes_in, rows


def _through_mask(law):
    return lambda f, x, keep, dp: law(lambda x, v: f(x, keep, v), x, dp)


DROPPED = {    # x, keep, dp
    "four birds, Gentoos dropped": (four_birds(), np.tile([1.0, 1.0, 0.0], (4, 1)),
                                    rows(40, 4, 3)),
    "two rows of five classes": (rows(41, 2, 5), np.array([[1.0, 0, 1, 1, 0], [0, 1, 1, 0, 1]]),
                                 rows(42, 2, 5)),
    "one row": (rows(43, 1, 4), np.array([[0.0, 1, 1, 1]]), rows(44, 1, 4)),
    "as many rows as classes": (rows(45, 3, 3), np.array([[1.0, 0, 1], [1, 1, 0], [0, 1, 1]]),
                                rows(46, 3, 3)),
}


@find_the_bug(
    "dropped_cache", "04", "which array an in-place update changes",
    Choice("culprit", "cache", {
        "x": "softmax makes a new array of it; x stays as it was.",
        "p": "p is meant to change: classes are dropped. Who else holds its array?",
        "keep": "It is read twice, and written never.",
        "dp": "dp = dp * keep makes a new array; the caller keeps the old one.",
        "mean": "It is made in its line, and nobody changes it afterwards.",
    }),
    cases=DROPPED,
    laws={name: _through_mask(law) for name, law in COVARIANCE.items() if "blind" not in name},
    hints=("All arrays are (B, D); cache and p are two names.",
           "Rows of dx add up to 0, whatever the mask: do they here?",
           "p *= keep writes into the array that cache holds; p = p * keep makes another."),
    blank="p = p * keep",
    why="p *= keep changes the one array that both names hold. With p = p * keep, or a copy in "
        "the cache, backward sees the p of softmax.",
    matters="The kept classes came out right: only a row sum, or a dropped class, shows the bug.")
def dropped(x, keep, dp):
    """Say whose array is changed through another name, in quotes, then mend the function."""
    p = softmax(x)
    cache = p                                  # for the way back
    p = p * keep                               # classes are dropped; the loss sees this p
    dp = dp * keep                             # back through the mask
    mean = (cache * dp).sum(axis=-1, keepdims=True)
    return cache * (dp - mean)


mistakes_in(
    dropped,
    ("cache", "Dropped classes get no gradient: the mask is in your cache, or on dx.",
     "Which p does softmax's own backward need, before or after the mask?",
     "p = p * keep => p *= keep"),
    ("mask_missing", "dp never met the mask: what was dropped cannot move the loss.",
     "The loss sees p * keep. What is its gradient with respect to p?", "dp * keep => dp"),
    ("mask_last", "You put the mask on dx; it stands between p and the loss.",
     "In which order are softmax and mask undone, on the way back?",
     "dp * keep => dp; cache * (dp - mean) => keep * cache * (dp - mean)"),
    ("no_mask_in_the_mean", "Your mean takes dp without the mask, and the rest with it.",
     "Does a dropped class have a say in the expected upstream?",
     "dp = dp * keep => seen = dp * keep; (dp - mean) => (seen - mean)"),
    ("mask_on_logits", "You masked the logits, or divided what is kept by its sum.",
     "Do the kept probabilities of this layer add up to 1?",
     "softmax(x) => softmax(np.where(keep > 0, x, -np.inf))"),
    ("logits_times_mask", "You multiplied the logits by the mask: a dropped class has logit 0.",
     "What is exp(0)?", "softmax(x) => softmax(x * keep)"),
    ("dp_in_place", "You wrote the mask into dp: whoever handed it over did not ask for that.",
     "Whose array is dp?", "dp = dp * keep => dp *= keep"),
    *backward_wrongs(("sum_term_missing", "diagonal_only", "plain_mean", "batch_sum",
                      "sign_flipped", "plus_sign", "product_branch_overwritten",
                      "keepdims_missing", "wrong_axis", "one_softmax"),
                     lambda vjp: lambda x, keep, dp: vjp(x, dp * keep)))
