"""A notebook's tasks are loaded when one of them is asked for; whoever asks for all gets all."""

import subprocess
import sys

import numpy as np
import pytest

from smlearn.exercises import TASKS, exercise, exercises, registry, tasks


def fresh(*statements: str) -> list[str]:
    """Return the words that a fresh Python prints after a bar."""
    code = "\n".join(["from smlearn.exercises import *", *statements])
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return run.stdout.partition("|")[2].split()


FILES = """
import sys
print("|", *sorted(name.split(".")[-1] for name in sys.modules if ".tasks.nb" in name))
"""


@pytest.mark.parametrize(
    ("key", "files"),
    [
        ("add_one", ["nb00_start"]),
        ("leaks", ["nb03_batches", "nb03_leaks"]),
    ],
)
def test_opening_an_exercise_loads_its_notebook_only(key, files):
    """To import all tasks for one of them takes longer than the rest of smlearn."""
    assert fresh(f"exercise({key!r})", FILES) == files


def test_where_no_page_asks_the_exercise_does(capsys, monkeypatch):
    """A page's text asks it word for word, above the card: it would stand there twice."""
    exercise("nearly_sure")
    assert "Bird 155 has p near" in capsys.readouterr().out
    monkeypatch.setattr("smlearn.exercises.on_a_page", lambda: True)
    assert "Bird 155 has p near" in exercise("nearly_sure").statement
    assert capsys.readouterr().out == ""


def test_every_name_is_found_in_its_own_notebook():
    """A name that is looked for in another notebook first costs the time of that one, too."""
    assert {key: registry.notebook_of(key) for key in TASKS} == {
        key: task.notebook for key, task in TASKS.items()
    }


def test_all_are_listed_in_order_whatever_was_opened_first():
    """The notebooks' order, and within one that of the page."""
    opened = "exercise('leaks'), exercise('stable_softmax'), exercise('add_one')"
    assert fresh(opened, "print('|', *exercises())") == exercises()
    notebooks = [TASKS[key].notebook for key in exercises()]
    assert notebooks == sorted(notebooks)
    assert len(TASKS) == len(set(TASKS)) > 50


def test_a_core_and_its_depth_have_exercises_of_their_own():
    """00 is the beginning of 00b, and of no task's place in it."""
    pages = sorted({task.notebook for task in TASKS.values()})
    assert "00b" in pages
    assert [key for page in pages for key in exercises(page)] == exercises()
    assert exercises("0") == []


def test_a_name_that_looks_like_anothers_is_found_all_the_same(monkeypatch):
    """Where to look first is a guess; that a task is there is not."""
    tasks = registry.Tasks()
    loaded = []

    def load(notebook):
        loaded.append(notebook)
        tasks._loaded |= {"add_one": "the task"} if notebook == "*" else {}

    monkeypatch.setattr(registry, "load", load)
    monkeypatch.setattr(registry, "notebook_of", lambda key: "07")
    assert tasks["add_one"] == "the task"
    assert tasks["add_one"] == "the task"
    assert loaded == ["07", "*"]
    with pytest.raises(KeyError, match="nobody"):
        tasks["nobody"]


def test_an_unknown_name_belongs_to_no_notebook():
    """So all are loaded, and the nearest name can be given."""
    assert registry.notebook_of("softmax_vpj") == "*"
    assert "softmax_vpj" not in TASKS


def test_two_tasks_of_one_name_are_refused():
    """One of them could never be opened."""
    with pytest.raises(ValueError, match="two tasks are called 'add_one'; give one another key"):
        TASKS.add(TASKS["add_one"])


def test_tasks_load_whatever_a_page_has_set():
    """A page may let NumPy raise at an underflow; the tasks' own numbers have some."""
    files = sorted(path.stem for path in registry.FOLDER.glob("nb*.py"))
    assert fresh("import numpy", "numpy.seterr(all='raise')", "exercises()", FILES) == files
    with np.errstate(under="raise"), pytest.raises(FloatingPointError):  # the test can see it
        np.exp(np.array(-1000.0))


def test_a_file_that_cannot_be_loaded_says_so_each_time(monkeypatch, tmp_path):
    """What it registered before is forgotten: else who asks next is told of tasks called twice."""
    said = "predict('half', '01', '', 'Ask', hints=(), why='', matters='')"
    (tmp_path / "nb01_half.py").write_text(
        f"from smlearn.exercises.task import predict\n{said}\nraise ValueError('no mark')\n"
    )
    monkeypatch.setattr(registry, "FOLDER", tmp_path)
    monkeypatch.setattr(tasks, "__path__", [str(tmp_path)])
    for _ in range(2):
        with pytest.raises(ValueError, match="no mark"):
            registry.load("01")
    assert "half" not in TASKS._loaded
