"""It goes deeper: classes of classes, weak references, what lies behind modules and functions."""
# ruff: noqa: F401

import contextvars
import copy
import faulthandler
import functools
import gc
import inspect
import json
import logging
import os
import select
import signal
import sys
import threading
import time
import tracemalloc
import types
import unittest.mock
import weakref

import matplotlib
import matplotlib.pyplot as plt
import numpy as np

from smlearn.exercises import TASKS, exercise

from .common import right
from .table import attempt, made, said

page_seen = []
page_context = contextvars.ContextVar("page_context", default=0)
COPY = {name: getattr(np, name) for name in ("array", "zeros", "ones", "ndarray")}
NOT_RIGHT = ("WRONG", "CRASHED")
MAY_REFUSE = ("RIGHT", "CRASHED")

leaves = functools.partial(attempt, "RIGHT")
endless = functools.partial(attempt, "CRASHED", named=("endless",), short=True)
refused = functools.partial(attempt, "CRASHED", named=("endless", "raises"), short=True)


def nothing(*args, **options):
    """Do nothing."""


def loop(*args, **options):
    """Go on for ever, and breathe in between."""
    while True:
        time.sleep(1e-3)


def yes(*args, **options):
    """Say yes to everything."""
    return True


def rude(bases=(), of_the_class=None, **body):
    """Make a class that has a class of its own."""
    above = type("Above", tuple({type(base) for base in bases}) or (type,), of_the_class or {})
    return above("Rude", bases, body)


EQUAL = {"__eq__": yes, "__hash__": type.__hash__}
NEVER = {"__eq__": loop, "__hash__": loop}
LEAVES = {"__eq__": lambda cls, other: sys.exit(), "__hash__": type.__hash__}


class Looping:
    """Never thrown away."""

    __del__ = loop


# Its class says that it is every other class.


@attempt("WRONG", kernel=True)
def its_class_equals_all_others(p, dp):
    return rude(of_the_class=EQUAL)()


@attempt(*NOT_RIGHT, short=True, kernel=True)
def its_class_never_says_whether_it_equals(p, dp):
    return rude(of_the_class=NEVER)()


@attempt(*NOT_RIGHT, kernel=True)
def its_class_leaves_when_compared(p, dp):
    return rude(of_the_class=LEAVES)()


@attempt(*NOT_RIGHT, short=True)
def its_class_equals_and_its_numbers_never_come(p, dp):
    return rude(of_the_class=EQUAL, __array__=loop)()


@attempt(*NOT_RIGHT, kernel=True)
def its_class_equals_and_its_numbers_leave(p, dp):
    return rude(of_the_class=EQUAL, __array__=lambda self, *args, **more: sys.exit())()


@attempt("WRONG")
def a_list_of_a_class_that_equals_all_others(p, dp):
    return [rude(of_the_class=EQUAL)()] * len(p)


@attempt("WRONG")
def an_array_of_a_class_that_equals_all_others(p, dp):
    return COPY["zeros"](len(p)).view(rude((np.ndarray,), EQUAL))


@attempt("CRASHED", short=True)
def an_error_of_a_class_that_is_never_compared(p, dp):
    raise rude((ValueError,), NEVER)("mine")


@attempt("WRONG")
def its_class_says_that_all_are_of_it(p, dp):
    return rude(of_the_class={"__instancecheck__": yes, "__subclasscheck__": yes})()


@attempt("RIGHT", kernel=True)
def it_answers_through_a_class_that_equals_all_others(p, dp):
    call = rude(of_the_class=EQUAL, __call__=lambda self, *args: right(*args))()
    return call(p, dp)


said("handed_over_of_such_a_class", "WRONG", "rude(of_the_class=EQUAL)()", kernel=True)
said("handed_over_and_never_compared", NOT_RIGHT, "rude(of_the_class=NEVER)()", short=True)
said("handed_over_and_leaving", NOT_RIGHT, "rude(of_the_class=LEAVES)()", kernel=True)
said(
    "called_of_such_a_class",
    "RIGHT",
    "rude(of_the_class=EQUAL, __call__=lambda s, *a: right(*a))()",
)


@made("RIGHT", short=True)
def a_page_of_such_things():
    page = {"page_thing": rude(of_the_class=NEVER)(), "page_list": [rude(of_the_class=LEAVES)()]}
    exec("def answer(p, dp):\n    return (p * dp).sum(axis=-1)", page)
    return page["answer"]


# Somebody is told when a thing is thrown away.


@attempt(*MAY_REFUSE, short=True, kernel=True)
def an_argument_is_told_of_its_end(p, dp):
    weakref.finalize(p, loop)
    return right(p, dp)


@attempt(*MAY_REFUSE, short=True)
def the_result_is_told_of_its_end(p, dp):
    numbers = right(p, dp)
    weakref.finalize(numbers, loop)
    return numbers


