"""gradcheck on somebody's own file: `smlearn check FILE FORWARD BACKWARD`."""

import difflib
import sys
import traceback
import types
from operator import attrgetter
from pathlib import Path

import numpy as np

from .._misfits import is_layer
from .._refusals import refusal
from ..checking import gradcheck
from ..checking.report import GradcheckReport

__all__ = ["check_file"]


def check_file(path: Path, forward: str, backward: str | None = None, *, x: str | None = None,
               shape: tuple[int, ...] = (4, 3), seed: int = 0) -> GradcheckReport:
    """Run a Python file, and check the backward pass in it.

    Parameters
    ----------
    path : Path
        The file; it may import what lies beside it.
    forward, backward : str
        The names there, as in gradcheck(f, vjp); of a layer that the file made, layer.forward.
    x : str, optional
        The name of an array there: where to check. Default: normal draws.
    shape : tuple of int
        Of the draws.
    seed : int
        Of the draws.

    Returns
    -------
    report : GradcheckReport

    Raises
    ------
    FileNotFoundError, ImportError, ValueError
        If there is no such file; if it cannot be run; if a name is not in it.
    TypeError, ValueError
        If gradcheck refuses, or something that it calls.
    """
    module = _run(path)
    functions = [_function(module, path, name) for name in (forward, backward) if name]
    at = _named(module, path, x) if x else np.random.default_rng(seed).standard_normal(shape)
    return gradcheck(*functions, x=at)


def _run(path: Path) -> types.ModuleType:
    """Return the file as a module that is not __main__, and leave no bytecode beside it."""
    if not path.is_file():
        got = f"{path} is a folder" if path.is_dir() else f"there is no {path}"
        raise refusal(FileNotFoundError, f"a Python file is wanted, but {got}; "
                      "give its path, as in `smlearn check FILE softmax softmax_vjp`")
    if path.suffix == ".ipynb":    # JSON may be Python, too, and then defines nothing
        raise refusal(ImportError, f"a Python file is wanted, but {path.name} is a notebook; "
                      "call gradcheck in a cell of it, as 12 does, or put the functions into a "
                      "file of their own")
    module = types.ModuleType("checked_file")    # its own name may be that of another module
    module.__file__ = str(path)
    sys.path.insert(0, str(path.resolve().parent))
    sys.modules[module.__name__] = module
    try:
        exec(compile(path.read_bytes(), str(path), "exec"), module.__dict__)
    except (Exception, SystemExit) as error:
        raise refusal(ImportError, f"a file that can be run is wanted, but {path.name} stops"
                      f"{_where(error, path)} with {type(error).__name__}: {error}; "
                      f"see what `python {path}` says") from error
    return module


def _where(error: BaseException, path: Path) -> str:
    """Return the last line of the file that was under way, in words."""
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__)
             if frame.filename == str(path)]
    lines += [error.lineno] if isinstance(error, SyntaxError) and error.lineno else []
    return f" at line {lines[-1]}" if lines else ""


def _function(module: types.ModuleType, path: Path, name: str) -> object:
    if not callable(found := _named(module, path, name)):
        todo = (f"name {name}.forward and {name}.backward" if is_layer(found) else
                "name what is called with x, or with dp")
        raise refusal(TypeError, f"a function in {path.name} is wanted, but {name} is of type "
                      f"{type(found).__name__}; {todo}")
    return found


def _named(module: types.ModuleType, path: Path, name: str) -> object:
    try:
        return attrgetter(name)(module)
    except AttributeError:
        mine = [each for each in vars(module) if not each.startswith("_")] or ["none"]
        near = (_near_in_layer(module, name)
                or difflib.get_close_matches(name, mine, n=3, cutoff=0.5))
        todo = f"did you mean {' or '.join(near)}?" if near else f"it has {', '.join(mine)}"
        raise refusal(ValueError, f"a name in {path.name} is wanted, but got {name}, "
                      f"which is not there; {todo}") from None


def _near_in_layer(module: types.ModuleType, name: str) -> list[str]:
    """Return the names near that of layer.name, if there is the layer."""
    layer, _, last = name.rpartition(".")
    try:
        held = [each for each in dir(attrgetter(layer)(module)) if not each.startswith("_")]
    except AttributeError:
        return []
    return [f"{layer}.{each}" for each in difflib.get_close_matches(last, held, cutoff=0.5)]
