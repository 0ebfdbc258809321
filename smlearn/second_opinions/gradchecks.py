"""What torch.autograd.gradcheck says of backward passes, right and wrong: notebook 07c asks it."""

import warnings
from collections.abc import Callable, Sequence

import numpy as np

from .._inputs import Array
from .._refusals import refusal, speaks
from ..formulas.backward import softmax_vjp
from ..formulas.forward import softmax
from ..mistakes.catalogue import SOFTMAX_MISTAKES
from .recorded import Opinion, question

__all__ = ["BACKWARDS", "ask_torch_gradcheck", "torch_gradcheck", "wide_rows"]

BACKWARDS = {"right": softmax_vjp, "right, float32": softmax_vjp,
             **{key: mistake.vjp for key, mistake in SOFTMAX_MISTAKES.items()}}


def wide_rows() -> Array:
    """Return the logits that PyTorch's check is asked at: (2, 1000), 0.1 times normal.

    Returns
    -------
    x : (2, 1000) ndarray
        Logits.

    Examples
    --------
    >>> wide_rows().shape
    (2, 1000)
    """
    return 0.1 * np.random.default_rng(0).standard_normal((2, 1000))


@speaks
def torch_gradcheck(keys: Sequence[str]) -> Opinion:
    """Ask torch.autograd.gradcheck, at its defaults, about backward passes of softmax.

    Parameters
    ----------
    keys : sequence of str
        Keys of `SOFTMAX_MISTAKES`; "right"; "right, float32", which is asked at four rows of
        three. All others are asked at `wide_rows()`, in float64.

    Returns
    -------
    opinion : Opinion
        For each key what "slow" and "fast" mode say: "passes", "fails" or "raises".

    Raises
    ------
    ValueError
        If a key is not known.

    Examples
    --------
    >>> torch_gradcheck(["diagonal_only"]).answers["diagonal_only"]["fast"]
    'passes'
    """
    unknown = [key for key in keys if key not in BACKWARDS]
    if unknown:
        raise refusal(ValueError, f"keys must be among {', '.join(BACKWARDS)}, "
                      f"but got {', '.join(unknown)}; see smlearn.mistakes")
    if torch_gradcheck_of_all.live:
        answers = {key: ask_torch_gradcheck(key) for key in keys}
        return Opinion(answers, f"{torch_gradcheck_of_all.asked()}, live")
    recorded = torch_gradcheck_of_all()
    return Opinion({key: recorded.answers[key] for key in keys}, recorded.source)


@question("torch")
def torch_gradcheck_of_all() -> dict[str, dict[str, str]]:
    """Ask about every backward pass there is a name for; this takes minutes."""
    return {key: ask_torch_gradcheck(key) for key in BACKWARDS}


def ask_torch_gradcheck(key: str) -> dict[str, str]:
    """Ask PyTorch itself, which must be installed, about one backward pass."""
    import torch
    from torch.autograd.gradcheck import GradcheckError

    x = wide_rows()
    if key == "right, float32":
        x = np.random.default_rng(0).standard_normal((4, 3)).astype(np.float32)
    function = _as_torch_function(BACKWARDS[key])
    answers = {}
    for mode in ("slow", "fast"):
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")    # it warns that float32 is a bad idea
            try:
                logits = torch.tensor(x, requires_grad=True)
                torch.autograd.gradcheck(function, (logits,), fast_mode=mode == "fast")
                answers[mode] = "passes"
            except GradcheckError:
                answers[mode] = "fails"
            except Exception:    # what the backward under test raises, of whatever kind
                answers[mode] = "raises"
    return answers


def _as_torch_function(vjp: Callable[[Array, Array], Array]) -> Callable:
    """Wrap softmax and a NumPy backward pass as one differentiable PyTorch function."""
    import torch

    class Softmax(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            ctx.save_for_backward(x)
            return torch.from_numpy(softmax(x.detach().numpy()))

        @staticmethod
        def backward(ctx, dp):
            (x,) = ctx.saved_tensors
            return torch.from_numpy(np.asarray(vjp(x.detach().numpy(), dp.numpy())))

    return Softmax.apply
