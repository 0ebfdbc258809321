"""The controls of a guess: which column of J, its three rates, and a button for the truth."""

from ..penguins import SPECIES
from .controls import Choice, Control, Dial, Push
from .look_guess import NOTHING, RISES

__all__ = ["Guess"]


class Guess:
    """Controls by name, of which all but the first are there only while a guess is asked for."""

    def __init__(self):
        self.predict = Choice("predict", (NOTHING, *RISES), NOTHING)
        self.rates = {f"g{k}": Dial(f"guess {name}", 0, -0.3, 0.3, 0.01)
                      for k, name in enumerate(SPECIES)}
        self.reveal = Push("show the true rates")
        self.ask()

    @property
    def controls(self) -> dict[str, Control]:
        """All of them, in the order of the page."""
        return {"predict": self.predict} | self.rates | {"reveal": self.reveal}

    def cover(self) -> None:
        """Take the truth away: the question is another one now."""
        self.reveal.value = 0

    def ask(self) -> None:
        """Begin anew, with a guess of 0, for what `predict` says."""
        self.cover()
        for control in (*self.rates.values(), self.reveal):
            control.show(self.predict.value != NOTHING)
        for rate in self.rates.values():
            rate.value = 0.0
