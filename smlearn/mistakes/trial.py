"""A function that is compared with many answers, and called no further than tells it apart.

What single calls do is asked case by case, up to the first that differs, and kept. Only where none
differs all cases are run in one go, which also shows what a later call overwrites. So what comes
out is what all runs would show, and most functions are called once.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import cached_property

from .trying import Room, Run, alike, call, factor, same_at_once, try_on

__all__ = ["Trial"]

Runs = dict[str, Run]


class Trial:
    """A function and its cases; `call` is how it is called, as for `try_on`."""

    def __init__(self, f: Callable, cases: dict[str, tuple],
                 call: Callable[[Callable, tuple], Run] = call):
        self.f, self.cases, self.call = f, cases, call
        self._begun: dict[str, Run | None] = {}

    @cached_property
    def runs(self) -> Runs:
        """What it does in every case."""
        return try_on(self.f, self.cases, self.call)

    def on(self, cases: dict[str, tuple]) -> Runs:
        """Return what it does in these cases alone."""
        return self.runs if cases is self.cases else try_on(self.f, cases, self.call)

    def alike(self, runs: Runs, cases: dict[str, tuple], room: Room) -> bool:
        """Whether another function, of which these are the runs, looks the same in these cases."""
        return self.may_be(runs, cases, room) and alike(runs, self.runs, cases, room)

    def may_be(self, runs: Runs, cases: dict[str, tuple], room: Room) -> bool:
        """Whether another function looks the same in these cases, call by call."""
        return self._throughout(cases, lambda name, mine, args: name in runs and same_at_once(
            runs[name], mine, args, room))

    def may_be_scaled(self, runs: Runs, room: Room) -> bool:
        """Whether another function is a multiple of this one in all cases, call by call."""
        return self._throughout(self.cases, lambda name, mine, args: factor(
            runs[name], mine, args, room) is not None)

    def _throughout(self, cases: dict[str, tuple], look: Callable) -> bool:
        """Whether a look at one call after the other finds nothing that differs."""
        for name, args in cases.items():
            mine = self._once(name)
            if mine is None or not look(name, mine, args):
                return False
        return True

    def _once(self, name: str) -> Run | None:
        """Return what a call does; None after one that was not finished."""
        if "runs" in vars(self):
            return self.runs.get(name)
        if name not in self._begun:
            over = any(run.unfinished for run in self._begun.values())    # before any None
            run = None if over else self.call(self.f, self.cases[name])
            self._begun[name] = run and replace(run, live=None)
        return self._begun[name]
