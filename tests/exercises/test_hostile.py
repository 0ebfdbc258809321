"""Whatever is handed to a check, the check comes back, and the next one says what is true.

The attempts are the table in hostile/. They run in processes of their own: what fails here would
otherwise take other tests with it.
"""

import os

import pytest
from hostile import families, processes, table, trying
from hostile.limits import LIMITS

from smlearn.exercises import exercise

HERE = [attempt for attempt in table.TABLE.values() if not attempt.only]
PREDICTED = [attempt for attempt in HERE if attempt.predicted]

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
    assert len(table.TABLE) >= 205
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
        trying.set_seconds(0.1)
        exercise("expected_upstream").check(limit.answer)

    assert processes.how_it_ends(check) == limit.ends.removesuffix(", late")
