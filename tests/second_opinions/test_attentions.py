"""Which digits of attention's gradients are right: ours, both forms, beside PyTorch's."""

import numpy as np
import pytest

from smlearn import (
    attention_backward,
    attention_forward,
    streaming_backward,
    streaming_forward,
)
from smlearn.second_opinions import (
    LOUDNESS,
    QUESTIONS,
    sure_words,
    torch_attention_digits,
    worst_attention_errors,
)

FORMS = {
    "plain": (attention_forward, attention_backward),
    "streaming": (streaming_forward, streaming_backward),
}


@pytest.mark.parametrize("form", FORMS)
def test_where_queries_grow_loud_ours_keep_their_digits_and_pytorch_does_not(form):
    """Below 1 at every loudness, in both precisions; PyTorch's dq loses more from 10 on."""
    forward, backward = FORMS[form]

    def ours(q, k, v, do, causal):
        return backward(do, forward(q, k, v, causal=causal)[1])

    theirs = torch_attention_digits().answers
    for precision, errors in worst_attention_errors(ours).items():
        assert np.shape(errors) == (len(LOUDNESS), 3)
        assert np.max(errors) < 1
        assert theirs[precision][0][0] < 1
        assert theirs[precision][1][0] > 5
        assert min(dq for dq, _, _ in theirs[precision][2:]) > 1000


def test_who_is_asked_about_gets_louder():
    """The same draws, and only the queries grow; in the precision that was asked for."""
    quiet, loud = sure_words(1)[2], sure_words(40, "float32")[2]
    np.testing.assert_allclose(loud[0], 40 * quiet[0], rtol=1e-6)
    for a, b in zip(quiet[1:], loud[1:], strict=True):
        np.testing.assert_array_equal(a.astype("float32"), b)
        assert b.dtype == np.float32


def test_the_record_holds_numbers_that_json_has():
    """No NaN and no infinity: every key is seen, so something is allowed everywhere."""
    record = QUESTIONS["torch_attention_digits"].record()["answers"]
    assert np.isfinite([record["float64"], record["float32"]]).all()
