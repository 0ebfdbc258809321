"""Looks at a predicted value or a chosen name: right or not, and if not, which common slip."""

from collections.abc import Callable

import numpy as np

from ..._inputs import Array
from ...mistakes.finding import RIGHT, Finding
from ..number_tables import apart, entry, worst_entry
from ..task import Choice
from .given import Given
from .unanswered import is_open, to_do
from .wrong_kinds import no_prediction, short

__all__ = ["ANSWER", "CHOICE"]

AGAIN = "Change it and run this cell again; ex.hint() helps."


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


def _no_text(seen: Given) -> Finding | None:
    """Look whether the thing itself stands where its name, or another word, is wanted."""
    if not isinstance(seen.part.value, str) or isinstance(seen.value, str):
        return None
    return Finding("type", f"{short(seen.value)} is no text, and a word is wanted.",
                   todo="Write the word, in quotes.")


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
    fits = any(map(seen.fits, (seen.part.value, *seen.part.also)))
    return Finding("", "", status=RIGHT) if fits else None


def _slip(seen: Given) -> Finding | None:
    return _known(seen, seen.fits)


def _known(seen: Given, fits: Callable) -> Finding | None:
    for value, reason in seen.part.slips.items():
        if fits(value):
            return Finding(str(value), reason, todo=AGAIN, question=reason)
    return None


def _rounded(seen: Given) -> Finding | None:
    """Look whether it is right, or a known slip, but for the digits that were left out."""
    if seen.shortens(seen.part.value):
        return Finding("rounded", f"{_said(seen)} is right, but rounded.",
                       todo="Give more of its digits, or the line that computes them.")
    return _known(seen, seen.shortens)


def _percent(seen: Given) -> Finding | None:
    """Look whether a share between 0 and 1 is given in percent."""
    value = seen.part.value
    share = isinstance(value, float) and 0 < value < 1 and not seen.numbers.ndim
    if not share or not abs(seen.numbers / 100 - value) <= max(seen.part.atol, 1e-5 * value):
        return None
    return Finding("percent", f"{_digits(seen.numbers)} is in percent, and a share is wanted.",
                   todo="Divide it by 100: a share lies between 0 and 1.")


def _which_ones(seen: Given) -> Finding | None:
    """Say of a list of which ones how many are missing and how many too many."""
    part = seen.part
    if not part.any_order or seen.numbers.ndim != 1:
        return None
    missing, more = (_how_many(*pair) for pair in ((part.value, seen.numbers),
                                                   (seen.numbers, part.value)))
    what = ("The list is empty, and some belong in it." if not seen.numbers.size else
            f"{missing} missing, and {more.lower()} too many." if missing and more else
            f"{missing} missing." if missing else f"{more} too many.")
    return Finding("which_ones", what, todo=part.otherwise or AGAIN)


def _how_many(some: Array, others: Array) -> str:
    """Return "One is", "2 are" or "" for those of some that are not among others."""
    n = len(np.setdiff1d(some, others))
    return "" if not n else "One is" if n == 1 else f"{n} are"


def _order(seen: Given) -> Finding | None:
    """Say of an order what does not belong, is twice, or is missing; then, what begins it."""
    part, given = seen.part, seen.numbers
    if not part.each_once or given.ndim != 1 or not given.size:
        return None
    wanted = sorted(part.value)
    strange = [_digits(each) for each in given if each not in wanted]
    twice = [f"{each} stands there more than once" for each in wanted if (given == each).sum() > 1]
    missing = [str(each) for each in wanted if each not in given]
    if strange:
        what = f"{strange[0]} is none of {', '.join(map(str, wanted))}."
    elif twice or missing:
        *more, last = missing or [""]
        many = f"{', '.join(more)} and {last} are" if more else f"{last} is"
        what = ", and ".join([*twice[:1], *[f"{many} missing"] * bool(missing)]) + "."
    else:
        what = f"It begins with {_digits(given[0])}." * bool(given[0] != part.value[0])
    return Finding("order", what, todo=part.otherwise or AGAIN) if what else None


def _shape(seen: Given) -> Finding | None:
    part, wanted = seen.part, np.shape(seen.part.value)
    if isinstance(part.value, str | tuple) or seen.numbers.shape == wanted:
        return None
    if not wanted:
        what = f"One answer is wanted, and these are {seen.numbers.size}."
    elif not seen.numbers.ndim:
        what = f"That is one answer, and {np.size(part.value)} are wanted: a list, with [ ]."
    elif seen.numbers.ndim == 1 == len(wanted):
        many = seen.numbers.size
        has = f"{many} {'entry' if many == 1 else 'entries'}"
        what = f"It has {has}, and {wanted[0]} are wanted."
    else:
        what = f"It has the shape {seen.numbers.shape}, and {wanted} is wanted."
    return Finding("shape", what, todo=part.otherwise or AGAIN)


def _other(seen: Given) -> Finding:
    part, wanted = seen.part, np.asarray(seen.part.value)
    if isinstance(part.value, str | tuple):
        what = f"{_said(seen)} is not it."
    elif wanted.ndim:
        given, wanted = seen.numbers.astype(float), wanted.astype(float)
        at = worst_entry(given, wanted)
        said = (bool(given[at]) if seen.yes_or_no else
                _digits(given[at]) if np.asarray(part.value).dtype.kind == "i" else
                apart(given[at], wanted[at])[0])
        what = f"Entry {entry(at)} is {said}, and that is not it."
    else:
        what = f"{_said(seen)} is not it."
    return Finding("other", what, todo=part.otherwise or AGAIN)


def _said(seen: Given):
    """Write what was given, in a few digits."""
    if isinstance(seen.part.value, str):
        return short(seen.value, 50)
    if isinstance(seen.part.value, tuple):
        return short(tuple(np.ravel(seen.numbers).tolist()), 50)
    if seen.numbers.ndim:
        return f"[{', '.join(map(_digits, seen.numbers.flat))}]"
    return bool(seen.numbers) if seen.yes_or_no else _digits(seen.numbers)


def _digits(given: Array) -> str:
    """Write a number in four digits, or in more where those make a whole number of it."""
    text = f"{float(given):.4g}"
    return f"{float(given):.10g}" if float(text).is_integer() else text


CHOICE = (_is_open, _name)
ANSWER = (_is_open, _no_numbers, _no_text, _truth_for_number, _does_what_is_asked, _right,
          _slip, _which_ones, _order, _shape, _rounded, _percent, _other)
