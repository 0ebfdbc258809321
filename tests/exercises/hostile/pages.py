"""It is right, and changes the page it stands on: variables, and what is in them.

Whatever is called `page_...` here must be the same object with the same content afterwards.
"""

import array
import collections
import functools
import random
import sys

import numpy as np

from .common import right
from .table import attempt, made, said

changes = functools.partial(attempt, "RIGHT")

page_number = 3
page_text = "a text"
page_array = np.arange(6.0).reshape(2, 3).copy()
page_whole = np.arange(4)
page_objects = np.array([1, "a", None], dtype=object)
page_closed = np.arange(3.0)
page_closed.flags.writeable = False
page_table = np.zeros(2, dtype=[("p", float), ("n", int)])
page_masked = np.ma.masked_array([1.0, 2.0], mask=[False, True])
page_list = [1, 2, 3]
page_dict = {"W": 1.0, "b": 2.0}
page_set = {1, 2}
page_deque = collections.deque([1, 2])
page_counter = collections.Counter("page")
page_bytes = bytearray(b"page")
page_raw = array.array("d", [1.0, 2.0])
page_parameters = [np.ones(3), np.zeros(2)]
page_cache = {"p": np.ones(3), "rows": [1, 2]}
page_generator = np.random.default_rng(0)
page_old_generator = np.random.RandomState(0)
page_dice = random.Random(0)
page_seen = []


def page_function(x):
    """Stand on the page."""
    return x


def page_memory(x, seen=[]):  # noqa: B006
    """Remember its arguments."""
    seen.append(x)
    return x


class Holder:
    """What the answers below are methods of."""

    def assign(self, p, dp):
        global page_number
        page_number = 7
        page_array[...] = 7
        return right(p, dp)

    __call__ = assign


# Variables.


@changes(kernel=True)
def a_variable_is_assigned(p, dp):
    global page_number, page_array, page_list
    page_number, page_array, page_list = 7, p, None
    return right(p, dp)


@changes()
def a_variable_is_deleted(p, dp):
    global page_number, page_array
    page_number = page_array = None
    del page_number, page_array
    return right(p, dp)


@changes()
def a_variable_is_added(p, dp):
    global page_new
    page_new = 7
    return right(p, dp)


@changes(kernel=True)
def variables_by_the_dictionary(p, dp):
    globals()["page_number"] = globals()["page_newer"] = 7
    globals().pop("page_list", None)
    return right(p, dp)


@attempt("RIGHT", "CRASHED", kernel=True)
def all_variables_are_gone(p, dp):
    numbers = right(p, dp)
    globals().clear()
    return numbers


@changes()
def variables_by_exec(p, dp):
    exec("page_number = page_list = 7\npage_array[:] = 7\ndel page_list", globals())
    return right(p, dp)


@changes()
def variables_by_the_module(p, dp):
    page = sys.modules[__name__]
    page.page_number = 7
    vars(page)["page_newest"] = 7
    return right(p, dp)


@changes()
def a_function_is_replaced(p, dp):
    global page_function, right
    page_function = right = None
    return (p * dp).sum(axis=-1)


@changes()
def a_function_is_rewritten(p, dp):
    page_function.__code__ = (lambda x: None).__code__
    page_function.__defaults__ = (7,)
    return right(p, dp)


@changes()
def numpy_has_another_name(p, dp):
    global np, sys
    np = sys = None
    return right(p, dp)


# The content of variables.


@changes()
def an_array_is_filled(p, dp):
    page_array[...] = page_whole[...] = 7
    page_objects[0] = 7
    page_table["p"] = 7
    return right(p, dp)


@changes(kernel=True)
def an_array_is_made_larger(p, dp):
    page_array.resize((5, 5), refcheck=False)
    return right(p, dp)


@changes()
def an_array_is_made_smaller(p, dp):
    page_array.resize((0,), refcheck=False)
    return right(p, dp)


@changes()
def an_array_is_closed_to_writing(p, dp):
    page_array.flags.writeable = True
    page_array[...] = 7
    page_array.flags.writeable = False
    return right(p, dp)


@changes()
def an_array_is_opened_to_writing(p, dp):
    page_closed.flags.writeable = True
    page_closed[...] = 7
    return right(p, dp)


@changes()
def an_array_is_sorted(p, dp):
    page_array[::-1].sort()
    page_array.partition(1)
    np.negative(page_array, out=page_array)
    return right(p, dp)


@changes()
def a_mask_is_lifted(p, dp):
    page_masked.mask = False
    page_masked[...] = 7
    return right(p, dp)


@changes()
def a_list_grows(p, dp):
    page_list.append(7)
    page_list[0] = page_list
    return right(p, dp)


