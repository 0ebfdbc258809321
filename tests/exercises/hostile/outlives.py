"""It is right, and leaves something behind: settings, patches, files, threads."""
# ruff: noqa: B003, NPY002

import asyncio
import atexit
import builtins
import contextlib
import copy
import decimal
import functools
import gc
import html
import importlib
import io
import linecache
import locale
import logging
import math
import os
import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
import types
import warnings

import matplotlib
import matplotlib.pyplot as plt
import numpy as np

from .common import right
from .table import attempt, made

leaves = functools.partial(attempt, "RIGHT")
grave = functools.partial(leaves, kernel=True)  # a kernel may not survive it


def nothing(*args, **options):
    """Do nothing."""


# Functions are patched.


@grave()
def exp_is_patched(p, dp):
    np.exp = np.sum = nothing
    return right(p, dp)


@grave()
def exp_is_deleted(p, dp):
    vars(np).pop("exp", None)
    return right(p, dp)


@leaves()
def linalg_is_patched(p, dp):
    np.linalg.norm = np.linalg = nothing
    return right(p, dp)


@leaves()
def default_rng_is_patched(p, dp):
    np.random.default_rng = nothing
    return right(p, dp)


@leaves()
def math_is_patched(p, dp):
    math.exp, math.log = nothing, nothing
    return right(p, dp)


@grave()
def sum_is_patched(p, dp):
    builtins.sum = builtins.max = nothing
    return right(p, dp)


@grave()
def sum_is_deleted(p, dp):
    vars(builtins).pop("sum", None)
    return right(p, dp)


@grave()
def print_is_patched(p, dp):
    builtins.print = nothing
    return right(p, dp)


@grave()
def import_is_patched(p, dp):
    def no_import(*args, **options):
        raise ImportError("no imports any more")

    builtins.__import__ = no_import
    return right(p, dp)


@grave()
def classes_cannot_be_made(p, dp):
    builtins.__build_class__ = builtins.type = builtins.super = nothing
    return right(p, dp)


@leaves()
def a_builtin_is_added(p, dp):
    builtins.softmax = builtins.p = nothing
    return right(p, dp)


@attempt("RIGHT", "CRASHED", kernel=True)
def errors_are_numbers(p, dp):
    builtins.Exception = builtins.BaseException = builtins.KeyError = 5
    return right(p, dp)


@attempt("RIGHT", "CRASHED", kernel=True)
def no_builtin_is_left(p, dp):
    numbers = right(p, dp)
    vars(builtins).clear()
    return numbers


@grave()
def the_clock_stands_still_and_it_is_right(p, dp):
    time.monotonic = time.time = time.perf_counter = time.sleep = nothing
    return right(p, dp)


@grave()
def deepcopy_is_patched(p, dp):
    copy.deepcopy = copy.copy = nothing
    return right(p, dp)


@leaves()
def escape_is_patched(p, dp):
    html.escape = nothing
    return right(p, dp)


@grave()
def lines_of_source_are_patched(p, dp):
    linecache.getline = linecache.getlines = linecache.checkcache = nothing
    return right(p, dp)


@grave()
def signals_are_patched(p, dp):
    signal.signal = signal.setitimer = signal.getsignal = nothing
    return right(p, dp)


@grave()
def threads_are_patched(p, dp):
    threading.Thread = threading.current_thread = threading.main_thread = nothing
    return right(p, dp)


@grave()
def managers_are_patched(p, dp):
    contextlib.ExitStack.__exit__ = contextlib.ExitStack.close = nothing
    contextlib._GeneratorContextManager.__exit__ = lambda *args: True
    contextlib.redirect_stdout = contextlib.suppress = nothing
    return right(p, dp)


@grave()
def text_files_are_patched(p, dp):
    io.StringIO = io.TextIOWrapper = builtins.open = nothing
    return right(p, dp)


@grave()
def the_folder_is_patched(p, dp):
    os.getcwd = os.chdir = os.getenv = nothing
    return right(p, dp)


@grave()
def warnings_are_patched(p, dp):
    warnings.warn = warnings.catch_warnings = warnings.simplefilter = nothing
    return right(p, dp)


