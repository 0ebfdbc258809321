"""What else is in the dictionary that a walk returned, once the entry that is judged is right."""

from dataclasses import replace

from ..._inputs import Array
from ...mistakes.finding import Finding
from ...mistakes.trying import as_array, close
from ..sandbox.call import call
from .observed import Seen

__all__ = ["other_entries"]


def other_entries(seen: Seen) -> Finding | None:
    """Return what is wrong with the first of the other gradients that is not right, or None."""
    if not seen.right:
        return None
    part = seen.part
    walks = [(args, call(seen.called, args, seen.patience).value, part.reference(*args))
             for args in part.cases.values()]
    names = [name for name in walks[0][2] if name not in (seen.entry, *part.parameters)]
    for name in names:    # what was handed over is not computed
        for args, given, right in walks:
            if finding := _wrong_with(seen, given, name, right[name]):
                return replace(finding, args=args)
    return None


def _wrong_with(seen: Seen, given, name: str, right: Array) -> Finding | None:
    if not isinstance(given, dict):
        return Finding("no_dictionary", f"{seen.entry} is right, and it came alone.",
                       todo="Return the dictionary of all gradients: g.")
    yours = as_array(given.get(name))
    if name not in given:
        what = f"the dictionary has no entry {name!r}"
    elif yours is not None and yours.shape != right.shape:
        what = f"{name} has the shape {yours.shape}, where {right.shape} is wanted"
    elif yours is None or not close(yours, right, seen.part.tol):
        what = f"{name} on the way to it is not"
    else:
        return None
    ponder = f"Which line computes {name}? Mend it there, and not in a later one."
    return Finding(name, f"{seen.entry} is right, and {what}.", todo=ponder, question=ponder)
