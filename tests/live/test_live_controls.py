"""A control takes what a hand does, once, and says what is wrong with what was typed."""

import numpy as np
import pytest

from smlearn.live.controls import REFUSED, Choice, Dial, Push
from smlearn.live.hook import WRONG


@pytest.fixture
def dial():
    return Dial("x", 0.5, -6, 6, 0.1)


def watched(control) -> list:
    """Return a list to which each call of the control adds an entry."""
    calls = []
    control.on_change(lambda: calls.append(None))
    return calls


def test_box_and_slider_show_one_value(dial):
    """Whichever of the two a hand moves."""
    dial.slider.value = 1.2
    assert (dial.value, dial.text.value) == (1.2, "1.2")
    dial.text.value = "-2.5"
    assert (dial.value, dial.slider.value) == (-2.5, -2.5)


def test_each_change_by_hand_is_told_once(dial):
    """The slider sets the box and the box the slider; neither is a second change."""
    calls = watched(dial)
    dial.slider.value = 1.2
    dial.text.value = "-2.5"
    assert len(calls) == 2


def test_a_change_by_the_program_is_not_told(dial):
    """Choosing a bird sets three dials, and the view is drawn once."""
    calls = watched(dial)
    dial.value = 3.0
    assert (dial.text.value, dial.slider.value, calls) == ("3", 3.0, [])


def test_what_was_typed_counts_beyond_the_slider_and_between_its_steps(dial):
    """The slider goes as near as it can: to a step, or the browser would, and report a move."""
    dial.text.value = "1000"
    assert (dial.value, dial.slider.value) == (1000, 6)
    dial.text.value = "0.8675"
    assert (dial.value, dial.slider.value) == (0.8675, 0.9)


def test_the_browsers_rounding_is_no_hand(dial):
    """It reports where it has put the slider, in its own arithmetic, as if somebody had moved."""
    calls = watched(dial)
    dial.value = 0.28786363
    dial.slider.value = 0.30000000000000071
    assert (dial.value, calls) == (0.28786363, [])
    dial.slider.value = 0.2
    assert (dial.value, len(calls)) == (0.2, 1)


def test_a_slider_leaves_no_crumbs(dial):
    """0.1 + 0.2 is 0.3 here."""
    dial.slider.value = 0.1 + 0.2
    assert (dial.value, dial.text.value) == (0.3, "0.3")


@pytest.mark.parametrize("text", ["inf", "-inf", " 1e3 ", "1_000", "-3.5"])
def test_a_box_takes_every_number_python_knows(dial, text):
    """Whether it is a sensible one is for the numerics to say."""
    dial.text.value = text
    np.testing.assert_equal(dial.value, float(text))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("abc", "a number is wanted, but got 'abc'"),
        ("nan", "a number is wanted, but got 'nan'"),
        ("-NaN", "a number is wanted, but got '-NaN'"),
        ("2/3", "a number is wanted, but got '2/3'"),
        ("1 2", "a number is wanted, but got '1 2'"),
        ("1,2,3", "a number is wanted, but got '1,2,3'"),
        ("...", "a number is wanted, but got '...'"),
        ("no" * 50, "a number is wanted, but got 'nononononononononono...'"),
        ("", "a number is wanted, but the box is empty"),
        ("   ", "a number is wanted, but the box is empty"),
        ("-3,5", "write -3.5, with a point"),
        (",5", "write .5, with a point"),
        ("1,5e3", "write 1.5e3, with a point"),
        ("1,000", "write 1.000, with a point; or 1000, without commas"),
        ("1,000,000", "write 1000000, without commas"),
        ("1,234.5", "write 1234.5, without commas"),
        ("\u22123.5", "write -3.5, with the minus of the keyboard"),
        ("\u22123,5", "write -3.5, with a point"),
        ("1e400", "1e400 is beyond the largest number, 1.8e308"),
        ("-1e400", "-1e400 is beyond the largest number, 1.8e308"),
    ],
)
def test_what_is_no_number_is_named(dial, text, sentence):
    """Whatever it is, and how to write what was meant; the next number is taken as ever."""
    calls = watched(dial)
    dial.text.value = text
    with pytest.raises(ValueError, match=r"^x: ") as error:
        _ = dial.value
    assert dial.wrong == str(error.value) == f"x: {sentence}"
    dial.slider.value = 2.0
    assert (dial.value, dial.wrong) == (2.0, "")
    assert len(calls) == 2