@attempt("RIGHT", "CRASHED", kernel=True)
def all_functions_of_modules_are_patched(p, dp):
    numbers = right(p, dp)
    for module in (copy, time, signal, threading, html, linecache, io, contextlib, gc, random):
        for name, thing in list(vars(module).items()):
            if isinstance(thing, types.FunctionType | types.BuiltinFunctionType):
                setattr(module, name, nothing)
    return numbers


@grave()
def a_class_of_paths_is_patched(p, dp):
    pathlib.Path.resolve = pathlib.Path.exists = nothing
    return right(p, dp)


@leaves()
def the_courses_functions_are_patched(p, dp):
    import smlearn
    from smlearn.formulas import forward

    smlearn.softmax = forward.softmax = smlearn.softmax_vjp = nothing
    return right(p, dp)


@grave()
def the_code_of_softmax_is_another(p, dp):
    from smlearn import softmax

    softmax.__code__ = (lambda x: 0 * x).__code__
    return right(p, dp)


@leaves()
def the_data_of_the_course_are_others(p, dp):
    import smlearn

    for birds in (smlearn.four_birds(), smlearn.one_bird()):
        with contextlib.suppress(ValueError):
            birds[...] = 0
    return right(p, dp)


# Random states.


@leaves()
def numpy_is_seeded(p, dp):
    np.random.seed(0)
    np.random.rand(3)
    return right(p, dp)


@leaves()
def numpy_has_another_generator(p, dp):
    np.random.set_state(("MT19937", np.arange(624, dtype=np.uint32), 3, 1, 0.5))
    return right(p, dp)


@leaves()
def python_is_seeded(p, dp):
    random.seed(0)
    random.gauss(0, 1)
    return right(p, dp)


# Settings of Python.


@attempt("RIGHT", "CRASHED", kernel=True)
def a_low_recursion_limit(p, dp):
    """As low as it can be set at this depth: a few calls more, and all raise."""
    numbers = right(p, dp)
    for limit in range(20, 2000):
        try:
            sys.setrecursionlimit(limit)
        except RecursionError:
            continue
        return numbers
    return None


@leaves()
def a_high_recursion_limit(p, dp):
    sys.setrecursionlimit(10**6)
    return right(p, dp)


@grave()
def a_long_switch_interval(p, dp):
    sys.setswitchinterval(100.0)
    return right(p, dp)


@grave()
def no_garbage_is_collected(p, dp):
    gc.disable()
    gc.set_threshold(50)
    return right(p, dp)


@leaves()
def a_call_at_each_collection(p, dp):
    gc.callbacks.append(nothing)
    return right(p, dp)


@leaves()
def few_digits_of_whole_numbers(p, dp):
    sys.set_int_max_str_digits(640)
    return right(p, dp)


@attempt("RIGHT", "CRASHED", kernel=True)
def a_trace_that_raises(p, dp):
    numbers = right(p, dp)

    def trace(frame, event, arg):
        raise RuntimeError("traced")

    sys.settrace(trace)
    return numbers


@attempt("RIGHT", "CRASHED", kernel=True)
def a_profile_that_exits(p, dp):
    numbers = right(p, dp)
    sys.setprofile(lambda *args: sys.exit())
    return numbers


@leaves()
def a_trace_for_threads(p, dp):
    threading.settrace(nothing)
    threading.setprofile(nothing)
    threading.stack_size(2**20)
    return right(p, dp)


@grave()
def hooks_are_its_own(p, dp):
    sys.displayhook = sys.excepthook = sys.unraisablehook = nothing
    sys.breakpointhook = threading.excepthook = nothing
    return right(p, dp)


@grave()
def hooks_are_deleted(p, dp):
    for hook in ("displayhook", "excepthook", "unraisablehook"):
        vars(sys).pop(hook, None)
    return right(p, dp)


@grave()
def the_path_is_empty(p, dp):
    sys.path.clear()
    sys.path_importer_cache.clear()
    return right(p, dp)


@grave()
def the_path_is_another_list(p, dp):
    sys.path = ["/nowhere"]
    return right(p, dp)


