"""Count what gradcheck says about wrong backward passes of many functions, and print the table.

    python benchmarks/names.py [--all]

Each family is an f with its right backward pass; the mistakes are made from the two, and a few
that leave out a term of its own have no name. A finding is named, if it has the key that the
mistake should get or one that says the same; located, if it says where the gradient is wrong;
bare, if it says that every entry is; wrong, if it has the name of another mistake. Where a
mistake always gives 0, that is its name. With --all every sentence is printed.
"""

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from smlearn import log_softmax, log_softmax_vjp, softmax, softmax_vjp
from smlearn.checking import gradcheck
from smlearn.checking.differences import numerical_jacobian

RNG = np.random.default_rng(0)
Y = np.eye(3)[[0, 2, 1, 2]]
W, V, K = RNG.standard_normal((5, 3)), RNG.standard_normal((2, 5)), RNG.standard_normal((5, 3))
VALUES, FILTER, A = RNG.standard_normal((5, 2)), np.array([1.0, -2.0, 0.5]), W[:3] / 2


class Family(NamedTuple):
    """A function, its right backward pass, and where both are asked."""

    f: Callable
    vjp: Callable
    x: np.ndarray


def along(f, axis):
    def turned(*arrays):
        return np.moveaxis(f(*(np.moveaxis(a, axis, -1) for a in arrays)), -1, axis)

    return turned


columns_softmax = along(softmax, 0)


def sparsemax(x):
    z = -np.sort(-x, axis=-1)
    k = np.arange(1, x.shape[-1] + 1)
    held = (1 + k * z > z.cumsum(axis=-1)).sum(axis=-1, keepdims=True)
    tau = (np.take_along_axis(z.cumsum(axis=-1), held - 1, axis=-1) - 1) / held
    return np.maximum(x - tau, 0)


def sparsemax_vjp(x, dp):
    held = sparsemax(x) > 0
    return held * (dp - (held * dp).sum(-1, keepdims=True) / held.sum(-1, keepdims=True))


def layer_norm(x):
    z = x - x.mean(-1, keepdims=True)
    return z / np.sqrt((z**2).mean(-1, keepdims=True) + 1e-5)


def layer_norm_vjp(x, dp):
    y, sd = layer_norm(x), np.sqrt(x.var(-1, keepdims=True) + 1e-5)
    return (dp - dp.mean(-1, keepdims=True) - y * (dp * y).mean(-1, keepdims=True)) / sd


def attention(q):
    return softmax(q @ K.T) @ VALUES


def attention_vjp(q, dp):
    return softmax_vjp(q @ K.T, dp @ VALUES.T) @ K


def self_attention(x):
    return softmax(x @ x.T) @ x


def self_attention_vjp(x, dp):
    p = softmax(x @ x.T)
    ds = softmax_vjp(x @ x.T, dp @ x.T)
    return p.T @ dp + (ds + ds.T) @ x


def net(x):
    return np.tanh(x @ W.T) @ V.T


def net_vjp(x, dp):
    return (dp @ V * (1 - np.tanh(x @ W.T) ** 2)) @ W


def convolution(x):
    return np.array([np.convolve(row, FILTER, "same") for row in x])


def convolution_vjp(x, dp):
    return np.array([np.convolve(row, FILTER[::-1], "same") for row in dp])


def square_map(x):
    return softmax(x @ A.T)


def logsumexp(x):
    top = x.max(-1, keepdims=True)
    return (top + np.log(np.exp(x - top).sum(-1, keepdims=True)))[..., 0]


FAMILIES = {
    "softmax": Family(softmax, softmax_vjp, RNG.standard_normal((4, 3))),
    "softmax, axis 0": Family(columns_softmax, along(softmax_vjp, 0),
                              RNG.standard_normal((4, 3))),
    "softmax, rank 3": Family(softmax, softmax_vjp, RNG.standard_normal((2, 3, 4))),
    "axis 1 of rank 3": Family(along(softmax, 1), along(softmax_vjp, 1),
                               np.random.default_rng(1).standard_normal((2, 3, 4))),
    "softmax, rank 4": Family(softmax, softmax_vjp, RNG.standard_normal((2, 2, 3, 4))),
    "axis 1 of rank 4": Family(along(softmax, 1), along(softmax_vjp, 1),
                               np.random.default_rng(1).standard_normal((2, 3, 2, 4))),
    "log-softmax": Family(log_softmax, log_softmax_vjp, RNG.standard_normal((4, 3))),
    "cross-entropy of p": Family(lambda p: -(Y * np.log(p)).sum(-1),
                                 lambda p, d: -d[:, None] * Y / p,
                                 RNG.dirichlet(np.ones(3), 4)),
    "cross-entropy, fused": Family(lambda x: -(Y * log_softmax(x)).sum(-1),
                                   lambda x, d: d[:, None] * (softmax(x) - Y),
                                   RNG.standard_normal((4, 3))),
    "its mean": Family(lambda x: -(Y * log_softmax(x)).sum(-1).mean(),
                       lambda x, d: d * (softmax(x) - Y) / 4, RNG.standard_normal((4, 3))),
    "sparsemax": Family(sparsemax, sparsemax_vjp, RNG.standard_normal((4, 5)) / 2),
    "layer norm": Family(layer_norm, layer_norm_vjp, RNG.standard_normal((4, 5))),
    "attention in q": Family(attention, attention_vjp, RNG.standard_normal((4, 3))),
    "self-attention": Family(self_attention, self_attention_vjp, RNG.standard_normal((4, 3))),
    "two-layer net": Family(net, net_vjp, RNG.standard_normal((4, 3))),
    "softmax of a map": Family(square_map, lambda x, dp: softmax_vjp(x @ A.T, dp) @ A,
                               RNG.standard_normal((4, 3))),
    "convolution": Family(convolution, convolution_vjp, RNG.standard_normal((2, 6))),
    "logsumexp": Family(logsumexp, lambda x, d: d[..., None] * softmax(x),
                        RNG.standard_normal((4, 3))),
}  # fmt: skip


