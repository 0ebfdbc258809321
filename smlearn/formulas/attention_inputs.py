"""What both forms of attention share: what they let in and out, and the scores.

Shapes: q (..., T, d), k (..., S, d), v (..., S, c), equal in front: broadcasting would hide a
mistake. T queries, S keys. Who calls these lets NumPy overflow in silence: it is found here.
"""

from collections.abc import Callable

import numpy as np

from .._inputs import Array, answer, real, remembered
from .._refusals import refusal

__all__ = ["finite", "gradients", "hides_future", "root", "scores", "three_inputs", "upstream"]


def root(q: Array) -> np.floating:
    """Return sqrt(d), the spread of a sum of d terms of variance 1, in the precision of q."""
    return np.sqrt(q.dtype.type(q.shape[-1]))


def scores(q: Array, k: Array) -> Array:
    """Compute q k^T / sqrt(d), (..., T, S)."""
    return finite("q k^T / sqrt(d)", q @ k.mT / root(q), "scale q or k down")


def gradients(dq: Array, dk: Array, dv: Array, dtype: np.dtype) -> tuple[Array, Array, Array]:
    """Return the three in the dtype of the answer, if they are finite in it."""
    named = zip(("dq", "dk", "dv"), (dq, dk, dv), strict=True)
    dq, dk, dv = (finite(name, answer(a, dtype), "scale do down") for name, a in named)
    return dq, dk, dv


def three_inputs(q, k, v) -> tuple[Array, Array, Array, np.dtype]:
    """Return read-only copies of q, k and v in the precision to compute in, and that of o.

    Copies, so that nothing that happens to q afterwards reaches the backward pass.
    """
    named = {name: real(name, a) for name, a in (("q", q), ("k", k), ("v", v))}
    q, k, v = named.values()
    shapes = f"q {q.shape}, k {k.shape} and v {v.shape}"
    lead = {a.shape[:-2] for a in (q, k, v)}
    if min(q.ndim, k.ndim, v.ndim) < 2 or len(lead) > 1 or (
            q.shape[-1:] + k.shape[-2:-1] != k.shape[-1:] + v.shape[-2:-1]):
        raise refusal(ValueError, "q, k and v must have shapes (..., T, d), (..., S, d) and "
                      f"(..., S, c), but got {shapes}; one row per word, heads in front")
    if 0 in k.shape[-2:]:
        raise refusal(ValueError, "there must be at least one key of at least one number, "
                      f"but got {shapes}; leave out what is empty")
    dtype = np.result_type(q, k, v)
    work = np.promote_types(dtype, np.float32)
    for name, a in named.items():
        named[name] = np.array(finite(name, a, "find the step that made it"), dtype=work)
        named[name].flags.writeable = False
    q, k, v = named.values()
    return q, k, v, dtype


def upstream(do, cache, kind: type, forward: Callable) -> Array:
    """Return do in the precision of the cache.

    Raises
    ------
    TypeError, ValueError
        As `attention_backward`.
    """
    remembered("do", cache, kind, forward)
    do, shape = real("do", do), (*cache.q.shape[:-1], cache.v.shape[-1])
    if do.shape != shape:
        raise refusal(ValueError, f"do must have the shape of o, {shape}, but got {do.shape}; "
                      "give it one number per entry of o")
    return finite("do", do.astype(cache.q.dtype), "find the step that made it")


def finite(name: str, a: Array, todo: str) -> Array:
    """Return `a`, if all of it is finite."""
    if not np.isfinite(a).all():
        at = tuple(map(int, np.argwhere(~np.isfinite(a))[0]))
        raise refusal(ValueError, f"{name} must be finite, but got {a[at]} at {at}; {todo}")
    return a


def hides_future(causal, T: int, S: int) -> bool:
    """Return whether each query is to see no key after its own place.

    Only True or False say so: any text would count as True, "no" as well.
    """
    if not isinstance(causal, bool | np.bool_):
        raise refusal(TypeError, f"causal must be True or False, but got {type(causal).__name__}; "
                      "True hides from each query all keys after its own place")
    if causal and T != S:
        raise refusal(ValueError, f"causal needs as many keys as queries, but got {S} keys and "
                      f"{T} queries; say with mask which place each query has")
    return bool(causal)
