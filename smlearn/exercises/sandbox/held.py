"""What is put back after learner code, by how soon: near, far, and the rest that is loaded.

Near is what the sandbox itself works with, far what the checker works with; of the rest (Python's
own modules, NumPy's and Matplotlib's) names are put back, and the code behind NumPy's functions.
"""

import ast
import contextlib
import inspect
import logging
import os
import pathlib
import sys
import threading
import types
import warnings
from collections.abc import Callable, Iterable
from functools import cache
from itertools import filterfalse
from typing import NamedTuple

import numpy as np

__all__ = ["Held", "by_distance"]

COURSE = __name__.partition(".")[0]
HERE = __name__.rpartition(".")[0], f"{COURSE}.mistakes.trying", f"{COURSE}._snapshot"
# Put back after every call; after calls that belong together; and at the end of the check.
NEAR = ("sys", "os", "time", "copy", "signal", "threading", "linecache", "numpy",
        "numpy._core._methods")
FAR = ("ast", "collections", "contextlib", "dataclasses", "difflib", "dis", "functools", "gc",
       "html", "inspect", "io", "itertools", "locale", "logging", "math", "operator", "random",
       "re", "tempfile", "textwrap", "types", "typing", "warnings", "numpy.linalg", "numpy.ma",
       "numpy.random", "numpy._core.fromnumeric", "numpy._core.numeric")
REST = sys.stdlib_module_names | {"numpy", "matplotlib", COURSE}
MANAGERS = (contextlib.ExitStack, contextlib._BaseExitStack, contextlib._GeneratorContextManager,
            contextlib.redirect_stdout, contextlib.suppress, pathlib.Path, pathlib.PurePath,
            warnings.catch_warnings, logging.Logger, threading.Thread, type(os.environ),
            inspect.Signature, ast.NodeVisitor, ast.NodeTransformer)


class Held(NamedTuple):
    """What is put back of what is loaded, each thing once."""

    tables: list[dict]    # the names in modules among them
    classes: list[type]
    functions: list[types.FunctionType]    # methods among them


@cache
def by_distance(loaded: tuple[str, ...]) -> tuple[Held, Held, Held]:
    """Return what is near, what is far, and the rest, of the modules that are loaded."""
    homes = {name: sys.modules[name] for name in loaded if _root(name) in REST
             and type(sys.modules[name]) is types.ModuleType}
    near, others = _split(homes, lambda name: name in NEAR or name.startswith(HERE))
    far, rest = _split(others, lambda name: name in FAR or _root(name) == COURSE)
    near, far, rest = ([homes[name] for name in names] for names in (near, far, rest))
    ours = [home for name, home in homes.items() if _root(name) == COURSE]
    classes = [value for home in ours for value in vars(home).values()
               if type(value) is type and value.__module__ == home.__name__]
    mine, kinds = _split(classes, lambda kind: kind.__module__.startswith(HERE))
    tables = [value for value in _inside([*ours, *classes]) if type(value) is dict]
    behind = [vars(f).get("__wrapped__") for f in _inside(homes.values())
              if type(f) is type(np.sum)]
    return (Held([*map(vars, near)], mine, _written(_inside([*near, *mine]))),
            Held([*map(vars, far), *_once(tables)], [*MANAGERS, *kinds],
                  _written(_inside([*ours, *classes]))),
            Held([*map(vars, rest)], [], _written([*_inside([*near, *far]), *behind])))


def _root(name: str) -> str:
    return name.partition(".")[0]


def _inside(homes: Iterable) -> list:
    return [value for home in homes for value in vars(home).values()]


def _written(values: list) -> list[types.FunctionType]:
    """Return what was written in Python."""
    return _once([value for value in values if type(value) is types.FunctionType])


def _split(things: list, belongs: Callable) -> tuple[list, list]:
    return list(filter(belongs, things)), list(filterfalse(belongs, things))


def _once(things: list) -> list:
    return list({id(thing): thing for thing in things}.values())
