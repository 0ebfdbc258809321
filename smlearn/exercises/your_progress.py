"""Where am I? What a learner has answered, page by page, and what to do next.

What is known comes from kept_answers.py; map_drawing.py draws it. A sign and a word say each
thing, so that neither colour nor the drawing is needed.
"""

from itertools import zip_longest
from typing import NamedTuple

from .._html import Markup, each, join, table, tag
from ..mistakes.finding import RIGHT
from . import kept_answers
from .registry import TASKS

__all__ = ["Progress", "Stand", "progress"]

SIGNS = "✓ right", "✗ wrong", "○ open"
KEPT = (f"Your answers are kept in {kept_answers.FILE} beside this page, for nobody but you; "
        "delete that file to begin anew.")
LEFT = "text-align: left; vertical-align: top"


def progress() -> "Progress":
    """Show which exercises are right, wrong and open, page by page, and what to do next.

    Returns
    -------
    progress : Progress
        Shown by the notebook as the map of the course, with a few words below it.

    Examples
    --------
    >>> progress()
    103 exercises: 0 right, 0 wrong, 103 open.
    Next: 00, predict: Add 1 to all three logits of bird 231. What is its …
    Answers are kept where a notebook is run, and this is none.
    """
    answers, trouble = kept_answers.recall()
    return Progress(answers, trouble or kept_answers.why_not() or KEPT)


class Stand(NamedTuple):
    """The names of a page's exercises, by how they stand."""

    right: tuple[str, ...]
    wrong: tuple[str, ...]
    open: tuple[str, ...]


class Progress:
    """Where somebody stands who gave these answers, {"add_one": "RIGHT", ...}.

    The note says where they are kept, or why not.
    """

    def __init__(self, answers: dict[str, str], note: str):
        self.note, names = note, {}
        for key, task in TASKS.items():
            names.setdefault(task.notebook, []).append(key)
        self.pages = {page: _stand(keys, answers) for page, keys in names.items()}

    @property
    def counts(self) -> str:
        """How many there are of each, in words."""
        right, wrong, still = (sum(map(len, each))
                               for each in zip(*self.pages.values(), strict=True))
        return f"{right + wrong + still} exercises: {right} right, {wrong} wrong, {still} open."

    @property
    def next(self) -> tuple[str, str]:
        """The page to go to, and what to do there: what was wrong, then cores, then depths."""
        pages = sorted(self.pages.items(), key=lambda item: not item[0].isdigit())
        for number, page in pages:
            if page.wrong:
                return number, f"{_title(page.wrong[0])} It was wrong: run its cell, open a hint."
        for number, page in pages:
            if page.open:
                return number, _title(page.open[0])
        return "12", "with a backward pass of your own: every exercise is right."

    def _begun(self) -> list[tuple[str, Stand]]:
        return [(number, page) for number, page in self.pages.items() if page.right or page.wrong]

    def __repr__(self) -> str:
        lines = [self.counts, "Next: {}, {}".format(*self.next), self.note]
        for number, page in self._begun():
            lines += [f"{at:3s} {said}" for at, said in zip_longest([number], _said(page),
                                                                   fillvalue="")]
        return "\n".join(lines)

    def _repr_html_(self) -> Markup:
        number, what = self.next
        parts = [tag("p", self.counts), tag("p", "Next: ", _link(number), f", {what}"),
                 tag("p", self.note)]
        if begun := self._begun():
            rows = [(_link(number), each("div", _said(page))) for number, page in begun]
            parts.append(table("What you have answered", ("page", "exercises"), rows,
                               styles=[LEFT] * 2, head_style=LEFT))
        return tag("div", *parts)

    def _ipython_display_(self) -> None:
        """Put the map on the page, and the words below it; what draws is loaded here only."""
        from IPython.display import display

        from .map_drawing import drawn_map

        display(drawn_map(self.pages))
        words = {"text/plain": repr(self), "text/html": self._repr_html_()}
        display(words, raw=True)


def _stand(keys: list[str], answers: dict[str, str]) -> Stand:
    right = tuple(key for key in keys if answers.get(key) == RIGHT)
    wrong = tuple(key for key in keys if key in answers and key not in right)
    return Stand(right, wrong, tuple(key for key in keys if key not in answers))


def _title(key: str) -> str:
    return TASKS[key].title


def _said(page: Stand) -> list[str]:
    """Say of each exercise of a page how it stands, by the beginning of its question."""
    return [f"{sign}, {_title(key)}" for sign, keys in zip(SIGNS, page, strict=True)
            for key in keys]


def _link(number: str) -> Markup:
    """Lead to a page that lies beside this one."""
    folder = kept_answers.HOME
    found = [page.name for page in folder.glob(f"{number}_*.ipynb")] if folder else []
    if not found:
        return join(number)
    style = "text-decoration: underline"    # colour alone would tell it from the words around it
    return tag("a", number, href=min(found, key=len), style=style)    # a copy's name is longer
