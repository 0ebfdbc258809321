"""Say what an answer is that is of the wrong kind or shape, and what to do: two sentences each."""

import numpy as np

from ..._misfits import an
from ...mistakes.trying import as_array
from ..sandbox.plain_data import MANY, Other

__all__ = ["about_shapes", "no_numbers", "no_prediction", "short"]

# What is said of things that hold no numbers, and what to do about them.
SAID = {
    "function": ("It returned the function {} itself.", "Call it: {}(...)."),
    "generator": ("It returned a generator.",
                  "Put [ ] round it, or write return where it says yield."),
    "coroutine": ("It returned a coroutine: it is an async function.",
                  "Take the async away from its def line."),
    "masked array": ("It returned a masked array, some of whose numbers may be hidden.",
                     "Return an ordinary array: .filled(0) or .data makes one."),
    "ndarray": ("It returned an array of objects.",
                "Print its entries: .astype(float) makes floats of them, if they are numbers."),
    "heap": (f"It returned more than {MANY:,} things in lists.",
             "Print the len() of it: which loop goes round more often than it should?"),
    "nest": ("It returned something that contains itself, or lists in lists without an end.",
             "Which line puts a list into itself? Look at what is appended to what."),
}
TOO_LARGE = "{} is larger than the numbers of an array can be."
ONE_TRUTH = ".any() or .all() makes one of many: which do you mean?"


def short(value, longest: int = 40) -> str:
    """Write plain data in one line, and not all of a long one."""
    if isinstance(value, set | frozenset):    # in an order that does not vary
        value = sorted(value, key=repr)
    text = " ".join(repr(value).split())
    return text if len(text) <= longest else text[:longest - 3] + "..."


def no_numbers(value, truth: bool = False) -> tuple[str, str]:
    """Speak of what a function returned, and what holds no numbers; or no truth value."""
    if value is None and truth:
        return "It returned None.", "Give every way through it a return: True or False."
    if value is None:
        return "It returned None.", "Is the return missing? Python returns None without one."
    if isinstance(value, Other) and value.kind in SAID:
        what, todo = SAID[value.kind]
        return what.format(value.text), todo.format(value.text)
    if truth:
        return (f"It returned {_kind(value)}, {short(value)}, where True or False is "
                "wanted.", "Return True or False themselves, without quotes.")
    if _holds_fractions(value):
        return ("It returned fractions or decimals, and floats are wanted.",
                "float(...) makes a float of each.")
    if isinstance(value, tuple | list):
        return (f"It returned a {type(value).__name__} that is no table of numbers.",
                "Look at the shape of each part; np.stack makes one array of equal rows.")
    if isinstance(value, int):
        return TOO_LARGE.format(short(value)), "Which product or power grows without bounds?"
    return (f"It returned {_kind(value)}, {short(value)}, where numbers are wanted.",
            "Return an array of numbers.")


def _holds_fractions(value) -> bool:
    if isinstance(value, tuple | list):
        return any(map(_holds_fractions, value))
    return isinstance(value, Other) and value.number is not None


def _kind(value) -> str:
    return an(value.kind if isinstance(value, Other) else type(value).__name__)


def no_prediction(value, right) -> tuple[str, str]:
    """Speak of what was given as an answer, where `right` is the right one."""
    wanted = f"Give {_wanted(right)}"
    if isinstance(value, str):
        unit = " (for 56 % write 0.56)" if "%" in value else ""
        return f"{short(value)} is in quotes: that is text.", f"{wanted}, without quotes{unit}."
    if value is None:
        return "There is no answer yet: it is None.", f"{wanted}."
    if isinstance(value, int):
        return TOO_LARGE.format(short(value)), f"{wanted}."
    if (numbers := as_array(value)) is not None and numbers.dtype.kind == "c":
        return f"{short(value)} is complex.", f"{wanted}: .real is one part, .imag the other."
    if isinstance(value, Other) and value.kind in ("function", "type"):
        return "That is a function, not what it returns.", f"{wanted}: call it, with ( )."
    if isinstance(value, set | dict):
        brackets = ", with [ ]" if np.shape(right) else ""
        return "Curly brackets make a set or a dictionary.", f"{wanted}{brackets}."
    if isinstance(value, list | tuple) and any(isinstance(each, str) for each in value):
        return "Some of it is in quotes: that is text.", f"{wanted}, without quotes."
    return f"{short(value)} holds no numbers, or rows of different lengths.", f"{wanted}."


def _wanted(right) -> str:
    truth, shape = np.asarray(right).dtype.kind == "b", np.shape(right)
    if isinstance(right, tuple):
        return "the shape, such as (2, 3)"
    if not shape:
        return "True or False" if truth else "one number"
    if len(shape) > 1:
        return f"numbers in the shape {shape}"
    return "a list of True and False" if truth else "a list of numbers"


def about_shapes(yours: tuple, right: tuple, truth: bool = False) -> tuple[str, str]:
    """Speak of a result in the wrong shape."""
    one = "one True or False" if truth else "one number"
    has = f"has the shape {yours}" if yours else f"is {one}"
    wanted = one if not right else right if yours else f"an array of shape {right}"
    what = f"The result {has}, and {wanted} is wanted."
    return what, ONE_TRUTH if truth and not right else _which_axis(yours, right)


def _which_axis(yours: tuple, right: tuple) -> str:
    if yours == right[::-1]:
        return "Its axes are in the other order: which one do you mean to come first?"
    if len(yours) == len(right):
        return "Print the shape after each line: where does it first differ?"
    more = len(yours) > len(right)
    ones = [n for n in yours if n != 1] == [n for n in right if n != 1]
    if ones and more:
        return "An axis of length 1 is one too many: index it away, or sum without keepdims."
    if ones:
        return "An axis of length 1 was lost: which squeeze, index or sum took it?"
    if more:
        return "Which axis should have been summed, and is still there?"
    return "Which axis was summed or indexed away, and should have stayed?"
