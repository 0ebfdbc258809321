"""The five views: alive in a notebook, a figure elsewhere, and never out of order for long."""

import ast
import re
from html import escape, unescape
from pathlib import Path

import numpy as np
import pytest
from hygiene import PICTURE, images

from smlearn import live, load_penguins, one_bird, penguin_logits, softmax_jacobian
from smlearn.live.birds import bird
from smlearn.live.checks import CHECKS, caught
from smlearn.live.controls import Choice, Dial, Push
from smlearn.live.hook import DARK, HOOK, POWERS, SCRIPT, STATUS, VIEW, WRONG
from smlearn.live.look_guess import NOTHING, RISES, look_at_guess
from smlearn.live.look_logits import look_at_jacobian, look_at_temperature
from smlearn.live.look_mistakes import look_at_mistake
from smlearn.live.look_step import look_at_step
from smlearn.live.look_upstream import look_at_upstream
from smlearn.live.svg import to_svg
from smlearn.live.widget import FIT, HEARD, View

MAKERS = {name: getattr(live, name) for name in live.__all__}
every_view = pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
GENTOO = "Bird 231, a Gentoo"


def words(view) -> str:
    """Return the line of numbers as it stands on the page."""
    return unescape(re.search(r'overflow-y: auto">(.*)</div></div>$', view.status.value)[1])


def panels(view) -> list[str]:
    return re.findall("<svg.*?</svg>", view.html.value)


def note(view) -> str:
    """Return what is said on top of the panels when something is wrong."""
    found = re.search(r'aria-hidden="true">(.*?)</div></div>$', view.html.value)
    return unescape(found[1]) if found else ""


def asides(view) -> dict[str, str]:
    """Return what is said right below a control, by the control's name."""
    names = {control: name for name, control in view.controls.items()}
    said = {}
    for side in view.sides:
        order = int(side.aside.layout.order)
        if order < 999:
            above = [c for c in side.controls if int(c.row.layout.order) == order - 1]
            said[names[above[0]]] = unescape(re.search(">(.*)</div>$", side.aside.value)[1])
    return said


def refused(view) -> list[str]:
    """Return the names of the controls whose boxes are marked."""
    dials = {name: c for name, c in view.controls.items() if isinstance(c, Dial)}
    return [name for name, dial in dials.items() if WRONG in dial.text._dom_classes]


def heights(view) -> list[str]:
    """Return everything that could make the view higher: panels, and the room for words."""
    room = re.search(r'aria-hidden="true">(.*?)</div>', view.status.value)[1]
    return [*re.findall(r'viewBox="0 0 (\d+ \d+)"', view.html.value), room]


def moves(view):
    """Yield after each of many changes by hand: the ends of every slider, and rubbish in boxes."""
    for control in view.controls.values():
        if isinstance(control, Push):
            control.row.click()
            yield
            continue
        if isinstance(control, Choice):
            for value in (control.options[0], control.options[-1]):
                control.row.value = value
                yield
            continue
        for value in (control.slider.min, control.slider.max):
            control.slider.value = value
            yield
        for text in ("nan", "inf", "-inf", "1e308", "-1e308", "<b>", "", "0"):
            control.text.value = text
            yield


# ---- alive


@every_view
def test_each_view_takes_one_line_and_begins_with_numbers(make):
    """live.step() is all a cell holds."""
    view = make()
    assert isinstance(view, View)
    assert re.search(r"\d\.\d+", words(view))
    assert view.html in view.widget.children
    assert view.status in view.widget.children


