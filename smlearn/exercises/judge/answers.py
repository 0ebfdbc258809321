"""Judge a predicted value or a chosen name: right or not, and if not, which common slip it is."""

import numpy as np

from ..._inputs import Array
from ..number_tables import apart, entry, worst_entry
from ..task import Answer, Choice
from ..verdict import RIGHT, WRONG, Verdict
from .functions import to_do
from .unanswered import is_open
from .values import as_array
from .wrong_kinds import no_prediction, short

__all__ = ["judge_answer", "judge_choice"]

AGAIN = "Change it and run this cell again; ex.hint() helps."


def judge_choice(part: Choice, given) -> Verdict:
    """Judge a name that is chosen among several."""
    if is_open(given):
        return to_do(f"Put one of these names where the dots of {part.name} are: {_names(part)}")
    said = _word(given)
    if said in (part.value, *part.also):
        return Verdict(RIGHT, ())
    if said in part.others:
        return _wrong(said, part.others[said], AGAIN)
    return _wrong("no_such_name", f"{short(given)} is not one of the names.",
                  f"Choose one of {_names(part)}, in quotes.")


def _names(part: Choice) -> str:
    return ", ".join(sorted(f'"{name}"' for name in (part.value, *part.others)))


def _word(given) -> str:
    return "_".join(str(given).lower().replace("-", " ").replace("_", " ").split())


def judge_answer(part: Answer, given) -> Verdict:
    """Judge a value: a word, a shape, or numbers."""
    if is_open(given):
        return to_do(f"Put your answer where the dots of {part.name} are")
    if isinstance(part.value, str):
        return _judge_word(part, given)
    if part.any_order and isinstance(given, set):
        given = list(given)
    numbers = as_array(given)
    if numbers is None or numbers.dtype.kind not in "biuf":
        return _wrong("type", *no_prediction(given, part.value))
    if complaint := _truth_for_number(part, numbers):
        return _wrong("type", complaint, AGAIN)
    if callable(part.accepts):
        return _judge_found(part, numbers)
    if isinstance(part.value, tuple):
        return _judge_shape(part, numbers)
    return _judge_numbers(part, numbers.astype(float))


def _truth_for_number(part: Answer, numbers: Array) -> str:
    """Say if True or False stands where numbers are wanted, or numbers in their place."""
    if numbers.dtype.kind == "b" and not _asks_yes_or_no(part):
        return "True and False are no numbers, and numbers are wanted."
    if _asks_yes_or_no(part) and not np.isin(numbers, (0, 1)).all():
        return "True or False is wanted, and numbers are given."
    return ""


def _judge_word(part: Answer, given) -> Verdict:
    if isinstance(given, str) and given.strip() == part.value:
        return Verdict(RIGHT, ())
    for slip in part.slips:
        if isinstance(given, str) and given.strip() == slip:
            return _slipped(part, slip)
    return _wrong("other", f"{short(given, 50)} is not it.", part.otherwise or AGAIN)


def _judge_shape(part: Answer, numbers: Array) -> Verdict:
    given = np.atleast_1d(numbers).tolist()
    if given == list(part.value):
        return Verdict(RIGHT, ())
    for slip in part.slips:
        if given == list(np.atleast_1d(slip)):
            return _slipped(part, slip)
    return _wrong("other", f"{short(tuple(np.ravel(numbers).tolist()), 50)} is not it.",
                  part.otherwise or AGAIN)


def _judge_found(part: Answer, numbers: Array) -> Verdict:
    """Judge something that need not be one value: all that does what is asked is right."""
    if numbers.shape != np.shape(part.value):
        return _wrong_shape(part, numbers)
    if not np.isfinite(numbers).all():
        return _wrong("not_finite", "It holds something that is no finite number.", AGAIN)
    complaint = part.accepts(numbers.astype(float))
    return _wrong(*complaint, AGAIN) if complaint else Verdict(RIGHT, ())


@np.errstate(all="ignore")
def _judge_numbers(part: Answer, given: Array) -> Verdict:
    wanted = np.asarray(part.value, float)
    given = np.unique(given) if part.any_order and given.ndim == 1 else given
    given = given.reshape(()) if not wanted.ndim and given.size == 1 else given    # [0.5] is 0.5
    if _fits(part, given, wanted):
        return Verdict(RIGHT, ())
    for slip in part.slips:
        if _fits(part, given, np.asarray(slip, float)):
            return _slipped(part, slip)
    if given.shape != wanted.shape:
        return _wrong_shape(part, given)
    if not wanted.ndim:
        said = _said(part, given) if _asks_yes_or_no(part) else _digits(given)
        return _wrong("other", f"{said} is not it.", part.otherwise or AGAIN)
    at = worst_entry(given, wanted)
    said = _said(part, given[at], wanted[at])
    return _wrong("other", f"Entry {entry(at)} is {said}, and that is not it.",
                  part.otherwise or AGAIN)


def _fits(part: Answer, given: Array, value: Array) -> bool:
    return given.shape == value.shape and bool(
        np.allclose(given, value, rtol=1e-5, atol=part.atol))


def _wrong_shape(part: Answer, given: Array) -> Verdict:
    wanted = np.shape(part.value)
    if part.any_order and given.ndim == 1:
        what = "One is missing, or one is too many."
    elif not wanted:
        what = f"One answer is wanted, and these are {given.size}."
    elif not given.ndim:
        what = f"That is one answer, and {np.size(part.value)} are wanted: a list, with [ ]."
    else:
        what = f"It has the shape {given.shape}, and {wanted} is wanted."
    return _wrong("shape", what, part.otherwise or AGAIN)


def _digits(given: Array) -> str:
    """Write a number in four digits, or in more where those would make a whole number of it."""
    text = f"{float(given):.4g}"
    return f"{float(given):.10g}" if float(text) != given and float(text).is_integer() else text


def _said(part: Answer, given: float, wanted: float = np.nan) -> str:
    """Show a number, or, where True or False is wanted, which of them was said."""
    return str(bool(given)) if _asks_yes_or_no(part) else apart(given, wanted)[0]


def _asks_yes_or_no(part: Answer) -> bool:
    return np.asarray(part.value).dtype.kind == "b"


def _slipped(part: Answer, slip) -> Verdict:
    reason = part.slips[slip]
    return Verdict(WRONG, (reason, AGAIN), str(slip), question=reason)


def _wrong(key: str, *lines: str) -> Verdict:
    return Verdict(WRONG, tuple(line for line in lines if line), key)