@attempt("RIGHT")
def at_its_end_a_function_is_patched(p, dp):
    weakref.finalize(p, vars(np).__setitem__, "abs", None)
    return right(p, dp)


@attempt("RIGHT", kernel=True)
def at_its_end_it_leaves(p, dp):
    weakref.finalize(dp, sys.exit)
    return right(p, dp)


@attempt("WRONG", named=("overwritten", "shared_buffer"))
def a_buffer_that_is_watched(p, dp, kept=COPY["zeros"](4)):  # noqa: B008
    kept[: len(p)] = right(p, dp)
    numbers = kept[: len(p)]
    page_seen.append(weakref.ref(numbers))
    return numbers


@attempt(*NOT_RIGHT, short=True, kernel=True)
def a_list_of_things_that_never_go(p, dp):
    return [Looping() for _ in p]


@attempt("CRASHED", short=True, kernel=True)
def an_error_beside_a_thing_that_never_goes(p, dp):
    thing = Looping()
    raise ValueError(f"{type(thing).__name__} is mine")


@attempt(*MAY_REFUSE, short=True)
def the_owner_of_its_memory_never_goes(p, dp):
    owner = Looping()
    owner.kept = right(p, dp)
    owner.__array_interface__ = owner.kept.__array_interface__
    return np.asarray(owner)


# What lets no alarm through, and what is behind the doors.


@refused(kernel=True)
def it_waits_for_one_signal_alone(p, dp):
    return signal.sigwait({signal.SIGUSR1})


@endless()
def it_waits_for_a_signal_with_a_name(p, dp):
    return signal.sigwaitinfo({signal.SIGUSR1})


@endless()
def it_selects_among_nothing(p, dp):
    return select.select([], [], [])


@endless()
def a_function_of_numpy_calls_what_never_ends(p, dp):
    return np.frompyfunc(loop, 1, 1)(p)


@refused(kernel=True)
def behind_the_door_the_timer_is_stopped(p, dp):
    import _signal

    _signal.setitimer(_signal.ITIMER_REAL, 0)
    loop()


@refused()
def behind_the_door_the_alarm_is_taken_off(p, dp):
    import _signal

    _signal.alarm(0)
    loop()


@refused()
def behind_the_door_the_alarm_is_ignored(p, dp):
    import _signal

    _signal.signal(_signal.SIGALRM, _signal.SIG_IGN)
    loop()


@refused()
def behind_the_door_the_alarm_is_blocked(p, dp):
    import _signal

    _signal.pthread_sigmask(_signal.SIG_BLOCK, {_signal.SIGALRM})
    loop()


@attempt("CRASHED", kernel=True)
def behind_the_door_it_exits(p, dp):
    sys.modules[os.name]._exit(7)


@attempt("CRASHED")
def behind_the_door_it_aborts(p, dp):
    sys.modules[os.name].abort()


@attempt(*MAY_REFUSE, forks=True)
def behind_the_door_it_forks(p, dp):
    sys.modules[os.name].fork()
    return right(p, dp)


@attempt(*MAY_REFUSE, kernel=True)
def an_end_is_set_for_later(p, dp):
    faulthandler.dump_traceback_later(0.2, exit=True, file=2)
    return right(p, dp)


# Settings that are kept elsewhere.


@leaves()
def all_garbage_is_kept(p, dp):
    gc.set_debug(gc.DEBUG_SAVEALL)
    return right(p, dp)


@leaves()
def memory_is_traced(p, dp):
    tracemalloc.start()
    return right(p, dp)


@leaves()
def coroutines_know_where_they_are_from(p, dp):
    sys.set_coroutine_origin_tracking_depth(5)
    return right(p, dp)


@leaves(kernel=True)
def a_variable_of_the_context_is_set(p, dp):
    page_context.set(7)
    return right(p, dp)


@leaves()
def errors_and_printing_are_entered_and_not_left(p, dp):
    np.errstate(all="raise").__enter__()
    np.printoptions(precision=1).__enter__()
    return right(p, dp)


@leaves()
def the_logs_of_others_are_its_own(p, dp):
    logging.getLogger("matplotlib").setLevel(1)
    logging.getLogger("matplotlib").addHandler(logging.NullHandler())
    logging.captureWarnings(True)
    return right(p, dp)


# Names, tables and code behind those that are used.


@leaves(kernel=True)
def json_is_patched(p, dp):
    json.dumps = json.loads = nothing
    return right(p, dp)


@leaves()
def logging_is_patched(p, dp):
    logging.getLogger = logging.warning = nothing
    logging.lastResort = logging.root = None
    return right(p, dp)


@leaves(kernel=True)
def pyplot_is_patched(p, dp):
    plt.plot = plt.figure = plt.show = nothing
    return right(p, dp)


@leaves()
def how_figures_look_is_another_table(p, dp):
    matplotlib.rcParams = plt.rcParams = {}
    return right(p, dp)


