"""At the projector: by keyboard, from question to result, whole without a network."""

import re

import pytest
from looks import GLYPHS, PICTURES, TOUCH, axe, fine

import slides
from press import formulas_in
from printed_pages import FORMULA, asked_on_slides, cores, ending, question_of

NUMBERS = [page.number for page in cores()]
SIZE = {"width": 1280, "height": 720}
LEAST, FINE = 22, 13  # pixels: of letters, and of an index in a formula or a number in a picture
HERE = """() => {
    const slide = Reveal.getCurrentSlide(), all = [...slide.querySelectorAll(":scope > *")];
    const boxes = all.filter(e => !e.matches(".notes")).map(e => e.getBoundingClientRect());
    const small = [...slide.querySelectorAll(":scope > :not(.notes), :scope > :not(.notes) *")];
    const own = e => [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim());
    return {
        kind: slide.className.split(" ").find(c => ["asks", "shows"].includes(c)) || "",
        text: slide.innerText,
        notes: slide.querySelector(".notes").textContent,
        bottom: Math.max(...boxes.map(b => b.bottom)), top: Math.min(...boxes.map(b => b.top)),
        right: Math.max(...all.map(e => e.scrollWidth)),
        least: Math.min(...small.filter(e => !e.closest("svg") && own(e))
            .map(e => parseFloat(getComputedStyle(e).fontSize))),
        formulas: document.querySelectorAll("mjx-container > svg").length,
    };
}"""


@pytest.fixture(scope="module")
def window(page):
    """A window of a projector, and what it asks others for."""
    opened = page.context.browser.new_page(viewport=SIZE)
    opened.strangers = []
    opened.on("request", lambda request: opened.strangers.append(request.url))
    yield opened
    opened.close()


def opened(window, path, at: int) -> None:
    """Open a slide; without reveal's empty backdrop, behind which axe would judge no colour."""
    window.goto(f"{path.as_uri()}#/{at}")
    window.reload()
    window.wait_for_selector(".reveal.ready")
    window.evaluate("document.querySelector('.backgrounds').remove()")


def walk(window, path, letters) -> list[dict]:
    """Open slides, and go through them by the right arrow: what each of them is like."""
    window.strangers.clear()
    window.goto(path.as_uri())
    window.wait_for_selector(".reveal.ready")
    seen = []
    for _ in range(window.evaluate("Reveal.getTotalSlides()")):
        slide = window.query_selector("section.present")
        seen.append(window.evaluate(HERE) | {"touch": window.evaluate(TOUCH, slide)})
        small = [window.evaluate(each, slide) for each in (GLYPHS, PICTURES)]
        seen[-1]["fine"] = fine(*small, letters, FINE)
        window.keyboard.press("ArrowRight")
    assert window.evaluate("Reveal.isLastSlide()")
    return seen


