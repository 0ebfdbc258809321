"""Make what a release consists of, in dist/, and say which tag to set; push nothing.

It stops at the first of these that does not hold: the tree is clean; the version, said once in
smlearn/__init__.py, is that of CHANGELOG.md and CITATION.cff, and no tag has it; wheel and sdist
can be built, the sdist holds the course and builds the same wheel; the wheel runs in an empty
folder, in an environment that has its dependencies and nothing else.
"""

import os
import re
import subprocess
import sys
import tarfile
import tempfile
import venv
import zipfile
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent
IN_WHEEL = ["smlearn/py.typed", "smlearn/penguins.csv", "smlearn/exercises/tasks/"]
IN_SDIST = ["notebooks/00_start_here.ipynb", "tests/test_make.py", "Makefile", "CITATION.cff"]

# What somebody does who has the wheel and not the course.
TRIAL = """
import numpy as np, smlearn
from smlearn.exercises import exercise
from smlearn.figures import plot_bars
assert smlearn.gradcheck(smlearn.softmax, smlearn.softmax_vjp, np.eye(3)[:2]).verdict == "PASS"
assert len(smlearn.load_penguins().species) == 344
ex = exercise("softmax_vjp")
assert ex.check(lambda x, dp: dp).status == "WRONG"
assert plot_bars([1.0, 2.0], ["a", "b"]) is not None
print(smlearn.__version__)
"""


def said(root: Path) -> str:
    """Return the version that the package says."""
    text = (root / "smlearn" / "__init__.py").read_text("utf-8")
    return re.search(r'^__version__ = "(.*)"$', text, re.M)[1]


def sections(changelog: str) -> dict[str, tuple[str, str]]:
    """Return of each version in a changelog its day and its notes, newest first."""
    _, *parts = re.split(r"^## (.*)\n", changelog, flags=re.M)
    titles = [title.partition(" - ") for title in parts[::2]]
    return {
        name: (day, notes.strip())
        for (name, _, day), notes in zip(titles, parts[1::2], strict=True)
    }


def git(root: Path, *words: str) -> list[str]:
    """Return the lines that git answers; where it has no answer, stop with its own words."""
    run = subprocess.run(["git", *words], cwd=root, capture_output=True, text=True, check=False)
    if run.returncode:
        sys.exit(f"No release: it is made from a clone, but git says: {run.stderr.strip()}")
    return run.stdout.splitlines()


def uncommitted(root: Path) -> list[str]:
    """Name the files that differ from the last commit."""
    return [f"{line[3:]} is not committed" for line in git(root, "status", "--porcelain")]


def taken(root: Path) -> list[str]:
    """Name the tag of this version, if it is set: what people have by a name stays as it is."""
    tag = f"v{said(root)}"
    return [
        f"the tag {name} is set already; give the next version to smlearn/__init__.py, "
        "CHANGELOG.md and CITATION.cff"
        for name in git(root, "tag", "--list", tag)
    ]


def disagreements(root: Path) -> list[str]:
    """Name what is said of the version elsewhere and does not agree with the package."""
    version, problems = said(root), []
    notes = sections((root / "CHANGELOG.md").read_text("utf-8"))
    newest, (day, _) = next(iter(notes.items()), ("no version", ("", "")))
    citation = yaml.safe_load((root / "CITATION.cff").read_text("utf-8"))
    if newest != version:
        problems.append(f"CHANGELOG.md begins with {newest}, not with {version}")
    for name, (date, text) in notes.items():
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", date) or not text:
            problems.append(f"CHANGELOG.md gives {name} no day or no notes")
    if [date for date, _ in notes.values()] != sorted(
        (d for d, _ in notes.values()), reverse=True
    ):
        problems.append("CHANGELOG.md is not newest first")
    cited, released = citation.get("version", "none"), citation.get("date-released", "no day")
    if str(cited) != version:
        problems.append(f"CITATION.cff has version {cited}, not {version}")
    if str(released) != day:
        problems.append(f"CITATION.cff has {released}, CHANGELOG.md {day or '?'}")
    if re.search(r"^version *=", (root / "pyproject.toml").read_text("utf-8"), re.M):
        problems.append("pyproject.toml says the version again")
    return problems


