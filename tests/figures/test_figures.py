"""Figures show the numbers they were given, and carry their finding as alt text."""

import base64
import re

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch

from smlearn import SPECIES, four_birds, one_bird, softmax, softmax_jacobian, softmax_vjp
from smlearn.figures import (
    MEASURED,
    new_figure,
    plot_bars,
    plot_blocks,
    plot_einsum,
    plot_graph,
    plot_matrix,
    plot_nudge,
    plot_simplex,
    plot_stack,
    plot_steps,
    show,
)
from smlearn.figures.simplex import CORNERS


@pytest.fixture(autouse=True)
def _no_figure_left_open():
    yield
    plt.close("all")


@pytest.fixture
def page(monkeypatch):
    """What show() hands to the notebook."""
    pages = []
    monkeypatch.setattr("IPython.display.display", pages.append)
    return pages


def words(ax):
    return [text.get_text() for text in ax.texts]


def test_alt_text_reaches_html_and_plain_text(page):
    """Quotes and < are escaped; the text form is what nbval and a terminal see."""
    fig, _ = new_figure(3, 2)
    show(fig, alt='p < 1 is "always" true here.')
    html = page[0]._repr_html_()
    assert 'alt="p &lt; 1 is &quot;always&quot; true here." width="320"' in html
    assert re.search(r'src="data:image/png;base64,iVBOR[A-Za-z0-9+/=]+"></figure>$', html)
    assert repr(page[0]) == 'Figure: p < 1 is "always" true here.'


def test_a_figure_stands_on_a_white_ground_that_takes_none_of_its_pixels(page):
    """Padding lies inside of the width, which is that much larger: the image keeps its size."""
    show(new_figure(3, 2)[0], alt="The second bar is twice the first.")
    html = page[0]._repr_html_()
    assert page[0].width == 300
    assert 'width="320" style="box-sizing: border-box; padding: 10px; ' in html
    png = base64.b64decode(re.search('base64,([^"]+)', html)[1])
    assert int.from_bytes(png[16:20]) == 600  # its own width, at two a pixel of the page


@pytest.mark.parametrize(("inches", "narrowest"), [(3, 214), (9.6, 520)])
def test_on_a_telephone_a_figure_scrolls_before_its_letters_vanish(page, inches, narrowest):
    """HTML would indent it by 40 pixels, and shrink it to what is left: 4 pixels a letter."""
    show(new_figure(inches, 2)[0], alt="The second bar is twice the first.")
    html = page[0]._repr_html_()
    assert html.startswith('<figure style="margin: 8px 0px; overflow-x: auto"><img ')
    assert f'; min-width: {narrowest}px" src=' in html


def test_both_axes_have_letters_of_one_size_however_they_are_named():
    """ax.set(xlabel=...) takes no size: it would be smaller than what set_xlabel writes."""
    ax = plot_nudge(np.linspace(-1, 1, 5), np.full((5, 3), 1 / 3), SPECIES)
    ax.set(xlabel="added to the logit")
    assert ax.xaxis.label.get_fontsize() == ax.yaxis.label.get_fontsize() == 12


def test_what_a_clock_measured_says_so_below_the_figure(page):
    """The alt text stays as it is: it must hold on every machine."""
    show(new_figure(3, 2)[0], alt="The second bar is twice the first.", measured=True)
    html = page[0]._repr_html_()
    assert html.endswith(f'"><figcaption>{MEASURED}</figcaption></figure>')
    assert repr(page[0]) == "Figure: The second bar is twice the first."


def test_show_takes_axes_and_closes_the_figure(page):
    """A figure left open would be drawn a second time, without alt text, by the inline backend."""
    show(plot_bars([1, 2], ["a", "b"]), alt="The second bar is twice the first.")
    assert len(page) == 1
    assert plt.get_fignums() == []


@pytest.mark.parametrize("alt", ["", "Figure 1", "a bar chart"])
def test_a_figure_without_a_finding_is_refused(alt, page):
    """ "A bar chart" says what kind of plot it is, not what it shows."""
    with pytest.raises(ValueError, match="show: alt must state the finding in a sentence"):
        show(new_figure(3, 2)[0], alt=alt)
    assert page == []


def test_bars_are_as_long_as_their_numbers():
    """And each says its number."""
    ax = plot_bars([41, 109], ["right", "wrong"], marked=1)
    assert [bar.get_width() for bar in ax.patches] == [41, 109]
    assert [bar.get_hatch() for bar in ax.patches] == [None, "//"]
    assert words(ax) == ["41", "109"]


def test_the_matrix_shows_every_entry_with_its_sign():
    """Numbers in the cells, so that the figure survives grey print."""
    J = softmax_jacobian(one_bird())
    ax = plot_matrix(J, SPECIES)
    assert words(ax) == [f"{value:+.3f}" for value in J.ravel()]
    np.testing.assert_array_equal(ax.images[0].get_array(), J)
    assert ax.images[0].get_clim() == (-0.25, 0.25)


