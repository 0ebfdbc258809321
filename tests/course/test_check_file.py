"""`smlearn check`: gradcheck's report on a file, a code for scripts, and sentences for slips."""

import re
from dataclasses import replace

import numpy as np
import pytest

import smlearn.__main__ as command
from smlearn import gradcheck, softmax, softmax_vjp
from smlearn.course.check_file import check_file

MINE = """
import numpy as np
from beside import softmax
from smlearn import softmax_vjp as right

def wrong(x, dp):
    return 2 * right(x, dp)

def loss(x):
    return (x**2).sum(), 2 * x

class Square:
    def forward(self, x):
        self.x = x
        return x**2
    def backward(self, dp):
        return 2 * self.x * dp

layer = Square()
rows = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 5.0]])
counts = [1, 2]

def angry(x):
    raise KeyError("keys")

if __name__ == "__main__":
    raise SystemExit("it is not run as a script")
"""


@pytest.fixture
def mine(tmp_path):
    """A file of a learner's, and one beside it that it imports."""
    (tmp_path / "beside.py").write_text("from smlearn import softmax\n")
    path = tmp_path / "mine.py"
    path.write_text(MINE)
    return path


@pytest.fixture
def run(mine, capsys):
    """Return the code, what is printed and what is complained of."""

    def check(*words, file=mine):
        code = command.main(["check", str(file), *words])
        return (code, *capsys.readouterr())

    return check


def test_the_report_is_gradchecks_own(mine, run):
    """Word for word, at the same draws."""
    x = np.random.default_rng(0).standard_normal((4, 3))
    assert run("softmax", "right") == (0, f"{gradcheck(softmax, softmax_vjp, x)}\n", "")


@pytest.mark.parametrize(
    ("words", "code", "verdict"),
    [
        (["softmax", "right"], 0, "PASS"),
        (["softmax", "wrong"], 1, "FAIL"),
        (["loss"], 0, "PASS"),
        (["layer.forward", "layer.backward"], 0, "PASS"),
    ],
)
def test_the_code_is_the_verdict(run, words, code, verdict):
    """Two functions, one that returns its own gradient, a layer."""
    done, said, complaint = run(*words)
    assert (done, complaint) == (code, "")
    assert said.startswith(f"gradcheck: {verdict}")


def test_no_verdict_is_neither_pass_nor_fail(run, monkeypatch):
    """Whoever asks in a script must not take it for either."""
    report = replace(gradcheck(softmax, softmax_vjp, np.ones((2, 3))), verdict="INCONCLUSIVE")
    monkeypatch.setattr("smlearn.course.check_file.check_file", lambda *_, **__: report)
    code, said, _ = run("softmax", "right")
    assert code == 2
    assert said.startswith("gradcheck: INCONCLUSIVE")


def test_x_can_be_the_learners_own(mine):
    """By its name; or draws of another shape, and another seed."""
    assert check_file(mine, "softmax", "right", x="rows").case.x[1, 2] == 5.0
    drawn = check_file(mine, "softmax", "right", shape=(2, 5), seed=3).case.x
    np.testing.assert_array_equal(drawn, np.random.default_rng(3).standard_normal((2, 5)))


def test_the_shape_is_read_from_the_command_line(run):
    """4,3 as NumPy writes it, without the brackets; what is no shape is the parser's matter."""
    assert run("softmax", "right", "--shape", "2,5")[0] == 0


@pytest.mark.parametrize("words", ["--shape 2x5", "--shape=-1,3", "--shape 2,", "--seed=-1"])
def test_what_is_no_shape_or_seed_is_the_parsers_matter(mine, capsys, words):
    """With what it wanted, and as what."""
    with pytest.raises(SystemExit, match="2"):
        command.main(["check", str(mine), "softmax", "right", *words.split()])
    assert re.search(r"is wanted, as in (4,3|0), but got '", capsys.readouterr().err)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["softmx", "right"], "got softmx, which is not there; did you mean softmax?"),
        (["softmax", "rihgt"], "got rihgt, which is not there; did you mean right?"),
        (
            ["layer.forwards", "right"],
            "got layer.forwards, which is not there; did you mean layer",
        ),
        (["layer.form", "right"], "is not there; did you mean layer.forward?"),
        (["layr.forward", "right"], "got layr.forward, which is not there; it has np, softmax"),
        (["layer", "right"], "layer is of type Square; name layer.forward and layer.backward"),
        (["Square.forward", "right"], "make a layer of the class first, and give layer.forward"),
        (["right", "softmax"], "f must take x alone, but got softmax_vjp, which takes x and dp"),
        (["zzz", "right"], "which is not there; it has np, softmax, right, wrong"),
        (["softmax", "right", "--x", "row"], "got row, which is not there; did you mean rows"),
        (["softmax", "right", "--x", "counts"], "gradcheck: x must be floating point"),
        (["angry", "right"], "raised KeyError"),
        (["rows", "right"], "a function in mine.py is wanted, but rows is of type ndarray"),
        (
            ["softmax", "np"],
            "a function in mine.py is wanted, but np is of type module",
        ),
        (["softmax", "right", "--shape", "1000000000,1000000000"], "Unable to allocate"),
    ],
)
def test_a_slip_is_answered_by_a_sentence(run, words, said):
    """With the code 2, and nothing on the page."""
    code, page, complaint = run(*words)
    assert (code, page) == (2, "")
    assert said in complaint
    assert complaint.count("\n") == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("import nosuchmodule", "stops at line 1 with ModuleNotFoundError: No module named 'nosu"),
        ("x = 1\n\ndef f(x:\n    pass", "stops at line 3 with SyntaxError"),
        ("import os\nraise SystemExit('bye')", "stops at line 2 with SystemExit: bye"),
        ("def f():\n    1 / 0\n\nf()", "stops at line 2 with ZeroDivisionError"),
        ("x = '\0'", "stops with SyntaxError: source code string cannot contain null bytes"),
    ],
)
def test_a_file_that_cannot_be_run_is_named_with_its_line(run, tmp_path, text, said):
    """The last line of its own that was under way."""
    (tmp_path / "bad.py").write_text(text)
    code, page, complaint = run("f", file=tmp_path / "bad.py")
    assert (code, page) == (2, "")
    assert f"a file that can be run is wanted, but bad.py {said}" in complaint


def test_a_file_that_is_not_there_is_named(run, tmp_path):
    """With how to say it."""
    code, _, complaint = run("f", file=tmp_path / "gone.py")
    assert code == 2
    assert f"there is no {tmp_path / 'gone.py'}; give its path, as in `smlearn check" in complaint


def test_a_file_of_another_kind_is_told_by_its_name(run, tmp_path):
    """A notebook without a null is Python that defines nothing, so it would run."""
    page = tmp_path / "page.ipynb"
    page.write_text('{"cells": []}')
    code, _, complaint = run("f", file=page)
    assert (code, "but page.ipynb is a notebook; call gradcheck in a cell" in complaint) == (2, 1)
    code, _, complaint = run("f", file=tmp_path)
    assert (code, f"a Python file is wanted, but {tmp_path} is a folder; " in complaint) == (2, 1)
    (tmp_path / "empty.py").touch()
    assert "got f, which is not there; it has none" in run("f", file=tmp_path / "empty.py")[2]


def test_nothing_is_left_beside_the_file(run, tmp_path):
    """No bytecode of what was checked."""
    run("softmax", "right")
    assert not list(tmp_path.glob("__pycache__/mine*"))
