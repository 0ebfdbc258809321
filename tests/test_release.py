"""`make release` stops at the first thing that is not so, and what it builds runs by itself."""

import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import release

FILES = ["CHANGELOG.md", "CITATION.cff", "pyproject.toml", "smlearn/__init__.py"]


@pytest.fixture
def copy(tmp_path) -> Path:
    """Copy the files that speak of the version, so that a test may damage one."""
    (tmp_path / "smlearn").mkdir()
    for name in FILES:
        shutil.copy(release.ROOT / name, tmp_path / name)
    return tmp_path


def test_every_file_says_the_same_version_and_day():
    """A reader cites, installs and reads of one version."""
    assert release.disagreements(release.ROOT) == []


@pytest.mark.parametrize(
    ("name", "pattern", "new", "problem"),
    [
        (
            "smlearn/__init__.py",
            r'__version__ = ".*"',
            '__version__ = "9.9"',
            "CHANGELOG.md begins",
        ),
        ("CHANGELOG.md", r"^## .*", "## Unreleased", "CHANGELOG.md begins with Unreleased"),
        ("CHANGELOG.md", r"(?s)^## .*", "", "CHANGELOG.md begins with no version, not with"),
        ("CHANGELOG.md", r" - \d{4}-\d\d-\d\d", "", "no day or no notes"),
        ("CHANGELOG.md", r" - \d{4}", " - 1999", "not newest first"),
        ("CITATION.cff", r"^version: .*", "version: 9.9", "CITATION.cff has version 9.9"),
        ("CITATION.cff", r"^version: .*\n", "", "CITATION.cff has version none, not"),
        ("CITATION.cff", r"released: .*", 'released: "1999-01-01"', "CITATION.cff has 1999-01-01"),
        ("CITATION.cff", r"^date-released: .*\n", "", "CITATION.cff has no day, CHANGELOG.md 20"),
        ("pyproject.toml", r"dynamic = .*", 'version = "1.0.0"', "says the version again"),
    ],
)
def test_a_version_that_disagrees_is_named(copy, name, pattern, new, problem):
    """Each place in turn is made to say something else."""
    text, changes = re.subn(pattern, new, (copy / name).read_text("utf-8"), count=1, flags=re.M)
    assert changes == 1
    (copy / name).write_text(text, "utf-8")
    assert problem in "\n".join(release.disagreements(copy))


@pytest.fixture
def clone(copy) -> Path:
    """Make a repository of one commit of those files."""
    as_us = ["-c", "user.name=us", "-c", "user.email=us@example.org"]
    for words in (["init", "-q"], ["add", "."], [*as_us, "commit", "-qm", "all"]):
        subprocess.run(["git", *words], cwd=copy, check=True)
    return copy


def test_what_is_not_committed_stops_a_release(clone):
    """The tag would name something else than what was built."""
    assert release.uncommitted(clone) == []
    (clone / "new.py").touch()
    assert release.uncommitted(clone) == ["new.py is not committed"]


def test_a_version_that_has_its_tag_is_not_released_again(clone):
    """Whoever has the first 1.0.0 would not learn of the second; others' tags do not count."""
    version = release.said(clone)
    subprocess.run(["git", "tag", f"v{version}.1"], cwd=clone, check=True)
    assert release.taken(clone) == []
    subprocess.run(["git", "tag", f"v{version}"], cwd=clone, check=True)
    [problem] = release.taken(clone)
    assert problem.startswith(f"the tag v{version} is set already; give the next version to")


def test_without_a_clone_there_is_no_release(tmp_path, monkeypatch):
    """The sdist unpacked, say: git's own words are told, and no traceback."""
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    with pytest.raises(SystemExit, match=r"No release: it is made from a clone, but git says"):
        release.uncommitted(tmp_path)


def test_a_wheel_that_pip_refuses_stops_a_release(tmp_path, capfd):
    """No network, say; pip has said why."""
    (tmp_path / "bad-1-py3-none-any.whl").touch()
    with pytest.raises(SystemExit, match="No release: pip could not install the wheel"):
        release.environment(tmp_path / "bad-1-py3-none-any.whl", tmp_path / "venv")
    assert "bad-1-py3-none-any.whl" in capfd.readouterr().err


def test_the_notes_are_the_newest_section_and_no_other():
    """Whoever reads a release learns what is new in it."""
    text = "# Changelog\n\n## 2.0 - 2026-02-01\n\n- new\n\n## 1.0 - 2026-01-01\n\n- old\n"
    assert release.sections(text) == {
        "2.0": ("2026-02-01", "- new"),
        "1.0": ("2026-01-01", "- old"),
    }


def test_a_stop_names_what_does_not_hold(capsys):
    """And what holds is said in a line."""
    release.stop_at("The tree is clean", [])
    assert capsys.readouterr().out == "The tree is clean: yes\n"
    with pytest.raises(SystemExit, match=r"The tree is clean does not hold.\na.py is not"):
        release.stop_at("The tree is clean", ["a.py is not committed"])


@pytest.fixture(scope="module")
def dist(tmp_path_factory) -> tuple[Path, Path]:
    """Build wheel and sdist as `make release` does."""
    folder = tmp_path_factory.mktemp("dist")
    release.build(release.ROOT, folder, "wheel", "sdist")
    version = release.said(release.ROOT)
    return folder / f"smlearn-{version}-py3-none-any.whl", folder / f"smlearn-{version}.tar.gz"


def test_the_archives_are_whole(dist):
    """The wheel has its types and its birds; from the sdist alone the same wheel is built."""
    assert release.shortfalls(*dist) == []


def test_an_archive_that_lacks_something_is_named(dist, monkeypatch):
    """The check above can fail, on both of them, and where the sdist builds another wheel."""
    wheel, sdist = dist

    def another(root: Path, to: Path, *targets: str) -> None:
        to.mkdir()
        shutil.copy(wheel, to)
        with zipfile.ZipFile(to / wheel.name, "a") as archive:
            archive.writestr("smlearn/left_over.py", "")

    monkeypatch.setattr(release, "build", another)
    monkeypatch.setattr(release, "IN_WHEEL", ["smlearn/gone.csv"])
    monkeypatch.setattr(release, "IN_SDIST", ["notebooks/99_gone.ipynb"])
    assert release.shortfalls(wheel, sdist) == [
        f"{sdist.name}: notebooks/99_gone.ipynb is not in it",
        f"{wheel.name}: smlearn/gone.csv is not in it",
        "the sdist builds another wheel",
    ]


def test_the_wheel_alone_runs_the_trial(dist, tmp_path):
    """Unpacked, away from the repository; its version is the one that it says."""
    shutil.unpack_archive(dist[0], tmp_path, "zip")
    alone = f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n"
    where = f"\nassert smlearn.__file__.startswith({str(tmp_path)!r})"
    assert release.tried(sys.executable, alone + release.TRIAL + where) == release.said(
        release.ROOT
    )


def test_a_wheel_that_does_not_run_says_how_it_ended(dist, tmp_path):
    """The birds are left out; the last words are the error's."""
    shutil.unpack_archive(dist[0], tmp_path, "zip")
    (tmp_path / "smlearn" / "penguins.csv").unlink()
    alone = f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n"
    use = "import smlearn; print(smlearn.load_penguins())"
    assert "penguins.csv" in release.tried(sys.executable, alone + use)
