"""The doctor names what is wrong with a machine, each thing alone, and the line that mends it."""

import ast
import json
import os
import re
import socket
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import nbformat
import pytest
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager

import smlearn.__main__ as command
from smlearn.course import doctor
from smlearn.course.doctor import NEEDED, OLDEST, SERVER, look, place, ready

ROOT = Path(__file__).resolve().parents[2]
SIGNS = [sign for signs in doctor.PLACES.values() for sign in signs]


@pytest.fixture(autouse=True)
def plain(monkeypatch):
    """Whoever runs these tests may do so on a hub, or in VS Code."""
    for sign in [*SIGNS, "MAKELEVEL"]:
        monkeypatch.delenv(sign, raising=False)


@pytest.fixture
def port():
    """A port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def wrong(tmp_path, port):
    """Return what is wrong, by the name of what was looked at, with what mends it."""

    def found(folder=tmp_path, port=port):
        return {what: (said, todo) for what, said, todo in look(folder, port) if said}

    return found


@pytest.fixture
def versions(monkeypatch):
    """Let some packages have another version, or be missing (None)."""
    true = metadata.version

    def claim(**versions):
        def version(name):
            if name in versions and versions[name] is None:
                raise metadata.PackageNotFoundError(name)
            return versions.get(name) or true(name)

        monkeypatch.setattr(metadata, "version", version)

    return claim


def test_a_machine_that_is_well_has_nothing_wrong(wrong, capsys, tmp_path, monkeypatch, port):
    """This one: it runs the course's tests."""
    assert wrong() == {}
    assert ready() == "ready"
    monkeypatch.setattr(command, "PORT", port)
    assert command.main(["doctor", str(tmp_path)]) == 0
    assert capsys.readouterr().out.count("fine\n") == len(look(tmp_path, port)) == 5


def test_what_is_needed_is_what_pyproject_says():
    """The doctor asks where nothing is installed, so the numbers are written twice."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    asked = project["dependencies"] + project["optional-dependencies"]["lab"]
    assert sorted(asked) == sorted(f"{k}>={v}" for k, v in {**NEEDED, **SERVER}.items())
    assert project["requires-python"] == ">={}.{}".format(*OLDEST)


# ---- one thing wrong at a time


def test_an_old_python_is_named(wrong, monkeypatch):
    """With the way out: in a clone make takes another one."""
    monkeypatch.setattr(sys, "version_info", (3, 9, 18))
    said, todo = wrong()["Python"]
    assert said == "Python is 3.9, too old: 3.11 or newer is needed"
    assert todo.startswith("make lab PYTHON=python3.12" if os.name == "posix" else "install")
    assert ready().startswith(said)
    monkeypatch.setenv("JUPYTERHUB_USER", "ann")
    assert "python.org" in wrong()["Python"][1]
    monkeypatch.setitem(sys.modules, "importlib.metadata", None)  # as on 3.7
    assert set(wrong()) == {"Python"}


@pytest.mark.parametrize(
    ("version", "said"),
    [(None, "numpy is missing"), ("1.26.4", "numpy 1.26.4 is too old, 2.0 is needed")],
)
def test_a_package_that_is_missing_or_too_old_is_named(wrong, versions, version, said):
    """By itself, and with the versions."""
    versions(numpy=version)
    assert wrong() == {"packages": (said, doctor.MEND["a clone"])}
    assert ready() == f"{said}.\nHere, in a clone: {doctor.MEND['a clone']}."


@pytest.mark.parametrize(
    ("version", "old"), [("2.0rc1", False), ("10.1", False), ("2", True), ("1.99.9", True)]
)
def test_versions_are_compared_as_numbers(versions, version, old):
    """10 is more than 9; and of a release candidate the numbers count."""
    versions(numpy=version)
    assert (ready() != "ready") == old


def test_a_page_needs_no_server_of_its_own(wrong, versions):
    """Colab and VS Code open it; the command needs one."""
    versions(jupyterlab=None)
    assert ready() == "ready"
    assert wrong()["packages"][0] == "jupyterlab is missing"


def test_without_jupyterlab_open_says_how_to_get_it(tmp_path, versions, capsys, port):
    """The wheel was installed without [lab]; no traceback."""
    versions(jupyterlab=None)
    assert command.main(["open", str(tmp_path), "--port", str(port)]) == 2
    assert "JupyterLab opens the pages, but jupyterlab is missing; " + doctor.MEND["a clone"] in (
        capsys.readouterr().err
    )


def test_in_a_folder_the_line_is_one_for_pip(versions, monkeypatch, tmp_path):
    """With this Python, and exactly what is lacking."""
    versions(numpy=None, tqdm="4.1")
    monkeypatch.setattr(doctor, "ROOT", tmp_path)
    line = f'"{sys.executable}" -m pip install --upgrade "numpy>=2.0" "tqdm>=4.66"'
    assert ready().endswith(f"Here, in a folder: {line}.")


def test_a_kernel_of_another_python_is_named(wrong, monkeypatch, tmp_path):
    """It would start without the course; one of this Python may go by a short name."""
    argv = [other := str(tmp_path / "other" / "python")]
    monkeypatch.setattr(KernelSpecManager, "get_kernel_spec", lambda *_: KernelSpec(argv=argv))
    said, todo = wrong()["kernel"]
    assert said == "the kernel python3 is that of another Python, " + other
    assert todo == f'"{sys.executable}" -m ipykernel install --sys-prefix'
    for mine in ("python", sys.executable, str(Path(sys.executable).with_name("python3"))):
        argv[:] = [mine]
        assert wrong() == {}


def test_the_kernel_that_mends_it_is_found_first(monkeypatch, tmp_path):
    """In the environment's own list, although the user's has one of that name."""
    monkeypatch.delenv("JUPYTER_PREFER_ENV_PATH", raising=False)
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path))
    foreign = tmp_path / "kernels" / "python3" / "kernel.json"
    foreign.parent.mkdir(parents=True)
    argv = [other := str(tmp_path / "other" / "python")]
    foreign.write_text(json.dumps({"argv": argv, "display_name": "", "language": ""}))
    assert doctor._kernel() == ("", "")
    monkeypatch.setenv("JUPYTER_PREFER_ENV_PATH", "0")  # the check can see it
    assert other in doctor._kernel()[0]


def test_a_folder_that_cannot_be_written_is_named(wrong, monkeypatch, tmp_path):
    """The one that is there, of those on the way; root, as whom tests may run, may write all."""

    def closed(dir):
        raise PermissionError(13, "Permission denied", dir)

    monkeypatch.setattr(doctor.tempfile, "TemporaryFile", closed)
    said, todo = wrong(folder=tmp_path / "not" / "there")["folder"]
    assert said == f"{tmp_path} cannot be written: Permission denied"
    assert todo.startswith("smlearn open FOLDER")


def test_a_taken_port_is_named(wrong, port):
    """And another is offered."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        said, todo = wrong()["port"]
    assert said.startswith(f"Port {port} is taken")
    assert re.fullmatch(r"smlearn open --port \d+", todo)
    assert wrong() == {}