@leaves()
def the_figures_are_in_another_table(p, dp):
    from matplotlib._pylab_helpers import Gcf

    Gcf.figs = {}
    return right(p, dp)


@attempt(*NOT_RIGHT, kernel=True)
def all_is_true_behind_numpy(p, dp):
    np._core._methods.umr_all = yes
    return COPY["zeros"](len(p))


@leaves(kernel=True)
def sums_are_nothing_behind_numpy(p, dp):
    numbers = right(p, dp)
    np._core._methods.umr_sum = np._core._methods._sum = nothing
    return numbers


@attempt(*NOT_RIGHT, kernel=True)
def all_is_close_by_its_code(p, dp):
    """What is called np.allclose is the same, and calls something else."""
    np.allclose.__wrapped__.__code__ = (lambda *args, **more: True).__code__
    return COPY["zeros"](len(p))


@attempt(*NOT_RIGHT)
def all_is_close_by_its_defaults(p, dp):
    np.isclose.__wrapped__.__defaults__ = (np.inf, np.inf, True)
    return COPY["zeros"](len(p))


@leaves(kernel=True)
def copies_are_none_by_their_table(p, dp):
    copy._deepcopy_dispatch[np.ndarray] = nothing
    return right(p, dp)


@leaves()
def copies_are_none_by_their_code(p, dp):
    copy.deepcopy.__code__ = (lambda x, memo=None, _nil=None: None).__code__
    return right(p, dp)


@leaves()
def classes_of_python_are_patched(p, dp):
    inspect.Signature.bind = inspect.Signature.from_callable = nothing
    threading.Thread.start = threading.Thread.is_alive = nothing
    return right(p, dp)


@leaves()
def the_environment_is_read_its_way(p, dp):
    type(os.environ).__getitem__ = nothing
    return right(p, dp)


@attempt(*NOT_RIGHT)
def its_parts_are_those_of_another_task(p, dp):
    object.__setattr__(TASKS["expected_upstream"], "parts", TASKS["equal_logits"].parts)
    return COPY["zeros"](len(p))


# What else can be handed over.

said("the_exercise_itself", "WRONG", "exercise('expected_upstream')")
said("the_check_itself", NOT_RIGHT, "exercise('expected_upstream').check")
said("a_verdict_handed_over", "WRONG", "exercise('expected_upstream').check(len)", kernel=True)
said("its_solution", "WRONG", "exercise('expected_upstream').solution()")
said("all_tasks", "WRONG", "TASKS")
said("numpy_itself", "WRONG", "np")
said("the_page_itself", "WRONG", "globals()")
said("no_number", "WRONG", "np.nan")
said("nothing_in_a_list", "WRONG", "[None]")
said("code_as_text", "WRONG", "'def expected_upstream(p, dp): return (p * dp).sum(-1)'")
said("a_magic_as_text", "WRONG", "'%reset -f'", kernel=True)
said("a_function_of_c_that_fits", "RIGHT", "np.vecdot")
said("a_partial_that_fits", "RIGHT", "functools.partial(np.einsum, 'ij,ij->i')")
said("a_function_that_gives_objects", "WRONG", "np.frompyfunc(lambda a, b: a * b, 2, 1)",
     words="array of objects|side by side")  # fmt: skip
said("a_mock", "WRONG", "unittest.mock.Mock(return_value='0.5')")
said("a_mock_that_fits", "RIGHT", "unittest.mock.Mock(side_effect=right)")
said("a_reference_that_fits", "RIGHT", "weakref.proxy(right)")
said("names_in_ligatures", "RIGHT", "types.FunctionType(right.__code__, globals(), '\\ufb01')")


@attempt("WRONG", words="100,000")
def a_list_that_is_far_too_long(p, dp):
    return list(range(300_000))


@attempt("WRONG", words="100,000")
def a_dictionary_that_is_far_too_long(p, dp):
    return dict.fromkeys(range(300_000))


@attempt("WRONG", words="array of objects")
def numbers_as_an_array_of_objects(p, dp):
    return COPY["array"](right(p, dp), dtype=object)


@attempt("WRONG", words="larger than")
def a_power_without_bounds(p, dp):
    return 10**400


# Threads of a class of its own.


@attempt("RIGHT", "CRASHED", threads=True)
def a_thread_from_nowhere(p, dp):
    kind = type(
        "Mine", (threading.Thread,), {"__module__": 5, "__eq__": loop, "__hash__": object.__hash__}
    )
    kind(target=time.sleep, args=(20,), daemon=True).start()
    return right(p, dp)


@attempt("RIGHT", "CRASHED", threads=True)
def a_thread_of_a_class_that_equals_all_others(p, dp):
    kind = rude((threading.Thread,), EQUAL)
    kind(target=time.sleep, args=(20,), daemon=True).start()
    return right(p, dp)


@leaves()
def all_threads_are_forgotten(p, dp):
    threading._active.clear()
    return right(p, dp)
