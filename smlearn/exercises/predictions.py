"""Judge a predicted value or a chosen name: right or not, and if not, which common slip it is."""

import numpy as np

from .._checks import Array
from .judging import to_do
from .tables import entry, number, worst_entry
from .tasks import Answer, Choice, Slip
from .values import as_array, is_open
from .verdict import RIGHT, WRONG, Verdict

__all__ = ["judge_answer", "judge_choice"]

AGAIN = "Change it and run this cell again; ex.hint() helps."


def judge_choice(part: Choice, given) -> Verdict:
    """Judge a name that is chosen among several."""
    if is_open(given):
        return to_do(f"Put one of these names where the dots of {part.name} are: {_names(part)}")
    said = _word(given)
    if said == part.value:
        return Verdict(RIGHT, ())
    if said in part.others:
        return _wrong(said, part.others[said], AGAIN)
    return _wrong("no_such_name", f"{str(given)[:40]!r} is not one of the names.",
                  f"Choose one of {_names(part)}, in quotes.")


def _names(part: Choice) -> str:
    return ", ".join(sorted(f'"{name}"' for name in (part.value, *part.others)))


def _word(given) -> str:
    return "_".join(str(given).lower().replace("-", " ").replace("_", " ").split())


def judge_answer(part: Answer, given) -> Verdict:
    """Judge a value: a word, a shape, or numbers."""
    if is_open(given):
        return to_do(f"Put your answer where the dots of {part.name} are")
    if callable(part.accepts):
        return _judge_found(part, given)
    if isinstance(part.value, str):
        return _judge_word(part, given)
    numbers = as_array(given)
    if numbers is None or numbers.dtype.kind not in "biuf":
        return _wrong("type", f"{_short(given)} is no number.", "Give numbers, without quotes.")
    if isinstance(part.value, tuple):
        return _judge_shape(part, numbers)
    return _judge_numbers(part, numbers.astype(float))


def _judge_word(part: Answer, given) -> Verdict:
    if isinstance(given, str) and given.strip() == part.value:
        return Verdict(RIGHT, ())
    slip = next((s for s in part.slips if isinstance(given, str) and s.value == given.strip()),
                None)
    return _slipped(slip) if slip else _wrong("other", f"{_short(given)} is not it.",
                                              part.otherwise or AGAIN)


def _judge_shape(part: Answer, numbers: Array) -> Verdict:
    if numbers.tolist() == list(part.value):
        return Verdict(RIGHT, ())
    for slip in part.slips:
        if numbers.tolist() == list(np.atleast_1d(slip.value)):
            return _slipped(slip)
    return _wrong("other", f"{_short(tuple(np.ravel(numbers).tolist()))} is not it.",
                  part.otherwise or AGAIN)


def _judge_found(part: Answer, given) -> Verdict:
    """Judge something that need not be one value: all that does what is asked is right."""
    numbers = as_array(given)
    if numbers is None or numbers.dtype.kind not in "biuf":
        return _wrong("type", f"{_short(given)} is no array of numbers.",
                      "Give a list of numbers, or an array.")
    if numbers.shape != np.shape(part.value):
        return _wrong("shape", f"It has the shape {numbers.shape}, and {np.shape(part.value)} is "
                      "wanted.", AGAIN)
    if not np.isfinite(numbers).all():
        return _wrong("not_finite", "It holds something that is no finite number.", AGAIN)
    complaint = part.accepts(numbers.astype(float))
    return _wrong(*complaint, AGAIN) if complaint else Verdict(RIGHT, ())


@np.errstate(all="ignore")
def _judge_numbers(part: Answer, given: Array) -> Verdict:
    wanted = np.asarray(part.value, float)
    given = given.reshape(()) if not wanted.ndim and given.size == 1 else given    # [0.5] is 0.5
    if given.shape == wanted.shape and np.allclose(given, wanted, rtol=1e-5, atol=part.atol):
        return Verdict(RIGHT, ())
    for slip in part.slips:
        value = np.asarray(slip.value, float)
        if value.shape == given.shape and np.allclose(given, value, rtol=1e-5, atol=part.atol):
            return _slipped(slip)
    if given.shape != wanted.shape:
        return _wrong("shape", f"It has the shape {given.shape}, and {wanted.shape} is wanted.",
                      part.otherwise or AGAIN)
    if not wanted.ndim:
        said = _said(part, given) if _asks_yes_or_no(part) else f"{float(given):.4g}"
        return _wrong("other", f"{said} is not it.", part.otherwise or AGAIN)
    at = worst_entry(given, wanted)
    return _wrong("other", f"Entry {entry(at)} is {_said(part, given[at])}, and that is not it.",
                  part.otherwise or AGAIN)


def _said(part: Answer, given: Array) -> str:
    """Show a number, or, where True or False is wanted, which of them was said."""
    return str(bool(given)) if _asks_yes_or_no(part) and given in (0, 1) else number(given)


def _asks_yes_or_no(part: Answer) -> bool:
    return np.asarray(part.value).dtype.kind == "b"


def _slipped(slip: Slip) -> Verdict:
    return Verdict(WRONG, (slip.reason, AGAIN), slip.key, question=slip.reason)


def _wrong(key: str, *lines: str) -> Verdict:
    return Verdict(WRONG, tuple(line for line in lines if line), key)


def _short(given) -> str:
    try:
        text = " ".join(repr(given).split())
    except Exception:    # a broken __repr__ is no reason to stop
        text = f"A {type(given).__name__}"
    return text if len(text) <= 50 else text[:47] + "..."
