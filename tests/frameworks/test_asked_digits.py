"""PyTorch and JAX still have as many digits as was recorded: run by `make test-frameworks`."""

import numpy as np
import pytest

from smlearn.second_opinions import QUESTIONS


@pytest.mark.parametrize("name", ["torch_digits", "jax_digits"])
def test_their_errors_are_those_that_were_recorded(name):
    """To a factor of 10: on another processor their exp and their sums round differently."""
    asked = QUESTIONS[name]
    if not asked.live:
        pytest.skip(f"{' and '.join(asked.needs)} is not installed here")
    answers, recorded = asked().answers, asked.record()["answers"]
    for precision, found in recorded.items():
        for what, errors in found.items():
            theirs = np.log10(answers[precision][what])
            assert (abs(theirs - np.log10(errors)) < 1).all(), (precision, what)
