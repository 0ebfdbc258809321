"""Name a mistake from the measured columns of J: what would dx be, had you made it?

    right    dx = dp J                  from the other side   dx = J dp
    the diagonal alone                                        dx = dp * diag(J)
    summed before it met dp                                   dx = dp * (1 J)
    dp not used                                               dx = 1 J

Each question below answers with that dx; it is spoken only if yours agrees with it for every
upstream, to the tolerance that the steps h and h / 2 give, and the right one does not. J is
(M, N), the upstreams (K, M) and dx (K, N): a row for each upstream. Of f nothing is known.
"""

from collections.abc import Callable, Iterator
from itertools import combinations

import numpy as np

from .._inputs import Array
from ..mistakes.finding import Finding
from ..mistakes.trying import call, close
from .backward_pair import BackwardFailed, Case
from .columns import Columns, jacobian
from .leaks import leaks, remembered, strangers
from .reading import other_points

__all__ = ["QUESTIONS", "digits", "name_from"]

FEW = 512    # columns that are measured elsewhere as well
MAY_VANISH = {"arguments_swapped", "zero", "dp_not_used", "jacobian_summed_first"}


def name_from(c: Columns) -> Finding | None:
    """Ask one question after the other, and speak of the first that fits, but for a factor."""
    scaled = None
    for key, (question, what, todo) in QUESTIONS.items():
        for dx, words in question(c):
            if key not in MAY_VANISH and (np.abs(dx) <= 4 * c.tol).all():
                continue    # yours may be 0 for many reasons
            if c.fits(dx):
                return Finding(key, what.format(words), todo=todo)
            share = 0.0 if scaled or c.x.size < 4 else _share(c.dx, dx, c)
            if share and c.fits(share * dx):
                times = f"Besides, it is {digits(share)} times that{_meaning(share, c)}."
                scaled = Finding(key, what.format(words), times, todo)
    return scaled


QUESTIONS: dict[str, tuple[Callable, str, str]] = {}


def _asks(what: str, todo: str):
    def register(question: Callable) -> Callable:
        QUESTIONS[question.__name__] = (question, what, todo)
        return question
    return register


Answers = Iterator[tuple[Array, str]]    # what dx would be, and words for the sentence


@_asks("Your backward pass takes its arguments the other way round: vjp(dp, x) is right.",
       "In which order are x and dp handed over?")
def arguments_swapped(c: Columns) -> Answers:
    if c.case.pair.cached(c.x):
        return
    runs = [call(c.case.pair.vjp, (dp, c.x)) for dp in c.case.upstreams]
    if all(run.array is not None and close(run.array, dx.reshape(c.x.shape), 4 * room)
           for run, dx, room in zip(runs, c.right, c.tol, strict=False)):
        yield c.dx, ""


@_asks("Your result is always 0{}.",
       "Is a gradient computed and then dropped, never filled in, or summed away?")
def zero(c: Columns) -> Answers:
    sums = (np.abs(np.ones_like(c.dp) @ c.J) <= c.tol).all()
    if not c.dx.any():
        yield c.dx, ", and the rows of J, one for each output, add up to 0" if sums else ""


@_asks("You did not use dp: for every upstream dx is {}.",
       "How does your result change when dp is doubled?")
def dp_not_used(c: Columns) -> Answers:
    ones = np.ones_like(c.dp) @ c.J
    share = _share(c.dx, ones, c)
    if share:
        times = f"{digits(share)} times " if share != 1 else ""
        yield share * ones, f"{times}1 J{_meaning(share, c) if times else ''}"
    if not np.ptp(c.dx, axis=0).any():
        yield c.dx, "the same"


@_asks("Every entry is {}.", "Which constant did you forget, or use twice?")
def factor(c: Columns) -> Answers:
    share = _share(c.dx, c.right, c)
    if c.x.size > 1 or _meaning(share, c) or abs(share) in (0.5, 2):
        yield share * c.right, f"{digits(share)} times what it should be{_meaning(share, c)}"


def _share(dx: Array, right: Array, c: Columns) -> float:
    """Fit dx = share times right; 0 where right is noise, which any dx is a multiple of.

    What cannot be told from a number that means something is taken for it.
    """
    size = np.abs(right).max()
    if not (np.abs(right) > 100 * c.tol).any():
        return 0.0
    share = float(np.vdot(right, dx) / np.vdot(right, right))
    known = [1.0, 2.0, 0.5, *(n for n, _ in _sizes(c)), *(1 / n for n, _ in _sizes(c))]
    near = min((sign * n for n in known for sign in (1, -1)), key=lambda n: abs(n - share))
    share = near if abs(near - share) * size <= 4 * c.tol.max() else share
    return share if abs(share) * size > 4 * c.tol.max() else 0.0


