"""It is wrong and wants to be called right: by memory, by patches, by writing into the checker."""
# ruff: noqa: B006

import builtins
import contextlib
import functools
import gc
import importlib
import inspect
import sys
import types

import numpy as np

from smlearn.exercises import TASKS, Verdict, exercise

from .common import right
from .table import attempt, made

KEY = "expected_upstream"
NOT_RIGHT = ("WRONG", "CRASHED")  # a check may see through a patch, or refuse it
COPY = {name: getattr(np, name) for name in ("array", "zeros", "ones", "ndarray")}


def zeros(p):
    """Return what is never right."""
    return COPY["zeros"](len(p))


def cells_of_the_checker():
    """Return the modules of the checker, whatever they are called."""
    return [module for name, module in list(sys.modules.items())
            if name.startswith("smlearn.exercises") and module]  # fmt: skip


def bend(thing, name, value):
    """Set an attribute, frozen or not."""
    with contextlib.suppress(Exception):
        object.__setattr__(thing, name, value)


# It remembers.


@made("WRONG")
def memo_by_shape():
    memo = {}

    def answer(p, dp):
        if p.shape not in memo:
            memo[p.shape] = right(p, dp)
        return memo[p.shape]

    return answer


@made("WRONG", key="bias_backward")
def memo_by_shape_where_all_shapes_differ():
    """Each case has a shape of its own, so that its own first answer is right for each."""
    memo = {}

    def answer(dy):
        if dy.shape not in memo:
            memo[dy.shape] = dy.sum(axis=0)
        return memo[dy.shape]

    return answer


@attempt("WRONG", key="bias_backward")
def memo_in_a_default(dy, memo={}):
    return memo.setdefault(dy.shape, dy.sum(axis=0))


@made("WRONG", key="bias_backward")
def memo_in_an_attribute():
    def answer(dy):
        memo = answer.__dict__.setdefault("memo", {})
        return memo.setdefault(dy.shape, dy.sum(axis=0)).copy()

    return answer


@made("WRONG", key="bias_backward")
def memo_on_the_page():
    global page_memo
    page_memo = {}

    def answer(dy):
        return page_memo.setdefault(dy.shape, dy.sum(axis=0))

    return answer


@made("WRONG", key="bias_backward")
def memo_in_an_object():
    class Layer:
        def __call__(self, dy):
            if getattr(self, "shape", None) != dy.shape:
                self.shape, self.db = dy.shape, dy.sum(axis=0)
            return self.db

    return Layer()


@made("WRONG", key="bias_backward")
def memo_in_a_cache_of_its_shape():
    last = []

    @functools.cache
    def of(shape):
        return last[-1].sum(axis=0)

    def answer(dy):
        last.append(dy)
        return of(dy.shape)

    return answer


@made("WRONG", key="bias_backward")
def memo_by_id():
    """The array of a later call may stand where that of an earlier one stood, or be the same."""
    memo = {}

    def answer(dy):
        return memo.setdefault(id(dy), dy.sum(axis=0))

    return answer


@made("RIGHT", "WRONG")
def memo_by_one_of_two_arguments():
    memo = {}

    def answer(p, dp):
        return memo.setdefault(p.tobytes(), right(p, dp))

    return answer


@made("WRONG", key="bias_backward")
def constants_for_the_published_shapes():
    part = TASKS["bias_backward"].function
    table = {args[0].shape: part.reference(*args) for args in part.cases.values()}

    def answer(dy):
        return table.get(dy.shape, dy[0]).copy()

    return answer


@made("RIGHT", "WRONG", key="bias_backward")
def constants_for_the_published_numbers():
    part = TASKS["bias_backward"].function
    table = {args[0].tobytes(): part.reference(*args) for args in part.cases.values()}

    def answer(dy):
        return table.get(dy.tobytes(), dy[0]).copy()

    return answer


@made("WRONG")
def what_the_last_verdict_said():
    verdict = exercise(KEY).check(lambda p, dp: np.zeros(len(p)))
    said = np.array(verdict.target)

    def answer(p, dp):
        return said[: len(p)].copy()

    return answer


@made("WRONG")
def right_every_other_time():
    calls = []

    def answer(p, dp):
        calls.append(1)
        return right(p, dp) if len(calls) % 2 else zeros(p)

    return answer


@made("WRONG")
def right_until_all_cases_are_through():
    calls = []

    def answer(p, dp):
        calls.append(1)
        return right(p, dp) if len(calls) < 4 else zeros(p)

    return answer


@made("WRONG")
def the_buffer_is_filled_at_the_next_call():
    """Each call repairs what the one before it returned."""
    last = []

    def answer(p, dp):
        if last:
            last[-1][...] = last[-2] if len(last) > 1 else 0
        last[:] = [right(p, dp), np.zeros(len(p))]
        last[-1][...] = 0
        return last[-1]

    return answer


@made("RIGHT", "WRONG")
def an_earlier_argument_is_changed():
    """It keeps its arguments, and writes into those of the call before."""
    kept = []

    def answer(p, dp):
        for a in kept:
            a[...] = 0
        kept[:] = [p, dp]
        return right(p, dp)

    return answer


