"""Answers written from the statements of the exercises alone, without a look at the checks.

They stand in blind/, a file for each exercise, with lines between them that say what they are:

    #### right: <how it is written>
    #### wrong: <what is wrong>
    #### wrong <key>: <what is wrong>      where the check should give the mistake its name

Each is run on a page that holds what its notebook holds at that point.
"""

import contextlib
import io
import re
from pathlib import Path
from typing import NamedTuple

import numpy as np

import smlearn
from smlearn.exercises import TASKS

FOLDER = Path(__file__).parent / "blind"
HEAD = re.compile(r"^#### (right|wrong)(?: (\w+))?: (.*)\n", re.MULTILINE)

PAGES = {  # what stands on the page of a notebook: code, run after the imports
    "01": """
def softmax(x):
    e = np.exp(x - np.max(x))
    return e / e.sum()
def softmax_jacobian(x):
    p = softmax(x)
    return np.diag(p) - np.outer(p, p)
x, h = smlearn.one_bird(), 0.01
p, J = softmax(x), softmax_jacobian(x)
""",
    "02": """
from smlearn import softmax, softmax_jacobian
def softmax_vjp(x, dp):
    p = softmax(x)
    return p * (dp - (p * dp).sum())
x, dp, h = smlearn.one_bird(), np.array([4.0, 1.0, 0.0]), 1e-5
p, J, t = softmax(x), softmax_jacobian(x), np.array([4.0, 1.0, 0.0])
loss = dp @ p
W = np.array([[2.0, 0.0, 1.0], [0.0, 1.0, 0.0], [1.0, -1.0, 0.0]])
z = np.array([0.5, 1.0, 0.5])
""",
    "03": """
from smlearn import softmax
x = smlearn.four_birds()
p, dp = softmax(x), np.array([[0.0, 1, 4], [1, 0, 1], [4, 1, 0], [4, 1, 0]])
""",
    "03b": """
from smlearn import softmax
x = smlearn.four_birds()
p, dp = softmax(x), np.array([[0.0, 1, 4], [1, 0, 1], [4, 1, 0], [4, 1, 0]])
z, df = np.array([[1, 2], [2, 5]]), np.array([[1, 3], [2, 4]])
""",
    "05": """
def row_sum(a):
    return a.sum(axis=-1, keepdims=True)
x = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 5.0]])
e = np.exp(x)
s = row_sum(e)
r, p, dp = 1 / s, e / s, np.array([[0.0, 1.0, 4.0], [2.0, 0.0, 1.0]])
""",
    "06": """
from smlearn import numerical_jacobian, softmax, softmax_jacobian, softmax_vjp
""",
    "07": """
from smlearn import numerical_vjp, softmax, softmax_jvp, softmax_vjp
from smlearn.checking import gradcheck
x, label = smlearn.four_birds(), np.eye(3)[[0, 1, 2, 2]]
""",
}
# A depth defines what it took over.
DEPTHS = {task.notebook for task in TASKS.values()} - {*PAGES}
PAGES |= {depth: PAGES[depth[:2]] for depth in sorted(DEPTHS) if depth[:2] in PAGES}


class Written(NamedTuple):
    """One answer to one exercise."""

    exercise: str
    right: bool
    name: str  # of the mistake; "" where any will do
    words: str
    code: str


def read(exercise: str) -> list[Written]:
    """Read all answers to one exercise."""
    text = (FOLDER / f"{exercise}.txt").read_text("utf-8")
    _, *parts = HEAD.split(text)
    return [
        Written(exercise, kind == "right", name or "", words, code)
        for kind, name, words, code in zip(*[iter(parts)] * 4, strict=True)
    ]


EXERCISES = sorted(path.stem for path in FOLDER.glob("*.txt"))
WRITTEN = [each for exercise in EXERCISES for each in read(exercise)]


def function_of(written: Written):
    """Run the code of an answer on the page of its notebook; return its function."""
    task = TASKS[written.exercise]
    page = {"np": np, "smlearn": smlearn, "rng": np.random.default_rng(0)}
    with contextlib.redirect_stdout(io.StringIO()):
        exec(PAGES[task.notebook], page)
        exec(compile(written.code, f"{written.exercise}: {written.words}", "exec"), page)
    return page[task.function.name]


def answers_of(written: Written) -> list:
    """Return what is handed to the check: right values, where there are some, and the function."""
    values = TASKS[written.exercise].parts[:-1]
    return [*(part.value for part in values), function_of(written)]
