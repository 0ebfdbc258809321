"""Asked live where the framework is installed and not too old, else answered as recorded.

A record is a file in records/, with the versions that were asked, the day, and the script that
wrote it: tools/record.py (`make record`), which asks again. In the versions recorded, a notebook
shows the same numbers either way, so that it can be read, run and tested without a framework of a
gigabyte.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

__all__ = ["QUESTIONS", "Opinion", "Question", "question"]

RECORDS = Path(__file__).with_name("records")
NAMES = {"torch": "PyTorch", "jax": "JAX", "sklearn": "scikit-learn", "autograd": "HIPS autograd"}
DISTRIBUTIONS = {"sklearn": "scikit-learn"}    # where the package is named otherwise
OLDEST = {"jax": (0, 8)}                       # that understands the questions: jax.enable_x64
QUESTIONS: dict[str, "Question"] = {}          # by name, in the order of asking


class Opinion(NamedTuple):
    """What was said of each thing asked about, and by whom.

    Attributes
    ----------
    answers : dict
        What was said, by what it was asked about.
    source : str
        Who said it, and when.
    """

    answers: dict
    source: str


@dataclass(frozen=True)
class Question:
    """Something to ask other frameworks: call it for their opinion.

    Attributes
    ----------
    ask : callable
        Takes nothing, imports the packages it needs, returns a dict that JSON can hold.
    needs : tuple of str
        The packages.
    """

    ask: Callable[[], dict]
    needs: tuple[str, ...]

    def __call__(self) -> Opinion:
        """Return the answers and their source; lists stand where arrays were."""
        if self.live:
            return Opinion(json.loads(json.dumps(self.ask())), f"{self.asked()}, live")
        record = self.record()
        return Opinion(record["answers"],
                       f"{named(record['versions'])}, recorded on {record['date']}")

    @property
    def name(self) -> str:
        """The name of the function that asks, and of the record."""
        return self.ask.__name__

    @property
    def live(self) -> bool:
        """Whether every package is installed, and new enough to be asked."""
        return all(find_spec(package) is not None and new_enough(package)
                   for package in self.needs)

    def versions(self) -> dict[str, str]:
        """Return the version of each package, as installed; PyTorch's without its build."""
        return {package: installed(package).partition("+")[0] for package in self.needs}

    def asked(self) -> str:
        """Name the packages and their versions, as installed."""
        return named(self.versions())

    @property
    def path(self) -> Path:
        """Where the record is."""
        return RECORDS / f"{self.name}.json"

    def record(self) -> dict:
        """Return what was recorded: versions, date, script, answers."""
        return json.loads(self.path.read_text("utf-8"))


def installed(package: str) -> str:
    """Return the version that is installed."""
    return version(DISTRIBUTIONS.get(package, package))


def new_enough(package: str) -> bool:
    """Say whether the version that is installed understands our questions."""
    if package not in OLDEST:
        return True
    major_minor = re.findall(r"\d+", installed(package))[:2]
    return tuple(map(int, major_minor)) >= OLDEST[package]


def named(versions: dict[str, str]) -> str:
    """Return "PyTorch 2.13.0 and JAX 0.10.2"."""
    return " and ".join(f"{NAMES.get(package, package)} {of}" for package, of in versions.items())


def question(*needs: str) -> Callable[[Callable[[], dict]], Question]:
    """Make a function that asks the packages it `needs` into a `Question`, known to `make record`.

    Parameters
    ----------
    *needs : str
        The packages that it imports.

    Returns
    -------
    decorator : callable
        From a function that asks to its `Question`.

    Examples
    --------
    >>> @question("math")
    ... def seven():
    ...     import math
    ...     return {"floor": math.floor(7.5)}
    >>> QUESTIONS.pop("seven").ask()
    {'floor': 7}
    """
    def register(ask: Callable[[], dict]) -> Question:
        QUESTIONS[ask.__name__] = made = Question(ask, needs)
        return made
    return register
