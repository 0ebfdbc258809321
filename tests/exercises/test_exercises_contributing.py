"""The example of CONTRIBUTING.md is an exercise that works."""

import importlib.util
import re
from pathlib import Path

import numpy as np
import pytest
from nbformat.v4 import new_code_cell
from test_exercises_notebooks import misfits, objectives, read, unmet

import copies
from smlearn.exercises import TASKS, exercise

TEXT = (Path(__file__).parents[2] / "CONTRIBUTING.md").read_text("utf-8")
CODE, CELL = re.findall(r"(?ms)^ *```python\n(.*?)^ *```", TEXT)


@pytest.fixture(scope="module")
def example(tmp_path_factory):
    """Load the example as a file of tasks/, and forget it afterwards."""
    file = tmp_path_factory.mktemp("tasks") / "nb01_mean_cost.py"
    file.write_text(CODE, "utf-8")
    name = f"smlearn.exercises.tasks.{file.stem}"
    spec = importlib.util.spec_from_file_location(name, file)
    spec.loader.exec_module(importlib.util.module_from_spec(spec))
    yield exercise("mean_cost")
    del TASKS._loaded["mean_cost"]


def test_the_example_judges(example):
    """TODO, RIGHT, each mistake by its name, and an ordinary slip that nobody wrote."""
    assert example.check(...).status == "TODO"
    assert example.check(lambda p, costs: p @ costs).right
    assert example.check(lambda p, costs: np.mean(costs)).key == "plain_mean"
    assert example.check(lambda p, costs: (p * costs).mean()).key == "mean_for_sum"
    assert example.check(lambda p, costs: (p / costs.clip(1)).sum()).key == "numbers"
    assert example.check(lambda p, costs: p @ p).key == "a_name"
    assert "____" in str(example.hint(5))


def test_the_example_fits_its_cell_and_an_objective(example):
    """The same tests as for any other exercise say nothing of it."""
    source = re.sub("(?m)^   ", "", CELL).rstrip()
    task = copies.task_of(new_code_cell(source))
    assert task is example.task
    assert misfits(source, task) == []
    found = unmet(objectives(read(task.notebook)), {task.objective})
    assert not [complaint for complaint in found if task.objective in complaint]
