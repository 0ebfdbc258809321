"""A change in a cache is seen, whatever the cache is made of; and only a change."""

import copy
import math
import threading
from collections import deque
from types import SimpleNamespace

import numpy as np
import pytest

from smlearn._snapshot import copied, same_content, snapshot
from smlearn.exercises.sandbox.plain_data import Other


class Slots:
    """A class whose objects have no __dict__."""

    __slots__ = ("p",)

    def __init__(self, p):
        self.p = p


class MoreSlots(Slots):
    """And one that adds to it, by a name of several letters."""

    __slots__ = "rest"


def more_slots(p):
    made = MoreSlots(np.ones(2))
    made.rest = p
    return made


def table_with(p):
    table = np.full((2, 3), None)
    table[1, 2] = p
    return table


HOLDERS = {
    "an array": lambda p: p,
    "a tuple": lambda p: (1, p),
    "a list in a dictionary": lambda p: {"kept": [p], 3: None},
    "a deque": lambda p: deque([0.0, p]),
    "an object": lambda p: SimpleNamespace(p=p),
    "slots": Slots,
    "slots of a base class": lambda p: MoreSlots(p),
    "one slot by its bare name": more_slots,
    "an array of objects": lambda p: np.array([p, None], dtype=object),
    "an array around one object": lambda p: np.array(SimpleNamespace(p=p), dtype=object),
    "the last of two tables of objects": lambda p: [table_with(None), table_with(p)],
    "deep down": lambda p: [({"a": (Slots(SimpleNamespace(p=p)),)},)],
}


@pytest.mark.parametrize("holder", HOLDERS)
def test_a_changed_entry_is_seen_and_nothing_else_is(holder):
    """Equal before, unequal after one entry moved by one unit in the last place."""
    p = np.array([0.25, 0.75])
    cache = HOLDERS[holder](p)
    before = snapshot(cache)
    assert snapshot(cache) == before
    p[1] = np.nextafter(p[1], 1)
    assert snapshot(cache) != before


def test_what_came_or_went_is_seen():
    """An entry more, a name less, another type."""
    for cache, change in [
        ([1], lambda c: c.append(2)),
        ({"a": 1, "b": 2}, lambda c: c.pop("b")),
        ({1, 2}, lambda c: c.add(3)),
        (SimpleNamespace(a=1), lambda c: setattr(c, "a", 1.0)),
        (SimpleNamespace(a=1), lambda c: delattr(c, "a")),
        ([np.zeros(2)], lambda c: c.__setitem__(0, np.zeros(2, np.float32))),
        ([np.zeros((1, 2))], lambda c: c.__setitem__(0, np.zeros(2))),
        ([[]], lambda c: c.__setitem__(0, [[]])),
    ]:
        before = snapshot(cache)
        change(cache)
        assert snapshot(cache) != before


def test_a_set_may_hold_whatever_it_likes_in_any_order():
    """Numbers beside words have no order of their own; and to take out and put back is no change.

    0 and 8 want one place in a small set, so that who came first goes first.
    """
    for kind in (set, frozenset):
        one, other = kind([0, 8]), kind([8, 0])
        assert list(one) != list(other)
        assert snapshot(one) == snapshot(other)
        mixed = kind([2, "a", None, (1.5,), b"c"])
        assert snapshot(mixed) == snapshot(kind(reversed(list(mixed))))
        assert snapshot(mixed) != snapshot(kind([3, "a", None, (1.5,), b"c"]))


def test_nan_is_equal_to_nan():
    """A cache that holds NaN and was left alone was left alone."""
    cache = (np.nan, np.array([np.nan]), np.float64("nan"))
    assert snapshot(cache) == snapshot(cache)


def test_what_cannot_be_copied_or_compared_is_passed_over():
    """Locks, generators, functions, modules, classes; and a cache inside itself."""
    cache = [threading.Lock(), (i for i in range(3)), np.random.default_rng(0), len, np, Slots]
    cache.append(cache)
    before = snapshot(cache)
    next(cache[1])
    assert snapshot(cache) == before
    assert len(before) < 20  # the module was not entered


def test_an_object_that_is_held_twice_is_entered_once():
    """Else a cache of n layers, each holding the one before it twice, would take 2^n steps."""
    cache = [1.0]
    for _ in range(60):
        cache = [cache, cache]
    assert len(snapshot(cache)) == 62


class Text(str):
    """Text of a learner's own kind."""


