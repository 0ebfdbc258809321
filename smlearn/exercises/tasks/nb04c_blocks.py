"""Exercises of notebook 04c: a batch in blocks of rows, and when that pays."""

import numpy as np

from ...formulas.forward import softmax
from ..task import Answer, complete, mistakes_in, predict, rows


def softmax_of_three(x):
    """Compute softmax, of three rows at most."""
    if len(x) > 3:
        raise ValueError(f"at most 3 rows fit the cache, but got {len(x)}")
    return softmax(x)


def counting(x):
    """Return softmax, plus how many rows came together."""
    return softmax(x) + len(x)


@complete(
    "04c", "take a batch through a function block by block",
    cases={"4 rows, 2 at a time": (counting, rows(47, 4, 3), 2),
           "7 rows, 3 at a time": (counting, rows(48, 7, 5), 3),
           "softmax of 8 rows, 3 at a time": (softmax_of_three, rows(49, 8, 2), 3),
           "2 rows, 5 at a time": (counting, rows(50, 2, 4), 5)},
    hints=("x is (B, D), and so is the result; f gets (rows, D), or what is left of it.",
           "Rows are strangers: f of a few rows is those rows of f of all.",
           "Blocks begin at 0, rows, 2 rows, ...; a slice that runs over the end is cut there."),
    axes=("rows", "columns"),
    blank="len(x), rows",
    why="range takes the step as its third argument, and a slice beyond the end is cut off, so "
        "the last block needs no case of its own.",
    matters="With a block in the processor's cache, f's passes but the first and last stay there.")
def in_blocks(f, x, rows):
    """Return f of each block of `rows` rows, from the top, all in one array, (B, D)."""
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
    ("row_by_row", "f gets one row at a time, in as many calls as there are rows.",
     "How many rows may go together?", "in_blocks(f, x, 1)"),
    ("rows_without_axis", "f gets one row at a time, of shape (D,), which is no block.",
     "Which shape has x[3], and which x[3:4]?", "np.array([f(row) for row in x])"),
    ("not_joined", "You returned a list of blocks; all rows are wanted in one array.",
     "Which function of NumPy puts blocks one below the other, a short one too?",
     "[f(x[k:k + rows]) for k in range(0, len(x), rows)]"),
    ("step_missing", "Your blocks overlap: each row is computed again and again.",
     "By how much must start grow from one block to the next?", "len(x), rows => len(x)"),
    ("number_of_blocks", "You made `rows` blocks; a block should have that many rows.",
     "Is it the size of a block that is given, or how many there are?",
     "np.concatenate([f(part) for part in np.array_split(x, rows) if len(part)])"),
    ("equal_blocks", "Your blocks are as equal as can be; all but the last should be full.",
     "For 7 rows, 3 at a time: how many rows has each block?",
     "np.concatenate([f(part) for part in np.array_split(x, -(-len(x) // rows))])"),
    ("rest_first", "Your short block comes first, and it should come last.",
     "For 7 rows, 3 at a time: which rows go together?",
     "np.concatenate([f(x[max(k - rows, 0):k]) for k in range(len(x), 0, -rows)][::-1])"),
    ("softmax_for_f", "You called softmax; f is handed over, and may be another function.",
     "Which name in the def line stands for what is done to each block?",
     "f(x[block]) => softmax(x[block])"),
    ("first_block", "Only the first block is computed.", "Where does the loop go on after it?",
     "empty => zeros; range(0, len(x), rows) => [0]", "f(x[:rows])"),
    ("blocks_of_classes", "You cut the classes into blocks: softmax needs all of a row.",
     "Along which axis are the rows strangers?",
     "np.hstack([f(x[:, k:k + rows]) for k in range(0, x.shape[1], rows)])"),
    ("into_x", "You wrote the result into x.", "Whose array is x?", "np.empty(x.shape) => x"))


predict(
    "block_pays", "04c", "say for which batches blocks are worth while",
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