@grave()
def nothing_can_be_found(p, dp):
    sys.meta_path.clear()
    sys.path_hooks.clear()
    return right(p, dp)


@grave()
def a_module_is_forgotten(p, dp):
    sys.modules.pop("numpy", None)
    sys.modules.pop("math", None)
    return right(p, dp)


@grave()
def a_module_is_none(p, dp):
    sys.modules["numpy"] = sys.modules["smlearn"] = None
    return right(p, dp)


@grave()
def the_checker_is_forgotten(p, dp):
    for name in [name for name in sys.modules if name.startswith("smlearn")]:
        del sys.modules[name]
    return right(p, dp)


@grave()
def all_modules_are_forgotten(p, dp):
    numbers = right(p, dp)
    sys.modules.clear()
    return numbers


@grave()
def a_module_is_loaded_anew(p, dp):
    importlib.reload(html)
    importlib.reload(copy)
    return right(p, dp)


@leaves()
def the_arguments_of_the_program(p, dp):
    sys.argv = None
    return right(p, dp)


@leaves()
def a_call_at_the_end(p, dp):
    """It would run when the kernel is closed, when nobody looks any more."""
    atexit.register(print, "the last word")
    return right(p, dp)


# Settings of the surroundings.


@leaves()
def a_variable_is_set(p, dp):
    os.environ["SMLEARN_SURPRISE"] = "1"
    return right(p, dp)


@grave()
def strictness_is_set(p, dp):
    """It would let this and every later check raise."""
    os.environ["SMLEARN_STRICT"] = "1"
    return right(p, dp)


@attempt("WRONG", kernel=True)
def strictness_is_set_and_it_is_wrong(p, dp):
    os.environ["SMLEARN_STRICT"] = "1"
    return 0 * right(p, dp)


@grave()
def no_variable_is_left(p, dp):
    os.environ.clear()
    return right(p, dp)


@leaves()
def the_environment_is_another(p, dp):
    os.environ = {"HOME": "nowhere"}
    return right(p, dp)


@leaves()
def a_locale_of_its_own(p, dp):
    locale.setlocale(locale.LC_CTYPE, "C")
    return right(p, dp)


@leaves()
def decimals_of_its_own(p, dp):
    decimal.getcontext().prec = 2
    decimal.getcontext().traps[decimal.Inexact] = True
    return right(p, dp)


@leaves()
def another_context_of_decimals(p, dp):
    decimal.setcontext(decimal.Context(prec=1))
    return right(p, dp)


@grave()
def files_for_nobody(p, dp):
    os.umask(0o777)
    return right(p, dp)


@leaves()
def another_folder_for_passing_files(p, dp):
    tempfile.tempdir = "/nowhere"
    return right(p, dp)


@leaves()
def another_time_zone(p, dp):
    os.environ["TZ"] = "Antarctica/Troll"
    time.tzset()
    return right(p, dp)


@grave()
def another_folder(p, dp):
    os.chdir(tempfile.gettempdir())
    return right(p, dp)


@grave()
def a_folder_that_is_no_more(p, dp):
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
    return right(p, dp)


@made("RIGHT", kernel=True)
def its_own_folder_was_no_more_before():
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
    return right


@made("RIGHT", kernel=True)
def its_own_folder_is_no_more():
    folder = tempfile.mkdtemp()
    os.chdir(folder)

    def answer(p, dp):
        with contextlib.suppress(FileNotFoundError):
            os.rmdir(folder)
        return right(p, dp)

    return answer


# Settings of libraries.


@grave()
def warnings_are_errors_from_now_on(p, dp):
    warnings.simplefilter("error")
    return right(p, dp)


@leaves()
def the_filters_are_another_list(p, dp):
    warnings.filters = [("error", None, Warning, None, 0)]
    return right(p, dp)


@leaves()
def warnings_are_shown_its_way(p, dp):
    warnings.showwarning = warnings.formatwarning = lambda *args: sys.exit()
    return right(p, dp)


@grave()
def numpy_raises(p, dp):
    np.seterr(all="raise")
    return right(p, dp)


@grave()
def numpy_calls(p, dp):
    np.seterrcall(lambda *args: sys.exit())
    np.seterr(all="call")
    return right(p, dp)


