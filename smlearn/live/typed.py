"""What was typed into a box: a number; or a ValueError that says in few words what is wrong."""

import re

import numpy as np

__all__ = ["typed_number", "typed_whole"]

SIGNS = str.maketrans({"\u2212": "-", "\u2013": "-"})       # as a page writes a minus
THOUSANDS = r"[-+]?\d{1,3}(,\d{3})+(\.\d*)?"
SEEN = 20                                                  # letters of rubbish that are repeated


def typed_number(text: str) -> float:
    """Return the number that was typed, infinity included.

    Examples
    --------
    >>> typed_number("-3.5")
    -3.5
    >>> typed_number("-3,5")
    Traceback (most recent call last):
    ValueError: write -3.5, with a point
    """
    try:
        value = float(text)
    except ValueError:
        raise ValueError(_meant(text) or _wanted("a number", text)) from None
    if np.isnan(value):
        raise ValueError(_wanted("a number", text))
    if np.isinf(value) and "inf" not in text.lower():
        raise ValueError(f"{text.strip()[:SEEN]} is beyond the largest number, 1.8e308")
    return value


def typed_whole(text: str, low: float, high: float) -> int:
    """Return the whole number that was typed, from low to high."""
    try:
        value = int(text)
    except ValueError:
        raise ValueError(_wanted("a whole number", text)) from None
    if not low <= value <= high:
        raise ValueError(f"it must be from {low} to {high}, but got {text.strip()[:SEEN]}")
    return value


def _wanted(what: str, text: str) -> str:
    if not text.strip():
        return f"{what} is wanted, but the box is empty"
    seen = text if len(text) <= SEEN else text[:SEEN] + "..."
    return f"{what} is wanted, but got {seen!r}"


def _meant(text: str) -> str:
    """Say how to write a number that has a comma, or the minus of a printed page; or nothing."""
    plain = text.strip().translate(SIGNS)
    meant = {"with a point": plain.replace(",", "."), "without commas": plain.replace(",", "")}
    if not re.fullmatch(THOUSANDS, plain):
        del meant["without commas"]
    found = [f"{number}, {how if ',' in plain else 'with the minus of the keyboard'}"
             for how, number in meant.items() if _is_number(number)]
    return f"write {'; or '.join(found)}" if found else ""


def _is_number(text: str) -> bool:
    try:
        return bool(np.isfinite(float(text)))
    except ValueError:
        return False
