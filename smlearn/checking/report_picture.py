"""A report as a picture: a path through gates, closed at the one that stopped it.

Words and signs carry the meaning, and the kind of line a bar is drawn with; no colour does. The
styles stand at the elements themselves, since JupyterLab strips <style>, <svg>, roles and labels
from a notebook that is not trusted yet. Print leaves grounds out and keeps borders: so a bar that
is solid, broken or hollow is made of them, and its hatching comes on top. Letters and ground are
those of the page, so that a dark theme stays dark.
"""

from collections.abc import Iterator
from typing import NamedTuple

from .._html import Markup, each, join, tag
from .laws import LAWS, SOFTMAX_LAWS
from .report_words import BLIND, rate, resolution, said_already, why_not_asked, worst
from .turned import told

__all__ = ["gates", "picture"]

NUMBERS = "the numbers"
ORDER = (*LAWS, *SOFTMAX_LAWS, NUMBERS)
NOT_ASKED, NOT_REACHED = "not asked", "not reached"    # what a gate may say beside its verdict
STOPS = ("FAIL", "INCONCLUSIVE")
SIGNS = {"PASS": "✓", "FAIL": "✗", "INCONCLUSIVE": "?", NOT_ASKED: "–", NOT_REACHED: "○"}

GREY, NONE = "#808080", "transparent"    # words and ground are the page's own
BLUE, RED = "#0072B2", "#D55E00"    # of Okabe and Ito, as figures; 3:1 on light and dark pages
HATCH = "linear-gradient({0}deg, {1} 25%, {2} 25%, {2} 50%, {1} 50%, {1} 75%, {2} 75%)"
BARS = {
    "PASS": f"height: 10px; border: 5px solid {BLUE}",
    "FAIL": f"height: 14px; border: 2px dashed {RED}; "
            f"background: {HATCH.format(135, RED, NONE)}; background-size: 12px 12px",
    "INCONCLUSIVE": f"height: 14px; border: 2px dashed {GREY}; "
                    f"background: {HATCH.format(45, GREY, NONE)}; background-size: 12px 12px",
    NOT_ASKED: f"height: 10px; border: 1px dotted {GREY}",
    NOT_REACHED: f"height: 10px; border: 1px solid {GREY}",
}
FRAME = (f"border: 1px solid {GREY}; border-radius: 6px; "
         "max-width: 58em; margin: 0; padding: 12px 14px; text-align: left; font-size: 14px; "
         "line-height: 1.4; overflow-wrap: break-word; page-break-inside: avoid")
HEAD = "margin: 0 0 12px; text-align: left; font-size: 16px; font-style: normal"
PATH = ("display: grid; grid-template-columns: repeat(auto-fill, minmax(8em, 1fr)); "
        "gap: 12px 6px; list-style: none; margin: 0; padding: 0")
GATE = "margin: 0; min-width: 0; line-height: 1.25; page-break-inside: avoid"
CLOSED = f"{GATE}; grid-column: 1 / -1"
BAR = "box-sizing: border-box; margin: 0 0 4px"
STATE = "font-size: 12px"
STRIP = ("display: grid; grid-template-columns: repeat(auto-fit, minmax(7em, 1fr)); gap: 4px 8px; "
         f"width: auto; margin: 10px 0 0; padding: 4px 10px; border: 1px solid {GREY}")
LABEL = "float: none; width: auto; margin: 0; font-weight: normal; font-size: 12px"
VALUE = ("float: none; width: auto; margin: 0; font-weight: bold; font-size: 13px; "
         "font-family: monospace")
NAMED = f"margin: 12px 0 0; padding: 0 0 0 10px; border-left: 4px solid {GREY}"
TEXT = "margin: 12px 0 0"
CHIPS = ("display: flex; flex-wrap: wrap; gap: 4px 6px; list-style: none; margin: 4px 0 0; "
         "padding: 0")
