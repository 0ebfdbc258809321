"""It means no harm: what people hand over by mistake, and in odd ways that are right."""
# ruff: noqa: F821, F841, PIE790

import contextlib
import functools
import io
import pdb
import sys
import threading
import time

import numpy as np

from smlearn.exercises import exercise

from .common import right
from .table import attempt, made, said

# What it takes.


@attempt("CRASHED", named=("signature", "raises"))
def no_parameter():
    return 1.0


@attempt("CRASHED", named=("signature", "raises"))
def one_parameter(p):
    return p.sum(axis=-1)


@attempt("CRASHED", named=("signature", "raises"))
def three_parameters(p, dp, axis):
    return (p * dp).sum(axis=axis)


@attempt("CRASHED", named=("signature", "raises"))
def by_keyword_only(*, p, dp):
    return right(p, dp)


@attempt("CRASHED", named=("signature", "raises"))
def one_more_by_keyword(p, dp, *, axis):
    return right(p, dp)


@attempt("CRASHED", named=("signature", "raises"))
def keywords_only(**arguments):
    return right(**arguments)


@attempt("RIGHT")
def any_number_of_them(*arguments):
    return right(*arguments)


@attempt("RIGHT")
def by_position_only(p, dp, /):
    return right(p, dp)


@attempt("RIGHT")
def with_defaults_of_its_own(p=None, dp=None, *rest, axis=-1, **more):
    return (p * dp).sum(axis=axis)


@attempt("CRASHED")
def it_throws_its_parameters_away(p, dp):
    del p, dp
    return right(p, dp)


@attempt("RIGHT")
def it_throws_them_away_at_last(p, dp):
    numbers = right(p, dp)
    del p, dp
    return numbers


# What it is.


@made("RIGHT")
def a_lambda():
    return lambda p, dp: (p * dp).sum(axis=-1)


@made("WRONG")
def a_class_for_a_function():
    class Mine:
        def __init__(self, p, dp):
            self.value = right(p, dp)

    return Mine


@made("CRASHED")
def a_class_without_parameters():
    class Mine:
        def __call__(self, p, dp):
            return right(p, dp)

    return Mine


@made("RIGHT")
def a_class_that_makes_arrays():
    class Mine:
        def __new__(cls, p, dp):
            return right(p, dp)

    return Mine


@made("RIGHT")
def an_object_that_is_called():
    class Mine:
        def __call__(self, p, dp):
            return right(p, dp)

    return Mine()


@made("RIGHT")
def a_method():
    class Mine:
        def answer(self, p, dp):
            return right(p, dp)

    return Mine().answer


@made("CRASHED")
def a_method_of_nobody():
    class Mine:
        def answer(self, p, dp):
            return right(p, dp)

    return Mine.answer


@made("RIGHT")
def a_class_method():
    class Mine:
        @classmethod
        def answer(cls, p, dp):
            return right(p, dp)

    return Mine.answer


said("a_static_method", "RIGHT", "staticmethod(right)")
said("a_class_method_alone", "WRONG", "classmethod(right)")
said("a_property", "WRONG", "property(right)")
said("a_part_of_it", "RIGHT", "functools.partial(lambda axis, p, dp: (p * dp).sum(axis), -1)")
said("too_large_a_part_of_it", "CRASHED", "functools.partial(right, 1, 2)")
said("for_single_numbers", "WRONG", "np.vectorize(lambda p, dp: p * dp)")
said("for_rows", "RIGHT", "np.vectorize(lambda p, dp: p @ dp, signature='(d),(d)->()')")
said("from_a_function_of_python", "WRONG", "np.frompyfunc(lambda p, dp: p * dp, 2, 1)")
said("its_name", "WRONG", "'expected_upstream'", named=("not_a_function",))
said("its_code_as_text", "WRONG", "'lambda p, dp: (p * dp).sum(axis=-1)'")
said("its_compiled_code", "WRONG", "right.__code__")
said("its_result", "WRONG", "right(np.ones((4, 3)), np.ones((4, 3)))", named=("not_a_function",))
said("a_number_for_it", "WRONG", "0.5", named=("not_a_function",))
said("none_for_it", "WRONG", "None", named=("not_a_function",))
said("the_dots", "TODO", "...")
said("a_list_with_it", "WRONG", "[right]")
said("a_module_for_it", "WRONG", "np")
said("a_ufunc", "WRONG", "np.add")
said("print_for_it", "WRONG", "print")
said("a_builtin_without_a_signature", "CRASHED", "dict.fromkeys")
said("the_type_of_types", "CRASHED", "type")
said("the_kind_of_whole_numbers", "CRASHED", "int")
said("a_generator_for_it", "WRONG", "(v for v in [1.0])")
said("the_exercise", "WRONG", "exercise('expected_upstream')")
said("its_own_check", "CRASHED", "exercise('expected_upstream').check")
said("its_own_use", "CRASHED", "exercise('expected_upstream').use")
said("what_opens_exercises", "CRASHED", "exercise")
said("its_verdict", "WRONG", "exercise('equal_logits').check(0.25)")


