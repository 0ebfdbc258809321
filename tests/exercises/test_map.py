"""The map: thirteen stations with real numbers on them, which fill as exercises turn right."""

from xml.etree import ElementTree

import numpy as np
import pytest
from hygiene import NOTEBOOKS
from matplotlib import colormaps
from matplotlib.colors import to_rgb
from matplotlib.textpath import TextPath

from smlearn import four_birds, one_bird, softmax, softmax_jacobian, softmax_vjp
from smlearn.exercises import TASKS, map_drawing
from smlearn.exercises.map_drawing import CARD, EDGE, FULL, SHOWN, TALL, WIDTH, drawn_map
from smlearn.exercises.map_miniatures import COSTS, DRAWN, HIGH, WIDE, miniature
from smlearn.exercises.your_progress import Progress
from smlearn.figures.page import ABOVE, BELOW, SIGNED
from smlearn.live.charts import heat
from smlearn.live.scene import INK, PAPER, Disc, Line, Polygon, Text
from smlearn.mistakes import PUBLIC_COUNT, SOFTMAX_MISTAKES

HALF = {"add_one": "RIGHT", "cell_order": "WRONG", "diagonal_jacobian": "RIGHT",
        "nearly_sure": "RIGHT", "power_of": "RIGHT", "stable_softmax": "RIGHT",
        "equal_logits": "RIGHT"}  # fmt: skip


def stations(answers: dict[str, str]) -> list[ElementTree.Element]:
    """Return the map's drawings, one a station."""
    picture = drawn_map(Progress(answers, "").pages)
    return [ElementTree.fromstring(svg) for svg in (picture.data, *picture.more)]


def drawn(answers: dict[str, str]) -> ElementTree.Element:
    """Return all of them in one."""
    every = ElementTree.Element("map")
    every.extend(stations(answers))
    return every


def spans(polygon: Polygon) -> tuple[float, float]:
    """Return how wide and how high a box is."""
    xs, ys = zip(*polygon.points, strict=True)
    return max(xs) - min(xs), max(ys) - min(ys)


def boxes(number: str) -> list[Polygon]:
    """Return the boxes of a miniature that are not the frame around it."""
    parts = miniature(number)[1]
    return [part for part in parts if isinstance(part, Polygon) and part.fill != "none"]


# ---- what is drawn is so


def test_every_core_has_a_station():
    """A new page needs a law and a drawing."""
    cores = {path.name[:2] for path in NOTEBOOKS.glob("[0-9][0-9]_*.ipynb")}
    assert set(DRAWN) == cores == {task.notebook[:2] for task in TASKS.values()}


@pytest.mark.parametrize("number", DRAWN)
def test_a_drawing_and_its_law_stay_in_their_station(number):
    """No line leaves the paper of its own, and no law is wider than that."""
    law, parts = miniature(number)
    wide, high = WIDE + 1, HIGH + 3
    for part in parts:
        for x, y in getattr(part, "points", [getattr(part, "centre", getattr(part, "at", None))]):
            assert -1 <= x <= wide, part
            assert -1 <= y <= high, part
    assert TextPath((0, 0), law, size=12).get_extents().width < CARD - 4


def test_the_count_of_228_is_drawn_in_its_proportions():
    """The bar is as long as all of them, the wrong ones are named."""
    widths = [spans(each)[0] for each in boxes("00")]
    np.testing.assert_allclose(widths, np.array([*PUBLIC_COUNT.values()]) * WIDE / 228)
    words = [part.words for part in miniature("00")[1] if isinstance(part, Text)]
    assert words == ["41 right", "109 wrong"]


@pytest.mark.parametrize(("number", "M"), [("01", softmax_jacobian(one_bird())[None]),
                                           ("03", softmax_jacobian(four_birds()))])  # fmt: skip
def test_the_squares_of_a_jacobian_have_its_signs_and_sizes(number, M):
    """Full above 0, hollow below; a side and the gap beside it are the root of the number."""
    cell = 18 if number == "01" else 4.5
    sides = cell * np.sqrt(np.abs(M) / 0.25) - 1
    shown = M[sides > 0.5]
    squares = boxes(number)
    np.testing.assert_allclose([spans(each)[0] for each in squares], sides[sides > 0.5])
    assert [each.fill != PAPER for each in squares] == (shown > 0).tolist()
    assert len(squares) > 8


