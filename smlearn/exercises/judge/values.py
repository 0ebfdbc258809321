"""Read an answer as an array, and compare numbers."""

import numpy as np

from ..._inputs import Array
from ..sandbox.call import Run

__all__ = ["alike", "as_array", "close", "tolerance"]

SINGLE = 1e-5    # of the size, where numbers are float32


def as_array(value) -> Array | None:
    """Return plain data as an array of numbers or truth values, and None where it is none."""
    try:
        a = np.asarray(value)
    except (ValueError, OverflowError):    # rows of different lengths
        return None
    return a if a.dtype.kind in "biufc" else None


def tolerance(yours: Array, target: Array, args: tuple, tol: float, relative: bool = False
              ) -> float | Array:
    """Return how far off an entry may be, by the precision of `yours`."""
    size = max(1.0, _largest(target))
    narrow = yours.dtype.kind in "fc" and yours.dtype.itemsize < (
        16 if yours.dtype.kind == "c" else 8)
    if relative:
        return (max(tol, SINGLE) if narrow else tol) * np.abs(target)
    if narrow:
        inputs = max((_largest(np.asarray(a)) for a in args if isinstance(a, np.ndarray)),
                     default=0.0)
        return max(tol, SINGLE) * max(size, inputs / 10)    # large logits are rounded as well
    return tol * size


def _largest(a: Array) -> float:
    if a.dtype.kind not in "iuf":
        return 0.0
    finite = np.abs(a[np.isfinite(a)].astype(float))
    return float(finite.max(initial=0))


@np.errstate(all="ignore")
def close(yours: Array, target: Array, tol: float | Array) -> bool:
    """Whether two arrays agree in shape and numbers; NaN agrees with NaN."""
    if yours.shape != target.shape:
        return False
    if target.dtype.kind == "b" or yours.dtype.kind == "b":
        return bool((yours == target).all())
    return bool(np.isclose(yours, target, rtol=0, atol=tol, equal_nan=True).all())


def alike(a: dict[str, Run], b: dict[str, Run], cases: dict[str, tuple], tol: float,
          relative: bool = False) -> bool:
    """Whether two functions look the same in every case; two that never run must say the same."""
    never = all(run.failed for run in (*a.values(), *b.values()))
    if never and {run.said for run in a.values()} != {run.said for run in b.values()}:
        return False
    return all(_same(a[name], b[name], args, tol, relative) for name, args in cases.items())


def _same(a: Run, b: Run, args: tuple, tol: float, relative: bool) -> bool:
    if a.failed or b.failed:
        return type(a.error) is type(b.error)
    if a.changed != b.changed or a.overwritten != b.overwritten:
        return False
    yours, theirs = as_array(a.value), as_array(b.value)
    if yours is None or theirs is None:
        return type(a.value) is type(b.value) and yours is theirs
    return close(yours, theirs, tolerance(yours, theirs, args, tol, relative))
