"""What the checks say to answers of the wrong kind: what it is, and what to do about it."""

import warnings

import numpy as np
import pytest

from smlearn import four_birds, softmax, softmax_vjp
from smlearn.checking import gradcheck
from smlearn.exercises import exercise

p = softmax(four_birds())  # stands on this page, as on a learner's
scale = 2.0


def lines(key, *answers):
    verdict = exercise(key).check(*answers)
    assert verdict.status in ("WRONG", "CRASHED"), str(verdict)
    assert 2 <= len(verdict.lines) <= 3
    return verdict.lines


@pytest.mark.parametrize(
    ("key", "given", "what", "todo"),
    [
        ("add_one", "0.56", "'0.56' is in quotes: that is text.", "one number, without quotes."),
        ("add_one", "56 %", "in quotes", "(for 56 % write 0.56)."),
        ("add_one", None, "There is no answer yet: it is None.", "Give one number."),
        ("add_one", np.exp, "a function, not what it returns", "one number: call it, with ( )."),
        ("add_one", {"a": 1}, "Curly brackets make a set or a dictionary.", "Give one number."),
        ("add_one", True, "True and False are no numbers", "ex.hint() helps."),
        ("add_one", [0.56, 0.56], "One answer is wanted, and these are 2.", ""),
        ("add_one", 1j, "1j is complex", "Give one number: .real is one part, .imag the other."),
        ("cell_order", 4, "That is one answer, and 4 are wanted: a list, with [ ].", ""),
        ("cell_order", [[1, 2], [3]], "or rows of different lengths.", "Give a list of numbers."),
        ("cell_order", {1, 2}, "Curly brackets", "Give a list of numbers, with [ ]."),
        ("cell_order", ["1", "2"], "Some of it is in quotes", "numbers, without quotes."),
        ("one_row", ["True"] * 4, "Some of it is in quotes", "list of True and False, without"),
        ("one_row", [0.5] * 4, "True or False is wanted, and numbers are given.", ""),
        ("one_row", "TFTF", "in quotes", "Give a list of True and False, without quotes."),
        ("quiet_batches", [2, 4], "One is missing.", "Line (B, 3) up"),
        ("quiet_batches", [], "The list is empty, and some belong in it.", "Line (B, 3) up"),
        ("quiet_batches", {2, 4, 5, 6}, "One is too many.", "Line (B, 3) up"),
        ("quiet_batches", [2, 4, 3], "One is missing, and one is too many.", "Line (B, 3) up"),
        ("quiet_batches", [1, 3, 4], "2 are missing, and 2 are too many.", "Line (B, 3) up"),
    ],
)
def test_an_answer_of_the_wrong_kind(key, given, what, todo):
    """Each says what was given in words of its own, and what to give instead."""
    first, *_, last = lines(key, given)
    assert what in first
    assert todo in last


def test_where_order_does_not_count_it_is_not_asked_for():
    """A list of which ones: turned round, with one of them twice, or as a set."""
    ex = exercise("quiet_batches")
    for given in ([2, 4, 5], [5, 2, 4], (2, 2, 4, 5), {2, 4, 5}, np.array([4.0, 5.0, 2.0])):
        assert ex.check(given).right, given
    assert ex.check({3, 1}).key == "(1, 3)"  # slips as well
    assert not exercise("cell_order").check([4, 3, 2, 1]).right  # there it does count


def test_a_shape_a_pair_of_arrays_and_a_truth_value():
    """Of a shape the size; of an array its shape; of a yes or no the quotes."""
    assert lines("grad_output", "dp", 12)[0].endswith(
        "That is how many entries it has: 4 times 3."
    )
    assert "(2, 3)" in lines("grad_output", "dp", "(4, 3)")[1]
    good = [[1.0, 2.0, 3.0], [1.0, 2.0, 3.0]]
    assert "numbers in the shape (2, 3)" in lines("which_rows", good, None)[-1]
    assert exercise("which_rows").check(np.zeros((2, 3)), good).key == "zero"
    assert "True or False, without quotes" in lines("thousandth", [False, True, True], "True")[-1]


def test_zero_is_a_number_and_false_is_not():
    """The entry of an array of integers is 0."""
    right = exercise("whole_numbers").task.function.reference
    assert exercise("whole_numbers").check(0, right).right
    assert exercise("whole_numbers").check(False, right).key == "type"


def test_what_rounds_to_the_right_number_is_shown_with_more_digits():
    """The two numbers that are said to differ do differ in print."""
    evidence = lines("expected_upstream", lambda p, dp: (p * dp).sum(axis=-1) - 4e-5)[1]
    yours, right = evidence.partition("yours is ")[2].rstrip(".").split(", right is ")
    assert yours != right
    assert lines("add_one", 1.00001)[0] == "1.00001 is not it."


def test_more_than_one_name_can_be_right():
    """For a dp of ones every mistake that the report lists as unseen is an answer to it."""
    ex, x = exercise("failed_law"), four_birds()
    unseen = gradcheck(softmax, softmax_vjp, x, dp=np.ones_like(x)).blind_to
    part = ex.task.parts[1]
    assert {part.value, *part.also} == set(unseen)
    assert not {*part.others} & set(unseen)
    for name in unseen:
        assert ex.check("same_answer_twice", name).right
    assert not ex.check("same_answer_twice", "plus_sign").right