@pytest.mark.parametrize(
    ("make", "changes", "look"),
    [
        (live.jacobian, {"x0": 2.0, "x2": -1.5},
         lambda: look_at_jacobian(np.array([2.0, one_bird()[1], -1.5]), "Your logits")),
        (live.upstream, {"dp1": -3.0},
         lambda: look_at_upstream(one_bird(), np.array([4.0, -3.0, 0.0]), GENTOO)),
        (live.temperature, {"T": -1.0, "c": 500},
         lambda: look_at_temperature(one_bird(), 500, 0.1, GENTOO)),
        (live.step, {"k": 20, "dtype": "float32", "method": "forward"},
         lambda: look_at_step(one_bird(), 20, "forward", "float32")),
        (live.mistakes, {"key": "factor_two", "check": "ones"},
         lambda: look_at_mistake("factor_two", "ones")),
    ],
    ids=MAKERS,
)  # fmt: skip
def test_a_moved_slider_draws_the_look_of_its_numbers(make, changes, look):
    """Panels, label and words are those of the look, which is tested by itself."""
    view, wanted = make(), look()
    for name, value in changes.items():
        control = view.controls[name]
        (control.row if isinstance(control, Choice) else control.slider).value = value
    assert panels(view) == [to_svg(panel, FIT) for panel in wanted.panels]
    assert f'aria-label="{escape(wanted.title)}"' in view.html.value
    assert words(view) == wanted.words


def test_a_penguin_sets_the_logits_and_is_named_until_they_are_moved():
    """Its own logits, to the last digit; then they are yours."""
    birds, view = load_penguins(), live.jacobian()
    view.controls["number"].slider.value = 37
    wanted = penguin_logits(birds.bill_length_mm[37], birds.bill_depth_mm[37])
    assert [view.controls[f"x{k}"].value for k in range(3)] == wanted.tolist()
    assert "Bird 37, an Adelie" in view.html.value
    view.controls["x1"].slider.value = 0.0
    assert "Your logits" in view.html.value


def test_choosing_a_penguin_draws_once(monkeypatch):
    """Three dials change; three drawings would take three times as long."""
    view, drawn = live.jacobian(), []
    view.html.observe(drawn.append, "value")
    view.controls["number"].slider.value = 37
    assert len(drawn) == 1


@pytest.mark.parametrize("make", [live.upstream, live.temperature])
def test_other_views_take_a_penguin_as_well(make):
    """Its logits have no dials there."""
    view = make()
    view.controls["number"].text.value = "298"
    assert "Bird 298, a Chinstrap" in view.html.value


@pytest.mark.parametrize("make", [live.jacobian, live.upstream, live.temperature, live.step])
def test_a_view_takes_logits_of_your_own(make):
    """Then there is no dial for a bird."""
    view = make([0, 1, 4])
    assert "number" not in view.controls
    assert words(view) != words(make())


@pytest.mark.parametrize("make", [live.jacobian, live.upstream, live.temperature, live.step])
def test_wrong_logits_are_refused_at_once(make):
    """Where the mistake is, in the call, not later in the view."""
    name = make.__name__
    with pytest.raises(ValueError, match=rf"{name}: x must have shape \(3,\), but got \(2,\)"):
        make([1.0, 2.0])
    with pytest.raises(TypeError, match=f"{name}: x must hold real numbers"):
        make([1j, 2, 3])


def test_wrong_costs_and_an_unknown_mistake_are_refused():
    """As the logits."""
    with pytest.raises(ValueError, match=r"upstream: dp must have shape \(3,\), but got \(\)"):
        live.upstream(dp=1.0)
    with pytest.raises(ValueError, match=r"key must be one of .*, but got 'typo'"):
        live.mistakes("typo")
    with pytest.raises(ValueError, match=r"check must be one of .*, but got 'hope'"):
        live.mistakes(check="hope")


def test_one_push_makes_every_cost_one():
    """And backward of ones is nothing."""
    view = live.upstream()
    view.controls["level"].row.click()
    assert [view.controls[f"dp{k}"].text.value for k in range(3)] == ["1", "1", "1"]
    assert "dx 0.000, 0.000, 0.000" in words(view)


def test_the_checks_are_run_before_a_key_is_pressed():
    """A key press waits for a drawing, not for gradcheck."""
    view = live.mistakes()
    known = caught.cache_info()
    for control in view.controls.values():
        for option in control.options:
            control.row.value = option
    assert caught.cache_info().misses == known.misses


