"""It raises: errors that cannot be printed, that are none, that point in circles."""
# ruff: noqa: B016, RUF012

import asyncio
import linecache
import sys
import threading
import types
import warnings

import numpy as np

from .common import right
from .table import attempt, made


def rude(name="Rude", base=Exception, **methods):
    """Make a class of errors with these methods."""
    return type(name, (base,), methods)


def raise_(error):
    """Raise, where only an expression may stand."""
    raise error


# Its words.


@attempt("CRASHED", kernel=True)
def the_text_raises(p, dp):
    raise rude(__str__=lambda self: raise_(ValueError("no text")))


@attempt("CRASHED", kernel=True)
def the_text_exits(p, dp):
    raise rude(__str__=lambda self: sys.exit("gone"), __repr__=lambda self: sys.exit("gone"))


@attempt("CRASHED", kernel=True)
def the_text_interrupts(p, dp):
    raise rude(__str__=lambda self: raise_(KeyboardInterrupt()))


@attempt("CRASHED")
def the_text_is_a_number(p, dp):
    raise rude(__str__=lambda self: 5)


@attempt("CRASHED")
def the_text_asks_for_itself(p, dp):
    raise rude(__str__=lambda self: str(self))


@attempt("CRASHED", short=True, kernel=True)
def the_text_never_ends(p, dp):
    def text(self):
        while True:
            pass

    raise rude(__str__=text, __repr__=text)


@attempt("CRASHED")
def what_it_carries_has_no_text(p, dp):
    class Thing:
        def __repr__(self):
            raise RuntimeError

        __str__ = __repr__

    raise KeyError(Thing())


@attempt("CRASHED")
def the_text_is_of_a_kind_of_its_own(p, dp):
    class Text(str):
        def split(self, *args):
            raise RuntimeError("no parts")

        __contains__ = replace = strip = join = __len__ = __getitem__ = __iter__ = split

    raise rude(__str__=lambda self: Text("words"))


@attempt("CRASHED")
def ten_million_letters(p, dp):
    raise ValueError("no " * 3_000_000)


@attempt("CRASHED")
def a_hundred_lines(p, dp):
    raise ValueError("\n".join(f"line {i}" for i in range(100)))


@attempt("CRASHED", words="<script>")
def markup_for_the_page(p, dp):
    raise ValueError("</p></div><script>alert(1)</script><img src=x>")


@attempt("CRASHED")
def colours_of_a_terminal(p, dp):
    raise ValueError("\x1b[31mred\x1b[0m \x00 \x07 \x08\x08 \r back \u2028 \u202e turned")


@attempt("CRASHED", kernel=True)
def half_a_letter(p, dp):
    raise ValueError("\ud800 and \udfff")


@attempt("CRASHED")
def it_names_an_address(p, dp):
    raise ValueError(object(), lambda: 0, np.random.default_rng(0))


@attempt("CRASHED")
def notes_that_are_none(p, dp):
    error = ValueError("with notes")
    error.__notes__ = 5
    raise error


@attempt("CRASHED")
def a_thousand_notes(p, dp):
    error = ValueError("with notes")
    for i in range(1000):
        error.add_note(f"note {i}\n\n")
    raise error


# Its kind.


@attempt("CRASHED", kernel=True)
def an_error_outside_of_exception(p, dp):
    raise rude(base=BaseException)("not an Exception")


@attempt("CRASHED", kernel=True)
def generator_exit(p, dp):
    raise GeneratorExit("by hand")


@attempt("CRASHED", kernel=True)
def the_stop_button_by_hand(p, dp):
    raise KeyboardInterrupt


@attempt("CRASHED", kernel=True)
def a_stop_button_of_its_own(p, dp):
    raise rude("Stop", KeyboardInterrupt)("no button was pressed")


@attempt("CRASHED")
def stop_iteration(p, dp):
    raise StopIteration(3)


@attempt("CRASHED", words="StopIteration|end of a generator|Line")
def next_of_nothing(p, dp):
    return next(iter([]))


@attempt("CRASHED")
def stop_async_iteration(p, dp):
    raise StopAsyncIteration


@attempt("CRASHED", kernel=True)
def a_task_is_cancelled(p, dp):
    raise asyncio.CancelledError


