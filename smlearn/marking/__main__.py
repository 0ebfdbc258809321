"""Mark a folder of notebooks, from the command line.

    python -m smlearn.marking submissions              into marks/submissions/
    python -m smlearn.marking submissions --asked 01 two_costs    a notebook, and an exercise
    python -m smlearn.marking submissions --out where --workers 4

Marks that are there already stay: a second run writes into marks/submissions-2/.
"""

import argparse
import os
import sys
from contextlib import suppress
from itertools import chain, count
from pathlib import Path

from .walls import FILES, NETWORK, PROCESSES, Limits

CLEAN = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "VIRTUAL_ENV", "PYTHONPATH", "TMPDIR",
         "SYSTEMROOT", "TERM", "COLUMNS")
MADE = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MPLBACKEND": "agg",
        "SMLEARN_STATIC": "1", "SMLEARN_MARKING": "1"}
HAD = {NETWORK: "had no network", PROCESSES: "saw no other process",
       FILES: "could write to no file but in a home that vanished"}
LACKED = {NETWORK: "use the network", PROCESSES: "see and end other processes",
          FILES: "write to files"}


def main(words: list[str] | None = None) -> int:
    """Mark, and write what comes out."""
    asked = _asked(words)
    if sys.platform == "win32":
        return _refused("Linux or macOS is wanted, but this is Windows, which cannot fork or "
                        "limit a process; run it in WSL")
    from .gather import keys_of
    from .submissions import submissions

    try:
        keys, found, out = keys_of(asked.asked), submissions(asked.folder), _made(_out(asked))
        try:
            _write(out, found, _marked(asked, found), keys)
        except BaseException:
            with suppress(OSError):    # where something is written already, it stays
                out.rmdir()
            raise
    except ValueError as error:
        return _refused(str(error))
    except KeyboardInterrupt:
        return _refused("it was stopped, and nothing is written; start it again")
    return 0


def _refused(why: str) -> int:
    print(f"make mark: {why}", file=sys.stderr)
    return 2


def _asked(words: list[str] | None) -> argparse.Namespace:
    default = Limits()
    read = argparse.ArgumentParser("python -m smlearn.marking", description=__doc__.split("\n")[0])
    read.add_argument("folder", help="one notebook or one folder a learner")
    read.add_argument("--asked", nargs="+", default=[], metavar="NAME", help="notebooks (01) or "
                      "exercises that count; default: all of the notebooks that came in")
    read.add_argument("--out", type=Path, help="default: marks/ and the folder's name")
    some = {"workers": (int, os.cpu_count() or 1, "copies at once"),
            "seconds": (float, default.seconds, "for a copy, at most"),
            "cell": (float, default.cell, "seconds for a cell"),
            "memory": (int, default.memory >> 20, "MB of a process")}
    for name, (kind, usual, what) in some.items():
        read.add_argument(f"--{name}", type=kind, default=usual, help=what)
    asked = read.parse_args(words)
    for name in some:
        if not vars(asked)[name] > 0:
            read.error(f"--{name} must be above 0, but got {vars(asked)[name]}; leave it out, "
                       f"and it is {read.get_default(name)}")
    return asked


def _out(asked: argparse.Namespace) -> Path:
    """Return a folder in which nothing stands yet: the one asked for, or the next beside it."""
    wanted = asked.out or Path("marks", Path(asked.folder).resolve().name)
    others = (wanted.with_name(f"{wanted.name}-{k}") for k in count(2))
    return next(path for path in chain([wanted], others) if not path.exists())


def _made(out: Path) -> Path:
    """Make the folder before a class is marked, which takes a minute."""
    try:
        out.mkdir(parents=True)
    except OSError as error:
        raise ValueError(f"a folder that can be written is wanted for the marks, but got {out} "
                         f"({error.strerror}); name another, with `python -m smlearn.marking "
                         "FOLDER --out WHERE`") from None
    return out


def _marked(asked: argparse.Namespace, found: list) -> list:
    """Mark every copy."""
    from tqdm import tqdm

    from ..exercises import TASKS
    from .run import mark_all, warm
    from .submissions import hideable

    tqdm.monitor_interval = 0    # its thread: who forks has none
    limits = Limits(seconds=asked.seconds, cell=asked.cell, memory=asked.memory << 20)
    warm(TASKS)
    with tqdm(total=len(found), unit="copy", desc="marking") as line:
        return mark_all(found, hideable(Path(asked.folder)), limits, asked.workers, line.update)


def _write(out: Path, found: list, copies: list, keys: list) -> None:
    """Write what comes out, when no copy runs any more."""
    from .classroom import class_page
    from .feedback import feedback
    from .gather import gather, tally
    from .sheet import write_sheet
    from .submissions import file_names

    learners, walls, pages = gather(found, copies, keys), _walls(copies), out / "feedback"
    names = file_names([learner.name for learner in learners])
    pages.mkdir(parents=True, exist_ok=True)
    write_sheet(learners, out / "marks.csv")
    for learner in learners:
        _page(pages / f"{names[learner.name]}.html", feedback(learner))
    _page(out / "class.html", class_page(learners, walls))
    print(f"{out}/marks.csv, {out}/class.html and {len(learners)} pages in {pages}\n{walls}\n"
          f"{tally(learners)}")


def _page(path: Path, text: str) -> None:
    path.write_text(text, "utf-8", errors="replace")


def _walls(copies: list) -> str:
    """Say which walls stood around every copy that ran, and which did not."""
    ran = [set(copy.walls) for copy in copies if copy.wall_seconds]
    if not ran:
        return "No copy was run."
    held = set.intersection(*ran)
    had = ", ".join(words for wall, words in HAD.items() if wall in held)
    could = ", ".join(words for wall, words in LACKED.items() if wall not in held)
    return " ".join([*([f"Each copy {had}."] if had else []), *(
        [f"Beware: this system has no wall for it, so a copy could {could}."] if could else [])])


def _again() -> None:
    """Start again with a clean environment, which copies could read, and one thread for BLAS."""
    kept = {name: os.environ[name] for name in CLEAN if name in os.environ}
    os.execve(sys.executable, [sys.executable, "-m", "smlearn.marking", *sys.argv[1:]],
              kept | MADE)


if __name__ == "__main__":
    if sys.platform != "win32" and os.environ.get("SMLEARN_MARKING") != "1":
        _again()
    sys.exit(main())
