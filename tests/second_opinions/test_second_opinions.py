"""What was recorded of other frameworks is complete, and is what is said where none is there."""

import tomllib
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import numpy as np
import pytest

from smlearn.second_opinions import QUESTIONS, question, recorded, torch_gradcheck, wide_rows
from smlearn.second_opinions.gradchecks import BACKWARDS

ROOT = Path(__file__).resolve().parent.parent.parent
MODES = {"slow", "fast"}
WORDS = {"passes", "fails", "raises"}


@pytest.fixture(autouse=True)
def no_framework(monkeypatch):
    """As on a machine without any; tests/frameworks asks the real ones."""
    monkeypatch.setattr(recorded, "find_spec", lambda name: None)


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_question_has_a_record_that_names_its_source(name):
    """Versions of all that is needed, the day, and a script that is there."""
    record = QUESTIONS[name].record()
    assert set(record) == {"versions", "date", "script", "answers"}
    assert set(record["versions"]) == set(QUESTIONS[name].needs)
    assert (ROOT / record["script"]).is_file()
    assert QUESTIONS[name]().answers == record["answers"]
    assert f"recorded on {record['date']}" in QUESTIONS[name]().source


def test_no_record_is_left_behind():
    """A question that is asked no more has no record."""
    assert {path.stem for path in recorded.RECORDS.iterdir()} == set(QUESTIONS)


@pytest.mark.parametrize("name", QUESTIONS)
def test_the_versions_are_those_that_the_project_asks_for(name):
    """`make test-frameworks` then asks the version that the record speaks of."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = [*project["optional-dependencies"]["frameworks"], *locked()]
    for package, version in QUESTIONS[name].record()["versions"].items():
        assert f"{recorded.DISTRIBUTIONS.get(package, package)}=={version}" in wanted


def locked() -> list[str]:
    """Return the lines of the lock, without conditions."""
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    return [line.partition(";")[0].strip() for line in lines]


def test_a_question_is_asked_live_where_its_packages_are(monkeypatch):
    """And its answers come in the form in which they would be recorded."""
    monkeypatch.setattr(recorded, "find_spec", lambda name: object())
    monkeypatch.setattr(recorded, "version", {"torch": "2.1+cpu", "scikit-learn": "9.9"}.get)

    def sevens() -> dict:
        return {"sevens": (7, 7.0)}

    asked = question("torch", "sklearn")(sevens)
    try:
        assert asked().answers == {"sevens": [7, 7.0]}
        assert asked().source == "PyTorch 2.1 and scikit-learn 9.9, live"
    finally:
        del QUESTIONS["sevens"]


def test_one_missing_package_is_enough_for_the_record(monkeypatch):
    """A question to two frameworks is not half asked."""
    monkeypatch.setattr(recorded, "find_spec", lambda name: None if name == "jax" else object())

    def both() -> dict:
        raise PackageNotFoundError("jax")

    asked = question("torch", "jax")(both)
    try:
        assert not asked.live
        with pytest.raises(FileNotFoundError, match="both"):
            asked()
    finally:
        del QUESTIONS["both"]


@pytest.mark.parametrize(
    ("installed", "live"),
    [("0.7.2", False), ("0.8", True), ("0.8.0rc1", True), ("0.10.2", True), ("1.0", True)],
)
def test_a_framework_that_is_too_old_is_not_asked(monkeypatch, installed, live):
    """JAX before 0.8 has no jax.enable_x64; the record answers in its place."""
    monkeypatch.setattr(recorded, "find_spec", lambda name: object())
    monkeypatch.setattr(recorded, "version", {"jax": installed}.get)
    for name in ("jax_routes", "jax_digits"):
        assert QUESTIONS[name].live == live
        if not live:
            assert "recorded on" in QUESTIONS[name]().source


def test_the_record_of_gradchecks_has_an_answer_for_every_backward_pass():
    """A mistake that is added must be asked about: `make record`."""
    answers = QUESTIONS["torch_gradcheck_of_all"].record()["answers"]
    assert set(answers) == set(BACKWARDS), "`make record` asks the frameworks anew"
    for answer in answers.values():
        assert set(answer) == MODES
        assert set(answer.values()) <= WORDS


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
