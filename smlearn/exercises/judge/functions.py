"""Judge a learner's function: the first of these that is there is what is said.

    nothing written yet · it raised · it changed an argument · no numbers · shape · dtype ·
    not finite · another answer the second time · remembered · RIGHT · a known mistake ·
    a constant factor · an ordinary slip · a broken law · the worst entry

Everything before RIGHT is about the form, everything behind it about the numbers. Where a known
mistake fits in every case it gives its name and its question to whatever is said.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from ..._inputs import Array
from ..number_tables import apart, entry, worst_entry
from ..sandbox.call import Run, call, call_all, entry_of, read_answer
from ..sandbox.clock import Patience, TimeUp
from ..task import Function, Mistake
from ..verdict import CRASHED, RIGHT, TODO, WRONG, Verdict
from .form import Finding, form_finding
from .globals import leans_on_the_page, with_the_page
from .known_mistakes import (
    known_mistake,
    name_factor,
    ordinary_slip,
    scaled_mistake,
    targets_of,
)
from .laws import first_broken
from .other_entries import on_the_way
from .second_calls import remembered, second_answer
from .unanswered import is_open, untouched
from .values import SINGLE, as_array, close, tolerance

__all__ = ["judge_function", "to_do"]

DIGITS = "float32_inside"
FACTORS = {"-1": "The sign is turned round", "0": "The result is always 0"}


def to_do(what: str = "Put your code where the dots are") -> Verdict:
    """Say that there is nothing to judge yet."""
    return Verdict(TODO, (f"{what}, then run this cell again; ex.hint() helps.",))


class Seen(NamedTuple):
    """All that is looked at: the part, the function, and the runs of it and of the reference."""

    part: Function
    f: Callable
    patience: Patience
    runs: dict[str, Run]
    targets: dict[str, Run]

    def asked(self, *args):
        """Return f's answer as plain data, or raise what it says."""
        run = call(self.f, args, self.patience)
        if run.failed:
            raise RuntimeError(run.said)    # its own kind might end more than the question
        return run.value

    def pair(self, name: str) -> tuple[Array, Array]:
        return as_array(self.runs[name].value), as_array(self.targets[name].value)

    def is_finite(self, name: str) -> bool:
        yours, target = self.pair(name)
        return yours is not None and bool((np.isfinite(yours) | ~np.isfinite(target)).all())

    def fits(self, name: str, tol: float) -> bool:
        yours, target = self.pair(name)
        return close(yours, target, tolerance(yours, target, self.part.cases[name], tol,
                                              self.part.relative))


def judge_function(part: Function, f, patience: Patience | None = None) -> Verdict:
    """Judge f, a function that should do what the part's reference does."""
    if f is ... or untouched(f):
        return to_do()
    targets, patience = targets_of(part), patience or Patience()
    if not callable(f):
        return _not_a_function(part, read_answer(f, patience))
    judged = _asked_for(part, f, targets)
    runs = call_all(judged, part.cases, patience)
    last = next(reversed(runs.values()))
    if type(last.error) is NotImplementedError or any(is_open(r.value) for r in runs.values()):
        return to_do()
    seen = Seen(part, judged, patience, runs, targets)
    finding = form_finding(part, f, runs, targets) or second_answer(seen, f)
    if finding is None and all(seen.fits(name, part.tol) for name in runs):
        return _beside_the_numbers(seen, f) or Verdict(RIGHT, _remarks(seen))
    if finding and type(finding.error) is TimeUp:
        return _verdict(finding)
    if finding is None:
        finding = (_known(seen) or _digits(seen) or _factor(seen) or _scaled(seen)
                   or _diagnosed(seen) or _slipped(seen) or _law(seen) or _worst(seen))
        return _verdict(with_the_page(finding, f))
    return _verdict(_known_by_its_form(seen, finding) or with_the_page(finding, f))


def _asked_for(part: Function, f: Callable, targets: dict[str, Run]) -> Callable:
    """Return f as it is judged: by one entry of its dictionary; [0.5] as 0.5, if that is asked."""
    judged = entry_of(f, part.entry)
    if any(np.shape(run.value) for run in targets.values()):
        return judged

    def one(*args):
        value = judged(*args)
        numbers = as_array(value)
        return value if numbers is None or numbers.size != 1 else numbers.reshape(())
    return one


