"""Call learner code, and note everything that can be seen of the call.

Whatever it raises is something to note, and never stops the notebook. What it returns is turned
into plain data within the same call, under the same clock. The line that is shown is the learner's
own: the deepest one of the traceback that is not in a library.
"""

import linecache
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from weakref import getweakrefcount

import numpy as np

from ..._snapshot import copied, same_content
from ...mistakes.trying import Run, try_on
from .clock import TRACEBACK, Patience, TimeUp
from .function_behind import function_behind
from .plain_data import (
    Other,
    ids,
    is_large,
    name_of,
    one_line,
    plain,
    runs_no_code,
    written_down,
)

__all__ = ["call", "learner_line", "read_answer", "try_all"]

PACKAGE = str(Path(__file__).resolve().parent.parent.parent)

KEPT, LARGEST = 7, 127    # NumPy keeps as many blocks of each size, of up to as many floats
NOTHING = np.full(LARGEST, np.nan)
BOXES = ids(list, dict, tuple)
CONTEXT = vars(BaseException)["__context__"]    # as TRACEBACK is


def call(f: Callable, args: tuple, patience: Patience) -> Run:
    """Call f with copies of the arguments.

    KeyboardInterrupt, where the notebook's stop button sent it, is all that comes out of here.
    """
    mine, home = copied(args), os.getpid()
    _forget(mine)
    try:
        live = patience.call(f, *mine)
        if all(map(runs_no_code, (live, *mine))) and all(map(_goes_quietly, (live, *mine))):
            value, left = plain(live), mine
            live = live if _is_small(live) else None
        else:
            box = [live]
            patience.held += mine, box
            value, left, live = patience.call(_read, box, mine)
            patience.held.append(live)
            patience.call(box.clear)    # a __del__ is learner code as well
    except BaseException as error:    # SystemExit and TimeUp too
        if type(error) is KeyboardInterrupt and patience.pressed:
            raise
        patience.held += mine, error
        return Run(error=error, said=_said(error, patience),
                   unfinished=type(error) is TimeUp or type(error) is NotImplementedError)
    finally:
        if os.getpid() != home:    # a child of os.fork came back as well
            os._exit(0)
    changed = tuple(i for i, each in enumerate(args) if not same_content(left[i], plain(each)))
    back = all(_nearly_same(left[i], args[i]) for i in changed)
    return Run(value, changed=changed, nearly_back=back and bool(changed), live=live)


def _forget(args: tuple) -> None:
    """Leave NaN where np.empty finds its memory: an entry that nobody fills is no old answer.

    That is for arrays as large as one of the arguments, or as two of their lengths say.
    """
    arrays = [a for a in args if type(a) is np.ndarray]
    ends = {n for a in arrays for n in a.shape} | {n for n in args if type(n) is int}
    for size in {a.size for a in arrays} | {m * n for m in ends | {1} for n in ends}:
        if 0 < size <= LARGEST:
            row = NOTHING[:size]
            [row.copy() for _ in range(KEPT)]    # all held, and then let go of at once


def _goes_quietly(value) -> bool:
    """Whether nobody is told when it is thrown away: by a weak reference, or as its owner."""
    while type(value) is np.ndarray:
        if getweakrefcount(value):
            return False
        value = value.base
    return runs_no_code(value)


def _read(box: list, mine: tuple) -> tuple:
    """Return what came back and what became of the arguments, as plain data; and what may move."""
    live = box[0]
    return plain(live), plain(mine), live if id(type(live)) in BOXES or _is_small(live) else None


def _is_small(value) -> bool:
    return type(value) is np.ndarray and runs_no_code(value) and not is_large(value)


def _said(error: BaseException, patience: Patience) -> str:
    """Return what an error says, in one line; its `__str__` is learner code as well."""
    try:
        return one_line(patience.call(lambda: str(error)))
    except BaseException as another:
        if type(another) is KeyboardInterrupt and patience.pressed:
            raise
        return ""


def try_all(f: Callable, cases: dict[str, tuple], patience: Patience) -> dict[str, Run]:
    """Call f on every case, up to one that takes too long or answers nothing yet."""
    with patience.world:
        return try_on(f, cases, partial(call, patience=patience))


def read_answer(value, patience: Patience):
    """Return a value that a learner wrote down, as plain data; `...` in it is kept."""
    run = Run(plain(value)) if written_down(value) else call(lambda: value, (), patience)
    if not run.failed and not (type(run.value) is np.ndarray and is_large(run.value)):
        return run.value
    return Other(name_of(type(value)), "" if run.failed else "a very large array")


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
