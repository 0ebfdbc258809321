"""The live views under a reader's hands: keys, numbers, heights, rubbish, errors."""

import re
import runpy
from contextlib import contextmanager

import numpy as np
import pytest
from reader import control, focused, press, row, settle, words
from server import ROOT
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
        f"document.querySelectorAll('.smlearn-view [role=status]').length === {len(VIEWS) + 1}"
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


BEYOND = """view => {
    const room = view.closest(".jp-OutputArea-output").getBoundingClientRect();
    return [...view.querySelectorAll("*")].filter(e => e.getClientRects().length)
        .filter(e => !e.closest(".slider") && e.getBoundingClientRect().right > room.right + 1)
        .map(e => e.outerHTML.slice(0, 100));
}"""
SMALLEST = """view => Math.min(...[...view.querySelectorAll("svg text")].map(
    e => parseFloat(e.getAttribute("font-size")) * e.getScreenCTM().a))"""


def beyond(view) -> list[str]:
    """Return what of a view reaches beyond the width that its output has."""
    return view.evaluate(BEYOND)


SIZES = {str(width): (width, 1) for width in (1280, 1024, 640, 400)} | {"200 %": (1280, 2)}


@contextmanager
def window(book, width, zoom):
    """A window so wide, or zoomed so far; at 400 pixels nobody has the side panel open."""
    size, inside = book.page.viewport_size, width // zoom  # a zoom is a smaller window
    if inside < 640:
        book.page.evaluate("window.jupyterapp.shell.collapseLeft()")
    book.page.set_viewport_size({"width": inside, "height": size["height"] // zoom})
    book.page.wait_for_timeout(300)
    yield
    book.page.set_viewport_size(size)
    book.page.evaluate("window.jupyterapp.shell.expandLeft()")
    book.page.wait_for_timeout(300)


def type_into(view, name: str, text: str) -> None:
    row(view, name).locator("input").fill(text)
    view.page.keyboard.press("Enter")
    settle(view)


def label(view) -> str:
    """Return what a screen reader says in place of the panels."""
    return view.locator("[role=img]").get_attribute("aria-label")


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
    assert label(view).startswith(f"Bird {number}, a")


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
    """To the first mistake and to the second, under the check with the upstream of notebook 03."""
    press(view, "check", "End")
    press(view, "check", "ArrowUp", 2)
    press(view, "mistake", "Home")
    assert label(view).startswith("The right one")
    for key in list(MISTAKES)[:2]:
        press(view, "mistake", "ArrowDown")
        shown = control(view, "mistake").evaluate("e => e.selectedOptions[0].text")
        assert shown.split() == key.split("_")
        x, dp = four_birds(), np.array(FOUR_COSTS)
        off = np.abs(MISTAKES[key].vjp(x, dp) - softmax_vjp(x, dp)).max()
        assert f"Here: largest difference {off:.6f}." in words(view)
        assert MISTAKES[key].did in words(view)


@of("mistakes")
def test_a_check_is_chosen_by_key_and_shows_what_fooled_it(view):
    """Twice the right answer, and ones, for which twice 0 is 0."""
    control(view, "mistake").select_option("factor two")
    press(view, "check", "Home")
    press(view, "check", "ArrowDown", 2)
    assert label(view) == 'Factor two and the check "ones": it lets it through'
    table = view.locator("svg").nth(3).locator("text").all_text_contents()
    assert table[0] == "what comes back: dx"
    assert set(table[-12:]) == {"0.000"}


@of("step")
def test_arrow_keys_choose_and_stay_in_the_list(view):
    """JupyterLab would move on to the next cell, and take the focus along."""
    for key, wanted in (("ArrowDown", "richardson"), ("ArrowUp", "central"), ("Home", "forward")):
        press(view, "method", key)
        assert control(view, "method").evaluate("e => e === document.activeElement")
        assert f", {wanted}, " in words(view)


@of("mistakes")
def test_a_list_opens_by_the_space_bar(view):
    """And another is chosen with the arrow keys and Enter."""
    control(view, "mistake").focus()
    before = words(view)
    for key in ("Space", "ArrowDown", "Enter"):
        view.page.keyboard.press(key)
        view.page.wait_for_timeout(200)
    settle(view)
    assert words(view) != before


@every_view
def test_tab_reaches_every_control_in_order(view):
    """Box, slider, box, slider; from the first control to the last."""
    controls = view.locator("input, select, button, .noUi-handle").element_handles()
    wanted = [one for one in controls if one.is_visible()]
    wanted[0].focus()
    for one in wanted[1:]:
        view.page.keyboard.press("Tab")
        assert focused(view.page).evaluate("(e, wanted) => e === wanted", one)


@every_view
def test_every_control_has_a_name_and_says_its_value(view):
    """As the browser tells a screen reader; a slider says what stands in the box beside it."""
    for box in view.locator("input, select").all():
        name = box.evaluate("e => e.labels[0] && e.labels[0].textContent")
        assert re.search(r"\w", name)
        roles = [e.evaluate("e => e.role || e.localName") for e in
                 view.get_by_label(name, exact=True).all()]  # fmt: skip
        assert roles in (["input", "slider"], ["select"])
    for handle in view.locator(".noUi-handle").all():
        box = handle.locator("xpath=ancestor::*[contains(@class, 'widget-hbox')][1]//input")
        assert handle.get_attribute("aria-label") == box.evaluate("e => e.labels[0].textContent")
        assert handle.get_attribute("aria-valuetext") == box.input_value()
    for button in view.locator("button").all():
        assert button.inner_text()


@pytest.mark.parametrize(
    ("view", "name", "key", "wanted"),
    [
        ("temperature", "temperature T", "ArrowLeft", r"0\.\d+"),
        ("temperature", "shift c", "ArrowRight", r"-?\d+"),
        ("jacobian", "x Gentoo", "ArrowLeft", r"-?\d(\.\d)?"),
    ],
    indirect=["view"],
)
def test_a_turned_slider_says_the_number_at_once(view, name, key, wanted):
    """Not -0.6000000000000001 for T = 0.25, and before the kernel has answered."""
    handle = control(view, name)
    handle.focus()
    assert handle.get_attribute("aria-valuetext") == row(view, name).locator("input").input_value()
    for _ in range(3):
        view.page.keyboard.press(key)
        view.page.wait_for_timeout(10)
        assert re.fullmatch(wanted, handle.get_attribute("aria-valuetext"))
    settle(view)
    assert handle.get_attribute("aria-valuetext") == row(view, name).locator("input").input_value()


@every_view
def test_the_line_that_is_read_out_stays_and_changes_its_words(view):
    """A screen reader listens to an element; one that is replaced at each change says nothing."""
    view.evaluate("e => { e.line = e.querySelector('[role=status]'); }")
    before = words(view)
    some = view.locator(".noUi-handle, select").last
    some.focus()
    view.page.keyboard.press("ArrowDown" if some.evaluate("e => !!e.options") else "ArrowRight")
    settle(view)
    assert words(view) != before
    assert view.evaluate("e => e.line.isConnected && e.line === e.querySelector('[role=status]')")


# ---- rubbish and errors


RUBBISH = [
    ("nan", "x Adelie: a number is wanted, but got 'nan'"),
    ("inf", "softmax: the largest logit must be finite, but got +inf"),
    ("a lot", "x Adelie: a number is wanted, but got 'a lot'"),
    ("-3,5", "x Adelie: write -3.5, with a point"),
    ("1e400", "x Adelie: 1e400 is beyond the largest number, 1.8e308"),
    ("", "x Adelie: a number is wanted, but the box is empty"),
]


@of("jacobian")
@pytest.mark.parametrize(("text", "sentence"), RUBBISH)
@pytest.mark.parametrize("back", ["Escape", "ArrowLeft"])
def test_an_impossible_logit_is_said_and_the_view_goes_on(view, text, sentence, back):
    """Typed into the box; then Escape in it, or a key on the slider, and the numbers are back."""
    before = words(view)
    type_into(view, "x Adelie", text)
    assert words(view).startswith(sentence)
    note = view.get_by_text(words(view), exact=True).first  # right below the box
    box = row(view, "x Adelie").locator("input")
    assert box.get_attribute("aria-invalid") == "true"
    place = row(view, "x Adelie").bounding_box()
    assert 0 <= note.bounding_box()["y"] - place["y"] - place["height"] < 5
    dimmed = view.locator("[role=img]")
    assert float(dimmed.evaluate("e => getComputedStyle(e).opacity")) < 0.5
    if back == "Escape":
        view.page.keyboard.press("Escape")
        settle(view)
        assert words(view) == before
        assert box.evaluate("e => e === document.activeElement")
    else:
        press(view, "x Adelie", "ArrowLeft")
    assert dimmed.evaluate("e => getComputedStyle(e).opacity") == "1"
    assert box.get_attribute("aria-invalid") == "false"
    x = [typed(view, f"x {name}") for name in ("Adelie", "Chinstrap", "Gentoo")]
    np.testing.assert_allclose(said(view, "Probabilities"), softmax(x), atol=5e-4)


@every_view
def test_escape_brings_back_what_stood_there(view):
    """In every box of every view: what was being typed, and what was refused."""
    for box in view.locator("input[type=text]").all():
        if not box.is_visible():
            continue
        before, number = words(view), box.input_value()
        box.fill("12,x")
        view.page.keyboard.press("Escape")
        assert box.input_value() == number
        box.fill("12,x")
        view.page.keyboard.press("Enter")
        settle(view)
        assert words(view).endswith(f"Esc brings back {number}")
        view.page.keyboard.press("Escape")
        settle(view)
        assert (words(view), box.input_value()) == (before, number)


@of("broken")
def test_an_exception_in_a_callback_is_shown(view):
    """In the view, where the reader looks."""
    press(view, "x Adelie", "ArrowRight")
    assert words(view).startswith("This view failed with ZeroDivisionError: division by zero")


# ---- all together, after all that was done to them above


def test_nothing_jumped(book):
    """Whatever was done to the views above, no output changed its height."""
    assert book.jumps() == []


def test_a_jump_would_be_noticed(book):
    """The check above can fail."""
    book.page.evaluate("document.querySelector('[role=status]').style.height = '400px'")
    assert len(book.jumps()) == 1


@of("jacobian")
def test_a_column_is_predicted_by_keys_alone(book, view):
    """Asked for, turned, answered; its controls come with the question, so the page grows."""
    type_into(view, "bird", "231")
    press(view, "predict", "End")
    press(view, "guess Gentoo", "ArrowRight", 20)
    press(view, "guess Chinstrap", "ArrowLeft", 20)
    assert "The guess: 0.00, -0.20, +0.20, which add up to 0.000. J is covered." in words(view)
    assert "?" in view.locator("svg").last.locator("text").all_text_contents()
    view.get_by_role("button").focus()
    view.page.keyboard.press("Enter")
    settle(view)
    assert label(view) == "Bird 231, a Gentoo: the guess is off by 0.047 at most"
    column = softmax_jacobian(one_bird())[:, 2]
    np.testing.assert_allclose(said(view, "true"), column, atol=5e-4)
    assert book.axe(rules=None) == []
    for size in SIZES.values():
        with window(book, *size):
            assert beyond(view) == []
    press(view, "predict", "Home")
    assert said(view, "Rows of J add up to").tolist() == [0, 0, 0]
    assert view.get_by_role("button").count() == 0


@pytest.mark.parametrize("theme", ["Dark", "Light"])
def test_the_views_are_readable_in_both_themes(book, theme):
    """All rules of axe-core on all five, and on the one that failed."""
    book.theme(theme)
    assert book.axe(ARTEFACTS / f"views_{theme.lower()}.png", rules=None) == []


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_views_fit_the_width_that_is_there_and_can_be_read(book, size):
    """Nothing reaches beyond its view, and no letter is smaller than 11 pixels."""
    with window(book, *size):
        for view in book.views():
            assert beyond(view) == []
            assert view.evaluate(SMALLEST) >= 11
            for handle in view.locator(".noUi-handle").all():
                if handle.is_visible():  # beside its box: a phone has no room for two lines each
                    box = handle.locator("xpath=ancestor::*[contains(@class, 'widget-hbox')][1]")
                    assert box.bounding_box()["height"] < 40


@pytest.mark.parametrize("size", [(1280, 800), (1024, 768)])
def test_control_and_drawing_are_seen_together(book, size):
    """From the first control to the end of the drawing a view fits one screen."""
    before = book.page.viewport_size
    book.page.set_viewport_size({"width": size[0], "height": size[1]})
    book.page.wait_for_timeout(300)
    screen = book.page.locator(".jp-WindowedPanel-outer").bounding_box()["height"]
    for view in book.views():
        drawing = view.locator("[role=img]").bounding_box()
        assert drawing["y"] + drawing["height"] - view.bounding_box()["y"] < screen
    book.page.set_viewport_size(before)


GROUND = """view => {
    const shown = getComputedStyle(view.querySelector("[role=img]").parentElement);
    const page = getComputedStyle(document.querySelector(".jp-Notebook"));
    return [shown.backgroundColor, page.backgroundColor,
            getComputedStyle(view.querySelector("svg")).filter !== "none"];
}"""


@pytest.mark.parametrize("theme", ["Dark", "Light"])
def test_a_view_has_the_ground_of_its_page(book, theme):
    """No white slab on a dark page: light and dark change places in the drawing."""
    book.theme(theme)
    for view in book.views():
        shown, page, turned = view.evaluate(GROUND)
        assert (shown, turned) == (page, theme == "Dark")


def test_what_is_cut_off_would_be_noticed(book):
    """The check above can fail: for a drawing of a fixed width, and for small print."""
    view = book.views()[0]
    old = view.locator("svg").first.get_attribute("style")
    view.locator("svg").first.evaluate("e => { e.style = 'width: 1100px'; }")
    assert beyond(view) != []
    view.locator("svg").first.evaluate("e => { e.style = 'width: 150px'; }")
    assert view.evaluate(SMALLEST) < 11
    view.locator("svg").first.evaluate("(e, old) => { e.style = old; }", old)


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


# ---- not run, not trusted


@pytest.fixture(scope="module")
def stored(opened):
    return opened("stored.ipynb")


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_stored_panels_are_shown_at_their_size_in_every_width(stored, size):
    """248 pixels a panel, and so no letter below 11; as many side by side as there is room for."""
    with window(stored, *size):
        images = stored.page.locator(".jp-OutputArea-output figure img")
        shown = images.evaluate_all("all => all.map(i => [i.naturalWidth, i.clientWidth])")
        assert shown == [[248, 248]] * (3 + 6 + 3 + 2 + 6)
        for figure in stored.page.locator(".jp-OutputArea-output figure").all():
            assert figure.evaluate("e => e.scrollWidth <= e.clientWidth")
            assert beyond(figure) == []
    assert not any(stored.trusted())


@pytest.mark.parametrize("theme", ["Dark", "Light"])
def test_stored_views_are_readable_in_both_themes(stored, theme):
    """All rules of axe-core; and their ground is white, with a margin, in the dark as well."""
    stored.theme(theme)
    assert stored.axe(ARTEFACTS / f"stored_{theme.lower()}.png", rules=None) == []
    figure = stored.page.locator(".jp-OutputArea-output figure").first
    style = figure.evaluate(
        "e => [getComputedStyle(e).backgroundColor, getComputedStyle(e).paddingTop]"
    )
    assert style == ["rgb(255, 255, 255)", "8px"]


def test_the_page_kept_its_peace(book):
    """No error in the browser's console, and no request to any other machine."""
    assert book.errors == []
    assert book.strangers == []


def test_the_benchmark_of_the_views_finds_what_it_needs():
    """It stands elsewhere, and what it imports has moved before."""
    names = runpy.run_path(str(ROOT / "benchmarks" / "live.py"), run_name="imported")
    assert (names["MEDIAN"], names["TAIL"]) == (40, 60)
    assert set(names["TURNED"]) == set(VIEWS)
