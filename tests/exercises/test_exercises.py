"""Every exercise: open it is TODO, solved it is RIGHT, each known mistake is WRONG by its name."""

import functools
import html
import itertools
import re

import numpy as np
import pytest

from smlearn.exercises import TASKS, ExerciseFailed, exercise, exercises
from smlearn.exercises.card import SIGNS
from smlearn.exercises.judge.judging import judge
from smlearn.exercises.judge.observed import room_for, targets_of, trials_of
from smlearn.exercises.task import Answer, Choice, Function
from smlearn.mistakes import SOFTMAX_MISTAKES
from smlearn.mistakes.more_spellings import IN_ONE_LINE
from smlearn.mistakes.trying import alike

LONGEST = 125  # what a line of a message may be; JupyterLab shows about 110 and wraps the rest


def given(part):
    """The right answer to a part, as a solution writes it."""
    return part.reference if isinstance(part, Function) else eval(part.solution)


def right_answers(task):
    return [given(part) for part in task.parts]


def wrong_answers(task):
    """Yield (key, answers) for each mistake that the task knows, in each of its forms."""
    for at, part in enumerate(task.parts):
        answers = right_answers(task)
        match part:
            case Answer():
                known = [(str(slip), slip) for slip in part.slips]
            case Choice():
                known = [(name, name) for name in part.others]
            case Function():
                known = [(wrong.key, form) for wrong in part.wrongs for form in wrong.forms]
        for key, wrong in known:
            answers[at] = wrong
            yield key, list(answers)


@functools.cache
def verdicts_on_mistakes(key):
    """Return (key of the mistake, verdict) for each; two tests look at them."""
    ex = exercise(key)
    return [(mistake, ex.check(*answers)) for mistake, answers in wrong_answers(ex.task)]


@pytest.fixture
def ex(request, capsys):
    return exercise(request.param)


each = pytest.mark.parametrize("ex", TASKS, indirect=True)


@each
def test_an_open_exercise_is_to_do(ex):
    """Calm, one line, no error: also where the function is there and returns the dots."""
    open_answers = [...] * len(ex.task.parts)
    assert ex.check(*open_answers).status == "TODO"
    assert len(ex.check(*open_answers).lines) == 1
    if not isinstance(ex.task.parts[0], Function):
        return

    def returns_dots(*args):
        return ...

    def raises(*args):
        raise NotImplementedError

    def empty(*args): ...

    def only_documented(*args):
        """Do something."""

    for f in (returns_dots, raises, empty, only_documented):
        assert ex.check(f).status == "TODO", f.__name__


@each
def test_the_solution_is_right(ex):
    """And says in one line why it matters."""
    verdict = ex.check(*right_answers(ex.task))
    assert verdict.right
    assert verdict.lines == (ex.task.matters,)
    assert str(verdict) == f"RIGHT  {ex.task.matters}"


@each
def test_each_known_mistake_is_wrong_by_its_name(ex):
    """CRASHED, by the same name, where it does not run at all."""
    for key, verdict in verdicts_on_mistakes(ex.task.key):
        taken = "a right answer: do the cases tell it apart?" if verdict.right else verdict.key
        assert verdict.key == key, f"{key} was taken for {taken}\n{verdict}"
        assert verdict.status == ("CRASHED" if verdict.error else "WRONG")


@each
def test_messages_are_three_lines_and_say_what_to_do_next(ex):
    """The last line is a question or an instruction, and no line is long."""
    for _, verdict in verdicts_on_mistakes(ex.task.key):
        if verdict.right:  # the test above has said so
            continue
        assert 2 <= len(verdict.lines) <= 3
        assert verdict.lines[-1].endswith(("?", "helps.")), verdict
        for line in verdict.lines:
            assert len(line) <= LONGEST or verdict.error, line  # an error's text is not ours
            assert "\n" not in line


@each
def test_each_way_to_write_a_mistake_can_be_run(ex):
    """A slip of the author's crashes like a learner's code, and would be known as a mistake."""
    part = ex.task.function
    if part is None:
        return
    assert len(part.cases) >= 2, f"{part.name}: write two cases or more"
    for wrong in part.wrongs:
        for form in wrong.forms:
            if hasattr(form, "made"):  # written as what is exchanged
                form.made()
        errors = [run.error for trial in trials_of(part, wrong) for run in trial.runs.values()]
        assert not [e for e in errors if isinstance(e, NameError)], f"{wrong.key}: mend its name"