@made("RIGHT")
def compiled_by_another_library():
    """It looks like what a compiler of functions returns."""

    class Dispatcher:
        def __init__(self, function):
            self.py_func = self.__wrapped__ = function
            functools.update_wrapper(self, function)

        def __call__(self, *args):
            return self.py_func(*args)

        def __get__(self, thing, kind=None):
            return self

    return Dispatcher(right)


@made("RIGHT")
def wrapped():
    @functools.wraps(right)
    def answer(*args, **options):
        return right(*args, **options)

    return answer


@made("CRASHED")
def kept_by_its_arguments():
    """Arrays have no hash."""
    return functools.lru_cache(right)


@made("RIGHT", "WRONG")
def one_for_each_kind():
    @functools.singledispatch
    def answer(p, dp):
        return right(p, dp)

    return answer


@made("WRONG")
def for_a_with_statement():
    return contextlib.contextmanager(right)


@made("RIGHT")
def inside_of_a_with_statement():
    return np.errstate(all="raise")(right)


# What its body is.


@attempt("WRONG", named=("none",))
def only_return_none(p, dp):
    return None


@attempt("TODO")
def only_pass(p, dp):
    pass


@attempt("TODO")
def only_dots(p, dp): ...


@attempt("TODO")
def only_words(p, dp):
    """Compute it, some day."""


@attempt("TODO")
def words_and_dots(p, dp):
    """Compute it, some day."""
    ...


@attempt("TODO")
def dots_are_returned(p, dp):
    return ...


@attempt("TODO")
def a_step_and_dots(p, dp):
    products = p * dp
    return ...


@attempt("WRONG", named=("none",))
def it_computes_and_returns_nothing(p, dp):
    products = (p * dp).sum(axis=-1)


@attempt("WRONG", named=("none",))
def it_prints_in_place_of_returning(p, dp):
    print((p * dp).sum(axis=-1))


@attempt("WRONG", named=("none",))
def one_way_through_it_returns_nothing(p, dp):
    if p.shape[1] == 3:
        return right(p, dp)
    return None


@attempt("WRONG")
def two_results(p, dp):
    return right(p, dp), p


@attempt("WRONG", words="generator")
def yield_for_return(p, dp):
    yield right(p, dp)


@attempt("WRONG", words="async")
async def it_is_to_be_awaited(p, dp):
    return right(p, dp)


@attempt("WRONG", words="async|generator")
async def it_is_to_be_gone_through(p, dp):
    yield right(p, dp)


@attempt("WRONG", words="the function inner")
def one_in_another(p, dp):
    def inner(p, dp):
        return right(p, dp)

    return inner


@attempt("WRONG")
def itself(p, dp):
    return itself


@attempt("CRASHED", words="RecursionError")
def it_calls_itself(p, dp):
    return it_calls_itself(p * dp, dp)


@attempt("RIGHT")
def it_calls_itself_and_ends(p, dp):
    if not len(p):
        return np.zeros(0)
    return np.append(p[0] @ dp[0], it_calls_itself_and_ends(p[1:], dp[1:]))


@attempt("CRASHED", words="MemoryError")
def more_memory_than_there_is(p, dp):
    return np.zeros((10**6,) * 3)


@attempt("CRASHED", words="NameError")
def a_name_that_is_not_there(p, dp):
    return (p * upstream).sum(axis=-1)


@attempt("CRASHED")
def a_name_in_other_letters(p, dp):
    return (π * δ).sum(axis=-1)


@attempt("RIGHT")
def names_in_other_letters(p, dp):
    π, δ_𝑝, 変数 = p, dp, -1
    return (π * δ_𝑝).sum(axis=変数)


@attempt("RIGHT")
def the_names_of_builtins(p, dp):
    sum, len, list, isinstance, type = p, dp, -1, None, 0
    return (sum * len).sum(axis=list)


@attempt("RIGHT")
def builtins_are_given_names_of_the_page(p, dp):
    global sum, len, isinstance
    sum = len = isinstance = None
    return right(p, dp)


@attempt("RIGHT")
def a_table_of_truths_that_sums_up(p, dp):
    products = [[a * b for a, b in zip(*rows, strict=True)] for rows in zip(p, dp, strict=True)]
    return np.array(products).sum(1)


# What it remembers.


@attempt("WRONG")
def it_adds_up_in_its_default(p, dp, total=[]):  # noqa: B006
    total.append(1)
    return right(p, dp) + len(total)


@made("WRONG")
def it_counts_its_calls():
    def answer(p, dp):
        answer.calls += 1
        return right(p, dp) + answer.calls

    answer.calls = 0
    return answer


@attempt("WRONG")
def it_throws_dice(p, dp):
    return right(p, dp) + np.random.default_rng().random(len(p))


