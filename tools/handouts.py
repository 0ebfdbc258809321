"""Write the hand-outs into build/handouts, for A4 and for Letter; `make handouts` calls this.

    laws.pdf                notation and laws, one sheet, both sides
    00_... to 12_....pdf    one page a core: what you can do now, figure, formula, law, mistakes
    predict.pdf             the predictions with room to write, for a class without computers

All of it comes from the pages, from TEACHING.md and from the package; nothing is kept twice.
"""

import re
from collections.abc import Iterator
from itertools import takewhile
from pathlib import Path

from playwright.sync_api import Page
from tqdm import tqdm

from plans import path_of
from press import BUILD, begin, filled, html, press, print_pdf, set_formulas
from printed_pages import (
    FORMULA,
    ROOT,
    cores,
    ending,
    figure,
    formulas,
    picture,
    predictions,
    printed,
    question_of,
)

HANDOUTS = BUILD / "handouts"
SIZES = ("A4", "Letter")
CSS = (ROOT / "tools" / "paper" / "handout.css").read_text("utf-8")
TEACHING = (ROOT / "TEACHING.md").read_text("utf-8")
LAWS, WALL = "**The laws of the thirteen cores.**", "**For the wall.**"


def documents() -> Iterator[tuple[str, str]]:
    """Yield the name of each hand-out, and its HTML."""
    yield "laws", law_sheet()
    for page in cores():
        yield path_of(page.number).stem, core_sheet(page.number)
    yield "predict", predict_sheet()


def law_sheet(text: str = TEACHING) -> str:
    """Return the sheet for each pair: the section *To hand out*, a formula beside each law."""
    section = text.partition("<!-- handouts -->")[2].partition("\n## ")[0]
    first, _, rest = section.partition(LAWS)
    wall = rest.partition(WALL)[2]
    laws = [
        {
            "number": page.number,
            "law": html(ending(page.number)["law"]),
            "formula": html(displayed(formulas(page.number)[0])),
        }
        for page in cores()
    ]
    return filled(
        "laws.html",
        title="Softmax, backwards: letters and laws",
        css=CSS,
        first=html(without_comments(first + WALL + wall)),
        heading=html(LAWS),
        laws=laws,
    )


def core_sheet(number: str) -> str:
    """Return what a learner takes along from a core page, for one side of paper."""
    output = figure(number)
    return filled(
        "core.html",
        number=number,
        css=CSS,
        title=question_of(number),
        formulas=[html(displayed(each)) for each in formulas(number)],
        printed=printed(output).strip("\n"),
        picture=picture(output),
        **{name: html(text) for name, text in ending(number).items()},
    )


def displayed(formula: str) -> str:
    """Return a formula for a line of its own; code and sentences stay what they are."""
    alone = formula.startswith("$") and FORMULA.fullmatch(formula)
    return f"$${formula.strip('$')}$$" if alone else formula


def predict_sheet() -> str:
    """Return the predictions of every core with room below each, and what to discuss."""
    made = [
        {
            "number": page.number,
            "title": question_of(page.number),
            "discuss": html(discussed(page.number)),
            "predictions": [
                each._asdict() | {"context": html(each.context), "question": html(each.question)}
                for each in predictions(page.number)
            ],
        }
        for page in cores()
    ]
    return filled("predict.html", title="Predict and discuss", css=CSS, pages=made)


def discussed(number: str, text: str = TEACHING) -> str:
    """Return what to discuss of a page, without the answers in brackets at the end."""
    entry = re.split(rf"(?m)^### {number} .*$", text)[1].partition("**Discuss.**")[2].strip()
    bullets = takewhile(lambda line: line.startswith("- "), entry.splitlines())
    return "\n".join(re.sub(r"(?<=[.?]) \(.*\)$", "", line) for line in bullets)


def without_comments(text: str) -> str:
    """Return Markdown without what is said to maintainers."""
    return re.sub(r"(?s)<!--.*?-->\n?", "", text).strip()


def print_all(page: Page, name: str, document: str, folder: Path = HANDOUTS) -> None:
    """Set a hand-out on a page, and print it in every size."""
    set_formulas(page, document)
    for size in SIZES:
        print_pdf(page, folder / size.lower() / f"{name}.pdf", size)


def main() -> None:
    """Write all hand-outs."""
    with press() as page:
        for name, document in tqdm(list(documents()), "hand-outs"):
            print_all(page, name, document)
    print(f"The hand-outs are in {HANDOUTS.relative_to(ROOT)}, for A4 and for Letter.")


if __name__ == "__main__":
    begin(main)