def _beside_the_numbers(seen: Seen, f: Callable) -> Verdict | None:
    """Judge what else is asked, once the numbers are right."""
    finding = remembered(seen) or (leans_on_the_page(f) if seen.part.alone else None)
    return _verdict(finding) if finding else on_the_way(seen.part, f, seen.patience)


def _verdict(finding: Finding) -> Verdict:
    lines = tuple(line for line in (finding.what, finding.evidence, finding.todo) if line)
    status = WRONG if finding.error is None else CRASHED
    return Verdict(status, lines, finding.key, finding.error, finding.args, finding.yours,
                   finding.target, finding.question)


def _not_a_function(part: Function, f) -> Verdict:
    what = "its result" if as_array(f) is not None else "something else"
    return Verdict(WRONG, (f"The check wants the function itself, and got {what}.",
                           f"Hand it over by its name, without brackets or quotes: {part.name}."),
                   "not_a_function")


def _remarks(seen: Seen) -> tuple[str, ...]:
    remarks = []
    values = [run.value for run in seen.runs.values()]
    if any(isinstance(v, list | tuple) for v in values):
        remarks.append("It is a list or tuple; np.array makes an array of it.")
    if any(a.dtype == np.float32 for a in map(as_array, values)):
        remarks.append("Its numbers are float32: 7 digits are right, of the 16 of float64.")
    return tuple(remarks)


def _first_wrong(seen: Seen, tol: float) -> str:
    return next(name for name in seen.runs if not seen.fits(name, tol))


def _numbers(seen: Seen, name: str) -> tuple[str, dict]:
    """Return the worst entry of a case in words, and the numbers for the tables."""
    yours, target = seen.pair(name)
    unit = np.abs(target) if seen.part.relative else 1.0
    at = worst_entry(yours / unit, target / unit)
    where = f"at {entry(at)} " if at else ""
    said, wanted = apart(yours[at], target[at])
    words = f"With {name}: {where}yours is {said}, right is {wanted}."
    return words, {"args": seen.part.cases[name], "yours": yours, "target": target}


def _known(seen: Seen) -> Finding | None:
    wrong = known_mistake(seen.part, seen.runs, seen.part.cases)
    return _named(seen, wrong) if wrong else None


def _slipped(seen: Seen) -> Finding | None:
    slip = ordinary_slip(seen.part, seen.runs)
    return _named(seen, slip) if slip else None


def _scaled(seen: Seen) -> Finding | None:
    if not (found := scaled_mistake(seen.part, seen.runs)):
        return None
    wrong, factor = found
    return _named(seen, wrong, f"And all of it is multiplied by {factor}. ")


def _named(seen: Seen, wrong: Mistake, more: str = "") -> Finding:
    evidence, numbers = _numbers(seen, _first_wrong(seen, seen.part.tol))
    return Finding(wrong.key, wrong.did, more + evidence, wrong.ponder, question=wrong.ponder,
                   **numbers)


def _known_by_its_form(seen: Seen, form: Finding) -> Finding | None:
    """Give a known mistake's name and question to what was found about the form.

    Where numbers overflow, the mistake may show in the cases where they do not.
    """
    part, named = seen.part, {wrong.key: wrong for wrong in seen.part.wrongs}
    tame = {}
    if form.key in ("dtype", "not_finite"):
        tame = {name: args for name, args in part.cases.items() if seen.is_finite(name)}
    fits = all(seen.fits(name, part.tol) for name in tame)
    wrong = known_mistake(part, seen.runs, part.cases) or named.get(form.kind)
    if wrong is None and form.key == "not_finite" and tame:
        wrong = named.get("unshifted_exp") if fits else known_mistake(part, seen.runs, tame)
    if wrong is None and form.key == "raises":
        wrong = ordinary_slip(part, seen.runs, same_words=True)
    if wrong is None:
        return None
    if not fits and _first_wrong(seen, part.tol) in tame and wrong.key != form.kind:
        return _named(seen, wrong)    # it shows in ordinary numbers too
    what, evidence = form.what, form.evidence
    if form.error is None:
        what, evidence = wrong.did, form.symptom
    return form._replace(key=wrong.key, what=what, evidence=evidence, todo=wrong.ponder,
                         question=wrong.ponder)


