"""One drawing for page and paper: the SVG holds the numbers of the scene, part by part."""

import re
from xml.etree import ElementTree

import numpy as np
import pytest

from smlearn import SPECIES, one_bird, softmax, softmax_jacobian
from smlearn.figures import simplex as house
from smlearn.live.charts import (
    BAR,
    PALE,
    around,
    bars,
    heat,
    letters,
    mark,
    names,
    number,
    triangle,
)
from smlearn.live.loglog import LogLog
from smlearn.live.scene import Disc, Line, Polygon, Scene, Text, arrow, box
from smlearn.live.svg import to_svg

PARTS = (
    box(10, 20, 30, 5, "#ff0000", "#000000"),
    Line(((1, 2), (30, 4), (5, 60)), "#0072B2", 2.0, (4, 3)),
    Disc((50, 60), 7, "#123456", "#ffffff", 1.5),
    Text((12, 34), "p < 1 & $x$", 11, "middle", bold=True, mono=True),
    Polygon(((1, 1), (9, 1), (5, 7)), "none", "#595959"),
)


def read_svg(text: str) -> list[tuple]:
    """Return the parts of an SVG in order, as (kind, numbers, colour, words)."""
    sheet, *parts = ElementTree.fromstring(text)
    assert sheet.tag == "{http://www.w3.org/2000/svg}rect"
    found = []
    for part in parts:
        a, kind = part.attrib, part.tag.partition("}")[2]
        if kind in ("polygon", "polyline"):
            numbers = [float(v) for v in re.split("[ ,]", a["points"])]
            colour = a["fill"] if kind == "polygon" else a["stroke"]
        elif kind == "circle":
            numbers, colour = [float(a[k]) for k in ("cx", "cy", "r")], a["fill"]
        else:
            numbers, colour = [float(a[k]) for k in ("x", "y", "font-size")], a["fill"]
        found.append((kind, numbers, colour, part.text))
    return found


def expected(part) -> tuple:
    """Return a part of a scene in the words of `read_svg`."""
    match part:
        case Polygon(points, fill):
            return "polygon", np.ravel(points), fill, None
        case Line(points, colour):
            return "polyline", np.ravel(points), colour, None
        case Disc(centre, radius, fill):
            return "circle", [*centre, radius], fill, None
        case Text(at, words, size):
            return "text", [*at, size], part.colour, words


def assert_drawn(scene: Scene) -> None:
    """Compare what the SVG of a scene draws with what is on the scene."""
    svg = read_svg(to_svg(scene))
    for one, part in zip(svg, scene.parts, strict=True):
        other = expected(part)
        assert (one[0], one[2], one[3]) == (other[0], other[2], other[3])
        np.testing.assert_allclose(one[1], other[1], rtol=1e-5)  # the SVG has six digits


def test_the_svg_draws_the_numbers_of_the_scene():
    """Each kind of part, in order."""
    assert_drawn(Scene(100, 80, PARTS))


@pytest.mark.parametrize("part", PARTS, ids=lambda part: type(part).__name__)
def test_a_part_left_out_is_noticed(part):
    """The comparison above can fail, for each kind of part."""
    scene = Scene(100, 80, PARTS)
    less = Scene(100, 80, tuple(p for p in PARTS if p is not part))
    assert read_svg(to_svg(scene)) != read_svg(to_svg(less))


def test_what_is_no_part_is_refused():
    """A sentence, not an empty drawing."""
    with pytest.raises(TypeError, match="a scene must hold parts, but got str"):
        to_svg(Scene(10, 10, ("a word",)))


def test_words_cannot_break_out_of_the_svg():
    """An error message may hold anything."""
    text = to_svg(Scene(9, 9, (Text((1, 2), '</text><script>"'),)), 'a "style" <b>')
    (_, words) = ElementTree.fromstring(text)
    assert words.text == '</text><script>"'
    assert ElementTree.fromstring(text).attrib["style"] == 'a "style" <b>'


def test_the_paper_is_opaque():
    """A dark theme would swallow dark ink."""
    sheet = ElementTree.fromstring(to_svg(Scene(20, 10, ())))[0].attrib
    assert (sheet["width"], sheet["height"], sheet["fill"]) == ("20", "10", "#ffffff")


def test_lines_and_letters_keep_their_style():
    """Width and dashes of a line; bold and mono letters, and the spaces between them."""
    _, _, line, _, text, _ = ElementTree.fromstring(to_svg(Scene(100, 80, PARTS)))
    assert (line.get("stroke-width"), line.get("stroke-dasharray")) == ("2", "4,3")
    assert text.get("text-anchor") == "middle"
    assert text.get("font-weight") == "bold"
    assert "Mono" in text.get("font-family")
    assert text.get("{http://www.w3.org/XML/1998/namespace}space") == "preserve"


# ---- charts


def widths(parts) -> list[float]:
    """Return the signed widths of the bars, which are the boxes of height 14."""
    boxes = [p for p in parts if isinstance(p, Polygon) and len(p.points) == 4]
    bars = [b.points for b in boxes if b.points[2][1] - b.points[1][1] == 14]
    return [b[1][0] - b[0][0] for b in bars]


def parts(look) -> list:
    """Return what is on the panels of a look, in order."""
    return [part for panel in look.panels for part in panel.parts]


def said(parts) -> list[str]:
    return [p.words for p in parts if isinstance(p, Text)]


def test_bars_are_as_long_as_their_numbers():
    """From the zero line, to the right above 0 and to the left below."""
    parts = bars("p", np.array([0.5, -0.25, 0.0]), (-1, 1)).parts
    assert widths(parts) == [BAR / 4, -BAR / 8, 0]
    assert said(parts) == ["p", *SPECIES, "+0.500", "-0.250", "0.000", "-1", "1", "0"]


