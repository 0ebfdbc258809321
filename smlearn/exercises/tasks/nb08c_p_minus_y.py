"""Exercises of notebook 08c: log-softmax backwards, and what a loss does with its labels."""

import numpy as np

from ...checking.laws import row_sums
from ...formulas.forward import log_softmax, softmax
from ...penguins import FOUR_COSTS, four_birds
from ..judge.law_words import COVARIANCE
from ..task import complete, mistakes_in, rows

X, LABELS = four_birds(), np.array([0, 1, 2, 2])
HOLES = np.array([0, -100, 2, 2])


def _upstream_first(law):
    return lambda f, dlogp, logp: law(lambda x, v: f(v, x), logp, dlogp)


@complete(
    "08c", "pull a gradient back through log-softmax",
    cases={"four birds": (np.array(FOUR_COSTS), log_softmax(X)),
           "an upstream of ones": (np.ones((4, 3)), log_softmax(X)),
           "five classes": (rows(80, 2, 5), log_softmax(rows(81, 2, 5)))},
    laws={name: _upstream_first(law) for name, law in COVARIANCE.items()
          if "blind" not in name and "logits" not in name},
    hints=("dlogp, logp and the result have the shape (B, D).",
           "Rows of the result add up to 0, and an upstream of p gives 0.",
           "dx = dlogp - p sum(dlogp), with one sum a row, and p is exp(logp)."),
    blank="np.exp(logp)",
    why="Each row of J is that of I, less p: dlogp J is dlogp minus p times the sum of dlogp. "
        "The output is enough, since p is its exponential.",
    matters="No p before dlogp, a sum and no mean: one letter of log changes the whole line.")
def log_softmax_backward(dlogp, logp):
    """Pull dlogp back with the log-probabilities logp, the output of the forward pass."""
    total = dlogp.sum(axis=-1, keepdims=True)          # (B, 1)
    return dlogp - np.exp(logp) * total                # (B, D)


mistakes_in(
    log_softmax_backward,
    ("softmax_backward", "That is the backward of softmax, p (dp - <p, dp>).",
     "Does a p stand before dlogp, when the output is log p?",
     "np.exp(logp) * (dlogp - (np.exp(logp) * dlogp).sum(axis=-1, keepdims=True))"),
    ("wrong_side", "You multiplied from the wrong side: J dlogp, not dlogp J.",
     "What do the entries of a row of your result add up to?",
     "dlogp - (np.exp(logp) * dlogp).sum(axis=-1, keepdims=True)"),
    ("mean_for_sum", "You took a mean over the classes in place of a sum.",
     "In how many of the D log-probabilities does each logit stand?", "sum => mean"),
    ("sum_missing", "You subtracted p * dlogp, entry by entry: there is no sum.",
     "In how many of the D log-probabilities does each logit stand?", "* total => * dlogp"),
    ("plus_sign", "You added the second term: log-sum-exp is subtracted.",
     "What do the entries of a row of your result add up to?", "- np => + np",
     "dlogp + np.exp(logp)"),
    ("log_as_p", "You used log p where p belongs.", "What is kept: p, or its logarithm?",
     "np.exp(logp) => logp"),
    ("pass_through", "You returned dlogp itself: the second term is missing.",
     "Does log p_i move when another logit moves?", "dlogp"),
    ("fused_with_cross_entropy", "You returned p - dlogp, as if dlogp were the labels.",
     "What should an upstream of 0 give?", "np.exp(logp) - dlogp",
     "(np.exp(logp) - dlogp) / len(dlogp)"),
    ("in_place", "You wrote the result into dlogp.", "Whose array is dlogp?",
     "dlogp.__isub__(np.exp(logp) * total)"))


def _rows_cancel(f, x, labels, a):
    labels = labels.astype(int)    # a law is asked in floats
    return row_sums(lambda x, ones: f(x, labels, a), x, np.ones_like(x))


