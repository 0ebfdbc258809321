"""A checkout on Windows, or by a Git set up as there, is the repository byte for byte.

Git for Windows turns every line ending into the two characters of Windows, unless .gitattributes
says otherwise; then neither sh nor bash can read what it is given. The files are committed as
they are now into a repository of their own, so no history is needed and none is touched.
"""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

pytestmark = pytest.mark.skipif(
    shutil.which("git") is None, reason="without Git there is no checkout"
)
posix = pytest.mark.skipif(os.name == "nt", reason="sh and make are not at home on Windows")


def git(*arguments: object) -> None:
    """Run Git as if nobody had ever set it up."""
    nobody = {"NAME": "nobody", "EMAIL": "nobody@example.org"}
    who = {f"GIT_{role}_{k}": v for role in ("AUTHOR", "COMMITTER") for k, v in nobody.items()}
    plain = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    outside = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
    command = ["git", *map(str, arguments)]
    subprocess.run(command, check=True, capture_output=True, env=outside | plain | who)


def checkout(folder: Path, *without: str) -> Path:
    """Commit our files, except those `without`, and clone them the way of Windows."""
    git("init", "-q", folder / "origin")
    here = ("--git-dir", folder / "origin" / ".git", "--work-tree", ROOT)
    git(*here, "-C", ROOT, "add", "--all", ".", *(f":!{name}" for name in without))
    git(*here, "commit", "-q", "-m", "all of it")
    git("clone", "-q", "-c", "core.autocrlf=true", folder / "origin", folder / "clone")
    return folder / "clone"


def changed(clone: Path) -> set[str]:
    """Name the text files of `clone` that have a carriage return at a line's end."""
    files = (path for path in clone.rglob("*") if path.is_file() and ".git" not in path.parts)
    read = {path.relative_to(clone).as_posix(): path.read_bytes() for path in files}
    return {name for name, data in read.items() if b"\r\n" in data and b"\0" not in data}


def run(folder: Path, *command: str, **environment: str) -> tuple[int, str]:
    """Run `command` in `folder`; give back its code and what it says, carriage returns too."""
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("MAKE", "MFLAGS"))}
    done = subprocess.run(
        command,
        cwd=folder,
        env=inherited | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stdout.decode()


def shell_problems(clone: Path) -> list[str]:
    """Name what of make, the installer and Binder's script cannot be read by its shell."""
    recipe = 'sh tools/install.sh lab\n.venv/bin/python -m smlearn open --port "8888"\n'
    words = "PYTHON=no-such is not a Python that runs"
    code, said = run(clone, "sh", "tools/install.sh", "lab", PYTHON="no-such")
    claims = {
        "make": run(clone, "make", "-n", "lab") == (0, recipe),
        "the installer's grammar": run(clone, "sh", "-n", "tools/install.sh") == (0, ""),
        "the installer": code == 1 and words in said,
        "postBuild's grammar": run(clone, "bash", "-n", "binder/postBuild") == (0, ""),
        "postBuild": post_build(clone) == "-m pip install --no-deps -e .\n-m smlearn copy\n",
    }
    return [what for what, holds in claims.items() if not holds]


def post_build(clone: Path) -> str:
    """Run Binder's script by its first line, with a python that only says what it is asked."""
    tools = clone.parent / "bin"
    tools.mkdir()
    (tools / "python").write_text('#!/bin/sh\necho "$*"\n')
    (tools / "python").chmod(0o755)
    try:
        path = f"{tools}{os.pathsep}{os.environ['PATH']}"
        return run(clone, str(clone / "binder" / "postBuild"), PATH=path)[1]
    except OSError as error:  # what the kernel says of an interpreter that is not there
        return str(error)


@pytest.fixture(scope="module")
def ours(tmp_path_factory):
    return checkout(tmp_path_factory.mktemp("ours"))


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    return checkout(tmp_path_factory.mktemp("bare"), ".gitattributes")


def test_a_checkout_on_windows_changes_no_byte_of_a_text(ours):
    """Shells and tests read the same on every machine."""
    assert (ours / "tools" / "install.sh").exists()
    assert changed(ours) == set()


def test_without_attributes_every_text_would_be_changed(bare):
    """The check above can fail; and Git does what we say it does."""
    assert {"tools/install.sh", "Makefile", "binder/postBuild", "README.md"} <= changed(bare)


@posix
def test_make_the_installer_and_binder_run_in_such_a_checkout(ours):
    """A clone that was made on Windows is used from WSL, or copied to a server."""
    assert shell_problems(ours) == []


@posix
def test_without_attributes_none_of_them_would_run(bare):
    """The check above can fail. (GNU make drops the character, and bash -n does not mind it.)"""
    assert set(shell_problems(bare)) >= {"the installer's grammar", "the installer", "postBuild"}