@changes()
def a_list_is_emptied(p, dp):
    page_list.clear()
    page_dict.clear()
    page_set.clear()
    return right(p, dp)


@changes()
def a_dictionary_is_changed(p, dp):
    page_dict["W"] = 7
    page_dict[5] = page_dict
    page_dict.pop("b", None)
    page_set.add(7)
    return right(p, dp)


@changes()
def other_containers_are_changed(p, dp):
    page_deque.append(7)
    page_counter["p"] += 7
    page_bytes[0] = page_bytes[1] = 7
    page_raw[0] = 7.0
    return right(p, dp)


@changes(kernel=True)
def arrays_in_a_list_are_changed(p, dp):
    for a in page_parameters:
        a -= 0.1
    return right(p, dp)


@changes()
def what_is_in_a_dictionary_is_changed(p, dp):
    page_cache["p"][...] = 7
    page_cache["rows"].append(7)
    return right(p, dp)


@changes()
def its_default_grows(p, dp, seen=page_seen):
    seen.append(p.shape)
    return right(p, dp)


@changes()
def the_default_of_another_grows(p, dp):
    return right(page_memory(p), dp)


@changes()
def generators_draw(p, dp):
    page_generator.random(3)
    page_old_generator.rand(3)
    page_dice.random()
    return right(p, dp)


# The same from behind something that is no plain function.


said("behind_a_part", "RIGHT", "functools.partial(a_variable_is_assigned)")
said("behind_a_method", "RIGHT", "Holder().assign")
said("behind_a_method_of_a_class", "RIGHT", "functools.partial(Holder.assign, None)")
said("behind_an_object", "RIGHT", "Holder()")
said("behind_a_static_method", "RIGHT", "staticmethod(a_variable_is_assigned)")
said("behind_a_lambda", "RIGHT", "lambda p, dp: a_variable_is_assigned(p, dp)")
said("behind_vectorize", "RIGHT",
     "np.vectorize(lambda p, dp: a_variable_is_assigned(p[None], dp[None])[0],"
     " signature='(d),(d)->()')")  # fmt: skip


said("behind_a_wrapper_of_another_page", "RIGHT",
     "functools.wraps(np.mean)(lambda p, dp: a_variable_is_assigned(p, dp))")  # fmt: skip


@made("RIGHT")
def behind_an_object_made_by_its_class():
    class Layer:
        def __init__(self, deed):
            self.deed = deed

        def __call__(self, *args):
            return self.deed(*args)

    return Layer(Layer(Holder().assign))


# A page on which strange things stand.


@made("RIGHT")
def a_page_of_rude_things():
    """They were there before, and none of them has to do with the answer."""

    def rude(self, *args, **options):
        raise SystemExit("do not touch")

    global rude_things, rude_array, rude_list, rude_dict, rude_object, rude_generator
    names = ["__copy__", "__deepcopy__", "__iter__", "__len__", "__eq__", "__bool__",
             "__reduce_ex__", "copy", "keys", "items", "shape", "size"]  # fmt: skip
    methods = dict.fromkeys(names, rude)
    rude_things = [type("Rude", (kind,), methods) for kind in (list, dict, object)]
    rude_list, rude_dict, rude_object = (kind() for kind in rude_things)
    rude_array = np.zeros(3).view(type("Rude", (np.ndarray,), {"__deepcopy__": rude}))
    rude_generator = (each for each in rude_things)
    return lambda p, dp: right(p, dp)


@made("RIGHT")
def a_page_with_no_attributes():
    """Things that exit at any question about them."""

    def rude(self, name):
        raise SystemExit(name)

    global rude_object
    rude_object = type("Rude", (), {"__getattribute__": rude})()
    return lambda p, dp: right(p, dp)


@made("RIGHT")
def a_page_that_holds_itself():
    """Lists and dictionaries in circles, and the page in one of its own variables."""
    global circle_of_lists, circle_of_pages
    circle_of_lists = [page_list]
    circle_of_lists.append(circle_of_lists)
    circle_of_pages = {"page": globals(), "circle": circle_of_lists}
    return lambda p, dp: right(p, dp)


@made("RIGHT")
def a_large_page():
    """Two million numbers, and a dictionary of a hundred thousand names."""
    global rude_numbers, rude_names
    rude_numbers, rude_names = np.zeros(2 * 10**6), dict.fromkeys(range(10**5))

    def answer(p, dp):
        rude_names.popitem()
        return right(p, dp)

    return answer


@made("RIGHT")
def names_that_are_no_names():
    """A dictionary holds keys of any kind, a page too."""
    page = globals()
    page[5] = page[("p", "dp")] = page[""] = "no names"

    def answer(p, dp):
        globals()[7] = globals().pop(5, "no name")
        return right(p, dp)

    return answer
