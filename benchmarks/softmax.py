"""Softmax and its backward beside the competitors, in one run; `make bench` calls this.

    python benchmarks/softmax.py [--rounds N] [--quick] [--series]         (five minutes)

Everybody has a process of their own, with one thread and then with all, and they take turns, so
that a busy moment of the machine meets them all; each ratio is taken within a round. What is
compared has to be right first: an answer that differs is named, and not timed. Then peak memory,
import time and, with --series, each notebook's time and its kernel's memory at the end. The tables
go to the screen and to build/bench/, one of them in Markdown for the README.
"""

import argparse
import datetime
import json
import os
import platform
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np
from contenders import CONTENDERS, data, missing, sample

ROOT = Path(__file__).resolve().parent.parent
SHAPES = [(32, 10), (256, 64), (1024, 128), (4096, 1024), (256, 50257)]
DTYPES = ["float64", "float32"]
OPERATIONS = ["forward", "backward", "both"]
USER, RAW = "PyTorch autograd", "PyTorch raw kernel"
ROUNDS = 15
MOMENT = 0.002  # seconds: what is quicker is called several times at once
PACKAGES = ["numpy", "smlearn", "scipy", "torch", "jax"]
IMPORTS = ["numpy", "smlearn", "scipy.special", "torch", "jax"]


class Process:
    """A contender in a process of its own, asked by lines of JSON."""

    def __init__(self, name: str, threads: int) -> None:
        variables = {f"{lib}_NUM_THREADS": str(threads) for lib in ("OMP", "OPENBLAS", "MKL")}
        self.name = name
        self.process = subprocess.Popen(
            [sys.executable, str(ROOT / "benchmarks" / "contenders.py"), name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=surroundings() | variables,
        )

    def ask(self, **request):
        """Return the answer to one request."""
        print(json.dumps(request), file=self.process.stdin, flush=True)
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self.name}: an answer was expected, but its process has ended")
        return json.loads(line)

    def close(self) -> None:
        """Let it go."""
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()


def surroundings() -> dict[str, str]:
    """Return the environment of a process that finds this smlearn."""
    path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]).rstrip(os.pathsep)
    return os.environ | {"PYTHONPATH": path, "TF_CPP_MIN_LOG_LEVEL": "3"}


def expected(shape, dtype) -> tuple[dict, dict]:
    """Return samples of the right answers, from the definition, and how far off each may be."""
    x, dp = (a[[0, -1]].astype(np.longdouble) for a in data(shape, dtype))
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    p = e / e.sum(axis=-1, keepdims=True)
    dx = p * (dp - (p * dp).sum(axis=-1, keepdims=True))
    room = 100 * np.finfo(dtype).eps * p
    right = {"forward": sample(p), "backward": sample(dx), "both": sample(dx)}
    far = sample(room * np.abs(dp).max())
    return right, {"forward": sample(room), "backward": far, "both": far}


def wrong(answers: dict, shape, dtype) -> list[str]:
    """Return the operations whose answers are not softmax's."""
    right, allowed = expected(shape, dtype)
    return [
        name
        for name, answer in answers.items()
        if not (np.abs(np.subtract(answer, right[name])) <= allowed[name]).all()
    ]


def take_turns(processes, operation: str, rounds: int) -> dict[str, np.ndarray]:
    """Return the seconds that each took in each round, after one to warm up."""
    calls, taken = {}, {process.name: [] for process in processes}
    for process in processes:
        once = process.ask(operation=operation, calls=1)
        once = min(once, process.ask(operation=operation, calls=1))
        calls[process.name] = max(1, round(MOMENT / once))
    for _ in range(rounds):
        for process in processes:
            taken[process.name].append(process.ask(operation=operation, calls=calls[process.name]))
    return {name: np.array(each) for name, each in taken.items()}


def measure(threads: int, shapes, rounds: int, names) -> tuple[dict, list[str]]:
    """Time everybody at every shape; return {(shape, dtype, operation): seconds}, complaints."""
    times, complaints = {}, []
    processes = [Process(name, threads) for name in names]
    for shape in shapes:
        for dtype in DTYPES:
            ready = {}
            for process in processes:
                answers = process.ask(shape=shape, dtype=dtype)
                bad = wrong(answers, shape, dtype) if CONTENDERS[process.name].computes else []
                complaints += [f"{process.name}: wrong {op} at {shape} {dtype}" for op in bad]
                ready[process.name] = set(answers) - set(bad)
            for operation in OPERATIONS:
                able = [p for p in processes if operation in ready[p.name]]
                times[shape, dtype, operation] = take_turns(able, operation, rounds)
    for process in processes:
        process.close()
    return times, complaints


def ratio(seconds: dict, name: str, reference: str) -> np.ndarray | None:
    """Return quartiles of the ratio within a round, or None if one of the two is not there."""
    if name not in seconds or reference not in seconds:
        return None
    return np.quantile(seconds[name] / seconds[reference], [0.25, 0.5, 0.75])


