"""How numbers are judged, and what a judge says besides: the pieces, on answers made for them."""

from types import SimpleNamespace

import numpy as np
import pytest

from smlearn.exercises import exercise
from smlearn.exercises.judge.factors import name_factor
from smlearn.exercises.judge.judging import judge
from smlearn.exercises.judge.observed import Seen, room_for, targets_of
from smlearn.exercises.judge.page_names import names_the_page
from smlearn.exercises.judge.second_calls import remembered
from smlearn.exercises.judge.unanswered import is_open, untouched
from smlearn.exercises.sandbox.clock import Patience
from smlearn.exercises.task import Function
from smlearn.mistakes.catalogue import Mistake
from smlearn.mistakes.finding import Finding
from smlearn.mistakes.trying import Run

ROWS = {"four rows": (np.arange(12.0).reshape(4, 3) / 7 + 0.1,)}


def double(x):
    return 2.0 * x


def above_1(x):
    return x > 1


def room(tol, relative=False):
    return room_for(Function(double, ROWS, tol=tol, relative=relative))


def test_the_tolerance_goes_with_the_size_and_the_precision():
    """A part of the largest target, or of 1; of the inputs as well for float32."""
    wide, args = np.array([3.0, -50.0]), (np.array([4000.0]), "no array")
    assert room(1e-10)(wide, wide, args) == pytest.approx(50e-10)
    assert room(1e-10)(wide / 100, wide / 100, args) == pytest.approx(1e-10)
    narrow = wide.astype(np.float32)
    assert room(1e-10)(narrow, wide, args) == pytest.approx(1e-5 * 400)
    assert room(1e-10)(narrow, wide, ()) == pytest.approx(1e-5 * 50)
    assert room(1e-3)(narrow, wide, ()) == pytest.approx(1e-3 * 50)
    assert room(1e-10, True)(wide, wide, args).tolist() == pytest.approx([3e-10, 50e-10])
    assert room(1e-10, True)(narrow, wide, args).tolist() == pytest.approx([3e-5, 50e-5])
    assert room(1e-10)(wide.astype(np.int16), wide, ()) == pytest.approx(50e-10)
    assert room(1e-10)(wide * 1j, wide, args) == pytest.approx(50e-10)
    assert room(1e-10)((wide * 1j).astype(np.complex64), wide, ()) == pytest.approx(50e-5)
    assert room(1.0)(wide, np.array([np.inf, 5.0]), ()) == 5.0
    assert room(1.0)(wide > 0, wide > 0, ()) == 1.0


def test_single_precision_and_lists_are_remarked_on():
    """They are right, and the page says what they are."""
    part = Function(double, ROWS)
    (said,) = judge(part, lambda x: double(x).astype(np.float32)).lines
    assert said.startswith("Its numbers are float32")
    (said,) = judge(part, lambda x: double(x).tolist()).lines
    assert said.startswith("It is a list or tuple")
    assert judge(part, double).lines == ()


def test_what_np_empty_finds_is_no_answer():
    """NumPy hands memory out again, and the right rows may have stood there a moment ago."""

    def half(x, *held):
        x = np.array(x, float)
        out = np.empty_like(x)
        out[:2] = double(x[:2])
        return out

    def after_others(x):
        return half(x, np.empty(x.shape), np.empty_like(x))

    for wrong in (half, after_others):
        for _ in range(8):
            found = judge(Function(double, ROWS), wrong)
            assert (found.key, found.what) == ("not_finite", "The result is nan at [2, 0].")


def test_an_exercise_may_have_a_look_of_its_own():
    """Asked where the numbers are right, and where nobody knows the mistake; before the laws."""
    asked = []

    def own(seen):
        asked.append(seen.right)
        return Finding("own", "It is odd.")

    part = Function(double, ROWS, laws={"none": lambda f, x: "broken"}, last=own)
    assert judge(part, double).key == judge(part, lambda x: x**2).key == "own"
    assert asked == [True, False]
    assert judge(part, lambda x: x).key == "factor"
    assert judge(part, lambda x: None).key == "none"
    assert judge(Function(double, ROWS, last=lambda seen: None), double).right
    assert len(asked) == 2