def test_the_areas_of_02_are_dx_and_the_heights_of_08_are_p_minus_y():
    """So what rises is as large as what falls."""
    p, dx = softmax(one_bird()), softmax_vjp(one_bird(), COSTS)
    areas = [(wide + 1) * high for wide, high in map(spans, boxes("02"))]
    np.testing.assert_allclose(areas, np.abs(dx) * WIDE * 13)
    assert [each.fill != PAPER for each in boxes("02")] == (dx > 0).tolist()
    heights = [spans(each)[1] for each in boxes("08")]
    np.testing.assert_allclose(heights, 46 * np.abs(p - [0, 0, 1]))
    assert [each.fill != PAPER for each in boxes("08")] == [True, True, False]


def is_red(colour) -> bool:
    red, _, blue = to_rgb(colour)
    return red > blue


@pytest.mark.parametrize("number", ["01", "02", "03", "05", "08", "11"])
def test_a_sign_has_the_colour_of_the_heat_maps(number):
    """Red above 0 and blue below, in the figures, in the views and here."""
    below, above = colormaps[SIGNED]([0.0, 1.0])[:, :3]
    cells = [part.fill for part in heat([[-1.0, 1.0]], 0, 0, 60, 30, limit=1)[::2]]
    assert [is_red(each) for each in (below, above, *cells)] == [False, True, False, True]
    assert is_red(ABOVE)
    assert not is_red(BELOW)
    signed = {(each.fill, each.edge) for each in boxes(number)}
    assert signed == {(ABOVE, ABOVE)} | ({(PAPER, BELOW)} if number != "11" else set())  # weights


def test_the_wall_of_07_shows_what_an_upstream_of_ones_misses():
    """As many as 07 counts; a random upstream misses fewer, and is drawn below."""
    misses = [each.fill == PAPER for each in boxes("07")]
    known = len(SOFTMAX_MISTAKES)
    assert len(misses) == 2 * known
    assert miniature("07")[0] == f"dp = 1 misses {sum(misses[:known])}"
    assert sum(misses[:known]) == 18, "07 and TEACHING.md tell this count"
    assert sum(misses[known:]) < sum(misses[:known])


def lowest(number: str) -> list[float]:
    """Return how far down the points of a miniature's curve are."""
    return [y for part in miniature(number)[1] if isinstance(part, Line) for _, y in part.points]


def test_what_is_measured_falls_and_rises_as_the_course_says():
    """06 a valley; 09 digits that only the shifted form keeps; 10 a loss that never rises."""
    valley = [part.centre[1] for part in miniature("06")[1] if isinstance(part, Disc)]
    deepest = int(np.argmax(valley))
    assert 3 < deepest < len(valley) - 3
    assert valley[deepest] > valley[0] + 20
    assert valley[deepest] > valley[-1] + 20
    tops = np.array([part.points[1][1] for part in miniature("09")[1][1:]]).reshape(4, 2)
    assert tops[-1, 0] == pytest.approx(HIGH, abs=1)  # plain: no digit left
    assert (tops[:, 1] < HIGH - 40).all()  # shifted: 13 digits or more
    loss = [y for _, y in miniature("10")[1][1].points]
    assert (np.diff(loss) >= 0).all()  # y goes down the page
    assert loss[-1] > loss[0] + 30


