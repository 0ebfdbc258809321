"""Say which mistake a wrong softmax backward makes, by running known-wrong ones beside it.

Both are tried on the same cases (trying.py), and a mistake is named only if it looks the same in
every one, to rounding. Otherwise the finding is a constant factor, the formula that the numbers
follow, or the first broken law with the smallest input that breaks it. A backward pass that is
made for one shape is asked in that shape, diagnose_like(x, dp), and never blamed for others.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache

import numpy as np

from .._inputs import Array
from ..formulas.backward import softmax_vjp
from ..formulas.forward import softmax
from ..mistakes.catalogue import MISTAKES, SOFTMAX_MISTAKES, Mistake
from ..mistakes.finding import Finding
from ..mistakes.read_off_formula import TERMS, other_formula
from ..mistakes.trying import Run, alike, call, factors, largest, trial_cases, try_on
from .backward_pair import BackwardFailed, Case, Pair
from .laws import LAWS, SOFTMAX_LAWS
from .shares import digits
from .turned import turned

__all__ = ["FACTOR", "diagnose", "diagnose_like"]

FACTOR = "Which constant did you forget, or use twice?"
STANDARD = ["ordinary", "one hot", "more classes"]    # cases that tell the terms apart


def diagnose(vjp: Callable[[Array, Array], Array], *, dtype=np.float64, ndim: int = 2,
             axis: int = -1) -> Finding | None:
    """Find the most basic thing that is wrong with a softmax backward pass.

    Parameters
    ----------
    vjp : callable
        (x, dp) -> dx, for x and dp of shape (B, D). It is called on copies.
    dtype : dtype
        The precision of x to try it in, float64 or float32.
    ndim, axis : int
        If it takes more axes, how many; and the one that softmax runs along, in place of the last.

    Returns
    -------
    finding : Finding, or None if nothing is wrong

    Examples
    --------
    >>> from smlearn.mistakes import MISTAKES
    >>> diagnose(MISTAKES["factor_two"].vjp).key
    'factor_two'
    >>> print(diagnose(softmax_vjp))
    None
    """
    cases, room = _cases(dtype, ndim), _room(dtype)
    yours = try_on(turned(vjp, -1, axis), cases, _twice)
    truth, known = _references(np.dtype(dtype), ndim)
    if alike(yours, truth, cases, room):
        return None
    return (_known(yours, truth, known, cases, room) or _raises(yours)
            or _factor(yours, truth, cases, room) or _formula(yours, cases, STANDARD)
            or _broken_law(vjp, dtype, ndim, axis)
            or _first_difference(yours, truth, cases, room))


def _cases(dtype, ndim: int) -> dict[str, tuple[Array, Array]]:
    """Return the trial cases with as many axes, (B, 1, ..., D)."""
    return {name: (_with_axes(x, ndim), _with_axes(dp, ndim))
            for name, (x, dp) in trial_cases(dtype).items()}


def _with_axes(a: Array, ndim: int) -> Array:
    return a.reshape(len(a), *(1,) * (ndim - 2), -1)


def diagnose_like(vjp: Callable[[Array, Array], Array], x: Array, upstreams: list[Array]
                  ) -> Finding | None:
    """Name a mistake that shows at x and each dp, and in other numbers of their shape.

    Parameters
    ----------
    vjp : callable
        (x, dp) -> dx of a softmax along the last axis, for x and dp of this one shape.
    x : (..., D) ndarray
    upstreams : list of (..., D) ndarray

    Returns
    -------
    finding : Finding, or None if no name fits, or nothing is wrong
    """
    own = {f"your x, with upstream {k}": (x, dp) for k, dp in enumerate(upstreams)}
    cases = own | _others_like(x)
    yours = try_on(vjp, cases, _twice)
    if error := _raises({name: yours[name] for name in own}):
        return error
    cases = {name: args for name, args in cases.items() if not yours[name].failed}
    truth, known = _right_and_known(cases)
    room = _room(x.dtype)
    nothing = {name: replace(truth[name], value=np.zeros_like(args[0]))
               for name, args in cases.items()}
    if x.shape[-1] == 1 or any(alike(yours, one, cases, room) for one in (truth, nothing)):
        return None    # of one class, or where all is 0, many mistakes look alike
    terms = [name for name in [*own, "other logits", "one hot"] if name in cases]
    enough = len(terms) * x.size >= 4 * len(TERMS)
    return (_known(yours, truth, known, cases, room) or _factor(yours, truth, cases, room)
            or (_formula(yours, cases, terms) if enough else None))


def _others_like(x: Array) -> dict[str, tuple[Array, Array]]:
    """Return other logits and upstreams in the shape of x."""
    rng = np.random.default_rng(20260101)
    logits, dp = rng.standard_normal((2, *x.shape))
    hot = np.arange(x.shape[-1]) == rng.integers(x.shape[-1], size=(*x.shape[:-1], 1))
    rows = 900.0 * (np.arange(x[..., :1].size).reshape(x[..., :1].shape) % 3 - 1)
    cases = {"other logits": (logits, dp), "one hot": (logits, hot), "far logits":
             (logits + 800, dp), "rows far apart": (logits + rows, dp)}
    return {name: (z.astype(x.dtype), d.astype(x.dtype)) for name, (z, d) in cases.items()}


def _known(*seen) -> Finding | None:
    """Name the first mistake that looks the same, where exp overflowed in what is left."""
    key = next(_fitting(*seen), None)
    return _named(MISTAKES[key]) if key else None


def _fitting(yours: dict[str, Run], truth: dict[str, Run], known: Callable, cases: dict,
             room: Callable) -> Iterator[str]:
    def fits(key: str, cases: dict) -> bool:
        return _may_fit(yours, key, known, cases, room) and alike(yours, known(key), cases, room)

    yield from (key for key in SOFTMAX_MISTAKES if fits(key, cases))
    near = {name: args for name, args in cases.items() if not _overflows(yours[name])}
    left_out = [known("unshifted_exp", name) for name in cases.keys() - near.keys()]
    if near and left_out and all(map(_overflows, left_out)):    # is anything else wrong?
        if alike(yours, truth, near, room):
            yield "unshifted_exp"
        yield from (key for key in SOFTMAX_MISTAKES if fits(key, near))


def _may_fit(yours: dict[str, Run], key: str, known: Callable, cases: dict, room: Callable
             ) -> bool:
    """Say whether a mistake looks the same in one case: most do not, and are asked no more."""
    for name, args in cases.items():
        if not yours[name].failed:
            theirs = replace(known(key, name), overwritten=yours[name].overwritten)    # not asked
            return alike(yours, {name: theirs}, {name: args}, room)
    return True


def _twice(vjp: Callable, args: tuple) -> Run:
    """Call it, and once more with another dp: a buffer that it uses again shows in every case."""
    run = call(vjp, args)
    if args and not run.failed:    # without them the result is only read once more
        call(vjp, (args[0], 2 * args[1]))
    return run


def _named(mistake: Mistake) -> Finding:
    return Finding(mistake.key, mistake.did, todo=mistake.ponder)


def _room(dtype) -> Callable:
    """Return what counts as rounding, of the largest entry: float32 inside float64 misses it."""
    part = 1e-4 if np.dtype(dtype) == np.float32 else 1e-11
    return lambda yours, target, args: part * largest(target) + 1e-300


def _overflows(run: Run) -> bool:
    """Say whether the numbers hold NaN, as after an exp that overflowed."""
    return run.array is not None and bool(np.isnan(run.array).any())


@cache
def _references(dtype: np.dtype, ndim: int) -> tuple[dict[str, Run], Callable]:
    return _right_and_known(_cases(dtype, ndim))


def _right_and_known(cases: dict) -> tuple[dict[str, Run], Callable]:
    """Try the right backward pass; a known mistake, in all cases or one, when it is asked for."""
    def known(key: str, name: str = ""):
        vjp = SOFTMAX_MISTAKES[key].vjp
        return _twice(vjp, cases[name]) if name else try_on(vjp, cases, _twice)
    return try_on(softmax_vjp, cases, _twice), cache(known)


def _raises(yours: dict[str, Run]) -> Finding | None:
    for name, run in yours.items():
        if run.failed:
            return Finding("raises", f"It raises {type(run.error).__name__}: {run.said} "
                           f"(in this case: {name}).",
                           todo="Call it on an x and dp like that, and read the error to its end.")
    return None


def _factor(yours: dict[str, Run], truth: dict[str, Run], cases: dict, room: Callable
            ) -> Finding | None:
    """Name a factor c if the result is c times the truth in every case."""
    found = factors(yours, truth, cases, lambda y, t, args: room(y, y, args))
    c = list(found.values())
    if not c or not c[0] or not np.allclose(c, c[0], rtol=1e-6, atol=0):
        return None
    return Finding("factor", f"Every entry is {digits(c[0])} times what it should be.",
                   todo=FACTOR)


def _formula(yours: dict[str, Run], cases: dict, names: list[str]) -> Finding | None:
    """Say which other formula this is, if it is a sum of the usual terms."""
    x, dp = zip(*(cases[name] for name in names), strict=True)
    return other_formula([softmax(row) for row in x], dp, [yours[name].array for name in names])


def _broken_law(vjp: Callable, dtype, ndim: int, axis: int) -> Finding | None:
    """Find the first law that does not hold, at the smallest input that breaks it."""
    rng = np.random.default_rng(0)
    for law, detail in (LAWS | SOFTMAX_LAWS).items():
        for shape in [(1, 2), (2, 3), (4, 3)]:
            x, dp = (np.moveaxis(_with_axes(a, ndim), -1, axis)
                     for a in rng.standard_normal((2, *shape)).round(1).astype(dtype))
            case = Case(Pair(turned(softmax, axis, -1), vjp), x, [dp], rng, 0.0, True, (), axis)
            at = f"at x = {x.tolist()}, dp = {dp.tolist()}"
            try:
                with np.errstate(all="ignore"):
                    broken = detail(case)
            except BackwardFailed as error:
                return Finding(law, f"{error} ({at}).")
            if broken:
                return Finding(law, f"A law is broken, {law!r}: {broken} ({at}).")
    return None


def _first_difference(yours: dict[str, Run], truth: dict[str, Run], cases: dict, room: Callable
                      ) -> Finding:
    name = next(name for name, args in cases.items()
                if not alike(yours, truth, {name: args}, room))
    return Finding("unknown", f"The result is wrong in this case: {name}.")
