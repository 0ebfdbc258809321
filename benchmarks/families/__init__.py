"""Functions with their right backward passes, of many families, drawn at random.

    FAMILIES[name](rng, dtype) -> Function(f, vjp, x)

All of them are written as people write them, in the precision of x and in the textbook's form, so
that their rounding is that of honest code. With x and dp in a wider precision the same vjp says
what is true. x is where f is asked: often tame, at times far off, tiny, saturated or near a kink.

    drawing      what a family is, and what it draws with
    softmaxes    softmax and what is built on it: attention, cross-entropy
    entries      entry by entry: tanh, sqrt, sizes far apart, noise hidden inside
    kinks        abs, relu, sort and others, where they have a kink and near by
    rows         means, norms, sums and products of a row
    matrices     maps, small nets, least squares
    losses       one number, or one a row, as a loss is
"""

from . import entries, kinks, losses, matrices, rows, softmaxes  # noqa: F401  they enter theirs
from .drawing import FAMILIES, Function, laid_out, normal, pick, size

__all__ = ["FAMILIES", "Function", "laid_out", "normal", "pick", "size"]
