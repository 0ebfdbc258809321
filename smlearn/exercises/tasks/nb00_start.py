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
    "In which order, beginning with 1, is `answer` 2 although cell 3 has run? Give a list.",
    Answer("order", [1, 2, 4, 3], {
        (1, 2, 3, 4): "Cell 3 has changed df before cell 4 looks at it.",
        (1, 3, 2, 4): "Cell 3 has changed df before cell 4 looks at it.",
        (1, 4, 2, 3): "Cell 4 calls rows, which cell 2 defines.",
        (1, 4, 3, 2): "Cell 4 calls rows, which cell 2 defines.",
        (1, 3, 4, 2): "Cell 4 calls rows, which cell 2 defines; df is changed.",
    }, "Use each of the four cells once, and begin with 1."),
    hints=("Cell 4 needs cell 2, which defines rows.",
           "rows looks at df when cell 4 calls it: which cell must come later?"),
    why="The page then ends with a cell that says one row, above a stored answer of 2.",
    matters="A page whose cells ran in another order shows numbers that nobody can get again.")

predict(
    "shift_two", "00", "adding a number to all logits",
    "After 5 is added to Adelie's and to Chinstrap's logit, Gentoo's probability rises (+1), "
    "falls (-1) or stays (0)?",
    Answer("direction", -1, {
        1: "Gentoo's logit did not move, and both of its differences fell.",
        0: "All three move together only if all three get the 5.",
    }, "Give +1, -1 or 0."),
    hints=("Only differences of logits count: which have changed, and which way?",
           "x_Gentoo - x_Adelie is 5 less than before, and so is x_Gentoo - x_Chinstrap."),
    why="Both others gained 5 on it.",
    matters="What counts is the difference from the others; J of 01 says by how much.")

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

predict(
    "grad_output", "00", "translate the course's letters",
    "PyTorch's grad_output: which letter is it here, and which shape has it for x of (4, 3)?",
    Answer("letter", "dp", {
        "dx": "That is what comes out; grad_output comes in, from the loss.",
        "p": "That is the output itself; here it is the gradient that reaches it.",
        "J": "The Jacobian belongs to the function; this comes from the loss.",
    }, "It comes from the loss's side, and has the shape of the output. Give a word in quotes."),
    Answer("shape", (4, 3), {
        (3,): "Each of the four rows has an upstream of its own.",
        (4, 3, 3): "That is the shape of J, row by row.",
        12: "That is how many entries it has: 4 times 3.",
    }, "One number per output: count them."),
    hints=("The table of letters has a row for it.", "It has the shape of the output, p."),
    why="grad_output is the gradient of the loss with respect to the output: dp, shaped like p.",
    matters="d in front of a name: the gradient of the loss by that name, in its shape.")
