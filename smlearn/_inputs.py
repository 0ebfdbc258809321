"""The front door: what the numerics accept, and what they say when they refuse.

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

import numpy as np

__all__ = ["Array", "answer", "as_array", "entries", "finite", "finite_rows", "generator",
           "logits", "masked", "pair", "real", "remembered", "row_max", "within_range"]

Array = np.ndarray
EXACT = 2**53                                                # above this, float64 skips integers
RANK = {"(D,)": 1, "(B, D)": 2, "(..., D)": None}            # None: any but 0


def real(where: str, name: str, a) -> Array:
    """Return `a` as a real floating array in native byte order; integers become float64.

    Raises
    ------
    TypeError
        If `a` is masked, or holds anything but real numbers.
    ValueError
        If NumPy cannot read `a`, or it holds integers that float64 may round.
    """
    if masked(a):
        raise TypeError(f"{where}: {name} must be a plain array, but got a masked one, whose mask "
                        "would be lost; decide yourself what stands in the masked places")
    a = as_array(where, name, a)
    if a.dtype.kind in "iu":
        if a.size and (int(a.max()) > EXACT or int(a.min()) < -EXACT):
            raise ValueError(f"{where}: integers in {name} must stay within 2**53, but got larger "
                             "ones, which float64 may round; convert them yourself")
        return a.astype(np.float64)
    if a.dtype.kind != "f":
        raise TypeError(f"{where}: {name} must hold real numbers, but got dtype {a.dtype}; "
                        "convert it yourself, so that you see what is lost")
    return a if a.dtype.isnative else a.astype(a.dtype.newbyteorder("="))


def masked(a) -> bool:
    """Say whether `a` is a masked array; there is none before somebody has loaded numpy.ma."""
    ma = sys.modules.get("numpy.ma")    # np.ma would load it, which takes longer than smlearn
    return ma is not None and isinstance(a, ma.MaskedArray)


def as_array(where: str, name: str, a) -> Array:
    """Return `a` as an array of whatever it holds.

    Raises
    ------
    ValueError
        If NumPy cannot read it as one.
    """
    try:
        return np.asarray(a)
    except (TypeError, ValueError, RuntimeError):
        raise ValueError(f"{where}: {name} must be an array with rows of one length, but got "
                         "something NumPy cannot read as one; look at each row's length") from None


def generator(where: str, rng) -> "np.random.Generator":
    """Return `rng`, or one with a fixed seed for None.

    Raises
    ------
    TypeError
        If it is anything but NumPy's Generator.
    """
    if rng is None:
        return np.random.default_rng(0)
    if not isinstance(rng, np.random.Generator):
        raise TypeError(f"{where}: rng must be a NumPy Generator, but got {type(rng).__name__}; "
                        "pass np.random.default_rng(0), or leave it out")
    return rng


def logits(where: str, x, shape: str = "(..., D)") -> tuple[Array, np.dtype]:
    """Return logits in the precision to compute in, and the dtype to answer in.

    float16 is computed in float32 and rounded once at the end: a sum of 70,000 equal terms
    would overflow float16.

    Raises
    ------
    TypeError
        As `real`.
    ValueError
        As `real`; if `x` has not the `shape` asked for; if there are no classes.
    """
    x = real(where, "x", x)
    if x.ndim == 0 or x.ndim != (RANK[shape] or x.ndim):
        raise ValueError(f"{where}: x must have shape {shape}, but got {x.shape}; "
                         "the classes go along the last axis")
    if x.shape[-1] == 0:
        raise ValueError(f"{where}: x must have at least one class, but got shape {x.shape}; "
                         "the classes go along the last axis")
    work = np.promote_types(x.dtype, np.float32)
    return np.ascontiguousarray(x, dtype=work), x.dtype


def pair(where: str, x: Array, dtype: np.dtype, name: str, v) -> tuple[Array, Array, np.dtype]:
    """Return `x` and a direction `v` of its shape in one precision, and the dtype to answer in.

    Both are computed in the wider precision of the two (at least float32), so that no answer
    claims digits that were never computed.

    Raises
    ------
    TypeError
        As `real`.
    ValueError
        As `real`; if the shapes differ, since broadcasting would hide a mistake.
    """
    v = real(where, name, v)
    if v.shape != x.shape:
        raise ValueError(f"{where}: {name} must have the shape of x, {x.shape}, but got "
                         f"{v.shape}; give {name} one number per logit, row by row")
    dtype = np.promote_types(v.dtype, dtype)
    work = np.promote_types(dtype, np.float32)
    return np.ascontiguousarray(x, dtype=work), np.ascontiguousarray(v, dtype=work), dtype


def remembered(where: str, cache, kind: type) -> None:
    """Refuse a cache that is not of that kind, or whose p could be anybody's.

    Raises
    ------
    TypeError
        If it is of another kind: the order is dp, then cache.
    ValueError
        If cache.p can be written to, so that nobody knows what it holds.
    """
    forward = where.replace("backward", "forward")
    if not isinstance(cache, kind):
        raise TypeError(f"{where}: cache must be the {kind.__name__} of {forward}, but got "
                        f"{type(cache).__name__}; call {where}(dp, cache)")
    if not isinstance(cache.p, np.ndarray) or cache.p.flags.writeable:
        raise ValueError(f"{where}: cache.p must be read-only, as {forward} left it, but got "
                         f"something else; run {forward} and use its cache")


def row_max(where: str, x: Array) -> Array:
    """Return each row's largest logit, shape (..., 1).

    Raises
    ------
    ValueError
        If a row holds NaN or +inf, or is -inf throughout: only then its maximum is not finite.
    """
    m = entries(x, x.argmax(axis=-1))[..., None]    # quicker than x.max on short rows
    if not finite(m):
        at = tuple(map(int, np.argwhere(~np.isfinite(m))[0]))
        what = "NaN" if np.isnan(m[at]) else "+inf" if m[at] > 0 else "-inf for every class"
        row = f" in row {', '.join(map(str, at[:-1]))}" if x.ndim > 1 else ""
        todo = "keep at least one class" if m[at] < 0 else "find the step that made it"
        raise ValueError(f"{where}: the largest logit must be finite, but got {what}{row}; {todo}")
    return m


def entries(a: Array, k: Array) -> Array:
    """Return of each row of `a` the entry that `k` points at, in the shape of `k`."""
    rows = a.reshape(-1, a.shape[-1])
    return rows[np.arange(len(rows)), k.ravel()].reshape(k.shape)


def finite(a: Array) -> bool:
    """Say whether every entry is finite; for a few of them this is quicker than .all()."""
    return np.count_nonzero(np.isfinite(a)) == a.size


def finite_rows(where: str, name: str, a: Array, mean: Array) -> Array:
    """Return `mean`, each row's weighted mean of `a`, if it is finite.

    A weight of 0 does not hide anything: 0 times NaN or infinity is NaN.

    Raises
    ------
    ValueError
        If a row of `a` holds NaN or an infinity.
    FloatingPointError
        If none does, so that the mean overflowed: see `within_range`.
    """
    if not finite(mean):
        bad = np.argwhere(~np.isfinite(a))
        if not len(bad):    # BLAS raises no flag where it adds up in another thread
            raise FloatingPointError("overflow encountered in a mean of finite numbers")
        at = tuple(map(int, bad[0]))
        raise ValueError(f"{where}: {name} must be finite, but got {a[at]} at {at}; "
                         "find the step that made it")
    return mean


class within_range:    # a class because that halves the cost of `with`
    """Turn an overflow of what is computed from `a` into a sentence; let tiny numbers be 0.

    Raises
    ------
    ValueError
        If something overflows: entries near the end of the precision's range, or too far apart.
    """

    def __init__(self, where: str, name: str, a: Array) -> None:
        self.of = where, name, a
        self.settings = np.errstate(over="raise", under="ignore", invalid="ignore")

    def __enter__(self) -> None:
        self.settings.__enter__()

    def __exit__(self, kind: type | None, *error) -> None:
        self.settings.__exit__(kind, *error)
        if kind is FloatingPointError:
            where, name, a = self.of
            span = f"{a.min():.3g} to {a.max():.3g}"
            raise ValueError(f"{where}: {name} must stay well within the range of {a.dtype}, but "
                             f"got entries from {span}; scale {name} down") from None


def answer(a: Array, dtype: np.dtype) -> Array:
    """Round a result to the dtype that was asked for; a number too small for it becomes 0."""
    if a.dtype == dtype:
        return a
    with np.errstate(under="ignore"):
        return a.astype(dtype)
