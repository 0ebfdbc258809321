"""On paper: so many pages, nothing cut off, nothing pale or small, every formula set."""

import re
import subprocess
import sys

import pytest
from looks import axe, beyond, look, missing, read

import handouts
from plans import path_of
from press import HOST, filled, formulas_in, html, press, print_pdf, set_formulas
from printed_pages import FORMULA, ROOT, cores, predictions, question_of

NAMES = ["laws", *(path_of(page.number).stem for page in cores()), "predict"]
PAGES = {"laws": 2} | {path_of(page.number).stem: 1 for page in cores()}


PICTURE = (  # white, 2000 pixels wide
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='2000' height='1000'/%3E"
)
LARGE = f'<img alt="letters" style="width: 650px" src="{PICTURE}">'


def printed(name, size):
    return read(handouts.HANDOUTS / size.lower() / f"{name}.pdf")


def sheet(body: str) -> str:
    """Return a hand-out with these words on it."""
    return filled("laws.html", title="Mine", css=handouts.CSS, first=body, heading="", laws=[])


@pytest.mark.parametrize("size", handouts.SIZES)
def test_a_core_is_one_page_and_the_laws_are_one_sheet(paper, size):
    """Thirteen single pages, and two sides, on either paper."""
    assert list(paper) == NAMES
    assert {name: len(printed(name, size).pages) for name in PAGES} == PAGES
    assert len(printed("predict", size).pages) >= len(cores())


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_cut_off_small_or_pale(paper, name):
    """Nine points at least, 6.5 in pictures and of indices; contrast survives grey."""
    for size in handouts.SIZES:
        assert paper[name][size] == []
        pdf = printed(name, size)
        assert missing(pdf, paper[name]["html"]) == set()
        assert beyond(pdf) == []


def test_every_formula_is_set(paper, page):
    """As many as there are in the sources; each is drawn, and none is left as TeX."""
    wanted = {name: len(formulas_in(found["html"])) for name, found in paper.items()}
    assert {name: found["formulas"] for name, found in paper.items()} == wanted
    assert sum(wanted.values()) > 180
    set_formulas(page, paper["laws"]["html"])
    drawn = page.locator("mjx-container > svg")
    assert all(box["width"] > 5 for box in (each.bounding_box() for each in drawn.all()))
    assert "$" not in page.inner_text("main")


def test_no_formula_is_lost_between_a_page_and_its_predictions(paper):
    """Counted in the Markdown of the pages, code left out, and in the sheet that is printed."""
    texts = []
    for core in cores():
        texts += [question_of(core.number), handouts.discussed(core.number)]
        texts += [f"{each.context}\n\n{each.question}" for each in predictions(core.number)]
    written = sum(len(FORMULA.findall(re.sub(r"`[^`]*`", "", text))) for text in texts)
    assert len(formulas_in(paper["predict"]["html"])) == written > 100


def test_paper_asks_no_other_host(paper, page):
    """The one host is a folder of this machine."""
    assert any(url.startswith(HOST) for url in page.asked)
    assert [url for url in page.asked if not url.startswith((HOST, "data:", "file:"))] == []


@pytest.mark.parametrize("size", handouts.SIZES)
def test_a_sheet_of_predictions_says_whose_it_is(paper, size):
    """Sheets get mixed in a class: the page's number and the sheet's are at the foot."""
    feet = [page.extract_text() for page in printed("predict", size).pages]
    for at, foot in enumerate(feet, 1):
        assert re.match(rf"{at}\s*Predict and discuss · \d\d\n", foot)  # a PDF has it first


def test_predictions_keep_their_answers_to_themselves():
    """Room for each, no answer to *Discuss* in brackets."""
    assert "The map is not" not in handouts.discussed("01")
    for core in cores():
        asked = handouts.discussed(core.number)
        assert asked.count("- ") >= 2
        assert not any(line.endswith(")") for line in asked.splitlines())


# ---- each of these checks fails


@pytest.mark.parametrize("tex", [r"$\nosuchthing x$", r"$\frac{1}$"])
def test_a_formula_that_is_not_tex_is_refused(page, tex):
    """It would be printed in red, or as it stands."""
    with pytest.raises(ValueError, match="formulas are wanted"):
        set_formulas(page, sheet(html(f"A wrong one: {tex}.")))


def test_a_formula_that_mathjax_does_not_see_is_missed(page):
    """Here a tag stands in its middle."""
    with pytest.raises(ValueError, match="1 formulas are wanted, and 0 were set"):
        set_formulas(page, sheet("<p>$a <b>b</b> c$</p>"))


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ('<p style="font-size: 9pt">$a^{b^{c}}$</p>', "fine, 7.9: a^{b"),
        (f'<img alt="letters" style="width: 400px" src="{PICTURE}">', "fine, 5.6: letters"),
        ('<p>one</p><p style="margin-top: -20px">two</p>', "P and P overlap: one"),
        ('<p style="font-size: 8.5pt">tiny</p>', "small, 11"),
        ('<p style="color: #999">pale</p>', "color-contrast"),
        ('<p style="width: 800px">wide</p>', "outside, 802"),
        ("<p>$$" + "x_{100} + " * 30 + "y$$</p>", "outside"),
    ],
)
def test_what_is_small_pale_or_outside_is_found(page, body, complaint):
    """One slip each."""
    set_formulas(page, sheet(body))
    assert complaint in " ".join(look(page, "A4", {"letters": 10}))


def test_good_words_are_not_complained_of(page):
    """The same sheet, without a slip."""
    set_formulas(page, sheet(f"<p>Black, and large enough: $x_i$.</p>{LARGE}"))
    assert look(page, "A4", {"letters": 10}) == []
    assert axe(page) == []


def test_words_that_paper_lost_are_missed(page, tmp_path):
    """Hidden words are not printed; words far to the left are beyond the page."""
    lost = '<p style="display: none">hidden words</p>'
    set_formulas(page, sheet(lost + '<p style="margin-left: -900px; width: 9em">strays</p>'))
    print_pdf(page, tmp_path / "lost.pdf", "A4")
    pdf = read(tmp_path / "lost.pdf")
    assert {"hidden", "words"} <= missing(pdf, sheet(lost))


def test_a_sheet_that_is_too_long_has_a_page_more(page, tmp_path):
    """So the count of pages can fail."""
    set_formulas(page, sheet("<p>one more line</p>" * 60))
    print_pdf(page, tmp_path / "long.pdf", "Letter")
    assert len(read(tmp_path / "long.pdf").pages) == 3


def test_without_mathjax_the_press_says_what_brings_it(monkeypatch, tmp_path):
    """Somebody runs the tool by hand, without make."""
    monkeypatch.setattr("press.MODULES", tmp_path)
    with pytest.raises(FileNotFoundError, match=r"mathjax is wanted in .*; `make handouts`"):
        with press():
            pass


@pytest.mark.parametrize("tool", ["handouts", "slides", "whole_pages"])
def test_without_a_browser_a_line_says_what_to_install(tmp_path, tool):
    """No traceback, and nothing half done."""
    tried = subprocess.run(
        [sys.executable, ROOT / "tools" / f"{tool}.py"],
        env={"PATH": str(tmp_path), "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert tried.returncode == 1
    (line,) = tried.stderr.splitlines()
    assert line.startswith("Chromium or Chrome is needed, and neither is here; on Debian")
