"""`make` works in a bare clone, repeats what was interrupted, and says what is missing.

The Makefile runs in a copy, with a PATH that holds only the commands named here, so that no
Python of this machine takes part unless a test puts it there.
"""

import os
import re
import shutil
import socket
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
COMMANDS = [
    "make",
    "sh",
    "awk",
    "basename",
    "cat",
    "cksum",
    "sed",
    "tr",
    "dirname",
    "env",
    "bash",
    "grep",
]

pytestmark = pytest.mark.skipif(
    os.name == "nt", reason="make is not at home on Windows; the README gives pip lines there"
)


class Clone:
    """A copy of what make reads, and a PATH of its own."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "a clone"  # learners have spaces in their paths
        self.root.mkdir()
        for name in ["Makefile", "pyproject.toml", "constraints.txt"]:
            shutil.copy(ROOT / name, self.root)
        for name in ["tools", ".ci"]:
            shutil.copytree(ROOT / name, self.root / name)
        self.bin = folder / "bin"
        self.bin.mkdir()
        for name in COMMANDS:
            (self.bin / name).symlink_to(shutil.which(name))

    def script(self, path: Path, body: str) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        path.write_text(f"#!/bin/sh\n{body}\n", "utf-8")
        path.chmod(0o755)

    def python(self, name: str, version: str, without: str = "nothing") -> None:
        """Put on the PATH a Python that claims `version` and lacks the module `without`."""
        claim = f"import sys; sys.version_info = ({version.replace('.', ', ')})"
        lack = f"sys.modules[{without!r}] = None"
        self.script(
            self.bin / name,
            f'[ "$1" = -c ] || exit 1\nexec "{sys.executable}" -c "{claim}; {lack}\n$2"',
        )

    def environment(
        self, pip: str, folder: str = ".venv", fetch: str = "exit 1", config: str = ""
    ) -> None:
        """Make a .venv whose `pip install` runs `pip`; all else is this test's Python.

        `fetch` runs in its place where uv is asked for, `config` is what pip has been told.
        """
        self.script(
            self.root / folder / "bin" / "python",
            f'case "$*" in "-m pip install"*" uv") {fetch} ;; "-m pip install"*) {pip} ;;\n'
            f'"-m pip config list") echo "{config}"; exit ;; "-m pip --version") exit ;; esac\n'
            f'exec "{sys.executable}" "$@"',
        )

    def uv(self, does: str) -> None:
        """Put on the PATH a uv that `does` this when it is asked to install."""
        self.script(self.bin / "uv", f'[ "$1" = --version ] || {{ {does}; }}')

    def run(self, *command: str, **more: str) -> str:
        """Return everything that `command` prints; it never shows a traceback."""
        keep = {k: v for k, v in os.environ.items() if not k.startswith(("MAKE", "MFLAGS"))}
        keep.pop("PYTHON", None)  # as `make test PYTHON=...` has set it for this test
        done = subprocess.run(
            command,
            cwd=self.root,
            env=keep | {"PATH": str(self.bin), "LC_ALL": "C"} | more,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=60,
            check=False,
        )
        self.code = done.returncode
        assert "Traceback" not in done.stdout
        return done.stdout


@pytest.fixture
def clone(tmp_path):
    return Clone(tmp_path)


def test_help_lists_every_target(clone):
    """A bare `make` answers the first question: what can I do here?"""
    makefile = (ROOT / "Makefile").read_text("utf-8")
    targets = re.search(r"^\.PHONY: (.*)", makefile, re.M)[1].split()
    assert re.findall(r"^make ([a-z-]+) +\S", clone.run("make"), re.M) == targets


@pytest.mark.parametrize("browser", ["chromium", "google-chrome", None])
def test_ci_runs_every_suite(tmp_path, clone, browser):
    """The commands of a contributor, in a machine that may have no browser yet."""
    log = tmp_path / "log"
    for name in ["make", "apt-get"]:
        clone.script(clone.bin / name, f'echo "$PWD: {name} $*" >> "{log}"')
    if browser:
        clone.script(clone.bin / browser, "exit 0")
    clone.run("bash", ".ci/run")
    assert clone.code == 0
    asked = log.read_text().splitlines()
    first, installing, last = asked[:4], asked[4:-2], asked[-2:]
    targets = ("test", "test-frameworks", "test-hub", "test-graders", "test-browser", "test-site")
    assert first + last == [f"{clone.root}: make {target}" for target in targets]
    assert bool(installing) == (browser is None)
    assert browser or " chromium " in installing[-1]


def test_no_python_says_what_to_install(clone):
    """The first thing that a new machine lacks."""
    message = clone.run("make", "lab")
    assert clone.code != 0
    assert "Python 3.11 or newer" in message
    assert "apt install python3 python3-venv" in message


def test_an_old_python_is_named_with_its_version(clone):
    """The learner has to know what was found, what is needed, and how to name another."""
    clone.python("python3", "3.9.18")
    message = clone.run("make", "test")
    assert clone.code != 0
    assert "Python 3.11 or newer, but python3 is 3.9.18" in message
    assert "make lab PYTHON=python3.12" in message


def test_a_newer_python_beside_an_old_one_is_taken(clone):
    """On macOS and on older Linux, python3 is the old one and python3.12 stands beside it."""
    clone.python("python3", "3.9.6")
    clone.python("python3.12", "3.12.1")
    assert "Making .venv with python3.12 (3.12.1)." in clone.run("make", "lab")


def test_the_python_that_is_named_is_taken(clone):
    """Whoever names one means it, even beside another that would do."""
    clone.python("python3", "3.13.0")
    clone.python("python3.12", "3.12.1")
    message = clone.run("make", "lab", "PYTHON=python3.12")
    assert "Making .venv with python3.12 (3.12.1)." in message


def test_a_python_that_is_not_there_is_named(clone):
    """A slip of the pen in PYTHON= is not answered with another Python."""
    clone.python("python3", "3.13.0")
    message = clone.run("make", "lab", "PYTHON=python3.99")
    assert clone.code != 0
    assert "PYTHON=python3.99 is not a Python that runs" in message


def test_where_no_python_will_do_uv_fetches_one(tmp_path, clone):
    """A Mac whose own Python is old, and somebody who has uv: nothing else is to be installed."""
    clone.python("python3", "3.9.6")
    log = tmp_path / "log"
    clone.uv(f'echo "$*" >> "{log}"')
    message = clone.run("sh", "tools/install.sh")
    assert clone.code == 0
    assert (
        message == "Making .venv with a Python that uv fetches: there is none here that will do.\n"
    )
    assert log.read_text() == "venv --quiet --clear --seed --python >=3.11 .venv\n"


def test_where_uv_cannot_fetch_a_python_it_is_said_what_to_install(clone):
    """As without uv; and whoever names a Python means that one."""
    clone.python("python3", "3.9.6")
    clone.uv("echo no network >&2; exit 2")
    message = clone.run("sh", "tools/install.sh")
    assert clone.code != 0
    assert re.search("no network\nThe course needs Python 3.11 or newer, but python3 is", message)
    assert "uv fetches" not in clone.run("sh", "tools/install.sh", PYTHON="python3.99")


def test_a_missing_venv_module_names_the_package(clone):
    """Debian splits it off, and its own message comes after a minute and a half-made folder."""
    clone.python("python3", "3.11.2", without="ensurepip")
    message = clone.run("make", "lab")
    assert clone.code != 0
    assert "apt install python3-venv" in message
    assert not (clone.root / ".venv").exists()


def test_the_oldest_python_is_the_one_of_pyproject():
    """The shell script cannot read TOML, so its number is written twice."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    script = (ROOT / "tools" / "install.sh").read_text("utf-8")
    numbers = re.search(r"version_info < \((\d+), (\d+)\)", script)
    assert project["requires-python"] == ">=" + ".".join(numbers.groups())