TERMS = {
    "sparsemax": {"no sum": lambda x, dp: (sparsemax(x) > 0) * dp},
    "layer norm": {
        "no mean": lambda x, dp: (
            layer_norm_vjp(x, dp)
            + dp.mean(-1, keepdims=True) / np.sqrt(x.var(-1, keepdims=True) + 1e-5)
        ),
        "no deviation": lambda x, dp: (
            (dp - dp.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + 1e-5)
        ),
    },
    "attention in q": {"no sum": lambda q, dp: (softmax(q @ K.T) * (dp @ VALUES.T)) @ K},
    "self-attention": {
        "no values": lambda x, dp: self_attention_vjp(x, dp) - softmax(x @ x.T).T @ dp,
        "values alone": lambda x, dp: softmax(x @ x.T).T @ dp,
    },
    "two-layer net": {"no tanh": lambda x, dp: (dp @ V) @ W},
    "logsumexp": {"no sum": lambda x, d: d[..., None] * np.exp(x)},
}


def mistakes(family: Family) -> Iterator[tuple[str, set[str], Callable]]:
    """Yield each mistake that exists for f: its name, the keys that say it, and the code."""
    f, vjp, x = family
    y = f(x)
    yield from everywhere(f, vjp, x, np.asarray(y))
    if y.ndim:
        yield from of_rows(f, vjp, x, y)
    if y.shape == x.shape:
        yield from of_one_shape(f, vjp, x, y)
    for name, mask in places(x).items():
        yield name, {"place"}, lambda x, dp, m=mask: np.where(m, 0, vjp(x, dp))
        yield f"{name}, doubled", {"place"}, lambda x, dp, m=mask: np.where(m, 2, 1) * vjp(x, dp)


def everywhere(f, vjp, x, y) -> Iterator[tuple[str, set[str], Callable]]:
    """Yield those that need no shape."""
    factor = {"factor", "factor_two", "sign_flipped", "divided_by_batch", "divided_by_classes"}
    for c in (2, -1, 0.5, 1 / len(x), 1 / x.shape[-1], x.shape[-1], 7.3):
        yield f"times {c:.4g}", factor, lambda x, dp, c=c: c * vjp(x, dp)
    yield "zero", {"zero"}, lambda x, dp: 0 * x
    yield "dp not used", {"dp_not_used"}, lambda x, dp: vjp(x, np.ones_like(dp))
    yield "dx = 1 J, over rows", {"dp_not_used"}, lambda x, dp: vjp(x, np.ones_like(dp)) / len(x)
    shared = {"gradient_shared", "upstream_shared"}  # where J is the same in every row: both
    yield "mean of dx", shared, lambda x, dp: 0 * x + vjp(x, dp).mean(0)
    yield "sum of dx", shared, lambda x, dp: 0 * x + vjp(x, dp).sum(0)


def of_rows(f, vjp, x, y) -> Iterator[tuple[str, set[str], Callable]]:
    """Yield those of a batch: what one row does for all."""
    shared = {"upstream_shared"}
    yield "first row's dp", shared, lambda x, dp: vjp(x, dp[:1] + 0 * dp)
    yield "last row's dp", shared, lambda x, dp: vjp(x, dp[-1:] + 0 * dp)
    yield "mean of dp", shared, lambda x, dp: vjp(x, dp.mean(0, keepdims=True) + 0 * dp)
    yield "sum of dp", shared, lambda x, dp: vjp(x, dp.sum(0, keepdims=True) + 0 * dp)
    if f not in (self_attention, columns_softmax):

        def leak(x, dp, by=1):
            dx = vjp(x, dp)
            dx[1:] += 0.1 * dx[:-1].copy()
            return dx

        leaks = {"leak", "rows are strangers"}
        yield "a leak down", leaks, leak
        yield "a leak up", leaks, lambda x, dp: leak(x[::-1], dp[::-1])[::-1].copy()
        yield (
            "another row's J",
            {"elsewhere", "cache_of_another_row"},
            lambda x, dp: vjp(np.roll(x, 1, axis=0), dp),
        )


