"""Read a formula off its numbers: which combination of the usual terms is this result?

    dx = a p dp + b p <p, dp> + c p^2 dp + ...          the right one has a = 1, b = -1

Nine terms that turn up in softmax backward passes are fitted by least squares to results at a few
random x and dp. Only a fit to rounding counts: then the coefficients are what the code computes.
"""

from collections.abc import Callable

import numpy as np

from .._inputs import Array
from .finding import Finding

__all__ = ["TERMS", "other_formula", "read_formula"]

TERMS: dict[str, Callable[[Array, Array, Array], Array]] = {    # of p, dp and <p, dp>
    "p dp": lambda p, dp, mean: p * dp,
    "p <p, dp>": lambda p, dp, mean: p * mean,
    "p^2 dp": lambda p, dp, mean: p**2 * dp,
    "p^2 <p, dp>": lambda p, dp, mean: p**2 * mean,
    "p": lambda p, dp, mean: p,
    "p^2": lambda p, dp, mean: p**2,
    "dp": lambda p, dp, mean: dp,
    "<p, dp>": lambda p, dp, mean: mean + 0 * p,
    "p sum(dp)": lambda p, dp, mean: p * dp.sum(axis=-1, keepdims=True),
}


def read_formula(p: list[Array], dp: list[Array], dx: list[Array]) -> str:
    """Write dx as a sum of the usual terms, or return "" if it is none.

    p, dp and dx are lists of (B, D), with at least twice as many numbers as there are terms.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> p, dp = rng.dirichlet(np.ones(5), 4), rng.standard_normal((4, 5))
    >>> read_formula([p], [dp], [2 * p * dp - p])
    '2 p dp - p'
    """
    if any(np.shape(each) != q.shape for each, q in zip(dx, p, strict=True)):
        return ""
    columns = [np.concatenate([term(q, d, (q * d).sum(axis=-1, keepdims=True)).ravel()
                               for q, d in zip(p, dp, strict=True)]) for term in TERMS.values()]
    A, y = np.stack(columns, axis=-1), np.concatenate([np.ravel(each) for each in dx])
    if not np.isfinite(y).all() or not y.any():
        return ""
    coefficients = np.linalg.lstsq(A, y)[0]                        # (9,)
    if np.abs(A @ coefficients - y).max() > 1e-11 * np.abs(y).max():
        return ""
    terms = [(c, name) for c, name in zip(coefficients, TERMS, strict=True) if abs(c) > 1e-9]
    return _sum(terms)


def other_formula(p: list[Array], dp: list[Array], dx: list[Array]) -> Finding | None:
    """Say which formula dx follows, if it follows one that is not the right one."""
    formula = read_formula(p, dp, dx)
    if formula in ("", "p dp - p <p, dp>"):
        return None
    return Finding("formula", f"Your numbers are those of {formula}, where p dp - p <p, dp> "
                              "belongs.",
                   todo="Which term is one too many, or missing, or of another size?")


def _sum(terms: list[tuple[float, str]]) -> str:
    """Write [(2, "p dp"), (-1, "p")] as "2 p dp - p"."""
    text = ""
    for c, name in terms:
        size = "" if abs(abs(c) - 1) < 1e-9 else f"{abs(c):.4g} "
        sign = ("-" if c < 0 else "") if not text else " - " if c < 0 else " + "
        text += sign + size + name
    return text
