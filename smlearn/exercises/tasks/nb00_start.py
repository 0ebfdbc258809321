"""Exercises of notebook 00: how to use the course."""

from ...formulas.forward import softmax
from ...penguins import one_bird
from ..task import Answer, predict

X = one_bird()

predict(
    "add_one", "00", "adding a number to all logits",
    "Add 1 to all three logits of bird 231. What is its Gentoo probability, to two digits?",
    Answer("gentoo", round(float(softmax(X + 1)[2]), 2), {
        0.7: "All three scores rose together: who gained on whom?",
        round(float(2.718 * softmax(X)[2]), 2):
            "The exponential grew e times; what happened to the sum that it is divided by?",
    }, "Who gained on whom? Give a number between 0 and 1.", atol=0.0051),
    hints=("A probability does not change by adding; a difference of logits counts.",
           "Multiply numerator and denominator of e^x_i / sum_k e^x_k by e."),
    why="Probabilities see differences of logits only: e^(x+1) is e times e^x, above and below.",
    matters="A number added to all logits changes no probability: 01 makes softmax safe with it.")

predict(
    "cell_order", "00", "numbers can be believed",
    "In which order of the four cells, each once and 1 first, is `answer` 2 although cell 3 has "
    "run? Give a list.",
    Answer("order", [1, 2, 4, 3], {
        (1, 2, 3, 4): "Cell 3 has changed df before cell 4 looks at it.",
        (1, 3, 2, 4): "Cell 3 has changed df before cell 4 looks at it.",
        (1, 4, 2, 3): "Cell 4 calls rows, which cell 2 defines.",
        (1, 4, 3, 2): "Cell 4 calls rows, which cell 2 defines.",
        (1, 3, 4, 2): "Cell 4 calls rows, which cell 2 defines; df is changed.",
    }, "Use each of the four cells once, and begin with 1.", each_once=True),
    hints=("Cell 4 needs cell 2, which defines rows.",
           "rows looks at df when cell 4 calls it: which cell must come later?"),
    why="The page then ends with a cell that says one row, above a stored answer of 2.",
    matters="A page whose cells ran in another order shows numbers that nobody can get again.")

predict(
    "two_upstreams", "00", "mend a call that the course refuses",
    "Make the dp that the refused call meant: the row 0, 1, 4 for each of two birds.",
    Answer("dp", [[0.0, 1.0, 4.0], [0.0, 1.0, 4.0]], {
        (0, 1, 4): "That is one row; two birds need two, shape (2, 3).",
        ((0, 1, 4),): "That is one row in a table; two birds need two.",
        ((0, 0), (1, 1), (4, 4)): "One row a bird: the classes go across.",
    }, "One row a bird: 0, 1, 4 in both.", code="[[0.0, 1.0, 4.0], [0.0, 1.0, 4.0]]"),
    hints=("The shape is that of two birds: (2, 3).", "np.tile(row, (2, 1)) stacks a row twice."),
    why="dp has one number per logit, row by row. np.tile([0.0, 1.0, 4.0], (2, 1)) makes it too.",
    matters="A shape that is written out cannot be stretched by mistake.")
