"""The ordinary slip behind a wrong answer, if there is one; asked when nothing else has a name.

Slips are made from the reference. Most of them are told apart in the first case already, so they
are called case by case.
"""

from collections.abc import Callable
from functools import cache

from ...mistakes.catalogue import Mistake
from ...mistakes.ordinary_slips import ordinary_mistakes
from ...mistakes.trial import Trial
from ...mistakes.trying import Run, alike
from ..sandbox.call import call
from ..sandbox.clock import Patience
from ..task import Function
from .observed import Seen, entry_of, judged, room_for

__all__ = ["ordinary", "slips_of"]


def ordinary(seen: Seen, cases: dict[str, tuple] | None = None) -> Mistake | None:
    """Return the slip that it looks like in all of these cases, the first of which is the part's.

    It runs in some. Where it raises it must say what the slip says: an error of its kind is too
    little.
    """
    part, room, cases = seen.part, room_for(seen.part), cases or seen.part.cases
    first = next(iter(part.cases))
    for slip, trial in slips_of(part) if first in cases else ():
        theirs = trial.on(cases) if trial.may_be(seen.runs, cases, room) else {}
        says = all(_words(seen.runs[case]) == _words(run) for case, run in theirs.items())
        if says and not all(run.failed for run in theirs.values()) and alike(
                seen.runs, theirs, cases, room):
            return slip
    return None


def _words(run: Run) -> list[str]:
    """Return what an error says in any order: of (4,) and (4, 3), either may come first."""
    return sorted(run.said.split())


@cache
def slips_of(part: Function) -> list[tuple[Mistake, Trial]]:
    """Return each ordinary slip, to be called on the cases."""
    return [(slip, Trial(judged(form, entry_of(part)), part.cases, _patiently))
            for right in (part.reference, *part.also)
            for slip in ordinary_mistakes(right) for form in slip.forms]


def _patiently(f: Callable, args: tuple) -> Run:
    return call(f, args, Patience())    # a slip may have no end
