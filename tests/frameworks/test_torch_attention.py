"""PyTorch's attention says what was recorded of it: run by `make test-frameworks`."""

import numpy as np
import pytest
import torch

from smlearn.second_opinions import QUESTIONS, torch_attention, torch_attention_digits
from smlearn.second_opinions.attentions import SEEN, _ask, attention_inputs

RECORDED = QUESTIONS["torch_attention"].record()["answers"]


@pytest.mark.parametrize("case", ["full", "causal", "blind"])
@pytest.mark.parametrize("name", ["o", "dq", "dk", "dv"])
def test_it_says_what_was_recorded(case, name):
    """To rounding, which may differ between processors."""
    now = torch_attention()
    assert now.source.endswith("live")
    np.testing.assert_allclose(
        now.answers[case][name], RECORDED[case][name], rtol=1e-12, atol=1e-15
    )


def test_its_softmax_of_nothing_is_as_recorded():
    """NaN, three times."""
    assert torch_attention().answers["softmax"] == RECORDED["softmax"] == ["nan"] * 3


def test_its_digits_are_those_that_were_recorded():
    """To a factor of 10, as for softmax."""
    answers = torch_attention_digits().answers
    recorded = QUESTIONS["torch_attention_digits"].record()["answers"]
    for precision in ("float64", "float32"):
        theirs, then = (np.log10(found[precision]) for found in (answers, recorded))
        assert (abs(theirs - then) < 1).all()


def test_what_is_asked_is_attention_of_these_inputs():
    """Written out with PyTorch's own softmax, -inf before it, and its own autograd."""
    q, k, v, do = (torch.tensor(a) for a in attention_inputs())
    inputs = [a.requires_grad_() for a in (q, k, v)]
    seen = torch.tensor(SEEN)
    seen[1, 0] = True  # a row of nothing would be NaN here
    x = (q @ k.mT / 3**0.5).masked_fill(~seen, -torch.inf)
    o = torch.softmax(x, -1) @ v
    expected = [o, *torch.autograd.grad(o, inputs, do)]
    for got, right in zip(_ask(attn_mask=seen.numpy()).values(), expected, strict=True):
        np.testing.assert_allclose(got, right.detach(), rtol=1e-12, atol=1e-15)
