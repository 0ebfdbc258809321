"""What is changed while learner code runs is as it was afterwards, and what is not stays alone."""

import decimal
import locale
import logging
import os
import sys
import warnings

import matplotlib.pyplot as plt
import numpy as np
import pytest

from smlearn.exercises.sandbox.undisturbed import Printed, undisturbed


def inside():
    """Return what is around learner code; a function of this file is the learner's."""
    return undisturbed(inside)


def test_only_the_beginning_of_what_is_printed_is_kept():
    """On both streams; a printer is told that all was written, and cannot close it."""
    with inside() as printed:
        print("a line")
        print("a complaint", file=sys.stderr)
        sys.stdout.close()
    assert printed.getvalue() == "a line\na complaint\n"
    for text in ("x" * 5000, "y"):
        full = Printed()
        assert [full.write(text) for _ in range(5000)] == [len(text)] * 5000
        assert full.getvalue() == text[0] * 2000


def test_neither_numpy_nor_a_warning_stops_learner_code():
    """Whatever the page has set for itself."""
    with np.errstate(all="raise"), warnings.catch_warnings():
        warnings.simplefilter("error")
        with inside():
            assert np.log(np.zeros(1))[0] == -np.inf
            warnings.warn("not now", stacklevel=1)
        with pytest.raises(FloatingPointError):
            np.log(np.zeros(1))
        with pytest.raises(UserWarning):
            warnings.warn("now", stacklevel=1)


def test_the_environment_is_put_back(monkeypatch):
    """What was set, deleted and added; and where nothing was, nothing is written."""
    monkeypatch.setenv("SMLEARN_KEPT", "as it was")
    monkeypatch.setenv("SMLEARN_CHANGED", "as it was")
    before = dict(os.environ)
    with inside():
        del os.environ["SMLEARN_KEPT"]
        os.environ.update(SMLEARN_CHANGED="another", SMLEARN_NEW="1")
    assert dict(os.environ) == before
    written = []
    monkeypatch.setattr(os, "putenv", lambda *pair: written.append(pair))
    with inside():
        pass
    assert not written


def test_locale_logs_and_decimals_are_put_back(monkeypatch):
    """And a logger asks again what it lets through."""
    held, log, digits = ["as it was"], logging.getLogger(__name__), decimal.getcontext().prec
    monkeypatch.setattr(locale, "setlocale", lambda _, *new: (held.extend(new), held[-1])[1])
    monkeypatch.setattr(logging.root, "level", logging.WARNING)
    handlers = list(logging.root.handlers)
    with inside():
        locale.setlocale(locale.LC_ALL, "another")
        logging.root.setLevel(logging.DEBUG)
        logging.root.addHandler(logging.NullHandler())
        logging.disable(logging.ERROR)
        assert not log.isEnabledFor(logging.WARNING)
        decimal.getcontext().prec = digits + 1
        decimal.setcontext(decimal.Context(prec=digits + 2))
    assert held[-1] == "as it was"
    assert not log.isEnabledFor(logging.DEBUG)
    assert log.isEnabledFor(logging.WARNING)
    assert logging.root.handlers == handlers
    assert decimal.getcontext().prec == digits


def test_a_context_of_decimals_that_the_page_holds_stays_the_current_one():
    """With its digits, traps and flags as they were: what the page writes into it still counts."""
    context = decimal.getcontext()
    before = context.copy()
    with inside():
        context.prec, context.traps[decimal.Inexact] = before.prec + 1, True
        context.flags[decimal.Rounded] = True
        decimal.setcontext(decimal.Context(prec=before.prec + 2))
    assert decimal.getcontext() is context
    assert (context.prec, context.traps, context.flags) == (
        before.prec,
        before.traps,
        before.flags,
    )


def test_only_new_figures_are_closed(monkeypatch):
    """Those that were there stay, in their order: the last one is the current one."""
    first, current = plt.figure(), plt.figure()
    first, current, closed, close = first.number, current.number, [], plt.close
    monkeypatch.setattr(plt, "close", lambda number: (closed.append(number), close(number)))
    try:
        size = plt.rcParams["font.size"]
        with inside():
            new = plt.figure().number
            close(first)
            plt.rcParams["font.size"] = size + 1
        assert closed == [new]
        assert (plt.get_fignums()[-2:], plt.gcf().number) == ([first, current], current)
        assert plt.rcParams["font.size"] == size
    finally:
        close(first)
        close(current)


def test_what_is_not_there_is_not_asked(monkeypatch):
    """Neither Matplotlib nor IPython is loaded for it; a folder may be gone before it begins."""
    for name in ("matplotlib", "matplotlib.pyplot", "IPython"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.setitem(sys.modules, "IPython.utils.capture", None)
    monkeypatch.setattr(os, "getcwd", lambda: (_ for _ in ()).throw(FileNotFoundError))
    went = []
    monkeypatch.setattr(os, "chdir", went.append)
    with inside():
        pass
    assert "matplotlib" not in sys.modules
    assert not went