CHIP = (f"margin: 0; padding: 0 8px; border: 1px dashed {GREY}; border-radius: 10px; "
        "font-size: 12px; font-family: monospace")
REMARKS = "margin: 12px 0 0; padding: 0 0 0 1.2em"


class Gate(NamedTuple):
    """A check on the way: its name, a key of SIGNS, and what was found."""

    name: str
    state: str
    detail: str = ""


def gates(report) -> Iterator[Gate]:
    """Yield the gates in the order of the laws, also those that were not reached."""
    seen = {check.name: Gate(*check) for check in report.checks}
    for name in (*ORDER, *(name for name in seen if name not in ORDER)):
        yield seen.get(name) or Gate(name, NOT_ASKED if name in report.not_asked else NOT_REACHED)


def picture(report) -> Markup:
    """Draw a GradcheckReport: the verdict, the gates, and what else there is to tell."""
    path = tag("ol", *(_gate(gate, report) for gate in gates(report)), style=PATH)
    return tag("figure", _head(report), path, *_rest(report), style=FRAME)


def _head(report) -> Markup:
    last = told(report.checks[-1].name, report.row)
    where = "" if report.verdict == "PASS" else f" at {last!r}"
    verdict = tag("strong", f"gradcheck: {report.verdict}")
    return tag("figcaption", verdict, f"{where} ({report.n_evals} evaluations of f)", style=HEAD)


def _gate(gate: Gate, report) -> Markup:
    """Draw a bar across the path, what became of it, its name, and what was found there."""
    bar = tag("div", "", style=f"{BARS[gate.state]}; {BAR}")
    said, name = f"{SIGNS[gate.state]} {gate.state}", told(gate.name, report.row)
    if gate.state not in STOPS:
        return tag("li", bar, tag("div", said, style=STATE), name, style=GATE)
    found = tag("div", gate.detail) if gate.detail else ""
    return tag("li", bar, tag("strong", f"{said}: {name}"), found,
               _strip(report) if gate.name == NUMBERS else "", style=CLOSED)


def _rest(report) -> Iterator[Markup]:
    if report.diagnosis and not said_already(report):
        yield tag("p", tag("strong", "Diagnosis: "), _named(report), style=NAMED)
    if report.verdict == "PASS" or report.checks[-1].name != NUMBERS:    # else it is at its gate
        yield _strip(report)
    if report.blind_to:
        yield tag("p", f"{BLIND.capitalize()}:", style=TEXT)
        yield tag("ul", each("li", report.blind_to, style=CHIP), style=CHIPS)
    if remarks := list(_remarks(report)):
        yield tag("ul", each("li", remarks), style=REMARKS)


def _named(report):
    """Return the diagnosis; of an error that stands at its gate already, what to do about it."""
    raised = " ".join(report.checks[-1].detail.split()).partition(" raised ")[2]
    told_there = raised and raised in str(report.diagnosis)
    return report.diagnosis.todo if told_there else report.diagnosis


def _strip(report) -> Markup:
    """Draw the worst entry as a strip of numbers, if it was measured."""
    if not report.measured:
        return join()
    analytic, numeric, ratio = worst(report)
    tolerance = f"{report.measured.tol[report.worst_index]:.1e}"
    cells = {"worst entry": report.worst_index, "analytic": analytic, "numeric": numeric,
             "ratio": ratio, "tolerance": tolerance,
             "tolerances off": f"{report.max_error_over_tol:.2g}"}
    return tag("dl", *(tag("div", tag("dt", label, style=LABEL), tag("dd", value, style=VALUE))
                       for label, value in cells.items()), style=STRIP)


def _remarks(report) -> Iterator[str]:
    if report.not_asked:
        yield f"{NOT_ASKED}, since {why_not_asked(report)}".capitalize()
    yield from report.notes
    if report.measured:
        yield f"Resolution: {resolution(report)}"
    if report.taylor:
        yield f"Taylor: {rate(report.taylor)}"
    yield from report.advice
