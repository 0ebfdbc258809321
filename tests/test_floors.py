"""The house: each module imports only from floors below it, and importing smlearn is cheap."""

import ast
import inspect
import re
import subprocess
import sys
from pathlib import Path
from typing import get_type_hints

import numpy as np
import pytest

import smlearn
from smlearn.checking import gradcheck

PACKAGE = Path(smlearn.__file__).parent


def floors(*rows: str) -> list[set[str]]:
    """Return one set of modules a floor, ground first."""
    return [set(names.split()) for names in rows]


# One row a floor, ground first. A new module gets its place here, or the first test fails.
FLOORS = floors(
    "_checks snapshot",
    "_blocks calibration covariance exact formula forward numdiff pairs penguins plotting "
    "queries staged tables tolerance trials",
    "attention attention_figures backward blocked check_figures cost_figures diagrams "
    "digit_figures jacobian laws log_backward losses measuring mistakes streaming taylor "
    "trace training_figures",
    "diagnosis power report training",
    "checking",
    "exercises live second_opinions",
)
NUMERICS = set("_checks backward covariance forward jacobian log_backward numdiff staged".split())
BLOCKED = {"_blocks", "blocked"}  # the same numbers, read after the readable forms
CHECKER = set("checking laws measuring pairs power report taylor tolerance".split())
# What `import smlearn` loads: the public names' modules, and what these import.
DOOR = NUMERICS | BLOCKED | set("attention losses penguins queries streaming".split())
# NumPy and nothing else:
LIGHT = NUMERICS | BLOCKED | CHECKER | set(
    "attention calibration diagnosis exact formula losses mistakes penguins queries streaming "
    "tables trace training trials".split()
)  # fmt: skip


def imported(source: str) -> set[str]:
    """Return the names of the modules a source text imports; ".name" for one of our own."""
    names = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level:
            names |= {f".{node.module}"} if node.module else {f".{a.name}" for a in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module)
    return {
        "." + name.removeprefix("smlearn.") if name.startswith("smlearn") else name
        for name in names
    }


def violations(sources: dict[str, str], floors=FLOORS, light=LIGHT) -> list[str]:
    """Return a sentence for each import that does not go down a floor."""
    floor = {module: n for n, modules in enumerate(floors) for module in modules}
    found = []
    for module, source in sorted(sources.items()):
        if module not in floor:
            found.append(f"{module} has no floor")
            continue
        for name in sorted(imported(source)):
            if name.startswith(".") and floor.get(name[1:], len(floors)) >= floor[module]:
                found.append(f"{module} imports {name[1:]}, which is not below it")
            if module in light and name.split(".")[0] in {"matplotlib", "ipywidgets", "IPython"}:
                found.append(f"{module} imports {name}: numerics know no plots and no widgets")
    return found


def test_every_import_goes_down_a_floor():
    """Each file can be read knowing only the files below it."""
    sources = sources_of(PACKAGE)
    del sources["__init__"]  # the roof: it gathers the public names of every floor
    folders = {path.parent.name for path in PACKAGE.glob("*/*.py")}
    inside = {room: sources_of(PACKAGE / room) for room in folders}
    sources |= {room: "\n".join(map(outward, files.values())) for room, files in inside.items()}
    assert violations(sources) == []
    assert set().union(*FLOORS) == set(sources)


def sources_of(folder: Path) -> dict[str, str]:
    """Return the source text of each module in a folder."""
    return {path.stem: path.read_text("utf-8") for path in folder.glob("*.py")}


def outward(source: str) -> str:
    """Keep of a module's imports those from the folder above, as that folder would write them."""
    return "\n".join(f"from {rest}" for rest in re.findall(r"(?m)^from \.(\.\w.*)", source))


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ("from .backward import softmax_vjp", "forward imports backward, which is not below it"),
        ("from . import jacobian", "forward imports jacobian, which is not below it"),
        ("import smlearn.penguins", "forward imports penguins, which is not below it"),
        ("from smlearn import softmax", "forward imports smlearn, which is not below it"),
        (
            "def f():\n    from .backward import a",
            "forward imports backward, which is not below it",
        ),
        ("import matplotlib.pyplot", "forward imports matplotlib.pyplot: numerics know no plots"),
    ],
)
def test_an_import_that_climbs_is_found(source, complaint):
    """The checker checked: also inside a function, also by the package's full name."""
    (found,) = violations({"forward": source})
    assert found.startswith(complaint)


