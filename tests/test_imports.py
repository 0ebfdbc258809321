"""Importing is cheap: what a learner has not asked for yet is not loaded."""

import ast
import inspect
import subprocess
import sys
from pathlib import Path
from typing import get_type_hints

import numpy as np
import pytest

import smlearn
from smlearn.checking import gradcheck

PACKAGE = Path(smlearn.__file__).parent


def named(room: str, names: str) -> set[str]:
    """Return the dotted names of some files of a room."""
    return {f"{room}.{name}" for name in names.split()}


FORMULAS = named("formulas", "backward covariance forward jacobian log_backward staged")
NUMERICS = FORMULAS | {"_inputs", "checking.differences"}
BLOCKED = named(
    "formulas", "_block_rows blocked"
)  # the same numbers, read after the readable forms
CHECKER = named(
    "checking",
    "adjoint_and_taylor backward_pair blind_spots calling check compare laws reading recognise "
    "report steps doubts noise tolerance turned",
)
# What `import smlearn` loads: the public names' modules, and what these import.
DOOR = NUMERICS | BLOCKED | {"_misfits", "_refusals", "checking", "formulas", "penguins"}
DOOR |= named("formulas", "attention attention_inputs attention_streaming losses")


def test_no_module_is_named_like_a_public_function():
    """from .softmax import softmax would hide the module behind the function."""
    assert not {path.stem for path in PACKAGE.rglob("*.py")} & set(smlearn.__all__)


def loaded_by(statement: str) -> set[str]:
    """Return the modules that a fresh Python has loaded after the statement."""
    code = f"{statement}\nimport sys\nprint('|', *sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(run.stdout.partition("|")[2].split())


def test_importing_smlearn_loads_numpy_and_nothing_else():
    """Neither pictures nor files nor random numbers: what nobody has asked for yet can wait.

    The gradient check and the exercises are not there either.
    """
    numpys = loaded_by("import numpy, typing, importlib")  # today's NumPy loads both
    own = loaded_by("import smlearn") - numpys
    assert own == {"smlearn"} | {f"smlearn.{module}" for module in DOOR}
    assert "numpy.random" in loaded_by("import numpy; numpy.random")  # the test can see it


def test_importing_the_exercises_loads_neither_pictures_nor_tasks():
    """A learner who wants numbers does not wait for pictures."""
    loaded = loaded_by("import smlearn.exercises")
    assert not loaded & {"matplotlib", "ipywidgets", "IPython", "PIL", "pandas", "difflib"}
    assert not {name for name in loaded if ".tasks." in name}
    assert "matplotlib" in loaded_by("import smlearn.figures")  # the test can see it


@pytest.mark.parametrize("room", ["formulas", "mistakes", "training", "checking"])
def test_numerics_load_no_plots_and_no_widgets(room):
    """Each file of the room, in one process."""
    files = ", ".join(f"smlearn.{room}.{path.stem}" for path in (PACKAGE / room).glob("[a-z]*.py"))
    assert not loaded_by(f"import {files}") & {"matplotlib", "ipywidgets", "IPython"}


def test_the_numerics_compute_without_what_makes_masked_arrays():
    """They refuse masked arrays, but until somebody has loaded numpy.ma there is none."""
    use = "from smlearn import softmax_vjp; softmax_vjp([0.0, 1.0], [1.0, 0.0])"
    assert "numpy.ma" not in loaded_by(use)
    assert "numpy.ma" in loaded_by("import numpy; numpy.ma")  # the test can see it


def test_the_gradient_check_is_loaded_when_it_is_asked_for():
    """By name, by Tab, by a star: it is there like the others."""
    assert smlearn.gradcheck is gradcheck
    assert {"gradcheck", "softmax", "__version__"} <= set(dir(smlearn))
    assert "smlearn.checking.check" in loaded_by("from smlearn import softmax, gradcheck")
    assert "smlearn.checking.check" in loaded_by("from smlearn import *\ngradcheck")
    with pytest.raises(AttributeError, match="module 'smlearn' has no attribute 'gradchek'"):
        _ = smlearn.gradchek


def test_signatures_say_what_they_take():
    """Generator is written as text, since its name would load numpy.random; it can be resolved."""
    signature = str(inspect.signature(gradcheck))
    assert "x: numpy.ndarray" in signature
    assert "rng: 'np.random.Generator | None' = None" in signature
    assert get_type_hints(gradcheck)["rng"] == np.random.Generator | None


@pytest.mark.parametrize(("rooms", "most"), [(NUMERICS, 500), (BLOCKED, 110), (CHECKER, 1400)])
def test_numerics_and_checker_stay_small(rooms, most):
    """Lines of code, docstrings apart: a reader can hold them in the head."""
    total = 0
    for module in rooms:
        path = PACKAGE / f"{module.replace('.', '/')}.py"
        tree = ast.parse(path.read_text("utf-8"))
        for node in ast.walk(tree):  # drop docstrings
            documented = isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef)
            if documented and ast.get_docstring(node):
                node.body[0].value = ast.Constant("")
        total += len(ast.unparse(tree).splitlines())
    assert 60 < total < most