def test_a_bar_stays_in_its_panel_and_its_number_tells_the_truth():
    """A logit of minus infinity rules a class out; it does not leave the page."""
    parts = bars("p", np.array([9.0, -np.inf, 0]), (-1, 1)).parts
    assert widths(parts) == [BAR / 2, -BAR / 2, 0]
    assert said(parts)[4:6] == ["+9.000", "-inf"]


def test_frames_show_other_values_beside_the_bars():
    """They are drawn, not filled, so that both can be seen."""
    parts = bars("p", np.zeros(3), (0, 1), outline=np.array([0.7, 0.2, 0.1])).parts
    frames = [p for p in parts if isinstance(p, Polygon) and p.fill == "none"]
    lengths = [frame.points[1][0] - frame.points[0][0] for frame in frames]
    np.testing.assert_allclose(lengths, [0.7 * BAR, 0.2 * BAR, 0.1 * BAR])


@pytest.mark.parametrize(
    ("values", "edge"),
    [([0.1, -0.3], 0.5), ([4.0], 5), ([0, 0], 0.1), ([-5.1, np.inf], 10), ([1e308], 1e307)],
)
def test_limits_are_round_and_hold_the_values(values, edge):
    """So that a bar is long enough to be seen, and the scale does not change at every key."""
    assert around(np.array(values)) == (-edge, edge)
    largest = np.abs(np.clip(values, -edge, edge)).max()
    assert largest == 0 or largest >= 0.4 * edge


def test_the_edges_of_the_ground_say_what_they_stand_for():
    """Else a scale that follows the values would mislead."""
    parts = bars("p", np.array([0.1, 0.3, 0]), around(np.array([0.3]))).parts
    (ground,) = [p for p in parts if isinstance(p, Polygon) and p.fill == PALE]
    edges = {p.words: p.at[0] for p in parts if isinstance(p, Text) and p.words in ("-0.5", "0.5")}
    assert edges == {"-0.5": ground.points[0][0], "0.5": ground.points[1][0]}


def test_cells_carry_their_numbers_and_the_sign_in_colour():
    """Red above 0, blue below, white at 0; the number is in the cell."""
    J = softmax_jacobian(one_bird())
    parts = heat(J, 0, 0, 60, 30, limit=0.25)
    assert said(parts) == [f"{value:+.3f}" for value in J.ravel()]
    for cell, value in zip(parts[::2], J.ravel(), strict=True):
        red, blue = int(cell.fill[1:3], 16), int(cell.fill[5:7], 16)
        assert (red > blue) == (value > 0)
    assert heat([[0.0]], 0, 0, 60, 30, limit=1)[0].fill == "#ffffff"


@pytest.mark.parametrize(
    ("value", "text"), [(-1e-9, "0.000"), (np.nan, "nan"), (np.inf, "+inf"), (-0.0, "0.000")]
)
def test_numbers_that_round_to_nothing_have_no_sign(value, text):
    """ "-0.000" makes a learner look for a reason."""
    assert number(value) == text


def test_the_triangle_is_the_one_of_the_figures():
    """The same corners as plot_simplex, upside down: on a page y runs downward."""
    p, step = softmax(one_bird()), np.array([0.1, -0.3, 0.2])
    parts = triangle(p, 10, 200, 100, step=step)

    def place(q):
        across, up = q @ house.CORNERS
        return 10 + 100 * across, 200 - 100 * up

    np.testing.assert_allclose(parts[0].points, [place(e) for e in np.eye(3)])
    (bird,) = [part for part in parts if isinstance(part, Disc) and part.edge != "none"]
    np.testing.assert_allclose(bird.centre, place(p))
    np.testing.assert_allclose(parts[-1].points[0], place(p + step))  # the tip of the head
    np.testing.assert_allclose(parts[-2].points[0], place(p))  # where the shaft begins
    assert said(parts) == list(SPECIES)


def test_an_arrow_of_length_zero_is_none():
    """Equal costs give no gradient, and no division by 0."""
    assert arrow((1, 2), (1, 2)) == ()
    shaft, head = arrow((0, 0), (5, 0))  # shorter than a head: the head shrinks
    assert shaft.points == ((0, 0), (0, 0))
    assert head.points[0] == (5, 0)


def test_each_class_has_a_shape_of_its_own():
    """Colour is never the only cue."""
    shapes = [mark(k, 0, 0) for k in range(4)]
    outlines = {len(s.points) if isinstance(s, Polygon) else 0 for s in shapes[:3]}
    assert outlines == {0, 3, 4}
    assert shapes[3].points != shapes[2].points
    assert len({s.fill for s in shapes}) == 4
    assert said(names()) == list(SPECIES)
    assert said(letters(0, 0, 20)) == ["A", "C", "G"]


def test_a_logarithmic_axis_puts_powers_at_equal_distances():
    """And keeps what lies beyond, or is 0, on its edge."""
    plot = LogLog(100, 50, 160, 80, (-16, 0), (-8, 0))
    assert plot.place(1, 1) == (260, 50)
    np.testing.assert_allclose(plot.place(1e-4, 1e-2), (220, 70))
    assert plot.place(0, 0) == (100, 130)
    assert plot.place(1e9, 1e9) == (260, 50)
    assert said(plot.frame("h", every=(8, 4))) == ["1e-16", "1e-8", "1", "1e-8", "1e-4", "1", "h"]
    line, *dots = plot.curve([1e-4, 1], [1e-2, 1], "#000000", dots=True)
    assert [dot.centre for dot in dots] == list(line.points)
