"""A verdict's card: its sign, its words, the strip of numbers, the ladder; the same every time."""

import re
from contextlib import suppress
from itertools import chain
from xml.etree import ElementTree

import numpy as np
import pytest

from smlearn.exercises import TASKS, exercise, verdict
from smlearn.exercises.card import BARS, COLOURS, SIGNS, card
from smlearn.exercises.ladder import Ladder
from smlearn.exercises.number_tables import strip
from smlearn.exercises.task import Function, Task
from smlearn.mistakes import SOFTMAX_MISTAKES

LINES = "CRASHED RIGHT TODO WRONG".split()


def answers(status, ex):
    """Return an answer to expected_upstream on which that is the verdict."""
    return {
        "TODO": ...,
        "WRONG": lambda p, dp: p * dp,
        "CRASHED": lambda p, dp: 1 / 0,
        "RIGHT": ex.task.function.reference,
    }[status]


@pytest.fixture
def ex(capsys):
    return exercise("expected_upstream")


@pytest.fixture
def vjp(capsys):
    return exercise("softmax_vjp")


def read(verdict) -> ElementTree.Element:
    """Return the card as a tree."""
    return ElementTree.fromstring(verdict._repr_html_())


def text(element) -> str:
    return " ".join("".join(element.itertext()).split())


def texts(elements) -> list[str]:
    return [text(element) for element in elements]


# ---- which one it is


@pytest.mark.parametrize("status", LINES)
def test_a_card_begins_with_a_sign_and_a_word(ex, status):
    """The sign is for the eye alone: who listens hears the word."""
    page = read(ex.check(answers(status, ex)))
    word = page.find(".//strong")
    assert text(word) == f"{SIGNS[status]} {status}"
    assert text(page).startswith(text(word))
    (sign,) = word
    assert sign.attrib == {"aria-hidden": "true"}
    assert text(sign) == SIGNS[status]


def test_no_two_have_the_same_sign_or_colour():
    """And what the colours tell apart, the signs do."""
    for kept in (SIGNS, COLOURS):
        assert sorted(kept) == LINES
        assert len(set(kept.values())) == 4
    assert sorted(BARS) == LINES


def luminance(colour) -> float:
    """As WCAG 2 defines it."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
              for c in np.array(colour) / 255]  # fmt: skip
    return np.dot(linear, [0.2126, 0.7152, 0.0722])


def contrast(one, other) -> float:
    dark, light = sorted(map(luminance, (one, other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("colour", COLOURS.values(), ids=COLOURS)
def test_a_word_reads_on_its_ground_and_a_bar_on_any_page(colour):
    """White on the colour as text, 4.5; the bar on white and on the dark theme, 3."""
    white, dark = (255,) * 3, (17,) * 3
    assert contrast(white, colour) >= 4.5
    assert contrast(dark, colour) >= 3


def test_a_colour_that_is_too_pale_would_be_noticed():
    """The measure is WCAG's: black on white is 21, and Okabe and Ito's own green is not enough."""
    assert contrast((0, 0, 0), (255,) * 3) == pytest.approx(21)
    assert contrast((0, 158, 115), (255,) * 3) < 4.5


def test_what_is_announced_is_what_was_found(vjp):
    """The word and the lines; no table, nothing that is folded."""
    found = vjp.check(SOFTMAX_MISTAKES["diagonal_only"].vjp)
    (said,) = read(found).findall(".//*[@role]")
    assert said.attrib == {"role": "status"}
    assert [p.tag for p in said] == ["p"] * 3
    first, evidence, question = texts(said)
    assert first == f"{SIGNS['WRONG']} WRONG {found.lines[0]}"
    assert evidence == found.lines[1]
    assert question == f"Hint 1 of 5: {found.lines[2]}"


def test_what_was_printed_and_what_is_left_is_on_the_card(ex):
    """Quoted as in the text, below what is announced."""

    def mine(p, dp):
        print("a < b")
        raise ValueError("mine")

    page = read(ex.check(mine))
    assert text(page.find("pre")) == "It printed:" + " > a < b" * 3
    said = {"status": "RIGHT", "left": ("A thread of yours still runs.",)}
    left = verdict.Verdict("", "It is.", **said, ladder=Ladder(ex.task))
    assert texts(read(left).findall("p")) == ["A thread of yours still runs."]


# ---- the styles


def styles(page: str) -> set[str]:
    return {rule.split(":")[0].strip() for style in re.findall('style="(.*?)"', page)
            for rule in style.split(";")}  # fmt: skip


KEPT = set(  # of those that JupyterLab's sanitiser leaves; the browser's test looks at them there
    """background-color border border-collapse border-left border-radius border-top color cursor
    display margin margin-right overflow-x padding page-break-inside text-align vertical-align
    white-space""".split()
)


@pytest.mark.parametrize("status", LINES)
def test_styles_stand_at_the_elements(ex, status):
    """No class, no sheet and no name of a theme's, which other pages do not have."""
    page = ex.check(answers(status, ex))._repr_html_()
    assert styles(page) <= KEPT | {"print-color-adjust"}  # which paper alone would miss
    assert not re.search("class=|<style|var\\(|id=|url\\(", page)
    assert "float" in styles('<p style="color: red; float: left">')


