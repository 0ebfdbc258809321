"""What can be said of a function without calling it; asked in the learner's process.

The judge looks at an answer's code: whether it is untouched, what it takes, what it reads of the
page. It does so on a stand-in, compiled from the source that is sent: see far.py.
"""

import inspect
import textwrap
import types
from collections.abc import Callable, Iterator

import numpy as np

from ..exercises.sandbox.call import PACKAGE
from ..exercises.sandbox.function_behind import function_behind

__all__ = ["course_names", "is_own", "looks_of"]

COURSE = __name__.partition(".")[0]
LONGEST = 20_000    # letters of a source
DEEPEST = 3         # a function of the page, called by one, called by the answer


def looks_of(f: Callable) -> dict:
    """Return what there is to see of something that can be called, as plain words."""
    written = function_behind(f)
    if written is None:
        return {"behind": True, "source": ""}
    return {"behind": type(f) is not types.FunctionType, "source": _source(written),
            "name": written.__name__, "defaults": len(written.__defaults__ or ()),
            "keywords": list(written.__kwdefaults__ or {}), "reads": _read(written),
            "own": is_own(written), "course": sorted(course_names(written))}


def is_own(f: types.FunctionType) -> str:
    """Return the name of a function of the course; "" if it is none."""
    own = _file(f).startswith(PACKAGE) or str(f.__module__).partition(".")[0] == COURSE
    return f"{f.__module__}.{f.__qualname__}" if own else ""


def _file(f: types.FunctionType) -> str:
    return f.__code__.co_filename


def _source(f: types.FunctionType) -> str:
    try:
        return textwrap.dedent(inspect.getsource(f))[:LONGEST]
    except Exception:    # typed at a prompt that keeps no source, or bent by its author
        return ""


def _codes(code: types.CodeType) -> Iterator[types.CodeType]:
    yield code
    for inner in code.co_consts:
        if isinstance(inner, types.CodeType):
            yield from _codes(inner)


def _names(f: types.FunctionType) -> list[str]:
    return list(dict.fromkeys(name for code in _codes(f.__code__) for name in code.co_names))


def _read(f: types.FunctionType) -> dict[str, str]:
    """Return the kinds of the numbers that it may read of the page."""
    kinds = {np.ndarray: "array", int: "int", float: "float"}
    found = {name: f.__globals__.get(name) for name in _names(f)}
    return {name: next(kinds[kind] for kind in kinds if isinstance(value, kind))
            for name, value in found.items() if isinstance(value, tuple(kinds))}


def course_names(f: types.FunctionType, deep: int = DEEPEST) -> set[str]:
    """Return the course's functions that f may call, by itself or through the page's own."""
    found, names = set(), _names(f)
    held = [f.__globals__.get(name) for name in names]
    held += [cell.cell_contents for cell in f.__closure__ or () if _is_filled(cell)]
    held += [vars(module).get(name) for module in held if isinstance(module, types.ModuleType)
             and module.__name__.startswith(COURSE) for name in names]
    for each in held:
        inner = function_behind(each) if callable(each) else None
        if inner is None or inner is f:
            continue
        if own := is_own(inner):
            found.add(own)
        elif deep and inner.__module__ == "__main__":
            found |= course_names(inner, deep - 1)
    return found


def _is_filled(cell: types.CellType) -> bool:
    try:
        return cell.cell_contents is not cell
    except ValueError:
        return False
