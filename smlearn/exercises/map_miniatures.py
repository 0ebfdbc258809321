"""The law of each core in a few characters, and a small drawing of it from the package's numbers.

A drawing is WIDE by HIGH pixels, its corner at (x, y). Of a matrix the area of a square is the
size of a number, full above 0 and hollow below, so that a sign needs no colour.
"""

from functools import cache

import numpy as np

from .._inputs import Array
from ..checking import gradcheck
from ..checking.differences import numerical_jvp, numerical_vjp
from ..figures.page import ABOVE, BELOW, COLOURS
from ..formulas.attention import attention_forward
from ..formulas.backward import softmax_vjp
from ..formulas.exact import exact_vjp, worst_error
from ..formulas.forward import softmax
from ..formulas.jacobian import softmax_jacobian
from ..formulas.losses import cross_entropy_backward, cross_entropy_forward
from ..formulas.staged import staged_forward, staged_gradients
from ..live.charts import GREY
from ..live.scene import INK, PAPER, Disc, Line, Part, Polygon, Text, box
from ..mistakes import PUBLIC_COUNT, SOFTMAX_MISTAKES
from ..penguins import CENTRE, FOUR_COSTS, ONE_BIRD, SPREAD, four_birds, load_penguins, one_bird
from ..second_opinions import digit_rows
from ..training import descend, penguin_split

__all__ = ["WIDE", "miniature"]

WIDE, HIGH = 128, 54
BLUE, RED = COLOURS[0], COLOURS[1]    # right and wrong; a sign has ABOVE and BELOW
COSTS = np.array(FOUR_COSTS[0])    # the upstream 0, 1, 4 of notebook 02


@cache
def miniature(number: str) -> tuple[str, tuple[Part, ...]]:
    """Return the law of a core in a few characters, and its drawing, corner at (0, 0)."""
    law, parts = DRAWN[number]()
    return law, tuple(parts)


def _squares(M: Array, x: float, y: float, cell: float, most: float) -> list[Part]:
    """Draw a matrix, its largest possible number as a whole cell."""
    parts = []
    for (i, j), value in np.ndenumerate(M):
        side = max(cell * np.sqrt(abs(value) / most) - 1, 0)
        left, top = x + (j + 0.5) * cell - side / 2, y + (i + 0.5) * cell - side / 2
        parts += [_signed(left, top, side, side, value)] if side > 0.5 else []
    return parts


def _signed(x: float, y: float, width: float, height: float, value: float) -> Polygon:
    return box(x, y, width, height, *((ABOVE, ABOVE) if value > 0 else (PAPER, BELOW)))


def _frame(x: float, y: float, width: float, height: float) -> Polygon:
    return box(x, y, width, height, "none", "#b3b3b3")


def _public():
    parts, x, most = [], 0.0, sum(PUBLIC_COUNT.values())
    for kind, count in PUBLIC_COUNT.items():
        wide, wrong = WIDE * count / most, kind == "wrong"
        parts.append(box(x, 4, wide, 24, RED if wrong else PAPER, INK))
        if wrong or not x:
            parts.append(Text((WIDE, 44), f"{count} wrong", 12, "end", bold=True) if wrong else
                         Text((0, 44), f"{count} right", 12))
        x += wide
    return "restart and run all", parts


def _jacobian():
    J = softmax_jacobian(one_bird())                          # (3, 3)
    return "J 1 = 0", [_frame(37, 0, 54, 54), *_squares(J, 37, 0, 18, 0.25)]


def _transfer():
    p = softmax(one_bird())                                   # (3,)
    rise = COSTS - p @ COSTS                                  # (3,)  p times it is dx
    edges, zero = WIDE * np.cumsum([0, *p]), 19
    bars = [_signed(left, zero, right - left - 1, -13 * up, up)
            for left, right, up in zip(edges, edges[1:], rise, strict=False)]
    return "dx = p (dp − ⟨p, dp⟩)", [*bars, Line(((0, zero), (WIDE, zero)), INK)]


def _blocks():
    J = softmax_jacobian(four_birds())                        # (4, 3, 3)
    parts = [_frame(37, 0, 54, 54)]
    for k, block in enumerate(J):
        at = 37 + 13.5 * k, 13.5 * k
        parts += [_frame(*at, 13.5, 13.5), *_squares(block, *at, 4.5, 0.25)]
    return "bj, bjk → bk", parts


def _costs():
    D = np.array([3, 30, 300, 3_000, 50_257])
    curves = [8 * 256 * D**2, 8 * 256 * D]                    # bytes
    parts = [Line(((14, 0), (14, HIGH), (114, HIGH)), GREY)]
    for held, dashes, name in zip(curves, ((), (4, 3)), ("D²", "D"), strict=True):
        points = [(14 + 18 * np.log10(d), HIGH + 12 - 4.5 * np.log10(h))
                  for d, h in zip(D, held, strict=True)]
        parts += [Line(tuple(points), BLUE if dashes else RED, 2, dashes),
                  Text((points[-1][0] + 4, points[-1][1] + 5), name, 12)]
    return "8 B D², or 8 B D", parts


