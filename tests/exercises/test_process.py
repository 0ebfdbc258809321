"""What is put back after learner code is what is the course's own, and no more than is loaded."""

import sys

from smlearn.exercises.sandbox import process
from smlearn.mistakes import MISTAKES


def test_what_is_held_is_the_courses_own():
    """Its classes, functions and tables, each where it was written; of Python what is named."""
    near, far = process._near_and_far(tuple(sys.modules))
    for kind in {*near.classes, *far.classes} - {*process.MANAGERS}:
        assert kind.__module__.startswith("smlearn."), kind
    for function in far.functions:
        assert function.__module__.startswith("smlearn"), function
    assert any(table is MISTAKES for table in far.tables)
    assert process.Process in near.classes
    names = {table["__name__"] for table in near.tables}
    assert names == {*process.NEAR} | {
        name for name in sys.modules if name.startswith(process.HERE)
    }
    assert all(kind.__module__.startswith(process.HERE) for kind in near.classes)


def test_what_is_not_loaded_is_not_held():
    """Nobody loads a module in order to put it back."""
    near, far = process._near_and_far(("sys", "re", "smlearn.exercises.sandbox.process"))
    assert near.tables == [vars(sys), vars(process)]
    assert vars(sys.modules["re"]) in far.tables
    assert not any(table.get("__name__") in ("os", "numpy", "ast") for table in far.tables)
