"""Each look draws and says what the package computes, legibly, whatever it is given."""

import functools
import re

import numpy as np
import pytest
from hygiene import NOTEBOOKS
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from test_live_scene import assert_drawn, parts, said, widths

from smlearn import (
    four_birds,
    one_bird,
    softmax,
    softmax_jacobian,
    softmax_vjp,
)
from smlearn.checking import gradcheck
from smlearn.checking.differences import default_step, numerical_jvp
from smlearn.figures import simplex as house
from smlearn.live.charts import BAR, GREY, WIDTH, around, number
from smlearn.live.checks import CHECKS, GRADCHECK, KEYS, LAWS, RIGHT, RUNS, ask, caught
from smlearn.live.look_guess import look_at_guess
from smlearn.live.look_logits import look_at_jacobian, look_at_temperature
from smlearn.live.look_mistakes import first_fooled, look_at_mistake
from smlearn.live.look_step import look_at_step, measure
from smlearn.live.look_upstream import look_at_upstream
from smlearn.live.scene import Disc, Line, Polygon, Text
from smlearn.mistakes import SOFTMAX_MISTAKES as MISTAKES
from smlearn.penguins import FOUR_COSTS

X = one_bird()
COSTS = np.array([4.0, 1.0, 0.0])
FAR = np.array([-np.inf, 1e308, 0.0])
LOOKS = {
    "jacobian": lambda: look_at_jacobian(X, "Bird 231, a Gentoo"),
    "jacobian, one class ruled out": lambda: look_at_jacobian(FAR, "Your logits"),
    "guess": lambda: look_at_guess(X, 2, np.array([0, -0.1, 0.3]), False, "Bird 231, a Gentoo"),
    "guess, answered": lambda: look_at_guess(X, 1, np.array([9, -1e5, 0]), True, "Your logits"),
    "upstream": lambda: look_at_upstream(X, COSTS, "Bird 298, a Chinstrap"),
    "upstream, enormous": lambda: look_at_upstream(X, 1e12 * COSTS, "Your logits"),
    "upstream, undecided": lambda: look_at_upstream(0 * X, [5.0, -5.0, 5.0] + 0 * X, "You"),
    "temperature": lambda: look_at_temperature(X, 100, 0.3, "Bird 298, a Chinstrap"),
    "temperature, no gradient anywhere": lambda: look_at_temperature(
        np.array([0, 1e6, 0]), 0, 1, "Your logits"
    ),
    "temperature, cold": lambda: look_at_temperature(X, -1000, 1e-3, "Your logits"),
    "temperature, far": lambda: look_at_temperature(X, 1e300, 100, "Your logits"),
    "step": lambda: look_at_step(X, 8, "central", "float64"),
    "step, too small": lambda: look_at_step(X, 52, "forward", "float64"),
    "step, best": lambda: look_at_step(X, 16, "central", "float64"),
    "step, float32": lambda: look_at_step(X, 3, "richardson", "float32"),
} | {
    f"{key}, {check}": lambda key=key, check=check: look_at_mistake(key, check)
    for key, check in [*((key, first_fooled(key)) for key in KEYS),
                       *(("factor_two", check) for check in CHECKS)]
}  # fmt: skip
# Several tests look at each: a look is made of tuples.
LOOKS = {name: functools.cache(look) for name, look in LOOKS.items()}
every_look = pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)


def floats(text: str) -> list[float]:
    return [float(v) for v in re.findall(r"[-+]?\d+\.\d+(?:e[-+]\d+)?", text)]


# ---- every look


@every_look
def test_the_svg_draws_what_is_looked_at(look):
    """Every part, with its numbers to six digits."""
    for panel in look().panels:
        assert_drawn(panel)


