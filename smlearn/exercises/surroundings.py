"""Leave everything as it was, whatever learner code does to it.

Printing is kept apart; figures that it opens are closed, pages that it displays are dropped; the
random states, NumPy's settings, the warnings' filters, the working folder and the variables of
its notebook are set back. A check can then be run at any time, and twice.
"""

import contextlib
import copy
import io
import os
import random
import sys
import warnings
from collections.abc import Callable, Iterator

import numpy as np

__all__ = ["Printed", "undisturbed"]

PRINTED = 2000       # characters that are kept of what learner code prints
LARGE = 100_000      # arrays with more entries are not copied


class Printed(io.StringIO):
    """Keeps the beginning of what is printed; a loop that prints forever fills no memory."""

    def write(self, text: str) -> int:
        if self.tell() < PRINTED:
            super().write(text[:PRINTED])
        return len(text)


@contextlib.contextmanager
def undisturbed(f: Callable) -> Iterator[Printed]:
    """Run what is inside without a trace; `f` is the learner's function, known by its globals."""
    printed = Printed()
    with contextlib.ExitStack() as stack:
        stack.callback(_set_back(getattr(f, "__globals__", {})))
        stack.callback(os.chdir, os.getcwd())
        stack.callback(random.setstate, random.getstate())
        stack.callback(np.random.set_state, np.random.get_state())    # noqa: NPY002
        stack.callback(_close_figures_but(_figures()))
        stack.enter_context(np.errstate(all="ignore"))
        stack.enter_context(np.printoptions())
        stack.enter_context(warnings.catch_warnings())
        warnings.simplefilter("ignore")
        stack.enter_context(_no_display())
        stack.enter_context(contextlib.redirect_stdout(printed))
        stack.enter_context(contextlib.redirect_stderr(printed))
        yield printed


def _figures() -> list[int]:
    return sys.modules["matplotlib.pyplot"].get_fignums() if _has_pyplot() else []


def _has_pyplot() -> bool:
    return hasattr(sys.modules.get("matplotlib.pyplot"), "get_fignums")


def _close_figures_but(kept: list[int]) -> Callable[[], None]:
    def close():
        for number in set(_figures()) - set(kept):
            sys.modules["matplotlib.pyplot"].close(number)
    return close


def _no_display():
    """Drop what is displayed on the page, where there is one."""
    if "IPython" not in sys.modules or sys.modules["IPython"].get_ipython() is None:
        return contextlib.nullcontext()
    from IPython.utils.capture import capture_output

    return capture_output(stdout=False, stderr=False, display=True)


def _set_back(variables: dict) -> Callable[[], None]:
    """Return a function that gives variables their values back, and those values their content.

    Content is put back for arrays (not for large ones), lists, dictionaries, sets and random
    generators, one level deep.
    """
    before = dict(variables)
    content = [_restorer(value) for name, value in before.items() if not name.startswith("_")
               and name not in ("In", "Out")]

    def set_back():
        for name in set(variables) - set(before):
            del variables[name]
        for name, value in before.items():
            if variables.get(name, set_back) is not value:
                variables[name] = value
        for restore in filter(None, content):
            restore()
    return set_back


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
