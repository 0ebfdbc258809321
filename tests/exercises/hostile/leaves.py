"""It wants to leave: exits of all kinds, signals, a second process."""

import _thread
import builtins
import os
import signal
import sys
import threading
import time

from .common import right
from .table import attempt, made, said

# Plain exits.


@attempt("CRASHED", kernel=True)
def it_exits(p, dp):
    exit()


@attempt("CRASHED", kernel=True)
def it_quits(p, dp):
    quit(3)


@attempt("CRASHED", kernel=True)
def it_calls_sys_exit(p, dp):
    sys.exit(0)


@attempt("CRASHED", kernel=True)
def it_exits_with_a_rude_code(p, dp):
    class Code:
        def __str__(self):
            raise SystemExit

        __repr__ = __int__ = __index__ = __bool__ = __str__

    sys.exit(Code())


@attempt("CRASHED", kernel=True)
def it_exits_while_it_is_stopped_from_exiting(p, dp):
    try:
        sys.exit(1)
    except SystemExit:
        sys.exit(2)
    finally:
        raise SystemExit(3)


@attempt("CRASHED", kernel=True)
def it_exits_in_a_comprehension(p, dp):
    return [sys.exit() for _ in p]


@attempt("RIGHT", kernel=True)
def a_thread_exits(p, dp):
    worker = threading.Thread(target=sys.exit)
    worker.start()
    worker.join()
    return right(p, dp)


@attempt("RIGHT", kernel=True)
def an_exit_at_the_end_of_all(p, dp):
    class Last:
        def __del__(self):
            sys.exit()

    Last()
    return right(p, dp)


@attempt("CRASHED", kernel=True)
def it_exits_at_once(p, dp):
    """By this name, where a check can close the door; see limits.py for the other ways."""
    os._exit(7)


@attempt("CRASHED", kernel=True)
def it_aborts(p, dp):
    os.abort()


said("exit_itself", "CRASHED", "exit", kernel=True)
said("quit_itself", "CRASHED", "quit", kernel=True)
said("sys_exit_itself", "CRASHED", "sys.exit", kernel=True)
said("the_class_of_exits", "WRONG", "SystemExit", kernel=True)
said("the_class_of_the_stop_button", "WRONG", "KeyboardInterrupt")


# Signals: a check may let them be set and put them back, or refuse it.


@attempt("RIGHT", "CRASHED", kernel=True)
def an_alarm_by_hand(p, dp):
    signal.raise_signal(signal.SIGALRM)
    os.kill(os.getpid(), signal.SIGALRM)
    return right(p, dp)


@attempt("RIGHT", "CRASHED", kernel=True)
def an_alarm_of_its_own(p, dp):
    rung = []
    signal.signal(signal.SIGALRM, lambda *_: rung.append(1))
    signal.setitimer(signal.ITIMER_REAL, 1e-3, 1e-3)
    while len(rung) < 5:
        time.sleep(1e-3)
    return right(p, dp)


