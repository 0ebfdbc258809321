"""Write the course as one folder that a learner can start: `make student` and `make offline`.

    python tools/handout.py student          student/softmax-backwards.zip, to be unpacked
    python tools/handout.py offline [FOR...] offline/, with all that is to be installed in wheels/

In both: the pages, cleared and looked through by copies.told; the wheel of the course; the lines
that install it; a script for each system. FOR names more systems and their Python: windows-3.13.
"""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import nbformat

from copies import NOTEBOOKS, told
from refresh import ROOT
from smlearn.course.clearing import cleared_pages, written
from smlearn.course.copies import copy_pages

NAME = "softmax-backwards"
START = ROOT / "tools" / "start"
ALONG = ["constraints.txt", "LICENSE", "LICENSE-TEXT"]
BORN = (1980, 1, 1, 0, 0, 0)  # the first that a zip can say: the same files give the same bytes


def build_wheel(folder: Path) -> Path:
    """Build the wheel of the course into a folder, without the network."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("smlearn-*.whl")
    return wheel


def student_pages(folder: Path = NOTEBOOKS) -> dict[str, str]:
    """Return the text of each page, cleared; stop if one tells what it should ask."""
    pages = {name: written(page) for name, page in cleared_pages(folder).items()}
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


def main() -> None:
    """Write what is asked for on the command line."""
    match sys.argv[1:]:
        case ["student"]:
            student()
        case _:
            sys.exit("handout.py: say which, student or offline")


if __name__ == "__main__":
    main()
