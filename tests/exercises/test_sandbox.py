"""What learner code hands over becomes plain data; and what is put back is put back."""

import asyncio
import builtins
import copy
import functools
import gc
import json
import os
import re
import signal
import sys
import textwrap
import threading
import warnings
from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace

import numpy as np
import pytest
from cases import of_one_buffer

import smlearn
from smlearn import exercises
from smlearn.exercises import exercise
from smlearn.exercises.sandbox.call import call, learner_line, read_answer, try_all
from smlearn.exercises.sandbox.clock import Patience
from smlearn.exercises.sandbox.function_behind import function_behind
from smlearn.exercises.sandbox.interpreter import handlers
from smlearn.exercises.sandbox.plain_data import (
    Other,
    is_large,
    name_of,
    one_line,
    plain,
    runs_no_code,
    written_down,
)
from smlearn.exercises.sandbox.process import Process
from smlearn.mistakes import trying
from smlearn.mistakes.trying import Run


class Loud(float):
    def __eq__(self, other):
        return True

    __hash__ = None


class Equal(type):
    """A class of it equals every other."""

    def __eq__(cls, other):
        return True

    __hash__ = type.__hash__


class Answering:
    """Every attribute is there."""

    def __getattr__(self, name):
        return self


class WithNumbers:
    def __array__(self, dtype=None, copy=None):
        return np.arange(3.0)


class Lying:
    @property
    def __array_interface__(self):
        return {"data": (1, False), "shape": (9,), "typestr": "<f8", "version": 3}


class Pointing:
    __array_struct__ = 0


class Worded:
    def __array__(self, dtype=None, copy=None):
        return np.array(["a"])

    def __repr__(self):
        return Letters("['a']")


class Unwritten:
    def __repr__(self):
        raise RuntimeError


class Letters(str):
    def __eq__(self, other):
        return True

    __str__ = __hash__ = None


class Derived(np.ndarray):
    def __eq__(self, other):
        return True

    __hash__ = None


class Named(type):
    @property
    def __name__(cls):
        raise RuntimeError


async def later():
    return 1


itself = [1]
itself.append(itself)
deep = functools.reduce(lambda inner, _: [inner], range(5000), 1.0)
wide = functools.reduce(lambda inner, _: [inner, inner], range(60), 1.0)


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        (None, None),
        (..., ...),
        (True, True),
        ("a", "a"),
        ([1, (2.5, b"c")], [1, (2.5, b"c")]),
        ({"a": {1}}, {"a": {1}}),
        (10**4000, Other("int", "a very long number")),
        (-(10**4000), Other("int", "a very long number")),
        (np.ma.array([1.0, 2.0], mask=True), Other("masked array")),
        (np.array([1, "a"], dtype=object), Other("ndarray", "an array of objects")),
        (np.array([1, ...], dtype=object), [...]),
        ((i for i in ()), Other("generator")),
        (later, Other("function", "later")),
        (np.exp, Other("function", "exp")),
        (Answering(), Other("Answering", "<test_sandbox.Answering object>")),
        (Lying(), Other("Lying", "<test_sandbox.Lying object>")),
        (Pointing(), Other("Pointing", "<test_sandbox.Pointing object>")),
        (Worded(), Other("Worded", "['a']")),
        (Unwritten(), Other("Unwritten")),
        (-1, -1),
        (10**3000, 10**3000),
        (2j, 2j),
        (1.5, 1.5),
        ({(1, 2): frozenset("a")}, {(1, 2): frozenset("a")}),
    ],
)
def test_plain_data(value, wanted):
    """What holds no numbers says what it was, in words that do not vary."""
    got = plain(value)
    assert type(got) is type(wanted)
    assert got == wanted
    assert repr(Other("generator")) == "a generator"
    assert repr(Other("function", "later")) == "later"


def test_exact_numbers_keep_what_they_are_worth():
    """A fraction or a decimal is told apart from a float, which it can be taken for."""
    assert plain(Fraction(-1, 4)) == Other("Fraction", "Fraction(-1, 4)")
    assert plain(Fraction(-1, 4)).number == -0.25
    assert plain(Decimal("0.5")).number == 0.5
    assert plain(Fraction(10**400)).number is plain(Decimal("sNaN")).number is None
    mixed = plain(np.array([[Fraction(1, 2), 3], [0.25, Decimal(1)]], dtype=object))
    assert mixed == Other("ndarray", "an array of objects")
    assert mixed.number.tolist() == [[0.5, 3.0], [0.25, 1.0]]
    for each in ("a", object(), Fraction(10**400)):
        assert plain(np.array([Fraction(1), each], dtype=object)).number is None


