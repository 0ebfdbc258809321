"""What a learner is handed: one zip, in which nothing speaks first, and which starts by itself."""

import ast
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import nbformat
import pytest
from hygiene import NOTEBOOKS

import copies
import handout
from smlearn.exercises import TASKS

START = Path(handout.START)
posix = pytest.mark.skipif(
    os.name == "nt", reason="start.sh is for POSIX; start.bat calls the same"
)


@pytest.fixture(scope="module")
def packed(tmp_path_factory):
    """The zip of `make student`."""
    return handout.student(tmp_path_factory.mktemp("class") / "student")


@pytest.fixture
def unpacked(packed, tmp_path):
    """What a learner has who unpacked it, in a folder with a space."""
    folder = tmp_path / "my downloads"
    with zipfile.ZipFile(packed) as archive:
        archive.extractall(folder)
    return folder / handout.NAME


def test_the_zip_holds_every_page_and_none_tells_anything(unpacked):
    """No output, no verdict, no solution; and the pages are marked as untouched."""
    names = sorted(path.name for path in NOTEBOOKS.glob("*.ipynb"))
    for name in names:
        assert copies.told(nbformat.read(unpacked / "notebooks" / name, as_version=4)) == []
    texts = [(unpacked / "notebooks" / name).read_text("utf-8") for name in names]
    assert sum(text.count("ex = exercise(") for text in texts) == len(TASKS) > 100
    marks = json.loads((unpacked / "notebooks" / ".course.json").read_text("utf-8"))
    assert sorted(marks) == names == sorted(p.name for p in unpacked.glob("notebooks/*.ipynb"))


def test_a_solution_that_was_left_in_a_page_stops_it(tmp_path):
    """An author who tried an exercise, and saved."""
    page = nbformat.read(NOTEBOOKS / "01_one_row_jacobian.ipynb", as_version=4)
    cell = next(cell for cell in page.cells if copies.task_of(cell))
    cell.source = copies.filled(cell.source, copies.task_of(cell))
    nbformat.write(page, tmp_path / "01_one_row_jacobian.ipynb")
    with pytest.raises(SystemExit, match=r"01_one_row.*has the answer .* must not be told"):
        handout.student_pages(tmp_path)


def test_what_it_installs_is_in_it(unpacked):
    """The wheel that the lines name, the versions that were tested, the licences."""
    first, second = (unpacked / "requirements.txt").read_text("utf-8").splitlines()
    assert first == "-c constraints.txt"
    assert (unpacked / second.removesuffix("[lab]")).is_file()
    for name in handout.ALONG:
        assert (unpacked / name).read_bytes() == (handout.ROOT / name).read_bytes()


def test_every_file_that_the_first_text_names_is_there(unpacked):
    """A learner reads START.txt and does as it says."""
    text = (unpacked / "START.txt").read_text("utf-8")
    named = set(re.findall(r"[\w/]+\.(?:sh|bat|txt|ipynb)|notebooks/", text))
    assert len(named) >= 5
    assert [name for name in named if not (unpacked / name).exists()] == []


def test_windows_gets_the_line_endings_of_windows(unpacked):
    """cmd loses its way in labels without them; sh, with them."""
    ends = {p.name: b"\r\n" in p.read_bytes() for p in unpacked.iterdir() if p.is_file()}
    assert {name for name, windows in ends.items() if windows} >= {"START.txt", "start.bat"}
    assert not ends["start.sh"]


def test_the_same_files_give_the_same_zip(packed, unpacked, tmp_path):
    """Whoever hands it out again hands out the same, a wheel built anew included."""
    wheel = handout.build_wheel(tmp_path)
    assert wheel.read_bytes() == (unpacked / wheel.name).read_bytes()
    assert handout.pack(unpacked).read_bytes() == packed.read_bytes()


# ---- it starts by itself


