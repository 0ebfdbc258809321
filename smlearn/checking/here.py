"""Say what is wrong with a backward pass that failed, at the learner's own x and dp.

First the known mistakes, where f is a softmax; then what J shows, a question each; then where it
is wrong. What ended the check before there were numbers is the finding itself.
"""

from collections.abc import Callable

import numpy as np

from ..mistakes.catalogue import MISTAKES
from ..mistakes.finding import Finding
from ..mistakes.trying import call, close
from .backward_pair import BackwardFailed, Case, Pair
from .compare import Measured
from .diagnosis import diagnose, diagnose_like
from .from_columns import LARGEST, QUESTIONS, look_at, name_from
from .laws import LAWS
from .places import place
from .report import Check

__all__ = ["name_the_mistake"]

BEFORE = [*LAWS][:-1]    # of these no number is the cause
NUMBERS, RAISED = "the numbers", " raised "


def name_the_mistake(case: Case, last: Check, measured: Measured | None
                     ) -> tuple[list[Check], Finding | None]:
    """Name what failed; of what passed, say whether it is a known mistake that shows elsewhere."""
    failed = last.verdict == "FAIL"
    if not case.is_softmax:
        return [], _name_here(case, last, measured) if failed else None
    call = case.pair.call if case.x.ndim > 1 else _row_by_row(case.pair.call)
    finding = diagnose(call, dtype=case.x.dtype)
    if failed:
        here = finding is not None and _holds_here(finding, case, last, measured)
        return [], finding if here else _name_here(case, last, measured)
    if finding and finding.key == "raises":    # it may be right for one shape only
        finding = diagnose_like(case.pair.call, case.x, case.upstreams)
    if finding is None:
        return [Check("known mistakes", "PASS", "")], None
    like = f"it behaves like {finding.key}" if finding.key in MISTAKES else "it is wrong"
    return [Check("known mistakes", "FAIL", f"right here, but {like} elsewhere")], finding


def _row_by_row(vjp: Callable) -> Callable:
    """Return a backward pass of batches, from one that was checked at a single row."""
    return lambda x, dp: np.stack([vjp(*pair) for pair in zip(x, dp, strict=True)])


def _holds_here(finding: Finding, case: Case, failed: Check, measured: Measured | None) -> bool:
    """Say whether what was found in other shapes is what failed in this one."""
    if finding.key == "raises":    # the same error, or it is another shape's
        said = " ".join(failed.detail.split()).partition(RAISED)[2]
        return bool(said) and f"{said} (" in finding.what
    if finding.key in MISTAKES and measured:
        run = call(MISTAKES[finding.key].vjp, (case.x, measured.dp))
        return not run.failed and close(run.array, measured.analytic, 4 * measured.tol.max())
    return finding.key in {*MISTAKES, "formula", failed.name}


def _name_here(case: Case, failed: Check, measured: Measured | None) -> Finding:
    """Name what failed: a mistake, the law that it breaks, or the place where it is wrong."""
    try:
        if case.is_softmax and (known := diagnose_like(case.pair.call, case.x, case.upstreams)):
            return known
        if failed.name in BEFORE or (failed.name == NUMBERS and measured is None):
            return _before_numbers(case, failed)
        return _from_numbers(case, failed, measured)
    except BackwardFailed as error:    # at a call that the check did not make
        return Finding("raises", f"At another call {error}.")


def _before_numbers(case: Case, failed: Check) -> Finding:
    """Return what ended the check, unless the arguments were taken for one another."""
    if failed.name == BEFORE[0] and (swapped := _if_swapped(case)):
        return swapped
    said = failed.detail if failed.detail.endswith("?") else f"{failed.detail}."
    if RAISED not in said:
        return Finding(failed.name, said)
    return Finding("raises", f"It raises {said.partition(RAISED)[2]}",
                   todo="Call it with your x and dp, and read the last line of the error.")


def _if_swapped(case: Case) -> Finding | None:
    """Name swapped arguments also where the wrong order raises."""
    turned = Pair(case.pair.f, lambda x, dp: case.pair.vjp(dp, x))
    if case.pair.cached(case.x):
        return None
    try:
        c = look_at(case._replace(pair=turned))
    except BackwardFailed:
        return None
    finally:
        case.pair.n_evals += turned.n_evals
    _, what, todo = QUESTIONS["arguments_swapped"]
    fits = (np.abs(c.dx - c.right) <= 4 * c.tol).all()
    return Finding("arguments_swapped", what, todo=todo) if fits else None


def _from_numbers(case: Case, failed: Check, measured: Measured | None) -> Finding:
    """Name what the columns of J show; else say which law is broken, and where."""
    if case.x.size * case.upstreams[0].size <= LARGEST:
        c = look_at(case)
        named = name_from(c)
        where = place(c.x, *(a.reshape(-1, *c.x.shape) for a in (c.dx, c.right)),
                      c.tol.reshape(-1, *(1 for _ in c.x.shape)))
    elif measured is not None:
        named, where = None, place(case.x, measured.analytic[None], measured.numeric[None],
                                   measured.tol[None])
    else:
        named, where = None, Finding("place", "")
    if named or failed.name == NUMBERS:
        return named or where
    return Finding(failed.name, f"A law is broken, {failed.name!r}: {failed.detail}.",
                   where.what, where.todo)
