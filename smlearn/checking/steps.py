"""With which step is it measured? The one that theory chooses (notebook 06), or a shorter one.

Where f is not defined a step away, or bends so sharply that half of the step measures something
else, shorter ones are tried, down to where rounding takes over.
"""

import numpy as np

from .._refusals import refusal
from .backward_pair import BackwardFailed, Case
from .compare import Measured, measure
from .doubts import has_kink
from .noise import room_for

__all__ = ["measure_with_a_step"]


def measure_with_a_step(case: Case, h: float | None) -> tuple[Case, Measured]:
    """Measure dp J; with a shorter step where f is not defined a step away, or bends too sharply.

    Raises
    ------
    ValueError
        If no step helps; if the step was given.
    """
    with np.errstate(invalid="ignore", divide="ignore"):    # f is not asked there by the learner
        try:
            measured = measure(case)
        except BackwardFailed:
            raise
        except ValueError:
            shorter = _defined(case)
            if shorter is None:
                raise
            if h is not None:
                raise refusal(ValueError, f"h must keep f defined, but x + {h:.2g} or x - {h:.2g} "
                              f"leads out; leave h out, or take {shorter:.2g}") from None
            case = _with_step(case, shorter, "f is not defined everywhere within "
                              f"{case.h:.2g} of x")
            measured = measure(case)
        fine = measured.settled or h is not None
        return (case, measured) if fine else _settled(case, measured)


def _with_step(case: Case, h: float, why: str) -> Case:
    return case._replace(h=h, notes=(*case.notes, f"{why}: a step of {h:.2g} was taken"))


def _settled(case: Case, first: Measured) -> tuple[Case, Measured]:
    """Measure with the longest step, by powers of 8, whose half gives the same; else keep it."""
    for step in map(float, case.h / 8.0 ** np.arange(1, 5)):
        try:
            shorter = measure(case._replace(h=step))
        except ValueError:    # too short to move x
            break
        if _lost(first, shorter, step):
            break
        if shorter.settled:
            if any(has_kink(case, m, step) for m in first.beside if not m.settled):
                break
            return _with_step(case, step, "f bends sharply near x"), shorter
    return case, first


def _lost(first: Measured, shorter: Measured, step: float) -> bool:
    """Say whether a shorter step sees rounding where the first one saw f.

    Then f, which moved before, does so no more; or the noise that was met is as large as what is
    measured now.
    """
    pairs = list(zip(first.beside, shorter.beside, strict=True))
    still = any(((now.numeric == 0) & (then.numeric != 0)).any() for then, now in pairs)
    return still or any(room_for(then.noise, step) > np.abs(now.numeric).max()
                        for then, now in pairs)


def _defined(case: Case) -> float | None:
    """Return an eighth of the longest step, by powers of 2, at which f can be measured.

    More of it if an eighth moves some entry of x no more; None if it would be so short that
    rounding drowns the difference even at the smallest entry.
    """
    eps, sizes = np.finfo(case.x.dtype).eps, np.abs(case.x)
    least = 64 * eps * max(eps, min(1, sizes.min(where=sizes > 0, initial=1)))
    step = case.h / 2
    while step / 8 >= least:
        if _can(case, step):
            return next(part for part in (step / 8, step / 4, step / 2, step) if _can(case, part))
        step /= 2
    return None


def _can(case: Case, h: float) -> bool:
    """Say whether f can be measured with a step of h."""
    try:
        measure(case._replace(h=h))
    except ValueError:
        return False
    return True
