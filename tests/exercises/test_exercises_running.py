"""Learner code may loop, raise, print, plot and change what it likes: the notebook stays whole."""

import contextlib
import cProfile
import functools
import os
import pstats
import random
import re
import signal
import sys
import threading
import time
import warnings

import matplotlib.pyplot as plt
import numpy as np
import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

from smlearn.exercises import exercise
from smlearn.exercises.judge.advice import ADVICE
from smlearn.exercises.sandbox import clock as limits
from smlearn.exercises.sandbox.clock import Patience, TimeUp
from smlearn.exercises.sandbox.process import Process

SHORT = 0.3  # seconds, in place of five
LATE = 5.0  # and how much later it may be, on a busy machine


@pytest.fixture(autouse=True)
def no_report_of_what_cannot_be_raised(monkeypatch):
    """TimeUp may strike where Python can only report it; pytest would make an error of that."""
    monkeypatch.setattr(sys, "unraisablehook", lambda report: None)


def forever():
    while True:
        pass


def forever_in_try():
    while True:
        try:
            time.sleep(0.01)
        except:  # noqa: E722
            pass


def forever_in_two_functions():
    while True:
        try:
            forever_in_try()
        except BaseException:
            continue


def forever_with_suppress():
    while True:
        with contextlib.suppress(BaseException):
            time.sleep(0.01)


def asleep():
    time.sleep(1000)


def asleep_for_a_while():
    time.sleep(0.001)


asleep_at_once = functools.partial(time.sleep, 1000)  # no line of Python runs meanwhile

ENDLESS = [
    *(forever, forever_in_try, forever_in_two_functions, forever_with_suppress),
    *(asleep, asleep_at_once),
]
posix = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no timer signals there")


@posix
@pytest.mark.parametrize("f", ENDLESS)
def test_an_endless_loop_is_left(f):
    """Also one that swallows every exception; and afterwards all is as it was."""
    before = signal.getsignal(signal.SIGALRM), sys.gettrace(), sys.getprofile()
    started = time.monotonic()
    with pytest.raises(TimeUp):
        Patience(SHORT).call(f)
    assert SHORT <= time.monotonic() - started < SHORT + LATE
    assert (signal.getsignal(signal.SIGALRM), sys.gettrace(), sys.getprofile()) == before
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def without_a_profile():
    sys.setprofile(None)


@posix
@pytest.mark.parametrize("f", [forever_in_try, without_a_profile])
def test_a_profiler_that_is_no_function_goes_on(f):
    """Python hands out cProfile's own, an object, and takes back functions only."""
    profile = cProfile.Profile()
    profile.enable()
    try:
        before = sys.getprofile()
        with contextlib.suppress(TimeUp):
            Patience(SHORT, Process()).call(f)
        assert sys.getprofile() is before
        asleep_for_a_while()
    finally:
        profile.disable()
    names = {name for _, _, name in pstats.Stats(profile).stats}
    assert {f.__name__, "asleep_for_a_while"} <= names


@pytest.mark.parametrize("f", [forever, forever_in_try])
def test_in_a_thread_the_verdict_comes_as_well(f):
    """There is no signal; the code runs in a thread of its own, and is left behind."""
    seen = []

    def check():
        with pytest.raises(TimeUp):
            Patience(SHORT).call(f)
        seen.append(Patience(SHORT).call(lambda a: a + 1, 2))
        with pytest.raises(ZeroDivisionError):
            Patience(SHORT).call(lambda: 1 / 0)

    thread = threading.Thread(target=check)
    thread.start()
    thread.join(SHORT + 2 * LATE)
    assert seen == [3]
    assert not thread.is_alive()


@posix
def test_somebody_elses_timer_goes_on():
    """It rings when it would have rung."""
    rung = []
    before = signal.signal(signal.SIGALRM, lambda *_: rung.append(time.monotonic()))
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.2)
        assert Patience(SHORT).call(sum, [1, 2]) == 3
        assert 0 < signal.getitimer(signal.ITIMER_REAL)[0] <= 0.2
        time.sleep(0.4)
        assert len(rung) == 1
    finally:
        signal.signal(signal.SIGALRM, before)