def test_of_a_dictionary_the_last_entry_is_judged():
    """The reference says which; the entry may also come alone."""
    part = Function(lambda x: {"half": x, "whole": 2 * x}, ROWS)
    assert judge(part, lambda x: {"whole": 2 * x}).right
    assert judge(part, lambda x: 2 * x).right
    assert judge(part, lambda x: {"half": x, "whole": x}).key == "factor"
    found = judge(part, lambda x: {"half": x})
    assert (found.key, "no entry 'whole'" in found.what) == ("no_entry", True)
    part = Function(lambda x: {"half": x, "sum": x.sum(axis=1)}, {"one row": (np.ones((1, 3)),)})
    assert judge(part, lambda x: {"sum": x.sum(axis=1)}).right
    assert judge(part, lambda x: {"sum": x.sum()}).key == "shape"  # one row is no single number


def test_what_is_right_cannot_be_written_over():
    """It is computed once, and asked for by every check."""
    with pytest.raises(ValueError, match="read-only"):
        targets_of(Function(double, ROWS))["four rows"].array[...] = 0


TWO_SIZES = {"four rows": (np.ones((4, 3)),), "two rows": (np.ones((2, 5)),)}


@pytest.mark.parametrize(
    ("factor", "of", "question"),
    [
        ("-1", lambda B, D: -1, "wrong way round"),
        ("2", lambda B, D: 2, "counted twice: added to itself"),
        ("1/2", lambda B, D: 0.5, "a half"),
        ("-2", lambda B, D: -2, "which sign is turned round, and"),
        ("B", lambda B, D: B, "over the rows"),
        ("1/B", lambda B, D: 1 / B, "mean over the B rows: this step"),
        ("-1/B", lambda B, D: -1 / B, "mean over the B rows, and which sign"),
        ("D", lambda B, D: D, "over the D classes taken once"),
        ("1/D", lambda B, D: 1 / D, "mean over the D classes"),
        ("1/(B D)", lambda B, D: 1 / (B * D), "mean where sum belongs"),
        ("3.14159", lambda B, D: np.pi, "Which constant"),
    ],
)
def test_a_factor_is_named_by_what_it_is_in_every_case(factor, of, question):
    """Each with a question of its own; one that is neither is a number."""
    found = judge(Function(double, TWO_SIZES), lambda x: of(*x.shape) * double(x))
    said = {"-1": "The sign is turned round"}.get(factor, f"Every entry is {factor} times what")
    assert found.key == "factor"
    assert found.what.startswith(said)
    assert ("(B rows, D classes)" in found.what) == ("B" in factor or "D" in factor)
    assert question.casefold() in found.question.casefold()


def test_the_letters_of_a_factor_count_what_the_task_has_along_its_axes():
    """Attention has queries where a row of classes would be; and a known mistake's B is told."""
    squared = Mistake("squared", "You squared it.", "Which power of x?", (lambda x: x**2,))
    cases = {name: (np.full_like(x, 3),) for name, (x,) in TWO_SIZES.items()}
    part = Function(double, cases, (squared,), axes=("queries", "columns of do"))
    found = judge(part, lambda x: double(x) / len(x))
    assert found.what == "Every entry is 1/B times what it should be (B queries, D columns of do)."
    assert found.question == "Who takes the mean over the B queries: this step, or the loss?"
    found = judge(part, lambda x: double(x) * x.shape[1])
    assert found.question == "Is a sum over the D columns of do taken once too often?"
    found = judge(part, lambda x: x**2 * len(x))
    assert found.what == "You squared it."
    assert "multiplied by B (B queries, D columns of do). With" in found.evidence


def named(of, tol=1e-10, cases=TWO_SIZES):
    """Return the name of a factor by which twice the last argument is missed."""
    part = Function(lambda *args: double(args[-1]), cases, tol=tol)
    runs = {name: Run(of(*args[-1].shape) * double(args[-1])) for name, args in part.cases.items()}
    return name_factor(part, runs, targets_of(part))