def test_the_last_number_that_was_kept_comes_back_to_its_last_digit(dial):
    """The box names it in six digits, for Esc; it is the one of the bird, not those six."""
    dial.value = -0.28786363
    dial.keep()
    assert dial.way_back() == "Esc brings back -0.287864"
    dial.text.value = "abc"
    dial.refuse(True)
    assert dial.text.placeholder == "-0.287864"
    dial.text.value = dial.text.placeholder  # as the script does
    assert dial.value == -0.28786363
    dial.refuse(False)
    assert dial.text.placeholder == ""


@pytest.mark.parametrize("text", ["2.5", "-1", "344", "nan", "1e2", "", "2,5", "1e400"])
def test_a_whole_number_within_the_limits_is_wanted(text):
    """There is no bird 344, and no half bird."""
    bird = Dial("bird", 231, 0, 343, 1, whole=True)
    bird.text.value = text
    with pytest.raises(ValueError, match=r"bird: (a whole number is wanted|it must be from 0 to)"):
        _ = bird.value
    bird.slider.value = 7.0
    assert bird.value == 7
    assert isinstance(bird.value, int)


def test_a_logarithmic_slider_runs_through_powers_of_ten():
    """The box shows the number itself."""
    dial = Dial("T", 0.25, -2, 2, 0.05, log=True)
    assert (dial.text.value, dial.slider.value) == ("0.25", -0.6)
    dial.slider.value = 1.0
    assert (dial.value, dial.text.value) == (10, "10")
    dial.text.value = "0"
    assert (dial.value, dial.slider.value) == (0, 1.0)  # no power of ten; the slider stays


def test_a_moving_slider_is_never_put_back(dial):
    """While a fast hand moves on, its last position but one comes back from the kernel."""
    put = []
    dial.slider.observe(put.append, "value")
    dial.slider.value = 1.2000000000000002  # as the browser computes 0.9 + 0.3
    assert [change["new"] for change in put] == [1.2000000000000002]
    assert dial.value == 1.2


def test_a_choice_is_made_from_the_list():
    """What is shown has spaces."""
    choice = Choice("method", ("forward", "central", "one_more"), "central")
    calls = watched(choice)
    choice.row.value = "one_more"
    assert (choice.value, choice.row.label) == ("one_more", "one more")
    assert len(calls) == 1


def test_a_refused_box_is_marked_until_it_is_taken(dial):
    """By a ground that is legible in both themes, and by a class from which hook.py tells."""
    dial.refuse(True)
    assert (dial.text.style.background, dial.text.style.text_color) == REFUSED
    assert WRONG in dial.text._dom_classes
    dial.refuse(False)
    assert (dial.text.style.background, dial.text._dom_classes) == (None, ())


def test_a_push_is_counted_and_told():
    """Each push, also of a button that changes nothing."""
    push = Push("make every cost 1")
    calls = watched(push)
    push.row.click()
    push.row.click()
    assert (push.value, len(calls)) == (2, 2)


def test_an_error_while_setting_leaves_the_control_alive(dial, monkeypatch):
    """Else it would think forever that its own hand is at work."""
    monkeypatch.setattr(dial, "_show", lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        dial.value = 1.0
    monkeypatch.undo()
    dial.slider.value = 2.0
    assert dial.value == 2.0


def test_every_row_has_a_name_for_a_screen_reader():
    """ipywidgets ties the description to a box or a list; hook.py, to the slider beside it."""
    named, slider = Dial("x", 0, -1, 1, 0.1).row.children
    assert (named.description, slider.description) == ("x", "")
    assert Choice("y", ("a", "b"), "a").row.description == "y"
    assert Push("ones").row.description == "ones"
