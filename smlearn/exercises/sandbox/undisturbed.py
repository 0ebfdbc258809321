"""Leave the page as it was, whatever learner code does to it in the course of a check.

Printing is kept apart; figures that it opens are closed and those that it closed are kept, pages
that it displays are dropped; the random states, NumPy's and Matplotlib's settings, the warnings'
filters, the locale, the environment, the working folder and the variables of its notebook are set
back. A check can then be run at any time, and twice. See process.py for what is set back sooner.
"""

import contextlib
import decimal
import io
import locale
import logging
import os
import random
import sys
import warnings
from collections.abc import Callable, Iterator

import numpy as np

from .page_variables import pages, set_back

__all__ = ["Printed", "calmly", "undisturbed"]

PRINTED = 2000       # characters that are kept of what learner code prints


class Printed(io.StringIO):
    """Keeps the beginning of what is printed; a loop that prints forever fills no memory."""

    def write(self, text: str) -> int:
        if self.tell() < PRINTED:
            super().write(text[:PRINTED])
        return len(text)

    def close(self) -> None:
        """Stay open: it is not the learner's to close."""


@contextlib.contextmanager
def undisturbed(f) -> Iterator[Printed]:
    """Run what is inside without a trace; `f` is the learner's function, known by its globals."""
    printed = Printed()
    with contextlib.ExitStack() as stack:
        kept = (*map(set_back, pages(f)), _folder(), _environment(), _matplotlib(), _figures(),
                _locale(), _logging(), _decimals())
        for put_back in filter(None, kept):
            stack.callback(_whatever_happens, put_back)
        stack.callback(random.setstate, random.getstate())
        stack.callback(np.random.set_state, np.random.get_state())    # noqa: NPY002
        stack.enter_context(np.printoptions())
        stack.enter_context(calmly())
        stack.enter_context(_no_display())
        stack.enter_context(contextlib.redirect_stdout(printed))
        stack.enter_context(contextlib.redirect_stderr(printed))
        yield printed


@contextlib.contextmanager
def calmly() -> Iterator[None]:
    """Let neither NumPy nor a warning say anything, as is enough where no learner code runs."""
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _whatever_happens(put_back: Callable[[], None]) -> None:
    """Put back what can be: a folder may have been removed."""
    with contextlib.suppress(Exception):
        put_back()


def _folder() -> Callable[[], None] | None:
    try:
        before = os.getcwd()
    except OSError:    # it is gone already
        return None
    return lambda: os.chdir(before)


def _environment() -> Callable[[], None]:
    environ, before = os.environ, dict(os.environ._data)    # as it holds them: nothing is decoded

    def put_back():
        if environ._data != before:
            environ.clear()
            environ.update((os.fsdecode(name), os.fsdecode(was)) for name, was in before.items())
    return put_back


def _locale() -> Callable[[], None]:
    before = locale.setlocale(locale.LC_ALL)
    return lambda: locale.setlocale(locale.LC_ALL, before)


def _logging() -> Callable[[], None]:
    manager = logging.Logger.manager
    named = [each for each in manager.loggerDict.values() if isinstance(each, logging.Logger)]
    before = [(log, log.level, list(log.handlers)) for log in (logging.root, *named)]
    off = manager.disable

    def put_back():
        for log, level, handlers in before:
            log.level, log.handlers[:] = level, handlers
        manager.disable = off
        manager._clear_cache()
    return put_back


def _decimals() -> Callable[[], None]:
    context, before = decimal.getcontext(), decimal.getcontext().copy()

    def put_back():    # the page may hold the context itself
        for name in ("prec", "rounding", "Emin", "Emax", "capitals", "clamp", "traps", "flags"):
            setattr(context, name, getattr(before, name))
        decimal.setcontext(context)
    return put_back


def _matplotlib() -> Callable[[], None] | None:
    settings = getattr(sys.modules.get("matplotlib"), "rcParams", None)
    if settings is None:
        return None
    before = dict(dict.items(settings))    # dict.copy would ask its own __getitem__, one by one
    return lambda: dict.update(settings, before)


def _figures() -> Callable[[], None] | None:
    """Close figures that are new, keep those that were there."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    if not hasattr(pyplot, "get_fignums"):
        return None
    manager = sys.modules["matplotlib._pylab_helpers"].Gcf
    held, before = manager.figs, dict(manager.figs)

    def put_back():
        for number in set(held) - set(before):
            pyplot.close(number)
        held.clear()    # some were closed, or another one is the current one
        held.update(before)
        manager.figs = held
    return put_back


def _no_display():
    """Drop what is displayed on the page, where there is one."""
    if "IPython" not in sys.modules:
        return contextlib.nullcontext()
    from IPython.utils.capture import capture_output

    return capture_output(stdout=False, stderr=False, display=True)
