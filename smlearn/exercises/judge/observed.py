"""All that can be seen of a function that was written, each thing looked up once.

The reference and the known wrong functions run on the same cases; what they do is kept.
"""

from collections.abc import Callable, Iterator
from functools import cache, cached_property

import numpy as np

from ..._inputs import Array
from ...mistakes import trying
from ...mistakes.trial import Trial
from ...mistakes.trying import Run, alike, as_array, close, largest
from ..sandbox.call import call, try_all
from ..sandbox.clock import Patience
from ..sandbox.plain_data import as_float
from ..task import Function, Mistake

__all__ = ["SINGLE", "Seen", "room_for", "targets_of", "trials_of"]

SINGLE = 1e-5    # of the size, where numbers are float32


@cache
def entry_of(part: Function) -> str:
    """Return the entry that is judged of the dictionary that is asked for; "" where none is."""
    value = trying.call(part.reference, next(iter(part.cases.values()))).value
    return next(reversed(value)) if isinstance(value, dict) else ""


def judged(f: Callable, entry: str, one: bool = False) -> Callable:
    """Return f as it is judged: by one entry of its dictionary; [0.5] and 1/2 as 0.5, if asked."""
    def of_it(*args):
        value = f(*args)
        if entry and issubclass(type(value), dict) and entry in value:
            value = value[entry]
        exact = as_float(value) if one else None
        numbers = as_array(value if exact is None else exact) if one else None
        return value if numbers is None or numbers.size != 1 else numbers.reshape(())
    return of_it if entry or one else f


@cache
def targets_of(part: Function, right: Callable | None = None) -> dict[str, Run]:
    """Run the reference, or what is as right, on every case. What it raises comes out: it is ours.
    """
    runs = trying.try_on(judged(right or part.reference, entry_of(part)), part.cases)
    for run in runs.values():
        if isinstance(run.numbers(), np.ndarray):
            run.array.flags.writeable = False
    return runs


@cache
def trials_of(part: Function, wrong: Mistake) -> tuple[Trial, ...]:
    """Return each form of a known wrong function, to be called on the cases."""
    return tuple(Trial(judged(form, entry_of(part)), part.cases) for form in wrong.forms)


def room_for(part: Function, tol: float | None = None) -> Callable:
    """Return how far off an entry may be, by the precision of `yours`: see trying.py."""
    tol = part.tol if tol is None else tol

    def room(yours: Array, target: Array, args: tuple) -> float | Array:
        size = max(1.0, largest(target))
        narrow = yours.dtype.kind in "fc" and yours.dtype.itemsize < (
            16 if yours.dtype.kind == "c" else 8)
        if part.relative:
            return (max(tol, SINGLE) if narrow else tol) * np.abs(target)
        if narrow:    # large logits are rounded as well
            inputs = max((largest(a) for a in args if isinstance(a, np.ndarray)), default=0.0)
            return max(tol, SINGLE) * max(size, inputs / 10)
        return tol * size
    return room


class Seen:
    """A function beside the reference: what was given, and the runs of both.

    `called` is called in its place, where what was given is only looked at: see marking/far.py.
    """

    def __init__(self, part: Function, given, patience: Patience, called: Callable | None = None):
        self.part, self.given, self.patience = part, given, patience
        self.called = given if called is None else called

    @property
    def entry(self) -> str:
        """What is judged of a dictionary; "" where none is asked for."""
        return entry_of(self.part)

    @cached_property
    def targets(self) -> dict[str, Run]:
        """What is right: of several such functions the one that it is like, else the reference."""
        others = (targets_of(self.part, right) for right in self.part.also)
        room = room_for(self.part)
        return next((each for each in others if alike(self.runs, each, self.part.cases, room)),
                    targets_of(self.part))

    @cached_property
    def f(self) -> Callable:
        """The function as it is judged."""
        one = not any(np.shape(run.value) for run in targets_of(self.part).values())
        return judged(self.called, self.entry, one)

    @cached_property
    def runs(self) -> dict[str, Run]:
        """What it does in each case."""
        return try_all(self.f, self.part.cases, self.patience)

    def again(self, args: tuple) -> Run:
        """Call it once more."""
        return call(self.f, args, self.patience)

    def asked(self, *args):
        """Return its answer as plain data, or raise what it says."""
        run = self.again(args)
        if run.failed:
            raise RuntimeError(run.said)    # its own kind might end more than the question
        return run.value

    def pair(self, name: str) -> tuple[Array, Array]:
        """Return what it returned in a case, and what is right."""
        return self.runs[name].array, self.targets[name].array

    def fits(self, name: str, tol: float | None = None) -> bool:
        """Whether its numbers are right in a case."""
        pair = self.pair(name)
        return close(*pair, room_for(self.part, tol)(*pair, self.part.cases[name]))

    @cached_property
    def right(self) -> bool:
        """Whether its numbers are right in every case."""
        return all(map(self.fits, self.runs))

    @property
    def first_wrong(self) -> str:
        """The first case where they are not."""
        return next(name for name in self.runs if not self.fits(name))

    def known(self, cases: dict[str, tuple] | None = None) -> Mistake | None:
        """Return the known wrong function that it looks like in all of these cases, if any."""
        cases, room = cases or self.part.cases, room_for(self.part)
        return next((wrong for wrong, trial in self.wrongs()
                     if trial.alike(self.runs, cases, room)), None)

    def wrongs(self) -> Iterator[tuple[Mistake, Trial]]:
        """Give each known wrong function, form by form."""
        for wrong in self.part.wrongs:
            for trial in trials_of(self.part, wrong):
                yield wrong, trial
