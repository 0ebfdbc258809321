"""Write the course as one folder that a learner can start: `make student` and `make offline`.

    python tools/handout.py student          student/softmax-backwards.zip, to be unpacked
    python tools/handout.py offline [FOR...] offline/, with all that is to be installed in wheels/

In both: the pages, cleared and looked through by copies.told; the wheel of the course; the lines
that install it; a script for each system. FOR names more systems and their Python: windows-3.13.
"""

import os
import platform
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import nbformat

from copies import NOTEBOOKS, told
from refresh import ROOT
from smlearn.course.clearing import alone, cleared_pages, written
from smlearn.course.copies import copy_pages

NAME = "softmax-backwards"
START = ROOT / "tools" / "start"
ALONG = ["constraints.txt", "LICENSE", "LICENSE-TEXT"]
# Of each system: its name for uv, which says what is needed, and those for pip, which gets it.
SYSTEMS = {
    "windows": ("x86_64-pc-windows-msvc", ["win_amd64"]),
    "macos": ("aarch64-apple-darwin", [f"macosx_{n}_0_{a}" for n in range(11, 16)
                                       for a in ("arm64", "universal2")]),
    "macos-intel": ("x86_64-apple-darwin", [f"macosx_{n}_{a}" for n in ("10_9", "11_0", "12_0")
                                            for a in ("x86_64", "universal2")]),
    "linux": ("x86_64-manylinux_2_28", [f"manylinux_2_{n}_x86_64" for n in (28, 27, 17, 12, 5)]
              + ["manylinux2014_x86_64"]),
}  # fmt: skip
PARTS = "ipywidgets, jupyterlab.labapp, matplotlib.pyplot, smlearn.exercises"
BORN = (1980, 1, 1, 0, 0, 0)  # the first that a zip can say: the same files give the same bytes


def build_wheel(folder: Path) -> Path:
    """Build the wheel of the course into a folder, without the network."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("smlearn-*.whl")
    return wheel


def student_pages(folder: Path = NOTEBOOKS) -> dict[str, str]:
    """Return the text of each page, cleared; stop if one tells what it should ask."""
    pages = {name: written(alone(page)) for name, page in cleared_pages(folder).items()}
    for name, text in pages.items():
        if complaints := told(nbformat.reads(text, as_version=4)):
            sys.exit(f"{name}: {'; '.join(complaints)}; a learner must not be told")
    return pages


def write(folder: Path) -> None:
    """Write all but the wheels of others into a folder; what was in it goes."""
    shutil.rmtree(folder, ignore_errors=True)
    copy_pages(folder / "notebooks", student_pages())
    wheel = build_wheel(folder)
    (folder / "requirements.txt").write_text(
        f"-c constraints.txt\n./{wheel.name}[lab]\n", "utf-8", newline="\n"
    )
    for path in [*START.iterdir(), *map(ROOT.joinpath, ALONG)]:
        shutil.copy(path, folder)
    for name in ("START.txt", "start.bat"):  # as Windows wants them; the others do not mind
        text = (START / name).read_text("utf-8")
        (folder / name).write_text(text, "utf-8", newline="\r\n")


def pack(folder: Path) -> Path:
    """Pack a folder into a zip beside it; unpacked, it is one folder."""
    path = folder.with_suffix(".zip")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(file for file in folder.rglob("*") if file.is_file()):
            name = f"{folder.name}/{file.relative_to(folder).as_posix()}"
            entry = zipfile.ZipInfo(name, BORN)
            entry.external_attr = (0o755 if file.suffix == ".sh" else 0o644) << 16
            archive.writestr(entry, file.read_bytes(), zipfile.ZIP_DEFLATED)
    return path


def student(folder: Path = ROOT / "student") -> Path:
    """Write the zip for learners, and beside it what is in it."""
    write(folder / NAME)
    path = pack(folder / NAME)
    print(f"{path.relative_to(folder.parent)}: {path.stat().st_size / 1e6:.1f} MB. A learner "
          "unpacks it and reads START.txt.")  # fmt: skip
    return path


def here() -> str:
    """Return the name of this system and its Python."""
    return f"{platform.system().lower()}-{sys.version_info.major}.{sys.version_info.minor}"


def wanted(text: str) -> tuple[str, str]:
    """Read what somebody asks for: a system, and the Python there, as in windows-3.13."""
    system, _, version = text.rpartition("-")
    if system not in SYSTEMS or not version.startswith("3.") or not version[2:].isdecimal():
        sys.exit(f"FOR={text}: a system and its Python are wanted, as in windows-3.13; "
                 f"the systems are {', '.join(SYSTEMS)}")  # fmt: skip
    return system, version


def download(folder: Path, text: str = "") -> None:
    """Get the wheels of others into folder/wheels, for this machine or for another."""
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check",
           "--only-binary", ":all:", "--dest", "wheels"]  # fmt: skip
    if not text:
        subprocess.run([*pip, "-r", "requirements.txt"], cwd=folder, check=True)
    else:
        system, version = wanted(text)
        uv, names = SYSTEMS[system]
        asked = [sys.executable, "-m", "uv", "pip", "compile", "--quiet", "--no-header",
                 "--no-annotate", "--python-platform", uv, "--python-version", version,
                 "requirements.txt"]  # fmt: skip
        done = subprocess.run(asked, cwd=folder, check=True, capture_output=True, text=True)
        pins = [line for line in done.stdout.splitlines() if "==" in line]
        tags = [word for name in names for word in ("--platform", name)]
        abis = ["--abi", f"cp3{version[2:]}", "--abi", "abi3", "--abi", "none"]
        others = ["--no-deps", "--python-version", version, "--implementation", "cp"]
        subprocess.run([*pip, *others, *abis, *tags, *pins], cwd=folder, check=True)
    for ours in (folder / "wheels").glob("smlearn-*.whl"):
        ours.unlink()  # it stands above


def prove(folder: Path) -> None:
    """Install from a copy of the folder, without the network, as whoever gets it will."""
    with tempfile.TemporaryDirectory() as place:
        copy = shutil.copytree(folder, Path(place) / folder.name)
        alone = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
        start = [sys.executable, "start.py", "--only-install"]
        subprocess.run(start, cwd=copy, env=alone, check=True)
        python = next(path for path in copy.glob(".venv/*/python*") if path.stem == "python")
        for words in (["-m", "smlearn", "copy", "tried"], ["-c", f"import {PARTS}"]):
            subprocess.run([python, *words], cwd=copy, env=alone, check=True)


def offline(systems: list[str], folder: Path = ROOT / "offline") -> None:
    """Write a folder that needs no network, for this machine and for other systems."""
    for text in systems:
        wanted(text)
    write(folder)
    for text in ["", *systems]:
        print(f"Fetching wheels for {text or here()}.", flush=True)
        download(folder, text)
    lines = [here(), *systems, "", *sorted(path.name for path in (folder / "wheels").iterdir())]
    (folder / "wheels.txt").write_text("\n".join(lines) + "\n", "utf-8", newline="\n")
    print("Trying it, in a copy.", flush=True)
    prove(folder)
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    print(f"{folder.name}/: {size / 1e6:.0f} MB, tried here. Copy all of it; whoever gets it "
          "reads START.txt.")  # fmt: skip


def main() -> None:
    """Write what is asked for on the command line."""
    match sys.argv[1:]:
        case ["student"]:
            student()
        case ["offline", *systems]:
            offline(systems)
        case _:
            sys.exit("handout.py: say which, student or offline")


if __name__ == "__main__":
    main()
