"""All exercises by name; those of a notebook are loaded when one of them is asked for.

The tasks of notebook 03 are in tasks/nb03_*.py, those of its depth in tasks/nb03b_*.py.
Which notebook a name belongs to is looked up in the text of these files: that takes a moment, and
to import them all longer than the rest of smlearn.
"""

from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path

import numpy as np

__all__ = ["TASKS"]

FOLDER = Path(__file__).parent / "tasks"


class Tasks(Mapping):
    """The tasks by name, in the order of the notebooks."""

    def __init__(self) -> None:
        self._loaded = {}
        self._all = False    # that all are loaded

    def add(self, task) -> None:
        """Take in a task.

        Raises
        ------
        ValueError
            If there is one of its name.
        """
        if task.key in self._loaded:
            raise ValueError(f"exercises: two tasks are called {task.key!r}; "
                             "give one another key")
        self._loaded[task.key] = task

    def __getitem__(self, key: str):
        if key not in self._loaded:
            load(notebook_of(key))
        if key not in self._loaded:
            load("*")    # the folder is read again: a file of a contributor's may be new
        if key not in self._loaded:
            raise KeyError(f"exercises: {key!r} is no task; write it into a file of tasks/, or "
                           "mend its name")
        return self._loaded[key]

    def __iter__(self) -> Iterator[str]:
        self._load_all()
        return iter(sorted(self._loaded, key=lambda key: self._loaded[key].notebook))

    def __len__(self) -> int:
        self._load_all()
        return len(self._loaded)

    def _load_all(self) -> None:
        if not self._all:
            load("*")
            self._all = True


TASKS = Tasks()


def load(notebook: str) -> None:
    """Import the tasks of a notebook, "03", or of all, "*"."""
    with np.errstate(all="warn", under="ignore"):    # as at the start, whatever a page has set
        for file in sorted(FOLDER.glob(f"nb{notebook}_*.py")):
            before = set(TASKS._loaded)
            try:
                import_module(f".tasks.{file.stem}", __package__)
            except BaseException:    # who asks again is told the same, not of tasks called twice
                for key in set(TASKS._loaded) - before:
                    del TASKS._loaded[key]
                raise


def notebook_of(key: str) -> str:
    """Return the notebook whose tasks seem to hold the key, "*" if none does."""
    for file in sorted(FOLDER.glob("nb*.py")):
        text = file.read_text("utf-8")
        if f'"{key}", "' in text or f"def {key}(" in text:
            return file.name[2:].partition("_")[0]
    return "*"