@posix
def test_start_sh_takes_the_first_python_that_will_do(unpacked, tmp_path):
    """On a Mac python3 is an old one; and what was asked is passed on."""
    tools = tmp_path / "bin"
    tools.mkdir()
    for name, answer in [("python3", "exit 1"), ("python3.12", '[ "$1" = -c ] || echo "$0 $*"')]:
        (tools / name).write_text(f"#!/bin/sh\n{answer}\n")
        (tools / name).chmod(0o755)
    for name in ("sh", "dirname"):
        (tools / name).symlink_to(shutil.which(name))

    def run() -> subprocess.CompletedProcess:
        command = ["sh", str(unpacked / "start.sh"), "--port", "9000"]
        where = {"PATH": str(tools)}
        return subprocess.run(command, env=where, capture_output=True, text=True, check=False)

    assert run().stdout == f"{tools}/python3.12 start.py --port 9000\n"
    (tools / "python3.12").unlink()
    assert run().returncode == 1
    assert "needs Python 3.11 or newer, and none was found" in run().stderr


def test_an_old_python_can_read_start_py():
    """Only then can it say that it is too old."""
    source = (START / "start.py").read_text("utf-8")
    ast.parse(source, feature_version=(3, 7))
    with pytest.raises(SyntaxError):
        ast.parse("match x:\n    case 1: pass", feature_version=(3, 7))  # the check can fail


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        ("sys.version_info = (3, 9)", "needs Python 3.11 or newer, but this is 3.9."),
        ("sys.modules['ensurepip'] = None", "apt install python3-venv"),
    ],
)
def test_a_python_that_will_not_do_is_told(unpacked, claim, said):
    """Before anything is made."""
    code = f"import sys; {claim}; import runpy; runpy.run_path('start.py', run_name='__main__')"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=unpacked, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert not (unpacked / ".venv").exists()


def stand_in(folder: Path, name: str, version: str) -> None:
    """Write a wheel that has a name and nothing else, in place of one of many megabytes."""
    info = f"{name}-{version}.dist-info"
    with zipfile.ZipFile(folder / f"{name}-{version}-py3-none-any.whl", "w") as archive:
        archive.writestr(
            f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}"
        )
        archive.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any"
        )
        archive.writestr(f"{info}/RECORD", "")


def test_with_its_wheels_it_installs_without_the_network(unpacked):
    """A folder of `make offline`, but for the wheels of others; the second time it is done."""
    (wheels := unpacked / "wheels").mkdir()
    pins = dict(
        re.findall(r"(?m)^([a-z]+)==([\d.]+)$", (unpacked / "constraints.txt").read_text())
    )
    for name in ("matplotlib", "ipywidgets", "tqdm", "jupyterlab"):
        stand_in(wheels, name, pins[name])
    for version in re.findall(r"(?m)^numpy==([\d.]+)", (unpacked / "constraints.txt").read_text()):
        stand_in(wheels, "numpy", version)
    alone = {k: v for k, v in os.environ.items() if not k.startswith(("PIP_", "PYTHON"))}
    alone.update(PIP_CONFIG_FILE=os.devnull, PIP_INDEX_URL="http://127.0.0.1:9")

    def start() -> str:
        command = [sys.executable, "start.py", "--only-install"]
        done = subprocess.run(
            command, cwd=unpacked, env=alone, capture_output=True, text=True, check=False
        )
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout

    assert "from wheels/, without the network: a minute or more, once." in start()
    assert start() == ""
    installed = {path.name.partition("-")[0] for path in unpacked.glob(".venv/**/*.dist-info")}
    assert installed >= {"smlearn", "numpy", "matplotlib", "ipywidgets", "tqdm", "jupyterlab"}
    assert next(unpacked.glob(".venv/*/smlearn*")).is_file()


