"""Figures: arrays in, Axes out, and `show`, which takes the finding along as alt text.

`page` how all look · `basics` bars and matrices · `simplex` the triangle · `shapes` stacks,
einsums, graphs · `checks` errors against steps, the wall of mistakes · `costs` ·
`correct_digits` · `attention` · `training`.
"""

from .attention import plot_memory, plot_pattern
from .basics import plot_bars, plot_matrix, plot_nudge
from .checks import plot_steps, plot_taylor, plot_wall
from .correct_digits import plot_errors, plot_ranges
from .costs import plot_costs, plot_passes
from .page import COLOURS, MEASURED, new_figure, show
from .shapes import plot_blocks, plot_einsum, plot_graph, plot_stack
from .simplex import plot_filling, plot_simplex
from .training import plot_calibration, plot_confusion, plot_losses, plot_regions

__all__ = ["COLOURS", "MEASURED", "new_figure", "plot_bars", "plot_blocks", "plot_calibration",
           "plot_confusion", "plot_costs", "plot_einsum", "plot_errors", "plot_filling",
           "plot_graph", "plot_losses", "plot_matrix", "plot_memory", "plot_nudge", "plot_passes",
           "plot_pattern", "plot_ranges", "plot_regions", "plot_simplex", "plot_stack",
           "plot_steps", "plot_taylor", "plot_wall", "show"]