def _digits(seen: Seen) -> Finding | None:
    if not all(seen.fits(name, max(seen.part.tol, SINGLE)) for name in seen.runs):
        return None
    evidence, numbers = _numbers(seen, _first_wrong(seen, seen.part.tol))
    yours, target = numbers["yours"], numbers["target"]
    largest = float(np.abs(yours - target).max())
    ponder = "What is coarse on the way: float32, a rounding, or a step h?"
    return Finding(DIGITS, "About half of the digits are right, and float64 holds 16.",
                   f"{evidence.split(':')[0]}: the largest difference is {largest:.0e}.", ponder,
                   question=ponder, **numbers)


def _factor(seen: Seen) -> Finding | None:
    factor = name_factor(seen.part, seen.runs, seen.targets)
    if not factor:
        return None
    what = FACTORS.get(factor, f"Every entry is {factor} times what it should be")
    sizes = " (B rows, D classes)" if {"B", "D"} & set(factor) else ""
    evidence, numbers = _numbers(seen, _first_wrong(seen, seen.part.tol))
    ponder = "Does the result depend on its arguments?" if factor == "0" else factor.ponder
    return Finding("zero" if factor == "0" else "factor", f"{what}{sizes}.", evidence, ponder,
                   question=ponder, **numbers)


def _diagnosed(seen: Seen) -> Finding | None:
    """Ask the package's own diagnosis for a formula, of a function that it knows."""
    if seen.part.diagnose is None:
        return None
    with seen.patience.world:
        found = seen.part.diagnose(seen.asked)
    if found is None or found.key != "formula":
        return None
    evidence, numbers = _numbers(seen, _first_wrong(seen, seen.part.tol))
    return Finding(found.key, found.sentence, evidence, found.ponder, question=found.ponder,
                   **numbers)


def _law(seen: Seen) -> Finding | None:
    with seen.patience.world:
        broken = first_broken(seen.part.laws, seen.asked, seen.part.cases)
    if broken is None:
        return None
    law, evidence, case = broken
    if seen.fits(case, seen.part.tol):    # it is broken near by, not on the case itself
        case = _first_wrong(seen, seen.part.tol)
    worst, numbers = _numbers(seen, case)
    if broken[2] == case:
        worst = f"With {case}, {evidence}; {worst.partition(': ')[2]}"
    else:
        worst = f"With {broken[2]}, {evidence}. {worst}"
    return Finding(law, f"A law is broken: {law}.", worst,
                   "Which term of yours breaks it? ex.hint() helps.", **numbers)


def _worst(seen: Seen) -> Finding:
    name = _first_wrong(seen, seen.part.tol)
    evidence, numbers = _numbers(seen, name)
    right = [other for other in seen.runs if seen.fits(other, seen.part.tol)]
    what = (f"It is right with {right[0]}, and wrong with {name}." if right else
            "The shape is right, and the numbers are not.")
    todo = ("Call yours on *ex.args, and print what it compares; ex.hint() helps."
            if numbers["target"].dtype.kind == "b" else
            "Work that entry out by hand, step by step; ex.hint() helps.")
    return Finding("numbers", what, evidence + _rows(numbers), todo, **numbers)


def _rows(numbers: dict) -> str:
    """Say which rows are right, where some are."""
    yours, target = numbers["yours"], numbers["target"]
    if target.ndim != 2 or len(target) < 2 or target.dtype.kind == "b":
        return ""
    good = [bool(np.allclose(a, b, rtol=0, atol=1e-9)) for a, b in zip(yours, target, strict=True)]
    if not any(good):
        return ""
    bad = [str(i) for i, fine in enumerate(good) if not fine]
    return f" Of the rows only {', '.join(bad)} {'is' if len(bad) == 1 else 'are'} wrong."
