"""The live views under a reader's hands: keys, numbers, heights, rubbish, errors."""

import re

import numpy as np
import pytest
from reader import focused, press, row, settle, words
from shelf import ARTEFACTS, VIEWS

from smlearn import four_birds, load_penguins, one_bird, penguin_logits, softmax
from smlearn.checking.differences import numerical_jvp
from smlearn.formulas.backward import softmax_vjp
from smlearn.formulas.jacobian import softmax_jacobian
from smlearn.mistakes import MISTAKES
from smlearn.penguins import FOUR_COSTS


@pytest.fixture(scope="module")
def book(opened):
    book = opened("views.ipynb")
    assert book.run_all()
    book.page.wait_for_function(
        f"document.querySelectorAll('[role=status]').length === {len(VIEWS) + 1}"
    )
    book.watch_heights()
    return book


@pytest.fixture
def view(book, request):
    """The view whose name the test is given."""
    return book.views()[[*VIEWS, "broken"].index(request.param)]


def of(name: str):
    return pytest.mark.parametrize("view", [name], indirect=True)


every_view = pytest.mark.parametrize("view", VIEWS, indirect=True)


def typed(view, name: str) -> float:
    """Return the number in a box."""
    return float(row(view, name).locator("input").input_value())


def type_into(view, name: str, text: str) -> None:
    row(view, name).locator("input").fill(text)
    view.page.keyboard.press("Enter")
    settle(view)


def said(view, pattern: str) -> np.ndarray:
    """Return the numbers that follow a word in a view's line."""
    found = re.search(pattern + r" ((?:[-+\d.e]+(?:, )?)+)", words(view))
    return np.array([float(text.rstrip(".")) for text in found[1].rstrip(", ").split(", ")])


# ---- keys and numbers


@of("jacobian")
def test_logits_move_p_and_j(view):
    """Seven steps up for Gentoo, three down for Adelie; p and J are those of the package."""
    press(view, "x Gentoo", "ArrowRight", 7)
    press(view, "x Adelie", "ArrowLeft", 3)
    x = np.array([typed(view, f"x {name}") for name in ("Adelie", "Chinstrap", "Gentoo")])
    np.testing.assert_allclose(x[[0, 2]], [-1.7, 1.6])
    np.testing.assert_allclose(said(view, "Logits"), x, atol=5e-4)
    np.testing.assert_allclose(said(view, "Probabilities"), softmax(x), atol=5e-4)
    assert said(view, "Largest entry of J") == pytest.approx(softmax_jacobian(x).max(), abs=5e-4)
    assert said(view, "Rows of J add up to").tolist() == [0, 0, 0]


@of("jacobian")
def test_a_penguin_is_chosen_by_key(view):
    """One key on: the next bird's logits, all three, and its name on the drawing."""
    press(view, "bird", "ArrowRight")
    number = int(typed(view, "bird"))
    birds = load_penguins()
    x = penguin_logits(birds.bill_length_mm[number], birds.bill_depth_mm[number])
    np.testing.assert_allclose(said(view, "Logits"), x, atol=5e-4)
    assert view.locator("svg").get_attribute("aria-label").startswith(f"Bird {number}, a")


@of("upstream")
def test_costs_move_the_gradient_and_equal_ones_end_it(view):
    """Twelve steps down for Chinstrap; then the button, by the space bar."""
    press(view, "dp Chinstrap", "ArrowLeft", 12)
    dp = np.array([4.0, -0.2, 0.0])
    np.testing.assert_allclose(said(view, "dp"), dp, atol=5e-3)
    np.testing.assert_allclose(said(view, "dx"), softmax_vjp(one_bird(), dp), atol=5e-4)
    assert said(view, "Mean <p, dp>") == pytest.approx(softmax(one_bird()) @ dp, abs=5e-4)
    view.get_by_role("button").focus()
    view.page.keyboard.press("Space")
    settle(view)
    assert said(view, "dx").tolist() == [0, 0, 0]


@of("temperature")
def test_temperature_moves_p_and_shift_does_not(view):
    """Four steps colder, six steps of shift."""
    press(view, "temperature T", "ArrowLeft", 4)
    T = typed(view, "temperature T")
    assert pytest.approx(10**-0.8, rel=1e-4) == T
    before = said(view, "Probabilities")
    np.testing.assert_allclose(before, softmax(one_bird() / T), atol=5e-4)
    press(view, "shift c", "ArrowRight", 6)
    assert typed(view, "shift c") == 160
    assert said(view, "Probabilities").tolist() == before.tolist()
    assert "Adding c changes nothing" in words(view)
    largest = softmax_jacobian(one_bird() / T).max()
    assert said(view, "Largest entry of J") == pytest.approx(largest, rel=0.05)


