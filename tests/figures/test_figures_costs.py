"""Figures of costs show the numbers that they were given, each in a unit a person can read."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from smlearn.figures.costs import plot_costs, plot_passes


@pytest.fixture(autouse=True)
def close():
    yield
    plt.close("all")


SIZES = [64, 128, 50257]
COSTS = [[1e3, 4e3, 5e12], [1e3, 2e3, 5e5]]


def ticks(axis):
    axis.axes.figure.canvas.draw()
    low, high = sorted(axis.get_view_interval())
    return [
        label.get_text()
        for at, label in zip(axis.get_majorticklocs(), axis.get_majorticklabels(), strict=True)
        if low <= at <= high
    ]


def test_each_method_has_its_line_marker_and_name():
    """Colour is never the only cue, and a power of the size is a straight line."""
    ax = plot_costs(SIZES, COSTS, ["J", "fused"], "B")
    for line, cost in zip(ax.lines, COSTS, strict=True):
        np.testing.assert_array_equal(line.get_data(), [SIZES, cost])
    first, second = ax.lines
    assert first.get_marker() != second.get_marker()
    assert first.get_linestyle() != second.get_linestyle()
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["J", "fused"]
    assert (ax.get_xscale(), ax.get_yscale()) == ("log", "log")


@pytest.mark.parametrize(
    ("unit", "scale", "word", "quantity"),
    [("B", 1, "1 MB", "memory"), ("s", 1e-9, "1 ms", "time"), ("", 1e-7, "0.1", "")],
)
def test_costs_are_counted_in_units_and_sizes_written_out(unit, scale, word, quantity):
    """Megabytes and milliseconds, and 50,257: no powers of ten to decode; and of what."""
    ax = plot_costs(SIZES, scale * np.array(COSTS), ["J", "fused"], unit)
    assert word in ticks(ax.yaxis)
    assert ax.get_ylabel() == quantity
    assert ticks(ax.xaxis) == ["64", "128", "50,257"]


def test_a_limit_is_a_level_line_with_its_name():
    """And there is none unless it is asked for."""
    ax = plot_costs(SIZES, COSTS, ["J", "fused"], "B", limit=16e9, limit_name="16 GB")
    assert list(ax.lines[2].get_ydata()) == [16e9, 16e9]
    assert [text.get_text() for text in ax.texts] == ["16 GB"]
    assert len(plot_costs(SIZES, COSTS, ["J", "fused"], "B").lines) == 2


def test_more_methods_than_line_styles_are_all_drawn():
    """There are four styles and eight markers."""
    ax = plot_costs(SIZES, np.ones((6, 3)), list("abcdef"), "B")
    assert len(ax.lines) == 6
    assert len({line.get_marker() for line in ax.lines}) == 6


def test_a_step_has_a_frame_for_each_pass_and_a_bar_of_its_time():
    """Frames can be counted; and one sees which steps wait for memory, and which compute."""
    ax = plot_passes([2e-3, 3e-3], [1, 3], ["sum", "exp"], 1e-3, marked=(1,))
    bars, frames = ax.patches[:2], ax.patches[2:]
    np.testing.assert_allclose([bar.get_width() for bar in bars], [2, 3])
    assert [bar.get_hatch() for bar in bars] == [None, "//"]
    assert [frame.get_x() for frame in frames] == [0, 0, 1, 2]
    for frame, place in zip(frames, [0, 1, 1, 1], strict=True):
        assert frame.get_width() == 1
        assert frame.get_y() < place < frame.get_y() + frame.get_height()
        assert not frame.get_fill()
    assert ticks(ax.yaxis) == ["sum", "exp"]
    assert ax.yaxis_inverted()
    assert all(tick.isdigit() for tick in ticks(ax.xaxis))
    assert not ax.texts


def test_a_bar_that_leaves_the_axis_has_its_number_at_the_edge():
    """So that one step that computes leaves room to count the frames of the others."""
    ax = plot_passes([1.0, 40.0, 2.0], [1, 2, 1], ["max", "exp", "sum"], 0.5)
    (said,) = ax.texts
    assert said.get_text().startswith("80 ")
    assert said.get_position()[1] == 1
    assert ax.get_xlim()[1] == 6
