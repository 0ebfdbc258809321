"""Codespaces and VS Code set the course up with its own installer, on a Python that it allows."""

import json
import re
import shlex
import tomllib
from pathlib import Path

import pytest

from smlearn.__main__ import main
from smlearn.course.copies import START, default_folder

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / ".devcontainer" / "devcontainer.json").read_text("utf-8")


def complaints(text: str) -> list[str]:
    """Name what of a devcontainer.json leads nowhere in this repository."""
    made, found = json.loads(text), []
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    oldest = int(project["requires-python"].rpartition(".")[2])
    if int(re.search(r"python:3\.(\d+)$", made["image"])[1]) < oldest:
        found.append(f"{made['image']} is older than 3.{oldest}")
    install, copy = map(shlex.split, made["postCreateCommand"].split("&&"))
    if install[0] != "sh" or not (ROOT / install[1]).is_file():
        found.append(f"there is no {install[1]}")
    if install[2] not in project["optional-dependencies"]:
        found.append(f"there is no extra {install[2]}")
    if copy[1:] != ["-m", "smlearn", "copy"]:
        found.append("the learner's copies are not made")
    first = (default_folder() / START).relative_to(ROOT).as_posix()
    if made["customizations"]["codespaces"]["openFiles"] != [first]:
        found.append(f"{first} is not opened")
    interpreter = made["customizations"]["vscode"]["settings"]["python.defaultInterpreterPath"]
    if interpreter != "${containerWorkspaceFolder}/" + copy[0]:
        found.append("the kernel is not that of the environment")
    return found


def test_all_that_it_names_is_there(tmp_path):
    """And the command that it ends with does its work."""
    assert complaints(TEXT) == []
    assert main(["copy", str(tmp_path)]) == 0


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("python:3.13", "python:3.10", "is older than 3.11"),
        ("tools/install.sh", "tools/other.sh", "there is no tools/other.sh"),
        ("install.sh lab", "install.sh lap", "there is no extra lap"),
        ("smlearn copy", "smlearn cpy", "copies are not made"),
        ("my/00", "notebooks/00", "my/00_start_here.ipynb is not opened"),
        (".venv/bin/python -m", "python3 -m", "the kernel is not that of the environment"),
    ],
)
def test_what_leads_nowhere_is_named(old, new, complaint):
    """The checker checked."""
    assert old in TEXT
    (found,) = complaints(TEXT.replace(old, new))
    assert complaint in found
