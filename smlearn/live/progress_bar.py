"""A bar that shows how far a long loop has come; tqdm draws it.

It is there while the loop runs, and takes itself away: nothing of it is stored. Where outputs are
stored or compared (SMLEARN_STATIC=1) it draws nothing at all, since its times differ every run.
"""

from collections.abc import Iterable, Iterator

from tqdm.auto import tqdm

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
    yield from tqdm(items, desc=what, leave=False, disable=is_static())
