"""In which form are f and its backward pass written? Asked of them before anything is checked.

What can be read in two ways is tried in both, beside a measured slope; and whether a backward
pass lives on the last forward shows when f has been called elsewhere in between.
"""

import numpy as np

from .._inputs import Array, as_array
from .._refusals import refusal
from .backward_pair import BackwardFailed, Pair
from .calling import ALONE
from .differences import default_step, evaluate

__all__ = ["call_elsewhere", "other_points", "read", "same_value", "without_mask"]

LIVES = "f(x) is called before each backward: it depends on f's last x"
MUCH = 8    # times nearer
SECOND = {
    "vjp(dp, cache)": "what f returns was read as (y, cache): vjp is called as vjp(dp, cache)",
    "vjp(x, dp)": "what f returns was read as (y, its gradient): vjp is called as vjp(x, dp)",
    "vjp(dp)": "vjp was read as a backward pass of one array: it is called as vjp(dp)",
    "vjp(x)": "vjp was read as the gradient of a single number: it is called as vjp(x)",
}


def read(pair: Pair, x: Array) -> tuple[Array, tuple[str, ...]]:
    """Evaluate f at x, settle in which form the pair is, and return f(x) and what to say of it.

    Raises
    ------
    ValueError
        As `evaluate`; if f gives two values for x; if it returned things that are no array, or no
        loss where it stands alone; if it has no numbers for a row that is -inf throughout.
    """
    call_elsewhere(pair, x)    # what keeps only the first x it meets must not keep this one
    y = _first_value(pair, x)
    notes = (*_form(pair, x, y), *_keeping(pair, x, y))
    if pair.masked is not None:
        notes += (f"x is -inf in {pair.masked.sum()} of {x.size} places: dx must be 0 there",)
        if pair.left_out is not None and pair.left_out.any():
            notes += (f"f is -inf in {pair.left_out.sum()} of them: its dp is taken as 0",)
    return y, notes


def same_value(pair: Pair, x: Array, y: Array) -> None:
    """Refuse an f that gives another value for the same x."""
    if not np.array_equal(y, evaluate(pair.value, x)):
        raise refusal(ValueError, "f must give one value for one x, but gave two; "
                      "seed its random numbers, and keep no state")


def without_mask(x: Array) -> tuple[Array, Array | None]:
    """Put 0 where x is -inf, and say where that was; None if nowhere."""
    x = as_array("x", x)
    if x.dtype.kind != "f" or not (masked := np.isneginf(x)).any():
        return x, None
    if masked.all():
        raise refusal(ValueError, "x must hold a finite number to nudge, but got -inf throughout; "
                      "keep at least one entry")
    return np.where(masked, x.dtype.type(0), x), masked


def _first_value(pair: Pair, x: Array) -> Array:
    try:
        y = evaluate(pair.value, x)
    except ValueError as error:
        _complain(pair, error)
        raise
    if isinstance(whole := pair.returned, tuple) and len(whole) == 1:
        raise refusal(ValueError, "f must return y, or (y, cache), but got a tuple of 1; "
                      "look for a comma at the end of its return")
    if pair.vjp is None and (pair.second is None or y.size != 1):
        what = "no gradient" if pair.second is None else f"{y.shape} in place of a loss"
        raise refusal(ValueError, f"f must return (loss, gradient) where vjp is left out, but got "
                      f"{what}; return one number and its gradient, or give vjp")
    return y


def _complain(pair: Pair, error: ValueError) -> None:
    """Say what else it was: several things that make no array, or a row without an entry."""
    got = pair.returned
    if error.__cause__ is not None and isinstance(got, tuple | list):    # not f raised, NumPy did
        pairs, todo = (("(loss, gradient)", "leave out the rest, as f(x)[:2] does")
                       if pair.vjp is None else
                       ("y, or (y, cache)", "put all that vjp needs into one cache"))
        if isinstance(got, list) and len(got) == 2:
            todo = "return a tuple, without the square brackets"
        raise refusal(ValueError, f"f must return {pairs}, but got a {type(got).__name__} of "
                      f"{len(got)}; {todo}") from None
    rows = [] if pair.masked is None else np.argwhere(pair.masked.all(axis=-1)).tolist()
    if rows:
        raise refusal(ValueError, "x must keep a finite entry in each row, but got -inf throughout"
                      f" in row {', '.join(map(str, rows[0]))}; keep at least one") from None


def other_points(x: Array) -> list[Array]:
    """Return where else f is called: beyond 0, else nearer to 0, else near by."""
    ramp = np.linspace(0.1, 0.7, x.size).reshape(x.shape)
    return [point.astype(x.dtype) for point in (-x - ramp, 0.875 * x, x + ramp / 16)]


def call_elsewhere(pair: Pair, x: Array) -> bool:
    """Call f at the first other point that it takes; say whether there is one."""
    for point in other_points(x):
        try:
            with np.errstate(all="ignore"):
                pair.value(point)
            return True
        except Exception:    # f need not be defined there
            continue
    return False


def _form(pair: Pair, x: Array, y: Array) -> tuple[str, ...]:
    """Settle how vjp is called; where there are two ways, say which."""
    if pair.vjp is None:
        return ("f returns its loss and the gradient: that gradient was checked",)
    usual, ways = pair.way, _ways(pair, x, y)
    if len(ways) > 1:
        pair.way = _fitting(pair, x, y, ways)
    told = pair.way != usual or (y.size == 1 and {"vjp(dp, cache)", "vjp(x, dp)"} <= {*ways})
    return (SECOND[pair.way],) if told else ()


