"""What else is in the dictionary that a walk returned, once the entry that is judged is right."""

from collections.abc import Callable

from ..._inputs import Array
from ..sandbox.call import call
from ..sandbox.clock import Patience
from ..task import Function
from ..verdict import WRONG, Verdict
from .values import as_array, close

__all__ = ["on_the_way"]


def on_the_way(part: Function, f: Callable, patience: Patience) -> Verdict | None:
    """Return what is wrong with the first of the other gradients that is not right, or None."""
    for name in part.on_the_way:
        for args in part.cases.values():
            given, right = call(f, args, patience).value, part.reference(*args)[name]
            if not isinstance(given, dict):
                return Verdict(WRONG, (f"{part.entry} is right, and it came alone.",
                                       "Return the dictionary of all gradients: g."),
                               "no_dictionary", args=args)
            if what := _wrong_with(given, name, right, part.tol):
                ponder = f"Which line computes {name}? Mend it there, and not in a later one."
                return Verdict(WRONG, (f"{part.entry} is right, and {what}.", ponder), name,
                               args=args, question=ponder)
    return None


def _wrong_with(given: dict, name: str, right: Array, tol: float) -> str:
    if name not in given:
        return f"the dictionary has no entry {name!r}"
    yours = as_array(given[name])
    if yours is not None and yours.shape != right.shape:
        return f"{name} has the shape {yours.shape}, where {right.shape} is wanted"
    fits = yours is not None and close(yours, right, tol)
    return "" if fits else f"{name} on the way to it is not"
