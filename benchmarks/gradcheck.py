"""Time our gradient check beside PyTorch's, on one softmax, in one run; `make bench` calls this.

    python benchmarks/gradcheck.py [ROUNDS]

Logits (4, 10), float64, one thread. The contenders take turns, so that a busy moment of the
machine meets them all, and each ratio is taken within a round.
"""
# ruff: noqa: E402

import os
import sys
import time
from collections.abc import Callable
from importlib.util import find_spec

for library in ("OMP", "OPENBLAS", "MKL"):
    os.environ[f"{library}_NUM_THREADS"] = "1"  # read when NumPy and PyTorch are loaded

import numpy as np

from smlearn import softmax, softmax_vjp
from smlearn.checking import gradcheck

ROUNDS, WARM_UP = 200, 5
REFERENCE = "PyTorch, slow mode"


def logits() -> np.ndarray:
    """Return what everybody checks at."""
    return np.random.default_rng(0).standard_normal((4, 10))


def ours() -> dict[str, Callable[[], bool]]:
    """Return our ways to check our softmax; each says whether it passed."""
    x = logits()

    def check(diagnose: bool) -> bool:
        return gradcheck(softmax, softmax_vjp, x, diagnose=diagnose).verdict == "PASS"

    return {
        "smlearn, diagnosis off": lambda: check(False),
        "smlearn, everything": lambda: check(True),
    }


def pytorch() -> dict[str, Callable[[], bool]]:
    """Return PyTorch's ways: its own softmax, whose values and gradient are compiled."""
    import torch

    torch.set_num_threads(1)
    x = torch.tensor(logits(), requires_grad=True)

    def check(fast: bool) -> bool:
        return torch.autograd.gradcheck(lambda x: torch.softmax(x, -1), (x,), fast_mode=fast)

    return {REFERENCE: lambda: check(False), "PyTorch, fast mode": lambda: check(True)}


def take_turns(contenders: dict[str, Callable[[], bool]], rounds: int) -> dict[str, np.ndarray]:
    """Return the seconds that each took in each round, after some rounds to warm up."""
    seconds = {name: [] for name in contenders}
    for _ in range(WARM_UP + rounds):
        for name, check in contenders.items():
            start = time.perf_counter()
            passed = check()
            seconds[name].append(time.perf_counter() - start)
            if not passed:
                raise RuntimeError(f"{name}: the check must pass to be timed, but failed")
    return {name: np.array(taken[WARM_UP:]) for name, taken in seconds.items()}


def table(seconds: dict[str, np.ndarray]) -> str:
    """Write medians and quartiles, and each contender's ratio to the reference, if it ran."""
    lines = [f"{'':24s}{'median':>9s}{'quartiles':>19s}{'ratio':>8s}{'quartiles':>15s}"]
    for name, taken in seconds.items():
        low, middle, high = 1e3 * np.quantile(taken, [0.25, 0.5, 0.75])
        line = f"{name:24s}{middle:6.2f} ms{low:8.2f} to {high:.2f} ms"
        if REFERENCE in seconds:
            low, middle, high = np.quantile(taken / seconds[REFERENCE], [0.25, 0.5, 0.75])
            line += f"{middle:8.2f}{low:7.2f} to {high:.2f}"
        lines.append(line)
    return "\n".join(lines)


def main(rounds: int) -> None:
    """Time everyone who is here, and name who is not."""
    contenders, versions, missing = ours(), [f"NumPy {np.__version__}"], []
    if find_spec("torch"):
        contenders = pytorch() | contenders
        versions.append(f"PyTorch {sys.modules['torch'].__version__}")
    else:
        missing.append(f"{REFERENCE}: missing, and nothing to compare with; run `make bench`")
    python = ".".join(map(str, sys.version_info[:3]))
    print(f"gradcheck of softmax, (4, 10) float64, one thread, {rounds} rounds")
    print(", ".join([f"Python {python}", *versions]))
    print("\n".join([table(take_turns(contenders, rounds)), *missing]))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS)
