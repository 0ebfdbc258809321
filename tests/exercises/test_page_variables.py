"""The variables of a page have their values back, and those values their content."""

import array
import builtins
import random
import sys
import warnings
from collections import Counter, OrderedDict, defaultdict, deque

import numpy as np
import pytest

from smlearn.exercises.sandbox import page_variables
from smlearn.exercises.sandbox.page_variables import pages, set_back


def test_the_pages_are_the_functions_own_and_the_notebook():
    """Of a function of C the notebook alone; each page once."""
    notebook = vars(sys.modules["__main__"])
    mine = pages(test_the_pages_are_the_functions_own_and_the_notebook)
    assert [page is each for page, each in zip(mine, (globals(), notebook), strict=True)]
    here = eval("lambda: 1", notebook)
    for f in (len, here):
        (page,) = pages(f)
        assert page is notebook


def test_variables_are_put_back():
    """By name, and what is in them, three levels deep; what nobody touched is not written."""
    inner = np.zeros(2)
    page = {"a": 1, "rows": [[inner]], 5: {"x": 1}, "closed": np.ones(1)}
    page["closed"].flags.writeable = False
    put_back = set_back(page)
    page["new"], page["a"] = 1, 2
    page["rows"].append(0)
    inner[:] = 7
    page[5]["y"] = 2
    put_back()
    assert list(page) == ["a", "rows", 5, "closed"]
    assert page["a"] == 1
    assert len(page["rows"]) == 1
    assert inner.tolist() == [0, 0]
    assert page[5] == {"x": 1}
    assert not page["closed"].flags.writeable


def holders(inner):
    """Return what may hold another value, each of its kind."""
    return {
        "list": [inner],
        "tuple": (inner,),
        "queue": deque([inner]),
        "dictionary": {"a": inner},
        "ordered": OrderedDict(a=inner),
        "default": defaultdict(list, a=inner),
        "counter": Counter({"a": inner}),
        "default of a function": eval("lambda a: a", {}),
        "default by name": eval("lambda *, a: a", {}),
    }


@pytest.mark.parametrize("kind", holders(None))
def test_what_is_in_something_is_put_back(kind):
    """A list in it, that something is added to; and what is two levels further down is not."""
    inner, far = [1], [1]
    holder = holders(inner)[kind]
    if kind == "default of a function":
        holder.__defaults__ = (inner,)
    if kind == "default by name":
        holder.__kwdefaults__ = {"a": inner}
    put_back = set_back({"a": holder, "deep": [[[[far]]]]})
    inner.append(2)
    far.append(2)
    put_back()
    assert inner == [1]
    assert far == [1, 2]


CONTENT = {  # a value, and what is done to it
    "list": ([1, 2], lambda a: a.reverse()),
    "queue": (deque([1, 2]), lambda a: a.append(3)),
    "bytes": (bytearray(b"ab"), lambda a: a.append(3)),
    "set": ({1, 2}, lambda a: a.add(3)),
    "row": (array.array("d", [1, 2]), lambda a: a.append(3)),
    "counter": (Counter("ab"), lambda a: a.update("abc")),
    "table": ({"a": 1, "b": 2}, lambda a: a.update(a=a.pop("a"))),
    "ordered": (OrderedDict(a=1, b=2), lambda a: a.move_to_end("a")),
    "ordered, less": (OrderedDict(a=1, b=2), lambda a: a.pop("a")),
    "ordered, more": (OrderedDict(a=1, b=2), lambda a: a.update(c=3)),
    "numbers": (np.arange(3.0), lambda a: a.fill(7)),
    "a part": (np.arange(6.0)[::2], lambda a: a.fill(7)),
    "another shape": (np.arange(3.0), lambda a: a.resize(2, 2, refcheck=False)),
    "masked": (np.ma.array([1.0, 2], mask=[False, True]), lambda a: a.__setitem__(..., 9)),
    "dice": (np.random.default_rng(1), lambda a: a.random()),
    "old dice": (np.random.RandomState(1), lambda a: a.rand()),
    "python's dice": (random.Random(1), lambda a: a.random()),
}


@pytest.mark.parametrize("kind", CONTENT)
def test_content_is_put_back(kind):
    """Of each kind; it is the same value, and not another one like it."""
    value, change = CONTENT[kind]

    def read():
        state = getattr(value, "getstate", getattr(value, "get_state", None))
        return str(value.bit_generator.state if kind == "dice" else state() if state else value)

    before, page = read(), {"a": value}
    put_back = set_back(page)
    change(value)
    assert read() != before
    put_back()
    assert read() == before
    assert page["a"] is value


def test_an_array_may_be_written_as_before():
    """What was closed is opened, and closed again; about what never opens no word is said."""
    mine, shut, wide = np.zeros(2), np.zeros(2), np.broadcast_to(1.0, (3,))
    shut.flags.writeable = False
    put_back = set_back({"mine": mine, "shut": shut, "wide": wide})
    shut.flags.writeable = True
    mine[0] = shut[0] = 1
    mine.flags.writeable = False
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        put_back()
    assert not said
    assert [a.flags.writeable for a in (mine, shut)] == [True, False]
    assert mine.tolist() == shut.tolist() == [0, 0]


def test_what_nobody_touched_is_not_written():
    """Somebody may be going through it."""
    page = {"queue": deque("ab"), "table": {"a": 1, "b": 2}}
    ways = list(map(iter, page.values()))
    assert [next(way) for way in ways] == ["a", "a"]
    set_back(page)()
    assert [next(way) for way in ways] == ["b", "b"]


def test_functions_of_a_page_are_put_back():
    """Their code and what they take where nothing is given."""

    def f(a=1, *, b=2):
        return a, b

    put_back = set_back({"f": f})
    f.__code__ = (lambda a=0, *, b=0: "another").__code__
    f.__defaults__, f.__kwdefaults__ = (5,), {"b": 6}
    put_back()
    assert f() == (1, 2)


def test_pythons_own_names_are_left_to_the_process():
    """Which puts them back sooner; a name that is set meanwhile stays here."""
    put_back = set_back({"__builtins__": vars(builtins)})
    builtins.of_mine = 1
    put_back()
    assert builtins.of_mine
    del builtins.of_mine


def test_of_very_much_nothing_is_copied(monkeypatch):
    """A large array, a long list, a level with too many values: they stay as they are left."""
    monkeypatch.setattr(page_variables, "LARGE", 4)
    monkeypatch.setattr(page_variables, "MANY", 3)
    large = np.zeros(5), [0] * 5, np.ma.zeros(5)
    fits, long, inner = np.zeros(4), [[0]] * 4, [0]
    for value in large:
        put_back = set_back({"large": value})
        value[0] = 1
        put_back()
        assert value[0] == 1
    put_back = set_back({"fits": fits, "long": long, "rows": [inner]})
    inner.append(1)
    long[0].append(1)
    fits[0] = 1
    put_back()
    assert (inner, long[0], fits.tolist()) == ([0], [0, 1], [0.0] * 4)
    wide = [[0], [1]], [[2], [3]]
    put_back = set_back({"wide": wide})
    wide[0].append(4)
    wide[0][0].append(4)
    put_back()
    assert wide[0] == [[0, 4], [1]]
