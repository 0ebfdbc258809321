"""On paper: so many pages, nothing cut off, nothing pale or small, every formula set."""

import pytest
from looks import axe, beyond, look, missing, read

import handouts
from plans import path_of
from press import filled, formulas_in, html, press, print_pdf, set_formulas
from printed_pages import cores

NAMES = ["laws", *(path_of(page.number).stem for page in cores()), "predict"]
PAGES = {"laws": 2} | {path_of(page.number).stem: 1 for page in cores()}


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
    """Nine points at least, between the margins, and a contrast that survives grey."""
    assert paper[name] == {size: [] for size in handouts.SIZES}
    document = dict(handouts.documents())[name]
    for size in handouts.SIZES:
        pdf = printed(name, size)
        assert missing(pdf, document) == set()
        assert beyond(pdf) == []


def test_every_formula_is_set(paper, page):
    """As many as there are in the sources; each is drawn, and none is left as TeX."""
    documents = dict(handouts.documents())
    assert sum(len(formulas_in(each)) for each in documents.values()) > 150
    set_formulas(page, documents["laws"])
    drawn = page.locator("mjx-container > svg")
    assert drawn.count() == len(formulas_in(documents["laws"])) > 10
    assert all(box["width"] > 5 for box in (each.bounding_box() for each in drawn.all()))
    assert "$" not in page.inner_text("main")


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
        ('<p style="font-size: 8.5pt">tiny</p>', "small, 11"),
        ('<p style="color: #999">pale</p>', "color-contrast"),
        ('<p style="width: 800px">wide</p>', "outside, 800"),
        ("<p>$$" + "x_{100} + " * 30 + "y$$</p>", "outside"),
    ],
)
def test_what_is_small_pale_or_outside_is_found(page, body, complaint):
    """One slip each."""
    set_formulas(page, sheet(body))
    assert complaint in " ".join(look(page, "A4"))


def test_good_words_are_not_complained_of(page):
    """The same sheet, without a slip."""
    set_formulas(page, sheet("<p>Black, and large enough: $x$.</p>"))
    assert look(page, "A4") == []
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
