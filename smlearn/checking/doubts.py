"""Why may a difference prove nothing? A kink within the step, rounding inside of f, no plateau.

Asked of any f but softmax, which has none of the three.
"""

from itertools import pairwise

import numpy as np

from .._inputs import Array
from .backward_pair import Case
from .compare import Measured, unit
from .differences import evaluate, numerical_jvp
from .noise import backward_noise, noise_along, room_for
from .tolerance import coarsest

__all__ = ["doubt", "has_kink"]

ODD = 2 * np.sqrt(2) - 2, (np.sqrt(5) - 1) / 2    # steps that no rounding falls in with
MOVES = "halving h moves the measurement; is f smooth at x?"


def doubt(case: Case, measured: Measured) -> str:
    """Say why nothing follows from the numbers; nothing if something does."""
    if measured.over <= 1:
        return "" if measured.settled and not _missed(measured) else MOVES
    if not _bends_smoothly(case, measured):
        return f"f has a kink near entry {measured.worst} of x"
    if _lost_in_noise(case, measured):
        return (f"f rounds more than its values show: at entry {measured.worst} of x no "
                "difference tells right from wrong")
    return MOVES if _a_shorter_step_agrees(case, measured) else ""


def _missed(measured: Measured) -> bool:
    """Say whether what noise and kinks may hide is a thousand times all that was seen.

    As where a pole lies far within the step, and the measurement is that of both its sides.
    """
    beside = measured.beside or (measured,)
    return bool(max(m.hidden for m in beside) > 1000 * max(
        np.abs(a).max() for m in beside for a in (m.dp, m.analytic, m.numeric)))


def _a_shorter_step_agrees(case: Case, measured: Measured) -> bool:
    """Say whether the backward pass says at the worst entry what a shorter step measures.

    Beside a pole, or where kinks lie on both sides. Steps are asked at which the rounding of f's
    values is below the error; to agree by chance it would have to hit a part in 32 of that.
    """
    at, y = measured.worst, evaluate(case.pair.value, case.x)
    t, error = unit(case.x, at), _error(measured)
    rounding = 2 * np.finfo(y.dtype).eps * np.sum(np.abs(measured.dp * y), dtype=float)
    for h in case.h / 8.0 ** np.arange(1, 12):
        if rounding / h > error / 2:
            return False
        try:
            slope = np.sum(measured.dp * numerical_jvp(case.pair.value, case.x, t, h=float(h)))
        except ValueError:    # too short to move x
            return False
        if abs(slope - measured.analytic[at]) <= error / 32:
            return True
    return False


def _lost_in_noise(case: Case, measured: Measured) -> bool:
    """Say whether the worst error may be rounding: of f inside, or of the backward pass."""
    at = measured.worst
    t = unit(case.x, at) * (case.h / 8)    # as far as was measured: rounding may be as coarse
    noise = max([measured.noise, *(noise_along(case, odd * t, [measured.dp])[0] for odd in ODD)])
    room = measured.tol[at] + room_for(noise, case.h)
    if _error(measured) > room:
        room += 8 * backward_noise(case, measured.dp)[at]
    return bool(_error(measured) <= room)


def _error(measured: Measured) -> float:
    """Return how far the worst entry is off."""
    return float(abs(measured.analytic[measured.worst] - measured.numeric[measured.worst]))


def _bends_smoothly(case: Case, measured: Measured) -> bool:
    """Say whether f is smooth at the worst entry: near a kink a difference proves nothing.

    The two one-sided slopes differ by h f'' where f is smooth, so the gap halves with h. At a kink
    it stays; near one it ends as soon as the steps no longer reach it, and until then the
    measurement is off by at most half of it.
    """
    y, t = evaluate(case.pair.value, case.x), unit(case.x, measured.worst)
    reach = _error(measured) - measured.tol[measured.worst]
    gaps = [_gap(case, measured, y, t, case.h / 2**k) for k in range(4)]
    for (wide, _), (narrow, slack) in pairwise(gaps):
        halves = 0.4 * wide - slack <= narrow <= 0.6 * wide + slack
        if not halves and reach <= gaps[1][0]:
            return False
    return _slopes_add_up(case, measured)


def _slopes_add_up(case: Case, measured: Measured) -> bool:
    """Say whether the slopes of entries as large as the worst add up, as those of a smooth f do.

    In the middle of a tie sort moves with no entry alone, and with all of them together.
    """
    tied = np.abs(case.x - case.x[measured.worst]) <= case.h
    if tied.sum() == 1:
        return True
    t = tied * np.linspace(-1, 0.9, tied.size).reshape(tied.shape)
    try:
        slope = np.sum(measured.dp * numerical_jvp(case.pair.value, case.x, t, h=case.h / 2))
    except ValueError:    # rounding x + h t leads elsewhere
        return True
    return bool(abs(slope - np.sum(measured.numeric * t)) <= np.sum(measured.tol * np.abs(t)))


def has_kink(case: Case, measured: Measured, shorter: float) -> bool:
    """Say whether what changed most when the step was halved has a kink within the step.

    Where f is smooth, its slopes ahead and behind differ by some h f'' with a shorter step, too;
    beside a kink they agree as soon as it is out of reach.
    """
    at = np.unravel_index(np.argmax(np.abs(measured.change)), case.x.shape)
    y, t = evaluate(case.pair.value, case.x), unit(case.x, at)
    far, near = (_gap(case, measured, y, t, h)[0] for h in (case.h, shorter))
    return near < 0.05 * far * shorter / case.h


def _gap(case: Case, measured: Measured, y: Array, t: Array, h: float) -> tuple[float, float]:
    """Measure how far apart the slopes ahead and behind are along t, and what of it is rounding.

    What does not move along t has no rounding either.
    """
    ahead, behind = (evaluate(case.pair.value, case.x + case.x.dtype.type(s) * t)
                     for s in (h, -h))
    values = np.where((ahead != y) | (behind != y), np.maximum(np.abs(ahead), np.abs(behind)), 0)
    size = np.sum(np.abs(measured.dp) * values, dtype=float)
    rounding = 4 * (coarsest(case.x, y) * size + 4 * measured.noise)
    gap = np.sum(measured.dp * (ahead - 2 * y + behind), dtype=float)
    return abs(float(gap)) / h, float(rounding) / h
