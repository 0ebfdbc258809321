"""Whether anything is written yet where an answer belongs."""

import ast
import inspect
import textwrap
import types

from ..sandbox.function_behind import function_behind

__all__ = ["is_open", "untouched"]


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
