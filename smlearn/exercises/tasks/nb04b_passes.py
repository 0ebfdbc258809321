"""Exercises of notebook 04b: passes over memory, and results that overwrite what is read."""

from ..task import Answer, predict

predict(
    "thrifty_passes", "04b", "count how often a line passes over memory",
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
    "into_p", "04b", "say what comes out",
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
