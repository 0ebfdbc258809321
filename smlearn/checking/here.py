"""Say what is wrong with a backward pass that failed, at the learner's own x and dp.

First the known mistakes, where f is a softmax; then what J shows, a question each; then where it
is wrong. What ended the check before there were numbers is the finding itself.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from .._inputs import Array
from ..mistakes.catalogue import MISTAKES
from ..mistakes.finding import Finding
from ..mistakes.trying import call, close
from .backward_pair import BackwardFailed, Case, Pair
from .columns import LARGEST, look_at
from .compare import Measured
from .diagnosis import FACTOR, diagnose, diagnose_like
from .differences import numerical_jvp
from .from_columns import QUESTIONS, name_from
from .laws import LAWS
from .places import place
from .report import Check
from .shares import digits
from .tolerance import softmax_tolerance
from .turned import told, turned

__all__ = ["name_the_mistake"]

BEFORE = [*LAWS][:-1]    # of these no number is the cause
NUMBERS, RAISED = "the numbers", " raised "
RIGHT_HERE = Finding("place", "At your own x dx is as measured.")
MOST = 2048    # columns that are measured once more, for a name


def name_the_mistake(case: Case, last: Check, measured: Measured | None
                     ) -> tuple[list[Check], Finding | None]:
    """Name what failed; of what passed, say whether it is a known mistake that shows elsewhere."""
    failed = last.verdict == "FAIL"
    if failed and _cache_first(case) and (swapped := _if_swapped(case)):
        return [], swapped
    if not case.is_softmax:
        return [], _name_here(case, last, measured) if failed else None
    call = case.pair.call if case.x.ndim > 1 else _row_by_row(case.pair.call)
    finding = diagnose(call, dtype=case.x.dtype, ndim=case.x.ndim, axis=case.axis)
    if failed:
        here = finding is not None and _holds_here(finding, case, last)
        return [], _named_or_law(_told(finding, case) if here else None, case, last, measured)
    if finding and finding.key == "raises":    # it may be right for one shape only
        finding = _as_it_is(case)
    if finding is None:
        return [Check("known mistakes", "PASS", "")], None
    like = f"it behaves like {finding.key}" if finding.key in MISTAKES else "it is wrong"
    said = [Check("known mistakes", "FAIL", f"right here, but {like} elsewhere")]
    return said, _told(finding, case)


def _as_it_is(case: Case) -> Finding | None:
    """Diagnose at the learner's own x and dp."""
    x, *upstreams = (np.moveaxis(a, case.axis, -1) for a in (case.x, *case.upstreams))
    return diagnose_like(turned(case.pair.call, -1, case.axis), x, upstreams)


def _told(finding: Finding, case: Case) -> Finding:
    """Say it in the learner's own rows, where they are columns; an error keeps its words."""
    if finding.key == "raises":
        return finding
    return replace(finding, **{part: told(getattr(finding, part), case.row)
                               for part in ("what", "evidence", "todo")})


def _row_by_row(vjp: Callable) -> Callable:
    """Return a backward pass of batches, from one that was checked at a single row."""
    return lambda x, dp: np.stack([vjp(*pair) for pair in zip(x, dp, strict=True)])


def _holds_here(finding: Finding, case: Case, failed: Check) -> bool:
    """Say whether what was found in other shapes is what failed in this one."""
    if finding.key == "raises":    # the same error, or it is another shape's
        said = " ".join(failed.detail.split()).partition(RAISED)[2]
        return bool(said) and f"{said} (" in finding.what
    if finding.key in MISTAKES and failed.name not in BEFORE:
        known = turned(MISTAKES[finding.key].vjp, case.axis, -1)
        return all(_alike_here(known, case, dp) for dp in case.upstreams)
    return finding.key in {*MISTAKES, "formula", failed.name}


def _alike_here(known: Callable, case: Case, dp: Array) -> bool:
    """Say whether a mistake gives the learner's dx, to what a measurement would let through."""
    theirs, yours = call(known, (case.logits, dp)), call(case.pair.dx, (case.x, dp))
    room = 4 * softmax_tolerance(case.x, dp, case.h).max()
    return not (theirs.failed or yours.failed) and close(yours.array, theirs.array, room)


def _named_or_law(known: Finding | None, case: Case, failed: Check, measured: Measured | None
                  ) -> Finding:
    """Return what is known, unless it is a law alone: then a name is better, and a place helps."""
    law = known is not None and known.key == failed.name
    if known and (not law or failed.name in (*BEFORE, "rows are strangers")):
        return known
    named = _name_here(case, failed, measured)
    return replace(known, evidence=named.evidence) if law and named.key == known.key else named


