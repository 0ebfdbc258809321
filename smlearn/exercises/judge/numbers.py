"""Looks at wrong numbers: what is known of them, most telling first; the last is the worst entry.

A known wrong function that looks the same in every case gives its name; so do half of the digits,
a constant factor, an ordinary slip, a broken law. Where a known mistake fits what was found about
the form, it gives its name and its question to that.
"""

from dataclasses import replace

import numpy as np

from ..._inputs import Array
from ...formulas.forward import softmax
from ...mistakes.catalogue import Mistake
from ...mistakes.finding import Finding
from ...mistakes.read_off_formula import other_formula
from ...mistakes.trying import close
from ..number_tables import apart, entry, worst_entry
from .factors import SIZES, name_factor
from .law_words import first_broken
from .observed import SINGLE, Seen, room_for, trials_of
from .ordinary_slip import ordinary

__all__ = ["by_its_form", "digits", "factor", "follows_a_formula", "known", "law", "rounded",
           "scaled", "slip", "worst"]

DIGITS = "float32_inside"
FACTORS = {"-1": "The sign is turned round", "0": "The result is always 0"}


def _numbers(seen: Seen, name: str) -> tuple[str, dict]:
    """Return the worst entry of a case in words, and the numbers for the tables."""
    yours, target = seen.pair(name)
    unit = target if seen.part.relative else 1
    at = worst_entry(yours / unit, target / unit)
    where = f"at {entry(at)} " if at else ""
    said, wanted = apart(yours[at], target[at])
    words = f"With {name}: {where}yours is {said}, right is {wanted}."
    return words, {"args": seen.part.cases[name], "yours": yours, "target": target}


def _found(seen: Seen, key: str, what: str, ponder: str, more: str = "") -> Finding:
    """Put what was found beside the worst entry of the first wrong case, and a question."""
    evidence, numbers = _numbers(seen, seen.first_wrong)
    return Finding(key, what, more + evidence, ponder, question=ponder, **numbers)


def _named(seen: Seen, wrong: Mistake, more: str = "") -> Finding:
    return _found(seen, wrong.key, wrong.did, wrong.ponder, more)


def known(seen: Seen) -> Finding | None:
    """Name the known mistake that it looks like."""
    wrong = seen.known()
    return _named(seen, wrong) if wrong else None


def digits(seen: Seen) -> Finding | None:
    """Say that half of the digits are right, where they are."""
    if not all(seen.fits(name, max(seen.part.tol, SINGLE)) for name in seen.runs):
        return None
    found = _found(seen, DIGITS, "About half of the digits are right, and float64 holds 16.",
                   "What is coarse on the way: float32, a rounding, or a step h?")
    largest = float(np.abs(found.yours - found.target).max())
    case = found.evidence.split(":")[0]
    return replace(found, evidence=f"{case}: the largest difference is {largest:.0e}.")


ROUNDINGS = {
    **{f"as by .round({n})": lambda a, n=n: a.round(n) for n in range(1, 10)},
    **{f"to {n} digits": lambda a, n=n: np.vectorize(lambda v: float(f"{v:.{n - 1}e}"))(a)
       for n in range(2, 7)},
}


def rounded(seen: Seen) -> Finding | None:
    """Say that the result is right, and rounded to so many digits."""
    pairs = [seen.pair(name) for name in seen.runs]
    if not all(yours.dtype.kind == "f" for yours, _ in pairs) or not any(
            yours.any() for yours, _ in pairs):
        return None
    way = next((way for way, short in ROUNDINGS.items()
                if all(close(yours, short(target), 1e-12) for yours, target in pairs)), None)
    return way and _found(seen, "rounded", f"Your result is the right one, rounded {way}.",
                          "Who asked for fewer digits, and who may still want the others?")


def factor(seen: Seen) -> Finding | None:
    """Name the factor, where the right answer is missed by one."""
    c = name_factor(seen.part, seen.runs, seen.targets)
    if not c:
        return None
    whole = "Every entry" if any(target.array.ndim for target in seen.targets.values()) else "It"
    what = FACTORS.get(c, f"{whole} is {c} times what it should be")
    ponder = "Does the result depend on its arguments?" if c == "0" else c.ponder
    return _found(seen, "zero" if c == "0" else "factor", f"{what}{c.letters}.", ponder)


def scaled(seen: Seen) -> Finding | None:
    """Name the known mistake that it is a named multiple of."""
    for wrong, trial in seen.wrongs():
        may = trial.may_be_scaled(seen.runs, room_for(seen.part))
        c = name_factor(seen.part, seen.runs, trial.runs) if may else None
        if c in SIZES:
            return _named(seen, wrong, f"And all of it is multiplied by {c}{c.letters}. ")
    return None


def slip(seen: Seen) -> Finding | None:
    """Name the ordinary slip that it looks like."""
    found = ordinary(seen)
    return _named(seen, found) if found else None


