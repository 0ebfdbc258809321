"""What is said of an argument of the wrong kind, and what to do about it.

A function where an array belongs, a layer where its method does, a tensor that NumPy cannot
read: each is refused in words that name the mistake, where a word on dtypes would lead astray.
"""

from collections.abc import Callable

import numpy as np

from ._refusals import refusal

__all__ = ["a_thing", "an", "float_info", "is_function", "is_layer", "no_floats", "no_value",
           "not_floating", "not_real", "takes_one", "unreadable"]


def an(name: str) -> str:
    """Return a name with its article: an ndarray, a ufunc."""
    return f"an {name}" if name.startswith(tuple("aeioAEIO")) else f"a {name}"


def a_thing(a) -> str:
    """Say of which type it is."""
    return an(type(a).__name__)


def unreadable(name: str, a, error: Exception) -> Exception:
    """Refuse what NumPy makes no array of: lists of several lengths, or something of its own."""
    if isinstance(a, list | tuple):
        return refusal(ValueError, f"{name} must be an array with rows of one length, but got "
                       "something NumPy cannot read as one; look at each row's length")
    return refusal(ValueError, f"{name} must be an array, but got {a_thing(a)}, which NumPy "
                   f"cannot read: {error}")    # a tensor says itself that it wants detach()


def not_real(name: str, a: np.ndarray, wanted: str = "hold real numbers", got: str = "dtype "
             ) -> Exception:
    """Refuse an array of something else than real numbers."""
    if not a.ndim and callable(a.item()):
        return refusal(TypeError, f"{name} must be an array, but got {a_thing(a.item())}; "
                       "look at the order of the arguments")
    return refusal(TypeError, f"{name} must {wanted}, but got {got}{a.dtype}; "
                   "convert it yourself, so that you see what is lost")


def not_floating(x: np.ndarray) -> Exception:
    """Refuse an x that no small step can move."""
    if x.dtype.kind == "c":
        return refusal(TypeError, "x must be floating point, float32 or wider, but got "
                       f"{x.dtype}; take its real and its imaginary part as two numbers")
    if x.dtype.kind not in "iubf":
        return not_real("x", x, "be floating point, float32 or wider", "")
    return refusal(TypeError, f"x must be floating point, float32 or wider, but got {x.dtype}, "
                   "where x[i] + h is cut to a whole number, or rounded away; "
                   "pass x.astype(float)")


def float_info(dtype) -> np.finfo:
    """Return what is known of a floating-point dtype, or refuse another one."""
    if np.dtype(dtype).kind != "f":
        raise refusal(ValueError, f"dtype must be floating point, but got {np.dtype(dtype)}; "
                      "give that of x as it is nudged, such as np.float64")
    return np.finfo(dtype)


def is_layer(f) -> bool:
    """Say whether something is a layer, of which the methods are wanted."""
    return hasattr(f, "forward") and hasattr(f, "backward")


def is_function(name: str, f) -> None:
    """Refuse what cannot be called; of a layer say what can."""
    if not callable(f):
        todo = ("give its methods, layer.forward and layer.backward" if is_layer(f) else
                "give the function itself, such as softmax or layer.forward")
        raise refusal(TypeError, f"{name} must be a function, but got "
                      f"{'None' if f is None else type(f).__name__}; {todo}")


def takes_one(name: str, f: Callable) -> None:
    """Refuse what cannot be called with one array, as far as its signature tells."""
    import inspect  # the door does not need it

    is_function(name, f)
    try:
        signature = inspect.signature(f)
    except (TypeError, ValueError):    # a built-in that does not tell
        return
    try:
        signature.bind(None)
    except TypeError:
        wanted = [each.name for each in signature.parameters.values()
                  if each.default is each.empty
                  and each.kind not in (each.VAR_POSITIONAL, each.VAR_KEYWORD)]
    else:
        return
    todo = "forward comes before backward; what else it needs goes into a lambda x: ..."
    if inspect.isclass(f) or wanted[:1] == ["self"]:
        todo = "make a layer of the class first, and give layer.forward"
    elif not wanted:
        todo = "give it x"
    who = getattr(f, "__qualname__", type(f).__name__)
    raise refusal(TypeError, f"{name} must take x alone, but got {who}, which takes "
                  f"{' and '.join(wanted) or 'nothing'}; {todo}")


def no_value(name: str, f: Callable, x: np.ndarray, got: list, error: Exception) -> Exception:
    """Refuse an f that raised at x, or what it returned, in `got`, and NumPy makes no array of."""
    if got and isinstance(got[0], list | tuple):
        return refusal(ValueError, f"{name} must return one array, but got {a_thing(got[0])} of "
                       f"{len(got[0])}; wrap it, as in lambda x: {name}(x)[0]")
    if got:
        return refusal(ValueError, f"{name} must return an array, but got {a_thing(got[0])}, "
                       f"which NumPy cannot read: {error}")
    if isinstance(error, TypeError):
        takes_one(name, f)
    hint = f"call {name} on x{' and t' if name == 'jvp' else ''} by itself and mend that first"
    if np.iscomplexobj(x):
        hint = "the complex step needs a formula that takes complex numbers; take another method"
    return refusal(ValueError, f"{name} must take an array of shape {x.shape}, "
                   f"but raised {type(error).__name__}: {error}; {hint}")


def no_floats(name: str, y: np.ndarray) -> Exception:
    """Refuse what came back in place of floating-point numbers."""
    if y.dtype.kind == "c":
        return refusal(ValueError, f"{name} must return real numbers for a real x, but got dtype "
                       f"{y.dtype}; check its real part and its imaginary part by themselves")
    todo = ("what is whole jumps, and has no slope" if y.dtype.kind in "iub" else
            "is there a return, and is it an array?")
    return refusal(ValueError, f"{name} must return floating-point numbers, "
                   f"but got dtype {y.dtype}; {todo}")