def _name_here(case: Case, failed: Check, measured: Measured | None) -> Finding:
    """Name what failed: a mistake, the law that it breaks, or the place where it is wrong."""
    try:
        known = _as_it_is(case) if case.is_softmax else None
        if known and (known.key != "raises" or RAISED in failed.detail):
            return _told(known, case)
        if failed.name in BEFORE or (failed.name == NUMBERS and measured is None):
            return _before_numbers(case, failed)
        return _from_numbers(case, failed, measured)
    except BackwardFailed as error:    # at a call that the check did not make
        return Finding("raises", f"At another call {error}.")
    except ValueError:    # f is not defined a step away
        return _law(case, failed)


def _before_numbers(case: Case, failed: Check) -> Finding:
    """Return what ended the check, unless the arguments were taken for one another."""
    alone = case.pair.cached(case.x) or not _fits_in_columns(case)
    if failed.name == BEFORE[0] and not alone and (swapped := _if_swapped(case)):
        return swapped
    said = failed.detail if failed.detail.endswith("?") else f"{failed.detail}."
    if RAISED not in said:
        return Finding(failed.name, said)
    return Finding("raises", f"It raises {said.partition(RAISED)[2]}",
                   todo="Call it with your x and dp, and read the last line of the error.")


def _fits_in_columns(case: Case) -> bool:
    return case.x.size <= MOST and case.x.size * case.upstreams[0].size <= LARGEST


def _cache_first(case: Case) -> bool:
    """Say whether vjp(cache, dp) gives 0 for an upstream of 0, as vjp(dp, cache) should."""
    if case.pair.way != "vjp(dp, cache)" or not _fits_in_columns(case):
        return False
    try:
        with np.errstate(all="ignore"):
            dx = case.pair.vjp(case.pair.second, np.zeros_like(case.upstreams[0]))
    except Exception:    # as the wrong order may
        return False
    return isinstance(dx, np.ndarray) and dx.shape == case.x.shape and not dx.any()


def _if_swapped(case: Case) -> Finding | None:
    """Name swapped arguments also where the wrong order raises, or one is a cache."""
    cached = case.pair.cached(case.x)
    turned = Pair(case.pair.f, lambda one, other: case.pair.vjp(other, one))
    try:
        c = look_at(case._replace(pair=turned))
    except ValueError:
        return None
    finally:
        case.pair.n_evals += turned.n_evals
    _, what, todo = QUESTIONS["arguments_swapped"]
    fits = (np.abs(c.dx - c.right) <= 4 * c.tol).all()
    right = "vjp(cache, dp)" if cached else "vjp(dp, x)"
    return Finding("arguments_swapped", what.format(right), todo=todo) if fits else None


def _from_numbers(case: Case, failed: Check, measured: Measured | None) -> Finding:
    """Name what the columns of J show; else say which law is broken, and where."""
    if not _fits_in_columns(case):
        return _without_columns(case, measured) if measured else _law(case, failed)
    c = look_at(case)
    if named := name_from(c):
        return named
    spot = place(c.x, *(a.reshape(-1, *c.x.shape) for a in (c.dx, c.right, c.near)))
    if failed.name == NUMBERS:
        return spot
    return _law(case, failed, spot if (np.abs(c.dx - c.right) > c.near).any() else RIGHT_HERE)


def _law(case: Case, failed: Check, spot: Finding | None = None) -> Finding:
    law = told(failed.name, case.row)
    return Finding(failed.name, f"A law is broken, {law!r}: {failed.detail}.",
                   spot.what if spot else "", spot.todo if spot else "")


def _without_columns(case: Case, measured: Measured) -> Finding:
    """Name what needs no columns, where there are too many: a factor, or the wrong side."""
    got, wanted, near = (np.array([getattr(m, name) for m in measured.beside])
                         for name in ("analytic", "numeric", "tol"))
    room = 4 * near.max()

    def fits(dx):
        return (np.abs(got - dx) <= room).all() and (np.abs(wanted - dx) > room).any()

    c = float(np.vdot(wanted, got) / (np.vdot(wanted, wanted) or 1))
    seen = abs(c) * np.abs(wanted).max() > room and (np.abs(wanted) > 100 * near).any()
    if seen and fits(c * wanted):
        return Finding("factor", f"Every entry is {digits(c)} times what it should be.",
                       todo=FACTOR)
    if measured.dp.shape == case.x.shape:
        other_side = [numerical_jvp(case.pair.value, case.x, m.dp, h=case.h)
                      for m in measured.beside]
        if fits(other_side):
            mistake = MISTAKES["transposed_product"]
            return Finding(mistake.key, mistake.did, todo=mistake.ponder)
    return place(case.x, got, wanted, near)
