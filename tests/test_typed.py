"""The package is typed: a right call of the public API passes mypy, a wrong one is reported."""

import ast
import importlib
import inspect
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable, Sequence
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pytest
from numpydoc.docscrape import FunctionDoc
from test_docstrings import FUNCTIONS, PUBLIC

from smlearn import checking

ROOT = Path(__file__).resolve().parent.parent
TYPED = ROOT / "tests" / "typed"

# What they take a sequence of are no arrays.
SEQUENCES = {"smlearn.checking.stage_table", "smlearn.second_opinions.torch_gradcheck"}


@pytest.fixture(scope="module")
def said() -> list[str]:
    """Return what mypy says of all that pyproject.toml names, and of the wrong calls beside it."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["mypy"]
    # A process of its own: within pytest's, mypy takes twice as long.
    command = [sys.executable, "-m", "mypy", "--no-error-summary", "tests/typed/wrong_calls.py"]
    command += settings["files"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.stderr == ""
    return run.stdout.splitlines()


def complaints(lines: list[str], name: str) -> list[tuple[int, str]]:
    """Return line and kind of each error in the file of that name."""
    found = (re.fullmatch(rf".*{name}:(\d+): error: .*\[([a-z-]+)\]", line) for line in lines)
    return [(int(each[1]), each[2]) for each in found if each]


def test_the_numerics_and_right_calls_pass(said):
    """What documentation shows, lists for arrays included, must not be underlined."""
    assert [line for line in said if ": error:" in line and "wrong_calls.py" not in line] == []


def test_each_wrong_call_is_reported_for_what_it_is(said):
    """A misspelt name, a missing upstream, a cache in the wrong place."""
    lines = (TYPED / "wrong_calls.py").read_text("utf-8").splitlines()
    wanted = [(at, line.split("  # ")[1]) for at, line in enumerate(lines, 1) if "  # " in line]
    assert len(wanted) > 10
    assert complaints(said, "wrong_calls.py") == wanted


def defined(file: str) -> list[str]:
    """Name the functions of a file in tests/typed."""
    tree = ast.parse((TYPED / f"{file}.py").read_text("utf-8"))
    return [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]


RIGHT = [(file, name) for file in ("right_calls", "right_figures") for name in defined(file)]


@pytest.mark.parametrize(("file", "name"), RIGHT)
def test_right_calls_run(monkeypatch, file, name):
    """Or mypy would be shown calls that nobody can make."""
    monkeypatch.syspath_prepend(TYPED)
    getattr(importlib.import_module(file), name)()
    plt.close("all")


def uncalled(names: list[str]) -> set[str]:
    """Return which of the public functions no right call names."""
    trees = [ast.parse((TYPED / f"{file}.py").read_text("utf-8")) for file, _ in RIGHT]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    words = {getattr(node, "id", None) or getattr(node, "attr", None) for node in nodes}
    return {name for name in names if name.rpartition(".")[2] not in words}


def test_every_public_function_is_called():
    """A signature that no call is held against may say anything."""
    missing = uncalled(FUNCTIONS)
    assert not missing, f"no call of {missing}: write one into tests/typed/right_*.py"
    assert uncalled(["smlearn.softmax", "smlearn.figures.plot_gone"]) == {
        "smlearn.figures.plot_gone"
    }


def disagreements(function: Callable) -> list[str]:
    """Return the parameters that the docstring says may be lists and the signature does not."""
    given, said = inspect.signature(function).parameters, FunctionDoc(function)["Parameters"]
    return [
        name
        for each in said
        for name in each.name.split(", ")
        if ("array_like" in each.type) != ("Sequence" in str(given[name.strip("*")].annotation))
    ]


@pytest.mark.parametrize("name", sorted(set(FUNCTIONS) - SEQUENCES))
def test_what_may_be_a_list_is_typed_so(name):
    """Else an editor underlines a call that the docstring shows."""
    assert disagreements(PUBLIC[name]) == []


def test_a_list_that_the_signature_forbids_is_told():
    """The check above can fail, either way."""

    def half(x: np.ndarray, y: Sequence) -> None:
        """Halve x.

        Parameters
        ----------
        x : (D,) array_like
            Logits.
        y : (D,) ndarray
            More.
        """

    assert disagreements(half) == ["x", "y"]


def test_others_can_read_the_types():
    """py.typed is what a type checker looks for in an installed package."""
    assert (ROOT / "smlearn" / "py.typed").exists()


def test_the_stub_of_the_checks_names_what_is_loaded_when_asked_for():
    """A name that is added there and not here would be unknown to an editor."""
    stub = (ROOT / "smlearn" / "checking" / "__init__.pyi").read_text("utf-8")
    named = {
        name: home for home, name in re.findall(r"^from \.(\w+) import (\w+) as \2$", stub, re.M)
    }
    assert named == checking.HOME_OF
