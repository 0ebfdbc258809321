"""What was recorded of other frameworks is complete, and is what is said where none is there."""

import json
import tomllib
from pathlib import Path

import numpy as np
import pytest

from smlearn import second_opinions
from smlearn.second_opinions import BACKWARDS, RECORD, torch_gradcheck, wide_rows

ROOT = Path(__file__).resolve().parent.parent
MODES = {"slow", "fast"}
WORDS = {"passes", "fails", "raises"}


@pytest.fixture(autouse=True)
def no_torch(monkeypatch):
    """As on a machine without PyTorch; tests/frameworks asks the real one."""
    monkeypatch.setattr(second_opinions, "find_spec", lambda name: None)


def test_the_record_has_an_answer_for_every_backward_pass():
    """A mistake that is added must be asked about: `make record`."""
    record = json.loads(RECORD.read_text("utf-8"))["torch_gradcheck"]
    assert set(record) == {"version", "date", "script", "answers"}
    assert set(record["answers"]) == set(BACKWARDS)
    for answer in record["answers"].values():
        assert set(answer) == MODES
        assert set(answer.values()) <= WORDS


def test_the_record_names_a_script_that_is_there_and_the_version_that_is_installed():
    """`make test-frameworks` then asks the PyTorch that the record speaks of."""
    record = json.loads(RECORD.read_text("utf-8"))["torch_gradcheck"]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert (ROOT / record["script"]).is_file()
    assert f"torch=={record['version']}" in project["optional-dependencies"]["frameworks"]


def test_the_record_says_what_the_course_says_of_it():
    """At wide flat rows eight wrong ones pass in fast mode, five of them in slow mode, too."""
    slow = ["diagonal_only", "sum_term_missing", "plus_sign", "plain_mean", "mean_for_sum"]
    fast = ["sign_flipped", "factor_two", "jacobian_summed_first"]
    answers = torch_gradcheck([*slow, *fast, "right", "right, float32"]).answers
    assert all(answers[key] == {"slow": "passes", "fast": "passes"} for key in slow)
    assert all(answers[key] == {"slow": "fails", "fast": "passes"} for key in fast)
    assert answers["right"] == {"slow": "passes", "fast": "passes"}
    assert answers["right, float32"] == {"slow": "fails", "fast": "fails"}


def test_it_says_who_was_asked_and_when():
    """Recorded answers are not passed off as live ones."""
    assert torch_gradcheck([]).source.startswith("PyTorch 2.13.0, recorded on 20")


def test_an_unknown_key_is_refused_with_the_known_ones():
    """With the name that was not understood."""
    with pytest.raises(ValueError, match=r"^torch_gradcheck: keys must be among right, .*got wr"):
        torch_gradcheck(["wrong"])


def test_the_rows_are_wide_and_always_the_same():
    """What was recorded was asked at these."""
    assert wide_rows().shape == (2, 1000)
    assert 0.09 < wide_rows().std() < 0.11
    np.testing.assert_array_equal(wide_rows(), wide_rows())