def test_what_opens_looks_as_if_it_would(ex):
    """Bootstrap, which feedback files are dressed in, would take the triangles away."""
    for status in LINES:
        shown = read(ex.check(answers(status, ex))).findall(".//summary")
        assert shown
        assert all("display: list-item" in fold.get("style") for fold in shown)


# ---- the ladder


def folds(element) -> list[str]:
    """Return the names of what is folded directly in it."""
    return texts(fold.find("summary") for fold in element.findall("details"))


def ladder(page) -> ElementTree.Element:
    return page.findall("div")[-1]


def test_an_open_exercise_has_its_hints_on_the_card(ex):
    """Each a key away, in the words and with the numbers of ex.hint()."""
    page = ladder(read(ex.check(...)))
    assert folds(page) == ["Hint 1 of 4", "Hint 2 of 4", "Hint 3 of 4", "Hint 4 of 4, in code"]
    for i, fold in enumerate(page, 1):
        hint = ex.hint(i)
        assert text(fold[1]) == hint.before.partition(": ")[2]
        assert texts(fold.findall("pre")) == ([" ".join(hint.code.split())] if hint.code else [])
    assert text(page[-1][-1]) == ex.hint(4).after


@pytest.mark.parametrize("key", TASKS)
def test_an_open_exercise_does_not_hold_its_solution(key, capsys):
    """A page is stored with its exercises open, and whoever opens it has not tried yet."""
    ex = exercise(key)
    page = read(ex.check(*[...] * len(ex.task.parts)))
    assert "solution" not in " ".join(chain.from_iterable(map(folds, page.iter())))
    assert " ".join(ex.task.why.split()) not in text(page)
    if ex.task.function:
        assert " ".join(ex.task.function.solution.split()) not in text(page)


@pytest.mark.parametrize("status", ["WRONG", "CRASHED"])
def test_after_a_try_the_solution_is_folded_below_the_last_hint(ex, status):
    """It is never locked, and who wants it comes by the hints."""
    page = ladder(read(ex.check(answers(status, ex))))
    *others, last = page
    assert folds(last) == ["The course's solution, and why"]
    assert not any(map(folds, others))
    (solution,) = last.findall("details")
    assert text(solution.find("pre")) == " ".join(ex.task.function.solution.split())
    assert text(solution[-1]) == ex.task.why


def test_what_is_right_is_compared_with_the_solution(ex):
    """No hint any more."""
    page = ladder(read(ex.check(answers("RIGHT", ex))))
    assert folds(page) == ["The course's solution, and why"]


def test_the_question_about_a_named_mistake_is_the_first_hint_and_open(vjp):
    """The others follow it, folded, under the numbers that ex.hint() gives them."""
    found = vjp.check(SOFTMAX_MISTAKES["diagonal_only"].vjp)
    assert folds(ladder(read(found))) == [
        *(f"Hint {i} of 5" for i in (2, 3, 4)),
        "Hint 5 of 5, in code",
    ]
    assert str(vjp.hint()).startswith(f"Hint 1 of 5: {found.question}")
    assert text(ladder(read(found))[0][1]) == vjp.task.hints[0]


