"""Say where a gradient is wrong: all of row 2, the last column, where x is below 0, ties.

A place is a mask of x, with words. One is spoken only if every wrong entry lies in it, and every
entry in it is wrong; where no place fits, the entries themselves are told, or how many they are.
"""

from collections.abc import Iterator

import numpy as np

from .._inputs import Array
from ..mistakes.finding import Finding
from .shares import digits, enough

__all__ = ["place"]

ASK = "What does the code do there that it does not do elsewhere?"
ASK_ALL = "Which term of the formula is missing, or one too many?"


def place(x: Array, yours: Array, right: Array, tol: Array) -> Finding:
    """Say where yours is not right.

    Parameters
    ----------
    x : (...) ndarray
    yours, right : (K, ...) ndarray
        dx, as it came and as it was measured, for each of K upstreams.
    tol : (K, ...) ndarray
        How far a right one may be from its measurement.

    Returns
    -------
    finding : Finding, of the key "place"
    """
    far = np.abs(yours - right) > tol                             # (K, ...)
    wrong = far.any(axis=0)
    if not wrong.any():    # a wide tolerance hides it
        at = np.abs(yours - right).max(axis=0)
        at = tuple(map(int, np.unravel_index(at.argmax(), at.shape)))
        return Finding("place", f"Your dx is furthest off at {at}.", todo=ASK)
    if (np.abs(right) <= tol).all():
        words = ("next to 0 everywhere: does f change with x here?" if right.any() else
                 "0 everywhere: f does not change with x here.")
        return Finding("place", f"Your dx should be {words}", _how(wrong, yours, right, tol),
                       ASK_ALL)
    if wrong.all():
        return Finding("place", "Your dx is wrong in every entry.",
                       _how(wrong, yours, right, tol), ASK_ALL)
    return Finding("place", f"Your dx is {_words(x, right, wrong)}.",
                   _how(wrong, yours, right, tol), ASK)


def _words(x: Array, right: Array, wrong: Array) -> str:
    """Say which place is wrong, or right; else which entries, or how many."""
    masks = dict(_masks(x, right))
    for words, mask in masks.items():
        if (mask == wrong).all():
            return f"wrong {words}, and right elsewhere"
    for words, mask in masks.items():
        if (mask != wrong).all():
            return f"right {words}, and wrong elsewhere"
    found = [tuple(map(int, at)) for at in np.argwhere(wrong)]
    if len(found) < 4:
        return f"wrong at {' and '.join(map(str, found))}, and right elsewhere"
    inside = min(((mask.sum(), words) for words, mask in masks.items()
                  if mask[wrong].all() and 2 * wrong.sum() > mask.sum() and not mask.all()),
                 default=None)
    within = f", all of them {inside[1]}" if inside else ""
    return f"wrong in {len(found)} of {wrong.size} entries{within}"


def _masks(x: Array, right: Array) -> Iterator[tuple[str, Array]]:
    """Yield places: indices of an axis, signs, what stands out in its row, what f ignores."""
    yield from _indices(x)
    yield "where x is below 0", x < 0
    yield "where x is above 0", x > 0
    yield "where x is 0", x == 0
    if x.ndim:
        yield from _standing_out(x)
    nothing = (np.abs(right) <= 1e-12 * np.abs(right).max()).all(axis=0)
    yield "where the right gradient is 0", nothing
    if x.ndim:
        size = np.abs(right)
        top = (size >= 0.999 * size.max(axis=-1, keepdims=True)).all(axis=0) & ~nothing
        yield "where the right gradient of each row is largest, as at a label", top
    if x.ndim > 1 and x.shape[-1] == x.shape[-2]:
        row, column = np.indices(x.shape)[-2:]
        yield "on the diagonal", row == column
        yield "above the diagonal", row < column
        yield "below the diagonal", row > column


def _standing_out(x: Array) -> Iterator[tuple[str, Array]]:
    """Yield what is special about an entry among those of its row."""
    top, low = x.max(axis=-1, keepdims=True), x.min(axis=-1, keepdims=True)
    tied = (x[..., :, None] == x[..., None, :]).sum(axis=-1) > 1
    yield "at ties, where two entries of a row are equal", tied
    yield "at ties for the largest entry of a row", tied & (x == top)
    yield "at the largest entry of each row", x == top
    yield "at the smallest entry of each row", x == low


def _indices(x: Array) -> Iterator[tuple[str, Array]]:
    """Yield every index of every axis, and every run of them from the first on."""
    names = {1: ["entry"], 2: ["row", "column"]}.get(x.ndim, ["place"] * x.ndim)
    for axis, name in enumerate(names):
        at, n = np.indices(x.shape)[axis], x.shape[axis]
        along = f" along axis {axis}" if x.ndim > 2 else ""
        all_of = "all of " if x.ndim == 2 else ""
        for k in range(n):
            which = {0: f"the first {name}", n - 1: f"the last {name}"}.get(k, f"{name} {k}")
            yield f"in {all_of}{which}{along}", at == k
            if k:
                yield f"in every {name} up to {k}{along}", at <= k


def _how(wrong: Array, yours: Array, right: Array, tol: Array) -> str:
    """Tell the one factor that holds there, or both numbers where they are furthest apart."""
    t, g = right[:, wrong], yours[:, wrong]
    if (np.abs(g) <= tol[:, wrong]).all():
        return f"There it is {'next to ' * bool(g.any())}0."
    if (np.abs(t) > 1000 * tol[:, wrong]).any():
        share = float(np.vdot(t, g) / np.vdot(t, t))
        if (np.abs(g - share * t) <= 4 * tol[:, wrong]).all():
            return f"There it is {digits(share)} times what it should be."
    worst = np.unravel_index(np.argmax(np.abs(yours - right) / tol), right.shape)
    at = tuple(map(int, worst[1:]))
    n = enough(yours[worst], right[worst])
    got, wanted = f"{yours[worst]:.{n}g}", f"{right[worst]:.{n}g}"
    if 0 < np.abs(right[worst]) <= tol[worst]:
        wanted = "next to 0"
    return f"At {at} it is {got}, where {wanted} was measured."
