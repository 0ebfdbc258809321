"""It pretends: callables that say of themselves what is not true."""

import functools
import types

from .common import right
from .table import attempt, made, said


def raise_(error):
    """Raise, where only an expression may stand."""
    raise error


def pretender(name, thing, as_property=False, **methods):
    """Make a right answer, an object, with one attribute that is a lie."""

    def call(self, p, dp):
        return right(p, dp)

    lie = property(thing) if as_property else thing
    return type("Pretender", (), {"__call__": call, name: lie, **methods})()


def wrongly(name, thing, as_property=False):
    """The same, and it takes no arguments, so that its signature is asked for."""
    return pretender(name, thing, as_property, __call__=lambda self: 1)


def each(end, how, lie, names, wanted, **more):
    """Note one attempt for each of these attributes."""
    for name in names.split():
        said(f"{name}_{end}", wanted, f"{how}('__{name}__', {lie})", **more)


ASKED = "globals code name wrapped signature closure self func doc"
each("is_a_lie", "pretender", "5", f"{ASKED} defaults kwdefaults module annotations", "RIGHT")
each("raises", "pretender", "lambda self: raise_(OSError()), True", ASKED, "RIGHT")
each("exits", "pretender", "lambda self: raise_(SystemExit()), True", ASKED, "RIGHT")
ASKED = "signature text_signature wrapped code"  # where the call itself fails
each("raises_too", "wrongly", "lambda self: raise_(OSError()), True", ASKED, "CRASHED")
each(
    "exits_too",
    "wrongly",
    "lambda self: raise_(SystemExit()), True",
    ASKED,
    "CRASHED",
    kernel=True,
)


@made("RIGHT", "WRONG", "CRASHED")
def it_has_every_attribute():
    class Rude:
        def __getattr__(self, name):
            return self

        def __call__(self, *args):
            return right(*args) if len(args) == 2 else self

    return Rude()


@made("RIGHT", "WRONG", "CRASHED")
def it_has_no_attribute():
    class Rude:
        def __getattribute__(self, name):
            raise RuntimeError("no attributes")

        def __call__(self, p, dp):
            return right(p, dp)

    return Rude()


@made("RIGHT", "WRONG", "CRASHED", kernel=True)
def it_exits_at_every_attribute():
    class Rude:
        def __getattribute__(self, name):
            raise SystemExit

        def __call__(self, p, dp):
            return right(p, dp)

    return Rude()


@made("RIGHT", "WRONG", "CRASHED", short=True)
def every_attribute_never_ends():
    class Rude:
        def __getattribute__(self, name):
            while True:
                pass

        def __call__(self, p, dp):
            return right(p, dp)

    return Rude()


@made("CRASHED")
def it_is_wrapped_in_itself():
    def answer():
        return 1

    answer.__wrapped__ = answer
    return answer


@made("RIGHT")
def a_thousand_times_wrapped():
    return functools.reduce(
        lambda f, _: functools.wraps(f)(lambda *args: f(*args)), range(100), right
    )


@made("RIGHT", "WRONG", "CRASHED")
def it_equals_everything_there_is():
    def yes(self, other):
        return True

    return pretender("__eq__", yes, __hash__=None)


@made("RIGHT", "WRONG", "CRASHED")
def it_is_false():
    return pretender("__bool__", lambda self: False, __len__=lambda self: 0)


@made("RIGHT", "WRONG", "CRASHED")
def its_length_raises():
    return pretender("__len__", lambda self: raise_(SystemExit()), __iter__=raise_)


@made("RIGHT", "WRONG", "CRASHED")
def it_is_an_array_and_a_function():
    def numbers(self, *args, **options):
        raise SystemExit

    return pretender("__array__", numbers)


@made("RIGHT", "WRONG", "CRASHED")
def it_says_it_is_the_dots():
    return pretender("__class__", lambda self: type(...), True)


@made("RIGHT", "WRONG", "CRASHED")
def it_says_it_is_a_list():
    return pretender("__class__", lambda self: list, True)


@made("CRASHED", "WRONG")
def its_call_is_none():
    class Mine:
        __call__ = None

    return Mine()


@made("CRASHED")
def its_call_is_no_function():
    class Mine:
        __call__ = property(lambda self: raise_(ValueError("no call")))

    return Mine()


@made("CRASHED")
def called_without_an_end():
    class Mine:
        pass

    Mine.__call__ = mine = Mine()
    return mine


@made("RIGHT")
def a_page_of_its_own():
    """The names it reads are not those of any page."""
    return types.FunctionType(right.__code__, {"__name__": "nowhere"}, "answer")


@made("RIGHT")
def a_page_without_builtins():
    return types.FunctionType(right.__code__, {"__builtins__": {}}, "answer")


@made("CRASHED")
def a_page_that_forbids_writing():
    class Closed(dict):
        def __setitem__(self, name, value):
            raise RuntimeError("closed")

        __delitem__ = __iter__ = keys = items = copy = update = __setitem__

    page = Closed(__name__="closed", __builtins__={})
    return types.FunctionType((lambda p, dp: q).__code__, page, "answer")  # noqa: F821


@attempt("RIGHT")
def its_name_is_changed_on_the_way(p, dp):
    f = its_name_is_changed_on_the_way
    f.__name__ = f.__qualname__ = "</p><b>"
    f.__doc__, f.__defaults__, f.__kwdefaults__ = 5, (1, 2), {"p": 3}
    return right(p, dp)


@attempt("RIGHT", "CRASHED")
def its_code_is_changed_on_the_way(p, dp):
    f = its_code_is_changed_on_the_way
    f.__code__ = (lambda p, dp: 1 / 0).__code__
    return (p * dp).sum(axis=-1)