def text(times: dict) -> str:
    """Write every median, its quartiles, and its ratio to PyTorch's way."""
    lines = []
    for (shape, dtype, operation), seconds in times.items():
        reference = RAW if operation == "backward" else USER
        lines.append(f"\n{operation} at {shape} {dtype}; ratios to {reference}")
        for name, each in seconds.items():
            low, middle, high = 1e3 * np.quantile(each, [0.25, 0.5, 0.75])
            line = f"  {name:22s}{middle:10.4f} ms{low:10.4f} to {high:.4f}"
            quartiles = ratio(seconds, name, reference)
            if quartiles is not None:
                line = f"{line:58s}{quartiles[1]:6.2f}{quartiles[0]:7.2f} to {quartiles[2]:.2f}"
            lines.append(line)
    return "\n".join(lines)


COLUMNS = [  # title, operation, whose time is divided by whose
    ("both: readable", "both", "smlearn", USER),
    ("blocked", "both", "smlearn blocked", USER),
    ("blocked, `out=`", "both", "smlearn blocked out=", USER),
    ("JAX", "both", "JAX jit", USER),
    ("backward: readable", "backward", "smlearn", RAW),
    ("blocked", "backward", "smlearn blocked", RAW),
    ("blocked, `out=`", "backward", "smlearn blocked out=", RAW),
    ("to the limit: blocked", "backward", "smlearn blocked", "limit"),
    ("blocked, `out=`", "backward", "smlearn blocked out=", "limit out="),
]


def markdown(times: dict, shapes) -> str:
    """Write the ratios as a table for the README."""
    rows = [["shape", "precision", *(title for title, *_ in COLUMNS)]]
    rows.append(["---"] * 2 + ["---:"] * len(COLUMNS))
    for shape in shapes:
        for dtype in DTYPES:
            row = [str(shape), dtype]
            for _, operation, name, reference in COLUMNS:
                quartiles = ratio(times[shape, dtype, operation], name, reference)
                row.append("missing" if quartiles is None else f"{quartiles[1]:.2f}")
            rows.append(row)
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def memory(shape, names) -> str:
    """Write the peak of a forward and backward beyond x and dp, in arrays of the size of x."""
    size = np.prod(shape) * 8
    lines = [
        f"peak memory of both at {shape} float64, results included, in arrays of that size,",
        "beyond what the process already held (JAX keeps what it once had)",
    ]
    for name in names:
        process = Process(name, 1)
        if "both" in process.ask(shape=shape, dtype="float64"):
            bytes_ = process.ask(operation="both")
            lines.append(
                f"  {name:22s}{f'{bytes_ / size:6.2f}' if bytes_ else 'not on this system'}"
            )
        process.close()
    return "\n".join(lines)


def import_times(rounds: int) -> str:
    """Write how long a fresh Python takes to import each package, beyond starting up."""
    code = "import time; t = time.perf_counter(); import {}; print(time.perf_counter() - t)"
    taken = {name: [] for name in IMPORTS if installed(name.split(".")[0])}
    for _ in range(rounds):
        for name, each in taken.items():
            run = [sys.executable, "-c", code.format(name)]
            shown = subprocess.run(run, env=surroundings(), capture_output=True, check=True)
            each.append(float(shown.stdout))
    lines = [f"import, median of {rounds}"]
    return "\n".join(lines + [f"  {k:22s}{1e3 * np.median(v):8.0f} ms" for k, v in taken.items()])


def installed(package: str) -> str | None:
    """Return a package's version, or None."""
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def conditions(rounds: int, command: str) -> str:
    """Say when, on what and with what this was measured, and who was missing."""
    versions = ", ".join(f"{name} {installed(name)}" for name in PACKAGES if installed(name))
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    lines = [
        f"{datetime.date.today()}, `{command}`, medians of {rounds} rounds",
        f"Python {platform.python_version()}, {versions}",
        f"{platform.machine()}, {os.cpu_count()} processors, load {load:.1f} at the beginning",
    ]
    lines += [
        f"{name}: missing ({package}); run `make bench`" for name, package in missing().items()
    ]
    return "\n".join(lines)


def main(arguments=None) -> int:
    """Measure, print and write everything; fail if somebody was wrong."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--quick", action="store_true", help="the two smallest shapes only")
    parser.add_argument("--series", action="store_true", help="the notebooks, too (minutes)")
    parser.add_argument("--into", type=Path, default=ROOT / "build" / "bench")
    options = parser.parse_args(arguments)
    shapes = SHAPES[:2] if options.quick else SHAPES
    names = [name for name in CONTENDERS if name not in missing()]
    head = conditions(options.rounds, "make bench")
    pages, complaints = [head], []
    for threads in dict.fromkeys([1, os.cpu_count()]):
        times, bad = measure(threads, shapes, options.rounds, names)
        complaints += bad
        pages.append(f"\nthreads: {threads}" + text(times))
        if threads == 1:
            table = f"{markdown(times, shapes)}\n\n{'; '.join(head.splitlines())}. One thread.\n"
    pages += [memory(shapes[-1], names), import_times(5)]
    if options.series:
        from series import notebooks, series

        pages.append(series(notebooks()))
    report = "\n\n".join([*pages, *complaints]) + "\n"
    options.into.mkdir(parents=True, exist_ok=True)
    (options.into / "softmax.txt").write_text(report, "utf-8")
    (options.into / "softmax.md").write_text(table, "utf-8")
    print(report)
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