@attempt("WRONG")
def it_tells_the_time(p, dp):
    return right(p, dp) + time.time_ns() % 1000


# What it says.


@attempt("WRONG", kernel=True)
def ten_million_letters_are_printed(p, dp):
    print("p" * 10**7)
    return p


@attempt("WRONG")
def a_hundred_thousand_lines_are_printed(p, dp):
    for i in range(100_000):
        print(i)
    return p


@attempt("RIGHT")
def much_is_printed_and_it_is_right(p, dp):
    print("p" * 10**6, file=sys.stderr)
    return right(p, dp)


@attempt("WRONG", kernel=True)
def colours_are_printed(p, dp):
    print("\x1b[2J\x1b[31mred\x1b[0m\x07\x00\x08\r\x9b31m \u202e turned")
    return p


@attempt("WRONG", kernel=True)
def half_a_letter_is_printed(p, dp):
    print("\ud800 and \udfff")
    return p


@attempt("WRONG")
def markup_is_printed(p, dp):
    print("</pre></div><script>alert(1)</script>")
    return p


@attempt("WRONG")
def a_false_verdict_is_printed(p, dp):
    print("RIGHT  It is right.")
    return p


@attempt("WRONG")
def an_address_is_printed(p, dp):
    print(object(), lambda: 0)
    return p


@attempt("WRONG", "CRASHED")
def raw_bytes_are_printed(p, dp):
    sys.stdout.buffer.write(b"\xff\x00")
    return p


@attempt("WRONG")
def lines_of_all_kinds_are_printed(p, dp):
    print("one\x0btwo\x0cthree\x1cfour\x85five\u2028six\u2029seven")
    return p


@attempt("WRONG")
def what_is_printed_is_taken_back(p, dp):
    sys.stdout.write("a line")
    with contextlib.suppress(Exception):
        sys.stdout.seek(0)
        sys.stdout.truncate(0)
    return p


@attempt("WRONG", "CRASHED")
def numbers_are_written_for_text(p, dp):
    sys.stdout.write(5)
    return p


@attempt("RIGHT")
def it_prints_from_a_thread(p, dp):
    workers = [threading.Thread(target=print, args=("a line",)) for _ in range(20)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return right(p, dp)


@attempt("WRONG")
def a_bar_is_printed(p, dp):
    for i in range(1000):
        print(f"\r{i / 10:5.1f} %", end="", flush=True)
    return p


# Checks within the check.


@attempt("RIGHT", kernel=True)
def it_checks_another_exercise(p, dp):
    assert exercise("equal_logits").check(-0.25).right
    return right(p, dp)


@attempt("RIGHT")
def it_checks_another_function(p, dp):
    ex = exercise("bias_backward")
    assert ex.check(lambda dy: dy.sum(axis=0)).right
    assert ex.check(lambda dy: dy).status == "WRONG"
    return right(p, dp)


@attempt("RIGHT", "CRASHED")
def it_checks_a_wrong_one_of_the_same(p, dp):
    assert exercise("expected_upstream").check(lambda p, dp: p).status == "WRONG"
    return right(p, dp)


@attempt("RIGHT", "CRASHED", "WRONG", short=True, kernel=True)
def it_checks_itself(p, dp):
    exercise("expected_upstream").check(it_checks_itself)
    return right(p, dp)


@attempt("CRASHED", short=True, kernel=True)
def it_checks_what_never_ends(p, dp):
    exercise("bias_backward").check(lambda dy: [0 for _ in iter(int, 1)])
    while True:
        pass


@attempt("RIGHT")
def it_checks_from_a_thread(p, dp):
    said = []

    def check():
        said.append(exercise("equal_logits").check(-0.25))
        said.append(exercise("bias_backward").check(lambda dy: dy.sum(axis=0)))

    worker = threading.Thread(target=check)
    worker.start()
    worker.join()
    assert all(verdict.right for verdict in said)
    return right(p, dp)


@attempt("RIGHT")
def it_asks_for_the_solution(p, dp):
    ex = exercise("expected_upstream")
    page = {"np": np}
    exec(str(ex.solution()).rpartition("\n")[0], page)
    ex.hint()
    return page["expected_upstream"](p, dp)


@attempt("RIGHT", "CRASHED")
def it_uses_the_courses_own(p, dp):
    return exercise("expected_upstream").use(lambda p, dp: p)(p, dp)


@attempt("CRASHED")
def it_opens_an_exercise_that_is_not_there(p, dp):
    return exercise("no_such_exercise")


@attempt("CRASHED")
def it_checks_with_too_many_answers(p, dp):
    return exercise("equal_logits").check(1, 2, 3)


@attempt("CRASHED", words="BdbQuit", kernel=True)
def a_debugger_by_hand(p, dp):
    pdb.Pdb(stdin=io.StringIO(""), stdout=sys.stdout).set_trace()
    return right(p, dp)
