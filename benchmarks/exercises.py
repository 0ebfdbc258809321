"""How long a check takes, for every exercise: solved, and with each known mistake.

    python benchmarks/exercises.py

The first check of an exercise also runs everything that is kept for the later ones: the reference,
the known mistakes and, as the answer is one without a name, the ordinary slips. The promise is
300 ms for any check; the exit status says if it is kept.
"""

import contextlib
import io
import sys
import time

import numpy as np

from smlearn.exercises import TASKS, exercise
from smlearn.exercises.judge.observed import entry_of, targets_of, trials_of
from smlearn.exercises.judge.ordinary_slip import slips_of
from smlearn.exercises.task import Function
from smlearn.mistakes.ordinary_slips import ordinary_mistakes

PROMISE = 0.3  # seconds


def right_answers(task):
    """Return what solves the task."""
    return [
        part.reference if isinstance(part, Function) else eval(part.solution, {"np": np})
        for part in task.parts
    ]


def seconds(check, *answers):
    """Return how long one check takes."""
    started = time.perf_counter()
    check(*answers)
    return time.perf_counter() - started


def nameless(function):
    """Return a wrong answer that no mistake and no slip looks like."""

    def answer(*args):
        right = function.reference(*args)
        if entry := entry_of(function):
            return right | {entry: np.cos(right[entry]) + 0.1}
        return np.cos(right) + 0.1

    return answer


def times(task):
    """Return the times of the first check, of a right answer, and of the slowest wrong one."""
    with contextlib.redirect_stdout(io.StringIO()):
        ex = exercise(task.key)
    answers, function = right_answers(task), task.function
    forms = [form for wrong in function.wrongs for form in wrong.forms] if function else []
    for kept in (targets_of, trials_of, slips_of, ordinary_mistakes):
        kept.cache_clear()
    wrong = [*answers[:-1], nameless(function)] if function else answers
    first = seconds(ex.check, *wrong)
    right = min(seconds(ex.check, *answers) for _ in range(3))
    wrong = max(
        (min(seconds(ex.check, *answers[:-1], form) for _ in range(3)) for form in forms),
        default=0.0,
    )
    return first, right, wrong


def main():
    """Print a line for each exercise, in milliseconds; fail if a check is too slow."""
    print(f"{'exercise':20s} {'first':>7s} {'right':>7s} {'slowest wrong':>14s}   ms")
    slowest = 0.0
    for key, task in TASKS.items():
        first, right, wrong = times(task)
        slowest = max(slowest, first, right, wrong)
        print(f"{key:20s} {1e3 * first:7.1f} {1e3 * right:7.1f} {1e3 * wrong:14.1f}")
    print(f"slowest: {1e3 * slowest:.0f} ms, of the {1e3 * PROMISE:.0f} that are promised")
    return 0 if slowest <= PROMISE else 1


if __name__ == "__main__":
    sys.exit(main())
