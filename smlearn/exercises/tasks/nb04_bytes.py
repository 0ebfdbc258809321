"""Exercises of notebook 04: the bytes of a backward pass."""

from ..task import Answer, predict

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
