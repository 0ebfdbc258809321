"""A changed figure is noticed: the comparison that pages.py makes after each run of a notebook."""

import base64
import io
import re

import matplotlib
import numpy as np
import pytest
from hygiene import NOTEBOOKS, PICTURE, ROOT, read
from nbformat.v4 import new_code_cell, new_notebook, new_output
from PIL import Image
from pixels import (
    HALF,
    LEVELS,
    ROUGH,
    decode,
    difference,
    differences,
    drawn_by,
    is_drawing,
    pictures,
)

from smlearn.figures.basics import plot_matrix
from smlearn.figures.page import COLOURS, Picture, new_figure, show
from smlearn.live.scene import Disc, Line, Scene, Text, box
from smlearn.live.svg import to_svg

PAGES = sorted(NOTEBOOKS.glob("*.ipynb"))


def stored_pictures(page):
    return [png for _, pngs in pictures(read(page)) for png in pngs]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_pinned_matplotlib_drew_the_stored_figures(page):
    """Otherwise pages.py would skip the comparison for ever; `make refresh` draws anew."""
    pinned = re.search(r"(?m)^matplotlib==(\S+)", (ROOT / "constraints.txt").read_text("utf-8"))[1]
    pixels = [picture for picture in stored_pictures(page) if not is_drawing(picture)]
    assert {drawn_by(png) for png in pixels} <= {pinned}


# From here on the comparison itself is tested; that pages.py makes it, in test_nbval_catches.py.


def encode(values):
    file = io.BytesIO()
    Image.fromarray(np.clip(values, 0, 255).astype(np.uint8)).save(file, "png")
    return file.getvalue()


@pytest.fixture
def html(monkeypatch):
    """A function from a figure to the HTML that a notebook stores of it."""
    pages = []
    monkeypatch.setattr("IPython.display.display", pages.append)

    def stored(figure, measured=False):
        show(figure, alt="Nobody reads this, but show wants it.", measured=measured)
        return pages.pop()._repr_html_()

    return stored


@pytest.fixture
def png(html):
    """A function from a figure to its PNG."""
    return lambda figure: base64.b64decode(PICTURE.fullmatch(html(figure))["data"])


def bars(last=0.8, width=0.6):
    ax = new_figure(3, 2)[1]
    ax.bar(range(3), [0.2, 0.5, last], width)
    ax.set_ylim(0, 1)
    return ax


def curve(colour=COLOURS[0], style="-", width=1.0, shift=0.0):
    ax = new_figure(3, 2)[1]
    t = np.linspace(-3, 3, 50)
    ax.plot(t, np.tanh(t + shift), style, color=colour, lw=width)
    ax.set_ylim(-1.1, 1.1)
    return ax


def matrix(entry=0.128, size=8):
    """A heat map whose numbers are as small as in the smallest print of the course."""
    return plot_matrix([[entry, -0.1], [-0.1, 0.1]], size=size, ax=new_figure(2.4, 2.4)[1])


@pytest.mark.parametrize("draw", [bars, curve, matrix])
def test_the_same_drawing_passes(png, draw):
    """Two runs of one notebook."""
    assert difference(png(draw()), png(draw())) == ""


@pytest.mark.parametrize("draw", [bars, curve, matrix])
def test_edges_may_be_shaded_differently(png, rng, draw):
    """As by another processor; twice the tolerance is a change."""
    values = decode(png(draw()))
    noise = rng.integers(-LEVELS, LEVELS + 1, values.shape)
    assert difference(encode(values), encode(values + noise)) == ""
    assert difference(encode(values), encode(values + 2 * noise)) != ""


@pytest.mark.parametrize("axis", [0, 1])
def test_a_line_may_snap_to_the_next_pixel(png, axis):
    """As when a position is 99.5 pixels, give or take a rounding; two pixels are a change."""
    values = decode(png(curve()))
    assert difference(encode(values), encode(np.roll(values, 1, axis))) == ""
    assert difference(encode(values), encode(np.roll(values, 2, axis))) != ""


@pytest.mark.parametrize(
    ("draw", "change"),
    [
        (bars, {"last": 0.81}),
        (bars, {"width": 0.62}),
        (curve, {"colour": COLOURS[2]}),
        (curve, {"colour": "#0072A0"}),
        (curve, {"style": "--"}),
        (curve, {"width": 2.5}),
        (curve, {"shift": 0.05}),
        (matrix, {"entry": -0.128}),
        *[(matrix, {"entry": 0.120 + digit / 1000}) for digit in (0, 3, 6, 9)],  # most like 8
    ],
    ids=lambda value: value.__name__ if callable(value) else repr(value),
)
def test_a_changed_drawing_is_noticed(png, draw, change):
    """Whichever of the two is the stored one."""
    before, after = png(draw()), png(draw(**change))
    for pair in [(before, after), (after, before)]:
        assert re.match(r"\d+ of \d+ pixels differ, by up to \d+ of 255", difference(*pair))


def test_the_difference_says_how_much_and_where():
    """Rows and columns as an image viewer counts them, from the upper left corner."""
    before = np.full((10, 20, 3), 200)
    after = before.copy()
    after[3:5, 7] = [150, 200, 210]
    assert difference(encode(before), encode(after)) == (
        "2 of 200 pixels differ, by up to 50 of 255 (mean over the picture 0.2000), "
        "all within x 7 to 7, y 3 to 4"
    )


def drawing(x=30.0, fill="#0072B2", words="p = 0.8", more=()):
    """A live view's drawing, as it is stored."""
    parts = (box(x, 4, 20, 9, fill), Line(((0, 0), (x, 1))), Text((9, 20), words), *more)
    return to_svg(Scene(90, 30, parts)).encode()


