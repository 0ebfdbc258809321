"""What the blocked forms share: an array to answer in, and which rows to take at a time.

An answer goes into a new array, or into the caller's `out`, if it fits there and no step would
read what an earlier step has overwritten.
"""

from collections.abc import Iterator

import numpy as np

from .._inputs import Array, masked
from .._refusals import refusal

__all__ = ["apart", "blocks", "room"]

ENTRIES = 2**16    # of a block: p, dp and dx are then 1.5 MB in float64, 0.8 MB in float32


def room(out: Array | None, shape: tuple, dtype: np.dtype) -> Array:
    """Return an array of that shape and dtype to answer in: a new one, or `out`."""
    if out is None:
        return np.empty(shape, dtype)
    if not isinstance(out, np.ndarray) or masked(out):
        got = type(out).__name__
    elif (out.shape, out.dtype, out.flags.carray) != (shape, dtype, True):
        got = (f"shape {out.shape}, dtype {out.dtype}, writable: {out.flags.writeable}, "
               f"C-contiguous: {out.flags.c_contiguous}")
    else:
        return out
    raise refusal(ValueError, f"out must be a plain array of shape {shape} and dtype {dtype} to "
                  f"write to, but got {got}; np.empty({shape}, {dtype.name!r}) makes one")


def apart(out: Array, name: str, *arrays, or_same: bool = False) -> None:
    """Refuse an `out` that overlaps what `name` was given as, or was converted to.

    Its entries are read after others are written. The very same array can be allowed: each entry
    is then read before it is written.
    """
    for a in arrays:
        shared = isinstance(a, np.ndarray) and np.may_share_memory(out, a)
        if shared and not (or_same and out.__array_interface__ == a.__array_interface__):
            alike = f"be {name} itself or " if or_same else ""
            raise refusal(ValueError, f"out must {alike}share no memory with {name}, "
                          "but got one that does; pass an array of its own")


def blocks(*arrays: Array) -> Iterator[tuple[Array, ...]]:
    """Yield views of the same rows of each array, then of the next, until all are done.

    The first array's rows are the longest, D; a block is as many as hold some ENTRIES numbers. No
    row is cut: one that is longer is a block by itself.
    """
    rows = [a.reshape(-1, a.shape[-1]) for a in arrays]               # (N, D) or (N, 1)
    b = max(1, ENTRIES // rows[0].shape[1])
    for n in range(0, len(rows[0]), b):
        yield tuple(a[n:n + b] for a in rows)                         # (b, D) or (b, 1)