@pytest.mark.parametrize("key", ["sign_flipped", "seed_sum_backward", "never_runs"])
def test_a_mistake_begins_with_a_check_that_it_fools(key):
    """Where there is one; and a check may be named."""
    check = live.mistakes(key).controls["check"].value
    assert caught(key)[CHECKS.index(check)] == (key == "never_runs")
    assert live.mistakes(key, "square").controls["check"].value == "square"


# ---- a guess


def asking(j: int):
    """Return a view that asks for column j of J, with a guess of 0, 0.1 and -0.2."""
    view = live.jacobian()
    view.controls["predict"].row.value = RISES[j]
    view.controls["g1"].slider.value = 0.1
    view.controls["g2"].text.value = "-0.2"
    return view


def test_while_a_guess_is_asked_for_nothing_gives_the_answer_away():
    """Neither the cells of J, nor the frames, nor the words."""
    view, J = asking(2), softmax_jacobian(one_bird())
    page = view.html.value + view.status.value
    for value in np.abs(J).ravel():
        assert f"{value:.3f}" not in page
    assert page.count(">?<") == 9
    assert "The guess: 0.00, +0.10, -0.20, which add up to -0.100" in words(view)


def test_the_truth_stands_beside_the_guess_and_the_miss_is_a_number():
    """The look is tested by itself; a push asks for it."""
    view, guess = asking(2), np.array([0, 0.1, -0.2])
    view.controls["reveal"].row.click()
    wanted = look_at_guess(one_bird(), 2, guess, True, GENTOO)
    assert panels(view) == [to_svg(panel, FIT) for panel in wanted.panels]
    assert words(view) == wanted.words
    assert "off by 0.447 at most" in wanted.title


@pytest.mark.parametrize("name", ["x0", "number", "predict"])
def test_another_question_covers_the_truth_again(name):
    """Else the next guess would be read off."""
    view = asking(2)
    view.controls["reveal"].row.click()
    control = view.controls[name]
    (control.row if name == "predict" else control.slider).value = (
        RISES[0] if name == "predict" else 1
    )
    assert view.html.value.count(">?<") == 9
    guess = [view.controls[f"g{k}"].value for k in range(3)]
    assert guess == ([0, 0, 0] if name == "predict" else [0, 0.1, -0.2])


def test_a_guess_may_be_mended_beside_the_truth():
    """And the miss is counted anew."""
    view = asking(2)
    view.controls["reveal"].row.click()
    for k, rate in enumerate(softmax_jacobian(one_bird())[:, 2]):
        view.controls[f"g{k}"].text.value = str(rate)
    assert "off by 0.000 at most" in view.html.value


def test_the_controls_of_a_guess_are_there_when_one_is_asked_for():
    """A slider that does nothing would be in everybody's way."""
    view = live.jacobian()
    extra = [view.controls[name].row.layout for name in ("g0", "g1", "g2", "reveal")]
    assert [layout.display for layout in extra] == ["none"] * 4
    view.controls["predict"].row.value = RISES[1]
    assert [layout.display for layout in extra] == [None] * 4
    view.controls["predict"].row.value = NOTHING
    assert [layout.display for layout in extra] == ["none"] * 4
    assert view.html.value == live.jacobian().html.value


# ---- out of order


