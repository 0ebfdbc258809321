"""A look at a wrong backward pass under one check: what it was asked, what it said, who is fooled.

The checks are in checks.py. Shown in notebook 07b.
"""

from functools import cache

import numpy as np

from .._inputs import Array
from .._refusals import refusal, speaks
from ..mistakes.catalogue import SOFTMAX_MISTAKES
from .charts import (
    GREY,
    HERE,
    HERE_PALE,
    LEFT,
    PALE,
    ROW,
    TOP,
    WIDTH,
    around,
    heat,
    letters,
    panel,
)
from .checks import CHECKS, KEYS, LAWS, RIGHT, RUNS, Ask, ask, caught, returned
from .scene import INK, PAPER, Disc, Look, Part, Scene, Text, box

__all__ = ["first_fooled", "look_at_mistake"]

LINE = 17                    # pixels: a check of the list
BRICK, HIGH, WALL = 16, 5, (44, 42)    # pixels: a brick of the wall, and the wall's corner


def first_fooled(key: str) -> str:
    """Return the first check of numbers that lets the mistake through, or the best of them."""
    blind = [name for name, stops in zip(CHECKS, caught(key), strict=True) if not stops]
    return next((name for name in blind if name != RUNS), "four rows")


@speaks
def look_at_mistake(key: str, check: str) -> Look:
    """Look at what a mistake returns to one check, at what that wants, and at all other checks."""
    for word, name, known in (("key", key, KEYS), ("check", check, CHECKS)):
        if name not in known:
            raise refusal(ValueError, f"{word} must be one of {', '.join(known[:3])} ..., but got "
                          f"{name!r}; choose one from the list")
    asked, found = ask(check), caught(key)
    stops, through = found[CHECKS.index(check)], sum(not each for each in found)
    dx, wanted, trouble = _numbers(key, check, asked)
    size = trouble or f"largest difference {np.abs(dx - wanted).max():.6f}"    # rounding unseen
    title = (f"{key.replace('_', ' ').capitalize()} and the check \"{check}\": it "
             f"{'stops it' if stops else 'lets it through'}")
    fooled = [name for name, stop in zip(CHECKS, found, strict=True) if not stop] or ["none"]
    words = " ".join([*_words(key), f"Here: {size}. Let through by {through} of {len(CHECKS)}:",
                      "; ".join(fooled) + "."])
    return Look(title, (_list(found, check), _wall(key, check),    # near the lists they follow
                        *_tables(check, asked, dx, wanted, trouble)), words)


def _numbers(key: str, check: str, asked: Ask) -> tuple[Array, Array, str]:
    """Return the mistake's numbers and the wanted ones; or why there are none to compare."""
    try:
        dx = returned(key, asked.x, asked.dp)
        wanted = returned(key, asked.x, asked.dp + 1) if check == LAWS else asked.wanted
    except Exception as error:    # some mistakes never run; that is what there is to see
        return asked.dp, asked.wanted, f"it raises {type(error).__name__}"
    if dx.shape != asked.x.shape:
        return asked.dp, asked.wanted, f"its shape is {dx.shape}"
    return dx, wanted, ""


def _tables(check: str, asked: Ask, dx: Array, wanted: Array, trouble: str) -> list[Scene]:
    """Draw what the check hands over, what it gets, what it wants, and the difference."""
    limit = around(asked.wanted)[1]
    wants = ("its dx for dp + 1: the same?" if check == LAWS else
             "wanted: any of this shape" if check == RUNS else "what the check wants")
    none = "nothing to compare" if trouble else ""
    return [_table("the check's dp", asked.dp, 5, asked),
            _table("what comes back: dx", dx, limit, asked, trouble),
            _table(wants, wanted, limit, asked),
            _table("the difference", dx - wanted, limit, asked, none)]


def _table(title: str, M: Array, limit: float, asked: Ask, trouble: str = "") -> Scene:
    """Draw numbers (B, 3), a bird per row and a species per column; or say why there are none."""
    y, cell, classes = TOP + 10, 50, asked.x.shape[-1]
    rows = [Text((4, y + 4 + k * ROW), name, 12) for k, name in enumerate(asked.rows)]
    head = (letters(LEFT - 4, 32, cell) if classes == 3 else
            [Text((LEFT + 71, 36), f"the first 3 of {classes}", 12, "middle")])
    digits = 3 if classes == 3 else 4
    cells = ([Text((LEFT + 71, y + ROW), trouble, 12, "middle", bold=True)] if trouble else
             heat(M[:, :3], LEFT - 4, y, cell, ROW, limit=limit, digits=digits))
    return panel(title, 140, [*rows, *head, *cells])


def _words(key: str) -> tuple[str, ...]:
    if key == RIGHT:
        return ("p * (dp - <p, dp>), as in notebook 02.",)
    mistake = SOFTMAX_MISTAKES[key]
    return f"Its author is told: {mistake.did} {mistake.ponder}", mistake.survives


def _list(found: tuple[bool, ...], check: str) -> Scene:
    """List the checks: a filled disc stops the mistake, a hollow one does not; words say which."""
    parts: list[Part] = []
    for k, (name, stops) in enumerate(zip(CHECKS, found, strict=True)):
        y = 42 + LINE * k
        if name == check:
            parts.append(box(1, y - 13, WIDTH - 2, LINE, HERE_PALE, HERE))
        parts += [Text((22, y), f"{k + 1}", 12, "end"), Text((28, y), name, 12),
                  Disc((130, y - 4), 5, INK if stops else PAPER, INK, 1.5),
                  Text((142, y), "stops it" if stops else "lets it through", 12)]
    return panel("the checks", 242, parts)


def _wall(key: str, check: str) -> Scene:
    """Draw all mistakes by all checks, a dark brick where one stops the other."""
    (x, y), row, column = WALL, KEYS.index(key), CHECKS.index(check)
    wide, high = BRICK * len(CHECKS), HIGH * len(KEYS)
    return panel("the wall: mistakes by checks", 242, [
        *(Text((x + (k + 0.5) * BRICK, y - 6), f"{k + 1}", 11, "middle", INK if k == column
               else GREY, bold=k == column) for k in range(len(CHECKS))),
        box(x, y, wide, high, PALE), *_bricks(),
        box(x - 3, y + HIGH * row - 1, wide + 6, HIGH + 2, "none", HERE),
        box(x + BRICK * column, y - 2, BRICK, high + 4, "none", HERE),
    ])


@cache
def _bricks() -> tuple[Part, ...]:
    """Return the dark bricks, those below each other as one."""
    (x, y), parts = WALL, []
    for k, column in enumerate(zip(*map(caught, KEYS), strict=True)):
        edges = np.flatnonzero(np.diff([0, *column, 0])).reshape(-1, 2)    # first, past the last
        parts += [box(x + BRICK * k + 1, y + HIGH * a, BRICK - 2, HIGH * (b - a), GREY)
                  for a, b in edges.tolist()]
    return tuple(parts)