def test_a_coroutine_is_closed():
    """Or Python complains that nobody has awaited it."""
    waiting = later()
    assert plain(waiting) == Other("coroutine")
    with pytest.raises(RuntimeError, match="cannot reuse already awaited"):
        asyncio.run(waiting)


def test_derived_classes_lose_their_methods():
    """A number that equals everything is a number again."""
    assert type(plain(Loud(2.0))) is float
    assert plain(Loud(2.0)) == 2.0
    assert plain(Loud(2.0)) != 3.0
    assert type(plain(np.zeros(2).view(Derived))) is np.ndarray
    for base, value in ((complex, 2j), (str, "a"), (bytes, b"a"), (int, 2), (list, [1]),
                        (tuple, (1,)), (set, {1}), (frozenset, {1}), (dict, {1: 2})):  # fmt: skip
        mine = type("Mine", (base,), {"__eq__": lambda *_: True, "__hash__": None})
        got = plain(mine(value))
        assert type(got) is base
        assert got == value
        assert got != mine
    assert plain(np.float32(1.5)).dtype == np.float32


def test_numbers_of_an_object_are_asked_for_once_and_copied():
    """Nothing is shared with what was handed over."""
    assert plain(WithNumbers()).tolist() == [0, 1, 2]
    a = np.zeros(2)
    kept = plain(a)
    a[0] = 1
    assert kept.tolist() == [0, 0]


@pytest.mark.parametrize("value", [itself, deep, wide, {"a": itself}, (itself,)])
def test_what_has_no_end_comes_to_one(value):
    """A list in itself, 5,000 deep, or with the same one twice in it sixty times over."""
    assert re.search("one in another|more than 100,000 things", repr(plain(value)))


def test_as_much_as_a_list_may_hold_is_read():
    """32 lists deep, 100,000 entries with the list; and no more of either."""
    for deep, wide in ((32, 10**5 - 1), (33, 10**5)):
        nested = functools.reduce(lambda inner, _: [inner], range(deep), 1.0)
        fits = [plain(value) == value for value in (nested, [0] * wide)]
        assert fits == [deep == 32] * 2


def test_of_a_large_array_the_shape_is_kept():
    """Also where one of its axes has length 0, which takes no memory, and a loop for ever."""
    assert plain(np.broadcast_to(1.5, (10**6, 10**6))).shape == (10**6, 10**6)
    assert plain(np.broadcast_to(np.float32(1), (10**6, 2))).dtype == np.float32
    assert is_large(np.zeros((0, 10**9)))
    assert not is_large(np.zeros((0, 10**6)))
    assert not is_large(np.zeros(10))


def test_text_is_one_line_without_addresses():
    """And without what a terminal would obey."""
    assert one_line("a" * 10**6) == "a" * 20_000
    assert name_of(type("a" * 300, (), {})) == "a" * 200
    assert one_line("a\n b <x at 0x7f00deadbeef> \x1b[1m 0xff") == "a b <x> ?[1m 0xff"
    assert name_of(Named("A", (), {})) == "A"
    assert name_of(type("", (), {})) == "thing"


@pytest.mark.parametrize(
    ("value", "safe"),
    [
        (1.0, True),
        (None, True),
        (np.zeros(2), True),
        (np.float64(1), True),
        (np.zeros(2, object), False),
        (np.zeros(2).view(Derived), False),
        ([1.0], False),
        (Loud(1.0), False),
        (Equal("Mine", (), {})(), False),
    ],
)
def test_what_runs_no_code(value, safe):
    """Only then is the clock not needed."""
    assert runs_no_code(value) is safe


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (0.5, True),
        ("grad_output", True),
        (..., True),
        ([0.5, (1, None), [True, "a"]], True),
        ([np.zeros((2, 3)), ...], True),
        ([[[[1.0]]]], True),
        ([[[[[1.0]]]]], False),  # too deep, as a list in itself is
        ([0.0] * 16, True),
        ([0.0] * 17, False),
        ([Loud(1.0)], False),
        ({"a": 1.0}, False),
        (Fraction(1, 2), False),
        (type("Text", (str,), {})("a"), False),
        (type("List", (list,), {})([1.0]), False),
    ],
)
def test_what_is_written_down(value, plain):
    """Numbers, text and short lists of these, of Python's own classes."""
    assert written_down(value) is plain