def test_a_factor_is_what_it_is_to_a_millionth_or_to_the_tolerance():
    """One that varies has no other name, and 1 has none at all; too small a one is 0."""
    assert named(lambda B, D: B * (1 + 5e-7)) == "B"
    assert named(lambda B, D: B * (1 + 5e-6)) is None
    assert named(lambda B, D: B * (1 + 5e-3), tol=1e-3) == "B"
    assert named(lambda B, D: B * (1 + 2e-2), tol=1e-3) is None
    assert named(lambda B, D: B / 2 + 0.5) is None
    assert named(lambda B, D: 2.00002) == "2.00002"
    assert named(lambda B, D: 1 + 1e-6, cases={"one row": (np.ones((1, 3)),)}) is None
    assert named(lambda B, D: 0) == named(lambda B, D: 1e-9 * B) == "0"
    assert named(lambda B, D: 1, cases={"nothing": (np.zeros((4, 3)),)}) is None
    for name in ("-1", "2", "-2"):  # not its own four digits
        assert named(lambda B, D, c=float(name): 1.004 * c, tol=1e-3) == name
    zero = judge(Function(double, TWO_SIZES), np.zeros_like)
    assert (zero.key, zero.what) == ("zero", "The result is always 0.")
    assert zero.question == "Does the result depend on its arguments?"


def test_rows_and_classes_are_counted_in_the_first_array():
    """Beside numbers; a row alone is one row, and a number alone one class of it."""
    one = {"three": (2.0, np.ones(3)), "five": (np.array(2.0), np.ones(5))}
    assert named(lambda D: D, cases=one) == "D"
    two = {name: (np.array(2.0), *args) for name, args in TWO_SIZES.items()}
    assert named(lambda B, D: -1 / B, cases=two) == "-1/B"
    assert named(lambda: np.pi, cases={"a number": (np.float64(1.5),)}) == "3.14159"


SQUARED = Mistake("squared", "You squared it.", "Which power of x?", (lambda x: x**2,))


SMALL_AND_LARGE = {"small": (np.array([0.1]),), "large": (np.array([5.0, 0.5, 0.25]),)}


@pytest.mark.parametrize(
    ("answer", "case", "evidence"),
    [
        (lambda x: x**2, "small", "With small: at [0] yours is +0.0100, right is +0.2000."),
        (lambda x: 2 * x**2, "small", "And all of it is multiplied by 2. With small: at [0] you"),
        (lambda x: 2 * x + (x > 1) * x, "large", "With large: at [0] yours is +15.0000, right is"),
        (lambda x: 2 * x - 2e-6 * x**2 * (x > 0.2), "large",
         "With large: the largest difference is 5e-05."),
    ],
)  # fmt: skip
def test_what_is_wrong_is_shown_where_it_is_so_first(answer, case, evidence):
    """The case, the worst entry in it, and what was handed over."""
    found = judge(Function(double, SMALL_AND_LARGE, wrongs=(SQUARED,)), answer)
    assert found.evidence.startswith(evidence)
    np.testing.assert_array_equal(found.args[0], SMALL_AND_LARGE[case][0])


def grows(x):
    return np.exp(x - x.max())


UNSHIFTED = Mistake("unshifted_exp", "No shift.", "Which?", (lambda x: np.exp(x),))
CLIPPED = Mistake("clipped", "Clipped.", "Why?", (lambda x: grows(np.clip(x, -9, 9)),))
TAME, FAR = {"tame": (np.array([0.5, 0.0]),)}, {"far": (np.array([800.0, -800.0]),)}


@pytest.mark.parametrize("cases", [TAME | FAR, FAR | TAME])
def test_what_overflows_and_is_right_elsewhere_was_not_shifted(cases):
    """Though another mistake is right there as well; where nothing is finite nothing is known."""
    part = Function(grows, cases, wrongs=(CLIPPED, UNSHIFTED))

    def infinite(x):
        return grows(x) if abs(x).max() < 700 else np.full(x.shape, -np.inf)

    found = judge(part, infinite)
    assert (found.key, found.what) == ("unshifted_exp", "No shift.")
    assert found.evidence.startswith("With far: the result is -inf at [0].")
    found = judge(Function(grows, FAR, wrongs=(UNSHIFTED,)), infinite)
    assert found.key == "not_finite"


