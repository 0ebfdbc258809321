"""Exercises of notebook 04: bytes, powers, passes over memory, aliases, blocks."""

import numpy as np

from ...formulas.forward import softmax
from ...mistakes.more_spellings import backward_wrongs
from ...penguins import four_birds
from ..judge.law_words import COVARIANCE
from ..task import Answer, Choice, complete, find_the_bug, mistakes_in, predict, rows

ROWS = 8 * 12 * 1024    # sequences, heads, places

predict(
    "attention_bill", "04", "predict the memory of a backward pass",
    "8 sequences, 12 heads, 1,024 rows of 1,024 logits in each, float32: GB of all J, MB of dx?",
    Answer("my_J", ROWS * 1024**2 * 4 / 1e9, {
        ROWS * 1024**2 * 8 / 1e9: "A float32 takes 4 bytes.",
        ROWS * 1024**2 * 4 / 12e9: "That is one head of each sequence; there are 12.",
        ROWS * 1024**2 * 4 / 8e9: "That is one sequence; there are 8.",
        1024**3 * 4 / 1e9: "That is one head of one sequence.",
        ROWS * 1024**2 * 4 / 2**30: "You divided by 2**30; 1 GB is 10**9 bytes here.",
        ROWS * 1024 * 4 / 1e9: "That is dx in GB, or all J in TB; GB of J are asked for.",
        ROWS * 1024 * 4 / 1e6: "That is dx, in MB; first GB of all J are asked for.",
        ROWS * 1024**2 * 4 / 1e6: "That is in MB; GB are asked for.",
        ROWS * 1024**2 * 4.0: "That is in bytes; GB are asked for.",
        ROWS * 1024**2 / 1e9: "You counted numbers; a float32 takes 4 bytes.",
    }, "Count the rows, then the numbers in the J of one row, then the bytes.", atol=1),
    Answer("my_dx", ROWS * 1024 * 4 / 1e6, {
        ROWS * 1024 * 8 / 1e6: "A float32 takes 4 bytes.",
        ROWS * 1024 * 4 / 12e6: "That is one head of each sequence; there are 12.",
        ROWS * 1024 * 4 / 8e6: "That is one sequence; there are 8.",
        ROWS * 1024 * 4 / 2**20: "You divided by 2**20; 1 MB is 10**6 bytes here.",
        ROWS * 1024 * 4 / 1e9: "That is in GB; MB are asked for.",
        ROWS * 1024**2 * 4 / 1e9: "That is all J, in GB; here MB of dx are asked for.",
        ROWS * 1024 * 4.0: "That is in bytes; MB are asked for.",
        ROWS * 1024 / 1e6: "You counted numbers; a float32 takes 4 bytes.",
    }, "dx has the shape of x: one number a logit.", atol=1),
    hints=("x, dx: (8, 12, 1024, 1024), as each row has 1,024 classes; J has one axis more.",
           "J costs D times what dx costs.",
           "8 * 12 * 1024 rows, 1024 numbers of dx in each, 1024**2 of J, 4 bytes a number."),
    why="98,304 rows of 1,024 floats of 4 bytes are 402.7 MB; the Jacobians take 1,024 times as "
        "much, 412.3 GB. That is one layer.",
    matters="Attention is softmax over rows as long as the text: nobody could train it with J.")

SIZES = np.array([128.0, 256.0, 512.0, 1024.0])


@complete(
    "04", "read a power law off measured costs",
    cases={"bytes that grow with the square": (SIZES, 192 * SIZES**2),
           "a power of 3/2": (np.array([10.0, 100.0, 2000.0]), 7 * 10.0 ** np.array(
               [1.5, 3.0, 3 + 1.5 * np.log10(2) + 1.5])),
           "times, with the noise of a clock": (SIZES, np.array([1.1e-3, 3.6e-3, 17e-3, 61e-3])),
           "a cost that falls": (np.array([1.0, 4.0, 32.0]), np.array([9.0, 5.0, 2.0]))},
    hints=("Two arrays (N,) in, one number out.",
           "A power is a straight line on two logarithmic axes; its exponent is the slope.",
           "log cost = log c + k log size: np.polyfit(x, y, 1) returns (k, log c)."),
    blank="np.log(costs)",
    why="The logarithm makes a line of a power, and least squares fits the line to all points. "
        "Any base of the logarithm will do, if it is the same twice.",
    matters="A slope is a fact about the method; the milliseconds are facts about the machine.")
def power_of(sizes, costs):
    """Return the exponent k of costs that grow like size**k, fitted to all points at once."""
    return np.polyfit(np.log(sizes), np.log(costs), 1)[0]    # the slope of the line


