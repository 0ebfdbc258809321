"""Call learner code, and note everything that can be seen of the call.

Whatever it raises is something to note, and never stops the notebook. What it returns is turned
into plain data within the same call, under the same clock. The line that is shown is the learner's
own: the deepest one of the traceback that is not in a library.
"""

import linecache
import os
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import NamedTuple

import numpy as np

from .clock import Patience, TimeUp
from .function_behind import function_behind
from .plain_data import Other, is_large, name_of, one_line, plain, runs_no_code

__all__ = ["Run", "call", "call_all", "entry_of", "learner_line", "read_answer",
           "same_content"]

PACKAGE = str(Path(__file__).resolve().parent.parent.parent)

# As errors have them, whatever a class of a learner's own says.
TRACEBACK, CONTEXT = (vars(BaseException)[name] for name in ("__traceback__", "__context__"))


class Run(NamedTuple):
    """What can be seen of one call."""

    value: object = None             # plain data, as it was right after the call
    error: BaseException | None = None
    said: str = ""                   # what the error says
    changed: tuple[int, ...] = ()    # which arguments it changed in place
    overwritten: bool = False        # by a later call
    nearly_back: bool = False        # the changed arguments are as they were, but for rounding

    @property
    def failed(self) -> bool:
        """Whether it raised; an error may call itself false."""
        return self.error is not None

    @property
    def unfinished(self) -> bool:
        """Whether there is no use in asking again: nothing is written yet, or it never ends."""
        return type(self.error) in (TimeUp, NotImplementedError)


def call(f: Callable, args: tuple, patience: Patience) -> Run:
    """Call f with copies of the arguments.

    KeyboardInterrupt, where the notebook's stop button sent it, is all that comes out of here.
    """
    return _look(f, args, patience)[0]


def _look(f: Callable, args: tuple, patience: Patience) -> tuple[Run, object]:
    """Call f; return what can be seen, and the very thing that it returned, if that can change."""
    mine, home = deepcopy(args), os.getpid()
    try:
        live = patience.call(f, *mine)
        if all(map(runs_no_code, (live, *mine))):
            value, left, kept = plain(live), mine, live
        else:
            value, left, kept, live = *patience.call(_read, box := [live], mine), None
            patience.call(box.clear)    # a __del__ is learner code as well
    except BaseException as error:    # SystemExit and TimeUp too
        if type(error) is KeyboardInterrupt and patience.pressed:
            raise
        return Run(error=error, said=_said(error, patience)), None
    finally:
        if os.getpid() != home:    # a child of os.fork came back as well
            os._exit(0)
    before = plain(args)
    changed = tuple(i for i, (now, then) in enumerate(zip(left, before, strict=True))
                    if not same_content(now, then))
    back = all(_nearly_same(left[i], before[i]) for i in changed)
    return Run(value, changed=changed, nearly_back=back and bool(changed)), kept


def _read(box: list, mine: tuple) -> tuple:
    """Return what came back and what became of the arguments, as plain data; and what may move."""
    live = box[0]
    return plain(live), plain(mine), live if type(live) in (list, dict, tuple) else None


def _said(error: BaseException, patience: Patience) -> str:
    """Return what an error says, in one line; its `__str__` is learner code as well."""
    try:
        return "" if type(error) is TimeUp else one_line(patience.call(lambda: str(error)))
    except BaseException as another:
        if type(another) is KeyboardInterrupt and patience.pressed:
            raise
        return ""


def call_all(f: Callable, cases: dict[str, tuple], patience: Patience) -> dict[str, Run]:
    """Call f on every case, up to one that takes too long or answers nothing yet.

    Then see whether a later call has overwritten what an earlier one returned.
    """
    with patience.world:
        seen = {}
        for name, args in list(cases.items()):
            seen[name] = _look(f, args, patience)
            if seen[name][0].unfinished:
                return {name: run for name, (run, _) in seen.items()}
        return {name: run._replace(overwritten=_has_moved(live, run, patience))
                for name, (run, live) in seen.items()}


def _has_moved(live, run: Run, patience: Patience) -> bool:
    """Whether a returned thing that can change holds something else by now."""
    if live is None:
        return False
    if runs_no_code(live):
        return not same_content(plain(live), run.value)
    now = call(lambda: live, (), patience)
    return not now.failed and not same_content(now.value, run.value)


def read_answer(value, patience: Patience):
    """Return a value that a learner wrote down, as plain data; `...` in it is kept."""
    run = call(lambda: value, (), patience)
    if not run.failed and not (type(run.value) is np.ndarray and is_large(run.value)):
        return run.value
    return Other(name_of(type(value)), "" if run.failed else "a very large array")


def entry_of(f: Callable, entry: str) -> Callable:
    """Return f, or, where it returns a dictionary with that entry, a function that returns it."""
    def of_it(*args):
        value = f(*args)
        return value[entry] if isinstance(value, dict) and entry in value else value
    return of_it if entry else f


def same_content(a, b) -> bool:
    """Compare plain data number by number; NaN equals itself."""
    if isinstance(a, np.ndarray) and isinstance(b, np.ndarray):
        floating = a.dtype.kind in "fc"
        if a.shape != b.shape or is_large(a):    # of such a one only the shape is kept
            return a.shape == b.shape
        return a.dtype == b.dtype and np.array_equal(a, b, equal_nan=floating)
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(same_content(a[key], b[key]) for key in a)
    if isinstance(a, tuple | list) and isinstance(b, tuple | list):
        return len(a) == len(b) and all(map(same_content, a, b))
    return type(a) is type(b) and bool(a == b or a != a)


def _nearly_same(now, then) -> bool:
    return isinstance(now, np.ndarray) and now.shape == then.shape and bool(
        np.allclose(now, then, rtol=1e-12, atol=1e-12))


def learner_line(error: BaseException, f: Callable) -> tuple[int, str] | None:
    """Return number and text of the learner's own line in the traceback of `error`.

    That is the deepest frame in the cell of `f`; else in its notebook or file; or, if `f` is no
    plain function, the deepest one outside of this package. Where an error has none, the one that
    came before it is asked: there it was first stopped.
    """
    written = function_behind(f)
    home, cell = (written.__globals__, written.__code__.co_filename) if written else (None, None)
    asked = set()
    while error is not None and id(error) not in asked:
        found = own = None
        for frame, number in _frames(TRACEBACK.__get__(error)):
            name = frame.f_code.co_filename
            if frame.f_globals is home if home is not None else not name.startswith(PACKAGE):
                found = number, str(linecache.getline(name, number, frame.f_globals)).strip()
                own = found if name == cell else own    # rather here than in an earlier cell
        if found:
            return own or found
        asked.add(id(error))
        error = CONTEXT.__get__(error)
    return None


def _frames(trace):
    while trace:
        yield trace.tb_frame, trace.tb_lineno
        trace = trace.tb_next
