"""Five views to move: turn a number, and see the gradient answer. One line each:

    live.jacobian()      logits to probabilities to Jacobian; guess a column of it
    live.upstream()      p * (dp - <p, dp>), and the way down in the triangle
    live.temperature()   shift and temperature
    live.step()          the step of a measured derivative
    live.mistakes()      wrong backward passes, the checks they meet, and the wall of both

Each shows a drawing of the package's own numbers and says them in words (look_*.py); widget.py
keeps them alive. In print, and in a notebook that was never run, each is a figure.
"""

import numpy as np

from .._inputs import Array
from .._refusals import speaks
from ..penguins import SPECIES
from .birds import YOURS, bird, name_of, row_or_dial, three
from .checks import CHECKS, GRADCHECK, KEYS
from .controls import Choice, Dial, Push
from .guess import Guess
from .look_guess import NOTHING, RISES, look_at_guess
from .look_logits import look_at_jacobian, look_at_temperature
from .look_mistakes import first_fooled, look_at_mistake
from .look_step import look_at_step
from .look_upstream import look_at_upstream
from .widget import SPARE, View

__all__ = ["jacobian", "mistakes", "step", "temperature", "upstream"]


@speaks
def jacobian(x: Array | None = None) -> View:
    """Turn three logits, or choose a penguin, and watch p and J; or predict a column of J.

    Parameters
    ----------
    x : (3,) array_like, optional
        Logits to begin with; default bird 231.

    Returns
    -------
    view : View
        The last line of a cell shows it.

    Raises
    ------
    TypeError, ValueError
        If x is not three real numbers.

    Examples
    --------
    >>> print(jacobian([0.0, 0.0, 0.0]).now().words[:48])
    Logits 0.000, 0.000, 0.000. Probabilities 0.333,
    """
    row, number = row_or_dial(x)
    dials = {f"x{k}": Dial(f"x {name}", row[k], -6, 6, 0.1) for k, name in enumerate(SPECIES)}
    guess = Guess()

    def look(x0, x1, x2, predict, g0, g1, g2, reveal, number=None):
        logits, rates = np.array([x0, x1, x2]), np.array([g0, g1, g2])
        who = YOURS if number is None else name_of(logits, number)
        if predict == NOTHING:
            return look_at_jacobian(logits, who)
        return look_at_guess(logits, RISES.index(predict), rates, reveal > 0, who)

    def set_logits() -> None:
        guess.cover()
        for dial, value in zip(dials.values(), bird(number["number"].value)[0], strict=True):
            dial.value = float(value)

    room = look_at_guess(np.zeros(3), 0, np.zeros(3), True, YOURS).words + SPARE
    follow = dict.fromkeys(dials, guess.cover) | {"number": set_logits, "predict": guess.ask}
    return View(look, number | dials | guess.controls, follow=follow, room=room,
                beside=tuple(guess.controls))


@speaks
def upstream(x: Array | None = None, dp: Array = (4.0, 1.0, 0.0)) -> View:
    """Turn the upstream gradient of a row, and watch what backward makes of it.

    Parameters
    ----------
    x : (3,) array_like, optional
        Logits; default bird 231, and a dial for another bird.
    dp : (3,) array_like
        The upstream to begin with.

    Returns
    -------
    view : View
        The last line of a cell shows it.

    Raises
    ------
    TypeError, ValueError
        If x or dp is not three real numbers.
    """
    costs = three("dp", dp)
    dials = {f"dp{k}": Dial(f"dp {name}", costs[k], -5, 5, 0.1) for k, name in enumerate(SPECIES)}
    row, number = row_or_dial(x)

    def look(dp0, dp1, dp2, level, number=None):
        logits, who = (row, YOURS) if number is None else bird(number)
        return look_at_upstream(logits, np.array([dp0, dp1, dp2]), who)

    level = Push("make every cost 1")

    def set_ones() -> None:
        for dial in dials.values():
            dial.value = 1.0

    return View(look, number | dials | {"level": level}, follow={"level": set_ones},
                beside=("level",))


@speaks
def temperature(x: Array | None = None) -> View:
    """Turn shift and temperature: p does not see the one, and J dies of the other.

    Parameters
    ----------
    x : (3,) array_like, optional
        Logits; default bird 231, and a dial for another bird.

    Returns
    -------
    view : View
        The last line of a cell shows it.

    Raises
    ------
    TypeError, ValueError
        If x is not three real numbers.
    """
    row, number = row_or_dial(x)

    def look(c, T, number=None):
        logits, who = (row, YOURS) if number is None else bird(number)
        return look_at_temperature(logits, c, T, who)

    dials = {"c": Dial("shift c", 100.0, -1000, 1000, 10),
             "T": Dial("temperature T", 0.25, -2, 2, 0.05, log=True)}
    return View(look, number | dials)


@speaks
def step(x: Array | None = None) -> View:
    """Halve the step of a measured derivative, and watch its digits come and go.

    Parameters
    ----------
    x : (3,) array_like, optional
        Logits; default bird 231.

    Returns
    -------
    view : View
        The last line of a cell shows it.

    Raises
    ------
    TypeError, ValueError
        If x is not three real numbers.
    """
    row, _ = row_or_dial(x)

    def look(k, method, dtype):
        return look_at_step(row, k, method, dtype)

    return View(look, {
        "k": Dial("halvings k", 8, 1, 60, 1, whole=True),
        "method": Choice("method", ("forward", "central", "richardson"), "central"),
        "dtype": Choice("precision", ("float64", "float32"), "float64"),
    })


def mistakes(key: str = "seed_sum_backward", check: str | None = None) -> View:
    """Choose a mistake and a check, and see the numbers that fooled it, and the whole wall.

    Parameters
    ----------
    key : str
        Of smlearn.mistakes.SOFTMAX_MISTAKES, or "the right one": where to begin.
    check : str, optional
        One of the twelve; default the first that the mistake fools.

    Returns
    -------
    view : View
        The last line of a cell shows it.

    Raises
    ------
    ValueError
        If there is no such mistake, or no such check.
    """
    look_at_mistake(key, CHECKS[0] if check is None else check)
    room = max((look_at_mistake(each, GRADCHECK).words for each in KEYS), key=len)
    return View(look_at_mistake, {
        "key": Choice("mistake", KEYS, key),
        "check": Choice("check", CHECKS, first_fooled(key) if check is None else check),
    }, room=room + SPARE)
