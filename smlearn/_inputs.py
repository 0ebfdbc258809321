"""What the numerics let in, and what they say where they refuse.

Every message reads *function: what it wanted, but got what; what to do*. What is let through:

    real numbers of any float width; integers (as float64); -inf, a class that is ruled out
    shapes (..., D) with D >= 1; an empty batch is a batch

What is refused: a scalar, no classes, NaN, +inf, a row with every class ruled out, complex
numbers, booleans, objects, strings, masked arrays, ragged lists, shapes that do not match. Lists
are read by NumPy first: integers beyond 2**53 in a list that also holds floats, or integers that
fit no one integer type, are float64 before they come here.

NaN and infinities are found in one number per row (the row's maximum, the row's mean), not by a
look at every entry. Arrays are computed on row by row in memory, whatever their layout, because
NumPy adds up a row accurately (pairwise) only where it lies in one piece.
"""

import sys
from collections.abc import Callable, Sequence

import numpy as np

from ._misfits import not_real, unreadable
from ._refusals import refusal, speaker

__all__ = ["Array", "ArrayLike", "answer", "as_array", "entries", "finite",
           "finite_rows", "logits", "masked", "pair", "real", "remembered", "row_max", "untouched",
           "within_range"]

Array = np.ndarray
ArrayLike = Array | Sequence                                 # lists of numbers do as well
RANK = {"(D,)": 1, "(B, D)": 2, "(..., D)": None}            # None: any but 0


def real(name: str, a) -> Array:
    """Return `a` as a real floating array in native byte order; integers become float64."""
    a = as_array(name, a)
    if a.dtype.kind in "iu":
        if a.size and max(int(a.max()), -int(a.min())) > 2**53:    # float64 skips some there
            raise refusal(ValueError, f"integers in {name} must stay within 2**53, "
                          "but got larger ones, which float64 may round; convert them yourself")
        return a.astype(np.float64)
    if a.dtype.kind != "f":
        raise not_real(name, a)
    return a if a.dtype.isnative else a.astype(a.dtype.newbyteorder("="))


def masked(a) -> bool:
    """Say whether `a` is a masked array; there is none before somebody has loaded numpy.ma."""
    ma = sys.modules.get("numpy.ma")    # np.ma would load it, which takes longer than smlearn
    return ma is not None and isinstance(a, ma.MaskedArray)


def as_array(name: str, a) -> Array:
    """Return `a` as an array of whatever it holds."""
    if masked(a):
        raise refusal(TypeError, f"{name} must be a plain array, but got a masked one, "
                      "whose mask would be lost; decide yourself what stands in the masked places")
    try:
        return np.asarray(a)
    except (TypeError, ValueError, RuntimeError) as error:
        raise unreadable(name, a, error) from None


def logits(x, shape: str = "(..., D)") -> tuple[Array, np.dtype]:
    """Return logits in the precision to compute in, and the dtype to answer in.

    float16 is computed in float32 and rounded once at the end: a sum of 70,000 equal terms
    would overflow float16.
    """
    x = real("x", x)
    if x.ndim == 0 or x.ndim != (RANK[shape] or x.ndim):
        raise refusal(ValueError, f"x must have shape {shape}, but got {x.shape}; "
                      "the classes go along the last axis")
    if x.shape[-1] == 0:
        raise refusal(ValueError, f"x must have at least one class, but got shape {x.shape}; "
                      "the classes go along the last axis")
    work = np.promote_types(x.dtype, np.float32)
    return np.ascontiguousarray(x, dtype=work), x.dtype


def pair(x: Array, dtype: np.dtype, name: str, v) -> tuple[Array, Array, np.dtype]:
    """Return `x` and a direction `v` of its shape in one precision, and the dtype to answer in.

    Shapes must be equal: broadcasting would hide a mistake. Both are computed in the wider
    precision of the two (at least float32), so that no answer claims digits that were never
    computed.
    """
    v = real(name, v)
    if v.shape != x.shape:
        raise refusal(ValueError, f"{name} must have the shape of x, {x.shape}, "
                      f"but got {v.shape}; give {name} one number per logit, row by row")
    dtype = np.promote_types(v.dtype, dtype)
    work = np.promote_types(dtype, np.float32)
    return np.ascontiguousarray(x, dtype=work), np.ascontiguousarray(v, dtype=work), dtype


