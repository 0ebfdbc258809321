"""Exercises of notebook 12b: layers that see less than softmax does, or more."""

from ..task import Answer, complete, mistakes_in, predict, rows


def kept(seed, *shape):
    """Return dp, and the y and s that a forward of layer normalisation keeps."""
    x, dp = 3 * rows(seed, *shape) + 1.0, rows(seed + 1, *shape)
    s = x.std(axis=-1, keepdims=True)
    return dp, (x - x.mean(axis=-1, keepdims=True)) / s, s


@complete(
    "12b", "write the backward pass of a layer from what its forward kept",
    cases={"four rows of three": kept(120, 4, 3), "two rows of six": kept(122, 2, 6),
           "a block of rows": kept(124, 2, 3, 5)},
    hints=("dp, y and the result are (..., D), s is (..., 1): one number a row.",
           "A number added to all x of a row changes no y, nor does a positive factor: dx has "
           "no part along ones, and none along y.",
           "dx = (dp - mean(dp) - y mean(y dp)) / s."),
    axes=("rows", "entries"),
    blank="- y * (y * dp).mean(axis=-1, keepdims=True)",
    why="y has mean 0 and mean square 1. What dp has along ones and along y is taken off, each "
        "by a mean, and the rest divided by s.",
    matters="Two means, where softmax takes off one: <p, dp> is a mean as well, weighted by p.")
def centred_back(dp, y, s):
    """Pull dp back through y = (x - mean(x)) / s, with s the standard deviation of the row."""
    off_ones = dp - dp.mean(axis=-1, keepdims=True)                       # (..., D)
    return (off_ones - y * (y * dp).mean(axis=-1, keepdims=True)) / s     # (..., D)


mistakes_in(
    centred_back,
    ("s_as_a_constant", "You held s fixed: it moves with x as well.",
     "On how many ways does x reach y?", "off_ones / s"),
    ("mean_as_a_constant", "You held the mean fixed: it moves with x as well.",
     "Add 1 to all x of a row: what does y do, and what must the rows of dx add up to?",
     "off_ones - y => dp - y"),
    ("both_as_constants", "You divided by s, and did nothing else: mean and s move with x, too.",
     "On how many ways does x reach y?", "dp / s"),
    ("sums_for_means", "You summed where a mean belongs.",
     "By how much does the mean of a row move when one of its D numbers moves by 1?",
     "(y * dp).mean => (y * dp).sum", "dp - dp.mean => dp - dp.sum",
     "(y * dp).mean => (y * dp).sum; dp - dp.mean => dp - dp.sum"),
    ("one_for_all_rows", "You took one mean for all rows.",
     "Does one row of x reach the y of another?",
     "(y * dp).mean(axis=-1, keepdims=True) => (y * dp).mean()",
     "dp.mean(axis=-1, keepdims=True) => dp.mean()",
     "(y * dp).mean(axis=-1, keepdims=True) => (y * dp).mean(); "
     "dp.mean(axis=-1, keepdims=True) => dp.mean()"),
    ("down_the_columns", "You took the means down the columns, over the rows of the batch.",
     "Does one row of x reach the y of another?",
     "(y * dp).mean(axis=-1, keepdims=True) => (y * dp).mean(axis=0, keepdims=True); "
     "dp.mean(axis=-1, keepdims=True) => dp.mean(axis=0, keepdims=True)"),
    ("spread_twice", "You divided by s squared.",
     "Stretch x by 2: y stays. What do the entries of dx do?", "/ s => / s**2"))


predict(
    "upstream_reaches", "12b", "which entries of a batch one entry of an upstream reaches",
    "Batch normalisation of (4, 3), in training: one entry of dp changes. How many entries of dx "
    "can change?",
    Answer("entries", 4, {
        1: "The mean and s of the column move with each of its x: who else is in the column?",
        3: "That is the row of one bird; the mean is taken down a column.",
        12: "Which columns does the mean of one column reach?",
        6: "Row and column: does one logit of a bird reach its other logits?",
        2: "Whose mean does the bird share: that of one other bird, or of all?",
    }, "Nudge one x: which y move? Backward goes the same ways in the other direction."),
    hints=("y[b, k] hangs on all x of the column k, and on no other.",
           "Backward goes the ways of forward: dp[b, k] reaches dx of the column k."),
    why="One column of four birds: the mean and s of the column hang on all four.",
    matters="Rows are strangers in softmax, columns in batch normalisation: read it off forward.")

predict(
    "third_entry", "12b", "which part of `dx` must be 0",
    "A layer does not see a positive factor: f(2 x) is f(x), and so for any. At x = [2, 1, 1] the "
    "first two entries of its dx are 1 and 4. What is the third?",
    Answer("third", -6.0, {
        -5: "They add up to 0 where a constant is not seen; here it is a factor.",
        6: "2 * 1 + 1 * 4 is 6, and the whole sum is 0.",
        -4.5: "Weigh each dx with its x, not with its inverse.",
        0: "Which sum over the row is 0?",
    }, "A step along x moves nothing: which sum over the row is 0?"),
    hints=("A factor near 1 is a small step along x itself.",
           "sum_j x_j dx_j = 0."),
    why="2 * 1 + 1 * 4 + 1 * dx[2] = 0.",
    matters="A part of dx along x would say that a longer x changes the loss.")