@pytest.mark.parametrize(
    ("key", "f", "what", "todo"),
    [
        ("leaks", lambda f, x: "False", "'False', where True or False is wanted.", "quotes."),
        ("leaks", lambda f, x: print(), "It returned None.", "every way through it a return"),
        ("leaks", lambda f, x: x.any(axis=-1), "(4,), and one True or False", ".any() or .all()"),
        ("expected_upstream", lambda p, dp: (a for a in p), "a generator", "[ ]"),
        ("expected_upstream", lambda p, dp: (p * dp).sum(), "one number", "(4,)"),
        ("expected_upstream", "p @ dp", "and got something else", "without brackets or quotes"),
        ("expected_upstream", np.ones(4), "and got its result", "name, without brackets"),
    ],
)  # fmt: skip
def test_a_function_that_returns_the_wrong_kind(key, f, what, todo):
    """Or that is no function, but what one returned."""
    said = lines(key, f)
    assert what in " ".join(said)
    assert todo in " ".join(said)


def test_one_number_in_an_array_is_that_number():
    """np.diff and the like return arrays of one entry: right for a number, and for yes or no."""

    def slope(f, x, h):
        points = np.array([x - h, x + h])
        return np.diff([f(v) for v in points]) / np.diff(points)

    assert exercise("central_difference").check(slope).right
    leaks = exercise("leaks").task.function.reference
    assert exercise("leaks").check(lambda f, x: np.array([leaks(f, x)])).right
    assert not exercise("central_difference").check(lambda f, x, h: [slope(f, x, h)] * 2).right


def test_numpy_speaks_of_shapes_and_not_of_its_insides():
    """No signature of a gufunc, no remapped shapes; keepdims only beside a sum or a mean."""

    def product(p, dp):
        return p @ dp

    def number(p, dp):
        return p @ 2.0

    def summed(p, dp):
        return (p - p.sum(axis=-1)) * dp

    def letters(p, dp):
        return np.einsum("bj,bj->b", p, dp[:1, :2])

    def doubly(p, dp):
        return p[0, 0, 0]

    assert "matmul: the shapes do not fit (size 4 is different from 3)" in lines(
        "expected_upstream", product)[1]  # fmt: skip
    assert lines("expected_upstream", number)[2].startswith("One side of the product is a single")
    assert lines("expected_upstream", summed)[2].endswith(
        "keepdims=True keeps one that is summed."
    )
    assert "remapped" not in lines("expected_upstream", letters)[1]
    assert "keepdims" not in lines("expected_upstream", letters)[2]
    assert lines("expected_upstream", doubly)[2].startswith("The array has fewer axes than")


def test_what_is_read_from_the_page_is_asked_about():
    """Where nothing better is known: a number or an array, not a function; also deep inside."""

    def with_scale(p, dp):
        return [scale * a @ b for a, b in zip(p, dp, strict=True)] + np.arange(len(p))

    assert lines("expected_upstream", with_scale)[2] == (
        "It reads scale, which stands on the page and not in its def line: meant so?"
    )
    known = exercise("expected_upstream").check(lambda q, dp: 0 * q + (p.shape[0] > 0) * q * dp)
    assert known.key == "nothing_summed"  # that is better


def test_a_ghost_is_not_laid_by_another():
    """Right numbers do not help where p of the page is written over, or read for nothing."""

    def writes(logits, upstream):
        global p
        p = softmax(logits)
        return softmax_vjp(logits, upstream)

    def reads(logits, upstream):
        assert p is not None
        return softmax_vjp(logits, upstream)

    def counts(logits, upstream):
        return softmax_vjp(logits, upstream) * (scale / 2)

    assert exercise("ghost").check("p", counts).right  # a number is no ghost
    before = p
    for f, key in ((writes, "writes_the_page"), (reads, "reads_the_page")):
        verdict = exercise("ghost").check("p", f)
        assert (verdict.status, verdict.key) == ("WRONG", key)
        assert verdict.lines[0].startswith("The numbers are right, and it ")
    assert p is before


def test_a_nudge_that_is_taken_back_is_not_taken_back_to_the_last_bit():
    """x + h - h is near x: said so, and not as if x had been lost."""

    def back(x, j, h):
        before = softmax(x)
        x[j] += h
        after = softmax(x)
        x[j] -= h
        return (after - before) / h

    first, second, _ = lines("nudge_column", back)
    assert "back again, but not to the last bit" in first
    assert "rounded" in second


def test_the_line_of_a_crash_is_in_the_learners_own_cell():
    """Not in a helper of an earlier cell, where the course's code stands."""
    page = {"np": np}
    exec(compile("def course(a):\n    return a[:, 9]\n", "<cell 1>", "exec"), page)
    code = "def mine(p, dp):\n    p = p + 0\n    return course(p)\n"
    exec(compile(code, "<cell 2>", "exec"), page)
    assert lines("expected_upstream", page["mine"])[0].startswith("Line 3")


def test_complex_numbers_are_judged_in_silence():
    """A complex result loses nothing on its way into the table, and warns of nothing."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        verdict = exercise("expected_upstream").check(lambda p, dp: (p * dp).sum(axis=-1) * 1j)
        assert not verdict.right
        assert verdict._repr_html_()


def test_a_hint_has_a_whole_number():
    """Neither a word nor True."""
    for rung in ("2", True, 1.0):
        with pytest.raises(ValueError, match="a number from 1 to"):
            exercise("expected_upstream").hint(rung)
    with pytest.raises(TypeError, match="1 answer is wanted, but got 2"):
        exercise("add_one").check(0.56, 1)
