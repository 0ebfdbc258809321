"""Whatever is handed to a check, the check comes back, and the next one says what is true.

The attempts are the table in hostile/. They run in processes of their own: what fails here would
otherwise take other tests with it.
"""

import pytest
from hostile import families, processes, table, trying

HERE = [attempt for attempt in table.TABLE.values() if not attempt.only]
PREDICTED = [attempt for attempt in HERE if attempt.predicted]


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
    assert processes.try_it(trying.complaints_about, attempt) == []


@pytest.mark.parametrize("attempt", PREDICTED, ids=repr)
def test_the_same_value_as_a_prediction_is_never_right(attempt):
    """For a number, a list, a shape, a word, a name, yes or no; and no exception comes out."""
    for key in trying.KINDS:
        trying.course(key)
    assert processes.try_it(trying.predictions_of, attempt) == []