def _stages():
    walk = staged_gradients(COSTS, staged_forward(one_bird())[1])
    parts, most = [], np.abs(walk[:5:3]).max() + np.abs(walk.dexps).max()
    for k, (name, row) in enumerate(zip(("", "+", "="), (walk.dexps_0, walk.dexps_1, walk.dexps),
                                        strict=True)):
        parts += [Text((30, 14 + 18 * k), name, 13), _frame(44, 18 * k, 54, 18),
                  *_squares(row[None], 44, 18 * k, 18, most)]
    return "de = dp r + ds", parts


def _valley():
    x, t = one_bird(), np.array([0.0, 0, 1])
    slope, points = softmax_jacobian(x)[2, 2], []
    for k in range(2, 48, 3):
        error = abs(numerical_jvp(softmax, x, t, h=2.0**-k)[2] - slope)
        points.append((8 + 2.4 * k, -4.4 * np.log10(max(error, 1e-12))))
    dots = [Disc(point, 2, BLUE, rough=True) for point in points]
    return "error: h² + u / h", [Line(tuple(points), BLUE, 1, rough=True), *dots]


def _wall():
    x, draws = four_birds(), {"1": np.ones((4, 3)), "random": np.array(FOUR_COSTS)}
    parts, through = [], []
    for row, dp in enumerate(draws.values()):
        wanted = softmax_vjp(x, dp)
        seen = [not _fits(mistake.vjp, x, dp, wanted) for mistake in SOFTMAX_MISTAKES.values()]
        through.append(seen.count(False))
        wide = WIDE / len(seen)
        parts += [box(k * wide, 3 + 27 * row, wide - 1, 21, BLUE if caught else PAPER,
                      BLUE if caught else RED) for k, caught in enumerate(seen)]
    return f"dp = 1 misses {through[0]}", parts


def _fits(vjp, x: Array, dp: Array, wanted: Array) -> bool:
    try:
        with np.errstate(all="ignore"):
            dx = np.asarray(vjp(x.copy(), dp.copy()))
        return dx.shape == wanted.shape and np.allclose(dx, wanted, rtol=0, atol=1e-6)
    except Exception:    # one of the mistakes is that it never runs
        return False


def _gap():
    dx = cross_entropy_backward(1.0, cross_entropy_forward(one_bird()[None], [2])[1])[0]    # (3,)
    bars = [_signed(22 + 30 * k, 27, 22, -46 * value, value) for k, value in enumerate(dx)]
    return "dx = p − y", [*bars, Line(((14, 27), (114, 27)), INK)]


def _digits():
    parts = [Line(((8, HIGH), (120, HIGH)), INK)]
    for k, scale in enumerate((1, 10, 40, 100)):
        x, dp = (rows[:4] for rows in digit_rows(scale))      # (4, 8)
        p, true = softmax(x), exact_vjp(x, dp)
        plain = p * (dp - (p * dp).sum(axis=-1, keepdims=True))
        for beside, dx in enumerate((plain, softmax_vjp(x, dp))):
            left = 20 + 28 * k + 11 * beside
            top = HIGH + 3.2 * np.log10(worst_error(dx, true))
            parts.append(Line(((left, HIGH), (left, top)), (RED, BLUE)[beside], (3, 8)[beside],
                              rough=True))
    return "shift x; shift dp, too", parts


def _descent():
    split = penguin_split()
    z = (split.bills - CENTRE) / SPREAD                       # (274, 2)
    loss = descend(z, split.labels, 3, steps=60).loss         # (61,)
    points = [(4 + 2 * k, HIGH - 52 * value / loss[0]) for k, value in enumerate(loss.tolist())]
    return "dW = zᵀ (p − y) + W", [Line(((4, HIGH), (124, HIGH)), GREY),
                                    Line(tuple(points), BLUE, 2.5)]


def _pattern():
    birds = load_penguins()
    rows = slice(ONE_BIRD, ONE_BIRD + 6)
    bills = np.stack([birds.bill_length_mm[rows], birds.bill_depth_mm[rows]], axis=1)
    z = (bills - CENTRE) / SPREAD                             # (6, 2)
    p = attention_forward(z, z, z, causal=True)[1].p          # (6, 6)
    return "⟨p, dp⟩ = ⟨do, o⟩", [_frame(37, 0, 54, 54), *_squares(p, 37, 0, 9, 1)]


def _resolved():
    x, dp = four_birds(), np.array(FOUR_COSTS)
    report = gradcheck(softmax, softmax_vjp, x, dp=dp)
    errors = np.abs(softmax_vjp(x, dp) - numerical_vjp(softmax, x, dp)).ravel()    # (12,)
    heights = 6.5 * (-8 - np.log10([report.resolution, *np.maximum(errors, 1e-16)]))
    wall, *dots = heights.tolist()
    return "|error| < resolution", [
        Line(((4, wall), (124, wall)), RED, 2),
        *(Disc((9 + 10 * k, y), 2.5, BLUE, rough=True) for k, y in enumerate(dots))]


DRAWN = {"00": _public, "01": _jacobian, "02": _transfer, "03": _blocks, "04": _costs,
         "05": _stages, "06": _valley, "07": _wall, "08": _gap, "09": _digits, "10": _descent,
         "11": _pattern, "12": _resolved}
