"""What an exercise is made of, and how its tasks are written down.

A task is data: what is asked, the parts that are answered (Answer, Choice, Function), hints, the
reason why. A function that is asked for is written down once, as the reference: its docstring is
the statement, its code the solution that is shown, and it is what answers are compared with. What
people write in its place stands below it, in a table: functions, or what they exchange in it.
"""

import inspect
import textwrap
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from .._refusals import refusal, speaks
from ..mistakes.catalogue import Mistake
from ..mistakes.exchange import changed, code_of
from .registry import TASKS

__all__ = ["Answer", "Choice", "Function", "Mistake", "Task", "complete", "find_the_bug",
           "mistakes_in", "predict", "rows"]


@dataclass(frozen=True, eq=False)
class Answer:
    """A value to predict or to find: a number, an array, a shape (tuple) or a word (str)."""

    name: str
    value: object
    slips: dict[object, str] = field(default_factory=dict)    # a wrong answer: what to think about
    otherwise: str = ""          # said where no slip fits
    atol: float = 1e-8           # beside a relative 1e-5
    also: tuple = ()             # values that are right as well
    code: str = ""               # how the solution writes it; default its repr
    accepts: Callable | None = None    # accepts(array) -> "", or (key, sentence): any that fits
    any_order: bool = False      # a list of which ones: order and repeats do not count

    @property
    def solution(self) -> str:
        """The right answer as Python code."""
        return self.code or repr(self.value)


@dataclass(frozen=True, eq=False)
class Choice:
    """One name among several; for each wrong one, why it is not that."""

    name: str
    value: str
    others: dict[str, str]
    also: tuple[str, ...] = ()    # names that are right as well, and are not offered

    @property
    def solution(self) -> str:
        """The right answer as Python code."""
        return repr(self.value)


@dataclass(frozen=True, eq=False)
class Function:
    """A function to write or to mend.

    Where the reference returns a dictionary, its last entry is what is judged.
    """

    reference: Callable
    cases: dict[str, tuple]
    wrongs: tuple[Mistake, ...] = ()
    laws: dict[str, Callable] = field(default_factory=dict)
    tol: float = 1e-10                # of the largest number of a case, or of 1
    relative: bool = False            # tol is of each number by itself: small ones count as well
    last: Callable | None = None      # a look of its own, as in judge/: asked when those are done
    also: tuple[Callable, ...] = ()   # as right, if its numbers differ; slips are made of it, too
    axes: tuple[str, str] = ("rows", "classes")    # what the first array has along first and last

    def __post_init__(self):
        for case, args in self.cases.items():
            if not isinstance(args, tuple):
                raise ValueError(f"{self.name}: a tuple of arguments is wanted as a case, but "
                                 f"{case!r} is {args!r}; write (p, dp), or (p,) with a comma")
            _close_to_writing(args)

    @property
    def name(self) -> str:
        """The name that it is defined by, in the notebook as well."""
        return self.reference.__name__

    @property
    def parameters(self) -> list[str]:
        """The names of its parameters."""
        return list(inspect.signature(self.reference).parameters)

    @property
    def call(self) -> str:
        """How it is called: softmax_vjp(x, dp)."""
        return f"{self.name}({', '.join(self.parameters)})"

    @property
    def solution(self) -> str:
        """The code of the reference, without decorator and docstring."""
        return code_of(self.reference)


def _close_to_writing(held) -> None:
    """Let nobody write into these arrays; whoever calls a function with them makes copies."""
    if isinstance(held, np.ndarray):
        held.flags.writeable = False
    elif isinstance(held, tuple | list | dict):
        for each in held.values() if isinstance(held, dict) else held:
            _close_to_writing(each)


Part = Answer | Choice | Function
FUNCTIONS: dict[Callable, Function] = {}    # by their references


@dataclass(frozen=True, eq=False)
class Task:
    """One exercise."""

    key: str
    kind: str                   # "predict", "complete" or "find the bug"
    notebook: str               # "02"
    objective: str              # a part of one line of the notebook's "You will be able to"
    statement: str              # one line
    parts: tuple[Part, ...]
    hints: tuple[str, ...]      # shapes, the law, the formula
    blank: str                  # what is left out where the last hint shows the code; "" if none
    why: str                    # beside the solution
    matters: str                # said where it is right

    @property
    def title(self) -> str:
        """What a list of exercises calls it: its kind, and how its statement begins."""
        words = textwrap.shorten(self.statement.replace("`", ""), 56, placeholder=" …")
        return f"{self.kind}: {words}"

    @property
    def function(self) -> Function | None:
        """The function that is asked for, if one is."""
        return next((part for part in self.parts if isinstance(part, Function)), None)

    @property
    def ladder(self) -> list[tuple[str, str]]:
        """The hints as pairs of text and code."""
        rungs = [(hint, "") for hint in self.hints]
        if self.blank:
            rungs.append(("One piece is left to find.",
                          _with_a_blank(self.function.solution, self.blank)))
        return rungs

    @property
    def tables(self) -> tuple[dict, ...]:
        """The dictionaries that it consists of, for whoever wants to see that they stay."""
        parts = [vars(part) for part in self.parts]
        return (vars(self), *parts, *(kept for part in parts for kept in part.values()
                                      if type(kept) is dict))

    @property
    def wrong_keys(self) -> list[str]:
        """The keys of all mistakes that it knows, part by part."""
        keys = []
        for part in self.parts:
            match part:
                case Answer():
                    keys += map(str, part.slips)
                case Choice():
                    keys += list(part.others)
                case Function():
                    keys += [wrong.key for wrong in part.wrongs]
        return keys