@attempt("RIGHT", "CRASHED", kernel=True)
def an_alarm_is_left(p, dp):
    """It would ring after the check, and the default is to die of it."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, 0.05)
    return right(p, dp)


@attempt("RIGHT", "CRASHED", kernel=True)
def other_timers_are_left(p, dp):
    signal.setitimer(signal.ITIMER_VIRTUAL, 0.05)
    signal.setitimer(signal.ITIMER_PROF, 0.05)
    return right(p, dp)


@attempt("RIGHT", "CRASHED", kernel=True)
def the_stop_button_is_taken_away(p, dp):
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    return right(p, dp)


@attempt("RIGHT", "CRASHED", kernel=True)
def the_stop_button_exits(p, dp):
    signal.signal(signal.SIGINT, lambda *_: os._exit(1))
    return right(p, dp)


@attempt("RIGHT", "CRASHED", kernel=True)
def all_handlers_are_its_own(p, dp):
    for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
        signal.signal(number, lambda *_: sys.exit(1))
    return right(p, dp)


@attempt("RIGHT", "CRASHED", kernel=True)
def the_alarm_stays_blocked(p, dp):
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM, signal.SIGINT})
    return right(p, dp)


@attempt("RIGHT", "CRASHED", kernel=True)
def the_wakeup_of_the_loop_is_taken(p, dp):
    signal.set_wakeup_fd(-1)
    return right(p, dp)


@attempt("RIGHT", "CRASHED")
def signals_restart_calls(p, dp):
    signal.siginterrupt(signal.SIGALRM, False)
    return right(p, dp)


# A second process comes back.


@attempt("RIGHT", "CRASHED", kernel=True, forks=True)
def it_forks_and_both_answer(p, dp):
    """What is judged is the first process; the second must not come out of the check."""
    os.fork()
    return right(p, dp)


@attempt("RIGHT", "CRASHED", kernel=True, forks=True)
def its_child_raises(p, dp):
    if os.fork() == 0:
        raise ValueError("in the child")
    return right(p, dp)


@attempt("RIGHT", "CRASHED", kernel=True, forks=True)
def its_child_exits_by_an_error(p, dp):
    child = os.fork()
    if child == 0:
        sys.exit(0)
    os.waitpid(child, 0)
    return right(p, dp)


@attempt("RIGHT", "CRASHED", kernel=True, forks=True)
def its_child_goes_its_own_way(p, dp):
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)
    return right(p, dp)


@made("RIGHT", "CRASHED", kernel=True, forks=True)
def it_forks_at_the_last_call():
    calls = []

    def answer(p, dp):
        calls.append(1)
        if len(calls) == 4:
            os.fork()
        return right(p, dp)

    return answer


# In a notebook.


@attempt("CRASHED", "RIGHT", only=True)
def the_notebook_is_asked_to_end(p, dp):
    get_ipython().ask_exit()  # noqa: F821
    return right(p, dp)


@attempt("RIGHT", "CRASHED", only=True)
def the_page_is_reset(p, dp):
    value = right(p, dp)
    get_ipython().run_line_magic("reset", "-f")  # noqa: F821
    return value


@attempt("RIGHT", "CRASHED", only=True)
def the_page_is_cleared(p, dp):
    value = right(p, dp)
    get_ipython().user_ns.clear()  # noqa: F821
    return value


@attempt("RIGHT", "CRASHED", only=True)
def a_name_of_the_page_is_reset(p, dp):
    value = right(p, dp)
    get_ipython().run_line_magic("reset_selective", "-f .*")  # noqa: F821
    return value


@attempt("RIGHT", "CRASHED", only=True)
def a_cell_within_a_cell(p, dp):
    get_ipython().run_cell("exercise = right = 1; raise SystemExit")  # noqa: F821
    return (p * dp).sum(axis=-1)


@attempt("RIGHT", "CRASHED", only=True)
def the_outputs_are_cleared(p, dp):
    from IPython.display import clear_output, display

    display("a page")
    clear_output()
    clear_output(wait=True)
    return right(p, dp)


@attempt("RIGHT", "CRASHED", only=True)
def its_errors_have_a_handler(p, dp):
    get_ipython().set_custom_exc((BaseException,), lambda *_: os._exit(1))  # noqa: F821
    return right(p, dp)


@attempt("CRASHED", "RIGHT", only=True)
def a_debugger_is_opened(p, dp):
    breakpoint()
    return right(p, dp)


@attempt("RIGHT", "CRASHED", kernel=True)
def exit_is_given_another_meaning(p, dp):
    builtins.exit = builtins.quit = None
    return right(p, dp)


@attempt("RIGHT", "CRASHED", kernel=True)
def a_thread_calls_the_main_one_back(p, dp):
    """Interrupting the main thread is the stop button; with a number of its own it is not."""
    _thread.interrupt_main(signal.SIGALRM)
    return right(p, dp)
