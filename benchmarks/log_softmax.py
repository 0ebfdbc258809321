"""How many digits log_softmax_vjp has, beside PyTorch's formula; 10,000 random rows a line.

python benchmarks/log_softmax.py [DRAWS]

Against 80 digits, in u: the worst error of an entry over what its condition allows, which is
(gap + 8) times the terms of sum_k (p_k dlogp_i - p_i dlogp_k) without their signs; and the worst
error over its row's largest entry. PyTorch's formula, dlogp - exp(logp) * sum(dlogp), is asked of
PyTorch itself where that is installed, else of NumPy in the same order.
"""

import sys
from collections.abc import Callable

import numpy as np

from smlearn import log_softmax, log_softmax_vjp
from smlearn.formulas.exact import arithmetic, decimals, exact_softmax

try:
    import torch
except ImportError:
    torch = None


def pytorch(x: np.ndarray, dlogp: np.ndarray) -> np.ndarray:
    """Return dx by PyTorch's formula."""
    if torch is None:
        return dlogp - np.exp(log_softmax(x)) * dlogp.sum(axis=-1, keepdims=True)
    logits = torch.tensor(x, requires_grad=True)
    logp = torch.log_softmax(logits, -1)
    return torch.autograd.grad(logp, logits, torch.tensor(dlogp))[0].numpy()


def draw(precision: str, scale: float, wild: bool, draws: int) -> tuple[np.ndarray, np.ndarray]:
    """Return logits and upstream of 3 classes; wild ones are of sizes from 1e-5 to 1e5."""
    rng = np.random.default_rng(0)
    x, dlogp = rng.standard_normal((2, draws, 3))
    sizes = 10 ** rng.uniform(-5, 5, dlogp.shape) if wild else 1
    return (scale * x).astype(precision), (sizes * dlogp).astype(precision)


def worst(x: np.ndarray, dlogp: np.ndarray, *vjps: Callable) -> list[tuple[float, float]]:
    """Return of each function the two worst errors, in u."""
    p, d, found = exact_softmax(x), decimals("dlogp", dlogp), []
    u, tiny = float(np.finfo(x.dtype).eps) / 2, float(np.finfo(x.dtype).tiny)
    gap = np.ptp(x.astype(float), axis=-1, keepdims=True) + 8
    with arithmetic(80):
        terms = p[:, None, :] * d[:, :, None] - p[:, :, None] * d[:, None, :]  # k = i is 0
        sizes = abs(p[:, None, :] * d[:, :, None]) + abs(p[:, :, None] * d[:, None, :])
        own = 2 * abs(p * d)  # what k = i would add
        exact, allowed = terms.sum(axis=-1), sizes.sum(axis=-1) - own
        for vjp in vjps:
            off = abs(decimals("dx", vjp(x, dlogp)) - exact)
            shares = np.where(abs(exact) > tiny, off / allowed, 0).astype(float) / gap
            rows = (off.max(axis=-1) / abs(exact).max(axis=-1)).astype(float)
            found.append((shares.max() / u, rows.max() / u))
    return found


def table(draws: int = 10_000) -> str:
    """Write a line for each precision, scale of the logits and kind of upstream."""
    whose = "PyTorch's formula in NumPy" if torch is None else f"PyTorch {torch.__version__}"
    lines = [f"u times condition, and u of the row's largest: smlearn | {whose}"]
    for precision in ("float64", "float32"):
        for scale in (0.1, 1, 10, 40):
            for wild in (False, True):
                rows = draw(precision, scale, wild, draws)
                errors = worst(*rows, log_softmax_vjp, pytorch)
                lines.append(
                    f"  {precision}  scale {scale:<4g} {'wild  ' if wild else 'normal'}  "
                    + "  |  ".join(f"{a:9.3g} {b:9.3g}" for a, b in errors)
                )
    return "\n".join(lines)


if __name__ == "__main__":
    print(table(*map(int, sys.argv[1:])))
