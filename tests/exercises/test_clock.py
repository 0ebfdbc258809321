"""The alarm rings when it should, and leaves signals, timers and tracing as they were.

Where a time decides, the clock is one that the test turns by hand; test_exercises_running.py stops
endless code by the real one.
"""

import contextlib
import contextvars
import io
import signal
import sys
import threading
import time
import weakref

import pytest

from smlearn.exercises.sandbox import clock
from smlearn.exercises.sandbox.clock import Patience, TimeUp

LONG = 1000.0  # seconds that no test waits for


class Hands:
    """A clock that stands still until somebody turns it."""

    def __init__(self):
        self.now = 50.0

    def __call__(self):
        return self.now


@pytest.fixture
def hands(monkeypatch):
    """The clock's own clock, turned by hand."""
    hands = Hands()
    monkeypatch.setattr(clock, "monotonic", hands)
    return hands


@pytest.fixture
def set_timers(monkeypatch):
    """What the alarm's timer is set to: seconds, and seconds from then on."""
    real, seen = clock.set_timer, []

    def noted(which, *seconds):
        seen.append(seconds)
        return real(which, *seconds)

    monkeypatch.setattr(clock, "set_timer", noted)
    return seen


@pytest.fixture
def heard(monkeypatch):
    """The alarms that somebody else's handler hears; theirs stays as it was."""
    rung = []
    before = signal.signal(signal.SIGALRM, lambda *_: rung.append(1))
    yield rung
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, before)


@pytest.fixture
def a_word(monkeypatch):
    """A word is due after a second, also where pages are stored."""
    monkeypatch.delenv("SMLEARN_STATIC")
    monkeypatch.setattr(clock, "WORD_AFTER", 1.0)


def wait_for(there):
    """Wait for what should come soon, and not for ever if it does not."""
    until = time.monotonic() + 10
    while not there() and time.monotonic() < until:
        time.sleep(1e-3)


def once(f):
    """Catch one TimeUp, and return f()."""

    def caught():
        try:
            while True:
                time.sleep(1e-3)
        except TimeUp:
            return f()

    return caught


def test_it_waits_for_the_word_then_for_the_end_and_then_no_more(hands, a_word):
    """Never for no time at all, which would stop a timer."""
    patience = Patience(5.0, out=io.StringIO())
    assert patience.wait() == 1.0
    hands.now += 0.25
    assert patience.wait() == 0.75
    assert patience.out.getvalue() == ""
    hands.now += 0.75
    assert patience.wait() == 4.0
    assert patience.out.getvalue() == "still running; it has 4 seconds more\n"
    for late in (4.0, 2.0):
        hands.now += late
        assert patience.over
        assert patience.wait() == 1e-6
    assert patience.out.getvalue().count("\n") == 1


def test_no_word_is_said_when_the_time_is_up_before_it(hands, a_word):
    """The end comes first."""
    patience = Patience(0.5, out=io.StringIO())
    assert patience.wait() == 0.5
    hands.now += 2
    assert patience.wait() == 1e-6
    assert patience.out.getvalue() == ""


def test_the_word_goes_where_the_page_was_when_the_check_began(hands, a_word, monkeypatch):
    """What is printed later may be caught."""
    page = io.StringIO()
    monkeypatch.setattr(sys, "stdout", page)
    patience = Patience(5.0)
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    hands.now += 1
    patience.wait()
    assert page.getvalue() == "still running; it has 4 seconds more\n"


def test_a_word_is_said_while_the_code_runs(monkeypatch, a_word):
    """The alarm rings for it."""
    monkeypatch.setattr(clock, "WORD_AFTER", 0.01)
    patience = Patience(LONG, out=io.StringIO())

    patience.call(wait_for, patience.out.getvalue)
    assert patience.out.getvalue() == "still running; it has 1000 seconds more\n"


def test_when_the_time_is_up_nothing_is_called():
    """Not even what would end at once."""
    called = []
    with pytest.raises(TimeUp):
        Patience(-1).call(called.append, 1)
    assert called == []


def test_without_a_timer_the_code_runs_in_a_thread(monkeypatch):
    """As on Windows; with one it runs where the check does."""
    assert Patience(LONG).call(threading.get_ident) == threading.get_ident()
    monkeypatch.setattr(clock, "set_timer", None)
    assert Patience(LONG).call(threading.get_ident) != threading.get_ident()


def test_a_trace_function_left_behind_sees_nothing_of_ours(monkeypatch):
    """It would slow down and read what comes after the learner's code."""
    monkeypatch.setattr(sys, "unraisablehook", lambda report: None)
    before, seen = sys.gettrace(), []

    def trace(frame, event, arg):
        seen.append(frame.f_code.co_filename)
        return trace

    try:
        Patience(LONG).call(sys.settrace, trace)
        assert sys.gettrace() is None
    finally:
        sys.settrace(before)
    assert clock.__file__ not in seen


