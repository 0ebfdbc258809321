"""Ask gradcheck about right backward passes drawn at random, and count what it says.

    python benchmarks/right_draws.py [--draws N] [--show FAMILY [--seed N]]    (some minutes)

A right one must never FAIL, be refused, or raise; INCONCLUSIVE may be said of 5 in 100 of all but
exact ties, where no slope is right. The diagnosis is off, since without it a verdict is the same
and ten times as quick; each twentieth case has it. With --show the draws of one family that did
not pass are listed, each with the seed that makes it again; with --seed, too, that one alone is
checked, and its report printed. A check that lets everything through sees nothing: the last
columns are the median resolution of those that passed, over the largest entry of their dx, for
each precision.
"""

import re
import sys
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from draws import NAMES, asked, draw, options, told, write

from smlearn.checking.report import GradcheckReport

KINDS = ["PASS", "FAIL", "INCONCLUSIVE", "refused"]
PRECISIONS = ["float64", "float32"]
NUMBERS = "the numbers"  # of these FAILs each family has its own
DRAWS, DIAGNOSED = 24_000, 20  # each which-th has its diagnosis
MOST = 0.05  # INCONCLUSIVE, of all but ties: there no slope is right
TIES = "ordered, tied"


class Outcome(NamedTuple):
    """What was said of a draw, why, and which share of dx was sure to be seen."""

    name: str
    seed: int
    kind: str
    said: str
    precision: str = ""
    seen: float = np.nan


def ask(name: str, seed: int) -> Outcome:
    """Check a draw; whatever is raised is a refusal."""
    try:
        report = draw(name, seed).check(diagnose=seed % DIAGNOSED == 0)
    except Exception as error:
        return Outcome(name, seed, "refused", f"{type(error).__name__}: {error}")
    last = next(c for c in report.checks if c.verdict == report.verdict or c is report.checks[-1])
    off = f" {report.max_error_over_tol:.3g} tolerances off" if report.measured else ""
    said = f"{last.name}: {last.detail}{off}"
    return Outcome(name, seed, report.verdict, said, str(report.case.x.dtype), share(report))


def share(report: GradcheckReport) -> float:
    """Return the resolution over the largest entry of dx, if it passed and dx is not 0."""
    if report.verdict != "PASS":
        return np.nan
    largest = max(float(np.abs(m.analytic).max()) for m in report.measured.beside)
    return report.resolution / largest if largest else np.nan


def outcomes(names: list[str], each: int) -> Iterator[Outcome]:
    """Ask about so many draws of each family."""
    return asked(ask, names, each)


def table(all_of: list[Outcome]) -> str:
    """Write a line for each family, and one for all."""
    heads = "".join(f"{kind:>14s}" for kind in KINDS) + "".join(f"{p:>10s}" for p in PRECISIONS)
    named = [(name, [o for o in all_of if o.name == name]) for name in NAMES]
    rows = [line(name, held) for name, held in named if held]
    others = [o for o in all_of if o.name != TIES]
    if 0 < len(others) < len(all_of):
        rows.append(line("all but what is tied", others))
    return "\n".join([f"{'':26s}{'draws':>8s}{heads}", *rows, line("all", all_of)])


def line(name: str, held: list[Outcome]) -> str:
    """Count the kinds, and take the median of what was seen."""
    counts, medians = Counter(o.kind for o in held), []
    for precision in PRECISIONS:
        seen = [o.seen for o in held if o.precision == precision and np.isfinite(o.seen)]
        medians.append(f"{np.median(seen):10.1e}" if seen else f"{'-':>10s}")
    return f"{name:26s}{len(held):8d}" + "".join(
        [*(f"{counts[kind]:14d}" for kind in KINDS), *medians]
    )


def complaints(all_of: list[Outcome]) -> str:
    """Write each kind of FAIL and refusal once, with how many there were and one that had it."""
    alike: dict[tuple, list[Outcome]] = {}
    for o in all_of:
        if o.kind in ("FAIL", "refused"):
            said = re.sub(r"[-+\d.e]*\d|\([\d, ]*\)", "#", o.said)
            alike.setdefault((o.kind, said, o.said.startswith(NUMBERS) and o.name), []).append(o)
    return "\n".join(
        f"{len(them):6d} {kind}, as {them[0].name}, --seed {them[0].seed}: {them[0].said}"
        for (kind, *_), them in sorted(alike.items(), key=lambda each: -len(each[1]))
    )


def holds(all_of: list[Outcome]) -> bool:
    """Say whether what is promised holds."""
    counts = Counter(o.kind for o in all_of)
    others = [o.kind for o in all_of if o.name != TIES]
    few = others.count("INCONCLUSIVE") <= MOST * len(others)
    return few and not counts["FAIL"] and not counts["refused"]


def listed(all_of: list[Outcome]) -> str:
    """Write a line for each draw that did not pass."""
    return "\n".join(
        f"{o.kind:12s} {told(o.name, o.seed, draw(o.name, o.seed))}\n             {o.said}"
        for o in all_of
        if o.kind != "PASS"
    )


def main(arguments: list[str] | None = None) -> int:
    """Print the table, or what was asked for; fail if the promise is not kept."""
    wanted = options(__doc__, DRAWS, "FAMILY", NAMES, arguments)
    if wanted.seed is not None:
        one = draw(wanted.show, wanted.seed)
        print(told(wanted.show, wanted.seed, one), one.check(diagnose=True), sep="\n")
        return 0
    each = -(-wanted.draws // len(NAMES))
    all_of = list(outcomes([wanted.show] if wanted.show else NAMES, each))
    text = "\n".join(filter(None, [table(all_of), complaints(all_of)]))
    if wanted.show:
        text = "\n".join(filter(None, [text, listed(all_of)]))
    else:
        write("right_draws.txt", text)
    print(text)
    return 0 if holds(all_of) else 1


if __name__ == "__main__":
    sys.exit(main())
