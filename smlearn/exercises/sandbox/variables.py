"""Give the variables of a page their values back, and those values their content.

Content is put back for arrays (not for large ones), lists, dictionaries, sets and random
generators, one level deep.
"""

import contextlib
import copy
import sys
from collections.abc import Callable

import numpy as np

from .behind import function_behind

__all__ = ["pages", "set_back"]

LARGE = 100_000      # arrays with more entries are not copied


def pages(f) -> list[dict]:
    """Return the variables that learner code may write: its own file's, and the notebook's."""
    written, notebook = function_behind(f), vars(sys.modules["__main__"])
    own = notebook if written is None else written.__globals__
    return [notebook] if own is notebook else [own, notebook]


def set_back(variables: dict) -> Callable[[], None]:
    """Return a function that sets back what was changed since."""
    before = dict(variables)
    content = [_restorer(value) for name, value in before.items() if not name.startswith("_")
               and name not in ("In", "Out")]

    def put_back():
        for name in set(variables) - set(before):
            del variables[name]
        for name, value in before.items():
            if variables.get(name, put_back) is not value:
                variables[name] = value
        for restore in filter(None, content):
            with contextlib.suppress(Exception):    # an array of another shape by now
                restore()
    return put_back


def _restorer(value) -> Callable[[], None] | None:
    if isinstance(value, np.random.Generator):
        state = value.bit_generator.state
        return lambda: setattr(value.bit_generator, "state", state)
    if type(value) is np.ndarray and value.size <= LARGE and value.flags.writeable:
        numbers = value.copy()
        return lambda: np.copyto(value, numbers)
    if type(value) in (list, dict, set):
        items = copy.copy(value)
        return lambda: _refill(value, items)
    return None


def _refill(container, items) -> None:
    container.clear()
    (container.extend if isinstance(container, list) else container.update)(items)