@pytest.fixture
def start(unpacked, monkeypatch):
    """start.py as a module, in the unpacked folder, with commands that are only noted."""
    spec = importlib.util.spec_from_file_location("start", unpacked / "start.py")
    spec.loader.exec_module(module := importlib.util.module_from_spec(spec))
    module.asked, module.answer = [], 0
    module.told, module.fetched = "", 1  # by pip: how it is set up; whether uv is to be had

    def note(words, **_):
        module.asked.append([*map(str, words)])
        return module.answer

    def run(words, **_):
        code = module.fetched if words[-1] == "uv" else 0
        return subprocess.CompletedProcess(words, code, stdout=module.told)

    monkeypatch.setattr(module.shutil, "which", lambda name: None)
    monkeypatch.setattr(module.subprocess, "run", run)
    monkeypatch.setattr(module.subprocess, "call", note)
    monkeypatch.setattr(module.subprocess, "check_call", note)
    monkeypatch.setattr(module.os, "execv", lambda path, words: sys.exit(note(words)))
    monkeypatch.chdir(unpacked)
    module.PYTHON.parent.mkdir(parents=True)
    module.PYTHON.touch()
    return module


def test_start_py_installs_once_and_opens_the_pages_with_what_was_asked(start, monkeypatch):
    """With pip and the network, where there are neither wheels nor uv."""
    monkeypatch.setattr(sys, "argv", ["start.py", "--port", "9000"])
    for _ in range(2):
        with pytest.raises(SystemExit):
            start.main()
    made, pip, *opened = start.asked
    assert made[1:] == ["-m", "venv", "--clear", str(start.VENV)]
    assert pip[1:4] == ["-m", "pip", "install"]
    assert pip[-2:] == ["-r", "requirements.txt"]
    assert "--no-index" not in pip
    assert (
        opened == [[str(start.PYTHON), "-m", "smlearn", "open", "notebooks", "--port", "9000"]] * 2
    )


def test_a_new_wheel_is_installed(start, monkeypatch):
    """Unpacked over the old folder, the newer course takes its place."""
    start.install(wheel := start.named_wheel())
    (start.HERE / "smlearn-0.0.1-py3-none-any.whl").write_bytes(b"older")
    assert start.DONE.read_bytes() == wheel.read_bytes()
    wheel.write_bytes(b"newer")
    start.asked.clear()
    monkeypatch.setattr(sys, "argv", ["start.py", "--only-install"])
    start.main()
    assert len(start.asked) == 2


@pytest.mark.parametrize("at_hand", [True, False])
def test_uv_installs_where_it_can_be_had(start, monkeypatch, at_hand):
    """In a quarter of pip's time; from the machine, or fetched by pip."""
    start.fetched = 0
    if at_hand:
        monkeypatch.setattr(start.shutil, "which", lambda name: f"/bin/{name}")
    start.install(start.named_wheel())
    _, installed = start.asked
    first = ["uv"] if at_hand else [str(start.PYTHON), "-m", "uv"]
    assert installed[: len(first) + 2] == [*first, "pip", "install"]
    assert installed[-5:-3] == ["--python", str(start.PYTHON)]


@pytest.mark.parametrize("told", ["global.index-url='https://a.org'", ":env:.no-index='1'"])
def test_whoever_gave_pip_an_index_means_pip(start, told):
    """As for `make lab`: a university's mirror, or none."""
    start.told, start.fetched = told, 0
    start.install(start.named_wheel())
    assert start.asked[1][1:4] == ["-m", "pip", "install"]


def test_where_uv_fails_pip_tries(start, monkeypatch):
    """A certificate that only pip knows of."""
    start.fetched = 0
    note = start.subprocess.call
    monkeypatch.setattr(start.subprocess, "call", lambda words: note(words) or "uv" in words)
    start.install(start.named_wheel())
    assert ["uv" in words for words in start.asked] == [False, True, False]
    assert start.DONE.exists()


def test_when_its_python_went_away_the_course_is_installed_anew(start, monkeypatch):
    """An update of the system's Python leaves a .venv that does not run."""
    monkeypatch.setattr(sys, "argv", ["start.py", "--only-install"])
    start.main()
    start.PYTHON.unlink()
    start.main()
    assert len(start.asked) == 4


