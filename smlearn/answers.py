"""Compare an answer of yours with the right one, and say one thing about it.

    compare(..., truth)  ->  "to do"        compare(truth, truth)  ->  "right"

Anything else is "not yet", with the most basic reason: nothing returned, the wrong shape, a known
slip, the worst entry. Nothing raises, so that an open or wrong answer never stops Run All.
"""

import numpy as np

from ._checks import Array

__all__ = ["compare"]


@np.errstate(over="ignore", invalid="ignore")
def compare(answer, truth: Array, *, slips: tuple = (), hint: str = "", atol: float = 1e-8) -> str:
    """Say whether `answer` is `truth`, and if not, why not.

    Parameters
    ----------
    answer : array_like
        What the learner gave; `...` if nothing yet.
    truth : (...) array_like
        The right value; a tuple stands for a shape.
    slips : tuple of (wrong value, sentence)
        Mistakes that people make here, each with what to think about.
    hint : str
        Said where no slip fits.
    atol : float
        How far off an entry may be, beside a relative 1e-5.

    Returns
    -------
    verdict : str
        "to do", "right", or "not yet: ..." with one reason.

    Examples
    --------
    >>> compare(..., 0.25)
    'to do'
    >>> compare(0.25, -0.25, slips=((0.25, "which way does it move?"),))
    'not yet: which way does it move?'
    """
    if answer is ...:
        return "to do"
    if answer is None:
        return "not yet: nothing came back; is there a return?"
    hint = hint or "that is not it"
    given = _numbers(answer)
    if given is None:
        return f"not yet: numbers are wanted, but this is {answer!r}"
    if isinstance(truth, tuple):                         # a shape: right or not, as a whole
        return "right" if given.tolist() == list(truth) else f"not yet: {hint}"
    wanted = np.asarray(truth, dtype=float)
    if given.shape != wanted.shape:
        return f"not yet: the shape is {given.shape}, and {wanted.shape} is wanted"
    if np.allclose(given, wanted, atol=atol):
        return "right"
    for wrong, sentence in slips:
        if np.shape(wrong) == given.shape and np.allclose(given, wrong):
            return f"not yet: {sentence}"
    return f"not yet: {_worst(given, wanted)}{hint}"


def _numbers(answer) -> Array | None:
    """Return `answer` as an array of floats, or None where it does not hold numbers."""
    try:
        given = np.asarray(answer)
        return given.astype(float) if given.dtype.kind in "biuf" else None
    except (TypeError, ValueError, OverflowError):
        return None


@np.errstate(over="ignore", invalid="ignore")
def _worst(given: Array, wanted: Array) -> str:
    """Name the entry that is furthest off; nothing for a single number."""
    if given.ndim == 0:
        return ""
    error = np.nan_to_num(np.abs(given - wanted), nan=np.inf, posinf=np.inf)
    at = np.unravel_index(error.argmax(), error.shape)
    entry = f"entry [{', '.join(map(str, at))}]"
    return f"the shape fits, but {entry} is {given[at]:.4g} and should be {wanted[at]:.4g}; "