def digits(share: float) -> str:
    """Write a factor with six digits, or with so many that it is neither 1 nor -1."""
    return f"{share:.6g}" if abs(float(f"{share:.6g}")) != 1 else f"{share:.12g}"


def _meaning(share: float, c: Columns) -> str:
    """Say which size of x or y a factor is, or one over."""
    if share == -1:
        return ": the sign is turned round"
    for number, words in _sizes(c):
        if share == number:
            return f": as many as there are {words}"
        if share == 1 / number:
            return f": 1/{number}, and {number} is the number of {words}"
    return ""


def _sizes(c: Columns) -> Iterator[tuple[int, str]]:
    """Yield each size: of the axes of x, of those of y, of both in all."""
    of_x, of_y = (list(zip(a.shape, _axes(a.ndim), strict=True)) for a in (c.x, c.y))
    rows = c.x[..., :1].size if c.x.ndim else 1
    in_all = [(rows, "rows in all"), (c.x.size, "entries of x"), (c.y.size, "outputs")]
    for number, words in [*of_x, *of_y, *in_all]:
        same = [name for n, name in of_x if n == number] or [words]
        yield number, " and of ".join(same)


def _axes(ndim: int) -> list[str]:
    """Name the axes of an array, for more than one of each."""
    return {0: [], 1: ["entries"], 2: ["rows", "columns"]}.get(
        ndim, [*(f"indices of axis {k}" for k in range(ndim - 1)), "columns"])


@_asks("Your dx is cut to {}.", "Which array in your backward pass is narrower than x?")
def cut_short(c: Columns) -> Answers:
    for dtype, words in [("i8", "whole numbers"), ("f2", "float16"), ("f4", "float32")]:
        with np.errstate(all="ignore"):
            cut = c.dx.astype(dtype)
        room = 1 if dtype == "i8" else 16 * np.finfo(dtype).eps * np.abs(c.right).max()
        if (cut == c.dx).all() and (np.abs(c.right - c.dx) <= room).all():
            yield c.dx, words


@_asks("Your dx is what it should be, {}.", "In how many ways does x reach f(x)?")
def path_missing(c: Columns) -> Answers:
    if c.square:
        yield c.right - c.dp, "less dp: the path on which f hands x on as it is, say"
        yield c.right + c.dp, "and dp once more, as if f handed on x itself besides"


@_asks("You returned dp as it came.", "What would f have to be to do nothing on the way back?")
def pass_through(c: Columns) -> Answers:
    if _row_by_row(c):
        yield _over_x(c, c.dp), ""


@_asks("You multiplied dp with {}.", "Where is the derivative of f in this?")
def values_times_upstream(c: Columns) -> Answers:
    if _row_by_row(c):
        yield _over_x(c, c.dp * c.y.ravel()), "the values of f: y dp"
        yield _over_x(c, c.dp) * c.x.ravel(), "x itself: x dp"


def _row_by_row(c: Columns) -> bool:
    """Say whether y has a number for each entry of x, for each row, or one for all."""
    return c.y.shape in (c.x.shape, c.x.shape[:-1], (*c.x.shape[:-1], 1), ())


def _over_x(c: Columns, a: Array) -> Array:
    """Give each entry of x what belongs to its output, (K, M) to (K, N)."""
    rows = c.y.shape if len(c.y.shape) == c.x.ndim else (*c.y.shape, 1)
    a = a.reshape(-1, *(rows if c.y.ndim else (1,) * c.x.ndim))
    return _flat(np.broadcast_to(a, (len(a), *c.x.shape)))


@_asks("You multiplied from the other side: J dp, the forward product, in place of dp J.",
       "Which index of J does the loss sum over: that of the outputs, or of the inputs?")
def transposed_product(c: Columns) -> Answers:
    if c.square:
        yield c.dp @ c.J.T, ""


@_asks("You kept only the diagonal of J: each entry of dx sees dp at its own place alone.",
       "When one entry of x changes, which outputs change besides its own?")
def diagonal_only(c: Columns) -> Answers:
    if c.square:
        yield c.dp * np.diag(c.J), ""


@_asks("You summed J over its {} before it met dp.",
       "Which comes first: the product with dp, or the sum?")
def jacobian_summed_first(c: Columns) -> Answers:
    if c.square:
        yield c.dp * c.J.sum(axis=0), "outputs"
        yield c.dp * c.J.sum(axis=1), "inputs"


@_asks("Every output got the same upstream along axis {}.",
       "Which entry of dp belongs to which entry of y?")
