"""It returns something: what is right in strange clothes, and what is no answer at all."""
# ruff: noqa: RUF012

import array
import collections
import ctypes
import decimal
import fractions
import functools
import itertools
import pathlib
import tempfile
import types
import weakref

import numpy as np

from .common import right
from .table import attempt

value = functools.partial(attempt, predicted=True)


def dressed(numbers, **methods):
    """Return the numbers as an array of a class of its own."""
    return np.asarray(numbers).view(type("Dressed", (np.ndarray,), methods))


def yes(self, *args, **options):
    """Say yes to everything."""
    return True


# Containers without an end.


@value("WRONG", kernel=True)
def a_list_in_itself(p, dp):
    inside = []
    inside.append(inside)
    return inside


@value("WRONG", kernel=True)
def a_dictionary_in_itself(p, dp):
    inside = {}
    inside["p"] = inside
    return inside


@value("WRONG")
def a_tuple_in_its_own_list(p, dp):
    inside = ([],)
    inside[0].append(inside)
    return inside


@value("WRONG", kernel=True)
def an_array_in_itself(p, dp):
    inside = np.empty(2, dtype=object)
    inside[:] = [inside, inside]
    return inside


@value("WRONG", kernel=True)
def a_list_five_thousand_deep(p, dp):
    return functools.reduce(lambda inside, _: [inside], range(5000), 0.0)


@value("WRONG")
def a_tuple_five_thousand_deep(p, dp):
    return functools.reduce(lambda inside, _: (inside,), range(5000), 0.0)


@value("WRONG")
def a_list_a_hundred_thousand_deep(p, dp):
    return functools.reduce(lambda inside, _: [inside], range(10**5), 0.0)


@value("WRONG", kernel=True)
def a_dictionary_five_thousand_deep(p, dp):
    return functools.reduce(lambda inside, _: {"p": inside}, range(5000), 0.0)


@value("TODO", "WRONG")
def dots_five_thousand_deep(p, dp):
    return functools.reduce(lambda inside, _: [inside], range(5000), ...)


@value("WRONG", kernel=True)
def an_array_of_arrays_of_arrays(p, dp):
    inside = 0.0
    for _ in range(500):
        outside = np.empty(1, dtype=object)
        outside[0] = inside
        inside = outside
    return inside


@value("WRONG")
def sixty_lists_side_by_side(p, dp):
    """2^60 numbers, if all of them were visited: each list holds the one before it twice."""
    return functools.reduce(lambda inside, _: [inside, inside], range(60), 0.0)


# Arrays of other kinds.


@value("WRONG")
def rows_of_different_lengths(p, dp):
    return [[1.0], [1.0, 2.0]]


@value("WRONG")
def an_array_of_objects(p, dp):
    return np.array([[1.0], [1.0, 2.0], None], dtype=object)


@value("RIGHT", "WRONG")
def right_numbers_as_objects(p, dp):
    return right(p, dp).astype(object)


@value("WRONG")
def a_structured_array(p, dp):
    return np.zeros(len(p), dtype=[("p", float), ("dp", int)])


@value("WRONG")
def a_record(p, dp):
    return np.rec.fromrecords([(1.0, "a"), (2.0, "b")])


@value("WRONG")
def all_of_it_masked(p, dp):
    return np.ma.masked_array(right(p, dp), mask=True)


@value("WRONG")
def one_of_it_masked(p, dp):
    return np.ma.masked_array(right(p, dp), mask=np.arange(len(p)) == 0)


@value("RIGHT", "WRONG")
def none_of_it_masked(p, dp):
    return np.ma.masked_array(right(p, dp))


@value("WRONG")
def the_masked_number(p, dp):
    return np.ma.masked


@value("WRONG")
def a_list_of_masked_numbers(p, dp):
    return [np.ma.masked] * len(p)


@value("WRONG")
def a_matrix(p, dp):
    return np.asmatrix(right(p, dp))


