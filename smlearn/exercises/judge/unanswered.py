"""Whether there is anything to judge yet where an answer belongs."""

import ast
import inspect
import textwrap
import types

from ...mistakes.finding import TODO, Finding
from ...mistakes.trying import as_array
from ..sandbox.call import read_answer
from ..sandbox.function_behind import function_behind
from .observed import Seen

__all__ = ["is_open", "no_function", "nothing_written", "to_do", "untouched"]


def to_do(what: str) -> Finding:
    """Say that there is nothing to judge yet."""
    return Finding("", f"{what}, then run this cell again; ex.hint() helps.", status=TODO)


def nothing_written(seen: Seen) -> Finding | None:
    """Look whether the function is still the dots, or returns them, or says so itself."""
    if (seen.given is ... or untouched(seen.given)
            or any(is_open(run.value) or type(run.error) is NotImplementedError
                   for run in seen.runs.values())):
        return to_do("Put your code where the dots are")
    return None


def no_function(seen: Seen) -> Finding | None:
    """Look whether something else was handed over."""
    if callable(seen.given):
        return None
    numbers = as_array(read_answer(seen.given, seen.patience)) is not None
    return Finding("not_a_function", "The check wants the function itself, and got "
                   f"{'its result' if numbers else 'something else'}.",
                   todo="Hand it over by its name, without brackets or quotes: "
                        f"{seen.part.name}.")


def is_open(value) -> bool:
    """Whether an answer, as plain data, is still `...`, or holds one."""
    if isinstance(value, tuple | list):
        return any(is_open(each) for each in value)
    return value is ...


def untouched(f) -> bool:
    """Whether the body of f is nothing but `...`, `pass` or a docstring; `return None` is more."""
    def blank(): ...

    def documented():
        """Nothing but this."""

    written = function_behind(f)
    if written is None or written.__name__ == "<lambda>":
        return False
    code = written.__code__
    same = code.co_code in (blank.__code__.co_code, documented.__code__.co_code)
    return same and set(code.co_consts) <= {None, written.__doc__} and not _returns(written)


def _returns(f: types.FunctionType) -> bool:
    """Whether `return` is written out; the compiled code of `return None` and `pass` is one."""
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(f)))
    except (OSError, SyntaxError):    # typed at a prompt that keeps no source
        return False
    return any(isinstance(node, ast.Return) for node in ast.walk(tree))
