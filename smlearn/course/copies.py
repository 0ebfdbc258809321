"""The learner's own copies of the pages: put, renewed, and never written over a change.

What is put into a folder is marked in MARKS there: a digest of what the cells say. To run a page
changes no mark, to write into it does. So when the course has a new page of the same name:

    no copy there, or no longer     the new page is put there
    the copy has its mark           nobody wrote into it: it is renewed
    it has another                  it stays, and the new page is put beside it, 02_name_new.ipynb
"""

import hashlib
import json
import os
import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from .._refusals import refusal
from .clearing import cleared_pages, written

__all__ = ["MARKS", "START", "clone", "copy_pages", "default_folder", "pages"]

START = "00_start_here.ipynb"
MARKS = ".course.json"
PACKED = Path(__file__).parent / "notebooks"    # in a wheel
ROOT = Path(__file__).resolve().parents[2]      # of a clone


def clone() -> Path | None:
    """Return the clone that the course is run from, if it is run from one."""
    is_clone = (ROOT / "pyproject.toml").is_file() and (ROOT / "notebooks" / START).is_file()
    return ROOT if is_clone else None


def default_folder() -> Path:
    """Return where the copies are put if nobody says where: my/, in a clone of one's own."""
    mine = clone() and os.access(ROOT, os.W_OK)
    return ROOT / "my" if mine else Path("softmax-backwards")


def pages() -> dict[str, str]:
    """Return the text of each page, cleared, with the metadata that JupyterLab saves here."""
    stored = PACKED if PACKED.is_dir() else ROOT / "notebooks"
    found = {name: written(page | {"metadata": _metadata()})
             for name, page in cleared_pages(stored).items()}
    if START not in found:
        raise refusal(FileNotFoundError, f"the pages of the course are wanted in {stored}, but "
                      "there are none; install the course again")
    return found


def _metadata() -> dict:
    """Return what JupyterLab writes about kernel and language: then opening changes nothing."""
    return {
        "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python",
                       "name": "python3"},
        "language_info": {
            "codemirror_mode": {"name": "ipython", "version": 3}, "file_extension": ".py",
            "mimetype": "text/x-python", "name": "python", "nbconvert_exporter": "python",
            "pygments_lexer": "ipython3", "version": sys.version.split()[0]},
    }


def copy_pages(folder: Path, pages: dict[str, str]) -> list[str]:
    """Put pages into a folder, keep what somebody changed there, and say what was done.

    Parameters
    ----------
    folder : Path
        Made if it is not there.
    pages : dict of str to str
        The text of each page, by its name.

    Returns
    -------
    said : list of str
        A sentence for each thing done; none where there was nothing to do.

    Raises
    ------
    ValueError
        If it is the name of a page, or the folder of the course's own.
    OSError
        If the folder cannot be written; what stands in it is as it was, page by page.
    """
    if folder.suffix == ".ipynb":
        raise refusal(ValueError, f"a folder for your copies is wanted, but got a page, {folder}; "
                      "name the folder that it is to stand in, and open it from there")
    if folder.resolve() in (PACKED.resolve(), ROOT / "notebooks"):
        raise refusal(ValueError, "a folder for your copies is wanted, but the course's own pages "
                      f"stand in {folder}; name another one, as {default_folder()}")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        marks = _marks(folder)
        done = [(name, *_put(folder, name, text, marks)) for name, text in pages.items()]
        _write(folder / MARKS, json.dumps(marks, indent=1))
    except OSError as error:
        raise refusal(OSError, f"a folder that can be written is wanted, but got {folder} "
                      f"({error.strerror}); name another one") from error
    return _said(folder, done)


def _put(folder: Path, name: str, page: str, marks: dict[str, str]) -> tuple[str, str]:
    """Put one page where it loses nothing; return what was done, and where."""
    for path in _places(folder / name):
        there, now = _mark_of(path), _mark(page)
        before, marks[path.name] = marks.get(path.name), now
        if there == now or (there is not None and before == now):
            return "", path.name
        if there is None or there == before:
            _write(path, page)
            return "put" if there is None else "renewed", path.name
    raise AssertionError("a name is free in the end")


def _places(path: Path) -> Iterator[Path]:
    """Yield the place of a page, and the places beside it: 02_name_new, 02_name_new_2."""
    yield path
    for k in count(1):
        yield path.with_stem(f"{path.stem}_new{f'_{k}' if k > 1 else ''}")


def _mark(text: str) -> str:
    """Return the digest of what the cells of a page say; of what is no page, of its text."""
    try:
        cells = [[cell["cell_type"], "".join(cell["source"]), cell.get("attachments") or {}]
                 for cell in json.loads(text)["cells"]]
    except (ValueError, KeyError, TypeError):
        cells = text
    return hashlib.sha256(json.dumps(cells, sort_keys=True).encode()).hexdigest()


def _mark_of(path: Path) -> str | None:
    return _mark(path.read_text("utf-8", errors="replace")) if os.path.lexists(path) else None


def _marks(folder: Path) -> dict[str, str]:
    """Return what was put here before; a lost or spoiled list only makes us more careful."""
    try:
        marks = json.loads((folder / MARKS).read_text("utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return marks if isinstance(marks, dict) else {}


def _write(path: Path, text: str) -> None:
    """Write a file as a whole or not at all."""
    half = path.with_name(f".{path.name}.half")
    half.write_text(text, "utf-8", newline="\n")
    half.replace(path)


def _said(folder: Path, done: list[tuple[str, str, str]]) -> list[str]:
    put = [name for name, how, where in done if how == "put" and where == name]
    renewed = [name for name, how, where in done if how == "renewed" and where == name]
    said = [f"{name} has your changes and stays; the new one is beside it, {where}."
            for name, how, where in done if how and where != name]
    if renewed:
        said.insert(0, f"Renewed in {folder}, which you had not changed: {', '.join(renewed)}.")
    if put:
        what = put[0] if len(put) == 1 else f"{len(put)} pages"
        said.insert(0, f"Put into {folder}: {what}. They are yours: an update of the course "
                    "never writes over a change of yours.")
    return said