def test_installation_happens_once_per_state_of_the_files(tmp_path, clone):
    """The second `make lab` starts at once; a changed lock is installed; nothing else is."""
    log = tmp_path / "log"
    clone.environment(f'echo "$*" >> "{log}"; exit 0')
    install = ("sh", "tools/install.sh", "lab")
    clone.run(*install)
    assert clone.code == 0
    assert log.read_text().endswith("-c constraints.txt -e .[lab]\n")
    clone.run(*install)
    assert log.read_text().count("\n") == 1

    with (clone.root / "constraints.txt").open("a") as lock:
        lock.write("another==1.0\n")
    clone.run(*install)
    assert log.read_text().count("\n") == 2

    clone.run("sh", "tools/install.sh", "lab,test")  # more is asked for than is there
    clone.run(*install)  # and this much is part of it
    assert log.read_text().count("\n") == 3


# ---- uv, or else pip


def test_a_uv_on_the_path_installs(tmp_path, clone):
    """Where somebody has uv, the first minute is half of one; the versions are the locked ones."""
    log = tmp_path / "log"
    clone.uv(f'echo "$*" >> "{log}"')
    clone.environment(f'echo pip >> "{log}"')
    install = ("sh", "tools/install.sh", "lab")
    assert "Installing the course into .venv with uv: about half a minute" in clone.run(*install)
    asked = "pip install --quiet --python .venv/bin/python -c constraints.txt -e .[lab]\n"
    assert log.read_text() == asked
    assert clone.run(*install) == ""
    assert log.read_text() == asked