def build(root: Path, to: Path, *targets: str) -> None:
    """Let hatchling build, as `pip install` would."""
    kinds = [word for target in targets for word in ("-t", target)]
    command = [sys.executable, "-m", "hatchling", "build", "-d", str(to), *kinds]
    run = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    if run.returncode:
        sys.exit(run.stdout + run.stderr)


def lacking(names: list[str], wanted: list[str]) -> list[str]:
    """Name what is wanted and begins none of the names in an archive."""
    return [f"{want} is not in it" for want in wanted if not any(want in name for name in names)]


def contents(wheel: Path) -> dict[str, int]:
    """Return each file of a wheel with its checksum; its own list of them apart."""
    with zipfile.ZipFile(wheel) as archive:
        return {i.filename: i.CRC for i in archive.infolist() if i.filename[-6:] != "RECORD"}


def shortfalls(wheel: Path, sdist: Path) -> list[str]:
    """Name what the archives lack, and whether the sdist builds another wheel."""
    with tarfile.open(sdist) as archive, tempfile.TemporaryDirectory() as folder:
        problems = [f"{sdist.name}: {p}" for p in lacking(archive.getnames(), IN_SDIST)]
        archive.extractall(folder, filter="data")
        build(next(Path(folder).iterdir()), Path(folder) / "dist", "wheel")
        again = contents(next(Path(folder).glob("dist/*.whl")))
    problems += [f"{wheel.name}: {p}" for p in lacking(list(contents(wheel)), IN_WHEEL)]
    return problems + ([] if again == contents(wheel) else ["the sdist builds another wheel"])


def environment(wheel: Path, folder: Path) -> str:
    """Install the wheel and what it asks for into a new environment; return its Python."""
    venv.create(folder)
    python = str(folder / ("Scripts" if os.name == "nt" else "bin") / "python")
    lock = ["-c", str(ROOT / "constraints.txt")]
    pip = [sys.executable, "-m", "pip", "--python", python]
    command = [*pip, "install", "-q", "--disable-pip-version-check", *lock]
    if subprocess.run([*command, str(wheel)], check=False).returncode:
        sys.exit("No release: pip could not install the wheel; what it says stands above.")
    return python


def tried(python: str, trial: str = TRIAL) -> str:
    """Return the last line that the trial prints, run by `python` in an empty folder."""
    keep = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    with tempfile.TemporaryDirectory() as empty:
        run = subprocess.run(
            [python, "-c", trial],
            cwd=empty,
            env=keep | {"MPLBACKEND": "Agg"},
            capture_output=True,
            text=True,
            check=False,
        )
    return (run.stderr if run.returncode else run.stdout).strip().splitlines()[-1]


def stop_at(what: str, problems: list[str]) -> None:
    """Say that something holds, or stop and say what does not."""
    if problems:
        sys.exit("\n".join([f"No release: {what} does not hold.", *problems]))
    print(f"{what}: yes")


def main() -> None:
    version, dist = said(ROOT), ROOT / "dist"
    stop_at("The tree is clean", uncommitted(ROOT))
    stop_at("One version everywhere", disagreements(ROOT))
    stop_at("The version is new", taken(ROOT))
    build(ROOT, dist, "wheel", "sdist")
    wheel = dist / f"smlearn-{version}-py3-none-any.whl"
    stop_at("The archives are whole", shortfalls(wheel, dist / f"smlearn-{version}.tar.gz"))
    print("Installing the wheel into an environment of its own.", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        answer = tried(environment(wheel, Path(folder)))
    stop_at("The wheel runs by itself", [] if answer == version else [answer])
    notes = dist / f"notes-{version}.md"
    notes.write_text(sections((ROOT / "CHANGELOG.md").read_text("utf-8"))[version][1] + "\n")
    print(f"\nIn dist/: {wheel.name}, smlearn-{version}.tar.gz, {notes.name}. Now, yourself:\n")
    print(f"    git tag -a v{version} --cleanup=verbatim -F {notes.relative_to(ROOT).as_posix()}")
    print(f"    git push origin v{version}\n")
    print("A release on GitHub from that tag, with these files, is what Zenodo archives.")


if __name__ == "__main__":
    main()