@attempt("CRASHED")
def a_group_of_errors(p, dp):
    raise ExceptionGroup("two", [ValueError("one"), ExceptionGroup("in", [TypeError("two")])])


@attempt("CRASHED", kernel=True)
def a_group_with_an_exit(p, dp):
    raise BaseExceptionGroup("both", [SystemExit(0), KeyboardInterrupt()])


@attempt("CRASHED")
def groups_a_thousand_deep(p, dp):
    error = ValueError("inside")
    for _ in range(1000):
        error = ExceptionGroup("deeper", [error])
    raise error


@attempt("CRASHED")
def the_error_is_false(p, dp):
    raise rude(__bool__=lambda self: False, __len__=lambda self: 0)("falsy, and raised")


@attempt("CRASHED")
def the_error_equals_everything(p, dp):
    raise rude(__eq__=lambda self, other: True, __hash__=None)("equal")


@attempt("CRASHED", kernel=True)
def the_class_has_no_name(p, dp):
    class Meta(type):
        __name__ = property(lambda cls: raise_(RuntimeError("nameless")))
        __module__ = __mro__ = __name__

    raise Meta("Rude", (Exception,), {})("its class is rude")


@attempt("CRASHED")
def the_class_has_a_long_name(p, dp):
    raise type("E" * 100_000, (Exception,), {})("long")


@attempt("CRASHED")
def the_class_is_named_in_markup(p, dp):
    raise type("<b>\n\x1b[1m", (Exception,), {})("bold")


@attempt("CRASHED", kernel=True)
def it_claims_to_be_nothing_raised(p, dp):
    raise rude(__class__=property(lambda self: type(None)))("no class")


@attempt("CRASHED")
def a_text_is_raised(p, dp):
    raise "no error at all"


@attempt("CRASHED")
def making_the_error_fails(p, dp):
    raise rude(__init__=lambda self: raise_(OSError("not even made")))


@attempt("CRASHED")
def an_import_of_nothing(p, dp):
    from numpy import no_such_thing  # noqa: F401


@attempt("CRASHED")
def a_line_that_cannot_be_read(p, dp):
    error = SyntaxError("by hand", ("<\x00>", 10**9, -5, "x" * 10**5, 0, 0))
    raise error


@attempt("CRASHED")
def code_that_cannot_be_compiled(p, dp):
    return eval("p *\n* dp (")


@attempt("CRASHED")
def a_letter_that_cannot_be_read(p, dp):
    return b"\xff\xfe".decode("utf-8")


@attempt("TODO")
def nothing_is_implemented_yet(p, dp):
    raise NotImplementedError


@attempt("TODO", "CRASHED")
def half_of_it_is_implemented(p, dp):
    if p.shape[1] == 5:
        raise NotImplementedError("five classes")
    return right(p, dp)


# Where it comes from.


@attempt("CRASHED", kernel=True)
def the_cause_goes_in_a_circle(p, dp):
    one, two = ValueError("one"), ValueError("two")
    one.__cause__, two.__cause__ = two, one
    one.__context__, two.__context__ = two, one
    raise one


@made("CRASHED", kernel=True)
def a_circle_and_no_line_of_the_page():
    """Its frames stand on no page that the check knows."""
    one, two = ValueError("one"), ValueError("two")
    one.__context__, two.__context__ = two, one

    class Thrower:
        __globals__ = {"__name__": "elsewhere"}

        def __call__(self, p, dp):
            raise one

    return Thrower()


@attempt("CRASHED")
def ten_thousand_causes(p, dp):
    first = error = ValueError("first")
    for i in range(10_000):
        error.__context__ = error = ValueError(i)
    raise first


@attempt("CRASHED", kernel=True)
def the_traceback_is_rude(p, dp):
    raise rude(__traceback__=property(lambda self: raise_(RuntimeError("no traceback"))))


@attempt("CRASHED")
def the_traceback_is_of_another(p, dp):
    try:
        np.zeros(3).reshape(2)
    except ValueError as error:
        other = error.__traceback__
    raise TypeError("with another's frames").with_traceback(other)


@attempt("CRASHED")
def its_file_has_a_strange_name(p, dp):
    exec(compile("\n\n1 / 0", "<img src=x>\n\x1b[31m", "exec"), {})


@attempt("CRASHED")
def its_line_is_out_of_reach(p, dp):
    code = compile("1 / 0", "<nowhere>", "exec").replace(co_firstlineno=2**30)
    exec(code.replace(co_name="</p>"), globals())