@complete(
    "08c", "keep the mean, smoothed labels and ignored rows",
    cases={"one bird ignored": (X, HOLES, 0.0), "nothing ignored": (X, LABELS, 0.0),
           "smoothed labels": (X, LABELS, 0.25),
           "smoothed labels, one bird ignored": (X, HOLES, 0.25),
           "five classes, two rows of three": (rows(83, 3, 5), np.array([-100, 4, 1]), 0.5)},
    laws={"rows of dx add up to 0": _rows_cancel},
    hints=("x and the result are (B, D), labels is (B,), a is a number.",
           "Rows of dx add up to 0; ignored rows are 0, and do not count in the mean.",
           "dx = w (p - y): y is 1 - a at the label and a / (D - 1) elsewhere; w is 0, or "
           "1 / (number of rows that count)."),
    blank="kept.sum()",
    why="Smoothing, of this kind too, changes y, which still adds up to 1; the mean and what is "
        "ignored change the weight of the row. np.where gives ignored rows some label, so that "
        "indexing works.",
    matters="The mean and the ignored rows belong in the weight, smoothing in y; p - y stays.")
def mean_gradient(x, labels, a):
    """Compute the gradient of the mean cross-entropy: -100 is ignored, a of each label goes to
    the D - 1 others in equal parts.
    """
    kept = labels != -100                              # (B,)
    D = x.shape[-1]
    y = np.eye(D)[np.where(kept, labels, 0)]           # (B, D)
    y = (1 - a) * y + a / (D - 1) * (1 - y)            # (B, D)
    w = kept / kept.sum()                              # (B,)
    return w[:, None] * (softmax(x) - y)               # (B, D)


ADD_UP = ("1 - a", " / (D - 1) * (1 - y)"), ("1 - a", " / D")    # the right y, and one over all D

mistakes_in(
    mean_gradient,
    ("mean_missing", "That is the gradient of the sum of the losses, not of their mean.",
     "What is the weight of each row in a mean?", "/ kept.sum() =>"),
    ("ignored_counted", "You divided by all rows, the ignored ones too.",
     "If half of the rows are ignored, what is the mean of the others?", "kept.sum() => len(x)"),
    ("mean_of_entries", "You took the mean over all entries, B times D of them.",
     "Over what is the loss a mean: rows, or entries?", "kept.sum() => kept.sum() / D"),
    ("ignored_as_index", "A label of -100 was used as an index.",
     "Which entry of a row is number -100?", "np.where(kept, labels, 0) => labels"),
    ("ignored_as_class", "Ignored rows are pulled to some class.",
     "What gradient should a row have whose loss does not count?",
     *(f"labels, 0 => labels, {k}; kept / kept.sum() => np.ones(len(x)) / {n}"
       for k in (0, -1) for n in ("len(x)", "kept.sum()"))),
    ("smoothing_of_ignored", "Smoothing pulls the ignored rows to 1/D.",
     "What gradient should a row have whose loss does not count?",
     "np.where(kept[:, None], softmax(x) - y, a * (softmax(x) - 1 / D)) / kept.sum()",
     "np.where(kept[:, None], softmax(x) - y, softmax(x) - 1 / D) / kept.sum()"),
    ("smoothing_over_all", "You spread a over all D classes, the label's too.",
     "Spread over the others alone, what is left of a at the label?",
     "a / (D - 1) * (1 - y) => a / D"),
    ("sum_not_one", "Your y does not add up to 1.",
     "How many other classes share a, and how much is then left for the label?",
     *(f"(1 - a) * y + a / (D - 1) * (1 - y) => ({left}) * y + a{share}"
       for left in ("1 - a", "1 - a / D", "1 - a / (D - 1)", "1")
       for share in (" / (D - 1) * (1 - y)", " / (D - 1)", " / D * (1 - y)", " / D",
                     " * (1 - y)", "")
       if (left, share) not in ADD_UP)),
    ("smoothing_forgotten", "a plays no part in your result.",
     "What is y at the label, and what elsewhere?", "mean_gradient(x, labels, 0.0)"),
    ("sign_flipped", "All signs are turned round.",
     "If the label's logit rises, does the loss rise or fall?",
     "softmax(x) - y => y - softmax(x)"),
    ("labels_as_columns", "You took away 1 at the labels of all rows, and in every row.",
     "Which entries does p[np.arange(B), labels] take?",
     "[np.where(kept, labels, 0)] => [labels[kept]].any(axis=0)",
     "[np.where(kept, labels, 0)] => [labels[kept]].sum(axis=0)"),
    ("summed_over_classes", "You added up the classes of each row.",
     "Which shape has x, and so dx?", "(w[:, None] * (softmax(x) - y)).sum(axis=-1)"))