def luminance(colour: str) -> float:
    """Return the relative luminance of a colour, as WCAG 2 defines it."""
    c = np.array([int(colour[k : k + 2], 16) for k in (1, 3, 5)]) / 255
    linear = np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, 1 to 21."""
    dark, light = sorted(luminance(c) for c in (one, other))
    return (light + 0.05) / (dark + 0.05)


def ground(scene, text: Text) -> str:
    """Return the colour of the topmost box below the words of a text."""
    x, y = text.at[0], text.at[1] - text.size / 3
    colour = "#ffffff"
    for part in scene.parts[: scene.parts.index(text)]:
        if isinstance(part, Polygon) and len(part.points) == 4 and part.fill != "none":
            (left, top), (right, bottom) = np.min(part.points, 0), np.max(part.points, 0)
            if left <= x <= right and top <= y <= bottom:
                colour = part.fill
    return colour


@every_look
def test_words_stand_out_from_their_ground(look):
    """4.5 to 1 is what WCAG 2 asks of text."""
    for scene in look().panels:
        for part in scene.parts:
            if isinstance(part, Text):
                assert contrast(part.colour, ground(scene, part)) >= 4.5, part


def test_the_contrast_is_the_one_of_the_norm():
    """Black on white is 21 to 1; this grey is the well-known 4.5 to 1 limit."""
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)
    assert contrast("#D55E00", "#ffffff") < 4.5  # so no words in the palette's orange


def boxes_of(scene, texts) -> list:
    """Return the box that each text fills, in pixels, as matplotlib measures DejaVu Sans."""
    figure = Figure((scene.width / 100, scene.height / 100), dpi=100)
    renderer = FigureCanvasAgg(figure).get_renderer()
    align = {"start": "left", "middle": "center", "end": "right"}
    boxes = []
    for text in texts:
        drawn = figure.text(
            text.at[0] / scene.width,
            1 - text.at[1] / scene.height,
            text.words.replace("$", r"\$"),
            fontsize=text.size * 0.72,
            ha=align[text.anchor],
            va="baseline",
            weight="bold" if text.bold else "normal",
            family="DejaVu Sans Mono" if text.mono else "DejaVu Sans",
        )
        boxes.append(drawn.get_window_extent(renderer))
    return boxes


@every_look
def test_words_stay_on_the_sheet_and_apart(look):
    """Measured with the font that the SVG asks for first: nothing is cut off or written over."""
    for scene in look().panels:
        texts = [part for part in scene.parts if isinstance(part, Text) and part.words]
        boxes, names = boxes_of(scene, texts), [text.words for text in texts]
        for k, box in enumerate(boxes):
            assert min(box.x0, box.y0) >= 0, names[k]
            assert box.x1 <= scene.width, names[k]
            assert box.y1 <= scene.height, names[k]
            for other in range(k):
                apart = not box.padded(-2).overlaps(boxes[other].padded(-2))
                assert apart, (names[k], names[other])


@every_look
def test_letters_are_large_enough_and_panels_narrow_enough_for_a_phone(look):
    """A panel is drawn at its own width or wider, and 248 pixels are there at 400."""
    for scene in look().panels:
        assert scene.width == WIDTH == 248
        assert min(part.size for part in scene.parts if isinstance(part, Text)) >= 11


@every_look
def test_everything_is_drawn_on_the_sheet(look):
    """Also with logits that are not of this world."""
    for scene in look().panels:
        for part in scene.parts:
            places = part.points if hasattr(part, "points") else [getattr(part, "centre", (1, 1))]
            assert np.isfinite(places).all()
            assert (np.array(places) >= 0).all()
            assert (np.array(places) <= (scene.width, scene.height)).all()


@every_look
def test_the_alt_text_is_the_finding_and_the_numbers(look):
    """The title stands above the panels, too: nobody gets less than the others."""
    one = look()
    assert one.alt.startswith(one.title)
    assert one.alt.endswith(one.words)
    assert len(one.words) > 20


# ---- one by one


def test_the_jacobian_is_the_packages(rng):
    """Bars are x and p, cells are J, and each row's sum is said to be 0."""
    x = rng.standard_normal(3)
    p, J, look = softmax(x), softmax_jacobian(x), look_at_jacobian(x, "You")
    np.testing.assert_allclose(widths(parts(look)), [*x * BAR / 12, *p * BAR])
    assert [f"{v:+.3f}" for v in J.ravel()] == said(parts(look))[-13:-4]
    assert floats(look.words) == pytest.approx([*x, *p, abs(J).max()], abs=5e-4)
    assert look.words.endswith("Rows of J add up to 0, 0, 0.")


def test_a_row_of_j_that_does_not_add_up_would_be_seen(monkeypatch):
    """The three zeros are computed, not written."""
    monkeypatch.setattr(
        "smlearn.live.look_logits.softmax_jacobian", lambda x: np.full((3, 3), 0.1)
    )
    assert look_at_jacobian(X, "You").words.endswith("add up to 3e-01, 3e-01, 3e-01.")


