"""Looks at a predicted value or a chosen name: right or not, and if not, which common slip."""

from functools import cached_property

import numpy as np

from ..._inputs import Array
from ...mistakes.finding import RIGHT, Finding
from ...mistakes.trying import as_array
from ..number_tables import apart, entry, worst_entry
from ..sandbox.call import read_answer
from ..sandbox.clock import Patience
from ..task import Answer, Choice
from .unanswered import is_open, to_do
from .wrong_kinds import no_prediction, short

__all__ = ["ANSWER", "CHOICE", "Given"]

AGAIN = "Change it and run this cell again; ex.hint() helps."


class Given:
    """A value that was written down, as plain data, and as numbers."""

    def __init__(self, part: Answer | Choice, given, patience: Patience):
        self.part, self.value = part, read_answer(given, patience)
        if isinstance(self.value, set) and isinstance(part, Answer) and part.any_order:
            self.value = list(self.value)

    @cached_property
    def numbers(self) -> Array | None:
        """The numbers, brought into the form in which they are compared; None if it holds none."""
        part, a = self.part, as_array(self.value)
        if a is None or a.dtype.kind not in "biuf":
            return None
        if isinstance(part.value, tuple):
            return np.atleast_1d(a)
        if part.accepts:
            return a
        a = np.unique(a) if part.any_order and a.ndim == 1 else a
        return a.reshape(()) if not np.ndim(part.value) and a.size == 1 else a    # [0.5] is 0.5

    @property
    def yes_or_no(self) -> bool:
        """Whether True or False is asked for."""
        return np.asarray(self.part.value).dtype.kind == "b"

    def fits(self, value) -> bool:
        """Whether it is this value."""
        if isinstance(self.part.value, str):
            return isinstance(self.value, str) and self.value.strip() == value
        if isinstance(self.part.value, tuple):
            return np.array_equal(self.numbers, np.atleast_1d(value))
        value = np.asarray(value, float)
        return self.numbers.shape == value.shape and bool(np.allclose(
            self.numbers, value, atol=self.part.atol))


def _is_open(seen: Given) -> Finding | None:
    if not is_open(seen.value):
        return None
    what = (f"Put one of these names where the dots of {seen.part.name} are: {_names(seen.part)}"
            if isinstance(seen.part, Choice) else
            f"Put your answer where the dots of {seen.part.name} are")
    return to_do(what)


# Names.

def _names(part: Choice) -> str:
    return ", ".join(sorted(f'"{name}"' for name in (part.value, *part.others)))


def _name(seen: Given) -> Finding:
    part = seen.part
    said = "_".join(str(seen.value).lower().replace("-", " ").replace("_", " ").split())
    if said in (part.value, *part.also):
        return Finding("", "", status=RIGHT)
    if said in part.others:
        return Finding(said, part.others[said], todo=AGAIN)
    return Finding("no_such_name", f"{short(seen.value)} is not one of the names.",
                   todo=f"Choose one of {_names(part)}, in quotes.")


# Values: a word, a shape, numbers, or whatever does what is asked.

def _no_numbers(seen: Given) -> Finding | None:
    if isinstance(seen.part.value, str) or seen.numbers is not None:
        return None
    what, todo = no_prediction(seen.value, seen.part.value)
    return Finding("type", what, todo=todo)


def _truth_for_number(seen: Given) -> Finding | None:
    """Look whether True or False stands where numbers are wanted, or numbers in their place."""
    if isinstance(seen.part.value, str):
        return None
    if seen.numbers.dtype.kind == "b" and not seen.yes_or_no:
        return Finding("type", "True and False are no numbers, and numbers are wanted.",
                       todo=AGAIN)
    if seen.yes_or_no and not np.isin(seen.numbers, (0, 1)).all():
        return Finding("type", "True or False is wanted, and numbers are given.", todo=AGAIN)
    return None


def _does_what_is_asked(seen: Given) -> Finding | None:
    """Look at something that need not be one value: all that does what is asked is right."""
    if not seen.part.accepts or seen.numbers.shape != np.shape(seen.part.value):
        return None
    if not np.isfinite(seen.numbers).all():
        return Finding("not_finite", "It holds something that is no finite number.", todo=AGAIN)
    complaint = seen.part.accepts(seen.numbers.astype(float))
    return Finding(*complaint, todo=AGAIN) if complaint else Finding("", "", status=RIGHT)


def _right(seen: Given) -> Finding | None:
    return Finding("", "", status=RIGHT) if seen.fits(seen.part.value) else None


def _slip(seen: Given) -> Finding | None:
    for value, reason in seen.part.slips.items():
        if seen.fits(value):
            return Finding(str(value), reason, todo=AGAIN, question=reason)
    return None


def _shape(seen: Given) -> Finding | None:
    part, wanted = seen.part, np.shape(seen.part.value)
    if isinstance(part.value, str | tuple) or seen.numbers.shape == wanted:
        return None
    if part.any_order and seen.numbers.ndim == 1:
        what = "One is missing, or one is too many."
    elif not wanted:
        what = f"One answer is wanted, and these are {seen.numbers.size}."
    elif not seen.numbers.ndim:
        what = f"That is one answer, and {np.size(part.value)} are wanted: a list, with [ ]."
    else:
        what = f"It has the shape {seen.numbers.shape}, and {wanted} is wanted."
    return Finding("shape", what, todo=part.otherwise or AGAIN)


def _other(seen: Given) -> Finding:
    part, wanted = seen.part, np.asarray(seen.part.value)
    if isinstance(part.value, str):
        what = f"{short(seen.value, 50)} is not it."
    elif isinstance(part.value, tuple):
        what = f"{short(tuple(np.ravel(seen.numbers).tolist()), 50)} is not it."
    elif wanted.ndim:
        given, wanted = seen.numbers.astype(float), wanted.astype(float)
        at = worst_entry(given, wanted)
        said = bool(given[at]) if seen.yes_or_no else apart(given[at], wanted[at])[0]
        what = f"Entry {entry(at)} is {said}, and that is not it."
    else:
        what = f"{bool(seen.numbers) if seen.yes_or_no else _digits(seen.numbers)} is not it."
    return Finding("other", what, todo=part.otherwise or AGAIN)


def _digits(given: Array) -> str:
    """Write a number in four digits, or in more where those make a whole number of it."""
    text = f"{float(given):.4g}"
    return f"{float(given):.10g}" if float(text).is_integer() else text


CHOICE = (_is_open, _name)
ANSWER = (_is_open, _no_numbers, _truth_for_number, _does_what_is_asked, _right, _slip, _shape,
          _other)