class Own(np.ndarray):
    """An array of a learner's own kind."""


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        (np.ones(2), np.ones(2), True),
        (np.ones(2), np.ones(3), False),
        (np.ones(2), np.ones(2, np.float32), False),
        (np.array([np.nan]), np.array([np.nan]), True),
        (np.array(["a"]), np.array(["a"]), True),
        ({"a": np.ones(2)}, {"a": np.ones(2)}, True),
        ({"a": np.ones(2)}, {"a": np.zeros(2)}, False),
        ({"a": 1}, {"b": 1}, False),
        ((1, [2]), (1, [2]), True),
        ((1, [2]), (1, [3]), False),
        ((1,), (1, 2), False),
        (math.nan, math.nan, True),
        (1, 2, False),
        (1, 1.0, False),
        ("a", "a", True),
        ("a", "b", False),
        (None, None, True),
        (Other("generator"), Other("generator"), True),
        (Other("generator"), Other("coroutine"), False),
        (0.0, -0.0, True),
        (np.float32(0), np.float32(-0.0), True),
        (np.zeros(2), -np.zeros(2), True),
        (np.array([np.nan]), -np.array([np.nan]), True),
        (np.array([1j * np.nan]), np.array([np.nan]) * 1j, True),
        (np.zeros((2, 2)), np.zeros(4), False),
        (np.broadcast_to(0.0, (10**6, 10**6)), np.broadcast_to(0.0, (10**6, 10**6)), True),
        (np.broadcast_to(0.0, (10**6, 10**6)), np.broadcast_to(0.0, (10**6, 10**5)), False),
        (np.broadcast_to(0.0, (10**6, 10**6)), np.broadcast_to(1.0, (10**6, 10**6)), False),
        (np.broadcast_to(2.0, (3, 4)), np.full((3, 4), 2.0), True),
        (np.broadcast_to(2.0, (3, 4)), np.eye(3, 4) + 1, False),
        (np.broadcast_to([0.0, 1.0], (3, 2)), np.array([[0.0, 1.0]] * 3), True),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, True),
        (np.zeros(10**6 + 1), np.eye(1, 10**6 + 1, 10**6)[0], False),
        (np.array(1.0), np.array(1.0), True),
        ([0], {0: 1}, False),
        (1.0, 2.0, False),
        (1e-20, 2e-20, False),
        (1e-20j, 2e-20j, False),
        (np.float64(1.0), 1.0, False),
        (Text("a"), "a", False),
        ({1}, frozenset({1}), False),
        (np.ones(2).view(Own), np.ones(2), False),
    ],
)
def test_the_same_content(a, b, same):
    """Number by number, and type by type."""
    assert same_content(a, b) is same
    assert same_content(b, a) is same


def test_a_long_double_is_its_number_not_its_bytes():
    """Those between two numbers belong to nobody, and hold anything."""
    x = np.linspace(0, 1, 7, dtype=np.longdouble) / 3
    for dirt in (0, 255):
        other = np.frombuffer(bytes([dirt]) * x.nbytes, np.uint8).copy().view(x.dtype)
        other[:] = x + 0
        assert same_content(x, other)
        assert snapshot(other) == snapshot(x)
    assert not same_content(x, x.astype(float).astype(x.dtype))
    assert not same_content(x, x + np.finfo(x.dtype).eps)
    assert same_content(x[:2] * 1j, x[:2] * 1j)
    assert same_content(x * np.nan, x * np.nan)


COLUMNS = np.asfortranarray(np.arange(6.0).reshape(2, 3))
LIST = np.array([[1.0]], dtype=object)
LIST[0, 0] = [1.0]


@pytest.mark.parametrize(
    "args",
    [(), (COLUMNS, np.arange(3)), (COLUMNS, COLUMNS), (LIST,), (COLUMNS, [1.0], "x"),
     (np.broadcast_to(1.0, (2, 2)),)],
    ids=["none", "two", "one twice", "objects", "a list", "read-only"],
)  # fmt: skip
def test_a_copy_of_arguments_holds_the_same_and_shares_nothing(args):
    """Not even what an array of objects holds; and one array handed in twice stays one."""
    made, deep = copied(args), copy.deepcopy(args)
    assert snapshot(made) == snapshot(deep)
    for mine, wanted, given in zip(made, deep, args, strict=True):
        assert type(mine) is type(wanted)
        if isinstance(mine, np.ndarray):
            assert (mine.strides, mine.flags.writeable) == (wanted.strides, True)
            assert not np.shares_memory(mine, given)
    if args and args[0] is LIST:
        assert made[0][0, 0] is not LIST[0, 0]
    assert len(set(map(id, made))) == len(set(map(id, args)))