@pytest.mark.parametrize(
    ("make", "name", "text", "sentence"),
    [
        (live.jacobian, "x0", "nan", "x Adelie: a number is wanted, but got 'nan'"),
        (live.jacobian, "x2", "inf", "softmax: the largest logit must be finite, but got +inf"),
        (live.jacobian, "x1", "abc", "x Chinstrap: a number is wanted, but got 'abc'; Esc"),
        (live.jacobian, "x1", "-3,5", "x Chinstrap: write -3.5, with a point; Esc brings back"),
        (live.jacobian, "number", "3", "bird: number 3 was never measured; try 231"),
        (live.jacobian, "number", "344", "bird: it must be from 0 to 343, but got 344; Esc"),
        (live.upstream, "number", "3", "bird: number 3 was never measured; try 231"),
        (live.upstream, "dp0", "inf", "softmax_vjp: dp must be finite, but got inf at (0,)"),
        (live.upstream, "dp2", "1e308", "softmax_vjp: dp must stay well within the range"),
        (live.temperature, "T", "0", "temperature: T must be a positive number, but got 0.0"),
        (live.temperature, "c", "", "shift c: a number is wanted, but the box is empty"),
        (live.temperature, "c", "1e400", "shift c: 1e400 is beyond the largest number, 1.8e308"),
        (live.step, "k", "60", "numerical_jvp: the step h must move x"),
    ],
)
def test_an_impossible_input_is_said_and_the_view_goes_on(make, name, text, sentence):
    """Right below the box, which is marked, and in the line that is read out; the panels are
    those of a moment ago, dimmed; and the next possible input is drawn."""
    view = make()
    before, first = view.html.value, panels(view)
    if text == "1e308":
        view.controls["dp0"].text.value = "-1e308"
    view.controls[name].text.value = text
    assert words(view).startswith(sentence)
    assert words(view).endswith(f"; Esc brings back {view.controls[name].text.placeholder}")
    assert asides(view) == {name: words(view)}
    assert note(view) == ""
    assert "opacity" in view.html.value
    assert panels(view) == first or text == "1e308"
    assert refused(view) == [name]
    for key, control in make().controls.items():
        if isinstance(control, Dial):
            view.controls[key].value = control.value
    view.draw()
    assert view.html.value == before
    assert "opacity" not in before
    assert (refused(view), asides(view)) == ([], {})


@every_view
def test_what_a_refused_box_names_brings_the_view_back_as_it_was(make):
    """Every box of every view, with every kind of rubbish: Esc types the placeholder."""
    view = make()
    dials = {name: c for name, c in view.controls.items() if isinstance(c, Dial)}
    if "predict" in view.controls:
        view.controls["predict"].row.value = RISES[0]
    for name, dial in dials.items():
        before, value = view.html.value, dial.value
        for text in ("-3,5x", "nan", "1e400", "", "no"):
            dial.text.value = text
            assert asides(view) == {name: words(view)}, (name, text)
            assert refused(view) == [name]
            dial.text.value = dial.text.placeholder
            assert (view.html.value, dial.value) == (before, value), (name, text)
            assert (refused(view), asides(view)) == ([], {})


@pytest.mark.parametrize("text", ["", "3"])
def test_a_bird_that_comes_back_leaves_the_logits_as_a_hand_has_set_them(text):
    """It was never gone: a slip of the keyboard is no new choice."""
    view = live.jacobian()
    view.controls["x0"].slider.value = 2.0
    view.controls["number"].text.value = text
    view.controls["number"].text.value = "231"
    assert view.controls["x0"].value == 2.0
    view.controls["number"].text.value = "230"
    assert view.controls["x0"].value == pytest.approx(bird(230)[0][0])


def test_two_wrong_boxes_are_both_marked_and_one_sentence_is_said():
    """The first on the page; when that is over, the other one."""
    view = live.jacobian()
    view.controls["x1"].text.value = "nan"
    view.controls["x0"].text.value = ""
    assert (refused(view), [*asides(view)]) == (["x0", "x1"], ["x0"])
    view.controls["x0"].text.value = "0"
    assert (refused(view), [*asides(view)]) == (["x1"], ["x1"])
    view.controls["x1"].text.value = "0"
    assert (refused(view), asides(view)) == ([], {})