def test_who_reads_what_is_written_down_guards_nothing(monkeypatch):
    """No code of the learner's runs; a value that has code is judged behind the walls."""
    walls = []
    monkeypatch.setattr(exercises, "Process", lambda tables: walls.append(1) or Process(tables))
    two = exercise("two_ways_of_e")
    for wrong in ([[-0.25, np.inf]], [float("nan")]):
        assert two.check(-0.25, wrong).status == "WRONG"
    assert exercise("equal_logits").check(-0.25).right
    assert walls == []
    assert exercise("equal_logits").check(Loud(-0.25)).status in ("RIGHT", "WRONG")
    assert exercise("bias_backward").check(0.5).key == "not_a_function"
    assert walls == [1, 1]


def test_the_function_behind_a_callable():
    """Its page is the one that can be changed."""

    def f(a):
        return a

    class Holder:
        def method(self):
            return 1

        def __call__(self):
            return 2

    for callable_ in (f, functools.partial(f, 1), np.vectorize(f), functools.cache(f)):
        assert function_behind(callable_) is f
    assert function_behind(staticmethod(f)) is f
    assert function_behind(Holder().method) is Holder.method
    assert function_behind(Holder()) is Holder.__call__
    assert function_behind(len) is None
    endless = Holder()
    Holder.__call__ = endless
    assert function_behind(endless) is None


def test_a_call_notes_what_it_did():
    """What came back, what was changed, and whether it was changed back but for rounding."""
    x = np.array([0.1, 0.2])

    def there_and_back(a):
        a += 0.3
        a -= 0.3
        return a[0]

    def doubles(a):
        a *= 2
        return a[0]

    run = call(there_and_back, (x,), Patience())
    assert run.changed == (0,)
    assert run.nearly_back
    run = call(doubles, (x,), Patience())
    assert run.changed == (0,)
    assert not run.nearly_back
    assert call(lambda a: a.sum(), (x,), Patience()) == Run(x.sum())
    assert x.tolist() == [0.1, 0.2]


def test_a_buffer_that_is_used_again_is_seen():
    """An array, and an array in a list; a new one each time is none."""
    cases = {"one": (1.0,), "two": (2.0,)}
    for f, seen in of_one_buffer():
        assert try_all(f, cases, Patience())["one"].overwritten is seen


@pytest.mark.parametrize(
    ("x", "h", "more"), [(0.1, 0.3, 1e-9), (1e-3, 1e3, 1e-9), (1e6 + 0.1, 1e9 + 0.1, 1e-13)]
)
def test_a_nudge_is_taken_back_but_for_rounding(x, h, more):
    """That of the sum, beside the number or beside 1."""

    def there_and_back(a, step):
        a += h
        a -= h * step

    assert call(there_and_back, (np.array([x]), 1), Patience()).nearly_back
    assert not call(there_and_back, (np.array([x]), 1 + more), Patience()).nearly_back


def test_another_shape_and_another_key_are_not_taken_back():
    """What is no array is changed, or it is not."""

    def turns(a):
        a.resize((2, 1), refcheck=False)

    def adds(table):
        table["b"] = 1

    for f, arg in ((turns, np.ones(2)), (adds, {"a": 1})):
        run = call(f, (arg,), Patience())
        assert (run.changed, run.nearly_back) == ((0,), False)


def error_of(f, *args):
    with pytest.raises(Exception, match=r"\w") as caught:
        f(*args)
    return caught.value


