"""What handouts.py and slides.py take from a page: predictions, the figure, the formula, the end.

Nothing is written anew. tools/paper/choices.toml says which figure and which formulas of a page
are the ones that matter, by words that stand in them.
"""

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import NamedTuple

from nbformat import NotebookNode

from course_map import Page, pages, question
from entries import law
from plans import END, headings, parts

ROOT = Path(__file__).resolve().parent.parent
CHOICES = ROOT / "tools" / "paper" / "choices.toml"
FORMULA = re.compile(r"(?s)\$\$.+?\$\$|\$[^$\n]+?\$")
MARK = "**Predict.**"
SENTENCE = re.compile(r"(?<=[.?!])\*{0,2}\s+(?=[A-Z*`$\"(−\d])")
SHORT = 45  # characters: a sentence such as "Zero, twice." takes the next one along


class Prediction(NamedTuple):
    """A question of a page, what stood before it, what came out, and what to read in it."""

    section: str
    shown: str  # a cell above, where the question is about it
    context: str
    question: str
    code: str  # of the next cell, where the question is about it
    result: list[dict]
    reading: str


@cache
def choices() -> dict[str, dict]:
    """Return what is chosen of each page."""
    return tomllib.loads(CHOICES.read_text("utf-8"))


def cores() -> list[Page]:
    """Return the core pages, first to last."""
    return [page for page in pages() if page.core]


def predictions(number: str) -> list[Prediction]:
    """Return the predictions of a page, top to bottom."""
    found = parts(number)
    return [_prediction(number, at) for at, part in enumerate(found) if MARK in part.cell.source]


def asked_on_slides(number: str) -> list[Prediction]:
    """Return the predictions that are not too many for one lesson's slides."""
    return [each for each in predictions(number) if not chosen(number, "left_out", each.question)]


def _prediction(number: str, at: int) -> Prediction:
    found = parts(number)
    before, _, question = found[at].cell.source.partition(MARK)
    code = []
    for part in found[at + 1 :]:
        if part.cell.cell_type != "code":
            break
        code.append(part.cell)
    above, kept = found[at - 1].cell, chosen(number, "kept", question)
    words = told(number, "shown", question)
    return Prediction(
        found[at].section.replace("`", ""),
        nearest_above(number, at, words) if words else "",
        led_to(before, fresh=kept or not above.get("outputs")),
        question.strip(),
        code[0].source if chosen(number, "code", question) else "",
        [output for cell in code for output in cell.outputs if worth(cell, output)],
        one_sentence(found[at + 1 + len(code)].cell.source),
    )


def led_to(text: str, fresh: bool) -> str:
    """Return what leads to a question, which begins a cell or, if fresh, its subject.

    Otherwise its first words read the result above: what the question before has asked for.
    """
    if not (fresh or text.lstrip().startswith("#")):
        text = text.partition("\n\n")[2]
    return re.sub(r"(?m)^(#|\*\*Deeper).*\n+", "", text).strip()


def worth(cell: NotebookNode, output: dict) -> bool:
    """Say whether an output is a result: the verdict of an exercise is none."""
    return "exercise(" not in cell.source and "ex." not in cell.source


def chosen(number: str, kind: str, question: str) -> bool:
    """Say whether a question is among those of a kind in choices.toml, by its first words."""
    return any(question.strip().startswith(words) for words in choices()[number].get(kind, []))


def told(number: str, kind: str, question: str) -> str | list[str] | None:
    """Return what choices.toml tells of a question in a table of a kind, by its first words."""
    known = choices()[number].get(kind, {})
    return next((known[words] for words in known if question.strip().startswith(words)), None)


def nearest_above(number: str, at: int, words: str) -> str:
    """Return the code with these words that is nearest above, or the print with them.

    Raises
    ------
    ValueError
        If no cell has them.
    """
    for part in reversed(parts(number)[:at]):
        if part.cell.cell_type == "code":
            for says in ("".join(map(printed, part.cell.outputs)), part.cell.source):
                if words in says:
                    return says.strip("\n")
    raise ValueError(f"choices.toml, {number}: no cell above the question has {words!r} in it")