@of("step")
def test_a_smaller_step_gains_digits_and_loses_them_again(view):
    """Eight halvings more, then twenty; the measurement is the package's."""
    common = []
    for more in (8, 20):
        press(view, "halvings k", "ArrowRight", more)
        k = int(typed(view, "halvings k"))
        measured = numerical_jvp(softmax, one_bird(), np.array([0.0, 0, 1]), h=2.0**-k)[2]
        assert f"h = 2^-{k} " in words(view)
        assert f"Measured {measured:.12f}" in words(view)
        common.append(int(re.search(r"common: (\d+)", words(view))[1]))
    assert (typed(view, "halvings k"), common[0] > common[1]) == (36, True)


@of("mistakes")
def test_the_gallery_is_walked_by_key(view):
    """To the first mistake and to the second; their numbers are compared with the right ones."""
    press(view, "mistake", "Home")
    assert view.locator("svg").get_attribute("aria-label").startswith("The right one")
    for key in list(MISTAKES)[:2]:
        press(view, "mistake", "ArrowRight")
        shown = view.locator("select").evaluate("e => e.selectedOptions[0].text")
        assert shown.split() == key.split("_")
        x, dp = four_birds(), np.array(FOUR_COSTS)
        off = np.abs(MISTAKES[key].vjp(x, dp) - softmax_vjp(x, dp)).max()
        assert f"Here: largest difference {off:.3f}." in words(view)
        assert MISTAKES[key].did in words(view)


@of("mistakes")
def test_a_list_opens_by_the_space_bar(view):
    """JupyterLab keeps the arrow keys from a closed list, but not from an open one."""
    view.locator("select").focus()
    before = words(view)
    for key in ("Space", "ArrowDown", "Enter"):
        view.page.keyboard.press(key)
        view.page.wait_for_timeout(200)
    settle(view)
    assert words(view) != before


@every_view
def test_tab_reaches_every_control_in_order(view):
    """Box, slider, box, slider; from the first control to the last."""
    wanted = view.locator("input, select, button, .noUi-handle").element_handles()
    wanted[0].focus()
    for control in wanted[1:]:
        view.page.keyboard.press("Tab")
        assert focused(view.page).evaluate("(e, wanted) => e === wanted", control)


@every_view
def test_every_box_and_button_has_a_name(view):
    """For a screen reader; the slider beside a box has none in ipywidgets, the box has."""
    for box in view.locator("input, select").all():
        name = box.evaluate("e => e.labels[0] && e.labels[0].textContent")
        assert re.search(r"\w", name)
        assert view.get_by_label(name, exact=True).count() == 1
    for handle in view.locator(".noUi-handle").all():
        assert handle.get_attribute("role") == "slider"
        assert handle.get_attribute("aria-valuenow")
    for button in view.locator("button").all():
        assert button.inner_text()


# ---- rubbish and errors


@of("jacobian")
@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("nan", "softmax: the largest logit must be finite, but got NaN"),
        ("inf", "softmax: the largest logit must be finite, but got +inf"),
        ("a lot", "x Adelie: a number is wanted, but got 'a lot'"),
    ],
)
def test_an_impossible_logit_is_said_and_the_view_goes_on(view, text, sentence):
    """Typed into the box; then a key on the slider, and the numbers are back."""
    type_into(view, "x Adelie", text)
    assert words(view).startswith(sentence)
    press(view, "x Adelie", "ArrowLeft")
    x = [typed(view, f"x {name}") for name in ("Adelie", "Chinstrap", "Gentoo")]
    np.testing.assert_allclose(said(view, "Probabilities"), softmax(x), atol=5e-4)


@of("broken")
def test_an_exception_in_a_callback_is_shown(view):
    """In the view, where the reader looks."""
    press(view, "x Adelie", "ArrowRight")
    assert words(view) == "This view failed with ZeroDivisionError: division by zero"


# ---- all together, after all that was done to them above


def test_nothing_jumped(book):
    """Whatever was done to the views above, no output changed its height."""
    assert book.jumps() == []


def test_a_jump_would_be_noticed(book):
    """The check above can fail."""
    book.page.evaluate("document.querySelector('[role=status]').style.height = '400px'")
    assert len(book.jumps()) == 1


@pytest.mark.parametrize("theme", ["Dark", "Light"])
def test_the_views_are_readable_in_both_themes(book, theme):
    """axe-core on all five, and on the one that failed."""
    book.theme(theme)
    assert book.axe(ARTEFACTS / f"views_{theme.lower()}.png") == []


def test_axe_sees_what_is_wrong(book):
    """The check above can fail, for each of its rules."""
    wrong = (
        '<img src="data:,"><input type="text"><h1>One</h1><h4>Four</h4>'
        '<p style="color: #aaa; background: #fff">Pale words</p>'
    )
    book.page.evaluate(
        """html => {
            const box = document.createElement("div");
            box.id = "wrong"; box.innerHTML = html;
            document.querySelector(".jp-MarkdownOutput").append(box);
        }""",
        wrong,
    )
    found = {line.partition(":")[0] for line in book.axe()}
    book.page.evaluate("document.getElementById('wrong').remove()")
    assert found == {"image-alt", "label", "heading-order", "color-contrast"}
    assert book.axe() == []


def test_the_page_kept_its_peace(book):
    """No error in the browser's console, and no request to any other machine."""
    assert book.errors == []
    assert book.strangers == []