def test_the_line_that_is_shown_is_the_learners():
    """In the page of the function, be it in another cell; of no function the deepest one."""
    page = {}
    exec(compile("def helper(a):\n    return 1 / a\n", "<cell 1>", "exec"), page)
    exec(compile("def mine(a):\n    return helper(a)\n", "<cell 2>", "exec"), page)
    helper, mine = page["helper"], page["mine"]
    assert learner_line(error_of(mine, 0), mine) == (2, "")
    assert learner_line(error_of(helper, 0), mine) == (2, "")
    assert learner_line(error_of(int, "x"), mine) is None  # raised in this file
    for error in (error_of(int, "x"), error_of(exercise, "none of ours")):
        assert learner_line(error, np.exp)[1] == "f(*args)"


def test_an_error_without_a_line_has_that_of_the_one_before_it():
    """And two that came before each other have none."""
    first, second = error_of(int, "x"), ValueError()
    second.__context__ = first
    assert learner_line(second, int)[1] == "f(*args)"
    first, second = ValueError(), ValueError()
    first.__context__, second.__context__ = second, first
    assert learner_line(first, int) is None


def test_a_large_array_is_not_said_to_be_overwritten():
    """Of it only the shape is kept, so nothing is compared."""
    runs = try_all(lambda a: np.ones((2, 10**6)), {"one": (1.0,), "two": (2.0,)}, Patience())
    assert runs["one"].array.shape == (2, 10**6)
    assert not runs["one"].overwritten


def test_what_came_back_is_let_go_of_inside_as_well():
    """Its __del__ is learner code."""
    depth, seen = [], []

    class World:
        def __enter__(self):
            depth.append(1)

        def __exit__(self, *error):
            depth.pop()

    class Going:
        def __array__(self, dtype=None, copy=None):
            return np.arange(3.0)

        def __del__(self):
            seen.append(len(depth))

    run = call(lambda: Going(), (), Patience(world=World()))
    assert run.value.tolist() == [0, 1, 2]
    assert seen == [1]


def test_an_error_that_follows_the_stop_button_is_an_error():
    """Only its own comes through; and that of the answer's own hand does not."""
    patience = Patience()

    def stops():
        raise KeyboardInterrupt

    assert call(stops, (), patience).failed
    patience.pressed = True
    assert call(lambda: 1 / 0, (), patience).failed
    with pytest.raises(KeyboardInterrupt):
        call(stops, (), patience)


def test_what_an_error_says_is_learner_code():
    """It may raise, and the stop button may be pressed during it."""

    class Odd(Exception):
        def __str__(self):
            raise self.args[0]

    def says(error):
        raise Odd(error)

    patience = Patience()
    assert call(says, (KeyboardInterrupt,), patience).said == ""
    patience.pressed = True
    assert call(says, (ValueError,), patience).said == ""
    with pytest.raises(KeyboardInterrupt):
        call(says, (KeyboardInterrupt,), patience)


def test_an_object_is_asked_for_its_numbers_once():
    """One that has others each time is not said to be overwritten."""

    class Counting:
        asked = 0

        def __array__(self, dtype=None, copy=None):
            Counting.asked += 1
            return np.array([Counting.asked])

    runs = try_all(lambda a: Counting(), {"one": (1.0,), "two": (2.0,)}, Patience())
    assert [run.value.tolist() for run in runs.values()] == [[1], [2]]
    assert not runs["one"].overwritten