def complaints(seen: list[dict], strangers: list[str]) -> list[str]:
    """Return what is wrong with slides that were walked through."""
    kinds = [each["kind"] for each in seen]
    found = [f"asks for {url[:60]}" for url in strangers if not url.startswith(("file:", "data:"))]
    if not 8 <= len(seen) <= 15:
        found.append(f"{len(seen)} slides")
    if kinds != ["", *["asks", "shows"] * (len(seen) // 2 - 1), ""]:
        found.append(f"question and result in disorder: {kinds}")
    for number, (one, after) in enumerate(zip(seen, [*seen[1:], seen[-1]], strict=True), 1):
        if one["bottom"] > SIZE["height"] or one["top"] < 0 or one["right"] > SIZE["width"]:
            found.append(f"slide {number} is cut off")
        found += [f"slide {number}: {each}" for each in (*one["touch"], *one["fine"])]
        if one["least"] < LEAST:
            found.append(f"slide {number} has letters of {one['least']} pixels")
        if one["kind"] == "asks" and lines(one["text"]) & lines(after["text"]):
            found.append(f"slide {number} shows its own result")
    return found


def lines(text: str) -> set[str]:
    """Return the lines of a slide that are more than its heading."""
    return {line.strip() for line in text.splitlines()[1:] if len(line.strip()) > 5}


@pytest.mark.parametrize("number", NUMBERS)
def test_slides_go_from_question_to_result_by_the_arrow_keys(decks, window, letters, number):
    """8 to 15, whole, large, in turns, with every formula; each has notes for who speaks."""
    seen = walk(window, decks[number], letters)
    assert complaints(seen, window.strangers) == []
    assert seen[0]["formulas"] == len(formulas_in(slides.deck(number)))
    asked = [each["notes"] for each in seen if each["kind"] == "asks"]
    assert all(len(notes.split("Expect:")[1]) > 60 for notes in asked)
    window.keyboard.press("ArrowLeft")
    assert window.evaluate(HERE)["kind"] == "shows"


@pytest.mark.parametrize("number", NUMBERS)
def test_no_formula_is_lost_between_a_page_and_its_slides(number):
    """Counted in the Markdown of the page, code left out, and in the slides."""
    end = ending(number)
    texts = [question_of(number), end["law"], end["mistakes"], *slides.slips(number)]
    for each in asked_on_slides(number):
        texts += [each.context, each.question, each.reading]
        texts += slides.nearest(each, slides.slips(number))
    written = sum(len(FORMULA.findall(re.sub(r"`[^`]*`", "", text))) for text in texts)
    assert len(formulas_in(slides.deck(number))) == written


def test_the_notes_open_beside_the_slides_and_go_along(decks, page):
    """S opens what the speaker sees, without a network; the arrow turns both."""
    browser = page.context.browser.new_context(viewport=SIZE)
    opened = browser.new_page()
    opened.goto(f"{decks['01'].as_uri()}#/1")
    opened.wait_for_selector(".reveal.ready")
    with browser.expect_page() as notes:
        opened.keyboard.press("s")
    notes.value.get_by_text("Wait half a minute. Expect:").wait_for()
    opened.keyboard.press("ArrowRight")
    notes.value.get_by_text("Who had something else?").wait_for()
    browser.close()


@pytest.mark.parametrize("at", [0, 1, 2, 7])
def test_slides_are_for_everybody(decks, window, at):
    """No complaint from axe-core, all its rules: of a title, a question, a result, a table."""
    opened(window, decks["02"], at)
    assert axe(window) == []


def test_no_slide_lets_a_long_result_out(decks):
    """What is printed has letters as large as its place allows, and none too small."""
    assert slides.size("short") == slides.LARGEST
    assert slides.size("\n".join(["x" * 120] * 15)) == slides.SMALLEST == LEAST
    assert slides.size("x" * 120) == slides.WRAPPED


# ---- each of these checks fails


MORE = '<section><p>x</p><aside class="notes"></aside></section>'
SPOILED = {
    "shows its own result": lambda text: re.sub(
        r'(?s)(<p class="write">Write your answer down\.</p>)(?=.*?<pre[^>]*>(.*?)</pre>)',
        r"<pre>\2</pre>\1",
        text,
        count=1,
    ),
    "in disorder": lambda text: text.replace('class="asks"', 'class="shows"', 1),
    "asks for": lambda text: text.replace(
        "<main", '<img src="https://example.org/x.png" alt="x"><main'
    ),
    "is cut off": lambda text: text.replace('class="write">', 'class="write">' + "on " * 900, 1),
    "overlap": lambda text: text.replace(
        'class="write">', 'class="write" style="margin-top: -80px">', 2
    ),
    "fine, ": lambda text: text.replace("<img ", '<img style="width: 200px !important" ', 1),
    "letters of": lambda text: text.replace('class="question"', 'style="font-size: 12px"', 1),
    "slides": lambda text: text.replace("<section>", MORE * 4 + "<section>", 1),
}


@pytest.mark.parametrize("slip", SPOILED)
def test_spoiled_slides_are_complained_of(decks, window, letters, tmp_path, slip):
    """One slip each, put into slides that are right."""
    path = tmp_path / "spoiled.html"
    text = decks["01"].read_text("utf-8")
    head, mark, scripts = text.partition("<script>")
    path.write_text(SPOILED[slip](head) + mark + scripts, "utf-8")
    assert slip in " ".join(complaints(walk(window, path, letters), window.strangers))


def test_axe_sees_a_pale_slide(decks, window):
    """So the rules were asked."""
    opened(window, decks["01"], 0)
    window.evaluate("document.querySelector('.write').style.color = '#bbb'")
    assert any("color-contrast" in each for each in axe(window))
