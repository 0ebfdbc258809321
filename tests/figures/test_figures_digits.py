"""Each figure about digits shows the numbers that it was given, and not by colour alone."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from smlearn.figures.correct_digits import plot_errors, plot_ranges


@pytest.fixture(autouse=True)
def close():
    yield
    plt.close("all")


def test_the_bars_reach_from_edge_to_edge():
    """From 0 to fewer digits hatched, from there to overflow plain; each edge has its number.

    With a decimal: 710 is an inf already, and -708.4 is not -708.
    """
    edges = np.array([[-745.125, -708.375, 709.75], [-17.375, -9.75, 11.125]])
    ax = plot_ranges(edges, ["double", "half"])
    whole, fewer = ax.patches[:2], ax.patches[2:4]
    assert [bar.get_hatch() for bar in (*whole, *fewer)] == [None, None, "////", "////"]
    for bars, (left, right) in ((fewer, (0, 1)), (whole, (1, 2))):
        np.testing.assert_array_equal([bar.get_x() for bar in bars], edges[:, left])
        ends = [bar.get_x() + bar.get_width() for bar in bars]
        np.testing.assert_array_equal(ends, edges[:, right])
    words = [text.get_text() for text in ax.texts]
    assert words == ["-745.1", "-708.4", "709.8", "-17.4", "-9.8", "11.1"]
    assert [tick.get_text() for tick in ax.get_yticklabels()] == ["double", "half"]
    assert ax.yaxis_inverted()  # the first at the top


def test_errors_are_drawn_by_scale_and_end_at_one():
    """An error of 12 means no digit, as 1 does; each formula has its own line and marker."""
    errors = np.array([[1e-15, 1e-14], [1e-6, 12.0], [1e-5, 1.0]])
    ax = plot_errors([1, 40], errors, ("ours", "plain", "theirs"))
    assert len(ax.lines) == 3
    for line, row in zip(ax.lines, [[1e-15, 1e-14], [1e-6, 1.0], [1e-5, 1.0]], strict=True):
        np.testing.assert_array_equal(line.get_data(), [[1, 40], row])
    for what in (plt.Line2D.get_marker, plt.Line2D.get_linestyle, plt.Line2D.get_markersize):
        assert len({what(line) for line in ax.lines}) == 3
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["ours", "plain", "theirs"]
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["1", "40"]
    assert plot_errors([1, 40], errors).get_legend() is None
