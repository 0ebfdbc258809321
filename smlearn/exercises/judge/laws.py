"""Laws that a right function keeps: what can be said of a wrong one that nobody knows.

Each takes the function and the arguments of a case and returns "" where the law holds, else what
is seen instead. The function gets copies; whatever it raises here means that nothing is said.
"""

from collections.abc import Callable

import numpy as np

from ..._inputs import Array
from ..number_tables import number

__all__ = ["COVARIANCE", "DIRECTIONS", "JACOBIAN", "PROBABILITIES", "first_broken"]

Law = Callable[..., str]
NEAR = 1e-9


def first_broken(laws: dict[str, Law], f: Callable, cases: dict[str, tuple]
                 ) -> tuple[str, str, str] | None:
    """Return name, evidence and case of the first law that f breaks, or None."""
    for name, law in laws.items():
        for case, args in cases.items():
            try:
                with np.errstate(all="ignore"):
                    seen = law(lambda *a: np.asarray(f(*a), float), *args)
            except Exception:    # as said above
                continue
            if seen:
                return name, seen, case
    return None


def _near(a: Array, b: Array) -> bool:
    return bool(np.allclose(a, b, rtol=0, atol=NEAR * max(1.0, float(np.abs(b).max(initial=0)))))


def _row_sums(wanted: float, rows: Array) -> str:
    totals = np.ravel(rows.sum(axis=-1))
    row = int(np.abs(totals - wanted).argmax())
    return "" if _near(totals, np.full_like(totals, wanted)) else (
        f"row {row} adds up to {number(totals[row])}")


# Of softmax.

def _adds_to_one(f, x):
    return _row_sums(1.0, f(x))


def _not_negative(f, x):
    p = f(x)
    return "" if (p >= 0).all() else f"the smallest is {number(p.min())}"


def _no_shift(f, x):
    return "" if _near(f(x + 3.0), f(x)) else "adding 3 to all logits changes the result"


PROBABILITIES = {
    "no probability is negative": _not_negative,
    "the probabilities of a row add up to 1": _adds_to_one,
    "a number added to all logits of a row changes nothing": _no_shift,
}


# Of the Jacobian, from p.

def _symmetric(f, p):
    J = f(p)
    return "" if _near(J, J.swapaxes(-1, -2)) else "it differs from its transpose"


def _cancels(f, p):
    return _row_sums(0.0, f(p))


def _signs(f, p):
    J = f(p)
    i, off = np.arange(J.shape[-1]), J.copy()
    off[..., i, i] = 0
    if (J[..., i, i] < -NEAR).any():
        return "an entry of the diagonal is negative"
    return "an entry off the diagonal is positive" if (off > NEAR).any() else ""


JACOBIAN = {
    "rows of J add up to 0": _cancels,
    "J is symmetric": _symmetric,
    "the diagonal gains and the rest loses": _signs,
}


# Of dx = p * (dp - <p, dp>), for (x, v) -> array.

def _zero(f, x, v):
    return "" if _near(f(x, 0.0 * v), 0.0 * v) else "for an upstream of 0 the result is not 0"


def _linear(f, x, v):
    return "" if _near(f(x, 3.0 * v), 3 * f(x, v)) else "three times the upstream gives no 3 dx"


def _cancel(f, x, v):
    return _row_sums(0.0, f(x, v))


def _blind(f, x, v):
    return "" if _near(f(x, v + 1.0), f(x, v)) else "adding 1 to the whole upstream changes dx"


def _shift(f, x, v):
    return "" if _near(f(x + 3.0, v), f(x, v)) else "adding 3 to all logits changes dx"


def _strangers(f, x, v):
    if np.ndim(x) < 2 or len(x) < 2:
        return ""
    for b in (0, len(x) - 1):
        others = np.arange(len(x)) != b
        a, w = x + 0.5 * others[:, None] * np.arange(x.shape[1]), v * (1 + others[:, None])
        if not _near(f(a, w)[b], f(x, v)[b]):
            return f"new numbers in the other rows change row {b} of dx"
    return ""


COVARIANCE = {
    "nothing upstream, nothing downstream": _zero,
    "backward is linear in its upstream": _linear,
    "rows of dx add up to 0": _cancel,
    "backward is blind to constants": _blind,
    "a number added to all logits of a row changes nothing": _shift,
    "rows are strangers": _strangers,
}


# Of J t: the same laws, as J is symmetric, in the words of the forward way.

def _forward(law: Law) -> Law:
    return lambda f, x, t: law(f, x, t).replace("the whole upstream", "all of t").replace(
        "the upstream", "t").replace("an upstream", "a direction").replace("dx", "J t")


DIRECTIONS = {name: _forward(law) for name, law in (
    ("no direction, no change", _zero),
    ("J t is linear in t", _linear),
    ("the changes of a row add up to 0", _cancel),
    ("all logits at one speed move nothing", _blind),
    ("a number added to all logits of a row changes nothing", _shift),
)}
