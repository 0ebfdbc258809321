"""Each figure of a check shows the numbers that it was given, and not by colour alone."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from smlearn.figures.checks import plot_taylor, plot_wall


@pytest.fixture(autouse=True)
def close():
    yield
    plt.close("all")


def test_the_two_curves_of_a_taylor_test_have_their_own_marks():
    """The change of the loss above, what the gradient leaves below."""
    e = 2.0 ** -np.arange(4, 13)
    change, remainder = plot_taylor(e, e, e**2).lines
    np.testing.assert_array_equal(change.get_ydata(), e)
    np.testing.assert_array_equal(remainder.get_ydata(), e**2)
    assert change.get_marker() != remainder.get_marker()
    assert change.get_linestyle() != remainder.get_linestyle()


def test_the_wall_has_a_cross_for_each_mistake_caught():
    """And under each check how many it let through."""
    caught = np.array([[1, 0, 0], [1, 1, 0]], bool)
    ax = plot_wall(caught, ["a", "b"], ["all", "some", "none"])
    assert set(zip(*ax.lines[0].get_data(), strict=True)) == {(0, 0), (0, 1), (1, 1)}
    assert [text.get_text() for text in ax.texts] == ["0 blind", "1 blind", "2 blind"]
    assert [tick.get_text() for tick in ax.get_yticklabels()] == ["a", "b"]