HERE = "{}.{}".format(*sys.version_info)


@pytest.mark.parametrize("there", [True, False])
def test_the_wheels_of_another_python_are_not_tried(start, monkeypatch, there):
    """With that one it goes on, if the machine has it; else it is named."""
    (start.HERE / "wheels.txt").write_text("windows-3.99\nlinux-3.98\n\nnumpy.whl\n")
    found = "python3.99" if there else "none"
    monkeypatch.setattr(start.shutil, "which", lambda name: name if name == found else None)
    monkeypatch.setattr(sys, "argv", ["start.py", "--port", "9000"])
    words = "^0$" if there else f"are for Python 3.98 and 3.99, but this is {HERE}. Install one"
    with pytest.raises(SystemExit, match=words):
        start.main()
    assert start.asked == ([["python3.99", "start.py", "--port", "9000"]] if there else [])


def test_the_wheels_of_this_python_are(start, monkeypatch):
    """Whatever else there is."""
    (start.HERE / "wheels.txt").write_text(f"windows-3.99\n{handout.here()}\n\nnumpy.whl\n")
    monkeypatch.setattr(sys, "argv", ["start.py", "--only-install"])
    start.main()
    assert len(start.asked) == 2


def test_an_installation_that_stopped_is_told_and_repeated(start):
    """It is not marked as done."""
    start.answer = 1
    with pytest.raises(SystemExit, match="The installation stopped; the reason stands above"):
        start.install(start.named_wheel())
    assert not start.DONE.exists()


# ---- offline


@pytest.fixture
def asked(monkeypatch):
    """Note what would be run, and answer it."""
    commands = []

    def run(command, **_):
        commands.append([str(word) for word in command])
        lines = "numpy==2.4.6\n./smlearn-0.1.0-py3-none-any.whl\ncolorama==0.4.6\n"
        return subprocess.CompletedProcess(command, 0, stdout=lines)

    monkeypatch.setattr(handout.subprocess, "run", run)
    return commands


def test_the_wheels_of_another_system_are_those_that_are_needed_there(asked, tmp_path):
    """uv says which, colorama on Windows among them; pip gets them for that Python."""
    handout.download(tmp_path, "windows-3.13")
    resolve, fetch = (" ".join(command) for command in asked)
    assert "--python-platform x86_64-pc-windows-msvc --python-version 3.13" in resolve
    assert "--no-deps --python-version 3.13 --implementation cp --abi cp313 --abi abi3" in fetch
    assert fetch.endswith("--platform win_amd64 numpy==2.4.6 colorama==0.4.6")
    handout.download(tmp_path)
    assert asked[-1][-2:] == ["-r", "requirements.txt"]
    assert {"--only-binary", "--dest"} <= set(asked[-1])


@pytest.mark.parametrize(
    "text", ["windows", "dos-3.13", "windows-2.7", "windows-3.x", "-3.13", ""]
)
def test_a_system_that_nobody_knows_is_refused(asked, text, tmp_path):
    """Before anything is fetched."""
    with pytest.raises(
        SystemExit, match=r"a system and its Python are wanted, as in windows-3\.13"
    ):
        handout.offline(["linux-3.12", text], tmp_path / "offline")
    assert asked == []


def test_a_folder_is_tried_without_the_network_before_it_is_handed_out(tmp_path, monkeypatch):
    """In a copy: what is handed out has no .venv in it."""
    calls = []

    def run(command, cwd=None, **_):
        calls.append(cwd)
        if "start.py" in command:
            (cwd / ".venv" / "bin").mkdir(parents=True)
            (cwd / ".venv" / "bin" / "python").touch()

    monkeypatch.setattr(handout.subprocess, "run", run)
    (folder := tmp_path / "offline").mkdir()
    handout.prove(folder)
    assert len(calls) == 3
    assert all(cwd != folder for cwd in calls)
    assert not (folder / ".venv").exists()
