"""Write slides for each core page into build/slides; `make slides` calls this.

A question, a pause, its result and a sentence that reads it: the page's own predictions, in the
order of the page. reveal.js, from npm, turns them by keyboard. Each file is whole: it asks nothing
of another host, and needs no network. S opens the notes: the wrong answers to expect, in the words
of the exercises.
"""

import html as escaping
import re

from playwright.sync_api import Page
from tqdm import tqdm

import site_notebooks
from plans import path_of, read
from press import BUILD, MODULES, begin, filled, html, press, set_formulas
from printed_pages import (
    ROOT,
    Prediction,
    answering,
    asked_on_slides,
    cores,
    ending,
    question_of,
)
from right_and_wrong import slip

SLIDES = BUILD / "slides"
LARGEST, SMALLEST, WIDTH, HEIGHT = 36, 22, 1168, 470  # of letters; of the place for a result
WRAPPED, FEW = 28, 5  # of letters in few lines that are broken, being too wide
CODE, ABOVE = 28, 315  # of letters in code beside a question; of its place
LONG = 500  # characters of text above a question, which then takes smaller letters
MARGIN = 330  # of the place for what is printed beside a picture
BESIDE = 3  # lines beside which a picture is large enough to be seen
WIDE = 1.8  # times as wide as high, and more: the words stand below a picture, else beside it
SAID = read()[1]


def deck(number: str) -> str:
    """Return the slides of a page, its formulas not set yet."""
    dist = MODULES / "reveal.js" / "dist"
    end = ending(number)
    return filled(
        "slides.html",
        number=number,
        title=html(question_of(number)).strip().removeprefix("<p>").removesuffix("</p>"),
        plain_title=question_of(number).replace("`", ""),
        css="\n".join(
            path.read_text("utf-8")
            for path in (dist / "reveal.css", ROOT / "tools" / "paper" / "slides.css")
        ),
        slips=listed(slips(number)),
        predictions=[shown(number, each) for each in asked_on_slides(number)],
        law=html(end["law"]),
        mistakes=html(end["mistakes"]),
        reveal=(dist / "reveal.js").read_text("utf-8"),
        notes=(dist / "plugin" / "notes.js").read_text("utf-8"),
    )


def shown(number: str, asked: Prediction) -> dict:
    """Return what the template wants of a prediction."""
    text, pictures = answering(number, asked)
    pictures = pictures if len(text.splitlines()) <= BESIDE else []
    return asked._asdict() | {
        "context": html(asked.context),
        "question": html(asked.question),
        "reading": html(asked.reading),
        "printed": text,
        "size": size(text, width=MARGIN if layout(pictures) == "beside" else WIDTH),
        "layout": layout(pictures),
        "full": bool(asked.shown or asked.code or len(asked.context) > LONG),
        "above_size": size(asked.shown, CODE, height=ABOVE),
        "below_size": size(asked.code, CODE, height=ABOVE),
        "pictures": pictures,
        "slips": listed(nearest(asked, slips(number))),
    }


def layout(pictures: list[str]) -> str:
    """Return where words stand: below a wide picture, beside another, or alone."""
    png = re.search(r"data:image/png;base64,([^\"]+)", "".join(pictures))
    if not png:
        return "alone"
    width, height = site_notebooks.size("png", png[1])
    return "below" if width > WIDE * height else "beside"


def size(text: str, largest: int = LARGEST, width: int = WIDTH, height: int = HEIGHT) -> int:
    """Return how large the letters of a text can be, in its place."""
    lines = text.splitlines() or [""]
    fits = min(width / (0.61 * max(1, *map(len, lines))), height / (1.3 * len(lines)))
    if fits < SMALLEST:
        fits = WRAPPED if len(lines) <= FEW and width == WIDTH else SMALLEST
    return int(min(largest, fits))


def slips(number: str) -> list[str]:
    """Return the wrong answers to expect on a page, each with what to ask, as Markdown."""
    told = [slip(number, name) for name in SAID[number]["watch"]]
    return [f"{did} *{ask}*" for did, ask, _ in told]


def nearest(asked: Prediction, known: list[str], most: int = 2) -> list[str]:
    """Return those of the slips that share most words with a prediction."""
    mine = words(f"{asked.context} {asked.question} {asked.reading}")
    return sorted(known, key=lambda each: -len(mine & words(each)))[:most]


def words(text: str) -> set[str]:
    """Return the words of a text that say something: those of four letters and more."""
    return set(re.findall(r"[a-z_]{4,}", text.lower()))


def listed(lines: list[str]) -> str:
    """Return lines of Markdown as a list in HTML."""
    return html("\n".join(f"- {escaping.escape(each, quote=False)}" for each in lines))


def main() -> None:
    """Write the slides of every core."""
    SLIDES.mkdir(parents=True, exist_ok=True)
    with press() as page:
        for core in tqdm(cores(), "slides"):
            name = f"{path_of(core.number).stem}.html"
            (SLIDES / name).write_text(with_formulas(page, deck(core.number)), "utf-8")
    print(f"The slides are in {SLIDES.relative_to(ROOT)}: open one, and press the right arrow.")


def with_formulas(page: Page, document: str) -> str:
    """Return a document with its formulas set, its scripts as they were and not run."""
    scripts = re.search(r"(?s)<script>.*</script>", document)[0]
    set_formulas(page, document.replace(scripts, "<i id=scripts></i>"))
    return "<!DOCTYPE html>\n" + page.evaluate("document.documentElement.outerHTML").replace(
        '<i id="scripts"></i>', scripts
    )


if __name__ == "__main__":
    begin(main)