def test_the_code_says_whether_something_is_wrong(versions, capsys, tmp_path):
    """A script of whoever sets up a room of machines reads it."""
    versions(numpy="1.0")
    assert command.main(["doctor", str(tmp_path)]) == 1
    assert "numpy 1.0 is too old, 2.0 is needed\n    mend it: " + doctor.MEND["a clone"] in (
        capsys.readouterr().out
    )


# ---- where it runs


@pytest.mark.parametrize(
    ("name", "sign"), [(name, sign) for name, signs in doctor.PLACES.items() for sign in signs]
)
def test_each_place_has_advice_of_its_own(monkeypatch, versions, name, sign):
    """`make lab` is none on Colab."""
    monkeypatch.setenv(sign, "1")
    versions(numpy=None)
    assert place() == name
    assert ready() == f"numpy is missing.\nHere, in {name}: {doctor.MEND[name]}."
    assert "make" not in doctor.MEND[name]


def test_binder_is_no_hub_though_it_runs_on_one(monkeypatch):
    """There nobody is to be told."""
    for sign in ("JUPYTERHUB_USER", "BINDER_SERVICE_HOST"):
        monkeypatch.setenv(sign, "1")
    assert place() == "Binder"


def test_a_notebook_in_vs_code_is_known_by_what_vs_code_puts_into_it(monkeypatch):
    """Also where it runs in Codespaces, whose own advice is for a terminal."""
    monkeypatch.setenv("CODESPACES", "true")
    assert place() == "Codespaces"
    monkeypatch.setattr(sys.modules["__main__"], "__vsc_ipynb_file__", "00.ipynb", raising=False)
    assert place() == "VS Code"


# ---- where nothing is installed


def test_an_old_python_can_read_it():
    """Only then can it say that it is too old."""
    source = (ROOT / "smlearn" / "course" / "doctor.py").read_text("utf-8")
    tree = ast.parse(source, feature_version=(3, 7))
    names = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert not any(isinstance(n, ast.ImportFrom) and n.level for n in ast.walk(tree))
    assert names == {"pathlib", "importlib", "jupyter_client.kernelspec"}


def test_it_runs_as_a_file_without_numpy():
    """With nothing of site-packages, in a clone: it names all that is missing, and make lab."""
    file = ROOT / "smlearn" / "course" / "doctor.py"
    alone = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    done = subprocess.run(
        [sys.executable, "-S", str(file)], env=alone, capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    assert done.returncode == 1
    for name in {**NEEDED, **SERVER}:
        assert f"{name} is missing" in done.stdout
    assert f"mend it: {doctor.MEND['a clone']}" in done.stdout


# ---- the first cell of 00


def first_cell(capsys) -> str:
    """Return what the set-up cell of 00 prints."""
    page = nbformat.read(ROOT / "notebooks" / "00_start_here.ipynb", as_version=4)
    cell = next(cell for cell in page.cells if cell.cell_type == "code")
    exec(cell.source, {})
    return capsys.readouterr().out


def test_the_first_cell_says_the_same(capsys, versions):
    """Ready, or what is wrong and what mends it here."""
    assert first_cell(capsys) == "ready\n"
    versions(numpy="1.0")
    assert first_cell(capsys) == ready() + "\n" != "ready\n"


def test_in_a_kernel_without_the_course_the_first_cell_says_which_to_take(capsys, monkeypatch):
    """And an old Python, with which the course cannot be imported at all, is named as such."""
    monkeypatch.setitem(sys.modules, "smlearn.course", None)
    assert "Take the kernel of the course's .venv" in first_cell(capsys)
    monkeypatch.setattr(sys, "version_info", (3, 9))
    assert first_cell(capsys) == "Python is too old: 3.11 or newer is needed.\n"