def test_attention_looks_back_only_and_a_pass_holds_down_to_a_line():
    """11 is causal; in 12 every error is below the resolution."""
    queries = [round((each.points[0][1] + each.points[2][1]) / 2 // 9) for each in boxes("11")]
    keys = [round(((each.points[0][0] + each.points[2][0]) / 2 - 37) // 9) for each in boxes("11")]
    assert set(queries) == set(range(6))
    assert all(key <= query for query, key in zip(queries, keys, strict=True))
    line, *errors = miniature("12")[1]
    assert len(errors) == 12
    assert min(each.centre[1] for each in errors) > line.points[0][1]
    assert miniature("12")[0] == "|error| < resolution"


def test_05_adds_what_comes_by_two_ways():
    """The third row is the sum of the first two, entry by entry."""
    signed = {}
    for each in boxes("05"):
        row, column = int(each.points[0][1] // 18), int((each.points[0][0] - 44) // 18)
        signed[row, column] = (1 if each.fill != PAPER else -1) * (spans(each)[0] + 1) ** 2
    rows = np.array([[signed.get((i, j), 0) for j in range(3)] for i in range(3)])
    np.testing.assert_allclose(rows[0] + rows[1], rows[2], atol=2.5)  # no square below 1.5


def test_04_rises_twice_as_steeply_with_jacobians():
    """Slope 2 beside slope 1."""
    both, one = [np.array(part.points) for part in miniature("04")[1] if isinstance(part, Line)][
        1:
    ]
    slopes = [-(end[1] - start[1]) / (end[0] - start[0]) for start, *_, end in (both, one)]
    assert slopes[0] == pytest.approx(2 * slopes[1])


# ---- it fits


def test_two_stations_stand_side_by_side_on_a_phone_in_letters_of_11_pixels():
    """JupyterLab leaves 264 pixels of 400."""
    assert 2 * SHOWN <= 260
    for station in stations(HALF):
        sizes = [float(part.get("font-size")) for part in station.iter() if part.get("font-size")]
        assert min(sizes) * SHOWN / WIDTH >= 11


def test_words_and_boxes_stay_in_their_station():
    """Whatever has been answered: all open, some, all wrong, all right."""
    for answers in ({}, HALF, dict.fromkeys(TASKS, "WRONG"), dict.fromkeys(TASKS, "RIGHT")):
        for station in stations(answers):
            texts = [part for part in station.iter() if part.get("font-size") and part.text]
            ends = {"middle": 0.5, "end": 0}
            for text in texts:
                path = TextPath((0, 0), text.text, size=float(text.get("font-size")))
                wide, at = path.get_extents().width, float(text.get("x"))
                right = at + wide * ends.get(text.get("text-anchor"), 1)
                assert right <= EDGE + CARD, text.text


def test_an_arrow_leads_from_each_station_but_the_last():
    """So the way is seen wherever a row of stations ends."""
    heads = [sum(part.get("points", "").count(" ") == 2 and part.get("fill") == INK
                 for part in station.iter()) for station in stations({})]  # fmt: skip
    assert heads == [1] * 12 + [0]


# ---- it fills


def test_a_station_fills_with_what_is_right():
    """Not at all, in part, whole; a wrong answer fills nothing."""
    filled = [
        abs(float(points[0][1]) - float(points[2][1]))
        for part in drawn(HALF).iter()
        if part.get("fill") == FULL and part.tag.endswith("polygon")
        for points in [[point.split(",") for point in part.get("points").split()]]
    ]
    assert filled == pytest.approx([TALL / 3, TALL] + [0] * 11, abs=1e-3)  # as it is written


def test_boxes_and_words_say_it_beside_the_colour():
    """A tick, a cross, nothing; and how many. Whole stations have a thick edge."""
    words = [part.text for part in drawn(HALF).iter() if part.tag.endswith("text")]
    assert {"1 of 3 wrong", "2 of 2 right", "3 open", "2 open"} <= set(words)
    assert "1 of 3 right" not in words
    plain, half = (len([*drawn(answers).iter()]) for answers in ({}, HALF))
    assert half == plain + 3 + 2 + 1  # three ticks, a cross of two, a line where 00 is full to
    thick = [part for part in drawn(HALF).iter() if part.get("stroke-width") == "2.5"]
    assert len(thick) == 1 + len([part for part in drawn({}).iter()
                                  if part.get("stroke-width") == "2.5"])  # fmt: skip


def test_the_boxes_stand_in_the_order_of_the_page():
    """The second exercise of 00 is wrong, the first is right, the third is open."""
    x, width, signs = 0.0, None, []
    for part in drawn(HALF).iter():
        points = [tuple(map(float, pair.split(","))) for pair in part.get("points", "").split()]
        if part.tag.endswith("polygon") and points[0][1] == EDGE + TALL - map_drawing.BOX - 7:
            x, width = points[0][0], points[1][0] - points[0][0]
            signs.append("open")
        elif signs and part.get("stroke-width") == "2.2" and x < points[0][0] < x + width:
            signs[-1] = "right" if len(points) == 3 else "wrong"
        if len(signs) == 3 and part.tag.endswith("text"):
            break
    assert signs == ["right", "wrong", "open"]


def test_a_depth_is_white_then_tinted_then_dark():
    """01c is done, 04b is begun; done ones have white letters."""
    circles = [part for part in drawn(HALF).iter() if part.get("r") == str(map_drawing.DOT)]
    fills = [part.get("fill") for part in circles]
    assert len(fills) == len({task.notebook for task in TASKS.values()}) - 13
    assert (fills.count(map_drawing.DEEP), fills.count(FULL)) == (1, 1)
    whites = [
        p.text for p in drawn(HALF).iter() if p.tag.endswith("text") and p.get("fill") == PAPER
    ]
    assert whites == ["c"]


def test_the_alt_text_says_the_laws_and_what_is_answered():
    """Whoever does not see the map hears the course and the place in it."""
    alt = drawn_map(Progress(HALF, "").pages).alt
    assert alt.startswith("The course as a map of 13 stations, each with its law: 00 restart and")
    assert "run all (1 of 3 wrong); 01 J 1 = 0 (2 of 2 right); 02 dx = p (dp − ⟨p, dp⟩); 03" in alt
    assert "(" not in drawn_map(Progress({}, "").pages).alt.partition("04 ")[0].replace("(dp", "")
