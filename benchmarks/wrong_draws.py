"""Ask gradcheck about wrong backward passes drawn at random: does one pass that it says it saw?

    python benchmarks/wrong_draws.py [--draws N] [--show KIND [--seed N]]      (two minutes)

Each is made (spoilt.py) from a right one (draws.py), with an error from far above to near the
resolution that the check reports of that one. A PASS is no fault where the largest error, in any
entry and at any of the check's upstreams, is below the resolution it reports; above it is the
fault, and there must be none. Errors are taken against the right backward pass in a wider
precision: where nothing is spoilt they are its rounding. INCONCLUSIVE is counted apart where the
right one passes and would have seen as large an error. With --show the faults of a kind, and
these, are listed, each with the seed that makes it again; with --seed, too, that one's report is
printed.
"""

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
from draws import NAMES, Draw, asked, draw, options, pick, size, told, write
from families import Function
from spoilt import KINDS, Spoilt

from smlearn.checking.report import GradcheckReport

DRAWS = 5_000
BELOW, FAULT = "PASS, below", "PASS, above"
UNSURE = "unsure, above"
SEEN = ["FAIL", "INCONCLUSIVE", UNSURE, BELOW, FAULT, "refused"]


def tied(x: np.ndarray) -> np.ndarray:
    """Return x with two entries of each row alike, if it has two."""
    x = x.copy()
    x[..., -1] = x[..., 0]
    return x


SHOWN = {"at ties": tied, "at whole numbers": np.round}  # at such x


class Outcome(NamedTuple):
    """What was said of a wrong one, how large its error was, and the resolution."""

    kind: str
    seed: int
    seen: str
    error: float = np.nan
    resolution: float = np.nan


class Wrong(NamedTuple):
    """A right case, what was said of it, and the mistake to make in it."""

    name: str
    seed: int
    right: Draw
    report: GradcheckReport | None
    vjp: Callable

    def check(self) -> GradcheckReport:
        """Check the wrong pass in place of the right one."""
        return self.right.check(self.vjp)


def wrong(kind: str, seed: int) -> Wrong:
    """Draw a right case and spoil it; x is half the time one at which the mistake shows."""
    rng = np.random.default_rng([seed, *kind.encode()])
    right = None
    while right is None or not right.function.x.ndim:  # one number has no rows and no ties
        name, of = pick(rng, *NAMES), int(rng.integers(1_000_000))
        right = draw(name, of)
    with np.errstate(all="ignore"):
        f, vjp, x = right.function
        if kind in SHOWN and rng.random() < 0.5 and np.isfinite(f(SHOWN[kind](x))).all():
            x = SHOWN[kind](x)
            right = right._replace(function=Function(f, vjp, x))
        report = said_of(right)
        finest = report.resolution if report is not None and report.resolution else 1e-3
        error = finest * pick(rng, size(rng, -1, 1.5), size(rng, 1, 6))
        spoilt = Spoilt(vjp, x, np.asarray(f(x)), error, rng)
        return Wrong(name, of, right, report, KINDS[kind](spoilt))


def said_of(right: Draw) -> GradcheckReport | None:
    """Check the right one; None if it is refused."""
    try:
        return right.check()
    except Exception:
        return None


def worst(of: Draw, report: GradcheckReport) -> float:
    """Return the largest error, in any entry, at any of the check's upstreams."""
    case = report.case
    with np.errstate(all="ignore"):
        return max(float(np.abs(case.dx(dp) - of.truth(case.logits, dp)).max())
                   for dp in case.upstreams)  # fmt: skip


def ask(kind: str, seed: int) -> Outcome:
    """Check a wrong one, and if it passes, see whether that is a fault."""
    made = wrong(kind, seed)
    try:
        report = made.check()
    except Exception:
        return Outcome(kind, seed, "refused")
    if report.measured is None or report.verdict == "FAIL":
        return Outcome(kind, seed, report.verdict)
    error = worst(made.right, report)
    if report.verdict == "PASS":
        seen = BELOW if error <= report.resolution else FAULT
        return Outcome(kind, seed, seen, error, report.resolution)
    sure = made.report is not None and made.report.verdict == "PASS"
    finest = made.report.resolution if sure else np.inf
    return Outcome(kind, seed, UNSURE if error > finest else report.verdict, error, finest)


def outcomes(kinds: list[str], each: int) -> Iterator[Outcome]:
    """Ask about so many of each kind."""
    return asked(ask, kinds, each)


def table(all_of: list[Outcome]) -> str:
    """Write a line for each kind, and the sum."""
    counts = {kind: Counter(o.seen for o in all_of if o.kind == kind) for kind in KINDS}
    counts = {kind: held for kind, held in counts.items() if held}
    counts["all"] = sum(counts.values(), Counter())
    lines = [f"{'':26s}{'draws':>8s}" + "".join(f"{seen:>17s}" for seen in SEEN)]
    for kind, held in counts.items():
        shown = "".join(f"{held[seen]:17d}" for seen in SEEN)
        lines.append(f"{kind:26s}{held.total():8d}{shown}")
    return "\n".join(lines)


def listed(all_of: list[Outcome], *seen: str) -> str:
    """Write a line for each of which that was said."""
    lines = []
    for o in all_of:
        if o.seen in seen:
            made = wrong(o.kind, o.seed)
            lines.append(f"{o.seen}: {o.kind}, --seed {o.seed}: off by {o.error:.3g}, resolution "
                         f"{o.resolution:.3g}; made from {told(*made[:3])}")  # fmt: skip
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> int:
    """Print the table and the faults; fail if there is one."""
    wanted = options(__doc__, DRAWS, "KIND", [*KINDS], arguments)
    if wanted.seed is not None:
        made = wrong(wanted.show, wanted.seed)
        report = made.check()
        print(report, f"  largest error: {worst(made.right, report):.3g}", sep="\n")
        return 0
    kinds = [wanted.show] if wanted.show else [*KINDS]
    all_of = list(outcomes(kinds, -(-wanted.draws // len(KINDS))))
    apart = (FAULT, UNSURE) if wanted.show else (FAULT,)
    text = "\n".join(filter(None, [table(all_of), listed(all_of, *apart)]))
    if not wanted.show:
        write("wrong_draws.txt", text)
    print(text)
    return any(o.seen == FAULT for o in all_of)


if __name__ == "__main__":
    sys.exit(main())