def test_a_slow_check_says_a_word(monkeypatch, capsys):
    """Once, after a second; and never where it is fast."""
    monkeypatch.setattr(limits, "WORD_AFTER", 0.1)
    monkeypatch.delenv("SMLEARN_STATIC")
    patience = Patience(5)
    patience.call(time.sleep, 0.3)
    patience.call(time.sleep, 0.1)
    assert capsys.readouterr().out == "still running; it has 5 seconds more\n"
    Patience(5).call(time.sleep, 0.01)
    assert capsys.readouterr().out == ""
    monkeypatch.setenv("SMLEARN_STATIC", "1")  # where outputs are stored and compared
    Patience(5).call(time.sleep, 0.3)
    assert capsys.readouterr().out == ""


def test_the_word_reaches_the_page_and_is_no_part_of_the_verdict(monkeypatch, capsys):
    """It is said while the answer's own printing is caught."""
    monkeypatch.setattr(limits, "WORD_AFTER", 0.1)
    monkeypatch.delenv("SMLEARN_STATIC")
    ex = exercise("expected_upstream")
    capsys.readouterr()
    verdict = ex.check(lambda p, dp: time.sleep(0.2))
    assert capsys.readouterr().out.startswith("still running; it has ")
    assert "still running" not in verdict.printed


def test_an_endless_answer_is_crashed_with_its_line(monkeypatch):
    """And with a question about loops; the check as a whole has the time, not each call."""
    monkeypatch.setattr(limits, "SECONDS", 1.0)

    def mine(p, dp):
        k = 0
        while k < 10:
            p = p + dp
        return p

    started = time.monotonic()
    verdict = exercise("expected_upstream").check(mine)
    assert time.monotonic() - started < SHORT + LATE
    assert (verdict.status, verdict.key) == ("CRASHED", "endless")
    assert "did not come to an end" in verdict.lines[0]
    assert "Line " in verdict.lines[1]
    assert "no end?" in verdict.lines[2]


def test_a_crash_shows_the_learners_own_line():
    """The deepest of their frames, not the package's or NumPy's; the error is kept."""

    def helper(a):
        return np.linalg.inv(a)

    def mine(p, dp):
        return helper(p @ np.ones(7))

    verdict = exercise("expected_upstream").check(mine)
    assert verdict.status == "CRASHED"
    assert verdict.lines[0].endswith("return helper(p @ np.ones(7))")
    assert "ValueError: matmul" in verdict.lines[1]
    assert "p (4, 3), dp (4, 3)" in verdict.lines[1]
    assert "must be equally long" in verdict.lines[2]
    assert isinstance(verdict.error, ValueError)
    with pytest.raises(ValueError, match="matmul"):
        mine(*verdict.args)
    deeper = exercise("expected_upstream").check(lambda p, dp: helper(p[0]))
    assert deeper.lines[0].endswith("return np.linalg.inv(a)")


RAISING = {
    "ValueError": lambda p, dp: p * np.ones(4),
    "NameError": lambda p, dp: softmaxx(p),  # noqa: F821
    "IndexError": lambda p, dp: p[:, 3],
    "TypeError": lambda p, dp: p * np.identity,
    "AttributeError": lambda p, dp: np.softmax(p),
    "KeyError": lambda p, dp: {}["p"],
    "ZeroDivisionError": lambda p, dp: 1 / 0,
    "RecursionError": lambda p, dp: RAISING["RecursionError"](p, dp),
    "ModuleNotFoundError": lambda p, dp: __import__("no_such_module"),
    "SystemExit": lambda p, dp: sys.exit(),
    "AssertionError": lambda p, dp: (_ for _ in ()).throw(AssertionError("0 is not 1")),
}


@pytest.mark.parametrize("name", RAISING)
def test_common_errors_get_advice(name):
    """Each says what to look at, in one sentence."""
    verdict = exercise("expected_upstream").check(RAISING[name])
    assert verdict.status == "CRASHED"
    assert type(verdict.error).__name__ == name
    assert name in verdict.lines[1]
    assert len(verdict.lines) == 3
    assert verdict.lines[2] in [sentence for _, _, sentence in ADVICE]


def test_an_uncommon_error_gets_general_advice():
    """It can be followed to the letter: the arguments are those it was seen with."""

    def mine(p, dp):
        raise OverflowError("x")

    ex = exercise("expected_upstream")
    todo = ex.check(mine).todo
    assert todo.endswith("and call mine(*ex.args) in a new cell.")
    with pytest.raises(OverflowError):
        eval(todo.partition("call ")[2].partition(" in ")[0], {"mine": mine, "ex": ex})


@posix
def test_the_stop_button_is_not_an_answer():
    """It sends a signal, and KeyboardInterrupt comes through; raised by hand it is an error."""

    def stopped(p, dp):
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(10)

    def by_hand(p, dp):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        exercise("expected_upstream").check(stopped)
    assert exercise("expected_upstream").check(by_hand).status == "CRASHED"


