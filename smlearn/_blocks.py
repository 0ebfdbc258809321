"""What the blocked forms share: an array to answer in, and which rows to take at a time.

An answer goes into a new array, or into the caller's `out`, if it fits there and no step would
read what an earlier step has overwritten.
"""

import numpy as np

from ._checks import Array

__all__ = ["apart", "blocks", "room", "rows_of"]

ENTRIES = 2**15    # of a block: its p, dp and dx are 768 kB in float64, 384 kB in float32


def room(where: str, out: Array | None, shape: tuple, dtype: np.dtype) -> Array:
    """Return an array of that shape and dtype to answer in: a new one, or `out`.

    Raises
    ------
    ValueError
        If `out` is not a plain array of that shape and dtype, in one piece of memory, writable.
    """
    if out is None:
        return np.empty(shape, dtype)
    if not isinstance(out, np.ndarray) or isinstance(out, np.ma.MaskedArray):
        got = type(out).__name__
    elif (out.shape, out.dtype) != (shape, dtype):
        got = f"shape {out.shape} and dtype {out.dtype}"
    elif not out.flags.c_contiguous:
        got = "one with gaps or another order in memory"
    elif not out.flags.writeable:
        got = "a read-only one"
    else:
        return out
    raise ValueError(f"{where}: out must be a plain array of shape {shape} and dtype {dtype}, but "
                     f"got {got}; np.empty({shape}, {dtype.name!r}) makes one")


def apart(where: str, out: Array, name: str, a, *, or_same: bool = False) -> None:
    """Refuse an `out` that overlaps `a`, whose entries are read after others are written.

    The very same array can be allowed: each entry is then read before it is written.

    Raises
    ------
    ValueError
        If they share memory otherwise.
    """
    if not isinstance(a, np.ndarray) or not np.may_share_memory(out, a):
        return
    if or_same and (a.ctypes.data, a.strides) == (out.ctypes.data, out.strides):
        return
    alike = f"be {name} itself or " if or_same else ""
    raise ValueError(f"{where}: out must {alike}share no memory with {name}, but got one that "
                     "does; pass an array of its own")


def rows_of(a: Array) -> Array:
    """Return a view of `a` with its batch axes flattened: (N, D)."""
    return a.reshape(-1, a.shape[-1])


def blocks(where: str, shape: tuple, block: int | None) -> list[slice]:
    """Return which of the N rows to take at a time: `block` of them, or some ENTRIES numbers.

    No row is cut: one that is longer than that is a block by itself.

    Raises
    ------
    ValueError
        If `block` is not a whole number, at least 1.
    """
    if block is None:
        block = max(1, ENTRIES // shape[1])
    elif not isinstance(block, int | np.integer) or block < 1:
        raise ValueError(f"{where}: block must be a number of rows, at least 1, but got "
                         f"{block!r}; leave it out for a good one")
    return [slice(n, n + block) for n in range(0, shape[0], block)]
