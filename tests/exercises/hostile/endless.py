"""It does not come to an end: loops that swallow what should stop them, and waits."""
# ruff: noqa: E722

import asyncio
import contextlib
import functools
import itertools
import os
import queue
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import warnings

from .common import right
from .table import attempt, made

endless = functools.partial(attempt, "CRASHED", named=("endless",), short=True)
endless_kernel = functools.partial(endless, kernel=True)
disarmed = functools.partial(attempt, "CRASHED", named=("endless", "raises"), short=True)


# Loops.


@endless_kernel()
def while_true(p, dp):
    while True:
        pass


@endless()
def a_for_loop(p, dp):
    for _ in iter(int, 1):
        p = p + dp


@endless()
def any_of_endlessly_many(p, dp):
    return any(False for _ in itertools.count())


@endless()
def a_generator_is_summed_up(p, dp):
    def forever():
        while True:
            yield 0.0

    return sum(forever())


@endless()
def code_of_another_file(p, dp):
    exec("while True:\n    pass")


@endless()
def the_body_of_a_class(p, dp):
    class Never:
        while True:
            pass


@endless()
def only_with_five_classes(p, dp):
    while p.shape[1] == 5:
        pass
    return right(p, dp)


@made("CRASHED", named=("endless", "state"), short=True)
def only_when_all_cases_are_right():
    calls = []

    def answer(p, dp):
        calls.append(1)
        while len(calls) == 4:
            pass
        return right(p, dp)

    return answer


@endless()
def each_call_a_little_slow(p, dp):
    time.sleep(0.3)
    return right(p, dp)


@endless()
def a_pattern_that_is_tried_in_all_ways(p, dp):
    return re.match("(a+)+b", "a" * 60)


# Loops that swallow what stops them.


@endless()
def except_exception(p, dp):
    while True:
        try:
            time.sleep(1e-3)
        except Exception:
            pass


@endless_kernel()
def a_bare_except(p, dp):
    while True:
        try:
            time.sleep(1e-3)
        except:
            pass


@endless()
def a_bare_except_and_no_rest(p, dp):
    while True:
        try:
            pass
        except:
            pass


@endless()
def three_excepts_deep(p, dp):
    while True:
        try:
            while True:
                try:
                    while True:
                        try:
                            time.sleep(1e-3)
                        except:
                            continue
                except:
                    continue
        except:
            continue


@endless_kernel()
def except_in_one_function_after_the_other(p, dp, depth=6):
    while True:
        try:
            if depth:
                except_in_one_function_after_the_other(p, dp, depth - 1)
            time.sleep(1e-3)
        except BaseException:
            continue


@endless()
def it_loops_where_it_catches(p, dp):
    try:
        return 1 / 0
    except ZeroDivisionError:
        while True:
            pass


@endless()
def it_raises_and_catches(p, dp):
    while True:
        try:
            raise ValueError
        except:
            continue


@made("CRASHED", named=("endless",), short=True, kernel=True)
def finally_goes_on():
    """Written as text, since newer Pythons warn of it."""
    page = {}
    lines = ["def answer(p, dp):", " while True:", "  try: p = p + dp", "  finally: continue"]
    with warnings.catch_warnings(action="ignore"):
        exec(compile("\n".join(lines), "<page>", "exec", dont_inherit=True), page)
    return page["answer"]


@endless()
def suppress(p, dp):
    while True:
        with contextlib.suppress(BaseException):
            time.sleep(1e-3)


@endless()
def a_manager_written_as_a_generator(p, dp):
    @contextlib.contextmanager
    def calm():
        try:
            yield
        except BaseException:
            pass

    while True:
        with calm():
            time.sleep(1e-3)


@endless()
def a_manager_that_says_yes(p, dp):
    class Calm:
        def __enter__(self):
            return self

        def __exit__(self, *error):
            return True

    while True:
        with Calm():
            pass


@endless()
def a_manager_that_never_leaves(p, dp):
    class Stay:
        def __enter__(self):
            return self

        def __exit__(self, *error):
            while True:
                time.sleep(1e-3)

    with Stay():
        return right(p, dp)


@endless_kernel()
def a_generator_that_does_not_close(p, dp):
    def steps():
        while True:
            try:
                yield 0
            except:
                pass

    for _ in steps():
        pass


@endless()
def it_calls_itself_when_stopped(p, dp):
    try:
        return it_calls_itself_when_stopped(p, dp)
    except Exception:
        return it_calls_itself_when_stopped(p, dp)


@endless_kernel()
def it_calls_itself_whatever_stops_it(p, dp):
    try:
        return it_calls_itself_whatever_stops_it(p, dp)
    except:
        return it_calls_itself_whatever_stops_it(p, dp)


@made("CRASHED", named=("endless",), short=True, kernel=True)
def two_that_call_each_other():
    def one(p, dp):
        try:
            return other(p, dp)
        finally:
            one(p, dp)

    def other(p, dp):
        try:
            return one(p, dp)
        except BaseException:
            return one(p, dp)

    return one


@endless_kernel()
def stopped_it_answers_all_the_same(p, dp):
    try:
        while True:
            pass
    except BaseException:
        return right(p, dp)


@endless()
def stopped_it_raises_something_else(p, dp):
    try:
        while True:
            pass
    except BaseException:
        raise ValueError("not my fault") from None


@endless_kernel()
def stopped_it_exits(p, dp):
    try:
        while True:
            pass
    except BaseException:
        sys.exit()