@value("RIGHT")
def a_file_of_numbers(p, dp):
    """It is on the disk, and its folder is gone when the check looks at it."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        path = pathlib.Path(folder) / "numbers"
        numbers = np.memmap(path, dtype=float, mode="w+", shape=(len(p),))
        numbers[...] = right(p, dp)
        return numbers


@value("WRONG")
def no_entries(p, dp):
    return np.zeros(0)


@value("WRONG")
def no_entries_and_two_axes(p, dp):
    return np.zeros((len(p), 0))


@value("WRONG")
def thirty_two_axes(p, dp):
    return np.zeros((1,) * 32)


@value("WRONG", kernel=True)
def a_huge_array_of_one_number(p, dp):
    """8 TB, and no memory: it has strides of 0."""
    return np.broadcast_to(0.0, (10**6, 10**6))


@value("WRONG")
def a_huge_axis_of_length_zero(p, dp):
    return np.zeros((10**9, 0, 10**9))


@value("WRONG")
def a_huge_list_of_one_row(p, dp):
    return [[0.0] * 1000] * 1000


@value("WRONG", kernel=True)
def a_huge_range(p, dp):
    return range(10**13)


@value("WRONG")
def half_precision(p, dp):
    return right(p, dp).astype(np.float16)


@value("RIGHT")
def long_doubles(p, dp):
    return right(p, dp).astype(np.longdouble)


@value("RIGHT")
def bytes_in_the_other_order(p, dp):
    return right(p, dp).astype(">f8")


@value("RIGHT")
def bytes_out_of_line(p, dp):
    raw = np.zeros(8 * len(p) + 1, dtype=np.uint8)[1:]
    numbers = raw.view(float)
    numbers[...] = right(p, dp)
    return numbers


@value("RIGHT")
def backwards_in_memory(p, dp):
    return right(p, dp)[::-1].copy()[::-1]


@value("RIGHT")
def a_view_that_cannot_be_written(p, dp):
    numbers = right(p, dp)
    numbers.flags.writeable = False
    return numbers


@value("WRONG")
def complex_numbers(p, dp):
    return right(p, dp) + 0j


@value("WRONG")
def truth_values(p, dp):
    return right(p, dp) > 0


@value("WRONG")
def dates(p, dp):
    return np.arange(len(p)).astype("datetime64[s]")


@value("WRONG")
def spans_of_time(p, dp):
    return right(p, dp).astype("timedelta64[s]")


@value("WRONG")
def numbers_as_text(p, dp):
    return right(p, dp).astype(str)


@value("WRONG")
def numbers_as_raw_bytes(p, dp):
    return right(p, dp).view("V8")


@value("WRONG")
def not_a_number(p, dp):
    return np.full(len(p), np.nan)


@value("WRONG")
def not_a_number_with_a_message(p, dp):
    return np.full(len(p), 0x7FF4_0000_DEAD_BEEF, dtype=np.uint64).view(float)


@value("WRONG")
def infinity(p, dp):
    return np.full(len(p), -np.inf)


@value("WRONG")
def the_largest_numbers(p, dp):
    return np.full(len(p), np.finfo(float).max)


@value("WRONG")
def the_largest_whole_numbers(p, dp):
    return np.full(len(p), -(2**63))


@value("WRONG")
def numbers_beyond_all_arrays(p, dp):
    return [10**400] * len(p)


@value("WRONG")
def more_digits_than_python_prints(p, dp):
    return 10**10_000


# Arrays with classes of their own.


@value("WRONG")
def it_equals_everything(p, dp):
    return dressed(np.zeros(len(p)), __eq__=yes, __ne__=lambda self, other: False)


@value("WRONG")
def its_views_raise(p, dp):
    def finalize(self, other):
        if other is not None and isinstance(other, type(self)):
            raise RuntimeError("no views of me")

    return dressed(np.zeros(len(p)), __array_finalize__=finalize)


@value("WRONG")
def its_arithmetic_says_yes(p, dp):
    return dressed(np.zeros(len(p)), __array_ufunc__=yes)


@value("WRONG")
def its_functions_say_yes(p, dp):
    return dressed(np.zeros(len(p)), __array_function__=yes)


@value("WRONG")
def its_entries_are_others(p, dp):
    return dressed(np.zeros(len(p)), __getitem__=lambda self, at: 7.0, __len__=lambda self: 7)


@value("WRONG")
def its_shape_is_a_lie(p, dp):
    shape = p.shape[:-1]
    return dressed(np.zeros(()), shape=property(lambda self: shape), ndim=1, size=len(p))


@value("WRONG", "CRASHED")
def its_copy_is_another(p, dp):
    return dressed(np.zeros(len(p)), __deepcopy__=lambda self, memo: {"p": self}, copy=yes)


@value("RIGHT")
def right_numbers_in_its_own_class(p, dp):
    return dressed(right(p, dp), __repr__=lambda self: 1 / 0, __eq__=yes)


@value("WRONG")
def it_says_it_is_an_array(p, dp):
    class Rude:
        __class__ = property(lambda self: np.ndarray)

    return Rude()


@value("WRONG")
def it_says_it_is_a_number(p, dp):
    class Rude:
        __class__ = property(lambda self: float)

    return Rude()


@value("WRONG")
def it_says_it_is_a_tuple_in_a_list(p, dp):
    class Rude:
        __class__ = property(lambda self: tuple)

    return [Rude(), Rude()]


@value("WRONG", "CRASHED")
def it_answers_everything(p, dp):
    class Rude:
        def __getattr__(self, name):
            return self

        def __call__(self, *args, **options):
            return self

    return Rude()


@value("WRONG")
def its_memory_is_a_lie(p, dp):
    class Rude:
        __array_interface__ = {"shape": (4,), "typestr": "<f8", "version": 3, "data": bytes(8)}

    return Rude()


@value("WRONG")
def its_memory_makes_no_sense(p, dp):
    class Rude:
        __array_interface__ = {"shape": "p", "typestr": 5, "version": "x", "strides": None}

    return Rude()


@value("WRONG", "CRASHED")
def its_buffer_says_one_thing_and_its_length_another(p, dp):
    class Rude:
        def __len__(self):
            return 10**12

        def __getitem__(self, at):
            raise IndexError

    return Rude()


@value("WRONG")
def its_length_is_negative(p, dp):
    class Rude:
        def __len__(self):
            return -1

        def __getitem__(self, at):
            return 0.0

    return Rude()


@value("WRONG", "CRASHED", short=True, kernel=True)
def its_entries_never_end(p, dp):
    class Rude:
        def __len__(self):
            return 4

        def __getitem__(self, at):
            return 0.0

    return Rude()


@value("RIGHT", "WRONG")
def an_old_style_array(p, dp):
    class Tensor:
        def __init__(self, numbers):
            self.numbers = numbers

        def __array__(self, dtype=None, copy=None):
            return self.numbers

    return Tensor(right(p, dp))


@value("RIGHT", "WRONG")
def a_table_of_another_library(p, dp):
    class Series:
        def __init__(self, values):
            self.values, self.index = values, range(len(values))

        def __array__(self, dtype=None, copy=None):
            return self.values

        def __eq__(self, other):
            return self.values == other

        def __bool__(self):
            raise ValueError("The truth value of a Series is ambiguous")

        __hash__ = None

    return Series(right(p, dp))


@value("WRONG")
def its_array_is_a_list(p, dp):
    class Rude:
        def __array__(self, dtype=None, copy=None):
            return [1.0, 2.0]

    return Rude()


# What holds numbers, and is no array.


@value("RIGHT", "WRONG")
def a_view_of_memory(p, dp):
    return memoryview(right(p, dp))


@value("WRONG")
def a_view_of_memory_let_go(p, dp):
    view = memoryview(right(p, dp))
    view.release()
    return view


@value("RIGHT", "WRONG")
def an_array_of_the_array_module(p, dp):
    return array.array("d", right(p, dp).tolist())


@value("RIGHT", "WRONG")
def an_array_of_c(p, dp):
    return (ctypes.c_double * len(p))(*right(p, dp))


@value("RIGHT", "WRONG")
def a_deque(p, dp):
    return collections.deque(right(p, dp).tolist())


@value("RIGHT", "WRONG")
def a_list_by_another_name(p, dp):
    return collections.UserList(right(p, dp).tolist())


@value("RIGHT", "WRONG")
def a_tuple_with_names(p, dp):
    return collections.namedtuple("Rows", "a b c d e f g h")(*range(8))[: len(p)]


@value("RIGHT", "WRONG")
def a_weak_reference_to_it(p, dp):
    global _kept
    _kept = right(p, dp)
    return weakref.proxy(_kept)


@value("WRONG")
def a_weak_reference_to_nothing(p, dp):
    return weakref.proxy(right(p, dp).view(np.ma.MaskedArray))


@value("RIGHT", "WRONG")
def floats_with_a_class_of_their_own(p, dp):
    number = type("Number", (float,), {"__eq__": yes, "__repr__": lambda self: 1 / 0})
    return [number(v) for v in right(p, dp)]


@value("WRONG")
def floats_that_equal_everything(p, dp):
    number = type("Number", (float,), {"__eq__": yes, "__hash__": None})
    return [number(7) for _ in p]


@value("WRONG")
def decimals(p, dp):
    return [decimal.Decimal(float(v)) for v in right(p, dp)]


@value("WRONG")
def a_decimal_that_is_no_number(p, dp):
    return decimal.Decimal("sNaN")


@value("WRONG")
def fractions_of_whole_numbers(p, dp):
    return [fractions.Fraction(float(v)) for v in right(p, dp)]


@value("WRONG")
def a_range(p, dp):
    return range(len(p))


@value("WRONG")
def a_set(p, dp):
    return set(right(p, dp).tolist())


@value("WRONG")
def a_frozen_set(p, dp):
    return frozenset([1, "a", ...])


@value("WRONG")
def a_dictionary(p, dp):
    return dict(enumerate(right(p, dp)))


@value("WRONG")
def the_values_of_a_dictionary(p, dp):
    return dict(enumerate(right(p, dp))).values()


@value("WRONG", words="generator")
def a_generator(p, dp):
    return (v for v in right(p, dp))


@value("WRONG")
def an_iterator(p, dp):
    return map(float, right(p, dp))


@value("WRONG")
def an_iterator_without_end(p, dp):
    return itertools.count()


@value("WRONG")
def what_is_to_be_awaited(p, dp):
    async def later():
        return right(p, dp)

    return later()


# What holds no numbers.


@value("WRONG")
def nothing(p, dp):
    return None if len(p) else p


@value("WRONG")
def a_text(p, dp):
    return "0.5"


@value("WRONG")
def no_text(p, dp):
    return ""


@value("WRONG")
def markup(p, dp):
    return "</p><script>alert(1)</script>"


@value("WRONG", kernel=True)
def a_text_with_half_a_letter(p, dp):
    return "\ud800\x1b[31m\x00"


@value("WRONG")
def ten_million_letters_of_text(p, dp):
    return "p" * 10**7


@value("WRONG")
def a_list_of_texts(p, dp):
    return ["0.5"] * len(p)


@value("WRONG")
def raw_bytes(p, dp):
    return b"\xff\x00"


@value("WRONG")
def bytes_that_can_be_written(p, dp):
    return bytearray(right(p, dp).tobytes())


@value("TODO")
def dots(p, dp):
    return ...


@value("TODO")
def dots_in_a_list(p, dp):
    return [1.0, [..., 2.0]]


@value("TODO")
def dots_in_an_array(p, dp):
    return np.array([1.0, ...], dtype=object)


@value("WRONG")
def not_implemented(p, dp):
    return NotImplemented


@value("WRONG")
def a_type(p, dp):
    return float


@value("WRONG")
def a_module(p, dp):
    return np


@value("WRONG")
def a_function(p, dp):
    return lambda: right(p, dp)


@value("WRONG")
def a_function_of_c(p, dp):
    return np.exp


@value("WRONG")
def a_method_of_the_result(p, dp):
    return right(p, dp).tolist


@value("WRONG")
def a_function_with_a_name_of_markup(p, dp):
    def f():
        """Do nothing."""

    f.__name__ = f.__qualname__ = "<b>\n\x1b[1m" * 100
    return f


@value("WRONG")
def a_bare_object(p, dp):
    return object()


@value("WRONG")
def a_list_of_bare_objects(p, dp):
    return [object()] * len(p)


@value("WRONG")
def a_namespace(p, dp):
    return types.SimpleNamespace(numbers=right(p, dp))


@value("WRONG")
def a_slice(p, dp):
    return slice(None)


@value("WRONG")
def a_file(p, dp):
    with open(__import__("os").devnull) as file:
        return file


@value("WRONG")
def a_class_named_in_markup(p, dp):
    return type("<b>\n\x1b[1m" * 100, (), {})()


@value("WRONG", "CRASHED")
def a_class_without_a_name(p, dp):
    class Meta(type):
        __name__ = property(lambda cls: 1 / 0)
        __module__ = __mro__ = __name__

    return Meta("Rude", (), {})()


# Its arguments.


@attempt("WRONG")
def the_argument_itself(p, dp):
    return p


@attempt("WRONG")
def a_view_of_the_argument(p, dp):
    return p[:, 0]


@attempt("WRONG")
def the_argument_with_the_result_in_it(p, dp):
    p[:, 0] = right(p, dp)
    return p[:, 0]


@attempt("WRONG")
def the_argument_made_smaller(p, dp):
    numbers = right(p, dp)
    p.resize((1,), refcheck=False)
    return numbers


@attempt("WRONG")
def the_argument_made_larger(p, dp):
    numbers = right(p, dp)
    dp.resize((1000, 1000), refcheck=False)
    return numbers


@attempt("RIGHT", "WRONG")
def the_argument_closed_to_writing(p, dp):
    p.flags.writeable = False
    return right(p, dp)


@attempt("WRONG")
def both_arguments_and_the_result(p, dp):
    return p, dp, right(p, dp)


@attempt("WRONG", named=("overwritten", "shared_buffer"))
def the_same_array_each_time(p, dp, kept=np.zeros(4)):  # noqa: B008
    kept[: len(p)] = right(p, dp)
    return kept[: len(p)]