def test_a_module_without_a_floor_is_found():
    """A new file must be given its place."""
    assert violations({"novelty": ""}) == ["novelty has no floor"]
    assert violations({"forward": "import numpy\nfrom ._checks import Array"}) == []


def test_no_module_is_named_like_a_public_function():
    """from .softmax import softmax would hide the module behind the function."""
    assert not {path.stem for path in PACKAGE.glob("*.py")} & set(smlearn.__all__)


def loaded_by(statement: str) -> set[str]:
    """Return the modules that a fresh Python has loaded after the statement."""
    code = f"{statement}\nimport sys\nprint('|', *sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(run.stdout.partition("|")[2].split())


def test_importing_smlearn_loads_numpy_and_nothing_else():
    """Neither pictures nor files nor random numbers: what nobody has asked for yet can wait.

    The gradient check and the exercises are not there either.
    """
    own = loaded_by("import smlearn") - loaded_by("import numpy, typing")  # NumPy loads typing
    assert own == {"smlearn"} | {f"smlearn.{module}" for module in DOOR}
    assert "numpy.random" in loaded_by("import numpy; numpy.random")  # the test can see it


def test_importing_the_exercises_loads_neither_pictures_nor_tasks():
    """A learner who wants numbers does not wait for pictures."""
    loaded = loaded_by("import smlearn.exercises")
    assert not loaded & {"matplotlib", "ipywidgets", "IPython", "PIL", "pandas", "difflib"}
    assert not {name for name in loaded if ".tasks_" in name}
    assert "matplotlib" in loaded_by("import smlearn.plotting")  # the test can see it


def test_the_numerics_compute_without_what_makes_masked_arrays():
    """They refuse masked arrays, but until somebody has loaded numpy.ma there is none."""
    use = "from smlearn import softmax_vjp; softmax_vjp([0.0, 1.0], [1.0, 0.0])"
    assert "numpy.ma" not in loaded_by(use)
    assert "numpy.ma" in loaded_by("import numpy; numpy.ma")  # the test can see it


def test_the_gradient_check_is_loaded_when_it_is_asked_for():
    """By name, by Tab, by a star: it is there like the others."""
    assert smlearn.gradcheck is gradcheck
    assert {"gradcheck", "softmax", "__version__"} <= set(dir(smlearn))
    assert "smlearn.checking" in loaded_by("from smlearn import softmax, gradcheck")
    assert "smlearn.checking" in loaded_by("from smlearn import *\ngradcheck")
    with pytest.raises(AttributeError, match="module 'smlearn' has no attribute 'gradchek'"):
        _ = smlearn.gradchek


def test_signatures_say_what_they_take():
    """Generator is written as text, since its name would load numpy.random; it can be resolved."""
    signature = str(inspect.signature(gradcheck))
    assert "x: numpy.ndarray" in signature
    assert "rng: 'np.random.Generator | None' = None" in signature
    assert get_type_hints(gradcheck)["rng"] == np.random.Generator | None


@pytest.mark.parametrize(("rooms", "most"), [(NUMERICS, 500), (BLOCKED, 110), (CHECKER, 700)])
def test_numerics_and_checker_stay_small(rooms, most):
    """Lines of code, docstrings apart: a reader can hold them in the head."""
    total = 0
    for module in rooms:
        tree = ast.parse((PACKAGE / f"{module}.py").read_text("utf-8"))
        for node in ast.walk(tree):  # drop docstrings
            documented = isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef)
            if documented and ast.get_docstring(node):
                node.body[0].value = ast.Constant("")
        total += len(ast.unparse(tree).splitlines())
    assert 60 < total < most
