"""Questions to the numbers: what would dx be, had you made this mistake?

    right    dx = dp J                  from the other side   dx = J dp
    the diagonal alone                                        dx = dp * diag(J)
    summed before it met dp                                   dx = dp * (1 J)
    dp not used                                               dx = 1 J

J is (M, N), the upstreams are (K, M) and dx (K, N): a row for each upstream.
"""

from collections.abc import Iterator

import numpy as np

from .._inputs import Array
from ..mistakes.trying import call, close
from .columns import Columns
from .questions import Answers, asks, flat
from .shares import digits, fitted, meaning

__all__ = ["arguments_swapped", "complement", "cut_short", "diagonal_only", "dp_not_used",
           "factor", "gradient_shared", "jacobian_summed_first", "pass_through", "path_missing",
           "transposed_product", "upstream_shared", "values_times_upstream", "zero"]


@asks("Your backward pass takes its arguments the other way round: {} is right.",
      "In which order are the two handed over?")
def arguments_swapped(c: Columns) -> Answers:
    if c.case.pair.cached(c.x) or (np.abs(c.right) <= 4 * c.tol).all():
        return    # next to 0 is much
    runs = [call(c.case.pair.vjp, (dp, c.x)) for dp in c.case.upstreams]
    if all(run.array is not None and close(run.array, dx.reshape(c.x.shape), 4 * room)
           for run, dx, room in zip(runs, c.right, c.tol, strict=False)):
        yield c.dx, "vjp(dp, x)"


@asks("Your result is always 0{}.",
      "Is a gradient computed and then dropped, never filled in, or summed away?")
def zero(c: Columns) -> Answers:
    sums = (np.abs(np.ones_like(c.dp) @ c.J) <= c.tol).all()
    cancels = sums or (np.abs(c.J.sum(axis=1)) <= c.tol.max()).all()    # but for the rounding
    share = cancels * max(1e-10, 64 * np.finfo(c.x.dtype).eps)
    if (np.abs(c.dx) <= share * (np.abs(c.dp) @ np.abs(c.J)).max()).all():
        yield c.dx, ((", but for rounding" if c.dx.any() else "")
                     + (", and the rows of J, one for each output, add up to 0" if sums else ""))


@asks("You did not use dp: for every upstream dx is {}.",
      "How does your result change when dp is doubled?")
def dp_not_used(c: Columns) -> Answers:
    dp = c.case.upstreams[0]
    if not np.array_equal(c.case.dx(2 * dp), c.case.dx(dp)):
        return
    ones = np.ones_like(c.dp) @ c.J
    share = fitted(c.dx, ones, c)
    if share:
        times = f"{digits(share)} times " if share != 1 else ""
        yield share * ones, f"{times}1 J{meaning(share, c) if times else ''}"
    if not np.ptp(c.dx, axis=0).any():
        yield c.dx, "the same"


@asks("Every entry is {}.", "Which constant did you forget, or use twice?")
def factor(c: Columns) -> Answers:
    share = fitted(c.dx, c.right, c)
    if c.x.size > 1 or meaning(share, c) or abs(share) in (0.5, 2):
        yield share * c.right, f"{digits(share)} times what it should be{meaning(share, c)}"


@asks("Your dx is cut to {}.", "Which array in your backward pass is narrower than x?")
def cut_short(c: Columns) -> Answers:
    for cut in (np.trunc, np.floor, np.rint) if (c.dx == np.rint(c.dx)).all() else ():
        if ((cut(c.right - c.tol) <= c.dx) & (c.dx <= cut(c.right + c.tol))).all():
            yield c.dx, "whole numbers"    # each entry in the same way
    for dtype, words in [("f2", "float16"), ("f4", "float32")]:
        with np.errstate(all="ignore"):
            cut = c.dx.astype(dtype)
        room = 16 * np.finfo(dtype).eps * np.abs(c.right).max()
        if (cut == c.dx).all() and (np.abs(c.right - c.dx) <= room).all():
            yield c.dx, words


@asks("Your dx is what it should be, {}.", "In how many ways does x reach f(x)?")
def path_missing(c: Columns) -> Answers:
    if c.square:
        yield c.right - c.dp, "less dp: the path on which f hands x on as it is, say"
        yield c.right + c.dp, "and dp once more, as if f handed on x itself besides"


@asks("Your dx is dp less what it should be, as where s stands in place of 1 - s.",
      "Which of the two is the slope?")
def complement(c: Columns) -> Answers:
    if c.square and (np.abs(c.dp) > 4 * c.tol).any():
        yield c.dp - c.right, ""


@asks("You returned dp as it came.", "What would f have to be to do nothing on the way back?")
def pass_through(c: Columns) -> Answers:
    if _row_by_row(c):
        yield _over_x(c, c.dp), ""


@asks("You multiplied dp with {}.", "Where is the derivative of f in this?")
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
    return flat(np.broadcast_to(a, (len(a), *c.x.shape)))


@asks("You multiplied from the other side: J dp, the forward product, in place of dp J.",
      "Which index of J does the loss sum over: that of the outputs, or of the inputs?")
def transposed_product(c: Columns) -> Answers:
    if c.square:
        yield c.dp @ c.J.T, ""


@asks("You kept only the diagonal of J: each entry of dx sees dp at its own place alone.",
      "When one entry of x changes, which outputs change besides its own?")
def diagonal_only(c: Columns) -> Answers:
    if c.square:
        yield c.dp * np.diag(c.J), ""


@asks("You summed J over its {} before it met dp.",
      "Which comes first: the product with dp, or the sum?")
def jacobian_summed_first(c: Columns) -> Answers:
    if c.square:
        yield c.dp * c.J.sum(axis=0), "outputs"
        yield c.dp * c.J.sum(axis=1), "inputs"


@asks("Every output got the same upstream along axis {}.",
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
        yield of, flat(np.broadcast_to(shared, a.shape))


@asks("Every entry of dx along axis {}.", "Which entry of x does each entry of dx belong to?")
def gradient_shared(c: Columns) -> Answers:
    dx = c.right.reshape(-1, *c.x.shape)
    for axis in range(c.x.ndim):
        for of, shared in _one_for_all(dx, axis + 1):
            yield shared, f"{axis} is the same: {of}"