@attempt("CRASHED", short=True, kernel=True)
def a_throw_away_that_never_ends(p, dp):
    class Thing:
        def __del__(self):
            while True:
                pass

    Thing()
    return right(p, dp)


# Waits.


@endless_kernel()
def asleep(p, dp):
    time.sleep(10**6)


@endless()
def a_lock_taken_twice(p, dp):
    lock = threading.Lock()
    lock.acquire()
    lock.acquire()


@endless()
def a_queue_that_stays_empty(p, dp):
    return queue.Queue().get()


@endless()
def an_event_that_never_comes(p, dp):
    threading.Event().wait()


@endless()
def a_barrier_for_two(p, dp):
    threading.Barrier(2).wait()


@endless()
def a_pipe_that_nobody_writes(p, dp):
    reads, writes = os.pipe()
    try:
        return os.read(reads, 1)
    finally:
        os.close(reads)
        os.close(writes)


@endless()
def a_port_that_nobody_calls(p, dp):
    with socket.socket() as ear:
        ear.bind(("127.0.0.1", 0))
        ear.listen()
        ear.accept()


@endless()
def another_program_that_runs_on(p, dp):
    subprocess.run([sys.executable, "-c", "import time; time.sleep(100)"], check=True)


@endless()
def it_waits_for_a_signal(p, dp):
    while True:
        signal.pause()


@attempt("CRASHED", short=True, threads=True, named=("endless",))
def it_waits_for_its_own_thread(p, dp):
    worker = threading.Thread(target=time.sleep, args=(30,), daemon=True)
    worker.start()
    worker.join()


@attempt("CRASHED", short=True, kernel=True)
def an_event_loop_of_its_own(p, dp):
    """In a kernel one is running, and a second is an error."""
    loop = asyncio.new_event_loop()
    try:
        loop.run_forever()
    finally:
        loop.close()


@attempt("CRASHED", short=True, kernel=True)
def asyncio_sleeps(p, dp):
    async def wait():
        while True:
            try:
                await asyncio.sleep(10**6)
            except asyncio.CancelledError:
                continue

    coroutine = wait()
    try:
        asyncio.run(coroutine)
    finally:
        coroutine.close()


@attempt("CRASHED", short=True, kernel=True)
def it_asks_who_sits_there(p, dp):
    return input("p? ")


# Loops that first take away what would stop them; a check may refuse that.


@disarmed(kernel=True)
def the_alarm_is_taken_off(p, dp):
    signal.alarm(0)
    while True:
        pass


@disarmed(kernel=True)
def the_timer_is_stopped(p, dp):
    signal.setitimer(signal.ITIMER_REAL, 0)
    while True:
        time.sleep(1e-3)


@disarmed()
def the_timer_is_stopped_each_time(p, dp):
    while True:
        signal.setitimer(signal.ITIMER_REAL, 0)


@disarmed()
def the_timer_is_set_far_ahead(p, dp):
    signal.setitimer(signal.ITIMER_REAL, 10**6, 10**6)
    while True:
        pass


@disarmed(kernel=True)
def the_alarm_is_ignored(p, dp):
    signal.signal(signal.SIGALRM, signal.SIG_IGN)
    while True:
        pass


@disarmed(kernel=True)
def the_alarm_is_answered(p, dp):
    signal.signal(signal.SIGALRM, lambda *_: None)
    while True:
        time.sleep(1e-3)


@disarmed()
def the_alarm_is_answered_with_an_error(p, dp):
    def ring(*_):
        raise ValueError("and this is caught")

    while True:
        try:
            signal.signal(signal.SIGALRM, ring)
        except ValueError:
            pass


@disarmed(kernel=True)
def the_alarm_is_blocked(p, dp):
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM})
    while True:
        pass


@disarmed()
def all_signals_are_blocked(p, dp):
    signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
    while True:
        try:
            time.sleep(1e-3)
        except:
            pass


@disarmed(kernel=True)
def the_clock_stands_still(p, dp):
    now = time.monotonic()
    time.monotonic = time.perf_counter = time.time = lambda: now
    while True:
        pass


@disarmed()
def the_timer_does_nothing(p, dp):
    signal.setitimer = signal.alarm = lambda *_: (0.0, 0.0)
    while True:
        try:
            time.sleep(1e-3)
        except:
            pass


@disarmed()
def no_line_is_traced(p, dp):
    while True:
        try:
            sys.settrace(None)
            sys.setprofile(None)
            time.sleep(1e-4)
        except:
            pass


@disarmed()
def its_own_trace_swallows(p, dp):
    def trace(frame, event, arg):
        return trace

    sys.settrace(trace)
    while True:
        try:
            time.sleep(1e-4)
        except:
            pass


@disarmed(kernel=True)
def threads_never_take_turns(p, dp):
    sys.setswitchinterval(1000.0)
    signal.signal(signal.SIGALRM, signal.SIG_IGN)
    while True:
        pass


@disarmed()
def the_limit_is_lifted(p, dp):
    for name, module in list(sys.modules.items()):
        if name.startswith("smlearn") and hasattr(module, "SECONDS"):
            module.SECONDS = 10**6
    while True:
        pass


@disarmed()
def patience_is_told_to_wait(p, dp):
    """It looks for the clock in the frames above, and puts the end off."""
    frame = sys._getframe()
    while frame:
        for value in list(frame.f_locals.values()):
            if type(value).__name__ == "Patience":
                with contextlib.suppress(Exception):
                    object.__setattr__(value, "end", float("inf"))
        frame = frame.f_back
    while True:
        pass