@np.errstate(over="ignore")
def test_a_mistake_that_shows_in_ordinary_numbers_is_shown_in_them():
    """Where they come first; else with what overflows."""
    squares = Mistake("squares", "You squared.", "Why?", (lambda x: np.exp(2 * x),))
    for cases, said in [
        (TAME | FAR, "With tame: at [0] yours is +2.7183, right is +1.0000."),
        (FAR | TAME, "With far: the result is inf at [0]."),
    ]:
        found = judge(Function(grows, cases, wrongs=(squares,)), lambda x: np.exp(x) ** 2)
        assert (found.key, found.what, found.evidence) == ("squares", "You squared.", said)


def test_an_array_of_integers_is_named_before_what_it_does_to_the_numbers():
    """They are cut off, and that is what was done."""
    cut = Mistake("integer_buffer", "You cut.", "Which?", (lambda k: (k / 2).astype(int),))
    part = Function(lambda k: k / 2, {"whole": (np.array([1, 2, 3]),)}, wrongs=(cut,))
    found = judge(part, lambda k: k // 2)
    assert (found.key, found.what) == ("integer_buffer", "You cut.")
    assert found.evidence.endswith(f"the result holds {np.dtype(int)}, and float64 is wanted.")


def test_a_known_mistake_may_be_one_of_form():
    """It says what was done, and the form how it shows."""
    nothing = Mistake("nothing", "You kept it.", "Where?", (lambda x: None,))
    found = judge(Function(double, ROWS, wrongs=(nothing,)), lambda x: None)
    assert found.lines == ("You kept it.", "That was with four rows: it returned None.", "Where?")


def test_a_coarse_type_of_number_is_not_an_overflow():
    """To three digits, which are all that is asked, half precision is right."""
    part = Function(double, ROWS, tol=1e-2, wrongs=(UNSHIFTED,))
    assert judge(part, lambda x: double(x).astype(np.float16)).key == "dtype"


def test_wrong_numbers_without_a_name_are_to_be_worked_out():
    """Where they are right is said; and a truth value comes of something that was compared."""
    found = judge(Function(double, SMALL_AND_LARGE), lambda x: 2 * x + (x > 1) * x)
    assert found.what == "It is right with small, and wrong with large."
    assert found.todo.startswith("Work that entry out by hand, step by step")
    assert found.evidence == "With large: at [0] yours is +15.0000, right is +10.0000."
    found = judge(Function(above_1, ROWS), lambda x: x > 1.5)
    assert found.todo.startswith("Call yours on *ex.args, and print what it compares")
    assert found.evidence.endswith(" Of 4 rows 2 are wrong: 2, 3.")


def test_the_worst_entry_may_be_that_of_the_largest_share():
    """Where small numbers count as much; and one number alone has no place."""
    answer, large = lambda x: double(x) + [0.01, 0, 0.005], {"large": SMALL_AND_LARGE["large"]}
    assert "at [0] yours" in judge(Function(double, large), answer).evidence
    assert "at [2] yours" in judge(Function(double, large, relative=True), answer).evidence
    total = judge(Function(np.sum, large), lambda x: x.sum() + 2)
    assert total.evidence == "With large: yours is +7.7500, right is +5.7500."


def test_a_law_is_named_with_what_breaks_it():
    """With the case itself, or with one near by where the case itself is right."""

    def law(f, x):
        return "" if f(x + 1).max() == 2 * (x + 1).max() else "the largest is wrong"

    part = Function(double, ROWS, laws={"the largest is doubled": law})
    said = judge(part, lambda x: double(x) + (x < 1)).lines
    assert said[0] == "The shape is right, and the numbers are not."
    said = judge(part, lambda x: double(x) + x**2).lines
    assert said[0] == "A law is broken: the largest is doubled."
    assert said[1].startswith("With four rows: the largest is wrong; at [3, 2] yours is ")
    cases = {"small": (np.array([0.1]),), "large": (np.array([5.0]),)}
    part = Function(double, cases, laws={"the largest is doubled": law})
    said = judge(part, lambda x: double(x) + x * (x > 1)).lines
    assert said[1].startswith("With small: the largest is wrong. With large: at [0] yours is +15")
    part = Function(double, cases, laws={"10": lambda f, x: "" if x < 1 or f(x) == 10 else "no"})
    said = judge(part, lambda x: double(x) + x**2).lines
    assert said[1].startswith("With large: no; at [0] yours is +35")  # broken, and wrong, there


def test_a_law_says_nothing_where_the_answer_raises():
    """No numbers break no law."""
    part = Function(double, ROWS, laws={"far off": lambda f, x: str(f(x + 100).min() != 200)})

    def near_by(x):
        if x.max() > 50:
            raise ValueError("too far")
        return double(x) + x**2

    assert judge(part, lambda x: double(x) + x**2).key == "far off"
    assert judge(part, near_by).key == "numbers"


def test_the_wrong_rows_are_counted_where_some_are_right():
    """One is, several are, or few are right; nothing is said where none is, or of a single row."""

    def wrong_in(*which):
        def mine(x):
            out = double(x)
            out[list(which)] += 1
            return out

        return judge(Function(double, ROWS), mine).lines[1]

    assert wrong_in(2).endswith(" Of 4 rows 1 is wrong: 2.")
    assert wrong_in(0, 3).endswith(" Of 4 rows 2 are wrong: 0, 3.")
    assert wrong_in(0, 1, 3).endswith(" Of 4 rows 1 is right: 2.")
    assert "rows" not in wrong_in(0, 1, 2, 3).partition(": ")[2]
    by = np.array([[1e-11], [1e-7], [1.0], [0.0]])  # what is rounded is right, what is near is not
    said = judge(Function(double, ROWS), lambda x: double(x) + by).evidence
    assert said.endswith(" Of 4 rows 2 are wrong: 1, 2.")
    seven = Function(double, {"seven rows": (np.ones((7, 2)),)})
    said = judge(seven, lambda x: double(x) + (np.arange(7) > 1)[:, None]).evidence
    assert said.endswith(" Of 7 rows 2 are right: 0, 1.")
    one = Function(double, {"one row": (np.ones((1, 3)),)})
    assert "Of " not in judge(one, lambda x: x * [[1, 2, 2]]).lines[1]


def test_a_second_call_must_answer_as_the_first():
    """Another answer is state; an error is shown as it is, with its line."""
    calls = []

    def counts(p, dp):
        calls.append(1)
        return (p * dp).sum(axis=-1) + (len(calls) > 4)

    def fails_later(p, dp):
        calls.append(1)
        if len(calls) > 4:
            raise ValueError("enough")
        return (p * dp).sum(axis=-1)

    ex = exercise("expected_upstream")
    assert len(ex.task.function.cases) <= 4
    calls[:] = [1] * (4 - len(ex.task.function.cases))
    verdict = ex.check(counts)
    assert (verdict.status, verdict.key) == ("WRONG", "state")
    assert verdict.lines[0] == "The same arguments gave two answers."
    assert len(verdict.args) == 2
    calls[:] = [1] * (4 - len(ex.task.function.cases))
    verdict = ex.check(fails_later)
    assert (verdict.status, verdict.key) == ("CRASHED", "state")
    assert verdict.lines[0].endswith('raise ValueError("enough")')
    assert "ValueError: enough (with " in verdict.lines[1]
    assert "in a second call" in verdict.lines[1]


def test_an_answer_that_is_remembered_is_wrong():
    """Other numbers, and the answer of before; who remembers the numbers as well is right."""

    def by(key):
        memo = {}

        def mine(x):
            return memo.setdefault(key(x), double(x)).copy()

        return judge(Function(double, ROWS), mine)

    verdict = by(np.shape)
    assert (verdict.status, verdict.key) == ("WRONG", "remembered")
    assert verdict.lines[0] == "It gave the answer of an earlier call."
    assert not np.array_equal(verdict.args[0], ROWS["four rows"][0])
    assert by(lambda x: x.tobytes()).right


def of_three_sums(x):
    if not np.allclose(x.sum(axis=-1), [1, 2, 4]):
        raise ValueError
    return np.log(x)


@pytest.mark.parametrize(
    ("reference", "args"),
    [
        (lambda x, c: c * x, (np.arange(3.0), 2.0)),
        (lambda x, c: c * x, (np.arange(3.0), np.array(2.0))),
        (lambda w: w["a"] - w["b"][0], ({"a": np.arange(3.0), "b": [np.ones(3)]},)),
        (lambda k: 3 * k, (np.array([2, 0, 1]),)),
        (of_three_sums, (np.array([[0.25, 0.75], [0.5, 1.5], [0.125, 3.875]]),)),
    ],
)
def test_other_numbers_are_those_of_a_row_in_another_order(reference, args):
    """So p stays p. A number stays, and what is in a list or a dictionary moves as well."""
    memo = {}
    verdict = judge(
        Function(reference, {"one": args}), lambda *a: memo.setdefault(0, reference(*a)).copy()
    )
    assert verdict.key == "remembered"


def test_where_the_reference_takes_no_other_numbers_nothing_is_asked():
    """It raises there, or gives no numbers; and what it gives here is judged as ever."""

    def sorted_only(x):
        if (np.diff(x) < 0).any():
            raise ValueError
        return 2 * x

    for reference in (sorted_only, lambda x: None if (np.diff(x) < 0).any() else 2 * x):
        part = Function(reference, {"sorted": (np.arange(3.0),)})
        assert judge(part, double).right
        assert judge(part, lambda x: x).key == "factor"


def test_what_does_not_depend_on_its_numbers_is_not_remembered():
    """Where the right answer to other numbers is the same, nothing can be told."""
    part = Function(lambda x: np.float64(len(x)), {"a": (np.arange(3.0),)})
    assert remembered(Seen(part, len, Patience())) is None


def test_what_reads_the_page_is_told_so_where_nothing_better_is_known():
    """A question of a known mistake stays; a function that is no Python code reads nothing."""
    found = Finding("numbers", "The numbers are not.", todo="Work it out.")
    assert names_the_page(SimpleNamespace(given=np.exp), found) is found
    told = names_the_page(SimpleNamespace(given=reads_a_number), found)
    assert (told.key, told.question) == ("reads_the_page", told.todo)
    assert "It reads A_NUMBER, which stands on the page" in told.todo
    known = Finding("factor", "Every entry is twice.", question="Why twice?")
    assert names_the_page(SimpleNamespace(given=reads_a_number), known) is known


def test_what_has_no_end_is_said_to_have_none():
    """Not that it reads the page, which it does on its way."""

    def endless(x):
        while A_NUMBER:
            pass

    found = judge(Function(double, ROWS), endless, Patience(0.1))
    assert (found.status, found.key) == ("CRASHED", "endless")


A_NUMBER = 3.0


def reads_a_number(x):
    """Return three times x."""
    return A_NUMBER * x


def test_nothing_is_written_yet():
    """Dots, pass, a docstring; `return None` and a lambda are answers."""

    def dots(): ...

    def passes():
        pass

    def documented():
        """Return nothing."""

    def none():
        return None

    assert all(map(untouched, (dots, passes, documented)))
    exec("def typed_at_a_prompt():\n    return 5", kept := {})  # nobody keeps its source
    typed = kept["typed_at_a_prompt"]
    assert not any(map(untouched, (none, lambda: None, len, 5, typed)))
    assert is_open([1, (2, ...)])
    assert not is_open([1, "..."])
    verdict = exercise("expected_upstream").check(lambda p, dp: None)
    assert (verdict.status, verdict.key) == ("WRONG", "none")


def test_what_leaves_the_engine_is_a_copy():
    """Whoever writes into it changes no later verdict."""
    ex = exercise("expected_upstream")

    def mine(p, dp):
        p *= dp
        return p.sum(axis=-1)

    def wrong(p, dp):
        return 2 * (p * dp).sum(axis=-1)

    right = ex.task.function.reference
    verdict = ex.check(mine)
    assert verdict.key in ("p_in_place", "changed")
    first = mine(*ex.args)
    assert np.array_equal(mine(*ex.args), first)
    verdict = ex.check(wrong)
    for a in (*verdict.args, verdict.yours, verdict.target):
        a[...] = 0
    assert ex.check(right).right
    assert ex.check(wrong).key == verdict.key
    with pytest.raises(ValueError, match="read-only"):
        next(iter(ex.task.function.cases.values()))[0][...] = 0