@each
def test_no_two_mistakes_look_the_same(ex):
    """The matrix of mistakes by cases: any two rows differ somewhere, and each from the truth."""
    part = ex.task.function
    if part is None:
        return
    rows = [("the reference", targets_of(part, right)) for right in (None, *part.also)]
    rows += [(w.key, trial.runs) for w in part.wrongs for trial in trials_of(part, w)]
    for (a, left), (b, right) in itertools.combinations(rows, 2):
        same = alike(left, right, part.cases, room_for(part))
        assert a == b or not same, f"{a} looks like {b} in every case: take one out, or add a case"


@each
def test_the_words_are_there(ex, capsys):
    """One statement, three or more hints, a reason, and a key for each mistake of its own."""
    task = ex.task
    said = ex.statement
    assert re.fullmatch(r"(predict|complete|find the bug): .{10,160}", said), "ask in 160 letters"
    assert len(task.ladder) >= (4 if task.function else 2), (
        "a hint is missing: shapes, law, formula"
    )
    assert task.why.endswith("."), "why: end it with a full stop"
    assert task.matters.endswith("."), "matters: end it with a full stop"
    assert len(task.matters) <= 100, "matters: one line, of 100 letters at most"
    assert task.kind != "complete" or task.key == task.function.name
    for part in task.parts:
        known = getattr(part, "wrongs", ())
        keys = [each.key for each in known] + [*map(str, getattr(part, "slips", ()))]
        assert len(keys) == len(set(keys)), f"{part.name}: two mistakes have one name"
        yes_or_no = getattr(part, "value", None) is True or getattr(part, "value", None) is False
        enough = len(keys) >= (1 if yes_or_no else 2) or isinstance(part, Choice)
        enough = enough or getattr(part, "accepts", None)
        assert enough, f"{part.name}: write two wrong answers that people give"
        for wrong in known:
            assert wrong.did.endswith("."), f"{wrong.key}: end what was done with a full stop"
            assert wrong.ponder.endswith("?"), f"{wrong.key}: end the question with its mark"


# What cannot stand between "With" and ": yours is": a place alone, a state alone, a bare series.
NO_NAME = re.compile(
    r"(around|at|below|beyond|both|far|near|on|under|undecided|right|wrong)\b"
    r"|\d+ (ahead|apart|behind)\b|\w+ agrees?\b|[^(]*\d, -?\d|.*'s$"
)


@each
def test_a_verdict_can_begin_with_the_name_of_a_case(ex):
    """With four birds: yours is ...; it is right with four birds, and wrong with one row."""
    for case in ex.task.function.cases if ex.task.function else ():
        assert not NO_NAME.match(case), f"{case!r}: name a thing, as in 'x around 0'"


def test_what_no_verdict_can_begin_with_is_noticed():
    """Names that cases had."""
    had = ["around 0", "45 ahead", "ones agree", "the seed's", "the logits 0, -800, 1", "far out"]
    have = ["x around 0", "the logits (0, -800, 1)", "logits near 800"]
    assert all(map(NO_NAME.match, had))
    assert not any(map(NO_NAME.match, have))


@each
def test_the_last_hint_shows_the_code_with_one_blank(ex):
    """Only one piece is left out, and the solution is real code that puts it back."""
    task = ex.task
    if task.function is None:
        return
    code, blanked = task.function.solution, task.ladder[-1][1]
    often = code.count(task.blank)
    assert often == 1, f"blank {task.blank!r} stands {often} times in the code: write more of it"
    assert blanked.count("____") == 1
    assert blanked.replace("____", task.blank).split() == code.split()
    columns = [[line.find("#") for line in text.splitlines()] for text in (blanked, code)]
    assert columns[0] == columns[1]
    compile(code, task.key, "exec")
    assert '"""' not in code


