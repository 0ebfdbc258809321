"""The wheel alone is the course: installed into an empty folder, without clone and network."""

import json
import os
import re
import socket
import subprocess
import sys
import sysconfig
import time
import urllib.request
import venv
import zipfile
from pathlib import Path

import nbformat
import pytest
from hygiene import NOTEBOOKS

import copies
import handout
from smlearn import __version__
from smlearn.course.clearing import alone
from smlearn.course.copies import START, pages

pytestmark = pytest.mark.skipif(
    os.name == "nt", reason="a venv is put together from links, which Windows wants rights for"
)
OTHERS = Path(sysconfig.get_path("purelib"))  # what the course needs is installed there


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    return handout.build_wheel(tmp_path_factory.mktemp("dist"))


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """A virtual environment that has what the course needs, and into which pip puts the wheel."""
    home = tmp_path_factory.mktemp("machine")
    venv.create(home / "venv", with_pip=False)
    (others := home / "others").mkdir()
    for path in OTHERS.iterdir():
        if "smlearn" not in path.name:
            (others / path.name).symlink_to(path)
    paths = sysconfig.get_paths(vars={"base": str(home / "venv"), "platbase": str(home / "venv")})
    (Path(paths["purelib"]) / "others.pth").write_text(f"{others}\n")
    (home / "venv" / "share").mkdir()
    (home / "venv" / "share" / "jupyter").symlink_to(Path(sys.prefix) / "share" / "jupyter")
    python = home / "venv" / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "--no-index"]
    subprocess.run([*pip, "--quiet", f"{wheel}[lab]"], check=True, env=empty_machine(home))
    return home


def empty_machine(home: Path) -> dict[str, str]:
    """Return the environment of somebody who has nothing but that machine."""
    own = {k: v for k, v in os.environ.items() if not k.startswith(("PIP_", "PYTHON", "JUPYTER"))}
    own.pop("MAKELEVEL", None)
    own.update(PIP_CONFIG_FILE=os.devnull, PIP_NO_INDEX="1")
    for name in ("CONFIG", "DATA", "RUNTIME"):
        own[f"JUPYTER_{name}_DIR"] = str(home / name.lower())
    return own | {"IPYTHONDIR": str(home / "ipython"), "JUPYTERLAB_SETTINGS_DIR": str(home / "s")}


def smlearn(home: Path, *words: str) -> str:
    """Run the installed command in an empty folder; return what it prints."""
    (folder := home / "empty").mkdir(exist_ok=True)
    command = [str(home / "venv" / "bin" / "smlearn"), *words]
    done = subprocess.run(
        command, cwd=folder, env=empty_machine(home), capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    return done.stdout


def test_the_wheel_holds_every_page_and_none_tells_anything(wheel):
    """They are those that a clone would give, and no other file has come along."""
    with zipfile.ZipFile(wheel) as archive:
        names = [name for name in archive.namelist() if name.endswith(".ipynb")]
        texts = {Path(name).name: archive.read(name).decode() for name in names}
        others = {name.partition("/")[0] for name in archive.namelist()}
    assert {Path(name).parent.as_posix() for name in names} == {"smlearn/course/notebooks"}
    assert sorted(texts) == sorted(path.name for path in NOTEBOOKS.glob("*.ipynb"))
    assert others == {
        "smlearn",
        *(f"smlearn-{__version__}.{kind}" for kind in ("dist-info", "data")),
    }
    for name, text in texts.items():
        assert copies.told(nbformat.reads(text, as_version=4)) == []
        assert json.loads(text)["cells"] == alone(json.loads(pages()[name]))["cells"]


def test_an_editable_wheel_holds_no_page(tmp_path):
    """A clone has them in notebooks/, where their authors change them."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel:editable", "-d", tmp_path]
    subprocess.run([*map(str, command)], cwd=handout.ROOT, check=True, capture_output=True)
    (made,) = tmp_path.glob("*.whl")
    assert not [name for name in zipfile.ZipFile(made).namelist() if name.endswith(".ipynb")]


def test_the_command_is_there_and_the_machine_is_well(installed):
    """It knows that it is in no clone, and that all it needs is here."""
    assert "open " in smlearn(installed)
    said = smlearn(installed, "doctor")
    assert ", in a folder\n" in said
    assert said.count(" fine\n") >= 4  # a port may be taken, by whoever learns on this machine
    assert (installed / "venv/etc/jupyter/labconfig/default_setting_overrides.json").is_file()


def test_the_pages_are_put_where_one_stands(installed):
    """Every link from page to page leads somewhere, and none leads out of the folder."""
    put = f"Put into softmax-backwards: {len([*NOTEBOOKS.glob('*.ipynb')])} pages."
    assert smlearn(installed, "copy").startswith(put)
    folder = installed / "empty" / "softmax-backwards"
    links = 0
    for path in folder.glob("*.ipynb"):
        for cell in json.loads(path.read_text("utf-8"))["cells"]:
            for link in re.findall(r"\]\(([^)#\s:]+)(?:#[^)]*)?\)", "".join(cell["source"])):
                if cell["cell_type"] == "markdown":
                    assert (folder / link).is_file(), f"{path.name}: {link}"
                    assert "/" not in link, f"{path.name}: {link}"
                    links += 1
    assert links > 200


def test_open_serves_the_first_page_without_the_network(installed):
    """From an empty folder to JupyterLab, by one command."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [str(installed / "venv/bin/smlearn"), "open", "mine", "--no-browser", "--port"]
    log = installed / "log"
    with log.open("w") as file:
        process = subprocess.Popen(
            [*command, str(port)],
            cwd=installed,
            env=empty_machine(installed),
            stdout=file,
            stderr=file,
        )
    try:
        address = _address(log, process)
        lab = _get(address)
        page = json.loads(_get(address.replace("/lab/tree/", "/api/contents/")))
    finally:
        process.terminate()
        process.wait(timeout=30)
    assert f"http://127.0.0.1:{port}/lab/tree/{START}?token=" in address
    assert b"jupyter-config-data" in lab
    assert len(page["content"]["cells"]) > 20
    assert not [cell for cell in page["content"]["cells"] if cell.get("outputs")]
    said = log.read_text("utf-8")
    assert said.startswith(f"Put into mine: {len([*NOTEBOOKS.glob('*.ipynb')])} pages.")
    assert "Traceback" not in said
    assert re.findall(r"\[([A-Z]) \d{4}-", said)[0] == "C"  # the address, and no chatter
    assert "trusted" not in said  # it is the learner's own page


def _address(log: Path, process: subprocess.Popen) -> str:
    """Wait for the line that a learner waits for."""
    for _ in range(1200):
        if found := re.search(r"http://127\S+token=\w+", log.read_text("utf-8")):
            return found[0]
        if process.poll() is not None:
            break
        time.sleep(0.05)
    raise AssertionError(log.read_text("utf-8"))


def _get(address: str) -> bytes:
    with urllib.request.urlopen(address, timeout=30) as answer:
        return answer.read()