mistakes_in(
    power_of,
    ("no_logarithms", "You fitted a line to the numbers themselves: no logarithms.",
     "What becomes of c D^k when you take its logarithm?", "np.polyfit(sizes, costs, 1)[0]"),
    ("sizes_not_logged", "You took the logarithm of the costs, and not of the sizes.",
     "Against what is log c + k log D a straight line?", "np.polyfit(sizes, np.log(costs), 1)[0]",
     "np.polyfit(sizes, np.log2(costs), 1)[0]", "np.polyfit(sizes, np.log10(costs), 1)[0]"),
    ("costs_not_logged", "You took the logarithm of the sizes, and not of the costs.",
     "Which function of the costs is log c + k log D?", "np.polyfit(np.log(sizes), costs, 1)[0]",
     "np.polyfit(np.log2(sizes), costs, 1)[0]", "np.polyfit(np.log10(sizes), costs, 1)[0]"),
    ("turned_round", "You fitted sizes against costs: that slope is about 1 / k.",
     "Which of the two does np.polyfit take first, the place or the height?",
     "power_of(costs, sizes)"),
    ("intercept", "That is where the line begins, log c; its slope is k.",
     "Which of polyfit's two numbers belongs to the highest power?", "[0] => [1]",
     "np.exp(np.polyfit(np.log(sizes), np.log(costs), 1)[1])"),
    ("both_numbers", "You returned both numbers of the fit: slope and beginning.",
     "Which of the two is the exponent?", "[0] =>"),
    ("ends_only", "You used two of the points; noise in one of them is all in k.",
     "How can the other points have a say?",
     "np.log(costs[-1] / costs[0]) / np.log(sizes[-1] / sizes[0])",
     "np.log(costs[1] / costs[0]) / np.log(sizes[1] / sizes[0])"),
    ("mean_of_slopes", "You took the mean of the slopes from point to point.",
     "Which points have a say in it, if all steps are equally long?",
     "np.mean(np.diff(np.log(costs)) / np.diff(np.log(sizes)))",
     "np.gradient(np.log(costs), np.log(sizes)).mean()"),
    ("factor", "That is by how much the costs grow; the exponent says how fast.",
     "Twice the size, four times the cost: which exponent is that?", "costs[-1] / costs[0]",
     "costs[1] / costs[0]", "np.mean(costs[1:] / costs[:-1])",
     "(costs[-1] / costs[0]) / (sizes[-1] / sizes[0])"))


predict(
    "thrifty_passes", "04", "count how often a line passes over memory",
    "How many passes over whole arrays does thrifty make, and how many (B, D) arrays at its peak?",
    Answer("my_passes", 7, {
        9: "einsum adds up as it goes: the product is never written.",
        10: "einsum reads p and dp, and writes one number a row.",
        8: "einsum reads p and dp, and writes one number a row.",
        3: "Each line reads something, and some write: count both.",
        5: "dx *= p reads two and writes one; dx = dp - mean writes, too.",
        6: "dx *= p reads dx, reads p, and writes dx.",
        4: "dx *= p reads dx, reads p, and writes dx.",
    }, "Line by line: which whole arrays does it read, and which does it write?"),
    Answer("my_arrays", 1, {
        2: "dx *= p writes where dx is, and einsum stores no product.",
        3: "p and dp were there before; which arrays does thrifty make?",
        0: "dx is new: nobody handed it over.",
    }, "Which of its lines make an array of shape (B, D)?"),
    hints=("Two whole numbers. What is (B, 1) does not count.",
           "To read an array is a pass, and to write one is a pass.",
           "einsum: 2 reads. dp - mean: a read, a write. dx *= p: 2 reads, a write."),
    why="2 + 2 + 3 passes, and dx is the only array that is made. The three-name form makes 9 "
        "passes and 3 arrays.",
    matters="Fewer passes, one array: what can be read off the code is known before it runs.")

