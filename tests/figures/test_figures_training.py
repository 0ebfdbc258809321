"""Each figure of training shows the numbers that it was given, and not by colour alone."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from smlearn.figures.simplex import plot_filling
from smlearn.figures.training import (
    plot_calibration,
    plot_confusion,
    plot_losses,
    plot_regions,
)
from smlearn.training.calibration import reliability

NAMES = ("a", "b", "c")


@pytest.fixture(autouse=True)
def close():
    yield
    plt.close("all")


def test_each_loss_has_its_curve_and_its_name():
    """On a logarithmic scale, with a line style and a marker of its own."""
    losses = np.array([[4.0, 2.0, 1.0], [4.0, 3.0, 2.0]])
    ax = plot_losses(losses, ["right", "wrong"])
    np.testing.assert_array_equal([line.get_ydata() for line in ax.lines], losses)
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["right", "wrong"]
    assert ax.get_yscale() == "log"
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("step", "loss")
    assert len({line.get_linestyle() for line in ax.lines}) == 2
    assert len({line.get_marker() for line in ax.lines}) == 2


def test_the_triangle_is_drawn_once_for_each_moment():
    """The corners named in each, the points where the probabilities put them."""
    p = np.array([[[1.0, 0, 0], [0, 0, 1.0]], [[0, 1.0, 0], [0, 1.0, 0]]])
    axes = plot_filling(p, NAMES, [0, 2], ["first", "last"])
    assert [ax.get_title() for ax in axes] == ["first", "last"]
    for ax in axes:
        assert [text.get_text() for text in ax.texts] == list(NAMES)
        assert len(ax.collections) == 2
    where = [collection.get_offsets()[0] for collection in axes[0].collections]
    np.testing.assert_allclose(where, [[0, 0], [1, 0]])
    where = [collection.get_offsets()[0] for collection in axes[1].collections]
    np.testing.assert_allclose(where, [[0.5, np.sqrt(0.75)]] * 2)


def test_regions_hold_the_points_and_ring_the_wrong_ones():
    """A marker for each class; the ring is a shape, not a colour."""
    region = np.eye(3)[np.repeat([[0, 1, 2]], 4, axis=0).repeat(2, axis=1)]
    points = np.array([[0.0, 1], [2, 1], [4, 2], [5, 3]])
    ax = plot_regions(
        np.arange(6), np.arange(4), region, points, [0, 1, 2, 1], NAMES, wrong=[0, 0, 0, 1]
    )
    labelled = {c.get_label(): c.get_offsets() for c in ax.collections}
    np.testing.assert_array_equal(labelled["b"], points[[1, 3]])
    np.testing.assert_array_equal(labelled["wrong"], points[[3]])
    assert [t.get_text() for t in ax.get_legend().get_texts()] == [*NAMES, "wrong"]
    plain = plot_regions(np.arange(6), np.arange(4), region, points, [0, 1, 2, 1], NAMES)
    assert "wrong" not in [c.get_label() for c in plain.collections]


def test_a_straight_border_is_drawn_straight():
    """Where two scores are equal, between the points of the grid as well: no staircase."""
    across, up = np.linspace(0, 3, 7), np.linspace(0, 2, 5)
    grid = np.stack(np.meshgrid(across, up), axis=-1)
    scores = grid @ [[1.0, 0.0], [0.0, 3.0]]  # equal where across = 3 up
    ax = plot_regions(across, up, scores, [[0.0, 1.0]], [1], NAMES[:2])
    lines = [path.vertices for c in ax.collections[1::3] for path in c.get_paths()]
    assert lines
    for x, y in np.concatenate(lines):
        assert x == pytest.approx(3 * y, abs=1e-12)


def test_the_confusions_are_written_in_the_cells():
    """True classes down, given ones across; the colour is the share of the row."""
    ax = plot_confusion([[8, 2, 0], [1, 0, 3], [0, 0, 5]], NAMES)
    assert [text.get_text() for text in ax.texts] == list("820103005")
    np.testing.assert_allclose(ax.images[0].get_array()[0], [0.8, 0.2, 0])
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("said", "is")


def test_promises_stand_at_their_share_with_their_count():
    """The interval reaches from low to high, and a marker tells the two samples apart."""
    bins = reliability([0.6, 0.7, 0.9, 1.0], [True, False, True, True], [0.5, 0.8, 1.0])
    ax = plot_calibration([bins, bins], ["one", "two"])
    assert [text.get_text() for text in ax.texts] == ["2"] * 4
    for container in ax.containers:
        line, _, (bars,) = container
        np.testing.assert_allclose(line.get_xydata(), np.column_stack([bins[0], bins[1]]))
        ends = np.array([segment[:, 1] for segment in bars.get_segments()])
        np.testing.assert_allclose(ends, np.column_stack([bins.low, bins.high]), atol=1e-15)
    assert len({container[0].get_marker() for container in ax.containers}) == 2
    first, second = (container[0] for container in ax.containers)
    assert second.get_markersize() > first.get_markersize()  # around it, where both are the same
    assert second.get_markerfacecolor() == "none" != first.get_markerfacecolor()
