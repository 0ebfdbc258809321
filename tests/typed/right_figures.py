"""Calls of every figure, as in the notebooks: mypy reads them, a test runs them."""

from typing import assert_type

import numpy as np
from matplotlib.axes import Axes

from smlearn import figures, softmax_jacobian, training

AB = ["a", "b"]


def basics() -> None:
    """Bars, a matrix, a nudge, and a figure of one's own on the page."""
    assert_type(figures.plot_bars([1.0, 2.0], AB, marked=1), Axes)
    assert_type(figures.plot_matrix(np.eye(2), ("a", "b"), limit=1.0, digits=1), Axes)
    assert_type(figures.plot_nudge([0.0, 1.0], np.full((2, 2), 0.5), ("a", "b")), Axes)
    fig, ax = figures.new_figure(4, 3)
    assert_type(figures.plot_bars([1.0, 2.0], AB, ax=ax), Axes)
    assert_type(figures.show(fig, alt="The second bar is twice as long."), None)


def shapes() -> None:
    """Stacks, blocks, an einsum, a graph, and the triangle."""
    J = softmax_jacobian(np.array([[0.0, 1.0], [1.0, 1.0]]))
    assert_type(figures.plot_stack(J, AB), Axes)
    assert_type(figures.plot_blocks(np.kron(np.eye(2), J[0]), 2), Axes)
    assert_type(figures.plot_einsum("ij,ik->ijk", ((4, 3), (4, 3)), ("p", "p", "J")), Axes)
    assert_type(
        figures.plot_graph([("x", "given", "(3,)"), ("y", "x**2", "(3,)")], [("x", "y", "dx")]),
        Axes,
    )
    p = np.array([[0.2, 0.3, 0.5]])
    assert_type(
        figures.plot_simplex(p, ("a", "b", "c"), arrows=[[0.1, 0.1, -0.2]], kinds=[2]), Axes
    )
    assert_type(figures.plot_filling([p, p], ("a", "b", "c"), [2], AB), np.ndarray)


def checks() -> None:
    """Errors against steps, the wall, costs, digits."""
    steps = 2.0 ** -np.arange(1, 5)
    assert_type(figures.plot_steps(steps, steps**2, 0.25, tol=1e-3), Axes)
    assert_type(figures.plot_taylor(steps, steps, steps**2), Axes)
    assert_type(figures.plot_wall(np.array([[True, False]]), ["a"], AB), Axes)
    assert_type(
        figures.plot_costs([1, 2], [[1.0, 4.0]], ["a"], "s", limit=0.5, limit_name="limit"), Axes
    )
    assert_type(figures.plot_passes([1.0, 2.0], [1, 2], AB, 1.0, marked=(1,)), Axes)
    assert_type(figures.plot_errors([1, 10], [[1e-9, 1.0]], ("a",)), Axes)
    assert_type(figures.plot_ranges([[-745.0, -708.0, 710.0]], ["float64"]), Axes)


def learning() -> None:
    """Attention, and what training comes to."""
    assert_type(figures.plot_memory([64, 128], {"plain": np.array([1e6, 4e6])}), Axes)
    assert_type(figures.plot_pattern(np.eye(2), np.zeros((2, 2)), AB), Axes)
    assert_type(figures.plot_losses([[1.0, 0.5]], ["a"]), Axes)
    assert_type(figures.plot_confusion([[3, 1], [0, 2]], ("a", "b")), Axes)
    bins = training.reliability([0.6, 0.9], [False, True], [0.5, 0.8, 1.0])
    assert_type(figures.plot_calibration([bins], ["a"]), Axes)
    grid, scores = [0, 1], np.arange(8.0).reshape(2, 2, 2)
    assert_type(figures.plot_regions(grid, grid, scores, [[0.5, 0.5]], [1], ("a", "b")), Axes)