def remembered(name: str, cache, kind: type, forward: Callable) -> None:
    """Refuse what is not the cache of `forward`, beside an upstream of that name."""
    if not isinstance(cache, kind):
        raise refusal(TypeError, f"cache must be the {kind.__name__} of {forward.__name__}, "
                      f"but got {type(cache).__name__}; call {speaker()}({name}, cache)")


def untouched(cache, forward: Callable) -> None:
    """Refuse a cache whose p can be written to, and so could be anybody's."""
    if not isinstance(cache.p, np.ndarray) or cache.p.flags.writeable:
        raise refusal(ValueError, f"cache.p must be read-only, as {forward.__name__} left it, "
                      f"but got something else; run {forward.__name__} and use its cache")


def row_max(x: Array) -> Array:
    """Return each row's largest logit, shape (..., 1), or refuse a row that has none.

    Only if a row holds NaN or +inf, or is -inf throughout, its maximum is not finite.
    """
    few = x.size < 50 * x.shape[-1]    # in many short rows argmax finds it sooner
    m = x.max(axis=-1, keepdims=True) if few else entries(x, x.argmax(axis=-1))[..., None]
    if not finite(m):
        at = tuple(map(int, np.argwhere(~np.isfinite(m))[0]))
        what = "NaN" if np.isnan(m[at]) else "+inf" if m[at] > 0 else "-inf for every class"
        row = f" in row {', '.join(map(str, at[:-1]))}" if x.ndim > 1 else ""
        todo = "keep at least one class" if m[at] < 0 else "find the step that made it"
        raise refusal(ValueError, f"the largest logit must be finite, but got {what}{row}; {todo}")
    return m


def entries(a: Array, k: Array) -> Array:
    """Return of each row of `a` the entry that `k` points at, in the shape of `k`."""
    return a.ravel()[np.arange(0, a.size, a.shape[-1]) + k.ravel()].reshape(k.shape)


def finite(a: Array) -> bool:
    """Say whether every entry is finite; for a few of them this is quicker than .all()."""
    return np.count_nonzero(np.isfinite(a)) == a.size


def finite_rows(name: str, a: Array, mean: Array) -> Array:
    """Return each row's weighted mean of `a`, or `a` itself, if it is finite, or refuse `a`.

    A weight of 0 does not hide anything: 0 times NaN or infinity is NaN. Where `a` is finite and
    the mean is not, it overflowed: see `within_range`.
    """
    if not finite(mean):
        bad = np.argwhere(~np.isfinite(a))
        if not len(bad):    # BLAS raises no flag where it adds up in another thread
            raise FloatingPointError("overflow encountered in a mean of finite numbers")
        at = tuple(map(int, bad[0]))
        raise refusal(ValueError, f"{name} must be finite, but got {a[at]} at {at}; "
                      "find the step that made it")
    return mean


class within_range:    # a class because that halves the cost of `with`
    """Turn an overflow of what is computed from `a` into a sentence; let tiny numbers be 0."""

    def __init__(self, name: str, a: Array) -> None:
        self.of = name, a
        self.settings = np.errstate(over="raise", under="ignore", invalid="ignore")

    def __enter__(self) -> None:
        self.settings.__enter__()

    def __exit__(self, kind: type | None, *error) -> None:
        self.settings.__exit__(kind, *error)
        if kind is FloatingPointError:
            name, a = self.of
            span = f"{a.min():.3g} to {a.max():.3g}"
            raise refusal(ValueError, f"{name} must stay well within the range of {a.dtype}, "
                          f"but got entries from {span}; scale {name} down") from None


def answer(a: Array, dtype: np.dtype) -> Array:
    """Round a result to the dtype that was asked for; a number too small for it becomes 0."""
    if a.dtype == dtype:
        return a
    with np.errstate(under="ignore"):
        return a.astype(dtype)