def test_a_uv_that_is_not_there_is_fetched_by_pip(tmp_path, clone):
    """At the version in the lock and ready made, since building uv would take an hour."""
    log = tmp_path / "log"
    clone.script(clone.root / "a uv", f'echo "uv $*" >> "{log}"')
    fetch = f'echo "$*" >> "{log}"; ln -s "../../a uv" .venv/bin/uv; exit'
    clone.environment(f'echo pip >> "{log}"', fetch=fetch)
    (clone.bin / "ln").symlink_to(shutil.which("ln"))
    message = clone.run("sh", "tools/install.sh", "lab")
    assert clone.code == 0
    assert re.search("Fetching uv.*\n.*into .venv with uv", message)
    fetched, *_, installed = log.read_text().splitlines()
    assert fetched.startswith("-m pip install")
    assert fetched.endswith(" --only-binary :all: -c constraints.txt uv")
    assert installed.startswith("uv pip install")


def test_where_no_uv_can_be_had_pip_installs(clone):
    """A machine that uv is not made for is a machine for the course all the same."""
    clone.environment("exit 0")
    message = clone.run("sh", "tools/install.sh", "lab")
    assert clone.code == 0
    assert re.search("Fetching uv.*\n.*into .venv with pip: one to five minutes", message)
    assert clone.run("sh", "tools/install.sh", "lab") == ""


def test_where_uv_fails_pip_tries(tmp_path, clone):
    """A proxy or a certificate that only pip has been told of."""
    log = tmp_path / "log"
    clone.uv("echo no certificate >&2; exit 2")
    clone.environment(f'echo "$*" >> "{log}"; exit')
    message = clone.run("sh", "tools/install.sh", "lab")
    assert clone.code == 0
    assert re.search("no certificate\nuv could not do it. Now pip tries the same.\n", message)
    assert log.read_text().endswith("-c constraints.txt -e .[lab]\n")


def test_where_both_fail_a_sentence_says_what_to_do(clone):
    """The usual reason is a network that is away."""
    clone.uv("exit 2")
    clone.environment("echo no route to host >&2; exit 1")
    message = clone.run("make", "lab")
    assert clone.code != 0
    assert re.search("no route to host\nThe installation stopped halfway", message)
    assert "If the network is away, run the same command again when it is back" in message
    assert "export HTTPS_PROXY=" in message
    assert "a folder that needs none: make offline" in message


@pytest.mark.parametrize(
    ("config", "how"),
    [
        ("global.index-url='https://example.org'", "pip"),
        (":env:.no-index='1'", "pip"),
        ("global.extra-index-url='https://example.org'", "uv"),
        ("", "uv"),
    ],
)
def test_whoever_gave_pip_an_index_of_their_own_means_pip(clone, config, how):
    """uv would go past a university's mirror, or past a folder of wheels without a network."""
    clone.uv("exit 0")
    clone.environment("exit 0", config=config)
    assert f"into .venv with {how}:" in clone.run("sh", "tools/install.sh", "lab")


