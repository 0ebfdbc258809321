"""What one learner gets back: their code, the verdict, the question to think about, a hint."""

from .._html import Markup, join, tag
from ..exercises import RIGHT, TASKS
from ..exercises.number_tables import strip
from ..exercises.sandbox.plain_data import one_line
from .gather import Learner
from .look import page, paragraphs
from .marks import BROKEN, MISSING, OWN, Mark
from .wire import unpack

__all__ = ["feedback"]

WORDS = {"RIGHT": "right", "WRONG": "wrong", "CRASHED": "it did not run through",
         "TODO": "still open", MISSING: "not in your notebook", BROKEN: "could not be run",
         OWN: "the course's own answer, not one of yours"}
PRINTED, LONGEST, RAISED = 3, 6000, 5    # lines printed, letters of code, cells that raised


def feedback(learner: Learner) -> Markup:
    """Write the page of a learner."""
    right = f"{learner.points} of {len(learner.marks)} right"
    return page(learner.name, tag("p", tag("strong", right)),
                paragraphs([_files(learner.files), *learner.said]),
                paragraphs(["Run from the top, some cells did not come to their end:"]
                           * bool(learner.raised) + learner.raised[:RAISED]),
                *map(_exercise, learner.marks.values()))


def _files(files: dict[str, list[str]]) -> str:
    """Say which notebook is in which file: its name may say another."""
    held = {file: f"notebook {', '.join(numbers)}" for file, numbers in files.items() if numbers}
    said = [f"{file} ({held.get(file, 'no exercise found')})" for file in files]
    return f"Handed in: {', '.join(said)}." if said else ""


def _exercise(mark: Mark) -> Markup:
    task = TASKS[mark.key]
    return join(tag("h2", f"{mark.key}: {WORDS[mark.status]}"),
                tag("p", f"Notebook {task.notebook}, {task.kind}. {task.statement}"),
                _code(mark.code), _verdict(mark), paragraphs([_parts(mark)]),
                _labelled("To think about", "" if mark.question in "".join(mark.lines[:1])
                          else mark.question),
                _labelled("Hint", "" if mark.status == RIGHT else mark.hint))


def _code(code: str) -> Markup | str:
    more = "\n..." if len(code) > LONGEST else ""
    return tag("pre", tag("code", code[:LONGEST] + more)) if code else ""


def _verdict(mark: Mark) -> Markup:
    """Write what was found; a question that is no part of it stands below."""
    first, *more = mark.lines or ("",)
    more = [line for line in more if line != mark.question]
    function = TASKS[mark.key].function
    relative = function is not None and function.relative
    printed = [one_line(line)[:90] for line in mark.printed.strip().splitlines()[:PRINTED]]
    return join(tag("p", tag("strong", mark.status), f" {first}"), paragraphs(more),
                strip(*map(unpack, mark.numbers), relative) if mark.numbers else "",
                join(tag("p", "It printed:"), tag("pre", "\n".join(printed))) if printed else "")


def _parts(mark: Mark) -> str:
    """Say which parts are right of an exercise that is not."""
    many, right = len(TASKS[mark.key].parts), len(mark.right)
    return "" if right in (0, many) else (
        f"Of its {many} parts, {right} {'is' if right == 1 else 'are'} right: "
        f"{', '.join(mark.right)}.")


def _labelled(label: str, words: str) -> Markup | str:
    return tag("p", tag("strong", f"{label}: "), words) if words else ""
