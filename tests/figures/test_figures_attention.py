"""Each figure of attention shows the numbers that it was given, and not by colour alone."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from smlearn.figures.attention import plot_memory, plot_pattern


@pytest.fixture(autouse=True)
def close():
    yield
    plt.close("all")


def test_the_pattern_stands_beside_its_gradient_with_words_at_the_cells():
    """Numbers in the cells, blank where a key is hidden; queries down the side, keys below.

    Tilted words end below their column: turned about their middle, they reach into two.
    """
    p = np.array([[1.0, 0.0], [0.25, 0.75]])
    dx = np.array([[0.0, 0.0], [-0.5, 0.5]])
    left, right = plot_pattern(p, dx, ["one", "two"]).figure.axes
    assert [t.get_text() for t in left.texts] == ["+1.00", "", "+0.25", "+0.75"]
    assert [t.get_text() for t in right.texts] == ["", "", "-0.50", "+0.50", "0"]
    assert right.texts[-1].get_position() == (0, 0)  # seen, and 0: not as if it were hidden
    assert [t.get_text() for t in left.get_yticklabels()] == ["one", "two"]
    assert [t.get_text() for t in right.get_xticklabels()] == ["one", "two"]
    words = left.get_xticklabels() + right.get_xticklabels()
    assert {(t.get_rotation_mode(), t.get_ha()) for t in words} == {("anchor", "right")}
    assert left.images[0].get_clim() == (-1, 1)
    assert right.images[0].get_clim() == (-0.5, 0.5)


def test_each_curve_of_memory_names_itself_and_its_slope():
    """At its end; markers differ too. Bytes in, MB out."""
    T = np.array([100, 200, 400])
    ax = plot_memory(T, {"square": 8.0 * T**2, "line": 80.0 * T})
    assert [t.get_text() for t in ax.texts] == ["square\nslope 2.0", "line\nslope 1.0"]
    np.testing.assert_allclose(ax.lines[0].get_ydata(), 8e-6 * T**2)
    assert ax.lines[0].get_marker() != ax.lines[1].get_marker()
    assert ax.get_xscale() == ax.get_yscale() == "log"
    assert ax.xaxis.get_transform().base == ax.yaxis.get_transform().base == 2
    assert ax.get_aspect() == 1  # or a slope could not be seen