@pytest.mark.parametrize("j", range(3))
def test_a_guess_is_measured_against_its_column(j, rng):
    """Bars are the guess, frames the column, the miss the largest difference."""
    x, guess = rng.standard_normal(3), rng.uniform(-0.3, 0.3, 3)
    look, column = look_at_guess(x, j, guess, True, "You"), softmax_jacobian(x)[:, j]
    panel = look.panels[1].parts
    np.testing.assert_allclose(widths(panel), guess * BAR / 0.6)
    frames = [p.points for p in panel if isinstance(p, Polygon) and p.fill == "none"]
    np.testing.assert_allclose([p[1][0] - p[0][0] for p in frames], column * BAR / 0.6)
    assert f"off by {np.abs(guess - column).max():.3f} at most" in look.title
    wanted = [*guess, *column, guess.sum()]
    assert floats(look.words) == pytest.approx(wanted, abs=5e-3)


def test_the_upstream_is_the_packages(rng):
    """p, dp, p * dp, dp - mean and dx as bars."""
    x, dp = rng.standard_normal((2, 3))
    p, dx, look = softmax(x), softmax_vjp(x, dp), look_at_upstream(x, dp, "You")
    mean = p @ dp
    shown = [dp, p * dp, dp - mean, dx]
    wanted = [p * BAR, *(v * BAR / 2 / around(v)[1] for v in shown)]
    np.testing.assert_allclose(widths(parts(look)), np.ravel(wanted))
    assert floats(look.words) == pytest.approx([*dp, mean, *dx, 0], abs=5e-3)


@pytest.mark.parametrize("costs", [COSTS, 100 * COSTS, -COSTS])
def test_the_arrow_goes_down_from_the_bird_and_stays_in_the_triangle(costs):
    """To the probabilities of x - 2 dx, and so to a lower expected cost."""
    look = look_at_upstream(X, costs, "You")
    p = softmax(X - 2 * softmax_vjp(X, costs))
    across, up = p @ house.CORNERS
    tip = parts(look)[-1].points[0]
    np.testing.assert_allclose(tip, (72 + 104 * across, 134 - 104 * up))
    assert p @ costs < softmax(X) @ costs


def test_equal_costs_give_no_gradient():
    """The title says so, and there is no arrow."""
    look = look_at_upstream(X, np.ones(3), "You")
    assert "equal costs give no gradient" in look.title
    assert "dx 0.000, 0.000, 0.000, which add up to 0.000" in look.words
    arrows = len(parts(look_at_upstream(X, COSTS, "You"))) - len(parts(look))
    assert arrows == 2  # a shaft and a head


def test_a_shift_changes_nothing_and_a_low_temperature_everything():
    """p is that of x / T; the largest entry of J is on the curve, and dies."""
    warm, cold = (look_at_temperature(X, 500, T, "You") for T in (1, 0.01))
    assert "Adding c changes nothing" in warm.words
    assert floats(warm.words)[:3] == pytest.approx(softmax(X), abs=5e-4)
    assert floats(cold.words)[-1] == pytest.approx(softmax_jacobian(X / 0.01).max(), rel=0.05)
    assert cold.title.endswith("sure, and so without a gradient")
    dots = [part for part in parts(cold) if isinstance(part, Disc)]
    assert dots[-1].centre[1] > [p for p in parts(warm) if isinstance(p, Disc)][-1].centre[1]


def test_what_has_left_the_panel_of_the_temperature_is_not_drawn():
    """A curve along the floor would say that J stops dying there."""
    foot = 28 + 70
    lines = [p for p in parts(look_at_temperature(X, 0, 1, "You")) if isinstance(p, Line)]
    (curve,) = (line for line in lines if len(line.points) > 20)
    heights = np.array([y for _, y in curve.points])
    assert (heights < foot).all()
    assert heights[0] > foot - 12  # it ends near the floor, where 1e-12 is
    assert (np.diff(heights[:20]) < 0).all()


def test_a_shift_that_rounds_the_logits_away_is_said_to():
    """Adding 1e17 leaves nothing of the differences."""
    look = look_at_temperature(X, 1e17, 1, "You")
    assert "so large a shift rounds the logits away" in look.title
    assert "Adding c changes p by" in look.words


@pytest.mark.parametrize("T", [0.0, -1.0, np.nan, np.inf])
def test_an_impossible_temperature_is_refused(T):
    """With what to try instead."""
    with pytest.raises(ValueError, match="T must be a positive number, but got"):
        look_at_temperature(X, 0, T, "You")


