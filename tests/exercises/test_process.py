"""What is put back after learner code is what is the course's own, and no more than is loaded."""

import copy
import sys

import numpy as np

from smlearn.exercises.sandbox import held, process
from smlearn.mistakes import MISTAKES


def test_what_is_held_is_the_courses_own():
    """Its classes, functions and tables, each where it was written; of Python what is named."""
    near, far, rest = held.by_distance(tuple(sys.modules))
    for kind in {*near.classes, *far.classes} - {*held.MANAGERS}:
        assert kind.__module__.startswith("smlearn."), kind
    assert any(table is MISTAKES for table in far.tables)
    assert process.Process in near.classes
    names = {table["__name__"] for table in near.tables}
    assert names == {*held.NEAR} | {name for name in sys.modules if name.startswith(held.HERE)}
    assert all(kind.__module__.startswith(held.HERE) for kind in near.classes)
    for table in rest.tables:
        assert table["__name__"].partition(".")[0] in held.REST - {held.COURSE}


def test_code_is_held_where_it_was_written():
    """Of the course all, near by the sandbox's own and what it works with; NumPy's behind C."""
    near, far, rest = held.by_distance(tuple(sys.modules))
    assert process.Process.left in near.functions
    assert copy.deepcopy in near.functions
    assert process.Process.left in far.functions
    assert np.allclose.__wrapped__ in rest.functions


def test_what_is_not_loaded_is_not_held():
    """Nobody loads a module in order to put it back."""
    near, far, rest = held.by_distance(
        ("sys", "re", "json", "yaml", "smlearn.exercises.sandbox.process")
    )
    assert near.tables == [vars(sys), vars(process)]
    assert vars(sys.modules["re"]) in far.tables
    assert not any(table.get("__name__") in ("os", "numpy", "ast") for table in far.tables)
    assert rest.tables == [vars(sys.modules["json"])]