def _with_a_blank(code: str, piece: str) -> str:
    """Leave one piece out, and the comments in their column."""
    lines = code.splitlines()
    at = next((i for i, line in enumerate(lines) if piece in line), None)
    if at is None:
        raise ValueError(f"blank: a piece of one line of the code is wanted, but got {piece!r}; "
                         f"copy it, with its spaces, from\n{code}")
    left, hash_sign, comment = lines[at].partition("#")
    lines[at] = left.replace(piece, "____", 1).ljust(len(left)) + hash_sign + comment
    return "\n".join(line.rstrip() for line in lines)


def predict(key: str, notebook: str, objective: str, statement: str, *answers: Answer | Choice,
            hints: tuple[str, ...], why: str, matters: str) -> None:
    """Register an exercise whose answers are values, or names to choose."""
    TASKS.add(Task(key, "predict", notebook, objective, statement, answers, hints, "", why,
                   matters))


def complete(notebook: str, objective: str, *, hints: tuple[str, ...], blank: str, why: str,
             matters: str, **rest) -> Callable[[Callable], Callable]:
    """Register an exercise whose answer is a function: the one that is decorated."""
    def register(reference: Callable) -> Callable:
        FUNCTIONS[reference] = Function(reference, **rest)
        TASKS.add(Task(reference.__name__, "complete", notebook, objective,
                       _statement(reference), (FUNCTIONS[reference],), hints, blank, why, matters))
        return reference
    return register


def find_the_bug(key: str, notebook: str, objective: str, *evidence: Answer | Choice,
                 hints: tuple[str, ...], blank: str, why: str, matters: str, **rest
                 ) -> Callable[[Callable], Callable]:
    """Register an exercise that shows a wrong function: find evidence, name it, mend it."""
    def register(reference: Callable) -> Callable:
        FUNCTIONS[reference] = Function(reference, **rest)
        TASKS.add(Task(key, "find the bug", notebook, objective, _statement(reference),
                       (*evidence, FUNCTIONS[reference]), hints, blank, why, matters))
        return reference
    return register


@speaks
def mistakes_in(reference: Callable, *known: Mistake | tuple) -> None:
    """Say what people write where a reference of an exercise belongs; asked in this order.

    Each is a Mistake, or its key, what was done, a question, and one or more forms: functions, or
    what they exchange in the reference's code, as in "sum => mean".

    Raises
    ------
    ValueError
        If the reference is of no exercise, or one of them is not such a row.
    """
    if reference not in FUNCTIONS:
        raise refusal(ValueError, "the function below a @complete(...) or @find_the_bug(...) is "
                      f"wanted, but got {reference!r}; name that one")
    part = FUNCTIONS[reference]
    object.__setattr__(part, "wrongs", (*part.wrongs, *(_read(reference, row) for row in known)))


def _read(reference: Callable, row: Mistake | tuple) -> Mistake:
    if isinstance(row, Mistake):
        return row
    key, did, ponder, *forms = row if len(row) > 3 else (*row, *[""] * 4)
    if not (forms and str(did).endswith(".") and str(ponder).endswith("?")):
        raise refusal(ValueError, "a key, what was done (with a full stop), a question (with its "
                      f"mark) and one or more forms are wanted, but got {row!r}; write all four, "
                      "with their marks")
    return Mistake(key, did, ponder, tuple(
        changed(reference, form) if isinstance(form, str) else form for form in forms))


def _statement(reference: Callable) -> str:
    if not (said := inspect.getdoc(reference)):
        raise ValueError(f"{reference.__name__}: a docstring is wanted, for it is what the "
                         "exercise asks; write one line")
    return " ".join(said.split())


def rows(seed: int, *shape: int) -> np.ndarray:
    """Draw ordinary numbers for a case, the same every time."""
    return np.random.default_rng(seed).standard_normal(shape).round(3)