def follows_a_formula(seen: Seen) -> Finding | None:
    """Say which other formula the numbers of a function of x and dp follow."""
    if seen.right:
        return None
    x, dp = zip(*seen.part.cases.values(), strict=True)
    dx = [run.array for run in seen.runs.values()]
    found = other_formula([softmax(row) for row in x], dp, dx)
    return _found(seen, found.key, found.what, found.todo) if found else None


def law(seen: Seen) -> Finding | None:
    """Name the first law that is broken."""
    with seen.patience.world:
        broken = first_broken(seen.part.laws, seen.asked, seen.part.cases)
    if broken is None:
        return None
    name, evidence, case = broken
    shown = seen.first_wrong if seen.fits(case) else case    # it may be broken near by
    worst, numbers = _numbers(seen, shown)
    worst = (f"With {case}: {evidence}; {worst.partition(': ')[2]}" if shown == case else
             f"With {case}: {evidence}. {worst}")
    return Finding(name, f"A law is broken: {name}.", worst,
                   "Which term of yours breaks it? ex.hint() helps.", **numbers)


def worst(seen: Seen) -> Finding:
    """Show the worst entry, which is always there."""
    name = seen.first_wrong
    evidence, numbers = _numbers(seen, name)
    right, many = next(filter(seen.fits, seen.runs), None), numbers["target"].ndim
    what = (f"It is right with {right}, and wrong with {name}." if right else
            "The shape is right, and the numbers are not." if many else
            "One number is wanted, and it is another one.")
    todo = ("Call yours on *ex.args, and print what it compares; ex.hint() helps."
            if numbers["target"].dtype.kind == "b" else
            f"Work {'that entry' if many else 'it'} out by hand, step by step; ex.hint() helps.")
    return Finding("numbers", what, evidence + _rows(**numbers), todo, **numbers)


def _rows(yours: Array, target: Array, **_) -> str:
    """Say which rows are wrong, or which are right, whichever are fewer, where some are."""
    if target.ndim != 2:
        return ""
    good = [bool(np.allclose(a, b, rtol=0)) for a, b in zip(yours, target, strict=True)]
    if not any(good):
        return ""
    right = 2 * sum(good) < len(good)
    named = [str(i) for i, fine in enumerate(good) if fine == right]
    which = f"{'is' if len(named) == 1 else 'are'} {'right' if right else 'wrong'}"
    return f" Of {len(good)} rows {len(named)} {which}: {', '.join(named)}."


def by_its_form(seen: Seen, form: Finding) -> Finding | None:
    """Give a known mistake's name and question to what was found about the form.

    Where numbers overflow, or a case raises, the mistake may show in the cases before.
    """
    named, tame = {wrong.key: wrong for wrong in seen.part.wrongs}, _comparable(seen, form.key)
    if form.key in ("dtype", "not_finite"):
        named = {key: wrong for key, wrong in named.items()
                 if key != "unshifted_exp" or _overflows_with(seen, wrong, tame)}
    fits = all(map(seen.fits, tame))
    wrong = seen.known() or named.get(form.often)
    if wrong is None and form.key == "not_finite" and tame:
        wrong = named.get("unshifted_exp") if fits else seen.known(tame) or ordinary(seen, tame)
    if wrong is None and form.key == "raises":
        wrong = ordinary(seen)
    if wrong is None:
        return None
    first = next((name for name in seen.runs if name not in tame or not seen.fits(name)), None)
    if not fits and first in tame and wrong.key != form.often:
        return _named(seen, wrong)    # it shows in ordinary numbers too
    what, evidence = form.what, form.evidence
    if form.error is None:
        case = evidence.partition(":")[0].rstrip(".")
        what, evidence = wrong.did, f"{case}: {what[0].lower()}{what[1:]}"
    return replace(form, key=wrong.key, what=what, evidence=evidence, todo=wrong.ponder,
                   question=wrong.ponder)


def _comparable(seen: Seen, form: str) -> dict[str, tuple]:
    """Return the cases whose numbers can be compared, where others overflow or raise."""
    def whole(yours: Array | None, target: Array) -> bool:
        if form == "raises":
            return yours is not None and yours.shape == target.shape
        return form in ("dtype", "not_finite") and _is_finite(yours, target)
    return {name: seen.part.cases[name] for name in seen.runs if whole(*seen.pair(name))}


def _overflows_with(seen: Seen, wrong: Mistake, tame: dict[str, tuple]) -> bool:
    """Whether that mistake, too, is finite in none but the tame cases."""
    wild = seen.part.cases.keys() - tame.keys()
    return any(not any(_is_finite(trial.runs[name].array, seen.targets[name].array)
                       for name in wild) for trial in trials_of(seen.part, wrong))


def _is_finite(yours: Array | None, target: Array) -> bool:
    return yours is not None and bool((np.isfinite(yours) | ~np.isfinite(target)).all())
