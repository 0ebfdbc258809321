"""Whatever is handed to a check, the check comes back, and the next one says what is true.

The attempts are the table in hostile/. They run in processes of their own: what fails here would
otherwise take other tests with it.
"""

import builtins
import os
import signal
import sys
import time
from types import SimpleNamespace

import matplotlib.pyplot as plt
import numpy as np
import pytest
from hostile import families, probes, processes, table, trying
from hostile.limits import LIMITS

from smlearn.exercises import Exercise, exercise

HERE = [attempt for attempt in table.TABLE.values() if not attempt.only]
# An object that never ends when it is thrown away: the test itself would throw it away.
PREDICTED = [attempt for attempt in HERE if attempt.predicted and attempt.name != "endless_del"]

USED = ["the_text_exits", "the_stop_button_by_hand", "a_bare_except", "endless_repr", "it_exits",
        "a_list_in_itself", "allclose_says_yes", "sum_is_deleted", "strictness_is_set",
        "a_variable_is_deleted", "ten_million_letters_are_printed", "code_exits", "only_pass",
        "its_name", "none_for_it"]  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def no_child_is_left():
    """The processes in which attempts are tried are ended."""
    yield
    processes.end_all()


def test_there_are_enough():
    """In each family."""
    assert len(table.TABLE) >= 285
    assert {attempt.family for attempt in table.TABLE.values()} == set(families.FAMILIES)


@pytest.mark.parametrize("attempt", HERE, ids=repr)
def test_an_attempt_gets_its_verdict_and_leaves_nothing_behind(attempt):
    """It is judged as it should be, nothing around is changed, and so is no later verdict."""
    trying.course(attempt.key)
    found = processes.try_it(trying.complaints_about, attempt)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("attempt", PREDICTED, ids=repr)
def test_the_same_value_as_a_prediction_is_never_right(attempt):
    """For a number, a list, a shape, a word, a name, yes or no; and no exception comes out."""
    for key in trying.KINDS:
        trying.course(key)
    found = processes.try_it(trying.predictions_of, attempt)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("name", USED)
def test_what_is_used_unchecked_does_no_harm_either(name):
    """use() judges it first, and gives the course's own where it is not right."""
    trying.course(table.TABLE[name].key)
    found = processes.try_it(trying.used_at_once, table.TABLE[name])
    assert not found, "\n".join(found)


@pytest.mark.parametrize("many", [0, 2, 3])
def test_another_number_of_answers_is_an_error(many):
    """That is a mistake of the cell, not of the answer, and the cell says so."""
    with pytest.raises(TypeError, match="1 answer is wanted"):
        exercise("equal_logits").check(*[-0.25] * many)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="it would end the process that runs the tests")
@pytest.mark.parametrize("limit", LIMITS, ids=lambda limit: limit.name)
def test_the_documented_limits_are_as_they_are_said_to_be(limit):
    """The process is gone, or the verdict comes when the call has come back."""
    trying.course("expected_upstream")

    def check():
        trying.set_seconds(0.1 if limit.ends.endswith("late") else 60.0)
        exercise("expected_upstream").check(limit.answer)

    assert processes.how_it_ends(check) == limit.ends.removesuffix(", late")


# The tools checked.

forks = pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork there")


def tried(deed, **more):
    """Return what is said of a deed that is done in a child of this process."""
    return processes.try_it(deed, table.TABLE["it_exits"]._replace(**more))


@forks
def test_a_child_that_hangs_dies_or_comes_back_twice_is_seen(monkeypatch):
    """Whatever happens to it, something is said, and the next one starts fresh."""
    monkeypatch.setattr(processes, "PATIENCE", 0.5)
    assert tried(lambda attempt: time.sleep(10)) == ["it hung: its process had to be stopped"]
    assert tried(lambda attempt: os._exit(3)) == ["its process ended by exit 3"]
    assert tried(lambda attempt: os.abort()) == ["its process ended by signal 6"]
    assert tried(lambda attempt: sys.exit()) == ["SystemExit in what was left of the process"]
    two = tried(lambda attempt: [os.fork()] and [], forks=True)
    assert two == ["2 processes came back, and 1 is wanted"]
    assert tried(lambda attempt: []) == []


