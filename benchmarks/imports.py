"""How long a fresh Python takes to import the course, beside NumPy, and to open an exercise.

    python benchmarks/imports.py [--rounds N] [--beside PATH]

Every statement has a process of its own each time, and they take turns, so that a busy moment of
the machine meets them all; a first round, which writes bytecode, is not counted. Times are those
of the statement, without the start of Python. With --beside, the smlearn in another folder (a
worktree of an earlier commit) takes its turn, too. The promise is that `import smlearn` costs at
most 1.3 times NumPy; the exit status says if it is kept.
"""

import argparse
import os
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
PROMISE = 1.3  # times NumPy
ROUNDS = 21
IMPORTS = {
    "numpy": "import numpy",
    "smlearn": "import smlearn",
    "an exercise": "from smlearn.exercises import exercise; exercise('add_one')",
    "scipy.special": "import scipy.special",
    "torch": "import torch",
    "jax": "import jax",
}


def surroundings(root: Path = ROOT) -> dict[str, str]:
    """Return the environment of a process that finds the smlearn in that folder."""
    path = os.pathsep.join([str(root), os.environ.get("PYTHONPATH", "")]).rstrip(os.pathsep)
    return os.environ | {"PYTHONPATH": path, "TF_CPP_MIN_LOG_LEVEL": "3"}


def installed(package: str) -> str | None:
    """Return a package's version, or None."""
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def seconds(statement: str, root: Path = ROOT) -> float:
    """Return how long a fresh Python takes for a statement, beyond starting up."""
    clock = "import time; t = time.perf_counter()"
    code = f"{clock}; {statement}\nprint(time.perf_counter() - t)"
    run = [sys.executable, "-P", "-c", code]  # -P: not the smlearn of the folder it is called in
    shown = subprocess.run(run, env=surroundings(root), capture_output=True, check=True)
    return float(shown.stdout.split()[-1])


def take_turns(rounds: int, beside: Path | None = None) -> dict[str, np.ndarray]:
    """Return the seconds of every round, for each statement whose package is installed."""
    mine = {
        k: (s, ROOT) for k, s in IMPORTS.items() if "smlearn" in s or installed(k.split(".")[0])
    }
    theirs = {f"{k}, beside": (s, beside) for k, (s, _) in mine.items() if "smlearn" in s}
    runs = mine | (theirs if beside else {})
    taken = [[seconds(*run) for run in runs.values()] for _ in range(rounds + 1)]
    return dict(zip(runs, np.array(taken[1:]).T, strict=True))


def quartiles(taken: dict[str, np.ndarray], name: str) -> np.ndarray:
    """Return those of the ratio to NumPy, taken within a round."""
    return np.quantile(taken[name] / taken["numpy"], [0.25, 0.5, 0.75])


def import_times(taken: dict[str, np.ndarray]) -> str:
    """Write each median, and how many times NumPy it is."""
    lines = [f"import in a fresh process, median of {len(taken['numpy'])}; times NumPy, quartiles"]
    for name, each in taken.items():
        low, middle, high = quartiles(taken, name)
        ms = 1e3 * np.median(each)
        lines.append(f"  {name:22s}{ms:8.0f} ms{middle:8.2f}{low:8.2f} to {high:.2f}")
    return "\n".join(lines)


def main(arguments=None) -> int:
    """Measure and print; fail if the promise is not kept."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--beside", type=Path, help="a folder with another smlearn")
    options = parser.parse_args(arguments)
    taken = take_turns(options.rounds, options.beside)
    cost = quartiles(taken, "smlearn")[1]
    print(import_times(taken))
    print(f"import smlearn costs {cost:.2f} times NumPy; at most {PROMISE} is promised")
    return 0 if cost <= PROMISE else 1


if __name__ == "__main__":
    sys.exit(main())
