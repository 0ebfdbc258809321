"""It returns an object whose own methods loop, exit, raise or call themselves.

`with_hook("__repr__", loop)` is an object of which nothing is strange but that one method.
"""

import sys
import time

import numpy as np

from .table import said


def loop(self, *args, **options):
    """Go on for ever, and breathe in between."""
    while True:
        time.sleep(1e-3)


def loop_and_swallow(self, *args, **options):
    """Go on for ever, whatever is raised."""
    while True:
        try:
            time.sleep(1e-3)
        except:  # noqa: E722
            pass


def leave(self, *args, **options):
    """Exit, from within."""
    sys.exit("from within")


def interrupt(self, *args, **options):
    """Press the stop button by hand."""
    raise KeyboardInterrupt


def stop(self, *args, **options):
    """Raise what is no Exception."""
    raise GeneratorExit


def itself(self, *args, **options):
    """Return the object itself."""
    return self


def nonsense(self, *args, **options):
    """Return what such a method never returns."""
    return ...


def with_hook(name, deed, *bases, as_property=False):
    """Make a function that returns an object with this one method."""
    body = {name: property(deed) if as_property else deed}
    if name == "__getitem__":
        body["__len__"] = lambda self: 4
    if name == "__del__":
        body["__array__"] = lambda self, *a, **k: np.zeros(4)
    kind = type("Rude", bases, body)

    def answer(p, dp):
        return kind(right_numbers(p, dp)) if bases else kind()

    return answer


def right_numbers(p, dp):
    """Return what a container of the right numbers is made of."""
    return (p * dp).sum(axis=-1).tolist()


def each(beginning, deed, names, *wanted, **more):
    """Note one attempt for each of these methods."""
    for name in names.split():
        said(f"{beginning}_{name}", wanted, f"with_hook('__{name}__', {deed})", **more)


NOT_RIGHT = ("WRONG", "CRASHED")
COMES_BACK = ("RIGHT", *NOT_RIGHT)  # the numbers are right, and may have been had in time
given = {"predicted": True}

each("endless", "loop", "array repr del", *NOT_RIGHT, short=True, kernel=True, **given)
each(
    "endless", "loop", "deepcopy copy reduce_ex len getitem iter", *NOT_RIGHT, short=True, **given
)
each("endless", "loop", "eq bool float hash index", *NOT_RIGHT, short=True, **given)
each("endless", "loop", "getattribute getattr", *NOT_RIGHT, short=True, **given)
each("endless", "loop, as_property=True", "class dict array_interface array_struct", *NOT_RIGHT,
     short=True, **given)  # fmt: skip
for name in ("dtype", "shape"):
    said(f"endless_{name}", NOT_RIGHT, f"with_hook({name!r}, loop, as_property=True)", short=True)
each("list_of_endless", "loop, list", "iter len deepcopy", *COMES_BACK, short=True)
each("tuple_of_endless", "loop, tuple", "iter eq getitem", *COMES_BACK, short=True)
each("dictionary_of_endless", "loop, dict", "iter contains", *COMES_BACK, short=True)
each("swallowing", "loop_and_swallow", "array deepcopy getattribute", *NOT_RIGHT, short=True,
     kernel=True)  # fmt: skip

each("exit_in", "leave", "array deepcopy repr len iter float eq getattribute getattr del",
     *NOT_RIGHT, kernel=True, **given)  # fmt: skip
each("exit_in", "leave, as_property=True", "class", *NOT_RIGHT, kernel=True, **given)
each("exit_in_list", "leave, list", "repr", "RIGHT", "WRONG")
each("stop_button_in", "interrupt", "array deepcopy repr getattribute", *NOT_RIGHT, kernel=True,
     **given)  # fmt: skip
each("generator_exit_in", "stop", "array deepcopy repr", *NOT_RIGHT, **given)

each("itself_for", "itself", "array iter float deepcopy getattr", *NOT_RIGHT, **given)
each("nonsense_for", "nonsense", "array repr len deepcopy array_interface", *NOT_RIGHT, **given)
