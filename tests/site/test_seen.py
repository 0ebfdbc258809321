"""The site in a browser: every page, in both themes, on a phone, without script, and searched."""

import looking
import nbformat
import pytest
import visiting
from visiting import Visit, complaints

import course_map
import site_words

WORDS = [
    (word, name)
    for table in ("search", "glossary")
    for name, found in site_words.WORDS[table].items()
    for word in found
]
FILES = {page.number: page.file.removesuffix(".ipynb") for page in course_map.pages()}


def formulas_of(name: str) -> int | None:
    """Count the formulas that a page's notebook has, if it is a notebook's."""
    path = course_map.minutes.NOTEBOOKS / name.replace(".html", ".ipynb").partition("/")[2]
    there = name.startswith("notebooks/")
    return looking.formulas_in(nbformat.read(path, as_version=4)) if there else None


def test_every_page_is_right_in_both_themes_and_on_a_phone(site, address):
    """Formulas set, as many as the source has; axe-core content; no sideways scroll."""
    names = [page.relative_to(site).as_posix() for page in looking.html_pages(site)]
    assert len(names) > 80
    assert visiting.against_all({f"{address}/{name}": formulas_of(name) for name in names}) == {}


def test_what_is_planted_is_seen(tmp_path, context):
    """Each look at a page can fail: a stranger, a bare formula, a picture without words."""
    (tmp_path / "page.html").write_text(
        "<html lang=en><title>t</title><main><h1>h</h1><img src='https://example.org/a.png'>"
        "<span class='math'>x</span>"
        "<article><mjx-container display=true style='display: block; width: 9px; overflow: auto'>"
        "wide</mjx-container></article><div style='width: 900px'>wide</div>"
        "<script>setTimeout(() => {"
        " document.querySelector('h1').style.marginTop = '600px' }, 300);"
        "throw Error('planted')</script></main></html>"
    )
    with visiting.served(tmp_path) as address, Visit(context, f"{address}/page.html") as visit:
        found = "\n".join(complaints(visit, 2))
    planted = [
        "example.org/a.png",
        "error: planted",
        "1 formulas are not",
        "the notebook has 2",
        "1 formulas are cut",
    ]
    for wanted in (*planted, "light: image-alt", "dark: image-alt", "moves by", "wider than"):
        assert wanted in found


WORDS.append(("dp * p * (1 - p)", "mistakes/diagonal_only"))  # a line of code, as it is


@pytest.mark.parametrize(("word", "name"), WORDS)
def test_a_search_offers_the_right_page_first(address, context, word, name):
    """No server has a part in it."""
    wanted = name if "/" in name else f"notebooks/{FILES[name]}"
    assert visiting.first_found(context, address, word) == wanted


def test_a_search_works_from_a_file(site, context):
    """A copy on a stick will do."""
    found = visiting.first_found(context, site.as_uri(), "einsum")
    assert found == "notebooks/03_batches_and_einsum"


WIDTHS = """() => {
    const ruler = document.querySelector("article").appendChild(document.createElement("div"));
    ruler.style = "position: absolute; width: 100ex";
    const ex = ruler.getBoundingClientRect().width / 100;
    return [...document.querySelectorAll("article :is(p, dd) > .math[style]")].map(math => {
        const lines = math.querySelector("mjx-container").getClientRects();
        return [parseFloat(math.style.getPropertyValue("--wide")),
                lines.length == 1 ? lines[0].width / ex : 0] }) }"""


@pytest.mark.parametrize("name", ["laws", "glossary", "notebooks/09b_yardstick"])
def test_the_place_that_is_kept_for_a_formula_is_as_wide_as_the_formula(context, address, name):
    """To a quarter, or to two letters: a line breaks early where it will break in the end."""
    with Visit(context, f"{address}/{name}.html") as visit:
        widths = [pair for pair in visit.page.evaluate(WIDTHS) if pair[1]]
    assert len(widths) > 10
    off = [pair for pair in widths if abs(pair[0] - pair[1]) > max(2.4, pair[1] / 4)]
    assert off == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_first_paint_is_in_the_theme_of_the_reader(address, chrome, theme):
    """Whatever comes of the theme's own script, which is not waited for."""
    context = chrome.new_context(color_scheme=theme)
    page = context.new_page()
    page.route("**/pydata-sphinx-theme.js*", lambda route: route.abort())
    page.goto(f"{address}/laws.html")
    assert page.evaluate("document.documentElement.dataset.theme") == theme
    context.close()


@pytest.mark.parametrize("width", [390, 1280])
def test_the_sign_beside_a_heading_takes_no_line(context, address, width):
    """It is seen under the mouse alone; the title of 09 is as long as its line."""
    with Visit(context, f"{address}/notebooks/09_floating_point.html") as visit:
        visit.page.set_viewport_size({"width": width, "height": 844})
        height = "document.querySelector('h1').getBoundingClientRect().height"
        before = visit.page.evaluate(height)
        visit.page.evaluate("document.querySelector('h1 .headerlink').remove()")
        assert visit.page.evaluate(height) == before


def test_a_page_can_be_read_without_script(address, chrome):
    """First paint waits for nobody: text, code, pictures and the way are there."""
    context = chrome.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/notebooks/01_one_row_jacobian.html")
    assert page.locator("article h1").is_visible()
    assert page.locator("article figure img").first.is_visible()
    assert page.locator("nav.course a").first.is_visible()
    context.close()
