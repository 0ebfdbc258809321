"""A bar that shows how far a long loop has come; tqdm draws it.

It is a line of text, there while the loop runs and wiped out at its end: a widget would stay in a
saved notebook, dead. Where outputs are stored or compared (SMLEARN_STATIC=1) nothing is written at
all, since the times differ every run.
"""

import sys
from collections.abc import Iterable, Iterator

from tqdm import tqdm

from .view import is_static

__all__ = ["progress"]


def progress(items: Iterable, what: str = "") -> Iterator:
    """Yield the items, and show how many have been, and how long the rest will take.

    Parameters
    ----------
    items : iterable
        With a length, if the time that is left is to be shown.
    what : str
        Said before the bar.
    """
    yield from tqdm(items, desc=what, leave=False, ncols=80, file=sys.stdout, disable=is_static())
