"""What PyTorch's scaled_dot_product_attention and its autograd say: notebook 11 asks them."""

import numpy as np

from .._inputs import Array
from .recorded import question

__all__ = ["SEEN", "attention_inputs", "torch_attention"]

SEEN = np.array([[1, 0, 1, 0, 1], [0, 0, 0, 0, 0], [0, 1, 0, 0, 0], [1, 1, 1, 1, 1],
                 [0, 0, 1, 1, 0]], bool)    # query 1 sees nothing


def attention_inputs() -> tuple[Array, Array, Array, Array]:
    """Return the q, k, v and do that PyTorch is asked about: 2 heads, 5 words, d = 3, e = 4."""
    rng = np.random.default_rng(0)
    return tuple(rng.standard_normal((2, 5, width)) for width in (3, 3, 4, 4))


@question("torch")
def torch_attention() -> dict[str, dict[str, list] | list[str]]:
    """Ask for o, dq, dk and dv: every key seen, causal, and with a query that sees no key.

    "blind" is `SEEN` as the mask; "softmax", in words, what torch.softmax makes of a row of -inf.
    """
    import torch

    nothing = torch.softmax(torch.full((3,), -torch.inf), dim=-1)
    return {"full": _ask(), "causal": _ask(is_causal=True), "blind": _ask(attn_mask=SEEN),
            "softmax": [str(p) for p in nothing.tolist()]}


def _ask(**options) -> dict[str, list]:
    import torch

    if "attn_mask" in options:
        options["attn_mask"] = torch.tensor(options["attn_mask"])
    q, k, v, do = (torch.tensor(a) for a in attention_inputs())
    inputs = [a.requires_grad_() for a in (q, k, v)]
    o = torch.nn.functional.scaled_dot_product_attention(*inputs, **options)
    found = dict(zip(("dq", "dk", "dv"), torch.autograd.grad(o, inputs, do), strict=True))
    return {name: a.detach().tolist() for name, a in {"o": o, **found}.items()}