def test_an_alarm_on_its_way_is_waited_for_and_harms_nobody(monkeypatch, heard):
    """A timer's signal may come after the timer was stopped, on the way by another thread."""
    slept = []

    def late(seconds):
        slept.append(seconds)
        signal.raise_signal(signal.SIGALRM)

    monkeypatch.setattr(clock, "sleep", late)
    monkeypatch.setattr(clock, "AGAIN", (LONG,))
    assert Patience(LONG).call(len, "abc") == 3
    assert slept == []
    assert Patience(0.05).call(once(lambda: 3)) == 3
    assert slept == [2e-3]
    assert heard == []


def test_the_first_alarm_raises_and_traces_nothing(monkeypatch):
    """Code that lets one through is as quick as ever until then."""
    monkeypatch.setattr(clock, "AGAIN", (LONG,))
    before = sys.gettrace()
    assert Patience(0.05).call(once(sys.gettrace)) is before


def test_the_stop_button_is_given_back():
    """And rests where it rested."""
    before = signal.getsignal(signal.SIGINT)
    Patience(LONG).call(len, "abc")
    assert signal.getsignal(signal.SIGINT) is before
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        Patience(LONG).call(signal.raise_signal, signal.SIGINT)
        assert signal.getsignal(signal.SIGINT) == signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)


def test_somebody_elses_timer_loses_the_time_that_the_code_took(hands, set_timers, heard):
    """It would have been running meanwhile."""
    signal.setitimer(signal.ITIMER_REAL, 100, 7)

    def forty_seconds():
        hands.now += 40

    Patience(LONG).call(forty_seconds)
    seconds, again = set_timers[-1]
    assert 59 < seconds <= 60
    assert again == 7
    assert 59 < signal.getitimer(signal.ITIMER_REAL)[0] <= 60
    assert heard == []


def test_somebody_elses_timer_that_should_have_rung_rings_at_once(hands, set_timers, heard):
    """Late, and not never."""
    signal.setitimer(signal.ITIMER_REAL, 100)

    def two_hundred_seconds():
        hands.now += 200

    Patience(LONG).call(two_hundred_seconds)
    assert set_timers[-1] == (1e-6, 0.0)
    wait_for(lambda: heard)
    assert heard == [1]


def test_no_try_holds_the_second_alarm(monkeypatch, set_timers):
    """The first may be caught; after the second not even the line that would catch it runs."""
    monkeypatch.setattr(clock, "AGAIN", (LONG, 1e-2))
    caught = []

    def twice():
        while len(caught) < 2:
            try:
                while True:
                    time.sleep(1e-3)
            except TimeUp:
                caught.append(1)
        caught.append("left by itself")

    with pytest.raises(TimeUp):
        Patience(0.05).call(twice)
    assert caught == [1]
    assert set_timers[1:3] == [(1e-2, clock.ANYHOW), (LONG, clock.ANYHOW)]


@pytest.mark.parametrize("repeat", range(9))
def test_an_alarm_before_the_code_has_begun_waits_for_it(monkeypatch, hands, heard, repeat):
    """Else nobody would be there yet to put handlers back."""
    patience = Patience(LONG)

    def too_late():
        hands.now += 2 * LONG
        return 1e-6

    monkeypatch.setattr(patience, "wait", too_late)
    before = signal.getsignal(signal.SIGALRM)
    with pytest.raises(TimeUp):
        patience.call(time.sleep, 10)
    assert signal.getsignal(signal.SIGALRM) is before
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
    assert heard == []


def until_time_is_up():
    while True:
        time.sleep(1e-3)


@pytest.fixture
def two_alarms(monkeypatch):
    """The code meets two, and no third."""
    monkeypatch.setattr(clock, "AGAIN", (LONG, 1e-2))
    return Patience(0.05)


def test_after_the_second_alarm_one_function_after_the_other_is_left(two_alarms):
    """Whoever catches it is left at the next line, and so is whoever catches that."""
    seen = []

    def inner():
        try:
            until_time_is_up()
        except TimeUp:
            until_time_is_up()

    def middle():
        try:
            inner()
        except BaseException:
            seen.append("in the middle")

    def outer():
        try:
            middle()
        except BaseException:
            seen.append("further out")
        return "kept"

    with pytest.raises(TimeUp):
        two_alarms.call(outer)
    assert seen == []


def test_what_is_called_anew_is_left_too(two_alarms, monkeypatch):
    """Where C calls it, and has lost the alarm on the way."""
    monkeypatch.setattr(sys, "unraisablehook", lambda report: None)
    ended = []

    class Stubborn:
        def __del__(self):
            ended.append(1)
            if len(ended) <= 2:  # one for each alarm
                until_time_is_up()

    def made_and_lost(k):
        return Stubborn() is None

    with pytest.raises(TimeUp):
        two_alarms.call(lambda: list(map(made_and_lost, range(5))))
    assert ended == [1, 1]