def upstream_shared(c: Columns) -> Answers:
    dp = c.dp.reshape(-1, *c.y.shape)                                   # (K, ...)
    for axis in range(c.y.ndim):
        for of, shared in _one_for_all(dp, axis + 1):
            yield shared @ c.J, f"{axis} of dp: {of}"
    total = c.dp.sum(axis=1, keepdims=True) * c.J.sum(axis=0)              # (K, N)
    yield total, f"0, and along all others: the sum of {c.y.size} entries"
    yield total / c.y.size, "0, and along all others: the mean of all"


def _one_for_all(a: Array, axis: int) -> Iterator[tuple[str, Array]]:
    """Yield a, flat, with its first, its last, its sum and its mean all along an axis."""
    n = a.shape[axis]
    for of, shared in [("that of the first", a.take([0], axis)),
                       ("that of the last", a.take([n - 1], axis)),
                       (f"the sum of {n}", a.sum(axis=axis, keepdims=True)),
                       (f"the mean of {n}", a.mean(axis=axis, keepdims=True))]:
        yield of, _flat(np.broadcast_to(shared, a.shape))


def _flat(a: Array) -> Array:
    return a.reshape(len(a), -1)


@_asks("Every entry of dx along axis {}.", "Which entry of x does each entry of dx belong to?")
def gradient_shared(c: Columns) -> Answers:
    dx = c.right.reshape(-1, *c.x.shape)
    for axis in range(c.x.ndim):
        for of, shared in _one_for_all(dx, axis + 1):
            yield shared, f"{axis} is the same: {of}"


@_asks("You took f along another axis: axes {} are exchanged.",
       "Which axis does f sum over, and which one does backward?")
def wrong_axis(c: Columns) -> Answers:
    for axes in combinations(range(c.x.ndim), 2) if c.square else ():
        x, y = np.swapaxes(c.x, *axes), np.swapaxes(c.y, *axes)
        dp = np.array([np.swapaxes(d.reshape(c.y.shape), *axes) for d in c.dp])
        J = _elsewhere(c, x, y)
        if J is not None:
            dx = (_flat(dp) @ J).reshape(-1, *x.shape)
            yield _flat(np.array([np.swapaxes(d, *axes) for d in dx])), "{} and {}".format(*axes)


@_asks("You took J at {}.", "Does backward get x or f(x), and what does it do with it first?")
def elsewhere(c: Columns) -> Answers:
    points = [("y in place of x", c.y)] if c.square else []
    points += [("the x of an earlier call of f", x) for x in other_points(c.x)]
    for axis in range(c.x.ndim - 1):
        for words, by in [("before", 1), ("after", -1)]:
            at = f"what stands one {words} along axis {axis} of x: a cache of another row"
            points.append((at, np.roll(c.x, by, axis=axis)))
    for words, x in points:
        J = _elsewhere(c, x, c.y)
        if J is not None:
            yield c.dp @ J, words


def _elsewhere(c: Columns, x: Array, y: Array) -> Array | None:
    """Measure J at another x, where f may not be defined; not where x is large."""
    if c.x.size > FEW:
        return None
    try:
        with np.errstate(all="ignore"):
            return jacobian(c.case, x.astype(c.x.dtype), y, c.case.h / 2)
    except ValueError:
        return None


@_asks("Your dx is the same at another x, where J is another.",
       "Which x does backward see, and which call of forward kept it?")
def x_not_used(c: Columns) -> Answers:
    if c.case.pair.way == "vjp(x, dp)":    # then a factor is missing that depends on x
        return
    for x in other_points(c.x):
        J = _elsewhere(c, x, c.y)
        if J is not None and (np.abs(c.dp[0] @ (J - c.J)) > 4 * c.tol[0]).any():
            if np.array_equal(_at(c, x), c.dx[0]):
                yield c.dx, ""
            return


def _at(c: Columns, x: Array) -> Array | None:
    try:
        return c.case.pair.dx(x, c.case.upstreams[0]).ravel()
    except BackwardFailed:
        return None


@_asks("Your dx is another one for the same x and dp once f has met another x: it lives on an "
       "earlier call.", "What does backward keep, and which call of forward made it?")
def remembers(c: Columns) -> Answers:
    if remembered(c):
        yield c.dx, ""


@_asks("In f the {} are strangers to one another; in your dx they leak.",
       "Which sum, or which index, reaches across?")
def leak(c: Columns) -> Answers:
    for axis in range(min(c.x.ndim, c.y.ndim)):
        if strangers(c, axis) and leaks(c, axis):
            yield c.dx, _axes(c.x.ndim)[axis]