def test_the_oldest_versions_are_tested_in_an_environment_of_their_own(tmp_path, clone):
    """The lower ends in pyproject.toml, and not the lock; every test runs with them."""
    log = tmp_path / "log"
    clone.uv(f'echo "uv $*" >> "{log}"')
    clone.environment("exit 1", ".venv-oldest")
    python = clone.root / ".venv-oldest" / "bin" / "python"
    clone.script(python, f'[ "$*" != "-m pytest" ] || echo "$*" >> "{log}"')
    clone.run("make", "test-oldest", "PYTHON=true")  # says as little of its version as `python`
    assert clone.code == 0
    installed, tested = log.read_text().splitlines()
    assert installed.endswith("/python --resolution lowest-direct -e .[lab,test]")
    assert "constraints" not in installed
    assert tested == "-m pytest"
    assert not (clone.root / ".venv").exists()


def test_the_oldest_versions_want_the_oldest_python(clone):
    """Newer ones were not thought of when those versions were built."""
    clone.python("python3", "3.13.0")
    assert "PYTHON=python3.11 is not a Python that runs" in clone.run("make", "test-oldest")
    assert clone.code != 0
    clone.python("python3.11", "3.11.2")
    assert "Making .venv-oldest with python3.11 (3.11.2)" in clone.run("make", "test-oldest")


def test_without_uv_the_oldest_versions_are_not_guessed(clone):
    """pip would install the newest, and the test would say nothing."""
    clone.environment("exit 0", ".venv-oldest")
    message = clone.run("sh", "tools/install.sh", "lab,test", ".venv-oldest", "oldest")
    assert clone.code != 0
    assert "can be chosen by uv only" in message


def test_a_class_is_marked_from_a_folder_with_spaces(clone):
    """Its name reaches the marking in one piece."""
    said = clone.run("make", "-n", "mark", "DIR=my class")
    assert said.rstrip().endswith('-m smlearn.marking "my class"')


def test_what_was_asked_for_reaches_the_marking(clone):
    """A notebook, and an exercise: two words."""
    said = clone.run("make", "-n", "mark", "ASKED=01 two_costs")
    assert said.rstrip().endswith('-m smlearn.marking "submissions" --asked 01 two_costs')


def test_cleaning_leaves_the_learners_pages(clone):
    """Hours of work, which nothing here can make again."""
    words = re.findall(r"\S+", clone.run("make", "-n", "clean"))
    assert {"build", "student", "offline"} <= set(words)
    assert not {"my", "my/"} & set(words)


@pytest.mark.parametrize(
    "target", ["handouts", "slides", "pages", "test-browser", "site", "test-site"]
)
def test_without_npm_the_press_says_what_to_install(clone, target):
    """Before anything is installed in vain."""
    message = clone.run("make", target)
    assert clone.code != 0
    assert "need npm, which is not here: install Node.js" in message
    assert not (clone.root / ".venv").exists()


def test_the_press_is_fetched_once(tmp_path, clone):
    """The second time nothing is asked of the network."""
    log = tmp_path / "log"
    fetch = f'echo "$*" >> "{log}"; "{shutil.which("mkdir")}" -p build/npm/node_modules'
    clone.script(clone.bin / "npm", fetch)
    (clone.bin / "touch").symlink_to(shutil.which("touch"))
    for _ in range(2):
        clone.run("make", "build/npm/node_modules/.fetched")
        assert clone.code == 0
    (line,) = log.read_text().splitlines()
    assert "--prefix build/npm mathjax@" in line


def test_every_environment_is_cleaned_and_ignored(clone):
    """Half a gigabyte each, and no part of the course."""
    makefile = (ROOT / "Makefile").read_text("utf-8")
    folders = set(re.findall(r"\.venv(?:-[a-z]+)?", makefile))
    beside = ("", "-frameworks", "-graders", "-hub", "-oldest", "-site")
    assert folders == {f".venv{name}" for name in beside}
    assert folders <= set(re.findall(r"\S+", clone.run("make", "-n", "clean")))
    assert {f"{name}/" for name in folders} <= set((ROOT / ".gitignore").read_text().splitlines())


# ---- the frameworks


@pytest.mark.parametrize("target", ["test-frameworks", "record", "bench"])
def test_the_frameworks_have_an_environment_of_their_own(tmp_path, clone, target):
    """A gigabyte that no learner needs: .venv is neither made nor changed.

    pip makes it, also beside a uv: it may have been told of a PyTorch that is small.
    """
    log = tmp_path / "log"
    clone.uv("exit 0")
    clone.environment(f'echo "$*" >> "{log}"; exit 1', ".venv-frameworks")
    message = clone.run("make", target)
    assert clone.code != 0
    assert "Installing the course into .venv-frameworks with pip: a gigabyte" in message
    assert log.read_text().endswith("-c constraints.txt -e .[lab,test,frameworks]\n")
    assert not (clone.root / ".venv").exists()