rng = np.random.default_rng(0)
numbers, words = np.arange(3.0), ["a"]


def test_nothing_around_is_changed(capsys, tmp_path):
    """Settings, random states, figures, the folder, variables and what is in them."""
    global numbers
    mine_only, state = numbers, rng.bit_generator.state
    before = (np.geterr(), np.get_printoptions(), os.getcwd(), plt.get_fignums())
    np.random.seed(7)  # noqa: NPY002
    random.seed(7)
    wanted = np.random.rand(), random.random()  # noqa: NPY002
    np.random.seed(7)  # noqa: NPY002
    random.seed(7)

    def mine(p, dp):
        global numbers, new
        print("hello", file=sys.stderr)
        print("x" * 10000)
        np.seterr(all="raise")
        np.set_printoptions(precision=2)
        warnings.simplefilter("error")
        np.random.rand(), random.random(), rng.random()  # noqa: NPY002
        plt.figure()
        os.chdir(tmp_path)
        numbers[:] = -1
        numbers, new = numbers + 1, 1
        words.append("b")
        return (p * dp).sum(axis=-1)

    filters = list(warnings.filters)
    assert exercise("expected_upstream").check(mine).right
    said = capsys.readouterr()
    assert said.out.startswith("complete: expected_upstream")  # the statement alone
    assert "x" * 9 not in said.out + said.err
    assert warnings.filters == filters
    assert (np.geterr(), np.get_printoptions(), os.getcwd(), plt.get_fignums()) == before
    assert (np.random.rand(), random.random()) == wanted  # noqa: NPY002
    assert rng.bit_generator.state == state
    assert numbers is mine_only
    assert numbers.tolist() == [0, 1, 2]
    assert words == ["a"]
    assert "new" not in globals()


def test_what_was_printed_is_quoted_where_it_helps():
    """Three lines at most; and not where the answer is right."""

    def mine(p, dp):
        print("p is", p.shape)
        print("dp is", dp.shape)
        return p

    verdict = exercise("expected_upstream").check(mine)
    assert str(verdict).splitlines()[3:] == [
        "It printed:",
        "> p is (4, 3)",
        "> dp is (4, 3)",
        "> p is (4, 3)",
        "> ...",
    ]


CELLS = [
    """
import numpy as np, matplotlib.pyplot as plt, time
from smlearn.exercises import exercise
from smlearn.exercises.sandbox import clock as limits
from smlearn.mistakes.trying import Run
limits.SECONDS = 0.3
ex = exercise("expected_upstream")
def f(p, dp):
    while True:
        try:
            time.sleep(0.01)
        except:
            pass
ex.check(f)""",
    """
limits.SECONDS = 10
def f(p, dp):
    total = (p * dp).sum()
    return total[3]
ex.check(f)""",
    """
from IPython.display import display
def f(p, dp):
    plt.plot([1, 2])
    plt.show()
    display("a page")
    print("a line")
    return (p * dp).sum(axis=-1)
ex.check(f)""",
    "print(1 + 1)",
]


@posix
def test_all_that_holds_in_a_real_notebook():
    """The line that is shown is that of the cell; no figure and no page get out."""
    notebook = new_notebook(cells=[new_code_cell(source.strip()) for source in CELLS])
    NotebookClient(notebook, timeout=60, kernel_name="python3").execute()
    said = [
        "".join(output.get("data", {}).get("text/plain", "") for output in cell.outputs)
        for cell in notebook.cells
    ]
    assert said[0].startswith("CRASHED  It did not come to an end")
    assert re.search(r"Line \d+: (while True|try|except|pass|time.sleep)", said[0])
    assert said[1].startswith("CRASHED  Line 4: return total[3]\nIndexError")
    assert said[2].startswith("RIGHT")
    assert [len(cell.outputs) for cell in notebook.cells] == [1, 1, 1, 1]
    assert notebook.cells[3].outputs[0].text == "2\n"


space = {"a": 1}
exec("b = a + 1", space)  # such a dictionary holds Python's own names, too


def test_a_page_may_hold_the_names_of_python_itself():
    """They are not taken away, not for a moment; the rest of the dictionary is put back."""

    def mine(p, dp):
        space["b"], space["c"] = -1, 1
        return (p * dp).sum(axis=-1)

    assert exercise("expected_upstream").check(mine).right
    assert space.keys() == {"a", "b", "__builtins__"}
    assert space["b"] == 2
