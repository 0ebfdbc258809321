"""The package is typed: a right call of the public API passes mypy, a wrong one is reported."""

import importlib
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from smlearn import checking

ROOT = Path(__file__).resolve().parent.parent
TYPED = ROOT / "tests" / "typed"


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


@pytest.mark.parametrize("name", ["formulas", "checks", "rooms"])
def test_right_calls_run(monkeypatch, name):
    """Or mypy would be shown calls that nobody can make."""
    monkeypatch.syspath_prepend(TYPED)
    getattr(importlib.import_module("right_calls"), name)()


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
