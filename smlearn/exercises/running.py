"""Call learner code, and note everything that can be seen of the call.

Whatever it raises is something to note, and never stops the notebook. The line that is shown is
the learner's own: the deepest one of the traceback that is not in a library.
"""

import copy
import linecache
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np

from .limits import Patience, TimeUp

__all__ = ["Run", "call", "call_all", "entry_of", "learner_line", "same_content"]

PACKAGE = str(Path(__file__).resolve().parent.parent)


class Run(NamedTuple):
    """What can be seen of one call."""

    value: object = None
    error: BaseException | None = None
    changed: tuple[int, ...] = ()    # which arguments it changed in place
    kept: object = None              # a copy of the value, as it was right after the call
    overwritten: bool = False        # by a later call
    nearly_back: bool = False        # the changed arguments are as they were, but for rounding


def call(f: Callable, args: tuple, patience: Patience) -> Run:
    """Call f with copies of the arguments.

    KeyboardInterrupt, the notebook's stop button, is the only thing that comes out of here.
    """
    mine = copy.deepcopy(args)
    try:
        value = patience.call(f, *mine)
    except KeyboardInterrupt:
        raise
    except BaseException as error:    # SystemExit and TimeUp too
        return Run(error=error)
    changed = tuple(i for i, (now, then) in enumerate(zip(mine, args, strict=True))
                    if not same_content(now, then))
    back = all(_nearly_same(mine[i], args[i]) for i in changed)
    return Run(value, None, changed, _copied(value), nearly_back=back and bool(changed))


def call_all(f: Callable, cases: dict[str, tuple], patience: Patience) -> dict[str, Run]:
    """Call f on every case, up to one that takes too long or answers nothing yet.

    Then see whether a later call has overwritten what an earlier one returned.
    """
    runs = {}
    for name, args in cases.items():
        runs[name] = call(f, args, patience)
        if isinstance(runs[name].error, TimeUp | NotImplementedError):
            break
    return {name: run._replace(value=run.kept, overwritten=not same_content(run.value, run.kept))
            for name, run in runs.items()}


def entry_of(f: Callable, entry: str) -> Callable:
    """Return f, or, where it returns a dictionary with that entry, a function that returns it."""
    def of_it(*args):
        value = f(*args)
        return value[entry] if isinstance(value, dict) and entry in value else value
    return of_it if entry else f


def _copied(value):
    try:
        return copy.deepcopy(value)
    except Exception:    # a generator, a lock: not an answer anyway
        return value


def same_content(a, b) -> bool:
    """Compare arrays, or containers of arrays, number by number; NaN equals itself."""
    if isinstance(a, np.ndarray) and isinstance(b, np.ndarray):
        floating = a.dtype.kind in "fc"
        return a.dtype == b.dtype and np.array_equal(a, b, equal_nan=floating)
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(same_content(a[key], b[key]) for key in a)
    if isinstance(a, tuple | list) and isinstance(b, tuple | list):
        return len(a) == len(b) and all(map(same_content, a, b))
    if isinstance(a, float | int | str | bytes):
        return a == b or a != a
    return type(a) is type(b)    # a function, a dtype: nothing that code here writes into


def _nearly_same(now, then) -> bool:
    return isinstance(now, np.ndarray) and now.shape == then.shape and bool(
        np.allclose(now, then, rtol=1e-12, atol=1e-12))


def learner_line(error: BaseException, f: Callable) -> tuple[int, str] | None:
    """Return number and text of the learner's own line in the traceback of `error`.

    That is the deepest frame in the cell of `f`; else in its notebook or file; or, if `f` is no
    plain function, the deepest one outside of this package.
    """
    home = getattr(f, "__globals__", None)
    cell = getattr(getattr(f, "__code__", None), "co_filename", None)
    found = own = None
    trace = error.__traceback__
    while trace:
        frame = trace.tb_frame
        theirs = (frame.f_globals is home if home is not None
                  else not frame.f_code.co_filename.startswith(PACKAGE))
        if theirs:
            name, number = frame.f_code.co_filename, trace.tb_lineno
            found = number, linecache.getline(name, number, frame.f_globals).strip()
            own = found if name == cell else own    # rather here than in an earlier cell
        trace = trace.tb_next
    if found is None and error.__context__ is not None:
        return learner_line(error.__context__, f)    # where it was first stopped
    return own or found
