"""What was handed in: a notebook or a folder for each learner, and the names that follow from it.

Links are not followed: what they lead to was not handed in. Two things of one name are of one
learner.
"""

import re
import sys
import tempfile
import unicodedata
from pathlib import Path
from typing import NamedTuple

__all__ = ["Submission", "file_names", "hideable", "submissions"]

LARGEST = 200 * 2**20    # bytes of a notebook
ASIDE = ("__MACOSX", "Thumbs.db", "desktop.ini")


class Submission(NamedTuple):
    """One notebook of a learner; where there is none, `trouble` says why."""

    learner: str
    path: Path
    trouble: str = ""

    @property
    def file(self) -> str:
        """Its name, in letters that print."""
        return _name(self.path.name)


def submissions(named: str | Path) -> list[Submission]:
    """Return what stands in a folder, in the order of the learners' names.

    Raises
    ------
    ValueError
        If there is no such folder, or nothing in it.
    """
    folder = Path(named)
    if not str(named).strip() or not folder.is_dir():    # Path("") is where one stands
        raise ValueError(f"a folder of notebooks is wanted, but got {str(named)!r}; "
                         "write DIR=folder, with one notebook or one folder a learner in it")
    found = [each for path in _visible(folder) for each in _of(path)]
    if not found:
        raise ValueError(f"notebooks are wanted in {str(folder)!r}, but it is empty; "
                         "put one notebook or one folder a learner into it")
    return sorted(found, key=lambda each: (each.learner.casefold(), each.learner, each.path))


def hideable(folder: Path) -> str:
    """Return the folder as copies must not see it; "" if they would miss what they run by."""
    folder = folder.resolve()
    needed = map(Path, (sys.prefix, sys.base_prefix, __file__, tempfile.gettempdir()))
    return "" if any(each.resolve().is_relative_to(folder) for each in needed) else str(folder)


def _visible(folder: Path) -> list[Path]:
    def is_hidden(name: str) -> bool:
        return name in ASIDE or (name.startswith(".") and not name.startswith(".."))
    return sorted(path for path in folder.iterdir() if not is_hidden(path.name))


def _of(path: Path) -> list[Submission]:
    """Return the notebooks of one learner."""
    if path.is_symlink():
        return [Submission(_name(path.stem), path, "a_link")]
    if path.is_dir():
        notebooks = list(_below(path))
        return [_notebook(_name(path.name), each) for each in notebooks] or [
            Submission(_name(path.name), path, "no_notebook")]
    return [_notebook(_name(path.stem), path)]


def _below(folder: Path):
    for path in _visible(folder):
        if path.is_dir() and not path.is_symlink():
            yield from _below(path)
        elif path.suffix == ".ipynb":
            yield path


def _notebook(learner: str, path: Path) -> Submission:
    if path.is_symlink():
        return Submission(learner, path, "a_link")
    if path.suffix != ".ipynb" or not path.is_file():
        return Submission(learner, path, "not_a_notebook")
    return Submission(learner, path, "too_large" if path.stat().st_size > LARGEST else "")


def _name(text: str) -> str:
    """Return a name in letters that print; macOS writes an umlaut as two of them."""
    text = unicodedata.normalize("NFC", text.encode("utf-8", "replace").decode())
    return "".join(letter if letter.isprintable() else "?" for letter in text).strip() or "?"


def file_names(learners: list[str]) -> dict[str, str]:
    """Return a name for a file for each learner: no folder, none twice on any system.

    Examples
    --------
    >>> file_names(["Zoë Groß", "../../etc", "..\\\\etc", "zoë groß"])
    {'Zoë Groß': 'Zoë Groß', '../../etc': 'etc', '..\\\\etc': 'etc-2', 'zoë groß': 'zoë groß-2'}
    """
    taken, names = set(), {}
    for learner in learners:
        name = first = re.sub(r"[^\w -]+", "_", learner)[:80].strip(" _") or "learner"
        number = 1
        while name.casefold() in taken:
            number += 1
            name = f"{first}-{number}"
        taken.add(name.casefold())
        names[learner] = name
    return names
