"""Who takes part in benchmarks/softmax.py, and the process in which each of them runs.

    python benchmarks/contenders.py NAME

serves one contender: it reads a request a line, as JSON, and answers each with a line, so that the
contenders can take turns although each has a process to itself.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from importlib.util import find_spec
from typing import NamedTuple

import numpy as np

from smlearn import blocked_backward, blocked_forward, softmax_backward, softmax_forward

Operations = dict[str, Callable[[], object]]  # "forward", "backward" and "both"


def readable(x, dp) -> Operations:
    cache = softmax_forward(x)[1]
    return {
        "forward": lambda: softmax_forward(x)[0],
        "backward": lambda: softmax_backward(dp, cache),
        "both": lambda: softmax_backward(dp, softmax_forward(x)[1]),
    }


def blocked(x, dp) -> Operations:
    cache = blocked_forward(x)[1]
    return {
        "forward": lambda: blocked_forward(x)[0],
        "backward": lambda: blocked_backward(dp, cache),
        "both": lambda: blocked_backward(dp, blocked_forward(x)[1]),
    }


def blocked_out(x, dp) -> Operations:
    p, dx = np.empty_like(x), np.empty_like(x)
    cache = blocked_forward(x, out=p)[1]
    return {
        "forward": lambda: blocked_forward(x, out=p)[0],
        "backward": lambda: blocked_backward(dp, cache, out=dx),
        "both": lambda: blocked_backward(dp, blocked_forward(x, out=p)[1], out=dx),
    }


def pytorch(x, dp) -> Operations:
    import torch

    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", os.cpu_count())))
    x, dp = torch.tensor(x, requires_grad=True), torch.tensor(dp)
    p = torch.softmax(x, -1)
    return {
        "forward": lambda: torch.softmax(x, -1).detach(),
        "backward": lambda: torch.autograd.grad(p, x, dp, retain_graph=True)[0],
        "both": lambda: torch.autograd.grad(torch.softmax(x, -1), x, dp)[0],
    }


def pytorch_raw(x, dp) -> Operations:
    import torch

    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", os.cpu_count())))
    x, dp = torch.tensor(x), torch.tensor(dp)
    forward, backward = torch.ops.aten._softmax, torch.ops.aten._softmax_backward_data
    p = forward(x, -1, False)
    return {
        "forward": lambda: forward(x, -1, False),
        "backward": lambda: backward(dp, p, -1, p.dtype),
        "both": lambda: backward(dp, forward(x, -1, False), -1, p.dtype),
    }


def scipy(x, dp) -> Operations:
    from scipy.special import softmax

    return {"forward": lambda: softmax(x, axis=-1)}


def jax(x, dp) -> Operations:
    import jax

    jax.config.update("jax_enable_x64", True)
    x, dp = jax.numpy.asarray(x), jax.numpy.asarray(dp)
    forward = jax.jit(jax.nn.softmax)
    backward = jax.jit(lambda pull, dp: pull(dp)[0])
    both = jax.jit(lambda x, dp: jax.vjp(jax.nn.softmax, x)[1](dp)[0])
    pull = jax.jit(lambda x: jax.vjp(jax.nn.softmax, x)[1])(x)
    return {
        "forward": lambda: forward(x).block_until_ready(),
        "backward": lambda: backward(pull, dp).block_until_ready(),
        "both": lambda: both(x, dp).block_until_ready(),
    }


def limit(x, dp) -> Operations:
    p = softmax_forward(x)[0]
    return {"backward": lambda: np.multiply(p, dp)}


def limit_out(x, dp) -> Operations:
    p, dx = softmax_forward(x)[0], np.empty_like(x)
    return {"backward": lambda: np.multiply(p, dp, out=dx)}


class Contender(NamedTuple):
    """How to build the operations, the package they need, and whether they compute softmax."""

    build: Callable[[np.ndarray, np.ndarray], Operations]
    package: str
    computes: bool = True


CONTENDERS = {
    "smlearn": Contender(readable, "smlearn"),
    "smlearn blocked": Contender(blocked, "smlearn"),
    "smlearn blocked out=": Contender(blocked_out, "smlearn"),
    "PyTorch autograd": Contender(pytorch, "torch"),
    "PyTorch raw kernel": Contender(pytorch_raw, "torch"),
    "SciPy": Contender(scipy, "scipy"),
    "JAX jit": Contender(jax, "jax"),
    # One pass that reads p and dp and writes as much as dx; it computes nothing of use.
    "limit": Contender(limit, "numpy", computes=False),
    "limit out=": Contender(limit_out, "numpy", computes=False),
}


def missing() -> dict[str, str]:
    """Return who cannot take part, and which package each lacks."""
    return {name: c.package for name, c in CONTENDERS.items() if not find_spec(c.package)}


def data(shape, dtype) -> tuple[np.ndarray, np.ndarray]:
    """Return the logits and the upstream gradient that everybody gets."""
    rng = np.random.default_rng(0)
    return tuple(rng.standard_normal(shape, np.float64).astype(dtype) for _ in range(2))


def sample(array) -> list[list[float]]:
    """Return the ends of an answer's first and last row, to be compared."""
    array = np.asarray(array)
    return array[[0, -1]][:, [0, 1, -1]].astype(float).tolist()


def seconds(f: Callable[[], object], calls: int) -> float:
    """Return how long a call takes, over so many of them."""
    start = time.perf_counter()
    for _ in range(calls):
        f()
    return (time.perf_counter() - start) / calls


def peak(f: Callable[[], object]) -> int | None:
    """Return the most memory in use during a call beyond that before it, in bytes, on Linux."""
    try:
        with open("/proc/self/clear_refs", "w") as file:
            file.write("5")  # the high-water mark begins again here
        before = _status("VmRSS")
        f()
        return _status("VmHWM") - before
    except OSError:
        return None


def _status(field: str) -> int:
    with open("/proc/self/status") as file:
        return next(1024 * int(line.split()[1]) for line in file if line.startswith(field))


def grow_up() -> None:
    """Free an array of 31 MB, as any program has that once loaded data.

    glibc keeps freed memory in proportion to the largest block it has seen freed. Until then every
    new array of 1 MB is made of new pages, at three times the cost of softmax on it, in those
    processes whose libraries have freed nothing large while they were imported.
    """
    np.ones(31 * 2**17)


def serve(contender: Contender, requests, answers) -> None:
    """Answer requests, one a line, until there are no more."""
    operations: Operations = {}
    for line in requests:
        request = json.loads(line)
        if "shape" in request:
            operations.clear()  # the last arrays go before the next ones come
            operations |= contender.build(*data(request["shape"], request["dtype"]))
            answer = {name: sample(f()) for name, f in operations.items()}
        elif "calls" in request:
            answer = seconds(operations[request["operation"]], request["calls"])
        else:
            answer = peak(operations[request["operation"]])
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what a library prints is no answer
    if os.environ.get("OMP_NUM_THREADS") == "1" and hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})  # one thread, also of JAX
    grow_up()
    serve(CONTENDERS[sys.argv[1]], sys.stdin, answers)