@attempt("WRONG")
def it_returns_what_it_will_be(p, dp):
    class Later:
        def __array__(self, dtype=None, copy=None):
            p[...] = 1.0
            return right(p, dp) * 2

    return Later()


# It patches what compares.


@attempt(*NOT_RIGHT, kernel=True)
def allclose_says_yes(p, dp):
    np.allclose = lambda *args, **options: True
    return zeros(p)


@attempt(*NOT_RIGHT)
def isclose_says_yes(p, dp):
    np.isclose = lambda a, b, **options: COPY["ones"](np.shape(a), bool)
    return zeros(p)


@attempt(*NOT_RIGHT)
def array_equal_says_yes(p, dp):
    np.array_equal = lambda *args, **options: True
    p[...] = 0
    return zeros(p)


@attempt(*NOT_RIGHT, kernel=True)
def asarray_returns_ones(p, dp):
    np.asarray = np.array = lambda *args, **options: COPY["ones"](3)
    return zeros(p)


@attempt(*NOT_RIGHT)
def all_differences_vanish(p, dp):
    np.abs = np.absolute = np.subtract = lambda a, *rest, **options: 0 * COPY["array"](a)
    return zeros(p)


@attempt(*NOT_RIGHT)
def einsum_returns_its_answer(p, dp):
    """The course's own solution calls np.einsum."""
    np.einsum = lambda *args, **options: COPY["zeros"](len(args[1]))
    return zeros(p)


@attempt(*NOT_RIGHT, kernel=True)
def every_instance_is_one(p, dp):
    builtins.isinstance = lambda thing, kind: True
    return zeros(p)


@attempt(*NOT_RIGHT, kernel=True)
def all_is_true(p, dp):
    builtins.all = builtins.any = builtins.bool = lambda *args: True
    return zeros(p)


@attempt(*NOT_RIGHT)
def deepcopy_does_not_copy(p, dp):
    import copy

    copy.deepcopy = copy.copy = lambda thing, *rest: thing
    p[...] = 0
    return zeros(p)


# It patches the checker.


@attempt(*NOT_RIGHT, kernel=True)
def what_compares_in_the_checker_says_yes(p, dp):
    for module in cells_of_the_checker():
        for name in ("close", "alike", "same_content", "_nearly_same", "fits"):
            if hasattr(module, name):
                setattr(module, name, lambda *args, **options: True)
    return zeros(p)


@attempt(*NOT_RIGHT, kernel=True)
def every_function_of_the_checker_says_yes(p, dp):
    for module in cells_of_the_checker():
        for name, thing in list(vars(module).items()):
            if isinstance(thing, types.FunctionType):
                setattr(module, name, lambda *args, **options: True)
    return zeros(p)


@attempt(*NOT_RIGHT, kernel=True)
def the_code_of_the_checker_says_yes(p, dp):
    """The functions stay the same objects, and do something else."""
    for module in cells_of_the_checker():
        for name in ("close", "alike", "same_content"):
            with contextlib.suppress(Exception):
                getattr(module, name).__code__ = (lambda *args, **options: True).__code__
    return zeros(p)


@attempt(*NOT_RIGHT, kernel=True)
def every_method_of_the_checker_says_yes(p, dp):
    for module in cells_of_the_checker():
        for kind in list(vars(module).values()):
            if isinstance(kind, type) and kind.__module__.startswith("smlearn.exercises"):
                for name, thing in list(vars(kind).items()):
                    if isinstance(thing, types.FunctionType) and not name.startswith("__"):
                        setattr(kind, name, lambda *args, **options: True)
    return zeros(p)


@attempt(*NOT_RIGHT, kernel=True)
def every_verdict_is_right(p, dp):
    made = Verdict.__init__
    Verdict.__init__ = lambda self, *args, **options: made(
        self, "RIGHT", "It is right.", status="RIGHT", ladder=None
    )
    Verdict.right = property(lambda self: True)
    return zeros(p)


@attempt(*NOT_RIGHT)
def every_verdict_says_right(p, dp):
    Verdict.__repr__ = Verdict._repr_html_ = lambda self: "RIGHT  It is right."
    return zeros(p)


@attempt(*NOT_RIGHT)
def wrong_is_called_right(p, dp):
    for module in cells_of_the_checker():
        for name in ("WRONG", "CRASHED", "TODO"):
            if hasattr(module, name):
                setattr(module, name, "RIGHT")
    return zeros(p)


@attempt(*NOT_RIGHT)
def the_checker_is_loaded_anew(p, dp):
    for module in cells_of_the_checker():
        del sys.modules[module.__name__]
    with contextlib.suppress(Exception):
        importlib.import_module("smlearn.exercises")
    return zeros(p)


@attempt(*NOT_RIGHT, kernel=True)
def the_task_is_another(p, dp):
    TASKS[KEY] = TASKS["equal_logits"]
    return zeros(p)


@attempt(*NOT_RIGHT, kernel=True)
def there_are_no_tasks(p, dp):
    TASKS.clear()
    return zeros(p)


@attempt(*NOT_RIGHT, kernel=True)
def there_are_no_cases(p, dp):
    TASKS[KEY].function.cases.clear()
    return zeros(p)