def one_sentence(text: str) -> str:
    """Return the first sentence of a text, and the next one if that is a word or two."""
    first, *rest = SENTENCE.split(text.strip().partition("\n\n")[0])
    wanted = len(first) < SHORT and rest and rest[0][0] != "(" and rest[0][-1] != ":"
    return f"{first} {rest[0]}" if wanted else first


def printed(output: dict) -> str:
    """Return what an output says in letters, if it is letters that it says."""
    return output.get("text", "") if output["output_type"] == "stream" else ""


def answering(number: str, asked: Prediction) -> tuple[str, list[str]]:
    """Return what a result says in letters, and its pictures; of a long one, what answers."""
    words = told(number, "answers", asked.question)
    pictures = [found for out in asked.result if (found := picture(out))]
    text = "".join(map(printed, asked.result))
    if words is None:
        return text.strip("\n"), pictures
    if any("<table" in each for each in pictures):
        return "", [rows(each, words) for each in pictures]
    if pictures and "<img" not in pictures[0]:  # a report
        text, pictures = "".join(out["data"]["text/plain"] for out in asked.result), []
    lines = [line for line in text.splitlines() if any(word in line for word in words)]
    return "\n".join(lines), pictures


def rows(table: str, words: list[str]) -> str:
    """Return a table in HTML with those rows alone that are about one of the words."""
    first = re.compile(r"(?s)<t[hd][^>]*>\W*(\w+)")  # of a cell
    every = re.findall(r"(?s)<tr>.*?</tr>", table.partition("<tbody>")[2])
    kept = [row for row in every if {*words} & {*first.findall(row)}]
    return table.replace("".join(every), "".join(kept))


def picture(output: dict) -> str:
    """Return an output's HTML: a figure with its alternative text, or a table."""
    return output.get("data", {}).get("text/html", "")


def figure(number: str) -> dict:
    """Return the output that matters on a page: by its alternative text, or by what it prints.

    Raises
    ------
    ValueError
        If there is none, or more than one.
    """
    words = choices()[number]["figure"]
    outputs = [out for part in parts(number) for out in part.cell.get("outputs", [])]
    found = [
        out for out in outputs
        if words in printed(out) or words in out.get("data", {}).get("text/plain", "")
    ]  # fmt: skip
    if len(found) != 1:
        raise ValueError(f"choices.toml, {number}: {len(found)} outputs have {words!r} in them")
    return found[0]


def formulas(number: str) -> list[str]:
    """Return the formulas that matter on a page; a sentence, where one says it.

    Raises
    ------
    ValueError
        If a page has none of the kind.
    """
    text = "\n\n".join(p.cell.source for p in parts(number) if p.cell.cell_type == "markdown")
    code, lines = re.findall(r"`[^`\n]+`", text), re.findall(r"(?m)^(?:- )?(.+?)[;.]?$", text)
    sentences = [each for line in lines for each in SENTENCE.split(line)]
    known, made = [*FORMULA.findall(text), *code, *sentences], []
    for words in choices()[number]["formulas"]:
        fits = [each for each in known if words in each]
        if not fits:
            raise ValueError(f"choices.toml, {number}: no formula has {words!r} in it")
        made.append(fits[0])
    return made


def ending(number: str) -> dict[str, str]:
    """Return how a page ends: what a learner can do now, the mistakes, and the law."""
    (last,) = [p.cell.source for p in parts(number) if p.section == END and "## " in p.cell.source]
    return {
        "can": "\n".join(re.findall(r"(?m)^- .*", last)),
        "mistakes": re.search(r"\*\*Common mistakes\.\*\* (.*)", last)[1],
        "law": law(number),
    }


def question_of(number: str) -> str:
    """Return the question that a page answers: its title."""
    return question(headings(number)[0])
