"""From logits of scale 10 on our backward has more digits than PyTorch's, in both precisions."""

import numpy as np
import pytest
import torch
from cases import exact_vjp, relative_error

from smlearn import blocked_backward, blocked_forward, softmax_vjp


def pytorch(x, dp):
    p = torch.softmax(torch.tensor(x), -1)
    return torch.ops.aten._softmax_backward_data(torch.tensor(dp), p, -1, p.dtype).numpy()


def blocked(x, dp):
    return blocked_backward(dp, blocked_forward(x)[1])


@pytest.mark.parametrize("offset", [0, 1e3])
@pytest.mark.parametrize("scale", [10, 40, 100])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_ours_has_more_digits(rng, dtype, scale, offset):
    """The worst of 320 components, against 80 digits; PyTorch's often has none."""
    x, dp = rng.standard_normal((2, 40, 8))
    x, dp = (scale * x).astype(dtype), (dp + offset).astype(dtype)
    exact = exact_vjp(x.astype(float), dp.astype(float))
    normal = np.abs(exact) > 8 * np.finfo(dtype).tiny
    errors = [
        relative_error(f(x, dp), exact)[normal].max() for f in (blocked, softmax_vjp, pytorch)
    ]
    # The rounding of x - max, below 500 at scale 100, is the error that exp passes on.
    assert max(errors[:2]) < 500 * np.finfo(dtype).eps
    assert errors[2] > 100 * max(errors[:2])