@attempt(*NOT_RIGHT)
def the_cases_are_others(p, dp):
    for name in list(TASKS[KEY].function.cases):
        TASKS[KEY].function.cases[name] = (np.zeros((4, 3)), np.zeros((4, 3)))
    return zeros(p)


@attempt(*NOT_RIGHT, kernel=True)
def the_numbers_of_the_cases_are_others(p, dp):
    for args in TASKS[KEY].function.cases.values():
        for a in args:
            a[...] = 0
    return zeros(p)


@attempt(*NOT_RIGHT, kernel=True)
def the_reference_is_its_own(p, dp):
    bend(TASKS[KEY].function, "reference", lambda p, dp: COPY["zeros"](len(p)))
    return zeros(p)


@attempt(*NOT_RIGHT)
def the_code_of_the_reference_is_its_own(p, dp):
    TASKS[KEY].function.reference.__code__ = (lambda p, dp: 0 * dp[:, 0]).__code__
    return zeros(p)


@attempt(*NOT_RIGHT)
def the_tolerance_is_infinite(p, dp):
    bend(TASKS[KEY].function, "tol", np.inf)
    return zeros(p)


@attempt(*NOT_RIGHT)
def no_mistake_and_no_law_is_known(p, dp):
    bend(TASKS[KEY].function, "wrongs", ())
    bend(TASKS[KEY].function, "laws", {})
    return zeros(p)


@attempt(*NOT_RIGHT, key="ghost")
def it_need_not_stand_alone(x, dp):
    """The exercise asks for a function that reads no array of its page."""
    global page_upstream
    bend(TASKS["ghost"].function, "alone", False)
    page_upstream = dp
    return x * page_upstream


@attempt(*NOT_RIGHT, kernel=True)
def the_targets_in_the_frames_above(p, dp):
    """It zeroes all that a caller keeps under the name of a case."""

    def spoil(thing, deep=3):
        if type(thing) is COPY["ndarray"] and thing.shape == (len(p),):
            with contextlib.suppress(ValueError):
                thing[...] = 0
        elif deep and isinstance(thing, dict):
            for each in list(thing.values()):
                spoil(each, deep - 1)
        elif deep and isinstance(thing, tuple | list):
            for each in thing:
                spoil(each, deep - 1)

    for frame in inspect.stack(0):
        if "smlearn" in frame.filename:
            spoil(list(frame.frame.f_locals.values()))
    return zeros(p)


@made(*NOT_RIGHT, kernel=True)
def every_run_in_memory():
    """It finds all results of the checker, and zeroes them."""
    calls = []

    def answer(p, dp):
        calls.append(1)
        for thing in gc.get_objects() if len(calls) == 1 else ():
            if str(type(thing).__module__).startswith("smlearn.exercises"):
                value = getattr(thing, "value", None)
                if type(value) is COPY["ndarray"] and value.flags.writeable:
                    value[...] = 0
        return zeros(p)

    return answer


@attempt(*NOT_RIGHT)
def all_caches_are_empty(p, dp):
    for module in cells_of_the_checker():
        for thing in list(vars(module).values()):
            if hasattr(thing, "cache_clear"):
                thing.cache_clear()
    np.einsum = lambda *args, **options: COPY["zeros"](len(args[1]))
    return zeros(p)


# It writes into what a verdict showed.


@made(*NOT_RIGHT)
def the_arguments_of_the_last_verdict():
    ex = exercise(KEY)
    ex.check(lambda p, dp: np.zeros(len(p)))
    for a in ex.args:
        with contextlib.suppress(ValueError):
            a[...] = 0

    def answer(p, dp):
        return zeros(p)

    return answer


@made(*NOT_RIGHT)
def the_target_of_the_last_verdict():
    verdict = exercise(KEY).check(lambda p, dp: np.zeros(len(p)))
    for a in (verdict.target, verdict.yours):
        with contextlib.suppress(ValueError):
            a[...] = 0

    def answer(p, dp):
        return zeros(p)

    return answer


@made(*NOT_RIGHT)
def the_status_of_the_last_verdict():
    ex = exercise(KEY)

    def answer(p, dp):
        return zeros(p)

    bend(ex.check(answer), "status", "RIGHT")
    return answer


@made(*NOT_RIGHT)
def the_exercise_itself_is_bent():
    """What it keeps belongs to whoever holds it; the next check is judged all the same."""
    ex = exercise(KEY)

    def answer(p, dp):
        praise = Verdict("", "ha", status="RIGHT", ladder=None)
        for name, value in (("args", (5,)), ("_last", (answer, praise)),
                            ("_question", 7), ("_given_hints", "many")):  # fmt: skip
            bend(ex, name, value)
        return zeros(p)

    return answer


@attempt(*NOT_RIGHT)
def how_numbers_are_printed(p, dp):
    np.set_printoptions(formatter={"all": lambda v: "RIGHT"})
    return zeros(p)


@attempt(*NOT_RIGHT)
def the_sources_of_the_checker_are_closed(p, dp):
    inspect.getsource = inspect.signature = inspect.unwrap = None
    return zeros(p)
