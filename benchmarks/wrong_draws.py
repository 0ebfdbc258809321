"""Ask gradcheck about wrong backward passes drawn at random: does one pass that it says it saw?

    python benchmarks/wrong_draws.py [--draws N] [--show KIND [--seed N]]      (two minutes)

Each is made (spoilt.py) from a right one (draws.py), with an error from far above to near the
resolution that the check reports of that one. A PASS is no fault where the largest error, in any
entry and at any of the check's upstreams, is below the resolution it reports; above it is the
fault, and there must be none. Errors are taken against the right backward pass in a wider
precision: where nothing is spoilt they are its rounding. With --show the faults of a kind are
listed, each with the seed that makes it again; with --seed, too, that one's report is printed.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from draws import NAMES, Draw, draw, pick, size, told, write
from spoilt import KINDS, Spoilt
from tqdm import tqdm

from smlearn.checking.report import GradcheckReport

DRAWS = 5_000
BELOW, FAULT = "PASS, below", "PASS, above"
SEEN = ["FAIL", "INCONCLUSIVE", BELOW, FAULT, "refused"]


class Outcome(NamedTuple):
    """What was said of a wrong one, how large its error was, and the resolution."""

    kind: str
    seed: int
    seen: str
    error: float = np.nan
    resolution: float = np.nan


def wrong(kind: str, seed: int) -> tuple[str, int, Draw, Spoilt]:
    """Draw a right case, and what is needed to spoil it; half the time x has ties in its rows."""
    rng = np.random.default_rng([seed, *kind.encode()])
    name, right = pick(rng, *NAMES), int(rng.integers(1_000_000))
    of = draw(name, right)
    f, vjp, x = of.function
    if rng.random() < 0.5 and x.shape[-1] > 1 and kind == "at ties":
        x = x.copy()
        x[..., 1] = x[..., 0]
        of = of._replace(function=of.function._replace(x=x))
    with np.errstate(all="ignore"):
        y = np.asarray(f(x))
        error = pick(rng, size(rng, -1, 1.5), size(rng, 1, 6)) * resolution(of)
    return name, right, of, Spoilt(vjp, x, y, error, rng)


def resolution(of: Draw) -> float:
    """Return that of the right one; a small number if it has none."""
    try:
        return of.check().resolution or 1e-3
    except Exception:
        return 1e-3


def check(kind: str, seed: int) -> tuple[Draw, GradcheckReport]:
    """Check the wrong one of that seed."""
    *_, of, spoilt = wrong(kind, seed)
    with np.errstate(all="ignore"):
        return of, of.check(KINDS[kind](spoilt))


def worst(of: Draw, report: GradcheckReport) -> float:
    """Return the largest error, in any entry, at any of the check's upstreams."""
    case = report.case
    with np.errstate(all="ignore"):
        return max(float(np.abs(case.dx(dp) - of.truth(case.logits, dp)).max())
                   for dp in case.upstreams)  # fmt: skip


def ask(kind: str, seed: int) -> Outcome:
    """Check a wrong one, and if it passes, see whether that is a fault."""
    try:
        of, report = check(kind, seed)
    except Exception:
        return Outcome(kind, seed, "refused")
    if report.verdict != "PASS":
        return Outcome(kind, seed, report.verdict)
    error = worst(of, report)
    seen = BELOW if error <= report.resolution else FAULT
    return Outcome(kind, seed, seen, error, report.resolution)


def outcomes(kinds: list[str], each: int) -> Iterator[Outcome]:
    """Ask about so many of each kind, in turns, so that the bar is a fair one."""
    asked = [(kind, seed) for seed in range(each) for kind in kinds]
    for kind, seed in tqdm(asked, leave=False, disable=None):
        yield ask(kind, seed)


def table(all_of: list[Outcome]) -> str:
    """Write a line for each kind, and the sum."""
    counts = {kind: Counter(o.seen for o in all_of if o.kind == kind) for kind in KINDS}
    counts = {kind: held for kind, held in counts.items() if held}
    counts["all"] = sum(counts.values(), Counter())
    lines = [f"{'':26s}{'draws':>8s}" + "".join(f"{seen:>14s}" for seen in SEEN)]
    for kind, held in counts.items():
        shown = "".join(f"{held[seen]:14d}" for seen in SEEN)
        lines.append(f"{kind:26s}{held.total():8d}{shown}")
    return "\n".join(lines)


def faults(all_of: list[Outcome]) -> str:
    """Write a line for each that passed with an error above the resolution."""
    lines = []
    for o in all_of:
        if o.seen == FAULT:
            name, seed, of, _ = wrong(o.kind, o.seed)
            lines.append(f"{o.kind}, --seed {o.seed}: off by {o.error:.3g}, resolution "
                         f"{o.resolution:.3g}; made from {told(name, seed, of)}")  # fmt: skip
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> int:
    """Print the table and the faults; fail if there is one."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--draws", type=int, default=DRAWS, help="of all kinds together")
    parser.add_argument("--show", choices=KINDS, metavar="KIND", help=", ".join(KINDS))
    parser.add_argument("--seed", type=int, help="one wrong pass of the kind that is shown")
    options = parser.parse_args(arguments)
    if options.seed is not None:
        of, report = check(options.show, options.seed)
        print(report, f"  largest error: {worst(of, report):.3g}", sep="\n")
        return 0
    kinds = [options.show] if options.show else [*KINDS]
    all_of = list(outcomes(kinds, -(-options.draws // len(KINDS))))
    text = "\n".join(filter(None, [table(all_of), faults(all_of)]))
    if not options.show:
        write("wrong_draws.txt", text)
    print(text)
    return any(o.seen == FAULT for o in all_of)


if __name__ == "__main__":
    sys.exit(main())