def test_a_debugger_and_a_profiler_go_on_where_they_were(two_alarms):
    """Each with its own function, here and in the frames that call."""

    def debugger(frame, event, arg):
        return debugger

    def profiler(frame, event, arg):
        pass

    me, before = sys._getframe(), (sys.gettrace(), sys.getprofile(), sys._getframe().f_trace)
    sys.settrace(debugger)
    sys.setprofile(profiler)
    me.f_trace = debugger
    try:
        with contextlib.suppress(TimeUp):
            two_alarms.call(once(until_time_is_up))
        now = sys.gettrace(), sys.getprofile(), me.f_trace
    finally:
        sys.settrace(before[0])
        sys.setprofile(before[1])
        me.f_trace = before[2]
    assert now == (debugger, profiler, debugger)


# Where there is no timer, in a thread.


@pytest.fixture
def no_timer(monkeypatch):
    """As on Windows."""
    monkeypatch.setattr(clock, "set_timer", None)


def test_in_a_thread_the_code_has_all_its_time(no_timer, monkeypatch):
    """It is asked for no longer than it runs, and keeps nobody from leaving Python."""
    asked, patience = [], Patience(LONG)

    def wait():
        asked.append(1)
        return 5.0

    def slow():
        for _ in range(20):
            time.sleep(1e-3)
        return threading.current_thread().daemon

    monkeypatch.setattr(patience, "wait", wait)
    assert patience.call(slow) is True
    assert len(asked) == 1


def test_in_a_thread_a_word_is_said_too(no_timer, monkeypatch, a_word):
    """It comes from the check, which waits."""
    monkeypatch.setattr(clock, "WORD_AFTER", 0.01)
    patience = Patience(LONG, out=io.StringIO())

    patience.call(wait_for, patience.out.getvalue)
    assert patience.out.getvalue() == "still running; it has 1000 seconds more\n"


def test_a_thread_that_lets_itself_be_stopped_is_stopped(no_timer, monkeypatch):
    """TimeUp is thrown at it, once and not again when it has ended."""
    threads, thrown, throw = [], [], clock._throw

    def counted(thread, error):
        thrown.append(error)
        throw(thread, error)

    def forever():
        threads.append(threading.current_thread())
        until_time_is_up()

    monkeypatch.setattr(clock, "_throw", counted)
    with pytest.raises(TimeUp):
        Patience(0.05).call(forever)
    threads[0].join(10)
    assert not threads[0].is_alive()
    assert 1 <= len(thrown) < clock.THROWS


class Looping:
    """Never thrown away."""

    def __del__(self):
        until_time_is_up()


def test_what_is_held_is_let_go_of_in_a_moment(monkeypatch):
    """A thing whose end never comes, and one among the variables of what raised; errors stay."""

    def raises():
        thing = Looping()
        seen.append(weakref.ref(thing))
        raise ValueError

    monkeypatch.setattr(clock, "MOMENT", 0.02)
    monkeypatch.setattr(sys, "unraisablehook", str)  # it is told of each that was stopped
    patience, seen = Patience(-1), []
    try:
        raises()
    except ValueError as error:
        kept = error
    patience.held += Looping(), kept, [Looping()]
    patience.let_go()
    assert patience.held == []
    assert seen[0]() is None
    assert kept.__traceback__.tb_next.tb_lineno
    patience.let_go()  # there is nothing


@pytest.mark.parametrize("timer", [clock.set_timer, None], ids=["alarm", "thread"])
def test_what_is_set_in_its_context_stays_there(monkeypatch, timer):
    """In the main thread as in one of its own."""
    monkeypatch.setattr(clock, "set_timer", timer)
    variable = contextvars.ContextVar("variable", default=0)
    assert Patience(LONG).call(lambda: (variable.set(7), variable.get())[1]) == 7
    assert variable.get() == 0


def test_a_thread_that_catches_some_of_them_is_stopped_too(no_timer):
    """It is given the time to come to the next."""
    caught = []

    def stubborn():
        for _ in range(5):
            try:
                until_time_is_up()
            except TimeUp:
                caught.append(1)
        until_time_is_up()

    with pytest.raises(TimeUp):
        Patience(0.05).call(stubborn)
    assert len(caught) == 5


def test_the_stop_button_stops_a_thread_as_well(no_timer, monkeypatch):
    """It is pressed while the check waits, and is not held for an answer."""
    threads, patience = [], Patience(LONG)

    def pressed():
        while not threads:
            time.sleep(1e-3)
        raise KeyboardInterrupt

    def forever():
        threads.append(threading.current_thread())
        until_time_is_up()

    monkeypatch.setattr(patience, "wait", pressed)
    with pytest.raises(KeyboardInterrupt):
        patience.call(forever)
    assert patience.pressed
    threads[0].join(10)
    assert not threads[0].is_alive()