def test_the_frameworks_run_the_notebooks_that_ask_them(tmp_path, clone):
    """And no other: the rest has run before, and says nothing of a framework."""
    log = tmp_path / "log"
    ways = f'*pip*) ;; *pytest*) echo "$*" >> "{log}" ;; *) exec "{sys.executable}" "$@" ;;'
    python = clone.root / ".venv-frameworks" / "bin" / "python"
    clone.script(python, f'case "$*" in {ways} esac')
    (clone.root / "notebooks").mkdir()
    for name, text in [
        ("07_asks", "from smlearn.second_opinions import q"),
        ("08_not", "import q"),
    ]:
        (clone.root / "notebooks" / f"{name}.ipynb").write_text(text)
    clone.run("make", "test-frameworks")
    assert clone.code == 0
    assert log.read_text() == "-m pytest tests/frameworks notebooks/07_asks.ipynb\n"


def test_an_old_processor_is_played(tmp_path, clone):
    """Whatever this NumPy calls them: nothing is left on that another processor may lack."""
    log = tmp_path / "log"
    note = f'echo "$NPY_DISABLE_CPU_FEATURES" >> "{log}"'
    ways = f'*pip*) ;; *pytest*) {note} ;; *) exec "{sys.executable}" "$@" ;;'
    clone.script(clone.root / ".venv" / "bin" / "python", f'case "$*" in {ways} esac')
    clone.run("make", "test-processor")
    assert clone.code == 0

    look = (
        "from numpy._core._multiarray_umath import __cpu_features__ as on, __cpu_dispatch__ as all"
    )
    command = [sys.executable, "-c", f"{look}; print(*(name for name in all if on[name]))"]
    off = log.read_text().strip()
    found = [
        subprocess.run(command, env=os.environ | more, capture_output=True, text=True, check=True)
        for more in ({"NPY_DISABLE_CPU_FEATURES": ""}, {"NPY_DISABLE_CPU_FEATURES": off})
    ]
    here, there = (run.stdout.split() for run in found)
    assert set(here) <= set(off.split())
    assert there == []


# ---- what was interrupted, what is in the way


def test_another_folder_is_made_and_remembered_by_itself(clone):
    """What is installed in one environment says nothing about the other."""
    clone.python("python3", "3.12.1")
    message = clone.run("sh", "tools/install.sh", "lab", "an other")
    assert "Making an other with python3 (3.12.1)." in message

    clone.environment("exit 0")
    clone.environment("exit 0", "an other")
    assert "into .venv with pip:" in clone.run("sh", "tools/install.sh", "lab")
    assert "into an other with pip:" in clone.run("sh", "tools/install.sh", "lab", "an other")
    assert clone.run("sh", "tools/install.sh", "lab", "an other") == ""


def test_an_interrupted_installation_is_repeated(clone):
    """Half an installation must not pass for a whole one."""
    clone.environment("exit 1")
    assert "stopped halfway" in clone.run("make", "lab")
    assert clone.code != 0
    clone.environment("exit 0")
    assert "Installing" in clone.run("sh", "tools/install.sh", "lab")
    assert clone.run("sh", "tools/install.sh", "lab") == ""


def test_a_taken_port_is_named_with_a_way_out(clone):
    """The usual reason is a JupyterLab in another window, which Jupyter would hide by moving."""
    clone.environment("exit 0")
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        message = clone.run("make", "lab", f"PORT={port}")
    assert clone.code != 0
    assert f"Port {port} is taken" in message
    assert re.search(r"make lab PORT=\d+", message)


@pytest.mark.parametrize("port", ["0", "65536", "http", "-1"])
def test_a_port_that_is_none_is_refused(clone, port):
    """A slip of the pen gets a sentence."""
    clone.environment("exit 0")
    assert f"PORT={port} is not a port" in clone.run("make", "lab", f"PORT={port}")
    assert clone.code != 0