@pytest.mark.skipif(not hasattr(os, "fork"), reason="nothing forks there")
def test_a_child_does_not_come_back():
    """It would go through the rest of the page a second time."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a thread may be there, from 3.12 on a warning
        child = call(os.fork, (), Patience()).value
    if child == 0:
        os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_asking_ends_where_nothing_is_written():
    """And an error that is false is an error."""

    def open_(a):
        raise NotImplementedError

    class Lie(Exception):
        def __bool__(self):
            return False

    def lies(a):
        raise Lie

    cases = {"one": (1.0,), "two": (2.0,)}
    assert list(try_all(open_, cases, Patience())) == ["one"]
    runs = try_all(lies, cases, Patience())
    assert list(runs) == ["one", "two"]
    assert all(run.failed and not run.unfinished for run in runs.values())


def test_an_answer_that_cannot_be_read_is_named():
    """By its class; a very large one has no numbers for us."""
    assert read_answer(np.broadcast_to(0.0, (10**6, 10**6)), Patience()) == Other(
        "ndarray", "a very large array"
    )
    assert read_answer([1, 2], Patience()) == [1, 2]
    assert read_answer(0.5, Patience(-1)) == 0.5  # which takes no time
    assert read_answer(Answering(), Patience(-1)) == Other("Answering")


def test_the_process_is_put_back():
    """Names, code, classes, tables, settings, the list of folders; what is new may stay.

    But not in a class, where it would hide what a base class has.
    """
    exp, code, table = np.exp, smlearn.softmax.__code__, {"a": 1, "b": 2}
    limit, path, doors = sys.getrecursionlimit(), list(sys.path), os._exit
    before = json.dumps, np.allclose.__wrapped__.__defaults__
    process = Process((table,))
    close, kept = np.allclose.__wrapped__, copy.copy
    with process:
        assert os._exit is not doors
        json.dumps, close.__defaults__ = len, (np.inf, np.inf, False)
        copy._deepcopy_dispatch[np.ndarray] = kept
        with pytest.raises(SystemExit):
            os._exit(1)
        np.exp, np.new = sum, 1
        smlearn.softmax.__code__ = (lambda x: x).__code__
        table["a"], table["c"] = 5, 3
        del table["b"]
        sys.setrecursionlimit(limit + 1)
        sys.path.append("x")
        gc.disable()
        Run.failed, Run.array_of_mine = False, 1
    assert np.exp is exp
    assert smlearn.softmax.__code__ is code
    assert table == {"a": 1, "b": 2, "c": 3}
    assert (sys.getrecursionlimit(), sys.path, os._exit) == (limit, path, doors)
    assert gc.isenabled()
    assert Run(error=ValueError()).failed
    assert not hasattr(Run, "array_of_mine")
    assert np.ndarray not in copy._deepcopy_dispatch
    del np.new
    assert json.dumps is len  # which no check works with: it is put back at the end
    assert process.left() == ()
    assert (json.dumps, close.__defaults__) == before


def test_an_entry_that_is_deleted_at_the_very_end_is_put_back():
    """All that is left is as it was then, one by one."""
    table = {"a": 1, "b": 2}
    with Process((table,)):
        del table["b"]
    assert table == {"a": 1, "b": 2}


def test_what_takes_another_ones_place_is_put_back():
    """In a list that is as long as before; in Python's, the course's and the sandbox's modules."""
    path, homes = list(sys.path), {textwrap: "dedent", smlearn: "softmax", trying: "largest"}
    before = [getattr(home, name) for home, name in homes.items()]
    with Process():
        sys.path[0] = "another"
        for home, name in homes.items():
            setattr(home, name, None)
    assert sys.path == path
    assert [getattr(home, name) for home, name in homes.items()] == before


def test_between_calls_that_belong_together_the_doors_are_open(monkeypatch):
    """There the course's own code runs; each call closes them, and all end as they began."""
    shell = SimpleNamespace(ask_exit=print)
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: shell))
    outside, process = os._exit, Process()
    with process:
        for _ in range(2):
            with process:
                for door in (os._exit, shell.ask_exit):
                    with pytest.raises(SystemExit):
                        door(1)
            assert (os._exit, shell.ask_exit) == (outside, print)
    assert (os._exit, shell.ask_exit) == (outside, print)


def test_a_thread_that_goes_on_is_said():
    """Nobody can stop it from here."""
    end = threading.Event()

    def mine(p, dp):
        threading.Thread(target=end.wait).start()
        return (p * dp).sum(axis=-1)

    verdict = exercise("expected_upstream").check(mine)
    end.set()
    assert verdict.right
    assert "thread" in str(verdict).splitlines()[-1]
    assert "thread" in verdict._repr_html_()


@pytest.mark.parametrize(("home", "said"), [("__main__", 1), ("tqdm._monitor", 0)])
def test_a_progress_bars_own_thread_is_nobodys_fault(home, said):
    """It watches all bars, and goes on when they are done."""
    end, process = threading.Event(), Process()
    thread = type("Monitor", (threading.Thread,), {"__module__": home})(target=end.wait)
    thread.start()
    left = process.left()
    end.set()
    thread.join()
    assert len(left) == said


