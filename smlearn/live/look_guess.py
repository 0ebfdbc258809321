"""A look at a guess of one column of J, and, once it is asked for, at the column itself.

    J[:, j] = dp / dx_j = p * (e_j - p_j)        its signs, its sum 0, its size p_j (1 - p_j)

Guessed are the rates, not the probabilities: of these a softmax can be worked out, but which of
them move, which way, and that they must add up to 0, is what J is about. Derived in notebook 01.
"""

import numpy as np

from .._inputs import Array
from ..formulas.forward import softmax
from ..formulas.jacobian import softmax_jacobian
from ..penguins import SPECIES
from .charts import bars, number, row_of
from .look_logits import matrix
from .scene import Look

__all__ = ["NOTHING", "RISES", "look_at_guess"]

NOTHING = "nothing"
RISES = tuple(f"p as x {name} rises" for name in SPECIES)
LIMITS = -0.3, 0.3           # no entry of J is beyond 1/4


def look_at_guess(x: Array, j: int, guess: Array, shown: bool, who: str) -> Look:
    """Look at a guess (3,) of how fast p moves as x[j] does; if `shown`, beside the truth."""
    J = softmax_jacobian(x)
    truth, total = J[:, j], number(guess.sum())
    miss = np.abs(guess - truth).max()
    panels = (bars("probabilities p", softmax(x), (0, 1)),
              bars(f"guess: rates as x {SPECIES[j]} rises", guess, LIMITS, digits=2,
                   outline=truth if shown else None,
                   foot=f"frames: true; off by {miss:.3f}" if shown else f"sum: {total}"),
              matrix(J, marked=j, covered=not shown))
    if not shown:
        title = f"{who}: as x {SPECIES[j]} rises, which probabilities fall, and how fast?"
        words = f"The guess: {row_of(guess, 2)}, which add up to {total}. J is covered."
        return Look(title, panels, words)
    title = f"{who}: the guess is off by {miss:.3f} at most"
    words = (f"Guessed {row_of(guess, 2)}, true {row_of(truth)}. The guess adds up to {total}; "
             "the true rates add up to 0, for what one class gains, the others lose.")
    return Look(title, panels, words)
