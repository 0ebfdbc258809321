"""The page of a copy, in the learner's process: cells run, and what they hand in is noted."""

import os
import re

from ..exercises import TODO, Exercise, Verdict
from ..exercises.ladder import Ladder
from ..exercises.sandbox.call import read_answer
from ..exercises.sandbox.clock import Patience, TimeUp
from ..exercises.sandbox.plain_data import name_of, one_line
from .looks import looks_of
from .walls import Limits
from .wire import pack

__all__ = ["Page"]

CHECKS = 20     # of one cell, the last
HANDED_IN = "It is handed in; the verdict comes later."


class Page:
    """The page of a copy, in IPython as in a kernel, but for what only eyes would see.

    A check notes what is handed to it, at that moment, and says nothing of it.
    """

    def __init__(self, limits: Limits):
        from IPython.core.interactiveshell import InteractiveShell
        from matplotlib.backend_bases import FigureCanvasBase
        from traitlets.config import Config

        quiet = Config({"HistoryManager": {"enabled": False},
                        "InteractiveShell": {"colors": "NoColor"}})
        self.limits, self.nowhere, self.handed = limits, open(os.devnull, "w"), []
        self.shell = InteractiveShell.instance(config=quiet)
        self.shell.showtraceback = self.shell.showsyntaxerror = lambda *_, **__: None
        self.shell.enable_gui = lambda gui=None: None    # %matplotlib asks for it
        self.shell.display_formatter.active_types = ["text/plain"]
        Exercise.check = lambda exercise, *answers: self.note(exercise, *answers)
        FigureCanvasBase.print_figure = lambda *_, **__: None    # most of the time of a page

    def note(self, exercise: Exercise, *answers) -> Verdict:
        """Stand in for `Exercise.check`."""
        self.handed = [*self.handed, (exercise.task.key, answers)][-CHECKS:]
        return Verdict("", HANDED_IN, status=TODO, ladder=Ladder(exercise.task))

    def run(self, source: str) -> dict:
        """Run a cell; return its error, and what was handed to each check in it."""
        self.handed = []
        try:
            ran = Patience(self.limits.cell, out=self.nowhere).call(self.shell.run_cell, source)
            error = ran.error_before_exec or ran.error_in_exec
        except BaseException as raised:    # also the clock's, which may ring in IPython's own code
            error = raised
        late = f"It was stopped after {self.limits.cell:g} seconds."
        said = late if type(error) is TimeUp else _in_a_line(error)
        return {"error": said, "handed": [[key, list(map(_described, answers))]
                                          for key, answers in self.handed]}


def _in_a_line(error: BaseException | None) -> str:
    if error is None:
        return ""
    try:
        said = Patience(1.0).call(str, error)
    except BaseException:    # its __str__ is learner code as well
        said = ""
    said = re.sub(r"\(<[^>]*>, (line \d+)\)", r"(\1)", one_line(said))    # IPython names its cells
    return f"{name_of(type(error))}: {said}"[:300].removesuffix(": ")


def _described(given) -> dict:
    if callable(given):
        return {"function": looks_of(given)}
    return {"value": pack(read_answer(given, Patience()))}
