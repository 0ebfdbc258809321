"""What goes to paper and to the projector stands on its page, no answer before its question."""

from itertools import pairwise

import pytest
from hygiene import ROOT

import printed_pages
from plans import headings
from printed_pages import (
    FORMULA,
    answering,
    asked_on_slides,
    choices,
    cores,
    ending,
    figure,
    formulas,
    led_to,
    nearest_above,
    one_sentence,
    picture,
    predictions,
    printed,
    rows,
    told,
)

NUMBERS = [page.number for page in cores()]


@pytest.mark.parametrize("number", NUMBERS)
def test_what_is_chosen_stands_on_the_page(number):
    """One figure or printed result, and formulas; a choice for every core, and no other."""
    assert list(choices()) == NUMBERS
    assert bool(picture(figure(number))) != bool(printed(figure(number)))
    assert formulas(number)
    assert any(FORMULA.search(each) for each in formulas(number))
    assert all(ending(number).values())


@pytest.mark.parametrize("number", NUMBERS)
def test_every_question_that_is_chosen_is_one(number):
    """A page may be reworded: then a choice that meant a question of it means none."""
    asked = [each.question for each in predictions(number)]
    for kind in ("kept", "shown", "code", "left_out", "answers"):
        for words in choices()[number].get(kind, []):
            assert sum(each.startswith(words) for each in asked) == 1


@pytest.mark.parametrize("number", NUMBERS)
def test_a_prediction_has_a_question_a_result_and_a_reading(number):
    """And with a title and the law before and after, 8 to 15 slides."""
    assert 8 <= 2 + 2 * len(asked_on_slides(number)) <= 15
    for each in predictions(number):
        assert each.question.endswith(("?", ")", ".", "`"))
        assert each.result
        assert each.reading
        assert each.section in [name.replace("`", "") for name in headings(number)]


@pytest.mark.parametrize("number", NUMBERS)
def test_no_question_is_led_to_by_the_answer_of_the_one_before(number):
    """A page reads its result right below it; on paper the next question stands there."""
    asked = predictions(number)
    for before, after in pairwise(asked):
        assert before.reading not in after.context or after.question.startswith(
            tuple(choices()[number]["kept"])
        )


@pytest.mark.parametrize("number", NUMBERS)
def test_of_a_long_result_a_slide_shows_what_answers(number):
    """Every word that is chosen is in it, and something is left out."""
    for each in predictions(number):
        words = told(number, "answers", each.question)
        text, pictures = answering(number, each)
        assert text or pictures
        if words is not None:
            assert all(word in text + "".join(pictures) for word in words)
            assert len(text + "".join(pictures)) < len(str(each.result))


def test_a_report_is_shown_by_the_lines_that_answer():
    """The verdict, the law that is asked about, and what was not asked; six checks are not."""
    asked = predictions("12")[0]
    text, pictures = answering("12", asked)
    assert pictures == []
    assert [line.split()[0] for line in text.splitlines()] == ["gradcheck:", "PASS", "not"]


def test_a_table_keeps_its_head_and_the_rows_that_answer():
    """`de` is the row of `= de`, not that of `+ de_1`."""
    row = "<tr><td>e</td><td>{}<br>(2, 3)</td></tr>"
    head, foot = "<table><thead><tr><th>stage</th></tr></thead><tbody>", "</tbody></table>"
    table = head + row.format("+ de_1") + row.format("= de") + foot
    assert rows(table, ["de"]) == head + row.format("= de") + foot


def test_what_is_shown_with_a_question_is_the_nearest_cell_above():
    """What it printed, if the words are in that; its code, if they are there."""
    asked = {each.question[:9]: each.shown for each in predictions("12")}
    assert asked["The `x` o"].startswith("class Quick(Norm):")
    assert predictions("01")[1].shown.startswith("[[ 0.0567")
    assert predictions("01")[0].shown == ""
    with pytest.raises(ValueError, match="01: no cell above the question has 'nosuch'"):
        nearest_above("01", 5, "nosuch")


# ---- on wrong input


def test_a_choice_that_fits_nothing_is_refused(monkeypatch):
    """And one that fits twice."""
    wrong = {"01": {"figure": "no such picture", "formulas": [r"\nosuch"]}}
    monkeypatch.setattr(printed_pages, "choices", lambda: wrong)
    with pytest.raises(ValueError, match="01: 0 outputs have 'no such picture'"):
        figure("01")
    with pytest.raises(ValueError, match="01: no formula has"):
        formulas("01")
    wrong["01"]["figure"] = "sum"
    with pytest.raises(ValueError, match=r"01: [2-9] outputs have 'sum'"):
        figure("01")


def test_the_reading_of_a_result_is_left_out():
    """Unless the cell is the first on its subject."""
    assert led_to("It fell.\n\nNow this.", fresh=False) == "Now this."
    assert led_to("It fell.\n\nNow this.", fresh=True) == "It fell.\n\nNow this."
    assert led_to("## New\n\nNow this.\n\n", fresh=False) == "Now this."


def test_one_sentence_is_one_or_a_short_one_and_the_next():
    """A number in it does not end it."""
    assert one_sentence("None. It is 0.5 of the row, as it was. More.\n\nOther.") == (
        "None. It is 0.5 of the row, as it was."
    )
    assert one_sentence("None. (A bracket. Two.)") == one_sentence("None. These do:") == "None."
    long = "At first the error shrinks with the nudge, as it should."
    assert one_sentence(f"{long} Then it grows.") == long


def test_make_installs_what_the_press_needs():
    """MathJax, its letters and reveal.js, each at one version."""
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for name in ("mathjax@4", "@mathjax/mathjax-newcm-font@4", "reveal.js@6"):
        assert makefile.count(f" {name}.") == 1