def of_one_shape(f, vjp, x, y) -> Iterator[tuple[str, set[str], Callable]]:
    """Yield those that need dp and dx in one shape."""
    n = x.size

    def J(x):
        return numerical_jacobian(f, x).reshape(n, n)

    yield "J dp", {"transposed_product"}, lambda x, dp: (J(x) @ dp.ravel()).reshape(x.shape)
    diagonal, first = {"diagonal_only", "formula"}, {"jacobian_summed_first"}
    yield "diagonal", diagonal, lambda x, dp: dp * np.diag(J(x)).reshape(x.shape)
    yield "J^T 1 times dp", first, lambda x, dp: dp * J(x).sum(0).reshape(x.shape)
    yield "J 1 times dp", first, lambda x, dp: dp * J(x).sum(1).reshape(x.shape)
    yield (
        "sums times sum",
        {"upstream_shared", *first},
        lambda x, dp: vjp(x, dp.sum(axis=-1, keepdims=True) + 0 * dp),
    )
    yield "dx = dp", {"pass_through"}, lambda x, dp: dp.copy()
    yield "y dp", {"values_times_upstream", "sum_term_missing"}, lambda x, dp: f(x) * dp
    yield "x dp", {"values_times_upstream"}, lambda x, dp: x * dp
    yield "(dp, x)", {"arguments_swapped"}, lambda dp, x: vjp(x, dp)
    yield "J at y", {"elsewhere", "softmax_twice"}, lambda x, dp: vjp(f(x), dp)
    if x.ndim == 2 and f not in (square_map, convolution):
        yield "other axis", {"wrong_axis", "leak"}, lambda x, dp: swapped_axes(f, vjp, x, dp)


def swapped_axes(f, vjp, x, dp):
    J = numerical_jacobian(f, np.ascontiguousarray(x.T))
    return np.einsum("ij,ijkl->kl", dp.T, J).T


def places(x) -> dict[str, np.ndarray]:
    """Return where a gradient may be forgotten."""
    row, column = np.indices(x.shape)[0], np.indices(x.shape)[-1]
    return {
        "row 1": row == 1,
        "first column": column == 0,
        "last class": column == x.shape[-1] - 1,
        "x < 0": x < 0,
        "largest": x == x.max(-1, keepdims=True),
        "one entry": (row == 1) & (column == 1),
    }


def judge(family: Family, keys: set[str], vjp: Callable) -> tuple[str, object]:
    """Say how gradcheck spoke of a mistake; "" if it is none here, since it passes."""
    report = gradcheck(family.f, vjp, family.x)
    found = report.diagnosis
    if report.verdict == "PASS":
        return "", found
    if found is None or report.verdict != "FAIL":
        return "bare", found
    nothing = found.key in ("zero", "jacobian_summed_first") and not gives_anything(family, vjp)
    if found.key in keys - {"place"} or nothing:
        return "named", found
    if found.key == "place":
        return "bare" if "in every entry" in found.what else "located", found
    return ("named" if found.key in (c.name for c in report.checks) else "wrong"), found


def gives_anything(family: Family, vjp: Callable) -> bool:
    """Say whether a mistake gives more than rounding, for some upstream."""
    dp = RNG.standard_normal(np.shape(family.f(family.x)))
    return bool(np.abs(vjp(family.x, dp)).max() > 1e-9)


def count(name: str, everything: bool = False) -> tuple[Counter, list[str]]:
    """Ask about every mistake of a family; return how many got what, and what was said."""
    family, counts, told = FAMILIES[name], Counter(), []
    left_out = [(kind, set(), vjp) for kind, vjp in TERMS.get(name, {}).items()]
    for mistake, keys, vjp in [*mistakes(family), *left_out]:
        verdict, found = judge(family, keys, vjp)
        counts[verdict] += 1
        if everything or verdict in ("bare", "wrong"):
            told.append(f"    {mistake}: {verdict or 'passes'}: {found}")
    return counts, told


def main(everything: bool = False) -> None:
    """Print a line for each family, and the sum."""
    total = Counter()
    print(f"{'':22s}" + "".join(f"{verdict:>8s}" for verdict in KINDS))
    for name in FAMILIES:
        counts, told = count(name, everything)
        total += counts
        print(f"{name:22s}" + "".join(f"{counts[v]:8d}" for v in KINDS), *told, sep="\n")
    print(f"{'all':22s}" + "".join(f"{total[v]:8d}" for v in KINDS))


KINDS = ["named", "located", "bare", "wrong"]

if __name__ == "__main__":
    main("--all" in sys.argv)