@pytest.mark.parametrize(("method", "dtype"), [("central", "float64"), ("forward", "float32")])
def test_the_step_view_shows_a_measurement_of_the_package(method, dtype):
    """Both numbers, their error, and the point at which the V passes today's step."""
    x, k = X.astype(dtype), 7
    t = np.array([0, 0, 1], dtype)
    measured = float(numerical_jvp(softmax, x, t, method=method, h=2.0**-k)[2])
    exact = softmax_jacobian(x.astype(float))[2, 2]
    assert measure(x, method, 2.0**-k) == (measured, exact)
    look = look_at_step(X, k, method, dtype)
    assert f"Measured {measured:.12f}, exact {exact:.12f}" in look.words
    assert floats(look.words)[-1] == pytest.approx(abs(measured - exact), rel=0.05)
    *points, here = [p.centre for p in parts(look) if isinstance(p, Disc)]
    np.testing.assert_allclose(points[k - 1], here)


def test_the_digits_in_common_are_counted_from_the_left():
    """Halving a large step brings more; halving a small one takes them away."""
    common = {}
    for k in (4, 16, 40):
        words = look_at_step(X, k, "central", "float64").words
        common[k] = int(re.search(r"Decimals in common: (\d+)", words)[1])
        measured, exact = floats(words)[1:3] if k == 4 else measure(X, "central", 2.0**-k)
        a, b = (f"{v:.12f}".partition(".")[2] for v in (measured, exact))
        assert a[: common[k]] == b[: common[k]]
        assert a[common[k] : common[k] + 1] != b[common[k] : common[k] + 1]
    assert common[4] < common[16] > common[40]


def test_the_titles_say_on_which_side_of_theory_the_step_is():
    """2^-16 is the package's own for central differences."""
    titles = [look_at_step(X, k, "central", "float64").title for k in (15, 16, 17)]
    assert [t.rpartition(" ")[2] for t in titles] == ["truncation", "chooses", "rounding"]


@pytest.mark.parametrize(("method", "dtype"), [("central", "float64"), ("forward", "float32")])
def test_no_step_is_drawn_through_the_word_theory(method, dtype):
    """It stands above the plot, where no line goes."""
    best = int(-np.log2(default_step(method, dtype)))
    for k in range(max(best - 5, 1), best + 6):
        found = parts(look_at_step(X, k, method, dtype))
        (word,) = [p for p in found if isinstance(p, Text) and p.words == "theory"]
        lines = [p.points for p in found if isinstance(p, Line)]
        assert min(y for points in lines for _, y in points) > word.at[1] + 3  # below its letters


def test_mistakes_show_their_own_numbers():
    """Its own, the right ones, the difference, cell by cell."""
    x, dp = four_birds(), np.array(FOUR_COSTS)
    dx, right = MISTAKES["plus_sign"].vjp(x, dp), softmax_vjp(x, dp)
    cells = said(parts(look_at_mistake("plus_sign", "four rows")))
    for table in (dx, right, dx - right):
        for value in table.ravel():
            text = f"{value:+.3f}"
            assert (text if text.strip("+-0.") else text[1:]) in cells


@pytest.mark.parametrize("key", KEYS)
def test_nobody_is_told_that_a_mistake_is_theirs(key):
    """Whoever looks has not written it; what its author is told is quoted as such."""
    look = look_at_mistake(key, "ones")
    assert not re.search(r"\byou", " ".join(map(str, said(parts(look)))), re.I)
    before, quoted, _ = look.words.partition("Its author is told: ")
    assert not re.search(r"\byou", before, re.I)
    assert bool(quoted) == (key != RIGHT)


@pytest.mark.parametrize(
    ("key", "silent"),
    [
        ("diagonal_only", {"seed's", "wide, 1e-4"}),
        ("seed_sum_backward", {"seed's", "wide, 1e-4"}),
        ("factor_two", {"ones", LAWS}),
        ("divided_by_batch", {"ones", "one row", LAWS}),
        ("one_hot_assumed", {"one-hot", "-y / p"}),
        ("unshifted_exp", {*CHECKS} - {RUNS, "seed's", GRADCHECK}),
        (RIGHT, {*CHECKS} - {RUNS, "seed's"}),
    ],
)
def test_each_check_is_silent_where_it_has_to_be(key, silent):
    """Ones hide a factor, one row hides the batch, ordinary logits hide an overflow; and the
    seed's check lets two mistakes through and turns the right answer away."""
    found = dict(zip(CHECKS, caught(key), strict=True))
    assert {check for check, stops in found.items() if not stops} == {RUNS} | silent


