"""Try a function on cases, note everything that can be seen, and say whether it is like another.

Seen is what comes back (numbers, or an error), whether an argument was changed, and whether a
later call overwrites the result. Two functions are alike if they look the same in every case, to
rounding: room(yours, target, args) says how far off an entry may be. Whoever runs code that may do
anything hands in a call of their own, which returns the same Run: see exercises/sandbox/call.py.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from .._inputs import Array
from .._snapshot import copied, same_content

__all__ = ["Run", "alike", "as_array", "call", "close", "factor", "factors", "largest",
           "same_at_once", "trial_cases", "try_on"]

Room = Callable[[Array, Array, tuple], "float | Array"]


@dataclass(frozen=True)
class Run:
    """What can be seen of one call."""

    value: object = None             # what came back: its numbers as they were then
    error: BaseException | None = None
    said: str = ""                   # what the error says
    changed: tuple[int, ...] = ()    # which arguments it changed in place
    overwritten: bool = False        # by a later call
    nearly_back: bool = False        # the changed arguments are as they were, but for rounding
    unfinished: bool = False         # there is no use in asking for another case
    live: object = field(default=None, compare=False, repr=False)    # the very thing, till asked

    @property
    def failed(self) -> bool:
        """Whether it raised; an error may call itself false."""
        return self.error is not None

    @cached_property
    def array(self) -> Array | None:
        """The value as an array of numbers or truth values, and None where it is none."""
        return as_array(self.value)

    def numbers(self) -> Array | None:
        """Return the array, or raise what the call raised."""
        if self.failed:
            raise self.error
        return self.array


def as_array(value) -> Array | None:
    """Return plain data as an array of numbers or truth values, and None where it is none."""
    try:
        a = np.asarray(value)
    except (ValueError, OverflowError):    # rows of different lengths
        return None
    return a if a.dtype.kind in "biufc" else None


def call(f: Callable, args: tuple) -> Run:
    """Call f with copies of the arguments, and look at what it left behind."""
    mine = copied(args)
    try:
        with np.errstate(all="ignore"):
            live = f(*mine)
            numbers = as_array(live)
    except Exception as error:    # whatever a learner's code may raise is something to note
        return Run(error=error, said=" ".join(str(error).split()))
    changed = tuple(i for i, each in enumerate(mine) if not same_content(each, args[i]))
    if numbers is None:
        return Run(live, changed=changed)
    return Run(np.array(numbers), changed=changed, live=live)


def try_on(f: Callable, cases: dict[str, tuple], call: Callable[[Callable, tuple], Run] = call
           ) -> dict[str, Run]:
    """Call f on every case, up to one that is unfinished.

    Then see whether a later call has overwritten what an earlier one returned.
    """
    runs = {}
    for name, args in list(cases.items()):
        runs[name] = call(f, args)
        if runs[name].unfinished:
            break
    return {name: replace(run, overwritten=_has_moved(run, call), live=None)
            for name, run in runs.items()}


def _has_moved(run: Run, call: Callable[[Callable, tuple], Run]) -> bool:
    """Whether what was returned holds something else by now."""
    if type(run.live) is np.ndarray:    # looking at it runs nobody's code
        return not same_content(run.live, run.value)
    now = Run() if run.live is None else call(lambda: run.live, ())
    return now.value is not None and not same_content(now.value, run.value)


def alike(a: dict[str, Run], b: dict[str, Run], cases: dict[str, tuple], room: Room) -> bool:
    """Whether two functions look the same in every case; two that never run must say the same.

    One that was not asked about every case is like none.
    """
    if not (cases.keys() <= a.keys() and cases.keys() <= b.keys()):
        return False
    both = [(a[name], b[name], args) for name, args in cases.items()]
    never = all(one.failed for one, *_ in both)
    if never and {one.said for one, *_ in both} != {other.said for _, other, _ in both}:
        return False
    return all(_same(*each, room) for each in both)


def _same(a: Run, b: Run, args: tuple, room: Room) -> bool:
    moved = a.overwritten != b.overwritten and not (a.failed or b.failed)
    return not moved and same_at_once(a, b, args, room)


def same_at_once(a: Run, b: Run, args: tuple, room: Room) -> bool:
    """Whether two calls look the same, before any later one."""
    if a.failed or b.failed:
        return type(a.error) is type(b.error)
    if a.changed != b.changed:
        return False
    if a.array is None or b.array is None:
        return a.array is b.array and type(a.value) is type(b.value)
    return close(a.array, b.array, room(a.array, b.array, args))


@np.errstate(all="ignore")
def close(yours: Array, target: Array, room: float | Array) -> bool:
    """Whether two arrays agree in shape and numbers; NaN agrees with NaN."""
    if yours.shape != target.shape or (yours.dtype.kind == "c") != (target.dtype.kind == "c"):
        return False
    if "b" in (target.dtype.kind, yours.dtype.kind):
        return bool((yours == target).all())
    near = (np.abs(yours - target * 1.0) <= room) & np.isfinite(target)
    return bool((near | (yours == target) | np.isnan(yours) & np.isnan(target)).all())


def factors(a: dict[str, Run], b: dict[str, Run], cases: dict[str, tuple], room: Room
            ) -> dict[str, float]:
    """Return c for each case where b is not 0, if a is c times b in all of them; else nothing."""
    found = {}
    for name, args in cases.items():
        if (c := factor(a[name], b[name], args, room)) is None:
            return {}
        if not np.isnan(c):
            found[name] = c
    return found


def factor(a: Run, b: Run, args: tuple, room: Room) -> float | None:
    """Return c if a is c times b; NaN where both are 0, None where there is no such c."""
    y, t = (None if run.failed or run.changed or run.overwritten else run.array for run in (a, b))
    if y is None or t is None or y.shape != t.shape or not _finite(y, t):
        return None
    size = float(np.vdot(t, t))
    c = float(np.vdot(t, y)) / size if size else 0.0
    if not close(y, c * t, room(y, t, args)):
        return None
    return c if size else np.nan


def _finite(*arrays: Array) -> bool:
    return all(a.dtype.kind in "iuf" and np.isfinite(a).all() for a in arrays)


def largest(a: Array) -> float:
    """Return the size of the largest finite number, or 0."""
    if a.dtype.kind not in "iuf":
        return 0.0
    return float(np.abs(a[np.isfinite(a)].astype(float)).max(initial=0))


def trial_cases(dtype=np.float64) -> dict[str, tuple[Array, Array]]:
    """Return an x and a dp for every case that tells the known softmax backward passes apart.

    Ordinary rows, as many rows as classes, a single row, one-hot upstream, far logits, rows far
    apart, integers, more classes: (B, D) each, one dp of integers.
    """
    rng = np.random.default_rng(20260101)
    x, dp = rng.standard_normal((2, 4, 3))
    cases = {
        "ordinary": (x, dp),
        "as many rows as classes": (x[:3], dp[:3]),
        "one row": (x[:1], dp[:1]),
        "one hot": (x, np.eye(3)[[1, 0, 2, 1]]),
        "far logits": (x + 800, dp),
        "rows far apart": (x + [[0], [900], [0], [-900]], dp),
        "logits far apart": (x + [0, 800, -800], dp),
        "integers": (x, np.array([[1, 3, -2], [2, 0, 4], [5, 1, 1], [0, -7, 2]])),
        "more classes": (rng.standard_normal((2, 5)), rng.standard_normal((2, 5))),
    }
    return {name: (x.astype(dtype), dp if dp.dtype.kind == "i" else dp.astype(dtype))
            for name, (x, dp) in cases.items()}
