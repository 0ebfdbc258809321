"""Whether a copy changed the course, NumPy or Python under it: to be told, not to be trusted.

A verdict does not rest on it, for it is made elsewhere; who changes the checker wants something
all the same, and the teacher may want to know.
"""

import sys
import types

__all__ = ["changes", "snapshot"]

COURSE = __name__.partition(".")[0]
OTHERS = ("numpy", "numpy.linalg", "builtins", "inspect", "os", "json")
IPYTHONS = {f"builtins.{name}" for name in ("_", "display", "exit", "get_ipython", "quit")}
MANY = 8    # names that are told
Held = dict[str, object]


def snapshot() -> Held:
    """Return what each name stands for: in modules, in the course's classes; and functions' code.
    """
    held = {}
    for module in [sys.modules[name] for name in list(sys.modules) if _is_watched(name)]:
        for name, value in list(vars(module).items()):
            if not name.startswith("__"):
                held[f"{module.__name__}.{name}"] = value
                held.update(_inside(f"{module.__name__}.{name}", value, module.__name__))
    return held


def _is_watched(name: str) -> bool:
    return name in OTHERS or name.partition(".")[0] == COURSE


def _inside(name: str, value, home: str) -> Held:
    if isinstance(value, types.FunctionType):
        return {f"{name}'s code": value.__code__}
    if isinstance(value, type) and value.__module__ == home and home.startswith(COURSE):
        return {f"{name}.{part}": held for part, held in vars(value).items()
                if part not in ("__dict__", "__weakref__")}
    return {}


def changes(before: Held) -> list[str]:
    """Return the names that stand for something else now, or for nothing."""
    now, missing = snapshot(), object()
    return [name for name, value in before.items() if now.get(name, missing) is not value
            and name not in IPYTHONS][:MANY]
