"""Laws that a right function keeps: what can be said of a wrong one that nobody knows.

Those of a backward pass are of checking/laws.py, in the words of the exercises; those of p and of
J stand here. Each takes the function and the arguments of a case and returns "" where the law
holds, else what is seen instead. Both ways numbers go as floats. The function gets copies;
whatever it raises here means that nothing is said.
"""

from collections.abc import Callable

import numpy as np

from ..._inputs import Array
from ...checking.laws import blind, linear, nothing, rounding, row_sums, shift, strangers, sums
from ..number_tables import number

__all__ = ["COVARIANCE", "DIRECTIONS", "JACOBIAN", "PROBABILITIES", "first_broken"]

Law = Callable[..., str]
NEAR = 3    # what is added to logits: where large ones are asked for, cases hold them
ONE = np.ones(1)    # the size of what p and J are made of
AFTER_A_CASE = {"dx of 2 a": "for upstreams a and b, dx of 2 a"}


def first_broken(laws: dict[str, Law], f: Callable, cases: dict[str, tuple]
                 ) -> tuple[str, str, str] | None:
    """Return name, evidence and case of the first law that f breaks, or None."""
    for name, law in laws.items():
        for case, args in cases.items():
            try:
                seen = law(lambda *a: _floats(f(*a)), *map(_floats, args))
            except Exception:    # as said above
                continue
            if seen:
                return name, seen, case
    return None


def _floats(value) -> Array:
    a = np.asarray(value)
    return a if a.dtype.kind == "f" else np.asarray(value, float)


def _in_words(law: Law, words: dict[str, str]) -> Law:
    """Put other words into what a law says."""
    def asked(*args):
        said = law(*args)
        for word, other in words.items():
            said = said.replace(word, other)
        return said
    return asked


def _draws(law: Law) -> Law:
    """Let a law draw the same numbers every time, which no case holds."""
    return lambda *args: law(*args, np.random.default_rng(20260301))


# Of softmax.

def _adds_to_one(f, x):
    p = f(x)
    return sums(p, 1, rounding(p, x, ONE))


def _not_negative(f, x):
    p = f(x)
    return "" if (p >= 0).all() else f"the smallest is {number(p.min())}"


def _no_shift(f, x):
    return shift(lambda x, _: f(x), x, np.ones_like(x), NEAR)


PROBABILITIES = {
    "no probability is negative": _not_negative,
    "the probabilities of a row add up to 1": _adds_to_one,
    "a number added to all logits of a row changes nothing": _in_words(
        _no_shift, AFTER_A_CASE | {"dx": "the result"}),
}


# Of the Jacobian, from p.

def _symmetric(f, p):
    J = f(p)
    error = (J - J.T).max()    # and the other way round as far below 0
    return "" if error <= 8 * rounding(J, p, ONE) else "it differs from its transpose"


def _cancels(f, p):
    J = f(p)
    return sums(J, 0, rounding(J, p, ONE))


def _signs(f, p):
    J = f(p)
    own, room = np.diag(J), 8 * rounding(J, p, ONE)
    if (own < -room).any():
        return "an entry of the diagonal is negative"
    return "an entry off the diagonal is positive" if (J - np.diag(own) > room).any() else ""


JACOBIAN = {
    "rows of J add up to 0": _cancels,
    "J is symmetric": _symmetric,
    "the diagonal gains and the rest loses": _signs,
}


# Of dx = p * (dp - <p, dp>), for (x, v) -> array.

COVARIANCE = {name: _in_words(law, AFTER_A_CASE) for name, law in {
    "nothing upstream, nothing downstream": nothing,
    "backward is linear in its upstream": _draws(linear),
    "rows of dx add up to 0": row_sums,
    "backward is blind to constants": blind,
    "a number added to all logits of a row changes nothing": lambda *a: shift(*a, NEAR),
    "rows are strangers": _draws(strangers),
}.items()}


# Of J t: the same laws, as J is symmetric, in the words of the forward way.

FORWARD = {"every upstream": "all of t", "an upstream": "a direction", "upstream": "direction",
           "dx of 2 a - b": "J (2 a - b)", "dx(a)": "J a", "dx(b)": "J b", "dx": "J t"}
DIRECTIONS = {ours: _in_words(COVARIANCE[name], FORWARD) for ours, name in {
    "no direction, no change": "nothing upstream, nothing downstream",
    "J t is linear in t": "backward is linear in its upstream",
    "the changes of a row add up to 0": "rows of dx add up to 0",
    "all logits at one speed move nothing": "backward is blind to constants",
    "a number added to all logits of a row changes nothing":
        "a number added to all logits of a row changes nothing",
}.items()}