def test_the_same_drawing_passes_and_may_be_off_by_a_rounding():
    """As an error of 1e-16 is on another processor."""
    assert difference(drawing(), drawing()) == ""
    assert difference(drawing(), drawing(x=30 + 0.9 * HALF)) == ""


@pytest.mark.parametrize(
    ("change", "how"),
    [
        ({"x": 30 + 1.1 * HALF}, r"a part of it has moved by up to 0\.55 pixels: polygon"),
        ({"fill": "#0072A0"}, "a part of it is polygon .*0072A0.*, stored as .*0072B2"),
        ({"words": "p = 0.9"}, "a part of it is text .* p = 0.9 .*, stored as .* p = 0.8"),
        ({"more": (Disc((1, 1), 1, "red"),)}, "it has 6 parts, stored are 5"),
    ],
)
def test_a_changed_drawing_of_a_view_is_noticed(change, how):
    """A place, a colour, a digit, a part."""
    assert re.match(how, difference(drawing(), drawing(**change)))


@pytest.mark.parametrize("part", [
    lambda y: Line(((0, y), (9, y)), rough=True), lambda y: Disc((1, y), 2, "red", rough=True)
])  # fmt: skip
def test_what_shows_rounding_may_stand_elsewhere_and_not_anywhere(part):
    """The noise of a difference is that of a processor's exp."""
    still = drawing(more=(part(100.0),))
    assert difference(still, drawing(more=(part(100 - 0.9 * ROUGH),))) == ""
    assert "has moved by up to 66 pixels" in difference(still, drawing(more=(part(166.0),)))
    smooth = [drawing(more=(part(y)._replace(rough=False),)) for y in (100.0, 101.0)]
    assert "has moved by up to 1 pixels" in difference(*smooth)


def test_every_panel_of_a_view_is_compared():
    """They are images of one figure; here the last of three says something else."""

    def stored(last):
        view = Picture("Nobody reads this.", "svg+xml", drawing(), 90, "Found.", (drawing(), last))
        html = {"text/html": view._repr_html_()}
        return new_notebook(cells=[new_code_cell(outputs=[new_output("display_data", html)])])

    (complaint,) = differences(stored(drawing()), stored(drawing(words="p = 0.9")))
    assert "picture 3: a part of it is text" in complaint
    assert differences(stored(drawing()), stored(drawing())) == []


def test_pixels_in_place_of_a_drawing_are_noticed(png):
    """They cannot be compared."""
    for pair in [(png(bars()), drawing()), (drawing(), png(bars()))]:
        assert difference(*pair) == "one of the two is a drawing, the other is pixels"


def test_another_size_is_named():
    """Pixels cannot be compared then."""
    before, after = (encode(np.zeros((height, 20, 3))) for height in (10, 11))
    assert difference(before, after) == "its size is 20 x 11, stored as 20 x 10"


def test_the_version_of_matplotlib_is_read_from_the_picture(png):
    """Matplotlib writes it there itself; other programs do not."""
    assert drawn_by(png(bars())) == matplotlib.__version__
    assert drawn_by(encode(np.zeros((1, 1, 3)))) == ""


@pytest.fixture
def notebook(html):
    """A function from lists of figures, one list a cell, to a notebook that stores them."""

    def stored(*cells, measured=False):
        return new_notebook(
            cells=[
                new_code_cell(
                    f"show({number})",
                    outputs=[
                        new_output("display_data", {"text/html": html(figure, measured)})
                        for figure in cell
                    ],
                )
                for number, cell in enumerate(cells)
            ]
        )

    return stored


def test_an_unchanged_notebook_meets_no_complaint(notebook):
    """Text in between, and HTML without a picture, are none of this comparison's business."""
    before, after = notebook([bars()], [], [curve()]), notebook([bars()], [], [curve()])
    table = new_output("execute_result", {"text/html": "<table></table>"}, execution_count=1)
    after.cells[1].outputs = [table]
    assert differences(before, after) == []


def test_the_changed_picture_is_named(notebook):
    """So that its author knows where to look."""
    before = notebook([bars()], [bars(), curve()])
    after = notebook([bars()], [bars(), curve(shift=0.05)])
    (complaint,) = differences(before, after)
    assert re.match(r'cell 2 \("show\(1\)"\), picture 2: \d+ of \d+ pixels differ', complaint)


def test_a_picture_more_or_less_is_named(notebook):
    """Which of them is new is for the author to see."""
    one, two = notebook([bars()]), notebook([bars(), curve()])
    assert differences(one, two) == ['cell 1 ("show(0)"): draws 2 pictures, stores 1']
    assert differences(two, one) == ['cell 1 ("show(0)"): draws 1 pictures, stores 2']


def test_a_measured_picture_is_compared_in_size_only(notebook):
    """A clock never says the same twice; an unmarked picture beside it is compared as ever."""
    before, after = notebook([bars()], measured=True), notebook([bars(0.2)], measured=True)
    assert differences(before, after) == []
    assert differences(before, notebook([curve()], measured=True)) == []
    (complaint,) = differences(before, notebook([matrix()], measured=True))
    assert "its size is" in complaint
    before.cells += notebook([bars()]).cells
    after.cells += notebook([bars(0.81)]).cells
    (complaint,) = differences(before, after)
    assert complaint.startswith('cell 2 ("show(0)"), picture 1: ')


def test_a_picture_that_is_marked_in_one_run_only_is_named(notebook):
    """Otherwise a mark that is new would let an old picture go uncompared."""
    plain, marked = notebook([bars()]), notebook([bars()], measured=True)
    for pair in [(plain, marked), (marked, plain)]:
        (complaint,) = differences(*pair)
        assert complaint.endswith("is marked as measured in one of the two runs only")
