"""Exercises of notebook 00c: what the seed notes printed, and what was wrong; their letters."""

from ..task import Answer, predict

predict(
    "by_number", "00c", "whether a page can be run again",
    "Run them by number in a fresh kernel: 1, 2, 3, 6, 15, 17, 18, 19. "
    "Which cell is the first to stop?",
    Answer("cell", 6, {
        15: "x_copy is missing there, but an earlier cell has stopped before.",
        17: "It needs a and softmax_forward; cells 2 and 3 have given both.",
        18: "It needs cells 1 to 3 only, and they have run.",
        19: "It needs softmax_grad; who else needs it, and runs before?",
        3: "It needs np, which cell 1 has given.",
        2: "It needs np, which cell 1 has given.",
        1: "It needs nothing.",
    }, "Go through the numbers, and write down the names that are known by then."),
    hints=("Cells 1, 2 and 3 run: which names are known then?",
           "The next is 6: which cell gives grad_manual?"),
    why="Cell 6 needs grad_manual, of cell 18: that had run before, and its number is gone.",
    matters="A cell's number is that of its last run; what ran before it may be gone.")

predict(
    "true_slope", "00c", "are no gradient",
    "What is its true slope when `a[0, 0]` moves, where cell 19 shows 0.08192507?",
    Answer("slope", 0.0, {
        0.08192507: "By that much p[0, 0] alone grows; what do the others in its row do?",
        0.09003057: "That is p[0, 0] itself; the loss adds all probabilities up.",
        1: "The row adds up to 1; by how much does that change?",
        2: "The two rows add up to 2; by how much does that change?",
    }, "What do the probabilities of a row add up to, before and after?"),
    hints=("The loss is the sum of all p.",
           "Each row of p adds up to 1, whatever the logits are."),
    why="Each row of p adds up to 1 before and after, so the loss does not move.",
    matters="For ones the right dx is 0 in every entry: 02 shows why, and 07 what it hides.")

predict(
    "fitted_to_loss", "00c", "a formula is fitted to its check",
    "Measure that loss instead of one output: each slope is 0. What would cell 6 then expect of "
    "`dexps_1[0, 0]`?",
    Answer("dexps_1", -0.0331204, {
        0.0331204: "That is dexps_0; it is taken away.",
        0: "0 divided by exps is 0; then dexps_0 is taken away.",
        -0.00298185: "That is for the slope that cell 18 measured at one output.",
    }, "0 / exps - dexps_0: look up dexps_0.", code="-0.0331204"),
    hints=("0 divided by exps[0, 0], less dexps_0[0, 0].", "dexps_0[0, 0] is 0.0331204."),
    why="It is dsexps, as it stands: the right line adds the sum's gradient to every entry.",
    matters="That is dsexps, the right dexps_1. A check of the loss asks for the right line.")

predict(
    "grad_output", "00c", "translate the course's letters",
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