def _ways(pair: Pair, x: Array, y: Array) -> list[str]:
    """List in which ways vjp could be called, the usual one first."""
    ways, second = [pair.way], pair.second
    if 2 in pair.places and isinstance(second, np.ndarray) and second.shape == x.shape:
        ways.append("vjp(x, dp)")    # then the second may be the gradient
    if 1 in pair.places:
        ways += ["vjp(dp)"] + ["vjp(x)"] * (y.size == 1)
    return list(dict.fromkeys(ways))


def _fitting(pair: Pair, x: Array, y: Array, ways: list[str]) -> str:
    """Return the first way that fits the measured slope in a random direction, for three dp.

    If none does, vjp is wrong whichever was meant, or the slope is: the usual way is, unless f
    returns one number and its gradient, as the slope shows, or another way is much nearer; then
    the nearest is. What takes one array is a layer's if it knows the x that f met last; if it does
    not, and is not linear, it is a gradient of x.
    """
    rng = np.random.default_rng(1)
    upstreams = rng.standard_normal((3, *y.shape)).astype(y.dtype)
    t = np.asarray(rng.standard_normal(x.shape))
    try:
        t, change = _change(pair, x, t)
    except ValueError:    # f is not defined near x
        change = None
    tried = {way: [_tried(pair, way, x, dp) for dp in upstreams] for way in [*ways, ALONE]}
    first, doubled = tried[ways[0]][0], _tried(pair, ways[0], x, 2 * upstreams[0])
    linear = first is not None and doubled is not None and np.allclose(doubled, 2 * first)
    other, one = y.size == 1 and not linear, ways[0] == "vjp(dp)"    # a backward pass is linear
    hears = one and _hears(pair, x, upstreams[0])
    if other and one and not hears:
        return "vjp(x)"
    if change is None:
        fits = [way for way in ways if np.shape(tried[way][0]) == x.shape]
        return "vjp(x)" if other and "vjp(x)" in fits else [*fits, ways[0]][0]
    off = {way: sum(_off(dx, t, np.sum(dp * change))
                    for dx, dp in zip(answers, upstreams, strict=True))
           for way, answers in tried.items()}
    beside = y.size == 1 and not off.pop(ALONE, np.inf)    # its gradient came with it
    nearest = min(off, key=off.get)
    nearer = not hears and off[nearest] < off[ways[0]] / (1 if other else MUCH)
    return nearest if beside or nearer or not off[nearest] else ways[0]


@np.errstate(all="ignore")
def _hears(pair: Pair, x: Array, dp: Array) -> bool:
    """Say whether vjp(dp) knows which x f met last; which is x afterwards."""
    *there, here = (_tried(pair, "vjp(dp)", point, dp) for point in (*other_points(x), x))
    return any(not np.array_equal(here, dx, equal_nan=True) for dx in there if dx is not None)


def _change(pair: Pair, x: Array, t: Array) -> tuple[Array, Array]:
    """Return a small step along t, as rounding leaves it, and what it changes in f(x)."""
    h = default_step("central", x.dtype) * max(1.0, float(np.abs(x).max()) / 64)
    while True:
        ahead, behind = x + (h * t).astype(x.dtype), x - (h * t).astype(x.dtype)
        try:
            with np.errstate(all="ignore"):
                change = evaluate(pair.value, ahead) - evaluate(pair.value, behind)
            return (ahead - behind) / h, change / h
        except ValueError:    # f may be defined no farther
            h /= 64
            if h < 64 * np.finfo(x.dtype).eps:
                raise


def _tried(pair: Pair, way: str, x: Array, dp: Array):
    """Call vjp at x in that way; None if that gives no array of numbers, or raises."""
    pair.way = way
    try:
        pair.value(x.copy())
        dx = pair.back(pair.put(x.copy()), dp.copy())
    except Exception:
        return None
    return dx if isinstance(dx, np.ndarray | np.generic) and dx.dtype.kind in "iuf" else None


def _off(dx, t: Array, slope: float) -> float:
    """Return how far <dx, t> is from the measured slope, and 0 if that may be rounding."""
    if dx is None or dx.shape != t.shape:
        return np.inf
    error = float(abs(np.sum(dx * t) - slope))
    near = 1e-2 if dx.dtype.itemsize < 8 else 1e-4
    if error <= near * (np.sum(np.abs(dx * t)) + abs(slope)):
        return 0.0
    return error if error < np.inf else np.inf    # NaN is as far as can be


def _keeping(pair: Pair, x: Array, y: Array) -> tuple[str, ...]:
    """Find out whether the backward pass lives on the last forward, and evaluate f at x once more.

    It does if it answers at x after f(x) always alike, and otherwise after f of something else.
    Where f takes nothing else, or vjp takes dp alone and -x may have looked like x, nothing is
    known, and f is called before, to be on the safe side.
    """
    dp = np.random.default_rng(1).standard_normal(y.shape).astype(y.dtype)
    here = _answer(pair, x, dp)
    moved = call_elsewhere(pair, x)
    there = _answer(pair, x, dp)
    same_value(pair, x, y)
    if pair.cached(x):
        return ()
    lives = here is not None and here == _answer(pair, x, dp) != there
    pair.keeps = lives or not moved or pair.way in ("vjp(dp)", "vjp()")
    return (LIVES,) if lives else ()


def _answer(pair: Pair, x: Array, dp: Array) -> bytes | None:
    """Return the gradient at x as it comes now, without f(x) before; None if there is none."""
    if pair.cached(x):
        return None
    try:
        return pair.dx(x, dp).tobytes()
    except BackwardFailed:
        return None