@leaves()
def numpy_prints_its_way(p, dp):
    np.set_printoptions(precision=1, threshold=1, formatter={"all": lambda v: 1 / 0})
    return right(p, dp)


@leaves()
def numpy_has_a_small_buffer(p, dp):
    np.setbufsize(16)
    return right(p, dp)


@leaves()
def logs_are_its_own(p, dp):
    logging.disable(logging.CRITICAL)
    logging.getLogger().handlers.clear()
    logging.getLogger().setLevel(logging.DEBUG)
    return right(p, dp)


@leaves()
def figures_are_dressed_its_way(p, dp):
    plt.rcParams["figure.figsize"] = (1, 1)
    plt.style.use("dark_background")
    return right(p, dp)


@leaves()
def figures_are_dressed_by_default(p, dp):
    matplotlib.rcdefaults()
    return right(p, dp)


@grave()
def figures_are_made_for_another_screen(p, dp):
    plt.switch_backend("svg")
    return right(p, dp)


@leaves()
def figures_are_shown_at_once(p, dp):
    plt.ion() if not plt.isinteractive() else plt.ioff()
    return right(p, dp)


@leaves()
def figures_are_opened(p, dp):
    for _ in range(25):
        plt.figure()
    plt.plot([1, 2])
    return right(p, dp)


@grave()
def the_pages_own_figures_are_closed(p, dp):
    plt.close("all")
    return right(p, dp)


@made("RIGHT", kernel=True)
def another_figure_is_the_current_one():
    one, _ = plt.figure(), plt.figure()

    def answer(p, dp):
        plt.figure(one)
        return right(p, dp)

    return answer


@grave()
def an_event_loop_is_set(p, dp):
    with contextlib.suppress(RuntimeError):
        asyncio.set_event_loop(asyncio.new_event_loop())
    return right(p, dp)


# Streams.


@grave()
def what_is_printed_goes_elsewhere(p, dp):
    sys.stdout = sys.stderr = io.StringIO()
    return right(p, dp)


@grave()
def there_is_nowhere_to_print(p, dp):
    sys.stdout = sys.stderr = sys.stdin = None
    return right(p, dp)


@grave()
def the_streams_are_deleted(p, dp):
    vars(sys).pop("stdout", None)
    vars(sys).pop("stderr", None)
    return right(p, dp)


@grave()
def the_streams_are_closed(p, dp):
    sys.stdout.close()
    sys.stderr.close()
    return right(p, dp)


@grave()
def the_streams_are_numbers(p, dp):
    sys.stdout, sys.stderr = 5, 7
    return right(p, dp)


@grave()
def a_stream_is_redirected_and_stays_so(p, dp):
    contextlib.redirect_stdout(io.StringIO()).__enter__()
    contextlib.redirect_stderr(io.StringIO()).__enter__()
    return right(p, dp)


@grave()
def the_stream_is_patched(p, dp):
    with contextlib.suppress(AttributeError):
        sys.stdout.write = sys.stdout.getvalue = lambda *args: sys.exit()
    return right(p, dp)


@grave()
def a_stream_is_detached(p, dp):
    with contextlib.suppress(Exception):
        sys.stdout.detach()
    return right(p, dp)


# Threads and processes.


@attempt("RIGHT", threads=True, kernel=True)
def a_thread_runs_on(p, dp):
    threading.Thread(target=time.sleep, args=(20,), daemon=True).start()
    return right(p, dp)


@attempt("RIGHT", threads=True)
def a_timer_waits(p, dp):
    timer = threading.Timer(20, print, ("late",))
    timer.daemon = True
    timer.start()
    return right(p, dp)


@attempt("RIGHT", "WRONG", threads=True)
def a_thread_prints_for_ever(p, dp):
    def talk():
        for i in range(2000):
            print(i)
            time.sleep(1e-2)

    threading.Thread(target=talk, daemon=True).start()
    return right(p, dp)


@leaves()
def another_program_is_left(p, dp):
    subprocess.Popen([sys.executable, "-c", "import time; time.sleep(3)"])
    return right(p, dp)