@each
def test_hints_go_rung_by_rung(ex):
    """From the first to the last, and there they stay; one can be asked for by its number."""
    ex.check(*right_answers(ex.task))
    ex._given_hints = 0
    n = len(ex.task.ladder)
    seen = [str(ex.hint()) for _ in range(n + 1)]
    assert f"Hint 1 of {n}: {ex.task.hints[0]}" in seen[0]
    assert seen[-1] == seen[-2] == str(ex.hint(n))
    assert "ex.solution()" in seen[-1]
    with pytest.raises(ValueError, match=f"a number from 1 to {n} is wanted, but got 0"):
        ex.hint(0)


@each
def test_the_solution_can_always_be_seen(ex):
    """Code and reason; never locked."""
    page = str(ex.solution())
    assert ex.task.why in page
    for part in ex.task.parts:
        assert part.solution in page


def test_after_a_named_mistake_the_first_hint_is_its_question(capsys):
    """The others move down by one; a right answer takes it away again."""
    ex = exercise("softmax_vjp")
    ex.check(SOFTMAX_MISTAKES["diagonal_only"].vjp)
    assert SOFTMAX_MISTAKES["diagonal_only"].ponder in str(ex.hint())
    assert ex.task.hints[0] in str(ex.hint())
    assert ex.task.hints[0] in str(ex.hint(2))
    ex.check(ex.task.function.reference)
    assert ex.task.hints[0] in str(ex.hint(1))


def test_all_mistakes_of_the_package_are_known_to_softmax_vjp():
    """And under the same names and words, but for those that speak of stages."""
    known = {wrong.key: wrong for wrong in TASKS["softmax_vjp"].function.wrongs}
    for key, mistake in SOFTMAX_MISTAKES.items():
        said = {"did": mistake.did, "ponder": mistake.ponder} | IN_ONE_LINE.get(key, {})
        assert (known[key].did, known[key].ponder) == (said["did"], said["ponder"])


def test_before_stages_are_known_no_sentence_speaks_of_them():
    """e, s, r and += come in 05; the same mistakes ask about them there."""
    of_stages = re.compile(r"\be (is|/)|\bd?[rs] (is|/)|-dr|\+=|broadcast|overwritten").search
    assert not list(filter(of_stages, said_of_wrongs("01", "02", "03")))
    assert len(list(filter(of_stages, said_of_wrongs("05")))) >= 4


def said_of_wrongs(*numbers):
    """Return what is said of the wrong functions of these notebooks and their depths."""
    tasks = [task for task in TASKS.values() if task.function and task.notebook[:2] in numbers]
    wrongs = [wrong for task in tasks for wrong in task.function.wrongs]
    return [f"{wrong.did} {wrong.ponder}" for wrong in wrongs]


def test_use_hands_on_what_is_right_and_says_which(capsys):
    """Yours if it is right, checked or not; the reference if it is wrong or open."""
    ex = exercise("expected_upstream")

    def mine(p, dp):
        return (p * dp).sum(axis=-1)

    def wrong(p, dp):
        return (p * dp).sum(axis=0)

    capsys.readouterr()
    assert ex.use(mine) is mine
    assert ex.use(wrong) is ex.task.function.reference
    assert ex.use(...) is ex.task.function.reference
    said = capsys.readouterr().out.splitlines()
    assert [line.split(": ")[0] for line in said] == ["expected_upstream"] * 3
    assert ["yours is used" in line for line in said] == [True, False, False]
    with pytest.raises(TypeError, match="use: an exercise that asks for a function"):
        exercise("equal_logits").use(0.25)


def test_an_unknown_name_is_answered_with_the_nearest():
    """A slip of the pen; and where nothing is near, the way to the list."""
    with pytest.raises(ValueError, match="but got 'softmax_vpj'; did you mean 'softmax_vjp'"):
        exercise("softmax_vpj")
    with pytest.raises(ValueError, match=r"exercises\(\) lists all names"):
        exercise("???")
    with pytest.raises(ValueError, match=r"^exercise: .*, but got \['softmax_vjp'\]; "):
        exercise(["softmax_vjp"])
    assert exercises("01")[0] == "diagonal_jacobian"
    assert exercises("01c")[0] == "stable_softmax"  # a depth is a page of its own
    assert not set(exercises("01")) & set(exercises("01c"))
    assert set(exercises()) == set(TASKS)


def test_another_number_of_answers_is_refused():
    """That is a mistake in the cell, not in the answer."""
    with pytest.raises(TypeError, match=r"2 answers are wanted, but got 1; call ex.check\(dx0, "):
        exercise("two_costs").check(1.5)


