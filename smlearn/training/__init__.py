"""Softmax regression on the penguins, and whether its promises come true.

`descent` loss, gradient, steps · `calibration` promises beside what came true.
"""

from .calibration import Reliability, reliability
from .descent import (
    Descent,
    PenguinSplit,
    descend,
    label_gradient,
    largest_curvature,
    penguin_split,
    regression_gradient,
    regression_loss,
)

__all__ = ["Descent", "PenguinSplit", "Reliability", "descend", "label_gradient",
           "largest_curvature", "penguin_split", "regression_gradient", "regression_loss",
           "reliability"]