@forks
@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({}, []),
        ({"wanted": ("RIGHT",)}, ["RIGHT is wanted, not WRONG"]),
        ({"named": ("none",)}, ["the key 'shape' is not none"]),
        ({"words": "no such words"}, ["it does not speak of no such words"]),
        ({"threads": True}, ["the thread that is left is not spoken of"]),
        ({"make": lambda: 1 / 0}, ["ZeroDivisionError in what was left of the process"]),
    ],
)
def test_what_is_wrong_with_a_verdict_is_said(more, said):
    """Another status, another key, other words, a thread that nobody speaks of."""
    more = {"make": lambda: lambda p, dp: p, "named": (), **more}
    attempt = table.TABLE["only_return_none"]._replace(**more)
    trying.course(attempt.key)
    found = tried(lambda _: trying.complaints_about(attempt))
    assert len(found) == len(said)
    assert all(each.startswith(start) for each, start in zip(found, said, strict=True)), found


@forks
def test_a_check_that_raises_or_goes_wrong_afterwards_is_said(monkeypatch):
    """As a broken checker would."""
    attempt, check = table.TABLE["any_number_of_them"], Exercise.check
    trying.course(attempt.key)
    monkeypatch.setattr(Exercise, "check", lambda ex, *answers: 1 / 0)
    deed = trying.complaints_about
    assert tried(lambda _: deed(attempt)) == ["ZeroDivisionError came out of the check"]
    right = check(exercise(attempt.key), *trying.course(attempt.key).solved)
    monkeypatch.setattr(Exercise, "check", lambda ex, *answers: right)
    assert "the next wrong answer is called RIGHT" in " ".join(tried(lambda _: deed(attempt)))


BENT = {  # what is changed, and what must be said of it
    "a function of NumPy": (np, "exp", len),
    "a builtin": (builtins, "sum", len),
    "a stream": (sys, "stdin", None),
    "a method of a verdict": (probes.Finding, "right", True),
}


@pytest.mark.parametrize("name", BENT)
def test_another_thing_is_seen(monkeypatch, name):
    """And nothing is said where nothing has changed."""
    home, attribute, thing = BENT[name]
    before = probes.look({})
    assert probes.differences(before, probes.look({})) == []
    monkeypatch.setattr(home, attribute, thing)
    said = probes.differences(before, probes.look({}))
    assert any(f".{attribute} is another one" in each for each in said), said


def test_another_setting_is_seen(monkeypatch, tmp_path):
    """Each by its name."""
    page = {"page_list": [1, [2]], "page_array": np.zeros(3)}
    before = probes.look(page)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SMLEARN_SURPRISE", "1")
    monkeypatch.syspath_prepend(tmp_path)
    limit, handler = sys.getrecursionlimit(), signal.getsignal(signal.SIGINT)
    figure = plt.figure()
    try:
        sys.setrecursionlimit(limit + 1)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        page["page_list"][1].append(3)
        page["page_array"][0] = np.nan
        page["new"] = 1
        said = " ".join(probes.differences(before, probes.look(page)))
    finally:
        sys.setrecursionlimit(limit)
        signal.signal(signal.SIGINT, handler)
        plt.close(figure)
    for name in ("folder", "environment", "path", "recursion limit", "signals", "figures", "page"):
        assert f"the {name} was" in said, name
    assert "page.new is new" in said


@pytest.mark.parametrize(
    ("text", "page", "said"),
    [
        ("WRONG  It is.", "<p>It is.</p>", []),
        ("WRONG  <A at 0x7f00deadbeef>", "<p>It is.</p>", ["an address"]),
        ("1\n2\n3\n4", "<p>It is.</p>", ["4 lines"]),
        ("1" * 500, "<p>It is.</p>", ["1 lines"]),
        ("\x1b[31m", "<p>It is.</p>", ["letters that do not print"]),
        ("WRONG", "<p>It is.", ["<p> is left open"]),
        ("WRONG", "<p><b>It is.</b></p>", ["a tag of the learner's"]),
        ("WRONG", "<p>It is.</div></p>", ["</div> closes nothing", "</p> closes nothing"]),
    ],
)
def test_a_verdict_that_reads_badly_is_seen(text, page, said):
    """In words and in HTML."""
    verdict = type("Verdict", (SimpleNamespace,), {"__str__": lambda self: text})()
    verdict._repr_html_ = lambda: page
    found = trying._unreadable(verdict)
    assert len(found) == len(said)
    assert all(each.startswith(start) for each, start in zip(found, said, strict=True))