predict(
    "into_p", "04", "which array an in-place update changes",
    "p = (1/2, 1/4, 1/4), dp = (0, 4, 8): what does into(p, dp, out=p) return?",
    Answer("my_result", [9.0, 1.0, 25.0], {
        (-1.5, 0.25, 1.25): "That is the right dx; but what does p hold by the last line?",
        (-1.5, -0.5, -0.25): "That is out=dp; here p is overwritten, and dp is not.",
        (-3.0, 1.0, 5.0): "That is after the third line; one is left.",
        (0.0, 1.0, 10.0):
            "In the last line p no longer holds p * dp: the third line wrote there too.",
        (0.0, 1.0, 2.0): "That is after the first line; three are left.",
    }, "Go line by line: out and p are one array. What is in it after each line?"),
    hints=("Three numbers; out and p are one array with two names.",
           "Nothing may be overwritten before it was read for the last time.",
           "After the first line p is (0, 1, 2), and its sum is 3."),
    why="The lines leave (0, 1, 2), then (-3, 1, 5) in p; the last line multiplies p by itself. "
        "It returns (dp - mean) squared.",
    matters="No error, no warning, the right shape: an alias is found by reading, or by a law.")


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
    ("cache", "The cache still holds the dropped p: dropped classes get no gradient.",
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


def softmax_of_three(x):
    """Compute softmax, of three rows at most."""
    if len(x) > 3:
        raise ValueError(f"at most 3 rows fit the cache, but got {len(x)}")
    return softmax(x)


def counting(x):
    """Return softmax, plus how many rows came together."""
    return softmax(x) + len(x)


@complete(
    "04", "work block by block",
    cases={"4 rows, 2 at a time": (counting, rows(47, 4, 3), 2),
           "7 rows, 3 at a time": (counting, rows(48, 7, 5), 3),
           "softmax of 8 rows, 3 at a time": (softmax_of_three, rows(49, 8, 2), 3),
           "2 rows, 5 at a time": (counting, rows(50, 2, 4), 5)},
    hints=("x is (B, D), and so is the result; f gets (rows, D), or what is left of it.",
           "Rows are strangers: f of a few rows is those rows of f of all.",
           "Blocks begin at 0, rows, 2 rows, ...; a slice that runs over the end is cut there."),
    blank="len(x), rows",
    why="range takes the step as its third argument, and a slice beyond the end is cut off, so "
        "the last block needs no case of its own.",
    matters="With a block in the processor's cache, f's passes but the first and last stay there.")
def in_blocks(f, x, rows):
    """Return f(x), (B, D), handing f blocks of `rows` rows from the top, the last one shorter."""
    out = np.empty(x.shape)                    # (B, D)
    for start in range(0, len(x), rows):
        block = slice(start, start + rows)
        out[block] = f(x[block])
    return out


mistakes_in(
    in_blocks,
    ("rest_missing", "The last block is missing where rows does not divide B.",
     "How many rows are left after the last full block?",
     "empty => zeros; len(x), => len(x) // rows * rows,",
     "empty(x.shape) => full(x.shape, np.nan); len(x), => len(x) // rows * rows,",
     "np.concatenate([f(x[k:k + rows]) for k in range(0, len(x) - rows + 1, rows)])",
     "np.array([row for k in range(rows, len(x) + 1, rows) for row in f(x[k - rows:k])])"),
    ("all_at_once", "f gets the whole batch at once.", "How many rows may f see in one call?",
     "f(x)"),
    ("row_by_row", "f gets one row at a time: right, and as many calls as there are rows.",
     "How many rows may go together?", "in_blocks(f, x, 1)"),
    ("rows_without_axis", "f gets one row at a time, of shape (D,), which is no block.",
     "Which shape has x[3], and which x[3:4]?", "np.array([f(row) for row in x])"),
    ("step_missing", "Your blocks overlap: each row is computed again and again.",
     "By how much must start grow from one block to the next?", "len(x), rows => len(x)"),
    ("number_of_blocks", "You made `rows` blocks; a block should have that many rows.",
     "Is it the size of a block that is given, or how many there are?",
     "np.concatenate([f(part) for part in np.array_split(x, rows) if len(part)])"),
    ("first_block", "Only the first block is computed.", "Where does the loop go on after it?",
     "empty => zeros; range(0, len(x), rows) => [0]", "f(x[:rows])"),
    ("blocks_of_classes", "You cut the classes into blocks: softmax needs all of a row.",
     "Along which axis are the rows strangers?",
     "np.hstack([f(x[:, k:k + rows]) for k in range(0, x.shape[1], rows)])"),
    ("into_x", "You wrote the result into x.", "Whose array is x?", "np.empty(x.shape) => x"))


predict(
    "block_pays", "04", "work block by block",
    "Three batches: (32, 10), (4096, 64) and (4, 1_000_000). True or False for each: are blocks "
    "of rows worth while?",
    Answer("pays", [False, True, False], {
        (True, True, True): "24 bytes a number: which batch fits 1 MB as it is?",
        (False, True, True): "A row is never cut: how large is one of these?",
        (True, True, False): "(32, 10) takes 8 kB: it fits as it is.",
        (False, False, False): "One takes 6 MB, and 1.5 kB for each row.",
        (False, False, True): "A row is never cut: how large is one of these?",
    }, "24 bytes a number: does the whole fit 1 MB, and does a row?",
        code="[False, True, False]"),
    hints=("Three times True or False.",
           "A block pays if the whole does not fit, and a block does.",
           "24 bytes times B D for the whole, times D for a row."),
    why="8 kB fit as they are. 6 MB do not, and rows of 1.5 kB make blocks that do. A row of a "
        "million numbers takes 24 MB by itself, and softmax needs all of it.",
    matters="What a block is worth is a fact about shapes and about the machine.")