def test_the_wall_is_the_one_of_notebook_07():
    """It prints how many mistakes each check lets through; its random upstream is another."""
    through = (~np.array([caught(key) for key in MISTAKES])).sum(axis=0)
    counts = dict(zip(CHECKS, through.tolist(), strict=True))
    page = "".join((NOTEBOOKS / "07_checks_that_lie.ipynb").read_text("utf-8").split("\\n"))
    lines = re.findall(r'"([^"]{13}) lets +(\d+) of (\d+) through', page)
    assert {int(of) for *_, of in lines} == {len(MISTAKES)}, (
        "07 tells of another number of mistakes: mend its text, then `make refresh NB=` with it"
    )
    printed = {name.strip(): int(n) for name, n, _ in lines}
    assert len(printed) == 10
    renamed = {{"random": "four rows"}.get(name, name): n for name, n in printed.items()}
    assert {name: counts[name] for name in renamed} == renamed


def test_what_never_runs_is_stopped_by_all():
    """Even by the check that asks no more than that."""
    assert all(caught("never_runs"))


@pytest.mark.parametrize("check", CHECKS)
def test_the_numbers_that_fooled_a_check_are_those_it_compares(check):
    """What comes back, what is wanted, and the difference; the verdict is in the title."""
    x, dp, wanted, atol, _ = ask(check)
    for key in ("factor_two", "divided_by_batch", "diagonal_only", RIGHT):
        vjp = softmax_vjp if key == RIGHT else MISTAKES[key].vjp
        dx, look = vjp(x, dp), look_at_mistake(key, check)
        other = vjp(x, dp + 1) if check == LAWS else wanted
        tables = [said(panel.parts) for panel in look.panels[2:]]
        for M, table in zip((dp, dx, other, dx - other), tables, strict=True):
            digits = 3 if x.shape[1] == 3 else 4
            assert table[-M[:, :3].size :] == [number(v, digits) for v in M[:, :3].ravel()]
        assert f"Here: largest difference {np.abs(dx - other).max():.6f}." in look.words
        stops = caught(key)[CHECKS.index(check)]
        assert look.title.endswith("stops it" if stops else "lets it through")
        if check not in (RUNS, LAWS, GRADCHECK):
            assert stops == (np.abs(dx - wanted).max() > atol)


def test_the_wall_marks_the_mistake_and_the_check():
    """Two frames cross where the choice is; dark bricks are what the checks stop."""
    wall = look_at_mistake("factor_two", "ones").panels[1].parts
    frames = [part for part in wall if isinstance(part, Polygon) and part.fill == "none"]
    row, column = (np.mean(frame.points, 0) for frame in frames)
    dark = [part.points for part in wall if isinstance(part, Polygon) and part.fill == GREY]

    def is_dark(x, y):
        return any(p[0][0] <= x <= p[1][0] and p[0][1] <= y <= p[2][1] for p in dark)

    for k, check in enumerate(CHECKS):
        middle = column[0] + 16 * (k - CHECKS.index("ones"))
        assert is_dark(middle, row[1]) == caught("factor_two")[k], check


def test_gradcheck_notices_every_mistake():
    """And nothing where there is none; the other checks each miss something."""
    noticed = np.array([caught(key) for key in MISTAKES])
    assert list(noticed.all(axis=0)) == [False] * (len(CHECKS) - 1) + [True]
    assert gradcheck(softmax, softmax_vjp, four_birds()).verdict == "PASS"


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("never_runs", "it raises TypeError"),
        ("elementwise_with_jacobian", "its shape is (4, 3, 3)"),
        ("keepdims_missing", "it raises ValueError"),
    ],
)
def test_a_mistake_with_nothing_to_compare_says_why(key, words):
    """In the place of its numbers."""
    look = look_at_mistake(key, "ones")
    assert words in said(parts(look))
    assert f"Here: {words}." in look.words


def test_a_mistake_that_nobody_knows_is_refused():
    """With where to look."""
    with pytest.raises(ValueError, match=r"key must be one of the right one, .* but got 'typo'"):
        look_at_mistake("typo", "ones")
    with pytest.raises(ValueError, match=r"check must be one of does it run.*, but got 'hope'"):
        look_at_mistake("factor_two", "hope")


def test_looking_leaves_the_arguments_alone():
    """Some of the mistakes write into theirs."""
    x, dp = X.copy(), COSTS.copy()
    x.flags.writeable = dp.flags.writeable = False
    look_at_upstream(x, dp, "You")
    look_at_step(x, 8, "central", "float64")
    before = look_at_mistake(RIGHT, "four rows")
    look_at_mistake("x_in_place", "four rows"), look_at_mistake("dp_in_place", "four rows")
    assert look_at_mistake(RIGHT, "four rows") == before