def test_a_reason_that_was_found_is_no_hint(capsys):
    """What the first line says already, the first hint does not say again."""
    ex = exercise("nearly_sure")
    found = ex.check(0.98)
    assert found.question == found.lines[0]
    assert str(ex.hint(1)).startswith(f"Hint 1 of 3: {ex.task.hints[0]}")
    assert folds(ladder(read(found))) == ["Hint 1 of 3", "Hint 2 of 3", "Hint 3 of 3"]


def test_a_card_points_to_the_hints_that_are_on_it(ex):
    """The text speaks of the call, and the card of what is below."""
    found = ex.check(...)
    assert str(found).endswith("then run this cell again; ex.hint() helps.")
    assert text(read(found)[0]).endswith("then run this cell again; the hints below help.")
    asked = verdict.Verdict("", "It is.", todo="Why? ex.hint() helps.", ladder=found.ladder)
    assert text(read(asked)[0]).endswith("Why? The hints below help.")


def test_of_several_answers_the_solution_holds_all(capsys):
    """A line for each; and the first that is wrong is named before them."""
    ex = exercise("einsum_shapes")
    found = ex.check((4, 5), (4, 5))
    assert found.lines[0].startswith("kb: ")
    (solution,) = ladder(read(found))[-1].findall("details")
    assert text(solution.find("pre")) == "bk = (4, 5) kb = (5, 4)"


# ---- the strip


def table(yours, target) -> ElementTree.Element:
    return ElementTree.fromstring(strip(np.array(yours), np.array(target)))


def body(table, at: int) -> list[list[str]]:
    return [texts(row) for row in table.findall("tbody")[at]]


def test_one_row_is_three_lines():
    """Yours, target, difference; the worst entry has a star in each."""
    page = table([0.25, 0.5, 1.0], [0.25, 0.75, 1.0])
    assert text(page.find("caption")) == "* the worst entry"
    assert texts(page.find("thead/tr")) == ["array", "0", "1", "2"]
    assert body(page, 0) == [["yours", "+0.2500", "* +0.5000", "+1.0000"]]
    assert body(page, 1) == [["target", "+0.2500", "* +0.7500", "+1.0000"]]
    assert body(page, 2) == [["yours - target", "+0.0000", "* -0.2500", "+0.0000"]]


def test_of_more_rows_each_has_its_number():
    """And the first says whose they are, as a header of them all."""
    page = table([[1, 2], [3, 4], [5, 6]], [[1, 2], [3, 4], [5, 9]])
    assert texts(page.find("thead/tr")) == ["array", "row", "0", "1"]
    assert body(page, 1) == [["target", "0", "+1", "+2"], ["1", "+3", "+4"], ["2", "+5", "* +9"]]
    names = page.findall(".//th[@scope='rowgroup']")
    assert texts(names) == ["yours", "target", "yours - target"]
    assert {name.get("rowspan") for name in names} == {"3"}
    assert len(page.findall(".//th[@scope='row']")) == 9
    assert len(page.findall(".//th[@scope='col']")) == 4
    assert len(page.findall(".//th")) == 16  # none without a scope
    assert all(map(text, page.findall(".//th")))


def test_of_more_axes_the_page_of_the_worst_entry_is_shown():
    """By its index."""
    target = np.zeros((2, 3, 4))
    yours = target.copy()
    yours[1, 2, 0], yours[0, 1, 1] = 3, 1
    page = table(yours, target)
    assert text(page.find("caption")) == "page [1]; * the worst entry"
    assert body(page, 0)[2] == ["2", "* +3.0000", *["+0.0000"] * 3]
    assert "+1.0000" not in text(page)


