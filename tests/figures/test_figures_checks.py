"""Each figure of a check shows the numbers that it was given, and not by colour alone."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from smlearn.figures.checks import (
    LETTERS,
    plot_steps,
    plot_taylor,
    plot_wall,
    plot_words,
    put_title,
)


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


def test_two_equal_curves_of_a_taylor_test_are_both_seen():
    """As with twice the right gradient: the marks of one are hollow, and around the other."""
    e = 2.0 ** -np.arange(4, 13)
    change, remainder = plot_taylor(e, e, e).lines
    assert change.get_markerfacecolor() == "none"
    assert change.get_markersize() > 2 * remainder.get_markersize()
    assert remainder.get_markerfacecolor() != "none"


def test_the_tolerance_is_a_level_line_with_its_name():
    """Where a curve is below it, the error is let through; without one there is no line."""
    steps = 2.0 ** np.arange(-4, 1)
    ax = plot_steps(steps, steps, 0.25, tol=0.5)
    assert list(ax.lines[2].get_ydata()) == [0.5, 0.5]
    assert [text.get_text() for text in ax.texts] == ["step used", "tolerance"]
    assert len(plot_steps(steps, steps, 0.25).lines) == 2


def test_an_error_of_0_leaves_a_gap():
    """A logarithm of 0 drawn at the bottom would be a cliff that nobody measured."""
    ax = plot_steps([0.25, 0.5, 1.0], [1.0, 0.0, 1.0], 0.25)
    with np.errstate(divide="ignore"):
        _, below, _ = ax.yaxis.get_transform().transform([1.0, 0.0, 1.0])
    assert not np.isfinite(below)


def test_a_long_title_is_broken_between_words():
    """And none of them is lost."""
    words = "What the gradient leaves falls like the step to the power 1.00; a right one leaves 2"
    title = put_title(plot_steps([0.5, 1.0], [1.0, 1.0], 0.5), words).get_title("left")
    assert max(map(len, title.splitlines())) <= LETTERS
    assert title.split() == words.split()


def test_words_stand_where_a_plot_would_be_empty():
    """A sentence, and no axis."""
    ax = plot_words("nothing is left to fit a rate to, f is nearly straight here")
    (text,) = ax.texts
    assert (
        text.get_text().split()
        == "nothing is left to fit a rate to, f is nearly straight here".split()
    )
    assert not ax.axison


def test_the_wall_has_a_cross_for_each_mistake_caught():
    """And under each check how many it let through."""
    caught = np.array([[1, 0, 0], [1, 1, 0]], bool)
    ax = plot_wall(caught, ["a", "b"], ["all", "some", "none"])
    assert set(zip(*ax.lines[0].get_data(), strict=True)) == {(0, 0), (0, 1), (1, 1)}
    assert [text.get_text() for text in ax.texts] == ["0", "1", "2"]
    assert [tick.get_text() for tick in ax.get_yticklabels()] == ["a", "b", "blind to"]
