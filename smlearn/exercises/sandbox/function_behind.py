"""Find the function that was written behind a callable: a partial, a method, np.vectorize ..."""

import functools
import inspect
import types

import numpy as np

__all__ = ["function_behind"]

DEEPEST = 16    # a partial of a method of ...
BEHIND = {
    functools.partial: lambda f: f.func,
    functools._lru_cache_wrapper: lambda f: f.__wrapped__,
    types.MethodType: lambda f: f.__func__,
    staticmethod: lambda f: f.__func__,
    np.vectorize: lambda f: f.pyfunc,
    type: lambda f: inspect.getattr_static(f, "__init__", None),
    object: lambda f: inspect.getattr_static(type(f), "__call__", None),
}


def function_behind(f) -> types.FunctionType | None:
    """Return the Python function that a call of f runs first, or None where there is none.

    No code of f itself runs, whatever its `__getattr__` would answer.

    Examples
    --------
    >>> def double(a): return 2 * a
    >>> function_behind(functools.partial(double, 1)) is double
    True
    """
    for _ in range(DEEPEST):
        if type(f) is types.FunctionType:
            return f
        f = next(look for kind, look in BEHIND.items() if issubclass(type(f), kind))(f)
    return None