def test_what_is_wrong_is_seen_in_one_place_and_heard():
    """At its control, or on top of the panels; the line below says it to a screen reader alone."""

    def seen(view):
        status = "" if HEARD in view.status.value else words(view)
        return [text for text in (*asides(view).values(), note(view), status) if text]

    view = live.jacobian([np.nan, 1, 2])
    assert seen(view) == [note(view)] == [words(view)]
    view.controls["x0"].text.value = "0"
    assert seen(view) == [words(view)]
    for wrong in ("abc", "inf"):  # no number; and one that the look refuses
        view.controls["x0"].text.value = wrong
        assert seen(view) == [asides(view)["x0"]] == [words(view)]
    view.controls["x0"].text.value = "0"
    assert seen(view) == [words(view)]


def test_the_box_that_began_the_trouble_stays_marked_until_it_is_over():
    """Whatever else is moved meanwhile, well or not."""
    view = live.temperature()
    view.controls["T"].text.value = "0"
    view.controls["c"].slider.value = 50
    assert refused(view) == ["T"]
    view.controls["c"].text.value = "abc"
    assert (refused(view), [*asides(view)]) == (["c", "T"], ["c"])
    view.controls["c"].slider.value = 60
    assert (refused(view), [*asides(view)]) == (["T"], ["T"])
    view.controls["T"].text.value = "1"
    assert refused(view) == []


def test_minus_infinity_rules_a_class_out():
    """It is a possible logit: its probability is 0, and so are its row and column of J."""
    view = live.jacobian()
    view.controls["x0"].text.value = "-inf"
    assert words(view).startswith("Logits -inf, +0.492, +0.868. Probabilities 0.000, 0.407, 0.593")


@pytest.mark.parametrize("error", [KeyError("lost"), RuntimeError("<b>"), FloatingPointError("x")])
def test_an_exception_in_a_callback_is_shown_not_lost(error, monkeypatch):
    """A traceback of a callback goes where no learner looks."""
    view = live.jacobian()
    before, look = view.html.value, view.look

    def broken(**values):
        raise error

    view.look = broken
    view.controls["x0"].slider.value = 3.0
    failed = f"This view failed with {type(error).__name__}: {error}; Esc brings back -1.36052"
    assert words(view) == failed
    view.look = look
    view.controls["number"].text.value = "230"
    view.controls["number"].text.value = "231"
    assert view.html.value == before


@pytest.mark.parametrize("alive", [True, False])
def test_a_view_that_begins_in_trouble_says_so_and_goes_on(alive, monkeypatch):
    """There is nothing yet to be dimmed."""
    if alive:
        monkeypatch.delenv("SMLEARN_STATIC")
    view = live.jacobian([np.nan, 1, 2])
    sentence = "softmax: the largest logit must be finite, but got NaN"
    assert note(view).startswith(sentence)
    assert view._repr_mimebundle_()["text/plain"].startswith(f"Figure: {sentence}")
    view.controls["x0"].text.value = "0"
    assert words(view).startswith(
        "Logits 0.000, +1.000, +2.000. Probabilities 0.090, 0.245, 0.665"
    )


def test_an_exception_in_what_follows_a_control_is_shown_as_well():
    """The bird sets the logits before anything is drawn, and that may go wrong, too."""
    number = Dial("bird", 1, 0, 9, 1, whole=True)
    view = View(lambda number: 1 / 0, {"number": number}, follow={"number": lambda: [][1]})
    assert words(view) == "This view failed with ZeroDivisionError: division by zero"
    number.slider.value = 5
    assert words(view).startswith("This view failed with IndexError: list index out of range")


@every_view
def test_nothing_jumps_and_nothing_raises_whatever_a_hand_does(make):
    """The drawing and the words keep their heights, also where there is nothing to draw."""
    view = make()
    first = heights(view)
    count = 0
    for _ in moves(view):
        count += 1
        assert heights(view) == first
        assert "<b>" not in view.html.value
    assert count >= 2


def test_another_height_would_be_noticed():
    """The check above can fail."""
    view = live.jacobian()
    first, view.html.value = heights(view), view.html.value.replace("0 0 248 118", "0 0 248 119")
    assert heights(view) != first


# ---- where nothing runs