def test_a_large_array_is_shown_in_part():
    """Six by eight, the worst entry among them, under their own numbers."""
    target = np.zeros((20, 30))
    yours = target.copy()
    yours[9, 11] = 1
    page = table(yours, target)
    assert text(page.find("caption")) == "a part of the shape (20, 30); * the worst entry"
    assert texts(page.find("thead/tr")) == ["array", "row", *map(str, range(4, 12))]
    assert [row[-9] for row in body(page, 0)] == list("456789")
    assert body(page, 2)[-1][-1] == "* +1.0000"
    assert "part" not in text(table(yours[:6, 4:12], target[:6, 4:12]))


@pytest.mark.parametrize("odd", [np.nan, np.inf, -np.inf])
def test_what_is_no_number_is_the_worst_entry(odd):
    """Whatever else is wrong."""
    page = table([1e9, odd], [0.0, 1.0])
    assert body(page, 0)[0][2] == f"* {odd}"
    assert body(page, 2)[0][2] == f"* {odd}"


@pytest.mark.parametrize("wrong", [(0, 0), (1, 2), (3, 1)])
def test_the_star_is_where_the_error_is(wrong):
    """In all three parts at once, and once in each."""
    target = np.arange(12.0).reshape(4, 3)
    yours = target.copy()
    yours[wrong] += 0.5
    page = table(yours, target)
    for at in range(3):
        cells = [row[-3:] for row in body(page, at)]
        starred = [(i, j) for i in range(4) for j in range(3) if cells[i][j].startswith("* ")]
        assert starred == [wrong]


def test_where_each_number_counts_by_its_own_size_so_does_the_star(capsys):
    """It stands where the words say, also beside a larger error in a far larger number."""
    ex = exercise("log_probabilities")
    task = ex.task
    assert task.function.relative

    def mine(*args):
        right = task.function.reference(*args)
        size = np.abs(right)
        return right * np.where(size == size.min(), 1.5, 1 + 1e-3 * (size == size.max()))

    found = ex.check(mine)
    (said,) = re.findall(r"at \[(\d)\] yours is (\S+),", str(found))
    (yours, *_) = body(read(found).find("table"), 0)
    assert yours[1 + int(said[0])] == f"* {said[1]}"


def test_one_number_has_no_table(capsys):
    """The lines say it all."""
    ex = exercise("leaks")
    assert read(ex.check(lambda *args: 99.0)).find(".//table") is None


# ---- the same every time, and made when it is shown


@pytest.mark.parametrize("status", LINES)
def test_a_card_is_the_same_every_time(ex, status):
    """Whatever was tried before, and however many hints were given: stored pages are compared."""
    first = ex.check(answers(status, ex))._repr_html_()
    for other in LINES:
        ex.check(answers(other, ex))
        ex.hint()
    again = ex.check(answers(status, ex))._repr_html_()
    assert again == first
    assert not re.search("0x[0-9a-f]{6}", first)


def test_a_check_writes_no_card(ex, monkeypatch):
    """Neither tags nor ladders cost anything until they are shown."""

    def refuse(*args):
        raise RuntimeError("shown")

    monkeypatch.setattr(verdict, "card", refuse)
    monkeypatch.setattr(Task, "ladder", property(refuse))
    monkeypatch.setattr(Function, "solution", property(refuse))
    for status in LINES:
        found = ex.check(answers(status, ex))
        assert found.status == status
        assert str(found)
        with pytest.raises(RuntimeError, match="shown"):
            found._repr_html_()


def test_every_verdict_comes_by_one_place(ex, monkeypatch):
    """Also where a wrong one is raised: before anybody sees it."""
    monkeypatch.setenv("SMLEARN_STRICT", "1")
    noted = []
    monkeypatch.setattr(type(ex), "_note", lambda self, verdict: noted.append(verdict.status))
    for status in LINES:
        with suppress(verdict.ExerciseFailed):
            ex.check(answers(status, ex))
    assert noted == LINES


def test_a_copy_of_a_verdict_has_the_same_card(ex):
    """The card is all of the verdict's own: nothing is looked up elsewhere."""
    found = ex.check(answers("WRONG", ex))
    assert card(found) == found._repr_html_()
