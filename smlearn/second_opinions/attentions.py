"""What PyTorch's scaled_dot_product_attention and its autograd say; 11c and 11d ask."""

from collections.abc import Callable

import numpy as np

from .._inputs import Array
from ..formulas.exact_attention import attention_errors
from .recorded import question

__all__ = ["LOUDNESS", "SEEN", "attention_inputs", "sure_words", "torch_attention",
           "torch_attention_digits", "worst_attention_errors"]

LOUDNESS = (1, 10, 40, 100)
SEEN = np.array([[1, 0, 1, 0, 1], [0, 0, 0, 0, 0], [0, 1, 0, 0, 0], [1, 1, 1, 1, 1],
                 [0, 0, 1, 1, 0]], bool)    # query 1 sees nothing


def attention_inputs() -> tuple[Array, Array, Array, Array]:
    """Return the q, k, v and do that PyTorch is asked about: 2 heads, 5 words, d = 3, c = 4.

    Returns
    -------
    q, k, v, do : (2, 5, 3), (2, 5, 3), (2, 5, 4), (2, 5, 4) ndarray
        Normal draws, the same each time.

    Examples
    --------
    >>> [a.shape for a in attention_inputs()]
    [(2, 5, 3), (2, 5, 3), (2, 5, 4), (2, 5, 4)]
    """
    rng = np.random.default_rng(0)
    return tuple(rng.standard_normal((2, 5, width)) for width in (3, 3, 4, 4))


def sure_words(loud: float, precision: str = "float64") -> list[tuple[Array, ...]]:
    """Return four times q, k, v and do, 6 words each: normal draws, q `loud` times as large.

    Parameters
    ----------
    loud : float
        What q is multiplied by; the larger, the surer each word is.
    precision : str
        The name of a dtype.

    Returns
    -------
    inputs : list of four (q, k, v, do)
        In that precision.

    Examples
    --------
    >>> [a.shape for a in sure_words(10)[0]]
    [(6, 3), (6, 3), (6, 4), (6, 4)]
    """
    rng, sizes = np.random.default_rng(0), ((6, 3), (6, 3), (6, 4), (6, 4))
    draws = [[rng.standard_normal(size) for size in sizes] for _ in range(4)]
    return [tuple(a.astype(precision) for a in (loud * q, *others)) for q, *others in draws]


def worst_attention_errors(backward: Callable) -> dict[str, list[list[float]]]:
    """Return by precision and loudness the worst errors of dq, dk and dv, with all keys seen.

    Parameters
    ----------
    backward : callable
        (q, k, v, do, causal) -> dq, dk, dv, arrays of one precision; asked about `sure_words`.

    Returns
    -------
    errors : dict
        In shares of what `attention_errors` allows: below 1 is well.
    """
    return {precision: [np.max([attention_errors(backward, *words)
                                for words in sure_words(loud, precision)], axis=0).tolist()
                        for loud in LOUDNESS]
            for precision in ("float64", "float32")}


@question("torch")
def torch_attention() -> dict[str, dict[str, list] | list[str]]:
    """Ask for o, dq, dk and dv: every key seen, causal, and with a query that sees no key.

    "blind" is `SEEN` as the mask; "softmax", in words, what torch.softmax makes of a row of -inf.
    """
    import torch

    nothing = torch.softmax(torch.full((3,), -torch.inf), dim=-1)
    return {"full": _ask(), "causal": _ask(is_causal=True), "blind": _ask(attn_mask=SEEN),
            "softmax": [str(p) for p in nothing.tolist()]}


@question("torch")
def torch_attention_digits() -> dict:
    """Ask for the errors of dq, dk and dv where queries grow loud."""
    import torch

    def backward(q, k, v, do, causal):
        inputs = [torch.tensor(a, requires_grad=True) for a in (q, k, v)]
        o = torch.nn.functional.scaled_dot_product_attention(*inputs, is_causal=causal)
        return [g.numpy() for g in torch.autograd.grad(o, inputs, torch.tensor(do))]

    return worst_attention_errors(backward)


def _ask(**options) -> dict[str, list]:
    import torch

    if "attn_mask" in options:
        options["attn_mask"] = torch.tensor(options["attn_mask"])
    q, k, v, do = (torch.tensor(a) for a in attention_inputs())
    inputs = [a.requires_grad_() for a in (q, k, v)]
    o = torch.nn.functional.scaled_dot_product_attention(*inputs, **options)
    found = dict(zip(("dq", "dk", "dv"), torch.autograd.grad(o, inputs, do), strict=True))
    return {name: a.detach().tolist() for name, a in {"o": o, **found}.items()}