@every_view
def test_a_stored_view_is_a_figure_with_alt_text(make):
    """SMLEARN_STATIC=1, as for all tests: what the notebooks hold and nbval compares."""
    view = make()
    bundle = view._repr_mimebundle_()
    assert set(bundle) == {"text/plain", "text/html"}
    stored = PICTURE.fullmatch(bundle["text/html"])
    assert unescape(stored["alt"]) == view.now().alt
    assert stored["kind"] == "svg+xml"
    shown = [panel.replace(f' style="{FIT}"', "") for panel in panels(view)]
    assert [image.decode() for image in images(stored)] == shown  # what is live
    assert f"<figcaption>{escape(view.now().title)}</figcaption>" in bundle["text/html"]
    assert bundle["text/plain"] == f"Figure: {view.now().alt}"


@every_view
def test_a_live_view_keeps_its_figure_for_export(make, monkeypatch):
    """A page exported without the kernel shows the figure in the widget's place."""
    still = make()._repr_mimebundle_()
    monkeypatch.delenv("SMLEARN_STATIC")
    bundle = make()._repr_mimebundle_()
    assert bundle.pop("application/vnd.jupyter.widget-view+json")["model_id"]
    assert bundle == still


def test_a_moved_view_stores_what_it_shows():
    """The figure is made when it is asked for."""
    view = live.step()
    before = view._repr_mimebundle_()["text/html"]
    view.controls["k"].slider.value = 30
    after = view._repr_mimebundle_()
    assert after["text/html"] != before
    assert "2^-30" in after["text/plain"]


# ---- how it is built


def test_the_drawing_is_labelled_and_the_words_are_announced():
    """A picture for a screen reader is its finding; the numbers are read out as they change: the
    element stays, so its role is given by the script, once."""
    view = live.upstream()
    assert 'role="img" aria-label="Bird 231, a Gentoo: how much worse' in view.html.value
    assert "role" not in view.status.value
    assert STATUS in view.status._dom_classes
    assert VIEW in view.widget._dom_classes
    assert any(child.value == HOOK for child in view.widget.children[1:])


def test_the_script_knows_the_classes_that_the_widgets_have():
    """They are written in two languages."""
    classes = set(re.findall(r"\.(smlearn-\w+)", SCRIPT))
    assert classes == {VIEW, STATUS, POWERS, WRONG}
    assert POWERS in live.temperature().controls["T"].slider._dom_classes


def test_the_style_of_a_dark_theme_is_written_as_css():
    """Nothing in it is escaped, for a browser reads the inside of <style> as it stands."""
    assert f"<style>{DARK}</style>" in HOOK
    assert "body[data-jp-theme-light=false] .smlearn-view svg {" in DARK


def test_only_core_widgets_are_used():
    """No interact, no Output: both lose errors and make the page jump; and no extension."""
    folder = Path(live.__file__).parent
    users = {}
    for path in folder.glob("*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        names = {n.attr for n in ast.walk(tree) if isinstance(n, ast.Attribute)
                 and isinstance(n.value, ast.Name) and n.value.id == "widgets"}  # fmt: skip
        if names:
            users[path.stem] = names
    assert users == {
        "controls": {"Button", "DOMWidget", "Dropdown", "FloatSlider", "HBox", "Text", "Widget"},
        "side": {"HTML", "VBox"},
        "widget": {"Box", "HTML", "VBox"},
    }  # fmt: skip


def test_every_control_is_one_of_three_kinds():
    """So that what is tested of them holds for all views."""
    kinds = {type(c) for make in MAKERS.values() for c in make().controls.values()}
    assert kinds == {Dial, Choice, Push}


def test_birds_are_named_and_those_without_measurements_refused():
    """Two of the 344 were not measured."""
    assert bird(37)[1] == "Bird 37, an Adelie"
    missing = np.flatnonzero(np.isnan(load_penguins().bill_length_mm)).tolist()
    assert len(missing) == 2
    for number in missing:
        with pytest.raises(ValueError, match=f"bird: number {number} was never measured"):
            bird(number)