def test_an_exact_zero_is_left_blank():
    """So that "exactly zero" and "rounds to zero" look different."""
    assert words(plot_matrix([[0.0, 1e-9]])) == ["", "+0.000"]


def test_the_nudge_curves_are_the_probabilities():
    """One line per class, each with its own style."""
    shift = np.linspace(-1, 1, 5)
    p = softmax(one_bird() + shift[:, None] * np.eye(3)[2])
    ax = plot_nudge(shift, p, SPECIES)
    for k, line in enumerate(ax.lines[:3]):
        np.testing.assert_array_equal(line.get_ydata(), p[:, k])
    assert len({line.get_linestyle() for line in ax.lines[:3]}) == 3
    assert words(ax) == list(SPECIES)


def test_the_names_of_the_nudge_curves_stand_clear_of_the_axes():
    """A name that begins on the upright line of the axis is read with a letter too many."""
    shift = np.linspace(-5, 5, 5)
    p = softmax(one_bird() + shift[:, None] * np.eye(3)[2])
    ax = plot_nudge(shift, p, SPECIES)
    ax.figure.canvas.draw()
    room = ax.get_window_extent()
    for name in ax.texts:
        box = name.get_window_extent()
        assert room.x0 + 4 < box.x0
        assert box.x1 < room.x1 - 4


def test_the_step_curves_are_the_errors_each_with_its_step_marked():
    """A curve and an upright line per method, in one colour; the marker stands again on top."""
    steps = 2.0 ** np.arange(-4, 1)
    errors = np.array([steps, steps**2 + 1])
    ax = plot_steps(steps, errors, [0.25, 0.5], names=("first", "second"))
    curves, uprights, tops = ax.lines[::3], ax.lines[1::3], ax.lines[2::3]
    for k in range(2):
        np.testing.assert_array_equal(curves[k].get_data(), [steps, errors[k]])
        assert uprights[k].get_xdata()[0] == tops[k].get_xdata()[0] == [0.25, 0.5][k]
        assert curves[k].get_color() == uprights[k].get_color() == tops[k].get_color()
        assert curves[k].get_marker() == tops[k].get_marker()
    assert curves[0].get_color() != curves[1].get_color()
    assert curves[0].get_marker() != curves[1].get_marker()
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["first", "second"]
    assert (ax.get_xscale(), ax.get_yscale()) == ("log", "log")


def test_one_curve_says_that_the_step_was_used_and_a_step_far_away_is_not_drawn():
    """The complex step's 2^-100 would squeeze everything else into a corner."""
    steps = 2.0 ** np.arange(-4, 1)
    ax = plot_steps(steps, steps, 0.25)
    assert words(ax) == ["step used"]
    assert ax.lines[1].get_linestyle() != ax.lines[0].get_linestyle()
    ax = plot_steps(steps, [steps, steps], [0.25, 2.0**-100], names=("near", "far"))
    assert len(ax.lines) == 4
    assert ax.get_xlim()[0] > 2.0**-6


def test_the_simplex_puts_sure_classes_in_corners_and_ignorance_in_the_middle():
    """Points are p @ CORNERS, and the middle is the mean of the corners."""
    ax = plot_simplex(np.vstack([np.eye(3), np.full((1, 3), 1 / 3)]), SPECIES)
    points = ax.collections[0].get_offsets()
    np.testing.assert_allclose(points[:3], CORNERS)
    np.testing.assert_allclose(points[3], CORNERS.mean(axis=0))


def test_a_simplex_says_which_species_its_markers_are_and_says_it_once():
    """A corner names a probability of 1; a marker, what the bird is."""
    kinds = [0, 1, 2, 2]
    ax = plot_simplex(softmax(four_birds()), SPECIES, kinds=kinds)
    assert [text.get_text() for text in ax.get_legend().get_texts()] == list(SPECIES)
    plot_simplex(softmax(four_birds()), SPECIES, kinds=[7] * 4, ax=ax)
    assert len(ax.get_legend().get_texts()) == 3
    assert plot_simplex(np.eye(3), SPECIES).get_legend() is None


def test_each_kind_has_its_own_marker():
    """Colour is never the only cue."""
    ax = plot_simplex(softmax(four_birds()), SPECIES, kinds=[0, 1, 2, 2])
    shapes = [tuple(scatter.get_paths()[0].vertices.ravel()) for scatter in ax.collections]
    assert len(set(shapes)) == 3
    assert [len(scatter.get_offsets()) for scatter in ax.collections] == [1, 1, 2]


def test_arrows_start_at_the_points_and_have_the_length_they_were_given():
    """A gradient sums to 0, so it is drawn in the plane without projection."""
    x = four_birds()
    dx = softmax_vjp(x, np.tile([0.0, -1.0, 1.0], (4, 1)))
    ax = plot_simplex(softmax(x), SPECIES, arrows=dx)
    quiver = ax.collections[-1]
    np.testing.assert_allclose(quiver.get_offsets(), softmax(x) @ CORNERS)
    np.testing.assert_allclose(np.column_stack([quiver.U, quiver.V]), dx @ CORNERS)