@pytest.mark.parametrize("own", [{}, {"ask_exit": print}], ids=["of its class", "of its own"])
def test_the_notebooks_way_out_is_closed_and_opened_again(monkeypatch, own):
    """IPython's exit() asks the shell to end the kernel; what the shell had is there again."""
    shell = SimpleNamespace(**own)
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: shell))
    with Process():
        with pytest.raises(SystemExit):
            shell.ask_exit()
        with pytest.raises(RuntimeError, match=r"signal.signal is closed while an answer is ch"):
            signal.signal(signal.SIGINT, signal.SIG_DFL)
    assert vars(shell) == own
    assert signal.signal.__module__ == "signal"


def test_pythons_own_names_are_put_back_and_new_ones_taken_away():
    """Before all else: what puts the rest back is written with them."""
    before, names = (sum, len), set(vars(builtins))
    with Process():
        builtins.sum, builtins.len, builtins.of_mine = max, None, 1
    assert (sum, len) == before
    assert set(vars(builtins)) == names


def test_what_new_files_may_be_is_read_without_a_trace():
    """The mask of their permissions is read by writing it."""
    usual = os.umask(0o200)
    with Process():
        inside = os.umask(0o77)
    assert inside == os.umask(usual) == 0o200


@pytest.mark.parametrize("ipython", [None, SimpleNamespace()], ids=["none", "half loaded"])
def test_where_there_is_no_notebook_none_is_asked(monkeypatch, ipython):
    """A script, or an IPython that is being imported."""
    monkeypatch.setitem(sys.modules, "IPython", ipython)
    with Process(), pytest.raises(SystemExit):
        sys.modules["builtins"].exit()


def test_where_there_is_no_event_loop_none_is_put_back(monkeypatch):
    """A script need not have loaded what makes one."""
    monkeypatch.setitem(sys.modules, "asyncio.events", None)
    limit = sys.getrecursionlimit()
    with Process():
        sys.setrecursionlimit(sys.getrecursionlimit() + 1)
    assert sys.getrecursionlimit() == limit


def test_in_a_thread_the_handlers_are_left_to_the_main_one():
    """Which alone can set them, and may have done so for itself."""
    inside, changed, left = threading.Event(), threading.Event(), []

    def check():
        with Process():
            inside.set()
            changed.wait()
        left.append("whole")

    thread, before = threading.Thread(target=check), signal.getsignal(signal.SIGTERM)
    thread.start()
    inside.wait()
    try:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        changed.set()
        thread.join()
        assert left == ["whole"]
        assert signal.getsignal(signal.SIGTERM) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGTERM, before)


def test_a_handler_that_is_not_pythons_stays(monkeypatch):
    """Python tells it as None, and cannot set it."""
    now = {signal.SIGTERM: None}
    monkeypatch.setattr("_signal.getsignal", now.get)
    monkeypatch.setattr("_signal.signal", lambda number, handler: now.update({number: handler}))
    put_back = handlers()
    now[signal.SIGTERM] = signal.SIG_IGN
    put_back()
    assert now == {signal.SIGTERM: signal.SIG_IGN}


def test_a_profile_function_goes_on():
    """Unlike a profiler that is an object it can be set again as it is."""

    def sees(frame, event, arg):
        return None

    before = sys.getprofile()
    sys.setprofile(sees)
    try:
        with Process():
            sys.setprofile(None)
        assert sys.getprofile() is sees
    finally:
        sys.setprofile(before)


def test_another_signal_may_be_handled_until_the_answer_is_checked():
    """Only the alarm and the stop button are the check's own."""
    before = signal.getsignal(signal.SIGTERM)
    with Process():
        assert signal.signal(signal.SIGTERM, signal.SIG_IGN) is before
        assert signal.getsignal(signal.SIGTERM) is signal.SIG_IGN
        if hasattr(signal, "alarm"):
            with pytest.raises(RuntimeError, match=r"signal.alarm is closed while an answer is"):
                signal.alarm(0)
    assert signal.getsignal(signal.SIGTERM) is before


def test_the_event_loop_that_runs_goes_on_running():
    """A kernel is one; who asks for it behind an answer must find it."""

    async def cell():
        here, hooks = asyncio.get_running_loop(), sys.get_asyncgen_hooks()
        with Process():
            asyncio.events._set_running_loop(None)
            sys.set_asyncgen_hooks(None, None)
        return asyncio.get_running_loop() is here and sys.get_asyncgen_hooks() == hooks

    assert asyncio.run(cell())
