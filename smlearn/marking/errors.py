"""An error, by the names of its kinds and by what it says: sent, and made again.

Known mistakes may raise, and are recognised by the kind of error. So the kinds of Python and NumPy
are the real ones; any other is made, and has their names.
"""

import builtins
import re

import numpy as np

from ..exercises.sandbox.clock import TimeUp
from ..exercises.sandbox.plain_data import name_of
from .wire import Garbled

__all__ = ["error_of", "kinds_of"]


def _kinds() -> dict[str, type]:
    homes = np._core._exceptions, np.linalg, np.exceptions, builtins
    return {name: kind for home in homes for name, kind in vars(home).items()
            if isinstance(kind, type) and issubclass(kind, BaseException)}


KINDS = _kinds()
NAMES = {kind: name for name, kind in KINDS.items()}
CASTING = re.compile(r"Cannot cast ufunc '(\w+)' \w+ (?:\d+ )?from dtype\('(\w+)'\) "
                     r"to dtype\('(\w+)'\) with casting rule '(\w+)'")


class _Written(str):
    """Words that a KeyError writes without quotes of its own."""

    __slots__ = ()
    __repr__ = str.__str__


def kinds_of(error: BaseException) -> list[str]:
    """Return the names of an error's kinds, its own first: as judged, and as shown."""
    kinds = type.mro(type(error))
    return [NAMES.get(kinds[0], ""), *map(name_of, kinds)]


def error_of(names, said: str) -> BaseException:
    """Return an error of these kinds that says this.

    Raises
    ------
    Garbled
        If the names are none.
    """
    if type(names) is not list or len(names) < 2 or {type(name) for name in names} != {str}:
        raise Garbled("an error without a name")
    if names[1] == "TimeUp":
        return TimeUp()
    error = _known(KINDS[names[0]], said) if names[0] in KINDS else None
    return _made(names, said) if error is None else error


def _known(kind: type, said: str) -> BaseException | None:
    """Return an error of this kind, None if it needs more than words."""
    error = kind.__new__(kind, _Written(said))
    error.args = (_Written(said),) if said else ()
    if kind is np.exceptions.AxisError:
        error._msg = said
    if cast := CASTING.fullmatch(said):
        name, now, wanted, rule = cast.groups()
        error.__dict__.update(ufunc=getattr(np, name, None), from_=np.dtype(now), in_i=0,
                              to=np.dtype(wanted), out_i=0, casting=rule)
    try:
        return error if str(error) == said else None
    except Exception:    # it wants what we do not have
        return None


def _made(names: list[str], said: str) -> BaseException:
    base = next((KINDS[name] for name in names if name in KINDS), Exception)
    kind = type(names[1][:100] or "Error", (base,), {"__str__": lambda self: said,
                                                     "__init__": lambda self: None})
    return kind.__new__(kind)
