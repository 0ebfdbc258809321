"""Write slides for each core page into build/slides; `make slides` calls this.

A question, a pause, its result and a sentence that reads it: the page's own predictions, in the
order of the page. reveal.js, from npm, turns them by keyboard. Each file is whole: it asks nothing
of another host, and needs no network. S opens the notes: the wrong answers to expect, in the words
of the exercises.
"""

import html as escaping
import re

from tqdm import tqdm

from plans import path_of, read
from press import BUILD, MODULES, ROOT, filled, html, press, set_formulas
from printed_pages import (
    Prediction,
    chosen,
    cores,
    ending,
    picture,
    predictions,
    printed,
    question_of,
)
from right_and_wrong import slip

SLIDES = BUILD / "slides"
LARGEST, SMALLEST, WIDTH, HEIGHT = 32, 20, 1180, 460  # of letters; of the place for a result
SAID = read()[1]


def deck(number: str) -> str:
    """Return the slides of a page, its formulas not set yet."""
    dist = MODULES / "reveal.js" / "dist"
    end = ending(number)
    asked = [
        each for each in predictions(number) if not chosen(number, "left_out", each.question)
    ]
    return filled(
        "slides.html",
        number=number,
        title=html(question_of(number)).removeprefix("<p>").removesuffix("</p>"),
        plain_title=question_of(number).replace("`", ""),
        css="\n".join(
            path.read_text("utf-8")
            for path in (dist / "reveal.css", ROOT / "tools" / "paper" / "slides.css")
        ),
        slips=listed(slips(number)),
        predictions=[shown(number, each) for each in asked],
        law=html(end["law"]),
        mistakes=html(end["mistakes"]),
        reveal=(dist / "reveal.js").read_text("utf-8"),
        notes=(dist / "plugin" / "notes.js").read_text("utf-8"),
    )


def shown(number: str, asked: Prediction) -> dict:
    """Return what the template wants of a prediction."""
    text = "".join(map(printed, asked.result)).strip("\n")
    return asked._asdict() | {
        "context": html(asked.context),
        "question": html(asked.question),
        "reading": html(asked.reading),
        "printed": text,
        "size": size(text),
        "code_size": size(asked.code),
        "pictures": [found for out in asked.result if (found := picture(out))],
        "slips": listed(nearest(asked, slips(number))),
    }


def size(text: str) -> int:
    """Return how large the letters of a text can be, in its place."""
    lines = text.splitlines() or [""]
    fits = min(WIDTH / (0.61 * max(map(len, lines), default=1) or 1), HEIGHT / (1.3 * len(lines)))
    return int(max(SMALLEST, min(LARGEST, fits)))


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


def with_formulas(page, document: str) -> str:
    """Return a document with its formulas set, its scripts as they were and not run."""
    scripts = re.search(r"(?s)<script>.*</script>", document)[0]
    set_formulas(page, document.replace(scripts, "<i id=scripts></i>"))
    return "<!DOCTYPE html>\n" + page.evaluate("document.documentElement.outerHTML").replace(
        '<i id="scripts"></i>', scripts
    )


if __name__ == "__main__":
    main()