@attempt("CRASHED", kernel=True)
def its_lines_are_rewritten(p, dp):
    name = the_stop_button_by_hand.__code__.co_filename
    linecache.cache[name] = (1, None, [5] * 10_000, name)
    raise ValueError("its source is numbers")


@attempt("CRASHED")
def frames_a_thousand_deep(p, dp):
    def deeper(n):
        return 1 / 0 if n == 0 else deeper(n - 1)

    return deeper(500)


@attempt("CRASHED")
def a_recursion_without_end(p, dp):
    return a_recursion_without_end(p, dp) + 1


@attempt("CRASHED")
def the_same_error_each_time(p, dp, error=ValueError("always the same one")):  # noqa: B008
    raise error


# When.


@made("CRASHED")
def right_and_then_an_error():
    calls = []

    def answer(p, dp):
        calls.append(1)
        if len(calls) == 2:
            raise ValueError("the second call")
        return right(p, dp)

    return answer


@made("CRASHED", words="the fourth call")
def right_for_all_cases_and_then_an_error():
    """There are three cases; what comes after them is a call like any other."""
    calls = []

    def answer(p, dp):
        calls.append(1)
        if len(calls) == 4:
            raise ValueError("the fourth call")
        return right(p, dp)

    return answer


@made("CRASHED")
def an_exit_at_last():
    calls = []

    def answer(p, dp):
        calls.append(1)
        return right(p, dp) if len(calls) < 4 else sys.exit()

    return answer


@attempt("CRASHED", words="FloatingPointError")
def all_is_an_error_to_numpy(p, dp):
    with np.errstate(all="raise"):
        return p / np.zeros_like(p)


@attempt("CRASHED", words="UserWarning")
def warnings_are_errors(p, dp):
    warnings.simplefilter("error")
    warnings.warn("taken seriously", stacklevel=1)
    return right(p, dp)


@attempt("RIGHT")
def an_error_that_nobody_hears(p, dp):
    class Thing:
        def __del__(self):
            raise RuntimeError("while it is thrown away")

    Thing()
    return right(p, dp)


@attempt("RIGHT")
def an_error_in_a_thread(p, dp):
    worker = threading.Thread(target=raise_, args=(ValueError("in a thread"),))
    worker.start()
    worker.join()
    return right(p, dp)


@attempt("RIGHT")
def an_error_that_is_caught(p, dp):
    try:
        raise rude(__str__=lambda self: raise_(RuntimeError))
    except Exception as error:
        kept = error
    return right(p, dp) if kept is not None else None


# Errors of the checker itself, raised by hand.


@attempt("CRASHED", kernel=True)
def the_checks_own_time_is_up(p, dp):
    for module in list(sys.modules.values()):
        kind = getattr(module, "TimeUp", None)
        if isinstance(kind, type) and kind.__module__.startswith("smlearn"):
            raise kind
    raise ValueError("it has another name now")


@attempt("CRASHED")
def the_checks_own_failure(p, dp):
    from smlearn.exercises import ExerciseFailed, Verdict

    raise ExerciseFailed(Verdict("", "It is right.", status="RIGHT", ladder=None))


# Errors that are answers.


@attempt("WRONG")
def an_error_is_returned(p, dp):
    return ValueError("not raised")


@attempt("WRONG")
def a_kind_of_error_is_returned(p, dp):
    return ValueError


@attempt("WRONG", "CRASHED")
def a_rude_error_is_returned(p, dp):
    return rude(__repr__=lambda self: raise_(SystemExit))()


@attempt("WRONG")
def a_traceback_is_returned(p, dp):
    try:
        1 / 0  # noqa: B018
    except ZeroDivisionError as error:
        return error.__traceback__


@attempt("WRONG")
def its_own_frame_is_returned(p, dp):
    return sys._getframe()


@attempt("CRASHED")
def a_generator_is_thrown_into(p, dp):
    def steps():
        yield right(p, dp)

    return steps().throw(SystemExit)


@attempt("CRASHED", kernel=True)
def a_method_of_the_error_is_called(p, dp):
    raise types.new_class("Rude", (Exception,), {}, lambda body: body.update(
        with_traceback=lambda self, tb: raise_(SystemExit)))  # fmt: skip