def test_strict_makes_wrong_and_crashed_raise(monkeypatch):
    """For a class that is graded; TODO and RIGHT stay calm."""
    monkeypatch.setenv("SMLEARN_STRICT", "1")
    ex = exercise("expected_upstream")
    assert ex.check(...).status == "TODO"
    assert ex.check(ex.task.function.reference).right
    with pytest.raises(ExerciseFailed, match="WRONG  You summed nothing") as failed:
        ex.check(lambda p, dp: p * dp)
    assert failed.value.verdict.key == "nothing_summed"
    with pytest.raises(ExerciseFailed, match="CRASHED  Line") as failed:
        ex.check(lambda p, dp: 1 / 0)
    assert isinstance(failed.value.__cause__, ZeroDivisionError)
    monkeypatch.setenv("SMLEARN_STRICT", "0")
    assert ex.check(lambda p, dp: 1 / 0).status == "CRASHED"


def test_the_table_shows_yours_target_and_difference():
    """With signs, a caption and headers with a scope; everything escaped, no emoji."""
    found = exercise("jacobian_from_p").check(lambda p: np.diag(p) + np.outer(p, p))
    page = found._repr_html_()
    assert re.findall("<caption.*?>(.*?)</caption>", page) == ["* the worst entry"]
    assert re.findall('<th scope="rowgroup".*?>(.*?)</th>', page) == [
        "yours", "target", "yours - target"]  # fmt: skip
    assert page.count('<th scope="row"') == 3 * 3
    assert page.count('<th scope="col"') == 2 + 3
    assert page.count("<strong>* ") == 3  # the worst entry, once in each part
    assert ">-0.1250</td>" in page
    assert "+0.1250" in page
    assert page.replace(SIGNS["WRONG"], "", 1).isascii()
    for line in found.lines:
        assert html.escape(line) in page


def test_no_text_of_a_learner_gets_into_the_page_as_markup():
    """Neither an error's message nor a printed line."""

    def mine(p, dp):
        print("<script>alert(1)</script>")
        raise ValueError("<b>bold</b>")

    page = exercise("expected_upstream").check(mine)._repr_html_()
    assert "<script>" not in page
    assert "<b>" not in page
    assert "&lt;script&gt;" in page


def test_a_broken_reference_raises(monkeypatch):
    """It is never taken for the learner's mistake."""

    def broken(p):
        raise RuntimeError("ours")

    part = Function(broken, {"a case": (np.ones(2),)})
    with pytest.raises(RuntimeError, match="ours"):
        judge(part, lambda p: p)


def test_where_it_is_relative_each_number_is_judged_by_its_own_size():
    """A lost 4e-18 beside -40 is WRONG, and named as the worst; with the usual tolerance RIGHT."""

    def right(x):
        return np.array([-4e-18, -40.0]) * x

    def lost(x):
        return np.array([0.0, -40.0 - 1e-12]) * x

    def single(x):
        return right(x).astype(np.float32)

    cases = {"a case": (np.ones(2),)}
    verdict = judge(Function(right, cases, relative=True), lost)
    assert not verdict.right
    assert "at [0] yours is +0.0000, right is -4.00e-18" in str(verdict)
    assert judge(Function(right, cases), lost).right
    assert judge(Function(right, cases, relative=True), right).right
    assert judge(Function(right, cases, relative=True), single).right


def test_one_number_in_brackets_is_that_number_and_yes_is_a_word():
    """[100.0] is 100; and where True or False is wanted, no 1 is spoken of."""
    ex = exercise("noisier")
    assert ex.check(np.array([100.0]), [[10_000 ** (1 / 3)]]).right
    verdict = exercise("one_row").check([True, True, True, False])
    assert verdict.lines[0] == "Entry [1] is True, and that is not it."


def test_only_a_right_answer_is_true():
    """Open, wrong and crashed are not: `assert ex.check(f)` is a test."""
    ex = exercise("jacobian_from_p")
    assert ex.check(lambda p: np.diag(p) - np.outer(p, p))
    for other in (..., lambda p: np.diag(p), lambda p: p["a"]):
        assert not ex.check(other)
