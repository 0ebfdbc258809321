"""PyTorch itself says what was recorded of it: run by `make test-frameworks`."""

import json

import pytest

from smlearn.second_opinions import BACKWARDS, RECORD, torch_gradcheck

RECORDED = json.loads(RECORD.read_text("utf-8"))["torch_gradcheck"]["answers"]


@pytest.mark.parametrize("key", BACKWARDS)
def test_its_gradcheck_says_what_was_recorded(key):
    """In slow and in fast mode; and it says that it was asked live."""
    opinion = torch_gradcheck([key])
    assert opinion.answers[key] == RECORDED[key]
    assert opinion.source.endswith("live")
