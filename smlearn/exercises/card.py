"""A verdict as a card on the page: which one it is shows at a glance, the rest reads downwards.

A sign with a word, a bar and a ground; what was found, how it shows, the question to think about;
the numbers; what was printed; and, folded, the hints and the solution, a key away.

The styles stand at the elements, and only such as JupyterLab leaves to a notebook that is not
trusted. The ground lets the page shine through, and words take the page's own colour, so that a
dark theme stays dark. No colour says anything that a sign, a word or a line does not.
"""

from collections.abc import Iterable

import numpy as np

from .._html import Markup, tag
from ..mistakes.finding import CRASHED, RIGHT, TODO, WRONG
from .ladder import LAST, Ladder, Rung
from .number_tables import strip

__all__ = ["SIGNS", "card"]

SIGNS = {TODO: "\u2026", WRONG: "\u00d7", CRASHED: "!", RIGHT: "\u2713"}
BARS = {TODO: "dashed", WRONG: "solid", CRASHED: "double", RIGHT: "solid"}
COLOURS = {TODO: (0, 114, 178), WRONG: (184, 77, 0), CRASHED: (160, 74, 126), RIGHT: (0, 122, 90)}
CALLS = {"? ex.hint() helps": "? The hints below help",    # what the text says, and the card
         "ex.hint() helps": "the hints below help"}


def card(verdict) -> Markup:
    """Write a `Verdict` as a card."""
    colour = ", ".join(map(str, COLOURS[verdict.status]))
    parts = [tag("div", *_said(verdict, colour), role="status")]
    if verdict.yours is not None and np.ndim(verdict.target):
        function = verdict.ladder.task.function
        relative = function is not None and function.relative
        parts.append(strip(verdict.yours, verdict.target, relative))
    if quoted := verdict.quoted():
        parts.append(_code("\n".join(quoted)))
    parts += [_line(each) for each in verdict.left]
    parts.append(tag("div", *_folded(verdict.ladder, verdict.status)))
    return tag("div", *parts, style=(
        "margin: 10px 0px 6px; padding: 10px 14px 6px; "
        f"border-left: 6px {BARS[verdict.status]} rgb({colour}); "
        f"background-color: rgba({colour}, 0.09); overflow-x: auto; "
        "page-break-inside: avoid; print-color-adjust: exact"))


def _said(verdict, colour: str) -> Iterable[Markup]:
    """Write its word and its lines; the question is the first hint, open."""
    sign = tag("span", f"{SIGNS[verdict.status]} ", aria_hidden="true")
    word = tag("strong", sign, verdict.status, style=(
        f"padding: 1px 8px; border: 1px solid rgb({colour}); border-radius: 4px; color: #fff; "
        f"background-color: rgb({colour})"))
    first, *rest = map(_points_below, verdict.lines)
    yield _line(word, f" {first}")
    for line in rest:
        asked = line == verdict.ladder.question
        name = tag("strong", f"{verdict.ladder.hints[0].name}: ") if asked else ""
        yield _line(name, line)


def _points_below(line: str) -> str:
    for call, below in CALLS.items():
        line = line.replace(call, below)
    return line


def _line(*words) -> Markup:
    return tag("p", *words, style="margin: 0px 0px 6px")


def _code(lines: str) -> Markup:
    return tag("pre", tag("code", lines), style="margin: 0px 0px 6px")


def _folded(ladder: Ladder, status: str) -> Iterable[Markup]:
    """Write what opens: the other hints, and in the last of them, after a try, the solution.

    Where it is right the solution stands alone, to be compared with.
    """
    solution = _fold("The course's solution, and why", _code(ladder.solution.code),
                     *map(_line, ladder.solution.after.splitlines()))
    if status == RIGHT:
        return [solution]
    *hints, last = ladder.hints[bool(ladder.question):]
    rest = _line(LAST) if status == TODO else solution
    return [*map(_hint, hints), _hint(last, rest)]


def _hint(hint: Rung, *more: Markup) -> Markup:
    code = [_code(hint.code)] if hint.code else []
    return _fold(hint.name + ", in code" * bool(code), _line(hint.text), *code, *more)


def _fold(name: str, *inside: Markup) -> Markup:
    shown = tag("summary", name, style="display: list-item; cursor: pointer")
    return tag("details", shown, *inside,
               style="display: inline-block; vertical-align: top; margin-right: 20px")
