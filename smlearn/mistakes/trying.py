"""Try a softmax backward pass on a handful of cases, and note everything that can be seen.

Ordinary rows, as many rows as classes, a single row, one-hot upstream, far logits, rows far apart,
integers, more classes: what comes back (numbers, or the name of an error), whether an argument was
changed, whether the next call overwrites the result. Two backward passes are alike if they look
the same in every case, to rounding.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from .._inputs import Array

__all__ = ["Seen", "alike", "overflows", "same", "trial_cases", "try_on"]


class Seen(NamedTuple):
    """Everything that can be seen of one call: numbers or the name of an error, and traces."""

    result: Array | str
    traces: tuple[bool, bool, bool]    # x changed, dp changed, overwritten by the next call
    rounding: float                    # what counts as none, of the largest entry


def trial_cases(dtype=np.float64) -> dict[str, tuple[Array, Array]]:
    """Return an x and a dp, (B, D) each, for every case; one dp holds integers."""
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


def try_on(vjp: Callable, cases: dict) -> dict[str, Seen]:
    """Call vjp in every case."""
    return {name: _look(vjp, x, dp) for name, (x, dp) in cases.items()}


def _look(vjp: Callable, x: Array, dp: Array) -> Seen:
    """Call vjp as gently as possible, and note what comes back and what it leaves behind."""
    mine, upstream = x.copy(), dp.copy()
    rounding = 1e-4 if x.dtype == np.float32 else 1e-11    # float32 inside float64 misses it
    try:
        with np.errstate(all="ignore"):
            result = vjp(mine, upstream)
            kept = np.array(result)
            vjp(x.copy(), 2 * dp)
    except Exception as error:    # whatever a learner's code may raise is something to note
        return Seen(f"{type(error).__name__}: {error}", (False, False, False), rounding)
    overwritten = not np.array_equal(kept, np.asarray(result), equal_nan=kept.dtype.kind == "f")
    changed = not np.array_equal(mine, x), not np.array_equal(upstream, dp)
    return Seen(kept, (*changed, overwritten), rounding)


def alike(a: dict[str, Seen], b: dict[str, Seen]) -> bool:
    """Equal in every case of a; two that always raise must also say the same."""
    pairs = [(a[name], b[name]) for name in a]
    said = [isinstance(seen.result, str) and seen.result for both in pairs for seen in both]
    return all(same(*both) for both in pairs) and (not all(said) or len(set(said)) == 1)


def overflows(seen: Seen) -> bool:
    """Say whether the numbers hold NaN, as after an exp that overflowed."""
    return (not isinstance(seen.result, str) and seen.result.dtype.kind == "f"
            and bool(np.isnan(seen.result).any()))


def _error(seen: Seen) -> str | None:
    return seen.result.partition(":")[0] if isinstance(seen.result, str) else None


def same(a: Seen, b: Seen) -> bool:
    """Equal to rounding."""
    if isinstance(a.result, str) or isinstance(b.result, str):
        return _error(a) == _error(b)
    if a.result.shape != b.result.shape or a.traces != b.traces or a.result.dtype.kind not in "fi":
        return False
    size = np.abs(b.result[np.isfinite(b.result)]).max(initial=0)
    return np.allclose(a.result, b.result, rtol=0, atol=a.rounding * size + 1e-300,
                       equal_nan=True)
