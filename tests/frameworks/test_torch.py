"""PyTorch itself says what was recorded of it: run by `make test-frameworks`."""

import numpy as np
import pytest
import torch

from smlearn import softmax
from smlearn.mistakes import MISTAKES
from smlearn.second_opinions import QUESTIONS, torch_gradcheck
from smlearn.second_opinions.gradchecks import BACKWARDS, _as_torch_function

RECORDED = QUESTIONS["torch_gradcheck_of_all"].record()["answers"]


@pytest.mark.parametrize("key", BACKWARDS)
def test_its_gradcheck_says_what_was_recorded(key):
    """In slow and in fast mode; and it says that it was asked live."""
    opinion = torch_gradcheck([key])
    assert opinion.answers[key] == RECORDED[key]
    assert opinion.source.endswith("live")


def test_what_is_asked_about_is_softmax_with_the_given_backward(rng):
    """Forward as PyTorch's own, backward the mistake to the last bit: nothing else is judged."""
    x, dp = rng.standard_normal((2, 4, 3))
    logits = torch.tensor(x, requires_grad=True)
    for key in ["factor_two", "diagonal_only"]:
        p = _as_torch_function(MISTAKES[key].vjp)(logits)
        np.testing.assert_array_equal(p.detach(), softmax(x))
        theirs = torch.softmax(logits, -1).detach()
        np.testing.assert_allclose(p.detach(), theirs, rtol=0, atol=1e-15)  # p <= 1
        (dx,) = torch.autograd.grad(p, logits, torch.tensor(dp))
        np.testing.assert_array_equal(dx, MISTAKES[key].vjp(x, dp))