def test_an_arrow_that_leaves_the_plane_is_refused():
    """Projecting it would draw a gradient that is not there."""
    with pytest.raises(ValueError, match="plot_simplex: each arrow must sum to 0, but got sums"):
        plot_simplex(softmax(four_birds()), SPECIES, arrows=np.ones((4, 3)))


def test_a_stack_has_one_page_per_bird():
    """(B, D, D): B pages of D by D numbers."""
    J = softmax_jacobian(four_birds())
    pages = plot_stack(J, ["a", "b", "c", "d"]).figure.axes
    assert [len(words(ax)) for ax in pages] == [9, 9, 9, 9]
    assert pages[3].get_title() == "J[3]  d"


@pytest.mark.parametrize("B", [1, 2, 3])
def test_a_stack_of_any_height_leaves_no_empty_frame(B):
    """Two pages side by side, and where the last has no neighbour, nothing."""
    pages = plot_stack(softmax_jacobian(four_birds()[:B]), ["a", "b", "c"][:B]).figure.axes
    assert [len(words(ax)) for ax in pages if ax.axison] == [9] * B


def test_blocks_leave_other_birds_blank():
    """12 by 12 with four 3 by 3 blocks: 36 numbers and 108 blanks."""
    full = np.zeros((4, 3, 4, 3))
    full[range(4), :, range(4), :] = softmax_jacobian(four_birds())
    ax = plot_blocks(full.reshape(12, 12), 4)
    assert sum(text != "" for text in words(ax)) == 36
    assert [(box.get_x(), box.get_width()) for box in ax.patches] == [
        (-0.5, 3),
        (2.5, 3),
        (5.5, 3),
        (8.5, 3),
    ]


def test_einsum_letters_are_walked_kept_or_summed():
    """bj,bjk->bk: b is shared and kept, j is shared and gone, k stands once and is kept."""
    ax = plot_einsum("bj,bjk->bk", ((4, 3), (4, 3, 3)), ("dp", "J", "dx"))
    assert words(ax)[:10] == "dp,b: 4,j: 3,J,b: 4,j: 3,k: 3,dx,b: 4,k: 3".split(",")
    assert words(ax)[10:] == ["in step, kept", "in step, summed", r"$\Sigma$", "kept"]
    assert sum(isinstance(box, FancyBboxPatch) for box in ax.patches) == 7


BOXES = [("x", "in", "(2, 3)"), ("s", "sum(x)", "(2, 1)"), ("y", "x * s", "(2, 3)")]
ARROWS = [("x", "s", "dx_1"), ("s", "y", "ds"), ("x", "y", "dx_0")]


def test_the_graph_draws_each_arrow_forward_and_back():
    """Solid above, dashed below, with the gradient's name; three lines of text a box."""
    ax = plot_graph(BOXES, ARROWS)
    assert words(ax) == [*(text for box in BOXES for text in box), "dx_1", "ds", "dx_0", "+"]
    arrows = [patch for patch in ax.patches if isinstance(patch, FancyArrowPatch)]
    assert [arrow.get_linestyle() for arrow in arrows] == ["-", "--"] * 3
    for there, back in zip(arrows[::2], arrows[1::2], strict=True):
        ahead, below = there._path_original.vertices, back._path_original.vertices
        np.testing.assert_allclose(below, ahead * [1, -1])
        (a, _), (b, _) = ahead[[0, -1]]
        assert 0 < a % 1 < 0.5 < b % 1 < 1  # from the right half of a box to the left of another
        assert there.get_arrowstyle().arrow == "-|>"
        assert back.get_arrowstyle().arrow == "<|-"


def test_the_graph_marks_where_gradients_add_and_only_there():
    """Two arrows leave x, so two gradients come back to it; a plain chain has no plus."""
    ax = plot_graph(BOXES, ARROWS)
    assert [text.get_position()[0] for text in ax.texts if text.get_text() == "+"] == [-0.02]
    assert "+" not in words(plot_graph(BOXES, ARROWS[:2]))


def test_an_arrow_over_other_boxes_is_an_arc():
    """A straight one would run through them."""
    ax = plot_graph(BOXES, ARROWS)
    arrows = [patch for patch in ax.patches if isinstance(patch, FancyArrowPatch)]
    assert [len(arrow._path_original.vertices) for arrow in arrows] == [2, 2, 2, 2, 4, 4]
    assert arrows[4]._path_original.vertices[:, 1].max() > 1


@pytest.mark.parametrize("arrow", [("y", "x"), ("x", "x"), ("q", "y"), ("x", "q")])
def test_an_arrow_that_does_not_lead_forward_is_refused(arrow):
    """A chain has an order, and a name without a box has no place."""
    with pytest.raises(
        ValueError, match=rf"plot_graph: .*, but got {arrow[0]} -> {arrow[1]}; the b"
    ):
        plot_graph(BOXES, [(*arrow, "d")])
